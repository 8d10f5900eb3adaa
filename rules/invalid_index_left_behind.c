/* CREATE INDEX CONCURRENTLY IF NOT EXISTS: the second attempt is content with the ruin of the first. */
#include "judge/rule.h"

/* The script drops the index first. */
static bool drops_it(const Context *context, const Action *candidate)
{
	return candidate->kind == ACTION_DROP_INDEX && same(candidate->relation.name, context->action->object);
}

RULE(invalid_index_left_behind,
	.severity = SEVERITY_NOTE, .category = IDEMPOTENCY,
	.summary  = "IF NOT EXISTS is content with an invalid index",
	.why      = "A concurrent build that fails leaves an invalid index behind: no query uses it, every write maintains "
		    "it, and IF NOT EXISTS skips the next attempt because the name is there.",
	.instead  = "DROP INDEX CONCURRENTLY IF EXISTS first, then CREATE INDEX CONCURRENTLY without IF NOT EXISTS.",
	.manual   = "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	.since    = "0.1.0",
	.on       = ON(CREATE_INDEX))
{
	if (!action->concurrently || !action->if_not_exists || !action->object || in_transaction(context) ||
	    script_has(context, drops_it))
		return;

	const Relation *table = subject(context);
	if (table && is_partitioned(table)) /* it is refused there */
		return;
	const char *name = quoted_name(context->arena, (Name){action->relation.schema, action->object});
	Finding *finding = report(context, action->span, "when this build fails, the next run keeps the invalid index %s", name);
	about(finding, context, table ? &table->object : NULL);
	concurrent_build_steps(finding, context);
	instead_steps(finding, context, "");
}
