#ifndef DDLINT_FILES_H
#define DDLINT_FILES_H
/*
 * The only place that opens, lists and writes files. Everything read lives in the arena given; errors are words for a message
 * ("permission denied"), in no need of freeing. Paths are bytes; '/' separates.
 */
#include "base/base.h"

typedef enum EntryKind {
	ENTRY_NONE,   /* nothing there, or a link that leads nowhere */
	ENTRY_FILE,
	ENTRY_FOLDER,
	ENTRY_OTHER,  /* a pipe, a device, a socket: never opened */
} EntryKind;

typedef struct Entry {
	const char *path; /* the folder's, as it was given, and the name */
	const char *name; /* the end of the path */
	EntryKind kind; /* of what a link leads to */
	bool link;
} Entry;

typedef ARRAY(Entry) Entries;

/* What is at the path, links followed. */
EntryKind path_kind(const char *path);
/* The path itself is a link, wherever it leads. */
bool path_is_link(const char *path);
/* The folder's entries in byte order, without "." and "..". False and *error when it cannot be listed. */
bool folder_list(Arena *arena, const char *path, Entries *entries, const char **error);
/* A regular file's bytes with a NUL behind them; NULL and *error otherwise. 4 GiB - 1 at most: offsets have 32 bits. */
char *file_read(Arena *arena, const char *path, size_t *length, const char **error);
/* Standard input to its end, in the same way. */
char *stdin_read(Arena *arena, size_t *length, const char **error);
/* Replaces the file's content; the old content stays when the new cannot be written whole. */
bool file_write(const char *path, const void *bytes, size_t length, const char **error);

/* Makes the folder, and those above it that are missing. */
bool folder_make(const char *path, const char **error);

/* The working folder; "" when it is gone. */
char *working_folder(Arena *arena);
/* The path from '/', without ".", ".." and doubled slashes; links are not resolved. */
char *path_absolute(Arena *arena, const char *folder, const char *path);
/* The same with all links resolved; NULL when nothing is there. */
char *path_real(Arena *arena, const char *path);
char *path_join(Arena *arena, const char *folder, const char *name);
/* Everything before the last '/'; "/" for what is at the top. */
char *path_parent(Arena *arena, const char *path);
/* Behind the last '/'. */
const char *path_name(const char *path);
/* What is left of an absolute path below an absolute folder ("" for the folder itself); NULL when it is not below it. */
const char *path_below(const char *folder, const char *path);
/* The path relative to the folder when below it, "." for the folder itself; else the path itself. */
const char *path_shown(const char *folder, const char *path);
#endif
