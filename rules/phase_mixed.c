/* One migration adds to a table, or moves its rows, and takes away from it. */
#include "judge/rule.h"

/* What keeps running code working until the contract: columns that come and rows that move. */
static bool comes_first(const Context *context, const Action *candidate)
{
	if (candidate->in_create || candidate == context->action)
		return false;
	bool prepares = candidate->kind == ACTION_ADD_COLUMN || action_phase(context->history->config, context->script, candidate) == PHASE_MIGRATE;
	if (!prepares || action_phase(context->history->config, context->script, candidate) == PHASE_CONTRACT)
		return false;
	if (same(candidate->relation.name, context->action->relation.name))
		return true;
	/* INSERT INTO new SELECT … FROM old */
	for (uint32_t i = 0; candidate->query && i < candidate->query->uses.count; i++)
		if (same(candidate->query->uses.items[i].relation.name, context->action->relation.name))
			return true;
	return false;
}

/* The column takes all that it took, and no row is touched. */
static bool only_widens(const Context *context, const Relation *table)
{
	const Action *action = context->action;
	const Column *column = find_column(table, action->object);
	if (action->kind != ACTION_ALTER_COLUMN_TYPE || !column || !column->type.name)
		return false;
	DataType type = resolve_type(context->replay->catalog, session_path(context->session), action->type);
	TypeChangeFacts facts = type_change(context->catalog, context->session, &column->type, &type, action->expr, action->object);
	return facts.change == TYPE_CHANGE_FREE && !facts.narrows;
}

RULE(phase_mixed,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "one migration both prepares and completes a change",
	.why      = "Between the new shape and the end of the old one code has to be deployed that knows both; in one migration there "
		    "is no such time, and no way back but a restore.",
	.instead  = "Expand in one migration, move the rows in the next, contract in a third, with releases between them.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0",
	.once     = true,
	.on       = ON(DROP_TABLE, DROP_COLUMN, RENAME_COLUMN, RENAME_TABLE, ALTER_COLUMN_TYPE, SET_NOT_NULL))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || kind_phase(context->history->config, action) != PHASE_CONTRACT ||
	    only_widens(context, table) || !script_has(context, comes_first))
		return;
	if (action->kind != ACTION_DROP_TABLE && action->kind != ACTION_RENAME_TABLE && !old_column(context, table, action->object) &&
	    !table->object.assumed)
		return;
	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "%s is changed for the new code and closed to the old in one migration", name);
	about(finding, context, &table->object);
	instead(finding, context, "-- leave this for a migration of a later release:\n%s;", source_clause(context, action->span));
}
