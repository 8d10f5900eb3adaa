#include "commands/options.h"

#include <stdlib.h>

enum { OLDEST_POSTGRES = 11, NEWEST_POSTGRES = 18, MOST_JOBS = 256 };

typedef enum OptionKind {
	OPTION_FLAG,    /* bool */
	OPTION_STRING,  /* const char * */
	OPTION_LIST,    /* Words: "a,b", added to what stands there */
	OPTION_JOBS,    /* int */
	OPTION_MAJORS,  /* "15" or "15-18", into postgres_low and postgres_high */
	OPTION_FAIL_ON, /* Severity */
	OPTION_COLOR,   /* ColorChoice */
	OPTION_ON_UNKNOWN, /* OnUnknown, and on_unknown_given */
	OPTION_RISK,    /* const char *: safe, controlled, high */
	OPTION_LATER,   /* known, not part of this version yet */
} OptionKind;

/* Which commands take an option: their names, each between blanks. */
#define READING " check audit facts schema "
#define CHECK " check "
#define ANY NULL

typedef struct OptionRow {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* NULL: a flag */
	OptionKind kind;
	size_t offset;        /* of the field in Options */
	const char *commands;
	const char *help;     /* NULL: not shown */
} OptionRow;

#define FIELD(name) offsetof(Options, name)

static const OptionRow rows[] = {
	{"format", 0, "FORMAT", OPTION_STRING, FIELD(format), READING "rules ", "how to print the result (below)"},
	{"output", 'o', "FILE", OPTION_STRING, FIELD(output), READING "rules released ", "write to a file instead of standard output"},
	{"config", 0, "FILE|none", OPTION_STRING, FIELD(config), READING "seal rules explain ", "instead of the nearest .ddlint.yml"},
	{"postgres", 0, "N[-M]", OPTION_MAJORS, FIELD(postgres_low), READING "seal ", "server majors in use, 11 to 18; default 15"},
	{"layout", 0, "NAME|auto", OPTION_STRING, FIELD(layout), READING "seal released ", "how the migration tool keeps its files"},
	{"project", 0, "NAME", OPTION_STRING, FIELD(project), READING "seal ", "only this project of the configuration"},
	{"no-history", 0, NULL, OPTION_FLAG, FIELD(no_history), READING, "every file by itself, knowing nothing before it"},
	{"stdin-filename", 0, "FILE", OPTION_STRING, FIELD(stdin_filename), READING, "the name for what standard input holds"},
	{"released", 0, "V", OPTION_STRING, FIELD(released), READING "seal ", "what has run: a version, git:REF, @latest-tag, file:CSV"},
	{"since", 0, "GITREF", OPTION_STRING, FIELD(since), CHECK "audit ", "only what changed since then; the rest has run"},
	{"migration", 0, "V,...", OPTION_LIST, FIELD(migrations), " audit ", "only these: versions, files or folders"},
	{"verify", 0, "REPORT", OPTION_STRING, FIELD(verify), " audit ", "say what differs from a report that was signed"},
	{"select", 0, "RULE,...", OPTION_LIST, FIELD(select), CHECK, "only these rules or categories, or all"},
	{"ignore", 0, "RULE,...", OPTION_LIST, FIELD(ignore), CHECK, "not these rules or categories"},
	{"pack", 0, "NAME,...", OPTION_LIST, FIELD(packs), CHECK, "also the rules and severities of these packs"},
	{"fail-on", 0, "SEVERITY", OPTION_FAIL_ON, FIELD(fail_on), CHECK, "exit 1 from error (default), warning, note; or never"},
	{"max-risk", 0, "RISK", OPTION_RISK, FIELD(max_risk), CHECK "audit ", "exit 1 for migrations of more: safe, controlled or high"},
	{"on-unknown", 0, "WORD", OPTION_ON_UNKNOWN, FIELD(on_unknown), CHECK, "what cannot be analysed: allow, warn (default), fail"},
	{"baseline", 0, "FILE|none", OPTION_STRING, FIELD(baseline), CHECK, "old findings; default .ddlint-baseline.yml if it is there"},
	{"write-baseline", 0, NULL, OPTION_FLAG, FIELD(write_baseline), CHECK, "make today's findings old ones"},
	{"fix", 0, NULL, OPTION_FLAG, FIELD(fix), CHECK, "write the safe fixes into the files"},
	{"diff", 0, NULL, OPTION_FLAG, FIELD(diff), CHECK, "print them as a patch for git apply, write nothing"},
	{"review", 0, NULL, OPTION_FLAG, FIELD(review), CHECK, "with --fix or --diff: also fixes that need a look"},
	{"require-migrations", 0, NULL, OPTION_FLAG, FIELD(require_migrations), CHECK, "exit 2 when there is no migration"},
	{"quiet", 'q', NULL, OPTION_FLAG, FIELD(quiet), CHECK, "one line for each finding, nothing else"},
	{"summary", 0, NULL, OPTION_FLAG, FIELD(summary), CHECK, "how often each rule spoke, no findings"},
	{"color", 0, "WHEN", OPTION_COLOR, FIELD(color), CHECK, "auto (default), always or never"},
	{"jobs", 'j', "N", OPTION_JOBS, FIELD(jobs), READING "seal ", "threads; default: one for each processor"},
	{"verbose", 'v', NULL, OPTION_FLAG, FIELD(verbose), READING "seal ", "say what was detected and why"},
	{"actions", 0, NULL, OPTION_FLAG, FIELD(actions), " rules ", "the vocabulary for rules of your own"},
	{"effects", 0, NULL, OPTION_FLAG, FIELD(effects), " rules ", "what every action does to a live database"},
	{"test", 0, "FILE", OPTION_STRING, FIELD(test), " rules ", "run the examples of the rules in a YAML file"},
	{"ci", 0, "KIND,...", OPTION_LIST, FIELD(ci), " init ", "also a pipeline: github, gitlab, pre-commit"},
	{"help", 'h', NULL, OPTION_FLAG, FIELD(help), ANY, "this page"},
	{"version", 'V', NULL, OPTION_FLAG, FIELD(version), ANY, "the version and the parser's"},
	{"query", 0, NULL, OPTION_FLAG, FIELD(query), " heat released ", "print the SQL"},
	{"check", 0, NULL, OPTION_FLAG, FIELD(check), " seal ", "say what changed since it was written"},
};

