/* A down script that rows written since the migration can make fail. */
#include "judge/rule.h"

static const char *demand(const Action *action)
{
	switch (action->kind) {
	case ACTION_SET_NOT_NULL:
		return "a NULL in any row makes it fail";
	case ACTION_ADD_COLUMN:
		return "it fails when the table has any row: the column has no value to give them";
	case ACTION_ALTER_COLUMN_TYPE:
		return "a value that does not fit the old type makes it fail, or is cut";
	case ACTION_CREATE_INDEX:
		return "two equal rows make it fail";
	case ACTION_ADD_CONSTRAINT:
		switch (action->constraint->kind) {
		case CONSTRAINT_PRIMARY_KEY:
		case CONSTRAINT_UNIQUE:
			return "two equal rows make it fail";
		case CONSTRAINT_FOREIGN_KEY:
			return "a row that refers to nothing makes it fail";
		default:
			return "a row that violates it makes it fail";
		}
	default:
		return "rows that came meanwhile can make it fail";
	}
}

MIGRATION_RULE(rollback_depends_on_data,
	.severity = SEVERITY_NOTE, .category = ROLLBACK,
	.summary  = "rows written since the migration can make the rollback fail",
	.why      = "The migration allows what was forbidden before; once somebody has used that, the rollback that "
		    "forbids it again fails.",
	.instead  = "Let the rollback put such rows right first, or leave the stricter rule out of it.",
	.manual   = "ddl-constraints.html",
	.since    = "0.1.0")
{
	if (!context->migration->down)
		return;
	const RollbackProof proof = rollback_proof(context);
	if (proof.verdict != ROLLBACK_DATA_DEPENDENT)
		return;

	const Action *action = proof.action;
	context->script = context->migration->down;
	context->statement = proof.statement;
	context->action = action;
	const Relation *table = subject(context);
	Finding *finding = report(context, action->span.end ? action->span : proof.statement->span,
				  "the rollback depends on data: %s", demand(action));
	proved_by(finding, context, proof.statement);
	about(finding, context, table ? &table->object : NULL);
}
