/* INSERT that adds its rows once more each time the migration is run. */
#include "judge/rule.h"

static const RuleOptionInfo insert_not_idempotent_options[] = {
	{"in-transaction", "ignore|report",
	 "report: also where a failure leaves nothing behind, because the script is one transaction"},
	{0},
};

RULE(insert_not_idempotent,
	.severity = SEVERITY_WARNING, .category = IDEMPOTENCY,
	.summary  = "a second run inserts the rows again",
	.why      = "INSERT has no IF NOT EXISTS: no unique key stands against the same rows, and a migration that is run "
		    "again after a failure doubles them.",
	.instead  = "INSERT ... ON CONFLICT DO NOTHING with a unique key, or INSERT ... SELECT ... WHERE NOT EXISTS.",
	.manual   = "sql-insert.html#SQL-ON-CONFLICT",
	.since    = "0.1.0",
	.on       = ON(INSERT_ROWS),
	.options  = insert_not_idempotent_options)
{
	const Relation *table = subject(context);
	bool again = context->script->direction == DIRECTION_REPEATABLE || !is_atomic(context) ||
		     same(option(context, "in-transaction"), "report");
	if (!again || !table || table->persistence == 't' || !context->effect->changes_on_repeat || context->step->called_at)
		return;
	/* The table is made again, or the script stops there: either way no rows are doubled. */
	if (!is_old(context, table))
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "a second run inserts the same rows into %s again", name);
	about(finding, context, &table->object);
}
