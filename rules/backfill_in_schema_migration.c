/* Rows are moved in the migration that changes the schema. */
#include "judge/rule.h"

static bool changes_schema(const Context *context, const Action *candidate)
{
	switch (candidate->kind) {
	case ACTION_ADD_COLUMN:
	case ACTION_DROP_COLUMN:
	case ACTION_RENAME_COLUMN:
	case ACTION_ALTER_COLUMN_TYPE:
	case ACTION_SET_NOT_NULL:
	case ACTION_ADD_CONSTRAINT:
	case ACTION_DROP_TABLE: {
		const Relation *table = candidate->in_create ? NULL : relation_named(context, candidate->relation);
		return table && is_old(context, table);
	}
	default:
		return false;
	}
}

/* The other rules about the same statement say more: all rows, or a lock that is held. */
static bool is_said_elsewhere(const Context *context)
{
	array_each (HeldLock, held, &context->session->locks)
		if (in_transaction(context) && blocks_writes(held->mode) && is_table(held->relation) &&
		    is_old(context, held->relation))
			return true;
	return !context->action->has_where && !context->step->in_loop;
}

RULE(backfill_in_schema_migration,
	.severity = SEVERITY_NOTE, .category = BACKFILL,
	.summary  = "rows are changed in the migration that changes the schema",
	.why      = "The schema change cannot be deployed, retried or rolled back without the data change, and its "
		    "length depends on the amount of data.",
	.instead  = "Expand in one migration, move the rows in the next, contract in a third.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(UPDATE_ROWS, DELETE_ROWS, MERGE_ROWS))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || is_said_elsewhere(context) || !script_has(context, changes_schema))
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding =
		report(context, action->span, "rows of %s are changed in the migration that changes the schema", name);
	about(finding, context, &table->object);
}
