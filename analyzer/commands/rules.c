/* `ddlint rules`: the list of all rules, for people, for machines, and for rules/README.md. */
#include "base/json.h"
#include "commands/commands.h"
#include "report/link.h"

/* A pack's rule has its severity where the pack is extended, and is off elsewhere. */
static const char *severity_shown(const RuleEntry *entry)
{
	return severity_word(entry->pack ? entry->wanted : entry->rule->severity);
}

/* Where a rule comes from that is not in rules/. */
static const char *origin(Arena *arena, const RuleEntry *entry)
{
	if (entry->pack)
		return arena_print(arena, " [pack %s]", entry->pack);
	return entry->file ? arena_print(arena, " [%s]", entry->file) : "";
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

static void render_text(Arena *arena, Buf *out, const RuleBook *book)
{
	for (Category category = 0; category < CATEGORY_COUNT; category++) {
		if (!rules_of(book, category))
			continue;
		buf_addf(out, "%s%s\n", out->length ? "\n" : "", category_word(category));
		array_each (RuleEntry, entry, &book->entries)
			if (entry->rule->category == category)
				buf_addf(out, "  %-34s %-8s %s%s\n", entry->id, severity_shown(entry),
					 or_empty(entry->rule->summary), origin(arena, entry));
	}
	buf_addf(out, "\n%u rules; ddlint explain RULE tells more\n", book->entries.count);
}

static void rule_json(Arena *arena, Json *json, const RuleEntry *entry)
{
	const Rule *rule = entry->rule;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "id", entry->id);
	json_put_string(json, "category", category_word(rule->category));
	json_put_string(json, "severity", severity_shown(entry));
	json_put_string(json, "pack", entry->pack);
	json_put_string(json, "file", entry->file);
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
		 "%u rules. Most are one file of this folder; their bad and good SQL, which `ddlint explain RULE` prints and the tests\n"
		 "run, is in [`fixtures/rules/`](../fixtures/rules). Others are written in YAML, examples included, in the pack of\n"
		 "[`packs/`](packs) that switches them on; without it they are off. Severities are the defaults; *off* rules are\n"
		 "switched on by a pack or by `rules:` in `.ddlint.yml`.\n",
		 book->entries.count);
	for (Category category = 0; category < CATEGORY_COUNT; category++) {
		if (!rules_of(book, category))
			continue;
		buf_addf(out, "\n## %s\n\n| rule | severity | what is wrong | instead |\n|---|---|---|---|\n", category_word(category));
		array_each (RuleEntry, entry, &book->entries) {
			if (entry->rule->category != category)
				continue;
			if (entry->pack)
				buf_addf(out, "| [`%s`](packs/%s.yml) | %s in *%s* | ", entry->id, entry->pack, severity_shown(entry),
					 entry->pack);
			else if (entry->file)
				buf_addf(out, "| `%s` | %s | ", entry->id, severity_shown(entry));
			else
				buf_addf(out, "| [`%s`](%s.c) | %s | ", entry->id, entry->rule->name, severity_shown(entry));
			add_cell(out, or_empty(entry->rule->summary));
			buf_adds(out, " | ");
			add_cell(out, or_empty(entry->rule->instead));
			buf_adds(out, " |\n");
		}
	}
}

int rules_run(Arena *arena, const Options *options)
{
	static const char *const formats[] = {"text", "json", "markdown", NULL};
	if (options->paths.count)
		return complain("rules takes no words: did you mean ddlint explain %s?", options->paths.items[0]);
	const char *format = choose_format(options, formats);
	if (!format)
		return EXIT_FAILED;
	if (options->test)
		return test_rules(arena, options);
	const RuleBook *book = rules_here(arena, options);
	if (!book)
		return EXIT_FAILED;
	Buf out = {0};
	if (options->actions)
		render_actions(arena, &out, same(format, "json"));
	else if (options->effects)
		render_effects(arena, &out);
	else if (same(format, "json"))
		render_json(arena, &out, book);
	else if (same(format, "markdown"))
		render_markdown(&out, book);
	else
		render_text(arena, &out, book);
	int code = write_output(options, &out);
	buf_free(&out);
	return code;
}
