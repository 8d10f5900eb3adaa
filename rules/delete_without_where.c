/* DELETE of all rows of a table that was there. */
#include "judge/rule.h"

static bool fills_it_again(const Context *context, const Action *candidate)
{
	return (candidate->kind == ACTION_INSERT_ROWS ||
		(candidate->kind == ACTION_COPY_ROWS && candidate->copy_from)) &&
	       candidate->span.start > context->action->span.start &&
	       same(candidate->relation.name, context->action->relation.name);
}

static bool is_for_all_rows(const Action *action)
{
	return action->query && (!action->has_where || is_always_true(action->query->where));
}

RULE(delete_without_where,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "DELETE without a condition loses all rows",
	.why      = "Every row of the table is deleted; each one is locked and logged, and what vacuum has to clean "
		    "up is the whole table.",
	.instead  = "Say in a WHERE which rows may go, and delete them in batches.",
	.manual   = "sql-delete.html",
	.since    = "0.1.0",
	.on       = ON(DELETE_ROWS))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || !is_for_all_rows(action))
		return;
	const char *name = sql_name(context, &table->object);
	/* Without a condition each row goes with each of the others. */
	bool is_using = false;
	array_each (RelationUse, use, &action->query->uses)
		is_using = is_using || (use->mode == USE_DELETE && !use->all_rows);
	Finding *finding = report(context, action->span, is_using ? "DELETE USING without WHERE loses all rows of %s" : "DELETE without WHERE loses all rows of %s",
				  name);
	about(finding, context, &table->object);
	if (script_has(context, fills_it_again)) {
		at_most(finding, SEVERITY_NOTE);
		detail(finding, context, "The same migration fills %s again; rows that it does not know are lost.",
		       name);
	}
}
