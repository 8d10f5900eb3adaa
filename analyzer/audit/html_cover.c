/* What stands before and behind the migrations: the cover, how to read the report, what could not be analysed, the signatures. */
#include <inttypes.h>

#include "audit/digest.h"
#include "audit/html.h"
#include "parse/parse.h"
#include "report/report.h"

/* --- Cover ---------------------------------------------------------------------------------------------------------------------------- */

typedef struct Tally {
	uint32_t migrations, statements, look;
	uint32_t risks[RISK_UNKNOWN + 1];
	uint32_t unchecked; /* migrations of which something could not be analysed */
} Tally;

static Tally tally_of(const AuditHistory *history)
{
	Tally tally = {.migrations = history->migrations.count, .statements = history->statements};
	array_each (const AuditMigration, migration, &history->migrations) {
		tally.risks[migration->risk]++;
		tally.look += needs_a_look(migration);
		tally.unchecked += migration->not_checked.count > 0;
	}
	return tally;
}

static Tally tally_all(const AuditReport *report)
{
	Tally all = {0};
	array_each (const AuditHistory, history, &report->histories) {
		Tally one = tally_of(history);
		all.migrations += one.migrations;
		all.statements += one.statements;
		all.look += one.look;
		all.unchecked += one.unchecked;
		for (size_t risk = 0; risk < LENGTH(all.risks); risk++)
			all.risks[risk] += one.risks[risk];
	}
	return all;
}

static void add_fact(Buf *out, const char *name, const char *value, const char *none)
{
	buf_addf(out, "<div><dt>%s</dt><dd>", name);
	if (value) {
		add_html(out, value);
	} else {
		buf_adds(out, "<span class=\"soft\">");
		add_html(out, none);
		buf_adds(out, "</span>");
	}
	buf_adds(out, "</dd></div>\n");
}

/* The same bar in figures and in lengths, heaviest first. */
static void add_risks(Buf *out, const Tally *tally)
{
	static const struct {
		Risk risk;
		const char *class, *words;
	} kinds[] = {{RISK_HIGH, "bad", "high risk"}, {RISK_UNKNOWN, "open", "of unknown risk"}, {RISK_CONTROLLED, "care", "controlled"},
		     {RISK_SAFE, "good", "safe"}};
	buf_adds(out, "<ul class=\"risks\">\n");
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (tally->risks[kinds[i].risk] || kinds[i].risk != RISK_UNKNOWN)
			buf_addf(out, "<li class=\"%s\"><b>%" PRIu32 "</b> <span>%s</span></li>\n", kinds[i].class,
				 tally->risks[kinds[i].risk], kinds[i].words);
	buf_adds(out, "</ul>\n");
	buf_addf(out, "<svg class=\"share\" viewBox=\"0 0 %" PRIu32 " 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">", tally->migrations);
	uint32_t x = 0;
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		uint32_t width = tally->risks[kinds[i].risk];
		if (width)
			buf_addf(out, "<rect class=\"%s\" x=\"%" PRIu32 "\" width=\"%" PRIu32 "\" height=\"1\"/>", kinds[i].class, x, width);
		x += width;
	}
	buf_adds(out, "</svg>\n");
}

static void add_lead(const Page *page, const Tally *tally)
{
	Buf *out = page->out;
	buf_adds(out, "<p class=\"lead\">");
	if (!tally->migrations) {
		buf_adds(out, page->report->histories.count ? "No migration is in the report's range.</p>\n"
							    : "No migrations were found: there is nothing to review.</p>\n");
		return;
	}
	add_count(out, tally->migrations, "migration");
	buf_adds(out, " of ");
	add_count(out, tally->statements, "statement");
	buf_adds(out, tally->migrations > 1 ? ", replayed one after the other. " : ", replayed. ");
	if (tally->look)
		buf_addf(out, "<strong>%" PRIu32 " need%s a look</strong>%s", tally->look, tally->look == 1 ? "s" : "",
			 tally->unchecked ? "; " : ".");
	if (tally->unchecked)
		buf_addf(out, "%" PRIu32 " %s not wholly checked.", tally->unchecked, tally->unchecked == 1 ? "is" : "are");
	if (!tally->look && !tally->unchecked)
		buf_adds(out, tally->migrations > 1 ? "None stands out." : "Nothing stands out.");
	buf_adds(out, "</p>\n");
}

