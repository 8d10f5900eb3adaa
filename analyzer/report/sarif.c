/*
 * `--format sarif`: SARIF 2.1.0 with what GitHub code scanning asks for.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * Columns count UTF-16 code units (columnKind says so), as SARIF viewers expect by default.
 */
#include "report/sarif.h"

#include "base/deflate.h"
#include "parse/parse.h"
#include "report/link.h"

enum { LONGEST_SNIPPET = 500 };

/* --- Results ------------------------------------------------------------------------------------------------------------------ */

static uint32_t artifact_index(SarifRun *run, const Source *source)
{
	size_t length = strlen(source->path);
	uintptr_t place = (uintptr_t)map_get(&run->artifacts, source->path, length);
	if (!place) {
		array_push(&run->arena, &run->paths, source);
		place = run->paths.count;
		map_set(&run->arena, &run->artifacts, source->path, length, (void *)place);
	}
	return (uint32_t)place - 1;
}

/* Relative paths are meant from the root of the checkout; absolute ones are URIs of their own. */
static void artifact_json(SarifRun *run, const char *key, const Source *source, int64_t index)
{
	json_open_object(&run->json, key, JSON_ONE_LINE);
	json_put_string(&run->json, "uri", path_uri(&run->arena, source->path));
	if (source->path[0] != '/')
		json_put_string(&run->json, "uriBaseId", "%SRCROOT%");
	if (index >= 0)
		json_put_number(&run->json, "index", index);
	json_close(&run->json);
}

static void region_json(SarifRun *run, const char *key, Source *source, Span span, bool snippet)
{
	json_open_object(&run->json, key, JSON_ONE_LINE);
	json_put_number(&run->json, "startLine", source_position(source, span.start).line);
	json_put_number(&run->json, "startColumn", source_utf16_column(source, span.start) + 1);
	json_put_number(&run->json, "endLine", source_position(source, span.end).line);
	json_put_number(&run->json, "endColumn", source_utf16_column(source, span.end) + 1);
	Text text = source_text(source, span);
	if (snippet && text.length && text.length <= LONGEST_SNIPPET) {
		json_open_object(&run->json, "snippet", JSON_ONE_LINE);
		json_put_text(&run->json, "text", text);
		json_close(&run->json);
	}
	json_close(&run->json);
}

/* A finding about a whole file stands at its first line, because every result needs a place to be shown at. */
static void physical_json(SarifRun *run, Source *source, Span span, bool whole_file, bool snippet)
{
	json_open_object(&run->json, "physicalLocation", JSON_ONE_LINE);
	artifact_json(run, "artifactLocation", source, artifact_index(run, source));
	if (whole_file) {
		json_open_object(&run->json, "region", JSON_ONE_LINE);
		json_put_number(&run->json, "startLine", 1);
		json_put_number(&run->json, "startColumn", 1);
		json_put_number(&run->json, "endLine", 1);
		json_put_number(&run->json, "endColumn", 1);
		json_close(&run->json);
	} else {
		region_json(run, "region", source, span, snippet);
	}
	json_close(&run->json);
}

static void related_json(SarifRun *run, const Finding *finding)
{
	Json *json = &run->json;
	Places places = {0};
	finding_places(&run->arena, finding, &places);
	if (!places.count)
		return;
	json_open_array(json, "relatedLocations", JSON_ONE_LINE);
	for (uint32_t i = 0; i < places.count; i++) {
		const Related *place = &places.items[i];
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_number(json, "id", i + 1);
		/* The place of a hot query is a row of the workload, which holds its text. */
		physical_json(run, place->source, place->span, false, !place->redacted);
		sarif_message(json, "message", sarif_sentence(&run->arena, place->redacted ? place->redacted : place->message));
		json_close(json);
	}
	json_close(json);
}

/*
 * How a proof came about: the statements of the migration, those of its rollback, and what that came to at the finding itself.
 * Viewers walk through it step by step.
 */
