/* COMMIT or ROLLBACK where the script has begun nothing. */
#include "judge/rule.h"

static bool begins(const Context *context, const Action *candidate)
{
	return candidate->kind == ACTION_BEGIN && candidate->span.start < context->action->span.start;
}

static bool begins_behind(const Context *context, const Action *candidate)
{
	return candidate->kind == ACTION_BEGIN && candidate->span.start > context->action->span.start;
}

/* Statements of the script behind this one. */
static uint32_t count_behind(const Context *context)
{
	uint32_t count = 0;

	array_each (Statement, statement, &context->script->statements)
		count += statement->span.start > context->statement->span.start && statement->state == STATEMENT_PARSED;
	return count;
}

RULE(transaction_control_in_runner,
	.severity = SEVERITY_WARNING, .category = TRANSACTIONS,
	.summary  = "COMMIT or ROLLBACK without a BEGIN of its own",
	.why      = "It ends the transaction that the migration tool opened: what follows, and the tool's "
		    "note that the migration has run, is no longer part of it.",
	.instead  = "Split the migration where the transaction has to end, and leave the transactions to the "
		    "tool.",
	.manual   = "sql-commit.html",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(COMMIT, ROLLBACK))
{
	TransactionState open = context->session->transaction;
	/* With a BEGIN before it, that one is wrong: transaction-nested. */
	if (context->step->in_block || open == TRANSACTION_EXPLICIT || action->chain || script_has(context, begins))
		return;

	const char *word = action->kind == ACTION_COMMIT ? "COMMIT" : "ROLLBACK";
	uint32_t behind = count_behind(context);
	if (open != TRANSACTION_RUNNER) {
		Finding *finding =
		    report(context, action->span, "%s ends nothing: the script has begun no transaction", word);
		detail(finding, context, "PostgreSQL warns that there is no transaction, and goes on.");
		instead(finding, context, "Begin the script with BEGIN, or leave the %s out.", word);
		at_most(finding, SEVERITY_NOTE);
		return;
	}
	Finding *finding =
	    report(context, action->span, "%s ends the transaction that the migration tool opened", word);
	if (script_has(context, begins_behind))
		detail(finding, context, "What stands before it stays when something behind it fails.");
	else if (behind)
		detail(finding, context,
		       "%s behind it %s without one: when one of them fails, what was done before it stays.",
		       behind == 1 ? "The statement" : "The statements", behind == 1 ? "runs" : "run");
}
