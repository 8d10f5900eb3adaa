#include "discover/config_keys.h"
#include "discover/pattern.h"
#include "judge/rule_book.h"
#include "lint.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

static Arena arena;

/* --- The names that exist ---------------------------------------------------------------------------------------- */

static ConfigOptions options;

static const char *const layouts[] = {"flyway", "golang-migrate", "goose", "plain"};
static const char *const actions[] = {"create-trigger", "drop-index"};

/*
 * The real rules, of which one has options that no real one has together, a number and a list; few layouts and actions, as messages
 * list them all. Own rules are not read here.
 */
static int ask_what_is_known(void **state UNUSED)
{
	static const RuleOptionInfo both[] = {{"minutes", "5", ""}, {"tables", "", ""}, {0}};
	known_names(&arena, rule_book(&arena), &options);
	KnownRule *rules = new_array(&arena, KnownRule, options.rule_count);
	memcpy(rules, options.rules, options.rule_count * sizeof *rules);
	for (uint32_t i = 0; i < options.rule_count; i++)
		if (same(rules[i].id, "lock-held-during-work"))
			rules[i].options = both;
	options.rules = rules;
	options.layouts = layouts;
	options.layout_count = LENGTH(layouts);
	options.actions = actions;
	options.action_count = LENGTH(actions);
	options.read_rules = NULL;
	options.read_functions = NULL;
	return 0;
}

static const char *listed(const ConfigErrors *errors)
{
	Buf buf = {0};
	buf_adds(&buf, "");
	array_each(const ConfigError, error, errors) {
		if (error->line)
			buf_addf(&buf, "%s:%u: %s\n", error->path, error->line, error->message);
		else
			buf_addf(&buf, "%s: %s\n", error->path, error->message);
	}
	const char *text = arena_copy(&arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

static const Config *read_good(const char *path)
{
	ConfigErrors errors = {0};
	const Config *config = config_read(&arena, path, &options, &errors);
	if (!config || errors.count)
		fail_msg("%s", listed(&errors));
	return config;
}

static const char *write_file(const char *text)
{
	char path[] = "/tmp/ddlint-config-XXXXXX";
	int file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	return arena_string(&arena, path);
}

static const Config *read_text(const char *text)
{
	const char *path = write_file(text);
	const Config *config = read_good(path);
	unlink(path);
	return config;
}

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	char chunk[65536];
	size_t length = fread(chunk, 1, sizeof chunk, file);
	fclose(file);
	return arena_copy(&arena, chunk, length);
}

/* --- Fixtures ------------------------------------------------------------------------------------------------- */

static int yml_only(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".yml");
}

/*
 * Each fixtures/config/bad/x.yml gives exactly the messages of x.errors; UPDATE=1 in the environment writes them
 * anew.
 */
static void bad_files_give_their_messages(void **state UNUSED)
{
	struct dirent **entries;
	int count = scandir("fixtures/config/bad", &entries, yml_only, alphasort);
	assert_true(count > 20);
	int wrong = 0;
	for (int i = 0; i < count; i++) {
		const char *path = arena_print(&arena, "fixtures/config/bad/%s", entries[i]->d_name);
		const char *expected_path = arena_print(&arena, "%.*s.errors", (int)strlen(path) - 4, path);
		ConfigErrors errors = {0};
		assert_null(config_read(&arena, path, &options, &errors));
		const char *messages = listed(&errors);
		const char *expected = file_text(expected_path);
		if (getenv("UPDATE")) {
			FILE *file = fopen(expected_path, "wb");
			assert_non_null(file);
			fputs(messages, file);
			fclose(file);
		} else if (!expected || !same(expected, messages)) {
			print_error("%s: expected\n%sbut got\n%s", path, expected ? expected : "(no file)\n", messages);
			wrong++;
		}
		free(entries[i]);
	}
	free(entries);
	assert_int_equal(wrong, 0);
}

