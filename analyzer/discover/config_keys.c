#include "discover/config_keys.h"

#include "discover/pattern.h"

#include <limits.h>

/* What read_layer reads before the other keys or behind them. */
static void read_in_its_turn(Reader *reader UNUSED, const Key *key UNUSED, const Node *node UNUSED, void *target UNUSED)
{
}

/* --- The file's own keys -------------------------------------------------------------------------------------- */

static void read_enforce(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		const char *rule = value_text(reader, key, *item);
		if (rule && is_known_rule(reader, key, rule, (*item)->line))
			array_push(reader->arena, &config->enforced, rule);
	}
}

static void read_postgres(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	int low = INT_MAX, high = 0;
	if (node->kind == NODE_LIST && node->items.count) {
		array_each(Node *, item, &node->items) {
			int from, to;
			if ((*item)->kind != NODE_TEXT || !postgres_range((*item)->text, &from, &to)) {
				key_expected(reader, key, *item);
				return;
			}
			low = from < low ? from : low;
			high = to > high ? to : high;
		}
	} else if (node->kind != NODE_TEXT || !postgres_range(node->text, &low, &high)) {
		key_expected(reader, key, node);
		return;
	}
	config->postgres_low = low;
	config->postgres_high = high;
}

static void read_layout(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const ConfigOptions *options = reader->options;
	if (node->kind == NODE_MAP) {
		config->own_layout = read_own_layout(reader, key, node);
		config->layout = NULL;
		return;
	}
	bool is_auto = node->kind == NODE_TEXT && same(node->text, "auto");
	if (!is_auto && options->layouts) {
		Buf names = {0};
		buf_adds(&names, "auto");
		for (uint32_t i = 0; i < options->layout_count; i++)
			buf_addf(&names, "%s%s", i + 1 < options->layout_count ? ", " : " or ", options->layouts[i]);
		Key named = *key;
		named.expects = arena_copy(reader->arena, names.data, names.length);
		buf_free(&names);
		if (value_word(reader, &named, node, options->layouts, options->layout_count) < 0)
			return;
	}
	const char *layout = value_text(reader, key, node);
	if (!layout)
		return;
	config->layout = is_auto ? NULL : layout;
	config->own_layout = NULL;
}

static void read_released(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const char *text = value_text(reader, key, node);
	if (!text)
		return;
	if (same(text, "git:") || same(text, "file:") || same(text, "@"))
		key_expected(reader, key, node);
	else if (starts_with(text, "file:")) {
		const Node file = {.kind = NODE_TEXT, .line = node->line, .text = text + strlen("file:")};
		const char *path = value_path(reader, key, &file);
		config->released = path ? arena_print(reader->arena, "file:%s", path) : NULL;
	} else
		config->released = text;
}

static void read_pooler(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"none", "session", "transaction"};
	Config *config = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		config->pooler = (Pooler)word;
}

static void read_placeholders(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		if (pair->value->kind != NODE_TEXT) {
			const Key inner = inner_key(reader, key, pair->key, "the text that stands for it, '' for none");
			key_expected(reader, &inner, pair->value);
			continue;
		}
		Placeholder *found = NULL;
		array_each(Placeholder, other, &config->placeholders)
			if (same(other->name, pair->key))
				found = other;
		if (found)
			found->value = pair->value->text;
		else
			array_push(reader->arena, &config->placeholders, (Placeholder){pair->key, pair->value->text});
	}
}

static void read_start_schema(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const char *path = value_path(reader, key, node);
	if (path)
		config->start_schema = path;
}

static void read_rollback(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		const char *pattern = value_text(reader, key, *item);
		if (!pattern)
			continue;
		if (strstr(pattern, "{name}"))
			array_push(reader->arena, &config->rollback, pattern);
		else
			key_error(reader, key, (*item)->line,
				  "\"%s\" is one file for all migrations: say where the migration's {name} stands",
				  pattern);
	}
}

static void read_rules(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	read_rule_settings(reader, key, node, &config->rules);
}

static void read_exclude(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		const char *glob = value_glob(reader, key, *item);
		if (glob)
			array_push(reader->arena, &config->exclude, glob);
	}
}

