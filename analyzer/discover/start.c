#include "discover/discover.h"

/* start-schema: SQL of what existed before the first migration. It fills the catalog and is never linted. */

/* What pg_dump writes, also where a framework has taken its first comments off. */
static bool is_whole_schema(const Source *source)
{
	static const char words[] = "SELECT pg_catalog.set_config('search_path', '', false)";
	size_t head = source->length < 4096 ? source->length : 4096;
	return is_dump(source) || memmem(source->bytes, head, words, strlen(words));
}

/* The root may hold the file: then its tool's layout has taken it for something, which it is not. */
static void leave_out(History *history, const char *path)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		if (migration->up && !migration->down && same(migration->up->source->path, path))
			arena_free(&migration->arena);
		else
			history->migrations.items[kept++] = migration;
	}
	history->migrations.count = kept;
}

/* The file as a script that is no part of the history's list; NULL: it cannot be read, and a note says why. */
static Migration *read_alone(Discoverer *discoverer, const LayoutContext *context, const char *path, const char *key)
{
	const char *shown = path_shown(discoverer->tree.cwd, path);
	size_t length;
	const char *error, *bytes = tree_read(&discoverer->tree, discoverer->arena, path, &length, &error);
	if (!bytes) {
		add_failure(discoverer, shown, "%s: cannot be read: %s", key, error);
		return NULL;
	}
	File file = file_new(discoverer->arena, path, path_name(path), path_name(path));
	file.source = source_new(discoverer->arena, shown, bytes, length);
	Migration *migration = new (discoverer->arena, Migration);
	migration->history = context->history;
	migration->version = "";
	migration->name = file.name;
	Script *script = add_script(context, migration, &file, DIRECTION_BASELINE, WRAPPING_NONE);
	add_section(migration, script, (Span){file.source->body, file.source->length});
	return migration;
}

void add_dump(Discoverer *discoverer, const LayoutContext *context)
{
	const Config *config = context->history->config;
	const char *dump = context->history->loose ? NULL : config_option(config, "schema-drift", "dump", NULL);
	if (!dump || !*dump)
		return;
	const char *folder =
	    path_absolute(discoverer->arena, discoverer->tree.cwd, config->folder ? config->folder : ".");
	const char *path = path_absolute(discoverer->arena, folder, dump);
	if (config_leads_out(discoverer->arena, config, path))
		add_failure(discoverer, dump, "schema-drift: outside of the repository: only a configuration of --config may name it");
	else
		context->history->dump = read_alone(discoverer, context, path, "schema-drift");
}

void add_start_schema(Discoverer *discoverer, const LayoutContext *context)
{
	History *history = context->history;
	const char *configured = history->config->start_schema;
	if (!configured || history->loose)
		return;
	const char *path = path_absolute(discoverer->arena, discoverer->tree.cwd, configured);
	Migration *start = read_alone(discoverer, context, path, "start-schema");
	if (!start)
		return;
	leave_out(history, start->up->source->path);
	array_push(discoverer->arena, &history->migrations, start);
	memmove(history->migrations.items + 1, history->migrations.items,
		(history->migrations.count - 1) * sizeof(Migration *));
	history->migrations.items[0] = start;
	for (uint32_t i = 0; i < history->migrations.count; i++)
		history->migrations.items[i]->ordinal = history->migrations.items[i]->place = i + 1;
	history->closed |= is_whole_schema(start->up->source);
	add_remark(discoverer, start->up->source->path, "what existed before the migrations of %s", history->name);
}
