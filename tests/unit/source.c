#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read/source.h"

#define SOURCE(arena, literal) source_new((arena), "x.sql", (literal), sizeof(literal) - 1)

static void expect_position(Source *source, uint32_t offset, uint32_t line, uint32_t column)
{
	Position position = source_position(source, offset);
	assert_int_equal(position.line, line);
	assert_int_equal(position.column, column);
}

static void expect_line(Source *source, uint32_t line, const char *expected)
{
	Text text = source_line(source, line);
	assert_int_equal(text.length, strlen(expected));
	assert_memory_equal(text.data, expected, text.length);
}

static void lines(void **state UNUSED)
{
	Arena arena = {0};
	Source *source = SOURCE(&arena, "a\nbc\r\nd\re\n\nf");
	expect_line(source, 1, "a");
	expect_line(source, 2, "bc");
	expect_line(source, 3, "d");
	expect_line(source, 4, "e");
	expect_line(source, 5, "");
	expect_line(source, 6, "f");
	expect_line(source, 7, "");
	expect_line(source, 0, "");
	assert_int_equal(source->line_count, 6);
	expect_position(source, 0, 1, 1);
	expect_position(source, 1, 1, 2);
	expect_position(source, 2, 2, 1);
	expect_position(source, 5, 2, 4);
	expect_position(source, 6, 3, 1);
	expect_position(source, 8, 4, 1);
	expect_position(source, 12, 6, 2);
	expect_position(source, 4000, 6, 2);
	arena_free(&arena);
}

static void last_lines(void **state UNUSED)
{
	Arena arena = {0};
	Source *empty = SOURCE(&arena, "");
	expect_position(empty, 0, 1, 1);
	expect_line(empty, 1, "");
	Source *ended = SOURCE(&arena, "a\n");
	expect_position(ended, 2, 2, 1);
	assert_int_equal(ended->line_count, 2);
	Source *only = SOURCE(&arena, "\r\n");
	assert_int_equal(only->line_count, 0);
	expect_position(only, 2, 2, 1);
	assert_int_equal(only->line_count, 2);
	arena_free(&arena);
}

static void columns(void **state UNUSED)
{
	Arena arena = {0};
	/* ä is 2 bytes, 漢 3, 😀 4 and two units of UTF-16. */
	Source *source = SOURCE(&arena, "aä漢😀b\nä");
	expect_position(source, 1, 1, 2);
	expect_position(source, 3, 1, 3);
	expect_position(source, 6, 1, 4);
	expect_position(source, 10, 1, 5);
	assert_int_equal(source_utf16_column(source, 10), 5);
	assert_int_equal(source_utf16_column(source, 6), 3);
	assert_int_equal(source_utf16_column(source, 1), 1);
	expect_position(source, 8, 1, 4); /* inside of a character: that character */
	expect_position(source, 12, 2, 1);
	expect_position(source, 14, 2, 2);
	expect_position(source, 3, 1, 3);
	Source *broken = SOURCE(&arena, "\xff\xe4x");
	expect_position(broken, 2, 1, 3);
	arena_free(&arena);
}

static void byte_order_mark(void **state UNUSED)
{
	Arena arena = {0};
	Source *source = SOURCE(&arena, "\xEF\xBB\xBFSELECT ä");
	assert_int_equal(source->body, 3);
	expect_position(source, 3, 1, 1);
	expect_position(source, 10, 1, 8);
	assert_int_equal(source_utf16_column(source, 10), 7);
	expect_line(source, 1, "SELECT ä");
	assert_int_equal(SOURCE(&arena, "\xEF\xBB")->body, 0);
	arena_free(&arena);
}

static void bad_bytes(void **state UNUSED)
{
	Arena arena = {0};
	Source *source = SOURCE(&arena, "0123456789 ascii ä \0 \0 \xff \xfe");
	assert_true(source->has_nul);
	assert_int_equal(source->first_nul, 20);
	assert_true(source->has_invalid_utf8);
	assert_int_equal(source->first_invalid_utf8, 24);
	assert_int_equal(source->first_non_ascii, 17);
	Source *good = SOURCE(&arena, "only plain characters here");
	assert_false(good->has_nul || good->has_invalid_utf8);
	assert_int_equal(good->first_non_ascii, good->length);
	/* At every place of a group of eight bytes. */
	for (size_t i = 0; i < 24; i++) {
		char bytes[25] = "abcdefghijklmnopqrstuvwx";
		bytes[i] = '\0';
		assert_int_equal(source_new(&arena, "x", bytes, 24)->first_nul, i);
		bytes[i] = (char)0x80;
		assert_int_equal(source_new(&arena, "x", bytes, 24)->first_invalid_utf8, i);
	}
	arena_free(&arena);
}

static void utf8(void **state UNUSED)
{
	assert_int_equal(utf8_sequence("a", 1), 1);
	assert_int_equal(utf8_sequence("\xC3\xA4", 2), 2);
	assert_int_equal(utf8_sequence("\xC3\xA4", 1), 0);
	assert_int_equal(utf8_sequence("\xF0\x9F\x98\x80", 4), 4);
	assert_int_equal(utf8_sequence("\xC0\x80", 2), 0);	   /* overlong */
	assert_int_equal(utf8_sequence("\xE0\x80\x80", 3), 0);	   /* overlong */
	assert_int_equal(utf8_sequence("\xED\xA0\x80", 3), 0);	   /* a surrogate */
	assert_int_equal(utf8_sequence("\xF4\x90\x80\x80", 4), 0); /* above U+10FFFF */
	assert_int_equal(utf8_sequence("\xF5\x80\x80\x80", 4), 0);
	assert_int_equal(utf8_sequence("\x80", 1), 0);
	assert_int_equal(utf8_sequence("", 0), 0);
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0x6F22), 2);
	assert_int_equal(utf8_width(0x0301), 0);
	assert_int_equal(utf8_width(0x1F600), 2);
	assert_int_equal(utf8_width(0xE4), 1);
}

/* A line of 10 MB with many questions about it: counted on, not from its start each time. */
static void one_long_line(void **state UNUSED)
{
	enum { LONG = 10 << 20 };
	Arena arena = {0};
	char *bytes = arena_alloc(&arena, 1, LONG + 1);
	memset(bytes, 'x', LONG);
	memcpy(bytes, "ä", 2);
	Source *source = source_new(&arena, "x", bytes, LONG);
	for (uint32_t offset = 2; offset < LONG; offset += 64)
		assert_int_equal(source_position(source, offset).column, offset);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),	       cmocka_unit_test(last_lines), cmocka_unit_test(columns),
		cmocka_unit_test(byte_order_mark), cmocka_unit_test(bad_bytes),  cmocka_unit_test(utf8),
		cmocka_unit_test(one_long_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
