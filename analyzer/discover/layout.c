#include "discover/layout.h"

#include <stdlib.h>

const Layout *layout_by_name(const char *name)
{
	for (const Layout *const *layout = all_layouts; *layout; layout++)
		if (same((*layout)->name, name))
			return *layout;
	return NULL;
}

Migration *add_migration(const LayoutContext *context, const char *version, const char *name)
{
	Migration *migration = new (context->arena, Migration);
	migration->history = context->history;
	migration->version = version;
	migration->name = name;
	migration->arena.block_size = 512; /* there are thousands, and all of them wait for their turn with a script each */
	array_push(context->arena, &context->history->migrations, migration);
	return migration;
}

Script *add_script(const LayoutContext *context, Migration *migration, const File *file, Direction direction, Wrapping wrapping)
{
	(void)context;
	Script *script = new (&migration->arena, Script);
	script->source = file->source;
	script->direction = direction;
	script->wrapping = wrapping;
	script->target = script->asked = file->target;
	if (direction == DIRECTION_DOWN)
		migration->down = script;
	else
		migration->up = script;
	migration->target |= file->target;
	return script;
}

void add_section(Migration *migration, Script *script, Span section)
{
	array_push(&migration->arena, &script->sections, section);
}

void script_split_options(const Migration *migration, const Script *script, SplitOptions *options)
{
	const History *history = migration->history;
	const Config *config = history->config;
	*options = (SplitOptions){0};
	if (config) {
		options->placeholders = config->placeholders.items;
		options->placeholder_count = config->placeholders.count;
	}
	if (history->placeholders.count) {
		options->placeholders = history->placeholders.items;
		options->placeholder_count = history->placeholders.count;
	}
	if (history->layout && history->layout->split_options)
		history->layout->split_options(migration, script, options);
	options->whole_is_batch |= script->one_query;
	options->psql |= script->direction == DIRECTION_BASELINE; /* dumps are psql's: COPY data, \restrict */
	if (config && config->runner.transaction == RUNNER_SIMPLE_QUERY)
		options->whole_is_batch = true;
	else if (config && config->runner.transaction != RUNNER_UNSET)
		options->whole_is_batch = false;
}

static const char *first_path(const Migration *migration)
{
	const Script *script = migration->up ? migration->up : migration->down;
	return script && script->source ? script->source->path : "";
}

static int compare_migrations(const void *a, const void *b)
{
	const Migration *left = *(Migration *const *)a, *right = *(Migration *const *)b;
	int order = natural_compare(left->version, right->version);
	return order ? order : natural_compare(first_path(left), first_path(right));
}

void sort_by_version(History *history)
{
	if (history->migrations.count)
		qsort(history->migrations.items, history->migrations.count, sizeof(Migration *), compare_migrations);
}

static int compare_as_text(const void *a, const void *b)
{
	const Migration *left = *(Migration *const *)a, *right = *(Migration *const *)b;
	int order = strcmp(left->version, right->version);
	return order ? order : strcmp(first_path(left), first_path(right));
}

void sort_by_version_text(History *history)
{
	if (history->migrations.count)
		qsort(history->migrations.items, history->migrations.count, sizeof(Migration *), compare_as_text);
}

void add_note(const LayoutContext *context, const File *file, uint32_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	Note note = {.path = file->source ? file->source->path : file->path, .line = line};
	note.message = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	array_push(context->arena, &context->discovery->notes, note);
}

void add_verbose_note(const LayoutContext *context, const File *file, const char *format, ...)
{
	if (!context->verbose)
		return;
	va_list arguments;
	va_start(arguments, format);
	Note note = {.path = file->source ? file->source->path : file->path};
	note.message = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	array_push(context->arena, &context->discovery->notes, note);
}
