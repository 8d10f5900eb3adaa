#ifndef DDLINT_REPLAY_TRANSACTION_H
#define DDLINT_REPLAY_TRANSACTION_H
/* Transactions and savepoints of a replay: marks of the catalog, and the state of the session. */
#include "replay/replay.h"

void begin_transaction(Replay *replay, TransactionState state);
/* Nothing to do when none is open. */
void end_transaction(Replay *replay, bool commit);
/* BEGIN, COMMIT, ROLLBACK and the statements about savepoints. */
void run_transaction_action(Replay *replay, const Action *action);
#endif
