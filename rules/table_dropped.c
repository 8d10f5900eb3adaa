/* DROP TABLE of a table that was there. */
#include "judge/rule.h"

RULE(table_dropped,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "a table and all of its rows are lost",
	.why      = "The rows are gone for good, and code that still names the table fails; ACCESS EXCLUSIVE is taken "
		    "on it and on every table that its foreign keys refer to.",
	.instead  = "Rename it out of the way first, wait until nothing misses it, back it up, then drop it in a "
		    "later release.",
	.manual   = "sql-droptable.html",
	.since    = "0.1.0",
	.on       = ON(DROP_TABLE))
{
	const Destroyed *lost = destroyed_old(context);
	const Relation *table = subject(context);
	if (!lost || !table || !is_old(context, table))
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "dropping table %s loses all of its rows", name);
	about(finding, context, &table->object);
	if (is_deprecated(context, table, NULL))
		at_most(finding, SEVERITY_WARNING);
	uint32_t others = 0;
	array_each (Destroyed, destroyed, &context->effect->destroys)
		if (destroyed->by_cascade)
			others++;
	detail(finding, context, "The rows of %s are gone for good, and code that still names it fails.%s", name,
	       action->cascade && others ? arena_print(context->arena, " CASCADE takes %u more object%s along.", others,
						       others > 1 ? "s" : "")
					 : "");
	instead(finding, context,
		"-- 1. out of the way, and easy to bring back\n"
		"ALTER TABLE %s RENAME TO %s;\n"
		"-- 2. in a later release, when nothing missed it and a backup exists\n"
		"DROP TABLE %s%s;",
		name, sql_identifier(context, arena_print(context->arena, "%s_unused", table->object.name)),
		quoted_name(context->arena,
			    (Name){.schema = same(table->object.schema, "public") ? NULL : table->object.schema,
				   .name = arena_print(context->arena, "%s_unused", table->object.name)}),
		action->cascade ? " CASCADE" : "");
}
