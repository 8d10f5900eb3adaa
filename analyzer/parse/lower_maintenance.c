/* VACUUM, ANALYZE, CLUSTER, TRUNCATE, LOCK: commands about lists of tables, one action for each. */
#include "parse/lower.h"

/* An action about one table of a list. Alone, the table's clause is the statement. */
static Action *emit_listed(Lowering *l, ActionKind kind, const RangeVar *relation, bool alone)
{
	Span clause = alone ? l->statement : name_at(l, relation->location);
	Action *action = emit(l, kind, clause.end > clause.start ? clause : l->statement);
	action->object_kind = OBJECT_TABLE;
	action->relation = range_name(l, relation);
	action->relation_span = source_name_at(l, relation->location);
	action->only = !relation->inh;
	return action;
}

static void lower_vacuum(Lowering *l, VacuumStmt *vacuum)
{
	bool full = option_is_on(vacuum->options, "full");
	ActionKind kind = !vacuum->is_vacuumcmd ? ACTION_ANALYZE_TABLE
			  : full		? ACTION_VACUUM_FULL
						: ACTION_VACUUM_TABLE;
	Names options = option_list(l, vacuum->options);
	if (!vacuum->rels) {
		Action *action = emit_whole(l, kind);
		action->all = true;
		action->names = options;
	}
	foreach_ptr (VacuumRelation, table, vacuum->rels) {
		Action *action = emit_listed(l, kind, table->relation, list_length(vacuum->rels) == 1);
		action->columns = string_list(l, table->va_cols);
		action->names = options;
	}
}

static void lower_cluster(Lowering *l, ClusterStmt *cluster)
{
	Action *action = emit_object(l, ACTION_CLUSTER_TABLE, OBJECT_TABLE, range_name(l, cluster->relation));
	action->all = !cluster->relation;
	action->object = keep(l, cluster->indexname);
	action->object_span = source_identifier(l, l->statement, cluster->indexname);
	action->names = option_list(l, cluster->params);
	if (cluster->relation)
		action->relation_span = source_name_at(l, cluster->relation->location);
}

static void lower_truncate(Lowering *l, TruncateStmt *truncate)
{
	foreach_ptr (RangeVar, table, truncate->relations) {
		Action *action = emit_listed(l, ACTION_TRUNCATE_TABLE, table, list_length(truncate->relations) == 1);
		action->cascade = truncate->behavior == DROP_CASCADE;
		action->restart_identity = truncate->restart_seqs;
	}
}

static void lower_lock(Lowering *l, LockStmt *lock)
{
	/* In the order of storage/lockdefs.h, from 1. */
	static const char *const modes[] = {
		"",	 "access share",	"row share", "row exclusive", "share update exclusive",
		"share", "share row exclusive", "exclusive", "access exclusive"};
	foreach_ptr (RangeVar, table, lock->relations) {
		Action *action = emit_listed(l, ACTION_LOCK_TABLE, table, list_length(lock->relations) == 1);
		action->value =
		    lock->mode > 0 && lock->mode < (int)LENGTH(modes) ? modes[lock->mode] : modes[LENGTH(modes) - 1];
		if (lock->nowait)
			array_push(l->arena, &action->names, "nowait");
	}
}

void lower_maintenance(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_VacuumStmt:
		lower_vacuum(l, (VacuumStmt *)node);
		break;
	case T_ClusterStmt:
		lower_cluster(l, (ClusterStmt *)node);
		break;
	case T_TruncateStmt:
		lower_truncate(l, (TruncateStmt *)node);
		break;
	default:
		lower_lock(l, (LockStmt *)node);
		break;
	}
}
