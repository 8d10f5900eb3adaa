/* Discovery in folders made for each test. `build/tests/discover --dump PATH…` prints what is found there instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files.h"
#include "discover/layout.h"

/* --- A folder of its own for each test, which is the working folder meanwhile --------------------------------------------------- */

typedef struct Place {
	Arena arena;
	char folder[64];
	char *home;
	const Discovery *found;
	Buf text;
} Place;

static void put(const char *path, const char *content)
{
	char copy[256];
	snprintf(copy, sizeof copy, "%s", path);
	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0777);
		*slash = '/';
	}
	const char *error;
	assert_true(file_write(path, content, strlen(content), &error));
}

static int enter(void **state)
{
	Place *place = calloc(1, sizeof *place);
	snprintf(place->folder, sizeof place->folder, "/tmp/ddlint-test-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	place->home = working_folder(&place->arena);
	mkdir(arena_print(&place->arena, "%s/.git", place->folder), 0777);
	*state = place;
	return chdir(place->folder);
}

static void forget(Place *place)
{
	if (place->found)
		array_each(History *, history, &place->found->histories)
			history_free(*history);
	place->found = NULL;
}

static int leave(void **state)
{
	Place *place = *state;
	forget(place);
	int status = chdir(place->home);
	status |= system(arena_print(&place->arena, "rm -rf '%s'", place->folder));
	buf_free(&place->text);
	arena_free(&place->arena);
	free(place);
	return status;
}

/* What is found, as `history:version version …` lines; targets are marked with '*', downs with '-'. */
static const char *found(Place *place, const DiscoverOptions *options)
{
	forget(place);
	place->found = discover(&place->arena, options);
	buf_free(&place->text);
	buf_adds(&place->text, "");
	array_each(History *, item, &place->found->histories) {
		const History *history = *item;
		buf_addf(&place->text, "%s(%s):", history->name, history->loose ? "loose" : history->layout->name);
		array_each(Migration *, migration, &history->migrations)
			buf_addf(&place->text, " %s%s%s", *(*migration)->version ? (*migration)->version : (*migration)->name,
				 (*migration)->target ? "*" : "", (*migration)->down ? "-" : "");
		buf_addc(&place->text, '\n');
	}
	return place->text.data;
}

static const char *found_in(Place *place, const char *path)
{
	return found(place, &(DiscoverOptions){.paths = &path, .path_count = 1});
}

static uint32_t failures(const Place *place)
{
	uint32_t count = 0;
	array_each(const Note, note, &place->found->notes)
		count += note->failure;
	return count;
}

static const Migration *migration_at(const Place *place, uint32_t index)
{
	assert_true(place->found->histories.count > 0 && place->found->histories.items[0]->migrations.count > index);
	return place->found->histories.items[0]->migrations.items[index];
}

/* --- Roots ---------------------------------------------------------------------------------------------------------------------- */

static void a_monorepo_has_many_histories(void **state)
{
	put("b/db/migrations/1_a.sql", "SELECT 1;");
	put("a/db/migrations/1_a.up.sql", "SELECT 1;");
	put("a/db/migrations/old/1_a.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "."), "a/db/migrations(golang-migrate): 1*\n"
						   "a/db/migrations/old(plain): 1*\n"
						   "b/db/migrations(plain): 1*\n");
}

static void a_file_finds_the_history_around_it(void **state)
{
	put("db/1_a.sql", "SELECT 1;");
	put("db/2_b.sql", "SELECT 1;");
	put("db/10_c.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "db/2_b.sql"), "db(plain): 1 2* 10\n");
}

static void a_folder_inside_a_root_finds_the_root(void **state)
{
	put("m/20240101000000_a/migration.sql", "SELECT 1;");
	put("m/20240102000000_b/migration.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "m/20240102000000_b"), "m(prisma): 20240101000000 20240102000000*\n");
}

static void an_up_alone_is_a_target_without_its_down(void **state)
{
	put("m/1_a.up.sql", "SELECT 1;");
	put("m/1_a.down.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "m/1_a.up.sql"), "m(golang-migrate): 1*-\n");
	assert_true(migration_at(*state, 0)->up->target);
	assert_false(migration_at(*state, 0)->down->target);
}

static void roots_do_not_reach_out_of_the_repository(void **state)
{
	put("migrations/1/.git/HEAD", "");
	put("migrations/1/1_a.sql", "SELECT 1;");
	put("migrations/2/1_a.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "migrations/1"), "migrations/1(plain): 1*\n");
}

static void files_of_no_root_are_loose(void **state)
{
	put("queries/a.sql", "SELECT 1;");
	put("queries/b.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;");
	assert_string_equal(found_in(*state, "."), "queries/a.sql(loose): a*\nqueries/b.sql(loose): b*-\n");
}

static void a_named_file_that_no_tool_runs_is_loose(void **state)
{
	put("drizzle/meta/_journal.json", "{\"entries\": [{\"tag\": \"0000_a\"}]}");
	put("drizzle/0000_a.sql", "SELECT 1;");
	put("drizzle/0001_b.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "drizzle/0001_b.sql"), "drizzle(drizzle): 0000\ndrizzle/0001_b.sql(loose): 0001*\n");
	assert_string_equal(found_in(*state, "drizzle"), "drizzle(drizzle): 0000*\n");
}

static void a_history_is_closed_when_it_makes_what_it_changes(void **state)
{
	put("a/1_a.sql", "CREATE SCHEMA s; CREATE TABLE s.\"T\" (a int); ALTER TABLE s.\"T\" ADD b int; INSERT INTO \"T\" VALUES (1);\n"
			"UPDATE s.\"T\" SET a = 2;");
	put("b/1_a.sql", "ALTER TABLE t ADD b int; CREATE TABLE u (a int);");
	found_in(*state, ".");
	Place *place = *state;
	assert_true(place->found->histories.items[0]->closed);
	assert_false(place->found->histories.items[1]->closed);
}

static void without_history_each_file_is_alone(void **state)
{
	put("db/1_a.sql", "CREATE TABLE t (a int);");
	put("db/2_b.sql", "SELECT 1;");
	const char *path = "db";
	assert_string_equal(found(*state, &(DiscoverOptions){.paths = &path, .path_count = 1, .no_history = true}),
			    "db/1_a.sql(loose): 1*\ndb/2_b.sql(loose): 2*\n");
}

/* --- Walking ---------------------------------------------------------------------------------------------------------------------- */

static void what_others_wrote_is_left_out(void **state)
{
	put("m/1_a.sql", "SELECT 1;");
	put("node_modules/x/migrations/1_a.sql", "SELECT 1;");
	put("vendor/x/1_a.sql", "SELECT 1;");
	put("target/1_a.sql", "SELECT 1;");
	put("migrations/sqlite/1_a.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "."), "m(plain): 1*\n");
}

static void other_engines_are_left_out(void **state)
{
	put("m/1_a.up.sql", "SELECT 1;");
	put("m/1_a.mysql.up.sql", "SELECT 1;");
	put("p/20240101000000000000_a.autocommit.up.sql", "SELECT 1;");
	put("p/20240101000000000000_a.postgres.autocommit.up.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "m"), "m(golang-migrate): 1*\n");
	assert_string_equal(found_in(*state, "m/1_a.mysql.up.sql"), "");
	assert_string_equal(found_in(*state, "p/20240101000000000000_a.autocommit.up.sql"), "p(popx): 20240101000000000000\n");
}

static void gitignore_is_honoured(void **state)
{
	put(".gitignore", "# a comment\n/out/\ngenerated_*.sql\n!generated_kept.sql\nm/3_c.sql\n**/deep/*.sql\n");
	put("m/1_a.sql", "SELECT 1;");
	put("m/generated_2.sql", "SELECT 1;");
	put("m/3_c.sql", "SELECT 1;");
	put("m/out/1_a.sql", "SELECT 1;");
	put("out/1_a.sql", "SELECT 1;");
	put("x/deep/1_a.sql", "SELECT 1;");
	put("x/generated_kept.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "."), "m(plain): 1*\nm/out(plain): 1*\nx/generated_kept.sql(loose): generated_kept*\n");
	assert_string_equal(found_in(*state, "m/3_c.sql"), "m(plain): 1 3*\n");
}

static void links_end_no_walk_and_lead_nowhere_else(void **state)
{
	put("m/1_a.sql", "SELECT 1;");
	put("outside.sql", "SELECT 1;");
	assert_int_equal(symlink("..", "m/up"), 0);
	assert_int_equal(symlink("../outside.sql", "m/2_b.sql"), 0);
	assert_int_equal(symlink("1_a.sql", "m/3_c.sql"), 0);
	assert_int_equal(symlink("nowhere", "m/4_d.sql"), 0);
	assert_string_equal(found_in(*state, "m"), "m(plain): 1* 3*\n");
	assert_int_equal(failures(*state), 1);
}

static void any_name_is_a_name(void **state)
{
	put("x.sql/1_a.sql", "SELECT 1;");
	put("a [1]/b c.sql", "SELECT 1;");
	put("ü/1_ö.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "x.sql"), "x.sql(plain): 1*\n");
	assert_string_equal(found_in(*state, "a [1]/b c.sql"), "a [1]/b c.sql(loose): b c*\n");
	assert_string_equal(found_in(*state, "ü"), "ü(plain): 1*\n");
}

static void one_bad_path_does_not_hide_the_others(void **state)
{
	put("m/1_a.sql", "SELECT 1;");
	assert_int_equal(mkfifo("pipe.sql", 0666), 0);
	const char *const paths[] = {"nothing-here", "pipe.sql", "m"};
	assert_string_equal(found(*state, &(DiscoverOptions){.paths = paths, .path_count = 3}), "m(plain): 1*\n");
	assert_int_equal(failures(*state), 2);
}

/* --- Configuration ------------------------------------------------------------------------------------------------------------------ */

static void projects_name_their_histories(void **state)
{
	put(".ddlint.yml", "exclude: ['**/old/**']\nprojects:\n  - {name: billing, path: services/billing}\n"
			   "  - {name: users, path: services/users/db, layout: flyway}\n");
	put("services/billing/migrations/1_a.sql", "SELECT 1;");
	put("services/billing/old/1_a.sql", "SELECT 1;");
	put("services/users/db/V2__b.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "services"), "billing(plain): 1*\nusers(flyway): 2*\n");
	const char *path = ".";
	assert_string_equal(found(*state, &(DiscoverOptions){.paths = &path, .path_count = 1, .project = "users"}), "users(flyway): 2*\n");
	found(*state, &(DiscoverOptions){.paths = &path, .path_count = 1, .project = "nobody"});
	assert_int_equal(failures(*state), 1);
}

static void configured_rollbacks_are_downs(void **state)
{
	put(".ddlint.yml", "rollback: ['back/{name}-back.sql']\n");
	put("p/1_a.sql", "SELECT 1;");
	put("p/2_b.sql", "SELECT 1;");
	put("p/back/b-back.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "p"), "p(plain): 1* 2*-\n");
}

static void folders_pair_downs_with_ups(void **state)
{
	put("a/up/1_a.sql", "SELECT 1;");
	put("a/down/1_a.sql", "SELECT 1;");
	put("b/1_a.sql", "SELECT 1;");
	put("b/rollback/1_a_rollback.sql", "SELECT 1;");
	put("c/2024_a/up.sql", "SELECT 1;");
	put("c/2024_a/down.sql", "SELECT 1;");
	assert_string_equal(found_in(*state, "."), "a(plain): 1*-\nb(plain): 1*-\nc(diesel): 2024*-\n");
}

static void the_runner_is_overridden(void **state)
{
	put(".ddlint.yml", "runner: {transaction: migration}\n");
	put("m/1_a.sql", "SELECT 1;");
	put("g/1_a.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;");
	found_in(*state, "m");
	assert_int_equal(migration_at(*state, 0)->up->wrapping, WRAPPING_TRANSACTION);
	found_in(*state, "g");
	assert_int_equal(migration_at(*state, 0)->up->wrapping, WRAPPING_NONE);
}

static void a_layout_can_be_asked_for(void **state)
{
	put("db/a.sql", "SELECT 1;");
	put("db/b.sql", "SELECT 1;");
	const char *path = "db";
	assert_string_equal(found(*state, &(DiscoverOptions){.paths = &path, .path_count = 1, .layout = "plain"}), "db(plain): a* b*\n");
	found(*state, &(DiscoverOptions){.paths = &path, .path_count = 1, .layout = "flywya"});
	const Place *place = *state;
	assert_int_equal(failures(place), 1);
	assert_non_null(strstr(place->found->notes.items[0].message, "flyway"));
}

/* --- Standard input and generated SQL ------------------------------------------------------------------------------------------------- */

static const char *found_on_stdin(Place *place, const char *bytes, const char *filename)
{
	put("stdin.bytes", bytes);
	int saved = dup(STDIN_FILENO);
	assert_non_null(freopen("stdin.bytes", "rb", stdin));
	const char *path = "-";
	const char *text = found(place, &(DiscoverOptions){.paths = &path, .path_count = 1, .stdin_filename = filename});
	dup2(saved, STDIN_FILENO);
	close(saved);
	return text;
}

static void stdin_stands_for_the_file_it_names(void **state)
{
	put("m/1_a.sql", "SELECT 1;");
	put("m/2_b.sql", "SELECT 1;");
	assert_string_equal(found_on_stdin(*state, "SELECT 22;", "m/2_b.sql"), "m(plain): 1 2*\n");
	assert_string_equal(migration_at(*state, 1)->up->source->bytes, "SELECT 22;");
	assert_string_equal(found_on_stdin(*state, "SELECT 33;", "m/3_new.sql"), "m(plain): 1 2 3*\n");
	assert_string_equal(found_on_stdin(*state, "SELECT 44;", NULL), "<stdin>(loose): stdin*\n");
}

static void parts_have_paths_of_their_own(void **state)
{
	assert_string_equal(found_on_stdin(*state,
					   "-- ddlint: file app/1.py migration 0001\nSELECT 1;\n"
					   "-- ddlint: file app/2.py migration 0002 transaction off\nSELECT 2;\n"
					   "-- ddlint: file app/1.py migration 0001 direction down\nSELECT 3;\n",
					   NULL),
			    "<stdin>(loose): 0001*- 0002*\n");
	assert_string_equal(migration_at(*state, 0)->up->source->path, "app/1.py");
	assert_string_equal(migration_at(*state, 0)->down->source->bytes, "SELECT 3;\n");
	assert_int_equal(migration_at(*state, 0)->up->wrapping, WRAPPING_TRANSACTION);
	assert_int_equal(migration_at(*state, 1)->up->wrapping, WRAPPING_NONE);
}

/* --- Names and paths --------------------------------------------------------------------------------------------------------------------- */

static void versions_are_ordered_as_people_count(void **state)
{
	(void)state;
	static const char *const ordered[] = {"1", "1.5", "2", "10", "10.2", "10.10", "a2", "a10", "b"};
	for (size_t i = 0; i < LENGTH(ordered); i++)
		for (size_t j = 0; j < LENGTH(ordered); j++)
			assert_int_equal((natural_compare(ordered[i], ordered[j]) > 0) - (natural_compare(ordered[i], ordered[j]) < 0),
					 (i > j) - (i < j));
	assert_true(natural_compare("01", "1") != 0);
}

static void file_names_are_taken_apart(void **state)
{
	Arena *arena = &((Place *)*state)->arena;
	static const char *const names[][4] = {
		{"001_users.up.sql", "001", "users", "001_users"},
		{"2019-09-12-100000_create.sql", "2019-09-12-100000", "create", "2019-09-12-100000_create"},
		{"v1.2__x.sql", "1.2", "x", "v1.2__x"},
		{"0003##add.sql", "0003", "add", "0003##add"},
		{"3-2fa_codes.down.sql", "3", "2fa_codes", "3-2fa_codes"},
		{"05old.sql.postgres", "05", "old", "05old"},
		{"users.sql", "", "users", "users"},
	};
	for (size_t i = 0; i < LENGTH(names); i++) {
		FileName parsed = parse_file_name(arena, names[i][0]);
		assert_string_equal(parsed.version, names[i][1]);
		assert_string_equal(parsed.name, names[i][2]);
		assert_string_equal(parsed.stem, names[i][3]);
	}
}

static void paths_are_made_plain(void **state)
{
	Arena *arena = &((Place *)*state)->arena;
	assert_string_equal(path_absolute(arena, "/a/b", "../c//./d/"), "/a/c/d");
	assert_string_equal(path_absolute(arena, "/a", "/"), "/");
	assert_string_equal(path_absolute(arena, "/a", "../../.."), "/");
	assert_string_equal(path_below("/a", "/a/b"), "b");
	assert_null(path_below("/a", "/ab"));
	assert_string_equal(path_shown("/a", "/a"), ".");
	assert_string_equal(path_parent(arena, "/a"), "/");
}

static void writing_keeps_the_old_file_until_the_new_is_whole(void **state)
{
	Arena *arena = &((Place *)*state)->arena;
	put("a.txt", "old");
	assert_int_equal(chmod("a.txt", 0640), 0);
	assert_int_equal(symlink("a.txt", "b.txt"), 0);
	put("b.txt", "new");
	size_t length;
	const char *error = NULL;
	assert_string_equal(file_read(arena, "a.txt", &length, &error), "new");
	struct stat status;
	assert_int_equal(lstat("b.txt", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(stat("a.txt", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_false(file_write("no/such/folder/x", "x", 1, &error));
	assert_null(file_read(arena, ".", &length, &error));
}

/* ------------------------------------------------------------------------------------------------------------------------------------------ */

static int dump(int count, char **paths)
{
	Arena arena = {0};
	Buf buf = {0};
	DiscoverOptions options = {.paths = (const char *const *)paths, .path_count = (uint32_t)count, .verbose = true,
				   .config_path = "none"};
	const Discovery *discovery = discover(&arena, &options);
	discovery_print(&buf, discovery);
	array_each(const Note, note, &discovery->notes)
		fprintf(stderr, "%s%s%s%s\n", note->failure ? "failure: " : "", note->path ? note->path : "", note->path ? ": " : "",
			note->message);
	if (buf.data)
		fputs(buf.data, stdout);
	array_each(History *, history, &discovery->histories)
		history_free(*history);
	buf_free(&buf);
	arena_free(&arena);
	return 0;
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(int argc, char **argv)
{
	if (argc > 2 && same(argv[1], "--dump"))
		return dump(argc - 2, argv + 2);
	const struct CMUnitTest tests[] = {
		PLACED(a_monorepo_has_many_histories),
		PLACED(a_file_finds_the_history_around_it),
		PLACED(a_folder_inside_a_root_finds_the_root),
		PLACED(an_up_alone_is_a_target_without_its_down),
		PLACED(roots_do_not_reach_out_of_the_repository),
		PLACED(files_of_no_root_are_loose),
		PLACED(a_named_file_that_no_tool_runs_is_loose),
		PLACED(a_history_is_closed_when_it_makes_what_it_changes),
		PLACED(without_history_each_file_is_alone),
		PLACED(what_others_wrote_is_left_out),
		PLACED(other_engines_are_left_out),
		PLACED(gitignore_is_honoured),
		PLACED(links_end_no_walk_and_lead_nowhere_else),
		PLACED(any_name_is_a_name),
		PLACED(one_bad_path_does_not_hide_the_others),
		PLACED(projects_name_their_histories),
		PLACED(configured_rollbacks_are_downs),
		PLACED(folders_pair_downs_with_ups),
		PLACED(the_runner_is_overridden),
		PLACED(a_layout_can_be_asked_for),
		PLACED(stdin_stands_for_the_file_it_names),
		PLACED(parts_have_paths_of_their_own),
		PLACED(versions_are_ordered_as_people_count),
		PLACED(file_names_are_taken_apart),
		PLACED(paths_are_made_plain),
		PLACED(writing_keeps_the_old_file_until_the_new_is_whole),
	};
	return cmocka_run_group_tests_name("discover", tests, NULL, NULL);
}
