/* An allow-comment that does not say why. */
#include "judge/rule.h"

META_RULE(suppression_without_reason,
	.severity = SEVERITY_ERROR,
	.summary  = "an allow-comment gives no reason and is not obeyed",
	.why      = "Whoever reads the migration later cannot tell whether the risk was weighed, so the finding stays.",
	.instead  = "-- ddlint: allow RULE -- the reason",
	.manual   = "sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS",
	.since    = "0.1.0");