static void good_files_give_none(void **state UNUSED)
{
	struct dirent **entries;
	int count = scandir("fixtures/config/good", &entries, yml_only, alphasort);
	assert_true(count > 5);
	for (int i = 0; i < count; i++) {
		read_good(arena_print(&arena, "fixtures/config/good/%s", entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
}

/* --- What is read --------------------------------------------------------------------------------------------- */

static void defaults(void **state UNUSED)
{
	const Config *empty = read_good("fixtures/config/good/empty.yml");
	const Config *none = config_read(&arena, NULL, &options, &(ConfigErrors){0});
	const Config *configs[] = {empty, none, config_default(&arena), read_good("fixtures/config/good/comment.yml"),
				   read_good("fixtures/config/good/nothing-said.yml")};
	for (size_t i = 0; i < LENGTH(configs); i++) {
		assert_non_null(configs[i]);
		assert_int_equal(configs[i]->postgres_low, 15);
		assert_int_equal(configs[i]->postgres_high, 15);
		assert_null(configs[i]->layout);
		assert_int_equal(configs[i]->fail_on, SEVERITY_UNSET);
		assert_int_equal(configs[i]->on_unknown, ON_UNKNOWN_WARN);
		assert_int_equal(config_severity(configs[i], "column-dropped", "destructive", SEVERITY_UNSET, "a.sql"), SEVERITY_UNSET);
		assert_null(config_option(configs[i], "lock-held-during-work", "minutes", "a.sql"));
		assert_false(config_is_hot(configs[i], "public.users"));
		assert_false(config_excludes(configs[i], "a.sql"));
	}
	assert_null(none->path);
	assert_string_equal(empty->folder, "fixtures/config/good");
}

static void the_whole_contract(void **state UNUSED)
{
	const Config *config = read_good("fixtures/config/good/contract.yml");
	assert_int_equal(config->packs.count, 1);
	assert_string_equal(config->packs.items[0], "recommended");
	assert_int_equal(config->postgres_low, 15);
	assert_int_equal(config->postgres_high, 18);
	assert_null(config->layout);
	assert_string_equal(config->released, "git:origin/main");
	assert_int_equal(config->runner.transaction, RUNNER_MIGRATION);
	assert_string_equal(config->runner.connection, "migration");
	assert_string_equal(config->runner.role, "migrator");
	assert_int_equal(config->session.count, 4);
	assert_string_equal(config->session.items[0].name, "lock_timeout");
	assert_string_equal(config->session.items[0].value, "5s");
	assert_string_equal(config->session.items[2].value, "app, public");
	assert_string_equal(config->placeholders.items[0].value, "app");
	assert_string_equal(config->start_schema, "fixtures/config/good/db/structure.sql");
	assert_string_equal(config->rollback.items[0], "rollback_{name}.sql");
	assert_string_equal(config->custom_rules.items[0], "fixtures/config/good/db/rules.yml");
	assert_true(config_is_hot(config, "public.users"));
	assert_true(config_is_hot(config, "public.orders_7"));
	assert_false(config_is_hot(config, "public.my_orders_7"));
	assert_string_equal(config->heat.statistics, "fixtures/config/good/db/stats.csv");
	assert_true(config->heat.redact);
	assert_int_equal(config->metadata.required.count, 2);
	assert_string_equal(config->metadata.required.items[1].keys.items[1], "plan");
	assert_true(pattern_matches(config->metadata.patterns.items[0].pattern, "team-a"));
	assert_string_equal(config->metadata.max_runtime, "30min");
	assert_string_equal(config->approvals.due.items[0].roles.items[1], "cto");
	assert_string_equal(config->approvals.source, "git-trailer");
	assert_int_equal(config->deprecation.releases, 2);
	assert_int_equal(config->deprecation.days, 30);
	assert_string_equal(config->companions.items[0].require, "prisma/schema.prisma");
	assert_true(config_excludes(config, "db/seeds/a.sql"));
	assert_int_equal(config->fail_on, SEVERITY_ERROR);
	assert_int_equal(config->projects.count, 1);
	assert_string_equal(config->projects.items[0].config->released, "git:origin/main");
	assert_string_equal(config_option(config, "lock-held-during-work", "minutes", NULL), "30");
	assert_int_equal(config_severity(config, "lock-held-during-work", "transactions", SEVERITY_UNSET, NULL), SEVERITY_NOTE);
	assert_int_equal(config_severity(config, "rollback-missing", "rollback", SEVERITY_UNSET, NULL), SEVERITY_ERROR);
}

static void paths_of_extended_files_start_there(void **state UNUSED)
{
	const char *folder = realpath("fixtures/config/good/org", (char[4096]){0});
	const Config *config = read_text(arena_print(&arena, "extends: ['%s/ddlint-org.yml']\n", folder));
	assert_true(ends_with(config->released, "/fixtures/config/good/org/applied.csv"));
	assert_true(starts_with(config->released, "file:/"));
	assert_true(ends_with(config->heat.statistics, "/fixtures/config/good/org/../stats.csv"));
}

static void limits_classes_and_marks(void **state UNUSED)
{
	const Config *config = config_default(&arena);
	assert_true(config->heat.limits.hot_percent == 1 && config->heat.limits.tiny_bytes == 8 << 20);
	config = read_text("heat: {hot-percent: 0.5, tiny-rows: 100, tiny-bytes: 64 kB, hottest: 7, stale-days: 8}\n"
			   "phases: {create-trigger: migrate}\n"
			   "risks: {drop-index: controlled}\n"
			   "deprecation:\n"
			   "  marks:\n"
			   "  - {object: users.fax, since: 2026-01-10, remove-after: 2026-07-10}\n"
			   "  - {object: users.telex, since: 1970-01-02, remove-after: 2 releases}\n"
			   "  - {object: letters, since: 1970-01-02, remove-after: 90d}\n");
	assert_true(config->heat.limits.hot_percent == 0.5 && config->heat.limits.tiny_rows == 100);
	assert_true(config->heat.limits.tiny_bytes == 65536);
	assert_int_equal(config->heat.limits.queries, 7);
	assert_int_equal(config->heat.limits.stale_days, 8);
	assert_string_equal(config->phases.items[0].action, "create-trigger");
	assert_string_equal(config->phases.items[0].word, "migrate");
	assert_string_equal(config->risks.items[0].word, "controlled");
	assert_int_equal(config->deprecation.marks.count, 3);
	const DeprecationMark *marks = config->deprecation.marks.items;
	assert_string_equal(marks[0].object, "users.fax");
	assert_true(marks[0].until - marks[0].since == 181 && marks[1].since == 1);
	assert_true(marks[1].releases == 2 && marks[1].until == -1 && !marks[1].days);
	assert_true(marks[2].days == 90 && !marks[2].releases);
}

static void ranges_of_majors(void **state UNUSED)
{
	static const struct {
		const char *text;
		int low, high;
	} cases[] = {
		{"15", 15, 15}, {"15-18", 15, 18}, {"'11'", 11, 11},
		{"[16, 15]", 15, 16}, {"[13-14, 17]", 13, 17}, {"18-18", 18, 18},
	};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const Config *config = read_text(arena_print(&arena, "postgres: %s\n", cases[i].text));
		assert_int_equal(config->postgres_low, cases[i].low);
		assert_int_equal(config->postgres_high, cases[i].high);
	}
	static const char *const wrong[] = {
		"", "1", "9", "10", "19", "115", "15-", "-15", "15-9", "15-19", "15-16-17", "15 ", "a",
	};
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		int low = 0, high = 0;
		assert_false(postgres_range(wrong[i], &low, &high));
		assert_int_equal(low, 0);
	}
}

static void durations(void **state UNUSED)
{
	static const char *const right[] = {"5s", "15min", "0", "1.5 h", "250ms", "10us", "7d", "5000"};
	static const char *const wrong[] = {"", "s", "5S", "-1", "5 seconds", "5m", ".", "5s5", "0x10", "1..5s"};
	for (size_t i = 0; i < LENGTH(right); i++)
		assert_true(is_duration(right[i], true));
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_false(is_duration(wrong[i], true));
	assert_false(is_duration("5000", false));
	assert_true(is_duration("0", false));
}

static void the_special_overrules_the_general(void **state UNUSED)
{
	const Config *config = read_good("fixtures/config/good/order.yml");
	assert_int_equal(config_severity(config, "column-dropped", "destructive", SEVERITY_UNSET, NULL), SEVERITY_ERROR);
	assert_int_equal(config_severity(config, "table-dropped", "destructive", SEVERITY_UNSET, NULL), SEVERITY_WARNING);
	assert_int_equal(config_severity(config, "not-idempotent", "idempotency", SEVERITY_UNSET, NULL), SEVERITY_OFF);
	/* A nearer "all" overrules a pack's single rules. */
	config = read_good("fixtures/config/good/packs.yml");
	assert_int_equal(config_severity(config, "not-idempotent", "idempotency", SEVERITY_UNSET, NULL), SEVERITY_OFF);
	assert_int_equal(config_severity(config, "not-null-scans", "locking", SEVERITY_UNSET, NULL), SEVERITY_WARNING);
}

/* "all" and categories are refused for each rule that is enforced, and for no other. */
static void what_is_enforced_is_not_weakened_in_passing(void **state UNUSED)
{
	static const char *const texts[] = {"rules: {all: note}", "overrides: [{paths: ['legacy/**'], rules: {destructive: note}}]"};
	static const char *const not_enforced[] = {"rules: backfill-unbatched ", "rules: column-dropped "};
	char here[4096];
	assert_non_null(getcwd(here, sizeof here));
	for (size_t i = 0; i < LENGTH(texts); i++) {
		ConfigErrors errors = {0};
		const char *path = write_file(arena_print(&arena, "extends: [%s/fixtures/config/bad/org/org.yml]\n%s\n", here, texts[i]));
		assert_null(config_read(&arena, path, &options, &errors));
		unlink(path);
		assert_true(errors.count >= 1);
		array_each (const ConfigError, error, &errors) {
			assert_non_null(strstr(error->message, " is enforced by "));
			for (size_t other = 0; other < LENGTH(not_enforced); other++)
				assert_false(starts_with(error->message, not_enforced[other]));
		}
	}
}

/* "all: note" for old files must not bring what only packs switch on. */
static void what_is_off_is_switched_on_by_its_name_only(void **state UNUSED)
{
	const Config *config = read_good("fixtures/config/good/order.yml");
	assert_int_equal(config_severity(config, "table-dropped", "destructive", SEVERITY_OFF, NULL), SEVERITY_OFF);
	assert_int_equal(config_severity(config, "column-dropped", "destructive", SEVERITY_OFF, NULL), SEVERITY_ERROR);
}

static void packs_from_the_command_line_come_first(void **state UNUSED)
{
	static const char *const packs[] = {"idempotent"};
	ConfigOptions with_pack = options;
	with_pack.packs = packs;
	with_pack.pack_count = 1;
	ConfigErrors errors = {0};
	const Config *config = config_read(&arena, NULL, &with_pack, &errors);
	assert_int_equal(config_severity(config, "not-idempotent", "idempotency", SEVERITY_UNSET, NULL), SEVERITY_ERROR);
	config = config_read(&arena, "fixtures/config/good/packs.yml", &with_pack, &errors);
	assert_int_equal(config_severity(config, "not-idempotent", "idempotency", SEVERITY_UNSET, NULL), SEVERITY_OFF);
	assert_int_equal(config->packs.count, 11); /* strict extends eight */
	static const char *const unknown[] = {"idempotnt"};
	with_pack.packs = unknown;
	assert_null(config_read(&arena, NULL, &with_pack, &errors));
	assert_string_equal(errors.items[0].path, "--pack");
	assert_non_null(strstr(errors.items[0].message, "\"idempotent\""));
}

static void overrides_by_path(void **state UNUSED)
{
	const Config *config = read_good("fixtures/config/good/overrides.yml");
	static const struct {
		const char *rule, *category, *path;
		Severity severity;
	} cases[] = {
		{"column-dropped", "destructive", "new/a.sql", SEVERITY_WARNING},
		{"column-dropped", "destructive", NULL, SEVERITY_WARNING},
		{"column-dropped", "destructive", "legacy/a.sql", SEVERITY_OFF},
		{"column-dropped", "destructive", "x.old.sql", SEVERITY_OFF},
		{"column-dropped", "destructive", "legacy/keep/a.sql", SEVERITY_ERROR},
		{"table-dropped", "destructive", "legacy/keep/a.sql", SEVERITY_NOTE},
	};
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_int_equal(config_severity(config, cases[i].rule, cases[i].category, SEVERITY_UNSET, cases[i].path),
				 cases[i].severity);
	assert_string_equal(config_option(config, "lock-held-during-work", "minutes", "legacy/a.sql"), "50");
	assert_string_equal(config_option(config, "lock-held-during-work", "minutes", "legacy/keep/a.sql"), "50");
	assert_string_equal(config_option(config, "lock-held-during-work", "minutes", "new/a.sql"), "5");
	assert_null(config_option(config, "lock-held-during-work", "tables", "new/a.sql"));
}

static void options_may_be_lists(void **state UNUSED)
{
	const Config *config = read_text("rules: {lock-held-during-work: {tables: [a, 'b c'], minutes: 7}}\n");
	assert_string_equal(config_option(config, "lock-held-during-work", "tables", NULL), "a\nb c");
	assert_int_equal(config_severity(config, "lock-held-during-work", "transactions", SEVERITY_UNSET, NULL), SEVERITY_UNSET);
}

static void projects_inherit_and_change_nothing_above(void **state UNUSED)
{
	const Config *config = read_good("fixtures/config/good/projects.yml");
	assert_int_equal(config->projects.count, 2);
	const Config *billing = config->projects.items[0].config, *ledger = config->projects.items[1].config;
	assert_string_equal(config->projects.items[0].path, "services/billing/db");
	const struct {
		const Config *config;
		int low, high;
		const char *lock_timeout, *schema;
		Severity dropped;
		bool invoices_hot, excludes[3];
	} cases[] = {
		{config, 15, 15, "5s", "app", SEVERITY_NOTE, false, {true, false, false}},
		{billing, 16, 17, "1s", "billing", SEVERITY_ERROR, true, {true, true, false}},
		{ledger, 15, 15, "5s", "app", SEVERITY_NOTE, false, {true, false, true}},
	};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const Config *one = cases[i].config;
		assert_int_equal(one->postgres_low, cases[i].low);
		assert_int_equal(one->postgres_high, cases[i].high);
		assert_int_equal(one->session.count, 2);
		assert_string_equal(one->session.items[0].value, cases[i].lock_timeout);
		assert_string_equal(one->placeholders.items[0].value, cases[i].schema);
		assert_int_equal(config_severity(one, "column-dropped", "destructive", SEVERITY_UNSET, NULL), cases[i].dropped);
		assert_true(config_is_hot(one, "public.users"));
		assert_int_equal(config_is_hot(one, "public.Invoices"), cases[i].invoices_hot);
		assert_int_equal(config_excludes(one, "a/x.sql"), cases[i].excludes[0]);
		assert_int_equal(config_excludes(one, "b/x.sql"), cases[i].excludes[1]);
		assert_int_equal(config_excludes(one, "c/x.sql"), cases[i].excludes[2]);
	}
	assert_int_equal(config->packs.count, 0);
	assert_int_equal(billing->packs.count, 1);
	assert_int_equal(ledger->projects.count, 0);
}

