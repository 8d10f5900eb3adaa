#include "changelog.h"

#include "base/files.h"

enum { DEEPEST_INCLUDE = 64 };

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

const File *changelog_sql_file(Changelog *changelog, const File *from, const char *name, bool relative)
{
	const char *path = found_path(changelog, from, name, relative, has_file);
	const File *file = path ? find_file(changelog->context->root, path) : NULL;
	return file && file->source && file->sql ? file : NULL;
}

bool is_for_postgresql(Text dbms)
{
	if (!dbms.length || text_is_nocase(dbms, "all"))
		return true;
	bool named = memmem(dbms.data, dbms.length, "postgresql", strlen("postgresql")) != NULL;
	bool excluded = memmem(dbms.data, dbms.length, "!postgresql", strlen("!postgresql")) != NULL;
	bool excludes = memchr(dbms.data, '!', dbms.length) != NULL;
	return excluded ? false : named || excludes;
}

/* --- Following ------------------------------------------------------------------------------------------------------------------ */

static void follow(Changelog *changelog, const File *file);

static void take(Changelog *changelog, const File *file)
{
	Arena *arena = changelog->context->arena;
	if (!file->source || map_get(&changelog->seen, file->relative, strlen(file->relative)))
		return;
	map_set(arena, &changelog->seen, file->relative, strlen(file->relative), changelog);
	if (file->sql)
		read_included_sql(changelog->context, file);
	else
		follow(changelog, file);
}

static void include_file(Changelog *changelog, const File *from, const Element *include)
{
	const char *name = element_value(include, "file");
	const char *path = name ? found_path(changelog, from, name, element_says(include, "relativeToChangelogFile", "true"), has_file) : NULL;
	if (path)
		take(changelog, find_file(changelog->context->root, path));
	else if (name)
		add_verbose_note(changelog->context, from, "\"%s\" is included, and not among the files of %s", name,
				 changelog->context->root->shown);
}

/* includeAll runs a folder's files, and those below it, in the order of their names. */
static void include_folder(Changelog *changelog, const File *from, const Element *include)
{
	const char *name = element_value(include, "path");
	const char *path = name ? found_path(changelog, from, name, element_says(include, "relativeToChangelogFile", "true"), has_folder) : NULL;
	if (!path) {
		if (name)
			add_verbose_note(changelog->context, from, "\"%s\" is included, and no folder of %s", name,
					 changelog->context->root->shown);
		return;
	}
	size_t length = strlen(path);
	while (length && path[length - 1] == '/')
		length--;
	const Root *root = changelog->context->root;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		bool below = strncmp(file->relative, path, length) == 0 && (!length || file->relative[length] == '/');
		if (below && file != from && (file->sql || is_changelog_name(file->name)))
			take(changelog, file);
	}
}

static void read_property(Changelog *changelog, const Element *property)
{
	const char *name = element_value(property, "name"), *value = element_value(property, "value");
	const char *dbms = element_value(property, "dbms");
	Text engines = {dbms, dbms ? strlen(dbms) : 0};
	if (name && value && is_for_postgresql(engines))
		array_push(changelog->context->arena, &changelog->context->history->placeholders, (Placeholder){name, value});
}

static void read_entry(Changelog *changelog, const File *from, const Element *entry)
{
	if (same(entry->name, "include"))
		include_file(changelog, from, entry);
	else if (same(entry->name, "includeAll"))
		include_folder(changelog, from, entry);
	else if (same(entry->name, "property"))
		read_property(changelog, entry);
	else if (same(entry->name, "changeSet"))
		read_change_set(changelog, from, entry);
}

/* A changelog that was seen is not followed again, so a circle of includes ends. */
static void follow(Changelog *changelog, const File *file)
{
	if (changelog->depth == DEEPEST_INCLUDE) {
		add_note(changelog->context, file, 0, "left out: changelogs include each other more than %d levels deep", DEEPEST_INCLUDE);
		return;
	}
	const Element *root = is_xml(file) ? element_read_xml(changelog->context, file) : element_read_yaml(changelog->context, file);
	changelog->depth++;
	for (uint32_t i = 0; root && i < root->children.count; i++)
		read_entry(changelog, file, root->children.items[i]);
	changelog->depth--;
}

/* --- Where to begin --------------------------------------------------------------------------------------------------------------- */

static uint32_t depth_of(const char *path)
{
	uint32_t depth = 0;
	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static bool is_master_name(const char *name)
{
	return strstr(name, "master") || strstr(name, "root");
}

static bool is_changelog(const File *file)
{
	return is_changelog_name(file->name) && file->source && source_mentions(file->source, "databaseChangeLog");
}

/* Does another changelog of the root speak of the file by its name? */
static bool is_spoken_of(const Root *root, const File *file)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (&root->files[i] != file && is_changelog(&root->files[i]) && source_mentions(root->files[i].source, file->name))
			return true;
	return false;
}

/* The master: the one that says so in its name, else the uppermost that no other includes. */
static const File *find_master(const Root *root)
{
	const File *master = NULL;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		if (!is_changelog(file))
			continue;
		bool named = is_master_name(file->name), master_named = master && is_master_name(master->name);
		bool better = !master || (named && !master_named);
		if (!better && named == master_named && depth_of(file->relative) <= depth_of(master->relative))
			better = depth_of(file->relative) < depth_of(master->relative) ||
				 (is_spoken_of(root, master) && !is_spoken_of(root, file));
		if (better)
			master = file;
	}
	return master;
}

bool read_changelogs(Changelog *changelog)
{
	const Root *root = changelog->context->root;
	const File *master = find_master(root);
	if (!master)
		return false;
	take(changelog, master);
	for (uint32_t i = 0; i < root->file_count; i++)
		if (is_changelog(&root->files[i]) && !map_get(&changelog->seen, root->files[i].relative, strlen(root->files[i].relative)))
			add_verbose_note(changelog->context, &root->files[i], "left out: %s does not include it", master->relative);
	return changelog->context->history->migrations.count > 0;
}
