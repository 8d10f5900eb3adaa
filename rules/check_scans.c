/* A CHECK constraint that is checked on all rows at once. */
#include "judge/rule.h"

RULE(check_scans,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a CHECK reads the whole table while everybody waits",
	.why      = "Every row is checked under ACCESS EXCLUSIVE: reads and writes wait until the scan ends.",
	.instead  = "Add the CHECK as NOT VALID and validate it in a later migration.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.on       = ON(ADD_CONSTRAINT, ALTER_CONSTRAINT, ADD_COLUMN))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_CHECK)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *constraint = action->constraint ? constraint_name(context, action)
				 : action->object   ? sql_identifier(context, action->object)
						    : "constraint_name";

	Finding *finding =
		report(context, action->span, "CHECK %s reads all of %s while reads and writes wait", constraint, name);
	about(finding, context, &table->object);
	detail(finding, context, "ACCESS EXCLUSIVE is held on %s while every row is checked: reads and writes wait.",
	       name);
	if (action->kind == ACTION_ADD_CONSTRAINT) {
		not_valid_steps(finding, context, name, action->inline_constraint ? " (the column is added without its CHECK)" : "");
		instead_steps(finding, context, "");
	}
	edit_not_valid(finding, context, name);
}
