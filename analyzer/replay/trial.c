#include "replay/trial.h"

struct Trial {
	Arena *arena;
	Arena scratch;
	Replay *replay;
	Outcome *outcome;
};

static void note_failure(void *payload, const Step *step, const char *sqlstate)
{
	Trial *trial = payload;
	if (trial->outcome && !step->guarded)
		array_push(trial->arena, &trial->outcome->failures,
			   (TrialFailure){trial->replay->migration, step->action, sqlstate});
}

static void run_all(Trial *trial, const MigrationList *list)
{
	array_each (Migration *, item, list) {
		const Script *up = (*item)->up;
		if (up && (up->direction == DIRECTION_UP || up->direction == DIRECTION_REPEATABLE ||
			   up->direction == DIRECTION_BASELINE))
			replay_script(trial->replay, *item, up);
	}
}

Trial *trial_new(Arena *arena, const History *history, int version, const MigrationList *first)
{
	Trial *trial = new (arena, Trial);
	trial->arena = arena;
	trial->replay = replay_new(&trial->scratch, history, version);
	trial->replay->observer = (Observer){.payload = trial, .failed = note_failure};
	run_all(trial, first);
	return trial;
}

void trial_free(Trial *trial)
{
	replay_free(trial->replay);
	arena_free(&trial->scratch);
}

void trial_run(Trial *trial, const MigrationList *list, Outcome *outcome)
{
	Catalog *catalog = trial->replay->catalog;
	CatalogMark mark = catalog_mark(catalog);
	trial->outcome = outcome;
	run_all(trial, list);
	catalog_compare(trial->arena, catalog, mark, &outcome->comparison);
	catalog_undo(catalog, mark);
	trial->outcome = NULL;
}

const TrialFailure *failure_of(const Outcome *outcome, const Migration *migration)
{
	array_each (const TrialFailure, failure, &outcome->failures)
		if (failure->migration == migration)
			return failure;
	return NULL;
}

/* What is in `a` and is another in `b`, or is not there. */
static const char *only_in(Arena *arena, const Comparison *a, const Comparison *b)
{
	Map states = {0};
	array_each (const Difference, difference, &b->differences)
		map_set(arena, &states, difference->subject, strlen(difference->subject), (void *)difference);
	array_each (const Difference, difference, &a->differences) {
		const Difference *other = map_get(&states, difference->subject, strlen(difference->subject));
		if (!other || !same(other->after, difference->after))
			return difference->subject;
	}
	return NULL;
}

const char *different_subject(Arena *arena, const Outcome *a, const Outcome *b)
{
	if (a->comparison.unsure || b->comparison.unsure)
		return NULL;
	const char *subject = only_in(arena, &a->comparison, &b->comparison);
	return subject ? subject : only_in(arena, &b->comparison, &a->comparison);
}
