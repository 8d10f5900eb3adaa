#ifndef DDLINT_JUDGE_RISK_H
#define DDLINT_JUDGE_RISK_H
/*
 * Risk: how much a reviewer has to look at a migration.
 *
 * High: something that existed is lost, or is rewritten, read or indexed while others wait for it. Controlled: rows change, running
 * code meets less than before, or others wait for a moment for more than an addition. Safe: all that is left, additions above all.
 * A lock on a hot table that others wait for weighs one more. What could not be read makes the risk unknown, unless it is high
 * anyway. `risks:` of the configuration gives kinds of actions another class, which hot tables still raise.
 */
#include "judge/heat.h"
#include "replay/replay.h"

typedef enum Risk { RISK_SAFE, RISK_CONTROLLED, RISK_HIGH, RISK_UNKNOWN } Risk;
const char *risk_word(Risk risk);
Risk risk_by_word(const char *word); /* RISK_UNKNOWN when it is none */

/* What the steps of a script come to, collected while it is replayed. Zero: nothing yet, and nobody said what is hot. */
typedef struct RiskTally {
	const Heat *heat;     /* may be NULL */
	Risk risk;
	bool unknown;
	bool destroys;        /* something that existed is lost */
	const Action *action; /* the first that is of this risk, or the call that runs it; NULL while it is safe */
	const char *because;  /* what the action does: "destroys what was there" */
} RiskTally;
/* An action, just before it runs. */
void risk_add(RiskTally *tally, const Step *step);
Risk risk_of(const RiskTally *tally);
/* Unknown is more than all but high: it may be just that. */
bool risk_exceeds(Risk risk, Risk most);
#endif