static void fail(Arena *arena, Options *options, const char *format, ...) PRINTF(3, 4);
static void fail(Arena *arena, Options *options, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (!options->error) /* the first mistake is the one to mend first */
		options->error = arena_vprint(arena, format, arguments);
	va_end(arguments);
}

static bool row_is_for(const OptionRow *row, const Command *command)
{
	if (!row->commands)
		return true;
	size_t length = strlen(command->name);
	for (const char *at = row->commands; (at = strstr(at, command->name)); at += length)
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
	return false;
}

/* --- Values ---------------------------------------------------------------------------------------------------------------- */

static bool read_number(const char *text, const char **end, long low, long high, int *number)
{
	char *after;
	if (*text < '0' || *text > '9')
		return false;
	long value = strtol(text, &after, 10);
	*end = after;
	*number = value >= low && value <= high ? (int)value : 0;
	return value >= low && value <= high;
}

static void read_majors(Arena *arena, Options *options, const char *value)
{
	const char *rest = value;
	int low = 0, high = 0;
	bool good = read_number(value, &rest, OLDEST_POSTGRES, NEWEST_POSTGRES, &low);
	if (good && *rest == '-')
		good = read_number(rest + 1, &rest, low, NEWEST_POSTGRES, &high);
	else
		high = low;
	if (!good || *rest)
		fail(arena, options, "--postgres %s: a server major from %d to %d is needed, or a range such as 15-18", value,
		     OLDEST_POSTGRES, NEWEST_POSTGRES);
	options->postgres_low = low;
	options->postgres_high = high;
}

