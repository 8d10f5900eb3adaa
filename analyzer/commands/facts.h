#ifndef DDLINT_FACTS_H
#define DDLINT_FACTS_H
/*
 * What each statement of a history does to a database: facts without opinions, collected from one replay.
 * They live in the arena they were collected in; statements and sources must live as long.
 */
#include "judge/risk.h"

typedef struct LockFact {
	const char *relation; /* "public.t" */
	LockMode mode;
} LockFact;

typedef struct StatementFacts {
	const Migration *migration;
	const Script *script;
	const Statement *statement;
	/* About what existed before the script began; what is new is waited for by nobody. */
	ARRAY(LockFact) locks;
	Names rewrites, builds, scans, destroys;
	bool forbidden_in_transaction;
	bool in_transaction;
	uint32_t transaction; /* its number in the session; 0: none */
	const char *repeat;  /* "ok", a SQLSTATE, or NULL when it cannot be known */
	bool repeat_changes;
	bool opaque;
	bool partial, declared;
	Names because;
} StatementFacts;

typedef ARRAY(StatementFacts) FactsList;

/* The statements of the history's targets in the order in which they run. The history must have been read (read_history). */
void collect_facts(Arena *arena, const History *history, int version, FactsList *list);
/* Runs one script and appends the facts of its statements; risk may be NULL. */
void collect_script_facts(Arena *arena, Replay *replay, const Migration *migration, const Script *script, RiskTally *risk,
			  FactsList *list);
/* Runs one script and tells what one statement of it did; false: it did not run. */
bool collect_statement_facts(Arena *arena, Replay *replay, const Migration *migration, const Script *script, const Statement *statement,
			     StatementFacts *facts);
#endif
