/* What ALTER COLUMN … TYPE has to do, type by type. Every line was seen on a server, by the table's file name before
 * and after. */
#include "effect/effect.h"

#include "parse/parse.h"
#include "replay/replay.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

typedef enum Outcome { FREE, FREE_BUT_INDEXES, REWRITES, UNKNOWN } Outcome;

typedef struct Line {
	const char *from, *to;
	Outcome outcome;
} Line;

typedef struct UsingLine {
	const char *from, *to, *using_text;
	Outcome outcome;
} UsingLine;

static const char types[] =
    "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN plain AS text; CREATE DOMAIN short AS varchar(20);"
    "CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN over_positive AS positive;";

static Script *script_of(Arena *arena, const char *text)
{
	Script *script = new (arena, Script);
	script->source = source_new(arena, "case.sql", text, strlen(text));
	array_push(arena, &script->sections, (Span){0, (uint32_t)strlen(text)});
	script_split(arena, script, &(SplitOptions){0});
	script_parse(arena, script);
	return script;
}

static TypeChangeFacts facts_of(const char *before, const char *after, const char *using_text, const char *time_zone,
				int version)
{
	Arena arena = {0};
	Catalog *catalog = catalog_new(&arena, version);
	Session *session = session_new(catalog);
	session_configure(session, "search_path", "public");
	if (time_zone)
		session_configure(session, "timezone", time_zone);
	Script *script =
	    script_of(&arena, arena_print(&arena, "%s ALTER TABLE t ADD x %s; ALTER TABLE t ALTER x TYPE %s%s%s", types,
					  before, after, using_text ? " USING " : "", using_text ? using_text : ""));
	const Action *add = NULL, *alter = NULL;
	for (uint32_t i = 0; i < script->statements.count; i++) {
		const Action *action = script->statements.items[i].actions;
		assert_non_null(action);
		if (action->kind == ACTION_ADD_COLUMN)
			add = action;
		else if (action->kind == ACTION_ALTER_COLUMN_TYPE)
			alter = action;
		else
			for (; action; action = action->next)
				assert_null(catalog_apply(catalog, session_path(session), action));
	}
	DataType from = resolve_type(catalog, session_path(session), &add->column_def->type);
	DataType to = resolve_type(catalog, session_path(session), alter->type);
	TypeChangeFacts facts = type_change(catalog, session, &from, &to, alter->expr, "x");
	arena_free(&arena);
	return facts;
}

static Outcome outcome_of(TypeChangeFacts facts)
{
	if (facts.change == TYPE_CHANGE_FREE)
		return facts.rebuilds_indexes ? FREE_BUT_INDEXES : FREE;
	return facts.change == TYPE_CHANGE_REWRITES ? REWRITES : UNKNOWN;
}

static int wrong;

static void check_one(const UsingLine *line, const char *time_zone)
{
	static const char *const words[] = {"free", "free, but indexes are rebuilt", "rewrites", "unknown"};
	Outcome outcome = outcome_of(facts_of(line->from, line->to, line->using_text, time_zone, 15));
	if (outcome == line->outcome)
		return;
	wrong++;
	print_error("%s to %s%s%s: %s, ddlint says: %s\n", line->from, line->to, line->using_text ? " using " : "",
		    line->using_text ? line->using_text : "", words[line->outcome], words[outcome]);
}

static void check(const Line *lines, size_t count, const char *time_zone)
{
	wrong = 0;
	for (size_t i = 0; i < count; i++)
		check_one(&(UsingLine){lines[i].from, lines[i].to, NULL, lines[i].outcome}, time_zone);
	assert_int_equal(wrong, 0);
}

