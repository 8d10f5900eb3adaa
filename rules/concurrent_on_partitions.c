/* CREATE INDEX CONCURRENTLY on a partitioned table: PostgreSQL has no such thing. */
#include "catalog/sqlstate.h"
#include "judge/rule.h"

FAILURE_RULE(concurrent_on_partitions,
	.severity = SEVERITY_ERROR, .category = COMPATIBILITY,
	.summary  = "CONCURRENTLY is refused on a partitioned table",
	.why      = "PostgreSQL cannot build the index of a partitioned table concurrently: the migration stops here, each time it is run.",
	.instead  = "An index ON ONLY the table, one for each partition CONCURRENTLY, and ALTER INDEX … ATTACH PARTITION.",
	.manual   = "ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
	.since    = "0.1.0")
{
	const Relation *table = subject(context);
	if (!same(sqlstate, FEATURE_NOT_SUPPORTED) || action->kind != ACTION_CREATE_INDEX || !action->concurrently || !table ||
	    !is_partitioned(table))
		return;
	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "CONCURRENTLY is refused on %s, which is partitioned (SQLSTATE %s)", name, sqlstate);
	about(finding, context, &table->object);
	/* "(id)", behind the table's name. */
	Span keys = {offset_behind(context, action->span, action->relation.name), action->span.end};
	if (!action->object || is_rewritten(context->script, action->span) || keys.start >= keys.end)
		return;
	const char *what = action->index->unique ? "UNIQUE INDEX" : "INDEX", *index = sql_identifier(context, action->object);
	const char *part = table->children.count ? table->children.items[0]->object.name
						 : arena_print(context->arena, "%s_1", table->object.name);
	const char *part_index = sql_identifier(context, arena_print(context->arena, "%s_%s", part, action->object));
	instead(finding, context,
		"-- 1. invalid until each partition has its own\n"
		"CREATE %s %s ON ONLY %s %s;\n"
		"-- 2. in a migration of its own, outside a transaction, for each partition\n"
		"CREATE %s CONCURRENTLY %s ON %s %s;\n"
		"-- 3.\n"
		"ALTER INDEX %s ATTACH PARTITION %s;",
		what, index, name, source_clause(context, keys), what, part_index,
		sql_identifier(context, part), source_clause(context, keys), index, part_index);
}