static void without_known_names_none_is_checked(void **state UNUSED)
{
	ConfigErrors errors = {0};
	const char *path = write_file("layout: unheard-of\nrules: {mine: error, yours: {x: 3}}\n");
	const Config *config = config_read(&arena, path, NULL, &errors);
	unlink(path);
	assert_non_null(config);
	assert_string_equal(config->layout, "unheard-of");
	assert_string_equal(config_option(config, "yours", "x", NULL), "3");
	errors = (ConfigErrors){0};
	assert_null(config_read(&arena, "fixtures/config/bad/enforced-by-itself.yml", NULL, &errors));
}

static void pending_keys_are_told(void **state UNUSED)
{
	ConfigLines lines = {0};
	config_pending(&arena, config_default(&arena), &lines);
	assert_int_equal(lines.count, 0);
	config_pending(&arena, read_good("fixtures/config/good/contract.yml"), &lines);
	assert_true(lines.count >= 1);
	assert_true(starts_with(lines.items[0], "runner.role "));
}

static void unreadable_files(void **state UNUSED)
{
	ConfigErrors errors = {0};
	assert_null(config_read(&arena, "fixtures/config/no-such-file.yml", &options, &errors));
	assert_null(config_read(&arena, "fixtures/config", &options, &errors));
	assert_int_equal(errors.count, 2);
	assert_int_equal(errors.items[0].line, 0);
	assert_non_null(strstr(errors.items[0].message, "no such file"));
	assert_non_null(strstr(errors.items[1].message, "is a folder"));
	Buf big = {0};
	for (int i = 0; i < 1 << 17; i++)
		buf_adds(&big, "#0123456789\n");
	const char *path = write_file(big.data);
	buf_free(&big);
	assert_null(config_read(&arena, path, &options, &errors));
	unlink(path);
	assert_non_null(strstr(errors.items[2].message, "larger than"));
}