static void read_list(Arena *arena, Words *words, const char *value)
{
	while (*value) {
		value += strspn(value, ", ");
		size_t length = strcspn(value, ", ");
		if (length)
			array_push(arena, words, arena_copy(arena, value, length));
		value += length;
	}
}

/* Which of a few words the value is; 0 and a mistake when it is none of them. */
static size_t read_word(Arena *arena, Options *options, const char *option, const char *value, const char *const *words,
			size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same(words[i], value))
			return i;
	const char *meant = nearest(value, words, count), *all = words[0];
	for (size_t i = 1; i < count; i++)
		all = arena_print(arena, "%s%s%s", all, i + 1 == count ? " or " : ", ", words[i]);
	if (meant)
		fail(arena, options, "--%s %s: did you mean %s?", option, value, meant);
	else
		fail(arena, options, "--%s %s: it takes %s", option, value, all);
	return 0;
}

static void set_value(Arena *arena, Options *options, const OptionRow *row, const char *value)
{
	static const char *const severities[] = {"error", "warning", "note", "never"};
	static const Severity severity_values[] = {SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_OFF};
	static const char *const unknowns[] = {"allow", "warn", "fail"};
	static const char *const risks[] = {"safe", "controlled", "high"};
	static const char *const colors[] = {"auto", "always", "never"};
	char *field = (char *)options + row->offset;
	const char *rest = "";
	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_STRING:
		if (!*value)
			fail(arena, options, "--%s needs a value: %s", row->name, row->argument);
		*(const char **)field = value;
		break;
	case OPTION_LIST:
		read_list(arena, (Words *)field, value);
		break;
	case OPTION_JOBS:
		if (!read_number(value, &rest, 1, MOST_JOBS, (int *)field) || *rest)
			fail(arena, options, "--%s %s: a number from 1 to %d is needed", row->name, value, MOST_JOBS);
		break;
	case OPTION_MAJORS:
		read_majors(arena, options, value);
		break;
	case OPTION_FAIL_ON:
		options->fail_on =
			severity_values[read_word(arena, options, row->name, value, severities, LENGTH(severities))];
		break;
	case OPTION_COLOR:
		options->color = (ColorChoice)read_word(arena, options, row->name, value, colors, LENGTH(colors));
		break;
	case OPTION_ON_UNKNOWN:
		options->on_unknown = (OnUnknown)read_word(arena, options, row->name, value, unknowns, LENGTH(unknowns));
		options->on_unknown_given = true;
		break;
	case OPTION_RISK:
		options->max_risk = risks[read_word(arena, options, row->name, value, risks, LENGTH(risks))];
		break;
	case OPTION_LATER:
		fail(arena, options, "--%s is not part of this version yet", row->name);
		break;
	}
}

/* --- Words of the command line ------------------------------------------------------------------------------------------------ */

static void unknown_option(Arena *arena, Options *options, const char *name, size_t length)
{
	const char *names[LENGTH(rows)];
	for (size_t i = 0; i < LENGTH(rows); i++)
		names[i] = rows[i].name;
	const char *word = arena_copy(arena, name, length), *meant = nearest(word, names, LENGTH(rows));
	if (meant)
		fail(arena, options, "unknown option --%s: did you mean --%s?", word, meant);
	else
		fail(arena, options, "unknown option --%s", word);
}

typedef ARRAY(const OptionRow *) GivenRows;

