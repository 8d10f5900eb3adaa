/* `--format json`: everything that is known of every finding, for machines. */
#include "report/report.h"

#include "parse/parse.h"

static void postgres_json(Json *json, const Finding *finding)
{
	json_array(json, "postgres", JSON_INLINE);
	for (uint32_t i = 0; i < finding->postgres.count; i++)
		json_number(json, NULL, finding->postgres.items[i]);
	json_end(json);
}

static void place_json(Json *json, const Finding *finding)
{
	Place place = finding_place(finding);
	json_string(json, "file", place.path);
	if (finding->whole_file) {
		static const char *const keys[] = {"line", "column", "end_line", "end_column", "offset", "length"};
		for (size_t i = 0; i < LENGTH(keys); i++)
			json_null(json, keys[i]);
		return;
	}
	json_number(json, "line", place.line);
	json_number(json, "column", place.column);
	json_number(json, "end_line", place.end_line);
	json_number(json, "end_column", place.end_column);
	json_number(json, "offset", finding->span.start);
	json_number(json, "length", finding->span.end - finding->span.start);
}

static void fix_json(Json *json, const Finding *finding)
{
	if (!finding->edits.count) {
		json_null(json, "fix");
		return;
	}
	json_object(json, "fix", JSON_INLINE);
	json_string(json, "safety", finding->safety == EDIT_SAFE ? "safe" : "needs-review");
	json_array(json, "edits", JSON_INLINE);
	array_each(const Edit, edit, &finding->edits) {
		json_object(json, NULL, JSON_INLINE);
		json_number(json, "offset", edit->span.start);
		json_number(json, "length", edit->span.end - edit->span.start);
		json_string(json, "text", edit->text);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void related_json(Json *json, const Finding *finding)
{
	json_array(json, "related", JSON_INLINE);
	array_each(const Related, related, &finding->related) {
		Position start = source_position(related->source, related->span.start);
		Position end = source_position(related->source, related->span.end);
		json_object(json, NULL, JSON_INLINE);
		json_string(json, "file", related->source->path);
		json_number(json, "line", start.line);
		json_number(json, "column", start.column);
		json_number(json, "end_line", end.line);
		json_number(json, "end_column", end.column);
		json_number(json, "offset", related->span.start);
		json_number(json, "length", related->span.end - related->span.start);
		json_string(json, "message", related->message);
		json_end(json);
	}
	json_end(json);
}

void finding_json(Json *json, const char *key, const Finding *finding)
{
	json_object(json, key, JSON_INLINE);
	json_string(json, "rule", rule_id(finding->rule));
	json_string(json, "category", category_word(finding->rule->category));
	json_string(json, "severity", severity_word(finding->severity));
	json_string(json, "history", finding->history);
	place_json(json, finding);
	json_string(json, "migration", finding->migration);
	json_string(json, "direction", direction_word(finding->direction));
	json_string(json, "relation", finding->relation);
	json_string(json, "message", finding->message);
	json_string(json, "detail", finding_why(finding));
	json_string(json, "instead", finding_instead(finding));
	json_string(json, "confidence", finding->partial ? "partial" : "exact");
	json_array(json, "because", JSON_INLINE);
	for (uint32_t i = 0; i < finding->because.count; i++)
		json_string(json, NULL, finding->because.items[i]);
	json_end(json);
	postgres_json(json, finding);
	json_string(json, "fingerprint", finding->fingerprint);
	fix_json(json, finding);
	related_json(json, finding);
	json_string(json, "suppressed", finding->suppressed);
	json_end(json);
}

static void summary_json(Json *json, const Summary *summary)
{
	json_object(json, "summary", JSON_INLINE);
	json_number(json, "histories", summary->histories);
	json_number(json, "files", summary->files);
	json_number(json, "migrations", summary->migrations);
	json_number(json, "statements", summary->statements);
	json_number(json, "errors", summary->errors);
	json_number(json, "warnings", summary->warnings);
	json_number(json, "notes", summary->notes);
	json_number(json, "suppressed", summary->suppressed);
	json_number(json, "opaque", summary->opaque);
	json_number(json, "unparsed", summary->unparsed);
	json_number(json, "set_aside", summary->set_aside);
	json_end(json);
}

static void render(Buf *out, const Run *run, const ReportOptions *options)
{
	Json json = json_new(out);
	json_object(&json, NULL, JSON_LINES);
	json_number(&json, "version", 1);
	json_object(&json, "tool", JSON_INLINE);
	json_string(&json, "name", "ddlint");
	json_string(&json, "version", DDLINT_VERSION);
	json_string(&json, "parser", parser_version());
	json_end(&json);
	if (!options->summary_only) {
		json_array(&json, "findings", JSON_LINES);
		for (uint32_t i = 0; i < run->findings.count; i++)
			finding_json(&json, NULL, run->findings.items[i]);
		json_end(&json);
	}
	summary_json(&json, &run->summary);
	json_finish(&json);
}

const Reporter reporter_json = {.name = "json", .render = render};
