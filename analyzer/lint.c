#include "lint.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "discover/layout.h"
#include "judge/judge.h"
#include "judge/metadata.h"
#include "parse/parse.h"
#include "replay/checkpoint.h"

/* --- Reading: each migration by itself, on any thread ---------------------------------------------------------------------------- */

static void read_script(Migration *migration, Script *script)
{
	SplitOptions options;
	script_split_options(migration, script, &options);
	script_split(&migration->arena, script, &options);
	script_parse(&migration->arena, script);
}

void read_migration(Migration *migration)
{
	if (migration->parsed)
		return;
	migration->parsed = true;
	if (migration->up) {
		read_script(migration, migration->up);
		migration->irreversible = migration->irreversible || declares_no_way_back(&migration->arena, migration->up);
	}
	if (migration->down)
		read_script(migration, migration->down);
	migration->read = arena_mark(&migration->arena);
}

/*
 * Workers read migrations ahead of the fold, which takes them in order. The order of the list alone decides the result, so it
 * is the same for any number of workers. A worker's stack is what libpg_query sizes its own depth limit by: it is fixed, so
 * that the same input parses on every machine.
 */
enum { STACK_SIZE = 64 << 20, LARGEST_LEAD = 256 };

typedef struct Reading {
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	Migration **list;
	bool *done;
	uint32_t count, next, taken;
	int idle;      /* workers that wait for the fold */
	bool awaited;  /* the fold waits for a worker */
	pthread_t *threads;
	int jobs;
} Reading;

static void *reader(void *payload)
{
	Reading *reading = payload;
	pthread_mutex_lock(&reading->mutex);
	for (;;) {
		reading->idle++;
		while (reading->next < reading->count && reading->next >= reading->taken + LARGEST_LEAD)
			pthread_cond_wait(&reading->moved, &reading->mutex);
		reading->idle--;
		if (reading->next >= reading->count)
			break;
		uint32_t i = reading->next++;
		pthread_mutex_unlock(&reading->mutex);
		read_migration(reading->list[i]);
		pthread_mutex_lock(&reading->mutex);
		reading->done[i] = true;
		if (reading->awaited)
			pthread_cond_broadcast(&reading->moved);
	}
	pthread_mutex_unlock(&reading->mutex);
	return NULL;
}

static int job_count(int wanted, uint32_t work)
{
	long processors = wanted > 0 ? wanted : sysconf(_SC_NPROCESSORS_ONLN);
	if (processors < 1)
		processors = 1;
	return (uint32_t)processors < work ? (int)processors : work ? (int)work : 1;
}

static Reading *reading_start(Arena *arena, Migration **list, uint32_t count, int jobs)
{
	Reading *reading = new(arena, Reading);
	reading->list = list;
	reading->count = count;
	reading->done = new_array(arena, bool, count);
	reading->jobs = count ? job_count(jobs, count) : 0;
	reading->threads = new_array(arena, pthread_t, (size_t)reading->jobs);
	pthread_mutex_init(&reading->mutex, NULL);
	pthread_cond_init(&reading->moved, NULL);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	for (int i = 0; i < reading->jobs; i++)
		if (pthread_create(&reading->threads[i], &attributes, reader, reading) != 0) {
			if (i == 0)
				die("no thread could be started");
			reading->jobs = i;
		}
	pthread_attr_destroy(&attributes);
	return reading;
}

/* Waits until the migration at the place has been read; places are asked for in order. */
static void reading_wait(Reading *reading, uint32_t place)
{
	pthread_mutex_lock(&reading->mutex);
	reading->awaited = true;
	while (!reading->done[place])
		pthread_cond_wait(&reading->moved, &reading->mutex);
	reading->awaited = false;
	reading->taken = place + 1;
	if (reading->idle)
		pthread_cond_broadcast(&reading->moved);
	pthread_mutex_unlock(&reading->mutex);
}

