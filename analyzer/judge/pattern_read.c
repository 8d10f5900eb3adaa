/* Reading rules from YAML: every key, word, attribute and pattern is checked here, so that evaluating them cannot fail.
 */
#include "judge/pattern_reader.h"

const PatternKey pattern_rule_keys[] = {
	{"id", "words in lower case joined with hyphens, such as table-without-owner"},
	{"severity", "error, warning, note or off"},
	{"category", "governance, design, naming, security or another category"},
	{"summary", "what is wrong, in at most ten words"},
	{"why", "text: what happens, and to whom"},
	{"instead", "text: the safe way; {attributes} are filled in"},
	{"manual", "a page of PostgreSQL's manual, such as sql-grant.html"},
	{"on", "an action or a list of actions, migration or all: ddlint rules --actions lists them"},
	{"where", "a mapping of attributes to conditions, such as {type: json}"},
	{"after", "an action pattern or a list of them, such as {on: update-rows, same: relation}"},
	{"before", "an action pattern or a list of them, such as {on: update-rows, same: relation}"},
	{"together-with", "an action pattern or a list of them, such as {on: create-index, same: relation}"},
	{"unless-earlier", "an action pattern or a list of them, such as {on: create-index, same: relation}"},
	{"unless-later", "an action pattern or a list of them, such as {on: set-comment, same: relation}"},
	{"unless-together-with", "an action pattern or a list of them, such as {on: set-comment, same: relation}"},
	{"message", "one sentence; {attributes} are filled in"},
	{"once", "true or false: one finding for a migration is enough"},
	{"when-most", "what most migrations may lack, such as \"comment on no table\": then one finding for the history is enough"},
	{"options", "a mapping of names, such as {limit: {default: 30, help: how many are too many}}"},
	{"bad", "an example in SQL that has a finding, or a list of them"},
	{"good", "an example in SQL that has none, or a list of them"},
	{0},
};

const PatternKey pattern_action_keys[] = {
	{"on", "an action or a list of actions: ddlint rules --actions lists them"},
	{"where", "a mapping of attributes to conditions, such as {concurrently: true}"},
	{"same", "relation, column or name"},
	{0},
};

/* --- Complaining ------------------------------------------------------------------------------ */

void rule_error(RuleReader *reader, uint32_t line, const char *key, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprint(reader->arena, format, arguments);
	va_end(arguments);
	const char *rule = reader->id ? arena_print(reader->arena, "rule %s: ", reader->id) : "";
	config_error(reader->arena, reader->errors, reader->path, line, "%s%s%s%s", rule, key ? key : "",
		     key ? ": " : "", message);
	reader->failed = true;
}

void rule_expected(RuleReader *reader, const Node *node, const char *key, const char *what)
{
	if (node->kind == NODE_TEXT)
		rule_error(reader, node->line, key, "expected %s, not \"%s\"", what, node->text);
	else if (node->kind == NODE_NULL)
		rule_error(reader, node->line, key, "expected %s; nothing is given", what);
	else
		rule_error(reader, node->line, key, "expected %s, not %s", what, node_kind_words(node));
}

void rule_unknown(RuleReader *reader, uint32_t line, const char *key, const char *what, const char *word,
		  const char *const *known, size_t count)
{
	const char *meant = nearest(word, known, count);
	if (meant)
		rule_error(reader, line, key, "there is no %s \"%s\"; did you mean \"%s\"?", what, word, meant);
	else
		rule_error(reader, line, key, "there is no %s \"%s\": \"ddlint rules --actions\" lists them", what,
			   word);
}

static bool check_keys(RuleReader *reader, const Node *map, const PatternKey *keys, const char *where)
{
	enum { MOST = 32 };
	const char *names[MOST];
	size_t count = 0;
	for (const PatternKey *key = keys; key->name; key++)
		names[count++] = key->name;
	bool good = true;
	array_each (struct NodePair, pair, &map->pairs) {
		bool known = false;
		for (size_t i = 0; i < count; i++)
			known = known || same(names[i], pair->key);
		if (known)
			continue;
		const char *meant = nearest(pair->key, names, count);
		const char *hint = meant ? arena_print(reader->arena, "; did you mean \"%s\"?", meant) : "";
		rule_error(reader, pair->line, where, "unknown key \"%s\"%s", pair->key, hint);
		good = false;
	}
	return good;
}

static const char *expects(const PatternKey *keys, const char *name)
{
	while (!same(keys->name, name))
		keys++;
	return keys->expects;
}