static void read_fail_on(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"never", "note", "warning", "error"};
	static const Severity severities[] = {SEVERITY_OFF, SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR};
	Config *config = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		config->fail_on = severities[word];
}

static void read_on_unknown(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"allow", "warn", "fail"};
	Config *config = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		config->on_unknown = (OnUnknown)word;
}

/* --- Mappings and lists of mappings --------------------------------------------------------------------------- */

static void read_inner(Reader *reader, const Key *key, const Node *node, void *target)
{
	read_section(reader, key, config_section(key->name), value_map(reader, key, node), 0, target);
}

static void read_overrides(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		if (!value_is_entry(reader, key, *item))
			continue;
		Override override = {0};
		read_section(reader, key, config_section(key->name), *item, 0, &override);
		if (!node_get(*item, "paths") || !node_get(*item, "rules"))
			key_error(reader, key, (*item)->line, "an entry has paths (a list of globs) and rules");
		array_push(reader->arena, &config->overrides, override);
	}
}

static void read_override_paths(Reader *reader, const Key *key, const Node *node, void *target)
{
	Override *override = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		const char *glob = value_glob(reader, key, *item);
		if (glob)
			array_push(reader->arena, &override->paths, glob);
	}
}

static void read_override_rules(Reader *reader, const Key *key, const Node *node, void *target)
{
	Override *override = target;
	read_rule_settings(reader, key, node, &override->rules);
}

/* --- runner -------------------------------------------------------------------------------------------------- */

static void read_runner_transaction(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"migration", "statement", "run", "simple-query", "none"};
	Config *config = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		config->runner.transaction = (RunnerTransaction)(RUNNER_MIGRATION + word);
}

static void read_runner_connection(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"migration", "statement", "run"};
	Config *config = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		config->runner.connection = words[word];
}

static void read_runner_role(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const char *role = value_text(reader, key, node);
	if (role)
		config->runner.role = role;
}

/* Those of judge/foreign.c. */
static void read_suppressions(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const tools[] = {"squawk", "atlas", "diesel-guard", "pgsafe", "migration-safe"};
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		int tool = value_word(reader, key, *item, tools, LENGTH(tools));
		if (tool >= 0)
			array_push(reader->arena, &config->suppressions, tools[tool]);
	}
}

/* --- The tables ----------------------------------------------------------------------------------------------- */

#define GLOBS "a list of globs, such as ['legacy/**']"
#define RULES "rules with a severity or a mapping, such as {column-dropped: error}"

