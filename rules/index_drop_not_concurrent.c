/* DROP INDEX without CONCURRENTLY: short, but it has to get past every running query first. */
#include "judge/rule.h"

RULE(index_drop_not_concurrent,
	.severity = SEVERITY_NOTE, .category = TRANSACTIONS,
	.summary  = "dropping the index locks out readers and writers",
	.why      = "DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every running query, and every new "
		    "query waits behind it.",
	.instead  = "DROP INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	.manual   = "sql-dropindex.html",
	.since    = "0.1.0",
	.on       = ON(DROP_INDEX))
{
	const Relation *index = subject(context);
	/* A way back is for emergencies. */
	if (context->script->direction == DIRECTION_DOWN)
		return;
	if (action->concurrently || !index || !index->table || !is_old(context, index) ||
	    !is_old(context, index->table))
		return;
	/* CONCURRENTLY is refused for these. */
	if (is_partitioned(index) || index->parent_index)
		return;

	const char *table = sql_name(context, &index->table->object);
	Finding *finding = report(context, action->span, "dropping index %s locks out readers and writers of %s",
				  sql_name(context, &index->object), table);
	about(finding, context, &index->table->object);
	detail(finding, context,
	       "DROP INDEX takes ACCESS EXCLUSIVE on %s: it waits for the longest running query, and all that come "
	       "later wait behind it.",
	       table);
	instead(finding, context, "%sDROP INDEX CONCURRENTLY %s%s;", outside_transaction(context, 0),
		action->if_exists ? "IF EXISTS " : "", sql_name(context, &index->object));
	edit_concurrently(finding, context);
}
