/* A migration without a way back, in a history whose tool has them. */
#include "judge/rule.h"

MIGRATION_RULE(rollback_missing,
	.severity  = SEVERITY_WARNING, .category = ROLLBACK,
	.summary   = "the migration has no rollback",
	.why       = "When the release has to be taken back, somebody writes the reversal under pressure and without "
		     "a test.",
	.instead   = "Write the down script beside the migration, or say in its head why there is none: `-- irreversible: reason`, "
		     "`-- containment: what is done instead`.",
	.manual    = "ddl-alter.html",
	.since     = "0.1.0",
	.when_most = "have no rollback")
{
	const Migration *migration = context->migration;

	if (migration->down || !migration->down_expected || migration->irreversible || !migration->up ||
	    context->script->direction != DIRECTION_UP || migration->up->statements.count == 0)
		return;
	report_whole(context, "migration %s has no rollback",
		     *migration->version ? migration->version : migration->name);
}
