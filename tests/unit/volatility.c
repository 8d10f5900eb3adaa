/* Which defaults differ from row to row. */
#include "effect/volatility.h"

#include "parse/parse.h"
#include "replay/replay.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static Script *script_of(Arena *arena, const char *text)
{
	Script *script = new (arena, Script);
	script->source = source_new(arena, "case.sql", text, strlen(text));
	array_push(arena, &script->sections, (Span){0, (uint32_t)strlen(text)});
	script_split(arena, script, &(SplitOptions){0});
	script_parse(arena, script);
	return script;
}

/* Of the default in ALTER TABLE t ADD COLUMN c int DEFAULT (text), after the statements of setup. */
static Volatility of(const char *setup, const char *text)
{
	Arena arena = {0};
	Catalog *catalog = catalog_new(&arena, 15);
	Session *session = session_new(catalog);
	session_configure(session, "search_path", "public");
	Script *made = script_of(&arena, setup);
	for (uint32_t i = 0; i < made->statements.count; i++)
		for (const Action *action = made->statements.items[i].actions; action; action = action->next)
			assert_null(catalog_apply(catalog, session_path(session), action));
	Script *script = script_of(&arena, arena_print(&arena, "ALTER TABLE t ADD COLUMN c int DEFAULT (%s)", text));
	assert_int_equal(script->statements.count, 1);
	const Action *action = script->statements.items[0].actions;
	assert_non_null(action);
	Volatility volatility = expr_volatility(catalog, session_path(session), action->column_def->default_expr);
	arena_free(&arena);
	return volatility;
}

static void built_in(void **state)
{
	(void)state;
	assert_int_equal(of("", "1 + 1"), VOLATILITY_IMMUTABLE);
	assert_int_equal(of("", "'{}'::jsonb"), VOLATILITY_IMMUTABLE);
	assert_int_equal(of("", "lower('A')"), VOLATILITY_IMMUTABLE);
	assert_int_equal(of("", "now()"), VOLATILITY_STABLE);
	assert_int_equal(of("", "CURRENT_TIMESTAMP"), VOLATILITY_STABLE);
	assert_int_equal(of("", "CURRENT_USER"), VOLATILITY_STABLE);
	assert_int_equal(of("", "timezone('utc', now())"), VOLATILITY_STABLE);
	assert_int_equal(of("", "now() AT TIME ZONE 'utc'"), VOLATILITY_STABLE);
	assert_int_equal(of("", "clock_timestamp()"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "pg_catalog.random()"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "(random() * 5)::int + 1"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "gen_random_uuid()"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "nextval('s')"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "CASE WHEN true THEN 1 ELSE random() END"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "ARRAY[1, 2]"), VOLATILITY_IMMUTABLE);
}

static void inlined(void **state)
{
	(void)state;
	const char *now = "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT (extract(epoch FROM now()) * 1000)::bigint';";
	assert_int_equal(of(now, "f()"), VOLATILITY_STABLE);
	assert_int_equal(of("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "f()"), VOLATILITY_IMMUTABLE);
	assert_int_equal(of("CREATE FUNCTION f() RETURNS float LANGUAGE sql AS 'SELECT random()';", "f()"), VOLATILITY_VOLATILE);
	const char *twice = "CREATE FUNCTION f() RETURNS timestamptz LANGUAGE sql AS 'SELECT now(); SELECT now()';";
	assert_int_equal(of(twice, "f()"), VOLATILITY_VOLATILE);
}

static void of_newer_servers(void **state)
{
	(void)state;
	Volatility volatility = VOLATILITY_UNKNOWN;
	assert_true(builtin_function("uuidv7", &volatility));
	assert_int_equal(volatility, VOLATILITY_VOLATILE);
	assert_true(builtin_function("to_bin", &volatility));
	assert_int_equal(volatility, VOLATILITY_IMMUTABLE);
	assert_false(builtin_function("uuid_generate_v4", &volatility));
	assert_false(builtin_function("", &volatility));
}

/* The weakest of all overloads. */
static void overloads(void **state)
{
	(void)state;
	Volatility volatility = VOLATILITY_UNKNOWN;
	assert_true(builtin_function("date_trunc", &volatility));
	assert_int_equal(volatility, VOLATILITY_STABLE);
	assert_true(builtin_function("abs", &volatility));
	assert_int_equal(volatility, VOLATILITY_IMMUTABLE);
}

static void of_extensions(void **state)
{
	(void)state;
	assert_int_equal(of("", "uuid_generate_v4()"), VOLATILITY_VOLATILE);
	assert_int_equal(of("", "uuid_nil()"), VOLATILITY_IMMUTABLE);
}

static void of_users(void **state)
{
	(void)state;
	assert_int_equal(of("", "nobody_knows()"), VOLATILITY_UNKNOWN);
	assert_int_equal(of("", "nobody_knows() + random()"), VOLATILITY_VOLATILE);
	assert_int_equal(of("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "f()"),
			 VOLATILITY_VOLATILE);
	assert_int_equal(of("CREATE FUNCTION f() RETURNS int STABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "f()"),
			 VOLATILITY_STABLE);
	assert_int_equal(
	    of("CREATE FUNCTION f() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "f()"),
	    VOLATILITY_IMMUTABLE);
	/* a simple SQL function is replaced by its body before anybody asks */
	assert_int_equal(of("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "f()"), VOLATILITY_IMMUTABLE);
	assert_int_equal(of("CREATE FUNCTION f() RETURNS float LANGUAGE sql AS 'SELECT random()'", "f()"),
			 VOLATILITY_VOLATILE);
}

/* A built-in function is found first, whatever the migration made. */
static void built_in_comes_first(void **state)
{
	(void)state;
	assert_int_equal(
	    of("CREATE FUNCTION now() RETURNS int VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "now()"),
	    VOLATILITY_STABLE);
	assert_int_equal(
	    of("CREATE FUNCTION now() RETURNS int VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "public.now()"),
	    VOLATILITY_VOLATILE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(built_in),	     cmocka_unit_test(inlined), cmocka_unit_test(of_newer_servers), cmocka_unit_test(overloads),
	    cmocka_unit_test(of_extensions), cmocka_unit_test(of_users),	 cmocka_unit_test(built_in_comes_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
