/* VALIDATE is made to disturb nobody; a stronger lock of the same transaction undoes that. */
#include "judge/rule.h"

RULE(constraint_validated_under_lock,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a constraint is validated under a lock kept from earlier",
	.why      = "VALIDATE itself lets reads and writes go on, but the lock that an earlier part of the "
		    "transaction took is kept until it ends: everybody waits for the scan.",
	.instead  = "Validate in a later migration, in a transaction of its own.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT",
	.since    = "0.1.0",
	.on       = ON(VALIDATE_CONSTRAINT))
{
	const Work *work = hazard(context);
	if (!work)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *constraint = sql_identifier(context, action->object);
	LockMode mode = lock_on(context, table);
	const HeldLock *kept = kept_lock(context, table);

	Finding *finding = report(context, action->span, "validating %s reads all of %s while %s wait", constraint,
				  name, blocks_reads(mode) ? "reads and writes" : "writes");
	about(finding, context, &table->object);
	detail(finding, context,
	       "%s on %s, taken by %s, is held until the transaction ends, so the scan happens under it: %s wait.",
	       lock_mode_words(mode), name, kept ? "an earlier statement" : "another part of the statement",
	       blocks_reads(mode) ? "reads and writes" : "writes");
	if (kept)
		related(finding, context, context->script->source, kept->span, "takes %s on %s",
			lock_mode_words(kept->mode), name);
	instead(finding, context,
		"-- in a later migration, in a transaction of its own\n"
		"ALTER TABLE %s VALIDATE CONSTRAINT %s;",
		name, constraint);
}
