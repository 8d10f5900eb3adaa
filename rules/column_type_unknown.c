/* ALTER COLUMN TYPE of a column that nothing here made: from most types it rewrites the table. */
#include "judge/rule.h"

RULE(column_type_unknown,
	.severity = SEVERITY_WARNING, .category = LOCKING,
	.summary  = "a type change may rewrite the table",
	.why      = "The column was made where ddlint was not shown, so its type is not known: from most types every row and "
		    "every index is written anew under ACCESS EXCLUSIVE.",
	.instead  = "Lint the migration together with the history that made the table, or give the schema that there was "
		    "(start-schema in .ddlint.yml): then the change is judged by both types.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.once     = true, /* what is missing is missing for all of them */
	.on       = ON(ALTER_COLUMN_TYPE))
{
	const Relation *table = subject(context);
	if (!table || !is_table(table) || !is_old(context, table) || !action->type || type_is_mostly_free(action->type))
		return;
	const Column *column = find_column(table, action->object);
	if (column && column->type.name)
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "changing %s to %s may rewrite %s: its type is not known here",
				  sql_identifier(context, action->object), type_ref_text(context->arena, action->type), name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "From most types PostgreSQL writes every row of %s and every index anew under ACCESS EXCLUSIVE, and reads and "
	       "writes wait; from a few it only changes the catalog. Nothing that ddlint was shown made the column. "
	       "Other columns of the script that are as unknown are not told one by one.",
	       name);
}
