#include "lint.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "discover/layout.h"
#include "judge/judge.h"
#include "judge/metadata.h"
#include "parse/parse.h"

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
	reading->jobs = job_count(jobs, count);
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
	uint32_t place; /* of the history's first migration in reading->list */
} Fold;

static void count_script(Summary *summary, const Script *script)
{
	if (!script)
		return;
	summary->statements += script->statements.count;
	summary->unparsed += script->unparsed;
	summary->set_aside += script->set_aside;
}

static void fold_history(Fold *fold, const History *history, int low, int high, Findings *settled)
{
	Arena *arena = fold->run->arena;
	Arena scratch = {0};
	Findings raw = {0};
	if (history->dump)
		read_migration(history->dump);
	for (uint32_t i = 0; history->gained && i < history->gained->migrations.count; i++)
		read_migration(history->gained->migrations.items[i]);
	for (int version = low; version <= high; version++) {
		Judge *judge = judge_new(arena, history, fold->choice, &raw);
		Replay *replay = replay_new(&scratch, history, version);
		for (uint32_t i = 0; i < history->migrations.count; i++) {
			if (version == low && fold->reading)
				reading_wait(fold->reading, fold->place + i);
			judge_migration(judge, replay, history->migrations.items[i]);
		}
		judge_history(judge, replay);
		replay_free(replay);
		if (version == low)
			fold->run->summary.opaque += judge_opaque_count(judge);
	}
	settle(arena, history, fold->choice, &raw, high - low + 1, settled);
	arena_free(&scratch);
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
			array_push(arena, &list, *migration);
	Fold fold = {.run = run, .reading = reading_start(arena, list.items, list.count, options->jobs)};
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
		fold.place += history->migrations.count;
		if (!options->keep_migrations)
			history_free(history);
	}
	reading_end(fold.reading);
	count_findings(run);
	return run;
}
