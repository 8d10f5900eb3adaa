#ifndef DDLINT_COMMANDS_H
#define DDLINT_COMMANDS_H
/*
 * The commands, one file each, and what they share: the edge where ddlint touches standard output and standard error.
 */
#include "commands/options.h"
#include "judge/rule_book.h"
#include "lint.h"

typedef enum ExitCode {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_FAILED = 2, /* the work could not be done: usage, configuration, unreadable or missing paths */
} ExitCode;

/* Where neither the command line nor a configuration says which server. */
enum { DEFAULT_POSTGRES = 15 };

int check_run(Arena *arena, const Options *options);
/* What the command line asks of lint(). */
LintOptions lint_options(Arena *arena, const Options *options, const RuleBook *book);
int facts_run(Arena *arena, const Options *options);
int schema_run(Arena *arena, const Options *options);
int audit_run(Arena *arena, const Options *options);
int explain_run(Arena *arena, const Options *options);
int rules_run(Arena *arena, const Options *options);
/* Of rules_run: the vocabulary of rules in YAML. */
void render_actions(Arena *arena, Buf *out, bool json_wanted);
void render_effects(Arena *arena, Buf *out);
/* Of rules_run: --test. */
int test_rules(Arena *arena, const Options *options);
/* analyzer/lsp/ */
int lsp_run(Arena *arena, const Options *options);
int init_run(Arena *arena, const Options *options);
int seal_run(Arena *arena, const Options *options);
int heat_run(Arena *arena, const Options *options);
int released_run(Arena *arena, const Options *options);
int help_run(Arena *arena, const Options *options);
int version_run(Arena *arena, const Options *options);

/* Prints a line on standard error, with nothing in it that a terminal would obey. */
void tell(const char *format, ...) PRINTF(1, 2);
/* The same behind "ddlint: "; answers EXIT_FAILED. */
int complain(const char *format, ...) PRINTF(1, 2);
/* Writes to --output or to standard output. EXIT_FAILED, with a message, when that fails. */
int write_output(const Options *options, const Buf *out);
/*
 * Replaces a file that ddlint calls as it likes: a link of that name is the repository's, which may lead anywhere, and is not written
 * through. False, with a message, when it was not written.
 */
bool write_own_file(const char *path, const Buf *text);
/* YYYY-MM-DD: of SOURCE_DATE_EPOCH when that is set, so that results can be made again. */
const char *today(Arena *arena);
/* Finds the histories that the command line asks for; their configurations may name the book's rules. */
Discovery *discover_paths(Arena *arena, const Options *options, const RuleBook *book);
/* The same, with the files' bytes from elsewhere; NULL: from the disk. */
Discovery *discover_paths_from(Arena *arena, const Options *options, const RuleBook *book, const SourceProvider *sources);
/*
 * The book with the user's own rules: of --config, else of the .ddlint.yml that governs the working folder. NULL, with messages,
 * when that cannot be read.
 */
const RuleBook *rules_here(Arena *arena, const Options *options);
/* Prints the discovery's notes; answers whether one of them is a failure. */
bool print_notes(const Discovery *discovery);
/* Says in one line that there was nothing to do; answers the exit code, which is --require-migrations'. */
int no_migrations(const Options *options);
/* "file:line: message" each, on standard error. */
void print_config_errors(const ConfigErrors *errors);
/* One of `formats` (NULL ends them), the first when none is asked for; NULL and a message for any other. */
const char *choose_format(const Options *options, const char *const *formats);
/* The server that facts are about: --postgres, else the history's configuration. */
int lowest_postgres(const Options *options, const History *history);
#endif
