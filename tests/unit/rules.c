/*
 * Runs every fixture of every rule through the whole pipeline, and checks that every rule is complete.
 *
 * fixtures/rules/<id>/bad.sql and good.sql, and any further .sql. `expect: <id>` in a comment marks a line on which a
 * finding must begin, `expect: <id> note` its severity too, `expect-file: <id>` a finding about the whole file. Nothing
 * else may be found of the rules that a fixture names or lies under; and where a bad.sql of a locking or destructive
 * rule expects a finding, no other such rule may speak: one hazard, one finding. `-- config: …` in the first lines is
 * the configuration. `-- ddlint: file NAME` begins the next file of a history; without such lines the fixture is a
 * single file in the open world. `-- git: main` and `-- git: branch` make it a repository: see start_branch.
 */
#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files.h"
#include "judge/rule.h"
#include "lint.h"

enum { WHOLE_FILE = 0 };

typedef struct Expectation {
	const char *file;
	uint32_t line; /* or WHOLE_FILE */
	const char *rule;
	Severity severity; /* SEVERITY_UNSET: any */
	bool met;
} Expectation;

typedef struct Fixture {
	Arena *arena;
	const RuleEntry *entry;
	const char *path;
	const char *folder; /* temporary */
	const char *config; /* path of the written configuration, or "none" */
	const char *first_file;
	const char *since; /* it is a repository: see start_branch */
	bool history; /* several files */
	bool layout;  /* said by the configuration; else a history is plain */
	bool bad;
	ARRAY(Expectation) expectations;
	ARRAY(const char *) rules; /* whose findings are compared */
	uint32_t failures;
} Fixture;

static void fail_fixture(Fixture *fixture, const char *file, uint32_t line, const char *what, const char *rule,
			 const char *message)
{
	fprintf(stderr, "%s: %s:%u: %s %s%s%s\n", fixture->path, file, line, what, rule, message ? ": " : "",
		message ? message : "");
	fixture->failures++;
}

static bool is_compared(const Fixture *fixture, const char *id)
{
	array_each (const char *, rule, &fixture->rules)
		if (same(*rule, id))
			return true;
	return false;
}

static char *word_at(Arena *arena, const char *text)
{
	size_t length = 0;

	while (islower((unsigned char)text[length]) || isdigit((unsigned char)text[length]) || text[length] == '-')
		length++;
	return arena_copy(arena, text, length);
}

/* `expect: column-dropped warning` asks for the severity too. */
static Severity expected_severity(Arena *arena, const char *behind_rule)
{
	Severity severity = SEVERITY_UNSET;

	if (*behind_rule == ' ' && !severity_by_word(word_at(arena, behind_rule + 1), &severity))
		return SEVERITY_UNSET;
	return severity;
}

static void note_expectations(Fixture *fixture, const char *line, const char *file, uint32_t number)
{
	static const char *const marks[] = {"expect: ", "expect-file: "};

	for (size_t i = 0; i < LENGTH(marks); i++) {
		const char *found = strstr(line, marks[i]);
		if (!found)
			continue;
		const char *id = word_at(fixture->arena, found + strlen(marks[i]));
		if (!rule_by_id(id))
			fail_fixture(fixture, file, number, "there is no rule", id, NULL);
		array_push(fixture->arena, &fixture->expectations,
			   (Expectation){.file = path_name(file),
					 .line = i == 0 ? number : WHOLE_FILE,
					 .rule = id,
					 .severity = expected_severity(fixture->arena,
								       found + strlen(marks[i]) + strlen(id))});
		if (!is_compared(fixture, id))
			array_push(fixture->arena, &fixture->rules, id);
	}
}

static FILE *open_part(Fixture *fixture, const char *name)
{
	const char *path = arena_print(fixture->arena, "%s/%s", fixture->folder, name), *error;

	assert_true(folder_make(path_parent(fixture->arena, path), &error));
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	return out;
}

/* `-- git: main` ends what both sides have, `-- git: branch` what main got since; what follows is the branch's, linted --since main. */
static void start_branch(Fixture *fixture, bool main_goes_on)
{
	static const char commit[] = "git add -A && git -c user.name=a -c user.email=a@example.org commit -qm x";
	const char *command = main_goes_on ? arena_print(fixture->arena, "cd %s && git init -q -b main . && %s", fixture->folder, commit)
					   : arena_print(fixture->arena, "cd %s && %s && git checkout -qb branch HEAD~1", fixture->folder, commit);

	assert_int_equal(system(command), 0);
	fixture->since = "main";
}

