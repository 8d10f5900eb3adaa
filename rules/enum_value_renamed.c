/* ALTER TYPE … RENAME VALUE while code uses the old label. */
#include "judge/rule.h"

RULE(enum_value_renamed,
	.severity = SEVERITY_WARNING, .category = COMPATIBILITY,
	.summary  = "an enum's value gets another name under running code",
	.why      = "Every row has the new label at once: code that compares with the old one finds nothing, and what it writes is refused.",
	.instead  = "ADD VALUE with the new label, let the code know both, move the rows in batches.",
	.manual   = "sql-altertype.html",
	.since    = "0.1.0",
	.on       = ON(RENAME_ENUM_LABEL))
{
	const Type *type = find_type(context->catalog, session_path(context->session), action->relation);
	if (type && !existed_before(context->replay, &type->object))
		return;
	const char *name = type ? sql_name(context, &type->object) : quoted_name(context->arena, action->relation);
	Finding *finding = report(context, action->span, "'%s' of %s is '%s' from now on, and running code does not know that", action->object,
				  name, action->new_name);
	about(finding, context, type ? &type->object : NULL);
	instead(finding, context,
		"ALTER TYPE %s ADD VALUE '%s';\n"
		"-- then, when the code knows both, a thousand rows at a time",
		name, action->new_name);
}
