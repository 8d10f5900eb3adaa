#ifndef DDLINT_ACTION_EXPR_H
#define DDLINT_ACTION_EXPR_H
/*
 * As much of expressions, types and queries as facts need: volatility of a default, what a CHECK proves, what a view reads.
 * Names are as written (folded to lower case unless quoted, as PostgreSQL does); replay resolves them.
 */
#include "base/base.h"

/* A possibly qualified name as written. schema NULL: found by the search path. A database part is dropped. */
typedef struct Name {
	const char *schema;
	const char *name; /* NULL: no name at all */
} Name;

typedef ARRAY(const char *) Names;
bool names_have(const Names *names, const char *name);

/* A type as written: `numeric(10,2)[]`, `SETOF s.t`, `t.a%TYPE`. */
typedef struct TypeRef {
	Name name;          /* what the grammar makes of it: int -> pg_catalog.int4, char -> pg_catalog.bpchar, serial -> serial */
	int32_t modifiers[2]; /* as written: 10, 2; for interval: PostgreSQL's field mask and the precision */
	uint8_t modifier_count;
	uint8_t dimensions; /* of an array; 0 for none */
	bool setof;
	bool percent_type;  /* name is a column: schema.relation.column%TYPE, not resolved */
	Span span;          /* source bytes */
} TypeRef;

typedef enum ExprKind {
	EXPR_NONE,
	EXPR_NULL,
	EXPR_CONSTANT,  /* text: the value as written, without quotes; quoted when it was a string; true, false */
	EXPR_COLUMN,    /* name: schema is the relation or alias when qualified; text NULL */
	EXPR_CALL,      /* name; arguments; text: "*", "distinct" or NULL */
	EXPR_KEYWORD,   /* CURRENT_TIMESTAMP, CURRENT_USER …: text in lower case: stable, not volatile */
	EXPR_CAST,      /* type; one argument */
	EXPR_AND,       /* arguments, two or more */
	EXPR_OR,
	EXPR_NOT,
	EXPR_IS_NULL,
	EXPR_IS_NOT_NULL,
	EXPR_OPERATOR,  /* text: the operator; arguments, one or two */
	EXPR_IN,        /* arguments: the value, then the list; negated: text "not" */
	EXPR_ARRAY,     /* ARRAY[…] and ROW(…) */
	EXPR_CASE,      /* arguments: all parts, in order; text: "simple case" when the first is what the others are compared with */
	EXPR_COALESCE,  /* also GREATEST, LEAST, NULLIF: text tells */
	EXPR_COLLATE,   /* name: the collation; one argument */
	EXPR_SUBQUERY,  /* query; arguments: the test expression, when there is one. text: "exists", "any", "all", "scalar", "array" */
	EXPR_OTHER,     /* arguments: what could be lowered below it */
} ExprKind;

typedef struct Expr Expr;
struct Expr {
	ExprKind kind : 8;
	bool quoted : 1;  /* EXPR_CONSTANT: written as a string */
	bool partial : 1; /* something below was cut off (depth limit) */
	Name name;
	const char *text;
	const TypeRef *type;
	struct Query *query;
	Expr *arguments;  /* the first; the others by next */
	Expr *next;
	const char *label; /* of a call's argument written `label => value` */
};

/* What a query does with one relation. */
typedef enum UseMode {
	USE_READ,
	USE_LOCK_ROWS, /* FOR UPDATE / SHARE … */
	USE_INSERT,
	USE_UPDATE,
	USE_DELETE,
	USE_MERGE,
} UseMode;

typedef struct RelationUse {
	Name relation;
	const char *alias;
	UseMode mode : 8;
	bool all_rows : 1; /* nothing restricts what is read or written: no WHERE, no LIMIT, no join */
	bool only : 1;
	Span span;       /* source bytes of the name; empty when unknown */
	Names columns;   /* columns known to be this relation's: SET and INSERT lists; qualified references */
	Names first;     /* bare names in a SELECT from this relation alone: this one's, or else of a query around it */
	Names certain;   /* those, and qualified ones, where there is no query around it: they can be nobody else's */
} RelationUse;

typedef struct Query Query;

/* An item of FROM: a relation, a query, or (neither name nor query) something whose columns are not known. */
typedef struct FromItem {
	Name relation;
	const char *alias;  /* as its columns are qualified; NULL: the relation's name */
	const Query *query; /* a sub-query, or the WITH query of that name */
	Names columns;      /* new names of the first columns */
} FromItem;

struct Query {
	ARRAY(RelationUse) uses;       /* CTE names left out; CTEs and sub-queries included */
	ARRAY(Name) functions;         /* called anywhere inside */
	ARRAY(const Expr *) calls;     /* the same calls with their arguments */
	ARRAY(Name) types;             /* casts to types */
	Names columns;                 /* unqualified column references */
	Names shared;                  /* those among them that stand where not one relation alone gives columns */
	Names outputs;                 /* names of the result columns, as far as known: "?column?" else; "*" for a star */
	ARRAY(const Expr *) output_exprs; /* same order as outputs; NULL for a star */
	ARRAY(const Expr *) rows;      /* INSERT of several rows, not too many: their VALUES, row after row; outputs has none then */
	const Expr *where;             /* of the outermost statement */
	/* Of queries whose columns count (views, tables made from them), and of those inside: where outputs come from. */
	ARRAY(FromItem) from;
	ARRAY(const Query *) arms; /* the other SELECTs of a UNION, INTERSECT or EXCEPT, from left to right */
	Names stars;               /* of each star among the outputs: what it is qualified with, or NULL */
	const Expr *order;             /* what ORDER BY sorts by first, of the outermost statement */
	uint32_t row_count;
	bool rows_unlisted : 1;            /* INSERT of more rows than `rows` is to hold */
	bool merges_columns : 1;       /* JOIN … USING, NATURAL: a bare star gives common columns first, and once */
	bool distinct : 1;
	bool has_limit : 1;
	bool needs_all_rows : 1;           /* GROUP BY, DISTINCT, aggregates: LIMIT or not */
	bool other_columns : 1;            /* something else than relations gives names: a sub-query, a function, a CTE, an alias's list, a template */
	bool partial : 1;
};

/* A result column is called so, as ORDER BY and GROUP BY may name it: `count(*) AS n`; one that only keeps its own name is not. */
bool query_calls_output(const Query *query, const char *name);
/* Canonical text: equal for equal expressions however they were written; "?" for what was not lowered. */
void expr_print(Buf *buf, const Expr *expr);
char *expr_text(Arena *arena, const Expr *expr);
/* 40 levels down at most. */
bool expr_mentions_column(const Expr *expr, const char *column);
/* "character varying(20)[]" in the words of the statement, not resolved. */
char *type_ref_text(Arena *arena, const TypeRef *type);
/* "schema.name" or "name", without quotes. */
char *name_text(Arena *arena, Name name);
/* As an identifier that can be pasted into SQL: quoted when it must be. */
void quote_identifier(Buf *buf, const char *identifier);
char *quoted_name(Arena *arena, Name name);
static inline bool name_is(Name name, const char *schema, const char *word)
{
	return same(name.name, word) && (!name.schema || same(name.schema, schema));
}
#endif
