#ifndef DDLINT_REPLAY_TRIAL_H
#define DDLINT_REPLAY_TRIAL_H
/*
 * Trials: what becomes of the catalog when some migrations of a history run in one order or in another. Each trial
 * starts where the first migrations leave the catalog, and puts everything back.
 */
#include "replay/replay.h"

typedef ARRAY(Migration *) MigrationList;

typedef struct TrialFailure {
	const Migration *migration;
	const Action *action;
	const char *sqlstate;
} TrialFailure;

typedef struct Outcome {
	ARRAY(TrialFailure) failures; /* each action that was refused; the rest went on without it */
	Comparison comparison;	      /* with where the trial started */
} Outcome;

typedef struct Trial Trial;

/* Runs the first migrations on an empty catalog. Free with trial_free. */
Trial *trial_new(Arena *arena, const History *history, int version, const MigrationList *first);
void trial_free(Trial *trial);
void trial_run(Trial *trial, const MigrationList *list, Outcome *outcome);
/* The migration's first failure in an outcome, or NULL. */
const TrialFailure *failure_of(const Outcome *outcome, const Migration *migration);
/* What is in another state after the one than after the other; NULL: nothing. Where something is unsure, nothing is
 * said. */
const char *different_subject(Arena *arena, const Outcome *a, const Outcome *b);
#endif
