/* SET NOT NULL on a column that nothing has filled. */
#include "judge/rule.h"

/* What leaves no NULL behind, or shows that there is none: a backfill, a CHECK, a default that the column came with. */
static bool fills(const Context *context, const Action *candidate, void *payload UNUSED)
{
	const Action *wanted = context->action;

	if (!same(candidate->relation.name, wanted->relation.name))
		return false;
	switch (candidate->kind) {
	case ACTION_UPDATE_ROWS:
		return names_have(&candidate->columns, wanted->object);
	case ACTION_DELETE_ROWS:
		return candidate->query && expr_mentions_column(candidate->query->where, wanted->object);
	case ACTION_ADD_COLUMN:
		return same(candidate->column_def->name, wanted->object) &&
		       (candidate->column_def->default_expr || candidate->column_def->identity || candidate->column_def->generated);
	case ACTION_ADD_CONSTRAINT:
		return expr_mentions_column(candidate->constraint->check, wanted->object);
	default:
		return false;
	}
}

RULE(set_not_null_without_backfill,
	.severity = SEVERITY_OFF, .category = COMPATIBILITY,
	.summary  = "a column becomes NOT NULL that nothing has filled",
	.why      = "Rows from before still have NULL, so the statement fails in production, after it worked on an empty test database.",
	.instead  = "Fill the column in batches first, and let a CHECK (… IS NOT NULL) show that no row was left out.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
	.since    = "0.1.0",
	.on       = ON(SET_NOT_NULL))
{
	const Relation *table = subject(context);
	const Column *column = table ? find_column(table, action->object) : NULL;
	if (!table || !is_old(context, table) || (column && column->not_null) || past_action(context, fills, NULL, NULL))
		return;
	const char *name = sql_name(context, &table->object), *quoted = sql_identifier(context, action->object);
	Finding *finding = report(context, action->span, "no migration fills %s of %s before it becomes NOT NULL", quoted, name);
	about(finding, context, &table->object);
	instead(finding, context, "-- in a migration before this one, a thousand rows at a time\n%s",
		batch_update(context, table, arena_print(context->arena, "%s = …", quoted), arena_print(context->arena, "%s IS NULL", quoted)));
}
