/*
 * For LD_PRELOAD: one call of the C library fails. FAULT=write:3 is the third write(); after it, everything works again. When the
 * call was reached, the file of FAULT_SEEN comes to be. Calls count from when the program's own main() begins.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *wanted; /* "write" */
static long left;          /* calls up to the one that fails */
static atomic_long calls;

__attribute__((constructor)) static void start(void)
{
	const char *fault = getenv("FAULT"), *colon = fault ? strchr(fault, ':') : NULL;
	if (!colon)
		return;
	left = strtol(colon + 1, NULL, 10);
	wanted = fault;
}

static bool fails(const char *name)
{
	size_t length = strlen(name);
	if (!wanted || strncmp(wanted, name, length) != 0 || wanted[length] != ':' || atomic_fetch_add(&calls, 1) + 1 != left)
		return false;
	const char *seen = getenv("FAULT_SEEN");
	if (seen)
		mkdir(seen, 0777);
	return true;
}

/* The library's own; dlsym() itself may allocate, but not the second time. */
#define REAL(type, name, ...)                                      \
	static type (*real)(__VA_ARGS__);                          \
	if (!real)                                                 \
		real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define FAIL(name, code, value)       \
	do {                          \
		if (fails(name)) {    \
			errno = code; \
			return value; \
		}                     \
	} while (0)

extern void *__libc_malloc(size_t size), *__libc_calloc(size_t count, size_t size), *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	FAIL("malloc", ENOMEM, NULL);
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	FAIL("malloc", ENOMEM, NULL);
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	FAIL("malloc", ENOMEM, NULL);
	return __libc_realloc(memory, size);
}

ssize_t read(int descriptor, void *bytes, size_t length)
{
	REAL(ssize_t, "read", int, void *, size_t);
	FAIL("read", EIO, -1);
	return real(descriptor, bytes, length);
}

/* Half of it is written before the disk is full. */
ssize_t write(int descriptor, const void *bytes, size_t length)
{
	REAL(ssize_t, "write", int, const void *, size_t);
	if (fails("write")) {
		real(descriptor, bytes, length / 2);
		errno = ENOSPC;
		return -1;
	}
	return real(descriptor, bytes, length);
}

int open(const char *path, int flags, ...)
{
	REAL(int, "open", const char *, int, ...);
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	FAIL("open", EMFILE, -1);
	return real(path, flags, mode);
}

DIR *opendir(const char *path)
{
	REAL(DIR *, "opendir", const char *);
	FAIL("opendir", EMFILE, NULL);
	return real(path);
}

struct dirent *readdir(DIR *folder)
{
	REAL(struct dirent *, "readdir", DIR *);
	FAIL("readdir", EIO, NULL);
	return real(folder);
}

int mkstemp(char *template)
{
	REAL(int, "mkstemp", char *);
	FAIL("mkstemp", ENOSPC, -1);
	return real(template);
}

int fchmod(int descriptor, mode_t mode)
{
	REAL(int, "fchmod", int, mode_t);
	FAIL("fchmod", EPERM, -1);
	return real(descriptor, mode);
}

int fsync(int descriptor)
{
	REAL(int, "fsync", int);
	FAIL("fsync", EIO, -1);
	return real(descriptor);
}

int close(int descriptor)
{
	REAL(int, "close", int);
	if (fails("close")) {
		real(descriptor);
		errno = EIO;
		return -1;
	}
	return real(descriptor);
}

int rename(const char *from, const char *to)
{
	REAL(int, "rename", const char *, const char *);
	FAIL("rename", EIO, -1);
	return real(from, to);
}
