#include "discover/roots.h"
#include "discover/layout.h"
#include "discover/layouts/flyway.h"

#include <ctype.h>
#include <stdio.h>

enum { HIGHEST_CLIMB = 12 };

static bool is_one_of(const char *name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_nocase(name, words[i]))
			return true;
	return false;
}

/* The folder above, as far as the project goes: not above the repository's root, nor above a configuration. */
static Folder *above(Tree *tree, Folder *folder)
{
	return folder_has(tree, folder, CONFIG_NAME) ? NULL : folder->parent;
}

/* Folders that hold migrations whatever their files are called. */
static bool is_migration_folder(const char *name)
{
	static const char *const words[] = {"migrations", "migration", "migrate", "changelog", "changelogs", "flyway", "drizzle"};
	size_t length = strlen(name);
	return is_one_of(name, words, LENGTH(words)) ||
	       (length > 10 && same_nocase(name + length - 10, "migrations"));
}

/* Folders above a migration's own folder: db/1.0/…, sql/2024/…. */
static bool is_collecting_folder(const char *name)
{
	static const char *const words[] = {"db", "database", "delta", "deltas", "patches", "schema", "sql", "updates",
					    "upgrade", "upgrades", "versions", "changes", "changesets", "ddl"};
	return is_migration_folder(name) || is_one_of(name, words, LENGTH(words));
}

/* Starts like a version or a number in a sequence: 001_tables, v1.2, 3.16, 2024. */
static bool is_group_name(const char *name)
{
	if ((*name == 'v' || *name == 'V') && isdigit((unsigned char)name[1]))
		return true;
	return isdigit((unsigned char)*name);
}

static bool is_seed_folder(const char *name)
{
	static const char *const words[] = {"seed", "seeds", "seeders", "seeding", "fixtures", "testdata", "test-data", "mocks", "mock"};
	return is_one_of(name, words, LENGTH(words));
}

/* V1__name.sql, U1__name.sql, R__name.sql, B1__name.sql */
static bool is_flyway_name(const char *name)
{
	const char *bar = strstr(name, "__");
	if (!bar || !strchr("VUBR", *name))
		return false;
	if (*name == 'R')
		return bar == name + 1;
	for (const char *c = name + 1; c < bar; c++)
		if (!isdigit((unsigned char)*c) && *c != '.' && *c != '_' && *c != '-')
			return false;
	return bar > name + 1;
}

static bool is_numbered_name(const char *name)
{
	if (!is_sql_name(name))
		return false;
	if (is_flyway_name(name) || ends_with(name, ".up.sql") || ends_with(name, ".down.sql"))
		return true;
	const char *digits = name + (*name == 'v' || *name == 'V');
	size_t count = strspn(digits, "0123456789");
	return count && !isalpha((unsigned char)digits[count]);
}

static bool has_file(Tree *tree, Folder *folder, bool (*matches)(const char *name))
{
	const Entries *entries = folder_entries(tree, folder);
	for (uint32_t i = 0; i < entries->count; i++)
		if (entries->items[i].kind == ENTRY_FILE && matches(entries->items[i].name))
			return true;
	return false;
}

