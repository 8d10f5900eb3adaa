/* A deprecated column or table goes before its time. */
#include "judge/deprecation.h"
#include "judge/metadata.h"

static const char *date_text(Arena *arena, const char *comment)
{
	const char *end = strcasestr(comment, "remove");
	const char *at = end ? end : comment;
	while (*at && (*at < '0' || *at > '9'))
		at++;
	return arena_copy(arena, at, strspn(at, "0123456789-"));
}

/* Why it is too soon, or NULL. */
static const char *too_soon(const Context *context, const Deprecation *mark)
{
	const Config *config = context->history->config;
	long today = migration_day(context, context->migration);
	if (today < 0)
		today = metadata_date(judge_today(context));
	if (mark->until > today)
		return arena_print(context->arena, "its mark says to remove it after %s", date_text(context->arena, mark->comment));
	if (config && config->deprecation.days) {
		long since = mark->since >= 0 ? mark->since : migration_day(context, mark->marked_by);
		if (since >= 0 && today - since < config->deprecation.days)
			return arena_print(context->arena, "it was marked %ld days before, and the configuration asks for %d", today - since,
					   config->deprecation.days);
	}
	if (config && config->deprecation.releases && mark->marked_by) {
		int releases = releases_between(context, mark->marked_by, context->migration);
		if (releases >= 0 && releases < config->deprecation.releases)
			return arena_print(context->arena, "it was marked %d release%s before, and the configuration asks for %d", releases,
					   releases == 1 ? "" : "s", config->deprecation.releases);
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
