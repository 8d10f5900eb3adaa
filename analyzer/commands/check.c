/* `ddlint check`: discovery, lint, reporter, exit code. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "commands/baseline.h"
#include "commands/commands.h"
#include "commands/fix.h"
#include "discover/layout.h"
#include "report/report.h"

/* --format: one of the registry's reporters. */
static const Reporter *choose_reporter(const Options *options)
{
	if (!options->format)
		return reporter_by_name("text");
	const Reporter *reporter = reporter_by_name(options->format);
	if (reporter)
		return reporter;
	enum { MOST_FORMATS = 31 };
	const char *names[MOST_FORMATS + 1] = {"text"}; /* the default is named first */
	size_t count = 1;
	for (const Reporter *const *one = all_reporters; *one && count < MOST_FORMATS; one++)
		if (!same((*one)->name, "text"))
			names[count++] = (*one)->name;
	choose_format(options, names);
	return NULL;
}

/* --select and --ignore take rules, categories and "all"; of the user's own rules those that some history knows. */
static void rule_words(Arena *arena, const RuleBook *book, const Discovery *discovery, Words *names)
{
	array_push(arena, names, "all");
	for (Category category = 0; category < CATEGORY_COUNT; category++)
		array_push(arena, names, category_word(category));
	array_each (RuleEntry, entry, &book->entries)
		array_push(arena, names, entry->id);
	array_each (History *, history, &discovery->histories)
		if ((*history)->config)
			array_each (KnownRule, own, &(*history)->config->own_rules)
				array_push(arena, names, own->id);
}

static bool check_rule_words(Arena *arena, const RuleBook *book, const Discovery *discovery, const char *option, const Words *words)
{
	Words names = {0};
	rule_words(arena, book, discovery, &names);
	bool good = true;
	array_each (const char *, word, words) {
		bool found = false;
		for (uint32_t i = 0; i < names.count && !found; i++)
			found = same(names.items[i], *word);
		if (found)
			continue;
		const char *meant = nearest(*word, names.items, names.count);
		if (meant)
			complain("--%s %s: no such rule or category: did you mean %s?", option, *word, meant);
		else
			complain("--%s %s: no such rule or category: see ddlint rules", option, *word);
		good = false;
	}
	return good;
}

static bool want_color(const Options *options)
{
	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM"); /* https://no-color.org */
	return !options->output && isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal &&
	       !same(terminal, "dumb");
}

/* YYYY-MM-DD. SOURCE_DATE_EPOCH makes runs repeatable: https://reproducible-builds.org/specs/source-date-epoch/ */
const char *today(Arena *arena)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm date;
	char text[32];
	if (!gmtime_r(&now, &date) || !strftime(text, sizeof text, "%Y-%m-%d", &date))
		return NULL;
	return arena_string(arena, text);
}

/* From which severity on a finding makes the exit code 1: the command line's word, else its history's configuration's. */
static Severity threshold(const Options *options, const Discovery *discovery, const Finding *finding)
{
	if (options->fail_on != SEVERITY_UNSET)
		return options->fail_on;
	array_each (History *, history, &discovery->histories)
		if (same((*history)->name, finding->history))
			return (*history)->config && (*history)->config->fail_on != SEVERITY_UNSET
				       ? (*history)->config->fail_on
				       : SEVERITY_ERROR;
	return SEVERITY_ERROR;
}

static bool fails(const Options *options, const Discovery *discovery, const Run *run)
{
	for (uint32_t i = 0; i < run->findings.count; i++) {
		const Finding *finding = run->findings.items[i];
		Severity from = threshold(options, discovery, finding);
		if (!finding->suppressed && from != SEVERITY_OFF && finding->severity >= from)
			return true;
	}
	return false;
}

/* --verbose: what each history was taken for. */
static void say_histories(const Options *options, const Discovery *discovery)
{
	array_each (History *, item, &discovery->histories) {
		const History *history = *item;
		const Config *config = history->config;
		Buf said = {0};
		buf_addf(&said, "%s: %s, ", history->name, history->layout ? history->layout->title : "no layout");
		add_count(&said, history->migrations.count, "migration");
		int low = lowest_postgres(options, history);
		int high = options->postgres_low ? options->postgres_high : config ? config->postgres_high : low;
		buf_addf(&said, ", PostgreSQL %d", low);
		if (high > low)
			buf_addf(&said, " to %d", high);
		buf_addf(&said, ", %s", config && config->path ? config->path : "no configuration");
		tell("%s", said.data);
		buf_free(&said);
	}
}

static void say_pending(Arena *arena, const Discovery *discovery)
{
	Map seen = {0};
	array_each (History *, history, &discovery->histories) {
		ConfigLines lines = {0};
		if ((*history)->config)
			config_pending(arena, (*history)->config, &lines);
		array_each (const char *, line, &lines) {
			if (map_get(&seen, *line, strlen(*line)))
				continue;
			map_set(arena, &seen, *line, strlen(*line), &seen);
			tell("ddlint: %s", *line);
		}
	}
}

/* `ddlint chekc`: a path that is not there may be a mistyped command. */
static bool mistyped_command(const Options *options)
{
	enum { MOST_COMMANDS = 31 };
	const char *word = options->implied && options->paths.count ? options->paths.items[0] : "";
	if (!*word || strpbrk(word, "/.*") || path_kind(word) != ENTRY_NONE)
		return false;
	const char *names[MOST_COMMANDS];
	size_t count = 0;
	for (const Command *command = all_commands; command->name && count < MOST_COMMANDS; command++)
		names[count++] = command->name;
	const char *meant = nearest(word, names, count);
	if (meant)
		complain("no file, folder or command %s: did you mean ddlint %s?", word, meant);
	return meant != NULL;
}

