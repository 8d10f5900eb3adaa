/* The rules of a SARIF log: names, texts and help as code scanning shows them. */
#include "report/sarif.h"

#include "report/link.h"

enum { LONGEST_DESCRIPTION = 1024 }; /* GitHub cuts or refuses more */

static const char *or_else(const char *text, const char *fallback)
{
	return text && *text ? text : fallback;
}

const char *sarif_sentence(Arena *arena, const char *text)
{
	size_t length = strlen(text);
	return length && strchr(".!?", text[length - 1]) ? text : arena_print(arena, "%s.", text);
}

const char *sarif_level(Severity severity)
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

void sarif_message(Json *json, const char *key, const char *text)
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
	buf_addf(&plain, "%s\n", sarif_sentence(&run->arena, why));
	buf_addf(&markdown, "%s\n", sarif_sentence(&run->arena, why));
	if (rule->instead) {
		buf_addf(&plain, "\nInstead: %s\n", sarif_sentence(&run->arena, rule->instead));
		buf_addf(&markdown, "\n**Instead:** %s\n", sarif_sentence(&run->arena, rule->instead));
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
	const char *full = rule->why ? arena_print(&run->arena, "%s: %s", summary, sarif_sentence(&run->arena, rule->why)) : summary;
	if (strlen(full) > LONGEST_DESCRIPTION)
		full = summary;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "id", entry->id);
	json_put_string(json, "name", pascal_case(&run->arena, entry->id));
	sarif_message(json, "shortDescription", sarif_sentence(&run->arena, summary));
	sarif_message(json, "fullDescription", full);
	help_json(run, entry);
	if (rule->manual)
		json_put_string(json, "helpUri", manual_link(&run->arena, rule->manual));
	json_open_object(json, "defaultConfiguration", JSON_ONE_LINE);
	json_put_bool(json, "enabled", rule->severity != SEVERITY_OFF);
	json_put_string(json, "level", rule->severity == SEVERITY_OFF ? "warning" : sarif_level(rule->severity));
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
void sarif_collect_rules(SarifRun *run, const Run *findings)
{
	array_each (const RuleEntry, entry, &findings->rules->entries)
		if (!entry->pack || speaks(findings, entry->rule))
			array_push(&run->arena, &run->rules, entry);
}

int64_t sarif_rule_index(const SarifRun *run, const Rule *rule)
{
	for (uint32_t i = 0; i < run->rules.count; i++)
		if (same(run->rules.items[i]->id, rule_id(rule)))
			return i;
	return -1;
}

void sarif_rules(SarifRun *run)
{
	json_open_array(&run->json, "rules", JSON_MANY_LINES);
	array_each (const RuleEntry *, entry, &run->rules)
		rule_json(run, *entry);
	json_close(&run->json);
}
