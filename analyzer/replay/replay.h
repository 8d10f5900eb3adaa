#ifndef DDLINT_REPLAY_REPLAY_H
#define DDLINT_REPLAY_REPLAY_H
/*
 * Replay: a history folded, action by action, over a catalog and a session for one server version.
 *
 * Statements run as their tool would run them: wrapped in the tool's transaction or not, batches as one simple query, ALTER
 * TABLE's parts in PostgreSQL's order, DO bodies with their guards and handlers, known functions where they are called.
 */
#include "catalog/session.h"
#include "discover/history.h"
#include "effect/effect.h"

typedef struct Replay Replay;

/* One action, seen just before it changes the catalog. */
typedef struct Step {
	const Replay *replay;
	const Action *action;
	const Effect *effect;        /* of this action alone */
	const Statement *statement;  /* the top-level statement that it is part of */
	LockMode statement_lock;     /* ALTER TABLE: the strongest of its parts, which all of them run under */
	const Action *called_at;     /* the CALL through which a function's body runs; NULL: the script's own */
	bool in_block;               /* inside a DO block or a function: no statement there may leave the transaction */
	bool in_loop;
	bool guarded;                /* inside an IF whose outcome is not known */
	bool tried;                  /* inside a block that has exception handlers */
} Step;

typedef struct Observer {
	void *payload;
	/* Each may be NULL. */
	void (*step)(void *payload, const Step *step);
	/* The action failed with sqlstate and was left out. */
	void (*failed)(void *payload, const Step *step, const char *sqlstate);
	void (*statement_end)(void *payload, const Replay *replay, const Statement *statement, const Effect *effect);
} Observer;

struct Replay {
	Arena *arena;          /* the run's */
	Arena catalog_arena;   /* the catalog's and the session's alone: undoing frees its newest part */
	Arena scratch;         /* effects of one statement; reset after each */
	Catalog *catalog;
	Session *session;
	const History *history;
	const Migration *migration; /* being replayed */
	const Script *script;
	Observer observer;
	bool want_effects;     /* nobody needs those of a migration that is only replayed */
	bool minds_transactions; /* with effects: what a transaction forbids fails in it (25001) */
	bool stop_at_failure;  /* proofs stop at the first failing statement; else it is left out and the rest goes on */

	/* Proofs of a second run: so many statements of the script ran before, when the catalog had so many objects. */
	uint32_t ran_before, objects_before;
	const Statement *again; /* it alone runs once more, right behind its first run; NULL: the whole script */

	/* What the last script did, for proofs. Reset by replay_script. */
	const Statement *failed_statement;
	const Action *failed_action;
	const char *sqlstate;
	const Statement *changing_statement; /* the first that succeeds and leaves something behind each time it runs */
	const Action *changing_action;
	uint32_t opaque;       /* how often something ran that could not be read */
	Map called;            /* bodies of routines as calls run them: see call.h */
	Map declared;          /* by a function's name: see declaration.h */
	const char *unknown;   /* of a proof: what happened depends on data or on what could not be read: why. NULL: it is known */
	const Statement *unknown_statement; /* the first of which that is so */

	ARRAY(struct Savepoint { /* marks of the open transaction; the first, without a name, is its BEGIN */
		const char *name;
		CatalogMark mark;
	}) savepoints;
};

/* A replay of the history on an empty catalog; nothing has run yet. Free with replay_free. */
Replay *replay_new(Arena *arena, const History *history, int version);
void replay_free(Replay *replay);
/* The transaction that a script's statements find themselves in, by the layout and the configuration. */
TransactionState script_wrapping(const History *history, const Script *script);
/* Runs one script as its tool runs it. */
void replay_script(Replay *replay, const Migration *migration, const Script *script);
/* The same statement by statement: start, each of its statements in order while the answer is true, finish. */
void replay_start(Replay *replay, const Migration *migration, const Script *script);
bool replay_step(Replay *replay, const Script *script, uint32_t statement);
void replay_finish(Replay *replay);
/* Runs one more statement of the script that is being replayed. False: it failed, and failures stop. */
bool replay_statement(Replay *replay, const Statement *statement);
/* Something runs that cannot be read: from here on what is not in the catalog may exist all the same. */
void replay_opaque(Replay *replay, const Statement *statement, const char *because);
/*
 * Was it there before the script that is being replayed (with a frontier: in production)? Nobody waits for what is new.
 * Temporary tables never were. For a down script everything that its up made was there.
 */
bool existed_before(const Replay *replay, const Object *object);
#endif
