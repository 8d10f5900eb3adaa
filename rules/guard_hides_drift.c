/* IF NOT EXISTS finds something of that name, and what it finds is not what is written. */
#include "judge/rule.h"

static bool same_column(const Context *context, const Column *column, const ColumnDef *def)
{
	if (column->object.assumed || !column->type.name)
		return true;
	DataType written = resolve_type((Catalog *)context->catalog, session_path(context->session), &def->type);
	return !written.name || same_type(&written, &column->type);
}

static const char *written_type(const Context *context, const ColumnDef *def)
{
	DataType written = resolve_type((Catalog *)context->catalog, session_path(context->session), &def->type);
	return data_type_text(context->arena, &written);
}

static void check_column(Context *context, const Relation *table, const ColumnDef *def, Span span)
{
	const Column *column = find_column(table, def->name);
	const char *name = sql_name(context, &table->object);
	if (column && same_column(context, column, def))
		return;
	Finding *finding;
	if (column)
		finding = report(context, span, "%s.%s exists as %s and stays so: this asks for %s", name,
				 sql_identifier(context, def->name), data_type_text(context->arena, &column->type),
				 written_type(context, def));
	else
		finding = report(context, span, "table %s exists without column %s, and IF NOT EXISTS leaves it so", name,
				 sql_identifier(context, def->name));
	about(finding, context, column ? &column->object : &table->object);
}

static bool same_keys(const Relation *index, const IndexDef *def)
{
	if (index->keys.count != def->keys.count || index->unique != def->unique)
		return false;
	for (uint32_t i = 0; i < def->keys.count; i++) {
		const Column *column = index->keys.items[i].column;
		if (!column != !def->keys.items[i].column || (column && !same(column->object.name, def->keys.items[i].column)))
			return false;
	}
	return !index->predicate == !def->predicate;
}

static void check_index(Context *context, const Action *action)
{
	const Relation *table = subject(context);
	const Relation *index = action->object ? relation_named(context, (Name){action->relation.schema, action->object}) : NULL;
	if (!index || index->object.assumed || index->object.kind != OBJECT_INDEX || !action->index || !table)
		return;
	if (index->table == table && same_keys(index, action->index))
		return;
	Finding *finding = report(context, action->span, "index %s exists with another definition, and IF NOT EXISTS leaves it so",
				  sql_name(context, &index->object));
	about(finding, context, &index->object);
}

RULE(guard_hides_drift,
	.severity = SEVERITY_WARNING, .category = IDEMPOTENCY,
	.summary  = "IF NOT EXISTS keeps something else than what is written",
	.why      = "An object of that name is there already and differs from the statement: the guard skips it in silence, "
		    "and the migration counts as done.",
	.instead  = "Change the existing object with ALTER, or make the new one under another name.",
	.manual   = "sql-createtable.html#SQL-CREATETABLE-PARMS-IF-NOT-EXISTS",
	.since    = "0.1.0",
	.on       = ON(CREATE_TABLE, ADD_COLUMN, CREATE_INDEX))
{
	/* Which schema a template names, and whether the search path leads there, nobody knows. */
	if (context->statement && context->statement->templated)
		return;
	if (!action->if_not_exists)
		return;
	if (action->kind == ACTION_CREATE_INDEX) {
		check_index(context, action);
		return;
	}
	const Relation *table = subject(context);
	if (!table || table->object.assumed || table->columns_unknown || !is_table(table))
		return;
	if (action->kind == ACTION_CREATE_TABLE) {
		for (const Action *part = action->next; part && part->in_create; part = part->next)
			if (part->kind == ACTION_ADD_COLUMN)
				check_column(context, table, part->column_def, part->span);
	} else if (find_column(table, action->column_def->name)) {
		check_column(context, table, action->column_def, action->span);
	}
}
