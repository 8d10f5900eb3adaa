#ifndef DDLINT_READ_LEX_H
#define DDLINT_READ_LEX_H
/*
 * A lexer for SQL as PostgreSQL writes it, and for the bodies of PL/pgSQL. It never fails: what is not ended ends with the
 * text and is marked. It allocates nothing; a Lexer is a value that can be copied to look ahead.
 *
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
#include "base/base.h"

typedef enum TokenKind {
	TOKEN_END,
	TOKEN_SPACE,         /* blanks and line ends */
	TOKEN_COMMENT,       /* -- to the line's end (exclusive) or a nested block comment */
	TOKEN_WORD,          /* an identifier or key word without quotes */
	TOKEN_QUOTED_WORD,   /* "…", U&"…" */
	TOKEN_STRING,        /* '…', E'…', B'…', X'…', N'…', U&'…' */
	TOKEN_DOLLAR_STRING, /* $tag$…$tag$ */
	TOKEN_NUMBER,
	TOKEN_PARAMETER,     /* $1 */
	TOKEN_OPERATOR,      /* one or more of + - * / < > = ~ ! @ # % ^ & | ` ? :: := => .. */
	TOKEN_PUNCTUATION,   /* one byte of ( ) [ ] , ; : . */
	TOKEN_OTHER,         /* a byte that SQL does not know: backslash, brace, control byte … */
} TokenKind;

typedef struct Token {
	TokenKind kind;
	Span span;       /* bytes of the lexer's text */
	bool unended;    /* a string, comment or quoted word that the text's end cut off */
} Token;

typedef struct Lexer {
	const char *text;
	uint32_t position;
	uint32_t end;
} Lexer;

Lexer lexer_new(const char *text, uint32_t start, uint32_t end);
/* The next token of any kind; TOKEN_END for ever at the end. */
Token lexer_any(Lexer *lexer);
/* The next token that is neither space nor comment. */
Token lexer_next(Lexer *lexer);
/* What lexer_next would give, without moving. */
Token lexer_peek(const Lexer *lexer);
/*
 * Moves on to the next ; or \ or what has no end (comments too, unless they may be passed over): all that a reader of whole
 * statements looks at, and three times faster than token by token. Gives the place behind the last byte passed that is
 * neither blank nor comment.
 */
uint32_t lexer_skim(Lexer *lexer, bool comments);

static inline Text token_text(const Lexer *lexer, Token token)
{
	return (Text){lexer->text + token.span.start, token.span.end - token.span.start};
}
/* An unquoted word, in any case: `token_is(&lexer, token, "begin")`. */
bool token_is(const Lexer *lexer, Token token, const char *word);
static inline bool token_is_byte(const Lexer *lexer, Token token, char byte)
{
	return (token.kind == TOKEN_PUNCTUATION || token.kind == TOKEN_OPERATOR) && token.span.end - token.span.start == 1 &&
	       lexer->text[token.span.start] == byte;
}
/* The bytes between a dollar string's tags or a plain string's quotes. */
Span token_inside(const Lexer *lexer, Token token);
#endif
