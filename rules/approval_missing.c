/* Nobody but the author has said that the migration may run. */
#include "judge/metadata.h"
#include "judge/rule.h"

static bool is_given(const Approvals *approvals, const char *role)
{
	array_each (const ApprovalGiven, approval, approvals)
		if (same_nocase(approval->role, role))
			return true;
	return false;
}

MIGRATION_RULE(approval_missing,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "an approval that the team requires is missing",
	.why      = "The configuration says who has to look at migrations of this phase or risk before they run; the author's own word "
		    "does not count.",
	.instead  = "Ask for it, and write it down where the configuration looks for it: a comment in the head, or a trailer of the "
		    "commit.",
	.manual   = "sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS",
	.since    = "0.1.0")
{
	const Config *config = context->history->config;
	if (!config || !config->approvals.due.count || context->script->direction != DIRECTION_UP || !context->script->statements.count)
		return;
	Metadata metadata = {0};
	Approvals approvals = {0};
	const char *author, *missing = "", *due = "";
	metadata_read(context->arena, context->script, config, &metadata);
	approvals_read(context->arena, context->migration, config, &metadata, &approvals, &author);
	for (uint32_t i = 0; i < config->approvals.due.count; i++) {
		const char *when = config->approvals.due.items[i].risk;
		if (!is_due(context, when))
			continue;
		array_each (const char *const, role, &config->approvals.due.items[i].roles) {
			if (is_given(&approvals, *role))
				continue;
			missing = arena_print(context->arena, "%s%s%s", missing, *missing ? ", " : "", *role);
			due = when;
		}
	}
	if (!*missing)
		return;
	if (same(due, "destroys"))
		due = "what destroys";
	bool from_git = same(config->approvals.source, "git-trailer");
	Finding *finding = report_whole(context, "not approved by %s (due for %s%s)%s%s", missing, same(due, "all") ? "every migration" : due,
					same(due, risk_word(migration_risk(context, NULL, NULL))) ? " risk" : "",
					author ? "; the author's own approval does not count: " : "", author ? author : "");
	instead(finding, context, from_git ? "Approved-by: Name <address> (%s)" : "-- approved-by: Name (%s)", missing);
}
