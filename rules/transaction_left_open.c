/* A script that begins a transaction and does not end it. */
#include "judge/rule.h"

/* The BEGIN that is still open when the script ends; NULL: none, or a part of the script is not known. */
static const Action *open_at_the_end(const Script *script)
{
	const Action *open = NULL;

	array_each (Statement, statement, &script->statements) {
		if (statement->state == STATEMENT_UNPARSED ||
		    (statement->state == STATEMENT_SET_ASIDE && statement->templated))
			return NULL;
		for (const Action *action = statement->actions; action; action = action->next) {
			if (action->kind == ACTION_BEGIN && !open)
				open = action;
			else if (action->kind == ACTION_COMMIT || action->kind == ACTION_ROLLBACK ||
				 action->kind == ACTION_PREPARE_TRANSACTION)
				open = action->chain ? action : NULL;
		}
	}
	return open;
}

MIGRATION_RULE(transaction_left_open,
	.severity = SEVERITY_ERROR, .category = TRANSACTIONS,
	.summary  = "a transaction is begun and never committed",
	.why      = "When the connection closes, the server rolls the transaction back: the migration has run "
		    "without an error and has done nothing.",
	.instead  = "COMMIT at the end of the script.",
	.manual   = "sql-begin.html",
	.since    = "0.1.0")
{
	const Action *open = open_at_the_end(context->script);
	/* A tool that has its own transaction commits it. */
	if (!open || context->script->wrapping == WRAPPING_TRANSACTION)
		return;

	Finding *finding = report(context, open->span, "the transaction that begins here is never committed");
	instead(finding, context, "COMMIT; -- at the end of the script");
}