static const Key file_keys[] = {
	{"extends", read_in_its_turn, "a list of packs and files, such as [recommended, ../ddlint-org.yml]", PLACE_ANY},
	{"enforce", read_enforce, "a list of rules or categories, such as [rollback-missing]", PLACE_ANY},
	{"postgres", read_postgres, "server majors from 11 to 18: 15, 15-18 or [15, 16]", PLACE_ANY},
	{"layout", read_layout, "the name of a layout, auto, or a mapping that describes one", PLACE_ANY},
	{"released", read_released, "git:REF, file:PATH, @latest-tag or a version", PLACE_ANY},
	{"runner", read_inner, "a mapping, such as {transaction: migration}", PLACE_ANY},
	{"session", read_session, "a mapping of server parameters, such as {lock_timeout: 5s}", PLACE_ANY},
	{"pooler", read_pooler, "none, session or transaction", PLACE_ANY},
	{"placeholders", read_placeholders, "a mapping of names and values, such as {schema: app}", PLACE_ANY},
	{"start-schema", read_start_schema, "the path of an SQL file", PLACE_ANY},
	{"rollback", read_rollback, "a list of file names, such as ['rollback_{name}.sql']", PLACE_ANY},
	{"rules", read_rules, RULES, PLACE_ANY},
	{"define", read_in_its_turn, "a list of rules of your own: see ddlint rules --actions", PLACE_ANY},
	{"custom-rules", read_in_its_turn, "a list of YAML files with rules of your own, such as [db/rules.yml]", PLACE_ANY},
	{"functions", read_functions, "a list of declarations, or of YAML files that hold such lists, such as [db/functions.yml]", PLACE_ANY},
	{"heat", read_inner, "a mapping, such as {tables: [users]}", PLACE_ANY},
	{"metadata", read_inner, "a mapping, such as {required: {all: [owner]}}", PLACE_ANY},
	{"approvals", read_approvals, "a mapping of risks to lists of roles, such as {high: [dba]}", PLACE_ANY},
	{"phases", read_phases, "a mapping of actions to phases, such as {create-trigger: migrate}", PLACE_ANY},
	{"risks", read_risks, "a mapping of actions to risks, such as {drop-index: controlled}", PLACE_ANY},
	{"deprecation", read_inner, "a mapping, such as {releases: 2, days: 30}", PLACE_ANY},
	{"companions", read_companions, "a list of mappings, such as [{when: any, require: schema.prisma}]", PLACE_ANY},
	{"overrides", read_overrides, "a list of mappings: [{paths: ['legacy/**'], rules: {all: note}}]", PLACE_ANY},
	{"suppressions", read_suppressions, "a list of squawk, atlas, diesel-guard, pgsafe, migration-safe", PLACE_ANY},
	{"exclude", read_exclude, GLOBS, PLACE_ANY},
	{"fail-on", read_fail_on, "error, warning, note or never", PLACE_ANY},
	{"on-unknown", read_on_unknown, "allow, warn or fail", PLACE_ANY},
	{"name", read_in_its_turn, "a name", PLACE_PROJECT},
	{"path", read_in_its_turn, "the path of a folder", PLACE_PROJECT},
	{"projects", read_in_its_turn, "a list of mappings, such as [{name: billing, path: billing/db}]", PLACE_FILE},
	{0},
};

static const Key layout_keys[] = {
	{"name", read_layout_name, "a name for reports", 0},
	{"root", read_layout_root, "the path of the folder that holds the migrations", 0},
	{"files", read_layout_files, "a pattern of paths, such as '/^(?<version>[0-9]+)_(?<name>.+)[.]sql$/'", 0},
	{"directions", read_layout_directions, "a mapping of directions to words, such as {down: [undo, down]}", 0},
	{"sections", read_layout_sections, "a mapping of parts to comments, such as {up: '@up', down: '@down'}", 0},
	{"transaction", read_layout_transaction, "migration, statement, simple-query or none", 0},
	{"order", read_layout_order, "natural or text", 0},
	{"no-transaction", read_layout_alone, "where a statement goes that must run outside a transaction", 0},
	{0},
};

static const Key section_keys[] = {
	{"up", read_layout_section, "what the comment says with which the part starts", 0},
	{"down", read_layout_section, "what the comment says with which the part starts", 0},
	{"no-transaction", read_layout_section, "what the comment says that keeps a file out of a transaction", 0},
	{"batch-begin", read_layout_section, "what the comment says before statements that are sent together", 0},
	{"batch-end", read_layout_section, "what the comment says behind statements that are sent together", 0},
	{0},
};

static const Key runner_keys[] = {
	{"transaction", read_runner_transaction, "migration, statement, run, simple-query or none", 0},
	{"connection", read_runner_connection, "migration, statement or run", 0},
	{"role", read_runner_role, "the name of a role", 0},
	{0},
};

static const Key heat_keys[] = {
	{"tables", read_heat_tables, "a list of names and patterns, such as [users, '/^orders_/']", 0},
	{"statistics", read_heat_statistics, "the path of a CSV file", 0},
	{"workload", read_heat_workload, "the path of a CSV file", 0},
	{"redact", read_heat_redact, "true or false", 0},
	{"hot-percent", read_heat_hot_percent, "a number from 0 to 100, such as 0.5", 0},
	{"tiny-rows", read_heat_tiny_rows, "a whole number of rows, such as 10000", 0},
	{"tiny-bytes", read_heat_tiny_bytes, "a size with its unit, such as 8MB", 0},
	{"hottest", read_heat_hottest, "a whole number of queries from 1 to 1000", 0},
	{"stale-days", read_heat_stale_days, "a whole number of days from 1 to 10000", 0},
	{0},
};

