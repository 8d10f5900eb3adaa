#include "discover/tree.h"
#include "discover/layout.h"

#include <ctype.h>

/*
 * Files that are no SQL and yet hold migrations: Liquibase's changelogs, Alembic's revisions, the migrations that other tools
 * keep in the project's own language. A name makes them possible, what is in them makes them certain.
 */

static const char *ending_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot ? dot : "";
}

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_nocase(text, words[i]))
			return true;
	return false;
}

bool is_changelog_name(const char *name)
{
	static const char *const endings[] = {".xml", ".yaml", ".yml", ".json"};
	return is_one_of(ending_of(name), endings, LENGTH(endings));
}

static bool may_be_changelog(const char *folder, const char *name)
{
	static const char *const words[] = {"changelog", "liquibase", "migration", "changeset"};
	if (!is_changelog_name(name))
		return false;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (strcasestr(name, words[i]) || (strcasestr(folder, words[i]) && !ends_with(name, ".json")))
			return true;
	return false;
}

static bool is_migration_folder(const char *name)
{
	static const char *const words[] = {"migrate", "migration", "migrations", "versions"};
	size_t length = strlen(name);
	return is_one_of(name, words, LENGTH(words)) || (length > 10 && same_nocase(name + length - 10, "migrations"));
}

/* 20240101120000_users.ts, 1700000000000-Users.js, Users1700000000000.ts */
static bool is_dated(const char *name)
{
	enum { DIGITS_OF_A_DATE = 8 };
	if (isdigit((unsigned char)*name))
		return true;
	for (; *name; name++) {
		size_t digits = strspn(name, "0123456789");
		if (digits >= DIGITS_OF_A_DATE)
			return true;
		name += digits ? digits - 1 : 0;
	}
	return false;
}

/* What a file of that ending says when it is a migration. */
static const struct Mark {
	const char *ending, *words;
} marks[] = {
	{".py", "down_revision"},
	{".ts", "queryRunner.query"}, {".ts", ".raw("}, {".ts", "sequelize.query("}, {".ts", "pgm.sql("},
	{".js", "queryRunner.query"}, {".js", ".raw("}, {".js", "sequelize.query("}, {".js", "pgm.sql("},
	{".mjs", ".raw("}, {".mjs", "pgm.sql("}, {".cjs", ".raw("}, {".cjs", "sequelize.query("}, {".cjs", "pgm.sql("},
	{".rb", "ActiveRecord::Migration"},
	{".exs", "Ecto.Migration"}, {".ex", "Ecto.Migration"},
	{".cs", "MigrationBuilder"},
	{".go", ".Exec("}, {".go", ".ExecContext("},
};

static bool may_be_code(const char *folder, const char *name)
{
	const char *ending = ending_of(name);
	bool known = false;
	for (size_t i = 0; i < LENGTH(marks) && !known; i++)
		known = same(marks[i].ending, ending);
	if (!known || !is_migration_folder(folder) || ends_with(name, ".d.ts") || ends_with(name, ".Designer.cs") ||
	    ends_with(name, "_test.go") || ends_with(name, ".spec.ts") || ends_with(name, ".test.ts"))
		return false;
	/* Alembic calls its files as it likes. */
	return same(ending, ".py") ? name[0] != '_' : is_dated(name);
}

Carrier carrier_by_name(const char *folder, const char *name)
{
	if (is_sql_name(name)) /* most are */
		return CARRIER_NONE;
	if (may_be_changelog(folder, name))
		return CARRIER_CHANGELOG;
	return may_be_code(folder, name) ? CARRIER_CODE : CARRIER_NONE;
}

bool is_carrier_name(const char *name)
{
	bool known = is_changelog_name(name);
	for (size_t i = 0; i < LENGTH(marks) && !known; i++)
		known = same(marks[i].ending, ending_of(name));
	return known;
}

static bool says(const char *text, size_t length, const char *words)
{
	return memmem(text, length, words, strlen(words)) != NULL;
}

static Carrier look_into(Tree *tree, Carrier by_name, const char *path)
{
	size_t length;
	const char *error;
	ArenaMark mark = arena_mark(tree->arena);
	const char *text = tree_read(tree, tree->arena, path, &length, &error);
	Carrier found = CARRIER_NONE;
	if (text && by_name == CARRIER_CHANGELOG && says(text, length, "databaseChangeLog"))
		found = CARRIER_CHANGELOG;
	for (size_t i = 0; text && by_name == CARRIER_CODE && i < LENGTH(marks); i++)
		if (same(marks[i].ending, ending_of(path)) && says(text, length, marks[i].words))
			found = CARRIER_CODE;
	arena_reset(tree->arena, mark);
	return found;
}

Carrier carrier_of(Tree *tree, const Folder *folder, const char *name)
{
	Carrier by_name = carrier_by_name(folder->name, name);
	if (by_name == CARRIER_NONE)
		return CARRIER_NONE;
	const char *path = path_join(tree->arena, folder->path, name);
	const Carrier *known = map_get(&tree->carriers, path, strlen(path));
	if (known)
		return *known;
	Carrier found = look_into(tree, by_name, path);
	Carrier *kept = new (tree->arena, Carrier);
	*kept = found;
	map_set(tree->arena, &tree->carriers, path, strlen(path), kept);
	return found;
}
