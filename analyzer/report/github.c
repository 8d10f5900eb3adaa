/*
 * `--format github`: workflow commands, which GitHub shows beside the lines of a pull request.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
#include <inttypes.h>

#include "report/report.h"
#include "report/terminal.h"

/* Messages escape %, CR and LF; properties also ',' and ':'. The rest is for the page and for the log, which is a terminal's text. */
static void add_escaped(Buf *out, const char *text, bool property)
{
	for (size_t left = strlen(text), taken; left; text += taken, left -= taken) {
		taken = 1;
		if (byte_in(*text, property ? "%\r\n:," : "%\r\n")) {
			buf_addf(out, "%%%02X", (unsigned char)*text);
			continue;
		}
		Glyph glyph = glyph_at(text, left, 0);
		buf_adds(out, glyph.text);
		taken = glyph.bytes;
	}
}

static void render_finding(Buf *out, const Finding *finding)
{
	Place place = finding_place(finding);
	const char *level = finding->severity == SEVERITY_NOTE ? "notice" : severity_word(finding->severity);
	buf_addf(out, "::%s file=", level);
	add_escaped(out, place.path, true);
	if (place.line) {
		buf_addf(out, ",line=%" PRIu32 ",endLine=%" PRIu32, place.line, place.end_line);
		/* Columns are only understood within one line. */
		if (place.line == place.end_line)
			buf_addf(out, ",col=%" PRIu32 ",endColumn=%" PRIu32, place.column, place.end_column);
	}
	buf_adds(out, ",title=");
	add_escaped(out, rule_id(finding->rule), true);
	buf_adds(out, "::");
	add_escaped(out, finding->message, false);
	Buf rest = {0};
	finding_explanation(&rest, finding);
	if (rest.length) {
		rest.data[--rest.length] = '\0';
		add_escaped(out, "\n", false);
		add_escaped(out, rest.data, false);
	}
	buf_free(&rest);
	buf_addc(out, '\n');
}

static void render(Buf *out, const Run *run, const ReportOptions *options UNUSED)
{
	for (uint32_t i = 0; i < run->findings.count; i++)
		if (!run->findings.items[i]->suppressed)
			render_finding(out, run->findings.items[i]);
	summary_line(out, &run->summary);
}

const Reporter reporter_github = {.name = "github", .render = render};
