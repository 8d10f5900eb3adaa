/* DROP OWNED: everything of a role, whatever that is by then. */
#include "judge/rule.h"

RULE(owned_dropped,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "everything that a role owns is dropped",
	.why      = "Tables and their rows go with the role's other objects, and its privileges with them; what that is depends on the "
		    "database that it runs in, and no reviewer can see it.",
	.instead  = "REASSIGN OWNED BY … TO … first: then DROP OWNED takes the privileges only.",
	.manual   = "sql-drop-owned.html",
	.since    = "0.1.0",
	.on       = ON(DROP_OWNED))
{
	static const char *const nobody[] = {""};
	const char *role = action->roles.count ? sql_identifier(context, action->roles.items[0]) : nobody[0];
	Finding *finding = report(context, action->span, "DROP OWNED drops all that %s owns, tables and their rows among it", role);
	instead(finding, context, "REASSIGN OWNED BY %s TO CURRENT_USER;\nDROP OWNED BY %s;", role, role);
}
