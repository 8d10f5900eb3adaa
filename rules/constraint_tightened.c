/* Rows that were accepted yesterday are refused from now on. */
#include "judge/rule.h"

/* All columns of the constraint are new: no code writes them yet. */
static bool is_about_new_columns(const Context *context, const Relation *table, const ConstraintDef *constraint)
{
	for (uint32_t i = 0; i < constraint->columns.count; i++) {
		const Column *column = find_column(table, constraint->columns.items[i]);
		if (!column || existed_before(context->replay, &column->object))
			return false;
	}
	return constraint->columns.count > 0;
}

RULE(constraint_tightened,
	.severity = SEVERITY_OFF, .category = COMPATIBILITY,
	.summary  = "what the table accepted is refused from now on",
	.why      = "Code of the running release does not know the new rule: its INSERTs and UPDATEs of such rows fail from the commit on, "
		    "even where the constraint is NOT VALID.",
	.instead  = "Let the code keep the rule first, then correct the rows, then add the constraint in a later release.",
	.manual   = "ddl-constraints.html",
	.since    = "0.1.0",
	.folded   = "Code that writes no value is refused from then on, too.",
	.folded_into = "set-not-null-without-backfill",
	.on       = ON(ADD_CONSTRAINT, SET_NOT_NULL))
{
	const Relation *table = subject(context);
	if (action->in_create || !table || !is_old(context, table))
		return;
	const char *name = sql_name(context, &table->object), *rule;
	if (action->kind == ACTION_SET_NOT_NULL) {
		const Column *column = find_column(table, action->object);
		if (column && (column->not_null || !existed_before(context->replay, &column->object)))
			return;
		rule = arena_print(context->arena, "NOT NULL on %s", sql_identifier(context, action->object));
	} else {
		const ConstraintDef *constraint = action->constraint;
		bool index_enforces = constraint->using_index != NULL;
		if (constraint->not_enforced || index_enforces || action->inline_constraint ||
		    is_about_new_columns(context, table, constraint))
			return;
		rule = arena_print(context->arena, "%s %s", constraint_kind_words(constraint->kind), constraint_name(context, action));
	}
	Finding *finding = report(context, action->span, "%s refuses with %s what it accepted before", name, rule);
	about(finding, context, &table->object);
}
