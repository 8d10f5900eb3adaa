/* gzip_size_at_most: never below what gzip makes, and not far above it where text repeats itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/deflate.h"

static size_t size_of(const char *text, size_t length)
{
	return gzip_size_at_most((Text){text, length});
}

static void small_texts(void **state UNUSED)
{
	assert_int_equal(size_of("", 0), 20);
	assert_int_equal(size_of("abc", 3), 23);
	assert_int_equal(size_of("\xC3\xA9", 2), 22); /* nine bits each */
}

static void repetitions_cost_little(void **state UNUSED)
{
	Buf text = {0};
	for (int i = 0; i < 10000; i++)
		buf_adds(&text, "{\"ruleId\": \"table-dropped\", \"level\": \"error\"}\n");
	size_t size = size_of(text.data, text.length);
	assert_true(size < text.length / 50);
	assert_true(size > text.length / 258 / 2);
	buf_free(&text);
}

static void what_does_not_repeat_is_not_smaller(void **state UNUSED)
{
	Buf text = {0};
	uint64_t seed = 1;
	for (int i = 0; i < 100000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		buf_addc(&text, (char)(seed >> 56));
	}
	assert_true(size_of(text.data, text.length) > text.length);
	buf_free(&text);
}

static void far_repetitions_are_out_of_sight(void **state UNUSED)
{
	Buf near = {0}, far = {0};
	char block[1000];
	uint64_t seed = 7;
	for (size_t i = 0; i < sizeof block; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		block[i] = (char)(seed >> 57);
	}
	buf_add(&near, block, sizeof block);
	buf_add(&near, block, sizeof block);
	buf_add(&far, block, sizeof block);
	for (int i = 0; i < 40000; i++)
		buf_addc(&far, ' ');
	buf_add(&far, block, sizeof block);
	assert_true(size_of(near.data, near.length) < 1100);
	assert_true(size_of(far.data, far.length) > 2000);
	buf_free(&near);
	buf_free(&far);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_texts),
		cmocka_unit_test(repetitions_cost_little),
		cmocka_unit_test(what_does_not_repeat_is_not_smaller),
		cmocka_unit_test(far_repetitions_are_out_of_sight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
