#ifndef DDLINT_PARSE_PLPGSQL_H
#define DDLINT_PARSE_PLPGSQL_H
/*
 * Reading PL/pgSQL: what plpgsql*.c share; private to this folder. See lower.h for the doors.
 */
#include "parse/lower.h"

/* What is known of a variable: its value while it is a constant, NULL otherwise. */
typedef struct Variable {
	const char *name;  /* lower case unless quoted */
	const char *value;
	const Expr *array; /* ARRAY[…] */
} Variable;

typedef struct Body {
	Lowering l;        /* piece: the body's text; the list being made */
	Lexer lexer;
	uint32_t depth;    /* of blocks, conditions, loops */
	uint32_t readings; /* how often bodies of loops were read again, once for each constant */
	ARRAY(Variable) variables;
	bool opaque;       /* something could not be read */
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
/* To the semicolon that ends the statement, which is consumed. `span` is what was read of the statement already. */
Span body_to_semicolon(Body *b, Span span);
/* What follows up to the semicolon, when nothing of it was read yet. */
Span body_rest(Body *b);
/* To a key word outside of parentheses and CASE expressions, which is consumed. Breaks off at the body's end. */
Span body_to_word(Body *b, const char *word);

/* plpgsql.c: the statements up to the next word that ends a list, as a list of their own. */
Action *body_list(Body *b);
/* END [word] [label] ; */
void body_end(Body *b, const char *word);
/* The action ends where the reader is now, semicolon aside. */
void body_span_end(Body *b, Action *action, uint32_t start);

/* plpgsql_loop.c: behind the statement's first word. */
void body_loop(Body *b, Token first);
void body_while(Body *b, Token first);
void body_for(Body *b, Token first);
void body_foreach(Body *b, Token first);

/* plpgsql_sql.c: statements and expressions that the parser reads. */
BodyExpr body_expression(Body *b, Span span, bool emit_calls);
void body_sql(Body *b, Span span);
void body_execute(Body *b, Span span);
void body_opaque(Body *b, Span span, const char *why);
/* A piece of `span` of the body: a copy that can be changed. */
Piece *body_cut(Body *b, Span span);

/* plpgsql_constant.c: the text that an expression always has, or NULL. */
const char *constant_text(Body *b, const Expr *expr);
/* The ARRAY[…] that an expression is, directly or by a variable; NULL otherwise. */
const Expr *constant_array(Body *b, const Expr *expr);
Variable *find_variable(Body *b, const char *name);
void set_variable(Body *b, const char *name, const char *value);

/* plpgsql_guard.c */
const Guard *lower_guard(Lowering *l, const Expr *condition);

/* plpgsql_condition.c: NULL for a name that is no condition. */
const char *condition_sqlstate(const char *name);
#endif
