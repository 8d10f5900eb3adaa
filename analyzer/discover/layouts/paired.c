#include "discover/layout.h"

/*
 * Tools that keep up and down in two files of one name: 42_add_users.up.sql, 42_add_users.down.sql.
 *
 *   golang-migrate  https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md
 *   sqlx            https://docs.rs/sqlx/latest/sqlx/macro.migrate.html
 *   pop             https://gobuffalo.io/documentation/database/migrations/
 *   rivermigrate    https://riverqueue.com/docs/migrations
 */

static uint32_t count_paired(const Root *root)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		FileName name = root->files[i].parsed;
		count += root->files[i].sql && *name.version && (name.up || name.down);
	}
	return count;
}

static bool any_mentions(const Root *root, const char *text)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (root->files[i].source && root->files[i].sql && source_mentions(root->files[i].source, text))
			return true;
	return false;
}

static bool mostly_paired(const Root *root)
{
	uint32_t paired = count_paired(root);
	return paired && paired * 2 >= count_sql(root);
}

static int detect_golang_migrate(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	if (!mostly_paired(root))
		return 0;
	*why = "files are called NUMBER_name.up.sql";
	return is_around(root, "go.mod") ? 75 : 60;
}

/* sqlx looks at the very start of the file. */
static bool says_no_transaction(const Source *source)
{
	static const char words[] = "-- no-transaction";
	uint32_t length = source->length - source->body;
	return length >= strlen(words) && memcmp(source->bytes + source->body, words, strlen(words)) == 0;
}

/* As `sqlx migrate add` names them. Other tools that do (Supabase, dbmate, Atlas) show by more than the names, and run each
 * file in a transaction, too. */
static bool all_timestamped(const Root *root)
{
	enum { FEWEST = 3, DIGITS = 14 };
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		if (!file->sql)
			continue;
		if (strlen(file->parsed.version) != DIGITS || file->parsed.up || file->parsed.down || strchr(file->relative, '/'))
			return false;
		count++;
	}
	return count >= FEWEST;
}

static int detect_sqlx(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (root->files[i].source && root->files[i].sql && says_no_transaction(root->files[i].source)) {
			*why = "a file starts with `-- no-transaction`";
			return 90;
		}
	bool rust = is_around(root, "Cargo.toml") || is_around(root, ".sqlx") || is_around(root, "sqlx-data.json") || is_around(root, "sqlx.toml");
	if (!rust && all_timestamped(root)) {
		*why = "files are called TIMESTAMP_name.sql";
		return 50;
	}
	if (!rust || !root->file_count)
		return 0;
	FileName first = parse_file_name(arena, root->files[0].name);
	if (!*first.version || strchr(root->files[0].relative, '/'))
		return 0;
	*why = "numbered files beside a Cargo.toml";
	return 80;
}

static int detect_pop(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	static const char *const uses[] = {"{{ index .Options", "{{index .Options", "{{ .Options", "{{.Options", "{{- index .Options"};
	bool reads = false;
	for (size_t i = 0; i < LENGTH(uses) && !reads; i++)
		reads = mostly_paired(root) && any_mentions(root, uses[i]);
	if (!reads)
		return 0;
	*why = "files are called NUMBER_name.up.sql and read .Options";
	return 85;
}

static int detect_river(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	if (!mostly_paired(root) || !any_mentions(root, "/* TEMPLATE: schema */"))
		return 0;
	*why = "files are called NUMBER_name.up.sql and say `/* TEMPLATE: schema */`";
	return 85;
}

/* --- Reading --------------------------------------------------------------------------------------------------------------- */

/*
 * The tools pair by version alone, so a down whose name was misspelt is still its up's. A second up (down) of a version is a
 * migration of its own: that clash is for a rule to tell.
 */
static Migration *find_pair(const Map *versions, const char *key, bool down)
{
	Migration *migration = map_get(versions, key, strlen(key));
	return migration && !(down ? migration->down : migration->up) ? migration : NULL;
}

typedef Wrapping (*WrappingOf)(const File *file);

/* 7_add_users_up.sql beside 6_users.up.sql: these tools want a dot, and never run it. */
static bool lacks_dot(const FileName *name)
{
	return !name->up && !name->down && (ends_with(name->name, "_up") || ends_with(name->name, "_down"));
}

static void read_pairs(const LayoutContext *context, WrappingOf wrapping)
{
	Map versions = {0};
	Arena *arena = context->arena;
	bool has_downs = false, paired = count_paired(context->root) > 0;
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || !file->sql)
			continue;
		FileName name = file->parsed;
		if (!*name.version) {
			add_verbose_note(context, file, "left out: no number in its name");
			continue;
		}
		if (paired && lacks_dot(&name)) {
			add_verbose_note(context, file, "left out: neither .up.sql nor .down.sql");
			continue;
		}
		/* The tools look into one folder only; who numbers folders, too, means them to come first. */
		const char *folder = file_folder(arena, file);
		const char *key = *folder ? arena_print(arena, "%s/%s", folder, name.version) : name.version;
		Migration *migration = find_pair(&versions, key, name.down);
		if (!migration) {
			migration = add_migration(context, key, name.name);
			map_set(arena, &versions, key, strlen(key), migration);
		}
		if (!name.down)
			migration->name = name.name;
		add_script(context, migration, file, name.down ? DIRECTION_DOWN : DIRECTION_UP, wrapping(file));
		has_downs |= name.up || name.down; /* sqlx's plain NUMBER_name.sql has no way back by design */
	}
	array_each(Migration *, item, &context->history->migrations)
		(*item)->down_expected = has_downs;
	sort_by_version(context->history);
}

static Wrapping wrap_never(const File *file UNUSED)
{
	return WRAPPING_NONE;
}

static Wrapping wrap_always(const File *file UNUSED)
{
	return WRAPPING_TRANSACTION;
}

static Wrapping wrap_unless_said(const File *file)
{
	return says_no_transaction(file->source) ? WRAPPING_NONE : WRAPPING_TRANSACTION;
}

static void read_golang_migrate(const LayoutContext *context)
{
	read_pairs(context, wrap_never);
}

static void read_sqlx(const LayoutContext *context)
{
	read_pairs(context, wrap_unless_said);
}

static void read_wrapped(const LayoutContext *context)
{
	read_pairs(context, wrap_always);
}

/* The file goes to the server as one simple query, which is a transaction when it has several statements. */
static void split_whole(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->whole_is_batch = true;
}

const Layout layout_golang_migrate = {
	.name = "golang-migrate", .title = "golang-migrate",
	.detect = detect_golang_migrate, .read = read_golang_migrate, .split_options = split_whole,
	.no_transaction = "alone in a migration: several statements in one file are one transaction",
	.has_downs = true,
};
const Layout layout_sqlx = {
	.name = "sqlx", .title = "sqlx",
	.detect = detect_sqlx, .read = read_sqlx, .split_options = split_whole,
	.no_transaction = "in a migration of its own that begins with `-- no-transaction`",
	.no_transaction_line = "-- no-transaction",
	.has_downs = true,
};
const Layout layout_pop = {
	.name = "pop", .title = "pop",
	.detect = detect_pop, .read = read_wrapped, .split_options = split_whole,
	.no_transaction = "by hand or by a script of its own: pop wraps every migration in a transaction",
	.has_downs = true,
};
const Layout layout_river = {
	.name = "river", .title = "River",
	.detect = detect_river, .read = read_wrapped, .split_options = split_whole,
	.no_transaction = "by hand, before the migration: River wraps every migration in a transaction",
	.has_downs = true,
};