static void flow_json(SarifRun *run, const Finding *finding)
{
	if (!finding->flow.count)
		return;
	Json *json = &run->json;
	json_open_array(json, "codeFlows", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_open_array(json, "threadFlows", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_open_array(json, "locations", JSON_ONE_LINE);
	for (uint32_t i = 0; i <= finding->flow.count; i++) {
		const Related last = {finding->source, finding->span, finding->message, NULL};
		const Related *step = i < finding->flow.count ? &finding->flow.items[i] : &last;
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_number(json, "executionOrder", i + 1);
		json_open_object(json, "location", JSON_ONE_LINE);
		physical_json(run, step->source, step->span, false, true);
		sarif_message(json, "message", sarif_sentence(&run->arena, step->message));
		json_close(json);
		json_close(json);
	}
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void fix_json(SarifRun *run, const Finding *finding)
{
	if (!finding->edits.count)
		return;
	Json *json = &run->json;
	json_open_object(json, NULL, JSON_ONE_LINE);
	sarif_message(json, "description", finding->safety == EDIT_SAFE ? "Safe to apply." : "Review before applying.");
	json_open_array(json, "artifactChanges", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	artifact_json(run, "artifactLocation", finding->source, artifact_index(run, finding->source));
	json_open_array(json, "replacements", JSON_ONE_LINE);
	array_each (const Edit, edit, &finding->edits) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		region_json(run, "deletedRegion", finding->source, edit->span, false);
		sarif_message(json, "insertedContent", edit->text);
		json_close(json);
	}
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
}

/* The finding's own, and those of what it says along. */
static void fixes_json(SarifRun *run, const Finding *finding)
{
	bool any = finding->edits.count;
	array_each (Finding *, one, &finding->along)
		any = any || (*one)->edits.count;
	if (!any)
		return;
	json_open_array(&run->json, "fixes", JSON_ONE_LINE);
	fix_json(run, finding);
	array_each (Finding *, one, &finding->along)
		fix_json(run, *one);
	json_close(&run->json);
}

static void properties_json(Json *json, const Finding *finding)
{
	json_open_object(json, "properties", JSON_ONE_LINE);
	json_put_string(json, "category", category_word(finding_category(finding)));
	json_put_string(json, "history", finding->history);
	json_put_string(json, "migration", finding->migration);
	json_put_string(json, "direction", direction_word(finding->direction));
	json_put_string(json, "relation", finding->relation);
	json_put_string(json, "lock", finding->lock);
	json_put_string(json, "instead", finding_instead(finding));
	json_put_string(json, "confidence", finding->partial ? "partial" : finding->declared ? "declared" : "exact");
	json_open_array(json, "because", JSON_ONE_LINE);
	for (uint32_t i = 0; i < finding->because.count; i++)
		json_put_string(json, NULL, finding->because.items[i]);
	json_close(json);
	json_open_array(json, "postgres", JSON_ONE_LINE);
	for (uint32_t i = 0; i < finding->postgres.count; i++)
		json_put_number(json, NULL, finding->postgres.items[i]);
	json_close(json);
	json_close(json);
}

static void result_json(SarifRun *run, const Finding *finding)
{
	Json *json = &run->json;
	const char *why = finding_why(finding);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "ruleId", rule_id(finding->rule));
	int64_t index = sarif_rule_index(run, finding->rule);
	if (index >= 0)
		json_put_number(json, "ruleIndex", index);
	json_put_string(json, "kind", "fail");
	json_put_string(json, "level", sarif_level(finding->severity));
	const char *message = sarif_sentence(&run->arena, finding->message);
	if (why)
		message = arena_print(&run->arena, "%s %s", message, sarif_sentence(&run->arena, why));
	sarif_message(json, "message", message);
	json_open_array(json, "locations", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	physical_json(run, finding->source, finding->span, finding->whole_file, true);
	if (finding->relation) {
		json_open_array(json, "logicalLocations", JSON_ONE_LINE);
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "fullyQualifiedName", finding->relation);
		json_close(json);
		json_close(json);
	}
	json_close(json);
	json_close(json);
	related_json(run, finding);
	flow_json(run, finding);
	if (finding->fingerprint[0]) {
		json_open_object(json, "partialFingerprints", JSON_ONE_LINE);
		json_put_string(json, "ddlint/v1", finding->fingerprint);
		json_close(json);
	}
	if (run->baseline)
		json_put_string(json, "baselineState", finding->in_baseline ? "unchanged" : "new");
	if (run->suppressions) {
		json_open_array(json, "suppressions", JSON_ONE_LINE);
		if (finding->suppressed) {
			json_open_object(json, NULL, JSON_ONE_LINE);
			json_put_string(json, "kind", finding->in_baseline ? "external" : "inSource");
			json_put_string(json, "status", "accepted");
			json_put_string(json, "justification", finding->suppressed);
			json_close(json);
		}
		json_close(json);
	}
	fixes_json(run, finding);
	properties_json(json, finding);
	json_close(json);
}

/* --- The log -------------------------------------------------------------------------------------------------------------------- */

static void tool_json(SarifRun *run)
{
	Json *json = &run->json;
	json_open_object(json, "tool", JSON_MANY_LINES);
	json_open_object(json, "driver", JSON_MANY_LINES);
	json_put_string(json, "name", "ddlint");
	json_put_string(json, "fullName", "ddlint " DDLINT_VERSION);
	json_put_string(json, "semanticVersion", DDLINT_VERSION);
	sarif_message(json, "shortDescription", "Finds what PostgreSQL migrations do to a live database.");
	json_open_object(json, "properties", JSON_ONE_LINE);
	json_put_string(json, "parser", arena_print(&run->arena, "PostgreSQL %s", parser_version()));
	json_close(json);
	sarif_rules(run);
	json_close(json);
	json_close(json);
}

static void artifacts_json(SarifRun *run)
{
	json_open_array(&run->json, "artifacts", JSON_MANY_LINES);
	for (uint32_t i = 0; i < run->paths.count; i++) {
		json_open_object(&run->json, NULL, JSON_ONE_LINE);
		artifact_json(run, "location", run->paths.items[i], -1);
		json_put_number(&run->json, "length", run->paths.items[i]->length);
		json_put_string(&run->json, "sourceLanguage", "sql");
		json_close(&run->json);
	}
	json_close(&run->json);
}

/*
 * GitHub rejects a run with more results, and a file that is larger when compressed; of the results it keeps the 5,000 that weigh
 * most: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
enum { MOST_RESULTS = 25000, LARGEST_FILE = 10000000 };

/* The heaviest that there is room for, in their order. Answers how many are left out. */
static uint32_t results_json(SarifRun *run, const Run *findings, uint32_t room)
{
	uint32_t left[SEVERITY_ERROR + 1] = {0}, count = findings->findings.count;
	for (uint32_t i = 0; i < count; i++)
		left[findings->findings.items[i]->severity]++;
	for (int severity = SEVERITY_ERROR; severity >= 0; severity--) {
		left[severity] = left[severity] < room ? left[severity] : room;
		room -= left[severity];
	}
	uint32_t written = 0;
	json_open_array(&run->json, "results", JSON_MANY_LINES);
	for (uint32_t i = 0; i < count; i++) {
		const Finding *finding = findings->findings.items[i];
		if (!left[finding->severity])
			continue;
		left[finding->severity]--;
		written++;
		result_json(run, finding);
	}
	json_close(&run->json);
	return count - written;
}

static void cut_json(SarifRun *run, uint32_t left_out, bool by_size)
{
	Json *json = &run->json;
	const char *limit = by_size ? "a file may have 10 MB when it is compressed"
				    : arena_print(&run->arena, "a run may have %d results", MOST_RESULTS);
	json_open_array(json, "invocations", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_bool(json, "executionSuccessful", true);
	json_open_array(json, "toolExecutionNotifications", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "level", "warning");
	sarif_message(json, "message", arena_print(&run->arena, "%u more findings are left out, the lightest: %s.", left_out, limit));
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void log_json(Buf *out, const Run *findings, const ReportOptions *options, uint32_t room)
{
	SarifRun run = {.json = json_new(out), .baseline = findings->baseline != NULL};
	Json *json = &run.json;
	sarif_collect_rules(&run, findings);
	json_open_object(json, NULL, JSON_MANY_LINES);
	json_put_string(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_put_string(json, "version", "2.1.0");
	json_open_array(json, "runs", JSON_MANY_LINES);
	json_open_object(json, NULL, JSON_MANY_LINES);
	tool_json(&run);
	json_open_object(json, "automationDetails", JSON_ONE_LINE);
	json_put_string(json, "id", options->title ? arena_print(&run.arena, "ddlint/%s/", options->title) : "ddlint/");
	json_close(json);
	json_put_string(json, "columnKind", "utf16CodeUnits");
	json_open_object(json, "originalUriBaseIds", JSON_ONE_LINE);
	json_open_object(json, "%SRCROOT%", JSON_ONE_LINE);
	sarif_message(json, "description", "The folder that ddlint was run in: the root of the checkout.");
	json_close(json);
	json_close(json);
	for (uint32_t i = 0; i < findings->findings.count; i++)
		run.suppressions = run.suppressions || findings->findings.items[i]->suppressed;
	uint32_t left_out = results_json(&run, findings, room);
	if (left_out)
		cut_json(&run, left_out, room < MOST_RESULTS);
	artifacts_json(&run);
	json_finish(json);
	arena_free(&run.arena);
}

static void render(Buf *out, const Run *findings, const ReportOptions *options)
{
	size_t start = out->length;
	uint32_t room = MOST_RESULTS;
	log_json(out, findings, options, room);
	/* What fits as it is fits when it is compressed. Each round leaves out what is too much, and a little more. */
	while (out->length - start > LARGEST_FILE && room) {
		size_t size = gzip_size_at_most((Text){out->data + start, out->length - start});
		if (size <= LARGEST_FILE)
			break;
		uint32_t results = findings->findings.count < room ? findings->findings.count : room;
		room = (uint32_t)((uint64_t)results * LARGEST_FILE / size * 9 / 10);
		out->length = start;
		log_json(out, findings, options, room);
	}
}

const Reporter reporter_sarif = {.name = "sarif", .render = render};