/* One row for each history, where there are several: the page's index. */
static void add_index(const Page *page)
{
	Buf *out = page->out;
	buf_adds(out, "<nav class=\"index\" aria-label=\"Histories\"><table>\n<thead><tr><th scope=\"col\">History</th>"
		      "<th scope=\"col\">Tool</th><th scope=\"col\" class=\"n\">Migrations</th><th scope=\"col\" class=\"n\">High risk</th>"
		      "<th scope=\"col\" class=\"n\">Need a look</th></tr></thead>\n<tbody>\n");
	uint32_t number = 0;
	array_each (const AuditHistory, history, &page->report->histories) {
		Tally tally = tally_of(history);
		buf_addf(out, "<tr><th scope=\"row\"><a href=\"#h%" PRIu32 "\">", ++number);
		add_html(out, history->name);
		buf_adds(out, "</a></th><td>");
		add_html(out, history->layout ? history->layout : "single file");
		buf_addf(out, "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%" PRIu32 "</td></tr>\n",
			 tally.migrations, tally.risks[RISK_HIGH], tally.look);
	}
	buf_adds(out, "</tbody></table></nav>\n");
}

static const char *postgres_text(const Page *page)
{
	const AuditReport *report = page->report;
	if (report->histories.count != 1)
		return NULL;
	const AuditHistory *history = &report->histories.items[0];
	if (history->postgres_low == history->postgres_high)
		return arena_print(page->arena, "%d", history->postgres_low);
	return arena_print(page->arena, "%d to %d; proofs for %d", history->postgres_low, history->postgres_high, history->postgres);
}

static void add_facts(const Page *page)
{
	Buf *out = page->out;
	Arena *arena = page->arena;
	const AuditReport *report = page->report;
	bool single = report->histories.count == 1;
	Buf packs = {0}, json = {0};
	array_each (const char *const, pack, &report->packs)
		buf_addf(&packs, "%s%s", packs.length ? ", " : "", *pack);
	buf_adds(out, "<dl class=\"facts\">\n");
	const char *commit = report->commit && report->dirty ? arena_print(arena, "%s, with changes on top", report->commit) : report->commit;
	add_fact(out, "Commit", commit, "none: the files are in no repository");
	add_fact(out, "Date", report->date, "none: neither a commit nor SOURCE_DATE_EPOCH tells it");
	add_fact(out, "Range", report->range, "the whole history");
	if (single) {
		add_fact(out, "Layout", report->histories.items[0].layout, "a single file");
		add_fact(out, "PostgreSQL", postgres_text(page), "");
	}
	add_fact(out, "Tool", "ddlint " DDLINT_VERSION, "");
	add_fact(out, "Parser", arena_print(arena, "PostgreSQL %s", parser_version()), "");
	add_fact(out, "Rules", arena_print(arena, "%" PRIu32 ", checksum %.12s", report->rules, report->rules_sha256), "");
	add_fact(out, "Packs", packs.data, "none");
	add_fact(out, "Configuration",
		 report->config ? arena_print(arena, "%s, checksum %.12s", report->config, report->config_sha256) : NULL, "none");
	audit_json(&json, report);
	add_fact(out, "Digest", report_digest(arena, (Text){json.data, json.length}), "");
	buf_adds(out, "</dl>\n");
	buf_free(&json);
	buf_free(&packs);
}

/* A path may break behind its slashes. */
static void add_title(Buf *out, const char *path)
{
	enum { LONG = 36 };
	buf_adds(out, strlen(path) > LONG ? "<h1 class=\"long\">" : "<h1>");
	while (*path) {
		size_t length = strcspn(path, "/");
		length += path[length] == '/';
		add_html_text(out, (Text){path, length});
		path += length;
		if (*path)
			buf_adds(out, "<wbr>");
	}
	buf_adds(out, "</h1>\n");
}

