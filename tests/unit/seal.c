/* Seals: their file, and what counts as a change of a script. */
#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

#include "discover/seal.h"

static Arena arena;

static Script *script_of(const char *sql)
{
	Script *script = new (&arena, Script);
	script->source = source_new(&arena, "1_a.sql", arena_string(&arena, sql), strlen(sql));
	array_push(&arena, &script->sections, (Span){0, script->source->length});
	return script;
}

static ScriptChange change(const char *before, const char *after)
{
	return script_change(&arena, script_of(before), script_of(after));
}

static void what_is_a_change(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after;
		ScriptChange change;
	} cases[] = {
	    {"SELECT 1;", "SELECT 1;", CHANGE_NONE},
	    {"SELECT 1;\n", "SELECT 1;\r\n", CHANGE_NONE},
	    {"SELECT 1;", "select   1 ;", CHANGE_COMMENTS},
	    {"SELECT 1;", "-- one\nSELECT /* the */ 1;", CHANGE_COMMENTS},
	    {"SELECT 1;", "SELECT 2;", CHANGE_STATEMENTS},
	    {"SELECT 'a';", "SELECT 'A';", CHANGE_STATEMENTS},
	    {"SELECT \"a\";", "SELECT \"A\";", CHANGE_STATEMENTS},
	    {"SELECT 'a b';", "SELECT 'a  b';", CHANGE_STATEMENTS},
	    {"SELECT 1", "SELECT 1;", CHANGE_STATEMENTS},
	    {"SELECT $$ -- a $$;", "SELECT $$ $$;", CHANGE_STATEMENTS},
	    {"", "-- nothing", CHANGE_COMMENTS},
	};
	for (size_t i = 0; i < LENGTH(cases); i++)
		if (change(cases[i].before, cases[i].after) != cases[i].change)
			fail_msg("%s -> %s", cases[i].before, cases[i].after);
	assert_int_equal(script_change(&arena, NULL, script_of("SELECT 1;")), CHANGE_STATEMENTS);
	assert_int_equal(script_change(&arena, NULL, NULL), CHANGE_NONE);
}

static void only_the_sections_count(void **state)
{
	(void)state;
	Script *before = script_of("-- up\nSELECT 1;\n-- down\nSELECT 2;"),
	       *after = script_of("-- up\nSELECT 1;\n-- down\nSELECT 3;");
	before->sections.items[0].end = after->sections.items[0].end = (uint32_t)strlen("-- up\nSELECT 1;\n");
	assert_int_equal(script_change(&arena, before, after), CHANGE_NONE);
}

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_seal_is_read_as_it_was_written(void **state)
{
	(void)state;
	static const char text[] =
	    "# a comment\n\n001\t" DIGITS "\t" DIGITS "\tone two.sql\r\n-\t" DIGITS "\t" DIGITS "\tsub/b.sql";
	uint32_t line;
	const char *error = NULL;
	Seal *seal = seal_read(&arena, "s", text, strlen(text), &line, &error);
	assert_non_null(seal);
	assert_int_equal(seal->lines.count, 2);
	assert_string_equal(seal->lines.items[0].version, "001");
	assert_string_equal(seal->lines.items[0].file, "one two.sql");
	assert_int_equal(seal->lines.items[0].line, 3);
	assert_string_equal(seal->lines.items[1].version, "");
	Buf out = {0};
	seal_write(&out, seal);
	const Seal *again = seal_read(&arena, "s", out.data, out.length, &line, &error);
	assert_int_equal(again->lines.count, 2);
	assert_string_equal(again->lines.items[1].file, "sub/b.sql");
	buf_free(&out);
}

static void what_is_no_seal(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "001",
	    "001\t\t\t",
	    "001\t" DIGITS "\t" DIGITS,
	    "001\t" DIGITS "\t" DIGITS "\t",
	    "001 " DIGITS " " DIGITS " a.sql",
	    "001\t" DIGITS "\tX123\ta.sql",
	    "<<<<<<< HEAD",
	};
	for (size_t i = 0; i < LENGTH(bad); i++) {
		char *text = arena_print(&arena, "# head\n%s\n", bad[i]);
		uint32_t line = 0;
		const char *error = NULL;
		if (seal_read(&arena, "s", text, strlen(text), &line, &error))
			fail_msg("this is no seal: %s", bad[i]);
		assert_int_equal(line, 2);
		assert_non_null(error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_a_change),
	    cmocka_unit_test(only_the_sections_count),
	    cmocka_unit_test(a_seal_is_read_as_it_was_written),
	    cmocka_unit_test(what_is_no_seal),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
