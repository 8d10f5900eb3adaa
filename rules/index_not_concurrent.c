/* CREATE INDEX without CONCURRENTLY on a table that is in use. */
#include "judge/rule.h"

/* "(id) WHERE …", behind the table's name; "(…)" where that is not to be found. */
static const char *what_is_indexed(const Context *context)
{
	const Action *action = context->action;
	uint32_t behind = offset_behind(context, (Span){offset_behind(context, action->span, "on"), action->span.end}, action->relation.name);
	bool known = action->relation_span.end > action->relation_span.start;
	Span keys = {known ? action->relation_span.end : behind, action->span.end};

	return keys.start >= keys.end || is_rewritten(context->script, action->span) ? "(…)" : source_clause(context, keys);
}

static void partitioned_recipe(Finding *finding, Context *context, const Relation *table)
{
	const Action *action = context->action;
	const Relation *part = table->children.count ? table->children.items[0] : NULL;
	const char *bare = part ? part->object.name : "partition", *unique = action->index->unique ? "UNIQUE " : "";
	const char *index = action->object ? action->object : arena_print(context->arena, "%s_idx", table->object.name);
	const char *part_index = sql_identifier(context, arena_print(context->arena, "%s_%s", bare, index));
	const char *keys = what_is_indexed(context), *name = sql_identifier(context, index);
	/* The steps have to call it by a name. */
	const char *alone = action->object ? clause_with(context, action->span, "on", "ONLY")
					   : arena_print(context->arena, "CREATE %sINDEX %s ON ONLY %s %s", unique, name,
							 sql_name(context, &table->object), keys);

	instead(finding, context,
		"-- 1. on the parent alone: nothing is built\n%s;\n"
		"%s-- for each partition\nCREATE %sINDEX CONCURRENTLY %s ON %s %s;\n"
		"-- 3. for each partition: the parent's index becomes valid with the last one\n"
		"ALTER INDEX %s ATTACH PARTITION %s;",
		alone, outside_transaction(context, 2), unique, part_index, part ? sql_name(context, &part->object) : "partition", keys,
		name, part_index);
}

RULE(index_not_concurrent,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "an index build blocks writes",
	.why      = "CREATE INDEX holds SHARE on the table until the index is built: every INSERT, UPDATE and DELETE "
		    "waits.",
	.instead  = "CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	.manual   = "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	.since    = "0.1.0",
	.on       = ON(CREATE_INDEX))
{
	const Work *work = hazard(context);
	if (!work || !subject(context))
		return;

	/* The table as written: what waits may be its partitions. */
	const Relation *table = subject(context);
	const char *name = sql_name(context, &table->object);
	Finding *finding =
		report(context, action->span, "building %s on %s blocks writes until it is done",
		       action->object ? arena_print(context->arena, "index %s", action->object) : "an index", name);

	about(finding, context, &table->object);
	detail(finding, context,
	       "CREATE INDEX holds SHARE on %s for as long as it reads the whole table and sorts it: reads go on, "
	       "every INSERT, UPDATE and DELETE waits.%s",
	       name, in_transaction(context) ? " The lock stays until the transaction ends." : "");
	if (is_partitioned(table)) {
		/* Partitions that the history does not show may be none. */
		if (worked_table(context, work) == table)
			at_most(finding, SEVERITY_WARNING);
		partitioned_recipe(finding, context, table);
		return;
	}
	concurrent_build_steps(finding, context);
	instead_steps(finding, context, "");
	edit_concurrently(finding, context);
}
