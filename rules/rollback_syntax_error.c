/* A statement of a down script that PostgreSQL's parser rejects. The finding is made where scripts are judged. */
#include "judge/rule.h"

extern const Rule rule_rollback_syntax_error;
const Rule rule_rollback_syntax_error = {
	.name     = "rollback_syntax_error",
	.severity = SEVERITY_ERROR, .category = ROLLBACK,
	.summary  = "the rollback is not SQL that PostgreSQL reads",
	.why      = "The server's own parser rejects it: the rollback fails here, whatever the data.",
	.instead  = "Correct the statement; if a tool fills in templates, tell their values in `placeholders`.",
	.manual   = "sql-syntax.html",
	.since    = "0.1.0",
};
