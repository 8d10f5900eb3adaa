/* Declarations of functions: those that ship, and what is wrong with others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/files.h"
#include "discover/yaml.h"
#include "replay/declaration.h"
#include "replay/extension.h"

static Arena arena;

static FunctionList read_text(const char *text, ConfigErrors *errors)
{
	FunctionList functions = {0};
	const Node *list = yaml_read(&arena, "functions.yml", text, strlen(text), errors);
	if (list)
		read_declarations(&arena, "functions.yml", list, &functions, errors);
	return functions;
}

/* --- Those that ship -------------------------------------------------------------------------------------------- */

static uint32_t entries_of(const char *text)
{
	uint32_t count = 0;
	for (const char *at = text; (at = strstr(at, "\n- ")); at++)
		count++;
	return count;
}

static void all_that_ship_are_read(void **state UNUSED)
{
	uint32_t files = 0;
	for (const Extension *extension = all_extensions; extension->name; extension++, files++) {
		ConfigErrors errors = {0};
		size_t length;
		const char *problem, *path = arena_print(&arena, "analyzer/effect/extensions/%s.yml", extension->name);
		const char *text = file_read(&arena, path, &length, &problem); /* the binary has it as a tree */
		assert_non_null(text);
		FunctionList functions = read_text(text, &errors);
		array_each (const ConfigError, error, &errors)
			fail_msg("%s:%u: %s", extension->name, error->line, error->message);
		assert_true(functions.count > 0);
		assert_int_equal(functions.count, entries_of(text));
		/* An entry is looked for by how it begins. */
		array_each (const struct Declaration *const, one, &functions) {
			const char *begins = arena_print(&arena, "\n- function: %s%s%s(", (*one)->name.schema ? (*one)->name.schema : "",
							 (*one)->name.schema ? "." : "", (*one)->name.name);
			if (!strstr(text, begins))
				fail_msg("%s: no entry begins with \"%s\"", extension->name, begins + 1);
		}
	}
	assert_true(files >= 5);
}

/* --- What can be wrong -------------------------------------------------------------------------------------------- */

#define F "- function: f(t regclass, sure boolean DEFAULT false)\n"

static void what_is_wrong_is_said(void **state UNUSED)
{
	static const struct {
		const char *text, *message;
		uint32_t line;
	} cases[] = {
		{"function: f()", "expected a list of mappings", 1},
		{"- f()", "expected a mapping with the key function", 1},
		{"- table: t", "expected a function with its parameters", 1},
		{"- function: [f]", "expected a function with its parameters", 1},
		{"- function: f", "not \"f\"", 1},
		{"- function: f(t nonsense nonsense)", "expected a function with its parameters", 1},
		{"- function: f(t regclass) RETURNS void; DROP TABLE t", "expected a function with its parameters", 1},
		{F "  table: u", "f: table: expected the parameter that names the table, not \"u\"", 2},
		{F "  table: t\n  locks: EXCLUSIV", "f: locks: expected the lock", 3},
		{F "  locks: EXCLUSIVE", "of which table?", 2},
		{F "  table: t\n  rewrites: perhaps", "f: rewrites: expected true, false", 3},
		{F "  table: t\n  scans: [true]", "not a list", 3},
		{F "  transaction: no", "f: transaction: expected allowed or forbidden", 2},
		{F "  repeat: never", "f: repeat: expected what a second call comes to", 2},
		{F "  repeat-ok-when: surely", "f: repeat-ok-when: expected true", 2},
		{F "  lock: EXCLUSIVE", "f: lock: there is no such key; did you mean \"locks\"?", 2},
		{F "  does: 7 apples", "f: does: this does not parse", 2},
		{F "  does: BEGIN DROP TABEL x; END", "f: does: this does not parse", 2},
	};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		ConfigErrors errors = {0};
		FunctionList functions = read_text(cases[i].text, &errors);
		if (!errors.count || functions.count)
			fail_msg("nothing is said of: %s", cases[i].text);
		if (!strstr(errors.items[0].message, cases[i].message))
			fail_msg("%s: \"%s\" is said", cases[i].text, errors.items[0].message);
		assert_int_equal(errors.items[0].line, cases[i].line);
		assert_string_equal(errors.items[0].path, "functions.yml");
	}
}

static void one_wrong_entry_leaves_the_others(void **state UNUSED)
{
	ConfigErrors errors = {0};
	FunctionList functions = read_text(F "  lock: EXCLUSIVE\n" F "- function: s.g()\n  repeat: \"42710\"\n", &errors);
	assert_int_equal(errors.count, 1);
	assert_int_equal(functions.count, 2);
	assert_string_equal(functions.items[1]->name.schema, "s");
	assert_string_equal(functions.items[1]->repeat, "42710");
}

static int finish(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_ship_are_read),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(one_wrong_entry_leaves_the_others),
	};
	return cmocka_run_group_tests(tests, NULL, finish);
}
