/* ALTER COLUMN TYPE that leaves the rows alone but not what was built on them. */
#include "judge/rule.h"

/* What the type was is not always known: then the work is likely, not certain. */
static void weigh(Finding *finding, const Context *context)
{
	if (context->effect->partial)
		at_most(finding, SEVERITY_WARNING);
}

/* The index behind a key cannot be dropped alone: the key is made anew of an index that is built first. */
static void constraint_recipe(Finding *finding, Context *context, const Relation *index, const char *table)
{
	const Constraint *constraint = index->constraint;
	const char *key = sql_identifier(context, constraint->object.name), *body = index_body(context, index);
	if (constraint->kind != CONSTRAINT_PRIMARY_KEY && constraint->kind != CONSTRAINT_UNIQUE) {
		instead(finding, context, "-- there is no concurrent way to build the index of %s: in a maintenance window", key);
		return;
	}
	const char *clause = source_clause(context, context->action->span);
	instead(finding, context,
		"-- 1. in one short transaction; until step 3 nothing keeps the key\n"
		"ALTER TABLE %s DROP CONSTRAINT %s;\n"
		"ALTER TABLE %s %s;\n"
		"%sCREATE UNIQUE INDEX CONCURRENTLY %s ON %s %s;\n"
		"-- 3.\n"
		"ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s;",
		table, key, table, clause, outside_transaction(context, 2), key, table, body, table, key,
		constraint->kind == CONSTRAINT_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE", key);
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
		const Relation *old = work->relation && work->relation->object.kind == OBJECT_INDEX ? work->relation : NULL;
		if (old && old->constraint) {
			constraint_recipe(finding, context, old, name);
			return;
		}
		const char *made_as = old ? sql_identifier(context, old->object.name) : index; /* it goes where its table is */
		const char *body = index_body(context, old);
		instead(finding, context,
			"%sDROP INDEX CONCURRENTLY %s;\n"
			"-- 2. costs nothing without the index\n"
			"ALTER TABLE %s %s;\n"
			"%sCREATE %sINDEX CONCURRENTLY %s ON %s %s;%s",
			outside_transaction(context, 1), index ? index : "index", name,
			source_clause(context, action->span), outside_transaction(context, 3),
			old && old->unique ? "UNIQUE " : "", made_as ? made_as : "index", name, body,
			strstr(body, "…") ? " -- as it was" : "");
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
