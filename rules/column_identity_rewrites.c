/* ADD COLUMN … GENERATED AS IDENTITY: every row draws a number. */
#include "judge/rule.h"

RULE(column_identity_rewrites,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "adding an identity column rewrites the table",
	.why      = "Every existing row draws a number from the new sequence: the table is rewritten under ACCESS "
		    "EXCLUSIVE, and reads and writes wait.",
	.instead  = "Add a plain column, number the rows in batches, make it NOT NULL without a scan, then ADD "
		    "GENERATED AS IDENTITY.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.on       = ON(ADD_COLUMN))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_IDENTITY)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	const char *sequence = quoted_name(
		context->arena,
		(Name){.name = arena_print(context->arena, "%s_%s_fill", table->object.name, action->object)});

	Finding *finding = report(context, action->span, "adding identity column %s rewrites %s", column, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "Every row of %s draws a number for %s: the table and all of its indexes are written anew under ACCESS "
	       "EXCLUSIVE, and reads and writes wait until that is done.",
	       name, column);
	step(finding, context, STEP_PLAIN, "add", "new rows are numbered by a sequence of their own",
	     "CREATE SEQUENCE %s;\n"
	     "ALTER TABLE %s ADD COLUMN %s %s;\n"
	     "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval('%s');\n",
	     sequence, name, column, source_clause(context, action->column_def->type.span), name, column, sequence);
	step(finding, context, STEP_BACKFILL, "backfill", backfill_words, "%s",
	     batch_update(context, table, arena_print(context->arena, "%s = nextval('%s')", column, sequence),
			  arena_print(context->arena, "%s IS NULL", column)));
	not_null_steps(finding, context, name, action->object);
	step(finding, context, STEP_RELEASE, "identity",
	     "the column becomes an identity that starts behind the highest number (replace 1000000)",
	     "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT,\n"
	     "  ALTER COLUMN %s ADD GENERATED %s AS IDENTITY (START WITH 1000000);\n"
	     "DROP SEQUENCE %s;\n",
	     name, column, column, action->column_def->identity == 'a' ? "ALWAYS" : "BY DEFAULT", sequence);
	inline_key_steps(finding, context);
	instead_steps(finding, context, "");
}
