/* An allow-comment whose time is over. */
#include "judge/rule.h"

META_RULE(suppression_expired,
	.severity = SEVERITY_ERROR,
	.summary  = "an allow-comment has expired and is not obeyed",
	.why      = "It was meant until a day that has passed; the finding is back.",
	.instead  = "Do what was put off, or give a new date and the reason for it.",
	.manual   = "sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS",
	.since    = "0.1.0");
