#include "discover/layout.h"

#include <ctype.h>

/*
 * Tools that keep a migration in a folder of its own.
 *
 *   diesel  2024-01-01-120000_name/up.sql, down.sql, metadata.toml   https://diesel.rs/guides/getting-started
 *   hasura  1700000000000_name/up.sql, down.sql                      https://hasura.io/docs/latest/migrations-metadata-seeds/
 *   prisma  20240101120000_name/migration.sql                        https://www.prisma.io/docs/orm/prisma-migrate
 */

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* How many files are called so, below the root and not in it. */
static uint32_t count_called(const Root *root, const char *name)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += same(root->files[i].name, name) && strchr(root->files[i].relative, '/');
	return count;
}

/* The folder of the first up.sql: what the migrations' names look like. */
static const char *first_folder(Arena *arena, const Root *root)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (same(root->files[i].name, "up.sql"))
			return last_part(file_folder(arena, &root->files[i]));
	return "";
}

static int detect_diesel(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	if (!count_called(root, "up.sql"))
		return 0;
	const char *folder = first_folder(arena, root);
	*why = "folders with up.sql and down.sql";
	if (count_called(root, "metadata.toml") || strstr(folder, "diesel_initial_setup") || is_around(root, "diesel.toml"))
		return 90;
	size_t digits = strspn(folder, "0123456789");
	if (digits == 4 && folder[4] == '-')
		return 85;
	return is_around(root, "Cargo.toml") ? 80 : 50;
}

static int detect_hasura(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	if (!count_called(root, "up.sql"))
		return 0;
	const char *folder = first_folder(arena, root);
	if (strspn(folder, "0123456789") != 13 || folder[13] != '_')
		return 0;
	*why = "folders called MILLISECONDS_name with up.sql";
	return 88;
}

static int detect_prisma(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	if (!count_called(root, "migration.sql"))
		return 0;
	*why = "folders with migration.sql";
	return find_file(root, "migration_lock.toml") ? 90 : 70;
}

/* --- Reading ----------------------------------------------------------------------------------------------------------------- */

typedef struct Unit {
	const char *folder;
	const File *up, *down, *metadata;
} Unit;

typedef struct Units {
	ARRAY(Unit) list;
} Units;

/* Files come sorted by path, so those of one folder are neighbours. */
static Units collect_units(const LayoutContext *context)
{
	Units units = {0};
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		const char *folder = file_folder(context->arena, file);
		bool up = same(file->name, "up.sql") || same(file->name, "migration.sql");
		bool down = same(file->name, "down.sql");
		bool metadata = same(file->name, "metadata.toml");
		if (!*folder || !(up || down || metadata)) {
			if (file->sql)
				add_verbose_note(context, file, "left out: not in a migration's folder");
			continue;
		}
		if (!units.list.count || !same(units.list.items[units.list.count - 1].folder, folder))
			array_push(context->arena, &units.list, (Unit){.folder = folder});
		Unit *unit = &units.list.items[units.list.count - 1];
		if (up)
			unit->up = file;
		else if (down)
			unit->down = file;
		else
			unit->metadata = file;
	}
	return units;
}

static bool sets_false(const Source *source, const char *key)
{
	const char *found = strstr(source->bytes, key);
	if (!found)
		return false;
	const char *value = found + strlen(key);
	value += strspn(value, " \t=");
	return starts_with(value, "false");
}

/* diesel sorts by what stands before the first '_', without the dashes. */
static const char *diesel_version(Arena *arena, const char *folder)
{
	size_t length = folder[strcspn(folder, "_")] ? strcspn(folder, "_") : strspn(folder, "0123456789-");
	char *version = arena_copy(arena, folder, length);
	char *out = version;
	for (const char *c = version; *c; c++)
		if (*c != '-')
			*out++ = *c;
	*out = '\0';
	return version;
}

static const char *digits_version(Arena *arena, const char *folder)
{
	return arena_copy(arena, folder, strspn(folder, "0123456789"));
}

static void add_unit(const LayoutContext *context, const Unit *unit, const char *version, Wrapping wrapping)
{
	const char *folder = last_part(unit->folder);
	const char *bar = strchr(folder, '_');
	Migration *migration = add_migration(context, version, bar ? bar + 1 : folder);
	migration->down_expected = context->history->layout->has_downs;
	if (unit->up && unit->up->source)
		add_script(context, migration, unit->up, DIRECTION_UP, wrapping);
	if (unit->down && unit->down->source)
		add_script(context, migration, unit->down, DIRECTION_DOWN, wrapping);
}

/* Neither dates nor anything else of Diesel's: who numbers folders 0-init, 1-names, 10-index means numbers. */
static bool is_diesels(Arena *arena, const Root *root)
{
	enum { DIGITS_OF_YEAR = 4 };
	return strspn(first_folder(arena, root), "0123456789") >= DIGITS_OF_YEAR || is_around(root, "Cargo.toml") ||
	       is_around(root, "diesel.toml") || count_called(root, "metadata.toml");
}

static void read_diesel(const LayoutContext *context)
{
	Units units = collect_units(context);
	array_each(Unit, unit, &units.list) {
		bool alone = unit->metadata && unit->metadata->source && sets_false(unit->metadata->source, "run_in_transaction");
		if (unit->up || unit->down)
			add_unit(context, unit, diesel_version(context->arena, last_part(unit->folder)),
				 alone ? WRAPPING_NONE : WRAPPING_TRANSACTION);
	}
	if (is_diesels(context->arena, context->root))
		sort_by_version_text(context->history);
	else
		sort_by_version(context->history);
}

static void read_hasura(const LayoutContext *context)
{
	Units units = collect_units(context);
	array_each(Unit, unit, &units.list)
		if (unit->up || unit->down)
			add_unit(context, unit, digits_version(context->arena, last_part(unit->folder)), WRAPPING_TRANSACTION);
	sort_by_version(context->history);
}

/* Prisma runs migrations in the byte order of their folders' names and sends each file as it is. */
static void read_prisma(const LayoutContext *context)
{
	Units units = collect_units(context);
	array_each(Unit, unit, &units.list) {
		if (unit->up)
			add_unit(context, unit, digits_version(context->arena, last_part(unit->folder)), WRAPPING_NONE);
	}
}

static void split_whole(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->whole_is_batch = true;
}

const Layout layout_diesel = {
	.name = "diesel", .title = "Diesel",
	.detect = detect_diesel, .read = read_diesel, .split_options = split_whole,
	.no_transaction = "alone in an up.sql; a metadata.toml beside it says `run_in_transaction = false`",
	.has_downs = true,
};
const Layout layout_hasura = {
	.name = "hasura", .title = "Hasura",
	.detect = detect_hasura, .read = read_hasura, .split_options = split_whole,
	.no_transaction = "by hand, then `hasura migrate apply --skip-execution`: Hasura wraps every migration",
	.has_downs = true,
};
const Layout layout_prisma = {
	.name = "prisma", .title = "Prisma",
	.detect = detect_prisma, .read = read_prisma, .split_options = split_whole,
	.no_transaction = "alone in a migration: several statements in one file are one transaction",
	.has_downs = false,
};
