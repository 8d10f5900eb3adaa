#ifndef DDLINT_JOBS_H
#define DDLINT_JOBS_H
/*
 * The work of a run on several threads: each history is folded in order on one of them, and a thread that has no history of its own
 * any more reads migrations ahead of those that others still fold.
 *
 * Which thread does what changes nothing in what comes out: a fold sees its own history, and takes its migrations in order.
 */
#include "discover/history.h"

typedef struct Reading Reading;

typedef struct Folding {
	History *const *histories;
	uint32_t count;
	int jobs; /* threads; 0: as many as there are processors */
	/* Called once for each history, on any thread. */
	void (*fold)(void *payload, uint32_t history, Reading *reading);
	void *payload;
} Folding;

/* Returns when all histories are folded. All threads have the stack that the parser needs. */
void fold_all(const Folding *folding);
/* Returns when the migration at the place of the history has been read. Places are asked for in order; what is left out is not read. */
void reading_wait(Reading *reading, uint32_t place);

/* The scripts of one migration: split and parsed into its arena, once. Any thread. */
void read_migration(Migration *migration);
#endif
