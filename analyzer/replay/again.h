#ifndef DDLINT_REPLAY_AGAIN_H
#define DDLINT_REPLAY_AGAIN_H
/* Proofs of a second run: whether rows that an INSERT adds are there already. */
#include "replay/replay.h"

typedef enum RowsAgain {
	ROWS_NEW,    /* the statement did not run before, or on another table, or all rows go before it */
	ROWS_UNSURE, /* the script changes or removes rows of the table */
	ROWS_THERE,
} RowsAgain;

/* For an INSERT of rows that a unique key would refuse if they were there. */
RowsAgain rows_again(const Replay *replay, const Statement *statement, const Action *insert);
#endif
