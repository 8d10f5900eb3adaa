/* What teams agree on: metadata, approvals, deprecation, companions. */
#include "discover/config_keys.h"

#include <stdlib.h>

#include "base/date.h"

#include "discover/pattern.h"

/* The words for which metadata and approvals can be asked. */
static const char *const phases_and_risks[] = {
	"all", "expand", "migrate", "contract", "mixed", "destroys", "safe", "controlled", "high", "unknown",
};

static const char *phase_or_risk(Reader *reader, const Key *key, const struct NodePair *pair)
{
	for (size_t i = 0; i < LENGTH(phases_and_risks); i++)
		if (same(pair->key, phases_and_risks[i]))
			return pair->key;
	const char *meant = nearest(pair->key, phases_and_risks, LENGTH(phases_and_risks));
	key_error(reader, key, pair->line,
		  "\"%s\" is neither all nor a phase (expand, migrate, contract, mixed) nor destroys nor a risk (safe, "
		  "controlled, high, unknown)%s",
		  pair->key, meant ? arena_print(reader->arena, "; did you mean \"%s\"?", meant) : "");
	return NULL;
}

void read_metadata_required(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		struct MetadataDue due = {.when = phase_or_risk(reader, key, pair)};
		const Key names = inner_key(reader, key, pair->key, "a list of names, such as [owner]");
		array_each(Node *, item, &value_list(reader, &names, pair->value)->items) {
			const char *name = value_text(reader, &names, *item);
			if (name)
				array_push(reader->arena, &due.keys, name);
		}
		if (due.when)
			array_push(reader->arena, &config->metadata.required, due);
	}
}

void read_metadata_patterns(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		const Key regex = inner_key(reader, key, pair->key, "a regular expression");
		const char *text = value_text(reader, &regex, pair->value), *error = NULL;
		struct MetadataPattern pattern = {pair->key, text ? pattern_regex(reader->arena, text, &error) : NULL};
		if (pattern.pattern)
			array_push(reader->arena, &config->metadata.patterns, pattern);
		else if (text)
			key_error(reader, &regex, pair->value->line, "\"%s\" is no pattern: %s", text, error);
	}
}

void read_metadata_runtime(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	if (node->kind == NODE_TEXT && is_duration(node->text, false))
		config->metadata.max_runtime = node->text;
	else
		key_expected(reader, key, node);
}

void read_approvals(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const sources[] = {"git-trailer", "header"};
	Config *config = target;
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		if (same(pair->key, "source")) {
			const Key source = inner_key(reader, key, pair->key, "git-trailer or header");
			int word = value_word(reader, &source, pair->value, sources, LENGTH(sources));
			config->approvals.source = word < 0 ? NULL : sources[word];
			continue;
		}
		struct Approval approval = {.risk = phase_or_risk(reader, key, pair)};
		const Key roles = inner_key(reader, key, pair->key, "a list of roles, such as [dba]");
		array_each(Node *, item, &value_list(reader, &roles, pair->value)->items) {
			const char *role = value_text(reader, &roles, *item);
			if (role)
				array_push(reader->arena, &approval.roles, role);
		}
		if (approval.risk)
			array_push(reader->arena, &config->approvals.due, approval);
	}
}

/* A class for each kind of action. */
static void read_classes(Reader *reader, const Key *key, const Node *node, const char *const *words, size_t count,
			 const char *expects, ActionClasses *classes)
{
	const ConfigOptions *options = reader->options;
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		const Key inner = inner_key(reader, key, pair->key, expects);
		bool known = !options->actions;
		for (uint32_t i = 0; i < options->action_count && !known; i++)
			known = same(options->actions[i], pair->key);
		const char *meant = known ? NULL : nearest(pair->key, options->actions, options->action_count);
		if (meant)
			key_error(reader, key, pair->line, "\"%s\" is no action; did you mean \"%s\"?", pair->key, meant);
		else if (!known)
			key_error(reader, key, pair->line, "\"%s\" is no action: \"ddlint rules --actions\" lists them", pair->key);
		int word = value_word(reader, &inner, pair->value, words, count);
		if (known && word >= 0)
			array_push(reader->arena, classes, (ActionClass){pair->key, words[word]});
	}
}

void read_phases(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"expand", "migrate", "contract", "none"};
	Config *config = target;
	read_classes(reader, key, node, words, LENGTH(words), "expand, migrate, contract or none", &config->phases);
}

void read_risks(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"safe", "controlled", "high"};
	Config *config = target;
	read_classes(reader, key, node, words, LENGTH(words), "safe, controlled or high", &config->risks);
}

void read_deprecation_releases(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	value_number(reader, key, node, 1000, &config->deprecation.releases);
}

void read_deprecation_days(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	value_number(reader, key, node, 10000, &config->deprecation.days);
}

/* --- What is deprecated --------------------------------------------------------------------------------------------------------------- */

void read_deprecation_marks(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		if (!value_is_entry(reader, key, *item))
			continue;
		DeprecationMark mark = {.since = -1, .until = -1};
		read_section(reader, key, config_section("marks"), *item, 0, &mark);
		if (!node_get(*item, "object") || !node_get(*item, "since"))
			key_error(reader, key, (*item)->line, "an entry says which object is deprecated, and since when");
		array_push(reader->arena, &config->deprecation.marks, mark);
	}
}

void read_mark_object(Reader *reader, const Key *key, const Node *node, void *target)
{
	DeprecationMark *mark = target;
	mark->object = value_text(reader, key, node);
}

static bool is_date(const Node *node)
{
	return node->kind == NODE_TEXT && strlen(node->text) == strlen("2026-01-10") && date_in(node->text) >= 0;
}

void read_mark_since(Reader *reader, const Key *key, const Node *node, void *target)
{
	DeprecationMark *mark = target;
	if (is_date(node))
		mark->since = date_in(node->text);
	else
		key_expected(reader, key, node);
}

void read_mark_until(Reader *reader, const Key *key, const Node *node, void *target)
{
	DeprecationMark *mark = target;
	const char *text = node->kind == NODE_TEXT ? node->text : "";
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits + strspn(text + digits, " ");
	int number = digits && digits < 6 ? (int)strtol(text, NULL, 10) : 0;

	if (is_date(node))
		mark->until = date_in(text);
	else if (number && (same(unit, "d") || same(unit, "day") || same(unit, "days")))
		mark->days = number;
	else if (number && (same(unit, "release") || same(unit, "releases")))
		mark->releases = number;
	else
		key_expected(reader, key, node);
}

/* --- What changes together ------------------------------------------------------------------------------------------------------------- */

void read_companions(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		if (!value_is_entry(reader, key, *item))
			continue;
		struct Companion companion = {.when = "any"};
		read_section(reader, key, config_section(key->name), *item, 0, &companion);
		if (!node_get(*item, "require"))
			key_error(reader, key, (*item)->line, "an entry says which file it requires");
		array_push(reader->arena, &config->companions, companion);
	}
}

void read_companion_when(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {
		"any", "expand", "migrate", "contract", "mixed", "destroys", "safe", "controlled", "high",
	};
	struct Companion *companion = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		companion->when = words[word];
}

void read_companion_require(Reader *reader, const Key *key, const Node *node, void *target)
{
	struct Companion *companion = target;
	companion->require = value_glob(reader, key, node);
}
