/* An exclusion constraint has no way round its index build. */
#include "judge/rule.h"

RULE(exclusion_builds_index,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "an exclusion constraint builds its index while everybody waits",
	.why      = "The index is built and every row compared under ACCESS EXCLUSIVE: reads and writes wait until it "
		    "is done.",
	.instead  = "There is no concurrent way: put it on a new table that takes over, or announce a maintenance "
		    "window.",
	.manual   = "sql-createtable.html#SQL-CREATETABLE-EXCLUDE",
	.since    = "0.1.0",
	.on       = ON(ADD_CONSTRAINT))
{
	const Work *work = hazard(context);
	if (!work || action->constraint->kind != CONSTRAINT_EXCLUSION)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);

	Finding *finding = report(context, action->span,
				  "exclusion constraint %s builds its index on %s while reads and writes wait",
				  constraint_name(context, action), name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "ACCESS EXCLUSIVE is held on %s while all rows are read and compared: reads and writes wait. An "
	       "exclusion constraint can be neither NOT VALID nor made of a finished index.",
	       name);
	const char *copy = quoted_name(context->arena,
				       (Name){.schema = same(table->object.schema, "public") ? NULL : table->object.schema,
					      .name = arena_print(context->arena, "%s_new", table->object.name)});
	instead(finding, context,
		"-- 1. a new table with the constraint, empty\n"
		"CREATE TABLE %s (LIKE %s INCLUDING ALL);\n"
		"ALTER TABLE %s ADD CONSTRAINT %s %s;\n"
		"-- 2. writes go to both, the old rows are copied in batches\n"
		"-- 3. in one short transaction the names are swapped\n"
		"-- or: in an announced window, with a lock_timeout",
		copy, name, copy, constraint_name(context, action), constraint_body(context, action));
}
