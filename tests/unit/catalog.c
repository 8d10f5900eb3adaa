/*
 * The catalog against what PostgreSQL does: every statement of fixtures/catalog/ *.sql succeeds, or fails with the
 * SQLSTATE in the comment above it. The files were run on PostgreSQL 15, which gave the SQLSTATEs.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define FOLDER "fixtures/catalog"

static char *read_file(Arena *arena, const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	Buf buf = {0};
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
		buf_add(&buf, block, n);
	fclose(file);
	char *text = arena_copy(arena, buf.data, buf.length);
	*length = buf.length;
	buf_free(&buf);
	return text;
}

/* "-- 42P07" above the statement; "" when it should succeed. */
static const char *expected(Arena *arena, const Script *script, const Statement *statement)
{
	Text comment = source_text(script->source, statement->comments);
	return comment.length >= 8 ? arena_copy(arena, comment.data + comment.length - 5, 5) : "";
}

/* Every statement once; undone and run again it must do the same, and leave no trace when undone. */
static int run_file(const char *path)
{
	World world;
	world_new(&world, true, 15);
	size_t length;
	const char *sql = read_file(&world.arena, path, &length);
	const Script *script = world_parse(&world, sql, length);
	int wrong = 0;
	for (uint32_t i = 0; i < script->statements.count; i++) {
		const Statement *statement = &script->statements.items[i];
		const char *want = expected(&world.arena, script, statement);
		const char *before = world_text(&world);
		CatalogMark mark = catalog_mark(world.catalog);
		world_run_statement(&world, statement);
		catalog_undo(world.catalog, mark);
		if (!same(before, world_text(&world))) {
			print_error("%s: not undone: %.*s\n", path,
				    (int)source_text(script->source, statement->span).length,
				    source_text(script->source, statement->span).data);
			wrong++;
		}
		const char *got = world_run_statement(&world, statement);
		if (same(got ? got : "", want))
			continue;
		Text text = source_text(script->source, statement->span);
		print_error("%s: want %s, got %s: %.*s\n", path, *want ? want : "success", got ? got : "success",
			    (int)text.length, text.data);
		wrong++;
	}
	world_free(&world);
	return wrong;
}

static void test_as_on_the_server(void **state)
{
	(void)state;
	DIR *folder = opendir(FOLDER);
	assert_non_null(folder);
	int wrong = 0, files = 0;
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (!ends_with(entry->d_name, ".sql"))
			continue;
		char path[512];
		snprintf(path, sizeof path, FOLDER "/%s", entry->d_name);
		wrong += run_file(path);
		files++;
	}
	closedir(folder);
	assert_true(files >= 10);
	assert_int_equal(wrong, 0);
}

/* --- Undo: random sequences of the statements in templates.txt ---------------------------------------------------- */

typedef struct Random {
	uint64_t state;
} Random;

static uint32_t roll(Random *random, uint32_t sides)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random->state >> 33) % sides;
}

/* $t and $u are tables, $c and $d columns, $n constraints …: small pools, so that names meet. */
static const char *pick(Random *random, char letter)
{
	static const struct {
		const char letter, *const names[3];
	} pools[] = {
	    {'t', {"t1", "t2", "t3"}}, {'u', {"t1", "t2", "t3"}}, {'c', {"a", "b", "c"}},    {'d', {"a", "b", "c"}},
	    {'n', {"n1", "n2", "i1"}}, {'i', {"i1", "i2", "n1"}}, {'v', {"v1", "v2", "t3"}}, {'y', {"e1", "e2", "e1"}},
	    {'z', {"e1", "e2", "t1"}}, {'q', {"q1", "q2", "q1"}}, {'k', {"", "x", "y"}},
	};
	for (size_t i = 0; i < LENGTH(pools); i++)
		if (pools[i].letter == letter)
			return pools[i].names[roll(random, 3)];
	return "";
}

