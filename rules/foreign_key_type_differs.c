/* A foreign key whose column has another type than the one it refers to. */
#include "judge/rule.h"

/* The type alone: varchar(20) refers to varchar(30) without harm. */
static bool same_base(const DataType *a, const DataType *b)
{
	return !a->name || !b->name || (same(a->name, b->name) && same(a->schema, b->schema) && a->dimensions == b->dimensions);
}

static const Constraint *foreign_key_of(const Relation *table, const ConstraintDef *wanted)
{
	array_each (Constraint *const, item, &table->constraints) {
		const Constraint *constraint = *item;
		bool found = constraint->kind == CONSTRAINT_FOREIGN_KEY && constraint->columns.count == wanted->columns.count;
		for (uint32_t i = 0; found && i < wanted->columns.count; i++)
			found = same(constraint->columns.items[i]->object.name, wanted->columns.items[i]);
		if (found)
			return constraint;
	}
	return NULL;
}

typedef struct Search {
	Context *context;
	const Statement *statement;
} Search;

static void compare(Context *context, const Action *action, const Relation *table, const Constraint *key)
{
	for (uint32_t i = 0; i < key->columns.count && i < key->reference_columns.count; i++) {
		const Column *column = key->columns.items[i], *other = key->reference_columns.items[i];
		if (same_base(&column->type, &other->type))
			continue;
		Finding *finding = report(context, action->span, "%s is %s, and %s, which it refers to, is %s", column->object.name,
					  data_type_text(context->arena, &column->type), object_text(context->arena, &other->object),
					  data_type_text(context->arena, &other->type));
		about(finding, context, &table->object);
		return;
	}
}

static bool look(const Action *action, void *payload)
{
	Search *search = payload;
	Context *context = search->context;
	const ConstraintDef *constraint = action->kind == ACTION_ADD_CONSTRAINT ? action->constraint : NULL;
	const Relation *table = relation_named(context, action->relation);
	if (!constraint || constraint->kind != CONSTRAINT_FOREIGN_KEY || !table)
		return true;
	const Constraint *key = foreign_key_of(table, constraint);
	context->statement = search->statement;
	if (key)
		compare(context, action, table, key);
	return true;
}

MIGRATION_RULE(foreign_key_type_differs,
	.severity = SEVERITY_OFF,
	.category = DESIGN,
	.summary = "the foreign key's column has another type",
	.why = "Values of the wider type do not fit into the narrower one: integer that refers to bigint ends at two billion; and "
	       "comparing two types may keep an index from being used.",
	.instead = "The type of the column that it refers to.",
	.manual = "ddl-constraints.html#DDL-CONSTRAINTS-FK",
	.since = "0.1.0")
{
	array_each (const Statement, statement, &context->script->statements)
		action_walk(statement->actions, look, &(Search){context, statement});
}