/* Writes the fixture's parts and its configuration into the temporary folder. */
static void unpack(Fixture *fixture)
{
	static const char next_file[] = "-- ddlint: file ", config[] = "-- config: ", git[] = "-- git: ";
	FILE *in = fopen(fixture->path, "r"), *out = NULL;
	char *line = NULL;
	size_t size = 0;
	const char *file = NULL;
	uint32_t number = 0;

	assert_non_null(in);
	fixture->config = "none";
	for (ssize_t length; (length = getline(&line, &size, in)) > 0;) {
		if (starts_with(line, config)) {
			FILE *yaml = open_part(fixture, ".ddlint.yml");
			fputs(line + sizeof config - 1, yaml);
			fclose(yaml);
			fixture->config = arena_print(fixture->arena, "%s/.ddlint.yml", fixture->folder);
			fixture->layout = strstr(line, "layout:") != NULL;
			continue;
		}
		if (starts_with(line, git)) {
			fclose(out);
			out = NULL;
			start_branch(fixture, same(line + sizeof git - 1, "main\n"));
			continue;
		}
		bool next = starts_with(line, next_file);
		if (next || !file) {
			if (out)
				fclose(out);
			file = next ? arena_copy(fixture->arena, line + sizeof next_file - 1,
						 strcspn(line + sizeof next_file - 1, " \n"))
				    : "change.sql";
			out = open_part(fixture, file);
			number = 0;
			if (!fixture->first_file)
				fixture->first_file = file;
			if (next) {
				fixture->history = true;
				continue;
			}
		}
		number++;
		note_expectations(fixture, line, file, number);
		fwrite(line, 1, (size_t)length, out);
	}
	if (out)
		fclose(out);
	fclose(in);
	free(line);
}

static bool claims_a_hazard(const Rule *rule)
{
	return rule->category == LOCKING || rule->category == DESTRUCTIVE;
}

static bool meets(Fixture *fixture, const Finding *finding, const char *file, uint32_t line)
{
	array_each (Expectation, expected, &fixture->expectations) {
		if (expected->met || !same(expected->file, file) || expected->line != line ||
		    !same(expected->rule, rule_id(finding->rule)))
			continue;
		if (expected->severity != SEVERITY_UNSET && expected->severity != finding->severity)
			fail_fixture(fixture, file, line, "of another severity:", rule_id(finding->rule),
				     severity_word(finding->severity));
		expected->met = true;
		return true;
	}
	return false;
}

static void compare(Fixture *fixture, const Finding *finding)
{
	const char *file = finding->source ? path_name(finding->source->path) : "";
	uint32_t line = finding->whole_file || !finding->source
				? WHOLE_FILE
				: source_position(finding->source, finding->span.start).line;

	if (finding->suppressed)
		return;
	if (is_compared(fixture, rule_id(finding->rule))) {
		if (!meets(fixture, finding, file, line))
			fail_fixture(fixture, file, line, "not expected", rule_id(finding->rule), finding->message);
		return;
	}
	if (!fixture->bad || !claims_a_hazard(fixture->entry->rule) || !claims_a_hazard(finding->rule))
		return;
	array_each (Expectation, expected, &fixture->expectations)
		if (same(expected->file, file) && expected->line == line)
			fail_fixture(fixture, file, line, "a second finding for one hazard", rule_id(finding->rule),
				     finding->message);
}

static void remove_folder(const char *folder)
{
	Arena arena = {0};

	assert_int_equal(system(arena_print(&arena, "rm -rf %s", folder)), 0);
	arena_free(&arena);
}

/* How many things are wrong with the fixture. */
static uint32_t run_fixture(const RuleEntry *entry, const char *path)
{
	Arena arena = {0};
	char folder[] = "/tmp/ddlint-rules-XXXXXX";
	Fixture fixture = {.arena = &arena, .entry = entry, .path = path, .bad = ends_with(path, "/bad.sql")};

	assert_non_null(mkdtemp(folder));
	fixture.folder = folder;
	array_push(&arena, &fixture.rules, entry->id);
	unpack(&fixture);

	const char *subject = fixture.history ? folder : arena_print(&arena, "%s/%s", folder, fixture.first_file);
	DiscoverOptions discover_options = {
		.paths = &subject,
		.path_count = 1,
		.layout = fixture.history && !fixture.layout ? "plain" : NULL,
		.config_path = fixture.config,
		.no_history = !fixture.history,
		.since = fixture.since,
	};
	Discovery *discovery = discover(&arena, &discover_options);
	array_each (Note, note, &discovery->notes)
		if (note->failure)
			fail_fixture(&fixture, note->path ? note->path : "", note->line,
				     "cannot be read:", note->message, NULL);

	/* By its own name too: a rule that only packs switch on is on here. */
	const char *const wanted[] = {entry->id, "all"};
	LintOptions options = {.jobs = 1, .select = wanted, .select_count = 2, .today = "2026-06-01"};
	Run *run = lint(&arena, discovery, &options);
	array_each (Finding *, finding, &run->findings)
		compare(&fixture, *finding);
	array_each (Expectation, expected, &fixture.expectations)
		if (!expected->met)
			fail_fixture(&fixture, expected->file, expected->line, "missed:", expected->rule, NULL);
	if (fixture.bad && fixture.expectations.count == 0)
		fail_fixture(&fixture, fixture.first_file, 0, "a bad.sql expects nothing of", entry->id, NULL);
	if (ends_with(path, "/good.sql") && fixture.expectations.count > 0)
		fail_fixture(&fixture, fixture.first_file, 0, "a good.sql must expect nothing of", entry->id, NULL);

	remove_folder(folder);
	arena_free(&arena);
	return fixture.failures;
}

