#ifndef DDLINT_EFFECT_EFFECT_H
#define DDLINT_EFFECT_EFFECT_H
/*
 * What an action does to a live database, as PostgreSQL's own rules have it: locks, rewrites, scans, index builds,
 * destruction. Facts only; every claim here can be checked against a server, and `make verify` does.
 *
 * https://www.postgresql.org/docs/current/explicit-locking.html
 * https://www.postgresql.org/docs/current/sql-altertable.html (Notes)
 */
#include "effect/declared.h"

typedef struct LockTaken {
	Relation *relation; /* table, index, sequence, view … */
	LockMode mode;
} LockTaken;

/* Why a table is rewritten, scanned or an index built: what a message names. */
typedef enum WorkReason {
	WORK_NONE,
	WORK_VOLATILE_DEFAULT,	/* ADD COLUMN … DEFAULT volatile() */
	WORK_DEFAULT_BEFORE_11, /* any DEFAULT on PostgreSQL 10 and older: kept for completeness */
	WORK_SERIAL,
	WORK_IDENTITY,
	WORK_GENERATED_STORED,
	WORK_CONSTRAINED_DOMAIN,
	WORK_TYPE,	  /* ALTER COLUMN TYPE that is not binary coercible */
	WORK_PERSISTENCE, /* SET LOGGED / UNLOGGED */
	WORK_ACCESS_METHOD,
	WORK_TABLESPACE,
	WORK_CLUSTER,
	WORK_VACUUM_FULL,
	WORK_REFRESH,
	WORK_SET_EXPRESSION,
	WORK_NOT_NULL, /* scan: SET NOT NULL without a proof */
	WORK_CHECK,
	WORK_FOREIGN_KEY,
	WORK_VALIDATE,
	WORK_PARTITION_BOUND,	/* ATTACH without a proof */
	WORK_DEFAULT_PARTITION, /* the DEFAULT partition is read for rows of the new one */
	WORK_INDEX_BUILD,
	WORK_UNIQUE,
	WORK_PRIMARY_KEY,
	WORK_EXCLUSION,
	WORK_REINDEX,
	WORK_DOMAIN_CHECK,
	WORK_ROWS,	  /* DML and queries that read a whole table */
	WORK_MAINTENANCE, /* VACUUM, ANALYZE */
	WORK_DECLARED,	  /* by a function of an extension */
} WorkReason;

typedef struct Work {
	Relation *relation; /* the table (rewrites, scans) or the index (builds; NULL: not made yet, see name) */
	Relation *table;    /* builds: the table that is indexed */
	const char *name;   /* "public.t_a_idx": builds of indexes that the action itself makes; NULL when not known */
	WorkReason reason;
} Work;

typedef ARRAY(Work) WorkList;

typedef enum DestroyKind {
	DESTROY_OBJECT, /* the object is gone, with whatever it held */
	DESTROY_ROWS,	/* rows are gone: DELETE, TRUNCATE */
	DESTROY_VALUES, /* values are overwritten or cut: UPDATE of all rows, narrowing casts */
} DestroyKind;

typedef struct Destroyed {
	Object *object;
	DestroyKind kind;
	bool by_cascade; /* not named by the statement */
} Destroyed;

typedef struct Effect {
	ARRAY(LockTaken) locks; /* strongest mode for each relation; relations made by this very statement left out */
	WorkList rewrites;	/* tables and materialized views whose rows are written to new files */
	WorkList scans;		/* tables read in full; a rewrite and an index build scan their table too */
	WorkList builds;	/* indexes built or rebuilt */
	ARRAY(Destroyed) destroys;
	Map places; /* where in the lists something is, behind their first few items */
	bool forbidden_in_transaction; /* 25001 inside a transaction block */
	bool waits_for_all;	       /* CONCURRENTLY: waits for older snapshots without holding a strong lock */
	bool opaque;		       /* calls or runs what could not be read */
	bool partial;		       /* rests on an assumption: unknown type, unknown table … */
	bool declared;		       /* rests on what somebody says that a function does */
	ARRAY(const char *) because;   /* the assumptions, for `confidence` */
	bool changes_on_repeat;	       /* succeeds a second time and leaves something behind again */
	bool
	    refused_on_repeat; /* the same rows once more: a unique key refuses them (23505), if they are still there */
	bool repeat_unknown;   /* whether a second run succeeds depends on data or on what is unknown */
} Effect;

typedef struct EffectContext {
	Catalog *catalog; /* before the action */
	const Session *session;
	Arena *arena;			 /* where the lists are made; lives until the statement has been judged */
	const Action *statement_actions; /* the first action of the whole statement: ALTER TABLE's parts act together */
	const Action *called; /* of a CALL: the body that it runs, whose actions have effects of their own */
	const Declaration *declared; /* of a CALL whose body is not known: what is said of it; NULL: nothing */
	LockMode alter_lock;	     /* of a part of ALTER TABLE: effect_alter_lock */
} EffectContext;

/* The strongest lock that any part of an ALTER TABLE needs, from its first part on. */
LockMode effect_alter_lock(const Action *first, int version);

/* Fills *effect (zeroed by the caller) with what the action does. Looks, changes nothing but assumed objects. */
void effect_of(const EffectContext *context, const Action *action, Effect *effect);
/* The lock that the action's own relation is taken in: for a part of ALTER TABLE the strongest that any of its parts
 * needs. */
LockMode effect_statement_lock(const EffectContext *context, const Action *action);
/* Adds what `part` holds to `whole`: strongest locks, each work once. */
void effect_merge(Arena *arena, Effect *whole, const Effect *part);
LockMode effect_lock(const Effect *effect, const Relation *relation);
/* Whether VALUES of expr differ from row to row or call to call: built-in functions by pg_proc, others by the catalog.
 */
typedef enum Volatility { VOLATILITY_IMMUTABLE, VOLATILITY_STABLE, VOLATILITY_VOLATILE, VOLATILITY_UNKNOWN } Volatility;
Volatility expr_volatility(const Catalog *catalog, SearchPath path, const Expr *expr);

/* What ALTER COLUMN TYPE has to do, from the types alone. */
typedef enum TypeChange {
	TYPE_CHANGE_FREE, /* the catalog entry only */
	TYPE_CHANGE_REWRITES,
	TYPE_CHANGE_UNKNOWN, /* a type that is not known */
} TypeChange;
typedef struct TypeChangeFacts {
	TypeChange change;
	bool rebuilds_indexes; /* indexes on the column are rebuilt although the table is not rewritten */
	bool only_in_utc;      /* free only because the session's time zone is UTC */
	bool narrows;	       /* values may be refused or cut */
} TypeChangeFacts;
/* A domain with a CHECK or NOT NULL, its own or of the domain below it. */
bool type_is_constrained(const DataType *type);
/* Of a column whose type is not known: those that are changed to it most, varchar and other text, only change the catalog. */
bool type_is_mostly_free(const TypeRef *to);
TypeChangeFacts type_change(const Catalog *catalog, const Session *session, const DataType *from, const DataType *to,
			    const Expr *using_expr, const char *column);
#endif
