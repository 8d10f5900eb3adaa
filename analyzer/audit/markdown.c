/* The audit as Markdown, for repositories and wikis: the page's content in the page's order. */
#include "audit/audit.h"

#include <inttypes.h>

#include "audit/digest.h"
#include "parse/parse.h"
#include "report/markup.h"
#include "report/report.h"

typedef struct Page {
	Buf *out;
	Arena *arena;
	const AuditReport *report;
} Page;

static void add_text(Buf *out, const char *text)
{
	add_markdown(out, text ? text : "", false);
}

static void add_sql(Buf *out, Text sql)
{
	size_t left_out;
	buf_addc(out, '\n');
	add_fenced(out, "sql", readable_sql(sql, &left_out));
	if (left_out)
		buf_addf(out, "\n… %zu more bytes\n", left_out);
	buf_addc(out, '\n');
}

/* --- Cover ---------------------------------------------------------------------------------------------------------------------------- */

static void add_fact(Buf *out, const char *name, const char *value, const char *none)
{
	buf_addf(out, "| %s | ", name);
	add_text(out, value ? value : none);
	buf_adds(out, " |\n");
}

static void add_facts(const Page *page)
{
	Buf *out = page->out;
	const AuditReport *report = page->report;
	Buf packs = {0}, json = {0};
	array_each (const char *const, pack, &report->packs)
		buf_addf(&packs, "%s%s", packs.length ? ", " : "", *pack);
	audit_json(&json, report);
	buf_adds(out, "|  |  |\n|---|---|\n");
	add_fact(out, "Commit", report->commit && report->dirty ? arena_print(page->arena, "%s, with changes on top", report->commit) : report->commit,
		 "none");
	add_fact(out, "Date", report->date, "none");
	add_fact(out, "Range", report->range, "the whole history");
	add_fact(out, "Tool", "ddlint " DDLINT_VERSION, "");
	add_fact(out, "Parser", arena_print(page->arena, "PostgreSQL %s", parser_version()), "");
	add_fact(out, "Rules", arena_print(page->arena, "%" PRIu32 ", checksum %s", report->rules, report->rules_sha256), "");
	add_fact(out, "Packs", packs.data, "none");
	add_fact(out, "Configuration",
		 report->config ? arena_print(page->arena, "%s, checksum %s", report->config, report->config_sha256) : NULL, "none");
	add_fact(out, "Digest", report_digest(page->arena, (Text){json.data, json.length}), "");
	buf_free(&json);
	buf_free(&packs);
}

static void add_legend(Buf *out)
{
	buf_adds(out, "\n## How to read this\n\n"
		      "**Proved**: shown by replaying the history on PostgreSQL's own rules. No database was asked, and rows were not seen.\n\n"
		      "**Declared**: what people wrote. Nobody checked whether it is so.\n\n"
		      "**Not checked**: what could not be told from the files alone. How many seconds a lock lasts is never checked.\n");
}

/* --- One migration ------------------------------------------------------------------------------------------------------------------------ */

/* Below an item of a list, and part of it. */
static void add_line(Buf *out, const char *opening, const char *text)
{
	buf_addf(out, "  <br>%s", opening);
	add_text(out, text);
	buf_addc(out, '\n');
}

static void add_finding(const Page *page, const Finding *finding)
{
	Buf *out = page->out;
	Place place = finding_place(finding);
	const char *why = finding_why(finding), *instead = finding_instead(finding);
	buf_addf(out, "- **%s** ", finding->suppressed ? "allowed" : severity_word(finding->severity));
	add_text(out, finding->message);
	buf_addf(out, " (`%s`", rule_id(finding->rule));
	if (place.line)
		buf_addf(out, ", %s, line %" PRIu32, finding->direction == DIRECTION_DOWN ? "down" : "up", place.line);
	buf_adds(out, ")\n");
	if (why)
		add_line(out, "", why);
	for (uint32_t i = 0; i < finding->because.count; i++)
		add_line(out, "Not certain: ", finding->because.items[i]);
	array_each (const Related, related, &finding->related) {
		Buf line = {0};
		related_line(&line, related, true);
		add_line(out, "See ", line.data);
		buf_free(&line);
	}
	if (finding->instead) {
		buf_addc(out, '\n');
		add_fenced(out, "sql", (Text){instead, strlen(instead)});
		buf_addc(out, '\n');
	} else if (instead) {
		add_line(out, "Instead: ", instead);
	}
}

