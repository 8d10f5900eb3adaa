/* REINDEX without CONCURRENTLY. */
#include "judge/rule.h"

RULE(reindex_not_concurrent,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "rebuilding the index blocks writes and index reads",
	.why      = "REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on the index: writes wait, and so do "
		    "queries that would use the index.",
	.instead  = "REINDEX … CONCURRENTLY (PostgreSQL 12 and newer), outside a transaction.",
	.manual   = "sql-reindex.html#SQL-REINDEX-CONCURRENTLY",
	.since    = "0.1.0",
	.on       = ON(REINDEX))
{
	const Work *work = hazard(context);
	if (!work || action->concurrently)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *kind = object_kind_words(action->object_kind);
	Finding *finding = report(context, action->span, "rebuilding %s %s blocks writes to %s", kind,
				  quoted_name(context->arena, action->relation), name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "REINDEX holds SHARE on %s and ACCESS EXCLUSIVE on each index while it is rebuilt: writes wait, and so "
	       "does every query whose plan looks at the index.",
	       name);
	if (context->catalog->version >= 12)
		instead(finding, context, "%sREINDEX %s CONCURRENTLY %s;", outside_transaction(context, 0),
			action->object_kind == OBJECT_INDEX   ? "INDEX"
			: action->object_kind == OBJECT_TABLE ? "TABLE"
							      : "SCHEMA",
			quoted_name(context->arena, action->relation));
}
