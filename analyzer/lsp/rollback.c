#include "lsp/rollback.h"

#include "base/files.h"
#include "commands/facts.h"
#include "discover/layout.h"

/* Proves the rollback of the place's migration, as if its down were that one. */
static RollbackProof prove_with(Arena *arena, const ScriptPlace *place, int version, Script *down)
{
	Arena scratch = {0};
	Replay *replay = replay_new(&scratch, place->history, version);
	RollbackProof proof = {.verdict = ROLLBACK_UNKNOWN};
	array_each (Migration *, item, &place->history->migrations) {
		const Migration *migration = *item;
		bool is_it = migration == place->migration;
		CatalogMark before = catalog_mark(replay->catalog);
		if (migration->up && script_is_replayed(migration->up))
			replay_script(replay, migration, migration->up);
		if (!is_it) {
			catalog_keep(replay->catalog, before);
			continue;
		}
		Migration with_down = *migration;
		with_down.down = down;
		proof = prove_rollback(arena, replay, &with_down, before);
		break;
	}
	replay_free(replay);
	arena_free(&scratch);
	return proof;
}

/* What a rollback without a statement lacks. */
const char *rollback_statements(Arena *arena, const ScriptPlace *place, int version)
{
	Script empty = {.source = place->script->source, .direction = DIRECTION_DOWN};
	return prove_with(arena, place, version, &empty).lacking;
}

RollbackVerdict rollback_verdict(Arena *arena, const ScriptPlace *place, int version)
{
	return prove_with(arena, place, version, place->migration->down).verdict;
}

/* The down's file beside the up's: x.up.sql and up.sql have a name for it. NULL: no such thing. */
static const char *down_path(Arena *arena, const char *path)
{
	static const char up[] = "up.sql";
	const char *name = path_name(path);
	if (!same(name, up) && !ends_with(name, ".up.sql"))
		return NULL;
	return arena_print(arena, "%.*sdown.sql", (int)(strlen(path) - strlen(up)), path);
}

bool find_missing_rollback(Arena *arena, const Workspace *workspace, const WorkFolder *folder, const char *path, MissingRollback *missing)
{
	ScriptPlace place;
	*missing = (MissingRollback){0};
	if (!script_at(folder, path, 0, &place) || place.migration->down || !place.history->layout)
		return false;
	const SectionWords *words = place.history->layout->sections;
	missing->path = words && words->down ? NULL : down_path(arena, path);
	if (!missing->path && !(words && words->down))
		return false;
	const char *statements = rollback_statements(arena, &place, lowest_version(workspace, place.history));
	if (!statements)
		return false;
	const Source *source = place.script->source;
	bool ends = !source->length || source->bytes[source->length - 1] == '\n';
	missing->text = missing->path ? statements : arena_print(arena, "%s\n-- %s\n%s", ends ? "" : "\n", words->down, statements);
	return true;
}
