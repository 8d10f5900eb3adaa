#ifndef DDLINT_JUDGE_PHASE_H
#define DDLINT_JUDGE_PHASE_H
/*
 * Phases of actions and of whole migrations: where a change stands between expand, migrate and contract. `phases:` of the
 * configuration gives kinds of actions another one. Facts that rules about phases, the metadata that is due, approvals and the
 * audit share.
 */
#include "action/action.h"
#include "discover/config.h"

typedef enum Phase { PHASE_NONE, PHASE_EXPAND, PHASE_MIGRATE, PHASE_CONTRACT, PHASE_MIXED, PHASE_UNKNOWN } Phase;
const char *phase_word(Phase phase);

/*
 * Expand: something comes that nothing relies on yet, and constraints that do not look at the rows that are there. Migrate: rows
 * change. Contract: what running code relies on goes, is renamed, or takes less than before. PHASE_UNKNOWN for what could not be read.
 */
/* Of the action as such. */
Phase kind_phase(const Config *config, const Action *action);
/* In its script: what it makes nobody uses yet. */
Phase action_phase(const Config *config, const Script *script, const Action *action);

/* Running code may meet less than before: what contracts, and constraints that new rows have to keep at once. */
bool is_noticed_by_code(const Config *config, const Script *script, const Action *action);

/* All phases that a script's actions have. */
typedef struct Phases {
	bool expands, migrates, contracts, unknown;
} Phases;
Phases script_phases(const Config *config, const Script *script);
Phase phase_of(Phases phases);
#endif
