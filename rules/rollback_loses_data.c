/* Up and down drop something that holds data and make it again: the schema is back, the data is not. */
#include "judge/rule.h"

static bool makes(const Action *action, const Object *object)
{
	switch (action->kind) {
	case ACTION_ADD_COLUMN:
		return object->kind == OBJECT_COLUMN && same(action->column_def->name, object->name) &&
		       same(action->relation.name, object->parent->name);
	case ACTION_CREATE_TABLE:
	case ACTION_CREATE_TABLE_AS:
	case ACTION_CREATE_MATERIALIZED_VIEW:
	case ACTION_CREATE_TYPE:
		return same(action->relation.name, object->name);
	default:
		return false;
	}
}

/* The clause of the down that makes it again. */
static Span place_of(const Script *down, const Object *object)
{
	array_each (const Statement, statement, &down->statements)
		for (const Action *action = statement->actions; action; action = action->next)
			if (makes(action, object))
				return action->span;
	return down->statements.items[0].span;
}

MIGRATION_RULE(rollback_loses_data,
	.severity = SEVERITY_NOTE, .category = ROLLBACK,
	.summary  = "the rollback cannot bring data back",
	.why      = "What the migration drops comes back empty: the schema is as it was, the rows or values are gone.",
	.instead  = "Rename instead of dropping and drop in a later release, or keep a copy that the rollback reads.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0")
{
	if (!context->migration->down)
		return;
	const RollbackProof proof = rollback_proof(context);
	const ObjectList *recreated = &proof.comparison.recreated;
	bool reported = proof.verdict == ROLLBACK_FAILS || proof.verdict == ROLLBACK_UNKNOWN;
	if (!proof.loses_data || reported || !context->migration->down->statements.count)
		return;

	/* A materialized view is filled again, and a type holds nothing of its own. */
	const Object *first = NULL;
	array_each (Object *const, object, recreated) {
		ObjectKind kind = (*object)->kind;
		if (kind == OBJECT_TABLE || (kind == OBJECT_COLUMN && (*object)->parent->kind == OBJECT_TABLE && !first))
			first = first && first->kind == OBJECT_TABLE ? first : *object;
	}
	if (!first)
		return;
	context->script = context->migration->down;
	Finding *finding = report(context, place_of(context->script, first), "%s %s comes back without its data",
				  object_kind_words(first->kind), object_text(context->arena, first));
	proved_by(finding, context, NULL);
	about(finding, context, first);
	detail(finding, context,
	       "The migration drops %s %s and the rollback makes it again, empty%s: what it held is gone.",
	       object_kind_words(first->kind), object_text(context->arena, first),
	       recreated->count > 1
		       ? arena_print(context->arena, ", and %u more with it", recreated->count - 1)
		       : "");
}
