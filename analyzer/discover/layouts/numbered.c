#include "discover/layout.h"

/*
 * Tools that run numbered files upward only, each in a transaction.
 *
 *   supabase          supabase/migrations/20240101120000_name.sql     https://supabase.com/docs/guides/deployment/database-migrations
 *   graphile-migrate  committed/000001.sql, current.sql or current/   https://github.com/graphile/migrate
 *   atlas             20240101120000_name.sql and atlas.sum           https://atlasgo.io/concepts/migration-directory-integrity
 *   bytebase          3.16/0003##name.sql, its own metadata store
 *   refinery          V1__name.sql, U2__name.sql in a Rust project      https://docs.rs/refinery/latest/refinery/
 */

static int detect_supabase(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	if (!ends_with(root->path, "/supabase/migrations"))
		return 0;
	*why = "the folder supabase/migrations";
	return 93;
}

static void read_supabase(const LayoutContext *context)
{
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || !file->sql)
			continue;
		FileName name = file->parsed;
		if (!*name.version) {
			add_verbose_note(context, file, "left out: not called VERSION_name.sql");
			continue;
		}
		add_script(context, add_migration(context, name.version, name.name), file, DIRECTION_UP, WRAPPING_TRANSACTION);
	}
	sort_by_version_text(context->history);
}

static int detect_graphile(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (starts_with(root->files[i].relative, "committed/") && root->files[i].sql) {
			*why = "the folder committed";
			return 93;
		}
	return 0;
}

static void read_graphile(const LayoutContext *context)
{
	/* Sorted by path, committed/ comes before current/ and current.sql. */
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		bool committed = starts_with(file->relative, "committed/");
		bool current = starts_with(file->relative, "current/") || same(file->relative, "current.sql");
		if (!file->source || !file->sql)
			continue;
		if (!committed && !current) {
			add_verbose_note(context, file, "left out: neither committed nor current");
			continue;
		}
		FileName name = file->parsed;
		Span alone = find_marker(file->source, "! no-transaction", 0);
		Migration *migration = add_migration(context, current ? file->name : name.version, name.name);
		add_script(context, migration, file, DIRECTION_UP, alone.end > alone.start ? WRAPPING_NONE : WRAPPING_TRANSACTION);
	}
}

static int detect_bytebase(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += strstr(root->files[i].name, "##") != NULL;
	if (!count || count * 2 < count_sql(root))
		return 0;
	*why = "files are called NUMBER##name.sql";
	return 93;
}

static void read_bytebase(const LayoutContext *context)
{
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || !file->sql)
			continue;
		FileName name = file->parsed;
		if (!strstr(file->name, "##")) {
			add_verbose_note(context, file, "left out: the schema that the migrations lead to");
			continue;
		}
		const char *folder = file_folder(context->arena, file);
		const char *version = *folder ? arena_print(context->arena, "%s/%s", folder, name.version) : name.version;
		add_script(context, add_migration(context, version, name.name), file, DIRECTION_UP, WRAPPING_TRANSACTION);
	}
	sort_by_version(context->history);
}

/*
 * Atlas also plans migrations for other tools, which run them: NUMBER_name.up.sql and .down.sql, V1__name.sql. Those that cut a file
 * into sections show by their words. https://atlasgo.io/faq/migrations-with-golang
 */
static bool is_for_another_tool(const Root *root)
{
	uint32_t others = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		others += file->sql && (file->parsed.up || file->parsed.down || (strchr("VUR", *file->name) && strstr(file->name, "__")));
	}
	return others * 2 > count_sql(root);
}

static int detect_atlas(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	if (!find_file(root, "atlas.sum"))
		return 0;
	*why = "atlas.sum";
	return is_for_another_tool(root) ? 40 : 94;
}

/* A checkpoint stands for what comes before it; a new database starts from the newest one. */
static const File *newest_checkpoint(const Root *root)
{
	const File *newest = NULL;
	for (uint32_t i = 0; i < root->file_count; i++)
		if (root->files[i].source && find_marker(root->files[i].source, "atlas:checkpoint", 0).end)
			newest = &root->files[i];
	return newest;
}

