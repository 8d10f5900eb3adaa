/*
 * `--format junit`: JUnit's XML, as CI servers read it. A suite for each file with findings, a case for each finding; errors and
 * warnings fail, notes pass. Times are left at zero so that equal runs give equal reports.
 */
#include <inttypes.h>

#include "report/report.h"

/* Text, or the value of an attribute, where line ends are blanks unless escaped. What XML 1.0 cannot hold becomes U+FFFD: https://www.w3.org/TR/xml/#charsets */
static void add_xml(Buf *out, const char *text, bool attribute)
{
	for (size_t left = strlen(text); left;) {
		size_t length = utf8_sequence(text, left);
		if (length == 0 || ((unsigned char)*text < 0x20 && !strchr("\t\n\r", *text)) ||
		    (length == 3 && memcmp(text, "\xEF\xBF\xBE", 2) == 0 && (unsigned char)text[2] >= 0xBE))
			buf_adds(out, "\xEF\xBF\xBD");
		else if (*text == '&')
			buf_adds(out, "&amp;");
		else if (*text == '<')
			buf_adds(out, "&lt;");
		else if (*text == '>')
			buf_adds(out, "&gt;");
		else if (*text == '"')
			buf_adds(out, "&quot;");
		else if (attribute && strchr("\t\n\r", *text))
			buf_addf(out, "&#%d;", *text);
		else
			buf_add(out, text, length);
		text += length ? length : 1;
		left -= length ? length : 1;
	}
}

static void add_attribute(Buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	add_xml(out, value, true);
	buf_addc(out, '"');
}

static bool is_failure(const Finding *finding)
{
	return finding->severity >= SEVERITY_WARNING;
}

static void add_case(Buf *out, const Finding *finding)
{
	Place place = finding_place(finding);
	Buf name = {0}, body = {0};
	buf_adds(&name, rule_id(finding->rule));
	if (place.line)
		buf_addf(&name, " at line %" PRIu32 ", column %" PRIu32, place.line, place.column);
	buf_adds(out, "    <testcase");
	add_attribute(out, "name", name.data);
	add_attribute(out, "classname", place.path);
	buf_adds(out, " time=\"0\"");
	buf_free(&name);
	if (!is_failure(finding)) {
		buf_adds(out, "/>\n");
		return;
	}
	buf_adds(out, ">\n      <failure");
	add_attribute(out, "message", finding->message);
	add_attribute(out, "type", severity_word(finding->severity));
	buf_addc(out, '>');
	finding_line(&body, finding, false);
	finding_explanation(&body, finding);
	add_xml(out, body.data, false);
	buf_free(&body);
	buf_adds(out, "</failure>\n    </testcase>\n");
}

static void add_suite(Buf *out, const char *name, uint32_t id, uint32_t tests, uint32_t failures)
{
	buf_adds(out, "  <testsuite");
	add_attribute(out, "name", name);
	buf_addf(out,
		 " package=\"ddlint\" id=\"%" PRIu32 "\" hostname=\"localhost\" timestamp=\"1970-01-01T00:00:00\""
		 " tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"0\" time=\"0\">\n    <properties/>\n",
		 id, tests, failures);
}

static void end_suite(Buf *out)
{
	buf_adds(out, "    <system-out/>\n    <system-err/>\n  </testsuite>\n");
}

static void render(Buf *out, const Run *run, const ReportOptions *options UNUSED)
{
	buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	uint32_t suites = 0;
	for (uint32_t i = 0; i < run->findings.count;) {
		const char *path = run->findings.items[i]->source->path;
		uint32_t end = i, tests = 0, failures = 0;
		for (; end < run->findings.count && same(run->findings.items[end]->source->path, path); end++) {
			const Finding *finding = run->findings.items[end];
			tests += !finding->suppressed;
			failures += !finding->suppressed && is_failure(finding);
		}
		if (tests) {
			add_suite(out, path, suites++, tests, failures);
			for (; i < end; i++)
				if (!run->findings.items[i]->suppressed)
					add_case(out, run->findings.items[i]);
			end_suite(out);
		}
		i = end;
	}
	if (!suites) { /* CI servers take a report without any case for a broken one */
		add_suite(out, "ddlint", 0, 1, 0);
		buf_adds(out, "    <testcase name=\"no findings\" classname=\"ddlint\" time=\"0\"/>\n");
		end_suite(out);
	}
	buf_adds(out, "</testsuites>\n");
}

const Reporter reporter_junit = {.name = "junit", .render = render};
