#ifndef DDLINT_READ_SPLIT_H
#define DDLINT_READ_SPLIT_H
/*
 * What the files that cut a script share: split.c (statements), psql.c (what psql reads itself), recover.c (where a
 * statement that never ends had better end). Everybody else includes script.h.
 */
#include "read/lex.h"
#include "read/script.h"
#include "read/template.h"

/* What kind of statement is open, as far as its end depends on it. */
typedef enum Shape {
	SHAPE_NEW,      /* no word seen yet */
	SHAPE_CREATE,   /* CREATE [OR REPLACE] */
	SHAPE_ROUTINE,  /* CREATE FUNCTION or PROCEDURE: may have a body BEGIN ATOMIC … END */
	SHAPE_RULE,     /* CREATE RULE … DO (…; …) */
	SHAPE_COPY,
	SHAPE_COPY_FROM_STDIN,
	SHAPE_DATA,     /* INSERT, UPDATE, DELETE, COMMENT: strings are data */
	SHAPE_OTHER,
} Shape;

typedef struct Splitter {
	Arena *arena;
	Script *script;
	const SplitOptions *options;
	Filled filled;
	Lexer lexer;            /* over script->text */

	bool is_open;           /* a statement has begun */
	Statement open;
	Shape shape;
	Token last, before_last; /* of the open statement: its newest tokens that are no space and no comment */
	bool skims;             /* no template and no variable: most statements need not be read word by word */
	uint32_t parens, brackets;
	uint32_t blocks;        /* BEGIN ATOMIC and CASE */

	Span comments;          /* the comment block being gathered between statements, in text */
	uint32_t new_lines;     /* line ends since the block or the last statement ended, counted up to 2 */
	bool trailing;          /* still on the line of the last statement */

	uint32_t batch;
	bool in_batch;          /* between a batch's markers */
	bool joined;            /* psql's \; : the next statement goes with this one */

	uint32_t filling;       /* the next template to meet */
	uint32_t conditional;   /* how many {{ if }} and \if are open */
	uint32_t variable;      /* text offset of a psql variable that was given a made-up word; UINT32_MAX for none */
	bool no_copy_end;       /* no line \. from here on */
	uint32_t recoveries;
	uint32_t line_end;      /* of the last statement, in the source */
} Splitter;

void statement_open(Splitter *splitter, Token first);
/* Ends the open statement behind its last token. `mark`: no semicolon follows, so one is written into the text. */
void statement_close(Splitter *splitter, bool mark);
/* Adds text[span] as a statement that is no SQL, and blanks it; `unread` as in Statement. */
void statement_set_aside(Splitter *splitter, Span span, const char *unread);
/* The open statement holds a value that nobody gave. */
void statement_made_up(Splitter *splitter);

/* psql.c. At a backslash: a command of psql, or a byte that SQL does not know. */
void psql_backslash(Splitter *splitter, Token backslash);
/* At a colon: true when it was psql's :name and has been replaced. */
bool psql_variable(Splitter *splitter, Token colon);
/* Could there be one? No is certain. */
bool psql_may_have_variable(const ParseText *text, const SplitOptions *options);
/* Behind COPY … FROM stdin; : the data, up to the line \. */
void psql_copy_data(Splitter *splitter);
uint32_t line_end_from(const char *text, uint32_t at, uint32_t end);

/* recover.c. A statement's semicolon stands where none can be unless a ) or END is missing. */
bool missing_end(const Splitter *splitter);
/* A quote without end took the rest of the section: ends the statement at a likelier place. False: there is none. */
bool recover(Splitter *splitter, Token unended);
#endif
