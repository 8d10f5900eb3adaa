/* Long work while the transaction still holds a strong lock on a table that is in use. */
#include "judge/rule.h"

/* The strongest lock that earlier statements left on a table that existed. */
static const HeldLock *strongest_kept(const Context *context)
{
	const HeldLock *strongest = NULL;

	array_each (HeldLock, held, &context->session->locks)
		if (blocks_writes(held->mode) && is_table(held->relation) && is_old(context, held->relation) &&
		    held->span.start < context->statement->span.start && (!strongest || held->mode > strongest->mode))
			strongest = held;
	return strongest;
}

/* PostgreSQL's own tables and views are small. */
static bool is_work(const Context *context, const Work *work)
{
	if (!work->relation || !is_old(context, work->relation))
		return false;
	const char *schema = work->relation->object.schema;
	return !same(schema, "pg_catalog") && !same(schema, "information_schema");
}

/* A table that existed and is read, rewritten or written in full: not what a locking rule reports already. */
static const Relation *long_work(const Context *context)
{
	const Effect *effect = context->effect;

	/* What a new foreign key refers to is looked into for the rows of a new table: there are none. */
	array_each (Work, work, &effect->scans)
		if (work->reason != WORK_FOREIGN_KEY && is_work(context, work))
			return work->relation;
	array_each (Work, work, &effect->rewrites)
		if (is_work(context, work))
			return work->relation;
	return NULL;
}

RULE(lock_held_during_work,
	.severity = SEVERITY_ERROR, .category = TRANSACTIONS,
	.summary  = "long work happens while a strong lock is held",
	.why      = "A lock is kept until the transaction ends: whoever waits for it also waits for all the work that "
		    "follows.",
	.instead  = "Commit after the schema change, and do the work in a migration of its own.",
	.manual   = "explicit-locking.html#LOCKING-TABLES",
	.since    = "0.1.0",
	.once     = true,
	.on       = every_action)
{
	if (!in_transaction(context) || hazard(context) || context->effect->forbidden_in_transaction)
		return;
	const Relation *busy = long_work(context);
	const HeldLock *held = busy ? strongest_kept(context) : NULL;
	if (!held)
		return;

	const char *locked = sql_name(context, &held->relation->object);
	const char *victims = blocks_reads(held->mode) ? "reads and writes" : "writes";
	Finding *finding = report(context, action->span, "all of %s is worked through while %s to %s wait",
				  sql_name(context, &busy->object), victims, locked);
	about(finding, context, &held->relation->object);
	detail(finding, context,
	       "The transaction has held %s on %s since an earlier statement and keeps it until it ends: %s wait for "
	       "this work too.",
	       lock_mode_words(held->mode), locked, victims);
	related(finding, context, context->script->source, held->span, "takes %s on %s", lock_mode_words(held->mode),
		locked);
	if (context->step->in_block || action->kind == ACTION_CALL)
		return;
	instead(finding, context,
		"-- in a migration of its own, after the one that changes %s has committed%s\n%s;", locked,
		action->kind == ACTION_UPDATE_ROWS || action->kind == ACTION_DELETE_ROWS ? ", in batches" : "",
		source_clause(context, context->statement->span));
}
