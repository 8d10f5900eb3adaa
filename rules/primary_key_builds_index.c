/* A primary key builds its index, and makes sure of NOT NULL, while everybody waits. */
#include "judge/rule.h"

RULE(primary_key_builds_index,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a primary key builds its index while everybody waits",
	.why      = "The index is built, and nullable key columns are read for NULLs, under ACCESS EXCLUSIVE: reads "
		    "and writes wait.",
	.instead  = "Make the columns NOT NULL without a scan, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY "
		    "USING INDEX.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
	.since    = "0.1.0",
	.on       = ON(ADD_CONSTRAINT))
{
	const Work *work = hazard(context);
	if (!work || action->constraint->kind != CONSTRAINT_PRIMARY_KEY || work->reason == WORK_NOT_NULL)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *columns = sql_columns(context, &action->constraint->columns);
	const char *nullable = NULL;
	array_each (const char *, column, &action->constraint->columns) {
		const Column *known = find_column(table, *column);
		if (known && !known->not_null && !known->object.assumed && !nullable)
			nullable = *column;
	}

	Finding *finding = report(context, action->span,
				  "PRIMARY KEY (%s) builds its index on %s while reads and writes wait", columns, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "ACCESS EXCLUSIVE is held on %s while all rows are read and sorted%s%s%s: reads and writes wait.", name,
	       nullable ? ", and read once more because " : "", nullable ? nullable : "",
	       nullable ? " may be NULL" : "");
	if (is_partitioned(table) && !nullable && !action->inline_constraint) {
		partitioned_key_recipe(finding, context, table);
		return;
	}
	if (nullable)
		not_null_steps(finding, context, name, nullable);
	key_steps(finding, context, name);
	instead_steps(finding, context, "");
}
