#ifndef DDLINT_BASE_DATE_H
#define DDLINT_BASE_DATE_H
/* Days, as people write them. */
#include "base/base.h"

/* The first YYYY-MM-DD (or YYYYMMDD at the start) in the text, as days since 1970-01-01; -1 when there is none. text may be NULL. */
long date_in(const char *text);
/* YYYY-MM-DD */
const char *date_words(Arena *arena, long days);
#endif
