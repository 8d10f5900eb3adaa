/* A UNIQUE constraint builds its index while everybody waits. */
#include "judge/rule.h"

RULE(unique_builds_index,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a UNIQUE constraint builds its index while everybody waits",
	.why      = "The index is built under ACCESS EXCLUSIVE: reads and writes wait until it is done.",
	.instead  = "CREATE UNIQUE INDEX CONCURRENTLY outside a transaction, then ADD CONSTRAINT … UNIQUE USING INDEX.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
	.since    = "0.1.0",
	.on       = ON(ADD_CONSTRAINT))
{
	const Work *work = hazard(context);
	if (!work || action->constraint->kind != CONSTRAINT_UNIQUE)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *columns = sql_columns(context, &action->constraint->columns);

	Finding *finding = report(context, action->span,
				  "UNIQUE (%s) builds its index on %s while reads and writes wait", columns, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "ACCESS EXCLUSIVE is held on %s while all rows are read and sorted: reads and writes wait.", name);
	if (is_partitioned(table) && !action->inline_constraint) {
		partitioned_key_recipe(finding, context, table);
		return;
	}
	key_steps(finding, context, name);
	instead_steps(finding, context, action->inline_constraint ? "-- the column is added without its UNIQUE; then\n" : "");
}
