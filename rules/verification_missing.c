/* Rows are changed, and nothing says how to see that it worked. */
#include "judge/metadata.h"
#include "judge/rule.h"

/* The layout's own verify script for the migration. */
static bool has_verify_script(const Context *context)
{
	array_each (Migration *const, other, &context->history->migrations)
		if ((*other)->up && (*other)->up->direction == DIRECTION_VERIFY && same((*other)->version, context->migration->version) &&
		    same((*other)->name, context->migration->name))
			return true;
	return false;
}

MIGRATION_RULE(verification_missing,
	.severity  = SEVERITY_OFF, .category = GOVERNANCE,
	.summary   = "nothing says how to check the rows that are moved",
	.why       = "A data migration that runs to its end may still have moved the wrong rows, or not all; a query that was written "
		     "with it tells so before anybody builds on it.",
	.instead   = "A comment `-- verify: SELECT …` in the head, or the verify script of the migration tool.",
	.manual    = "sql-select.html",
	.since     = "0.1.0",
	.when_most = "move rows and say no query to check them")
{
	Metadata metadata = {0};
	if (context->script->direction != DIRECTION_UP || !migration_phases(context).migrates)
		return;
	metadata_read(context->arena, context->script, context->history->config, &metadata);
	if (metadata_get(&metadata, "verify") || has_verify_script(context))
		return;
	Finding *finding = report_whole(context, "rows are changed, and nothing says how to check them");
	instead(finding, context, "-- verify: SELECT count(*) = 0 FROM ... WHERE ...");
}
