/*
 * The audit as one page: nothing is fetched, nothing but its own script may run, and it reads the same without that script. The
 * page's content security policy names the style and the script by their digests, so what a file smuggles in stays text.
 */
#include "audit/html.h"

#include <inttypes.h>

#include "base/sha256.h"
#include "report/terminal.h"

/* --- Text --------------------------------------------------------------------------------------------------------------------------- */

void add_html_text(Buf *out, Text text)
{
	Buf safe = {0};
	add_safe(&safe, text);
	for (size_t i = 0; i < safe.length; i++) {
		switch (safe.data[i]) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		case '\'':
			buf_adds(out, "&#39;");
			break;
		default:
			buf_addc(out, safe.data[i]);
		}
	}
	buf_free(&safe);
}

void add_html(Buf *out, const char *text)
{
	if (text)
		add_html_text(out, (Text){text, strlen(text)});
}

void add_html_sql(Buf *out, Text sql)
{
	size_t left_out;
	Text shown = readable_sql(sql, &left_out);
	for (size_t at = 0; at < shown.length;) {
		const char *line = shown.data + at, *end = memchr(line, '\n', shown.length - at);
		size_t length = end ? (size_t)(end - line) : shown.length - at;
		if (at)
			buf_addc(out, '\n');
		add_html_text(out, (Text){line, length && line[length - 1] == '\r' ? length - 1 : length});
		at += length + 1;
	}
	if (left_out)
		buf_addf(out, "\n<span class=\"cut\">… %zu more bytes</span>", left_out);
}

void add_mark(Buf *out, AuditTone tone, const char *words)
{
	static const char *const classes[] = {
		[TONE_GOOD] = "good", [TONE_CARE] = "care", [TONE_BAD] = "bad", [TONE_OPEN] = "open"};
	buf_addf(out, "<span class=\"mark %s\">", classes[tone]);
	add_html(out, words);
	buf_adds(out, "</span>");
}

const char *anchor(Arena *arena, uint32_t history, uint32_t migration)
{
	return arena_print(arena, "h%" PRIu32 "-m%" PRIu32, history, migration);
}

/* --- The page ------------------------------------------------------------------------------------------------------------------------ */

static const char *policy_source(Arena *arena, const char *text)
{
	return arena_print(arena, "'sha256-%s'", sha256_base64(arena, text, strlen(text)));
}

static void add_head(const Page *page)
{
	Buf *out = page->out;
	const AuditReport *report = page->report;
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<meta name=\"generator\" content=\"ddlint " DDLINT_VERSION "\">\n");
	buf_addf(out,
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src %s; script-src %s; base-uri 'none'; "
		 "form-action 'none'\">\n<title>Migration audit",
		 policy_source(page->arena, audit_css), policy_source(page->arena, audit_js));
	if (report->histories.count == 1) {
		buf_adds(out, ": ");
		add_html(out, report->histories.items[0].name);
	}
	buf_addf(out, "</title>\n<style>%s</style>\n</head>\n", audit_css);
}

static void add_filters(const Page *page)
{
	/* Shown by the script: without it there is nothing to filter with. */
	buf_adds(page->out,
		 "<div class=\"filters\" id=\"filters\" role=\"search\" aria-label=\"Migrations\" hidden>\n"
		 "<label class=\"wide\">Search <input type=\"search\" id=\"find\" autocomplete=\"off\" "
		 "placeholder=\"name, table, rule, SQL\"></label>\n"
		 "<label>Risk <select id=\"risk\"><option value=\"\">any</option><option>high</option><option>controlled</option>"
		 "<option>safe</option><option>unknown</option></select></label>\n"
		 "<label>Phase <select id=\"phase\"><option value=\"\">any</option><option>expand</option><option>migrate</option>"
		 "<option>contract</option><option>mixed</option><option>none</option><option>unknown</option></select></label>\n"
		 "<label>Only <select id=\"only\"><option value=\"\">all of them</option><option value=\"look\">that need a look</option>"
		 "<option value=\"findings\">with findings</option><option value=\"rollback\">without a sound rollback</option>"
		 "<option value=\"unchecked\">not wholly checked</option><option value=\"pending\">pending</option></select></label>\n"
		 "<span class=\"acts\"><button type=\"button\" id=\"open\">Open all</button> "
		 "<button type=\"button\" id=\"close\">Close all</button></span>\n"
		 "<output id=\"shown\" aria-live=\"polite\"></output>\n</div>\n");
}

