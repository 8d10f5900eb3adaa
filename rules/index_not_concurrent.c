/* CREATE INDEX without CONCURRENTLY on a table that is in use. */
#include "judge/rule.h"

RULE(index_not_concurrent,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "an index build blocks writes",
	.why      = "CREATE INDEX holds SHARE on the table until the index is built: every INSERT, UPDATE and DELETE "
		    "waits.",
	.instead  = "CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	.manual   = "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	.since    = "0.1.0",
	.on       = ON(CREATE_INDEX))
{
	const Work *work = hazard(context);
	if (!work || !subject(context))
		return;

	/* The table as written: what waits may be its partitions. */
	const Relation *table = subject(context);
	const char *name = sql_name(context, &table->object);
	Finding *finding =
		report(context, action->span, "building %s on %s blocks writes until it is done",
		       action->object ? arena_print(context->arena, "index %s", action->object) : "an index", name);

	about(finding, context, &table->object);
	detail(finding, context,
	       "CREATE INDEX holds SHARE on %s for as long as it reads the whole table and sorts it: reads go on, "
	       "every INSERT, UPDATE and DELETE waits.%s",
	       name, in_transaction(context) ? " The lock stays until the transaction ends." : "");
	if (is_partitioned(table)) {
		/* Partitions that the history does not show may be none. */
		if (hazard_table(context, work) == table)
			at_most(finding, SEVERITY_WARNING);
		instead(finding, context,
			"-- 1. on the parent alone: nothing is built\n%s;\n"
			"%s-- for each partition\nCREATE INDEX CONCURRENTLY partition_idx ON partition (…);\n"
			"-- 3. for each partition: the parent's index becomes valid with the last one\n"
			"ALTER INDEX %s ATTACH PARTITION partition_idx;",
			clause_with(context, action->span, "on", "ONLY"), outside_transaction(context, 2),
			action->object ? sql_identifier(context, action->object) : "parent_idx");
		return;
	}
	concurrent_build_steps(finding, context);
	instead_steps(finding, context, "");
	edit_concurrently(finding, context);
}