static void texts(void **state)
{
	(void)state;
	static const Line lines[] = {
	    {"varchar(10)", "varchar(20)", FREE},
	    {"varchar(10)", "varchar", FREE},
	    {"varchar(10)", "text", FREE},
	    {"varchar", "text", FREE},
	    {"text", "varchar", FREE},
	    {"varchar(20)", "varchar(20)", FREE},
	    {"text", "text", FREE},
	    {"varchar(20)", "varchar(10)", REWRITES},
	    {"text", "varchar(20)", REWRITES},
	    {"varchar", "varchar(20)", REWRITES},
	    {"char(10)", "char(20)", REWRITES},
	    {"char(10)", "text", REWRITES},
	    {"char(10)", "varchar(20)", REWRITES},
	    {"char(10)", "char(10)", FREE},
	    {"varchar(10)", "char(10)", REWRITES},
	    {"text", "name", REWRITES},
	    {"text", "citext", FREE_BUT_INDEXES},
	    {"citext", "text", FREE_BUT_INDEXES},
	    {"varchar(10)[]", "varchar(20)[]", REWRITES},
	    {"varchar(10)[]", "text[]", REWRITES},
	    {"varchar(5)[]", "varchar[]", FREE},
	    {"text[]", "text[]", FREE},
	    {"json", "jsonb", REWRITES},
	    {"jsonb", "json", REWRITES},
	    {"xml", "text", FREE_BUT_INDEXES},
	    {"text", "bytea", REWRITES},
	};
	check(lines, LENGTH(lines), NULL);
}

static void numbers(void **state)
{
	(void)state;
	static const Line lines[] = {
	    {"int", "bigint", REWRITES},
	    {"smallint", "int", REWRITES},
	    {"bigint", "int", REWRITES},
	    {"int", "text", REWRITES},
	    {"real", "double precision", REWRITES},
	    {"numeric(10,2)", "numeric(20,2)", FREE},
	    {"numeric(10,2)", "numeric", FREE},
	    {"numeric", "numeric(10,2)", REWRITES},
	    {"numeric(10,2)", "numeric(12,3)", REWRITES},
	    {"numeric(10,2)", "numeric(12)", REWRITES},
	    {"numeric(10)", "numeric(12,0)", FREE},
	    {"numeric(10,2)", "numeric(8,2)", REWRITES},
	    {"int", "oid", FREE_BUT_INDEXES},
	    {"oid", "regclass", FREE},
	    {"regclass", "oid", FREE},
	    {"int", "boolean", REWRITES},
	    {"int", "numeric", REWRITES},
	};
	check(lines, LENGTH(lines), NULL);
}

static void times_and_others(void **state)
{
	(void)state;
	static const Line lines[] = {
	    {"timestamp(3)", "timestamp(6)", FREE},
	    {"timestamp(3)", "timestamp", FREE},
	    {"timestamp", "timestamp(6)", FREE},
	    {"timestamp", "timestamp(3)", REWRITES},
	    {"timestamp(3)", "timestamp(0)", REWRITES},
	    {"time(0)", "time(6)", FREE},
	    {"timetz(3)", "timetz(5)", FREE},
	    {"date", "timestamp", REWRITES},
	    {"timestamp", "date", REWRITES},
	    {"interval(3)", "interval(6)", FREE},
	    {"interval(3)", "interval", FREE},
	    {"interval", "interval(3)", REWRITES},
	    {"interval", "interval day to second", FREE},
	    {"interval", "interval year", REWRITES},
	    {"interval year to month", "interval month", FREE},
	    {"interval year", "interval month", FREE},
	    {"varbit(4)", "varbit(8)", FREE},
	    {"varbit(4)", "varbit", FREE},
	    {"varbit(8)", "varbit(4)", REWRITES},
	    {"bit(4)", "varbit", FREE_BUT_INDEXES},
	    {"bit(4)", "varbit(8)", REWRITES},
	    {"bit(4)", "bit(8)", REWRITES},
	    {"cidr", "inet", FREE},
	    {"inet", "cidr", REWRITES},
	    {"text", "uuid", REWRITES},
	};
	check(lines, LENGTH(lines), NULL);
}

