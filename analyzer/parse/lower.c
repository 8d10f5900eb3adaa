#include "parse/lower.h"

Span source_span(const Lowering *l, Span span)
{
	return piece_source(l->piece, span);
}

Action *emit(Lowering *l, ActionKind kind, Span span)
{
	Action *action = new (l->arena, Action);
	action->kind = kind;
	action->span = source_span(l, span);
	if (l->end)
		*l->end = action;
	else
		l->first = action;
	l->end = &action->next;
	return action;
}

Action *emit_whole(Lowering *l, ActionKind kind)
{
	return emit(l, kind, l->statement);
}

Action *emit_object(Lowering *l, ActionKind kind, ObjectKind object, Name name)
{
	Action *action = emit_whole(l, kind);
	action->object_kind = object;
	action->relation = name;
	return action;
}

Lowering lower_inside(const Lowering *l)
{
	Lowering inside = *l;
	inside.first = NULL;
	inside.end = NULL;
	inside.scope = NULL;
	return inside;
}

/* What has no word yet: the tag tells what it was. */
static void lower_other(Lowering *l, Node *node)
{
	emit_whole(l, ACTION_OTHER)->value = command_tag(l, node);
}

static void lower_explain(Lowering *l, ExplainStmt *explain)
{
	Node *planned = explain->query;
	if (option_is_on(explain->options, "analyze")) {
		lower_node(l, planned);
		return;
	}
	if (IsA(planned, CreateTableAsStmt))
		planned = ((CreateTableAsStmt *)planned)->query;
	Action *action = emit_whole(l, ACTION_EXPLAIN);
	if (IsA(planned, ExecuteStmt))
		action->object = keep(l, ((ExecuteStmt *)planned)->name);
	else
		action->query = lower_query(l, planned);
}

void lower_node(Lowering *l, Node *node)
{
	Action *const *first = l->end ? l->end : &l->first; /* where this statement's begin */
	switch (nodeTag(node)) {
	case T_CreateStmt:
		lower_create_table(l, (CreateStmt *)node, false);
		break;
	case T_CreateForeignTableStmt:
		lower_create_table(l, (CreateStmt *)node, true);
		break;
	case T_CreateTableAsStmt:
		lower_create_table_as(l, (CreateTableAsStmt *)node);
		break;
	case T_AlterTableStmt:
		lower_alter_table(l, (AlterTableStmt *)node);
		break;
	case T_IndexStmt:
		lower_create_index(l, (IndexStmt *)node);
		break;
	case T_ReindexStmt:
		lower_reindex(l, (ReindexStmt *)node);
		break;
	case T_SelectStmt:
		lower_select(l, (SelectStmt *)node);
		break;
	case T_InsertStmt:
	case T_UpdateStmt:
	case T_DeleteStmt:
	case T_MergeStmt:
		lower_dml(l, node);
		break;
	case T_CopyStmt:
		lower_copy(l, (CopyStmt *)node);
		break;
	case T_CallStmt:
		lower_call(l, (CallStmt *)node);
		break;
	case T_ExplainStmt:
		lower_explain(l, (ExplainStmt *)node);
		break;
	case T_ViewStmt:
	case T_RefreshMatViewStmt:
		lower_view(l, node);
		break;
	case T_CompositeTypeStmt:
	case T_CreateEnumStmt:
	case T_CreateRangeStmt:
	case T_CreateDomainStmt:
	case T_AlterEnumStmt:
	case T_AlterDomainStmt:
	case T_AlterTypeStmt:
	case T_DefineStmt:
		lower_type(l, node);
		break;
	case T_CreateSeqStmt:
	case T_AlterSeqStmt:
		lower_sequence(l, node);
		break;
	case T_CreateFunctionStmt:
	case T_AlterFunctionStmt:
	case T_DoStmt:
	case T_CreateTrigStmt:
	case T_RuleStmt:
	case T_CreatePolicyStmt:
	case T_AlterPolicyStmt:
	case T_ReturnStmt:
		lower_routine(l, node);
		break;
	case T_GrantStmt:
	case T_GrantRoleStmt:
	case T_AlterDefaultPrivilegesStmt:
	case T_DropOwnedStmt:
	case T_ReassignOwnedStmt:
		lower_privileges(l, node);
		break;
	case T_TransactionStmt:
	case T_VariableSetStmt:
	case T_ConstraintsSetStmt:
	case T_DiscardStmt:
	case T_PrepareStmt:
	case T_ExecuteStmt:
	case T_DeallocateStmt:
	case T_DeclareCursorStmt:
		lower_session(l, node);
		break;
	case T_VacuumStmt:
	case T_ClusterStmt:
	case T_TruncateStmt:
	case T_LockStmt:
		lower_maintenance(l, node);
		break;
	default:
		lower_object(l, node);
		break;
	}
	if (!l->first)
		lower_other(l, node);
	for (Action *part = *first; part; part = part->next)
		part->ends_statement = !part->next;
}
