/* COMMENT ON … IS 'deprecated', without saying since when and until when. */
#include "judge/deprecation.h"

RULE(deprecation_undated,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "a deprecation does not say when it ends",
	.why      = "Without a date nobody knows how long the old name may be used, and nobody ever dares to drop it.",
	.instead  = "COMMENT ON … IS 'deprecated 2026-01-10, remove after 2026-07-10'",
	.manual   = "sql-comment.html",
	.since    = "0.1.0",
	.on       = ON(SET_COMMENT))
{
	if (!action->value || !strcasestr(action->value, "deprecat"))
		return;
	long since, until;
	deprecation_dates(action->value, &since, &until);
	if (since >= 0 && until >= 0)
		return;
	const char *what = action->object ? action->object : action->relation.name ? action->relation.name : "it";
	Finding *finding = report(context, action->span, "the deprecation of %s does not say %s", what,
				  since < 0 && until < 0 ? "since when, and when it goes"
				  : since < 0		 ? "since when"
							 : "when it goes");
	about(finding, context, subject(context) ? &subject(context)->object : NULL);
}
