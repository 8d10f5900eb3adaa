/*
 * Every folder of fixtures/layouts/ is read by its layout, found by itself, and compared with the .txt beside it: which
 * migrations, in which order, which files and bytes, inside a transaction or not, and what was left out.
 *
 * Run from the repository's root. `build/tests/layouts --write` writes the expected files anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/files.h"
#include "discover/layout.h"
#include "discover/layouts/element.h"
#include "discover/layouts/python.h"
#include "discover/settings.h"

static const char folder[] = "fixtures/layouts";

static void print_found(Arena *arena, Buf *buf, const char *path)
{
	const char *config = path_join(arena, path, ".ddlint.yml");
	DiscoverOptions options = {.paths = &path, .path_count = 1, .verbose = true};
	options.config_path = path_kind(config) == ENTRY_FILE ? config : "none";
	const Discovery *discovery = discover(arena, &options);
	discovery_print(buf, discovery);
	array_each(const Note, note, &discovery->notes)
		buf_addf(buf, "%s%s: %s\n", note->failure ? "failure: " : "", note->path ? note->path : "-", note->message);
	array_each(History *, history, &discovery->histories)
		history_free(*history);
}

static const char *found_in(Arena *arena, const char *name)
{
	Buf buf = {0};
	print_found(arena, &buf, path_join(arena, folder, name));
	const char *text = arena_copy(arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}

typedef ARRAY(const char *) Cases;

static void list_cases(Arena *arena, Cases *names)
{
	Entries entries = {0};
	const char *error = NULL;
	if (!folder_list(arena, folder, &entries, &error))
		die("%s: %s", folder, error);
	array_each(Entry, entry, &entries)
		if (entry->kind == ENTRY_FOLDER)
			array_push(arena, names, entry->name);
}

static void expected_is_found(void **state)
{
	Arena arena = {0};
	const char *name = *state, *error = NULL;
	size_t length;
	const char *expected = file_read(&arena, arena_print(&arena, "%s/%s.txt", folder, name), &length, &error);
	assert_non_null(expected);
	assert_string_equal(found_in(&arena, name), expected);
	arena_free(&arena);
}

static void each_layout_is_known(void **state)
{
	(void)state;
	for (const Layout *const *layout = all_layouts; *layout; layout++) {
		assert_ptr_equal(layout_by_name((*layout)->name), *layout);
		assert_true(!(*layout)->no_transaction_line || (*layout)->no_transaction);
	}
	assert_null(layout_by_name("no such layout"));
}

static void each_layout_has_a_fixture(void **state)
{
	(void)state;
	Arena arena = {0};
	Cases names = {0};
	list_cases(&arena, &names);
	const char *all = "";
	array_each(const char *, name, &names) {
		size_t length;
		const char *error = NULL, *text = file_read(&arena, arena_print(&arena, "%s/%s.txt", folder, *name), &length, &error);
		all = arena_join(&arena, all, text ? text : "", "");
	}
	for (const Layout *const *layout = all_layouts; *layout; layout++)
		if (!strstr(all, arena_print(&arena, ": %s (", (*layout)->title)))
			fail_msg("no fixture of %s", (*layout)->name);
	arena_free(&arena);
}

/* --- What tools send ------------------------------------------------------------------------------------------------------- */

/* In lower case, with one blank where there were several, and none around parentheses and commas. */
static const char *plain_words(Arena *arena, const char *text, size_t length)
{
	Buf words = {0};
	for (size_t i = 0; i < length; i++) {
		char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
		bool blank = c == ' ' || c == '\n' || c == '\t';
		char last = words.length ? words.data[words.length - 1] : ' ';
		if (blank ? strchr(" (),", last) != NULL : last == ' ' && words.length && strchr("(),", c))
			words.length -= !blank;
		if (!blank || !strchr(" (),", last))
			buf_addc(&words, blank ? ' ' : c);
	}
	while (words.length && strchr(" ;", words.data[words.length - 1]))
		words.length--;
	const char *copy = arena_copy(arena, words.data ? words.data : "", words.length);
	buf_free(&words);
	return copy;
}

typedef ARRAY(const char *) Statements;

static void add_words(Arena *arena, Statements *statements, const char *text, size_t length)
{
	const char *words = plain_words(arena, text, length);
	if (*words)
		array_push(arena, statements, words);
}

/* What `liquibase update-sql` printed: statements with an empty line behind each, and comments. */
static void read_printed(Arena *arena, const char *path, Statements *statements)
{
	const char *error = NULL;
	size_t length;
	const char *text = file_read(arena, path, &length, &error);
	assert_non_null(text);
	Buf one = {0};
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		size_t width = strcspn(line, "\n");
		if (!starts_with(line, "--"))
			buf_add(&one, line, width + 1);
		if (!width) {
			add_words(arena, statements, one.data, one.length);
			one.length = 0;
		}
	}
	buf_free(&one);
}

static void collect_statements(Arena *arena, Migration *migration, Statements *statements)
{
	SplitOptions options;
	script_split_options(migration, migration->up, &options);
	script_split(arena, migration->up, &options);
	const ParseText *text = &migration->up->text;
	array_each(Statement, statement, &migration->up->statements)
		add_words(arena, statements, text->bytes + statement->text.start, statement->text.end - statement->text.start);
}

