#include "changelog.h"

#include "base/files.h"
#include "discover/yaml.h"

enum { DEEPEST_INCLUDE = 64 };

bool is_changelog_name(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && strstr(name, "changelog") &&
	       (same(dot, ".yaml") || same(dot, ".yml") || same(dot, ".json") || same(dot, ".xml"));
}

static bool is_xml(const File *file)
{
	return ends_with(file->name, ".xml");
}

/* --- Which file is meant ------------------------------------------------------------------------------------------------------- */

/* "a/./b/../c" as "a/c": what Liquibase makes of a path before it compares. */
static const char *plain_path(Arena *arena, const char *folder, const char *name)
{
	char *absolute = path_absolute(arena, arena_print(arena, "/%s", folder), name[0] == '/' ? name + 1 : name);
	return absolute + 1;
}

/*
 * The search path begins somewhere above the root ("db/changelog/x.sql" for the root …/resources/db/changelog), so parts are
 * taken off the front until a file of the root is called so.
 */
static const char *found_path(Changelog *changelog, const File *from, const char *name, bool relative,
			      bool (*exists)(const Root *root, const char *path))
{
	Arena *arena = changelog->context->arena;
	const Root *root = changelog->context->root;
	if (starts_with(name, "classpath:"))
		name += strlen("classpath:");
	const char *beside = plain_path(arena, file_folder(arena, from), name);
	if (exists(root, beside))
		return beside;
	if (relative)
		return NULL;
	for (const char *rest = plain_path(arena, "", name); rest; rest = strchr(rest, '/'), rest = rest ? rest + 1 : NULL)
		if (exists(root, rest))
			return rest;
	return NULL;
}

static bool has_file(const Root *root, const char *path)
{
	return find_file(root, path) != NULL;
}

static bool has_folder(const Root *root, const char *path)
{
	size_t length = strlen(path);
	while (length && path[length - 1] == '/')
		length--;
	for (uint32_t i = 0; i < root->file_count; i++)
		if (strncmp(root->files[i].relative, path, length) == 0 && (!length || root->files[i].relative[length] == '/'))
			return true;
	return false;
}

/* --- Following --------------------------------------------------------------------------------------------------------------------- */

static void follow(Changelog *changelog, const File *file);

static void take(Changelog *changelog, const File *file, const Include *how)
{
	Arena *arena = changelog->context->arena;
	if (!how) {
		if (map_get(&changelog->seen, file->relative, strlen(file->relative)))
			return;
		map_set(arena, &changelog->seen, file->relative, strlen(file->relative), changelog);
	}
	if (!is_sql_name(file->name)) {
		follow(changelog, file);
		return;
	}
	Include include = how ? *how : (Include){0};
	include.file = file;
	array_push(arena, &changelog->includes, include);
}

void include_file(Changelog *changelog, const File *from, const char *name, bool relative)
{
	const char *path = found_path(changelog, from, name, relative, has_file);
	if (path)
		take(changelog, find_file(changelog->context->root, path), NULL);
	else
		changelog->missing++;
}

void include_sql(Changelog *changelog, const File *from, const char *name, bool relative, const Include *how)
{
	const char *path = found_path(changelog, from, name, relative, has_file);
	if (path && is_sql_name(path))
		take(changelog, find_file(changelog->context->root, path), how);
	else
		changelog->missing++;
}

/* includeAll runs a folder's files, and those below it, in the order of their names. */
void include_folder(Changelog *changelog, const File *from, const char *name, bool relative)
{
	const char *path = found_path(changelog, from, name, relative, has_folder);
	if (!path) {
		changelog->missing++;
		return;
	}
	size_t length = strlen(path);
	while (length && path[length - 1] == '/')
		length--;
	const Root *root = changelog->context->root;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		bool below = strncmp(file->relative, path, length) == 0 && (!length || file->relative[length] == '/');
		if (below && file != from && (is_sql_name(file->name) || is_changelog_name(file->name)))
			take(changelog, file, NULL);
	}
}