/*
 * Every file that starts like a good one, or lacks a byte of it, is read or refused with a line, and nothing
 * worse.
 */
static void broken_files_are_refused(void **state UNUSED)
{
	const char *whole = strchr(file_text("fixtures/config/good/contract.yml"), '\n') + 1; /* without `extends` */
	size_t length = strlen(whole);
	const char *path = write_file("");
	int read = 0;
	for (size_t i = 0; i < 2 * length; i += 3) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		fwrite(whole, 1, i % length, file);
		if (i >= length)
			fwrite(whole + i % length + 1, 1, length - i % length - 1, file);
		fclose(file);
		Arena own = {0};
		ConfigErrors errors = {0};
		const Config *config = config_read(&own, path, &options, &errors);
		assert_true(!config == !!errors.count);
		read += !!config;
		array_each(const ConfigError, error, &errors)
			assert_true(error->line > 0 && *error->message);
		arena_free(&own);
	}
	unlink(path);
	assert_true(read > 10);
}

/* Twelve files, each extending the next one twice, are four thousand readings of the last one: refused after 64. */
static void doubling_chains_end(void **state UNUSED)
{
	char folder[] = "/tmp/ddlint-chain-XXXXXX";
	assert_non_null(mkdtemp(folder));
	enum { FILES = 12 };
	for (int i = 0; i < FILES; i++) {
		FILE *file = fopen(arena_print(&arena, "%s/%d.yml", folder, i), "wb");
		assert_non_null(file);
		if (i + 1 < FILES)
			fprintf(file, "extends: [%d.yml, ./%d.yml]\n", i + 1, i + 1);
		fclose(file);
	}
	ConfigErrors errors = {0};
	assert_null(config_read(&arena, arena_print(&arena, "%s/0.yml", folder), &options, &errors));
	assert_in_range(errors.count, 1, 2 * 64);
	assert_non_null(strstr(errors.items[0].message, "64 at most"));
	errors = (ConfigErrors){0};
	assert_non_null(config_read(&arena, arena_print(&arena, "%s/8.yml", folder), &options, &errors));
	for (int i = 0; i < FILES; i++)
		unlink(arena_print(&arena, "%s/%d.yml", folder, i));
	assert_int_equal(rmdir(folder), 0);
}

