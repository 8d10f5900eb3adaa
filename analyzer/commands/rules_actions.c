/* `ddlint rules --actions`: the vocabulary of rules written in YAML. */
#include "action/action.h"
#include "base/json.h"
#include "commands/commands.h"
#include "judge/pattern_rule.h"
#include "report/terminal.h"

enum { INDENT = 2, WORD_WIDTH = 28 };

static const char *const introduction = "Rules of your own are YAML: a list in a file that custom-rules: of "
					".ddlint.yml names, or below define: in it.\n\n"
					"  - id: json-instead-of-jsonb\n"
					"    category: design\n"
					"    severity: warning\n"
					"    summary: json has no equality and no index\n"
					"    instead: jsonb\n"
					"    on: [add-column, alter-column-type]\n"
					"    where: {type: json}\n"
					"    message: 'column {column} of {relation} is json'\n"
					"    bad: CREATE TABLE t (a json);\n"
					"    good: CREATE TABLE t (a jsonb);\n\n"
					"ddlint rules --test FILE runs the examples.\n";

static const char *const conditions[][2] = {
	{"json", "this text; for relation also without its schema"},
	{"/^tmp_/i", "a regular expression (PCRE2), in any case with i"},
	{"[json, xml]", "one of these; of a list, one of its texts is"},
	{"true", "or false"},
	{"\"> 5\"", "numbers and lock modes: <, <=, =, >=, >; without a sign, equal"},
	{"\">= SHARE\"", "lock modes are ordered by strength"},
	{"{not: json}", "anything else, also nothing at all"},
	{"{any: [json, {not: /x/}]}", "one of these"},
	{"{present: false}", "it has none; true: it has one, whatever it is"},
	{"\"> {limit}\"", "with the value of the rule's own option"},
	{0},
};

static void add_row(Buf *out, const char *word, const char *text)
{
	buf_addf(out, "%*s%-*s ", INDENT, "", WORD_WIDTH, word);
	add_wrapped(out, text, INDENT + WORD_WIDTH + 1);
	buf_addc(out, '\n');
}

/* "create-index, add-constraint"; several dozen are left to the JSON. */
static const char *kinds_text(Arena *arena, const Attribute *attribute)
{
	enum { MOST = 6 };
	const char *text = "";
	uint32_t count = 0;
	for (const ActionKind *kind = attribute->on; kind && *kind != ACTION_NONE; kind++, count++)
		if (count < MOST)
			text = arena_print(arena, "%s%s%s", text, count ? ", " : "", action_word(*kind));
	return count > MOST ? arena_print(arena, "%s and %u more", text, count - MOST) : text;
}

static const char *words_text(Arena *arena, const Attribute *attribute)
{
	const char *text = "";
	for (const char *const *word = attribute->words; word && *word; word++)
		text = arena_print(arena, "%s%s%s", text, *text ? " | " : "", *word);
	return text;
}

static void add_attributes(Arena *arena, Buf *out, AttributeScope scope)
{
	for (const Attribute *attribute = all_attributes; attribute->name; attribute++) {
		if (attribute->scope != scope)
			continue;
		const char *text =
			arena_print(arena, "%s: %s", attribute_type_word(attribute->type), attribute->meaning);
		if (attribute->words)
			text = arena_print(arena, "%s (%s)", text, words_text(arena, attribute));
		if (attribute->on)
			text = arena_print(arena, "%s; of %s", text, kinds_text(arena, attribute));
		add_row(out, attribute->name, text);
	}
}

static void render_text(Arena *arena, Buf *out)
{
	buf_adds(out, introduction);
	buf_adds(out, "\nKeys of a rule\n");
	for (const PatternKey *key = pattern_rule_keys; key->name; key++)
		add_row(out, key->name, key->expects);
	buf_adds(out, "\nOrder: another action of the same migration, as {on: ..., where: ..., same: relation|column|name}, "
		      "or a list of them\n");
	for (const Ordering *ordering = all_orderings; ordering->key; ordering++)
		add_row(out, ordering->key, ordering->meaning);
	buf_adds(out, "\nConditions of where: all of its attributes must hold; any: a list of which one must, not: "
		      "what must not\n");
	for (size_t i = 0; conditions[i][0]; i++)
		add_row(out, conditions[i][0], conditions[i][1]);
	buf_adds(out, "\nAttributes of an action\n");
	add_attributes(arena, out, SCOPE_ACTION);
	buf_adds(out, "\nAttributes of the moment when it runs; not of what stands before or behind it\n");
	add_attributes(arena, out, SCOPE_MOMENT);
	buf_adds(out, "\nAttributes of the migration; the only ones of rules that say \"on: migration\"\n");
	add_attributes(arena, out, SCOPE_SCRIPT);
	buf_adds(out, "\nActions; \"all\" means every one\n");
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		add_row(out, action_word(kind), action_description(kind));
}

static void attribute_json(Json *json, const Attribute *attribute)
{
	static const char *const scopes[] = {
		[SCOPE_ACTION] = "action", [SCOPE_MOMENT] = "moment", [SCOPE_SCRIPT] = "migration"};
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "attribute", attribute->name);
	json_put_string(json, "type", attribute_type_word(attribute->type));
	json_put_string(json, "of", scopes[attribute->scope]);
	json_put_string(json, "description", attribute->meaning);
	json_open_array(json, "values", JSON_ONE_LINE);
	for (const char *const *word = attribute->words; word && *word; word++)
		json_put_string(json, NULL, *word);
	json_close(json);
	json_open_array(json, "actions", JSON_ONE_LINE);
	for (const ActionKind *kind = attribute->on; kind && *kind != ACTION_NONE; kind++)
		json_put_string(json, NULL, action_word(*kind));
	json_close(json);
	json_close(json);
}

static void pair_json(Json *json, const char *name, const char *word, const char *description)
{
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, name, word);
	json_put_string(json, "description", description);
	json_close(json);
}

static void render_json(Buf *out)
{
	Json json = json_new(out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_put_number(&json, "version", 1);
	json_open_array(&json, "actions", JSON_MANY_LINES);
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		pair_json(&json, "action", action_word(kind), action_description(kind));
	json_close(&json);
	json_open_array(&json, "attributes", JSON_MANY_LINES);
	for (const Attribute *attribute = all_attributes; attribute->name; attribute++)
		attribute_json(&json, attribute);
	json_close(&json);
	json_open_array(&json, "orders", JSON_MANY_LINES);
	for (const Ordering *ordering = all_orderings; ordering->key; ordering++)
		pair_json(&json, "order", ordering->key, ordering->meaning);
	json_close(&json);
	json_open_array(&json, "keys", JSON_MANY_LINES);
	for (const PatternKey *key = pattern_rule_keys; key->name; key++)
		pair_json(&json, "key", key->name, key->expects);
	json_finish(&json);
}

void render_actions(Arena *arena, Buf *out, bool json_wanted)
{
	if (json_wanted)
		render_json(out);
	else
		render_text(arena, out);
}
