/* `ddlint audit`: the reviewer's report. */
#include "audit/audit.h"
#include "audit/verify.h"
#include "base/git.h"
#include "commands/commands.h"

typedef struct Writer {
	const char *format;
	void (*write)(Buf *out, const AuditReport *report);
} Writer;

static const Writer writers[] = {{"html", audit_html}, {"json", audit_json}, {"markdown", audit_markdown}};

static const Writer *choose_writer(const Options *options)
{
	const char *names[LENGTH(writers) + 1] = {0};
	for (size_t i = 0; i < LENGTH(writers); i++)
		names[i] = writers[i].format;
	const char *format = choose_format(options, names);
	for (size_t i = 0; i < LENGTH(writers); i++)
		if (same(writers[i].format, format))
			return &writers[i];
	return NULL;
}

static void add_pack(Arena *arena, AuditReport *report, const char *pack)
{
	array_each (const char *const, known, &report->packs)
		if (same(*known, pack))
			return;
	array_push(arena, &report->packs, pack);
}

static const char *range_text(Arena *arena, const Options *options)
{
	const char *from = options->since ? options->since : options->released;
	const char *text = from ? arena_print(arena, "%s..HEAD", from) : NULL;
	if (!options->migrations.count)
		return text;
	const char *list = "";
	array_each (const char *const, version, &options->migrations)
		list = arena_join(arena, list, *list ? "," : "", *version);
	return text ? arena_print(arena, "%s: %s", text, list) : list;
}

/* A branch moves on: the commit at which it was left says the same for ever. */
static void note_selection(Arena *arena, const Options *options, const Discovery *discovery, AuditSelection *selection)
{
	const char *error = NULL;
	if (options->since && discovery->histories.count)
		selection->since = git_merge_base(arena, discovery->histories.items[0]->root, "HEAD", options->since, &error);
	selection->released = options->released;
	array_each (const char *const, version, &options->migrations)
		array_push(arena, &selection->migrations, *version);
}

/* Every version that --migration names is some migration's. */
static bool check_versions(Arena *arena, const Options *options, const Discovery *discovery)
{
	bool good = true;
	array_each (const char *const, version, &options->migrations) {
		bool found = false;
		array_each (History *const, history, &discovery->histories)
			array_each (Migration *const, migration, &(*history)->migrations)
				found = found || migration_is_called(arena, *migration, *version);
		if (!found)
			complain("--migration %s: no migration is called so", *version);
		good = good && found;
	}
	return good;
}

static void audit_one(Arena *arena, const Options *options, const LintOptions *wanted, History *history, AuditReport *report)
{
	AuditRange range = {options->released != NULL, options->migrations.items, options->migrations.count};
	AuditHistory audited;
	if (history->config)
		array_each (const char *const, pack, &history->config->packs)
			add_pack(arena, report, *pack);
	read_history(history, options->jobs);
	audit_history(arena, history, wanted, &range, &audited);
	audit_last_commits(arena, history, &audited);
	array_push(arena, &report->histories, audited);
	history_free(history);
}

/* NULL, with messages, when the work could not be done at all. */
static AuditReport *audit(Arena *arena, const Options *options, int *code)
{
	const RuleBook *book = rule_book(arena);
	Discovery *discovery = discover_paths(arena, options, book);
	*code = print_notes(discovery) ? EXIT_FAILED : EXIT_CLEAN;
	if (!options->verify && !check_versions(arena, options, discovery)) {
		array_each (History *, history, &discovery->histories)
			history_free(*history);
		return NULL;
	}
	LintOptions wanted = lint_options(arena, options, book);
	AuditReport *report = new(arena, AuditReport);
	report->range = range_text(arena, options);
	note_selection(arena, options, discovery, &report->selection);
	audit_subject(arena, discovery, book, report);
	array_each (const char *const, pack, &options->packs)
		add_pack(arena, report, *pack);
	array_each (History *, history, &discovery->histories)
		audit_one(arena, options, &wanted, *history, report);
	return report;
}

/* The signed report's own range, unless the command line asks for another. */
static Options with_selection(const Options *options, const AuditSelection *selection)
{
	Options chosen = *options;
	if (options->since || options->released || options->migrations.count)
		return chosen;
	chosen.since = selection->since;
	chosen.released = selection->released;
	chosen.migrations.items = selection->migrations.items;
	chosen.migrations.count = selection->migrations.count;
	return chosen;
}

static int verify(Arena *arena, const Options *options)
{
	SignedReport then;
	const char *error = NULL;
	if (!signed_read(arena, options->verify, &then, &error))
		return complain("%s: %s", options->verify, error);
	Options chosen = with_selection(options, &then.selection);
	int code;
	const AuditReport *today = audit(arena, &chosen, &code);
	Buf out = {0};
	if (today && signed_compare(&out, &then, today) && code == EXIT_CLEAN)
		code = EXIT_FINDINGS;
	if (!today || write_output(options, &out) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&out);
	signed_free(&then);
	return code;
}

/* A migration is of more risk than --max-risk allows. */
static bool is_too_risky(const Options *options, const AuditReport *report)
{
	array_each (const AuditHistory, history, &report->histories)
		array_each (const AuditMigration, migration, &history->migrations)
			if (options->max_risk && risk_exceeds(migration->risk, risk_by_word(options->max_risk)))
				return true;
	return false;
}

int audit_run(Arena *arena, const Options *options)
{
	if (options->verify)
		return verify(arena, options);
	const Writer *writer = choose_writer(options);
	int code;
	const AuditReport *report = writer ? audit(arena, options, &code) : NULL;
	if (!report)
		return EXIT_FAILED;
	if (!report->histories.count && (code == EXIT_FAILED || no_migrations(options) != EXIT_CLEAN))
		return EXIT_FAILED;
	Buf out = {0};
	writer->write(&out, report);
	if (code == EXIT_CLEAN && is_too_risky(options, report))
		code = EXIT_FINDINGS;
	if (write_output(options, &out) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&out);
	return code;
}
