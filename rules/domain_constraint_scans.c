/* A domain's new constraint is checked in every table that uses the domain. */
#include "judge/rule.h"

RULE(domain_constraint_scans,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a domain constraint reads every table that uses it",
	.why      = "Every table with a column of the domain is read under SHARE: writes to all of them wait.",
	.instead  = "Add the domain's constraint as NOT VALID and validate it when writes may wait, or check it per "
		    "table.",
	.manual   = "sql-alterdomain.html",
	.since    = "0.1.0",
	.on       = ON(ADD_DOMAIN_CONSTRAINT, VALIDATE_DOMAIN_CONSTRAINT, SET_DOMAIN_NOT_NULL))
{
	const Work *work = hazard(context);
	if (!work)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *domain = quoted_name(context->arena, action->relation);
	uint32_t others = context->effect->scans.count - 1;

	Finding *finding = report(
		context, action->span, "the constraint of domain %s reads all of %s%s while writes wait", domain, name,
		others ? arena_print(context->arena, " and %u more table%s", others, others > 1 ? "s" : "") : "");
	about(finding, context, &table->object);
	detail(finding, context,
	       "SHARE is held on every table with a column of %s until all of them are read: writes wait.", domain);
	if (action->kind == ACTION_ADD_DOMAIN_CONSTRAINT)
		instead(finding, context,
			"-- 1. new values are checked from now on\n"
			"%s NOT VALID;\n"
			"-- 2. when writes to the tables may wait\n"
			"ALTER DOMAIN %s VALIDATE CONSTRAINT %s;",
			source_clause(context, context->statement->span), domain,
			action->object ? sql_identifier(context, action->object) : "constraint_name");
}
