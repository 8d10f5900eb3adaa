/* Any bytes as .ddlint.yml, as a file of own rules, and as the baseline: read, and if they make sense lived by. */
#include "everything.h"

#include "commands/baseline.h"

static const char sql[] = "ALTER TABLE app.users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(), DROP COLUMN name;\n"
			  "CREATE INDEX tmp_users_email_idx ON app.users (email); -- ddlint: allow index-not-concurrent -- quiet\n"
			  "UPDATE orders SET total = 0; DROP TABLE {{ schema }}.old;\n";

static void read_baseline(Everything *all)
{
	Arena arena = {0};
	Baseline *baseline = baseline_read(&arena, ".ddlint.yml");
	Options options = {.command = all_commands, .jobs = 1, .config = "none"};
	array_push(&arena, &options.paths, "db");
	if (baseline) {
		Discovery *discovery = discover_paths(&arena, &options, all->book);
		Names looked_at = {0};
		baseline_scope(&arena, discovery, &looked_at);
		const LintOptions wanted = lint_options(&arena, &options, all->book);
		Run *run = lint(&arena, discovery, &wanted);
		Buf text = {0};
		uint32_t count;
		baseline_apply(&arena, baseline, &looked_at, run);
		baseline_write(&arena, &text, baseline, &looked_at, run, &count);
		buf_free(&text);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static Everything all;
	if (!all.book) {
		everything_start(&all);
		if (mkdir("db", 0777) != 0)
			broken("no folder", "db");
		put_file("db/1_users.up.sql", sql, strlen(sql));
	}
	put_file(".ddlint.yml", bytes, length);
	everything_with(&all, "db", 0, 0);
	read_baseline(&all);
	Buf rules = {0};
	buf_adds(&rules, "custom-rules: [rules.yml]\n");
	put_file("rules.yml", bytes, length);
	put_file(".ddlint.yml", rules.data, rules.length);
	buf_free(&rules);
	everything_with(&all, "db", 0, 0);
	return 0;
}
