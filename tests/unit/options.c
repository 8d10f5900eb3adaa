/* The command line: what is read, and what is said about mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "commands/options.h"

enum { MOST_WORDS = 12 };

static Options parse(Arena *arena, const char *const *words)
{
	const char *argv[MOST_WORDS + 1] = {"ddlint"};
	int argc = 1;
	for (; words[argc - 1]; argc++)
		argv[argc] = words[argc - 1];
	Options options;
	options_parse(arena, argc, argv, &options);
	return options;
}

#define PARSE(arena, ...) parse((arena), (const char *const[]){__VA_ARGS__, NULL})

static void check_is_the_default(void **state UNUSED)
{
	Arena arena = {0};
	Options options = PARSE(&arena, "db/migrations");
	assert_null(options.error);
	assert_string_equal(options.command->name, "check");
	assert_int_equal(options.paths.count, 1);
	assert_int_equal(options.fail_on, SEVERITY_UNSET);
	options = PARSE(&arena, "--format", "json", "check", "a", "check");
	assert_null(options.error);
	assert_string_equal(options.command->name, "check");
	assert_int_equal(options.paths.count, 2);
	assert_string_equal(options.paths.items[1], "check");
	options = PARSE(&arena, "--", "facts", "--quiet");
	assert_string_equal(options.command->name, "check");
	assert_string_equal(options.paths.items[1], "--quiet");
	assert_false(options.quiet);
	arena_free(&arena);
}

static void values(void **state UNUSED)
{
	Arena arena = {0};
	Options options = PARSE(&arena, "-", "--postgres=12-18", "-j4", "-o", "out.json", "--select", "locking,column-dropped",
				"--select=rollback", "--fail-on", "never", "--color=always");
	assert_null(options.error);
	assert_string_equal(options.paths.items[0], "-");
	assert_int_equal(options.postgres_low, 12);
	assert_int_equal(options.postgres_high, 18);
	assert_int_equal(options.jobs, 4);
	assert_string_equal(options.output, "out.json");
	assert_int_equal(options.select.count, 3);
	assert_string_equal(options.select.items[1], "column-dropped");
	assert_int_equal(options.fail_on, SEVERITY_OFF);
	assert_int_equal(options.color, COLOR_ALWAYS);
	options = PARSE(&arena, "--postgres", "17", "x");
	assert_int_equal(options.postgres_low, 17);
	assert_int_equal(options.postgres_high, 17);
	arena_free(&arena);
}

static void mistakes(void **state UNUSED)
{
	static const struct {
		const char *words[4];
		const char *error;
	} cases[] = {
		{{"--formt", "json"}, "unknown option --formt: did you mean --format?"},
		{{"--zzzzzzzzz"}, "unknown option --zzzzzzzzz"},
		{{"-z"}, "unknown option -z"},
		{{"x", "--format"}, "--format needs a value: FORMAT"},
		{{"--format="}, "--format needs a value: FORMAT"},
		{{"--quiet=1"}, "--quiet takes no value"},
		{{"--postgres", "3"}, "--postgres 3: a server major from 11 to 18 is needed, or a range such as 15-18"},
		{{"--postgres", "18-15"}, "--postgres 18-15: a server major from 11 to 18 is needed, or a range such as 15-18"},
		{{"--postgres", "15x"}, "--postgres 15x: a server major from 11 to 18 is needed, or a range such as 15-18"},
		{{"--postgres", "99999999999999999999"},
		 "--postgres 99999999999999999999: a server major from 11 to 18 is needed, or a range such as 15-18"},
		{{"-j", "0"}, "--jobs 0: a number from 1 to 256 is needed"},
		{{"-j", "-4"}, "--jobs -4: a number from 1 to 256 is needed"},
		{{"--fail-on", "eror"}, "--fail-on eror: did you mean error?"},
		{{"--fail-on", "xyz"}, "--fail-on xyz: it takes error, warning, note or never"},
		{{"--color", "sometimes"}, "--color sometimes: it takes auto, always or never"},
		{{"audit", "--fix"}, "ddlint audit does not take --fix"},
		{{"facts", "--select", "x"}, "ddlint facts does not take --select"},
		{{"explain", "--postgres", "15"}, "ddlint explain does not take --postgres"},
	};
	Arena arena = {0};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		Options options = parse(&arena, cases[i].words);
		if (!options.error)
			fail_msg("no error, but: %s", cases[i].error);
		assert_string_equal(options.error, cases[i].error);
	}
	arena_free(&arena);
}

static void help_names_every_option_of_a_command(void **state UNUSED)
{
	Buf page = {0};
	options_help(&page, command_by_name("facts"));
	assert_non_null(strstr(page.data, "--postgres N[-M]"));
	assert_null(strstr(page.data, "--fail-on"));
	assert_non_null(strstr(page.data, "--released"));
	assert_null(strstr(page.data, "--fix"));
	buf_free(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_is_the_default),
		cmocka_unit_test(values),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(help_names_every_option_of_a_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
