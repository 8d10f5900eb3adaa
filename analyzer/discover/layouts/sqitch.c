#include "discover/layout.h"

#include <ctype.h>

/*
 * Sqitch: sqitch.plan lists changes in order; deploy/NAME.sql makes one, revert/NAME.sql takes it back, verify/NAME.sql looks.
 * psql runs the files, so transactions are what the files say. A change that is listed again is reworked: its older scripts
 * are called NAME@TAG.sql, with a tag that stands between the two mentions.
 *
 * https://sqitch.org/docs/manual/sqitchplan/ , sqitch-rework
 */

typedef struct Change {
	const char *name;
	const char *suffix;  /* "@v1.0" of an older version of a reworked change; "" */
	uint32_t tags_before; /* how many tags the plan has before it */
} Change;

typedef struct Plan {
	const LayoutContext *context;
	ARRAY(Change) changes;
	ARRAY(const char *) tags;
	Map newest; /* name -> 1 + index of its last mention */
} Plan;

static int detect_sqitch(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	if (!find_file(root, "sqitch.plan"))
		return 0;
	*why = "sqitch.plan";
	return 99;
}

static const File *script_file(const LayoutContext *context, const char *folder, const Change *change)
{
	const char *name = arena_join(context->arena, change->name, change->suffix, ".sql");
	const File *file = find_file(context->root, arena_join(context->arena, folder, "/", name));
	return file && file->source ? file : NULL;
}

/* The older scripts of a reworked change are where a file says so. */
static const char *rework_suffix(const Plan *plan, const Change *older)
{
	static const char *const folders[] = {"deploy", "revert", "verify"};
	for (uint32_t i = older->tags_before; i < plan->tags.count; i++) {
		Change tagged = {.name = older->name, .suffix = arena_print(plan->context->arena, "@%s", plan->tags.items[i])};
		for (size_t f = 0; f < LENGTH(folders); f++)
			if (script_file(plan->context, folders[f], &tagged))
				return tagged.suffix;
	}
	return "";
}

static void add_change(Plan *plan, const char *name)
{
	Arena *arena = plan->context->arena;
	uint32_t before = (uint32_t)(uintptr_t)map_get(&plan->newest, name, strlen(name));
	if (before)
		plan->changes.items[before - 1].suffix = rework_suffix(plan, &plan->changes.items[before - 1]);
	array_push(arena, &plan->changes, (Change){.name = name, .suffix = "", .tags_before = plan->tags.count});
	map_set(arena, &plan->newest, name, strlen(name), (void *)(uintptr_t)plan->changes.count);
}

/* One line: a pragma, a tag, a change to deploy (+, or nothing before its name) or to take back (-); blanks and comments. */
static void read_line(Plan *plan, Text line)
{
	const char *at = line.data, *end = line.data + line.length;
	while (at < end && isspace((unsigned char)*at))
		at++;
	if (at == end || *at == '%' || *at == '#')
		return;
	char sign = *at;
	if (sign == '@' || sign == '+' || sign == '-')
		at++;
	while (at < end && isspace((unsigned char)*at))
		at++;
	const char *start = at;
	while (at < end && !isspace((unsigned char)*at))
		at++;
	const char *name = arena_copy(plan->context->arena, start, (size_t)(at - start));
	if (sign == '@')
		array_push(plan->context->arena, &plan->tags, name);
	else if (sign != '-' && *name)
		add_change(plan, name);
}

static void read_plan(Plan *plan, Source *source)
{
	source_position(source, 0);
	for (uint32_t line = 1; line <= source->line_count; line++) {
		Text text = source_line(source, line);
		if (line == 1) { /* a byte order mark */
			text.data += source->body;
			text.length -= source->body;
		}
		read_line(plan, text);
	}
}

static void add_scripts(const LayoutContext *context, const Change *change)
{
	const File *deploy = script_file(context, "deploy", change);
	const File *revert = script_file(context, "revert", change);
	const File *verify = script_file(context, "verify", change);
	const char *version = arena_print(context->arena, "%s%s", change->name, change->suffix);
	if (!deploy && !revert)
		return;
	Migration *migration = add_migration(context, version, change->name);
	migration->down_expected = true;
	if (deploy)
		add_script(context, migration, deploy, DIRECTION_UP, WRAPPING_NONE);
	if (revert)
		add_script(context, migration, revert, DIRECTION_DOWN, WRAPPING_NONE);
	if (verify)
		add_script(context, add_migration(context, version, change->name), verify, DIRECTION_VERIFY, WRAPPING_NONE);
}

static void note_unplanned(const LayoutContext *context)
{
	Map used = {0};
	array_each(Migration *, item, &context->history->migrations) {
		const Script *const scripts[] = {(*item)->up, (*item)->down};
		for (size_t i = 0; i < LENGTH(scripts); i++)
			if (scripts[i])
				map_set(context->arena, &used, scripts[i]->source->path, strlen(scripts[i]->source->path), *item);
	}
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (file->source && file->sql && !map_get(&used, file->source->path, strlen(file->source->path)))
			add_verbose_note(context, file, "left out: sqitch.plan does not name it");
	}
}

static void read_sqitch(const LayoutContext *context)
{
	const File *file = find_file(context->root, "sqitch.plan");
	if (!file || !file->source)
		return;
	Plan plan = {.context = context};
	read_plan(&plan, file->source);
	array_each(Change, change, &plan.changes)
		add_scripts(context, change);
	note_unplanned(context);
}

static void split_psql(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->psql = true;
}

const Layout layout_sqitch = {
	.name = "sqitch", .title = "Sqitch",
	.detect = detect_sqitch, .read = read_sqitch, .split_options = split_psql,
	.no_transaction = "alone in a change whose deploy script has no BEGIN and COMMIT",
	.has_downs = true,
};
