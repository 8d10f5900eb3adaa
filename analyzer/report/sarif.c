/*
 * `--format sarif`: SARIF 2.1.0 with what GitHub code scanning asks for.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * Columns count UTF-16 code units (columnKind says so), as SARIF viewers expect by default.
 */
#include "report/report.h"

#include "judge/rule_book.h"
#include "parse/parse.h"
#include "report/link.h"

enum {
	LONGEST_DESCRIPTION = 1024, /* GitHub cuts or refuses more */
	LONGEST_SNIPPET = 500,
};

typedef struct SarifRun {
	Json json;
	Arena arena;
	ARRAY(const RuleEntry *) rules;
	Map artifacts;               /* path -> its place in `paths`, plus one */
	ARRAY(const Source *) paths; /* every file that a result names */
	bool baseline;               /* results were compared with one: each says what became of it (3.27.24) */
	bool suppressions;           /* some result is suppressed: then all of them have to speak of it (3.27.23) */
} SarifRun;

/* --- Rules ------------------------------------------------------------------------------------------------------------------- */

static const char *or_else(const char *text, const char *fallback)
{
	return text && *text ? text : fallback;
}

/* SARIF's texts are sentences; rules and findings write them with or without the full stop. */
static const char *sentence(Arena *arena, const char *text)
{
	size_t length = strlen(text);
	return length && strchr(".!?", text[length - 1]) ? text : arena_print(arena, "%s.", text);
}

static const char *level_of(Severity severity)
{
	return severity > SEVERITY_OFF ? severity_word(severity) : "none";
}

/* index-not-concurrent -> IndexNotConcurrent: SARIF wants a name that a person reads and that is not the id again. */
static const char *pascal_case(Arena *arena, const char *id)
{
	char *name = arena_string(arena, id), *to = name;
	bool upper = true;
	for (const char *from = id; *from; from++) {
		if (*from == '-') {
			upper = true;
			continue;
		}
		*to++ = upper && *from >= 'a' && *from <= 'z' ? (char)(*from - 'a' + 'A') : *from;
		upper = false;
	}
	*to = '\0';
	return name;
}

static void message_json(Json *json, const char *key, const char *text)
{
	json_open_object(json, key, JSON_ONE_LINE);
	json_put_string(json, "text", text);
	json_close(json);
}

static void help_json(SarifRun *run, const RuleEntry *entry)
{
	const Rule *rule = entry->rule;
	Buf plain = {0}, markdown = {0};
	const char *why = or_else(rule->why, rule->summary);
	buf_addf(&plain, "%s\n", sentence(&run->arena, why));
	buf_addf(&markdown, "%s\n", sentence(&run->arena, why));
	if (rule->instead) {
		buf_addf(&plain, "\nInstead: %s\n", sentence(&run->arena, rule->instead));
		buf_addf(&markdown, "\n**Instead:** %s\n", sentence(&run->arena, rule->instead));
	}
	if (entry->bad && *entry->bad) {
		Text shown = example_text(&run->arena, entry->bad, false);
		buf_addf(&plain, "\nBad:\n%.*s", (int)shown.length, shown.data);
		buf_addf(&markdown, "\n### Bad\n\n```sql\n%.*s```\n", (int)shown.length, shown.data);
	}
	if (entry->good && *entry->good) {
		Text shown = example_text(&run->arena, entry->good, false);
		buf_addf(&plain, "\nGood:\n%.*s", (int)shown.length, shown.data);
		buf_addf(&markdown, "\n### Good\n\n```sql\n%.*s```\n", (int)shown.length, shown.data);
	}
	if (rule->manual) {
		const char *link = manual_link(&run->arena, rule->manual);
		buf_addf(&plain, "\nManual: %s\n", link);
		buf_addf(&markdown, "\n[PostgreSQL's manual](%s)\n", link);
	}
	json_open_object(&run->json, "help", JSON_ONE_LINE);
	json_put_string(&run->json, "text", plain.data);
	json_put_string(&run->json, "markdown", markdown.data);
	json_close(&run->json);
	buf_free(&plain);
	buf_free(&markdown);
}

static void rule_json(SarifRun *run, const RuleEntry *entry)
{
	Json *json = &run->json;
	const Rule *rule = entry->rule;
	const char *summary = or_else(rule->summary, entry->id);
	const char *full = rule->why ? arena_print(&run->arena, "%s: %s", summary, sentence(&run->arena, rule->why)) : summary;
	if (strlen(full) > LONGEST_DESCRIPTION)
		full = summary;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "id", entry->id);
	json_put_string(json, "name", pascal_case(&run->arena, entry->id));
	message_json(json, "shortDescription", sentence(&run->arena, summary));
	message_json(json, "fullDescription", full);
	help_json(run, entry);
	if (rule->manual)
		json_put_string(json, "helpUri", manual_link(&run->arena, rule->manual));
	json_open_object(json, "defaultConfiguration", JSON_ONE_LINE);
	json_put_bool(json, "enabled", rule->severity != SEVERITY_OFF);
	json_put_string(json, "level", rule->severity == SEVERITY_OFF ? "warning" : level_of(rule->severity));
	json_close(json);
	json_open_object(json, "properties", JSON_ONE_LINE);
	json_open_array(json, "tags", JSON_ONE_LINE);
	json_put_string(json, NULL, "postgresql");
	json_put_string(json, NULL, "migration");
	json_put_string(json, NULL, category_word(rule->category));
	json_close(json);
	json_put_string(json, "precision", "high");
	json_put_string(json, "problem.severity",
		    rule->severity == SEVERITY_ERROR ? "error" : rule->severity == SEVERITY_NOTE ? "recommendation" : "warning");
	json_close(json);
	json_close(json);
}

