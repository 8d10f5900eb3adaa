/* NOT NULL has to look at every row unless a valid CHECK proves it. */
#include "judge/rule.h"

static bool builds_index(const Action *action)
{
	return action && action->inline_constraint && action->constraint &&
	       (action->constraint->kind == CONSTRAINT_UNIQUE || action->constraint->kind == CONSTRAINT_PRIMARY_KEY);
}

/* ADD COLUMN a int NOT NULL UNIQUE: the index build is the greater hazard and has a rule of its own. */
static bool index_speaks(const Action *action)
{
	if (action->kind != ACTION_ADD_COLUMN)
		return false;
	for (const Action *part = action->next; part && part->inline_constraint && same(part->object, action->object);
	     part = part->next)
		if (builds_index(part))
			return true;
	return false;
}

RULE(not_null_scans,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "NOT NULL reads the whole table",
	.why      = "Every row is looked at under ACCESS EXCLUSIVE: reads and writes wait until the scan ends.",
	.instead  = "Add CHECK (column IS NOT NULL) NOT VALID, validate it later, then SET NOT NULL: the valid CHECK "
		    "spares the scan.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
	.since    = "0.1.0",
	.folded   = "Its rows are looked at under ACCESS EXCLUSIVE, while reads and writes wait.",
	.folded_into = "column-required",
	.on       = ON(SET_NOT_NULL, ADD_COLUMN, ADD_CONSTRAINT, ADD_IDENTITY))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_NOT_NULL || index_speaks(action))
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *written = action->object;
	if (action->constraint && action->constraint->columns.count > 0)
		written = action->constraint->columns.items[0];
	const char *column = written ? sql_identifier(context, written) : "its key";

	Finding *finding = report(context, action->span,
				  action->kind == ACTION_ADD_COLUMN ? "adding %s as NOT NULL checks the rows of %s "
								      "while reads and writes wait"
								    : "making %s NOT NULL reads all of %s while reads "
								      "and writes wait",
				  column, name);
	about(finding, context, &table->object);
	bool spared = context->catalog->version >= 12 && action->kind != ACTION_ADD_COLUMN;
	if (action->kind == ACTION_ADD_COLUMN)
		detail(finding, context,
		       "ACCESS EXCLUSIVE is held on %s while its rows are looked at. The first one there is has no value for %s "
		       "and ends the statement with an error.", name, column);
	else
		detail(finding, context, "ACCESS EXCLUSIVE is held on %s while every row is looked at: reads and writes wait.%s",
	       name, spared ? arena_print(context->arena, " A valid CHECK (%s IS NOT NULL) would spare the scan.", column) : "");
	if (!written)
		return;
	if (action->kind == ACTION_ADD_COLUMN) {
		required_column_recipe(finding, context, table);
		return;
	}
	not_null_steps(finding, context, name, written);
	instead_steps(finding, context, "");
}