static void read_atlas(const LayoutContext *context)
{
	const File *checkpoint = newest_checkpoint(context->root);
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || !file->sql || strchr(file->relative, '/'))
			continue;
		if (checkpoint && file < checkpoint) {
			add_verbose_note(context, file, "left out: the checkpoint %s stands for it", checkpoint->name);
			continue;
		}
		FileName name = file->parsed;
		bool alone = find_marker(file->source, "atlas:txmode none", 0).end != 0;
		add_script(context, add_migration(context, name.version, name.name), file,
			   file == checkpoint ? DIRECTION_BASELINE : DIRECTION_UP, alone ? WRAPPING_NONE : WRAPPING_TRANSACTION);
	}
	sort_by_version_text(context->history);
}

/* "1" of V1__name.sql and of U1__name.sql, which is no undo here: it may run late. */
static const char *refinery_version(Arena *arena, const File *file)
{
	size_t digits = strspn(file->name + 1, "0123456789");
	bool named = (*file->name == 'V' || *file->name == 'U') && digits && starts_with(file->name + 1 + digits, "__");
	return named && file->sql ? arena_copy(arena, file->name + 1, digits) : NULL;
}

static int detect_refinery(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	static const char *const flyways[] = {"flyway.toml", "flyway.conf", "pom.xml", "build.gradle", "build.gradle.kts"};
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += refinery_version(arena, &root->files[i]) != NULL;
	if (!count || count * 2 < count_sql(root) || !is_around(root, "Cargo.toml"))
		return 0;
	for (size_t i = 0; i < LENGTH(flyways); i++)
		if (is_around(root, flyways[i]))
			return 0;
	*why = "files are called V1__name.sql beside a Cargo.toml";
	return 94;
}

static void read_refinery(const LayoutContext *context)
{
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || !file->sql)
			continue;
		const char *version = refinery_version(context->arena, file);
		if (!version) {
			add_verbose_note(context, file, "left out: not called V1__name.sql or U1__name.sql");
			continue;
		}
		const char *name = file->parsed.stem + 1 + strlen(version) + strlen("__");
		add_script(context, add_migration(context, version, name), file, DIRECTION_UP, WRAPPING_TRANSACTION);
		context->history->runs_older |= *file->name == 'U';
	}
	sort_by_version(context->history);
}

static void split_whole(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->whole_is_batch = true;
}

const Layout layout_supabase = {
	.name = "supabase", .title = "Supabase CLI",
	.detect = detect_supabase, .read = read_supabase, .split_options = split_whole,
	.no_transaction = "by hand, then `supabase migration repair --status applied VERSION`: each file is one transaction",
};
const Layout layout_graphile_migrate = {
	.name = "graphile-migrate", .title = "Graphile Migrate",
	.detect = detect_graphile, .read = read_graphile, .split_options = split_whole,
	.no_transaction = "in a migration of its own that begins with `--! no-transaction`",
	.no_transaction_line = "--! no-transaction",
};
const Layout layout_bytebase = {
	.name = "bytebase", .title = "Bytebase migrator",
	.detect = detect_bytebase, .read = read_bytebase, .split_options = split_whole,
	.no_transaction = "outside the migrator, which wraps every file in a transaction",
};
const Layout layout_atlas = {
	.name = "atlas", .title = "Atlas",
	.detect = detect_atlas, .read = read_atlas,
	.no_transaction = "in a file of its own that begins with `-- atlas:txmode none` and an empty line",
	.no_transaction_line = "-- atlas:txmode none",
};
const Layout layout_refinery = {
	.name = "refinery", .title = "refinery",
	.detect = detect_refinery, .read = read_refinery, .split_options = split_whole,
	.no_transaction = "by hand, before the migration: refinery wraps every migration in a transaction",
};
