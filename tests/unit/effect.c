/*
 * What statements do to a live database, held against what a PostgreSQL server did: fixtures/postgres/, see postgres_cases.h.
 */
#include "effect/draft.h"
#include "parse/parse.h"
#include "replay/replay.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "postgres_cases.h"

/* --- Running a case ----------------------------------------------------------------------------------------------- */

typedef struct Seen {
	Arena *arena;
	Effect effect; /* of the statements of the second migration, together */
	bool wanted;
	ARRAY(struct SeenName { /* what relations were called before the statement renamed them */
				const Object *object;
				const char *name;
	})
	names;
} Seen;

static const char *name_seen(Seen *seen, const Relation *relation)
{
	array_each (const struct SeenName, known, &seen->names)
		if (known->object == &relation->object)
			return known->name;
	const char *text = object_text(seen->arena, &relation->object);
	const char *name = starts_with(text, "public.") ? text + strlen("public.") : text;
	array_push(seen->arena, &seen->names, (struct SeenName){&relation->object, name});
	return name;
}

static void seen_statement(void *payload, const Replay *replay, const Statement *statement, const Effect *effect)
{
	Seen *seen = payload;
	(void)replay;
	(void)statement;
	if (seen->wanted && effect)
		effect_merge(seen->arena, &seen->effect, effect);
}

/* Every action's effect must be one that its row in effect.def allows. */
static void seen_step(void *payload, const Step *step)
{
	const Effect *effect = step->effect;
	const EffectRow *row = effect_row(step->action->kind, step->replay->catalog->version);
	if (!effect)
		return;
	array_each (const LockTaken, lock, &effect->locks)
		name_seen(payload, lock->relation);
	const char *word = action_word(step->action->kind);
	if (row->rewrites == NEVER && effect->rewrites.count)
		fail_msg("%s rewrites, which its row says never happens", word);
	if (row->scans == NEVER && effect->scans.count)
		fail_msg("%s scans, which its row says never happens", word);
	if (row->forbidden != SOMETIMES && effect->forbidden_in_transaction != (row->forbidden == ALWAYS))
		fail_msg("%s: its row is wrong about transactions", word);
}

