/* DROP INDEX of an index that queries use, as the server's statistics say. */
#include "judge/heat.h"
#include "judge/rule.h"

RULE(index_dropped_in_use,
	.severity = SEVERITY_WARNING, .category = COMPATIBILITY,
	.summary  = "the index that is dropped is in use",
	.why      = "Queries that find their rows by it read the whole table from then on; under load that is an outage.",
	.instead  = "Build what takes its place first, look at the plans of the queries that use it, and drop it when its scans have stopped.",
	.manual   = "monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
	.since    = "0.1.0",
	.on       = ON(DROP_INDEX))
{
	const Relation *index = subject(context);
	const char *named = arena_print(context->arena, "%s.%s", action->relation.schema ? action->relation.schema : "public",
					action->relation.name ? action->relation.name : "");
	const TableHeat *use = heat_index(judge_heat(context), index ? object_text(context->arena, &index->object) : named);
	if (!use || use->reads <= 0)
		return;
	Finding *finding = report(context, action->span, "index %s is in use: %s scans", action->relation.name,
				  count_words(context->arena, use->reads));
	if (index && index->table)
		about(finding, context, &index->table->object);
}