/* What is said of the history as a whole, not of one migration. */
static void add_history_findings(const Page *page, const AuditHistory *history)
{
	bool any = false;
	array_each (const AuditMigration, migration, &history->migrations)
		array_each (const Finding *const, finding, &migration->findings) {
			if ((*finding)->migration)
				continue;
			if (!any)
				buf_adds(page->out, "<section class=\"whole\"><h3>Of the history as a whole</h3>\n<ul class=\"findings\">\n");
			any = true;
			html_finding(page, *finding);
		}
	if (any)
		buf_adds(page->out, "</ul></section>\n");
}

/* A short report is read from top to bottom; a long one is searched. */
enum { READ_THROUGH = 30 };

static void add_timelines(const Page *page)
{
	Buf *out = page->out;
	bool several = page->report->histories.count > 1, any = false;
	array_each (const AuditHistory, history, &page->report->histories)
		any = any || history->migrations.count;
	if (!any)
		return;
	buf_adds(out, "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>\n");
	for (uint32_t i = 0; i < page->report->histories.count; i++) {
		const AuditHistory *history = &page->report->histories.items[i];
		if (several && history->migrations.count) {
			buf_adds(out, "<h3>");
			add_html(out, history->name);
			buf_adds(out, "</h3>\n");
		}
		html_timeline(page, history, i + 1);
	}
	buf_adds(out, "</section>\n");
}

static void add_history(const Page *page, const AuditHistory *history, uint32_t number)
{
	Buf *out = page->out;
	buf_addf(out, "<section class=\"history\" id=\"h%" PRIu32 "\" aria-labelledby=\"h%" PRIu32 "-name\">\n<h2 id=\"h%" PRIu32 "-name\">", number,
		 number, number);
	add_html(out, page->report->histories.count > 1 ? history->name : "Migrations");
	buf_adds(out, "</h2>\n");
	add_history_findings(page, history);
	uint32_t place = 0;
	array_each (const AuditMigration, migration, &history->migrations) {
		place++;
		html_migration(page, migration, anchor(page->arena, number, place), history->migrations.count <= READ_THROUGH);
	}
	if (!history->migrations.count)
		buf_adds(out, "<p>No migration of this history is in the report's range.</p>\n");
	buf_adds(out, "</section>\n");
}

void audit_html(Buf *out, const AuditReport *report)
{
	Arena arena = {0};
	Page page = {out, &arena, report};
	size_t start = out->length;
	add_head(&page);
	buf_adds(out, "<body>\n<a class=\"skip\" href=\"#migrations\">To the migrations</a>\n");
	html_cover(&page);
	buf_adds(out, "<main>\n");
	html_legend(&page);
	add_timelines(&page);
	html_unseen(&page);
	buf_adds(out, "<div id=\"migrations\" tabindex=\"-1\">\n");
	add_filters(&page);
	for (uint32_t i = 0; i < report->histories.count; i++)
		add_history(&page, &report->histories.items[i], i + 1);
	buf_adds(out, "<p id=\"none\" hidden>No migration is like that. <button type=\"button\" id=\"all\">Show all</button></p>\n</div>\n");
	html_signatures(&page);
	buf_adds(out, "</main>\n");
	buf_addf(out, "<script>%s</script>\n", audit_js);
	Text before = {out->data + start, out->length - start};
	Buf record = {0};
	audit_record(&record, report, before);
	buf_addf(out, AUDIT_RECORD_HTML "%s</script>\n</body>\n</html>\n", record.data);
	buf_free(&record);
	arena_free(&arena);
}