/* The text of a key; NULL when it is not there or is none. */
static const char *text_of(RuleReader *reader, const Node *map, const char *key)
{
	const Node *node = node_get(map, key);
	if (!node)
		return NULL;
	if (node->kind == NODE_TEXT && *node->text)
		return node->text;
	rule_expected(reader, node, key, expects(pattern_rule_keys, key));
	return NULL;
}

static bool read_truth(RuleReader *reader, const Node *map, const char *key)
{
	const char *text = text_of(reader, map, key);
	if (text && !same(text, "true") && !same(text, "false"))
		rule_expected(reader, node_get(map, key), key, expects(pattern_rule_keys, key));
	return same(text, "true");
}

/* --- Actions ---------------------------------------------------------------------------------- */

static void add_action(RuleReader *reader, const Node *node, const char *key, ActionKinds *kinds)
{
	if (node->kind != NODE_TEXT) {
		rule_expected(reader, node, key, "an action's word, such as create-index");
		return;
	}
	ActionKind kind = action_by_word(node->text);
	if (kind != ACTION_NONE) {
		array_push(reader->arena, kinds, kind);
		return;
	}
	const char *words[ACTION_KIND_COUNT];
	size_t count = 0;
	for (ActionKind one = ACTION_NONE + 1; one < ACTION_KIND_COUNT; one++)
		words[count++] = action_word(one);
	rule_unknown(reader, node->line, key, "action", node->text, words, count);
}

static const ActionKind *read_actions(RuleReader *reader, const Node *node, const char *key)
{
	ActionKinds kinds = {0};
	if (node->kind == NODE_TEXT && same(node->text, "all"))
		return every_action;
	if (node->kind == NODE_LIST)
		array_each (Node *, item, &node->items)
			add_action(reader, *item, key, &kinds);
	else
		add_action(reader, node, key, &kinds);
	if (node->kind == NODE_LIST && !node->items.count)
		rule_error(reader, node->line, key, "expected at least one action, not an empty list");
	array_push(reader->arena, &kinds, ACTION_NONE);
	return kinds.items;
}

static void read_on(RuleReader *reader, const Node *map, PatternRule *rule)
{
	static const ActionKind none[] = {ACTION_NONE};
	const Node *on = node_get(map, "on");
	rule->pattern.on = none;
	if (!on)
		rule_error(reader, map->line, NULL, "\"on\" is missing: %s", expects(pattern_rule_keys, "on"));
	else if (on->kind == NODE_TEXT && same(on->text, "migration"))
		rule->of_migration = true;
	else
		rule->pattern.on = read_actions(reader, on, "on");
}

/* --- Neighbours ------------------------------------------------------------------------------- */

static void read_neighbour(RuleReader *reader, const Node *node, const Ordering *ordering, PatternRule *rule)
{
	Neighbour neighbour = {.ordering = ordering};
	if (node->kind != NODE_MAP) {
		rule_expected(reader, node, ordering->key, expects(pattern_rule_keys, ordering->key));
		return;
	}
	if (!check_keys(reader, node, pattern_action_keys, ordering->key))
		return;
	const Node *on = node_get(node, "on"), *where = node_get(node, "where"), *same_what = node_get(node, "same");
	if (!on) {
		rule_error(reader, node->line, ordering->key, "\"on\" is missing: %s",
			   expects(pattern_action_keys, "on"));
		return;
	}
	neighbour.pattern.on = read_actions(reader, on, arena_print(reader->arena, "%s: on", ordering->key));
	if (same_what && same_what->kind == NODE_TEXT && same(same_what->text, "relation"))
		neighbour.pattern.sharing = SHARE_RELATION;
	else if (same_what && same_what->kind == NODE_TEXT && same(same_what->text, "column"))
		neighbour.pattern.sharing = SHARE_COLUMN;
	else if (same_what && same_what->kind == NODE_TEXT && same(same_what->text, "name"))
		neighbour.pattern.sharing = SHARE_NAME;
	else if (same_what)
		rule_expected(reader, same_what, arena_print(reader->arena, "%s: same", ordering->key),
			      "relation, column or name");
	if (same_what && rule->of_migration)
		rule_error(reader, same_what->line, ordering->key,
			   "a migration has no relation and no column to share");
	if (where)
		neighbour.pattern.where =
			read_where(reader, where, arena_print(reader->arena, "%s: where", ordering->key),
				   neighbour.pattern.on, READ_NEIGHBOUR);
	array_push(reader->arena, &rule->neighbours, neighbour);
}

