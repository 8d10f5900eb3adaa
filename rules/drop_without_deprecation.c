/* A column or table goes, and no earlier migration said that it would. */
#include "judge/deprecation.h"

RULE(drop_without_deprecation,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "something is dropped that was never marked as deprecated",
	.why      = "Nobody who reads or writes it could know that it goes. A mark in the database is seen by everybody who looks at the "
		    "table, long before the drop.",
	.instead  = "COMMENT ON … IS 'deprecated 2026-01-10, remove after 2026-07-10' in an earlier release.",
	.manual   = "sql-comment.html",
	.since    = "0.1.0",
	.on       = ON(DROP_COLUMN, DROP_TABLE, DROP_VIEW))
{
	const Relation *relation = subject(context);
	const char *column = action->kind == ACTION_DROP_COLUMN ? action->object : NULL;
	Deprecation mark;
	if (!relation || !is_old(context, relation) || (column && !old_column(context, relation, column) && !relation->object.assumed))
		return;
	if (deprecated_before(context, relation, column, &mark))
		return;
	const char *name = sql_name(context, &relation->object);
	const char *what = column ? arena_print(context->arena, "%s.%s", name, sql_identifier(context, column)) : name;
	Finding *finding = report(context, action->span, "%s is dropped, and no earlier migration marks it as deprecated", what);
	about(finding, context, &relation->object);
	instead(finding, context, "-- in an earlier release\nCOMMENT ON %s %s IS 'deprecated YYYY-MM-DD, remove after YYYY-MM-DD';",
		column                                ? "COLUMN"
		: action->kind == ACTION_DROP_VIEW ? "VIEW"
						      : "TABLE",
		what);
}
