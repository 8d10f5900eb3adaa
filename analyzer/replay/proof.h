#ifndef DDLINT_REPLAY_PROOF_H
#define DDLINT_REPLAY_PROOF_H
/*
 * Proofs by replaying: what a second run, a down script or a resumed run would do. Each puts everything back as it was.
 *
 * What a proof answers lives in the arena given, but for the statements and actions, which are the migration's. A proof whose
 * outcome rests on data or on something that could not be read says so: its verdict is UNKNOWN.
 */
#include "replay/replay.h"

typedef enum RepeatVerdict { REPEAT_OK, REPEAT_CHANGES, REPEAT_FAILS, REPEAT_UNKNOWN } RepeatVerdict;
typedef struct RepeatProof {
	RepeatVerdict verdict;
	const Statement *statement; /* first failing, or first that leaves something behind */
	const Action *action;
	const char *sqlstate;
	const char *because;        /* why it is unknown, at the statement; NULL: it is known */
} RepeatProof;
const char *repeat_word(RepeatVerdict verdict); /* "ok", "changes" … as the audit says it */
/* Runs the script that just ran a second time on its own result. */
RepeatProof prove_repeat(Replay *replay, const Migration *migration, const Script *script);
/*
 * The SQLSTATE of running the statement that just ran again on its own result: "ok", a code, or NULL when it cannot be known.
 * For observers, in statement_end.
 */
const char *prove_statement_repeat(Replay *replay, const Statement *statement, bool *changes);

typedef enum RollbackVerdict {
	ROLLBACK_MISSING,
	ROLLBACK_CONTAINED,      /* none, and the migration says that there is no way back */
	ROLLBACK_EMPTY,          /* a down without a statement, whatever the up did */
	ROLLBACK_REVERSES,
	ROLLBACK_DATA_DEPENDENT, /* reverses, unless rows that came meanwhile stand against it */
	ROLLBACK_INCOMPLETE,
	ROLLBACK_FAILS,
	ROLLBACK_UNKNOWN,
} RollbackVerdict;
typedef struct RollbackProof {
	RollbackVerdict verdict;
	const Statement *statement; /* of the down: the failing one, the first that depends on data or is not known */
	const Action *action;       /* NULL: the statement does not parse */
	const char *sqlstate;
	const char *because;        /* why it is unknown; NULL: it is known */
	Comparison comparison;      /* before the up against after the down; empty for a down that fails or is not known */
	const char *lacking;        /* the statements that the down lacks; NULL when it is complete */
	bool loses_data;            /* something that held data was dropped and made again */
} RollbackProof;
const char *rollback_word(RollbackVerdict verdict);
/* Runs the down of a migration whose up has just run; `before` is an open mark that was set before the up. */
RollbackProof prove_rollback(Arena *arena, Replay *replay, const Migration *migration, CatalogMark before);

/*
 * The downs of a whole history, from its head back: for tools that pair downs by group, where no down alone undoes its up.
 * chain_add before each up, in order and with no mark of the catalog open; prove_chain after the last.
 */
typedef struct Chain Chain;
Chain *chain_new(Arena *arena);
void chain_add(Chain *chain, Replay *replay, const Migration *migration);
void prove_chain(Chain *chain, Replay *replay);
typedef struct ChainLink {
	const Migration *migration;
	CatalogChanges changes;     /* of its group's ups, of the first of a group */
	bool first;
	bool reverses;              /* the downs from the head back to its group's first undo the ups of its group */
	const char *left;           /* of the first of a group: something that is not as it was, and was before the group's downs */
	const Statement *statement; /* of its down: the chain stops here */
	const Action *action;
	const char *sqlstate;
} ChainLink;
const ChainLink *chain_link(const Chain *chain, const Migration *migration);

typedef enum ResumeVerdict { RESUME_OK, RESUME_STUCK, RESUME_CHANGES, RESUME_UNKNOWN } ResumeVerdict;
typedef struct ResumeProof {
	ResumeVerdict verdict;
	uint32_t after;             /* as many statements had run and were kept when the run broke off */
	const Statement *statement; /* what the next run fails at, or does a second time */
	const Action *action;
	const char *sqlstate;
	const char *because;        /* why it is unknown; NULL: it is known */
} ResumeProof;
const char *resume_word(ResumeVerdict verdict);
/*
 * Breaks the script off at every point where what it did is kept, and runs it from its beginning again. To be asked before the
 * script runs. Stops at the first point from which it cannot go on; a long script that can be repeated is not tried at every
 * point: then the verdict is UNKNOWN.
 */
ResumeProof prove_resume(Replay *replay, const Migration *migration, const Script *script);

/* --- For the proofs themselves ---------------------------------------------------------------------------------------------------- */

/* What a proof changes of the replay itself; the catalog goes back by its mark. */
typedef struct ProofState {
	Replay replay;
	CatalogMark mark;
	uint32_t migration, statement;
} ProofState;
ProofState proof_start(Replay *replay);
/* The first statements of the script have run before. */
void proof_repeats(Replay *replay, uint32_t statements);
/*
 * What earlier migrations did out of sight may have made tables that nobody ever named. But when the script that ran before the
 * proof could be read, a table that neither it nor any earlier script mentions is not there.
 */
void proof_trusts(Replay *replay);
void proof_end(Replay *replay, const ProofState *saved);
#endif
