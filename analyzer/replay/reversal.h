#ifndef DDLINT_REPLAY_REVERSAL_H
#define DDLINT_REPLAY_REVERSAL_H
/*
 * From what differs after a rollback to the statements that it lacks.
 */
#include "replay/replay.h"

/* SQL, one statement or comment on a line; for a comparison with the mark, while the catalog is as it was compared. */
const char *reversal(Arena *arena, const Replay *replay, CatalogMark before, const Comparison *comparison);
#endif
