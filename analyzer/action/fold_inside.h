#ifndef DDLINT_ACTION_FOLD_INSIDE_H
#define DDLINT_ACTION_FOLD_INSIDE_H
/* What fold.c and fold_call.c share. */
#include "action/fold.h"

const Expr *constant_null(Arena *arena);
const Expr *constant_text(Arena *arena, const char *text);
const Expr *constant_bool(Arena *arena, bool truth);
const Expr *constant_number(Arena *arena, long long number);
bool constant_is_bool(const Expr *value);
bool constant_is_integer(const Expr *value, long long *number);
/* As functions of any type write it: true is "t". */
const char *constant_output_text(const Expr *value);
/* Takes the text over; NULL when it grew too long. */
const Expr *constant_from_buf(Arena *arena, Buf *buf);

/* fold_call.c: a built-in function of values. NULL: not computed. */
const Expr *fold_call(Arena *arena, const char *function, const Expr *const *values, uint32_t count);
#endif