void html_cover(const Page *page)
{
	Buf *out = page->out;
	const AuditReport *report = page->report;
	Tally tally = tally_all(report);
	buf_adds(out, "<header class=\"cover\">\n<p class=\"kicker\">Migration audit</p>\n");
	if (report->histories.count == 1)
		add_title(out, report->histories.items[0].name);
	else if (!report->histories.count)
		buf_adds(out, "<h1>No migrations</h1>\n");
	else
		buf_addf(out, "<h1>%" PRIu32 " histories</h1>\n", report->histories.count);
	add_lead(page, &tally);
	if (tally.migrations)
		add_risks(out, &tally);
	add_facts(page);
	if (report->histories.count > 1)
		add_index(page);
	buf_adds(out, "</header>\n");
}

/* --- How to read it --------------------------------------------------------------------------------------------------------------------- */

void html_legend(const Page *page)
{
	buf_adds(page->out,
		 "<section class=\"legend\" aria-labelledby=\"how\">\n<h2 id=\"how\">How to read this</h2>\n<dl>\n"
		 "<div class=\"proved\"><dt>Proved</dt><dd>Shown by replaying the history on PostgreSQL’s own rules: what a statement locks, "
		 "rewrites, reads and destroys; what the rollback leaves; what a second run does. No database was asked, and rows were not "
		 "seen.</dd></div>\n"
		 "<div class=\"declared\"><dt>Declared</dt><dd>What people wrote: metadata, approvals, reasons for silencing a rule. "
		 "Nobody checked whether it is so.</dd></div>\n"
		 "<div class=\"unchecked\"><dt>Not checked</dt><dd>What could not be told from the files alone. How many seconds a lock "
		 "lasts is never checked: that depends on the size of the table.</dd></div>\n</dl>\n</section>\n");
}

static void add_open_ends(const Page *page, uint32_t number, bool *any)
{
	Buf *out = page->out;
	uint32_t place = 0;
	array_each (const AuditMigration, migration, &page->report->histories.items[number - 1].migrations) {
		place++;
		if (!migration->not_checked.count)
			continue;
		if (!*any)
			buf_adds(out, "<details><summary>What is not checked, migration by migration</summary>\n<dl class=\"open-ends\">\n");
		*any = true;
		buf_addf(out, "<div><dt><a href=\"#%s\">", anchor(page->arena, number, place));
		add_html(out, *migration->version ? migration->version : migration->name);
		buf_adds(out, "</a></dt>");
		for (uint32_t i = 0; i < migration->not_checked.count; i++) {
			buf_adds(out, "<dd>");
			add_html(out, migration->not_checked.items[i]);
			buf_adds(out, "</dd>");
		}
		buf_adds(out, "</div>\n");
	}
}

void html_unseen(const Page *page)
{
	Buf *out = page->out;
	AuditHistory all = {0};
	array_each (const AuditHistory, history, &page->report->histories) {
		all.statements += history->statements;
		all.opaque += history->opaque;
		all.unparsed += history->unparsed;
		all.set_aside += history->set_aside;
	}
	buf_adds(out, "<section class=\"unseen\" aria-labelledby=\"unseen\">\n<h2 id=\"unseen\">What could not be analysed</h2>\n<p>");
	add_html(out, coverage_sentence(page->arena, &all));
	buf_adds(out, "</p>\n");
	bool any = false;
	for (uint32_t i = 0; i < page->report->histories.count; i++)
		add_open_ends(page, i + 1, &any);
	buf_adds(out, any ? "</dl></details>\n</section>\n" : "</section>\n");
}

/* --- Signatures --------------------------------------------------------------------------------------------------------------------------- */

void html_signatures(const Page *page)
{
	buf_adds(page->out, "<section class=\"sign\" aria-labelledby=\"signed\">\n<h2 id=\"signed\">Reviewed</h2>\n<p>Whoever signs has read what "
			    "is proved, answers for what is declared, and accepts what is not checked. "
			    "<code>ddlint audit --verify</code> with this file says what has changed since.</p>\n<div class=\"lines\">\n");
	static const char *const roles[] = {"Author", "Reviewer"};
	for (size_t i = 0; i < LENGTH(roles); i++)
		buf_addf(page->out, "<dl><div><dt>%s</dt><dd></dd></div><div><dt>Date</dt><dd></dd></div><div><dt>Signature</dt><dd></dd></div></dl>\n",
			 roles[i]);
	buf_adds(page->out, "</div>\n</section>\n");
}
