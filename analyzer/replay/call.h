#ifndef DDLINT_REPLAY_CALL_H
#define DDLINT_REPLAY_CALL_H
/* What a call of a function or procedure runs. */
#include "replay/replay.h"

typedef struct Called {
	const Action *body;          /* NULL: none to run, the routine is not known or does nothing */
	const Declaration *declared; /* its body is not known, but what it does is declared; NULL: it is not */
} Called;

/*
 * What the CALL means, with a body read for its arguments; its actions stand at `at` (an SQL body's without parameters where it is
 * defined). Read once for each CALL, and kept as long as the migration that runs.
 */
Called called_routine(Replay *replay, const Action *call, Span at);
/* The call makes tables or indexes that nobody can name: from then on what is not in the catalog may exist all the same. */
bool leaves_unlisted(Replay *replay, const Declaration *declared, const Action *call);
#endif
