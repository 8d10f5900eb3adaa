/* A foreign key whose existing rows are looked up at once. */
#include "judge/rule.h"

RULE(foreign_key_scans,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a foreign key reads the whole table while writes wait",
	.why      = "Every row is looked up in the referenced table while SHARE ROW EXCLUSIVE is held on both: writes "
		    "to both wait.",
	.instead  = "Add the foreign key as NOT VALID and validate it in a later migration.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
	.since    = "0.1.0",
	.on       = ON(ADD_CONSTRAINT, ALTER_CONSTRAINT, ADD_COLUMN))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_FOREIGN_KEY)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	LockMode mode = lock_on(context, table);
	const char *constraint = action->constraint ? constraint_name(context, action)
				 : action->object   ? sql_identifier(context, action->object)
						    : "constraint_name";
	const char *referenced = action->constraint && action->constraint->references.name
					 ? quoted_name(context->arena, action->constraint->references)
					 : NULL;
	const char *victims = blocks_reads(mode) ? "reads and writes" : "writes";

	Finding *finding = report(context, action->span, "foreign key %s reads all of %s while %s wait", constraint,
				  name, victims);
	about(finding, context, &table->object);
	detail(finding, context, "%s is held on %s while every row is looked up%s%s: %s of %s wait%s%s.",
	       lock_mode_words(mode), name, referenced ? " in " : "", referenced ? referenced : "", victims, name,
	       referenced ? ", and writes to " : "", referenced ? referenced : "");
	if (action->kind == ACTION_ADD_CONSTRAINT)
		instead(finding, context,
			"-- 1. new rows are checked from now on%s\n"
			"ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;\n"
			"-- 2. in a later migration: reads the table, and nobody waits\n"
			"ALTER TABLE %s VALIDATE CONSTRAINT %s;",
			action->inline_constraint ? " (the column is added without its REFERENCES)" : "", name,
			constraint, constraint_body(context, action), name, constraint);
	if (action->kind == ACTION_ADD_CONSTRAINT && !action->inline_constraint && !in_transaction(context))
		edit(finding, EDIT_NEEDS_REVIEW, context, (Span){action->span.end, action->span.end}, " NOT VALID");
}
