#ifndef DDLINT_REPLAY_CALL_H
#define DDLINT_REPLAY_CALL_H
/* What a call of a function or procedure runs. */
#include "replay/replay.h"

/*
 * The body of the routine that the CALL means, read for its arguments; its actions stand at `at` (an SQL body without parameters'
 * where it is defined).
 * NULL when there is none to run: the routine is not known, or does nothing. Read once for each CALL, and kept as long as the migration that runs.
 */
const Action *called_body(Replay *replay, const Action *call, Span at);
#endif
