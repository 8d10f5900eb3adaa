#include "discover/pattern.h"

#include <setjmp.h>

#include <cmocka.h>

static Arena arena;

static bool matches(const char *text, const char *subject)
{
	const char *error = NULL;
	const Pattern *pattern = pattern_compile(&arena, text, &error);
	assert_non_null(pattern);
	assert_null(error);
	return pattern_matches(pattern, subject);
}

static void names_are_exact(void **state UNUSED)
{
	assert_true(matches("users", "users"));
	assert_true(matches("users", "public.users"));
	assert_true(matches("users", "app.users"));
	assert_true(matches("app.users", "app.users"));
	assert_false(matches("app.users", "public.users"));
	assert_false(matches("users", "public.Users"));
	assert_false(matches("users", "public.users_old"));
	assert_false(matches("users", "users.orders"));
	assert_true(matches("odd.name", "public.odd.name"));
	assert_true(matches("a/b", "public.a/b"));
}

static void expressions_see_both_names(void **state UNUSED)
{
	assert_true(matches("/^orders_/", "public.orders_2024"));
	assert_true(matches("/^public\\.orders/", "public.orders_2024"));
	assert_true(matches("/orders/", "app.my_orders"));
	assert_false(matches("/^orders$/", "public.orders_2024"));
	assert_false(matches("/^ORDERS/", "public.orders"));
	assert_true(matches("/^ORDERS/i", "public.orders"));
	assert_true(matches("/^b\xc3\xbc.her$/", "public.b\xc3\xbc\xc3\xa7her"));
	assert_false(matches("/^a$/", "public.a\n"));
	/* What cannot be the start of a match is sorted out before; nothing else may be. */
	assert_true(matches("/^ab?c/", "ac"));
	assert_true(matches("/^ab*c/", "ac"));
	assert_true(matches("/^ab{0,2}c/", "ac"));
	assert_true(matches("/^ab+c/", "abbc"));
	assert_true(matches("/^a|b$/", "xb"));
	assert_true(matches("/^(x|a)b/", "ab"));
	assert_true(matches("/^[xa]b/", "ab"));
	assert_false(matches("/^ab/", "aab"));
}

static void bytes_that_are_no_utf8(void **state UNUSED)
{
	assert_true(matches("/users/", "caf\xe9.users"));
	assert_false(matches("/x/", "\xff\xfe"));
}

static void errors_say_what_is_wrong(void **state UNUSED)
{
	static const char *const wrong[] = {"", "/", "//", "/a", "/a/x", "/(/", "/a\\Cb/", "/[/", "/(?<n>a)(?<n>b)/"};
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		const char *error = NULL;
		assert_null(pattern_compile(&arena, wrong[i], &error));
		assert_non_null(error);
		assert_true(*error);
	}
	const char *error = NULL;
	assert_null(pattern_compile(&arena, "/a(b/", &error));
	assert_string_equal(error, "missing closing parenthesis at character 4");
}

static void bare_expressions_match_whole_subjects(void **state UNUSED)
{
	const char *error = NULL;
	const Pattern *owner = pattern_regex(&arena, "^team-", &error);
	assert_non_null(owner);
	assert_true(pattern_matches(owner, "team-a"));
	assert_false(pattern_matches(owner, "my.team-a"));
}

/* Would take longer than the universe without a limit. */
static void backtracking_ends(void **state UNUSED)
{
	char subject[200];
	memset(subject, 'a', sizeof subject - 1);
	subject[sizeof subject - 1] = '\0';
	assert_false(matches("/^(a+)+$b/", subject));
	assert_false(matches("/^(a|a)*b/", subject));
	assert_false(matches("/(x+x+)+y|^(((a?){6}){6}){6}b$/", subject));
}

static int end(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_exact),
		cmocka_unit_test(expressions_see_both_names),
		cmocka_unit_test(bytes_that_are_no_utf8),
		cmocka_unit_test(errors_say_what_is_wrong),
		cmocka_unit_test(bare_expressions_match_whole_subjects),
		cmocka_unit_test(backtracking_ends),
	};
	return cmocka_run_group_tests(tests, NULL, end);
}
