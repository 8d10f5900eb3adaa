#include "base/git_memory.h"
#include "discover/discover.h"

#include <stdlib.h>

/* --- Commits
 * --------------------------------------------------------------------------------------------------------------------
 */

Past past_commits(Discoverer *discoverer, const char *folder, const char *reference, bool needs_base)
{
	Arena *arena = discoverer->arena;
	GitMemory *memory = discoverer->options->git;
	Past past = {.words = reference};
	if (same(reference, "@latest-tag"))
		past.words = remembered_latest_tag(memory, arena, folder, &past.error);
	past.tip = past.words ? remembered_commit(memory, arena, folder, past.words, &past.error) : NULL;
	if (!past.tip)
		return past;
	const char *error = NULL, *head = remembered_commit(memory, arena, folder, "HEAD", &error);
	past.base = head ? remembered_merge_base(memory, arena, folder, head, past.tip, &error) : NULL;
	if (!past.base && needs_base)
		past.error = error;
	return past;
}

/* --- Trees
 * ------------------------------------------------------------------------------------------------------------------------
 */

static const char *folder_of(Discoverer *discoverer, const ReadRoot *read)
{
	return read->plan.folder ? read->plan.path : path_parent(discoverer->arena, read->plan.path);
}

/* How many bytes of the path come before `relative`, which it ends with; -1: it does not. */
static long prefix_of(const char *path, const char *relative)
{
	size_t length = strlen(path), tail = strlen(relative);
	if (length < tail || !same(path + length - tail, relative))
		return -1;
	return length == tail || path[length - tail - 1] == '/' ? (long)(length - tail) : -1;
}

/*
 * The folder may have been called otherwise then: the one from which most of today's files are gone, and at least half
 * of what it held. What is not below it leaves the list, the rest is told from there.
 */
static void follow_moved_root(Arena *arena, const Root *root, const char *repository, GitFiles *files)
{
	Map known = {0};
	for (uint32_t i = 0; i < root->file_count; i++)
		map_set(arena, &known, path_name(root->files[i].relative), strlen(path_name(root->files[i].relative)),
			&root->files[i]);
	Map counts = {0};
	const char *best = NULL;
	uintptr_t most = 0;
	array_each (GitFile, file, files) {
		const File *today = map_get(&known, path_name(file->path), strlen(path_name(file->path)));
		long prefix = today ? prefix_of(file->path, today->relative) : -1;
		if (prefix < 0 || path_kind(path_join(arena, repository, file->path)) != ENTRY_NONE)
			continue;
		const char *key = arena_copy(arena, file->path, (size_t)prefix);
		uintptr_t count = (uintptr_t)map_get(&counts, key, (size_t)prefix) + 1;
		map_set(arena, &counts, key, (size_t)prefix, (void *)count);
		if (count > most) {
			most = count;
			best = key;
		}
	}
	uint32_t held = 0, kept = 0;
	for (uint32_t i = 0; best && i < files->count; i++)
		held += starts_with(files->items[i].path, best) && is_sql_name(path_name(files->items[i].path));
	for (uint32_t i = 0; i < files->count && best && most * 2 >= held; i++)
		if (starts_with(files->items[i].path, best)) {
			files->items[kept] = files->items[i];
			files->items[kept++].path += strlen(best);
		}
	files->count = kept;
}

/* The tree's files that belong to the root. */
static bool list_tree(Discoverer *discoverer, const ReadRoot *read, const char *commit, GitFiles *wanted,
		      const char **error)
{
	Arena *arena = discoverer->arena;
	const char *folder = folder_of(discoverer, read);
	GitFiles files = {0};
	if (!remembered_files(discoverer->options->git, arena, folder, commit, false, &files, error))
		return false;
	const Folder *repository = read->plan.folder ? tree_boundary(read->plan.folder) : NULL;
	if (!files.count && repository) {
		if (!remembered_files(discoverer->options->git, arena, folder, commit, true, &files, error))
			return false;
		follow_moved_root(arena, read->root, repository->path, &files);
	}
	array_each (GitFile, file, &files)
		if (root_holds(discoverer, &read->plan, path_join(arena, folder, file->path)))
			array_push(arena, wanted, *file);
	return true;
}

History *past_history(Discoverer *discoverer, const ReadRoot *read, const char *commit, const char **error)
{
	Arena *arena = discoverer->arena;
	GitFiles wanted = {0};
	if (!list_tree(discoverer, read, commit, &wanted, error))
		return NULL;
	Text *contents = new_array(arena, Text, wanted.count);
	const char *folder = folder_of(discoverer, read);
	if (!remembered_contents(discoverer->options->git, arena, folder, &wanted, contents, error))
		return NULL;

	Map today = {0};
	for (uint32_t i = 0; i < read->root->file_count; i++)
		map_set(arena, &today, read->root->files[i].relative, strlen(read->root->files[i].relative),
			&read->root->files[i]);
	Root *root = new (arena, Root);
	*root = *read->root;
	root->files = new_array(arena, File, wanted.count);
	root->file_count = wanted.count;
	for (uint32_t i = 0; i < wanted.count; i++) {
		const char *relative = wanted.items[i].path;
		const File *now = map_get(&today, relative, strlen(relative));
		const char *path = path_join(arena, folder, relative);
		File file = file_new(discoverer->arena, path, relative, path_name(relative));
		bool unchanged = now && now->source && now->source->length == contents[i].length &&
				 memcmp(now->source->bytes, contents[i].data, contents[i].length) == 0;
		file.source = unchanged ? now->source
					: source_new(arena, path_shown(discoverer->tree.cwd, path), contents[i].data,
						     contents[i].length);
		root->files[i] = file;
	}
	sort_files(root);

	History *history = new (arena, History);
	*history = (History){.name = read->history->name,
			     .root = read->history->root,
			     .config = read->history->config,
			     .loose = read->history->loose,
			     .layout = read->history->layout,
			     .why = read->history->why};
	Discovery unheard = {
	    0}; /* what is odd about old files has been said about today's, or does not matter any more */
	LayoutContext context = {.arena = arena, .root = root, .history = history, .discovery = &unheard};
	read_files(&context);
	return history;
}
