#ifndef DDLINT_ACTION_FOLD_H
#define DDLINT_ACTION_FOLD_H
/*
 * Folding: what an expression of constants comes to. For the texts that bodies make SQL of, and for the conditions around them.
 *
 * A value is an Expr again: EXPR_NULL, EXPR_CONSTANT (quoted: a text; else a number, true or false) or an EXPR_ARRAY of those.
 */
#include "action/expr.h"

/* The value, made in arena; NULL when it is not known: it depends on data, on the session, or on what is not computed here. */
const Expr *expr_fold(Arena *arena, const Expr *expr);
/* Its text as format('%s') writes it; NULL when it is not known, or NULL. */
const char *folded_text(Arena *arena, const Expr *expr);
/* A boolean: 1 true, 0 false or NULL (a condition does not tell them apart), -1 not known. */
int folded_truth(Arena *arena, const Expr *expr);
/* For a variable of an array type: '{a,b}' is an array, too. */
const Expr *folded_array(Arena *arena, const Expr *expr);
/* An integer; false when it is none or not known. */
bool folded_integer(Arena *arena, const Expr *expr, long long *number);

/* Longer texts are not computed. */
enum { LONGEST_FOLDED_TEXT = 1 << 20 };
#endif
