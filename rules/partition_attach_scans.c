/* A partition whose rows have to be read to see that they belong. */
#include "judge/rule.h"

RULE(partition_attach_scans,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "attaching a partition reads a table while everybody waits",
	.why      = "The rows of the new partition, or those of the DEFAULT partition, are checked under ACCESS "
		    "EXCLUSIVE: reads and writes of that table wait.",
	.instead  = "Prove the bound first with a CHECK that was added NOT VALID and validated; build missing indexes "
		    "CONCURRENTLY.",
	.manual   = "ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
	.since    = "0.1.0",
	.on       = ON(ATTACH_PARTITION, CREATE_TABLE, ATTACH_INDEX))
{
	const Work *work = hazard(context);
	if (!work)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *parent = subject_name(context);

	if (work->reason == WORK_DEFAULT_PARTITION) {
		Finding *finding =
			report(context, action->span, "the new partition reads all of default partition %s", name);
		about(finding, context, &table->object);
		detail(finding, context,
		       "Rows of %s might belong to the new partition, so all of them are read under ACCESS EXCLUSIVE: "
		       "reads and writes of the default partition wait.",
		       name);
		instead(finding, context,
			"-- 1. the default partition promises to hold no such rows (the negated bound)\n"
			"ALTER TABLE %s ADD CONSTRAINT not_in_new CHECK (NOT (…)) NOT VALID;\n"
			"-- 2. in a later migration: reads it, and nobody waits\n"
			"ALTER TABLE %s VALIDATE CONSTRAINT not_in_new;\n"
			"-- 3. in a later migration\n%s;",
			name, name, source_clause(context, context->statement->span));
		return;
	}
	if (work == blocking_build(context)) {
		Finding *finding =
			report(context, action->span, "attaching %s builds an index on it while everybody waits", name);
		about(finding, context, &table->object);
		detail(finding, context,
		       "%s lacks an index that the parent has, and it is built under ACCESS EXCLUSIVE: reads and "
		       "writes of %s wait.",
		       name, name);
		instead(finding, context,
			"%sCREATE INDEX CONCURRENTLY ON %s (…); -- like the parent's\n-- 2. finds the index there\n%s;",
			outside_transaction(context, 1), name, source_clause(context, context->statement->span));
		return;
	}
	Finding *finding = report(context, action->span, "attaching %s reads all of it to check the bound", name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "ACCESS EXCLUSIVE is held on %s while every row is compared with the bound: reads and writes wait.",
	       name);
	instead(finding, context,
		"-- 1. new rows are checked from now on (the bound as a condition; the key columns IS NOT NULL)\n"
		"ALTER TABLE %s ADD CONSTRAINT fits CHECK (…) NOT VALID;\n"
		"-- 2. in a later migration: reads the table, and nobody waits\n"
		"ALTER TABLE %s VALIDATE CONSTRAINT fits;\n"
		"-- 3. in a later migration: the valid CHECK spares the scan\n"
		"ALTER TABLE %s %s;\n"
		"ALTER TABLE %s DROP CONSTRAINT fits;",
		name, name, parent, source_clause(context, action->span), name);
}
