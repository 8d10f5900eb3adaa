/*
 * Golden tests of reading: what fixtures/hostile/x.sql is cut into must be x.txt, and no byte of it may hurt.
 * `UPDATE=1 build/tests/hostile` writes the expected files anew: read the difference before you commit it.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "parse/parse.h"

#define FOLDER "fixtures/hostile"

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

/* Source bytes as one printable line. */
static void add_escaped(Buf *out, Text text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == '\n' || byte == '\r' || byte == '\t')
			buf_addf(out, "\\%c", byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't');
		else if (byte < 0x20 || byte >= 0x7F)
			buf_addf(out, "\\x%02x", byte);
		else
			buf_addc(out, (char)byte);
	}
}

static void describe(Buf *out, const char *bytes, uint32_t length, Arena *arena)
{
	static const char *const states[] = {"parsed", "unparsed", "set aside"};
	Script script = {.source = source_new(arena, "x.sql", bytes, length)};
	array_push(arena, &script.sections, (Span){0, length});
	script_split(arena, &script, &(SplitOptions){.psql = true});
	script_parse(arena, &script);
	if (script.source->has_nul)
		buf_addf(out, "NUL at %u\n", script.source->first_nul);
	if (script.source->has_invalid_utf8)
		buf_addf(out, "no UTF-8 at %u\n", script.source->first_invalid_utf8);
	array_each (Statement, statement, &script.statements) {
		Position start = source_position(script.source, statement->span.start);
		Position end = source_position(script.source, statement->span.end);
		buf_addf(out, "%u:%u-%u:%u %s%s: ", start.line, start.column, end.line, end.column,
			 states[statement->state], statement->partial ? " partial" : "");
		add_escaped(out, source_text(script.source, statement->span));
		if (statement->error)
			buf_addf(out, "\n\t%s", statement->error);
		if (statement->comments.end) {
			buf_adds(out, "\n\tbelow ");
			add_escaped(out, source_text(script.source, statement->comments));
		}
		buf_addc(out, '\n');
	}
}

static void golden(void **state)
{
	const char *path = *state;
	Arena arena = {0};
	Buf sql = {0}, actual = {0}, expected = {0};
	const char *expected_path = arena_print(&arena, "%.*s.txt", (int)(strlen(path) - 4), path);
	assert_true(read_file(path, &sql));
	buf_adds(&actual, "");
	describe(&actual, sql.data, (uint32_t)sql.length, &arena);
	if (getenv("UPDATE")) {
		FILE *file = fopen(expected_path, "wb");
		assert_non_null(file);
		fwrite(actual.data, 1, actual.length, file);
		fclose(file);
	} else {
		assert_true(read_file(expected_path, &expected));
		assert_string_equal(actual.data, expected.data);
	}
	buf_free(&sql);
	buf_free(&actual);
	buf_free(&expected);
	arena_free(&arena);
}

/* A file that was cut off anywhere is read all the same. */
static void every_prefix(void **state)
{
	Buf sql = {0};
	assert_true(read_file(*state, &sql));
	for (uint32_t length = 0; length < sql.length; length++) {
		Arena arena = {0};
		Buf prefix = {0}, out = {0};
		buf_add(&prefix, sql.data, length);
		describe(&out, prefix.data, length, &arena);
		buf_free(&prefix);
		buf_free(&out);
		arena_free(&arena);
	}
	buf_free(&sql);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
	enum { MOST = 100 };
	static struct CMUnitTest tests[2 * MOST];
	Arena arena = {0};
	size_t count = 0;
	DIR *folder = opendir(FOLDER);
	if (!folder)
		return 2;
	for (struct dirent *entry; (entry = readdir(folder)) && count + 2 <= LENGTH(tests);) {
		if (!ends_with(entry->d_name, ".sql"))
			continue;
		char *path = arena_print(&arena, FOLDER "/%s", entry->d_name);
		tests[count++] = (struct CMUnitTest){.name = path, .test_func = golden, .initial_state = path};
		char *name = arena_print(&arena, "%s, every prefix", path);
		tests[count++] = (struct CMUnitTest){.name = name, .test_func = every_prefix, .initial_state = path};
	}
	closedir(folder);
	qsort(tests, count, sizeof *tests, compare);
	int failures = _cmocka_run_group_tests("hostile", tests, count, NULL, NULL);
	arena_free(&arena);
	return failures;
}
