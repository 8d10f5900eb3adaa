#include "jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/threads.h"
#include "discover/layout.h"
#include "judge/metadata.h"
#include "parse/parse.h"

/* --- Reading one migration ------------------------------------------------------------------------------------------------------- */

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

/* --- Several threads ------------------------------------------------------------------------------------------------------------- */

typedef struct Jobs Jobs;

/* A history that is being folded. */
struct Reading {
	Jobs *jobs;
	const History *history;
	bool *done;           /* of each migration */
	uint32_t next, taken; /* nobody has begun to read it; the fold has asked for all before it */
	bool awaited;         /* the fold waits for another thread */
	bool folding;
	bool open;            /* other threads may read ahead in it */
};

typedef struct Turn {
	uint32_t history, size;
} Turn;

enum { LARGEST_LEAD = 256 };

struct Jobs {
	const Folding *folding;
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	Reading *readings;    /* one for each history */
	ARRAY(Turn) turns;    /* the largest history first, for the last ones to be short */
	uint32_t begun;       /* turns */
	int idle;             /* threads that wait for something to read ahead */
};

static bool is_read_ahead(const Reading *reading, uint32_t lead)
{
	return !reading->open || reading->next >= reading->history->migrations.count || reading->next >= reading->taken + lead;
}

/* A migration that some fold will ask for; NULL: there is none now. */
static Reading *find_wanted(const Jobs *jobs)
{
	for (uint32_t i = 0; i < jobs->begun; i++) {
		Reading *reading = &jobs->readings[jobs->turns.items[i].history];
		if (!is_read_ahead(reading, LARGEST_LEAD))
			return reading;
	}
	return NULL;
}

static bool is_over(const Jobs *jobs)
{
	for (uint32_t i = 0; i < jobs->begun; i++)
		if (jobs->readings[jobs->turns.items[i].history].folding)
			return false;
	return true;
}

/* The mutex is held before and behind it, not while it reads. */
static void read_next(Reading *reading)
{
	Jobs *jobs = reading->jobs;
	uint32_t place = reading->next++;
	pthread_mutex_unlock(&jobs->mutex);
	read_migration(reading->history->migrations.items[place]);
	pthread_mutex_lock(&jobs->mutex);
	reading->done[place] = true;
	if (reading->awaited)
		pthread_cond_broadcast(&jobs->moved);
}

static void fold_next(Jobs *jobs)
{
	uint32_t place = jobs->turns.items[jobs->begun++].history;
	Reading *reading = &jobs->readings[place];
	reading->folding = true;
	pthread_mutex_unlock(&jobs->mutex);
	/* Wherever they stand in the list: each migration is replayed on what they left. */
	array_each (const Migration *, callback, &reading->history->before_each)
		read_migration((Migration *)*callback);
	pthread_mutex_lock(&jobs->mutex);
	reading->open = true;
	if (jobs->idle)
		pthread_cond_broadcast(&jobs->moved);
	pthread_mutex_unlock(&jobs->mutex);
	jobs->folding->fold(jobs->folding->payload, place, reading);
	pthread_mutex_lock(&jobs->mutex);
	reading->folding = reading->open = false;
	pthread_cond_broadcast(&jobs->moved);
}

static void *job(void *payload)
{
	Jobs *jobs = payload;
	pthread_mutex_lock(&jobs->mutex);
	for (;;) {
		Reading *wanted;
		if (jobs->begun < jobs->folding->count) {
			fold_next(jobs);
		} else if ((wanted = find_wanted(jobs))) {
			read_next(wanted);
		} else if (is_over(jobs)) {
			break;
		} else {
			jobs->idle++;
			pthread_cond_wait(&jobs->moved, &jobs->mutex);
			jobs->idle--;
		}
	}
	pthread_mutex_unlock(&jobs->mutex);
	return NULL;
}

void reading_wait(Reading *reading, uint32_t place)
{
	Jobs *jobs = reading->jobs;
	pthread_mutex_lock(&jobs->mutex);
	reading->taken = place + 1;
	if (reading->next <= place) {
		reading->next = place;
		read_next(reading);
	}
	reading->awaited = true;
	while (!reading->done[place])
		pthread_cond_wait(&jobs->moved, &jobs->mutex);
	reading->awaited = false;
	/* Not for each one: a thread that is woken has half its lead to read before it sleeps again. */
	if (jobs->idle && !is_read_ahead(reading, LARGEST_LEAD / 2))
		pthread_cond_broadcast(&jobs->moved);
	pthread_mutex_unlock(&jobs->mutex);
}

static uint32_t migration_count(const Folding *folding)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < folding->count; i++)
		count += folding->histories[i]->migrations.count;
	return count;
}

static int larger_first(const void *a, const void *b)
{
	const Turn *left = a, *right = b;
	if (left->size != right->size)
		return left->size > right->size ? -1 : 1;
	return left->history < right->history ? -1 : 1;
}

static void jobs_start(Arena *arena, Jobs *jobs)
{
	const Folding *folding = jobs->folding;
	jobs->readings = new_array(arena, Reading, folding->count);
	for (uint32_t i = 0; i < folding->count; i++) {
		const History *history = folding->histories[i];
		uint32_t size = history->migrations.count;
		Reading *reading = &jobs->readings[i];
		*reading = (Reading){.jobs = jobs, .history = history, .done = new_array(arena, bool, size)};
		for (uint32_t k = 0; k < size; k++)
			reading->done[k] = history->migrations.items[k]->parsed;
		array_push(arena, &jobs->turns, (Turn){i, size});
	}
	if (folding->count)
		qsort(jobs->turns.items, folding->count, sizeof(Turn), larger_first);
	pthread_mutex_init(&jobs->mutex, NULL);
	pthread_cond_init(&jobs->moved, NULL);
}

void fold_all(const Folding *folding)
{
	Arena arena = {0};
	Jobs jobs = {.folding = folding};
	jobs_start(&arena, &jobs);
	threads_run(thread_count(folding->jobs, migration_count(folding)), job, &jobs);
	pthread_cond_destroy(&jobs.moved);
	pthread_mutex_destroy(&jobs.mutex);
	arena_free(&arena);
}
