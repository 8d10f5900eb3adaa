/* Statements whose very purpose is to write a table anew. */
#include "judge/rule.h"

static const char *doing(const Context *context, const Action *action)
{
	switch (action->kind) {
	case ACTION_CALL:
		return name_text(context->arena, action->relation);
	case ACTION_SET_LOGGED:
		return "SET LOGGED";
	case ACTION_SET_UNLOGGED:
		return "SET UNLOGGED";
	case ACTION_SET_ACCESS_METHOD:
		return "SET ACCESS METHOD";
	case ACTION_SET_TABLESPACE:
		return "SET TABLESPACE";
	case ACTION_CLUSTER_TABLE:
		return "CLUSTER";
	default:
		return "VACUUM FULL";
	}
}

/* ALTER INDEX SET TABLESPACE: under ACCESS EXCLUSIVE on the index, which no query on its table can be planned without. */
static void report_index_move(Context *context)
{
	array_each (Work, work, &context->effect->builds) {
		Relation *index = work->relation, *table = index ? index->table : NULL;
		if (work->reason != WORK_TABLESPACE || !table || !is_old(context, index) || !is_old(context, table))
			continue;
		const char *name = sql_name(context, &index->object), *of = sql_name(context, &table->object);
		Finding *finding = report(context, context->action->span, "SET TABLESPACE copies index %s while reads and writes of %s wait", name, of);
		about(finding, context, &table->object);
		detail(finding, context,
		       "ACCESS EXCLUSIVE is held on %s until it is copied, and every query on %s looks at its indexes when it is planned: "
		       "reads and writes wait.",
		       name, of);
		instead(finding, context,
			"-- outside a transaction (PostgreSQL 14 and newer)\n"
			"REINDEX (TABLESPACE %s, CONCURRENTLY) INDEX %s;",
			sql_identifier(context, context->action->value), name);
		return;
	}
}

RULE(table_rewritten,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "the whole table is written anew while everybody waits",
	.why      = "The table and its indexes are copied under ACCESS EXCLUSIVE: reads and writes wait until that is "
		    "done.",
	.instead  = "pg_repack or pg_squeeze rewrite a table while it is used; SET LOGGED and the like belong in a "
		    "maintenance window.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.on       = ON(SET_LOGGED, SET_UNLOGGED, SET_ACCESS_METHOD, SET_TABLESPACE, CLUSTER_TABLE, VACUUM_FULL, CALL))
{
	/* A body that is known has actions of its own. */
	const Work *work = action->kind == ACTION_CALL ? blocking_rewrite(context) : hazard(context);
	if (!work && action->kind == ACTION_SET_TABLESPACE)
		report_index_move(context);
	if (!work)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);

	LockMode lock = lock_on(context, table);
	const char *victims = blocks_reads(lock) ? "reads and writes" : "writes";
	Finding *finding = report(context, action->span, "%s writes all of %s anew while %s wait", doing(context, action), name, victims);
	about(finding, context, &table->object);
	if (action->kind == ACTION_CALL)
		detail(finding, context, "%s holds %s on %s until the transaction ends, and moves or copies all of its rows: %s wait.",
		       doing(context, action), lock_mode_words(lock), name, victims);
	else
		detail(finding, context,
		       "%s and its indexes are copied to new files under ACCESS EXCLUSIVE: reads and writes wait, and the disk "
		       "must hold both copies.",
		       name);
	if (action->kind == ACTION_CALL)
		instead(finding, context, "-- while the table has no rows yet, or in a maintenance window\n%s;", source_clause(context, context->statement->span));
	if (action->kind == ACTION_CLUSTER_TABLE || action->kind == ACTION_VACUUM_FULL)
		instead(finding, context, "-- from a shell, while the table is in use\npg_repack --table=%s%s", name,
			action->kind == ACTION_CLUSTER_TABLE ? "" : " --no-order");
}