static void read_neighbours(RuleReader *reader, const Node *map, PatternRule *rule)
{
	for (const Ordering *ordering = all_orderings; ordering->key; ordering++) {
		const Node *node = node_get(map, ordering->key);
		if (!node)
			continue;
		if (rule->of_migration && ordering->before != ordering->behind)
			rule_error(reader, node->line, ordering->key,
				   "nothing comes before or behind a whole migration: use together-with or "
				   "unless-together-with");
		else if (node->kind == NODE_LIST)
			array_each (Node *, item, &node->items)
				read_neighbour(reader, *item, ordering, rule);
		else
			read_neighbour(reader, node, ordering, rule);
	}
}

/* --- Options ---------------------------------------------------------------------------------- */

static void read_option(RuleReader *reader, const struct NodePair *pair)
{
	const char *key = arena_print(reader->arena, "options: %s", pair->key);
	const Node *fallback = pair->value->kind == NODE_MAP ? node_get(pair->value, "default") : NULL;
	const Node *help = pair->value->kind == NODE_MAP ? node_get(pair->value, "help") : NULL;
	if (!fallback || fallback->kind != NODE_TEXT || !help || help->kind != NODE_TEXT ||
	    pair->value->pairs.count != 2) {
		rule_expected(reader, pair->value, key,
			      "a default and a help, such as {default: 30, help: how many are too many}");
		return;
	}
	const char *name = NULL;
	size_t length = placeholder_at(reader->arena, arena_print(reader->arena, "{%s}", pair->key), &name);
	if (length != strlen(pair->key) + 2 || attribute_by_name(pair->key) || same(pair->key, "severity")) {
		rule_error(reader, pair->line, key,
			   "an option's name is a word of its own in lower case, and no attribute's");
		return;
	}
	const char *error = NULL;
	if (fallback->text[0] == '/' && !pattern_compile(reader->arena, fallback->text, &error)) {
		rule_error(reader, fallback->line, key, "\"%s\" is no pattern: %s", fallback->text, error);
		return;
	}
	array_push(reader->arena, &reader->options, (RuleOptionInfo){pair->key, fallback->text, help->text});
}

static void read_options(RuleReader *reader, const Node *map, Rule *rule)
{
	const Node *options = node_get(map, "options");
	if (!options)
		return;
	if (options->kind != NODE_MAP) {
		rule_expected(reader, options, "options", expects(pattern_rule_keys, "options"));
		return;
	}
	array_each (struct NodePair, pair, &options->pairs)
		read_option(reader, pair);
	array_push(reader->arena, &reader->options, (RuleOptionInfo){0});
	rule->options = reader->options.items;
	reader->options.count--;
}

/* --- Words ------------------------------------------------------------------------------------ */

static bool is_id(const char *text)
{
	bool good = *text >= 'a' && *text <= 'z';
	for (const char *at = text; *at && good; at++)
		good = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') ||
		       (*at == '-' && at[1] && at[1] != '-');
	return good;
}

static void read_words(RuleReader *reader, const Node *map, Rule *rule)
{
	rule->id = rule->name = reader->id;
	rule->category = GOVERNANCE;
	rule->severity = SEVERITY_WARNING;
	const char *severity = text_of(reader, map, "severity"), *category = text_of(reader, map, "category");
	if (severity && !severity_by_word(severity, &rule->severity))
		rule_expected(reader, node_get(map, "severity"), "severity", expects(pattern_rule_keys, "severity"));
	if (category && !category_by_word(category, &rule->category)) {
		const char *words[CATEGORY_COUNT];
		for (Category one = 0; one < CATEGORY_COUNT; one++)
			words[one] = category_word(one);
		const char *meant = nearest(category, words, CATEGORY_COUNT);
		rule_expected(reader, node_get(map, "category"), "category",
			      meant ? arena_print(reader->arena, "\"%s\"", meant)
				    : expects(pattern_rule_keys, "category"));
	}
	rule->summary = text_of(reader, map, "summary");
	rule->why = text_of(reader, map, "why");
	rule->instead = text_of(reader, map, "instead");
	rule->manual = text_of(reader, map, "manual");
	rule->when_most = text_of(reader, map, "when-most");
	rule->once = read_truth(reader, map, "once");
}

