/* A pending migration stands before released ones, and it makes a difference which runs first. */
#include "discover/merged.h"
#include "judge/rule.h"
#include "replay/trial.h"

static bool is_versioned(const Migration *migration)
{
	return migration->up && migration->up->direction == DIRECTION_UP;
}

/* The first pending migration that is older than a released one; NULL: none is. */
static const Migration *first_out_of_order(const History *history)
{
	const Migration *first = NULL;
	uint32_t last_released = 0;

	array_each (Migration *, migration, &history->migrations)
		if ((*migration)->released && is_versioned(*migration) && (*migration)->place > last_released)
			last_released = (*migration)->place;
	array_each (Migration *, migration, &history->migrations)
		if (!(*migration)->released && is_versioned(*migration) && (*migration)->place < last_released &&
		    (!first || (*migration)->place < first->place))
			first = *migration;
	return first;
}

/* The migrations as their tool orders them: before the place into *head, the others into *tail. */
static void split_by_place(Arena *arena, const History *history, uint32_t place, MigrationList *head,
			   MigrationList *tail)
{
	for (uint32_t at = 1; at <= history->migrations.count; at++)
		array_each (Migration *, migration, &history->migrations)
			if ((*migration)->place == at)
				array_push(arena, at < place ? head : tail, *migration);
}

HISTORY_RULE(version_out_of_order,
	.severity = SEVERITY_ERROR, .category = HISTORY,
	.summary  = "the order of two migrations makes a difference",
	.why      = "Production runs the migration after those that are there already, a new database runs it "
		    "before them: the two end up with different schemas, or one of them fails.",
	.instead  = "Give the migration a version behind all that have run.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0")
{
	const History *history = context->history;
	const Migration *early = history->has_frontier ? first_out_of_order(history) : NULL;
	if (!early || what_older_meets(history)) /* then it is migration-changed that speaks */
		return;

	MigrationList head = {0}, tail = {0}, late = {0};
	split_by_place(context->arena, history, early->place, &head, &tail);
	array_each (Migration *, migration, &history->migrations)
		if ((*migration)->place >= early->place)
			array_push(context->arena, &late, *migration);
	Outcome by_version = {0}, as_deployed = {0};
	Trial *trial = trial_new(context->arena, history, context->catalog->version, &head);
	trial_run(trial, &tail, &by_version);
	trial_run(trial, &late, &as_deployed);
	trial_free(trial);

	array_each (Migration *, migration, &tail) {
		const TrialFailure *first = failure_of(&by_version, *migration),
				   *second = failure_of(&as_deployed, *migration);
		if (!first == !second)
			continue;
		Context at = *context;
		at.migration = *migration;
		at.script = (*migration)->up;
		report(&at, (first ? first : second)->action->span,
		       "this fails %s (SQLSTATE %s), and not in the other order",
		       first ? "when the migrations run by their versions"
			     : "when it runs after what has been released",
		       (first ? first : second)->sqlstate);
		return;
	}
	const char *subject = different_subject(context->arena, &by_version, &as_deployed);
	if (!subject)
		return;
	Context at = *context;
	at.migration = early;
	at.script = early->up;
	report_whole(&at,
		     "%s becomes another when this runs after what has been released than when it runs by its version",
		     subject);
}
