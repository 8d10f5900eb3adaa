/* What PostgreSQL refuses inside a transaction block. */
#include "judge/rule.h"

static const char *what(const Context *context, const Action *action)
{
	const char *tag = context->statement && context->statement->tag ? context->statement->tag : "the statement";

	/* Of a block the tag says DO. */
	if (context->step->in_block && action->concurrently)
		tag = action->kind == ACTION_CREATE_INDEX ? "CREATE INDEX" : action->kind == ACTION_DROP_INDEX ? "DROP INDEX" : "REINDEX";

	return action->concurrently ? arena_print(context->arena, "%s CONCURRENTLY", tag) : tag;
}

static const char *where(const Context *context)
{
	if (context->script->mixes && context->session->transaction == TRANSACTION_RUNNER)
		return "and Flyway refuses to mix it with others that can (mixed is off)";
	switch (context->session->transaction) {
	case TRANSACTION_RUNNER:
		return "but the migration tool opens one around the whole script";
	case TRANSACTION_IMPLICIT:
		return "but it is sent together with other statements, which makes them one transaction";
	default:
		return "but the script opened one with BEGIN";
	}
}

RULE(concurrent_in_transaction,
	.severity = SEVERITY_ERROR, .category = TRANSACTIONS,
	.summary  = "the statement cannot run inside a transaction",
	.why      = "PostgreSQL refuses the statement inside a transaction block (SQLSTATE 25001): the migration "
		    "fails.",
	.instead  = "Put it into a migration of its own that the tool runs outside a transaction.",
	.manual   = "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	.since    = "0.1.0",
	.on       = every_action)
{
	/* A block that handles exceptions has another way prepared. */
	if (!context->effect->forbidden_in_transaction || !in_transaction(context) || context->step->tried)
		return;

	Finding *finding = report(context, action->span, "%s cannot run inside a transaction, %s",
				  what(context, action), where(context));
	const Relation *relation = subject(context);
	about(finding, context, relation ? &relation->object : NULL);
	instead(finding, context, "%s%s;", outside_transaction(context, 0),
		source_clause(context, context->step->in_block ? action->span : context->statement->span));
	edit_outside_transaction(finding, context, EDIT_SAFE);
}
