/* The old column goes, its values were copied once, and nothing kept the two in step since. */
#include "judge/metadata.h"
#include "judge/rule.h"

/* UPDATE t SET new = old, INSERT INTO other SELECT old FROM t. */
static bool copies_from(const Context *context, const Action *candidate, void *payload)
{
	const char *column = payload, *table = context->action->relation.name;
	bool writes = candidate->kind == ACTION_UPDATE_ROWS || candidate->kind == ACTION_INSERT_ROWS || candidate->kind == ACTION_MERGE_ROWS;
	bool reads = false, from = false;

	if (!writes || !candidate->query || (same(candidate->relation.name, table) && names_have(&candidate->columns, column)))
		return false;
	reads = names_have(&candidate->query->columns, column);
	array_each (const RelationUse, use, &candidate->query->uses) {
		from = from || same(use->relation.name, table);
		reads = reads || (same(use->relation.name, table) && use->mode == USE_READ && names_have(&use->columns, column));
	}
	return from && reads;
}

/* A trigger on the table, or a generated column, that kept both for a while. */
static bool kept_in_step(const Context *context, const Action *candidate, void *payload UNUSED)
{
	if (!same(candidate->relation.name, context->action->relation.name))
		return false;
	return candidate->kind == ACTION_CREATE_TRIGGER || (candidate->kind == ACTION_ADD_COLUMN && candidate->column_def->generated);
}

RULE(contract_without_dual_write,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "the old column goes, and both were never written",
	.why      = "Rows that came between the copy and the drop have a value in the old column only, unless a trigger, a generated "
		    "column or the application wrote both; with the drop it is lost.",
	.instead  = "A trigger that writes both from before the copy until the drop; where the application does so, say it in the head: "
		    "`-- dual-write: since release 1.4`.",
	.manual   = "plpgsql-trigger.html",
	.since    = "0.1.0",
	.on       = ON(DROP_COLUMN))
{
	const Relation *table = subject(context);
	Metadata metadata = {0};
	if (!table || !is_old(context, table) || !past_action(context, copies_from, (void *)action->object, NULL) ||
	    past_action(context, kept_in_step, NULL, NULL))
		return;
	metadata_read(context->arena, context->script, context->history->config, &metadata);
	if (metadata_get(&metadata, "dual-write"))
		return;
	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "%s.%s was copied once, and nothing wrote both until the drop", name,
				  sql_identifier(context, action->object));
	about(finding, context, &table->object);
}
