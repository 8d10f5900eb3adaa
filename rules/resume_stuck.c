/* A run that breaks off half way leaves the migration where it can neither go on nor start again. */
#include "judge/rule.h"

/* not-idempotent says the same of a migration that cannot be repeated at all. */
static bool told_by_repeat(const Context *context, const ResumeProof *resume)
{
	const RepeatProof repeat = repeat_proof(context);

	return rule_is_on(context, "not-idempotent") && repeat.verdict == REPEAT_FAILS &&
	       (repeat.statement == resume->statement || context->script->direction != DIRECTION_REPEATABLE);
}

MIGRATION_RULE(resume_stuck,
	.severity = SEVERITY_WARNING, .category = IDEMPOTENCY,
	.summary  = "a migration that broke off cannot be run again",
	.why      = "Nothing undoes the statements before a failure; the next attempt starts from the first one and "
		    "stops at what is there already.",
	.instead  = "IF NOT EXISTS or IF EXISTS on what a broken run leaves behind, or one transaction around it.",
	.manual   = "sql-begin.html",
	.since    = "0.1.0")
{
	const ResumeProof proof = resume_proof(context);
	if (proof.verdict != RESUME_STUCK || !proof.action || told_by_repeat(context, &proof))
		return;
	/* It is gone with the connection that broke off. */
	if (proof.action->table && proof.action->table->persistence == 't')
		return;

	Span span = proof.action->span.end ? proof.action->span : proof.statement->span;
	context->statement = proof.statement;
	Finding *finding = report(context, span,
				  "after a failure behind statement %u the next run stops here: %s (SQLSTATE %s)",
				  proof.after, sqlstate_words(proof.sqlstate), proof.sqlstate);
	detail(finding, context,
	       "The first %u statement%s stay%s when a later one fails. The next run begins with the first again, and "
	       "this %s fails.",
	       proof.after, proof.after == 1 ? "" : "s", proof.after == 1 ? "s" : "",
	       proof.statement->tag ? proof.statement->tag : "statement");
}