static uint32_t words(const char *text)
{
	uint32_t count = 0;

	for (const char *c = text; *c; c++)
		if (*c != ' ' && (c == text || c[-1] == ' '))
			count++;
	return count;
}

static void rule_is_complete(const RuleEntry *entry)
{
	const Rule *rule = entry->rule;
	Arena arena = {0};

	assert_string_equal(entry->id, kebab(&arena, rule->name));
	assert_non_null(rule->summary);
	assert_true(words(rule->summary) <= 10);
	assert_false(ends_with(rule->summary, "."));
	assert_non_null(rule->why);
	assert_true(ends_with(rule->why, "."));
	assert_non_null(rule->instead);
	assert_non_null(rule->manual);
	assert_non_null(strstr(rule->manual, ".html"));
	assert_non_null(rule->since);
	assert_true(rule->severity >= SEVERITY_OFF && rule->severity <= SEVERITY_ERROR);
	for (const RuleOptionInfo *option = rule->options; option && option->name; option++) {
		assert_non_null(option->fallback);
		assert_non_null(option->help);
	}
	assert_true(entry->bad && *entry->bad);
	assert_true(entry->good && *entry->good);
	arena_free(&arena);
}

static bool sets_option(const char *path, const char *option)
{
	char line[1024] = "", mark[128];
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	bool first = fgets(line, sizeof line, in) != NULL;
	fclose(in);
	snprintf(mark, sizeof mark, "%s:", option);
	return first && starts_with(line, "-- config: ") && strstr(line, mark);
}

/* What an option does is shown by a fixture whose configuration sets it. */
static uint32_t options_without_fixture(const RuleEntry *entry, const char *folder)
{
	Arena arena = {0};
	uint32_t missing = 0;

	for (const RuleOptionInfo *option = entry->rule->options; option && option->name; option++) {
		bool found = false;
		DIR *listing = opendir(folder);
		for (struct dirent *file; (file = readdir(listing)) && !found;)
			found = ends_with(file->d_name, ".sql") && sets_option(arena_print(&arena, "%s/%s", folder, file->d_name), option->name);
		closedir(listing);
		if (!found)
			fprintf(stderr, "%s: no fixture sets %s\n", folder, option->name);
		missing += !found;
	}
	arena_free(&arena);
	return missing;
}

static void check_rule(void **state)
{
	const RuleEntry *entry = *state;
	Arena arena = {0};
	uint32_t failures = 0;

	rule_is_complete(entry);
	const char *folder = arena_print(&arena, "fixtures/rules/%s", entry->id);
	DIR *listing = opendir(folder);
	assert_non_null(listing);
	for (struct dirent *file; (file = readdir(listing));)
		if (ends_with(file->d_name, ".sql") && !starts_with(file->d_name, "fix")) /* tests/fix.sh runs those */
			failures += run_fixture(entry, arena_print(&arena, "%s/%s", folder, file->d_name));
	closedir(listing);
	failures += options_without_fixture(entry, folder);
	arena_free(&arena);
	assert_int_equal(failures, 0);
}

/* A folder of fixtures without a rule is a rule that was renamed or lost. */
static void every_folder_has_its_rule(void **state UNUSED)
{
	DIR *listing = opendir("fixtures/rules");

	assert_non_null(listing);
	for (struct dirent *folder; (folder = readdir(listing));) {
		if (folder->d_name[0] == '.')
			continue;
		if (!rule_by_id(folder->d_name))
			fail_msg("fixtures/rules/%s belongs to no rule", folder->d_name);
	}
	closedir(listing);
}

int main(void)
{
	Arena arena = {0};
	struct CMUnitTest *tests = new_array(&arena, struct CMUnitTest, rule_count + 1);

	tests[0] = (struct CMUnitTest)cmocka_unit_test(every_folder_has_its_rule);
	for (uint32_t i = 0; i < rule_count; i++)
		tests[i + 1] = (struct CMUnitTest){.name = all_rules[i].id,
						   .test_func = check_rule,
						   .initial_state = (void *)(uintptr_t)&all_rules[i]};
	int failed = _cmocka_run_group_tests("rules", tests, rule_count + 1, NULL, NULL);
	arena_free(&arena);
	return failed;
}
