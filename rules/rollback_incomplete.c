/* A down script that runs and leaves something else behind than there was. */
#include "judge/rule.h"

/* Where downs are paired by group, what counts is where the group began. */
static void check_chain(Context *context)
{
	array_each (Migration *const, item, &context->history->migrations) {
		const ChainLink *link = rollback_chain(context, *item);
		if (!link || !link->left || !(*item)->target || !(*item)->down)
			continue;
		context->migration = *item;
		context->script = (*item)->down;
		report_whole(context, "run from the newest back to here, the rollbacks leave %s not as it was",
			     link->left);
	}
}

MIGRATION_RULE(rollback_incomplete,
	.check_history = check_chain,
	.severity = SEVERITY_WARNING, .category = ROLLBACK,
	.summary  = "the rollback does not bring back what there was",
	.why      = "Up and down leave a schema that no migration describes: the next attempt to migrate fails, or "
		    "the code that is rolled back meets a schema that it never saw.",
	.instead  = "Undo every statement of the migration, in reverse order.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0")
{
	if (!context->migration->down || context->migration->by_group)
		return;
	const RollbackProof proof = rollback_proof(context);
	if (proof.verdict != ROLLBACK_INCOMPLETE || only_validated(&proof.comparison))
		return;

	const Script *down = context->migration->down;
	context->script = down;
	context->statement = &down->statements.items[0];
	Finding *finding = report(context, down->statements.items[0].span, "after up and down %s",
				  rollback_difference(context, &proof.comparison));
	if (only_labels(&proof.comparison))
		at_most(finding, SEVERITY_NOTE);
	proved_by(finding, context, NULL);
	about(finding, context, proof.comparison.differences.items[0].object);
	const Difference *only = proof.comparison.differences.count == 1 ? &proof.comparison.differences.items[0] : NULL;
	if (!only || only->kind == DIFFERENCE_CHANGED)
		detail(finding, context, "Against what there was before: %s.",
		       rollback_differences(context, &proof.comparison));
	instead(finding, context, "-- what the rollback lacks\n%s", proof.lacking);
}
