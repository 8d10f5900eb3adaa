/* Rules written in YAML: their language, what is wrong with them, those of the packs, and how fast they are. */
#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/files.h"
#include "judge/judge.h"
#include "lint.h"
#include "rule_examples.h"

static Arena arena;

/* --- Fixtures --------------------------------------------------------------------------------- */

static int yml_only(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".yml");
}

static char *text_of(const char *path, size_t *length)
{
	const char *error = NULL;
	return file_read(&arena, path, length, &error);
}

static void read_rules(const char *path, KnownRules *rules, ConfigErrors *errors)
{
	size_t length = 0;
	const char *bytes = text_of(path, &length);
	assert_non_null(bytes);
	const Node *root = yaml_read(&arena, path, bytes, length, errors);
	if (root)
		read_pattern_rules(&arena, path, root, rules, errors);
}

static const char *listed(const ConfigErrors *errors)
{
	Buf list = {0};
	buf_adds(&list, "");
	array_each (const ConfigError, error, errors)
		buf_addf(&list, "%s:%u: %s\n", error->path, error->line, error->message);
	const char *copy = arena_copy(&arena, list.data, list.length);
	buf_free(&list);
	return copy;
}

/* Each bad/x.yml gives exactly the messages of x.errors; UPDATE=1 in the environment writes them anew. */
static void bad_files_give_their_messages(void **state UNUSED)
{
	struct dirent **files;
	int count = scandir("fixtures/custom-rules/bad", &files, yml_only, alphasort);
	assert_true(count > 8);
	for (int i = 0; i < count; i++) {
		const char *path = arena_print(&arena, "fixtures/custom-rules/bad/%s", files[i]->d_name), *error = NULL;
		const char *expected_path = arena_print(&arena, "%.*s.errors", (int)(strlen(path) - 4), path);
		KnownRules rules = {0};
		ConfigErrors errors = {0};
		read_rules(path, &rules, &errors);
		const char *got = listed(&errors);
		assert_true(errors.count > 0);
		if (getenv("UPDATE"))
			assert_true(file_write(expected_path, got, strlen(got), &error));
		size_t length = 0;
		const char *expected = text_of(expected_path, &length);
		assert_non_null(expected);
		assert_string_equal(got, expected);
		free(files[i]);
	}
	free(files);
}

static RuleBook *book_of(const KnownRules *rules)
{
	const RuleBook *known = rule_book(&arena);
	RuleBook *book = new(&arena, RuleBook);
	array_each (const RuleEntry, entry, &known->entries)
		rule_book_add(&arena, book, entry);
	array_each (const KnownRule, rule, rules)
		rule_book_add(&arena, book, rule->entry);
	return book;
}

static uint32_t examples_hold(const RuleBook *book, const RuleEntry *entry)
{
	ExampleFaults faults = {0};
	uint32_t count = run_examples(&arena, book, entry, &faults);
	if (faults.count)
		fail_msg("%s: line %u: %s", entry->id, faults.items[0].line, faults.items[0].message);
	return count;
}

static void good_files_hold_what_they_claim(void **state UNUSED)
{
	struct dirent **files;
	int count = scandir("fixtures/custom-rules/good", &files, yml_only, alphasort);
	assert_true(count >= 2);
	for (int i = 0; i < count; i++) {
		KnownRules rules = {0};
		ConfigErrors errors = {0};
		read_rules(arena_print(&arena, "fixtures/custom-rules/good/%s", files[i]->d_name), &rules, &errors);
		if (errors.count)
			fail_msg("%s", listed(&errors));
		RuleBook *book = book_of(&rules);
		array_each (KnownRule, rule, &rules)
			assert_true(examples_hold(book, rule_book_find(book, rule->id)) > 0);
		free(files[i]);
	}
	free(files);
}

static const KnownRule *one_rule(const char *yaml)
{
	KnownRules rules = {0};
	ConfigErrors errors = {0};
	const Node *root = yaml_read(&arena, "one.yml", yaml, strlen(yaml), &errors);
	read_pattern_rules(&arena, "one.yml", root, &rules, &errors);
	if (errors.count)
		fail_msg("%s", listed(&errors));
	return &rules.items[0];
}

