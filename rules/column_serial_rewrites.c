/* ADD COLUMN … serial: every row draws a number. */
#include "judge/rule.h"

RULE(column_serial_rewrites,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "adding a serial column rewrites the table",
	.why      = "Every existing row draws a number from the new sequence: the table is rewritten under ACCESS "
		    "EXCLUSIVE, and reads and writes wait.",
	.instead  = "Make the sequence and a plain column, number the old rows in batches, then attach the sequence.",
	.manual   = "datatype-numeric.html#DATATYPE-SERIAL",
	.since    = "0.1.0",
	.on       = ON(ADD_COLUMN))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_SERIAL)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	const char *sequence = quoted_name(
		context->arena,
		(Name){.name = arena_print(context->arena, "%s_%s_seq", table->object.name, action->object)});
	const char *type = same(action->column_def->type.name.name, "int8")   ? "bigint"
			   : same(action->column_def->type.name.name, "int2") ? "smallint"
									      : "integer";

	Finding *finding = report(context, action->span, "adding serial column %s rewrites %s", column, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "Every row of %s draws a number for %s: the table and all of its indexes are written anew under ACCESS "
	       "EXCLUSIVE, and reads and writes wait until that is done.",
	       name, column);
	step(finding, context, STEP_PLAIN, "add", "new rows are numbered",
	     "CREATE SEQUENCE %s;\n"
	     "ALTER TABLE %s ADD COLUMN %s %s;\n"
	     "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval('%s');\n"
	     "ALTER SEQUENCE %s OWNED BY %s.%s;\n",
	     sequence, name, column, type, name, column, sequence, sequence, name, column);
	step(finding, context, STEP_BACKFILL, "backfill", backfill_words, "%s",
	     batch_update(context, table, arena_print(context->arena, "%s = nextval('%s')", column, sequence),
			  arena_print(context->arena, "%s IS NULL", column)));
	not_null_steps(finding, context, name, action->object);
	inline_key_steps(finding, context);
	instead_steps(finding, context, "");
}
