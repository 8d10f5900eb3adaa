/* TRUNCATE of a table that was there. */
#include "judge/rule.h"

RULE(table_truncated,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "all rows of a table are lost",
	.why      = "TRUNCATE empties the table under ACCESS EXCLUSIVE: the rows are gone for good, and reads and "
		    "writes wait.",
	.instead  = "Delete by a condition that says which rows may go, in batches.",
	.manual   = "sql-truncate.html",
	.since    = "0.1.0",
	.on       = ON(TRUNCATE_TABLE))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table))
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "truncating %s loses all of its rows", name);
	about(finding, context, &table->object);
	const char *others = "";
	array_each (Destroyed, destroyed, &context->effect->destroys)
		if (destroyed->by_cascade)
			others = arena_print(context->arena, "%s%s%s", others, *others ? ", " : "",
					     sql_name(context, destroyed->object));
	if (action->cascade)
		detail(finding, context,
		       "TRUNCATE … CASCADE also empties every table with a foreign key to %s%s%s: all under ACCESS "
		       "EXCLUSIVE.",
		       name, *others ? ": " : "", others);
}