/* --test must be able to fail. */
static void examples_that_claim_too_much_are_found(void **state UNUSED)
{
	KnownRules rules = {0};
	array_push(
		&arena, &rules,
		*one_rule(
			"- {id: r, on: drop-table, message: m, bad: [SELECT 1, SELEC 1, ''' '], good: DROP TABLE t}"));
	RuleBook *book = book_of(&rules);
	ExampleFaults faults = {0};
	assert_int_equal(run_examples(&arena, book, rule_book_find(book, "r"), &faults), 4);
	assert_int_equal(faults.count, 4);
	assert_string_equal(faults.items[0].message, "a bad example has no finding");
	assert_non_null(strstr(faults.items[1].message, "a bad example is no SQL"));
	assert_non_null(strstr(faults.items[2].message, "no SQL"));
	assert_string_equal(faults.items[3].message, "a good example has a finding: m");
}

/* --- Packs ------------------------------------------------------------------------------------ */

static uint32_t words(const char *text)
{
	uint32_t count = 0;
	for (const char *at = text; *at; at++)
		count += *at != ' ' && (at == text || at[-1] == ' ');
	return count;
}

static void rules_of_packs_are_complete(void **state UNUSED)
{
	const RuleBook *book = rule_book(&arena);
	uint32_t count = 0;
	array_each (const RuleEntry, entry, &book->entries) {
		const Rule *rule = entry->rule;
		if (!entry->pack)
			continue;
		count++;
		if (!rule->summary || words(rule->summary) > 10 || !rule->why || !ends_with(rule->why, ".") ||
		    !rule->instead || !rule->manual || !strstr(rule->manual, ".html") || !*entry->bad || !*entry->good)
			fail_msg("%s of pack %s is not complete", entry->id, entry->pack);
		assert_int_equal(rule->severity, SEVERITY_OFF);
		assert_string_not_equal(entry->pack, "recommended");
		assert_string_equal(rule_id(rule), entry->id);
		examples_hold(book, entry);
	}
	assert_true(count > 40);
}

/* --- Among the other rules -------------------------------------------------------------------- */

static const Config *config_of(const char *yaml, ConfigErrors *errors)
{
	char path[] = "/tmp/ddlint-own-rules-XXXXXX";
	int file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
	close(file);
	ConfigOptions names = {0};
	known_names(&arena, rule_book(&arena), &names);
	const Config *config = config_read(&arena, path, &names, errors);
	unlink(path);
	return config;
}

/* The findings of one text under a configuration, as "rule severity[ suppressed]" lines. */
static const char *findings_of(const char *yaml, const char *sql)
{
	ConfigErrors errors = {0};
	const Config *config = config_of(yaml, &errors);
	if (!config)
		fail_msg("%s", listed(&errors));
	Discovery *discovery = discover_text(&arena, "a.sql", sql);
	discovery->histories.items[0]->config = config;
	const LintOptions options = {.jobs = 1, .today = "2026-06-01"};
	const Run *run = lint(&arena, discovery, &options);
	Buf list = {0};
	buf_adds(&list, "");
	array_each (Finding *const, finding, &run->findings) {
		const char *id = rule_id((*finding)->rule);
		assert_non_null(rule_book_find(run->rules, id));
		if (starts_with(id, "no-") || starts_with(id, "varchar") || starts_with(id, "index-not") || starts_with(id, "suppression"))
			buf_addf(&list, "%s %s%s\n", id, severity_word((*finding)->severity),
				 (*finding)->suppressed ? " suppressed" : "");
	}
	const char *copy = arena_copy(&arena, list.data, list.length);
	buf_free(&list);
	return copy;
}

#define NO_JSON                                                                                                        \
	"define: [{id: no-json, category: design, severity: error, on: add-column, where: {type: json}, message: "     \
	"m}]\n"

static void configurations_treat_them_like_any_rule(void **state UNUSED)
{
	static const char sql[] = "CREATE TABLE t (a json, b varchar(5), PRIMARY KEY (a));";
	assert_string_equal(findings_of(NO_JSON, sql), "no-json error\n");
	assert_string_equal(findings_of(NO_JSON "rules: {no-json: note}", sql), "no-json note\n");
	assert_string_equal(findings_of(NO_JSON "rules: {design: off}", sql), "");
	assert_string_equal(findings_of("rules: {no-json: note}\n" NO_JSON, sql), "no-json note\n");
	assert_string_equal(findings_of("rules: {all: warning}", sql), "");
	assert_string_equal(findings_of("extends: [design]", sql), "varchar-limited note\n");
	assert_string_equal(findings_of("extends: [design]\nrules: {all: warning}", sql), "varchar-limited warning\n");
	assert_string_equal(findings_of("extends: [design]\nrules: {varchar-limited: off}", sql), "");
	assert_string_equal(findings_of("rules: {varchar-limited: error}", sql), "varchar-limited error\n");
	assert_string_equal(findings_of(NO_JSON "overrides: [{paths: ['**'], rules: {no-json: off}}]", sql), "");
}

