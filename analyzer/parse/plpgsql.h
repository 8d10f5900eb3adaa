#ifndef DDLINT_PARSE_PLPGSQL_H
#define DDLINT_PARSE_PLPGSQL_H
/*
 * Reading PL/pgSQL: what plpgsql*.c share; private to this folder. See lower.h for the doors.
 */
#include "parse/lower.h"

/* Parts of a body are read again, for what their variables may hold, this often at most. */
enum { BODY_READINGS = 400 };

/* Where a way through IF or CASE ends: what it does so far, and what the variables hold there. */
typedef struct WayEnd {
	Action **list;
	const Variable *variables;
} WayEnd;

/* The ways through an IF or a CASE, of which one is taken. Those that RETURN or RAISE an error have no end. */
typedef struct Ways {
	const Variable *before; /* what the variables held in front of it: `count` of them */
	uint32_t count;
	bool decided;           /* one that was read is always taken: the others never are */
	ARRAY(WayEnd) ends;
} Ways;

typedef enum WayTaken { WAY_MAYBE, WAY_ALWAYS, WAY_NEVER } WayTaken;

typedef struct Body {
	Lowering l;        /* piece: the body's text; the list being made */
	Lexer lexer;
	uint32_t depth;    /* of blocks, conditions, loops */
	uint32_t readings; /* how often parts were read again: bodies of loops for each constant, what follows an IF for each way */
	Scope scope;
	Ways parted;       /* the statement just read left ways that differ: what follows may be read for each */
	bool opaque;       /* something could not be read */
	bool vague;        /* that, or a call's arguments are not known: more knowledge of variables may help */
	bool broken;       /* the block structure makes no sense: reading stops */
} Body;

/* An expression of the body as PL/pgSQL has it: what stands behind SELECT. Fields are NULL when it does not parse. */
typedef struct BodyExpr {
	const Expr *expr;
	Query *query;
} BodyExpr;

/* plpgsql_token.c */
Token body_next(Body *b);
Token body_peek(const Body *b);
bool body_is(const Body *b, Token token, const char *word);
bool body_is_byte(const Body *b, Token token, char byte);
bool body_is_operator(const Body *b, Token token, const char *operator);
/* Consumes the next token when it is the word. */
bool body_accept(Body *b, const char *word);
void body_accept_byte(Body *b, char byte);
/* In lower case unless quoted. */
const char *body_identifier(Body *b, Token token);
const char *word_identifier(Body *b, Text word);
/* To the semicolon that ends the statement, which is consumed. `span` is what was read of the statement already. */
Span body_to_semicolon(Body *b, Span span);
/* What follows up to the semicolon, when nothing of it was read yet. */
Span body_rest(Body *b);
/* To a key word outside of parentheses and CASE expressions, which is consumed. Breaks off at the body's end. */
Span body_to_word(Body *b, const char *word);

/* plpgsql.c: the statements up to the next word that ends a list, as a list of their own. */
Action *body_statements(Body *b);
/* The same when nobody knows whether or how often they run: what they assign is unknown afterwards. */
Action *body_list(Body *b);
void body_append(Body *b, Action *list);
/* END [word] [label] ; */
void body_end(Body *b, const char *word);
/* The action ends where the reader is now, semicolon aside. */
void body_span_end(Body *b, Action *action, uint32_t start);

/* plpgsql_branch.c: behind the statement's first word. */
void body_if(Body *b, Token first);
void body_case(Body *b, Token first);
/* The rest of the list behind a statement that left ways which differ (Body.parted). */
void body_behind_ways(Body *b);

/* plpgsql_loop.c: behind the statement's first word. */
void body_loop(Body *b, Token first);
void body_while(Body *b, Token first);
void body_for(Body *b, Token first);
void body_foreach(Body *b, Token first);

/* plpgsql_rows.c: the rows that a loop goes through, as far as they are constants. */
enum { ROW_WIDTH = 8 };
typedef struct Rows {
	const char *variable;
	uint32_t width;                     /* 0: nothing is known */
	const char *columns[ROW_WIDTH];     /* names, for records; NULL without one */
	ARRAY(const Expr *) values;         /* row by row */
} Rows;
/* Of VALUES and unnest() of constants; the query stands at `source`. */
void constant_rows(Body *b, Span source, Rows *rows);

/* plpgsql_sql.c: statements and expressions that the parser reads. */
BodyExpr body_expression(Body *b, Span span, bool emit_calls);
void body_sql(Body *b, Span span);
void body_execute(Body *b, Span span);
void body_opaque(Body *b, Span span, const char *why);
/* A piece of `span` of the body: a copy that can be changed. */
Piece *body_cut(Body *b, Span span);

/* plpgsql_scope.c */
bool expr_mentions_variable(const Body *b, const Expr *expr);
void declare_variable(Body *b, const char *name, const char *field, const Expr *value);
/* The innermost of that name; the fields of a record are not known any more. value NULL: not known. */
void set_variable(Body *b, const char *name, const Expr *value);
Variable *save_variables(const Body *b);
void restore_variables(Body *b, const Variable *saved, uint32_t count);
/* Variables that do not hold what they hold in `other` are not known. */
void forget_different(Body *b, const Variable *other, uint32_t count);
void ways_start(Body *b, Ways *ways);
/* Reads a list of statements as one of the ways; one that is never taken leaves nothing behind. */
void ways_read(Body *b, Ways *ways, Action **list, WayTaken taken);
/* The way through a missing ELSE. */
void ways_skip(Body *b, Ways *ways, Action **list);
/* Variables hold what they hold on every way; false when ways differ in one. */
bool ways_meet(Body *b, const Ways *ways);

/* plpgsql_catalog.c */
typedef struct CatalogTable {
	const char *table;  /* in pg_catalog, or behind "information_schema." */
	ObjectKind kind;
	const char *name;   /* column with the object's name */
	const char *parent; /* column with the name (or regclass) of the relation that it belongs to */
} CatalogTable;
/* The most telling table that a query names; NULL: none of the catalogs. */
const CatalogTable *asked_table(const Query *query);
/* A column whose conditions do not change what is asked for in any database that one meets. */
bool is_narrowing(const char *column);

/* plpgsql_guard.c */
const Guard *lower_guard(Lowering *l, const Expr *condition);

/* plpgsql_condition.c: NULL for a name that is no condition. */
const char *condition_sqlstate(const char *name);
#endif
