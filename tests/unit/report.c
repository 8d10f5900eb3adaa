/*
 * One set of findings rendered by every reporter, compared with fixtures/reports/. `UPDATE=1 build/tests/report` writes them anew.
 * The rules are this test's own, so that the registry's may change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "judge/rule_book.h"
#include "report/link.h"
#include "report/report.h"
#include "report/terminal.h"

static const Rule index_rule = {
	.name = "index_not_concurrent",
	.severity = SEVERITY_ERROR,
	.category = LOCKING,
	.summary = "an index build blocks writes",
	.why = "CREATE INDEX holds SHARE on the table until the build ends: every INSERT, UPDATE and DELETE waits",
	.instead = "CREATE INDEX CONCURRENTLY, in a migration that runs outside a transaction",
	.manual = "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	.since = "0.1.0",
};
static const Rule check_rule = {
	.name = "constraint_validated",
	.severity = SEVERITY_WARNING,
	.category = LOCKING,
	.summary = "a constraint is checked under a lock",
	.why = "ADD CONSTRAINT reads the whole table under ACCESS EXCLUSIVE",
};
static const Rule quiet_rule = {.name = "comment_missing", .severity = SEVERITY_OFF, .category = GOVERNANCE, .summary = "no comment"};

const RuleEntry all_rules[] = {
	{.rule = &quiet_rule, .id = "comment-missing", .bad = "", .good = ""},
	{.rule = &check_rule, .id = "constraint-validated",
	 .bad = "ALTER TABLE t ADD CHECK (a > 0);  -- expect: constraint-validated\n", .good = ""},
	{.rule = &index_rule, .id = "index-not-concurrent", .bad = "CREATE INDEX ON t (a);\n",
	 .good = "CREATE INDEX CONCURRENTLY t_a ON t (a);\n"},
	{0},
};
const uint32_t rule_count = 3;

static const char plain_sql[] = "-- users are looked up by email\n"
				"CREATE INDEX users_email ON users (email);\n"
				"CREATE INDEX users_name ON users (name);\n"
				"\n"
				"ALTER TABLE users ADD CONSTRAINT\n"
				"\tusers_age CHECK (\n"
				"\t\tage > 0\n"
				"\t);\n"
				"ALTER TABLE users\n"
				"  ADD a int,\n"
				"  ADD b int,\n"
				"  ADD c int,\n"
				"  ADD d int,\n"
				"  ADD e int,\n"
				"  ADD f int,\n"
				"  ADD g int;\n";

/* A tab, two columns for each ideograph, none for the combining accent, an escape sequence, an override, a byte of Latin-1. */
static const char hostile_sql[] = "\t/* \xE5\x9C\xB0\xE5\x9D\x80 */ CREATE INDEX \"cafe\xCC\x81\" ON t (\"\xE5\x9C\xB0\xE5\x9D\x80\");\n"
				  "SELECT '\x1b[31mred\x1b[0m', 'a\xE2\x80\xAE b', '\xE9t\xE9';\n"
				  "SELECT '\xF0\x9F\x98\x80' AS smile\r\n";

typedef struct Bench {
	Arena arena;
	Run run;
} Bench;

static Span span_of(const Source *source, const char *clause)
{
	const char *found = strstr(source->bytes, clause);
	assert_non_null(found);
	uint32_t start = (uint32_t)(found - source->bytes);
	return (Span){start, start + (uint32_t)strlen(clause)};
}

static Finding *add(Bench *bench, const Rule *rule, Severity severity, Source *source, const char *clause, const char *message)
{
	Finding *finding = new(&bench->arena, Finding);
	finding->rule = rule;
	finding->severity = severity;
	finding->history = "db/migrations";
	finding->source = source;
	if (clause)
		finding->span = span_of(source, clause);
	else
		finding->whole_file = true;
	finding->migration = "0042";
	finding->message = message;
	array_push(&bench->arena, &finding->postgres, 15);
	snprintf(finding->fingerprint, sizeof finding->fingerprint, "%032u", bench->run.findings.count + 1);
	array_push(&bench->arena, &bench->run.findings, finding);
	return finding;
}

static Source *long_line(Arena *arena)
{
	Buf line = {0};
	buf_adds(&line, "INSERT INTO t VALUES ");
	for (int i = 0; i < 2000; i++)
		buf_addf(&line, "(%d), ", i);
	buf_adds(&line, "(random()), ");
	for (int i = 0; i < 2000; i++)
		buf_addf(&line, "(%d), ", i);
	buf_adds(&line, "(0);\n");
	Source *source = source_new(arena, "db/migrations/0043_long.sql", arena_copy(arena, line.data, line.length), line.length);
	buf_free(&line);
	return source;
}

