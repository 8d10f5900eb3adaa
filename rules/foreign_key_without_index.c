/* A foreign key of a table whose own columns no index leads with. */
#include "judge/rule.h"

/* The index narrows a search for all of the columns: they are its first keys, in any order. */
static bool leads_with(const Relation *index, const Names *columns)
{
	if (index->predicate || index->keys.count < columns->count)
		return false;
	for (uint32_t i = 0; i < columns->count; i++) {
		bool found = false;
		for (uint32_t k = 0; k < columns->count; k++)
			found = found || same(index->keys.items[k].name, columns->items[i]);
		if (!found)
			return false;
	}
	return true;
}

/* Of a table that was not made here nobody knows all indexes. */
static bool is_covered(const Relation *table, const Names *columns)
{
	if (!table || table->object.assumed || table->columns_unknown || !is_table(table))
		return true;
	array_each (Relation *const, index, &table->indexes)
		if (leads_with(*index, columns))
			return true;
	return false;
}

typedef struct Search {
	Context *context;
	const Statement *statement;
} Search;

static bool look(const Action *action, void *payload)
{
	Search *search = payload;
	Context *context = search->context;
	const ConstraintDef *constraint = action->kind == ACTION_ADD_CONSTRAINT ? action->constraint : NULL;
	const Relation *table = relation_named(context, action->relation);
	if (!constraint || constraint->kind != CONSTRAINT_FOREIGN_KEY || is_covered(table, &constraint->columns))
		return true;
	context->statement = search->statement;
	const char *columns = sql_columns(context, &constraint->columns), *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "no index of %s leads with %s", name, columns);
	about(finding, context, &table->object);
	instead(finding, context, "%s\nCREATE INDEX CONCURRENTLY ON %s (%s);", outside_transaction(context, 0), name,
		columns);
	return true;
}

MIGRATION_RULE(foreign_key_without_index, .severity = SEVERITY_OFF, .category = DESIGN,
	       .summary = "the foreign key's own columns have no index",
	       .why = "Each DELETE and each change of a key in the referenced table reads the whole referring table to "
		      "find its rows, "
		      "with a lock on the row held meanwhile.",
	       .instead = "CREATE INDEX CONCURRENTLY on the columns of the foreign key, in front of it.",
	       .manual = "ddl-constraints.html#DDL-CONSTRAINTS-FK", .since = "0.1.0")
{
	array_each (const Statement, statement, &context->script->statements)
		action_walk(statement->actions, look, &(Search){context, statement});
}
