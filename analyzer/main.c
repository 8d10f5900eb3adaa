/* The program: its command line is read, one command runs, its exit code is answered. */
#include <signal.h>
#include <stdio.h>

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

int main(int argc, char **argv)
{
	Arena arena = {0};
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), not the end of the process */
	int code = run(&arena, argc, (const char *const *)argv);
	arena_free(&arena);
	return code;
}
