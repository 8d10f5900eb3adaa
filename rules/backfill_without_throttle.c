/* A loop of batches that never rests. */
#include "judge/rule.h"

static bool rests(const Context *context UNUSED, const Action *candidate)
{
	if (candidate->kind == ACTION_CALL && candidate->relation.name && starts_with(candidate->relation.name, "pg_sleep"))
		return true;
	for (uint32_t i = 0; candidate->query && i < candidate->query->functions.count; i++)
		if (starts_with(candidate->query->functions.items[i].name, "pg_sleep"))
			return true;
	return false;
}

RULE(backfill_without_throttle,
	.severity = SEVERITY_OFF, .category = BACKFILL,
	.summary  = "batches follow each other without a pause",
	.why      = "A loop at full speed takes the disk and the log from everybody else, and replicas and vacuum fall behind.",
	.instead  = "PERFORM pg_sleep(0.1) after each batch, or a job outside the migration that watches the replicas.",
	.manual   = "functions-datetime.html#FUNCTIONS-DATETIME-DELAY",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(UPDATE_ROWS, DELETE_ROWS, INSERT_ROWS))
{
	const Relation *table = subject(context);
	bool moves = action->kind != ACTION_INSERT_ROWS || (action->query && !action->default_values);
	if (!table || !is_old(context, table) || !context->step->in_loop || !moves || script_has(context, rests))
		return;
	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "the batches over %s follow each other without a pause", name);
	about(finding, context, &table->object);
}
