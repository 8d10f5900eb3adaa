/* What the configuration wants changed along with a migration was not. */
#include "judge/rule.h"

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
	if (!config || !config->companions.count || context->migration->before || context->script->direction != DIRECTION_UP)
		return;
	for (uint32_t i = 0; i < config->companions.count; i++) {
		const char *wanted = config->companions.items[i].require;
		const FileChanges *changes = wanted && is_due(context, config->companions.items[i].when) ? branch_changes(context, wanted) : NULL;
		if (changes && !changes->list.count)
			report_whole(context, "nothing changed in %s along with this migration", wanted);
	}
}
