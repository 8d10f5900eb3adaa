/* `--format json`: everything that is known of every finding, for machines. */
#include "report/report.h"

#include "parse/parse.h"

static void postgres_json(Json *json, const Finding *finding)
{
	json_open_array(json, "postgres", JSON_ONE_LINE);
	for (uint32_t i = 0; i < finding->postgres.count; i++)
		json_put_number(json, NULL, finding->postgres.items[i]);
	json_close(json);
}

static void place_json(Json *json, const Finding *finding)
{
	Place place = finding_place(finding);
	json_put_string(json, "file", place.path);
	if (finding->whole_file) {
		static const char *const keys[] = {"line", "column", "end_line", "end_column", "offset", "length"};
		for (size_t i = 0; i < LENGTH(keys); i++)
			json_put_null(json, keys[i]);
		return;
	}
	json_put_number(json, "line", place.line);
	json_put_number(json, "column", place.column);
	json_put_number(json, "end_line", place.end_line);
	json_put_number(json, "end_column", place.end_column);
	json_put_number(json, "offset", finding->span.start);
	json_put_number(json, "length", finding->span.end - finding->span.start);
}

static void fix_json(Json *json, const Finding *finding)
{
	if (!finding->edits.count) {
		json_put_null(json, "fix");
		return;
	}
	json_open_object(json, "fix", JSON_ONE_LINE);
	json_put_string(json, "safety", finding->safety == EDIT_SAFE ? "safe" : "needs-review");
	json_open_array(json, "edits", JSON_ONE_LINE);
	array_each (const Edit, edit, &finding->edits) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_number(json, "offset", edit->span.start);
		json_put_number(json, "length", edit->span.end - edit->span.start);
		json_put_string(json, "text", edit->text);
		json_close(json);
	}
	json_close(json);
	json_close(json);
}

/* What the finding says along: rules that would have spoken of the statement, too. */
static void along_json(Json *json, const Finding *finding)
{
	if (!finding->along.count)
		return;
	json_open_array(json, "also", JSON_ONE_LINE);
	array_each (Finding *, item, &finding->along) {
		const Finding *one = *item;
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "rule", rule_id(one->rule));
		json_put_string(json, "category", category_word(one->rule->category));
		json_put_string(json, "message", one->message);
		fix_json(json, one);
		json_close(json);
	}
	json_close(json);
}

static void related_json(Json *json, const Finding *finding)
{
	json_open_array(json, "related", JSON_ONE_LINE);
	array_each (const Related, related, &finding->related) {
		Position start = source_position(related->source, related->span.start);
		Position end = source_position(related->source, related->span.end);
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "file", related->source->path);
		json_put_number(json, "line", start.line);
		json_put_number(json, "column", start.column);
		json_put_number(json, "end_line", end.line);
		json_put_number(json, "end_column", end.column);
		json_put_number(json, "offset", related->span.start);
		json_put_number(json, "length", related->span.end - related->span.start);
		json_put_string(json, "message", related->message);
		json_close(json);
	}
	json_close(json);
}

void finding_json(Json *json, const char *key, const Finding *finding)
{
	json_open_object(json, key, JSON_ONE_LINE);
	json_put_string(json, "rule", rule_id(finding->rule));
	json_put_string(json, "category", category_word(finding_category(finding)));
	json_put_string(json, "severity", severity_word(finding->severity));
	json_put_string(json, "history", finding->history);
	place_json(json, finding);
	json_put_string(json, "migration", finding->migration);
	json_put_string(json, "direction", direction_word(finding->direction));
	json_put_string(json, "relation", finding->relation);
	json_put_string(json, "message", finding->message);
	json_put_string(json, "detail", finding_why(finding));
	json_put_string(json, "instead", finding_instead(finding));
	json_put_string(json, "confidence", finding->partial ? "partial" : finding->declared ? "declared" : "exact");
	json_open_array(json, "because", JSON_ONE_LINE);
	for (uint32_t i = 0; i < finding->because.count; i++)
		json_put_string(json, NULL, finding->because.items[i]);
	json_close(json);
	postgres_json(json, finding);
	json_put_string(json, "fingerprint", finding->fingerprint);
	fix_json(json, finding);
	along_json(json, finding);
	related_json(json, finding);
	json_put_string(json, "suppressed", finding->suppressed);
	json_close(json);
}

static void summary_json(Json *json, const Run *run)
{
	const Summary *summary = &run->summary;
	json_open_object(json, "summary", JSON_ONE_LINE);
	json_put_number(json, "histories", summary->histories);
	json_put_number(json, "files", summary->files);
	json_put_number(json, "migrations", summary->migrations);
	json_put_number(json, "statements", summary->statements);
	json_put_number(json, "errors", summary->errors);
	json_put_number(json, "warnings", summary->warnings);
	json_put_number(json, "notes", summary->notes);
	json_put_number(json, "suppressed", summary->suppressed);
	if (run->baseline)
		json_put_number(json, "in_baseline", summary->in_baseline);
	json_put_number(json, "opaque", summary->opaque);
	json_put_number(json, "unparsed", summary->unparsed);
	json_put_number(json, "set_aside", summary->set_aside);
	json_close(json);
}

static void render(Buf *out, const Run *run, const ReportOptions *options)
{
	Json json = json_new(out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_put_number(&json, "version", 1);
	json_open_object(&json, "tool", JSON_ONE_LINE);
	json_put_string(&json, "name", "ddlint");
	json_put_string(&json, "version", DDLINT_VERSION);
	json_put_string(&json, "parser", parser_version());
	json_close(&json);
	if (!options->summary_only) {
		json_open_array(&json, "findings", JSON_MANY_LINES);
		for (uint32_t i = 0; i < run->findings.count; i++)
			finding_json(&json, NULL, run->findings.items[i]);
		json_close(&json);
	}
	summary_json(&json, run);
	json_finish(&json);
}

const Reporter reporter_json = {.name = "json", .render = render};
