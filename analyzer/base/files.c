#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *error_words(int code)
{
	switch (code) {
	case ENOENT:
		return "no such file or folder";
	case EACCES:
	case EPERM:
		return "permission denied";
	case EISDIR:
		return "is a folder";
	case ENOTDIR:
		return "is not a folder";
	case ELOOP:
		return "too many links";
	case ENOSPC:
		return "no space left on the device";
	case EROFS:
		return "the file system is read-only";
	case ENAMETOOLONG:
		return "the name is too long";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case ENOMEM:
		return "out of memory";
	default:
		return "input or output error";
	}
}

static EntryKind mode_kind(mode_t mode)
{
	return S_ISREG(mode) ? ENTRY_FILE : S_ISDIR(mode) ? ENTRY_FOLDER : ENTRY_OTHER;
}

EntryKind path_kind(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 ? mode_kind(status.st_mode) : ENTRY_NONE;
}

bool path_is_link(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name);
}

/* What the folder itself says of the entry is enough for most file systems; else each costs a call. */
static bool look_at(int folder, const struct dirent *item, Entry *entry)
{
	*entry = (Entry){0};
	if (item->d_type == DT_REG || item->d_type == DT_DIR) {
		entry->kind = item->d_type == DT_REG ? ENTRY_FILE : ENTRY_FOLDER;
		return true;
	}
	struct stat status;
	if (fstatat(folder, item->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return false; /* gone since */
	entry->link = S_ISLNK(status.st_mode);
	if (!entry->link || fstatat(folder, item->d_name, &status, 0) == 0)
		entry->kind = mode_kind(status.st_mode);
	return true;
}

bool folder_list(Arena *arena, const char *path, Entries *entries, const char **error)
{
	DIR *folder = opendir(path);
	if (!folder) {
		*error = error_words(errno);
		return false;
	}
	size_t prefix = strlen(path) + !ends_with(path, "/");
	errno = 0;
	for (const struct dirent *item; (item = readdir(folder)); errno = 0) {
		Entry entry;
		if (same(item->d_name, ".") || same(item->d_name, "..") || !look_at(dirfd(folder), item, &entry))
			continue;
		entry.path = path_join(arena, path, item->d_name);
		entry.name = entry.path + prefix;
		array_push(arena, entries, entry);
	}
	bool whole = errno == 0;
	if (!whole)
		*error = error_words(errno);
	closedir(folder);
	if (entries->count)
		qsort(entries->items, entries->count, sizeof *entries->items, compare_entries);
	return whole;
}

/*
 * Reads to the end into the arena. A file of `expected` bytes may have grown since; it has not when there was room for more than
 * them and no more came, so that most files take one call. 0: a stream.
 */
static char *read_all(Arena *arena, int descriptor, size_t expected, size_t *length, const char **error)
{
	size_t capacity = expected ? expected + 1 : 4096, used = 0;
	char *bytes = arena_room(arena, capacity);
	for (;;) {
		ssize_t got = read(descriptor, bytes + used, capacity - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			*error = error_words(errno);
			return NULL;
		}
		if (got == 0)
			break;
		used += (size_t)got;
		if (used >= UINT32_MAX) {
			*error = "larger than 4 GiB";
			return NULL;
		}
		if (expected && used == expected)
			break;
		if (used == capacity) {
			char *grown = arena_room(arena, capacity * 2 + 4096);
			memcpy(grown, bytes, used);
			bytes = grown;
			capacity = capacity * 2 + 4096;
		}
	}
	bytes[used] = '\0';
	*length = used;
	return bytes;
}

char *file_read(Arena *arena, const char *path, size_t *length, const char **error)
{
	/* Opening a pipe would wait for a writer: without blocking it cannot, and then we see what it is. */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (descriptor < 0) {
		*error = error_words(errno);
		return NULL;
	}
	struct stat status;
	char *bytes = NULL;
	if (fstat(descriptor, &status) != 0)
		*error = error_words(errno);
	else if (S_ISDIR(status.st_mode))
		*error = error_words(EISDIR);
	else if (!S_ISREG(status.st_mode))
		*error = "not a regular file";
	else if (status.st_size >= (off_t)UINT32_MAX)
		*error = "larger than 4 GiB";
	else
		bytes = read_all(arena, descriptor, (size_t)status.st_size, length, error);
	close(descriptor);
	return bytes;
}

char *stdin_read(Arena *arena, size_t *length, const char **error)
{
	return read_all(arena, STDIN_FILENO, 0, length, error);
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t written = write(descriptor, bytes + done, length - done);
		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0)
			done += (size_t)written;
	}
	return true;
}

