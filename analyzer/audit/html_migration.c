/* One migration of the page: what is judged, proved, declared and not checked, each in a part of its own. */
#include <inttypes.h>

#include "audit/html.h"
#include "report/report.h"

enum { MOST_STATEMENTS = 200, MOST_DIFFERENCES = 60 };

/* --- Findings --------------------------------------------------------------------------------------------------------------------------- */

static void add_paragraph(Buf *out, const char *opening, const char *text)
{
	buf_addf(out, "<p>%s", opening);
	add_html(out, text);
	buf_adds(out, "</p>");
}

void html_finding(const Page *page, const Finding *finding)
{
	static const AuditTone tones[] = {
		[SEVERITY_OFF] = TONE_OPEN, [SEVERITY_NOTE] = TONE_OPEN, [SEVERITY_WARNING] = TONE_CARE, [SEVERITY_ERROR] = TONE_BAD};
	Buf *out = page->out;
	Place place = finding_place(finding);
	buf_adds(out, "<li><p>");
	add_mark(out, finding->suppressed ? TONE_GOOD : tones[finding->severity], finding->suppressed ? "allowed" : severity_word(finding->severity));
	buf_addc(out, ' ');
	add_html(out, finding->message);
	buf_adds(out, " <span class=\"soft\"><code>");
	add_html(out, rule_id(finding->rule));
	buf_adds(out, "</code> ");
	if (place.line)
		buf_addf(out, "%s line %" PRIu32, finding->direction == DIRECTION_DOWN ? "down," : "up,", place.line);
	buf_adds(out, "</span></p>");
	const char *why = finding_why(finding), *instead = finding_instead(finding);
	if (why || instead) {
		buf_adds(out, "<details><summary>Why, and what instead</summary>");
		if (why)
			add_paragraph(out, "", why);
		for (uint32_t i = 0; i < finding->because.count; i++)
			add_paragraph(out, "Not certain: ", finding->because.items[i]);
		array_each (const Related, related, &finding->related) {
			Buf line = {0};
			related_line(&line, related, true);
			add_paragraph(out, "See ", line.data);
			buf_free(&line);
		}
		if (finding->instead) {
			buf_adds(out, "<pre tabindex=\"0\"><code>");
			add_html_sql(out, (Text){instead, strlen(instead)});
			buf_adds(out, "</code></pre>");
		} else if (instead) {
			add_paragraph(out, "", instead);
		}
		buf_adds(out, "</details>");
	}
	buf_adds(out, "</li>\n");
}

static void add_findings(const Page *page, const AuditMigration *migration)
{
	bool any = false;
	array_each (const Finding *const, finding, &migration->findings) {
		if (!(*finding)->migration)
			continue;
		if (!any)
			buf_adds(page->out, "<section class=\"judged\"><h4>Findings</h4>\n<ul class=\"findings\">\n");
		any = true;
		html_finding(page, *finding);
	}
	if (any)
		buf_adds(page->out, "</ul></section>\n");
}

/* --- Proved ------------------------------------------------------------------------------------------------------------------------------- */

static void add_names(Buf *out, const char *verb, const Names *names, const char *class)
{
	for (uint32_t i = 0; i < names->count; i++) {
		buf_addf(out, "<li%s>%s ", class, verb);
		add_html(out, names->items[i]);
		buf_adds(out, "</li>");
	}
}

