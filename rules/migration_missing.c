/* The file that says what the database looks like changed, and no migration makes it so. */
#include "base/files.h"
#include "judge/rule.h"

static const RuleOptionInfo migration_missing_options[] = {
	{"files", "schema.prisma\nstructure.sql\nschema.sql\nschema.rb", "globs of files that say what the database looks like: schemas, models"},
	{0},
};

static bool adds_migration(const History *history)
{
	array_each (Migration *const, migration, &history->migrations) {
		const Script *up = (*migration)->up;
		if (!(*migration)->before && up && (up->direction == DIRECTION_UP || up->direction == DIRECTION_REPEATABLE))
			return true;
	}
	return false;
}

/* The file speaks of this history: it lies in the folder of the migrations, or in one of the two above it. */
static bool is_near(const Context *context, const char *path)
{
	const char *cwd = working_folder(context->arena);
	const char *folder = path_parent(context->arena, path), *root = path_absolute(context->arena, cwd, context->history->root);
	const char *below = path_below(folder, root);
	uint32_t steps = below && *below ? 1 : 0;
	for (const char *c = below; c && *c; c++)
		steps += *c == '/';
	return below && steps <= 2;
}

/* Where the next line begins that says something; the end when there is none. */
static const char *next_words(const char *at, const char *end)
{
	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		const char *first = at + strspn(at, " \t\r");
		bool comment = first < end && (starts_with(first, "//") || starts_with(first, "--") || *first == '#');
		if (!comment && first < (line_end ? line_end : end))
			return first;
		at = line_end ? line_end + 1 : end;
	}
	return end;
}

/* Only comments and blank lines differ. */
static bool says_the_same(const FileChange *change)
{
	const char *before = change->before.data, *after = change->after.data;
	if (!before || !after)
		return false;
	const char *before_end = before + change->before.length, *after_end = after + change->after.length;
	for (;;) {
		before = next_words(before, before_end);
		after = next_words(after, after_end);
		if (before == before_end || after == after_end)
			return before == before_end && after == after_end;
		size_t length = strcspn(before, "\r\n");
		if (length != strcspn(after, "\r\n") || memcmp(before, after, length) != 0)
			return false;
		before += length;
		after += length;
	}
}

HISTORY_RULE(migration_missing,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "the schema file changed, and no migration came along",
	.why      = "Code is built against the schema file, databases are changed by migrations only: with the next deploy the two "
		    "disagree.",
	.instead  = "Let the migration tool make the migration, and commit it in the same branch.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0",
	.options  = migration_missing_options)
{
	const History *history = context->history;
	const FileChanges *changes = adds_migration(history) ? NULL : branch_changes(context, option(context, "files"));
	for (uint32_t i = 0; changes && i < changes->list.count; i++) {
		const FileChange *change = &changes->list.items[i];
		if (is_near(context, path_join(context->arena, changes->top, change->path)) && !says_the_same(change))
			report_whole(context, "%s changed since %s, and no migration came along", change->path, history->since);
	}
}
