/*
 * `define` and `custom-rules`: rules of one's own. What a rule is, only judge/ knows; here they get their names. `functions`: what
 * functions do; what can be said of one, only replay/ knows.
 */
#include "base/files.h"
#include "discover/config_keys.h"

enum { LARGEST_FILE = 1 << 20 /* bytes */ };

/* Gives the rules their places among the others: each id once. */
static void take(Reader *reader, const char *path, const KnownRules *rules)
{
	array_each(KnownRule, rule, rules) {
		const KnownRule *other = known_rule(reader, rule->id);
		if (other)
			config_error(reader->arena, reader->errors, path, rule->line,
				     "rule %s: there is a rule of that name already; give this one another", rule->id);
		else
			array_push(reader->arena, &reader->config->own_rules, *rule);
	}
}

static void define(Reader *reader, const char *path, const Node *list)
{
	KnownRules rules = {0};
	if (!reader->options->read_rules)
		return;
	reader->options->read_rules(reader->arena, path, list, &rules, reader->errors);
	take(reader, path, &rules);
}

/* The path of a file to read; NULL after an error. */
static const char *yaml_path(Reader *reader, const Key *key, const Node *item)
{
	const char *text = value_text(reader, key, item);
	const char *path = text ? join_path(reader->arena, reader->folder, text) : NULL;
	return path && may_read(reader, path, item->line) ? path : NULL;
}

/* The list that a file holds; NULL after an error. */
static const Node *list_of_file(Reader *reader, const Key *key, const Node *item, const char *path)
{
	const char *error = NULL;
	size_t length = 0;
	const char *bytes = file_read(reader->arena, path, &length, &error);
	if (!bytes)
		key_error(reader, key, item->line, "cannot read \"%s\": %s", path, error);
	else if (length > LARGEST_FILE)
		key_error(reader, key, item->line, "\"%s\" is larger than %d bytes", path, LARGEST_FILE);
	else
		return yaml_read(reader->arena, path, bytes, length, reader->errors);
	return NULL;
}

static void read_rule_file(Reader *reader, const Key *key, const Node *item)
{
	const char *path = yaml_path(reader, key, item);
	uint32_t errors = reader->errors->count;
	if (!path)
		return;
	array_push(reader->arena, &reader->config->custom_rules, path);
	const Node *list = reader->options->read_rules ? list_of_file(reader, key, item, path) : NULL;
	if (list)
		define(reader, path, list);
	quote_nothing(reader, path, errors);
}

/* A pack's rules are known to everybody; whoever extends the pack switches them on. */
static void switch_on(Reader *reader, const Node *list)
{
	array_each(Node *, item, &list->items) {
		const Node *id = node_get(*item, "id"), *severity = node_get(*item, "severity");
		RuleSetting setting = {.rule = id ? id->text : "", .severity = SEVERITY_WARNING, .line = (*item)->line};
		if (severity && severity->text)
			severity_by_word(severity->text, &setting.severity);
		array_push(reader->arena, &reader->config->rules, setting);
	}
}

void read_own_rules(Reader *reader, const Node *map)
{
	const Node *list = node_get(map, "define"), *files = node_get(map, "custom-rules");
	const Key key = {.name = "custom-rules", .expects = "a list of YAML files, such as [db/rules.yml]"};
	if (list && reader->pack)
		switch_on(reader, list);
	else if (list && list->kind != NODE_NULL)
		define(reader, reader->path, list);
	if (files)
		array_each(Node *, item, &value_list(reader, &key, files)->items)
			read_rule_file(reader, &key, *item);
}

/* Those of the nearest layer are asked first, so they come first. */
void read_functions(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	FunctionListReader *read = reader->options->read_functions;
	FunctionList functions = {0};
	Node own = {.kind = NODE_LIST, .line = node->line};
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		if ((*item)->kind != NODE_TEXT) {
			array_push(reader->arena, &own.items, *item);
			continue;
		}
		const char *path = yaml_path(reader, key, *item);
		uint32_t errors = reader->errors->count;
		const Node *list = path && read ? list_of_file(reader, key, *item, path) : NULL;
		if (list)
			read(reader->arena, path, list, &functions, reader->errors);
		if (path)
			quote_nothing(reader, path, errors);
	}
	if (read)
		read(reader->arena, reader->path, &own, &functions, reader->errors);
	for (uint32_t i = 0; i < config->functions.count; i++)
		array_push(reader->arena, &functions, config->functions.items[i]);
	config->functions = functions;
}
