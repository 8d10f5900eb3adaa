/*
 * Which work a locking finding is about, so that one hazard gives one finding, and what rules ask about the script
 * around it.
 */
#include "judge/rule.h"

const ActionKind every_action[] = {
#define ACTION(kind, word, description) ACTION_##kind,
#include "action/action.def"
#undef ACTION
	ACTION_NONE,
};

Relation *worked_table(const Context *context, const Work *work)
{
	if (work->table)
		return work->table;
	Relation *relation = work->relation ? work->relation : subject(context);
	return relation && relation->object.kind == OBJECT_INDEX ? relation->table : relation;
}

/* Parents are no cycle: PostgreSQL and the catalog refuse one. */
static bool is_below(const Relation *partition, const Relation *root)
{
	while (partition && partition != root)
		partition = partition->parents.count ? partition->parents.items[0] : NULL;
	return partition == root;
}

Relation *hazard_table(const Context *context, const Work *work)
{
	Relation *table = worked_table(context, work), *named = subject(context);
	bool moves = context->action->kind == ACTION_ATTACH_PARTITION || context->action->kind == ACTION_DETACH_PARTITION;

	return !moves && named && is_partitioned(named) && is_below(table, named) ? named : table;
}

/*
 * A foreign key's check looks rows up in the referenced table: that table is read, but the table that is gone through, and whose
 * size decides how long it takes, is the one that refers.
 */
static bool is_only_looked_into(const Context *context, const Relation *table)
{
	const Action *action = context->action;
	Relation *referring = subject(context), *referenced = NULL;

	if (action->kind == ACTION_ADD_CONSTRAINT && action->constraint->kind == CONSTRAINT_FOREIGN_KEY) {
		referenced = relation_named(context, action->constraint->references);
		if (!is_old(context, referring))
			return true;
	} else if (action->kind == ACTION_VALIDATE_CONSTRAINT && referring) {
		const Constraint *constraint = find_constraint(referring, action->object);
		referenced = constraint ? constraint->references : NULL;
	}
	return table == referenced && table != referring;
}

static bool is_hazard(const Context *context, const Work *work)
{
	if (work->reason == WORK_ROWS || work->reason == WORK_MAINTENANCE)
		return false;
	const Relation *table = worked_table(context, work);
	return table && is_old(context, table) && blocks_writes(lock_on(context, table)) &&
	       !is_only_looked_into(context, table);
}

static const Work *first_hazard(const Context *context, const Work *works, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (is_hazard(context, &works[i]))
			return &works[i];
	return NULL;
}

/* The server refuses the statement before any work begins. */
static bool is_refused(const Context *context)
{
	return !context->effect || (context->effect->forbidden_in_transaction && in_transaction(context));
}

const Work *blocking_rewrite(const Context *context)
{
	const Effect *effect = context->effect;
	return is_refused(context) ? NULL : first_hazard(context, effect->rewrites.items, effect->rewrites.count);
}

const Work *blocking_build(const Context *context)
{
	const Effect *effect = context->effect;
	return is_refused(context) ? NULL : first_hazard(context, effect->builds.items, effect->builds.count);
}

const Work *hazard(const Context *context)
{
	const Effect *effect = context->effect;
	const Work *work = blocking_rewrite(context);
	if (!work)
		work = blocking_build(context);
	if (!work && !is_refused(context))
		work = first_hazard(context, effect->scans.items, effect->scans.count);
	return work;
}

const HeldLock *kept_lock(const Context *context, const Relation *relation)
{
	LockMode own = context->effect ? effect_lock(context->effect, relation) : LOCK_NONE;

	if (context->step && relation == subject(context) && context->step->statement_lock > own)
		own = context->step->statement_lock;
	array_each (HeldLock, held, &context->session->locks)
		if (held->relation == relation && held->mode > own)
			return held;
	return NULL;
}

const Column *old_column(const Context *context, const Relation *relation, const char *name)
{
	const Column *column = relation && name ? find_column(relation, name) : NULL;

	return column && existed_before(context->replay, &column->object) ? column : NULL;
}

typedef struct Search {
	const Context *context;
	ActionQuestion *question;
	bool found;
} Search;

static bool look(const Action *action, void *payload)
{
	Search *search = payload;

	search->found = search->question(search->context, action);
	return !search->found;
}

bool script_has(const Context *context, ActionQuestion *question)
{
	Search search = {.context = context, .question = question};

	array_each (Statement, statement, &context->script->statements) {
		action_walk(statement->actions, look, &search);
		if (search.found)
			return true;
	}
	return false;
}

static bool begins_with(const Statement *statement, ActionKind kind)
{
	return statement->actions && statement->actions->kind == kind;
}

bool is_atomic(const Context *context)
{
	const Script *script = context->script;
	uint32_t count = script->statements.count;

	if (script->wrapping == WRAPPING_TRANSACTION || count == 0)
		return true;
	const Statement *first = &script->statements.items[0];
	const Statement *last = &script->statements.items[count - 1];
	if (count == 1)
		return true;
	if (begins_with(first, ACTION_BEGIN) && begins_with(last, ACTION_COMMIT)) {
		for (uint32_t i = 1; i + 1 < count; i++)
			if (begins_with(&script->statements.items[i], ACTION_COMMIT))
				return false;
		return true;
	}
	return first->batch == last->batch;
}