static void reading_end(Reading *reading)
{
	for (int i = 0; i < reading->jobs; i++)
		pthread_join(reading->threads[i], NULL);
	pthread_cond_destroy(&reading->moved);
	pthread_mutex_destroy(&reading->mutex);
}

void read_history(History *history, int jobs)
{
	Arena arena = {0};
	Reading *reading = reading_start(&arena, history->migrations.items, history->migrations.count, jobs);
	for (uint32_t i = 0; i < history->migrations.count; i++)
		reading_wait(reading, i);
	reading_end(reading);
	arena_free(&arena);
}

/* --- Folding: each history in order, on one thread ---------------------------------------------------------------------------------- */

typedef struct Fold {
	Run *run;
	Reading *reading;
	const RuleChoice *choice;
	Checkpoints *checkpoints;
	uint32_t awaited; /* the next one of reading->list */
} Fold;

static void count_script(Summary *summary, const Script *script)
{
	if (!script)
		return;
	summary->statements += script->statements.count;
	summary->unparsed += script->unparsed;
	summary->set_aside += script->set_aside;
}

/* The place of the first and of the last migration that something is wanted of, the latter's next one; false: of none. */
static bool find_targets(const History *history, Span *targets)
{
	*targets = (Span){0};
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		const Migration *migration = history->migrations.items[i];
		if (!(migration->up && migration->up->target) && !(migration->down && migration->down->target))
			continue;
		if (!targets->end)
			targets->start = i;
		targets->end = i + 1;
	}
	return targets->end > 0;
}

/* What judging left in the arenas of migrations that were kept from the run before. */
static void forget_judging(const History *history, uint32_t from)
{
	for (uint32_t i = from; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		if (migration->kept_from)
			arena_reset(&migration->arena, migration->read);
	}
}

static void wait_for(Fold *fold, const Migration *migration)
{
	Reading *reading = fold->reading;
	if (reading && fold->awaited < reading->count && reading->list[fold->awaited] == migration)
		reading_wait(reading, fold->awaited++);
}

static void fold_version(Fold *fold, const History *history, Judge *judge, Checkpoint *checkpoint, Replay *replay, uint32_t from)
{
	Span targets;
	bool any = find_targets(history, &targets);
	for (uint32_t i = from; i < history->migrations.count; i++) {
		const Migration *migration = history->migrations.items[i];
		wait_for(fold, migration);
		if (checkpoint && i == targets.start)
			checkpoint_set(checkpoint, replay, i);
		if (!any || i < targets.end || judge_needs_end(judge))
			judge_migration(judge, replay, migration);
	}
	judge_history(judge, replay);
}

static void fold_history(Fold *fold, const History *history, int low, int high, Findings *settled)
{
	Arena *arena = fold->run->arena;
	Findings raw = {0};
	Span targets;
	Checkpoint *checkpoint = NULL;
	if (fold->checkpoints && find_targets(history, &targets))
		checkpoint = checkpoint_of(fold->checkpoints, history, targets.start, low, high);
	forget_judging(history, checkpoint ? targets.start : 0);
	if (history->dump)
		read_migration(history->dump);
	for (uint32_t i = 0; history->gained && i < history->gained->migrations.count; i++)
		read_migration(history->gained->migrations.items[i]);
	for (int version = low; version <= high; version++) {
		Arena scratch = {0};
		uint32_t from = 0;
		Judge *judge = judge_new(arena, history, fold->choice, &raw);
		Replay *replay = checkpoint ? checkpoint_start(checkpoint, version, &from) : replay_new(&scratch, history, version);
		fold_version(fold, history, judge, checkpoint, replay, from);
		if (!checkpoint)
			replay_free(replay);
		arena_free(&scratch);
		if (version == low)
			fold->run->summary.opaque += judge_opaque_count(judge);
	}
	settle(arena, history, fold->choice, &raw, high - low + 1, settled);
}

