/* A foreign key whose existing rows are looked up at once. */
#include "judge/rule.h"

/* Whose rows are looked up: "foreign key orders_user_fk". */
static const char *cause(const Context *context, const Action *action)
{
	if (action->constraint)
		return arena_print(context->arena, "foreign key %s", constraint_name(context, action));
	if (action->kind == ACTION_DETACH_PARTITION)
		return arena_print(context->arena, "detaching %s", quoted_name(context->arena, action->other));
	return arena_print(context->arena, "the foreign key of %s", sql_identifier(context, action->object));
}

/* NULL when the action does not say it. */
static const char *referenced_name(const Context *context, const Action *action)
{
	if (!action->constraint || !action->constraint->references.name)
		return NULL;
	const Relation *known = relation_named(context, action->constraint->references);
	return known ? sql_name(context, &known->object)
		     : quoted_name(context->arena, action->constraint->references);
}

/* Of a column that is NULL everywhere nothing is looked up, when the foreign key comes with the column itself. */
static const char *with_new_column(const Context *context, const Relation *table, const char *constraint)
{
	const Action *action = context->action;
	const Names *columns = &action->constraint->columns;
	const Column *column = columns->count == 1 ? find_column(table, columns->items[0]) : NULL;
	uint32_t references = offset_behind(context, action->span, "references");

	if (action->inline_constraint || !column || existed_before(context->replay, &column->object) ||
	    column->default_expr || !column->type.name || references >= action->span.end)
		return "";
	return arena_print(context->arena,
			   "-- the new column and its foreign key in one: nothing is read\n"
			   "ALTER TABLE %s ADD COLUMN %s %s\n  CONSTRAINT %s REFERENCES %s;\n-- or\n",
			   sql_name(context, &table->object), sql_identifier(context, column->object.name),
			   data_type_text(context->arena, &column->type), constraint,
			   source_clause(context, (Span){references, action->span.end}));
}

RULE(foreign_key_scans,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a foreign key reads the whole table while writes wait",
	.why      = "Every row is looked up in the referenced table while SHARE ROW EXCLUSIVE is held on both: writes "
		    "to both wait.",
	.instead  = "Add the foreign key as NOT VALID and validate it in a later migration.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
	.since    = "0.1.0",
	.on       = ON(ADD_CONSTRAINT, ALTER_CONSTRAINT, ADD_COLUMN, DETACH_PARTITION))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_FOREIGN_KEY)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	LockMode mode = lock_on(context, table);
	const char *referenced = referenced_name(context, action);
	const char *victims = blocks_reads(mode) ? "reads and writes" : "writes";

	Finding *finding = report(context, action->span, "%s reads all of %s while %s wait", cause(context, action),
				  name, victims);
	about(finding, context, &table->object);
	const char *other = same(referenced, name) ? NULL : referenced;
	detail(finding, context, "%s is held on %s while every row is looked up%s%s: %s to %s wait%s%s.",
	       lock_mode_words(mode), name, referenced ? " in " : "", referenced ? referenced : "", victims, name,
	       other ? ", and writes to " : "", other ? other : "");
	if (action->kind != ACTION_ADD_CONSTRAINT)
		return;
	if (is_partitioned(table) && !action->inline_constraint) {
		partitioned_reference_recipe(finding, context, table);
		return;
	}
	not_valid_steps(finding, context, name, action->inline_constraint ? " (the column is added without its REFERENCES)" : "");
	instead_steps(finding, context, with_new_column(context, table, constraint_name(context, action)));
	edit_not_valid(finding, context, name);
}
