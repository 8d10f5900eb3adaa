/* A second run of the migration fails, where a first one may have stopped half way. */
#include "judge/rule.h"

static const RuleOptionInfo not_idempotent_options[] = {
	{"in-transaction", "ignore|report",
	 "report: also where a failure leaves nothing behind, because the script is one transaction"},
	{0},
};

MIGRATION_RULE(not_idempotent,
	.severity  = SEVERITY_WARNING, .category = IDEMPOTENCY,
	.summary   = "the migration fails when it is run again",
	.why       = "Nothing undoes the statements before a failure, so the migration is run again on top of them, "
		     "and stops at what is there already.",
	.instead   = "IF NOT EXISTS, IF EXISTS, OR REPLACE, a guard in a DO block, or one transaction around the "
		     "script.",
	.manual    = "sql-begin.html",
	.since     = "0.1.0",
	.when_most = "fail when they are run again",
	.options   = not_idempotent_options)
{
	if (is_atomic(context) && !same(option(context, "in-transaction"), "report"))
		return;
	RepeatProof proof = repeat_proof(context);
	if (proof.verdict != REPEAT_FAILS || !proof.statement)
		return;
	/* The next run has a connection of its own: what is temporary is gone. */
	if (proof.action && proof.action->table && proof.action->table->persistence == 't')
		return;

	Span span = proof.action && proof.action->span.end ? proof.action->span : proof.statement->span;
	Finding *finding = report(context, span, "a second run fails here: %s (SQLSTATE %s)", sqlstate_words(proof.sqlstate),
				  proof.sqlstate);
	detail(finding, context,
	       "When the migration stops half way, nothing undoes what it did, and the next attempt stops at this %s.",
	       proof.statement->tag ? proof.statement->tag : "statement");
	edit_guard(finding, context, proof.statement, proof.action);
}
