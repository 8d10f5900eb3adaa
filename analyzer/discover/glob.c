#include "discover/glob.h"

#include "read/source.h"

/*
 * Two places to go back to are enough: the newest * (its part of the path can be longer, until the next '/') and
 * the newest ** (longer without a limit). What stands before them has matched already, and a longer match of an
 * older one could only move what follows, which the newer one does as well. So the time is a polynomial of the
 * lengths, whatever the glob says.
 */
typedef struct Retry {
	const char *glob; /* behind the stars; NULL: none */
	const char *path; /* where the next attempt starts */
} Retry;

static const char *without_start(const char *text)
{
	while (text[0] == '.' && text[1] == '/')
		text += 2;
	return text;
}

/* One character: a whole UTF-8 sequence, or a byte that is none. */
static const char *behind_character(const char *path)
{
	size_t length = utf8_sequence(path, strlen(path));
	return path + (length ? length : 1);
}

static bool next_attempt(Retry *star, Retry *stars, const char **glob, const char **path)
{
	if (star->glob && *star->path && *star->path != '/') {
		star->path = behind_character(star->path);
		*glob = star->glob;
		*path = star->path;
		return true;
	}
	star->glob = NULL;
	if (!stars->glob)
		return false;
	/* A "**" that is followed by '/' stands for whole folders: the next attempt starts behind a '/'. */
	bool folders = stars->glob[-1] == '/';
	while (*stars->path) {
		char passed = *stars->path++;
		if (!folders || passed == '/') {
			*glob = stars->glob;
			*path = stars->path;
			return true;
		}
	}
	return false;
}

static bool matches(const char *glob, const char *path)
{
	const char *start = glob, *path_start = path;
	Retry star = {0}, stars = {0};
	for (;;) {
		if (glob[0] == '*' && glob[1] == '*') {
			bool part_starts = glob == start || glob[-1] == '/';
			while (*glob == '*')
				glob++;
			if (!*glob)
				return *path || !part_starts;
			if (part_starts && *glob == '/')
				glob++;
			stars = (Retry){glob, path};
			star.glob = NULL;
		} else if (*glob == '*') {
			star = (Retry){++glob, path};
		} else if (*glob == '?' && *path && *path != '/') {
			glob++;
			path = behind_character(path);
		} else if (*glob && *glob == *path && *glob != '?') {
			if (*glob == '/')
				star.glob = NULL;
			glob++;
			path++;
		} else if (!*glob && !*path) {
			return true;
		} else if (!*glob && glob > start && glob[-1] == '/' && path > path_start && path[-1] == '/') {
			return true; /* "folder/": everything below */
		} else if (!next_attempt(&star, &stars, &glob, &path)) {
			return false;
		}
	}
}

bool glob_matches(const char *glob, const char *path)
{
	glob = without_start(glob);
	path = without_start(path);
	if (*glob == '/')
		glob++;
	if (!*glob)
		return false;
	if (strpbrk(glob, "*?"))
		return matches(glob, path);
	size_t length = strlen(glob);
	bool is_start = strncmp(glob, path, length) == 0;
	return is_start && (!path[length] || path[length] == '/' || (glob[length - 1] == '/' && path[length]));
}

const char *glob_error(Arena *arena, const char *glob)
{
	const char *rest = without_start(glob);
	if (!*rest || same(rest, "/"))
		return "a glob is empty";
	if (starts_with(rest, "../") || same(rest, "..") || strstr(rest, "/../"))
		return arena_print(arena, "\"%s\" leads out of this file's folder: globs only look below it", glob);
	return NULL;
}
