/* The statistics by which findings are weighed are old. */
#include "base/date.h"
#include "judge/heat.h"
#include "judge/rule.h"

HISTORY_RULE(heat_stale,
	.severity = SEVERITY_NOTE, .category = META,
	.summary  = "the statistics that findings are weighed by are old",
	.why      = "Tables grow and queries change: what was small or cold when the numbers were taken may be neither now.",
	.instead  = "Run the queries of `ddlint heat --query` again.",
	.manual   = "monitoring-stats.html",
	.since    = "0.1.0")
{
	const Heat *heat = judge_heat(context);
	long today = date_in(judge_today(context));
	if (!heat || heat->taken < 0 || today < 0 || today - heat->taken <= heat->limits.stale_days)
		return;
	report_whole(context, "the statistics are %ld days old", today - heat->taken);
}