static const Key metadata_keys[] = {
	{"required", read_metadata_required, "a mapping of all, a phase or a risk to names, such as {all: [owner]}", 0},
	{"patterns", read_metadata_patterns, "a mapping of names to regular expressions, such as {owner: '^team-'}", 0},
	{"max-runtime", read_metadata_runtime, "a duration with its unit, such as 30min", 0},
	{0},
};

static const Key deprecation_keys[] = {
	{"releases", read_deprecation_releases, "a whole number from 0 to 1000", 0},
	{"days", read_deprecation_days, "a whole number from 0 to 10000", 0},
	{"marks", read_deprecation_marks, "a list of mappings, such as [{object: users.fax, since: 2026-01-10}]", 0},
	{0},
};

static const Key mark_keys[] = {
	{"object", read_mark_object, "a table, or a column of one, such as users.fax", 0},
	{"since", read_mark_since, "a date, such as 2026-01-10", 0},
	{"remove-after", read_mark_until, "a date, or a window such as 90 days or 2 releases", 0},
	{0},
};

static const Key companion_keys[] = {
	{"when", read_companion_when, "any, expand, migrate, contract, mixed, safe, controlled or high", 0},
	{"require", read_companion_require, "the path or glob of a file", 0},
	{0},
};

static const Key override_keys[] = {
	{"paths", read_override_paths, GLOBS, 0},
	{"rules", read_override_rules, RULES, 0},
	{0},
};

const Section config_sections[] = {
	{"", file_keys},
	{"layout", layout_keys},
	{"sections", section_keys},
	{"runner", runner_keys},
	{"heat", heat_keys},
	{"metadata", metadata_keys},
	{"deprecation", deprecation_keys},
	{"marks", mark_keys},
	{"companions", companion_keys},
	{"overrides", override_keys},
	{0},
};

const Section *config_section(const char *name)
{
	const Section *section = config_sections;
	while (!same(section->name, name))
		section++;
	return section;
}

static const char *place_words(Place place)
{
	switch (place) {
	case PLACE_PROJECT:
		return "a project";
	case PLACE_EXTENDED:
		return "a file that another one extends";
	default:
		return "the file itself, only in its projects";
	}
}

/* The key of that name; where there is none, the error says what may have been meant. */
static const Key *find_key(Reader *reader, const Key *parent, const Section *section, const struct NodePair *pair,
			   Place place)
{
	enum { MOST = 32 };
	const char *names[MOST] = {NULL};
	size_t count = 0;
	for (const Key *key = section->keys; key->name; key++) {
		bool fits = !key->places || key->places & (int)place;
		if (fits && same(key->name, pair->key))
			return key;
		if (fits)
			names[count++] = key->name;
		else if (same(key->name, pair->key)) {
			key_error(reader, key, pair->line, "this key cannot stand in %s", place_words(place));
			return NULL;
		}
	}
	const char *meant = nearest(pair->key, names, count);
	const char *where = parent ? arena_print(reader->arena, "%s: ", parent->name) : "";
	if (meant) {
		config_error(reader->arena, reader->errors, reader->path, pair->line,
			     "%sunknown key \"%s\"; did you mean \"%s\"?", where, pair->key, meant);
		return NULL;
	}
	Buf all = {0};
	for (size_t i = 0; i < count; i++)
		buf_addf(&all, "%s%s", i ? ", " : "", names[i]);
	config_error(reader->arena, reader->errors, reader->path, pair->line, "%sunknown key \"%s\"; known are %s",
		     where, pair->key, all.data);
	buf_free(&all);
	return NULL;
}

void read_section(Reader *reader, const Key *parent, const Section *section, const Node *map, Place place, void *target)
{
	array_each(struct NodePair, pair, &map->pairs) {
		const Key *key = find_key(reader, parent, section, pair, place);
		if (!key)
			continue;
		Key named = *key; /* "heat.tables" in messages */
		if (parent)
			named.name = arena_print(reader->arena, "%s.%s", parent->name, key->name);
		key->read(reader, &named, pair->value, target);
	}
}
