#ifndef DDLINT_REPLAY_LOOKUP_H
#define DDLINT_REPLAY_LOOKUP_H
/* Proofs of a second run: rows that are looked up by what an INSERT of the same script gave them, and are there twice by then. */
#include "replay/replay.h"

/*
 * The statement inserts one row of VALUES, and a (SELECT id FROM t WHERE name = 'x') among them finds more than one row: an INSERT
 * above it ran in the run before and in this one, and made a row of that name each time. PostgreSQL answers 21000.
 */
bool finds_two_rows(const Replay *replay, const Statement *statement, const Action *insert);
#endif