static bool speaks(const Run *run, const Rule *rule)
{
	for (uint32_t i = 0; i < run->findings.count; i++)
		if (same(rule_id(run->findings.items[i]->rule), rule_id(rule)))
			return true;
	return false;
}

/* Of the packs' rules, most of which are off, only those that found something. */
static void collect_rules(SarifRun *run, const Run *findings)
{
	array_each (const RuleEntry, entry, &findings->rules->entries)
		if (!entry->pack || speaks(findings, entry->rule))
			array_push(&run->arena, &run->rules, entry);
}

static int64_t rule_index(const SarifRun *run, const Rule *rule)
{
	for (uint32_t i = 0; i < run->rules.count; i++)
		if (same(run->rules.items[i]->id, rule_id(rule)))
			return i;
	return -1;
}

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
static void physical_json(SarifRun *run, Source *source, Span span, bool whole_file)
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
		region_json(run, "region", source, span, true);
	}
	json_close(&run->json);
}

static void related_json(SarifRun *run, const Finding *finding)
{
	if (!finding->related.count)
		return;
	Json *json = &run->json;
	json_open_array(json, "relatedLocations", JSON_ONE_LINE);
	for (uint32_t i = 0; i < finding->related.count; i++) {
		const Related *related = &finding->related.items[i];
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_number(json, "id", i + 1);
		physical_json(run, related->source, related->span, false);
		message_json(json, "message", related->redacted ? related->redacted : related->message);
		json_close(json);
	}
	json_close(json);
}

static void fixes_json(SarifRun *run, const Finding *finding)
{
	if (!finding->edits.count)
		return;
	Json *json = &run->json;
	json_open_array(json, "fixes", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	message_json(json, "description", finding->safety == EDIT_SAFE ? "Safe to apply." : "Review before applying.");
	json_open_array(json, "artifactChanges", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	artifact_json(run, "artifactLocation", finding->source, artifact_index(run, finding->source));
	json_open_array(json, "replacements", JSON_ONE_LINE);
	array_each (const Edit, edit, &finding->edits) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		region_json(run, "deletedRegion", finding->source, edit->span, false);
		message_json(json, "insertedContent", edit->text);
		json_close(json);
	}
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void properties_json(Json *json, const Finding *finding)
{
	json_open_object(json, "properties", JSON_ONE_LINE);
	json_put_string(json, "category", category_word(finding->rule->category));
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
	int64_t index = rule_index(run, finding->rule);
	if (index >= 0)
		json_put_number(json, "ruleIndex", index);
	json_put_string(json, "kind", "fail");
	json_put_string(json, "level", level_of(finding->severity));
	const char *message = sentence(&run->arena, finding->message);
	if (why)
		message = arena_print(&run->arena, "%s %s", message, sentence(&run->arena, why));
	message_json(json, "message", message);
	json_open_array(json, "locations", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	physical_json(run, finding->source, finding->span, finding->whole_file);
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
	message_json(json, "shortDescription", "Finds what PostgreSQL migrations do to a live database.");
	json_open_object(json, "properties", JSON_ONE_LINE);
	json_put_string(json, "parser", arena_print(&run->arena, "PostgreSQL %s", parser_version()));
	json_close(json);
	json_open_array(json, "rules", JSON_MANY_LINES);
	array_each (const RuleEntry *, entry, &run->rules)
		rule_json(run, *entry);
	json_close(json);
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
 * GitHub rejects a run with more results, and keeps the 5,000 that weigh most:
 * https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
enum { MOST_RESULTS = 25000 };

/* The heaviest that fit, in their order. Answers how many are left out. */
static uint32_t results_json(SarifRun *run, const Run *findings)
{
	uint32_t left[SEVERITY_ERROR + 1] = {0}, room = MOST_RESULTS, count = findings->findings.count;
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

static void cut_json(SarifRun *run, uint32_t left_out)
{
	Json *json = &run->json;
	json_open_array(json, "invocations", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_bool(json, "executionSuccessful", true);
	json_open_array(json, "toolExecutionNotifications", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "level", "warning");
	message_json(json, "message", arena_print(&run->arena, "%u more findings are left out, the lightest: a run may have %d results.",
						  left_out, MOST_RESULTS));
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void render(Buf *out, const Run *findings, const ReportOptions *options)
{
	SarifRun run = {.json = json_new(out), .baseline = findings->baseline != NULL};
	Json *json = &run.json;
	collect_rules(&run, findings);
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
	message_json(json, "description", "The folder that ddlint was run in: the root of the checkout.");
	json_close(json);
	json_close(json);
	for (uint32_t i = 0; i < findings->findings.count; i++)
		run.suppressions = run.suppressions || findings->findings.items[i]->suppressed;
	uint32_t left_out = results_json(&run, findings);
	if (left_out)
		cut_json(&run, left_out);
	artifacts_json(&run);
	json_finish(json);
	arena_free(&run.arena);
}

const Reporter reporter_sarif = {.name = "sarif", .render = render};
