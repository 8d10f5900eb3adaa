/* One UPDATE over a whole table. */
#include "judge/rule.h"

/* `WHERE c IS NULL` with a column that this migration added: that is every row. */
static bool asks_for_new_column(const Context *context, const Relation *table)
{
	const Expr *where = context->action->query ? context->action->query->where : NULL;

	if (!where || where->kind != EXPR_IS_NULL || !where->arguments || where->arguments->kind != EXPR_COLUMN)
		return false;
	const Column *column = find_column(table, where->arguments->name.name);
	return column && !column->object.assumed && !existed_before(context->replay, &column->object);
}

static bool touches_all_rows(const Context *context, const Relation *table)
{
	const Action *action = context->action;

	if (!action->has_where)
		return action->query && !action->query->has_limit;
	return asks_for_new_column(context, table);
}

/* lock-held-during-work says the same and more. */
static bool under_a_lock(const Context *context)
{
	array_each (HeldLock, held, &context->session->locks)
		if (in_transaction(context) && blocks_writes(held->mode) && is_table(held->relation) &&
		    is_old(context, held->relation) && held->span.start < context->statement->span.start)
			return true;
	return false;
}

RULE(backfill_unbatched,
	.severity = SEVERITY_WARNING, .category = BACKFILL,
	.summary  = "one UPDATE touches every row of the table",
	.why      = "Every row is locked until the end, so writers of any row wait; the table grows by a second copy "
		    "that vacuum has to clean up, and replicas fall behind.",
	.instead  = "Update a thousand rows at a time, committing in between, outside the schema migration.",
	.manual   = "sql-update.html",
	.since    = "0.1.0",
	.on       = ON(UPDATE_ROWS))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || context->step->in_loop || !touches_all_rows(context, table) ||
	    under_a_lock(context))
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "one UPDATE touches every row of %s", name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "Every row of %s stays locked until the UPDATE commits, so writers wait, and a second version of each "
	       "row is written for vacuum to clean up.",
	       name);
	instead(finding, context, "-- a thousand rows at a time; commit, repeat until none is updated\n%s",
		batch_update(context, table, "…", "…"));
}
