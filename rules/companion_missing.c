/* What the configuration wants changed along with a migration was not. */
#include "judge/rule.h"

static bool is_due(const Context *context, const char *when)
{
	Phases phases = script_phases(context->script);

	return same(when, "any") || (same(when, "expand") && phases.expands) || (same(when, "migrate") && phases.migrates) ||
	       (same(when, "contract") && phases.contracts) || (same(when, "mixed") && phase_of(phases) == PHASE_MIXED) ||
	       same(when, risk_word(migration_risk(context)));
}

MIGRATION_RULE(companion_missing,
	.severity = SEVERITY_WARNING, .category = GOVERNANCE,
	.summary  = "a file that changes with migrations did not change",
	.why      = "The schema file, the tests or the documentation are part of the change: later nobody knows any more what they should "
		    "have said.",
	.instead  = "Change it in the same branch.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0")
{
	const Config *config = context->history->config;
	const char *path;
	if (!config || !config->companions.count || context->migration->before || context->script->direction != DIRECTION_UP ||
	    !context->history->since)
		return;
	for (uint32_t i = 0; i < config->companions.count; i++) {
		const char *wanted = config->companions.items[i].require;
		if (wanted && is_due(context, config->companions.items[i].when) && companion_change(context, wanted, &path) == FILE_SAME)
			report_whole(context, "nothing changed in %s along with this migration", wanted);
	}
}
