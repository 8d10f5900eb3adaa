/* The query that is to check a migration cannot run. */
#include "judge/rule.h"

static void report_broken(Context *context)
{
	const BrokenChecks broken = broken_checks(context);

	array_each (const BrokenCheck, check, &broken) {
		if (check->error)
			report(context, check->span, "the query that checks this cannot be parsed: %s", check->error);
		else if (check->writes)
			report(context, check->span, "what is to check this does more than read");
		else
			report(context, check->span, "the query that checks this fails when it has run: %s (SQLSTATE %s)",
			       sqlstate_words(check->sqlstate), check->sqlstate);
	}
}

MIGRATION_RULE(verification_broken,
	.severity     = SEVERITY_OFF, .category = GOVERNANCE,
	.summary      = "the query that checks the migration cannot run",
	.why          = "Nobody runs it before the migration is in production, and there it fails or changes rows instead of telling "
			"whether all is well.",
	.instead      = "A SELECT over what is there when the migration has run.",
	.manual       = "sql-select.html",
	.since        = "0.1.0",
	.check_verify = report_broken)
{
	report_broken(context);
}