/* A built-in rule that speaks of the same lock does not hide them, nor they it. */
static void nobody_speaks_for_them(void **state UNUSED)
{
	static const char yaml[] =
		"define: [{id: no-index, category: locking, on: create-index, where: {lock: '>= SHARE'}, message: m},"
		" {id: a-first, category: locking, on: create-index, message: m}]";
	assert_string_equal(findings_of(yaml, "CREATE INDEX i ON t (a);"), "index-not-concurrent error\nno-index warning\n");
}

static void what_most_lack_is_told_once(void **state UNUSED)
{
	static const char yaml[] = "define: [{id: no-note, on: create-table, when-most: 'say nothing', message: m}]";
	static const char most[] = "-- ddlint: file 1.sql\nCREATE TABLE a (); CREATE TABLE b ();\n-- ddlint: file 2.sql\nCREATE TABLE c ();\n"
				   "-- ddlint: file 3.sql\nSELECT 1;\n";
	static const char few[] = "-- ddlint: file 1.sql\nCREATE TABLE a (); CREATE TABLE b ();\n-- ddlint: file 2.sql\nSELECT 1;\n";
	assert_string_equal(findings_of(yaml, most), "no-note warning\n");
	assert_string_equal(findings_of(yaml, few), "no-note warning\nno-note warning\n");
}

static void comments_silence_them(void **state UNUSED)
{
	assert_string_equal(
		findings_of(NO_JSON, "-- ddlint: allow no-json -- imported as it is\nALTER TABLE t ADD a json;"),
		"no-json error suppressed\n");
	assert_string_equal(
		findings_of(NO_JSON,
			    "-- ddlint: allow no-json(public.t.a) -- imported as it is\nALTER TABLE t ADD a json;"),
		"no-json error suppressed\n");
	assert_string_equal(
		findings_of(NO_JSON, "-- ddlint: allow no-json -- imported as it is\nALTER TABLE t ADD a text;"),
		"suppression-unused warning\n");
}

static void expect_error(const char *yaml, const char *message)
{
	ConfigErrors errors = {0};
	assert_null(config_of(yaml, &errors));
	if (!strstr(listed(&errors), message))
		fail_msg("\"%s\" is not in\n%s", message, listed(&errors));
}

static void configurations_are_checked(void **state UNUSED)
{
	expect_error("define: [{id: table-dropped, on: drop-table, message: m}]",
		     "there is a rule of that name already");
	expect_error(NO_JSON "custom-rules: [/tmp/no-such-file.yml]",
		     ":2: custom-rules: cannot read \"/tmp/no-such-file.yml\"");
	expect_error(NO_JSON "rules: {no-jsn: off}", "did you mean \"no-json\"?");
	expect_error(NO_JSON "rules: {no-json: {limit: 5}}", "no-json has no option \"limit\"");
	expect_error("extends: [naming]\nrules: {name-needs-quotes: {pattern: '/(/'}}",
		     "is no pattern: missing closing parenthesis");
	expect_error("extends: [governed]\nrules: {migration-too-large: {statements: many}}",
		     "expected a whole number, not \"many\"");
	expect_error("define: {id: x}", "expected a list of rules");
}

static void options_come_from_the_configuration(void **state UNUSED)
{
	static const char yaml[] = "define: [{id: no-wide, on: create-index, options: {most: {default: 2, help: h}},"
				   " where: {column-count: '> {most}'}, message: m}]\n";
	static const char sql[] = "CREATE INDEX CONCURRENTLY i ON t (a, b, c);";
	assert_string_equal(findings_of(yaml, sql), "no-wide warning\n");
	assert_string_equal(findings_of(arena_print(&arena, "%srules: {no-wide: {most: 3}}", yaml), sql), "");
	static const char names[] =
		"define: [{id: no-name, on: create-table, options: {names: {default: '/^a/', help: h}},"
		" where: {name: {not: '{names}'}}, message: m}]\n";
	assert_string_equal(findings_of(names, "CREATE TABLE b ();"), "no-name warning\n");
	assert_string_equal(findings_of(arena_print(&arena, "%srules: {no-name: {names: [c, '/^b/']}}", names),
					"CREATE TABLE b ();"),
			    "");
}