/* A folder that is one migration: its files are called by direction only. */
static bool is_unit(Tree *tree, Folder *folder)
{
	static const char *const names[] = {"up.sql", "down.sql", "migration.sql"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (folder_entry(tree, folder, names[i]))
			return true;
	return false;
}

/* `deploy` beside `revert`, `up` beside `down`, `committed` with or without `current`: parts of one history. */
static bool is_part_folder(Tree *tree, Folder *folder)
{
	static const char *const pairs[][2] = {
		{"up", "down"}, {"deploy", "revert"}, {"deploy", "verify"}, {"do", "undo"}, {"committed", NULL},
		{"migrations", "rollbacks"}, {"migrations", "rollback"}, {"current", "committed"},
		{"init-scripts", "migrations"},
	};
	Folder *up = above(tree, folder);
	if (!up)
		return false;
	for (size_t i = 0; i < LENGTH(pairs); i++)
		for (int side = 0; side < 2; side++) {
			if (!same(folder->name, pairs[i][side]))
				continue;
			const char *other = pairs[i][!side];
			if (!other || folder_entry(tree, up, other))
				return true;
		}
	static const char *const downs[] = {"down", "downs", "undo", "revert", "rollback", "rollbacks"};
	return is_one_of(folder->name, downs, LENGTH(downs)) && has_file(tree, up, is_numbered_name);
}

/* What a history leads to, kept beside it. */
static bool is_result_name(const char *name)
{
	static const char *const names[] = {"latest.sql", "schema.sql", "structure.sql"};
	return is_one_of(name, names, LENGTH(names));
}

static bool is_number(const char *name)
{
	return *name && !name[strspn(name, "0123456789")];
}

/* …/migrations/oss/postgres/0/01_users.up.sql, …/postgres/1/01_names.up.sql: numbers beside each other, below migrations. */
static bool is_step_folder(Tree *tree, Folder *folder)
{
	Folder *up = is_number(folder->name) ? above(tree, folder) : NULL;
	if (!up)
		return false;
	int levels = 3;
	bool collected = false;
	for (Folder *at = up; at && levels-- && !collected; at = above(tree, at))
		collected = is_migration_folder(at->name);
	const Entries *entries = folder_entries(tree, up);
	for (uint32_t i = 0; i < entries->count && collected; i++) {
		const Entry *entry = &entries->items[i];
		if (entry->kind == ENTRY_FOLDER && !entry->link && is_number(entry->name) && !same(entry->name, folder->name))
			return has_file(tree, tree_child(tree, up, entry->name), is_numbered_name);
	}
	return false;
}

/* From a folder of numbered files upward through folders that only group them: migrations/3.16/0003##x.sql. */
static Folder *climb(Tree *tree, Folder *folder)
{
	Folder *root = folder;
	Folder *at = folder;
	while (above(tree, at) && (is_group_name(at->name) || is_part_folder(tree, at))) {
		bool part = is_part_folder(tree, at) || is_step_folder(tree, at);
		at = above(tree, at);
		if (part || is_collecting_folder(at->name) || has_file(tree, at, is_numbered_name) || has_file(tree, at, is_result_name))
			root = at;
	}
	return root;
}

/* locations=classpath:db/migration/common,classpath:db/migration/{vendor}: what is common, and one of the engines. */
static Folder *beside_common(Tree *tree, Folder *folder)
{
	static const char *const ours[] = {"postgres", "postgresql", "pg"};
	Folder *up = above(tree, folder);
	const Entry *common = up ? folder_entry(tree, up, "common") : NULL;
	if (!common || common->kind != ENTRY_FOLDER || !has_file(tree, tree_child(tree, up, "common"), is_flyway_name))
		return NULL;
	if (is_one_of(folder->name, ours, LENGTH(ours)))
		return up;
	for (size_t i = 0; same(folder->name, "common") && i < LENGTH(ours); i++) {
		const Entry *own = folder_entry(tree, up, ours[i]);
		if (own && own->kind == ENTRY_FOLDER && has_file(tree, tree_child(tree, up, ours[i]), is_flyway_name))
			return up;
	}
	return NULL;
}

/* Flyway looks into all folders below its location. */
static Folder *climb_flyway(Tree *tree, Folder *folder)
{
	Folder *root = folder;
	int levels = 4;
	for (Folder *at = above(tree, folder); at && levels--; at = above(tree, at))
		if (has_file(tree, at, is_flyway_name))
			root = at;
	return root;
}

static bool is_store(const char *name)
{
	return same(name, "main") || same(name, "common") || same(name, "state");
}

/* …/schema/main/delta/83/06_x.sql and …/schema/main/full_schemas/72/full.sql.postgres */
static Folder *synapse_root(Tree *tree, Folder *folder)
{
	Folder *up = above(tree, folder);
	if (up && is_store(folder->name) && (folder_entry(tree, folder, "delta") || folder_entry(tree, folder, "full_schemas")))
		return up;
	if (!up || !is_group_name(folder->name) || !(same(up->name, "delta") || same(up->name, "full_schemas")) || !up->parent)
		return NULL;
	Folder *store = up->parent;
	return is_store(store->name) && store->parent ? store->parent : store;
}

static bool holds(Tree *tree, Folder *folder, Carrier carrier)
{
	const Entries *entries = folder_entries(tree, folder);
	for (uint32_t i = 0; i < entries->count; i++)
		if (entries->items[i].kind == ENTRY_FILE && carrier_of(tree, folder, entries->items[i].name) == carrier)
			return true;
	return false;
}

static bool holds_tool_file(Tree *tree, Folder *folder)
{
	if (folder_entry(tree, folder, "sqitch.plan") || folder_entry(tree, folder, "migration_lock.toml") ||
	    folder_entry(tree, folder, "atlas.sum"))
		return true;
	const Entry *meta = folder_entry(tree, folder, "meta");
	return meta && meta->kind == ENTRY_FOLDER && folder_entry(tree, tree_child(tree, folder, "meta"), "_journal.json");
}

static const FolderMarks *marks_of(Tree *tree, Folder *folder)
{
	if (!folder->marks.known) {
		folder->marks.known = true;
		folder->marks.tool = holds_tool_file(tree, folder);
		folder->marks.changelog = holds(tree, folder, CARRIER_CHANGELOG);
	}
	return &folder->marks;
}

bool holds_changelog(Tree *tree, Folder *folder)
{
	return marks_of(tree, folder)->changelog;
}

/* What a tool writes beside its migrations names the root beyond doubt. */
static Folder *marked_root(Tree *tree, Folder *folder)
{
	Folder *changelog = NULL;
	int levels = HIGHEST_CLIMB;
	for (Folder *at = folder; at && levels--; at = above(tree, at)) {
		const FolderMarks *marks = marks_of(tree, at);
		if (marks->tool)
			return at;
		if (marks->changelog)
			changelog = at; /* the uppermost one includes the others */
	}
	return changelog;
}

/* Does a folder below, which only groups, have this one as its root? */
static bool collects(Tree *tree, Folder *folder)
{
	const Entries *entries = folder_entries(tree, folder);
	for (uint32_t i = 0; i < entries->count; i++) {
		const Entry *entry = &entries->items[i];
		if (entry->kind != ENTRY_FOLDER || entry->link || !is_group_name(entry->name))
			continue;
		Folder *child = tree_child(tree, folder, entry->name);
		if (is_unit(tree, child) || (has_file(tree, child, is_numbered_name) && climb(tree, child) == folder))
			return true;
	}
	return false;
}

/* SQL that tools without names for their files can still be told by. */
static bool has_formatted_sql(Tree *tree, Folder *folder)
{
	const Entries *entries = folder_entries(tree, folder);
	for (uint32_t i = 0; i < entries->count; i++) {
		const Entry *entry = &entries->items[i];
		if (entry->kind != ENTRY_FILE || !is_sql_name(entry->name))
			continue;
		size_t length;
		const char *error;
		ArenaMark mark = arena_mark(tree->arena);
		const char *text = file_read(tree->arena, path_join(tree->arena, folder->path, entry->name), &length, &error);
		const char words[] = "liquibase formatted sql";
		bool says = text && memmem(text, length < 200 ? length : 200, words, strlen(words));
		arena_reset(tree->arena, mark);
		return says;
	}
	return false;
}

static Folder *unit_root(Tree *tree, Folder *folder)
{
	Folder *up = above(tree, folder);
	if (up && (is_group_name(folder->name) || is_migration_folder(up->name)))
		return climb(tree, up);
	return folder;
}

/* A folder inside a root that has no numbering of its own: what the migrations include. */
static Folder *surrounding_root(Tree *tree, Folder *folder)
{
	int levels = 4;
	for (Folder *at = above(tree, folder); at && levels--; at = above(tree, at))
		if (has_file(tree, at, is_numbered_name) || is_unit(tree, at))
			return root_of(tree, at);
	return NULL;
}

static bool holds_version(Tree *tree, Folder *folder)
{
	return is_version_name(folder->name) && has_file(tree, folder, is_sql_name);
}

/* Versions side by side, each with files of any name that lead to it: versioned/v1.0/schema.sql, versioned/v1.1/queues.sql. */
static Folder *version_root(Tree *tree, Folder *folder)
{
	Folder *up = above(tree, folder);
	if (!up || !holds_version(tree, folder))
		return NULL;
	const Entries *entries = folder_entries(tree, up);
	uint32_t versions = 0;
	for (uint32_t i = 0; i < entries->count && versions < 2; i++)
		if (entries->items[i].kind == ENTRY_FOLDER && !entries->items[i].link && is_version_name(entries->items[i].name))
			versions += holds_version(tree, tree_child(tree, up, entries->items[i].name));
	return versions > 1 ? up : NULL;
}

static const char *flyway_location_root(Tree *tree, Folder *folder)
{
	const FlywaySettings flyway = flyway_settings(tree, tree->arena, folder);
	return flyway.locations.count ? flyway_root(tree->arena, &flyway, folder->path) : NULL;
}

static Folder *find_root(Tree *tree, Folder *folder)
{
	Folder *root = marked_root(tree, folder);
	if (root)
		return root;
	const char *location = flyway_home(tree, folder) ? flyway_location_root(tree, folder) : NULL;
	if (location)
		return tree_folder(tree, location);
	root = synapse_root(tree, folder);
	if (root)
		return root;
	if (is_seed_folder(folder->name))
		return surrounding_root(tree, folder);
	if (is_unit(tree, folder))
		return unit_root(tree, folder);
	if (has_file(tree, folder, is_flyway_name))
		return beside_common(tree, folder) ? beside_common(tree, folder) : climb_flyway(tree, climb(tree, folder));
	root = version_root(tree, folder);
	if (root)
		return root;
	if (has_file(tree, folder, is_numbered_name) || is_part_folder(tree, folder))
		return climb(tree, folder);
	if (collects(tree, folder) || folder_entry(tree, folder, "committed"))
		return folder;
	if (is_migration_folder(folder->name) && has_file(tree, folder, is_sql_name))
		return folder;
	if (has_formatted_sql(tree, folder) || holds(tree, folder, CARRIER_CODE))
		return folder;
	return surrounding_root(tree, folder);
}

Folder *root_of(Tree *tree, Folder *folder)
{
	if (!folder->home_known) {
		folder->home_known = true;
		folder->home = find_root(tree, folder);
	}
	return folder->home;
}
