#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read/directive.h"

static Arena arena;

static Directive read_one(const char *comment)
{
	Directive directive = {0};
	assert_true(directive_read(&arena, (Text){comment, strlen(comment)}, 100, &directive));
	return directive;
}

static void expect_unknown(const char *comment)
{
	assert_int_equal(read_one(comment).kind, DIRECTIVE_UNKNOWN);
}

static void expect_none(const char *comment)
{
	Directive directive;
	assert_false(directive_read(&arena, (Text){comment, strlen(comment)}, 0, &directive));
}

static void allow(void **state UNUSED)
{
	Directive directive = read_one("-- ddlint: allow column-dropped -- ticket 123 -- really");
	assert_int_equal(directive.kind, DIRECTIVE_ALLOW);
	assert_int_equal(directive.rules.count, 1);
	assert_string_equal(directive.rules.items[0].rule, "column-dropped");
	assert_null(directive.rules.items[0].object);
	assert_string_equal(directive.reason, "ticket 123 -- really");
	assert_null(directive.until);
	assert_int_equal(directive.span.start, 100);
	assert_int_equal(directive.span.end, 155);
	assert_int_equal(directive.rules.items[0].span.start, 117);
	assert_int_equal(directive.rules.items[0].span.end, 131);
}

static void allow_all_parts(void **state UNUSED)
{
	Directive directive = read_one("/* ddlint: allow a-b( public.users ) ,c_d,\n e until 2027-01-31 -- because */");
	assert_int_equal(directive.kind, DIRECTIVE_ALLOW);
	assert_int_equal(directive.rules.count, 3);
	assert_string_equal(directive.rules.items[0].rule, "a-b");
	assert_string_equal(directive.rules.items[0].object, "public.users");
	assert_string_equal(directive.rules.items[1].rule, "c_d");
	assert_string_equal(directive.rules.items[2].rule, "e");
	assert_string_equal(directive.until, "2027-01-31");
	assert_string_equal(directive.reason, "because");
	assert_int_equal(read_one("--ddlint:allow-file all -- generated").kind, DIRECTIVE_ALLOW_FILE);
}

static void no_reason(void **state UNUSED)
{
	assert_null(read_one("-- ddlint: allow x").reason);
	assert_null(read_one("-- ddlint: allow x --").reason);
	assert_null(read_one("-- ddlint: allow x until 2027-01-01 --  ").reason);
	assert_int_equal(read_one("-- ddlint: allow x --  ").kind, DIRECTIVE_ALLOW);
}

static void file(void **state UNUSED)
{
	Directive directive = read_one("-- ddlint: file db/1.sql migration 0042 direction down transaction off");
	assert_int_equal(directive.kind, DIRECTIVE_FILE);
	assert_string_equal(directive.path, "db/1.sql");
	assert_string_equal(directive.migration, "0042");
	assert_string_equal(directive.direction, "down");
	assert_string_equal(directive.transaction, "off");
	directive = read_one("-- ddlint: file \"a b.sql\"");
	assert_string_equal(directive.path, "a b.sql");
	assert_null(directive.migration);
}

static void malformed(void **state UNUSED)
{
	expect_unknown("-- ddlint:");
	expect_unknown("-- ddlint: disable x");
	expect_unknown("-- ddlint: ALLOW x -- y");
	expect_unknown("-- ddlint: allow");
	expect_unknown("-- ddlint: allow -- reason");
	expect_unknown("-- ddlint: allow x, -- reason");
	expect_unknown("-- ddlint: allow x y -- reason");
	expect_unknown("-- ddlint: allow x(a -- reason");
	expect_unknown("-- ddlint: allow x because");
	expect_unknown("-- ddlint: allow x --reason");
	expect_unknown("-- ddlint: allow x until tomorrow -- reason");
	expect_unknown("-- ddlint: allow x until 2027-13-01 -- reason");
	expect_unknown("-- ddlint: file");
	expect_unknown("-- ddlint: file a.sql migration");
	expect_unknown("-- ddlint: file a.sql transaction maybe");
	expect_unknown("-- ddlint: file a.sql owner me");
}

