/*
 * Proofs: every fixtures/proofs/x.sql has the parts `-- before`, `-- up` and `-- down`, each behind a line that says so alone, and
 * x.txt what the proofs must come to. `-- in a transaction` and `-- open world` in the first lines say how it is run.
 * `build/tests/proof FILE` prints what comes out instead.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/files.h"
#include "parse/parse.h"
#include "replay/proof.h"

static const char folder[] = "fixtures/proofs";

/* --- A history of two migrations: `before`, and the one that is proved --------------------------------------------------------- */

typedef struct Case {
	Arena arena;
	History history;
	Migration before, proved;
} Case;

static Script *script_new(Case *test, const char *sql, size_t length, Direction direction, Wrapping wrapping)
{
	Script *script = new(&test->arena, Script);
	script->source = source_new(&test->arena, "test.sql", sql, length);
	script->direction = direction;
	script->wrapping = wrapping;
	array_push(&test->arena, &script->sections, (Span){0, script->source->length});
	script_split(&test->arena, script, &(SplitOptions){.psql = true});
	script_parse(&test->arena, script);
	return script;
}

static Script *script_of(Case *test, const char *sql, const char *part, Direction direction, Wrapping wrapping)
{
	const char *start = strstr(sql, part);
	if (!start)
		return NULL;
	start += strlen(part);
	const char *end = strstr(start, "\n-- down\n");
	const char *up = strstr(start, "\n-- up\n");
	if (up && (!end || up < end))
		end = up;
	return script_new(test, start, end ? (size_t)(end + 1 - start) : strlen(start), direction, wrapping);
}

static Migration migration_of(Case *test, uint32_t ordinal, Script *up, Script *down)
{
	return (Migration){.history = &test->history, .version = "", .name = "", .ordinal = ordinal, .up = up, .down = down};
}

static void case_read(Case *test, const char *path)
{
	size_t length;
	const char *error, *sql = file_read(&test->arena, path, &length, &error);
	assert_non_null(sql);
	Wrapping wrapping = strstr(sql, "-- in a transaction\n") ? WRAPPING_TRANSACTION : WRAPPING_NONE;
	test->history.closed = !strstr(sql, "-- open world\n");
	test->before = migration_of(test, 1, script_of(test, sql, "-- before\n", DIRECTION_UP, WRAPPING_NONE), NULL);
	test->proved = migration_of(test, 2, script_of(test, sql, "-- up\n", DIRECTION_UP, wrapping),
				    script_of(test, sql, "-- down\n", DIRECTION_DOWN, wrapping));
	assert_non_null(test->proved.up);
	array_push(&test->arena, &test->history.migrations, &test->before);
	array_push(&test->arena, &test->history.migrations, &test->proved);
}

/* --- What comes out --------------------------------------------------------------------------------------------------------------- */

static void add_place(Buf *out, const Script *script, const Statement *statement)
{
	if (statement)
		buf_addf(out, " at line %u", source_position(script->source, statement->span.start).line);
}

static void add_reason(Buf *out, const char *because)
{
	if (because)
		buf_addf(out, ": %s", because);
}

static void add_rollback(Buf *out, const Case *test, const RollbackProof *proof)
{
	static const char *const ends[] = {"left", "missing", "changed"};
	buf_addf(out, "rollback %s", rollback_word(proof->verdict));
	if (proof->sqlstate)
		buf_addf(out, " %s", proof->sqlstate);
	add_place(out, test->proved.down, proof->statement);
	buf_adds(out, proof->loses_data ? ", loses data" : "");
	add_reason(out, proof->because);
	buf_addc(out, '\n');
	array_each (const Difference, difference, &proof->comparison.differences)
		buf_addf(out, "  %s %s\n", difference->subject, ends[difference->kind]);
	for (const char *line = proof->lacking; line && *line; line = strchr(line, '\n') + 1)
		buf_addf(out, "  + %.*s\n", (int)strcspn(line, "\n"), line);
}