/* --- Packs, the example, the schema --------------------------------------------------------------------------- */

/* Packs name only rules that exist, with options that they have. */
static void packs_name_rules_that_exist(void **state UNUSED)
{
	ConfigOptions from_folder = options;
	int packs = 0;
	for (const Pack *pack = all_packs; pack->name; pack++, packs++) {
		from_folder.packs = &pack->name;
		from_folder.pack_count = 1;
		ConfigErrors errors = {0};
		const Config *config = config_read(&arena, NULL, &from_folder, &errors);
		if (!config)
			fail_msg("%s", listed(&errors));
		if (!same(pack->name, "recommended"))
			assert_true(config->rules.count > 0);
		assert_ptr_equal(pack_by_name(pack->name), pack);
	}
	assert_true(packs >= 5);
	assert_null(pack_by_name("nothing"));
}

/* Lines that start with '#' and no blank are keys; here they are switched on. */
static const char *uncommented(const char *text)
{
	Buf out = {0};
	bool line_starts = true;
	for (const char *c = text; *c; c++) {
		if (!(line_starts && c[0] == '#' && c[1] != ' ' && c[1] != '\n'))
			buf_addc(&out, *c);
		line_starts = *c == '\n';
	}
	const char *copy = arena_copy(&arena, out.data, out.length);
	buf_free(&out);
	return copy;
}

