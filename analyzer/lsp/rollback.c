#include "lsp/rollback.h"

#include "base/files.h"
#include "discover/layout.h"
#include "replay/proof.h"

/* The statements that take back what the migration does: what a rollback without a statement lacks. */
static const char *lacking_statements(Arena *arena, const ScriptPlace *place, int version)
{
	Arena scratch = {0};
	Replay *replay = replay_new(&scratch, place->history, version);
	const char *lacking = NULL;
	array_each (Migration *, item, &place->history->migrations) {
		const Migration *migration = *item;
		bool is_it = migration == place->migration;
		CatalogMark before = catalog_mark(replay->catalog);
		if (migration->up && migration->up->direction != DIRECTION_VERIFY && migration->up->direction != DIRECTION_SEED &&
		    migration->up->direction != DIRECTION_CALLBACK)
			replay_script(replay, migration, migration->up);
		if (!is_it) {
			catalog_keep(replay->catalog, before);
			continue;
		}
		Script empty = {.source = place->script->source, .direction = DIRECTION_DOWN};
		Migration with_empty = *migration;
		with_empty.down = &empty;
		lacking = prove_rollback(arena, replay, &with_empty, before).lacking;
		break;
	}
	replay_free(replay);
	arena_free(&scratch);
	return lacking;
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
	int low, high;
	const LintOptions options = {.postgres_low = workspace->settings.postgres_low, .postgres_high = workspace->settings.postgres_high};
	versions_of(&options, place.history, &low, &high);
	const char *statements = lacking_statements(arena, &place, low);
	if (!statements)
		return false;
	const Source *source = place.script->source;
	bool ends = !source->length || source->bytes[source->length - 1] == '\n';
	missing->text = missing->path ? statements : arena_print(arena, "%s\n-- %s\n%s", ends ? "" : "\n", words->down, statements);
	return true;
}
