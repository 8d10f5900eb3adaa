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

/* The SQL of programs and changelogs becomes the migration's own: it may be kept for longer than what was discovered is. */
static void own_rewrites(Migration *migration, Script *script)
{
	array_each (Rewrite, rewrite, &script->rewrites)
		rewrite->sql.data = arena_copy(&migration->arena, rewrite->sql.data, rewrite->sql.length);
}

static void read_script(Migration *migration, Script *script)
{
	own_rewrites(migration, script);
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
 * Workers read migrations ahead of the fold, which takes them in order and reads the next one itself where no worker has begun
 * it. The order of the list alone decides the result, so it is the same for any number of workers.
 */
enum { LARGEST_LEAD = 256 };

typedef struct Reading {
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	Migration **list;
	bool *done;
	uint32_t count, next, taken;
	int idle;      /* workers that wait for the fold */
	bool awaited;  /* the fold waits for a worker */
	pthread_t *threads;
	int workers;
} Reading;

/* A parser's stack is what libpg_query sizes its own depth limit by: it is fixed, so that the same input parses on every machine. */
static bool start_thread(pthread_t *thread, void *(*run)(void *payload), void *payload)
{
	enum { STACK_SIZE = 64 << 20 };
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	bool started = pthread_create(thread, &attributes, run, payload) == 0;
	pthread_attr_destroy(&attributes);
	return started;
}

/* Whatever parses runs in a thread of its own, for the stack. */
static void run_aside(void *(*run)(void *payload), void *payload)
{
	pthread_t thread;
	if (!start_thread(&thread, run, payload))
		die("no thread could be started");
	pthread_join(thread, NULL);
}

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

/* One of the jobs is the fold's. */
static Reading *reading_start(Arena *arena, Migration **list, uint32_t count, int jobs)
{
	Reading *reading = new(arena, Reading);
	reading->list = list;
	reading->count = count;
	reading->done = new_array(arena, bool, count);
	pthread_mutex_init(&reading->mutex, NULL);
	pthread_cond_init(&reading->moved, NULL);
	int wanted = job_count(jobs, count) - 1;
	reading->threads = new_array(arena, pthread_t, (size_t)wanted);
	while (reading->workers < wanted && start_thread(&reading->threads[reading->workers], reader, reading))
		reading->workers++;
	return reading;
}

/* Returns when the migration at the place has been read; places are asked for in order. */
static void reading_wait(Reading *reading, uint32_t place)
{
	pthread_mutex_lock(&reading->mutex);
	bool mine = reading->next == place;
	reading->next += mine;
	reading->awaited = !mine;
	while (!mine && !reading->done[place])
		pthread_cond_wait(&reading->moved, &reading->mutex);
	reading->awaited = false;
	reading->taken = place + 1;
	/* Not for each one: a worker that is woken has half its lead to read before it sleeps again. */
	if (reading->idle && reading->next < reading->taken + LARGEST_LEAD / 2)
		pthread_cond_broadcast(&reading->moved);
	pthread_mutex_unlock(&reading->mutex);
	if (mine)
		read_migration(reading->list[place]);
}

static void reading_end(Reading *reading)
{
	for (int i = 0; i < reading->workers; i++)
		pthread_join(reading->threads[i], NULL);
	pthread_cond_destroy(&reading->moved);
	pthread_mutex_destroy(&reading->mutex);
}

typedef struct HistoryReading {
	History *history;
	int jobs;
} HistoryReading;

static void *read_migrations(void *payload)
{
	const HistoryReading *wanted = payload;
	const History *history = wanted->history;
	Arena arena = {0};
	Reading *reading = reading_start(&arena, history->migrations.items, history->migrations.count, wanted->jobs);
	for (uint32_t i = 0; i < history->migrations.count; i++)
		reading_wait(reading, i);
	reading_end(reading);
	arena_free(&arena);
	return NULL;
}

void read_history(History *history, int jobs)
{
	HistoryReading wanted = {history, jobs};
	run_aside(read_migrations, &wanted);
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
		.max_risk = options->max_risk,
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

typedef struct Linting {
	Run *run;
	const Discovery *discovery;
	const LintOptions *options;
	const RuleBook *book;
} Linting;

/* Appends to the run what its next history gives. */
static void lint_history(const Linting *linting, Fold *fold, History *history)
{
	Run *run = linting->run;
	int low, high;
	versions_of(linting->options, history, &low, &high);
	Findings settled = {0};
	RuleChoice choice = rule_choice(run->arena, linting->options, linting->book, history);
	fold->choice = &choice;
	if (choice.book != linting->book)
		array_each (RuleEntry, entry, &choice.book->entries)
			rule_book_add(run->arena, run->rules, entry);
	Summary before = run->summary;
	fold_history(fold, history, low, high, &settled);
	array_each (Finding *, finding, &settled.list)
		array_push(run->arena, &run->findings, *finding);
	summarize(run, history);
	array_push(run->arena, &run->unknown, (struct Unknown){unseen(&run->summary) - unseen(&before), run->summary.unparsed - before.unparsed});
	if (!linting->options->keep_migrations)
		history_free(history);
}

static void *lint_histories(void *payload)
{
	const Linting *linting = payload;
	Arena *arena = linting->run->arena;
	ARRAY(Migration *) list = {0};
	array_each (History *, history, &linting->discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations)
			if (!(*migration)->parsed)
				array_push(arena, &list, *migration);
	Fold fold = {
		.run = linting->run,
		.reading = reading_start(arena, list.items, list.count, linting->options->jobs),
		.checkpoints = linting->options->checkpoints,
	};
	array_each (History *, history, &linting->discovery->histories)
		lint_history(linting, &fold, *history);
	reading_end(fold.reading);
	if (fold.checkpoints)
		checkpoints_sweep(fold.checkpoints);
	return NULL;
}

Run *lint(Arena *arena, const Discovery *discovery, const LintOptions *options)
{
	Run *run = new(arena, Run);
	run->arena = arena;
	run->summary.files = discovery->files;
	Linting linting = {run, discovery, options, options->rules ? options->rules : rule_book(arena)};
	run->rules = new(arena, RuleBook);
	array_each (RuleEntry, entry, &linting.book->entries)
		array_push(arena, &run->rules->entries, *entry);
	run_aside(lint_histories, &linting);
	count_findings(run);
	return run;
}