static Script *script_of(Arena *arena, const char *text)
{
	Script *script = new (arena, Script);
	script->source = source_new(arena, "case.sql", text, strlen(text));
	array_push(arena, &script->sections, (Span){0, (uint32_t)strlen(text)});
	script_split(arena, script, &(SplitOptions){.psql = true});
	script_parse(arena, script);
	for (uint32_t i = 0; i < script->statements.count; i++)
		if (script->statements.items[i].state != STATEMENT_PARSED)
			fail_msg("does not parse: %s", text);
	return script;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted and joined as in the files. */
static const char *joined(Arena *arena, Names *items)
{
	Buf buf = {0};
	if (items->count)
		qsort(items->items, items->count, sizeof *items->items, by_text);
	for (uint32_t i = 0; i < items->count; i++)
		buf_addf(&buf, "%s%s", i ? ", " : "", items->items[i]);
	char *text = arena_copy(arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}

static const char *locks_text(Seen *seen, const Replay *replay)
{
	Names items = {0};
	array_each (const LockTaken, lock, &seen->effect.locks)
		if (existed_before(replay, &lock->relation->object))
			array_push(seen->arena, &items,
				   arena_print(seen->arena, "%s %s", name_seen(seen, lock->relation),
					       lock_mode_words(lock->mode)));
	return joined(seen->arena, &items);
}

static const char *work_text(Seen *seen, const Replay *replay, const Work *work, uint32_t count)
{
	Names items = {0};
	for (uint32_t i = 0; i < count; i++)
		if (existed_before(replay, &work[i].relation->object))
			array_push(seen->arena, &items, name_seen(seen, work[i].relation));
	return joined(seen->arena, &items);
}

static uint32_t items_of(const char *list)
{
	uint32_t count = list && *list;
	for (const char *c = list; c && *c; c++)
		count += *c == ',';
	return count;
}

/* Names of indexes that a statement makes are not always known here: their number is. */
static uint32_t builds_of(const Replay *replay, const Effect *effect)
{
	uint32_t count = 0;
	array_each (const Work, work, &effect->builds)
		count += existed_before(replay, &work->table->object);
	return count;
}

static int differences;

static void compare(const Case *one, int version, const char *what, const char *wanted, const char *got)
{
	if (same(wanted ? wanted : "", got))
		return;
	differences++;
	print_error("%s on %d: %s\n  server: %s\n  ddlint: %s\n", one->name, version, what, wanted ? wanted : "", got);
}

static void check_case(Arena *arena, const Case *one, int version)
{
	History history = {.name = "case", .root = "case", .closed = true};
	Migration before = {.history = &history, .version = "1", .ordinal = 1},
		  after = {.history = &history, .version = "2", .ordinal = 2};
	array_push(arena, &history.migrations, &before);
	array_push(arena, &history.migrations, &after);
	before.up = script_of(arena, arena_print(arena, "%s%s", one->setup ? one->setup : "", one->more));
	after.up = script_of(arena, one->statement);

	Replay *replay = replay_new(arena, &history, version);
	Seen seen = {.arena = arena};
	replay->want_effects = true;
	replay->observer = (Observer){.payload = &seen, .step = seen_step, .statement_end = seen_statement};
	replay_script(replay, &before, before.up);
	seen.wanted = true;
	replay_script(replay, &after, after.up);

	const Effect *effect = &seen.effect;
	compare(one, version, "locks", one->locks, locks_text(&seen, replay));
	compare(one, version, "rewrites", one->rewrites,
		work_text(&seen, replay, effect->rewrites.items, effect->rewrites.count));
	if (!same(one->scans, NOT_COUNTED))
		compare(one, version, "scans", one->scans,
			work_text(&seen, replay, effect->scans.items, effect->scans.count));
	if (!same(one->builds, NOT_COUNTED))
		compare(one, version, "number of builds", arena_print(arena, "%u", items_of(one->builds)),
			arena_print(arena, "%u", builds_of(replay, effect)));
	if (one->loses)
		compare(one, version, "loses something", "yes", effect->destroys.count ? "yes" : "no");
	compare(one, version, "in a transaction", one->forbidden ? "forbidden" : "allowed",
		effect->forbidden_in_transaction ? "forbidden" : "allowed");
	replay_free(replay);
	arena_free(&before.arena);
	arena_free(&after.arena);
}

static void server_cases(void **state)
{
	(void)state;
	Arena arena = {0};
	Names paths = {0};
	DIR *folder = opendir(CASES_FOLDER);
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));)
		if (ends_with(entry->d_name, ".sql") && !same(entry->d_name, "setups.sql"))
			array_push(&arena, &paths, arena_print(&arena, CASES_FOLDER "/%s", entry->d_name));
	closedir(folder);
	assert_true(paths.count > 10);
	qsort(paths.items, paths.count, sizeof *paths.items, by_text);
	for (uint32_t i = 0; i < paths.count; i++)
		each_case(paths.items[i], check_case);
	arena_free(&arena);
	assert_int_equal(differences, 0);
}

/* --- Versions ----------------------------------------------------------------------------------------------------- */

/* Facts that changed with a major: https://www.postgresql.org/docs/release/ */
static const struct {
	Case one;
	int last_old, first_new; /* 0: there is none */
	const char *old_locks, *new_locks, *old_scans, *new_scans;
	bool old_forbidden, new_forbidden;
} changes[] = {
    {{"not null proof", .more = "CREATE TABLE t (a int, CHECK (a IS NOT NULL));",
      .statement = "ALTER TABLE t ALTER a SET NOT NULL;"},
     11,
     12,
     "t ACCESS EXCLUSIVE",
     "t ACCESS EXCLUSIVE",
     "t",
     "",
     false,
     false},
    {{"rename index", .more = "CREATE TABLE t (a int); CREATE INDEX i ON t (a);",
      .statement = "ALTER INDEX i RENAME TO j;"},
     11,
     12,
     "i ACCESS EXCLUSIVE",
     "i SHARE UPDATE EXCLUSIVE",
     "",
     "",
     false,
     false},
    {{"enum label", .more = "CREATE TYPE e AS ENUM ('a');", .statement = "ALTER TYPE e ADD VALUE 'b';"},
     11,
     12,
     "",
     "",
     "",
     "",
     true,
     false},
    {{"attach", .more = "CREATE TABLE pt (k int) PARTITION BY RANGE (k); CREATE TABLE n (k int);",
      .statement = "ALTER TABLE pt ATTACH PARTITION n FOR VALUES FROM (1) TO (2);"},
     11,
     12,
     "n ACCESS EXCLUSIVE, pt ACCESS EXCLUSIVE",
     "n ACCESS EXCLUSIVE, pt SHARE UPDATE EXCLUSIVE",
     "n",
     "n",
     false,
     false},
    {{"storage and indexes", .more = "CREATE TABLE t (a text); CREATE INDEX i ON t (a);",
      .statement = "ALTER TABLE t ALTER a SET STORAGE PLAIN;"},
     12,
     13,
     "t ACCESS EXCLUSIVE",
     "i ACCESS EXCLUSIVE, t ACCESS EXCLUSIVE",
     "",
     "",
     false,
     false},
    {{"sequence follows persistence", .more = "CREATE TABLE t (a serial);", .statement = "ALTER TABLE t SET UNLOGGED;"},
     14,
     15,
     "t ACCESS EXCLUSIVE",
     "t ACCESS EXCLUSIVE, t_a_seq ACCESS EXCLUSIVE",
     "t",
     "t",
     false,
     false},
    {{"grant", .more = "CREATE TABLE t (a int);", .statement = "GRANT SELECT ON t TO PUBLIC;"},
     17,
     18,
     "",
     "t ACCESS SHARE",
     "",
     "",
     false,
     false},
    {{"virtual column", .more = "CREATE TABLE t (a int);",
      .statement = "ALTER TABLE t ADD g int GENERATED ALWAYS AS (a) VIRTUAL;"},
     0,
     18,
     "",
     "t ACCESS EXCLUSIVE",
     "",
     "",
     false,
     false},
};