/* The statements that are lacking, pasted behind the down, make it whole. */
static void add_pasted(Buf *out, Case *test, Replay *replay, CatalogMark before, const RollbackProof *proof)
{
	if (!proof->lacking)
		return;
	Script *down = test->proved.down;
	char *sql = arena_print(&test->arena, "%.*s\n%s", (int)down->source->length, down->source->bytes, proof->lacking);
	test->proved.down = script_new(test, sql, strlen(sql), DIRECTION_DOWN, down->wrapping);
	RollbackProof whole = prove_rollback(&test->arena, replay, &test->proved, before);
	buf_addf(out, "  pasted: %s\n", rollback_word(whole.verdict));
	test->proved.down = down;
}

static char *prove(Case *test)
{
	Arena scratch = {0};
	Buf out = {0};
	Replay *replay = replay_new(&scratch, &test->history, 15);
	if (test->before.up)
		replay_script(replay, &test->before, test->before.up);
	ObjectLines first = {0}, last = {0};
	ResumeProof resume = prove_resume(replay, &test->proved, test->proved.up);
	CatalogMark before = catalog_mark(replay->catalog);
	replay_script(replay, &test->proved, test->proved.up);
	catalog_describe(&test->arena, replay->catalog, &first);
	RepeatProof repeat = prove_repeat(replay, &test->proved, test->proved.up);
	RollbackProof rollback = prove_rollback(&test->arena, replay, &test->proved, before);
	add_rollback(&out, test, &rollback);
	add_pasted(&out, test, replay, before, &rollback);
	catalog_describe(&test->arena, replay->catalog, &last);
	catalog_keep(replay->catalog, before);
	buf_addf(&out, "repeat %s%s%s", repeat_word(repeat.verdict), repeat.sqlstate ? " " : "", repeat.sqlstate ? repeat.sqlstate : "");
	add_place(&out, test->proved.up, repeat.statement);
	add_reason(&out, repeat.because);
	buf_addf(&out, "\nresume %s%s%s", resume_word(resume.verdict), resume.sqlstate ? " " : "", resume.sqlstate ? resume.sqlstate : "");
	if (resume.after)
		buf_addf(&out, " after %u", resume.after);
	add_place(&out, test->proved.up, resume.statement);
	add_reason(&out, resume.because);
	buf_adds(&out, "\n");

	/* Proofs put everything back. */
	assert_int_equal(first.count, last.count);
	for (uint32_t i = 0; i < first.count; i++) {
		assert_string_equal(first.items[i].subject, last.items[i].subject);
		assert_string_equal(first.items[i].state, last.items[i].state);
	}
	char *text = arena_copy(&test->arena, out.data, out.length);
	buf_free(&out);
	replay_free(replay);
	arena_free(&scratch);
	return text;
}

/* --- Tests -------------------------------------------------------------------------------------------------------------------------- */

static void fixture(void **state)
{
	Case test = {0};
	const char *name = *state;
	case_read(&test, arena_print(&test.arena, "%s/%s.sql", folder, name));
	size_t length;
	const char *error, *expected = file_read(&test.arena, arena_print(&test.arena, "%s/%s.txt", folder, name), &length, &error);
	assert_non_null(expected);
	assert_string_equal(prove(&test), expected);
	arena_free(&test.arena);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		Case test = {0};
		case_read(&test, argv[1]);
		fputs(prove(&test), stdout);
		arena_free(&test.arena);
		return 0;
	}
	Arena arena = {0};
	ARRAY(struct CMUnitTest) tests = {0};
	DIR *listing = opendir(folder);
	for (struct dirent *file; listing && (file = readdir(listing));) {
		if (!ends_with(file->d_name, ".sql"))
			continue;
		char *name = arena_copy(&arena, file->d_name, strlen(file->d_name) - strlen(".sql"));
		array_push(&arena, &tests, (struct CMUnitTest){.name = name, .test_func = fixture, .initial_state = name});
	}
	if (listing)
		closedir(listing);
	if (tests.count)
		qsort(tests.items, tests.count, sizeof *tests.items, by_name);
	int failed = _cmocka_run_group_tests("proof", tests.items, tests.count, NULL, NULL);
	arena_free(&arena);
	return failed;
}
