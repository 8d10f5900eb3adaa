#include "discover/config_keys.h"

/* --- Names of rules ------------------------------------------------------------------------------------------- */

const KnownRule *known_rule(const Reader *reader, const char *id)
{
	const ConfigOptions *options = reader->options;
	for (uint32_t i = 0; i < options->rule_count; i++)
		if (same(options->rules[i].id, id))
			return &options->rules[i];
	array_each(const KnownRule, own, &reader->config->own_rules)
		if (same(own->id, id))
			return own;
	return NULL;
}

static bool is_category(const ConfigOptions *options, const char *name)
{
	for (uint32_t i = 0; i < options->category_count; i++)
		if (same(options->categories[i], name))
			return true;
	return false;
}

static const char *nearest_rule(const Reader *reader, const char *name)
{
	const ConfigOptions *options = reader->options;
	uint32_t count = 0, most = options->rule_count + options->category_count + reader->config->own_rules.count + 1;
	const char **names = new_array(reader->arena, const char *, most);
	names[count++] = "all";
	for (uint32_t i = 0; i < options->category_count; i++)
		names[count++] = options->categories[i];
	for (uint32_t i = 0; i < options->rule_count; i++)
		names[count++] = options->rules[i].id;
	array_each(const KnownRule, own, &reader->config->own_rules)
		names[count++] = own->id;
	return nearest(name, names, count);
}

bool is_known_rule(Reader *reader, const Key *key, const char *name, uint32_t line)
{
	const ConfigOptions *options = reader->options;
	if (!options->rules || same(name, "all") || is_category(options, name) || known_rule(reader, name))
		return true;
	const char *meant = nearest_rule(reader, name);
	if (meant)
		key_error(reader, key, line, "\"%s\" is no rule and no category; did you mean \"%s\"?", name, meant);
	else
		key_error(reader, key, line, "\"%s\" is no rule and no category: \"ddlint rules\" lists them", name);
	return false;
}

/* --- Settings ------------------------------------------------------------------------------------------------- */

static const RuleOptionInfo *option_info(Reader *reader, const Key *key, const KnownRule *rule,
					 const struct NodePair *pair)
{
	enum { MOST = 32 };
	const char *names[MOST] = {"severity"};
	size_t count = 1;
	for (const RuleOptionInfo *info = rule->options; info && info->name; info++) {
		if (same(info->name, pair->key))
			return info;
		if (count < MOST)
			names[count++] = info->name;
	}
	const char *meant = nearest(pair->key, names, count);
	if (meant)
		key_error(reader, key, pair->line, "%s has no option \"%s\"; did you mean \"%s\"?", rule->id, pair->key,
			  meant);
	else if (count > 1)
		key_error(reader, key, pair->line, "%s has no option \"%s\": see \"ddlint explain %s\"", rule->id,
			  pair->key, rule->id);
	else
		key_error(reader, key, pair->line, "%s has no option \"%s\": it takes a severity only", rule->id,
			  pair->key);
	return NULL;
}

static bool is_number(const char *text)
{
	size_t length = strlen(text);
	return length && length < 10 && strspn(text, "0123456789") == length;
}

/* Text, or a list of texts joined with line ends; NULL after an error. */
static const char *option_value(Reader *reader, const Key *key, const Node *node)
{
	if (node->kind != NODE_LIST)
		return value_text(reader, key, node);
	Buf joined = {0};
	buf_adds(&joined, "");
	array_each(Node *, item, &node->items) {
		const char *text = value_text(reader, key, *item);
		buf_addf(&joined, "%s%s", joined.length ? "\n" : "", text ? text : "");
	}
	const char *value = arena_copy(reader->arena, joined.data, joined.length);
	buf_free(&joined);
	return value;
}

