/* A deprecated column or table goes before its time. */
#include "base/date.h"
#include "judge/deprecation.h"

static const char *date_text(const Context *context, const Deprecation *mark)
{
	if (!mark->comment)
		return date_words(context->arena, mark->until);
	const char *end = strcasestr(mark->comment, "remove");
	const char *at = end ? end : mark->comment;
	while (*at && (*at < '0' || *at > '9'))
		at++;
	return arena_copy(context->arena, at, strspn(at, "0123456789-"));
}

/* Why it is too soon, or NULL. */
static const char *too_soon(const Context *context, const Deprecation *mark)
{
	const Config *config = context->history->config;
	int wanted_days = mark->days ? mark->days : config ? config->deprecation.days : 0;
	int wanted_releases = mark->releases ? mark->releases : config ? config->deprecation.releases : 0;
	const char *who = mark->days || mark->releases ? "its mark" : "the configuration";
	long today = migration_day(context, context->migration);
	if (today < 0)
		today = date_in(judge_today(context));
	if (mark->until > today)
		return arena_print(context->arena, "its mark says to remove it after %s", date_text(context, mark));
	if (wanted_days) {
		long since = mark->since >= 0 ? mark->since : migration_day(context, mark->marked_by);
		if (since >= 0 && today - since < wanted_days)
			return arena_print(context->arena, "it was marked %ld days before, and %s asks for %d", today - since, who,
					   wanted_days);
	}
	if (wanted_releases && mark->marked_by) {
		int releases = releases_between(context, mark->marked_by, context->migration);
		if (releases >= 0 && releases < wanted_releases)
			return arena_print(context->arena, "it was marked %d release%s before, and %s asks for %d", releases,
					   releases == 1 ? "" : "s", who, wanted_releases);
	}
	return NULL;
}

RULE(contract_too_soon,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "something deprecated is dropped before its time",
	.why      = "The window between the mark and the drop is the time that others were promised to move over, and in which the old "
		    "release can still be gone back to.",
	.instead  = "Wait until the configured releases and days have passed, and the date that the mark names.",
	.manual   = "sql-comment.html",
	.since    = "0.1.0",
	.on       = ON(DROP_COLUMN, DROP_TABLE, DROP_VIEW))
{
	const Relation *relation = subject(context);
	const char *column = action->kind == ACTION_DROP_COLUMN ? action->object : NULL;
	Deprecation mark;
	if (!relation || !deprecated_before(context, relation, column, &mark))
		return;
	const char *why = too_soon(context, &mark);
	if (!why)
		return;
	const char *name = sql_name(context, &relation->object);
	Finding *finding = report(context, action->span, "%s%s%s is dropped too soon: %s", name, column ? "." : "", column ? column : "", why);
	about(finding, context, &relation->object);
}
