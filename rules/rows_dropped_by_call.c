/* A function that drops rows, as somebody declares of it: chunks, old partitions. */
#include "judge/rule.h"

RULE(rows_dropped_by_call,
	.severity = SEVERITY_WARNING, .category = DESTRUCTIVE,
	.summary  = "the function that is called drops rows",
	.why      = "What the function drops is gone for good, and so is what a policy drops later: nothing can bring it back.",
	.instead  = "Say that it is meant in a comment, and keep a copy of what somebody may ask for.",
	.manual   = "backup.html",
	.since    = "0.1.0",
	.on       = ON(CALL))
{
	const Destroyed *destroyed = destroyed_old(context);
	if (!destroyed || destroyed->kind != DESTROY_ROWS || !context->effect->declared)
		return;

	const char *name = sql_name(context, destroyed->object);
	Finding *finding = report(context, action->span, "%s drops rows of %s", name_text(context->arena, action->relation), name);
	about(finding, context, destroyed->object);
}
