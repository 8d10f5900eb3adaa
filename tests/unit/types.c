/* Types as PostgreSQL 15's format_type prints them; user-defined ones with their schema. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const char SETUP[] = "CREATE TYPE mood AS ENUM ('a'); CREATE TYPE \"Mood\" AS ENUM ('a'); CREATE SCHEMA app; "
			    "CREATE TYPE app.status AS ENUM ('a');"
			    "CREATE TYPE app.\"Weird Type\" AS ENUM ('a'); CREATE TYPE pair AS (a int); CREATE DOMAIN "
			    "dom AS int; CREATE TABLE rowtype (a int);";

/* clang-format off */
static const struct {
	const char *written, *printed;
} types[] = {
	{"int", "integer"},
	{"integer", "integer"},
	{"int4", "integer"},
	{"smallint", "smallint"},
	{"int2", "smallint"},
	{"bigint", "bigint"},
	{"int8", "bigint"},
	{"real", "real"},
	{"float4", "real"},
	{"float", "double precision"},
	{"float(10)", "real"},
	{"float(30)", "double precision"},
	{"double precision", "double precision"},
	{"float8", "double precision"},
	{"numeric", "numeric"},
	{"numeric(10)", "numeric(10,0)"},
	{"numeric(10,2)", "numeric(10,2)"},
	{"decimal(5,1)", "numeric(5,1)"},
	{"dec", "numeric"},
	{"boolean", "boolean"},
	{"bool", "boolean"},
	{"char", "character(1)"},
	{"char(3)", "character(3)"},
	{"character(3)", "character(3)"},
	{"\"char\"", "\"char\""},
	{"bpchar", "bpchar"},
	{"varchar", "character varying"},
	{"varchar(20)", "character varying(20)"},
	{"character varying(7)", "character varying(7)"},
	{"nchar(4)", "character(4)"},
	{"national character varying(4)", "character varying(4)"},
	{"text", "text"},
	{"name", "name"},
	{"bytea", "bytea"},
	{"timestamp", "timestamp without time zone"},
	{"timestamp(3)", "timestamp(3) without time zone"},
	{"timestamp with time zone", "timestamp with time zone"},
	{"timestamptz", "timestamp with time zone"},
	{"timestamptz(0)", "timestamp(0) with time zone"},
	{"timestamp(3) with time zone", "timestamp(3) with time zone"},
	{"time", "time without time zone"},
	{"time(2)", "time(2) without time zone"},
	{"time with time zone", "time with time zone"},
	{"timetz", "time with time zone"},
	{"time(1) with time zone", "time(1) with time zone"},
	{"date", "date"},
	{"interval", "interval"},
	{"interval(3)", "interval(3)"},
	{"interval year", "interval year"},
	{"interval year to month", "interval year to month"},
	{"interval day to second", "interval day to second"},
	{"interval day to second(2)", "interval day to second(2)"},
	{"interval hour to minute", "interval hour to minute"},
	{"interval second(4)", "interval second(4)"},
	{"bit", "bit(1)"},
	{"bit(3)", "bit(3)"},
	{"bit varying", "bit varying"},
	{"bit varying(5)", "bit varying(5)"},
	{"varbit", "bit varying"},
	{"json", "json"},
	{"jsonb", "jsonb"},
	{"jsonpath", "jsonpath"},
	{"uuid", "uuid"},
	{"xml", "xml"},
	{"inet", "inet"},
	{"cidr", "cidr"},
	{"macaddr", "macaddr"},
	{"macaddr8", "macaddr8"},
	{"money", "money"},
	{"oid", "oid"},
	{"regclass", "regclass"},
	{"regtype", "regtype"},
	{"tsvector", "tsvector"},
	{"tsquery", "tsquery"},
	{"point", "point"},
	{"line", "line"},
	{"box", "box"},
	{"circle", "circle"},
	{"polygon", "polygon"},
	{"int4range", "int4range"},
	{"int8range", "int8range"},
	{"numrange", "numrange"},
	{"tstzrange", "tstzrange"},
	{"daterange", "daterange"},
	{"int4multirange", "int4multirange"},
	{"tstzmultirange", "tstzmultirange"},
	{"pg_lsn", "pg_lsn"},
	{"xid8", "xid8"},
	{"txid_snapshot", "txid_snapshot"},
	{"int[]", "integer[]"},
	{"int[][]", "integer[]"},
	{"integer array", "integer[]"},
	{"text[3]", "text[]"},
	{"varchar(20)[]", "character varying(20)[]"},
	{"numeric(8,2)[]", "numeric(8,2)[]"},
	{"timestamptz[]", "timestamp with time zone[]"},
	{"_int4", "integer[]"},
	{"_text", "text[]"},
	{"pg_catalog.int4", "integer"},
	{"pg_catalog.varchar(9)", "character varying(9)"},
	{"pg_catalog.\"char\"", "\"char\""},
	{"mood", "public.mood"},
	{"mood[]", "public.mood[]"},
	{"public.mood", "public.mood"},
	{"\"Mood\"", "public.\"Mood\""},
	{"app.status", "app.status"},
	{"app.\"Weird Type\"[]", "app.\"Weird Type\"[]"},
	{"pair", "public.pair"},
	{"dom", "public.dom"},
	{"rowtype", "public.rowtype"},
	{"rowtype[]", "public.rowtype[]"},
};
/* clang-format on */

