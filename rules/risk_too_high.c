/* A migration of more risk than this run allows. */
#include "judge/rule.h"

static const RuleOptionInfo risk_too_high_options[] = {
	{"most", "controlled|safe|high", "the most that is allowed; --max-risk goes before it"},
	{0},
};

MIGRATION_RULE(risk_too_high,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "the migration is of more risk than is allowed",
	.why      = "What destroys, or works on a table while others wait for it, is to be run when somebody has planned it and watches, "
		    "not along with a deploy.",
	.instead  = "Take the safe steps that the other findings name, or run it by itself.",
	.manual   = "explicit-locking.html#LOCKING-TABLES",
	.since    = "0.1.0",
	.options  = risk_too_high_options)
{
	const Action *action;
	const char *because, *allowed = allowed_risk(context);
	Risk risk = migration_risk(context, &action, &because);
	Risk most = risk_by_word(allowed ? allowed : option(context, "most"));
	if (context->script->direction != DIRECTION_UP || !risk_exceeds(risk, most))
		return;
	Finding *finding = report_whole(context, "the risk is %s, and %s is allowed at most", risk_word(risk), risk_word(most));
	if (risk == RISK_UNKNOWN)
		detail(finding, context, "Something runs that could not be read, and may be of any risk.");
	else if (action)
		related(finding, context, context->script->source, action->span, "%s: %s", action_description(action->kind), because);
}
