#include "revision.h"

/*
 * What `alembic upgrade head --sql` and `alembic downgrade … --sql` print: one file with a comment line before each revision.
 * BEGIN and COMMIT stand once around all of it, or around each revision (transaction_per_migration); either way a revision
 * runs in a transaction, but for its autocommit blocks, which bring a COMMIT and a BEGIN of their own.
 *
 * https://alembic.sqlalchemy.org/en/latest/offline.html
 */

static const char up_marker[] = "Running upgrade", down_marker[] = "Running downgrade";

static int detect_alembic(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	uint32_t files = count_revisions(root);
	if (files) {
		*why = arena_print(arena, "%u Python files have a down_revision", files);
		return 91;
	}
	uint32_t count = count_marked(root, up_marker) + count_marked(root, down_marker);
	if (!count || count * 2 < count_sql(root))
		return 0;
	*why = "`-- Running upgrade` before each revision";
	return 95;
}

typedef struct Printed {
	const char *from, *to; /* "" for the base */
	bool down;
	Span header, body;
} Printed;

static const char *trim(Arena *arena, const char *start, const char *end)
{
	while (start < end && *start == ' ')
		start++;
	while (end > start && (end[-1] == ' ' || end[-1] == '\r'))
		end--;
	return arena_copy(arena, start, (size_t)(end - start));
}

/* `-- Running upgrade ae10 -> 27c6, add a column` */
static void read_header(Arena *arena, const Source *source, Printed *revision)
{
	const char *start = source->bytes + revision->header.start, *end = source->bytes + revision->header.end;
	const char *words = revision->down ? down_marker : up_marker;
	const char *at = (const char *)memmem(start, (size_t)(end - start), words, strlen(words));
	at = at ? at + strlen(words) : end;
	const char *arrow = memmem(at, (size_t)(end - at), "->", 2);
	const char *comma = arrow ? memchr(arrow, ',', (size_t)(end - arrow)) : NULL;
	revision->from = trim(arena, at, arrow ? arrow : end);
	revision->to = arrow ? trim(arena, arrow + 2, comma ? comma : end) : "";
}

/* The next header from `from` on; empty at the end. */
static Span next_header(Source *source, uint32_t from, bool *down)
{
	Span up = find_marker(source, up_marker, from), other = find_marker(source, down_marker, from);
	*down = other.end && (!up.end || other.start < up.start);
	return *down ? other : up;
}

static bool take_end(const Source *source, Span *span, const char *word)
{
	size_t length = strlen(word);
	while (span->end > span->start && strchr(" \t\r\n", source->bytes[span->end - 1]))
		span->end--;
	if (span->end - span->start < length || memcmp(source->bytes + span->end - length, word, length) != 0)
		return false;
	span->end -= (uint32_t)length;
	return true;
}

/* The BEGIN and COMMIT between revisions are the runner's, not the revision's. */
static void trim_runner(const Source *source, Span *span)
{
	while (take_end(source, span, "BEGIN;") || take_end(source, span, "COMMIT;"))
		;
}

static Migration *find_revision(const History *history, const char *version)
{
	array_each(Migration *, item, &history->migrations)
		if (same((*item)->version, version) && !(*item)->down)
			return *item;
	return NULL;
}

static void add_revision(const LayoutContext *context, const File *file, const Printed *revision, Wrapping wrapping)
{
	const char *version = revision->down ? revision->from : revision->to;
	Migration *migration = revision->down ? find_revision(context->history, version) : NULL;
	if (!migration)
		migration = add_migration(context, version, version);
	migration->down_expected = false; /* one print goes in one direction */
	Script *script = add_script(context, migration, file, revision->down ? DIRECTION_DOWN : DIRECTION_UP, wrapping);
	add_section(migration, script, revision->body);
}

/* What stands before the first revision makes alembic's own table. */
static void add_prelude(const LayoutContext *context, const File *file, Span prelude)
{
	Migration *migration = add_migration(context, "", "alembic_version");
	add_section(migration, add_script(context, migration, file, DIRECTION_BASELINE, WRAPPING_NONE), prelude);
}

static void read_printed(const LayoutContext *context, const File *file)
{
	Source *source = file->source;
	Printed revision = {0}, next = {0};
	revision.header = next_header(source, source->body, &revision.down);
	Span prelude = {source->body, revision.header.end ? revision.header.start : source->length};
	bool wraps = memmem(source->bytes, source->length, "BEGIN;", 6) != NULL;
	trim_runner(source, &prelude);
	if (starts_with(source->bytes + prelude.start, "BEGIN;"))
		prelude.start += (uint32_t)strlen("BEGIN;");
	if (prelude.end > prelude.start && memmem(source->bytes + prelude.start, prelude.end - prelude.start, "CREATE TABLE", 12))
		add_prelude(context, file, prelude);
	while (revision.header.end) {
		read_header(context->arena, source, &revision);
		next.header = next_header(source, revision.header.end, &next.down);
		revision.body = (Span){revision.header.end, next.header.end ? next.header.start : source->length};
		trim_runner(source, &revision.body);
		add_revision(context, file, &revision, wraps ? WRAPPING_TRANSACTION : WRAPPING_NONE);
		revision = next;
	}
}

static void read_alembic(const LayoutContext *context)
{
	if (read_revisions(context))
		return;
	for (uint32_t i = 0; i < context->root->file_count; i++)
		if (context->root->files[i].source && context->root->files[i].sql)
			read_printed(context, &context->root->files[i]);
}

const Layout layout_alembic = {
	.name = "alembic", .title = "Alembic",
	.detect = detect_alembic, .read = read_alembic,
	.no_transaction = "inside `with op.get_context().autocommit_block():`",
	.no_transaction_line = "-- with op.get_context().autocommit_block():",
	.has_downs = true,
};