/* One kind of findings: of the history, or of the migration. */
static bool add_findings(const Page *page, const AuditMigration *migration, bool whole, const char *title)
{
	bool any = false;
	array_each (const Finding *const, finding, &migration->findings) {
		if (whole != ((*finding)->migration == NULL))
			continue;
		if (!any && title)
			buf_addf(page->out, "\n%s\n\n", title);
		any = true;
		add_finding(page, *finding);
	}
	return any;
}

/* A column for each statement: how many wait while a lock is held. */
static void add_chart(const Page *page, const AuditMigration *migration)
{
	enum { MOST_COLUMNS = 60 };
	uint32_t count = migration->statements.count;
	if (count > MOST_COLUMNS)
		return;
	Buf chart = {0};
	size_t width = strlen("statement");
	array_each (const AuditHold, hold, &migration->holds)
		width = strlen(hold->relation) > width ? strlen(hold->relation) : width;
	buf_addf(&chart, "%-*s ", (int)width, "statement");
	for (uint32_t i = 1; i <= count; i++)
		buf_addf(&chart, " %2" PRIu32, i);
	array_each (const AuditHold, hold, &migration->holds) {
		buf_addf(&chart, "\n%-*s ", (int)width, hold->relation);
		const char *cell = blocks_reads(hold->mode) ? " ██" : blocks_writes(hold->mode) ? " ▓▓" : " ░░";
		for (uint32_t i = 1; i <= count; i++)
			buf_adds(&chart, i >= hold->from && i <= hold->to ? cell : "  ·");
		buf_addf(&chart, "  %s", lock_mode_words(hold->mode));
	}
	add_fenced(page->out, "text", (Text){chart.data, chart.length});
	buf_adds(page->out, "\n██ reads and writes wait, ▓▓ writes wait, ░░ both go on\n\n");
	buf_free(&chart);
}

static void add_locks(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	buf_adds(out, "\nLocks:\n\n");
	if (!migration->holds.count) {
		buf_adds(out, "Nobody waits: it locks nothing that was there before.\n");
		return;
	}
	add_chart(page, migration);
	array_each (const AuditHold, hold, &migration->holds) {
		buf_adds(out, "- ");
		add_text(out, hold->relation);
		buf_addf(out, ": %s %s.", lock_mode_words(hold->mode), hold_sentence(page->arena, hold));
		if (hold->mode <= LOCK_ROW_EXCLUSIVE)
			buf_adds(out, " Reads and writes go on.");
		else
			buf_addf(out, " Wait: %s.", lock_mode_victims(hold->mode));
		array_each (const struct AuditWork, work, &hold->work)
			buf_addf(out, " Statement %" PRIu32 " %s.", work->statement,
				 work->rewrites ? "rewrites it meanwhile" : "reads all of it meanwhile");
		buf_addc(out, '\n');
	}
}

static void add_names(Buf *out, const char *verb, const Names *names)
{
	for (uint32_t i = 0; i < names->count; i++) {
		buf_addf(out, "- %s ", verb);
		add_text(out, names->items[i]);
		buf_addc(out, '\n');
	}
}

static void add_statements(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	uint32_t number = 0;
	array_each (const AuditStatement, statement, &migration->statements) {
		buf_addf(out, "\nStatement %" PRIu32 ", line %" PRIu32, ++number, statement->line);
		if (statement->transaction)
			buf_adds(out, ", in a transaction");
		buf_adds(out, ":\n");
		add_sql(out, statement->sql);
		array_each (const LockFact, lock, &statement->locks) {
			buf_adds(out, "- locks ");
			add_text(out, lock->relation);
			buf_addf(out, " in %s\n", lock_mode_words(lock->mode));
		}
		add_names(out, "rewrites", &statement->rewrites);
		add_names(out, "builds", &statement->builds);
		add_names(out, "reads all of", &statement->scans);
		add_names(out, "destroys", &statement->destroys);
		if (statement->forbidden_in_transaction)
			buf_adds(out, "- cannot run inside a transaction\n");
		if (statement->opaque)
			buf_adds(out, "- not analysed\n");
		if (statement->declared)
			buf_adds(out, "- declared, not proved: a configuration says what the function does\n");
	}
}

