/* Transactions, parameters, prepared statements. */
#include "parse/lower.h"

static void lower_transaction(Lowering *l, TransactionStmt *transaction)
{
	static const ActionKind kinds[] = {
		[TRANS_STMT_BEGIN] = ACTION_BEGIN,
		[TRANS_STMT_START] = ACTION_BEGIN,
		[TRANS_STMT_COMMIT] = ACTION_COMMIT,
		[TRANS_STMT_ROLLBACK] = ACTION_ROLLBACK,
		[TRANS_STMT_SAVEPOINT] = ACTION_SAVEPOINT,
		[TRANS_STMT_RELEASE] = ACTION_RELEASE_SAVEPOINT,
		[TRANS_STMT_ROLLBACK_TO] = ACTION_ROLLBACK_TO_SAVEPOINT,
		[TRANS_STMT_PREPARE] = ACTION_PREPARE_TRANSACTION,
		[TRANS_STMT_COMMIT_PREPARED] = ACTION_PREPARE_TRANSACTION,
		[TRANS_STMT_ROLLBACK_PREPARED] = ACTION_PREPARE_TRANSACTION,
	};
	Action *action = emit_whole(l, kinds[transaction->kind]);
	action->object = keep(l, transaction->savepoint_name ? transaction->savepoint_name : transaction->gid);
	action->chain = transaction->chain;
	action->names = option_list(l, transaction->options);
	if (transaction->kind == TRANS_STMT_COMMIT_PREPARED)
		action->value = "commit";
	else if (transaction->kind == TRANS_STMT_ROLLBACK_PREPARED)
		action->value = "rollback";
}

/* `SET a = x, y`: one text, as SHOW prints it. */
static const char *parameter_value(Lowering *l, const VariableSetStmt *set)
{
	Buf buf = {0};
	foreach_ptr (Node, argument, set->args) {
		if (buf.length)
			buf_adds(&buf, ", ");
		const char *text = option_value(l, argument);
		buf_adds(&buf, text ? text : "");
	}
	const char *value = arena_copy(l->arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return value;
}

static const char *lower_case(Lowering *l, const char *text)
{
	char *copy = arena_string(l->arena, text);
	for (char *c = copy; c && *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return copy;
}

/* SET TRANSACTION ISOLATION LEVEL …: each mode is a parameter of its own. */
static void set_several(Lowering *l, VariableSetStmt *set)
{
	foreach_ptr (DefElem, mode, set->args) {
		if (!IsA(mode, DefElem))
			continue;
		Action *action = emit_whole(l, ACTION_SET_PARAMETER);
		action->object = keep(l, mode->defname);
		action->value = option_value(l, mode->arg);
		action->local = set->is_local || same(set->name, "TRANSACTION");
	}
}

static void lower_set(Lowering *l, VariableSetStmt *set)
{
	if (set->kind == VAR_SET_MULTI && !same(set->name, "TRANSACTION SNAPSHOT")) {
		set_several(l, set);
		return;
	}
	bool resets = set->kind == VAR_RESET || set->kind == VAR_RESET_ALL;
	Action *action = emit_whole(l, resets ? ACTION_RESET_PARAMETER : ACTION_SET_PARAMETER);
	action->object = lower_case(l, set->name);
	action->all = set->kind == VAR_RESET_ALL;
	action->local = set->is_local;
	if (set->kind == VAR_SET_VALUE)
		action->value = parameter_value(l, set);
	else if (set->kind == VAR_SET_CURRENT)
		action->value = "current";
}

static void lower_prepare(Lowering *l, PrepareStmt *prepare)
{
	Action *action = emit_whole(l, ACTION_PREPARE);
	action->object = keep(l, prepare->name);
	Lowering inside = lower_inside(l);
	inside.depth++;
	lower_node(&inside, prepare->query);
	action->body = inside.first;
}

static void lower_execute(Lowering *l, ExecuteStmt *execute)
{
	Action *action = emit_whole(l, ACTION_EXECUTE);
	action->object = keep(l, execute->name);
	Expr *last = NULL;
	foreach_ptr (Node, argument, execute->params) {
		Expr *next = lower_expr(l, argument);
		if (last)
			last->next = next;
		else
			action->expr = next;
		last = next;
	}
}

static void lower_cursor(Lowering *l, DeclareCursorStmt *cursor)
{
	Query *query = lower_query(l, cursor->query);
	Action *action = emit_whole(l, ACTION_QUERY_ROWS);
	action->object = keep(l, cursor->portalname);
	action->query = query;
	action->partial = query->partial;
}

void lower_session(Lowering *l, Node *node)
{
	static const char *const discards[] = {[DISCARD_ALL] = "all",
					       [DISCARD_PLANS] = "plans",
					       [DISCARD_SEQUENCES] = "sequences",
					       [DISCARD_TEMP] = "temp"};
	Action *action;
	switch (nodeTag(node)) {
	case T_TransactionStmt:
		lower_transaction(l, (TransactionStmt *)node);
		break;
	case T_VariableSetStmt:
		lower_set(l, (VariableSetStmt *)node);
		break;
	case T_ConstraintsSetStmt:
		action = emit_whole(l, ACTION_SET_CONSTRAINTS);
		action->value = ((ConstraintsSetStmt *)node)->deferred ? "deferred" : "immediate";
		action->all = !((ConstraintsSetStmt *)node)->constraints;
		foreach_ptr (RangeVar, constraint, ((ConstraintsSetStmt *)node)->constraints)
			array_push(l->arena, &action->names, keep(l, constraint->relname));
		break;
	case T_DiscardStmt:
		emit_whole(l, ACTION_DISCARD)->value = discards[((DiscardStmt *)node)->target];
		break;
	case T_PrepareStmt:
		lower_prepare(l, (PrepareStmt *)node);
		break;
	case T_ExecuteStmt:
		lower_execute(l, (ExecuteStmt *)node);
		break;
	case T_DeallocateStmt:
		action = emit_whole(l, ACTION_DEALLOCATE);
		action->object = keep(l, ((DeallocateStmt *)node)->name);
		action->all = ((DeallocateStmt *)node)->isall;
		break;
	default:
		lower_cursor(l, (DeclareCursorStmt *)node);
		break;
	}
}