/* Pipes and devices (`-o /dev/stdout`) are written where they are; there is nothing to keep. */
static bool write_in_place(const char *path, const void *bytes, size_t length, const char **error)
{
	int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	bool done = descriptor >= 0 && write_all(descriptor, bytes, length);
	if (!done)
		*error = error_words(errno);
	if (descriptor >= 0)
		close(descriptor);
	return done;
}

/* Some file systems have nothing to wait for, and say so. */
static bool is_on_disk(int descriptor)
{
	return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/* The bytes as a new file of that mode, which is called as mkstemp makes of *beside; nothing is left of it when that fails. */
static bool write_beside(char *beside, mode_t mode, const void *bytes, size_t length, const char **error)
{
	int descriptor = mkstemp(beside);
	if (descriptor < 0) {
		*error = error_words(errno);
		return false;
	}
	bool done = write_all(descriptor, bytes, length) && fchmod(descriptor, mode) == 0 && is_on_disk(descriptor);
	int why = errno;
	if (close(descriptor) != 0 && done) { /* some tell only here that the disk is full */
		done = false;
		why = errno;
	}
	if (done)
		return true;
	*error = error_words(why);
	unlink(beside);
	return false;
}

static mode_t mode_of(const char *path)
{
	struct stat status;
	if (stat(path, &status) == 0)
		return status.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

bool file_write(const char *path, const void *bytes, size_t length, const char **error)
{
	if (path_kind(path) == ENTRY_OTHER)
		return write_in_place(path, bytes, length, error);
	Arena arena = {0};
	/* Through a link to the file that it stands for, and never half a file: written beside it, then renamed over it. */
	const char *target = path_real(&arena, path);
	if (!target)
		target = path;
	char *beside = path_join(&arena, path_parent(&arena, target), ".ddlint.XXXXXX");
	/* Whoever wants to end us waits until nothing lies about. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool done = write_beside(beside, mode_of(target), bytes, length, error);
	if (done && rename(beside, target) != 0) {
		*error = error_words(errno);
		unlink(beside);
		done = false;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	arena_free(&arena);
	return done;
}

bool folder_make(const char *path, const char **error)
{
	Arena arena = {0};
	char *part = arena_string(&arena, path);
	bool good = true;
	for (char *slash = part; good && *part && slash;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		good = mkdir(part, 0777) == 0 || errno == EEXIST;
		if (slash)
			*slash = '/';
	}
	if (!good)
		*error = error_words(errno);
	arena_free(&arena);
	return good;
}

char *working_folder(Arena *arena)
{
	char *folder = getcwd(NULL, 0);
	if (!folder && errno == ENOMEM)
		die("out of memory");
	char *copy = arena_string(arena, folder ? folder : "");
	free(folder); /* getcwd's own memory */
	return copy;
}

char *path_absolute(Arena *arena, const char *folder, const char *path)
{
	char *joined = path[0] == '/' ? arena_string(arena, path) : arena_print(arena, "%s/%s", folder, path);
	char *out = joined; /* the result is never longer than what was read */
	const char *in = joined;
	while (*in) {
		while (*in == '/')
			in++;
		size_t length = strcspn(in, "/");
		if (length == 2 && in[0] == '.' && in[1] == '.') {
			while (out > joined && *--out != '/')
				;
		} else if (length && !(length == 1 && in[0] == '.')) {
			*out++ = '/';
			memmove(out, in, length);
			out += length;
		}
		in += length;
	}
	if (out == joined)
		*out++ = '/';
	*out = '\0';
	return joined;
}

char *path_real(Arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	char *copy = arena_string(arena, real);
	free(real); /* realpath's own memory */
	return copy;
}

char *path_join(Arena *arena, const char *folder, const char *name)
{
	return arena_join(arena, folder, ends_with(folder, "/") ? "" : "/", name);
}

char *path_parent(Arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return arena_string(arena, ".");
	return arena_copy(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

const char *path_below(const char *folder, const char *path)
{
	size_t length = strlen(folder);
	if (length == 1 && folder[0] == '/')
		return path[0] == '/' ? path + 1 : NULL;
	if (strncmp(folder, path, length) != 0)
		return NULL;
	return path[length] == '/' ? path + length + 1 : path[length] == '\0' ? path + length : NULL;
}

const char *path_shown(const char *folder, const char *path)
{
	const char *below = path_below(folder, path);
	return !below ? path : below[0] ? below : ".";
}