static void add_proved(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	const AuditRollback *rollback = &migration->rollback;
	buf_adds(out, "\n#### Proved\n");
	add_locks(page, migration);
	add_statements(page, migration);
	if (rollback->verdict != ROLLBACK_UNKNOWN && rollback->verdict != ROLLBACK_CONTAINED) {
		buf_addf(out, "\nRollback: **%s**. ", rollback_word(rollback->verdict));
		add_text(out, rollback_sentence(page->arena, rollback));
		if (rollback->chain)
			buf_addf(out, " From the newest migration back to this one, the downs are %s.",
				 same(rollback->chain, "reverses") ? "complete" : "incomplete");
		buf_adds(out, "\n\n");
		array_each (const AuditDifference, difference, &rollback->differences) {
			buf_adds(out, "- ");
			add_text(out, difference_sentence(page->arena, difference));
			buf_addc(out, '\n');
		}
		if (rollback->lacking) {
			buf_adds(out, "\nWhat the down script lacks:\n");
			add_sql(out, (Text){rollback->lacking, strlen(rollback->lacking)});
		}
	}
	if (migration->repeat.verdict != REPEAT_UNKNOWN) {
		buf_adds(out, "\nSecond run: ");
		add_text(out, repeat_sentence(page->arena, &migration->repeat));
		buf_addc(out, '\n');
	}
	if (migration->resume.verdict != RESUME_UNKNOWN) {
		buf_adds(out, "\nAfter a failure: ");
		add_text(out, resume_sentence(page->arena, &migration->resume));
		buf_addc(out, '\n');
	}
}

static void add_declared(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	bool contained = migration->rollback.verdict == ROLLBACK_CONTAINED;
	buf_adds(out, "\n#### Declared\n\n");
	if (!declares_anything(migration))
		buf_adds(out, "Nothing: no metadata, no approval, no rule silenced.\n");
	array_each (const MetadataItem, item, &migration->metadata) {
		if (same(item->key, "approved-by"))
			continue;
		buf_adds(out, "- ");
		add_text(out, item->key);
		buf_adds(out, ": ");
		add_text(out, item->value);
		buf_addc(out, '\n');
	}
	array_each (const ApprovalGiven, approval, &migration->approvals) {
		buf_adds(out, "- approved by ");
		add_text(out, approval->who);
		buf_adds(out, *approval->role ? ", " : "");
		add_text(out, approval->role);
		buf_addf(out, " (%s)\n", approval->source);
	}
	if (migration->declared)
		buf_adds(out, "- what some of the functions that it calls do is declared, not proved\n");
	if (contained)
		buf_adds(out, "- rollback: there is none, and the migration says so\n");
	array_each (const AuditSuppression, suppression, &migration->suppressions) {
		buf_adds(out, "- allows ");
		add_text(out, suppression->rule);
		if (suppression->object) {
			buf_adds(out, " of ");
			add_text(out, suppression->object);
		}
		buf_adds(out, ": ");
		add_text(out, suppression->reason ? suppression->reason : "without a reason, so it is not obeyed");
		buf_addf(out, " (line %" PRIu32, suppression->line);
		if (suppression->until) {
			buf_adds(out, ", until ");
			add_text(out, suppression->until);
		}
		buf_adds(out, ")\n");
	}
}

static void add_not_checked(Buf *out, const AuditMigration *migration)
{
	if (!migration->not_checked.count)
		return;
	buf_adds(out, "\n#### Not checked\n\n");
	for (uint32_t i = 0; i < migration->not_checked.count; i++) {
		buf_adds(out, "- ");
		add_text(out, migration->not_checked.items[i]);
		buf_addc(out, '\n');
	}
}

static void add_file(Buf *out, const char *name, const char *path, const char *checksum)
{
	if (!path)
		return;
	buf_addf(out, "- %s: ", name);
	add_text(out, path);
	buf_addf(out, " `%s`\n", checksum);
}

