/* `--format markdown`: for comments on pull requests and for job summaries. A table, then each finding to unfold. */
#include <inttypes.h>

#include "report/report.h"
#include "report/terminal.h"

enum { LONGEST_CLAUSE = 600 }; /* bytes of SQL shown */

/* Plain text: what would be read as markup is escaped, line ends become blanks. Inside HTML blocks Markdown's own is none. */
static void add_text(Buf *out, const char *text, bool html)
{
	Buf safe = {0};
	add_safe_string(&safe, text);
	for (size_t i = 0; i < safe.length; i++) {
		if (safe.data[i] == '<')
			buf_adds(out, "&lt;");
		else if (safe.data[i] == '&')
			buf_adds(out, "&amp;");
		else if (!html && strchr("\\`*_|[]#~@", safe.data[i]))
			buf_addf(out, "\\%c", safe.data[i]);
		else
			buf_addc(out, safe.data[i]);
	}
	buf_free(&safe);
}

static void add_plain(Buf *out, const char *text)
{
	add_text(out, text, false);
}

/* The fence is longer than any run of backticks inside. */
static void add_fenced(Buf *out, Text sql)
{
	size_t longest = 2, run = 0;
	for (size_t i = 0; i < sql.length; i++) {
		run = sql.data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	Buf fence = {0};
	for (size_t i = 0; i <= longest; i++)
		buf_addc(&fence, '`');
	buf_addf(out, "%ssql\n", fence.data);
	for (size_t i = 0; i < sql.length;) {
		const char *line = sql.data + i, *end = memchr(line, '\n', sql.length - i);
		size_t length = end ? (size_t)(end - line) : sql.length - i;
		add_safe(out, (Text){line, length && line[length - 1] == '\r' ? length - 1 : length});
		buf_addc(out, '\n');
		i += length + 1;
	}
	buf_addf(out, "%s\n", fence.data);
	buf_free(&fence);
}

static void add_place(Buf *out, const Finding *finding, bool html)
{
	Place place = finding_place(finding);
	add_text(out, place.path, html);
	if (place.line)
		buf_addf(out, ":%" PRIu32, place.line);
}

static void add_row(Buf *out, const Finding *finding)
{
	buf_addf(out, "| %s | ", severity_word(finding->severity));
	add_place(out, finding, false);
	buf_adds(out, " | ");
	add_plain(out, finding->message);
	buf_addf(out, " | `%s` |\n", rule_id(finding->rule));
}

static void add_details(Buf *out, const Finding *finding)
{
	buf_adds(out, "\n<details><summary>");
	add_place(out, finding, true);
	buf_adds(out, ": ");
	add_text(out, finding->message, true);
	buf_adds(out, "</summary>\n\n");
	Text clause = finding->whole_file ? (Text){0} : source_text(finding->source, finding->span);
	if (clause.length) {
		if (clause.length > LONGEST_CLAUSE)
			clause.length = LONGEST_CLAUSE;
		add_fenced(out, clause);
	}
	const char *why = finding_why(finding), *instead = finding_instead(finding);
	if (why) {
		buf_addc(out, '\n');
		add_plain(out, why);
		buf_addc(out, '\n');
	}
	if (finding->instead) {
		buf_adds(out, "\nInstead:\n\n");
		add_fenced(out, (Text){instead, strlen(instead)});
	} else if (instead) {
		buf_adds(out, "\nInstead: ");
		add_plain(out, instead);
		buf_addc(out, '\n');
	}
	buf_adds(out, "\n</details>\n");
}

static void render(Buf *out, const Run *run, const ReportOptions *options)
{
	buf_adds(out, "### ddlint: ");
	summary_line(out, &run->summary);
	bool any = false;
	for (uint32_t i = 0; i < run->findings.count; i++) {
		if (run->findings.items[i]->suppressed)
			continue;
		if (!any)
			buf_adds(out, "\n| severity | place | finding | rule |\n|---|---|---|---|\n");
		any = true;
		add_row(out, run->findings.items[i]);
	}
	for (uint32_t i = 0; i < run->findings.count && !options->quiet && !options->summary_only; i++)
		if (!run->findings.items[i]->suppressed)
			add_details(out, run->findings.items[i]);
}

const Reporter reporter_markdown = {.name = "markdown", .render = render};
