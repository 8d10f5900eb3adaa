/* The files that a branch changes beside its migrations: what is on disk against what the branch began with. */
#include "base/files.h"
#include "base/git.h"
#include "judge/rule.h"

static bool fits(const char *glob, const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
		if (glob_matches(glob, part))
			return true;
	return false;
}

static const char *repository(Arena *arena, const char *folder)
{
	while (path_kind(path_join(arena, folder, ".git")) == ENTRY_NONE && !same(folder, "/"))
		folder = path_parent(arena, folder);
	return folder;
}

static bool is_same_on_disk(Arena *arena, const char *path, Text content)
{
	size_t length;
	const char *error, *bytes = file_read(arena, path, &length, &error);
	return bytes && length == content.length && memcmp(bytes, content.data, length) == 0;
}

FileChange companion_change(const Context *context, const char *glob, const char **path)
{
	const History *history = context->history;
	Arena *arena = context->arena;
	const char *error = NULL, *root = path_absolute(arena, working_folder(arena), history->root);
	GitFiles all = {0}, files = {0};

	const char *tip = history->since ? git_commit(arena, root, history->since, &error) : NULL;
	const char *base = tip ? git_merge_base(arena, root, tip, "HEAD", &error) : NULL;
	if (!base || !git_files(arena, root, base, true, &all, &error))
		return FILE_UNKNOWN;
	array_each (const GitFile, file, &all)
		if (fits(glob, file->path))
			array_push(arena, &files, *file);
	Text *contents = new_array(arena, Text, files.count);
	if (!git_contents(arena, root, &files, contents, &error))
		return FILE_UNKNOWN;
	const char *top = repository(arena, root);
	for (uint32_t i = 0; i < files.count; i++)
		if (!is_same_on_disk(arena, path_join(arena, top, files.items[i].path), contents[i])) {
			*path = files.items[i].path;
			return FILE_CHANGED;
		}
	/* One that the branch adds: only a plain path tells which. */
	*path = glob;
	bool there = path_kind(path_join(arena, history->config->folder, glob)) == ENTRY_FILE;
	if (!files.count)
		return there ? FILE_CHANGED : strpbrk(glob, "*?") ? FILE_UNKNOWN : FILE_SAME;
	return strpbrk(glob, "*?") ? FILE_UNKNOWN : FILE_SAME;
}