static void add_statement(const Page *page, const AuditMigration *migration, uint32_t place)
{
	Buf *out = page->out;
	const AuditStatement *statement = &migration->statements.items[place];
	const AuditStatement *next = place + 1 < migration->statements.count ? statement + 1 : NULL;
	bool goes_on = statement->transaction && next && next->transaction == statement->transaction;
	buf_addf(out, "<li class=\"%s\"><pre tabindex=\"0\"><code>", statement->transaction ? goes_on ? "tx on" : "tx" : "alone");
	add_html_sql(out, statement->sql);
	buf_adds(out, "</code></pre><ul class=\"does\">");
	array_each (const LockFact, lock, &statement->locks) {
		buf_addf(out, "<li>locks ");
		add_html(out, lock->relation);
		buf_addf(out, " in %s</li>", lock_mode_words(lock->mode));
	}
	add_names(out, "rewrites", &statement->rewrites, "");
	add_names(out, "builds", &statement->builds, "");
	add_names(out, "reads all of", &statement->scans, "");
	add_names(out, "destroys", &statement->destroys, " class=\"bad\"");
	if (statement->forbidden_in_transaction)
		buf_adds(out, "<li>cannot run inside a transaction</li>");
	if (statement->opaque)
		buf_adds(out, "<li class=\"open\">not analysed</li>");
	if (statement->declared)
		buf_adds(out, "<li class=\"open\">declared, not proved: a configuration says what the function does</li>");
	buf_adds(out, "</ul></li>\n");
}

static void add_statements(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	uint32_t count = migration->statements.count, shown = count < MOST_STATEMENTS ? count : MOST_STATEMENTS;
	buf_adds(out, "<h5>Statements</h5>\n");
	if (!count) {
		buf_adds(out, "<p>It has none.</p>\n");
		return;
	}
	buf_adds(out, "<ol class=\"statements\">\n");
	for (uint32_t i = 0; i < shown; i++)
		add_statement(page, migration, i);
	buf_adds(out, "</ol>\n");
	if (shown < count)
		buf_addf(out, "<p class=\"cut\">… and %" PRIu32 " more statements: the JSON report has them all.</p>\n", count - shown);
}

static void add_rollback(const Page *page, const AuditRollback *rollback)
{
	Buf *out = page->out;
	buf_adds(out, "<h5>Rollback</h5>\n<p>");
	add_mark(out, rollback_tone(rollback), rollback_word(rollback->verdict));
	buf_addc(out, ' ');
	add_html(out, rollback_sentence(page->arena, rollback));
	if (rollback->chain)
		buf_addf(out, " The tool undoes groups of migrations: from the newest back to this one, the downs are %s.",
			 same(rollback->chain, "reverses") ? "complete" : "incomplete");
	buf_adds(out, "</p>\n");
	uint32_t count = rollback->differences.count, shown = count < MOST_DIFFERENCES ? count : MOST_DIFFERENCES;
	if (shown)
		buf_adds(out, "<ul class=\"differences\">");
	for (uint32_t i = 0; i < shown; i++) {
		static const char *const classes[] = {
			[DIFFERENCE_LEFT] = "left", [DIFFERENCE_MISSING] = "missing", [DIFFERENCE_CHANGED] = "changed"};
		const AuditDifference *difference = &rollback->differences.items[i];
		buf_addf(out, "<li class=\"%s\">", classes[difference->kind]);
		add_html(out, difference_sentence(page->arena, difference));
		buf_adds(out, "</li>");
	}
	if (shown)
		buf_adds(out, "</ul>\n");
	if (shown < count)
		buf_addf(out, "<p class=\"cut\">… and %" PRIu32 " more.</p>\n", count - shown);
	if (rollback->lacking) {
		buf_adds(out, "<p>What the down script lacks:</p><pre tabindex=\"0\"><code>");
		add_html_sql(out, (Text){rollback->lacking, strlen(rollback->lacking)});
		buf_adds(out, "</code></pre>\n");
	}
}

static void add_proved(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	buf_adds(out, "<section class=\"proved\"><h4>Proved</h4>\n<h5>Locks</h5>\n");
	html_locks(page, migration);
	add_statements(page, migration);
	if (migration->rollback.verdict != ROLLBACK_UNKNOWN && migration->rollback.verdict != ROLLBACK_CONTAINED)
		add_rollback(page, &migration->rollback);
	if (migration->repeat.verdict != REPEAT_UNKNOWN || migration->resume.verdict != RESUME_UNKNOWN) {
		buf_adds(out, "<h5>A second run</h5>\n<p>");
		if (migration->repeat.verdict != REPEAT_UNKNOWN)
			add_html(out, repeat_sentence(page->arena, &migration->repeat));
		buf_addc(out, ' ');
		if (migration->resume.verdict != RESUME_UNKNOWN)
			add_html(out, resume_sentence(page->arena, &migration->resume));
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "</section>\n");
}