/* --- YAML and JSON --------------------------------------------------------------------------------------------------------------- */

static const char *text_of(const Node *map, const char *key)
{
	const Node *node = map && map->kind == NODE_MAP ? node_get(map, key) : NULL;
	return node && node->kind == NODE_TEXT ? node->text : NULL;
}

static bool says(const Node *map, const char *key, const char *value)
{
	const char *text = text_of(map, key);
	return text && same_nocase(text, value);
}

static const Node *child(const Node *map, const char *key)
{
	return map && map->kind == NODE_MAP ? node_get(map, key) : NULL;
}

static void read_change(Changelog *changelog, const File *from, const Node *change, const Include *how)
{
	const Node *sql = child(change, "sqlFile");
	const char *path = text_of(sql, "path");
	if (!path) {
		changelog->other_changes++;
		return;
	}
	Include include = *how;
	include.whole = says(sql, "splitStatements", "false");
	include_sql(changelog, from, path, says(sql, "relativeToChangelogFile", "true"), &include);
}

static void read_change_set(Changelog *changelog, const File *from, const Node *set)
{
	const char *author = text_of(set, "author"), *id = text_of(set, "id");
	Include how = {.alone = says(set, "runInTransaction", "false")};
	how.id = arena_print(changelog->context->arena, "%s:%s", author ? author : "", id ? id : "");
	const Node *changes = child(set, "changes");
	for (uint32_t i = 0; changes && changes->kind == NODE_LIST && i < changes->items.count; i++)
		read_change(changelog, from, changes->items.items[i], &how);
}

static void read_entry(Changelog *changelog, const File *from, const Node *entry)
{
	const Node *include = child(entry, "include"), *all = child(entry, "includeAll");
	if (text_of(include, "file"))
		include_file(changelog, from, text_of(include, "file"), says(include, "relativeToChangelogFile", "true"));
	else if (text_of(all, "path"))
		include_folder(changelog, from, text_of(all, "path"), says(all, "relativeToChangelogFile", "true"));
	else if (child(entry, "changeSet"))
		read_change_set(changelog, from, child(entry, "changeSet"));
}

static void read_yaml_changelog(Changelog *changelog, const File *file)
{
	Arena *arena = changelog->context->arena;
	ConfigErrors errors = {0};
	const Source *source = file->source;
	const Node *document = yaml_read(arena, source->path, source->bytes + source->body, source->length - source->body, &errors);
	array_each(ConfigError, error, &errors)
		add_note(changelog->context, file, error->line, "the changelog cannot be read: %s", error->message);
	const Node *list = child(document, "databaseChangeLog");
	for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->items.count; i++)
		read_entry(changelog, file, list->items.items[i]);
}

/* A changelog that was seen is not followed again, so a circle of includes ends. */
static void follow(Changelog *changelog, const File *file)
{
	if (!file->source)
		return;
	if (changelog->depth == DEEPEST_INCLUDE) {
		add_note(changelog->context, file, 0, "left out: changelogs include each other more than %d levels deep", DEEPEST_INCLUDE);
		return;
	}
	changelog->depth++;
	if (is_xml(file))
		read_xml_changelog(changelog, file);
	else
		read_yaml_changelog(changelog, file);
	changelog->depth--;
}

static uint32_t depth_of(const char *path)
{
	uint32_t depth = 0;
	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

/* The master: the one that says so in its name, else the uppermost. */
static const File *find_master(const Root *root)
{
	const File *master = NULL;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		if (!is_changelog_name(file->name))
			continue;
		bool named = strstr(file->name, "master") || strstr(file->name, "root");
		bool master_named = master && (strstr(master->name, "master") || strstr(master->name, "root"));
		if (!master || (named && !master_named) ||
		    (named == master_named && depth_of(file->relative) < depth_of(master->relative)))
			master = file;
	}
	return master;
}

bool read_changelogs(Changelog *changelog)
{
	const File *master = find_master(changelog->context->root);
	if (!master)
		return false;
	take(changelog, master, NULL);
	return changelog->includes.count > 0;
}
