/* DROP VIEW of a view that somebody may be reading. */
#include "judge/rule.h"

static bool makes_it_again(const Context *context, const Action *candidate)
{
	return (candidate->kind == ACTION_CREATE_VIEW || candidate->kind == ACTION_CREATE_MATERIALIZED_VIEW ||
		candidate->kind == ACTION_CREATE_TABLE || candidate->kind == ACTION_CREATE_TABLE_AS) &&
	       candidate->span.start > context->action->span.start &&
	       same(candidate->relation.name, context->action->relation.name);
}

RULE(view_dropped,
	.severity = SEVERITY_WARNING, .category = DESTRUCTIVE,
	.summary  = "a view is dropped and not made again",
	.why      = "Code that still reads the view fails, and its privileges are forgotten.",
	.instead  = "Drop it when no release that is still running reads it; to change a plain view, CREATE OR REPLACE.",
	.manual   = "sql-dropview.html",
	.since    = "0.1.0",
	.on       = ON(DROP_VIEW, DROP_MATERIALIZED_VIEW))
{
	const Relation *view = subject(context);
	if (!view || !is_old(context, view) || !destroyed_old(context) || script_has(context, makes_it_again))
		return;

	const char *name = sql_name(context, &view->object);
	Finding *finding = report(context, action->span, "dropping %s %s breaks whoever still reads it",
				  object_kind_words(view->object.kind), name);
	about(finding, context, &view->object);
	if (action->cascade)
		detail(finding, context,
		       "Queries that read %s fail, and CASCADE also drops every view that is made of it.", name);
}
