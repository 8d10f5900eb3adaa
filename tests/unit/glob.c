#include "discover/glob.h"

#include <setjmp.h>

#include <cmocka.h>

static void table(void **state UNUSED)
{
	static const struct {
		const char *glob, *path;
		bool matches;
	} cases[] = {
		{"a.sql", "a.sql", true},
		{"a.sql", "b/a.sql", false},
		{"*.sql", "a.sql", true},
		{"*.sql", "b/a.sql", false},
		{"*.sql", ".sql", true},
		{"**/*.sql", "a.sql", true},
		{"**/*.sql", "a/b/c.sql", true},
		{"**/seeds/**", "seeds/a.sql", true},
		{"**/seeds/**", "db/seeds/a/b.sql", true},
		{"**/seeds/**", "db/seeds", false},
		{"**/seeds/**", "db/myseeds/a.sql", false},
		{"legacy/**", "legacy/a/b.sql", true},
		{"legacy/**", "legacy", false},
		{"legacy/**", "legacy2/a.sql", false},
		{"legacy/", "legacy/a/b.sql", true},
		{"legacy/", "legacy", false},
		{"legacy", "legacy/a/b.sql", true},
		{"legacy", "legacy", true},
		{"legacy", "legacy.sql", false},
		{"legacy", "db/legacy/a.sql", false},
		{"*/legacy/", "db/legacy/a/b.sql", true},
		{"**/", "a/b", true},
		{"**/", "a", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "a/xb", false},
		{"a**b", "a/x/b", true},
		{"**.sql", "a/b.sql", true},
		{"a*/b", "ax/b", true},
		{"a*/b", "a/x/b", false},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{"a?c", "a\xc3\xa9" "c", true},
		{"a?c", "a\xe9" "c", true},
		{"a?", "a", false},
		{"**", "a/b", true},
		{"*", "a", true},
		{"*", "a/b", false},
		{"a[1].sql", "a[1].sql", true},
		{"a[1].sql", "a1.sql", false},
		{"**/[id]/*.sql", "app/[id]/x.sql", true},
		{"{a,b}.sql", "{a,b}.sql", true},
		{"a\\*", "a\\b", true},
		{"./a/*.sql", "a/b.sql", true},
		{"/a/*.sql", "a/b.sql", true},
		{"a/*.sql", "./a/b.sql", true},
		{"*a*b", "xaxab", true},
		{"**/a/*b/**/c*", "x/a/a/yb/z/z/c1", true},
		{"", "", false},
		{"", "a", false},
		{"a", "", false},
		{"*?*", "ab", true},
		{"***", "a/b", true},
	};
	for (size_t i = 0; i < LENGTH(cases); i++)
		if (glob_matches(cases[i].glob, cases[i].path) != cases[i].matches)
			fail_msg("\"%s\" and \"%s\": expected %s", cases[i].glob, cases[i].path,
				 cases[i].matches ? "a match" : "none");
}

/* What the stars mean, said as slowly as possible. */
static bool slow(const char *glob, const char *start, const char *path)
{
	if (glob[0] == '*' && glob[1] == '*') {
		bool part_starts = glob == start || glob[-1] == '/';
		const char *rest = glob + strspn(glob, "*");
		if (!*rest)
			return *path || !part_starts;
		bool folders = part_starts && *rest == '/';
		rest += folders;
		if (slow(rest, start, path))
			return true;
		for (const char *p = path; *p; p++)
			if ((!folders || *p == '/') && slow(rest, start, p + 1))
				return true;
		return false;
	}
	if (*glob == '*') {
		for (const char *p = path;; p++) {
			if (slow(glob + 1, start, p))
				return true;
			if (!*p || *p == '/')
				return false;
		}
	}
	if (!*glob)
		return !*path;
	if (*glob == '?')
		return *path && *path != '/' && slow(glob + 1, start, path + 1);
	return *glob == *path && slow(glob + 1, start, path + 1);
}

static void same_as_the_slow_way(void **state UNUSED)
{
	static const char glob_bytes[] = "ab/**?", path_bytes[] = "ab/ab";
	uint64_t seed = 1;
	int matched = 0;
	for (int i = 0; i < 300000; i++) {
		char glob[9] = "*", path[9] = "";
		size_t lengths[2] = {0, 0};
		for (int j = 0; j < 16; j++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			uint32_t draw = (uint32_t)(seed >> 40);
			if (j < 8 && draw % 5)
				glob[lengths[0]++] = glob_bytes[draw / 5 % (sizeof glob_bytes - 1)];
			if (j >= 8 && draw % 5)
				path[lengths[1]++] = path_bytes[draw / 5 % (sizeof path_bytes - 1)];
		}
		glob[lengths[0]] = path[lengths[1]] = '\0';
		if (!strpbrk(glob, "*?") || *glob == '/' || ends_with(glob, "/"))
			continue;
		bool expected = slow(glob, glob, path);
		matched += expected;
		if (glob_matches(glob, path) != expected)
			fail_msg("\"%s\" and \"%s\": expected %s", glob, path, expected ? "a match" : "none");
	}
	assert_true(matched > 1000);
}

/* Ends at once; a matcher that tries all ways would not end. */
static void many_stars(void **state UNUSED)
{
	Buf glob = {0}, path = {0};
	for (int i = 0; i < 200; i++) {
		buf_adds(&glob, i % 2 ? "**/*a" : "*a*");
		buf_adds(&path, i % 7 ? "aa" : "a/a");
	}
	buf_adds(&glob, "b");
	assert_false(glob_matches(glob.data, path.data));
	buf_free(&glob);
	buf_free(&path);
}

static void mistakes(void **state UNUSED)
{
	Arena arena = {0};
	assert_null(glob_error(&arena, "a/**"));
	assert_null(glob_error(&arena, "a/..b"));
	assert_non_null(glob_error(&arena, ""));
	assert_non_null(glob_error(&arena, "./"));
	assert_non_null(glob_error(&arena, "../a"));
	assert_non_null(glob_error(&arena, "a/../b"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(same_as_the_slow_way),
		cmocka_unit_test(many_stars),
		cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