static void versions(void **state)
{
	(void)state;
	Arena arena = {0};
	differences = 0;
	for (size_t i = 0; i < LENGTH(changes); i++) {
		Case one = changes[i].one;
		/* what is rewritten is not what these cases are about */
		one.rewrites = same(one.name, "sequence follows persistence") ? "t" : NULL;
		one.locks = changes[i].old_locks;
		one.scans = changes[i].old_scans;
		one.forbidden = changes[i].old_forbidden;
		if (changes[i].last_old)
			check_case(&arena, &one, changes[i].last_old);
		one.locks = changes[i].new_locks;
		one.scans = changes[i].new_scans;
		one.forbidden = changes[i].new_forbidden;
		if (changes[i].first_new)
			check_case(&arena, &one, changes[i].first_new);
	}
	arena_free(&arena);
	assert_int_equal(differences, 0);
}

/* Every action has a row on every server, and the rows of one kind leave no gap but before the command existed. */
static void rows_cover_all(void **state)
{
	(void)state;
	for (int kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		for (int version = 11; version <= 18; version++) {
			const EffectRow *row = effect_row((ActionKind)kind, version);
			if (row->kind != (ActionKind)kind || !row->exception || !row->manual)
				fail_msg("no row for %s on %d", action_word((ActionKind)kind), version);
			if (row->until && version > row->until)
				fail_msg("%s has no row for %d", action_word((ActionKind)kind), version);
		}
}

/* --- Merging ------------------------------------------------------------------------------------------------------ */

static void merging(void **state)
{
	(void)state;
	Arena arena = {0};
	Relation *table = new (&arena, Relation), *other = new (&arena, Relation);
	Effect whole = {0}, part = {0};
	array_push(&arena, &whole.locks, (LockTaken){table, LOCK_SHARE});
	array_push(&arena, &part.locks, (LockTaken){table, LOCK_ACCESS_EXCLUSIVE});
	array_push(&arena, &part.locks, (LockTaken){other, LOCK_ROW_SHARE});
	array_push(&arena, &whole.scans, (Work){.relation = table, .reason = WORK_CHECK});
	array_push(&arena, &part.scans, (Work){.relation = table, .reason = WORK_NOT_NULL});
	part.forbidden_in_transaction = true;
	effect_merge(&arena, &whole, &part);
	assert_int_equal(effect_lock(&whole, table), LOCK_ACCESS_EXCLUSIVE);
	assert_int_equal(effect_lock(&whole, other), LOCK_ROW_SHARE);
	assert_int_equal(effect_lock(&part, NULL), LOCK_NONE);
	assert_int_equal(whole.scans.count, 1);
	assert_true(whole.forbidden_in_transaction);
	effect_merge(&arena, &part, &(Effect){.locks = whole.locks});
	assert_int_equal(effect_lock(&part, table), LOCK_ACCESS_EXCLUSIVE);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_cover_all),
	    cmocka_unit_test(merging),
	    cmocka_unit_test(versions),
	    cmocka_unit_test(server_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