static char *fill(Arena *arena, Random *random, const char *template)
{
	Buf buf = {0};
	const char *chosen[128] = {0};
	for (const char *c = template; *c; c++) {
		if (c[0] != '$') {
			buf_addc(&buf, *c);
			continue;
		}
		unsigned letter = (unsigned char)*++c & 127;
		if (!chosen[letter])
			chosen[letter] = pick(random, (char)letter);
		buf_adds(&buf, chosen[letter]);
	}
	char *text = arena_copy(arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

static Names read_templates(Arena *arena)
{
	Names templates = {0};
	size_t length;
	char *text = read_file(arena, FOLDER "/templates.txt", &length);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		array_push(arena, &templates, line);
	assert_true(templates.count > 100);
	return templates;
}

enum { MOST_MARKS = 5, STATEMENTS = 60 };

typedef struct Level {
	CatalogMark mark;
	const char *text;
} Level;

/* Marks open and close as they like; whatever is undone must leave the catalog as it was at its mark. */
static void random_sequence(const Names *templates, uint64_t seed, bool closed, int version)
{
	World world;
	world_new(&world, closed, version);
	Random random = {seed};
	Level levels[MOST_MARKS];
	uint32_t depth = 0;
	for (int i = 0; i < STATEMENTS; i++) {
		switch (roll(&random, 6)) {
		case 0:
			if (depth < MOST_MARKS)
				levels[depth++] = (Level){catalog_mark(world.catalog), world_text(&world)};
			break;
		case 1:
			if (depth) {
				depth = roll(&random, depth); /* inner marks are spent with the outer one */
				catalog_undo(world.catalog, levels[depth].mark);
				assert_string_equal(world_text(&world), levels[depth].text);
			}
			break;
		case 2:
			if (depth)
				catalog_keep(world.catalog, levels[--depth].mark);
			break;
		default:
			break;
		}
		world_run(&world, fill(&world.arena, &random, templates->items[roll(&random, templates->count)]));
	}
	while (depth--) {
		catalog_undo(world.catalog, levels[depth].mark);
		assert_string_equal(world_text(&world), levels[depth].text);
	}
	world_free(&world);
}

static void test_undo(void **state)
{
	(void)state;
	Arena arena = {0};
	Names templates = read_templates(&arena);
	for (uint64_t seed = 1; seed <= 150; seed++)
		random_sequence(&templates, seed, seed % 3 != 0, seed % 2 ? 15 : 18);
	arena_free(&arena);
}

/* --- The open world ------------------------------------------------------------------------------------------------ */

static World world;

static int setup_open(void **state)
{
	(void)state;
	world_new(&world, false, 15);
	return 0;
}

static int setup_closed(void **state)
{
	(void)state;
	world_new(&world, true, 15);
	return 0;
}

static int setup_18(void **state)
{
	(void)state;
	world_new(&world, true, 18);
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

static void ok(const char *sql)
{
	const char *sqlstate = world_run(&world, sql);
	if (sqlstate)
		print_error("%s: %s\n", sqlstate, sql);
	assert_null(sqlstate);
}

static void fails(const char *sqlstate, const char *sql)
{
	const char *got = world_run(&world, sql);
	if (!same(got, sqlstate))
		print_error("want %s, got %s: %s\n", sqlstate, got ? got : "success", sql);
	assert_true(same(got, sqlstate));
}

/* What is not known may be there once, not twice. */
static void test_open_drops(void **state)
{
	(void)state;
	static const char *const drops[][2] = {
	    {"42P01", "DROP TABLE t"},
	    {"42P01", "DROP TABLE app.t"},
	    {"42P01", "DROP VIEW v"},
	    {"42704", "DROP INDEX i"},
	    {"42P01", "DROP SEQUENCE s"},
	    {"42704", "DROP TYPE y"},
	    {"42883", "DROP FUNCTION f(int)"},
	    {"42883", "DROP FUNCTION g"},
	    {"3F000", "DROP SCHEMA gone"},
	    {"42704", "DROP EXTENSION e"},
	    {"42703", "ALTER TABLE u DROP COLUMN a"},
	    {"42704", "ALTER TABLE u DROP CONSTRAINT c"},
	    {"42704", "DROP TRIGGER tg ON u"},
	    {"42704", "DROP POLICY p ON u"},
	    {"42701", "ALTER TABLE u ADD COLUMN b int"},
	    {"42710", "ALTER TABLE u ADD CONSTRAINT k CHECK (b > 0)"},
	    {"42P16", "ALTER TABLE u ADD PRIMARY KEY (b)"},
	    {"42P01", "ALTER TABLE w RENAME TO w2"},
	    {"42703", "ALTER TABLE u RENAME COLUMN d TO e"},
	    {"42710", "CREATE TYPE z AS ENUM ('a')"},
	    {"42P07", "CREATE TABLE n (a int)"},
	    {"42P07", "CREATE INDEX j ON u (b)"},
	};
	for (size_t i = 0; i < LENGTH(drops); i++) {
		ok(drops[i][1]);
		fails(drops[i][0], drops[i][1]);
	}
}

static void test_open_if_exists(void **state)
{
	(void)state;
	/* Now it is free, whatever was there before. */
	ok("DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS t");
	fails("42P01", "DROP TABLE t");
	ok("CREATE TABLE t (a int)");
	fails("42P07", "CREATE TABLE t (a int)");
	ok("ALTER TABLE u DROP COLUMN IF EXISTS a");
	fails("42703", "ALTER TABLE u DROP COLUMN a");
	ok("ALTER TABLE IF EXISTS maybe ADD COLUMN x int");
	assert_null(relation("maybe"));
}

static void test_open_assumes(void **state)
{
	(void)state;
	ok("ALTER TABLE t ADD COLUMN a int; CREATE INDEX ON t (b); ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (id)");
	assert_true(relation("t")->object.assumed);
	assert_true(relation("other")->object.assumed);
	assert_false(find_column(relation("t"), "a")->object.assumed);
	assert_true(find_column(relation("t"), "b")->object.assumed);
	assert_non_null(relation("t_b_idx"));
	/* What is assumed is not described; what was made on it is. */
	const char *text = world_text(&world);
	assert_null(strstr(text, "table public.t:"));
	assert_non_null(strstr(text, "column public.t.a: integer"));
	assert_non_null(strstr(text, "index public.t_b_idx"));
	/* A table that was referred to exists. */
	fails("42P07", "CREATE TABLE other (id int)");
}

/* Something assumed was dropped and something of its name made: nobody knows whether it is the same. */
static void test_open_replaced(void **state)
{
	(void)state;
	ok("DROP TABLE t; CREATE TABLE t (a int); ALTER TABLE u DROP COLUMN x; ALTER TABLE u ADD COLUMN x int");
	assert_true(relation("t")->object.in_place_of_unknown);
	assert_true(find_column(relation("u"), "x")->object.in_place_of_unknown);
	ok("DROP TABLE IF EXISTS v; CREATE TABLE v (a int)");
	assert_false(relation("v")->object.in_place_of_unknown);
}

static void test_system_relations(void **state)
{
	(void)state;
	ok("UPDATE pg_class SET reltuples = 0; SELECT * FROM information_schema.columns; SELECT oid FROM pg_catalog.pg_type");
	assert_string_equal(relation("pg_class")->object.schema, "pg_catalog");
}

/* --- Facts that SQLSTATEs do not show ---------------------------------------------------------------------------------- */

static void test_where_it_was_made(void **state)
{
	(void)state;
	world.catalog->migration = 3;
	ok("CREATE TABLE t (a int)");
	world.catalog->migration = 4;
	ok("CREATE INDEX i ON t (a)");
	assert_int_equal(relation("t")->object.made_in, 3);
	assert_int_equal(relation("i")->object.made_in, 4);
	assert_true(relation("i")->object.made_by > relation("t")->object.made_by);
}

static void test_key_makes_not_null(void **state)
{
	(void)state;
	ok("CREATE TABLE t (a int, b int); ALTER TABLE t ADD PRIMARY KEY (a)");
	assert_true(find_column(relation("t"), "a")->not_null);
	ok("ALTER TABLE t DROP CONSTRAINT t_pkey");
	assert_true(find_column(relation("t"), "a")->not_null);
	assert_null(primary_key(relation("t")));
	assert_null(relation("t_pkey"));
	ok("CREATE UNIQUE INDEX i ON t (b); ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i");
	assert_null(relation("i"));
	assert_true(relation("k")->primary);
	assert_ptr_equal(relation("k")->constraint, primary_key(relation("t")));
	assert_true(find_column(relation("t"), "b")->not_null);
}

static void test_renames_keep_other_names(void **state)
{
	(void)state;
	ok("CREATE TABLE t (id serial PRIMARY KEY, a int UNIQUE CHECK (a > 0)); ALTER TABLE t RENAME TO u;"
	   "ALTER TABLE u RENAME COLUMN a TO b");
	assert_non_null(relation("t_pkey"));
	assert_non_null(relation("t_a_key"));
	assert_non_null(relation("t_id_seq"));
	const Constraint *check = find_constraint(relation("u"), "t_a_check");
	assert_true(expr_mentions_column(check->check, "b"));
	assert_string_equal(object_text(&world.arena, &check->object), "public.u.t_a_check");
}

static void test_closure(void **state)
{
	(void)state;
	ok("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p); CREATE VIEW v AS SELECT id FROM p;"
	   "CREATE VIEW w AS SELECT id FROM v");
	ObjectList gone = {0};
	Object *blocker;
	drop_closure(&world.arena, world.catalog, &relation("p")->object, false, &gone, &blocker);
	assert_non_null(blocker);
	assert_ptr_equal(gone.items[0], relation("p"));
	gone = (ObjectList){0};
	drop_closure(&world.arena, world.catalog, &relation("p")->object, true, &gone, &blocker);
	assert_null(blocker);
	bool view = false, foreign_key = false, child = false;
	for (uint32_t i = 0; i < gone.count; i++) {
		view |= gone.items[i] == &relation("w")->object;
		foreign_key |= gone.items[i] == &find_constraint(relation("c"), "c_p_fkey")->object;
		child |= gone.items[i] == &relation("c")->object;
	}
	assert_true(view && foreign_key && !child);
	ok("DROP TABLE p CASCADE");
	assert_null(relation("w"));
	assert_int_equal(relation("c")->constraints.count, 0);
}

static void test_partitions_follow(void **state)
{
	(void)state;
	ok("CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (2);"
	   "ALTER TABLE p ADD COLUMN c int DEFAULT 1 NOT NULL; CREATE INDEX i ON p (b); ALTER TABLE p ADD UNIQUE (a, b)");
	const Column *column = find_column(relation("q"), "c");
	assert_true(column->not_null && column->default_expr && column->inherited == 1 && !column->local);
	assert_ptr_equal(relation("q_b_idx")->parent_index, relation("i"));
	assert_ptr_equal(relation("q_a_b_key")->parent_index, relation("p_a_b_key"));
	assert_true(is_partitioned(relation("i")) && !is_partitioned(relation("q_b_idx")));
	Relation **tree;
	uint32_t count;
	relation_tree(&world.arena, relation("p"), &tree, &count);
	assert_int_equal(count, 2);
	ok("ALTER TABLE p DETACH PARTITION q");
	assert_null(relation("q_b_idx")->parent_index);
	assert_false(relation("q")->is_partition);
	assert_true(find_column(relation("q"), "c")->local);
}

static void test_limits(void **state)
{
	(void)state;
	Buf sql = {0};
	buf_adds(&sql, "CREATE TABLE wide (c0 int");
	for (int i = 1; i < 1600; i++)
		buf_addf(&sql, ", c%d int", i);
	buf_adds(&sql, ")");
	ok(sql.data);
	fails("54011", "ALTER TABLE wide ADD COLUMN one_more int");
	buf_free(&sql);
}

/* Until 11 a foreign key was named after its first column. */
static void test_names_of_11(void **state)
{
	(void)state;
	World old;
	world_new(&old, true, 11);
	assert_null(world_run(&old, "CREATE TABLE t (a int, b int, UNIQUE (a, b), FOREIGN KEY (a, b) REFERENCES t (a, b))"));
	const Relation *table = find_relation(old.catalog, session_path(old.session), (Name){NULL, "t"});
	assert_non_null(find_constraint(table, "t_a_fkey"));
	assert_non_null(find_constraint(table, "t_a_b_key"));
	world_free(&old);
}

/* https://www.postgresql.org/docs/18/release-18.html: NOT NULL constraints have names. */
static void test_not_null_of_18(void **state)
{
	(void)state;
	ok("CREATE TABLE t (a int NOT NULL, b int CONSTRAINT bee NOT NULL, c int PRIMARY KEY, d int, e serial)");
	assert_non_null(find_constraint(relation("t"), "t_a_not_null"));
	assert_non_null(find_constraint(relation("t"), "bee"));
	assert_non_null(find_constraint(relation("t"), "t_c_not_null"));
	assert_non_null(find_constraint(relation("t"), "t_e_not_null"));
	ok("ALTER TABLE t RENAME CONSTRAINT bee TO b_is_there");
	assert_string_equal(find_column(relation("t"), "b")->not_null_name, "b_is_there");
	ok("ALTER TABLE t DROP CONSTRAINT b_is_there");
	assert_false(find_column(relation("t"), "b")->not_null);
	fails("42704", "ALTER TABLE t DROP CONSTRAINT b_is_there");
	fails("42P16", "ALTER TABLE t DROP CONSTRAINT t_c_not_null");
	ok("ALTER TABLE t ADD CONSTRAINT dee NOT NULL d NOT VALID");
	assert_true(find_column(relation("t"), "d")->not_null_invalid);
	ok("ALTER TABLE t ADD CONSTRAINT dee NOT NULL d NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT dee");
	assert_false(find_column(relation("t"), "d")->not_null_invalid);
	ok("ALTER TABLE t ALTER COLUMN d DROP NOT NULL");
	assert_null(find_constraint(relation("t"), "dee"));
	ok("ALTER TABLE t ALTER COLUMN d SET NOT NULL");
	assert_non_null(find_constraint(relation("t"), "t_d_not_null"));
}

static void test_comparing(void **state)
{
	(void)state;
	/* Column order, comments, blanks of bodies and PostgreSQL's own casts make no difference. */
	ok("CREATE TABLE t (a int, b boolean DEFAULT false, c text DEFAULT 'x');"
	   "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT   1'; CREATE VIEW v AS SELECT t.c AS x FROM public.t WHERE c = 'y'");
	const char *before = world_text(&world);
	ok("DROP VIEW v; DROP TABLE t; CREATE TABLE t (c text DEFAULT 'x'::text, b boolean DEFAULT 'false', a int);"
	   "COMMENT ON TABLE t IS 'new'; CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ' SELECT\n\t1';"
	   "CREATE VIEW v AS SELECT c AS x FROM t WHERE c = 'y'::text");
	assert_string_equal(world_text(&world), before);
	static const char *const changes[] = {
	    "ALTER TABLE t ALTER b SET DEFAULT true", "ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
	    "CREATE OR REPLACE VIEW v AS SELECT c AS x FROM t WHERE c = 'z'", "ALTER TABLE t ALTER a TYPE bigint",
	    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "ALTER TABLE t SET (fillfactor = 70)",
	};
	for (size_t i = 0; i < LENGTH(changes); i++) {
		before = world_text(&world);
		ok(changes[i]);
		assert_string_not_equal(world_text(&world), before);
	}
}

#define OPEN(name) cmocka_unit_test_setup_teardown(name, setup_open, teardown)
#define CLOSED(name) cmocka_unit_test_setup_teardown(name, setup_closed, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_on_the_server),
	    cmocka_unit_test(test_undo),
	    OPEN(test_open_drops),
	    OPEN(test_open_if_exists),
	    OPEN(test_open_assumes),
	    OPEN(test_open_replaced),
	    CLOSED(test_system_relations),
	    CLOSED(test_where_it_was_made),
	    CLOSED(test_key_makes_not_null),
	    CLOSED(test_renames_keep_other_names),
	    CLOSED(test_closure),
	    CLOSED(test_partitions_follow),
	    CLOSED(test_limits),
	    cmocka_unit_test(test_names_of_11),
	    cmocka_unit_test_setup_teardown(test_not_null_of_18, setup_18, teardown),
	    CLOSED(test_comparing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
