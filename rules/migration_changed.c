/* A migration that has been merged is edited, renamed, deleted, or gets one put before it. */
#include "base/files.h"
#include "discover/layout.h"
#include "discover/merged.h"
#include "judge/rule.h"

static const RuleOptionInfo migration_changed_options[] = {
	{"out-of-order", "refused|run", "run: the tool is set to run migrations that are older than what has run"},
	{0},
};

/* Tools that know a migration by more than its version: under another name it is another one. */
static bool is_known_by_name(const Context *context, const Migration *migration)
{
	static const char *const tools[] = {"prisma", "node-pg-migrate", "flyway", "drizzle", "db-migrate",
					    "yoyo",   "sql-migrate"};
	const Layout *layout = context->history->layout;

	for (size_t i = 0; layout && i < LENGTH(tools); i++)
		if (same(layout->name, tools[i]))
			return true;
	return !*migration->version;
}

static void report_gone(Context *context, const MergedChanges *changes)
{
	enum { NAMED = 5 };
	uint32_t count = 0;
	const char *names = "";

	array_each (const MergedChange, change, changes) {
		if (change->kind != MERGED_DELETED)
			continue;
		if (count++ < NAMED)
			names =
			    arena_print(context->arena, "%s%s%s", names, *names ? ", " : "", path_name(change->file));
	}
	if (!count)
		return;
	Finding *finding =
	    report_whole(context, "%s%s %s gone, and %s been merged", names, count > NAMED ? " and more" : "",
			 count == 1 ? "is" : "are", count == 1 ? "had" : "have");
	detail(finding, context,
	       "Databases that have run %s keep what %s did; those that are made anew do not get it. Some tools stop "
	       "when a migration "
	       "that has run is missing.",
	       count == 1 ? "it" : "them", count == 1 ? "it" : "they");
	instead(finding, context, "-- bring the %s back, and undo in a new migration what is no longer wanted",
		count == 1 ? "file" : "files");
}

static void report_change(Context *context, const MergedChange *change)
{
	const char *since = change->sealed ? "it was sealed" : context->history->since;
	const char *file = path_name(change->file), *refused = what_older_meets(context->history);
	Finding *finding = NULL;

	switch (change->kind) {
	case MERGED_EDITED:
		finding = report_whole(context, "the statements of %s changed since %s", file, since);
		break;
	case MERGED_COMMENTED:
		finding = report_whole(context, "comments or blanks of %s changed since %s", file, since);
		detail(finding, context,
		       "It does what it did; tools that keep a checksum of the file may refuse it all the same.");
		instead(finding, context, "-- take the change back when the tool keeps checksums");
		at_most(finding, SEVERITY_NOTE);
		break;
	case MERGED_RENAMED:
		finding = report_whole(context, "it was called %s (version %s) before", file,
				       *change->version ? change->version : "none");
		detail(finding, context,
		       "For databases that have run it under its old name it is a new migration, and the old one is "
		       "missing.");
		instead(finding, context, "-- give it its old name back");
		if (same(change->version, change->migration->version) && !is_known_by_name(context, change->migration))
			at_most(finding, SEVERITY_NOTE);
		break;
	case MERGED_INSERTED:
		if (!refused)
			return;
		finding = report_whole(context, "it stands before %s, which has run already", file);
		detail(finding, context, "%s.", refused);
		instead(finding, context, "-- give it a version behind all that have run");
		break;
	case MERGED_DELETED:
		break;
	}
}

HISTORY_RULE(migration_changed,
	.severity = SEVERITY_ERROR, .category = HISTORY,
	.summary  = "a merged migration is not what it was",
	.why      = "Databases that have run the migration keep what the old one did; those that are made "
		    "anew get the new one. From then on they differ.",
	.instead  = "Take the change back, and write what is missing as a new migration.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0",
	.options  = migration_changed_options)
{
	MergedChanges changes = {0};
	merged_changes(context->arena, context->history, &changes);
	report_gone(context, &changes);
	array_each (const MergedChange, change, &changes) {
		if (change->kind == MERGED_DELETED)
			continue;
		Context at = *context;
		at.migration = change->migration;
		at.script = change->migration->up;
		report_change(&at, change);
	}
}
