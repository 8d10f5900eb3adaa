/* ALTER COLUMN TYPE to a type that holds less. */
#include "judge/rule.h"

RULE(column_type_narrowed,
	.severity = SEVERITY_OFF, .category = COMPATIBILITY,
	.summary  = "a column takes less than before",
	.why      = "Values that fitted are refused: the statement fails if there are some already, and afterwards the code that still "
		    "writes them does.",
	.instead  = "A new column of the new type, filled and checked before the old one goes.",
	.manual   = "ddl-alter.html#DDL-ALTER-COLUMN-TYPE",
	.since    = "0.1.0",
	.on       = ON(ALTER_COLUMN_TYPE))
{
	const Relation *table = subject(context);
	const Column *column = old_column(context, table, action->object);
	if (!column || !column->type.name || !is_old(context, table))
		return;
	DataType type = resolve_type(context->replay->catalog, session_path(context->session), action->type);
	TypeChangeFacts facts = type_change(context->catalog, context->session, &column->type, &type, action->expr, action->object);
	if (!facts.narrows)
		return;
	Finding *finding = report(context, action->span, "%s.%s takes less as %s than as %s", sql_name(context, &table->object),
				  sql_identifier(context, action->object), data_type_text(context->arena, &type),
				  data_type_text(context->arena, &column->type));
	about(finding, context, &table->object);
}
