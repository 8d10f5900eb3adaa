/* DROP TYPE of a type that code may still name. */
#include "judge/rule.h"

static bool makes_it_again(const Context *context, const Action *candidate)
{
	const char *name = context->action->relation.name;

	if ((candidate->kind == ACTION_CREATE_TYPE || candidate->kind == ACTION_CREATE_DOMAIN) &&
	    same(candidate->relation.name, name))
		return true;
	/* ALTER TYPE new RENAME TO old: the usual way to take a label out of an enum. */
	return candidate->kind == ACTION_RENAME_OBJECT &&
	       (same(candidate->new_name, name) || same(candidate->relation.name, name));
}

RULE(type_dropped,
	.severity = SEVERITY_WARNING, .category = DESTRUCTIVE,
	.summary  = "a type is dropped",
	.why      = "Code that still casts to the type, or declares variables of it, fails.",
	.instead  = "Drop it when no release that is still running names it.",
	.manual   = "sql-droptype.html",
	.since    = "0.1.0",
	.on       = ON(DROP_TYPE))
{
	const Destroyed *lost = destroyed_old(context);
	if (!lost || action->cascade || script_has(context, makes_it_again))
		return;

	Finding *finding =
		report(context, action->span, "dropping %s %s breaks whoever still names it",
		       object_kind_words(action->object_kind), quoted_name(context->arena, action->relation));
	about(finding, context, lost->object);
}