/* Reads the option at argv[i]; answers how many words it took. */
static int read_option(Arena *arena, Options *options, GivenRows *given, int argc, const char *const *argv, int i)
{
	const char *word = argv[i];
	bool is_long = word[1] == '-';
	size_t length = is_long ? strcspn(word + 2, "=") : 0;
	const OptionRow *row = NULL;
	for (size_t r = 0; r < LENGTH(rows) && !row; r++)
		if (is_long ? text_is((Text){word + 2, length}, rows[r].name) : rows[r].letter == word[1])
			row = &rows[r];
	if (!row && is_long) {
		unknown_option(arena, options, word + 2, length);
		return 1;
	}
	if (!row) {
		fail(arena, options, "unknown option -%c", word[1]);
		return 1;
	}
	array_push(arena, given, row);
	const char *attached = is_long ? (word[2 + length] == '=' ? word + 3 + length : NULL) : (word[2] ? word + 2 : NULL);
	if (!row->argument) {
		if (attached)
			fail(arena, options, "--%s takes no value", row->name);
		set_value(arena, options, row, NULL);
		return 1;
	}
	if (attached) {
		set_value(arena, options, row, attached);
		return 1;
	}
	if (i + 1 == argc) {
		fail(arena, options, "--%s needs a value: %s", row->name, row->argument);
		return 1;
	}
	set_value(arena, options, row, argv[i + 1]);
	return 2;
}

void options_parse(Arena *arena, int argc, const char *const *argv, Options *options)
{
	*options = (Options){.fail_on = SEVERITY_UNSET, .bare = argc <= 1};
	GivenRows given = {0};
	bool only_paths = false;
	for (int i = 1; i < argc;) {
		const char *word = argv[i];
		if (!only_paths && same(word, "--")) {
			only_paths = true;
			i++;
			continue;
		}
		if (!only_paths && word[0] == '-' && word[1]) {
			i += read_option(arena, options, &given, argc, argv, i);
			continue;
		}
		/* The first word may name the command; a path of that name is written ./check. */
		bool first = !only_paths && !options->command && !options->paths.count;
		const Command *command = first ? command_by_name(word) : NULL;
		if (command)
			options->command = command;
		else
			array_push(arena, &options->paths, word);
		i++;
	}
	options->implied = !options->command;
	if (options->implied)
		options->command = &all_commands[0];
	else if (!options->command->run)
		options->error = arena_print(arena, "ddlint %s is not part of this version yet", options->command->name);
	array_each (const OptionRow *, row, &given)
		if (!row_is_for(*row, options->command))
			fail(arena, options, "ddlint %s does not take --%s", options->command->name, (*row)->name);
}

/* --- Help ------------------------------------------------------------------------------------------------------------------------ */

enum { HELP_COLUMN = 30 };

static void add_options(Buf *out, const Command *command)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const OptionRow *row = &rows[i];
		if (!row->help || !row_is_for(row, command))
			continue;
		size_t start = out->length;
		if (row->letter)
			buf_addf(out, "  -%c, ", row->letter);
		else
			buf_adds(out, "      ");
		buf_addf(out, "--%s%s%s", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
		size_t width = out->length - start;
		buf_addf(out, "%*s%s\n", width + 2 > HELP_COLUMN ? 2 : (int)(HELP_COLUMN - width), "", row->help);
	}
}

void options_help(Buf *out, const Command *command)
{
	if (command) {
		buf_addf(out, "usage: ddlint %s [OPTION...]%s%s\n\n%s\n\n", command->name, *command->arguments ? " " : "",
			 command->arguments, command->help);
	} else {
		buf_adds(out, "ddlint " DDLINT_VERSION ": what a PostgreSQL migration does to a live database, before it does it\n\n"
			      "usage: ddlint [OPTION...] PATH...\n"
			      "       ddlint COMMAND [OPTION...] [ARGUMENT...]\n\n"
			      "commands:\n");
		for (const Command *one = all_commands; one->name; one++)
			if (one->run)
				buf_addf(out, "  %-8s %-11s %s\n", one->name, one->arguments, one->help);
		buf_adds(out, "\nThe command may be left out: ddlint PATH is ddlint check PATH.\n\n");
		command = &all_commands[0];
	}
	buf_addf(out, "options of %s:\n", command->name);
	add_options(out, command);
}
