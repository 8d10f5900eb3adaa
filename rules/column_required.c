/* ADD COLUMN … NOT NULL without a default: old rows and old code have no value for it. */
#include "judge/rule.h"

static bool has_value(const ColumnDef *column)
{
	return (column->default_expr && column->default_expr->kind != EXPR_NULL) || column->serial ||
	       column->identity || column->generated;
}

RULE(column_required,
	.severity = SEVERITY_ERROR, .category = COMPATIBILITY,
	.summary  = "a new column is NOT NULL and has no default",
	.why      = "The statement fails if the table has rows, and INSERTs of code that does not know the column "
		    "fail after it.",
	.instead  = "Give it a constant DEFAULT, which costs nothing, or let it be NULL until the backfill is "
		    "complete.",
	.manual   = "ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN",
	.since    = "0.1.0",
	.on       = ON(ADD_COLUMN))
{
	const Relation *table = subject(context);
	const ColumnDef *column = action->column_def;
	if (action->in_create || !column->not_null || column->not_null_not_valid || has_value(column) || !table ||
	    !is_old(context, table))
		return;
	if (action->if_not_exists && find_column(table, column->name))
		return;

	const char *name = sql_name(context, &table->object);
	const char *quoted = sql_identifier(context, column->name);
	Finding *finding =
		report(context, action->span, "new column %s of %s is NOT NULL and has no default", quoted, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "The statement fails if %s has rows, and every INSERT of code that does not know %s fails from then on.",
	       name, quoted);
	required_column_recipe(finding, context, table);
}