static void fill(Bench *bench)
{
	Arena *arena = &bench->arena;
	bench->run.rules = rule_book(arena);
	Source *plain = source_new(arena, "db/migrations/0042_users.sql", plain_sql, sizeof plain_sql - 1);
	Source *hostile = source_new(arena, "db/mig rations/C:/0044_h\xC3\xA9[1].sql", hostile_sql, sizeof hostile_sql - 1);

	Finding *finding = add(bench, &index_rule, SEVERITY_ERROR, plain, "CREATE INDEX users_email ON users (email)",
			       "building users_email blocks writes to public.users");
	finding->relation = "public.users";
	finding->instead = "CREATE INDEX CONCURRENTLY users_email ON users (email);\n"
			   "-- in a migration that runs outside a transaction: -- +goose NO TRANSACTION";
	array_push(arena, &finding->edits, (Edit){{finding->span.start + 13, finding->span.start + 13}, "CONCURRENTLY "});
	finding->safety = EDIT_NEEDS_REVIEW;

	finding = add(bench, &index_rule, SEVERITY_ERROR, plain, "CREATE INDEX users_name ON users (name)",
		      "building users_name blocks writes to public.users");
	finding->relation = "public.users";
	finding->suppressed = "the table has ten rows";

	finding = add(bench, &check_rule, SEVERITY_WARNING, plain, "ADD CONSTRAINT\n\tusers_age CHECK (\n\t\tage > 0\n\t)",
		      "users_age is checked while reads and writes of public.users wait");
	finding->relation = "public.users";
	finding->detail = "every row is read under ACCESS EXCLUSIVE. A table of a hundred million rows takes minutes, and for so long "
			  "everything that touches it stands in the queue behind this statement, which also waits itself for the oldest reader";
	finding->partial = true;
	array_push(arena, &finding->because, "public.users was not made by this history");
	array_push(arena, &finding->related, (Related){plain, span_of(plain, "CREATE INDEX users_email"), "the transaction began here", NULL});
	array_push(arena, &finding->postgres, 18);

	add(bench, &check_rule, SEVERITY_NOTE, plain, "ALTER TABLE users\n  ADD a int,\n  ADD b int,\n  ADD c int,\n  ADD d int,\n  ADD e int,\n"
						      "  ADD f int,\n  ADD g int",
	    "seven columns at once");
	add(bench, &check_rule, SEVERITY_NOTE, plain, "\n", "an end of a line");
	add(bench, &quiet_rule, SEVERITY_NOTE, plain, NULL, "31 of 40 migrations set no lock_timeout");

	add(bench, &check_rule, SEVERITY_WARNING, long_line(arena), "(random())", "far to the right");

	add(bench, &index_rule, SEVERITY_ERROR, hostile, "CREATE INDEX \"cafe\xCC\x81\" ON t (\"\xE5\x9C\xB0\xE5\x9D\x80\")", "wide characters");
	add(bench, &check_rule, SEVERITY_ERROR, hostile, "'a\xE2\x80\xAE b'", "an escape \x1b[2J and\na line end | in a message");
	add(bench, &check_rule, SEVERITY_ERROR, hostile, "smile", "behind a character of two UTF-16 units, 100% sure");
	finding = add(bench, &check_rule, SEVERITY_ERROR, hostile, "SELECT", "the end of the file");
	finding->span = (Span){hostile->length, hostile->length};

	bench->run.summary = (Summary){.histories = 1, .files = 3, .migrations = 3, .statements = 19, .errors = 5, .warnings = 2,
				       .notes = 3, .suppressed = 1, .opaque = 1};
}

static void compare(const char *reporter, const char *file, ReportOptions options)
{
	Bench bench = {0};
	fill(&bench);
	Buf out = {0};
	reporter_by_name(reporter)->render(&out, &bench.run, &options);
	const char *path = arena_print(&bench.arena, "fixtures/reports/%s", file);
	if (getenv("UPDATE")) {
		FILE *stream = fopen(path, "w");
		assert_non_null(stream);
		fwrite(out.data, 1, out.length, stream);
		fclose(stream);
	}
	FILE *stream = fopen(path, "r");
	if (!stream)
		fail_msg("%s is missing", path);
	Buf expected = {0};
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, stream)) > 0;)
		buf_add(&expected, block, n);
	fclose(stream);
	assert_string_equal(out.data, expected.data);
	buf_free(&expected);
	buf_free(&out);
	arena_free(&bench.arena);
}

static void text(void **state UNUSED)
{
	compare("text", "findings.txt", (ReportOptions){0});
	compare("text", "findings-color.txt", (ReportOptions){.color = true});
	compare("text", "findings-quiet.txt", (ReportOptions){.quiet = true});
	compare("text", "findings-summary.txt", (ReportOptions){.summary_only = true});
}

static void json(void **state UNUSED)
{
	compare("json", "findings.json", (ReportOptions){0});
}

