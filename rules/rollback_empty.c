/* A down script without a statement, for an up that changes the schema. */
#include "judge/rule.h"

MIGRATION_RULE(rollback_empty,
	.severity  = SEVERITY_WARNING, .category = ROLLBACK,
	.summary   = "the rollback is empty",
	.why       = "The tool runs it, says that the migration was rolled back, and everything is still there; the "
		     "next attempt to migrate fails at it.",
	.instead   = "Write the statements that undo the migration, or say in it why there is no way back.",
	.manual    = "ddl-alter.html",
	.since     = "0.1.0",
	.when_most = "have an empty rollback",
	.most_of   = "migrations with something to undo")
{
	if (!context->migration->down || context->migration->by_group)
		return;
	const RollbackProof proof = rollback_proof(context);
	if (context->migration->down->statements.count)
		keeps_rule(context);
	if (proof.verdict != ROLLBACK_EMPTY || only_validated(&proof.comparison))
		return;

	context->script = context->migration->down;
	Finding *finding = report_whole(context, "the rollback is empty, and %s",
					rollback_difference(context, &proof.comparison));
	if (only_labels(&proof.comparison))
		at_most(finding, SEVERITY_NOTE);
	about(finding, context, proof.comparison.differences.items[0].object);
	instead(finding, context, "%s", proof.lacking);
}
