#ifndef DDLINT_ACTION_ACTION_H
#define DDLINT_ACTION_ACTION_H
/*
 * Actions: what a statement does, in the words of this field. The one thing that replay, effects and rules are shown.
 *
 * A statement lowers to a list of actions. CREATE TABLE gives CREATE_TABLE and then an ADD_COLUMN for each column and an
 * ADD_CONSTRAINT for each constraint (inline ones too), so no fact has three syntaxes. Actions are flat: a field that the
 * kind does not use is zero. Names are as written. Everything lives in the migration's arena and is immutable after lowering.
 */
#include "action/expr.h"
#include "action/object.h"
#include "base/base.h"

typedef enum ActionKind {
	ACTION_NONE,
#define ACTION(kind, word, description) ACTION_##kind,
#include "action/action.def"
#undef ACTION
	ACTION_KIND_COUNT
} ActionKind;

/* "add-column"; "none" for ACTION_NONE. */
const char *action_word(ActionKind kind);
const char *action_description(ActionKind kind);
/* ACTION_NONE when there is no such word. */
ActionKind action_by_word(const char *word);

typedef struct ColumnDef {
	const char *name;
	TypeRef type;
	Name collation;
	bool not_null;         /* written NOT NULL (also by an inline PRIMARY KEY: see the constraint) */
	bool not_null_not_valid;   /* PostgreSQL 18 */
	bool serial;           /* smallserial, serial, bigserial; the type is then int2, int4, int8 */
	char identity;         /* 'a'lways, 'd' by default, 0 */
	char generated;        /* 's'tored, 'v'irtual, 0 */
	const char *not_null_name; /* CONSTRAINT n NOT NULL */
	const Expr *default_expr;  /* NULL: none; EXPR_NULL for DEFAULT NULL */
	Span default_span;
	const Expr *generated_expr;
	const char *storage, *compression;
} ColumnDef;

typedef ARRAY(ColumnDef) ColumnDefs;

typedef enum ConstraintKind {
	CONSTRAINT_NONE,
	CONSTRAINT_PRIMARY_KEY,
	CONSTRAINT_UNIQUE,
	CONSTRAINT_CHECK,
	CONSTRAINT_FOREIGN_KEY,
	CONSTRAINT_EXCLUSION,
	CONSTRAINT_NOT_NULL, /* PostgreSQL 18: ADD CONSTRAINT … NOT NULL a */
} ConstraintKind;

const char *constraint_kind_words(ConstraintKind kind); /* "primary key" */

typedef struct IndexKey {
	const char *column; /* NULL for an expression */
	const Expr *expr;
	Name collation, opclass;
	const char *operator_; /* of an exclusion constraint */
	bool descending, nulls_first;
} IndexKey;

typedef struct IndexDef {
	const char *method; /* "btree" */
	bool unique;
	bool nulls_not_distinct;
	ARRAY(IndexKey) keys;
	Names include;
	const Expr *predicate;
	const char *tablespace;
	Names options;
} IndexDef;

typedef struct ConstraintDef {
	ConstraintKind kind;
	const char *name;      /* NULL: PostgreSQL makes one */
	Names columns;         /* key columns; the column of an inline one too */
	const Expr *check;
	Name references;
	Names reference_columns; /* empty: the primary key */
	char on_delete, on_update; /* PostgreSQL's letters: 'a' no action, 'r' restrict, 'c' cascade, 'n' set null, 'd' set default */
	char match;            /* 's'imple, 'f'ull, 'p'artial */
	const char *using_index;
	const IndexDef *index; /* of PRIMARY KEY, UNIQUE, EXCLUDE without USING INDEX */
	bool not_valid;
	bool not_enforced;     /* PostgreSQL 18 */
	bool deferrable, initially_deferred;
	bool no_inherit;
	bool without_overlaps; /* PostgreSQL 18 */
} ConstraintDef;

typedef struct TableDef {
	char persistence;      /* 'p'ermanent, 'u'nlogged, 't'emporary */
	const char *on_commit; /* "drop", "delete rows" or NULL */
	ARRAY(Name) inherits;
	Name partition_of;     /* name NULL: no partition */
	bool default_partition;
	const char *bound;     /* FOR VALUES … as text; NULL for DEFAULT and none */
	const char *partition_strategy; /* "range", "list", "hash"; NULL: not partitioned */
	Names partition_keys;  /* column names; "?" for an expression */
	ARRAY(struct TableLike {
		Name relation;
		bool defaults, constraints, indexes, identity, generated, comments, statistics, storage, compression;
	}) likes;
	Name of_type;
	const char *tablespace, *access_method;
	Names options;         /* name=value */
	bool with_no_data;     /* CREATE TABLE AS, CREATE MATERIALIZED VIEW */
} TableDef;

typedef struct FunctionArgument {
	const char *name;
	TypeRef type;
	char mode; /* 'i'n, 'o'ut, 'b'oth, 'v'ariadic, 't'able */
	const Expr *default_expr;
} FunctionArgument;

typedef struct FunctionDef {
	ObjectKind kind;     /* FUNCTION, PROCEDURE, AGGREGATE */
	ARRAY(FunctionArgument) arguments;
	bool arguments_given; /* DROP FUNCTION f without a list means any */
	TypeRef returns;     /* name.name NULL: nothing */
	const char *language;
	char volatility;     /* 'i'mmutable, 's'table, 'v'olatile; 0 not said */
	bool security_definer;
	bool strict;
	bool sets_search_path;
	const char *body_hash_text; /* the body as written, for "was it changed"; arena's */
	struct Action *body; /* actions of an SQL body, which the server analyses; PL/pgSQL's is read where it is called: see parse.h */
	bool body_opaque;    /* something in that body could not be read */
	ARRAY(Name) row_types; /* types of variables that a PL/pgSQL body declares: those of rows are looked up when it is made */
} FunctionDef;

