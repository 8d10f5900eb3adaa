#ifndef DDLINT_REPLAY_AGAIN_H
#define DDLINT_REPLAY_AGAIN_H
/* Proofs of a second run: whether rows that an INSERT adds are there already, and what a declared function says to a second call. */
#include "replay/replay.h"

typedef enum RowsAgain {
	ROWS_NEW,    /* the statement did not run before, or on another table, or all rows go before it */
	ROWS_UNSURE, /* the script changes or removes rows of the table */
	ROWS_THERE,
} RowsAgain;

/* For an INSERT of rows that a unique key would refuse if they were there. */
RowsAgain rows_again(const Replay *replay, const Statement *statement, const Action *insert);
/* The SQLSTATE that a declared function raises because the statement ran before; NULL: none. *unsure: nobody knows whether it does. */
const char *declared_refusal(Replay *replay, const Statement *statement, const Declaration *declared, const Action *call, bool *unsure);
#endif
