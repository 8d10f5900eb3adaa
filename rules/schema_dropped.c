/* DROP SCHEMA with everything inside. */
#include "judge/rule.h"

RULE(schema_dropped,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "a schema and everything in it are lost",
	.why      = "CASCADE drops every table, view, type and function of the schema, with all rows, and whatever "
		    "outside depends on them.",
	.instead  = "Name what is to go, one DROP each, and drop the schema without CASCADE when it is empty.",
	.manual   = "sql-dropschema.html",
	.since    = "0.1.0",
	.on       = ON(DROP_SCHEMA))
{
	const Object *schema =
		find_object(context->catalog, session_path(context->session), OBJECT_SCHEMA, action->relation);
	/* Without CASCADE only an empty schema can be dropped, and what must exist but is not known is somebody's. */
	if (!action->cascade || (schema ? !existed_before(context->replay, schema) : action->if_exists))
		return;

	const char *name = quoted_name(context->arena, action->relation);
	uint32_t tables = 0;
	array_each (Destroyed, destroyed, &context->effect->destroys)
		if (destroyed->object->kind == OBJECT_TABLE)
			tables++;
	Finding *finding = report(context, action->span, "dropping schema %s loses everything in it", name);
	about(finding, context, schema);
	if (tables > 0)
		detail(finding, context,
		       "%u known table%s and all other objects of %s are dropped with their rows, and whatever outside "
		       "depends on them.",
		       tables, tables > 1 ? "s" : "", name);
	instead(finding, context,
		"-- drop by name what is to go\nDROP TABLE %s.…;\n-- fails unless the schema is empty\nDROP SCHEMA %s;",
		name, name);
}
