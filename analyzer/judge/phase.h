#ifndef DDLINT_JUDGE_PHASE_H
#define DDLINT_JUDGE_PHASE_H
/*
 * Phase and risk of actions and of whole migrations: where a change stands between expand, migrate and contract, and how much a
 * reviewer has to look at it. Facts that rules about phases, the metadata that is due, approvals and the audit share.
 */
#include "action/action.h"
#include "read/script.h"
#include "replay/replay.h"

typedef enum Phase { PHASE_NONE, PHASE_EXPAND, PHASE_MIGRATE, PHASE_CONTRACT, PHASE_MIXED, PHASE_UNKNOWN } Phase;
typedef enum Risk { RISK_SAFE, RISK_CONTROLLED, RISK_HIGH, RISK_UNKNOWN } Risk;
const char *phase_word(Phase phase);
const char *risk_word(Risk risk);

/*
 * Expand: running code does not notice. Migrate: rows change. Contract: what running code relies on goes, is renamed, or takes
 * less than before. PHASE_UNKNOWN for what could not be read.
 */
Phase action_phase(const Script *script, const Action *action);

/* All phases that a script's actions have. */
typedef struct Phases {
	bool expands, migrates, contracts, unknown;
} Phases;
Phases script_phases(const Script *script);
Phase phase_of(Phases phases);

/* What the steps of a script come to, collected while it is replayed. */
typedef struct RiskTally {
	Risk risk;
	bool unknown;
} RiskTally;
/* One action, or statement: it destroys what existed; others wait for it, and it works meanwhile; it writes rows. */
void risk_add(RiskTally *tally, bool destroys, bool blocks, bool works, bool writes);
/* The same, told from an action's effect just before it runs. */
void risk_add_step(RiskTally *tally, const Step *step);
Risk risk_of(const RiskTally *tally);
#endif
