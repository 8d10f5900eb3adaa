/* `ddlint rules`: the list of all rules, for people, for machines, and for rules/README.md. */
#include "action/action.h"
#include "base/json.h"
#include "commands/commands.h"
#include "report/link.h"

static const char *severity_shown(const Rule *rule)
{
	return rule->severity == SEVERITY_OFF ? "off" : severity_word(rule->severity);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static uint32_t rules_of(const RuleBook *book, Category category)
{
	uint32_t count = 0;
	array_each (RuleEntry, entry, &book->entries)
		count += entry->rule->category == category;
	return count;
}

static void render_text(Buf *out, const RuleBook *book)
{
	for (Category category = 0; category < CATEGORY_COUNT; category++) {
		if (!rules_of(book, category))
			continue;
		buf_addf(out, "%s%s\n", out->length ? "\n" : "", category_word(category));
		array_each (RuleEntry, entry, &book->entries)
			if (entry->rule->category == category)
				buf_addf(out, "  %-34s %-8s %s\n", entry->id, severity_shown(entry->rule),
					 or_empty(entry->rule->summary));
	}
	buf_addf(out, "\n%u rules; ddlint explain RULE tells more\n", book->entries.count);
}

static void rule_json(Arena *arena, Json *json, const RuleEntry *entry)
{
	const Rule *rule = entry->rule;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "id", entry->id);
	json_put_string(json, "category", category_word(rule->category));
	json_put_string(json, "severity", severity_shown(rule));
	json_put_string(json, "summary", rule->summary);
	json_put_string(json, "why", rule->why);
	json_put_string(json, "instead", rule->instead);
	json_put_string(json, "manual", rule->manual ? manual_link(arena, rule->manual) : NULL);
	json_put_string(json, "since", rule->since);
	json_open_array(json, "options", JSON_ONE_LINE);
	for (const RuleOptionInfo *option = rule->options; option && option->name; option++) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "name", option->name);
		json_put_string(json, "default", option->fallback);
		json_put_string(json, "help", option->help);
		json_close(json);
	}
	json_close(json);
	json_put_text(json, "bad", example_text(arena, or_empty(entry->bad), false));
	json_put_text(json, "good", example_text(arena, or_empty(entry->good), false));
	json_close(json);
}

static void render_json(Arena *arena, Buf *out, const RuleBook *book)
{
	Json json = json_new(out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_put_number(&json, "version", 1);
	json_open_array(&json, "rules", JSON_MANY_LINES);
	array_each (RuleEntry, entry, &book->entries)
		rule_json(arena, &json, entry);
	json_finish(&json);
}

/* A cell of a table: '|' would end it. */
static void add_cell(Buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			buf_addc(out, '\\');
		buf_addc(out, *text == '\n' ? ' ' : *text);
	}
}

static void render_markdown(Buf *out, const RuleBook *book)
{
	buf_addf(out,
		 "# Rules\n\n<!-- Made by `ddlint rules --format markdown`; edit the rules, not this file. -->\n\n"
		 "%u rules. Each is one file of this folder; its bad and good SQL, which `ddlint explain RULE` prints and the tests\n"
		 "run, is in [`fixtures/rules/`](../fixtures/rules). Severities are the defaults; *off* rules are switched on by a\n"
		 "pack or by `rules:` in `.ddlint.yml`.\n",
		 book->entries.count);
	for (Category category = 0; category < CATEGORY_COUNT; category++) {
		if (!rules_of(book, category))
			continue;
		buf_addf(out, "\n## %s\n\n| rule | severity | what is wrong | instead |\n|---|---|---|---|\n", category_word(category));
		array_each (RuleEntry, entry, &book->entries) {
			if (entry->rule->category != category)
				continue;
			buf_addf(out, "| [`%s`](%s.c) | %s | ", entry->id, entry->rule->name, severity_shown(entry->rule));
			add_cell(out, or_empty(entry->rule->summary));
			buf_adds(out, " | ");
			add_cell(out, or_empty(entry->rule->instead));
			buf_adds(out, " |\n");
		}
	}
}

static void render_actions(Buf *out, bool json_wanted)
{
	if (!json_wanted) {
		for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
			buf_addf(out, "%-30s %s\n", action_word(kind), action_description(kind));
		return;
	}
	Json json = json_new(out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_put_number(&json, "version", 1);
	json_open_array(&json, "actions", JSON_MANY_LINES);
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++) {
		json_open_object(&json, NULL, JSON_ONE_LINE);
		json_put_string(&json, "action", action_word(kind));
		json_put_string(&json, "description", action_description(kind));
		json_close(&json);
	}
	json_finish(&json);
}

int rules_run(Arena *arena, const Options *options)
{
	static const char *const formats[] = {"text", "json", "markdown", NULL};
	if (options->paths.count)
		return complain("rules takes no words: did you mean ddlint explain %s?", options->paths.items[0]);
	const char *format = choose_format(options, formats);
	if (!format)
		return EXIT_FAILED;
	const RuleBook *book = rules_here(arena, options);
	if (!book)
		return EXIT_FAILED;
	Buf out = {0};
	if (options->actions)
		render_actions(&out, same(format, "json"));
	else if (same(format, "json"))
		render_json(arena, &out, book);
	else if (same(format, "markdown"))
		render_markdown(&out, book);
	else
		render_text(&out, book);
	int code = write_output(options, &out);
	buf_free(&out);
	return code;
}