/* --- Declared, not checked ------------------------------------------------------------------------------------------------------------------ */

static void add_suppressions(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	array_each (const AuditSuppression, suppression, &migration->suppressions) {
		buf_adds(out, "<div><dt>Allows</dt><dd><code>");
		add_html(out, suppression->rule);
		if (suppression->object) {
			buf_addc(out, '(');
			add_html(out, suppression->object);
			buf_addc(out, ')');
		}
		buf_adds(out, "</code> ");
		if (suppression->reason)
			add_html(out, suppression->reason);
		else
			buf_adds(out, "without a reason, so it is not obeyed");
		buf_addf(out, " <span class=\"soft\">line %" PRIu32, suppression->line);
		if (suppression->until) {
			buf_adds(out, ", until ");
			add_html(out, suppression->until);
		}
		buf_adds(out, "</span></dd></div>\n");
	}
}

static void add_declared(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	bool contained = migration->rollback.verdict == ROLLBACK_CONTAINED;
	buf_adds(out, "<section class=\"declared\"><h4>Declared</h4>\n");
	if (!declares_anything(migration)) {
		buf_adds(out, "<p class=\"soft\">Nothing: no metadata, no approval, no rule silenced.</p></section>\n");
		return;
	}
	buf_adds(out, "<dl>\n");
	array_each (const MetadataItem, item, &migration->metadata) {
		if (same(item->key, "approved-by"))
			continue;
		buf_adds(out, "<div><dt>");
		add_html(out, item->key);
		buf_adds(out, "</dt><dd>");
		add_html(out, item->value);
		buf_adds(out, "</dd></div>\n");
	}
	array_each (const ApprovalGiven, approval, &migration->approvals) {
		buf_adds(out, "<div><dt>Approved</dt><dd>");
		add_html(out, approval->who);
		if (*approval->role) {
			buf_adds(out, ", ");
			add_html(out, approval->role);
		}
		buf_adds(out, " <span class=\"soft\">");
		add_html(out, approval->source);
		buf_adds(out, "</span></dd></div>\n");
	}
	if (migration->declared)
		buf_adds(out, "<div><dt>Functions</dt><dd>What some of the functions that it calls do is declared, not proved.</dd></div>\n");
	if (contained)
		buf_adds(out, "<div><dt>Rollback</dt><dd>There is none, and the migration says so.</dd></div>\n");
	add_suppressions(page, migration);
	buf_adds(out, "</dl></section>\n");
}

static void add_not_checked(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	if (!migration->not_checked.count)
		return;
	buf_adds(out, "<section class=\"unchecked\"><h4>Not checked</h4>\n<ul>");
	for (uint32_t i = 0; i < migration->not_checked.count; i++) {
		buf_adds(out, "<li>");
		add_html(out, migration->not_checked.items[i]);
		buf_adds(out, "</li>\n");
	}
	buf_adds(out, "</ul></section>\n");
}

/* --- The whole ------------------------------------------------------------------------------------------------------------------------------- */

static void add_file(Buf *out, const char *name, const char *path, const char *checksum)
{
	if (!path)
		return;
	buf_addf(out, "<div><dt>%s</dt><dd><code>", name);
	add_html(out, path);
	buf_adds(out, "</code> <code class=\"soft\">");
	add_html(out, checksum);
	buf_adds(out, "</code></dd></div>\n");
}