static void the_example_can_be_read(void **state UNUSED)
{
	Buf example = {0};
	config_write_example(&example, &(ConfigExample){0});
	const Config *config = read_text(example.data);
	assert_null(config->layout);
	const char *all = uncommented(example.data);
	config = read_text(all);
	assert_int_equal(config->postgres_high, 18);
	assert_int_equal(config->projects.count, 1);
	/* Every key of the file is there. */
	ConfigErrors errors = {0};
	const Node *root = yaml_read(&arena, "example", all, strlen(all), &errors);
	for (const Section *section = config_sections; section->name; section++) {
		const Node *map = *section->name ? node_get(root, section->name) : root;
		if (!map || map->kind == NODE_TEXT)
			continue; /* a layout is a word here, see a_layout_of_ones_own */
		if (map->kind == NODE_LIST)
			map = map->items.items[0];
		for (const Key *key = section->keys; key->name; key++)
			if ((!key->places || key->places & PLACE_FILE) && !node_get(map, key->name))
				fail_msg("the example lacks \"%s\" of \"%s\"", key->name, section->name);
	}
	buf_free(&example);

	config_write_example(&example, &(ConfigExample){.layout = "goose", .postgres_low = 14, .postgres_high = 16});
	config = read_text(example.data);
	assert_string_equal(config->layout, "goose");
	assert_int_equal(config->postgres_low, 14);
	assert_int_equal(config->postgres_high, 16);
	buf_free(&example);
}

