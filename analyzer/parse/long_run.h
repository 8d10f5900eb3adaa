#ifndef DDLINT_PARSE_LONG_RUN_H
#define DDLINT_PARSE_LONG_RUN_H
/*
 * What would keep PostgreSQL's scanner busy for minutes. It takes as many letters of an operator as there are, finds where the operator
 * or the comment's start ends, and reads the rest anew: a million plus signs, or comments that each start where the one around them
 * does, are read half a million times.
 */
#include "base/base.h"

/*
 * Fills *shorter with the text where something in it runs for too long, as long as it was and NUL-ended: blanks stand for what is behind
 * the first letters of a run, which are more than the grammar takes, and for all that a comment says. Else *shorter stays empty.
 */
void shorten_runs(const char *bytes, uint32_t length, Buf *shorter);
#endif