static bool write_baseline(Arena *arena, const char *path, const Baseline *old, const Names *looked_at, const Run *run)
{
	Buf text = {0};
	uint32_t count;
	baseline_write(arena, &text, old, looked_at, run, &count);
	bool written = write_own_file(path, &text);
	buf_free(&text);
	if (written)
		tell("ddlint: wrote %u finding%s to %s", count, count == 1 ? "" : "s", path);
	return written;
}

/* The baseline of --baseline, else the one that lies in the working folder. Writes it when asked to. False: it cannot be used. */
static bool compare_with_baseline(Arena *arena, const Options *options, const Names *looked_at, Run *run)
{
	const char *path = options->baseline ? options->baseline : BASELINE_NAME;
	if (same(path, "none"))
		return true;
	bool there = path_kind(path) != ENTRY_NONE;
	bool wanted = there || (options->baseline && !options->write_baseline);
	Baseline *baseline = wanted ? baseline_read(arena, path) : NULL;
	if (wanted && !baseline)
		return false;
	if (baseline)
		baseline_apply(arena, baseline, looked_at, run);
	if (options->write_baseline)
		return write_baseline(arena, path, baseline, looked_at, run);
	if (baseline && baseline->stale)
		tell("%s: %u of its findings %s gone: write it anew with --write-baseline", path, baseline->stale,
			baseline->stale == 1 ? "is" : "are");
	return true;
}

/* on-unknown: does what could not be analysed fail the run? Where it only warns, the text report has said so in its last line. */
static bool unknown_matters(const Options *options, const Discovery *discovery, const Run *run, bool said)
{
	uint32_t failing = 0, warned = 0;
	for (uint32_t i = 0; i < discovery->histories.count && i < run->unknown.count; i++) {
		const Config *config = discovery->histories.items[i]->config;
		OnUnknown wanted = options->on_unknown_given ? options->on_unknown : config ? config->on_unknown : ON_UNKNOWN_WARN;
		if (wanted == ON_UNKNOWN_FAIL)
			failing += run->unknown.items[i].unseen + run->unknown.items[i].unparsed;
		else if (wanted == ON_UNKNOWN_WARN)
			warned += run->unknown.items[i].unseen;
	}
	uint32_t count = failing ? failing : said ? 0 : warned;
	if (count)
		tell("ddlint: %u statement%s could not be analysed", count, count == 1 ? "" : "s");
	return failing > 0;
}

LintOptions lint_options(Arena *arena, const Options *options, const RuleBook *book)
{
	return (LintOptions){
		.jobs = options->jobs,
		.postgres_low = options->postgres_low,
		.postgres_high = options->postgres_high,
		.select = options->select.items,
		.select_count = options->select.count,
		.ignore = options->ignore.items,
		.ignore_count = options->ignore.count,
		.max_risk = options->max_risk,
		.today = today(arena),
		.rules = book,
	};
}

/* --diff: the patch in place of the report; the exit code is that of the files as they are. */
static int write_patch(const Options *options, Buf *patch, int code)
{
	if (write_output(options, patch) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(patch);
	return code;
}

int check_run(Arena *arena, const Options *options)
{
	if (mistyped_command(options))
		return EXIT_FAILED;
	const Reporter *reporter = choose_reporter(options);
	if (!reporter)
		return EXIT_FAILED;

	const RuleBook *book = rule_book(arena);
	Buf patch = {0};
	FixResult fixed = options->fix || options->diff ? fix_files(arena, options, book, &patch) : FIX_DONE;
	Discovery *discovery = discover_paths(arena, options, book);
	bool good = check_rule_words(arena, book, discovery, "select", &options->select);
	good = check_rule_words(arena, book, discovery, "ignore", &options->ignore) && good;
	if (!good) {
		array_each (History *, history, &discovery->histories)
			history_free(*history);
		return EXIT_FAILED;
	}
	bool failed = print_notes(discovery) || fixed == FIX_FAILED;
	if (fixed == FIX_WITHOUT_UNREAD && !failed) /* and now it can */
		failed = complain("what could not be read at first is not fixed") == EXIT_FAILED;
	if (options->verbose) {
		say_histories(options, discovery);
		say_pending(arena, discovery);
	}
	Names looked_at = {0};
	baseline_scope(arena, discovery, &looked_at);
	const LintOptions wanted = lint_options(arena, options, book);
	Run *run = lint(arena, discovery, &wanted);
	int code = failed ? EXIT_FAILED : EXIT_CLEAN;
	if (!compare_with_baseline(arena, options, &looked_at, run))
		code = EXIT_FAILED;
	if (options->write_baseline)
		return code;
	if (options->diff)
		return write_patch(options, &patch, code == EXIT_CLEAN && fails(options, discovery, run) ? EXIT_FINDINGS : code);
	/* The reports for machines stay well formed on standard output. */
	bool empty = run->summary.migrations == 0 && run->findings.count == 0;
	if (empty && code == EXIT_CLEAN)
		code = no_migrations(options);
	if (empty && same(reporter->name, "text") && !options->output)
		return code;

	const ReportOptions style = {
		.color = want_color(options), .quiet = options->quiet, .summary_only = options->summary, .title = options->project};
	Buf report = {0};
	reporter->render(&report, run, &style);
	if (write_output(options, &report) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&report);
	bool unknown_fails = unknown_matters(options, discovery, run, same(reporter->name, "text"));
	if (code == EXIT_CLEAN && (unknown_fails || fails(options, discovery, run)))
		code = EXIT_FINDINGS;
	return code;
}