static const json_t *schema_of(const json_t *schema, const char *section)
{
	if (!*section)
		return schema;
	const json_t *definition = json_object_get(json_object_get(schema, "$defs"), section);
	const json_t *items = json_object_get(definition, "items");
	return items ? items : definition;
}

static void compare_keys(const json_t *object, const Section *section, int place)
{
	const json_t *properties = json_object_get(object, "properties");
	assert_non_null(properties);
	assert_true(json_is_false(json_object_get(object, "additionalProperties")));
	size_t count = 0;
	for (const Key *key = section->keys; key->name; key++) {
		bool here = !key->places || key->places & place;
		count += here;
		if (here != !!json_object_get(properties, key->name))
			fail_msg("\"%s\" of \"%s\": in one of schema and reader only", key->name, section->name);
	}
	assert_int_equal(count, json_object_size(properties));
}

static void the_schema_has_the_same_keys(void **state UNUSED)
{
	json_error_t error;
	json_t *schema = json_load_file("editors/ddlint.schema.json", JSON_REJECT_DUPLICATES, &error);
	if (!schema)
		fail_msg("line %d: %s", error.line, error.text);
	for (const Section *section = config_sections; section->name; section++)
		compare_keys(schema_of(schema, section->name), section, PLACE_FILE);
	compare_keys(schema_of(schema, "projects"), config_section(""), PLACE_PROJECT);
	const char *key;
	json_t *definition;
	json_object_foreach(json_object_get(schema, "$defs"), key, definition)
		if (!json_object_get(definition, "description") && strcmp(key, "majors") != 0)
			fail_msg("\"%s\" has no description", key);
	json_decref(schema);
}

/* What the example says in comments of two blanks is a layout, too. */
static void a_layout_of_ones_own(void **state UNUSED)
{
	Buf example = {0}, layout = {0};
	config_write_example(&example, &(ConfigExample){0});
	const char *at = strstr(example.data, "# layout:\n");
	assert_non_null(at);
	for (; starts_with(at, "# layout:") || starts_with(at, "#   "); at = strchr(at, '\n') + 1)
		buf_add(&layout, at + 2, strcspn(at + 2, "\n") + 1);
	const OwnLayout *own = read_text(layout.data)->own_layout;
	assert_non_null(own);
	assert_string_equal(own->name, "ours");
	assert_true(ends_with(own->root, "db/changes"));
	assert_string_equal(own->sections.no_transaction, "@no-transaction");
	assert_int_equal(own->directions.items[0].direction, DIRECTION_DOWN);
	assert_int_equal(own->transaction, RUNNER_MIGRATION);
	assert_false(own->by_text);
	assert_non_null(own->alone);
	Match match;
	Span span;
	static const char path[] = "07-users.undo.sql";
	assert_true(pattern_find(own->files, path, strlen(path), 0, &match));
	assert_true(match_group(&match, "version", &span) && span.start == 0 && span.end == 2);
	assert_true(match_group(&match, "name", &span) && span.start == 3 && span.end == 8);
	assert_true(match_group(&match, "direction", &span) && span.start == 9 && span.end == 13);
	assert_false(match_group(&match, "no such group", &span));
	assert_false(pattern_find(own->files, "users.sql", 9, 0, &match));
	buf_free(&example);
	buf_free(&layout);
	/* The nearest one counts, whatever form it has. */
	assert_null(read_text("layout: goose\n")->own_layout);
}

