/* An allow-comment that silences nothing. */
#include "judge/rule.h"

META_RULE(suppression_unused,
	.severity = SEVERITY_WARNING,
	.summary  = "an allow-comment silences nothing",
	.why      = "The finding is gone, or the rule's name is wrong: the comment would hide the next one unseen.",
	.instead  = "Remove the comment or the rule from it.",
	.manual   = "sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS",
	.since    = "0.1.0",
	.unneeded = true);
