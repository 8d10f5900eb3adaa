/* The files that a branch changes, migrations or not: what is on disk against what the branch began with. */
#include <limits.h>

#include "base/files.h"
#include "base/git.h"
#include "judge/inside.h"

/* Where the branch began, and what it may have changed since. */
typedef struct Branch {
	const char *top, *base;
	GitFiles past; /* all files, as they were */
	GitPaths touched;
} Branch;

bool path_fits(const char *globs, const char *path)
{
	char glob[PATH_MAX];
	for (const char *at = globs; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		size_t length = strcspn(at, "\n");
		if (!length || length >= sizeof glob)
			continue;
		memcpy(glob, at, length);
		glob[length] = '\0';
		for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
			if (glob_matches(glob, part))
				return true;
	}
	return false;
}

static const char *repository(Arena *arena, const char *folder)
{
	while (path_kind(path_join(arena, folder, ".git")) == ENTRY_NONE && !same(folder, "/"))
		folder = path_parent(arena, folder);
	return folder;
}

static Text on_disk(Arena *arena, const char *path)
{
	size_t length = 0;
	const char *error, *bytes = path_kind(path) == ENTRY_FILE ? file_read(arena, path, &length, &error) : NULL;
	return (Text){bytes, length};
}

static bool is_same(Text before, Text after)
{
	if (!before.data || !after.data)
		return before.data == after.data;
	return before.length == after.length && memcmp(before.data, after.data, after.length) == 0;
}

static const Branch *read_branch(Arena *arena, const History *history)
{
	const char *error = NULL, *root = path_absolute(arena, working_folder(arena), history->root);
	Branch *branch = new(arena, Branch);

	branch->top = repository(arena, root);
	const char *tip = git_commit(arena, branch->top, history->since, &error);
	branch->base = tip ? git_merge_base(arena, branch->top, tip, "HEAD", &error) : NULL;
	if (!branch->base || !git_files(arena, branch->top, branch->base, true, &branch->past, &error) ||
	    !git_touched(arena, branch->top, branch->base, &branch->touched, &error))
		return NULL;
	return branch;
}

static void add_change(Arena *arena, FileChanges *changes, const char *path, Text before)
{
	FileChange change = {path, before, on_disk(arena, path_join(arena, changes->top, path))};
	if (!is_same(change.before, change.after))
		array_push(arena, &changes->list, change);
}

static const FileChanges *compare(Arena *arena, const Branch *branch, const char *globs)
{
	const char *error;
	GitFiles looked_at = {0};
	Map touched = {0}, known = {0};

	array_each (const char *const, path, &branch->touched)
		map_set(arena, &touched, *path, strlen(*path), &touched);
	array_each (const GitFile, file, &branch->past)
		if (globs ? path_fits(globs, file->path) : map_get(&touched, file->path, strlen(file->path)) != NULL)
			array_push(arena, &looked_at, *file);
	Text *before = new_array(arena, Text, looked_at.count);
	if (!git_contents(arena, branch->top, &looked_at, before, &error))
		return NULL;
	FileChanges *changes = new(arena, FileChanges);
	changes->top = branch->top;
	for (uint32_t i = 0; i < looked_at.count; i++) {
		add_change(arena, changes, looked_at.items[i].path, before[i]);
		map_set(arena, &known, looked_at.items[i].path, strlen(looked_at.items[i].path), &known);
	}
	array_each (const char *const, path, &branch->touched)
		if (!map_get(&known, *path, strlen(*path)) && (!globs || path_fits(globs, *path)))
			add_change(arena, changes, *path, (Text){0});
	return changes;
}

const FileChanges *branch_changes(const Context *context, const char *globs)
{
	Judge *judge = context->judge;
	const char *key = globs ? globs : "";
	Arena *arena = judge->arena;

	if (!judge->branch_known && context->history->since)
		judge->branch = read_branch(arena, context->history);
	judge->branch_known = true;
	if (!judge->branch)
		return NULL;
	const FileChanges *changes = map_get(&judge->changes, key, strlen(key));
	if (!changes) {
		changes = compare(arena, judge->branch, globs);
		map_set(arena, &judge->changes, arena_string(arena, key), strlen(key), (void *)changes);
	}
	return changes;
}