/* --- Where the file is ---------------------------------------------------------------------------------------- */

static void touch(const char *path)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	fclose(file);
}

static void the_file_is_found_upward_to_the_repository(void **state UNUSED)
{
	char root[] = "/tmp/ddlint-find-XXXXXX";
	assert_non_null(mkdtemp(root));
	const char *before = realpath(".", (char[4096]){0});
	assert_int_equal(chdir(root), 0);
	static const char *const folders[] = {"repo", "repo/.git", "repo/db", "repo/db/sub"};
	for (size_t i = 0; i < LENGTH(folders); i++)
		assert_int_equal(mkdir(folders[i], 0777), 0);
	touch(".ddlint.yml");
	assert_null(config_find(&arena, "repo/db/a.sql"));
	touch("repo/.ddlint.yml");
	assert_string_equal(config_find(&arena, "repo/db/a.sql"), "repo/.ddlint.yml");
	assert_string_equal(config_find(&arena, "repo/db/"), "repo/.ddlint.yml");
	assert_string_equal(config_find(&arena, "repo"), "repo/.ddlint.yml");
	assert_string_equal(config_find(&arena, "./repo/db/sub/../../db/none/such.sql"), "repo/.ddlint.yml");
	assert_string_equal(config_find(&arena, "."), ".ddlint.yml");
	touch("repo/db/.ddlint.yml");
	assert_string_equal(config_find(&arena, "repo/db/sub/a.sql"), "repo/db/.ddlint.yml");
	Config config = *config_default(&arena);
	assert_string_equal(config_relative(&arena, &config, "./repo/a.sql"), "repo/a.sql");
	config.folder = arena_print(&arena, "%s/repo", realpath(".", (char[4096]){0}));
	assert_string_equal(config_relative(&arena, &config, "repo/db/a.sql"), "db/a.sql");
	assert_string_equal(config_relative(&arena, &config, "a.sql"), "a.sql");
	assert_int_equal(chdir("repo/db/sub"), 0);
	config.working = config_default(&arena)->working;
	assert_string_equal(config_relative(&arena, &config, "a.sql"), "db/sub/a.sql");
	const char *found = config_find(&arena, "a.sql");
	assert_true(*found == '/' && ends_with(found, "/repo/db/.ddlint.yml"));
	assert_int_equal(chdir(root), 0);
	unlink("repo/db/.ddlint.yml");
	unlink("repo/.ddlint.yml");
	unlink(".ddlint.yml");
	assert_int_equal(rmdir("repo/db/sub") | rmdir("repo/db") | rmdir("repo/.git") | rmdir("repo"), 0);
	assert_int_equal(chdir(before), 0);
	assert_int_equal(rmdir(root), 0);
}

static int end(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_files_give_their_messages),
		cmocka_unit_test(good_files_give_none),
		cmocka_unit_test(defaults),
		cmocka_unit_test(the_whole_contract),
		cmocka_unit_test(paths_of_extended_files_start_there),
		cmocka_unit_test(limits_classes_and_marks),
		cmocka_unit_test(ranges_of_majors),
		cmocka_unit_test(durations),
		cmocka_unit_test(the_special_overrules_the_general),
		cmocka_unit_test(what_is_enforced_is_not_weakened_in_passing),
		cmocka_unit_test(what_is_off_is_switched_on_by_its_name_only),
		cmocka_unit_test(packs_from_the_command_line_come_first),
		cmocka_unit_test(overrides_by_path),
		cmocka_unit_test(options_may_be_lists),
		cmocka_unit_test(projects_inherit_and_change_nothing_above),
		cmocka_unit_test(without_known_names_none_is_checked),
		cmocka_unit_test(pending_keys_are_told),
		cmocka_unit_test(unreadable_files),
		cmocka_unit_test(broken_files_are_refused),
		cmocka_unit_test(doubling_chains_end),
		cmocka_unit_test(packs_name_rules_that_exist),
		cmocka_unit_test(the_example_can_be_read),
		cmocka_unit_test(a_layout_of_ones_own),
		cmocka_unit_test(the_schema_has_the_same_keys),
		cmocka_unit_test(the_file_is_found_upward_to_the_repository),
	};
	return cmocka_run_group_tests(tests, ask_what_is_known, end);
}