static void users_types(void **state)
{
	(void)state;
	static const Line lines[] = {
	    {"text", "plain", FREE},
	    {"plain", "text", FREE},
	    {"int", "positive", REWRITES},
	    {"positive", "int", FREE},
	    {"int", "over_positive", REWRITES},
	    {"varchar(10)", "short", FREE},
	    {"text", "short", REWRITES},
	    {"mood", "text", REWRITES},
	    {"text", "mood", REWRITES},
	    {"mood", "mood", FREE},
	    {"text", "elsewhere", UNKNOWN},
	    {"elsewhere", "text", UNKNOWN},
	    {"elsewhere", "elsewhere", FREE},
	};
	check(lines, LENGTH(lines), NULL);
}

static void using_expressions(void **state)
{
	(void)state;
	static const UsingLine lines[] = {
	    {"text", "text", "x", FREE},
	    {"int", "int", "x", FREE},
	    {"varchar(20)", "text", "x::text", FREE},
	    {"text", "varchar(10)", "x::varchar(10)", REWRITES},
	    {"varchar(20)", "varchar(50)", "x::text::varchar(50)", REWRITES},
	    {"int", "bigint", "x::bigint", REWRITES},
	    {"text", "text", "lower(x)", REWRITES},
	    {"text", "text", "y", REWRITES},
	    {"int", "boolean", "x > 0", REWRITES},
	    {"timestamp", "timestamptz", "x AT TIME ZONE 'UTC'", REWRITES},
	};
	wrong = 0;
	for (size_t i = 0; i < LENGTH(lines); i++)
		check_one(&lines[i], "UTC");
	assert_int_equal(wrong, 0);
}

static void time_zones(void **state)
{
	(void)state;
	static const Line in_utc[] = {
	    {"timestamp", "timestamptz", FREE_BUT_INDEXES},
	    {"timestamptz", "timestamp", FREE_BUT_INDEXES},
	    {"timestamp", "timestamptz(3)", REWRITES},
	};
	static const Line elsewhere[] = {{"timestamp", "timestamptz", REWRITES},
					 {"timestamptz", "timestamp", REWRITES}};
	check(in_utc, LENGTH(in_utc), "UTC");
	check(in_utc, LENGTH(in_utc), "Etc/UTC");
	check(elsewhere, LENGTH(elsewhere), "America/New_York");
	assert_true(facts_of("timestamp", "timestamptz", NULL, "GMT", 15).only_in_utc);
	assert_int_equal(facts_of("timestamp", "timestamptz", NULL, "UTC", 11).change,
			 TYPE_CHANGE_REWRITES); /* since 12 */
	assert_int_equal(facts_of("timestamp", "timestamptz", NULL, "UTC", 12).change, TYPE_CHANGE_FREE);
}

static void narrowing(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
		bool narrows;
	} lines[] = {
	    {"bigint", "int", true},
	    {"int", "bigint", false},
	    {"varchar(20)", "varchar(10)", true},
	    {"varchar(10)", "varchar(20)", false},
	    {"text", "varchar(5)", true},
	    {"varchar(5)", "text", false},
	    {"text", "uuid", true},
	    {"timestamp", "date", true},
	    {"numeric(10,2)", "numeric(8,2)", true},
	    {"int", "text", false},
	};
	for (size_t i = 0; i < LENGTH(lines); i++)
		if (facts_of(lines[i].from, lines[i].to, NULL, NULL, 15).narrows != lines[i].narrows)
			fail_msg("%s to %s narrows: %d is wrong", lines[i].from, lines[i].to, !lines[i].narrows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts),	   cmocka_unit_test(numbers),		cmocka_unit_test(times_and_others),
	    cmocka_unit_test(users_types), cmocka_unit_test(using_expressions), cmocka_unit_test(time_zones),
	    cmocka_unit_test(narrowing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
