/* ALTER COLUMN TYPE that leaves the rows alone but not what was built on them. */
#include "judge/rule.h"

/* What the type was is not always known: then the work is likely, not certain. */
static void weigh(Finding *finding, const Context *context)
{
	if (context->effect->partial)
		at_most(finding, SEVERITY_WARNING);
}

RULE(type_change_rebuilds_index,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a type change rebuilds indexes or checks constraints again",
	.why      = "The rows stay, but indexes on the column are built again or constraints checked again, under "
		    "ACCESS EXCLUSIVE: reads and writes wait.",
	.instead  = "Drop the index first, change the type, build the index CONCURRENTLY; constraints: drop, change, "
		    "add NOT VALID, validate.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.on       = ON(ALTER_COLUMN_TYPE))
{
	const Work *work = hazard(context);
	if (!work || blocking_rewrite(context))
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	const char *type = source_clause(context, action->type->span);

	if (work == blocking_build(context)) {
		const char *index = work->relation && work->relation->object.kind == OBJECT_INDEX
					    ? sql_name(context, &work->relation->object)
					    : work->name;
		Finding *finding = report(context, action->span, "changing %s to %s builds index %s on %s again",
					  column, type, index ? index : "", name);
		about(finding, context, &table->object);
		weigh(finding, context);
		detail(finding, context,
		       "The rows of %s stay as they are, but the index is built again under ACCESS EXCLUSIVE: reads "
		       "and writes wait.",
		       name);
		instead(finding, context,
			"%sDROP INDEX CONCURRENTLY %s;\n"
			"-- 2. costs nothing without the index\n"
			"ALTER TABLE %s %s;\n"
			"%sCREATE %sINDEX CONCURRENTLY %s ON %s (…); -- as it was",
			outside_transaction(context, 1), index ? index : "index", name,
			source_clause(context, action->span), outside_transaction(context, 3),
			work->relation && work->relation->unique ? "UNIQUE " : "", index ? index : "index", name);
		return;
	}
	Finding *finding =
		report(context, action->span, "changing %s to %s checks the constraints on all rows of %s again",
		       column, type, name);
	about(finding, context, &table->object);
	weigh(finding, context);
	detail(finding, context,
	       "The rows of %s stay as they are, but a constraint on %s is checked for all of them under ACCESS "
	       "EXCLUSIVE: reads and writes wait.",
	       name, column);
	instead(finding, context,
		"-- 1. without the constraint the change costs nothing\n"
		"ALTER TABLE %s DROP CONSTRAINT constraint_name;\n"
		"ALTER TABLE %s %s;\n"
		"ALTER TABLE %s ADD CONSTRAINT constraint_name … NOT VALID; -- as it was\n"
		"-- 2. in a later migration: reads the table, and nobody waits\n"
		"ALTER TABLE %s VALIDATE CONSTRAINT constraint_name;",
		name, name, source_clause(context, action->span), name, name);
}
