#ifndef DDLINT_OPTIONS_H
#define DDLINT_OPTIONS_H
/*
 * The command line: a table of commands and a table of options, one row each; parsing, checking and --help read the same rows.
 *
 * Parsing touches nothing outside: a mistake is a sentence for the user in Options.error.
 */
#include "base/base.h"
#include "discover/config.h"

typedef struct Options Options;

typedef struct Command {
	const char *name;
	const char *arguments; /* as --help shows them */
	const char *help;
	/* Does the work and answers the exit code. NULL: not part of this version yet. */
	int (*run)(Arena *arena, const Options *options);
} Command;

typedef enum ColorChoice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorChoice;

typedef ARRAY(const char *) Words;

struct Options {
	const Command *command;
	const char *error;   /* what is wrong with the command line; NULL: nothing */
	bool bare;           /* nothing at all was written behind the program's name */
	bool implied;        /* no command was named: it is check */
	bool help, version;
	Words paths;         /* what is neither an option nor the command */
	const char *format, *output, *config, *layout, *project, *stdin_filename;
	const char *released, *since, *baseline, *test, *verify;
	const char *max_risk; /* safe, controlled or high; NULL: as configured */
	Words select, ignore, packs, ci, migrations;
	int postgres_low, postgres_high; /* 0: as configured */
	Severity fail_on;                /* SEVERITY_UNSET: as configured */
	OnUnknown on_unknown;            /* when on_unknown_given */
	bool on_unknown_given;
	ColorChoice color;
	int jobs;
	bool quiet, summary, verbose, no_history, require_migrations, write_baseline, fix, diff, review, actions, effects, query, check;
};

void options_parse(Arena *arena, int argc, const char *const *argv, Options *options);
/* The general page, or the command's own when one is given. */
void options_help(Buf *out, const Command *command);

/* Ends with name NULL; the first one is the default. */
extern const Command all_commands[];
const Command *command_by_name(const char *name);
#endif
