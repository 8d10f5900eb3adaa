/* A column's name comes back with another meaning. */
#include "judge/rule.h"

/* In a later statement of the script: that is a drop of the new one. */
static bool comes_later(const Context *context, const Action *candidate)
{
	array_each (Statement, statement, &context->script->statements)
		for (const Action *action = statement > context->statement ? statement->actions : NULL; action; action = action->next)
			if (action == candidate)
				return true;
	return false;
}

static bool dropped_it(const Context *context, const Action *candidate, void *payload UNUSED)
{
	return candidate->kind == ACTION_DROP_COLUMN && candidate != context->action &&
	       same(candidate->relation.name, context->action->relation.name) &&
	       same(candidate->object, context->action->column_def->name) && !comes_later(context, candidate);
}

RULE(column_reused,
	.severity = SEVERITY_OFF, .category = COMPATIBILITY,
	.summary  = "a dropped column's name is used again",
	.why      = "Code, exports and dashboards that still know the old column do not fail: they read the new values and take them "
		    "for the old ones.",
	.instead  = "Another name for another meaning.",
	.manual   = "ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN",
	.since    = "0.1.0",
	.on       = ON(ADD_COLUMN))
{
	const Relation *table = subject(context);
	const Migration *dropped_by = NULL;
	if (action->in_create || !table || !is_old(context, table) || (action->if_not_exists && find_column(table, action->column_def->name)) ||
	    !past_action(context, dropped_it, NULL, &dropped_by))
		return;
	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "%s had a column %s before, which was dropped%s%s", name,
				  sql_identifier(context, action->column_def->name), dropped_by == context->migration ? "" : " by ",
				  dropped_by == context->migration ? " just now"
				  : *dropped_by->version		? dropped_by->version
									: dropped_by->name);
	about(finding, context, &table->object);
}
