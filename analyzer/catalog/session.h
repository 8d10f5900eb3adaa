#ifndef DDLINT_CATALOG_SESSION_H
#define DDLINT_CATALOG_SESSION_H
/*
 * The state of the connection that runs a migration: transaction, parameters, search path, locks held until the commit.
 *
 * Parameters follow PostgreSQL: SET lasts for the session and is undone by ROLLBACK, SET LOCAL lasts until the
 * transaction's end and does nothing outside one. https://www.postgresql.org/docs/current/sql-set.html
 */
#include "catalog/catalog.h"

/* In the order of strength used for "the strongest"; as pg_locks.mode spells them. */
typedef enum LockMode {
	LOCK_NONE,
	LOCK_ACCESS_SHARE,
	LOCK_ROW_SHARE,
	LOCK_ROW_EXCLUSIVE,
	LOCK_SHARE_UPDATE_EXCLUSIVE,
	LOCK_SHARE,
	LOCK_SHARE_ROW_EXCLUSIVE,
	LOCK_EXCLUSIVE,
	LOCK_ACCESS_EXCLUSIVE,
} LockMode;

const char *lock_mode_name(LockMode mode);  /* "AccessExclusiveLock" */
const char *lock_mode_words(LockMode mode); /* "ACCESS EXCLUSIVE" */
/* Who waits, for messages: "reads and writes", "writes", "other schema changes", "nobody but other …". */
const char *lock_mode_victims(LockMode mode);
/*
 * ROW EXCLUSIVE (every INSERT, UPDATE, DELETE) has to wait.
 * https://www.postgresql.org/docs/current/explicit-locking.html, table 13.2
 */
static inline bool blocks_writes(LockMode mode)
{
	return mode >= LOCK_SHARE;
}
static inline bool blocks_reads(LockMode mode)
{
	return mode == LOCK_ACCESS_EXCLUSIVE;
}

typedef enum TransactionState {
	TRANSACTION_NONE,     /* each batch commits by itself */
	TRANSACTION_IMPLICIT, /* a batch of several statements, sent as one simple query */
	TRANSACTION_RUNNER,   /* opened by the migration tool */
	TRANSACTION_EXPLICIT, /* opened by the script's BEGIN */
} TransactionState;

typedef struct Parameter {
	const char *name;	   /* lower case */
	const char *value;	   /* NULL: the server's default */
	bool set;		   /* changed by the session, against what it started with */
	bool local;		   /* by SET LOCAL, in force until the transaction's end */
	const char *session_value; /* what it goes back to after the transaction */
	const char *before;	   /* session_value when the transaction that changes it began: what ROLLBACK goes back to */
	uint32_t changed_in;	   /* one more than the number of the last transaction that changed it */
	bool changed;		   /* in the session's list */
	const char *configured;	   /* what the connection started with; NULL: the server's default */
	bool by_config;		   /* from the configuration's `session` or `runner` */
} Parameter;

typedef struct HeldLock {
	Relation *relation;
	LockMode mode;
	uint32_t statement; /* ordinal of the statement that took it in this mode */
	Span span;	    /* that statement's, in its script's source */
} HeldLock;

/* https://www.postgresql.org/docs/current/sql-prepare.html */
typedef struct Prepared {
	const struct Prepared *older;
	const char *name;	    /* NULL, gone: all older ones */
	const struct Action *body; /* the script's; NULL: DEALLOCATE took it away */
	uint32_t number;	    /* one more than the older one's */
	uint32_t script;	    /* session->script at the time: whether a later one has the same connection is not known */
} Prepared;

typedef struct Session {
	Catalog *catalog; /* for its arena and journal */
	TransactionState transaction;
	uint32_t transaction_number;
	ARRAY(Parameter) parameters; /* never fewer, but by undo: a place stays one parameter's */
	Map places;		     /* a name in lower case to one more than its place; what was undone may still be in it */
	ARRAY(uint32_t) changed;     /* places of what the session changed: its end resets them */
	ARRAY(uint32_t) changing;    /* of what the open transaction changed */
	ARRAY(HeldLock) locks;	     /* of the open transaction; one for each relation: the strongest */
	ARRAY(const char *) schemas; /* the search path, resolved: "$user" left out */
	const Prepared *prepared;    /* newest first */
	const Prepared *all_gone;    /* the newest of them without a name */
	Map prepared_names;	     /* a name -> struct PreparedName */
	uint32_t script;	     /* scripts that ran so far */
} Session;

Session *session_new(Catalog *catalog);
SearchPath session_path(const Session *session);
const char *session_parameter(const Session *session, const char *name); /* NULL: default or unknown */
bool session_parameter_is_set(const Session *session,
			      const char *name); /* by the script or the configuration, and not to 0 */
void session_configure(Session *session, const char *name, const char *value); /* from the configuration */
void session_set(Session *session, const char *name, const char *value, bool local);
void session_reset(Session *session, const char *name); /* NULL: all */
/* The time zone is one of UTC's names. https://www.postgresql.org/docs/current/sql-altertable.html (timestamptz
 * conversion) */
bool session_is_utc(const Session *session);
void session_begin(Session *session, TransactionState state);
void session_end(Session *session, bool commit); /* locals and locks go; with !commit, SETs of the transaction too */
/* The connection closes: an open transaction is rolled back, temporary tables and the session's settings go. */
void session_close(Session *session);
/* PREPARE; without a body DEALLOCATE, without a name that of all. */
void session_prepare(Session *session, const char *name, const struct Action *body);
/* Statements are prepared for good: ROLLBACK goes on with those that there were before it. */
void session_keep_prepared(Session *session, const Prepared *prepared);
/* Prepared, or taken away by this script; NULL: nothing is known of it. */
const Prepared *session_prepared(const Session *session, const char *name);
void session_next_script(Session *session);
void session_hold(Session *session, Relation *relation, LockMode mode, Span span);
LockMode session_holds(const Session *session, const Relation *relation);
#endif
