#ifndef DDLINT_EFFECT_VOLATILITY_H
#define DDLINT_EFFECT_VOLATILITY_H
/*
 * What is known about PostgreSQL's own functions without a server: whether they are volatile.
 * https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
#include "effect/effect.h"

/* False when pg_catalog has no function of that name (up to PostgreSQL 18). */
bool builtin_function(const char *name, Volatility *volatility);
#endif
