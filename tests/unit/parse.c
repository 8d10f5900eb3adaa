/* Parsing: bad statements among good ones, places of errors, inputs that are deep or huge. */
#include "action/action.h"
#include "parse/parse.h"
#include "read/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static Script *parsed(Arena *arena, const char *sql, size_t length)
{
	Script *script = new (arena, Script);
	script->source = source_new(arena, "test.sql", sql, length);
	array_push(arena, &script->sections, (Span){0, (uint32_t)length});
	script_split(arena, script, &(SplitOptions){0});
	script_parse(arena, script);
	return script;
}

static Script *parsed_text(Arena *arena, const char *sql)
{
	return parsed(arena, sql, strlen(sql));
}

static void version(void **state UNUSED)
{
	assert_true(starts_with(parser_version(), "18."));
}

static void one_bad_statement_costs_only_itself(void **state UNUSED)
{
	Arena arena = {0};
	Script *script = parsed_text(&arena, "SELECT 'ä';\nALTER TABEL t; -- ä\nDROP TABLE t;");
	assert_int_equal(script->statements.count, 3);
	assert_int_equal(script->unparsed, 1);
	Statement *statement = script->statements.items;
	assert_int_equal(statement[0].state, STATEMENT_PARSED);
	assert_int_equal(statement[1].state, STATEMENT_UNPARSED);
	assert_string_equal(statement[1].error, "syntax error at or near \"TABEL\"");
	Text place = source_text(script->source, (Span){statement[1].error_offset, statement[1].error_offset + 5});
	assert_true(text_is(place, "TABEL"));
	assert_int_equal(statement[2].actions->kind, ACTION_DROP_TABLE);
	assert_string_equal(statement[2].tag, "DROP TABLE");
	arena_free(&arena);
}

static void error_places_count_bytes(void **state UNUSED)
{
	Arena arena = {0};
	Script *script = parsed_text(&arena, "SELECT 'äöü€𝄞' FORM t");
	Statement *statement = script->statements.items;
	assert_int_equal(statement->state, STATEMENT_UNPARSED);
	Text place = source_text(script->source, (Span){statement->error_offset, statement->error_offset + 1});
	assert_true(text_is(place, "t"));
	arena_free(&arena);
}

static void repeat(Buf *buf, const char *text, int count)
{
	for (int i = 0; i < count; i++)
		buf_adds(buf, text);
}

/* Each of these has crashed some tool; none may crash, hang or lose the statement behind it. */
static void deep_inputs(void **state UNUSED)
{
	static const struct {
		const char *before, *part, *after;
		int count;
	} cases[] = {
		{"SELECT 1 FROM t WHERE a = 1", " OR a = 2", "", 200000},
		{"SELECT 'a'", " || 'b'", "", 200000},
		{"SELECT 1", " UNION ALL SELECT 1", "", 20000},
		{"SELECT * FROM a", " CROSS JOIN b", "", 20000},
		{"SELECT ", "(", "1", 100000},
		{"SELECT ", "NOT ", "true", 5000},
		{"SELECT ", "- ", "1", 5000},
		{"SELECT ", "f(", "1", 3000},
		{"SELECT 1 FROM (", "SELECT 1 FROM (", "SELECT 1", 2000},
		{"ALTER TABLE t ADD COLUMN a int", ", ADD COLUMN b int", "", 20000},
		{"CREATE TABLE t (a int", ", b int", ")", 20000},
		{"INSERT INTO t VALUES (1)", ", (1, 'x')", "", 200000},
		{"DO $$ ", "BEGIN ", "$$", 5000},
		{"DO $$ BEGIN ", "IF a THEN ", "$$", 5000},
		{"DO $$ BEGIN IF a THEN NULL; ", "ELSIF b THEN NULL; ", "END IF; END $$", 5000},
	};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		Arena arena = {0};
		Buf sql = {0}, out = {0};
		buf_adds(&sql, cases[i].before);
		repeat(&sql, cases[i].part, cases[i].count);
		buf_adds(&sql, cases[i].after);
		buf_adds(&sql, ";\nDROP TABLE z;");
		Script *script = parsed(&arena, sql.data, sql.length);
		const Statement *last = &script->statements.items[script->statements.count - 1];
		assert_non_null(last->actions);
		assert_int_equal(last->actions->kind, ACTION_DROP_TABLE);
		actions_print(&out, script->statements.items[0].actions);
		action_count(script->statements.items[0].actions);
		buf_free(&sql);
		buf_free(&out);
		arena_free(&arena);
	}
}

static void huge_statement(void **state UNUSED)
{
	Arena arena = {0};
	Buf sql = {0};
	buf_adds(&sql, "INSERT INTO t VALUES ('");
	repeat(&sql, "0123456789abcdef", 640 * 1024);
	buf_adds(&sql, "'); DROP TABLE t");
	Script *script = parsed(&arena, sql.data, sql.length);
	assert_int_equal(script->statements.count, 2);
	assert_int_equal(script->unparsed, 0);
	assert_int_equal(script->statements.items[0].actions->kind, ACTION_INSERT_ROWS);
	assert_int_equal(script->statements.items[1].actions->kind, ACTION_DROP_TABLE);
	buf_free(&sql);
	arena_free(&arena);
}

/* Every truncation of a statement is parsed or rejected, never a crash. */
static void truncations(void **state UNUSED)
{
	const char *sql =
	    "DO $x$ DECLARE a text := 'x'; BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'x') THEN "
	    "EXECUTE format('ALTER TABLE %I ADD b int', a); ELSE CREATE TABLE c (d int DEFAULT 1 CHECK (d > 0)); "
	    "END IF; FOR r IN SELECT 1 LOOP PERFORM f(r); END LOOP; EXCEPTION WHEN others THEN RAISE; END $x$;";
	for (size_t length = 0; length <= strlen(sql); length++) {
		Arena arena = {0};
		parsed(&arena, sql, length);
		arena_free(&arena);
	}
}

/* The body alone, cut at every place: the reader of blocks must not be led astray either. */
static void truncated_bodies(void **state UNUSED)
{
	const char *body =
	    "DECLARE a int := 1; BEGIN <<l>> WHILE a < 3 LOOP a := a + 1; END LOOP; CASE a WHEN 1 THEN NULL; "
	    "ELSE EXECUTE 'DROP TABLE t'; END CASE; RETURN QUERY SELECT 1; EXCEPTION WHEN SQLSTATE '42P01' THEN "
	    "IF a = 1 THEN RAISE NOTICE 'x'; ELSIF b THEN COMMIT; END IF; END;";
	for (size_t length = 0; length <= strlen(body); length++) {
		Arena arena = {0};
		char *sql = arena_print(&arena, "DO $$%.*s$$; DROP TABLE z", (int)length, body);
		Script *script = parsed_text(&arena, sql);
		assert_int_equal(script->statements.count, 2);
		/* "DECLAR" opens no block. */
		StatementState expected = length < strlen("DECLARE") ? STATEMENT_UNPARSED : STATEMENT_PARSED;
		assert_int_equal(script->statements.items[0].state, expected);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version),
		cmocka_unit_test(one_bad_statement_costs_only_itself),
		cmocka_unit_test(error_places_count_bytes),
		cmocka_unit_test(deep_inputs),
		cmocka_unit_test(huge_statement),
		cmocka_unit_test(truncations),
		cmocka_unit_test(truncated_bodies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
