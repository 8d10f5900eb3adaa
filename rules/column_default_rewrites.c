/* ADD COLUMN with a default that has to be computed for every row. */
#include "judge/rule.h"

RULE(column_default_rewrites,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a volatile default rewrites the table",
	.why      = "The default is computed for each existing row: the table and its indexes are written anew under "
		    "ACCESS EXCLUSIVE, and reads and writes wait.",
	.instead  = "Add the column without the default, set the default for new rows, and fill the old ones in "
		    "batches.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.once_a_statement = true, /* it is one rewrite, whatever the number of columns */
	.on       = ON(ADD_COLUMN))
{
	const Work *work = hazard(context);
	if (!work || (work->reason != WORK_VOLATILE_DEFAULT && work->reason != WORK_DEFAULT_BEFORE_11))
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	Span written = action->column_def->default_span;
	const char *value = source_clause(context, (Span){offset_behind(context, written, "default"), written.end});

	Finding *finding =
		report(context, action->span,
		       "adding column %s with a default that differs from row to row rewrites %s", column, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "%s is computed for every existing row: %s and all of its indexes are written anew under ACCESS "
	       "EXCLUSIVE, and reads and writes wait until that is done. Constants and stable functions such as now() "
	       "cost nothing.",
	       value, name);
	step(finding, context, STEP_PLAIN, "add", "new rows get the default",
	     "ALTER TABLE %s ADD COLUMN %s %s;\nALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n", name, column,
	     source_clause(context, action->column_def->type.span), name, column, value);
	step(finding, context, STEP_BACKFILL, "backfill", backfill_words, "%s",
	     batch_update(context, table, arena_print(context->arena, "%s = %s", column, value),
			  arena_print(context->arena, "%s IS NULL", column)));
	if (action->column_def->not_null)
		not_null_steps(finding, context, name, action->object);
	inline_key_steps(finding, context);
	instead_steps(finding, context, "");
}
