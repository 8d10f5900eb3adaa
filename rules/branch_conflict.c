/* What the branch adds does not go with what its base got meanwhile. */
#include "base/files.h"
#include "discover/layout.h"
#include "discover/merged.h"
#include "judge/rule.h"
#include "replay/trial.h"

typedef struct Branches {
	Context *context;
	Trial *trial; /* where the two parted */
	MigrationList ours, theirs;
} Branches;

static bool is_versioned(const Migration *migration)
{
	return migration->up && migration->up->direction == DIRECTION_UP;
}

static void collect(Branches *branches)
{
	const History *history = branches->context->history;
	Arena *arena = branches->context->arena;

	array_each (Migration *, migration, &history->migrations)
		if (!(*migration)->before && is_versioned(*migration))
			array_push(arena, &branches->ours, *migration);
	array_each (Migration *, migration, &history->gained->migrations)
		if (is_versioned(*migration))
			array_push(arena, &branches->theirs, *migration);
}

static const char *file_name(const Migration *migration)
{
	return path_name(migration->up->source->path);
}

static Context context_of(const Branches *branches, const Migration *migration)
{
	Context at = *branches->context;

	at.migration = migration;
	at.script = migration->up;
	return at;
}

static MigrationList joined(const Branches *branches, const MigrationList *first, const MigrationList *second)
{
	MigrationList list = {0};

	array_each (Migration *, migration, first)
		array_push(branches->context->arena, &list, *migration);
	array_each (Migration *, migration, second)
		array_push(branches->context->arena, &list, *migration);
	return list;
}

/* The first of theirs that makes ours fail; NULL: only several of them do. */
static const Migration *culprit(const Branches *branches, const Migration *ours)
{
	array_each (Migration *, migration, &branches->theirs) {
		MigrationList one = {0};
		Outcome outcome = {0};
		array_push(branches->context->arena, &one, *migration);
		MigrationList list = joined(branches, &one, &branches->ours);
		trial_run(branches->trial, &list, &outcome);
		if (failure_of(&outcome, ours))
			return *migration;
	}
	return NULL;
}

static bool report_failures(const Branches *branches, const Outcome *alone, const Outcome *after)
{
	bool any = false;

	array_each (Migration *, migration, &branches->ours) {
		const TrialFailure *failure = failure_of(after, *migration);
		if (!failure || failure_of(alone, *migration))
			continue;
		any = true;
		Context at = context_of(branches, *migration);
		const Migration *theirs = culprit(branches, *migration);
		Finding *finding =
		    report(&at, failure->action->span, "after %s of %s this fails (SQLSTATE %s)",
			   theirs ? file_name(theirs) : "the migrations", at.history->since, failure->sqlstate);
		if (theirs)
			related(finding, &at, theirs->up->source, theirs->up->sections.items[0],
				"what %s got meanwhile", at.history->since);
	}
	return any;
}

static bool report_versions(const Branches *branches)
{
	const Layout *layout = branches->context->history->layout;
	bool by_name = layout && (same(layout->name, "prisma") || same(layout->name, "node-pg-migrate") ||
				  same(layout->name, "plain") || same(layout->name, "sql-migrate") ||
				  same(layout->name, "liquibase"));
	const char *refused = what_older_meets(branches->context->history);
	bool any = false;

	array_each (Migration *, ours, &branches->ours) {
		const Migration *clash = NULL, *newer = NULL;
		array_each (Migration *, theirs, &branches->theirs) {
			if (*(*ours)->version && !by_name && same((*ours)->version, (*theirs)->version))
				clash = *theirs;
			if (refused && natural_compare((*ours)->version, (*theirs)->version) < 0)
				newer = *theirs;
		}
		if (!clash && !newer)
			continue;
		any = true;
		Context at = context_of(branches, *ours);
		if (clash) {
			report_whole(&at, "version %s is taken: %s has %s", (*ours)->version, at.history->since,
				     file_name(clash));
			continue;
		}
		Finding *finding = report_whole(&at, "%s has %s meanwhile, which is newer than this", at.history->since,
						file_name(newer));
		detail(finding, &at, "Once that has run, this one stands before it, and %s.", refused);
		instead(finding, &at, "-- give it a version behind all that %s has", at.history->since);
	}
	return any;
}

HISTORY_RULE(branch_conflict,
	.severity = SEVERITY_ERROR, .category = HISTORY,
	.summary  = "the branch's migrations clash with those of its base",
	.why      = "Each side is right by itself, and git merges the two without a conflict; the migrations "
		    "fail, or disagree, when they run one after the other.",
	.instead  = "Merge the base, and correct the migration to what is there then.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0")
{
	const History *history = context->history;
	Branches branches = {.context = context};
	if (!history->gained)
		return;
	collect(&branches);
	if (!branches.ours.count || !branches.theirs.count)
		return;

	MigrationList first = {0};
	array_each (Migration *, migration, &history->migrations)
		if ((*migration)->before)
			array_push(context->arena, &first, *migration);
	MigrationList theirs_first = joined(&branches, &branches.theirs, &branches.ours);
	MigrationList ours_first = joined(&branches, &branches.ours, &branches.theirs);
	Outcome alone = {0}, after = {0}, before = {0};
	branches.trial = trial_new(context->arena, history, context->catalog->version, &first);
	trial_run(branches.trial, &branches.ours, &alone);
	trial_run(branches.trial, &theirs_first, &after);
	trial_run(branches.trial, &ours_first, &before);
	bool told = report_failures(&branches, &alone, &after);
	told = report_versions(&branches) || told;
	const char *subject = told ? NULL : different_subject(context->arena, &after, &before);
	trial_free(branches.trial);
	if (!subject)
		return;
	Context at = context_of(&branches, branches.ours.items[0]);
	Finding *finding =
	    report_whole(&at, "%s is one thing when this runs before the migrations of %s, and another after them",
			 subject, history->since);
	at_most(finding, SEVERITY_WARNING);
}