/* {attributes} and {options} of a message. */
static const char *read_template(RuleReader *reader, const Node *map, const char *key, const PatternRule *rule)
{
	const char *text = text_of(reader, map, key);
	for (const char *at = text; at && *at; at++) {
		const char *name = NULL;
		if (!placeholder_at(reader->arena, at, &name) || has_option(reader, name))
			continue;
		const Attribute *attribute = attribute_by_name(name);
		if (!attribute)
			unknown_attribute(reader, node_get(map, key)->line, key, name);
		else if (rule->of_migration && attribute->scope != SCOPE_SCRIPT)
			rule_error(reader, node_get(map, key)->line, key,
				   "{%s} is of an action: a rule about migrations cannot fill it in", name);
	}
	return text;
}

/* One example, or several; each ends with a line end, and a blank line parts them. */
static const char *read_examples(RuleReader *reader, const Node *map, const char *key, ExampleList *examples)
{
	const Node *node = node_get(map, key);
	Buf all = {0};
	for (uint32_t i = 0; node && i < (node->kind == NODE_LIST ? node->items.count : 1); i++) {
		const Node *one = node->kind == NODE_LIST ? node->items.items[i] : node;
		if (one->kind != NODE_TEXT || !*one->text) {
			rule_expected(reader, one, key, expects(pattern_rule_keys, key));
			continue;
		}
		array_push(reader->arena, examples, (Example){one->text, one->line});
		buf_addf(&all, "%s%s%s", all.length ? "\n" : "", one->text, ends_with(one->text, "\n") ? "" : "\n");
	}
	const char *text = arena_copy(reader->arena, all.data ? all.data : "", all.length);
	buf_free(&all);
	return text;
}

/* --- One rule, and all ------------------------------------------------------------------------ */

static void read_rule(RuleReader *reader, const Node *map, RuleEntry *entry)
{
	Rule *rule = new(reader->arena, Rule);
	PatternRule *pattern = new(reader->arena, PatternRule);
	check_keys(reader, map, pattern_rule_keys, NULL);
	read_words(reader, map, rule);
	read_options(reader, map, rule);
	read_on(reader, map, pattern);
	const Node *where = node_get(map, "where");
	if (where)
		pattern->pattern.where = read_where(reader, where, "where", pattern->pattern.on,
						    pattern->of_migration ? READ_MIGRATION : READ_ACTION);
	read_neighbours(reader, map, pattern);
	pattern->message = read_template(reader, map, "message", pattern);
	pattern->instead = read_template(reader, map, "instead", pattern);
	if (!node_get(map, "message"))
		rule_error(reader, map->line, NULL, "\"message\" is missing: %s",
			   expects(pattern_rule_keys, "message"));
	rule->pattern = pattern;
	if (!rule->summary)
		rule->summary = pattern->message;
	if (pattern->of_migration) {
		rule->check_migration = check_migration_pattern;
	} else {
		rule->check = check_pattern;
		rule->on = pattern->pattern.on;
	}
	entry->rule = rule;
	entry->id = rule->id;
	entry->bad = read_examples(reader, map, "bad", &pattern->bad);
	entry->good = read_examples(reader, map, "good", &pattern->good);
}

void read_pattern_rules(Arena *arena, const char *path, const Node *list, KnownRules *rules, ConfigErrors *errors)
{
	RuleReader reader = {.arena = arena, .path = path, .errors = errors};
	if (list->kind != NODE_LIST) {
		rule_expected(&reader, list, NULL, "a list of rules, each a mapping that starts with \"- id:\"");
		return;
	}
	array_each (Node *, item, &list->items) {
		reader = (RuleReader){.arena = arena, .path = path, .errors = errors};
		const Node *map = *item;
		if (map->kind != NODE_MAP) {
			rule_expected(&reader, map, NULL, "a rule: a mapping with id, on and message");
			continue;
		}
		const char *id = text_of(&reader, map, "id");
		if (!node_get(map, "id"))
			rule_error(&reader, map->line, NULL, "\"id\" is missing: %s", expects(pattern_rule_keys, "id"));
		else if (id && !is_id(id))
			rule_expected(&reader, node_get(map, "id"), "id", expects(pattern_rule_keys, "id"));
		if (reader.failed)
			continue;
		reader.id = id;
		RuleEntry *entry = new(arena, RuleEntry);
		read_rule(&reader, map, entry);
		entry->file = path;
		const Rule *rule = entry->rule;
		if (!reader.failed)
			array_push(arena, rules,
				   (KnownRule){.id = id,
					       .category = category_word(rule->category),
					       .severity = rule->severity,
					       .options = rule->options,
					       .entry = entry,
					       .line = map->line});
	}
}
