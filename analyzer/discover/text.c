#include "discover/discover.h"

/* As a loose file of the plain layout: each statement by itself, in the open world. */
Discovery *discover_text(Arena *arena, const char *name, const char *sql)
{
	Discovery *discovery = new (arena, Discovery);
	History *history = new (arena, History);
	File file = file_new(arena, name, name, "example.sql");
	file.target = true;
	file.source = source_new(arena, name, sql, strlen(sql));
	Root root = {.path = name, .shown = name, .files = &file, .file_count = 1, .config = config_default(arena)};
	*history = (History){.name = name, .root = name, .layout = layout_by_name("plain"), .config = root.config, .loose = true};
	const LayoutContext context = {.arena = arena, .root = &root, .history = history, .discovery = discovery};
	if (has_parts(file.source))
		read_parts(&context, &file);
	else
		history->layout->read(&context);
	finish_history(&context);
	array_push(arena, &discovery->histories, history);
	return discovery;
}