static RuleChoice rule_choice(Arena *arena, const LintOptions *options, const RuleBook *book, const History *history)
{
	return (RuleChoice){
		.book = rule_book_with(arena, book, history->config),
		.select = options->select,
		.select_count = options->select_count,
		.ignore = options->ignore,
		.ignore_count = options->ignore_count,
		.today = options->today,
	};
}

void judge_read_history(Arena *arena, const History *history, const LintOptions *options, int low, int high, Findings *settled)
{
	Run run = {.arena = arena};
	const RuleBook *book = options->rules ? options->rules : rule_book(arena);
	RuleChoice choice = rule_choice(arena, options, book, history);
	fold_history(&(Fold){.run = &run, .choice = &choice}, history, low, high, settled);
}

void versions_of(const LintOptions *options, const History *history, int *low, int *high)
{
	const Config *config = history->config;
	*low = options->postgres_low ? options->postgres_low : config && config->postgres_low ? config->postgres_low : 15;
	*high = options->postgres_low ? options->postgres_high : config && config->postgres_high ? config->postgres_high : *low;
}

static uint32_t unseen(const Summary *summary)
{
	return summary->opaque + summary->set_aside;
}

static void summarize(Run *run, const History *history)
{
	Summary *summary = &run->summary;
	summary->histories++;
	array_each (Migration *, item, &history->migrations) {
		const Migration *migration = *item;
		summary->migrations += migration->up && (migration->up->direction == DIRECTION_UP || migration->up->direction == DIRECTION_REPEATABLE);
		count_script(summary, migration->up);
		count_script(summary, migration->down);
	}
}

void count_findings(Run *run)
{
	Summary *summary = &run->summary;
	summary->errors = summary->warnings = summary->notes = summary->suppressed = summary->in_baseline = 0;
	array_each (Finding *, finding, &run->findings) {
		if ((*finding)->in_baseline)
			summary->in_baseline++;
		else if ((*finding)->suppressed)
			summary->suppressed++;
		else if ((*finding)->severity == SEVERITY_ERROR)
			summary->errors++;
		else if ((*finding)->severity == SEVERITY_WARNING)
			summary->warnings++;
		else
			summary->notes++;
	}
}

Run *lint(Arena *arena, const Discovery *discovery, const LintOptions *options)
{
	Run *run = new(arena, Run);
	run->arena = arena;
	run->summary.files = discovery->files;
	const RuleBook *book = options->rules ? options->rules : rule_book(arena);
	run->rules = new(arena, RuleBook);
	array_each (RuleEntry, entry, &book->entries)
		array_push(arena, &run->rules->entries, *entry);

	ARRAY(Migration *) list = {0};
	array_each (History *, history, &discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations)
			if (!(*migration)->parsed)
				array_push(arena, &list, *migration);
	Fold fold = {
		.run = run,
		.reading = reading_start(arena, list.items, list.count, options->jobs),
		.checkpoints = options->checkpoints,
	};
	array_each (History *, item, &discovery->histories) {
		History *history = *item;
		int low, high;
		versions_of(options, history, &low, &high);
		Findings settled = {0};
		RuleChoice choice = rule_choice(arena, options, book, history);
		fold.choice = &choice;
		if (choice.book != book)
			array_each (RuleEntry, entry, &choice.book->entries)
				rule_book_add(arena, run->rules, entry);
		Summary before = run->summary;
		fold_history(&fold, history, low, high, &settled);
		array_each (Finding *, finding, &settled.list)
			array_push(arena, &run->findings, *finding);
		summarize(run, history);
		array_push(arena, &run->unknown, (struct Unknown){unseen(&run->summary) - unseen(&before), run->summary.unparsed - before.unparsed});
		if (!options->keep_migrations)
			history_free(history);
	}
	reading_end(fold.reading);
	if (fold.checkpoints)
		checkpoints_sweep(fold.checkpoints);
	count_findings(run);
	return run;
}
