/* The JSON writer: layout, escapes, repair of bad UTF-8; what it writes is read back with jansson. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json.h"

static void layout(void **state UNUSED)
{
	Buf out = {0};
	Json json = json_new(&out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_put_number(&json, "version", 1);
	json_open_array(&json, "findings", JSON_MANY_LINES);
	json_open_object(&json, NULL, JSON_ONE_LINE);
	json_put_string(&json, "rule", "a");
	json_open_array(&json, "lines", JSON_MANY_LINES); /* inline, because its parent is */
	json_put_number(&json, NULL, 1);
	json_put_number(&json, NULL, -2);
	json_close(&json);
	json_close(&json);
	json_close(&json);
	json_open_array(&json, "none", JSON_MANY_LINES);
	json_close(&json);
	json_put_bool(&json, "yes", true);
	json_put_string(&json, "null", NULL);
	json_finish(&json);
	assert_string_equal(out.data, "{\n"
				      "  \"version\": 1,\n"
				      "  \"findings\": [\n"
				      "    {\"rule\": \"a\", \"lines\": [1, -2]}\n"
				      "  ],\n"
				      "  \"none\": [],\n"
				      "  \"yes\": true,\n"
				      "  \"null\": null\n"
				      "}\n");
	buf_free(&out);
}

static void escapes(void **state UNUSED)
{
	static const struct {
		Text value;
		const char *written;
	} cases[] = {
		{TEXT("a\"b\\c"), "\"a\\\"b\\\\c\"\n"},
		{TEXT("\n\r\t\x01\x1b\x7f"), "\"\\n\\r\\t\\u0001\\u001b\\u007f\"\n"},
		{TEXT("a\0b"), "\"a\\u0000b\"\n"},
		{TEXT("h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), "\"h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"\n"},
		{TEXT("\xE9t\xC3"), "\"\xEF\xBF\xBDt\xEF\xBF\xBD\"\n"},                     /* Latin-1; cut off */
		{TEXT("\xC0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"\n"},                       /* overlong */
		{TEXT("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"\n"},       /* a surrogate */
	};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		Buf out = {0};
		Json json = json_new(&out);
		json_put_text(&json, NULL, cases[i].value);
		json_finish(&json);
		assert_string_equal(out.data, cases[i].written);
		buf_free(&out);
	}
}

static void unfinished_is_closed(void **state UNUSED)
{
	Buf out = {0};
	Json json = json_new(&out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_open_array(&json, "a", JSON_MANY_LINES);
	json_open_array(&json, NULL, JSON_MANY_LINES);
	json_open_object(&json, NULL, JSON_ONE_LINE);
	json_finish(&json);
	json_error_t error;
	json_t *read = json_loads(out.data, 0, &error);
	assert_non_null(read);
	json_decref(read);
	buf_free(&out);
}

static void every_byte_pair_reads_back(void **state UNUSED)
{
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char text[2] = {(char)(pair >> 8), (char)(pair & 0xFF)};
		Buf out = {0};
		Json json = json_new(&out);
		json_open_array(&json, NULL, JSON_ONE_LINE);
		json_put_text(&json, NULL, (Text){text, 2});
		json_finish(&json);
		json_error_t error;
		json_t *read = json_loadb(out.data, out.length, JSON_ALLOW_NUL, &error);
		if (!read)
			fail_msg("bytes %04x: %s: %s", pair, error.text, out.data);
		json_decref(read);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout),
		cmocka_unit_test(escapes),
		cmocka_unit_test(unfinished_is_closed),
		cmocka_unit_test(every_byte_pair_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
