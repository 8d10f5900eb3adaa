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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_on_the_server),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
