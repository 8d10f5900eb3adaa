/* SET LOCAL where there is no transaction that it could last for. */
#include "judge/rule.h"

RULE(set_local_without_transaction,
	.severity = SEVERITY_WARNING, .category = TRANSACTIONS,
	.summary  = "SET LOCAL outside a transaction has no effect",
	.why      = "SET LOCAL lasts until the transaction ends. Outside one it ends with its own statement: "
		    "what it should protect runs without it.",
	.instead  = "SET without LOCAL, or a transaction around the script.",
	.manual   = "sql-set.html",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(SET_PARAMETER))
{
	if (!action->local || in_transaction(context) || context->step->called_at)
		return;

	Finding *finding =
	    report(context, action->span, "SET LOCAL %s has no effect outside a transaction", action->object);
	if (action->value)
		instead(finding, context, "SET %s = '%s';", action->object, action->value);
}
