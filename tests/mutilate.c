/*
 * Runs a fuzzer of tests/fuzz/ over inputs that are known. Files are tried as they are; the files of a folder cut off anywhere, and
 * with a byte of them made NUL or no UTF-8. Each runs in a child: what ends it, or costs 20 seconds of the processor (120
 * under the sanitizers), is told.
 *
 *   mutilate FILE|FOLDER...    MUTILATED_STEP=1 tries every byte, which takes hours; as it is, some hundred of them, and fewer
 *                              under the sanitizers. Closes with "N passed, N failed".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

typedef enum Harm { HARM_NONE, HARM_CUT, HARM_NUL, HARM_NO_UTF8 } Harm;

typedef struct Input {
	const char *path;
	Text bytes;
	size_t place;
	Harm harm;
} Input;

typedef ARRAY(Input) Inputs;

/* Every place is one input to cut and one to spoil. Places go on from file to file, so that a short one is not always hit at its start. */
static void add_places(Arena *arena, Inputs *inputs, const Inputs *files)
{
	const char *wanted = getenv("MUTILATED_STEP");
#ifdef __SANITIZE_ADDRESS__
	enum { PLACES = 40 };
#else
	enum { PLACES = 400 };
#endif
	size_t all = 0, step = wanted ? strtoul(wanted, NULL, 10) : 0, place = 0;
	array_each(const Input, file, files)
		all += file->bytes.length;
	if (!step)
		step = all / PLACES + 1;
	array_each (const Input, file, files) {
		for (; place < file->bytes.length; place += step) {
			Harm spoilt = inputs->count / 2 % 2 ? HARM_NUL : HARM_NO_UTF8;
			array_push(arena, inputs, ((Input){file->path, file->bytes, place, HARM_CUT}));
			array_push(arena, inputs, ((Input){file->path, file->bytes, place, spoilt}));
		}
		place -= file->bytes.length;
	}
}

static void add_file(Arena *arena, Inputs *inputs, const char *path)
{
	const char *error = NULL;
	Input input = {.path = path};
	input.bytes.data = file_read(arena, path, &input.bytes.length, &error);
	if (!input.bytes.data) {
		fprintf(stderr, "%s: %s\n", path, error);
		exit(2);
	}
	array_push(arena, inputs, input);
}

static void add_folder(Arena *arena, Inputs *inputs, const char *path)
{
	const char *error = NULL;
	Entries entries = {0};
	Inputs files = {0};
	if (!folder_list(arena, path, &entries, &error)) {
		fprintf(stderr, "%s: %s\n", path, error);
		exit(2);
	}
	array_each(const Entry, entry, &entries)
		add_file(arena, &files, path_join(arena, path, entry->name));
	add_places(arena, inputs, &files);
}

/* Time of the processor, not of the clock: the machine may have other things to do. */
static void run_input(const Input *input)
{
#ifdef __SANITIZE_ADDRESS__
	enum { SECONDS = 120 }; /* thirty times slower, the memory's pages most of all */
#else
	enum { SECONDS = 20 };
#endif
	const struct itimerval limit = {.it_value = {.tv_sec = SECONDS}};
	setitimer(ITIMER_PROF, &limit, NULL);
	size_t length = input->harm == HARM_CUT ? input->place : input->bytes.length;
	Buf copy = {0};
	buf_add(&copy, input->bytes.data, length);
	if (input->harm == HARM_NUL || input->harm == HARM_NO_UTF8)
		copy.data[input->place] = input->harm == HARM_NUL ? '\0' : '\xFF';
	LLVMFuzzerTestOneInput((const uint8_t *)(copy.data ? copy.data : ""), copy.length);
	buf_free(&copy);
}

/* Runs the inputs from `first` on; how many were run, or SIZE_MAX: all, to the end. */
static size_t run_from(const Inputs *inputs, size_t first, size_t *at, int *status)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		for (*at = first; *at < inputs->count; (*at)++)
			run_input(&inputs->items[*at]);
		exit(0);
	}
	if (child < 0 || waitpid(child, status, 0) != child)
		exit(2);
	return *status ? *at : SIZE_MAX;
}

int main(int count, char **arguments)
{
	static const char *const harms[] = {"as it is", "cut at", "NUL at", "0xFF at"};
	Arena arena = {0};
	Inputs inputs = {0};
	size_t failed = 0;
	for (int i = 1; i < count; i++) {
		struct stat status;
		if (stat(arguments[i], &status) == 0 && S_ISDIR(status.st_mode))
			add_folder(&arena, &inputs, arguments[i]);
		else
			add_file(&arena, &inputs, arguments[i]);
	}
	size_t *at = mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return 2;
	for (size_t first = 0; first < inputs.count;) {
		int status = 0;
		size_t broken = run_from(&inputs, first, at, &status);
		if (broken == SIZE_MAX)
			break;
		const Input *input = &inputs.items[broken];
		printf("FAIL %s, %s %zu: %s %d\n", input->path, harms[input->harm], input->place, WIFSIGNALED(status) ? "signal" : "exit",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		failed++;
		first = broken + 1;
	}
	printf("%zu passed, %zu failed\n", inputs.count - failed, failed);
	arena_free(&arena);
	return failed || !inputs.count;
}
