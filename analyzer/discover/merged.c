#include "discover/merged.h"

#include "base/files.h"
#include "discover/layout.h"
#include "discover/seal.h"

const char *what_older_meets(const History *history)
{
	static const char *const tools[][2] = {
	    {"golang-migrate", "golang-migrate never runs it there"},
	    {"drizzle", "Drizzle never runs it there"},
	    {"flyway", "Flyway refuses it there, unless outOfOrder is set"},
	    {"goose", "goose refuses it there, unless it is called with -allow-missing"},
	    {"postgrator", "Postgrator never runs it there"},
	    {"node-pg-migrate", "node-pg-migrate refuses it there, unless checkOrder is off"},
	};
	if (history->config && same(config_option(history->config, "migration-changed", "out-of-order", NULL), "run"))
		return NULL;
	if (history->runs_older)
		return NULL;
	for (size_t i = 0; history->layout && i < LENGTH(tools); i++)
		if (same(history->layout->name, tools[i][0]))
			return tools[i][1];
	return NULL;
}

static bool is_versioned(const Migration *migration)
{
	return migration->up && migration->up->direction == DIRECTION_UP;
}

static bool is_renamed(const Migration *now, const char *file, const char *version)
{
	return !same(path_name(now->up->source->path), path_name(file)) || !same(now->version, version);
}

static MergedKind kind_of(ScriptChange change, bool renamed)
{
	return change == CHANGE_STATEMENTS ? MERGED_EDITED : renamed ? MERGED_RENAMED : MERGED_COMMENTED;
}

static void compare_with_reference(Arena *arena, const History *history, MergedChanges *changes)
{
	Map still_there = {0};
	array_each (Migration *, item, &history->migrations) {
		const Migration *now = *item, *before = now->before;
		if (!before)
			continue;
		map_set(arena, &still_there, (const char *)&(*item)->before, sizeof(void *), *item);
		if (!is_versioned(now) || !before->up)
			continue;
		const char *file = before->up->source->path;
		MergedChange change = {.migration = now, .file = file, .version = before->version};
		ScriptChange what = script_change(arena, before->up, now->up);
		bool renamed = is_renamed(now, file, before->version);
		if (what == CHANGE_NONE && !renamed)
			continue;
		change.kind = kind_of(what, renamed);
		array_push(arena, changes, change);
	}
	array_each (Migration *, item, &history->before->migrations)
		if (is_versioned(*item) && !map_get(&still_there, (const char *)item, sizeof(void *)))
			array_push(
			    arena, changes,
			    (MergedChange){MERGED_DELETED, NULL, (*item)->up->source->path, (*item)->version, false});
}

static bool is_told(const MergedChanges *changes, const Migration *migration, const char *file)
{
	array_each (const MergedChange, change, changes)
		if (migration ? change->migration == migration : !change->migration && ends_with(change->file, file))
			return true;
	return false;
}

static void compare_with_seal(Arena *arena, const History *history, MergedChanges *changes)
{
	Map found = {0};
	array_each (Migration *, item, &history->migrations) {
		const Migration *now = *item;
		const SealLine *line = is_versioned(now) ? seal_line_for(history->seal, history, now) : NULL;
		if (!line)
			continue;
		map_set(arena, &found, line->statements, strlen(line->statements), (void *)line);
		SealLine today = seal_line(arena, now);
		MergedChange change = {.migration = now, .file = line->file, .version = line->version, .sealed = true};
		bool same_bytes = same(today.bytes, line->bytes),
		     same_statements = same(today.statements, line->statements);
		bool renamed = is_renamed(now, line->file, line->version);
		if ((same_bytes && !renamed) || is_told(changes, now, NULL))
			continue;
		change.kind = kind_of(same_statements ? CHANGE_COMMENTS : CHANGE_STATEMENTS, renamed);
		array_push(arena, changes, change);
	}
	array_each (const SealLine, line, &history->seal->lines)
		if (!map_get(&found, line->statements, strlen(line->statements)) && !is_told(changes, NULL, line->file))
			array_push(arena, changes,
				   (MergedChange){MERGED_DELETED, NULL, line->file, line->version, true});
}

/* New migrations in front of released ones: the first of the released that it precedes tells where. */
static void find_inserted(Arena *arena, const History *history, MergedChanges *changes)
{
	const Migration *last = NULL;
	array_each (Migration *, item, &history->migrations)
		if ((*item)->released && is_versioned(*item) && (!last || (*item)->place > last->place))
			last = *item;
	array_each (Migration *, item, &history->migrations)
		if (last && !(*item)->released && is_versioned(*item) && (*item)->place < last->place)
			array_push(
			    arena, changes,
			    (MergedChange){MERGED_INSERTED, *item, last->up->source->path, last->version, false});
}

void merged_changes(Arena *arena, const History *history, MergedChanges *changes)
{
	if (history->before)
		compare_with_reference(arena, history, changes);
	if (history->seal)
		compare_with_seal(arena, history, changes);
	if (history->has_frontier)
		find_inserted(arena, history, changes);
}
