/*
 * The rollback, proved: the down runs on what the up left, as its tool runs it, and the result is compared with what there was
 * before the up.
 */
#include "replay/proof.h"
#include "replay/reversal.h"

/* Watches the down for the first step that rows written since the up can make fail. */
typedef struct Watch {
	uint32_t objects_before; /* how many there were before the up */
	const Statement *statement;
	const Action *action;
} Watch;

static bool is_older(const Watch *watch, const Object *object)
{
	return object && object->number < watch->objects_before;
}

/* Columns that the down itself adds hold nothing yet that a constraint could stand against. */
static bool older_columns(const Watch *watch, const Relation *table, const Names *names)
{
	for (uint32_t i = 0; i < names->count; i++) {
		const Column *column = find_column(table, names->items[i]);
		if (column && !is_older(watch, &column->object))
			return false;
	}
	return true;
}

static bool constraint_depends(const Watch *watch, const Relation *table, const ConstraintDef *constraint)
{
	if (constraint->not_valid || constraint->not_enforced)
		return false;
	return constraint->kind == CONSTRAINT_PRIMARY_KEY || older_columns(watch, table, &constraint->columns);
}

static bool narrows(const Step *step)
{
	array_each (const Destroyed, destroyed, &step->effect->destroys)
		if (destroyed->kind == DESTROY_VALUES)
			return true;
	return false;
}

static bool column_depends(const ColumnDef *column)
{
	bool filled = column->default_expr || column->identity || column->generated || column->serial;
	return column->not_null && !filled;
}

static bool depends_on_data(const Watch *watch, const Step *step)
{
	const Action *action = step->action;
	const Catalog *catalog = step->replay->catalog;
	const Relation *table = action->relation.name
		? find_relation(catalog, session_path(step->replay->session), action->relation) : NULL;
	if (!table || !is_older(watch, &table->object) || action->in_create)
		return false;
	const Column *column = action->object ? find_column(table, action->object) : NULL;
	switch (action->kind) {
	case ACTION_SET_NOT_NULL:
		return column && !column->not_null && is_older(watch, &column->object);
	case ACTION_ADD_COLUMN:
		return column_depends(action->column_def);
	case ACTION_ADD_CONSTRAINT:
		return action->constraint && constraint_depends(watch, table, action->constraint);
	case ACTION_CREATE_INDEX:
		return action->index && action->index->unique;
	case ACTION_ALTER_COLUMN_TYPE:
		return narrows(step) && is_older(watch, column ? &column->object : NULL);
	case ACTION_ATTACH_PARTITION:
		return true;
	default:
		return false;
	}
}

static void watch_step(void *payload, const Step *step)
{
	Watch *watch = payload;
	if (!watch->statement && depends_on_data(watch, step)) {
		watch->statement = step->statement;
		watch->action = step->action;
	}
}

static void not_known(RollbackProof *proof, const Statement *statement, const char *because)
{
	*proof = (RollbackProof){.verdict = ROLLBACK_UNKNOWN, .statement = statement, .because = because,
				 .loses_data = proof->loses_data};
}

/* The down runs inside the proof; what is read of the replay afterwards is about it. */
static void judge_down(Arena *arena, Replay *replay, CatalogMark before, const Watch *watch, RollbackProof *proof)
{
	/* After what could not be read nobody knows what fails; what is no SQL fails in any case. */
	if (replay->failed_statement && !(replay->unknown && replay->failed_action)) {
		proof->verdict = ROLLBACK_FAILS;
		proof->statement = replay->failed_statement;
		proof->action = replay->failed_action;
		proof->sqlstate = replay->sqlstate;
		return;
	}
	catalog_compare(arena, replay->catalog, before, &proof->comparison);
	proof->loses_data = proof->comparison.recreated.count > 0;
	if (replay->script->statements.count == 0) {
		proof->verdict = ROLLBACK_EMPTY;
	} else if (replay->unknown) {
		not_known(proof, replay->unknown_statement, replay->unknown);
	} else if (proof->comparison.differences.count) {
		proof->verdict = ROLLBACK_INCOMPLETE;
	} else if (proof->comparison.unsure) {
		not_known(proof, NULL, "something that was made out of sight is in another state now");
	} else if (watch->statement) {
		proof->verdict = ROLLBACK_DATA_DEPENDENT;
		proof->statement = watch->statement;
		proof->action = watch->action;
	} else {
		proof->verdict = ROLLBACK_REVERSES;
	}
	if (proof->comparison.differences.count)
		proof->lacking = reversal(arena, replay, before, &proof->comparison);
}

/* Names made up in place of a template's: the same template gets the same one. */
static bool has_made_up_names(const Script *script)
{
	for (uint32_t i = 0; script && i < script->statements.count; i++)
		if (script->statements.items[i].state == STATEMENT_PARSED && script->statements.items[i].templated)
			return true;
	return false;
}

static bool is_bad(const RollbackProof *proof)
{
	return proof->verdict == ROLLBACK_INCOMPLETE || (proof->verdict == ROLLBACK_FAILS && proof->action);
}

RollbackProof prove_rollback(Arena *arena, Replay *replay, const Migration *migration, CatalogMark before)
{
	RollbackProof proof = {.verdict = migration->irreversible ? ROLLBACK_CONTAINED : ROLLBACK_MISSING};
	const Script *down = migration->down;
	if (!down || (migration->irreversible && !down->statements.count))
		return proof;
	Watch watch = {.objects_before = before.objects};
	ProofState saved = proof_start(replay);
	replay->observer = (Observer){.payload = &watch, .step = watch_step};
	bool opaque = replay->opaque > 0;
	proof_trusts(replay);
	replay->minds_transactions = true;
	replay_script(replay, migration, down);
	judge_down(arena, replay, before, &watch, &proof);
	/* What the up did out of sight may still be there. */
	if (opaque && (proof.verdict == ROLLBACK_REVERSES || proof.verdict == ROLLBACK_DATA_DEPENDENT))
		not_known(&proof, NULL, "the migration ran something that could not be read");
	/* What the one calls by a template the other may call by its name. */
	else if (is_bad(&proof) && has_made_up_names(migration->up) != has_made_up_names(down))
		not_known(&proof, NULL, UNREAD_TEMPLATE);
	proof_end(replay, &saved);
	return proof;
}