static Column *column_of_type(World *world, const char *type)
{
	Arena *arena = &world->arena;
	assert_null(world_run(world, "DROP TABLE IF EXISTS t"));
	assert_null(world_run(world, arena_print(arena, "CREATE TABLE t (a %s)", type)));
	return find_column(find_relation(world->catalog, session_path(world->session), (Name){NULL, "t"}), "a");
}

static void test_text(void **state)
{
	(void)state;
	World world;
	world_new(&world, true, 15);
	assert_null(world_run(&world, SETUP));
	for (size_t i = 0; i < LENGTH(types); i++)
		assert_string_equal(data_type_text(&world.arena, &column_of_type(&world, types[i].written)->type),
				    types[i].printed);
	world_free(&world);
}

static void test_same(void **state)
{
	(void)state;
	World world;
	world_new(&world, true, 15);
	assert_null(world_run(&world, SETUP));
	static const char *const equal[][2] = {
	    {"int", "integer"},	     {"varchar(20)", "character varying(20)"},	  {"int[]", "_int4"},
	    {"mood", "public.mood"}, {"timestamptz", "timestamp with time zone"},
	};
	static const char *const different[][2] = {
	    {"int", "bigint"}, {"varchar(20)", "varchar(21)"}, {"varchar", "varchar(20)"},
	    {"int", "int[]"},  {"mood", "\"Mood\""},	       {"numeric(10,2)", "numeric(10,3)"},
	};
	for (size_t i = 0; i < LENGTH(equal); i++) {
		DataType a = column_of_type(&world, equal[i][0])->type, b = column_of_type(&world, equal[i][1])->type;
		assert_true(same_type(&a, &b));
	}
	for (size_t i = 0; i < LENGTH(different); i++) {
		DataType a = column_of_type(&world, different[i][0])->type,
			 b = column_of_type(&world, different[i][1])->type;
		assert_false(same_type(&a, &b));
	}
	world_free(&world);
}

static void test_renamed(void **state)
{
	(void)state;
	World world;
	world_new(&world, true, 15);
	assert_null(world_run(&world, "CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a mood);"
				      "ALTER TYPE mood RENAME TO feeling; ALTER TYPE feeling SET SCHEMA app"));
	const Relation *table = find_relation(world.catalog, session_path(world.session), (Name){NULL, "t"});
	assert_string_equal(data_type_text(&world.arena, &find_column(table, "a")->type), "app.feeling");
	world_free(&world);
}

static void test_unknown(void **state)
{
	(void)state;
	World closed, open;
	world_new(&closed, true, 15);
	world_new(&open, false, 15);
	assert_string_equal(world_run(&closed, "CREATE TABLE t (a nothing)"), "42704");
	assert_string_equal(world_run(&closed, "CREATE TABLE t (a nowhere.nothing)"), "3F000");
	/* Known extensions' types may come from the template database. */
	assert_null(world_run(&closed, "CREATE TABLE t (a citext, b geometry(Point, 4326), c vector(3))"));
	assert_null(world_run(&open, "CREATE TABLE t (a nothing, b nothing)"));
	const Relation *table = find_relation(open.catalog, session_path(open.session), (Name){NULL, "t"});
	assert_true(find_column(table, "a")->type.user->object.assumed);
	assert_ptr_equal(find_column(table, "a")->type.user, find_column(table, "b")->type.user);
	world_free(&closed);
	world_free(&open);
}

static void test_serial(void **state)
{
	(void)state;
	World world;
	world_new(&world, true, 15);
	assert_null(world_run(&world, "CREATE TABLE t (a serial, b bigserial, c smallserial)"));
	const Relation *table = find_relation(world.catalog, session_path(world.session), (Name){NULL, "t"});
	static const char *const printed[] = {"integer", "bigint", "smallint"};
	for (uint32_t i = 0; i < 3; i++) {
		const Column *column = table->columns.items[i];
		assert_string_equal(data_type_text(&world.arena, &column->type), printed[i]);
		assert_true(column->not_null);
		assert_non_null(column->default_expr);
		assert_ptr_equal(column->sequence->owned_by, column);
	}
	assert_string_equal(table->columns.items[1]->sequence->object.name, "t_b_seq");
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),    cmocka_unit_test(test_same),   cmocka_unit_test(test_renamed),
	    cmocka_unit_test(test_unknown), cmocka_unit_test(test_serial),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
