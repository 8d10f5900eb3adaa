/* The session: parameters, transactions, search path, locks, temporary tables; all of it under the catalog's journal.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static World world;

static int setup(void **state)
{
	(void)state;
	world_new(&world, true, 15);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_free(&world);
	return 0;
}

static Relation *relation(const char *name)
{
	return find_relation(world.catalog, session_path(world.session), (Name){NULL, name});
}

static void test_set_lasts(void **state)
{
	(void)state;
	Session *session = world.session;
	session_set(session, "Lock_Timeout", "5s", false);
	assert_string_equal(session_parameter(session, "lock_timeout"), "5s");
	assert_true(session_parameter_is_set(session, "lock_timeout"));
	session_begin(session, TRANSACTION_EXPLICIT);
	session_end(session, true);
	assert_string_equal(session_parameter(session, "lock_timeout"), "5s");
	session_reset(session, "lock_timeout");
	assert_null(session_parameter(session, "lock_timeout"));
	assert_false(session_parameter_is_set(session, "lock_timeout"));
}

static void test_zero_is_not_set(void **state)
{
	(void)state;
	static const char *const zeros[] = {"0", "0s", "0ms", "0.0"};
	for (size_t i = 0; i < LENGTH(zeros); i++) {
		session_set(world.session, "statement_timeout", zeros[i], false);
		assert_false(session_parameter_is_set(world.session, "statement_timeout"));
	}
	session_set(world.session, "statement_timeout", "1min", false);
	assert_true(session_parameter_is_set(world.session, "statement_timeout"));
}

static void test_local_ends_with_the_transaction(void **state)
{
	(void)state;
	Session *session = world.session;
	/* Outside a transaction SET LOCAL does nothing. */
	session_set(session, "lock_timeout", "1s", true);
	assert_null(session_parameter(session, "lock_timeout"));
	session_set(session, "lock_timeout", "5s", false);
	session_begin(session, TRANSACTION_RUNNER);
	session_set(session, "lock_timeout", "1s", true);
	assert_string_equal(session_parameter(session, "lock_timeout"), "1s");
	session_end(session, true);
	assert_string_equal(session_parameter(session, "lock_timeout"), "5s");
}

static void test_rollback_undoes_set(void **state)
{
	(void)state;
	Session *session = world.session;
	session_set(session, "lock_timeout", "5s", false);
	session_begin(session, TRANSACTION_EXPLICIT);
	session_set(session, "lock_timeout", "1s", false);
	session_set(session, "statement_timeout", "1s", false);
	session_end(session, false);
	assert_string_equal(session_parameter(session, "lock_timeout"), "5s");
	assert_null(session_parameter(session, "statement_timeout"));
}

static void test_configured(void **state)
{
	(void)state;
	Session *session = world.session;
	session_configure(session, "lock_timeout", "3s");
	assert_true(session_parameter_is_set(session, "lock_timeout"));
	session_set(session, "lock_timeout", "9s", false);
	session_reset(session, NULL);
	assert_string_equal(session_parameter(session, "lock_timeout"), "3s");
	session_set(session, "lock_timeout", NULL, false);
	assert_string_equal(session_parameter(session, "lock_timeout"), "3s");
}

static void check_path(const char *value, const char *const *schemas, uint32_t count)
{
	session_set(world.session, "search_path", value, false);
	SearchPath path = session_path(world.session);
	assert_int_equal(path.count, count);
	for (uint32_t i = 0; i < count; i++)
		assert_string_equal(path.schemas[i], schemas[i]);
}

static void test_search_path(void **state)
{
	(void)state;
	assert_string_equal(session_path(world.session).schemas[0], "public");
	check_path("App, public", (const char *const[]){"app", "public"}, 2);
	check_path("\"App\",\"$user\", public", (const char *const[]){"App", "public"}, 2);
	check_path("'one two'", (const char *const[]){"one two"}, 1);
	check_path("", NULL, 0);
	check_path("pg_catalog, a", (const char *const[]){"a"}, 1);
	session_reset(world.session, "search_path");
	assert_string_equal(session_path(world.session).schemas[0], "public");
}

static void test_names_follow_the_path(void **state)
{
	(void)state;
	assert_null(world_run(
	    &world,
	    "CREATE SCHEMA app; CREATE TABLE t (a int); SET search_path = app, public; CREATE TABLE u (a int)"));
	assert_string_equal(relation("t")->object.schema, "public");
	assert_string_equal(relation("u")->object.schema, "app");
	assert_null(world_run(&world, "CREATE TABLE t (a int)"));
	assert_string_equal(relation("t")->object.schema, "app");
	/* A schema that is not there is passed over; without any there is nowhere to go. */
	assert_null(world_run(&world, "SET search_path = nowhere, public; CREATE TABLE v (a int)"));
	assert_string_equal(relation("v")->object.schema, "public");
	assert_string_equal(world_run(&world, "SET search_path = nowhere; CREATE TABLE w (a int)"), "3F000");
}

