/*
 * Golden tests of lowering: fixtures/actions/x.sql becomes the text of its actions, which must be x.txt.
 * `UPDATE=1 build/tests/lower` writes the expected files anew: read the difference before you commit it.
 */
#include "action/action.h"
#include "parse/parse.h"
#include "read/script.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define FOLDER "fixtures/actions"

static bool read_file(const char *path, Buf *buf)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
		buf_add(buf, block, n);
	buf_addc(buf, '\0');
	buf->length--;
	fclose(file);
	return true;
}

/* Each statement: its tag, then its actions. */
static void print_statement(Buf *buf, const Statement *statement)
{
	buf_addf(buf, "== %s%s\n", statement->tag ? statement->tag : "-", statement->partial ? " (partial)" : "");
	if (statement->error)
		buf_addf(buf, "error at %u: %s\n", statement->error_offset, statement->error);
	actions_print(buf, statement->actions);
}

static bool show_clause(const Action *action, void *payload)
{
	void **both = payload;
	Text text = source_text(both[1], action->span);
	Text object = source_text(both[1], action->object_span);
	Text relation = source_text(both[1], action->relation_span);
	buf_addf(both[0], "~ %s | %.*s | %.*s | %.*s\n", action_word(action->kind), (int)relation.length, relation.data,
		 (int)object.length, object.data, (int)text.length, text.data);
	return true;
}

static void lower_file(const char *path, Buf *out)
{
	Arena arena = {0};
	Buf sql = {0};
	assert_true(read_file(path, &sql));
	Script script = {.source = source_new(&arena, path, sql.data, sql.length)};
	array_push(&arena, &script.sections, (Span){0, (uint32_t)sql.length});
	script_split(&arena, &script, &(SplitOptions){.psql = true});
	script_parse(&arena, &script);
	array_each (Statement, statement, &script.statements) {
		print_statement(out, statement);
		action_walk(statement->actions, show_clause, (void *[]){out, script.source});
	}
	buf_adds(out, "");
	arena_free(&arena);
	buf_free(&sql);
}

static void golden(void **state)
{
	const char *path = *state;
	char expected_path[512];
	snprintf(expected_path, sizeof expected_path, "%.*s.txt", (int)(strlen(path) - 4), path);
	Buf actual = {0}, expected = {0};
	lower_file(path, &actual);
	if (getenv("UPDATE")) {
		FILE *file = fopen(expected_path, "wb");
		assert_non_null(file);
		fwrite(actual.data, 1, actual.length, file);
		fclose(file);
	} else {
		assert_true(read_file(expected_path, &expected));
		assert_string_equal(actual.data, expected.data);
	}
	buf_free(&actual);
	buf_free(&expected);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		Buf out = {0};
		lower_file(argv[1], &out);
		fputs(out.data ? out.data : "", stdout);
		buf_free(&out);
		return 0;
	}
	static struct CMUnitTest tests[200];
	static char paths[200][300];
	size_t count = 0;
	DIR *folder = opendir(FOLDER);
	if (!folder)
		return 2;
	for (struct dirent *entry; (entry = readdir(folder)) && count < LENGTH(tests);) {
		if (!ends_with(entry->d_name, ".sql"))
			continue;
		snprintf(paths[count], sizeof *paths, FOLDER "/%s", entry->d_name);
		tests[count] = (struct CMUnitTest){paths[count], golden, NULL, NULL, paths[count]};
		count++;
	}
	closedir(folder);
	qsort(tests, count, sizeof *tests, compare);
	return _cmocka_run_group_tests("lower", tests, count, NULL, NULL);
}