static void sarif(void **state UNUSED)
{
	compare("sarif", "findings.sarif", (ReportOptions){0});
}

static void gcc(void **state UNUSED)
{
	compare("gcc", "findings.gcc", (ReportOptions){0});
}

static void github(void **state UNUSED)
{
	compare("github", "findings.github", (ReportOptions){0});
}

static void gitlab(void **state UNUSED)
{
	compare("gitlab", "findings.gitlab.json", (ReportOptions){0});
}

static void junit(void **state UNUSED)
{
	compare("junit", "findings.junit.xml", (ReportOptions){0});
}

static void markdown(void **state UNUSED)
{
	compare("markdown", "findings.md", (ReportOptions){0});
}

/* Without colour no byte of any source or message may drive the terminal. */
static void nothing_raw_reaches_the_terminal(void **state UNUSED)
{
	static const char *const reporters[] = {"text", "gcc", "markdown"};
	for (size_t i = 0; i < LENGTH(reporters); i++) {
		Bench bench = {0};
		fill(&bench);
		Buf out = {0};
		reporter_by_name(reporters[i])->render(&out, &bench.run, &(ReportOptions){0});
		for (size_t at = 0; at < out.length; at++)
			if (((unsigned char)out.data[at] < 0x20 && out.data[at] != '\n') || out.data[at] == 0x7F)
				fail_msg("%s: byte %02x at %zu", reporters[i], (unsigned char)out.data[at], at);
		assert_null(strstr(out.data, "\xE2\x80\xAE"));
		buf_free(&out);
		arena_free(&bench.arena);
	}
}

static void machines_read_back(void **state UNUSED)
{
	static const char *const reporters[] = {"json", "sarif", "gitlab"};
	for (size_t i = 0; i < LENGTH(reporters); i++) {
		Bench bench = {0};
		fill(&bench);
		Buf out = {0};
		reporter_by_name(reporters[i])->render(&out, &bench.run, &(ReportOptions){0});
		json_error_t error;
		json_t *read = json_loadb(out.data, out.length, 0, &error);
		if (!read)
			fail_msg("%s: line %d: %s", reporters[i], error.line, error.text);
		json_decref(read);
		buf_free(&out);
		arena_free(&bench.arena);
	}
}

static void every_prefix_of_a_source_is_rendered(void **state UNUSED)
{
	Bench bench = {0};
	Source *hostile = source_new(&bench.arena, "h.sql", hostile_sql, sizeof hostile_sql - 1);
	RuleBook *rules = rule_book(&bench.arena);
	for (uint32_t start = 0; start <= hostile->length; start++)
		for (uint32_t end = start; end <= hostile->length; end += 7) {
			Finding finding = {.rule = &check_rule, .severity = SEVERITY_NOTE, .history = "h", .source = hostile,
					   .span = {start, end}, .message = "m", .migration = ""};
			Finding *list[] = {&finding};
			Run run = {.rules = rules};
			run.findings.items = list;
			run.findings.count = 1;
			for (const Reporter *const *reporter = all_reporters; *reporter; reporter++) {
				Buf out = {0};
				(*reporter)->render(&out, &run, &(ReportOptions){0});
				assert_true(out.length > 0);
				buf_free(&out);
			}
		}
	arena_free(&bench.arena);
}

static void uris(void **state UNUSED)
{
	static const char *const cases[][2] = {
		{"db/1.sql", "db/1.sql"},
		{"db/a[1] b%.sql", "db/a%5B1%5D%20b%25.sql"},
		{"/srv/h\xC3\xA9.sql", "file:///srv/h%C3%A9.sql"},
		{"C:/x.sql", "./C:/x.sql"},
		{"a/b:c#d?.sql", "a/b:c%23d%3F.sql"},
	};
	Arena arena = {0};
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_string_equal(path_uri(&arena, cases[i][0]), cases[i][1]);
	arena_free(&arena);
}

static void examples(void **state UNUSED)
{
	Arena arena = {0};
	static const char sql[] = "-- expect-file: x\nA;\t -- expect: x\n\nB -- why\n-- ddlint: file a\n\nC";
	assert_true(text_is(example_text(&arena, sql, false), "A;\n\nB -- why\n-- ddlint: file a\nC\n"));
	assert_true(text_is(example_text(&arena, sql, true), "A; -- flagged\n\nB -- why\n-- ddlint: file a\nC\n"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(sarif),
		cmocka_unit_test(gcc),
		cmocka_unit_test(github),
		cmocka_unit_test(gitlab),
		cmocka_unit_test(junit),
		cmocka_unit_test(markdown),
		cmocka_unit_test(nothing_raw_reaches_the_terminal),
		cmocka_unit_test(machines_read_back),
		cmocka_unit_test(every_prefix_of_a_source_is_rendered),
		cmocka_unit_test(uris),
		cmocka_unit_test(examples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