/* Each line is a name or a /pattern/. */
static bool are_patterns(Reader *reader, const Key *key, uint32_t line, const char *lines)
{
	for (const char *at = lines; at;) {
		size_t length = strcspn(at, "\n");
		const char *error = NULL, *one = arena_copy(reader->arena, at, length);
		if (!pattern_compile(reader->arena, one, &error)) {
			key_error(reader, key, line, "\"%s\" is no pattern: %s", one, error);
			return false;
		}
		at = at[length] ? at + length + 1 : NULL;
	}
	return true;
}

/* "a|b|c" has it. */
static bool is_word_of(const char *words, const Node *node)
{
	for (const char *at = words; node->kind == NODE_TEXT; at += strcspn(at, "|") + 1) {
		if (text_is((Text){at, strcspn(at, "|")}, node->text))
			return true;
		if (!at[strcspn(at, "|")])
			return false;
	}
	return false;
}

static void read_option(Reader *reader, const Key *key, const KnownRule *rule, const struct NodePair *pair,
			RuleSetting *setting)
{
	const RuleOptionInfo *info = rule ? option_info(reader, key, rule, pair) : NULL;
	if (rule && !info)
		return;
	bool wants_number = info && info->fallback && is_number(info->fallback);
	bool wants_pattern = info && info->fallback && info->fallback[0] == '/';
	bool wants_word = info && info->fallback && !wants_pattern && strchr(info->fallback, '|');
	const Key option = {
		.name = arena_print(reader->arena, "%s: %s: %s", key->name, setting->rule, pair->key),
		.expects = wants_number ? "a whole number" : "text or a list of texts",
	};
	if (wants_number && (pair->value->kind != NODE_TEXT || !is_number(pair->value->text))) {
		key_expected(reader, &option, pair->value);
		return;
	}
	if (wants_word && !is_word_of(info->fallback, pair->value)) {
		const Key words = {.name = option.name, .expects = arena_print(reader->arena, "one of %s", info->fallback)};
		key_expected(reader, &words, pair->value);
		return;
	}
	const char *value = option_value(reader, &option, pair->value);
	if (value && wants_pattern && !are_patterns(reader, &option, pair->line, value))
		return;
	if (value)
		array_push(reader->arena, &setting->options, (RuleOption){pair->key, value, pair->line});
}

static void read_setting(Reader *reader, const Key *key, const struct NodePair *pair, RuleSetting *setting)
{
	const KnownRule *rule = known_rule(reader, pair->key);
	const Key one = {.name = arena_print(reader->arena, "%s: %s", key->name, pair->key)};
	if (pair->value->kind != NODE_MAP) {
		value_severity(reader, &one, pair->value, &setting->severity);
		return;
	}
	bool is_one_rule = rule || !reader->options->rules;
	array_each(struct NodePair, option, &pair->value->pairs) {
		if (same(option->key, "severity"))
			value_severity(reader, &one, option->value, &setting->severity);
		else if (is_one_rule)
			read_option(reader, key, rule, option, setting);
		else
			key_error(reader, &one, option->line, "\"%s\": only a single rule has options", option->key);
	}
}

/*
 * What is more general comes first, so that the special overrules it whatever the order in the file: YAML's
 * mappings have none.
 */
static int generality(const ConfigOptions *options, const char *name)
{
	return same(name, "all") ? 0 : is_category(options, name) ? 1 : 2;
}

void read_rule_settings(Reader *reader, const Key *key, const Node *node, RuleSettings *settings)
{
	RuleSettings read = {0};
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		RuleSetting setting = {.rule = pair->key, .severity = SEVERITY_UNSET, .line = pair->line};
		if (!is_known_rule(reader, key, pair->key, pair->line))
			continue;
		read_setting(reader, key, pair, &setting);
		array_push(reader->arena, &read, setting);
	}
	for (int rank = 0; rank <= 2; rank++)
		array_each(RuleSetting, setting, &read)
			if (generality(reader->options, setting->rule) == rank)
				array_push(reader->arena, settings, *setting);
}

/* --- What is enforced ----------------------------------------------------------------------------------------- */

