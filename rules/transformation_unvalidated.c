/* Values are computed anew, and nothing looks whether they came out right. */
#include "judge/metadata.h"
#include "judge/rule.h"

/* A query, an assertion or an error of its own behind the change. */
static bool looks_at_result(const Context *context, const Action *candidate)
{
	if (candidate->span.start < context->action->span.start)
		return false;
	return candidate->kind == ACTION_QUERY_ROWS || candidate->kind == ACTION_RAISE || candidate->kind == ACTION_VALIDATE_CONSTRAINT ||
	       candidate->kind == ACTION_SET_NOT_NULL || candidate->kind == ACTION_ADD_CONSTRAINT;
}

RULE(transformation_unvalidated,
	.severity = SEVERITY_OFF, .category = BACKFILL,
	.summary  = "values are computed anew and nobody looks at them",
	.why      = "A wrong expression is committed as easily as a right one; what the values were before is gone when somebody notices.",
	.instead  = "Behind it a block that compares the counts and RAISEs, or a query in the head: `-- verify: SELECT …`.",
	.manual   = "plpgsql-errors-and-messages.html",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(UPDATE_ROWS, MERGE_ROWS, INSERT_ROWS))
{
	const Relation *table = subject(context);
	Metadata metadata = {0};
	/* INSERT … SELECT moves rows that exist; one of VALUES brings its own. */
	bool reads = action->query && (action->query->columns.count || action->query->uses.count > 1);
	if (!table || !reads || action->default_values || script_has(context, looks_at_result) || rule_is_on(context, "verification-missing"))
		return;
	metadata_read(context->arena, context->script, context->history->config, &metadata);
	if (metadata_get(&metadata, "verify"))
		return;
	Finding *finding = report(context, action->span, "the values of %s are computed anew, and nothing checks them",
				  sql_name(context, &table->object));
	about(finding, context, &table->object);
}
