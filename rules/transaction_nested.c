/* BEGIN where a transaction is open already. */
#include "discover/layout.h"
#include "judge/rule.h"

static bool ends_transaction(const Context *context UNUSED, const Action *candidate)
{
	return candidate->kind == ACTION_COMMIT || candidate->kind == ACTION_ROLLBACK;
}

RULE(transaction_nested,
	.severity = SEVERITY_WARNING, .category = TRANSACTIONS,
	.summary  = "BEGIN inside a transaction does nothing",
	.why      = "PostgreSQL has no transactions within transactions: the second BEGIN is a warning, and "
		    "the first COMMIT ends the one that is open.",
	.instead  = "Leave the transaction to the migration tool, or tell the tool to open none for this "
		    "script.",
	.manual   = "sql-begin.html",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(BEGIN))
{
	TransactionState open = context->session->transaction;
	if (context->step->in_block || (open != TRANSACTION_RUNNER && open != TRANSACTION_EXPLICIT))
		return;

	if (open == TRANSACTION_EXPLICIT) {
		report(context, action->span, "BEGIN does nothing: the transaction of an earlier BEGIN is still open");
		return;
	}
	bool ends = script_has(context, ends_transaction);
	Finding *finding =
	    report(context, action->span, "BEGIN does nothing: the migration tool has opened a transaction%s",
		   ends ? ", which the script then ends" : "");
	if (ends)
		detail(finding, context,
		       "The script's own COMMIT or ROLLBACK ends the tool's transaction: what follows, the tool's note "
		       "that the "
		       "migration has run included, is no longer part of it.");
	/* Flyway looks for statements that run outside a transaction by itself, and for its settings beside the script. */
	bool flyway = context->history->layout && same(context->history->layout->name, "flyway");
	const char *advice = flyway ? "-- executeInTransaction=false in a .conf beside the script, called as it is" : outside_transaction(context, 0);
	if (*advice)
		instead(finding, context, "-- without BEGIN and COMMIT; or, to keep them:\n%s", advice);
}
