/* CASCADE takes along what the statement does not name. Tables, columns and schemas have rules of their own that count
 * it. */
#include "judge/rule.h"

static bool has_rule_of_its_own(const Action *action)
{
	switch (action->kind) {
	case ACTION_DROP_TABLE:
	case ACTION_DROP_COLUMN:
	case ACTION_DROP_SCHEMA:
	case ACTION_DROP_VIEW:
	case ACTION_DROP_MATERIALIZED_VIEW:
	case ACTION_TRUNCATE_TABLE:
		return true;
	default:
		return false;
	}
}

/* The index behind the constraint that is dropped: it would go without CASCADE, too. */
static bool is_its_index(const Action *action, const Object *object)
{
	return action->kind == ACTION_DROP_CONSTRAINT && object->kind == OBJECT_INDEX && same(object->name, action->object);
}

RULE(drop_cascades,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "CASCADE drops what the statement does not name",
	.why      = "Whatever depends on the dropped object goes with it, columns and their values included, and "
		    "nobody reading the migration can see what that is.",
	.instead  = "Drop by name what depends on the object, then the object without CASCADE.",
	.manual   = "ddl-depend.html",
	.since    = "0.1.0",
	.once_a_statement = true,
	.on       = every_action)
{
	if (!action->cascade || has_rule_of_its_own(action))
		return;

	const char *names = "";
	const Object *first = NULL;
	bool rows = false;
	uint32_t count = 0;
	array_each (Destroyed, destroyed, &context->effect->destroys) {
		Object *object = destroyed->object;
		if (!destroyed->by_cascade || !existed_before(context->replay, object) || is_its_index(action, object))
			continue;
		first = first ? first : object;
		rows = rows || object->kind == OBJECT_TABLE || object->kind == OBJECT_COLUMN;
		if (++count <= 3)
			names = arena_print(context->arena, "%s%s%s %s", names, count > 1 ? ", " : "",
					    object_kind_words(object->kind), sql_name(context, object));
	}
	if (count == 0)
		return;

	bool others = action->next && action->next->kind == action->kind;
	Finding *finding = report(context, action->span, "CASCADE also drops %s%s%s", names,
				  count > 3 ? arena_print(context->arena, " and %u more", count - 3) : "",
				  others ? ", and what needs the other names of the list" : "");
	about(finding, context, first->parent ? first->parent : first);
	if (!rows)
		at_most(finding, SEVERITY_WARNING);
}