static void test_utc(void **state)
{
	(void)state;
	assert_false(session_is_utc(world.session));
	static const char *const names[] = {"UTC", "Etc/UTC", "gmt", "Zulu"};
	for (size_t i = 0; i < LENGTH(names); i++) {
		session_set(world.session, "TimeZone", names[i], false);
		assert_true(session_is_utc(world.session));
	}
	session_set(world.session, "TimeZone", "Europe/Berlin", false);
	assert_false(session_is_utc(world.session));
}

static void test_temporary_tables(void **state)
{
	(void)state;
	assert_null(world_run(&world, "CREATE TABLE t (a int); CREATE TEMP TABLE t (b int, c serial)"));
	assert_non_null(find_column(relation("t"), "b"));
	assert_string_equal(relation("t")->object.schema, "pg_temp");
	session_close(world.session);
	assert_non_null(find_column(relation("t"), "a"));
	assert_null(relation("t_c_seq"));
	session_begin(world.session, TRANSACTION_EXPLICIT);
	assert_null(
	    world_run(&world, "CREATE TEMP TABLE gone (a int) ON COMMIT DROP; CREATE TEMP TABLE stays (a int)"));
	session_end(world.session, true);
	assert_null(relation("gone"));
	assert_non_null(relation("stays"));
	assert_null(world_run(&world, "CREATE TEMP TABLE u (a int); DROP TABLE u"));
	session_close(world.session);
	assert_null(relation("stays"));
}

static void test_locks(void **state)
{
	(void)state;
	Session *session = world.session;
	assert_null(world_run(&world, "CREATE TABLE t (a int)"));
	Relation *table = relation("t");
	session_hold(session, table, LOCK_SHARE, (Span){0, 1});
	assert_int_equal(session_holds(session, table), LOCK_NONE); /* no transaction: gone at once */
	session_begin(session, TRANSACTION_EXPLICIT);
	session_hold(session, table, LOCK_SHARE, (Span){0, 1});
	session_hold(session, table, LOCK_ACCESS_SHARE, (Span){2, 3});
	assert_int_equal(session_holds(session, table), LOCK_SHARE);
	session_hold(session, table, LOCK_ACCESS_EXCLUSIVE, (Span){4, 5});
	assert_int_equal(session_holds(session, table), LOCK_ACCESS_EXCLUSIVE);
	assert_int_equal(session->locks.count, 1);
	assert_int_equal(session->locks.items[0].span.start, 4);
	session_end(session, true);
	assert_int_equal(session_holds(session, table), LOCK_NONE);
}

static void test_undo(void **state)
{
	(void)state;
	Session *session = world.session;
	session_set(session, "lock_timeout", "5s", false);
	CatalogMark mark = catalog_mark(world.catalog);
	session_begin(session, TRANSACTION_EXPLICIT);
	session_set(session, "lock_timeout", "1s", true);
	session_set(session, "new.one", "x", false);
	session_set(session, "search_path", "a, b, c", false);
	catalog_undo(world.catalog, mark);
	assert_int_equal(session->transaction, TRANSACTION_NONE);
	assert_string_equal(session_parameter(session, "lock_timeout"), "5s");
	assert_null(session_parameter(session, "new.one"));
	assert_int_equal(session_path(session).count, 1);
}

/* https://www.postgresql.org/docs/current/explicit-locking.html, table 13.2 */
static void test_lock_modes(void **state)
{
	(void)state;
	assert_string_equal(lock_mode_name(LOCK_SHARE_ROW_EXCLUSIVE), "ShareRowExclusiveLock");
	assert_string_equal(lock_mode_words(LOCK_ACCESS_EXCLUSIVE), "ACCESS EXCLUSIVE");
	assert_true(blocks_reads(LOCK_ACCESS_EXCLUSIVE) && !blocks_reads(LOCK_EXCLUSIVE) && blocks_writes(LOCK_SHARE));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_set_lasts),
	    TEST(test_zero_is_not_set),
	    TEST(test_local_ends_with_the_transaction),
	    TEST(test_rollback_undoes_set),
	    TEST(test_configured),
	    TEST(test_search_path),
	    TEST(test_names_follow_the_path),
	    TEST(test_utc),
	    TEST(test_temporary_tables),
	    TEST(test_locks),
	    TEST(test_undo),
	    TEST(test_lock_modes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
