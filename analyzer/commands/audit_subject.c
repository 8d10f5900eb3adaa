/* What an audit is about: which commit was read, and whether the files are still as that commit has them. */
#include "base/files.h"
#include "base/git.h"
#include "commands/audit.h"

/* The files of a commit below one folder, by path. */
typedef struct Committed {
	GitFiles files;
	Text *contents;
	Map places; /* path -> place in files, from 1 */
} Committed;

static bool read_committed(Arena *arena, const char *folder, const char *commit, Committed *committed)
{
	const char *error = NULL;
	if (!git_files(arena, folder, commit, false, &committed->files, &error))
		return false;
	committed->contents = new_array(arena, Text, committed->files.count);
	if (!git_contents(arena, folder, &committed->files, committed->contents, &error))
		return false;
	for (uint32_t i = 0; i < committed->files.count; i++) {
		const char *path = committed->files.items[i].path;
		map_set(arena, &committed->places, path, strlen(path), (void *)(uintptr_t)(i + 1));
	}
	return true;
}

static bool differs(Arena *arena, const Committed *committed, const char *folder, const Script *script)
{
	const char *path = script ? path_below(folder, path_absolute(arena, working_folder(arena), script->source->path)) : NULL;
	if (!path)
		return false;
	uintptr_t place = (uintptr_t)map_get(&committed->places, path, strlen(path));
	if (!place)
		return true;
	Text content = committed->contents[place - 1];
	return content.length != script->source->length || memcmp(content.data, script->source->bytes, content.length) != 0;
}

const char *audit_commit(Arena *arena, const Discovery *discovery, bool *dirty)
{
	const char *commit = NULL, *error = NULL;
	*dirty = false;
	array_each (History *const, item, &discovery->histories) {
		const History *history = *item;
		if (history->loose || !(commit = git_commit(arena, history->root, "HEAD", &error)))
			return NULL;
		Committed committed = {0};
		const char *folder = path_absolute(arena, working_folder(arena), history->root);
		if (!read_committed(arena, folder, commit, &committed))
			return NULL;
		array_each (Migration *const, migration, &history->migrations)
			*dirty = *dirty || differs(arena, &committed, folder, (*migration)->up) ||
				 differs(arena, &committed, folder, (*migration)->down);
	}
	return commit;
}
