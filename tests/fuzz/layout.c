/*
 * Any bytes as a folder of files. A line "=== PATH" starts the next file (tests/fuzz/seeds.sh writes the fixtures in this way);
 * all that lies in the folder is discovered, linted and reported.
 */
#include "everything.h"

static const char mark[] = "=== ";

/* Below the folder, no .git and no longer than a file system takes; else NULL. */
static char *safe_path(Arena *arena, const char *text, size_t length)
{
	enum { LONGEST = 200 };
	if (!length || length > LONGEST || text[0] == '/' || memchr(text, '\0', length))
		return NULL;
	char *path = arena_print(arena, "root/%.*s", (int)length, text);
	for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
		size_t size = strcspn(part, "/");
		if (!size || (size <= 2 && strspn(part, ".") >= size) || starts_with(part, ".git/") || same(part, ".git"))
			return NULL;
	}
	return path;
}

static void make_files(const char *bytes, size_t length)
{
	enum { MOST_FILES = 40 };
	Arena arena = {0};
	const char *end = bytes + length;
	uint32_t files = 0;
	for (const char *at = bytes; at < end && files < MOST_FILES; files++) {
		const char *next = memmem(at, (size_t)(end - at), "\n=== ", 5);
		const char *stop = next ? next + 1 : end;
		const char *newline = memchr(at, '\n', (size_t)(stop - at));
		if (newline && (size_t)(newline - at) > strlen(mark) && memcmp(at, mark, strlen(mark)) == 0) {
			char *path = safe_path(&arena, at + strlen(mark), (size_t)(newline - at) - strlen(mark));
			const char *error;
			if (path && folder_make(path_parent(&arena, path), &error))
				put_file(path, newline + 1, (size_t)(stop - newline - 1));
		}
		at = stop;
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static Everything all;
	if (!all.book)
		everything_start(&all);
	make_files((const char *)bytes, length);
	everything_with(&all, "root", 0, 0);
	folder_remove("root");
	return 0;
}
