/* A down script that stops at one of its statements. */
#include "judge/rule.h"

/* Where downs are paired by group, none has to work alone: they run from the newest back. */
static void check_chain(Context *context)
{
	array_each (Migration *const, item, &context->history->migrations) {
		const ChainLink *link = rollback_chain(context, *item);
		if (!link || !link->statement || !link->action || !(*item)->target)
			continue;
		context->migration = *item;
		context->script = (*item)->down;
		context->statement = link->statement;
		report(context, link->statement->span,
		       "run from the newest back, the rollbacks fail here: %s (SQLSTATE %s)",
		       sqlstate_words(link->sqlstate), link->sqlstate);
	}
}

MIGRATION_RULE(rollback_fails,
	.check_history = check_chain,
	.severity = SEVERITY_ERROR, .category = ROLLBACK,
	.summary  = "the rollback fails",
	.why      = "Nobody tries the rollback before it is needed: then it stops here, and the release cannot be "
		    "taken back.",
	.instead  = "Undo the migration's statements in reverse order, and try it: up, down, up.",
	.manual   = "errcodes-appendix.html",
	.since    = "0.1.0")
{
	if (!context->migration->down || context->migration->by_group)
		return;
	const RollbackProof proof = rollback_proof(context);
	if (proof.verdict != ROLLBACK_FAILS || !proof.action) /* what does not parse is rollback-syntax-error's */
		return;

	const Statement *statement = proof.statement;
	const Action *action = proof.action;
	bool its_own = action->span.start >= statement->span.start && action->span.end <= statement->span.end;
	context->script = context->migration->down;
	context->statement = statement;
	Finding *finding = report(context, its_own && action->span.end ? action->span : statement->span,
				  "the rollback fails here: %s (SQLSTATE %s)", sqlstate_words(proof.sqlstate),
				  proof.sqlstate);
	proved_by(finding, context, statement);
	detail(finding, context,
	       "Run right after its own migration, the rollback stops at this %s: %s. The release cannot be taken back.",
	       statement->tag ? statement->tag : "statement", sqlstate_words(proof.sqlstate));
}