static bool applies(const RuleSetting *setting, const char *rule, const char *category)
{
	return same(setting->rule, rule) || same(setting->rule, "all") || same(setting->rule, category);
}

static const RuleSetting *last_setting(const RuleSettings *settings, const char *rule, const char *category)
{
	for (uint32_t i = settings->count; i > 0; i--) {
		const RuleSetting *setting = &settings->items[i - 1];
		if (setting->severity != SEVERITY_UNSET && applies(setting, rule, category))
			return setting;
	}
	return NULL;
}

/* The last severity that settings give the rule; SEVERITY_UNSET: none. */
static Severity settings_severity(const RuleSettings *settings, const char *rule, const char *category)
{
	const RuleSetting *setting = last_setting(settings, rule, category);
	return setting ? setting->severity : SEVERITY_UNSET;
}

static const Enforced *enforced(const Reader *reader, const KnownRule *rule)
{
	array_each(const Enforced, one, &reader->enforced)
		if (same(one->rule, rule->id) || same(one->rule, rule->category) || same(one->rule, "all"))
			return one;
	return NULL;
}

static void check_options(Reader *reader, const KnownRule *rule, const Enforced *by, const RuleSettings *settings)
{
	array_each(const RuleSetting, setting, settings) {
		if (setting->options.count && same(setting->rule, rule->id))
			config_error(reader->arena, reader->errors, reader->path, setting->options.items[0].line,
				     "rules: %s is enforced by %s: its options cannot be set here", rule->id, by->path);
	}
}

static void check_severity(Reader *reader, const KnownRule *rule, const Enforced *by, Severity least,
			   const RuleSettings *settings)
{
	const RuleSetting *setting = last_setting(settings, rule->id, rule->category);
	if (!setting || setting->severity >= least)
		return;
	config_error(reader->arena, reader->errors, reader->path, setting->line,
		     "rules: %s is enforced by %s: it cannot be weakened from %s to %s here", rule->id, by->path,
		     severity_word(least), severity_word(setting->severity));
}

static void check_enforced_rule(Reader *reader, const KnownRule *rule, const Enforced *by, uint32_t rules_before,
				uint32_t overrides_before)
{
	const Config *config = reader->config;
	RuleSettings before = config->rules, added = config->rules;
	before.count = rules_before;
	added.items += added.items ? rules_before : 0;
	added.count -= rules_before;
	Severity least = settings_severity(&before, rule->id, rule->category);
	if (least == SEVERITY_UNSET)
		least = rule->severity;
	check_severity(reader, rule, by, least, &added);
	check_options(reader, rule, by, &added);
	for (uint32_t i = overrides_before; i < config->overrides.count; i++) {
		check_severity(reader, rule, by, least, &config->overrides.items[i].rules);
		check_options(reader, rule, by, &config->overrides.items[i].rules);
	}
}

void check_enforced(Reader *reader, uint32_t rules_before, uint32_t overrides_before)
{
	const ConfigOptions *options = reader->options;
	for (uint32_t i = 0; i < options->rule_count; i++) {
		const Enforced *by = enforced(reader, &options->rules[i]);
		if (by)
			check_enforced_rule(reader, &options->rules[i], by, rules_before, overrides_before);
	}
	array_each(const KnownRule, own, &reader->config->own_rules) {
		const Enforced *by = enforced(reader, own);
		if (by)
			check_enforced_rule(reader, own, by, rules_before, overrides_before);
	}
	/* Without a list of rules, each name that is enforced stands for itself; to switch it off is to weaken it. */
	for (uint32_t i = 0; !options->rules && i < reader->enforced.count; i++) {
		const Enforced *by = &reader->enforced.items[i];
		const KnownRule rule = {.id = by->rule, .category = by->rule, .severity = SEVERITY_NOTE};
		check_enforced_rule(reader, &rule, by, rules_before, overrides_before);
	}
}