static void add_migration(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	buf_adds(out, "\n### ");
	add_text(out, migration->version);
	buf_adds(out, *migration->version ? " " : "");
	add_text(out, migration->name);
	buf_addf(out, "\n\nRisk **%s**%s%s%s, phase **%s**, rollback **%s**", risk_word(migration->risk), migration->risk_because ? " (" : "",
		 migration->risk_because ? migration->risk_because : "", migration->risk_because ? ")" : "", phase_word(migration->phase),
		 rollback_word(migration->rollback.verdict));
	if (migration->has_frontier)
		buf_adds(out, migration->released ? ", released" : ", pending");
	buf_adds(out, "\n");
	add_findings(page, migration, false, "#### Findings");
	add_proved(page, migration);
	add_declared(page, migration);
	add_not_checked(out, migration);
	buf_adds(out, "\n#### Files\n\n");
	add_file(out, "up", migration->up_file, migration->up_sha256);
	add_file(out, "down", migration->down_file, migration->down_sha256);
	if (migration->last_commit) {
		buf_addf(out, "- last changed %.*s in %s", (int)strcspn(migration->last_date, "T"), migration->last_date, migration->last_commit);
		buf_adds(out, migration->author ? ", " : "");
		add_text(out, migration->author);
		buf_addc(out, '\n');
	}
}

/* --- Histories ------------------------------------------------------------------------------------------------------------------------------ */

static void add_timeline(const AuditHistory *history, Buf *out)
{
	buf_adds(out, "| migration | phase | risk | rollback | second run | errors | warnings |\n|---|---|---|---|---|--:|--:|\n");
	array_each (const AuditMigration, migration, &history->migrations) {
		buf_adds(out, "| ");
		add_text(out, migration->version);
		buf_adds(out, *migration->version ? " " : "");
		add_text(out, migration->name);
		buf_addf(out, " | %s | %s | %s | %s | %" PRIu32 " | %" PRIu32 " |\n", phase_word(migration->phase), risk_word(migration->risk),
			 rollback_word(migration->rollback.verdict), repeat_word(migration->repeat.verdict),
			 count_severity(migration, SEVERITY_ERROR), count_severity(migration, SEVERITY_WARNING));
	}
}

static void add_history(const Page *page, const AuditHistory *history)
{
	Buf *out = page->out;
	buf_adds(out, "\n## ");
	add_text(out, history->name);
	buf_addf(out, "\n\nLayout %s, PostgreSQL %d. %s\n\n", history->layout ? history->layout : "none", history->postgres,
		 coverage_sentence(page->arena, history));
	add_timeline(history, out);
	bool titled = false;
	array_each (const AuditMigration, migration, &history->migrations)
		titled = add_findings(page, migration, true, titled ? NULL : "Of the history as a whole:") || titled;
	array_each (const AuditMigration, migration, &history->migrations)
		add_migration(page, migration);
}

void audit_markdown(Buf *out, const AuditReport *report)
{
	Arena arena = {0};
	Page page = {out, &arena, report};
	size_t start = out->length;
	buf_adds(out, "# Migration audit");
	if (report->histories.count == 1) {
		buf_adds(out, ": ");
		add_text(out, report->histories.items[0].name);
	}
	buf_adds(out, report->histories.count ? "\n\n" : "\n\nNo migrations were found: there is nothing to review.\n\n");
	add_facts(&page);
	if (report->histories.count > 1) {
		buf_adds(out, "\n## Histories\n\n");
		array_each (const AuditHistory, history, &report->histories) {
			buf_adds(out, "- ");
			add_text(out, history->name);
			buf_addf(out, ": %" PRIu32 " migrations\n", history->migrations.count);
		}
	}
	add_legend(out);
	array_each (const AuditHistory, history, &report->histories)
		add_history(&page, history);
	Text before = {out->data + start, out->length - start};
	Buf record = {0};
	audit_record(&record, report, before);
	buf_addf(out, AUDIT_RECORD_MARKDOWN "%s -->\n", record.data);
	buf_free(&record);
	/* Behind the record: whoever signs here changes nothing that it covers. */
	buf_adds(out, "\n## Reviewed\n\n|  | name | date | signature |\n|---|---|---|---|\n| Author |  |  |  |\n| Reviewer |  |  |  |\n");
	arena_free(&arena);
}
