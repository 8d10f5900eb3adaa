/* A statement that PostgreSQL's parser does not take. Found while reading; the other statements are judged all the
 * same. */
#include "judge/rule.h"

META_RULE(syntax_error,
	.severity = SEVERITY_ERROR,
	.summary  = "PostgreSQL cannot parse the statement",
	.why      = "The server's own parser rejects it: the migration fails here, and what the statement would do is "
		    "not judged.",
	.instead  = "Correct the statement; if a tool fills in templates, tell their values in `placeholders`.",
	.manual   = "sql-syntax.html",
	.since    = "0.1.0");
