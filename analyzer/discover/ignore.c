#include "discover/tree.h"

#include <fnmatch.h>

/*
 * `.gitignore`, as https://git-scm.com/docs/gitignore says: later lines win, nearer files win, `!` brings back, a slash that is
 * not the last byte ties the pattern to the file's folder, a slash at the end means folders only.
 */

static void add_line(Arena *arena, Folder *folder, const char *start, size_t length)
{
	while (length && (start[length - 1] == '\r' || (start[length - 1] == ' ' && (length < 2 || start[length - 2] != '\\'))))
		length--;
	if (!length || start[0] == '#')
		return;
	IgnoreLine line = {0};
	if (start[0] == '!') {
		line.negated = true;
		start++;
		length--;
	}
	if (length && start[length - 1] == '/') {
		line.folders_only = true;
		length--;
	}
	if (!length)
		return;
	line.anchored = memchr(start, '/', length) != NULL;
	if (start[0] == '/') {
		start++;
		length--;
	}
	line.glob = arena_copy(arena, start, length);
	array_push(arena, &folder->ignores, line);
}

void ignore_read(Arena *arena, Folder *folder, const char *text, size_t length)
{
	const char *end = text + length;
	while (text < end) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		if (!line_end)
			line_end = end;
		add_line(arena, folder, text, (size_t)(line_end - text));
		text = line_end + 1;
	}
}

static bool line_matches(const IgnoreLine *line, const char *path, const char *name)
{
	if (strstr(line->glob, "**"))
		return glob_matches(line->glob, path);
	return fnmatch(line->glob, line->anchored ? path : name, FNM_PATHNAME) == 0;
}

bool ignore_matches(Arena *arena, const Folder *folder, const char *name, bool is_folder, const Folder *last)
{
	const char *path = NULL;
	for (const Folder *at = folder; at; at = at->parent) {
		if (at->ignores.count && !path)
			path = path_join(arena, folder->path, name);
		for (uint32_t i = at->ignores.count; i-- > 0;) {
			const IgnoreLine *line = &at->ignores.items[i];
			if ((!line->folders_only || is_folder) && line_matches(line, path_below(at->path, path), name))
				return !line->negated;
		}
		if (at == last)
			return false;
	}
	return false;
}