/* What an IF asks. Understood only when it asks the catalog; the rest is GUARD_UNKNOWN. */
typedef enum GuardKind {
	GUARD_UNKNOWN,
	GUARD_OBJECT_EXISTS,  /* object_kind, name (and parent: the table of a column, constraint, trigger, policy) */
	GUARD_LABEL_EXISTS,   /* enum label: name is the type (or NULL), member the label */
	GUARD_COLUMN_TYPE,    /* the column's type is `member`: information_schema.columns.data_type */
	GUARD_COLUMN_NULLABLE,
	GUARD_ROWS_EXIST,     /* a question about data */
	GUARD_CONSTANT,       /* TRUE or FALSE: `value` */
	GUARD_SERVER_VERSION, /* server_version_num compared: op, number */
	GUARD_AND,            /* left, right */
	GUARD_OR,
	GUARD_NOT,            /* left */
} GuardKind;

typedef struct Guard Guard;
struct Guard {
	GuardKind kind;
	ObjectKind object_kind;
	Name name;            /* schema NULL: by the search path, or in any schema */
	Name parent;
	const char *member;   /* column, label, type text; the kind of a constraint that has no name here: "p", "primary key" */
	bool anywhere;        /* names without a schema are in any: it asks for rows of the system's tables */
	bool value;
	char op[3];
	long number;
	const Guard *left, *right;
};

typedef struct Handler {
	Names conditions;     /* SQLSTATEs ("42710"); "others" for OTHERS */
	struct Action *body;
} Handler;

/* What IF and TRY have beside their body. */
typedef struct Alternatives {
	const Guard *guard;   /* of IF */
	struct Action *otherwise;
	ARRAY(Handler) handlers; /* of TRY */
} Alternatives;

typedef struct Action Action;
struct Action {
	Action *next;         /* of the same list */
	ActionKind kind : 8;
	ObjectKind object_kind : 8; /* what the statement's words say it is about: ALTER INDEX, COMMENT ON COLUMN, DROP DOMAIN */
	bool if_exists : 1;         /* what the action is about may be missing: DROP TABLE IF EXISTS, DROP COLUMN IF EXISTS, RENAME … */
	bool relation_if_exists : 1; /* ALTER TABLE IF EXISTS t: of its sub-commands; if_exists is then the sub-command's own */
	bool if_not_exists : 1;
	bool or_replace : 1;
	bool cascade : 1;
	bool concurrently : 1;
	bool only : 1;
	bool in_create : 1;         /* part of CREATE TABLE */
	bool inline_constraint : 1; /* written behind a column */
	bool in_alter : 1;          /* a sub-command of ALTER TABLE: they run in PostgreSQL's passes */
	bool ends_statement : 1;    /* what follows in the list of a body is of another statement */
	bool is_default : 1;        /* a DEFAULT partition */
	bool finalize : 1;          /* DETACH PARTITION … FINALIZE */
	bool local : 1;             /* SET LOCAL */
	bool after : 1;             /* ADD VALUE … AFTER */
	bool all : 1;               /* ALTER TABLE ALL IN TABLESPACE, TRIGGER ALL, ON ALL TABLES IN SCHEMA */
	bool restart_identity : 1;
	bool on_conflict : 1;       /* INSERT … ON CONFLICT */
	bool conflict_target : 1;   /* … (columns) or ON CONSTRAINT */
	bool default_values : 1;    /* INSERT of VALUES or DEFAULT VALUES: no rows are read from a table */
	bool has_where : 1;         /* UPDATE, DELETE; also of a column list's own */
	bool copy_from : 1;         /* COPY … FROM; unset: COPY … TO */
	bool with_no_data : 1;
	bool partial : 1;           /* something of it was not understood */
	bool chain : 1;             /* COMMIT AND CHAIN, ROLLBACK AND CHAIN */
	bool instead : 1;           /* CREATE RULE … DO INSTEAD */
	Span span;            /* source bytes of the clause, e.g. `ADD COLUMN a int` */
	Name relation;        /* what the action is about */
	Span relation_span;   /* source bytes of that name */
	const char *object;   /* a part of it: column, constraint, trigger, label, parameter */
	Span object_span;     /* source bytes of that part's name; empty when unknown */
	const char *new_name;
	const char *value;
	Name other;           /* a second object: referenced parent, partition, new schema */

	const ColumnDef *column_def;
	const ConstraintDef *constraint;
	const IndexDef *index;
	const TableDef *table;
	const FunctionDef *function;
	const TypeRef *type;
	const Expr *expr;
	const Query *query;
	Names names;
	Names columns;
	Names roles;
	const ColumnDefs *attributes; /* of a composite type */

	Action *body;
	Alternatives *branches;   /* of IF and TRY; NULL: none */
};

/* The next action of the same statement; NULL behind its last. */
static inline const Action *next_part(const Action *action)
{
	return action->ends_statement ? NULL : action->next;
}

/* Rows are added, changed or removed. */
bool writes_rows(const Action *action);
/* The bits of `on` masks and switches: how many actions a list has, nested ones included. */
uint32_t action_count(const Action *first);
/* Calls visit for each action of the list, nested bodies after their own action; stops when visit returns false. */
bool action_walk(const Action *first, bool (*visit)(const Action *action, void *payload), void *payload);
/* One line for each action and its parts, indented, every field that is not empty: for tests and debugging. */
void actions_print(Buf *buf, const Action *first);
#endif
