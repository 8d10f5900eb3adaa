/* A rename that was written as a drop and an add: tools that compare schemas do so. */
#include "judge/rule.h"

static bool is_twin(const Context *context, const Action *candidate)
{
	const Relation *table = subject(context);
	const Column *column = table ? find_column(table, context->action->object) : NULL;

	if (candidate->kind != ACTION_ADD_COLUMN || candidate->in_create || candidate->column_def->generated ||
	    !same(candidate->relation.name, context->action->relation.name) || same(candidate->column_def->name, context->action->object))
		return false;
	if (!column || !column->type.name)
		return false;
	DataType type = resolve_type(context->replay->catalog, session_path(context->session), &candidate->column_def->type);
	return same(type.name, column->type.name) && type.dimensions == column->type.dimensions;
}

/* UPDATE t SET new = old: nothing is lost. */
static bool copies_values(const Context *context, const Action *candidate)
{
	if (candidate->kind != ACTION_UPDATE_ROWS || !candidate->query || !same(candidate->relation.name, context->action->relation.name))
		return false;
	for (uint32_t i = 0; i < candidate->query->columns.count; i++)
		if (same(candidate->query->columns.items[i], context->action->object))
			return true;
	return false;
}

RULE(rename_as_drop_add,
	.severity = SEVERITY_OFF, .category = COMPATIBILITY,
	.summary  = "a rename is written as drop and add",
	.why      = "The new column starts empty: the values of the old one are not carried over but lost. Tools that derive migrations "
		    "from a schema file cannot tell a rename from the two.",
	.instead  = "RENAME COLUMN, or both columns for a while.",
	.manual   = "ddl-alter.html#DDL-ALTER-RENAMING-COLUMN",
	.since    = "0.1.0",
	.on       = ON(DROP_COLUMN))
{
	const Relation *table = subject(context);
	if (!table || !old_column(context, table, action->object) || !script_has(context, is_twin) ||
	    script_has(context, copies_values))
		return;
	const char *name = sql_name(context, &table->object), *column = sql_identifier(context, action->object);
	Finding *finding = report(context, action->span, "%s.%s goes and a column of the same type comes: if this is a rename, its values are lost",
				  name, column);
	about(finding, context, &table->object);
	instead(finding, context, "ALTER TABLE %s RENAME COLUMN %s TO …;", name, column);
}
