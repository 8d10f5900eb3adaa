/* Several changes that no transaction keeps together. */
#include "judge/rule.h"

/* Changes of what is stored; what PostgreSQL refuses inside a transaction cannot be kept together. */
static bool is_change(const Action *action)
{
	return action->kind < ACTION_QUERY_ROWS && action->kind != ACTION_SET_COMMENT &&
	       action->kind != ACTION_VACUUM_TABLE && action->kind != ACTION_ANALYZE_TABLE && !action->concurrently;
}

static uint32_t count_changes(const Context *context, const Statement **second)
{
	uint32_t count = 0;

	array_each (Statement, statement, &context->script->statements)
		if (statement->actions && is_change(statement->actions) && ++count == 2)
			*second = statement;
	return count;
}

MIGRATION_RULE(not_atomic,
	.severity = SEVERITY_OFF, .category = TRANSACTIONS,
	.summary  = "several changes without a transaction",
	.why      = "When one of the statements fails, those before it stay: the schema is then neither the "
		    "old nor the new one.",
	.instead  = "One transaction around the script, or one change in each script.",
	.manual   = "tutorial-transactions.html",
	.since    = "0.1.0",
	.when_most = "make several changes without a transaction")
{
	const Statement *second = NULL;
	uint32_t count = is_atomic(context) ? 0 : count_changes(context, &second);
	if (!second)
		return;

	Finding *finding =
	    report(context, second->span, "%u changes, and when this one or a later one fails the first stays", count);
	instead(finding, context, "BEGIN; -- at the head of the script\nCOMMIT; -- at its end");
}
