#ifndef DDLINT_LITERAL_H
#define DDLINT_LITERAL_H
/*
 * SQL in string literals of other languages: which bytes of a literal do not mean themselves, and what they mean. What is
 * put in at run time becomes a place-holder, ${expression}, that only the configuration could fill.
 */
#include "discover/layout.h"

typedef ARRAY(Rewrite) Rewrites;

typedef enum LiteralStyle {
	LITERAL_RAW = 0,
	LITERAL_BACKSLASH = 1,   /* \n \' \\ \u0041 … */
	LITERAL_DOUBLED = 2,     /* "" is one quote: C# verbatim */
	LITERAL_BRACES = 4,      /* {expression}, {{ is a brace: Python's f"" and format() */
	LITERAL_HASH = 8,        /* #{expression}: Ruby, Elixir */
	LITERAL_DOLLAR = 16,     /* ${expression}: JavaScript */
	LITERAL_PERCENT = 32,    /* %s, %(name)s, %% */
} LiteralStyle;

/* Appends what bytes[inner] does not say as it stands. */
void literal_rewrites(Arena *arena, const char *bytes, Span inner, int style, Rewrites *rewrites);
#endif
