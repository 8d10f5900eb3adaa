/* `ddlint seal`: the checksums of merged migrations, written and verified. */
#include "discover/seal.h"

#include <stdio.h>

#include "base/files.h"
#include "commands/commands.h"
#include "lint.h"
#include "report/report.h"

static const char *seal_path(Arena *arena, const History *history)
{
	return path_shown(working_folder(arena), path_join(arena, history->root, SEAL_NAME));
}

/* --check: what the rule about changed migrations says. */
static int verify(Arena *arena, const Options *options, const RuleBook *book, const Discovery *discovery)
{
	bool sealed = false;
	array_each (History *, history, &discovery->histories)
		sealed = sealed || (*history)->seal;
	if (!sealed)
		return complain("nothing is sealed here: ddlint seal writes %s", SEAL_NAME);
	const char *const rules[] = {"migration-changed"};
	const LintOptions wanted = {.jobs = options->jobs,
				    .postgres_low = options->postgres_low,
				    .postgres_high = options->postgres_high,
				    .select = rules,
				    .select_count = 1,
				    .rules = book};
	const Run *run = lint(arena, discovery, &wanted);
	Buf out = {0};
	for (uint32_t i = 0; i < run->findings.count; i++)
		if (!run->findings.items[i]->suppressed)
			finding_line(&out, run->findings.items[i], false);
	int code = write_output(options, &out);
	buf_free(&out);
	return code != EXIT_CLEAN ? code : run->summary.errors ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* The old line about the migration, when it does not say the same as today's. */
static bool contradicts(const SealLine *old, const SealLine *today)
{
	return old && !same(old->statements, today->statements);
}

static void complain_of_line(const char *path, const SealLine *line, const char *what)
{
	tell("%s:%u: %s %s: take the change back, or delete this line", path, line->line, line->file,
		what);
}

/* What is sealed stays sealed; a change has to be taken back, or allowed by taking its line out. */
static int seal_history(Arena *arena, const History *history)
{
	const char *path = seal_path(arena, history);
	Seal seal = {.path = path};
	uint32_t broken = 0, added = 0, old_count = history->seal ? history->seal->lines.count : 0;
	bool *found = new_array(arena, bool, old_count);
	array_each (Migration *, item, &history->migrations) {
		const Script *up = (*item)->up;
		const SealLine *old = old_count && up && up->direction == DIRECTION_UP
					  ? seal_line_for(history->seal, history, *item)
					  : NULL;
		if (!old && !is_sealable(*item))
			continue;
		SealLine line = seal_line(arena, *item);
		if (contradicts(old, &line))
			complain_of_line(path, old, "is not what was sealed");
		broken += contradicts(old, &line);
		added += !old;
		if (old)
			found[old - history->seal->lines.items] = true;
		array_push(arena, &seal.lines, line);
	}
	for (uint32_t i = 0; i < old_count; i++) {
		if (!found[i])
			complain_of_line(path, &history->seal->lines.items[i], "is gone");
		broken += !found[i];
	}
	if (broken)
		return EXIT_FINDINGS;
	Buf out = {0};
	seal_write(&out, &seal);
	bool written = write_own_file(path, &out);
	buf_free(&out);
	if (!written)
		return EXIT_FAILED;
	tell("%s: %u migration%s sealed, %u of them new", path, seal.lines.count,
		seal.lines.count == 1 ? "" : "s", added);
	return EXIT_CLEAN;
}

int seal_run(Arena *arena, const Options *options)
{
	if (!options->paths.count)
		return complain("ddlint seal needs the folder of the migrations");
	const RuleBook *book = rule_book(arena);
	const Discovery *discovery = discover_paths(arena, options, book);
	int code = print_notes(discovery) ? EXIT_FAILED : EXIT_CLEAN;
	bool checks = code == EXIT_CLEAN && options->check;
	if (checks)
		code = verify(arena, options, book, discovery);
	for (uint32_t i = 0; !checks && i < discovery->histories.count; i++) {
		History *const *item = &discovery->histories.items[i];
		if ((*item)->loose) {
			complain("%s: a file that belongs to no history cannot be sealed", (*item)->name);
			code = EXIT_FAILED;
			continue;
		}
		int sealed = code == EXIT_FAILED ? EXIT_FAILED : seal_history(arena, *item);
		code = sealed > code ? sealed : code;
	}
	array_each (History *, history, &discovery->histories)
		history_free(*history);
	return code;
}
