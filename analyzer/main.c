/* The program: its command line is read, one command runs, its exit code is answered. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands/commands.h"

static int run(Arena *arena, int argc, const char *const *argv)
{
	Options options;
	options_parse(arena, argc, argv, &options);
	if (options.bare) {
		fputs("usage: ddlint [OPTION...] PATH...\n"
		      "       ddlint COMMAND [OPTION...] [ARGUMENT...]\n"
		      "ddlint --help lists commands and options\n",
		      stderr);
		return EXIT_FAILED;
	}
	if (options.help)
		return help_run(arena, &options);
	if (options.version)
		return version_run(arena, &options);
	if (options.error)
		return complain("%s", options.error);
	return options.command->run(arena, &options);
}

/* Started without standard streams, the first files that are opened would be them. What is written to these fails. */
static void open_standard_streams(void)
{
	int descriptor;
	do
		descriptor = open("/dev/null", O_RDONLY);
	while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor >= 0)
		close(descriptor);
}

/* The one thing that outlives main: who ends the process. */
static bool ended;

/* Without memory libpg_query ends the process itself, with 1, which means findings, and a line on standard output that is none. */
static void ended_by_others(void)
{
	static const char message[] = "ddlint: the parser ended: out of memory\n";
	if (ended)
		return;
	ssize_t written UNUSED = write(STDERR_FILENO, message, strlen(message));
	_exit(EXIT_FAILED);
}

int main(int argc, char **argv)
{
	Arena arena = {0};
	open_standard_streams();
	atexit(ended_by_others);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), not the end of the process */
	int code = run(&arena, argc, (const char *const *)argv);
	arena_free(&arena);
	ended = true;
	return code;
}
