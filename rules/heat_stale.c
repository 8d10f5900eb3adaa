/* The statistics by which findings are weighed are old. */
#include "judge/heat.h"
#include "judge/metadata.h"
#include "judge/rule.h"

enum { FRESH_DAYS = 60 };

HISTORY_RULE(heat_stale,
	.severity = SEVERITY_NOTE, .category = META,
	.summary  = "the statistics that findings are weighed by are old",
	.why      = "Tables grow and queries change: what was small or cold when the numbers were taken may be neither now.",
	.instead  = "Run the queries of `ddlint heat --query` again.",
	.manual   = "monitoring-stats.html",
	.since    = "0.1.0")
{
	const Heat *heat = judge_heat(context);
	long today = metadata_date(judge_today(context));
	if (!heat || heat->taken < 0 || today < 0 || today - heat->taken <= FRESH_DAYS)
		return;
	report_whole(context, "the statistics are %ld days old", today - heat->taken);
}