static void assert_sends(const char *path, const char *expected)
{
	Arena arena = {0};
	DiscoverOptions options = {.paths = &path, .path_count = 1, .config_path = "none"};
	const Discovery *discovery = discover(&arena, &options);
	Statements ours = {0}, printed = {0};
	assert_int_equal(discovery->histories.count, 1);
	array_each(Migration *, item, &discovery->histories.items[0]->migrations)
		collect_statements(&arena, *item, &ours);
	read_printed(&arena, expected, &printed);
	for (uint32_t i = 0; i < ours.count && i < printed.count; i++)
		assert_string_equal(ours.items[i], printed.items[i]);
	assert_int_equal(ours.count, printed.count);
	history_free(discovery->histories.items[0]);
	arena_free(&arena);
}

/* Printed by Liquibase 4.28: liquibase update-sql. */
static void changes_are_the_sql_that_liquibase_sends(void **state)
{
	(void)state;
	assert_sends("fixtures/layouts/liquibase-changes", "fixtures/liquibase/update.sql");
}

/* Printed by Alembic 1.20: alembic upgrade head --sql, without what it does to its own table. */
static void operations_are_the_sql_that_alembic_sends(void **state)
{
	(void)state;
	assert_sends("fixtures/layouts/alembic-python", "fixtures/alembic/upgrade.sql");
}

/* --- What is cut off -------------------------------------------------------------------------------------------------------------- */

static File cut_source(Arena *arena, const char *path, const char *text, size_t length)
{
	/* A copy that ends there: what reads on is caught by the sanitizers. */
	return (File){.path = path, .relative = path, .name = path, .source = source_new(arena, path, arena_copy(arena, text, length), length)};
}

static void read_cut(Arena *arena, const LayoutContext *context, const File *file)
{
	if (ends_with(file->path, ".xml"))
		element_read_xml(context, file);
	else if (!ends_with(file->path, ".py"))
		element_read_yaml(context, file);
	PyStatements statements = python_statements(arena, file->source);
	array_each(PyStatement, statement, &statements) {
		uint32_t behind;
		const PyValue *value = python_value(arena, file->source, statement->span.start, statement->span.end, &behind);
		assert_true(value->span.start <= value->span.end && value->span.end <= file->source->length);
		assert_true(statement->span.end <= file->source->length);
	}
	settings_read(arena, (Text){file->source->bytes, file->source->length});
}

/* Every beginning of a changelog, a revision and a settings file can be read, by the readers of the others too. */
static void what_is_cut_off_ends_quietly(void **state)
{
	static const char *const paths[] = {
		"fixtures/layouts/liquibase-changes/parts/written.xml", "fixtures/layouts/liquibase-changes/parts/more.json",
		"fixtures/layouts/alembic-python/versions/3f00_concurrently.py", "fixtures/layouts/flyway-toml/flyway.toml",
	};
	(void)state;
	for (size_t i = 0; i < LENGTH(paths); i++) {
		Arena arena = {0};
		const char *error = NULL;
		size_t length;
		const char *text = file_read(&arena, paths[i], &length, &error);
		assert_non_null(text);
		for (size_t end = 0; end <= length; end++) {
			Arena one = {0};
			Discovery discovery = {0};
			const LayoutContext context = {.arena = &one, .discovery = &discovery};
			const File file = cut_source(&one, paths[i], text, end);
			read_cut(&one, &context, &file);
			/* The same with a byte there that does not belong. */
			static const char flaws[] = "\0\"'<>[](){}#&\\\n%";
			char *flawed = arena_copy(&one, text, length);
			flawed[end < length ? end : 0] = flaws[end % sizeof flaws];
			const File other = cut_source(&one, paths[i], flawed, length);
			read_cut(&one, &context, &other);
			arena_free(&one);
		}
		arena_free(&arena);
	}
}

static int write_expected(Arena *arena, const Cases *names)
{
	array_each(const char *, name, names) {
		const char *text = found_in(arena, *name), *error = NULL;
		if (!file_write(arena_print(arena, "%s/%s.txt", folder, *name), text, strlen(text), &error))
			die("%s.txt: %s", *name, error);
	}
	return 0;
}

int main(int argc, char **argv)
{
	Arena arena = {0};
	Cases names = {0};
	list_cases(&arena, &names);
	if (argc > 1 && same(argv[1], "--write"))
		return write_expected(&arena, &names);
	struct CMUnitTest *tests = new_array(&arena, struct CMUnitTest, names.count + 5);
	for (uint32_t i = 0; i < names.count; i++)
		tests[i] = (struct CMUnitTest){.name = names.items[i], .test_func = expected_is_found, .initial_state = (void *)names.items[i]};
	tests[names.count] = (struct CMUnitTest)cmocka_unit_test(each_layout_is_known);
	tests[names.count + 4] = (struct CMUnitTest)cmocka_unit_test(each_layout_has_a_fixture);
	tests[names.count + 3] = (struct CMUnitTest)cmocka_unit_test(what_is_cut_off_ends_quietly);
	tests[names.count + 2] = (struct CMUnitTest)cmocka_unit_test(operations_are_the_sql_that_alembic_sends);
	tests[names.count + 1] = (struct CMUnitTest)cmocka_unit_test(changes_are_the_sql_that_liquibase_sends);
	int failures = _cmocka_run_group_tests("layouts", tests, names.count + 5, NULL, NULL);
	arena_free(&arena);
	return failures;
}
