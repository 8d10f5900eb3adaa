#ifndef DDLINT_REPLAY_GUARD_H
#define DDLINT_REPLAY_GUARD_H
/*
 * What the condition of an IF comes to, as far as the catalog can tell.
 */
#include "catalog/session.h"

typedef enum Truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN } Truth;

Truth guard_holds(Catalog *catalog, const Session *session, const Guard *guard);
#endif
