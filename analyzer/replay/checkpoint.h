#ifndef DDLINT_REPLAY_CHECKPOINT_H
#define DDLINT_REPLAY_CHECKPOINT_H
/*
 * Checkpoints: where the replay of a history stood before one of its migrations, kept from one run to the next. Whoever lints the
 * same history again and again, as an editor does, replays only from there on; the journal takes back what came behind.
 *
 * A checkpoint holds as long as all migrations before its place are those of the run before, by the same reading: Migration.kept_from.
 * The catalog points into their arenas.
 */
#include "replay/replay.h"

typedef struct Checkpoint Checkpoint;

typedef struct Checkpoints {
	ARRAY(Checkpoint *) list; /* slots, one for each history */
	Arena arena;              /* of the slots */
} Checkpoints;

/*
 * The history's checkpoint, for the server versions from low to high: good for this run, and fresh when the one there was is not.
 * `place`: how many migrations come before the one that it is wanted at. NULL: none can be had there.
 */
Checkpoint *checkpoint_of(Checkpoints *checkpoints, const History *history, uint32_t place, int low, int high);
/* The replay for one version, with so many migrations (*done) behind it. It stays the checkpoint's. */
Replay *checkpoint_start(Checkpoint *checkpoint, int version, uint32_t *done);
/* The replay stands where the next run is to start from. */
void checkpoint_set(Checkpoint *checkpoint, Replay *replay, uint32_t place);
/* Frees those that no run has asked for since the last time. */
void checkpoints_sweep(Checkpoints *checkpoints);
void checkpoints_free(Checkpoints *checkpoints);
#endif
