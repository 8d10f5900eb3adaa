/*
 * `--format gitlab`: a Code Quality report. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 * GitLab stops reading at the first entry that it does not accept, and shows entries of one fingerprint once.
 */
#include "report/report.h"

static void finding_entry(Json *json, const Finding *finding)
{
	static const char *const severities[] = {
		[SEVERITY_OFF] = "info",
		[SEVERITY_NOTE] = "info",
		[SEVERITY_WARNING] = "major",
		[SEVERITY_ERROR] = "critical",
	};
	Place place = finding_place(finding);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "description", finding->message);
	json_put_string(json, "check_name", rule_id(finding->rule));
	json_put_string(json, "fingerprint", finding->fingerprint);
	json_put_string(json, "severity", severities[finding->severity]);
	json_open_object(json, "location", JSON_ONE_LINE);
	json_put_string(json, "path", place.path);
	json_open_object(json, "lines", JSON_ONE_LINE);
	json_put_number(json, "begin", place.line ? place.line : 1);
	if (place.line)
		json_put_number(json, "end", place.end_line);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void render(Buf *out, const Run *run, const ReportOptions *options UNUSED)
{
	Json json = json_new(out);
	json_open_array(&json, NULL, JSON_MANY_LINES);
	for (uint32_t i = 0; i < run->findings.count; i++)
		if (!run->findings.items[i]->suppressed)
			finding_entry(&json, run->findings.items[i]);
	json_finish(&json);
}

const Reporter reporter_gitlab = {.name = "gitlab", .render = render};