static void add_origin(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	buf_adds(out, "<dl class=\"files\">\n");
	add_file(out, "Up", migration->up_file, migration->up_sha256);
	add_file(out, "Down", migration->down_file, migration->down_sha256);
	if (migration->last_commit) {
		buf_adds(out, "<div><dt>Last changed</dt><dd>");
		add_html_text(out, (Text){migration->last_date, strcspn(migration->last_date, "T")});
		buf_adds(out, " in <code>");
		add_html(out, migration->last_commit);
		buf_adds(out, "</code>");
		if (migration->author) {
			buf_adds(out, ", ");
			add_html(out, migration->author);
		}
		buf_adds(out, "</dd></div>\n");
	}
	buf_adds(out, "</dl>\n");
}

static void add_summary(const Page *page, const AuditMigration *migration)
{
	static const struct {
		Severity severity;
		AuditTone tone;
		const char *noun;
	} kinds[] = {{SEVERITY_ERROR, TONE_BAD, "error"}, {SEVERITY_WARNING, TONE_CARE, "warning"}, {SEVERITY_NOTE, TONE_OPEN, "note"}};
	Buf *out = page->out;
	buf_adds(out, "<summary><h3><span class=\"version\">");
	add_html(out, migration->version);
	buf_adds(out, "</span> ");
	add_html(out, migration->name);
	buf_adds(out, "</h3><span class=\"marks\">");
	add_mark(out, risk_tone(migration->risk), migration->risk == RISK_HIGH      ? "high risk"
						  : migration->risk == RISK_UNKNOWN ? "risk unknown"
										    : risk_word(migration->risk));
	buf_addf(out, "<span class=\"phase\">%s</span>", migration->phase == PHASE_NONE      ? "no phase"
							 : migration->phase == PHASE_UNKNOWN ? "phase unknown"
											     : phase_word(migration->phase));
	if (migration->has_frontier)
		buf_addf(out, "<span class=\"phase\">%s</span>", migration->released ? "released" : "pending");
	if (rollback_tone(&migration->rollback) != TONE_GOOD) {
		const char *words = arena_print(page->arena, "rollback %s", rollback_word(migration->rollback.verdict));
		add_mark(out, rollback_tone(&migration->rollback), migration->rollback.verdict == ROLLBACK_REVERSES ? "rollback loses data" : words);
	}
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		uint32_t count = count_severity(migration, kinds[i].severity);
		if (count)
			add_mark(out, kinds[i].tone,
				 arena_print(page->arena, "%" PRIu32 " %s%s", count, kinds[i].noun, count == 1 ? "" : "s"));
	}
	buf_adds(out, "</span></summary>\n");
}

static bool has_finding(const AuditMigration *migration)
{
	array_each (const Finding *const, finding, &migration->findings)
		if ((*finding)->migration && !(*finding)->suppressed)
			return true;
	return false;
}

void html_migration(const Page *page, const AuditMigration *migration, const char *id, bool open)
{
	Buf *out = page->out;
	AuditTone rollback = rollback_tone(&migration->rollback);
	buf_addf(out, "<article id=\"%s\" data-risk=\"%s\" data-phase=\"%s\" data-only=\"%s%s%s%s%s\">\n<details%s>", id,
		 risk_word(migration->risk), phase_word(migration->phase), needs_a_look(migration) ? " look" : "",
		 has_finding(migration) ? " findings" : "", rollback != TONE_GOOD ? " rollback" : "", migration->not_checked.count ? " unchecked" : "",
		 migration->has_frontier && !migration->released ? " pending" : "", open ? " open" : "");
	add_summary(page, migration);
	if (migration->risk_because) {
		buf_addf(out, "<p class=\"risk\">The risk is %s: ", risk_word(migration->risk));
		add_html(out, migration->risk_because);
		buf_adds(out, ".</p>\n");
	}
	add_findings(page, migration);
	add_proved(page, migration);
	add_declared(page, migration);
	add_not_checked(page, migration);
	add_origin(page, migration);
	buf_adds(out, "</details>\n</article>\n");
}