/* --- The vocabulary --------------------------------------------------------------------------- */

static void the_vocabulary_is_whole(void **state UNUSED)
{
	for (const Attribute *attribute = all_attributes; attribute->name; attribute++) {
		assert_ptr_equal(attribute_by_name(attribute->name), attribute);
		assert_non_null(attribute->meaning);
		assert_non_null(attribute->read);
		assert_true(attribute - all_attributes < MOST_ATTRIBUTES);
	}
	for (const Ordering *ordering = all_orderings; ordering->key; ordering++) {
		const PatternKey *key = pattern_rule_keys;
		while (key->name && !same(key->name, ordering->key))
			key++;
		assert_non_null(key->name);
	}
}

static json_t *properties(json_t *schema, const char *definition)
{
	json_t *found = json_object_get(json_object_get(json_object_get(schema, "$defs"), definition), "properties");
	assert_non_null(found);
	return found;
}

static void compare_keys(json_t *object, const PatternKey *keys)
{
	size_t count = 0;
	for (; keys->name; keys++, count++)
		if (!json_object_get(object, keys->name))
			fail_msg("the schema lacks \"%s\"", keys->name);
	assert_int_equal(count, json_object_size(object));
}

static void the_schema_has_the_same_words(void **state UNUSED)
{
	json_error_t error;
	json_t *schema = json_load_file("editors/ddlint-rules.schema.json", JSON_REJECT_DUPLICATES, &error);
	if (!schema)
		fail_msg("line %d: %s", error.line, error.text);
	compare_keys(properties(schema, "rule"), pattern_rule_keys);
	compare_keys(properties(schema, "action"), pattern_action_keys);
	json_t *where = properties(schema, "where");
	size_t count = 2; /* any, not */
	for (const Attribute *attribute = all_attributes; attribute->name; attribute++, count++)
		if (!json_object_get(where, attribute->name))
			fail_msg("the schema lacks the attribute \"%s\"", attribute->name);
	assert_int_equal(count, json_object_size(where));
	json_t *actions = json_object_get(json_object_get(schema, "$defs"), "actions");
	json_t *one = json_object_get(json_array_get(json_object_get(actions, "anyOf"), 0), "enum");
	assert_int_equal(json_array_size(one), ACTION_KIND_COUNT); /* all actions but none, and "all" */
	json_decref(schema);
}

/* --- Patterns that never end ------------------------------------------------------------------ */

static void hostile_patterns_end(void **state UNUSED)
{
	findings_of("define: [{id: no-end, on: all, where: {sql: '/(a+)+$/'}, message: m}]",
		    "SELECT "
		    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!';");
}

/* --- Many ------------------------------------------------------------------------------------- */

/* Each of 20,000 rows asks what stands around it. */
static void large_files_end(void **state UNUSED)
{
	Buf sql = {0};
	for (int i = 0; i < 20000; i++)
		buf_addf(&sql, "INSERT INTO t%d (a) VALUES (1);\n", i);
	const char *text = arena_copy(&arena, sql.data, sql.length);
	buf_free(&sql);
	findings_of("define: [{id: no-pair, on: insert-rows, after: {on: insert-rows, same: relation}, message: m},"
		    " {id: no-zz, on: insert-rows, together-with: {on: insert-rows, where: {relation: /^zz|x$/}}, message: m}]",
		    text);
}

static int end(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_files_give_their_messages),
		cmocka_unit_test(good_files_hold_what_they_claim),
		cmocka_unit_test(examples_that_claim_too_much_are_found),
		cmocka_unit_test(rules_of_packs_are_complete),
		cmocka_unit_test(configurations_treat_them_like_any_rule),
		cmocka_unit_test(nobody_speaks_for_them),
		cmocka_unit_test(what_most_lack_is_told_once),
		cmocka_unit_test(comments_silence_them),
		cmocka_unit_test(configurations_are_checked),
		cmocka_unit_test(options_come_from_the_configuration),
		cmocka_unit_test(the_vocabulary_is_whole),
		cmocka_unit_test(the_schema_has_the_same_words),
		cmocka_unit_test(hostile_patterns_end),
		
		cmocka_unit_test(large_files_end),
	};
	return cmocka_run_group_tests(tests, NULL, end);
}