static void other_comments(void **state UNUSED)
{
	expect_none("-- ordinary");
	expect_none("-- see ddlint: allow x -- y");
	expect_none("-- DDLINT: allow x -- y");
	expect_none("/**/");
	expect_none("--");
}

static Script split(const char *text, Direction direction, Span section)
{
	Script script = {.source = source_new(&arena, "x.sql", text, strlen(text)), .direction = direction};
	array_push(&arena, &script.sections, section);
	script_split(&arena, &script, &(SplitOptions){0});
	return script;
}

static void in_bodies(void **state UNUSED)
{
	const char *text = "-- ddlint: allow a -- x\nDO $$ BEGIN\n-- ddlint: allow b -- y\nEXECUTE $q$ /* ddlint: "
			   "allow c -- z */ $q$; END $$;\n"
			   "SELECT '-- ddlint: allow d -- no';";
	Script script = split(text, DIRECTION_UP, (Span){0, (uint32_t)strlen(text)});
	assert_int_equal(script.directives.count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		const Directive *directive = &script.directives.items[i];
		assert_int_equal(directive->rules.items[0].rule[0], 'a' + (int)i);
		assert_memory_equal(text + directive->rules.items[0].span.start, directive->rules.items[0].rule, 1);
		assert_false(directive->shared);
	}
}

static void at_the_head(void **state UNUSED)
{
	const char *text = "-- ddlint: allow-file a -- x\n-- ddlint: allow b -- y\n-- up\nSELECT 1; -- ddlint: allow c "
			   "-- z\n-- down\nSELECT 2;";
	uint32_t up = (uint32_t)(strstr(text, "SELECT 1") - text), down = (uint32_t)(strstr(text, "SELECT 2") - text);
	Script script = split(text, DIRECTION_UP, (Span){up, down});
	assert_int_equal(script.directives.count, 3);
	assert_true(script.directives.items[0].shared);
	assert_false(script.directives.items[2].shared);
	script = split(text, DIRECTION_DOWN, (Span){down, (uint32_t)strlen(text)});
	assert_int_equal(script.directives.count, 1);
	assert_int_equal(script.directives.items[0].kind, DIRECTIVE_ALLOW_FILE);
}

/* Of a stream of files: the head is another file's. */
static void in_a_stream(void **state UNUSED)
{
	const char *text = "-- ddlint: file a.sql\n-- ddlint: allow-file x -- y\n-- ddlint: file b.sql\nSELECT 1;";
	Script script = split(text, DIRECTION_UP, (Span){51, (uint32_t)strlen(text)});
	assert_int_equal(script.directives.count, 1);
	assert_string_equal(script.directives.items[0].path, "b.sql");
}

/* Where a template stood before it, the place is still that of the file. */
static void behind_templates(void **state UNUSED)
{
	const char *text = "ALTER TABLE {{ index .Options \"Namespace\" }}.t DROP a; -- ddlint: allow x -- y";
	Script script = split(text, DIRECTION_UP, (Span){0, (uint32_t)strlen(text)});
	assert_int_equal(script.directives.count, 1);
	assert_ptr_equal(text + script.directives.items[0].span.start, strstr(text, "-- ddlint"));
	assert_ptr_equal(text + script.directives.items[0].rules.items[0].span.start, strstr(text, "x -- y"));
}

static int free_arena(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allow),	   cmocka_unit_test(allow_all_parts),
		cmocka_unit_test(no_reason),   cmocka_unit_test(file),
		cmocka_unit_test(malformed),   cmocka_unit_test(other_comments),
		cmocka_unit_test(in_bodies),   cmocka_unit_test(at_the_head),
		cmocka_unit_test(in_a_stream), cmocka_unit_test(behind_templates),
	};
	return cmocka_run_group_tests(tests, NULL, free_arena);
}
