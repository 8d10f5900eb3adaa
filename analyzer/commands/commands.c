#include "commands/commands.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/files.h"
#include "lint.h"
#include "report/terminal.h"

const Command all_commands[] = {
	{"check", "PATH...", "lint files or folders; - is standard input", check_run},
	{"audit", "PATH...", "the reviewer's report", audit_run},
	{"facts", "PATH...", "what each statement does to a database, no opinions", facts_run},
	{"schema", "PATH...", "the schema after all migrations", schema_run},
	{"explain", "RULE", "one rule: why, what instead, bad and good SQL", explain_run},
	{"rules", "", "all rules", rules_run},
	{"init", "[FOLDER]", "write a commented .ddlint.yml", init_run},
	{"seal", "PATH...", "write or check the checksums of merged migrations", seal_run},
	{"heat", "--query", "print the SQL that measures hot tables", heat_run},
	{"released", "--query", "print the SQL that lists what has run", released_run},
	{"lsp", "", "a language server on standard input and output", lsp_run},
	{"help", "[COMMAND]", "this page, or a command's", help_run},
	{"version", "", "the version and the parser's", version_run},
	{0},
};

const Command *command_by_name(const char *name)
{
	for (const Command *command = all_commands; command->name; command++)
		if (same(command->name, name))
			return command;
	return NULL;
}

/* File names and texts of files come to a terminal here: https://www.unicode.org/reports/tr36/ */
static void put_line(const char *start, const char *format, va_list arguments)
{
	Arena arena = {0};
	Buf line = {0};
	buf_adds(&line, start);
	add_safe_string(&line, arena_vprint(&arena, format, arguments));
	buf_addc(&line, '\n');
	fwrite(line.data, 1, line.length, stderr);
	buf_free(&line);
	arena_free(&arena);
}

void tell(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	put_line("", format, arguments);
	va_end(arguments);
}

int complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	put_line("ddlint: ", format, arguments);
	va_end(arguments);
	return EXIT_FAILED;
}

/* A reader that went away, as `| head` does, has seen what it wanted: that is no failure. */
static int write_stdout(const Buf *out)
{
	for (size_t done = 0; done < out->length;) {
		ssize_t written = write(STDOUT_FILENO, out->data + done, out->length - done);
		if (written >= 0)
			done += (size_t)written;
		else if (errno == EPIPE)
			return EXIT_CLEAN;
		else if (errno != EINTR)
			return complain("standard output: %s", strerror(errno));
	}
	return EXIT_CLEAN;
}

int write_output(const Options *options, const Buf *out)
{
	if (!options->output || same(options->output, "-"))
		return write_stdout(out);
	const char *error = NULL;
	if (!file_write(options->output, out->data ? out->data : "", out->length, &error))
		return complain("%s: %s", options->output, error);
	return EXIT_CLEAN;
}

bool write_own_file(const char *path, const Buf *text)
{
	const char *error = "is a link, which is not written through: take it away first";
	bool written = !path_is_link(path) && file_write(path, text->data ? text->data : "", text->length, &error);
	if (!written)
		complain("%s: %s", path, error);
	return written;
}

Discovery *discover_paths(Arena *arena, const Options *options, const RuleBook *book)
{
	return discover_paths_from(arena, options, book, NULL);
}

Discovery *discover_paths_from(Arena *arena, const Options *options, const RuleBook *book, const SourceProvider *sources)
{
	ConfigOptions names = {0};
	known_names(arena, book, &names);
	DiscoverOptions wanted = {
		.paths = options->paths.items,
		.path_count = options->paths.count,
		.layout = options->layout,
		.config_path = options->config,
		.project = options->project,
		.released = options->released,
		.since = options->since,
		.config_options = &names,
		.packs = options->packs.items,
		.pack_count = options->packs.count,
		.jobs = options->jobs,
		.no_history = options->no_history,
		.stdin_filename = options->stdin_filename,
		.verbose = options->verbose,
		.sources = sources,
	};
	return discover(arena, &wanted);
}

void print_config_errors(const ConfigErrors *errors)
{
	array_each (ConfigError, error, errors) {
		if (error->line)
			tell("%s:%u: %s", error->path, error->line, error->message);
		else
			tell("%s: %s", error->path, error->message);
	}
}

const RuleBook *rules_here(Arena *arena, const Options *options)
{
	const RuleBook *book = rule_book(arena);
	const char *path = options->config ? options->config : config_find(arena, ".");
	if (!path || same(path, "none"))
		return book;
	ConfigOptions names = {0};
	known_names(arena, book, &names);
	names.found = !options->config;
	ConfigErrors errors = {0};
	const Config *config = config_read(arena, path, &names, &errors);
	print_config_errors(&errors);
	return config ? rule_book_with(arena, book, config) : NULL;
}

bool print_notes(const Discovery *discovery)
{
	bool failed = false;
	array_each (const Note, note, &discovery->notes) {
		if (note->path && note->line)
			tell("%s:%u: %s", note->path, note->line, note->message);
		else
			tell("%s: %s", note->path ? note->path : "ddlint", note->message);
		failed = failed || note->failure;
	}
	return failed;
}

int no_migrations(const Options *options)
{
	const char *path = options->paths.count == 1 ? options->paths.items[0] : NULL;
	const char *where = path ? path : options->paths.count ? "the paths given" : "no paths given";
	tell("ddlint: no migrations%s%s", options->paths.count ? " in " : ": ", where);
	return options->require_migrations ? EXIT_FAILED : EXIT_CLEAN;
}

const char *choose_format(const Options *options, const char *const *formats)
{
	if (!options->format)
		return formats[0];
	size_t count = 0;
	for (; formats[count]; count++)
		if (same(formats[count], options->format))
			return formats[count];
	const char *meant = nearest(options->format, formats, count);
	if (meant) {
		complain("unknown format %s: did you mean %s?", options->format, meant);
		return NULL;
	}
	Buf all = {0};
	for (size_t i = 0; i < count; i++)
		buf_addf(&all, "%s%s", i ? ", " : "", formats[i]);
	complain("unknown format %s: ddlint %s knows %s", options->format, options->command->name, all.data);
	buf_free(&all);
	return NULL;
}

int lowest_postgres(const Options *options, const History *history)
{
	if (options->postgres_low)
		return options->postgres_low;
	return history->config && history->config->postgres_low ? history->config->postgres_low : DEFAULT_POSTGRES;
}
