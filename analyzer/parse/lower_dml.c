/* Statements that read and write rows, and the calls that SELECT makes, as actions. */
#include "parse/lower.h"

static bool is_set_config(const Expr *call)
{
	const Expr *name = call->arguments;
	return name_is(call->name, "pg_catalog", "set_config") && name && name->kind == EXPR_CONSTANT && name->next &&
	       (name->next->kind == EXPR_CONSTANT || name->next->kind == EXPR_NULL);
}

static Action *emit_call(Lowering *l, const Expr *call, int location)
{
	Span span = location < 0 ? l->statement : call_at(l, location);
	if (is_set_config(call)) {
		const Expr *value = call->arguments->next;
		Action *set = emit(l, ACTION_SET_PARAMETER, span);
		set->object = call->arguments->text;
		set->value = value->text;
		set->local =
		    value->next && (same_nocase(value->next->text, "true") || same_nocase(value->next->text, "t"));
		return set;
	}
	Action *action = emit(l, ACTION_CALL, span);
	action->object_kind = OBJECT_FUNCTION;
	action->relation = call->name;
	action->relation_span = source_name_at(l, location);
	action->expr = call;
	return action;
}

static ActionKind dml_kind(Node *statement)
{
	switch (nodeTag(statement)) {
	case T_InsertStmt:
		return ACTION_INSERT_ROWS;
	case T_UpdateStmt:
		return ACTION_UPDATE_ROWS;
	case T_DeleteStmt:
		return ACTION_DELETE_ROWS;
	case T_MergeStmt:
		return ACTION_MERGE_ROWS;
	default:
		return ACTION_NONE;
	}
}

static void set_target(Lowering *l, Action *action, const RangeVar *target)
{
	action->relation = range_name(l, target);
	action->relation_span = source_name_at(l, target->location);
	action->only = !target->inh;
}

/* The parenthesised query of a WITH element. */
static Span cte_span(const Lowering *l, const CommonTableExpr *cte)
{
	uint32_t start = behind_parenthesis(l, (uint32_t)cte->location);
	if (cte->aliascolnames)
		start = behind_parenthesis(l, start);
	return inside_parenthesis(l, start);
}

/* WITH queries that write come first, in the order written. */
static void emit_with(Lowering *l, const WithClause *with)
{
	if (with)
		foreach_ptr (CommonTableExpr, cte, with->ctes)
			if (dml_kind(cte->ctequery)) {
				Lowering part = *l;
				part.statement = cte_span(l, cte);
				lower_dml(&part, cte->ctequery);
				l->first = part.first;
				l->end = part.end;
			}
}

/* WHEN … THEN INSERT, UPDATE, DELETE: each once, and the columns of all UPDATEs. */
static void merge_actions(Lowering *l, Action *action, const List *clauses)
{
	static const struct {
		CmdType command;
		const char *word;
	} words[] = {{CMD_INSERT, "insert"}, {CMD_UPDATE, "update"}, {CMD_DELETE, "delete"}};
	for (size_t i = 0; i < LENGTH(words); i++) {
		bool found = false;
		foreach_ptr (MergeWhenClause, when, clauses) {
			if (when->commandType != words[i].command)
				continue;
			found = true;
			foreach_ptr (ResTarget, target, when->commandType == CMD_UPDATE ? when->targetList : NIL)
				array_push(l->arena, &action->columns, keep(l, target->name));
		}
		if (found)
			array_push(l->arena, &action->names, words[i].word);
	}
}

void lower_dml(Lowering *l, Node *statement)
{
	WithClause *with = NULL;
	Action action = {0};
	switch (nodeTag(statement)) {
	case T_InsertStmt: {
		InsertStmt *insert = (InsertStmt *)statement;
		SelectStmt *select = (SelectStmt *)insert->selectStmt;
		with = insert->withClause;
		set_target(l, &action, insert->relation);
		action.columns = target_names(l, insert->cols);
		action.on_conflict = insert->onConflictClause != NULL;
		action.conflict_target = action.on_conflict && insert->onConflictClause->infer;
		action.default_values = !select || (select->valuesLists && select->op == SETOP_NONE);
		break;
	}
	case T_UpdateStmt: {
		UpdateStmt *update = (UpdateStmt *)statement;
		with = update->withClause;
		set_target(l, &action, update->relation);
		action.columns = target_names(l, update->targetList);
		action.has_where = update->whereClause != NULL;
		break;
	}
	case T_DeleteStmt:
		with = ((DeleteStmt *)statement)->withClause;
		set_target(l, &action, ((DeleteStmt *)statement)->relation);
		action.has_where = ((DeleteStmt *)statement)->whereClause != NULL;
		break;
	default:
		with = ((MergeStmt *)statement)->withClause;
		set_target(l, &action, ((MergeStmt *)statement)->relation);
		merge_actions(l, &action, ((MergeStmt *)statement)->mergeWhenClauses);
		break;
	}
	emit_with(l, with);
	action.query = lower_query(l, statement);
	action.partial = action.query->partial;
	Action *made = emit_whole(l, dml_kind(statement));
	action.kind = made->kind;
	action.span = made->span;
	*made = action;
}

static IntoClause *into_clause(SelectStmt *select)
{
	while (select->op != SETOP_NONE)
		select = select->larg;
	return select->intoClause;
}

void lower_select(Lowering *l, SelectStmt *select)
{
	IntoClause *into = into_clause(select);
	emit_with(l, select->withClause);
	if (into) {
		lower_table_from_select(l, into, (Node *)select, false, false);
		return;
	}
	Query *query = new (l->arena, Query);
	query->other_columns = l->made_up;
	QueryReader reader = {.l = l, .query = query, .top = true};
	read_select(&reader, select, true);
	if (query->uses.count || !reader.top_calls.count) {
		Action *action = emit_whole(l, ACTION_QUERY_ROWS);
		action->query = query;
		action->partial = query->partial;
		action->has_where = query->where != NULL;
		if (query->uses.count == 1) {
			action->relation = query->uses.items[0].relation;
			action->relation_span = query->uses.items[0].span;
		}
	}
	Action *first = NULL;
	array_each (TopCall, call, &reader.top_calls) {
		Action *made = emit_call(l, call->call, call->location);
		first = first || made->kind != ACTION_CALL ? first : made;
	}
	/* Nothing is read: the first call stands for the statement. */
	if (first && !query->uses.count)
		first->query = query;
	l->partial |= query->partial;
}

void lower_call(Lowering *l, CallStmt *call)
{
	Expr *expr = lower_expr(l, (Node *)call->funccall);
	Action *action = emit_whole(l, ACTION_CALL);
	action->object_kind = OBJECT_PROCEDURE;
	action->relation = expr->name;
	action->relation_span = source_name_at(l, call->funccall->location);
	action->expr = expr;
}

void lower_copy(Lowering *l, CopyStmt *copy)
{
	Action *action = emit_whole(l, ACTION_COPY_ROWS);
	action->copy_from = copy->is_from;
	action->has_where = copy->whereClause != NULL;
	action->columns = string_list(l, copy->attlist);
	action->value = copy->is_program ? "program" : copy->filename ? keep(l, copy->filename) : NULL;
	if (copy->relation) {
		set_target(l, action, copy->relation);
		Query *query = new (l->arena, Query);
		RelationUse use = {.relation = action->relation,
				   .mode = copy->is_from ? USE_INSERT : USE_READ,
				   .span = action->relation_span,
				   .columns = action->columns,
				   .all_rows = !copy->is_from};
		array_push(l->arena, &query->uses, use);
		action->query = query;
	} else {
		action->query = lower_query(l, copy->query);
	}
}
