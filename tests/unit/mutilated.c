/*
 * The SQL of all fixtures, cut off anywhere, and with a byte of it made a NUL or no UTF-8: linted, reported and fixed like any other.
 * MUTILATED_STEP=1 tries every byte, which takes an hour; as it is, every 499th, and fewer under the sanitizers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "everything.h"

typedef ARRAY(Text) Inputs;

static Everything all;
static Inputs inputs;

static int take_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)place;
	Text input;
	const char *error;
	if (kind != FTW_F || !ends_with(path, ".sql"))
		return 0;
	input.data = file_read(&all.arena, path, &input.length, &error);
	assert_non_null(input.data);
	array_push(&all.arena, &inputs, input);
	return 0;
}

static size_t stride(void)
{
	const char *wanted = getenv("MUTILATED_STEP");
	size_t number = wanted ? strtoul(wanted, NULL, 10) : 0;
#ifdef __SANITIZE_ADDRESS__
	enum { USUAL = 19997 };
#else
	enum { USUAL = 499 };
#endif
	return number ? number : USUAL;
}

/* Places go on from file to file, so that a short one is not always hit at its start. */
static void at_places(void (*mutilate)(Text input, size_t place))
{
	size_t place = 0, tried = 0;
	array_each (Text, input, &inputs) {
		for (; place < input->length; place += stride(), tried++)
			mutilate(*input, place);
		place -= input->length;
	}
	assert_true(tried > 30);
}

static void cut_off(Text input, size_t place)
{
	put_file("1.sql", input.data, place);
	everything_with(&all, "1.sql", 0, 0);
}

static void made_nul(Text input, size_t place)
{
	char *copy = arena_copy(&all.arena, input.data, input.length);
	copy[place] = place % 2 ? '\0' : '\xFF';
	put_file("1.sql", copy, input.length);
	everything_with(&all, "1.sql", 0, 0);
}

static void prefixes(void **state)
{
	(void)state;
	at_places(cut_off);
}

static void flipped_bytes(void **state)
{
	(void)state;
	at_places(made_nul);
}

int main(void)
{
	enum { DESCRIPTORS = 8 };
	if (nftw("fixtures", take_file, DESCRIPTORS, FTW_PHYS) != 0)
		return 2;
	everything_start(&all);
	const struct CMUnitTest tests[] = {cmocka_unit_test(prefixes), cmocka_unit_test(flipped_bytes)};
	int failures = cmocka_run_group_tests(tests, NULL, NULL);
	everything_end(&all);
	return failures;
}
