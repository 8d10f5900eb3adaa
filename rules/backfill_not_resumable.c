/* Batches that cannot tell which rows they have done. */
#include "judge/rule.h"

/* What is written is asked for, too: WHERE new IS NULL, or in a query below that finds the batch. */
static bool asks_for_what_it_writes(const Action *action)
{
	for (uint32_t i = 0; i < action->columns.count; i++) {
		const char *column = action->columns.items[i];
		bool finds_batch = action->query->uses.count > 1;
		if (expr_mentions_column(action->query->where, column) || (finds_batch && names_have(&action->query->columns, column)))
			return true;
		array_each (const RelationUse, use, &action->query->uses)
			if (use->mode != USE_UPDATE && names_have(&use->columns, column))
				return true;
	}
	return false;
}

/* A table that remembers how far the batches came. */
static bool writes_elsewhere(const Context *context, const Action *candidate)
{
	bool writes = candidate->kind == ACTION_INSERT_ROWS || candidate->kind == ACTION_UPDATE_ROWS;

	return writes && !same(candidate->relation.name, context->action->relation.name);
}

RULE(backfill_not_resumable,
	.severity = SEVERITY_OFF, .category = BACKFILL,
	.summary  = "a backfill that breaks off begins anew",
	.why      = "Nothing in its WHERE tells rows that are done from rows that are not, and nothing keeps how far it came: after a failure "
		    "all the work is done once more.",
	.instead  = "A condition on what is written (WHERE new IS NULL), or a table with the last key that was done.",
	.manual   = "sql-update.html",
	.since    = "0.1.0",
	.on       = ON(UPDATE_ROWS))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || !context->step->in_loop || !action->query || asks_for_what_it_writes(action) ||
	    script_has(context, writes_elsewhere))
		return;
	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "the batches over %s cannot tell which rows are done", name);
	about(finding, context, &table->object);
}
