/* What queries read and write: relations, columns, functions. */
#include "parse/lower.h"

enum { FEW_CTES = 16 };

/* One of the first `count` is called so. */
static bool is_cte(const QueryReader *r, const char *name, uint32_t count)
{
	for (uint32_t i = 0; i < count && i < FEW_CTES; i++)
		if (same(r->ctes.items[i], name))
			return true;
	size_t place = count > FEW_CTES ? (size_t)(uintptr_t)map_get(&r->cte_places, name, strlen(name)) : 0;
	return place && place <= count && same(r->ctes.items[place - 1], name);
}

static void add_cte(QueryReader *r, const char *name)
{
	const char *kept = keep(r->l, name);
	array_push(r->l->arena, &r->ctes, kept);
	if (r->ctes.count > FEW_CTES && !is_cte(r, kept, r->ctes.count - 1))
		map_set(r->l->arena, &r->cte_places, kept, strlen(kept), (void *)(uintptr_t)r->ctes.count);
}

static RelationUse *use_relation(QueryReader *r, const RangeVar *range, UseMode mode)
{
	if (mode == USE_READ && !range->schemaname && is_cte(r, range->relname, r->ctes.count)) {
		r->query->other_columns = true;
		return NULL;
	}
	RelationUse use = {
		.relation = range_name(r->l, range),
		.alias = range->alias ? keep(r->l, range->alias->aliasname) : NULL,
		.mode = mode,
		.span = source_name_at(r->l, range->location),
		.only = !range->inh,
	};
	r->query->other_columns |= range->alias && range->alias->colnames;
	array_push(r->l->arena, &r->query->uses, use);
	return &r->query->uses.items[r->query->uses.count - 1];
}

static void read_list(QueryReader *r, const List *list)
{
	foreach_ptr (Node, item, list)
		read_expr(r, item);
}

/* --- FROM --------------------------------------------------------------------------------------------------------- */

static void read_from(QueryReader *r, Node *node);

/* Joins are left-deep: a chain of any length is walked along its left side. */
static void read_join(QueryReader *r, JoinExpr *top)
{
	uint32_t length = 0;
	for (Node *node = (Node *)top; node && IsA(node, JoinExpr); node = ((JoinExpr *)node)->larg)
		length++;
	JoinExpr **joins = new_array(r->l->arena, JoinExpr *, length);
	JoinExpr *join = top;
	for (uint32_t i = length; i > 0; i--, join = (JoinExpr *)join->larg)
		joins[i - 1] = join;
	read_from(r, joins[0]->larg);
	for (uint32_t i = 0; i < length; i++) {
		read_from(r, joins[i]->rarg);
		if (joins[i]->quals)
			read_expr(r, joins[i]->quals);
	}
}

static void read_range_function(QueryReader *r, const RangeFunction *function)
{
	foreach_ptr (List, pair, function->functions)
		read_expr(r, linitial(pair));
}

static void read_from_item(QueryReader *r, Node *node)
{
	bool top = r->top, open = r->open;
	bool joins = IsA(node, JoinExpr), is_relation = IsA(node, RangeVar) || IsA(node, RangeTableSample);
	r->query->other_columns |= joins ? ((JoinExpr *)node)->alias != NULL : !is_relation;
	switch (nodeTag(node)) {
	case T_RangeVar:
		use_relation(r, (RangeVar *)node, USE_READ);
		break;
	case T_JoinExpr:
		r->top = false;
		read_join(r, (JoinExpr *)node);
		break;
	case T_RangeSubselect:
		r->top = false;
		r->open |= ((RangeSubselect *)node)->lateral;
		if (IsA(((RangeSubselect *)node)->subquery, SelectStmt))
			read_select(r, (SelectStmt *)((RangeSubselect *)node)->subquery, false);
		break;
	case T_RangeFunction:
		read_range_function(r, (RangeFunction *)node);
		break;
	case T_RangeTableSample:
		read_from(r, ((RangeTableSample *)node)->relation);
		break;
	case T_RangeTableFunc:
		read_expr(r, ((RangeTableFunc *)node)->docexpr);
		read_expr(r, ((RangeTableFunc *)node)->rowexpr);
		break;
	case T_JsonTable:
		read_expr(r, (Node *)((JsonTable *)node)->context_item);
		break;
	default:
		r->query->partial = true;
		break;
	}
	r->top = top;
	r->open = open;
}

static void read_from(QueryReader *r, Node *node)
{
	if (!node)
		return;
	if (r->depth >= LOWER_DEPTH) {
		r->query->partial = true;
		return;
	}
	r->depth++;
	read_from_item(r, node);
	r->depth--;
}

static void read_from_list(QueryReader *r, const List *list)
{
	foreach_ptr (Node, item, list)
		read_from(r, item);
}

/* --- WITH --------------------------------------------------------------------------------------------------------- */

/* Data-modifying WITH queries are actions of their own: here only their names count. */
static void read_with(QueryReader *r, const WithClause *with)
{
	if (!with)
		return;
	if (with->recursive)
		foreach_ptr (CommonTableExpr, named, with->ctes)
			add_cte(r, named->ctename);
	foreach_ptr (CommonTableExpr, cte, with->ctes) {
		if (IsA(cte->ctequery, SelectStmt))
			read_select(r, (SelectStmt *)cte->ctequery, false);
		if (!with->recursive)
			add_cte(r, cte->ctename);
	}
}

/* --- SELECT ------------------------------------------------------------------------------------------------------- */

/* The name that PostgreSQL gives a column without AS (FigureColname). */
static const char *figure_name(Lowering *l, Node *node, int depth)
{
	if (!node || depth > 20)
		return "?column?";
	switch (nodeTag(node)) {
	case T_ColumnRef: {
		Node *last = llast(((ColumnRef *)node)->fields);
		return IsA(last, String) ? keep(l, ((String *)last)->sval) : "*";
	}
	case T_FuncCall:
		return list_name(l, ((FuncCall *)node)->funcname).name;
	case T_TypeCast: {
		const char *name = figure_name(l, ((TypeCast *)node)->arg, depth + 1);
		return same(name, "?column?") ? list_name(l, ((TypeCast *)node)->typeName->names).name : name;
	}
	case T_CollateClause:
		return figure_name(l, ((CollateClause *)node)->arg, depth + 1);
	case T_A_Indirection: {
		Node *step = llast(((A_Indirection *)node)->indirection);
		return IsA(step, String) ? keep(l, ((String *)step)->sval) :
					   figure_name(l, ((A_Indirection *)node)->arg, depth + 1);
	}
	case T_SubLink:
		switch (((SubLink *)node)->subLinkType) {
		case EXISTS_SUBLINK:
			return "exists";
		case ARRAY_SUBLINK:
			return "array";
		case EXPR_SUBLINK: {
			SelectStmt *select = (SelectStmt *)((SubLink *)node)->subselect;
			ResTarget *first =
			    IsA(select, SelectStmt) && select->targetList ? linitial(select->targetList) : NULL;
			if (!first)
				return "?column?";
			return first->name ? keep(l, first->name) : figure_name(l, first->val, depth + 1);
		}
		default:
			return "?column?";
		}
	case T_CaseExpr: {
		const char *name = figure_name(l, (Node *)((CaseExpr *)node)->defresult, depth + 1);
		return same(name, "?column?") ? "case" : name;
	}
	case T_A_ArrayExpr:
		return "array";
	case T_RowExpr:
		return "row";
	case T_CoalesceExpr:
		return "coalesce";
	case T_MinMaxExpr:
		return ((MinMaxExpr *)node)->op == IS_GREATEST ? "greatest" : "least";
	case T_A_Expr:
		return ((A_Expr *)node)->kind == AEXPR_NULLIF ? "nullif" : "?column?";
	case T_SQLValueFunction: {
		QueryReader reader = {.l = l};
		return read_expr(&reader, node)->text;
	}
	default:
		return "?column?";
	}
}

static void add_output(QueryReader *r, const char *name, const Expr *expr)
{
	array_push(r->l->arena, &r->query->outputs, name);
	array_push(r->l->arena, &r->query->output_exprs, expr);
}

static void read_targets(QueryReader *r, const List *targets, bool outermost)
{
	foreach_ptr (ResTarget, target, targets) {
		Expr *expr = read_expr(r, target->val);
		if (!outermost)
			continue;
		const char *name = target->name ? keep(r->l, target->name) : figure_name(r->l, target->val, 0);
		add_output(r, name, expr && expr->kind == EXPR_COLUMN && same(expr->name.name, "*") ? NULL : expr);
	}
}

/* Rows of constants can be a whole data set: constants are passed over. */
static void read_values(QueryReader *r, const List *rows)
{
	foreach_ptr (List, row, rows)
		foreach_ptr (Node, value, row)
			if (!IsA(value, A_Const) && !IsA(value, SetToDefault))
				read_expr(r, value);
}

static void lock_rows(QueryReader *r, const List *clauses, uint32_t first_use)
{
	foreach_ptr (LockingClause, clause, clauses)
		for (uint32_t i = first_use; i < r->query->uses.count; i++) {
			RelationUse *use = &r->query->uses.items[i];
			bool named = !clause->lockedRels;
			foreach_ptr (RangeVar, locked, clause->lockedRels)
				named |= same(locked->relname, use->alias ? use->alias : use->relation.name);
			if (named && use->mode == USE_READ)
				use->mode = USE_LOCK_ROWS;
		}
}

/*
 * GROUP BY, ORDER BY and DISTINCT ON take a name of the select list before a column's, or behind it; what the list calls so is read
 * with the list. https://www.postgresql.org/docs/current/sql-select.html#SQL-GROUPBY
 */
static void read_key(QueryReader *r, const List *targets, Node *key)
{
	const ColumnRef *column = key && IsA(key, ColumnRef) ? (ColumnRef *)key : NULL;
	const Node *only = column && list_length(column->fields) == 1 ? linitial(column->fields) : NULL;
	foreach_ptr (ResTarget, target, targets) {
		const char *name = target->name ? target->name : only ? figure_name(r->l, target->val, 0) : NULL;
		if (only && IsA(only, String) && same(name, ((const String *)only)->sval))
			return;
	}
	read_expr(r, key);
}

static void read_keys(QueryReader *r, const List *targets, const List *keys)
{
	foreach_ptr (Node, key, keys)
		read_key(r, targets, key);
}

/* What decides whether LIMIT saves reading all rows. */
static void note_order(QueryReader *r, SelectStmt *select)
{
	static const char *const aggregates[] = {"count", "sum", "avg", "array_agg", "string_agg", "json_agg", "jsonb_agg",
						 "bool_and", "bool_or", "every"};
	r->query->needs_all_rows = select->groupClause || select->distinctClause || select->havingClause;
	array_each (const Expr *const, output, &r->query->output_exprs)
		for (size_t i = 0; i < LENGTH(aggregates); i++)
			r->query->needs_all_rows |= *output && (*output)->kind == EXPR_CALL && name_is((*output)->name, "pg_catalog", aggregates[i]);
	const SortBy *first = select->sortClause ? linitial(select->sortClause) : NULL;
	QueryReader aside = {.l = r->l, .query = new (r->l->arena, Query)};
	r->query->order = first ? read_expr(&aside, first->node) : NULL;
}

/* One SELECT without set operations. */
static void read_simple_select(QueryReader *r, SelectStmt *select, bool outermost)
{
	uint32_t first_use = r->query->uses.count, around = r->sole;
	r->sole = 0;
	read_from_list(r, select->fromClause);
	const RangeVar *only = list_length(select->fromClause) == 1 ? linitial(select->fromClause) : NULL;
	bool alone = only && IsA(only, RangeVar) && r->query->uses.count == first_use + 1;
	if (alone && !select->whereClause && !select->limitCount)
		r->query->uses.items[first_use].all_rows = true;
	if (alone && !r->l->made_up && !(only->alias && only->alias->colnames))
		r->sole = first_use + 1;
	read_targets(r, select->targetList, outermost);
	bool top = r->top;
	r->top = false;
	Expr *where = read_expr(r, select->whereClause);
	if (outermost) {
		r->query->where = where;
		r->query->distinct = select->distinctClause != NIL;
	}
	read_keys(r, select->targetList, select->groupClause);
	read_expr(r, select->havingClause);
	read_keys(r, select->targetList, select->distinctClause);
	read_values(r, select->valuesLists);
	foreach_ptr (SortBy, key, select->sortClause)
		read_key(r, select->targetList, key->node);
	if (outermost)
		note_order(r, select);
	foreach_ptr (WindowDef, window, select->windowClause) {
		read_list(r, window->partitionClause);
		foreach_ptr (SortBy, order, window->orderClause)
			read_expr(r, order->node);
	}
	read_expr(r, select->limitCount);
	lock_rows(r, select->lockingClause, first_use);
	r->top = top;
	r->sole = around;
}

/* UNION chains are left-deep and may be as long as the input. */
static void read_set_operation(QueryReader *r, SelectStmt *select, bool outermost)
{
	uint32_t length = 0;
	for (SelectStmt *left = select; left->op != SETOP_NONE; left = left->larg) {
		read_with(r, left->withClause);
		length++;
	}
	SelectStmt **rights = new_array(r->l->arena, SelectStmt *, length);
	SelectStmt *left = select;
	for (uint32_t i = length; i > 0; i--, left = left->larg)
		rights[i - 1] = left->rarg;
	read_select(r, left, outermost);
	bool top = r->top;
	r->top = false;
	for (uint32_t i = 0; i < length; i++)
		read_select(r, rights[i], false);
	r->top = top;
}

void read_select(QueryReader *r, SelectStmt *select, bool outermost)
{
	if (r->depth >= LOWER_DEPTH) {
		r->query->partial = r->l->partial = true;
		return;
	}
	r->depth++;
	uint32_t scope = r->ctes.count;
	if (outermost && (select->limitCount || select->limitOffset))
		r->query->has_limit = true;
	if (select->op != SETOP_NONE) {
		read_set_operation(r, select, outermost);
	} else {
		bool top = r->top;
		r->top = false;
		read_with(r, select->withClause);
		r->top = top;
		read_simple_select(r, select, outermost);
	}
	r->ctes.count = scope;
	r->depth--;
}

/* --- INSERT, UPDATE, DELETE, MERGE -------------------------------------------------------------------------------- */

Names target_names(Lowering *l, const List *targets)
{
	Names names = {0};
	foreach_ptr (ResTarget, target, targets)
		array_push(l->arena, &names, keep(l, target->name));
	return names;
}

static void read_returning(QueryReader *r, const ReturningClause *returning)
{
	if (returning)
		foreach_ptr (ResTarget, target, returning->exprs)
			read_expr(r, target->val);
}

/* SET lists: the columns and what they become. */
static void read_assignments(QueryReader *r, const List *targets, bool outputs)
{
	foreach_ptr (ResTarget, target, targets) {
		Expr *value = read_expr(r, target->val);
		if (outputs)
			add_output(r, keep(r->l, target->name), value);
	}
}

/* Of longer lists of rows only what they call and read is looked at. */
enum { MOST_ROWS = 16 };

static void read_insert(QueryReader *r, InsertStmt *insert)
{
	read_with(r, insert->withClause);
	RelationUse *use = use_relation(r, insert->relation, USE_INSERT);
	use->columns = target_names(r->l, insert->cols);
	SelectStmt *select = (SelectStmt *)insert->selectStmt;
	if (select && list_length(select->valuesLists) == 1) {
		uint32_t i = 0;
		foreach_ptr (Node, value, (List *)linitial(select->valuesLists)) {
			ResTarget *column =
			    i < (uint32_t)list_length(insert->cols) ? list_nth(insert->cols, (int)i) : NULL;
			add_output(r, column ? keep(r->l, column->name) : "?column?", read_expr(r, value));
			i++;
		}
	} else if (select && select->valuesLists && list_length(select->valuesLists) <= MOST_ROWS) {
		r->query->row_count = (uint32_t)list_length(select->valuesLists);
		foreach_ptr (List, row, select->valuesLists)
			foreach_ptr (Node, value, row)
				array_push(r->l->arena, &r->query->rows, read_expr(r, value));
	} else if (select) {
		r->query->rows_unlisted = select->valuesLists != NIL;
		read_select(r, select, true);
	}
	if (insert->onConflictClause) {
		read_assignments(r, insert->onConflictClause->targetList, false);
		read_expr(r, insert->onConflictClause->whereClause);
	}
	read_returning(r, insert->returningClause);
}

static void read_update(QueryReader *r, UpdateStmt *update)
{
	read_with(r, update->withClause);
	RelationUse *use = use_relation(r, update->relation, USE_UPDATE);
	use->columns = target_names(r->l, update->targetList);
	use->all_rows = !update->whereClause && !update->fromClause;
	read_from_list(r, update->fromClause);
	read_assignments(r, update->targetList, true);
	r->query->where = read_expr(r, update->whereClause);
	read_returning(r, update->returningClause);
}

static void read_delete(QueryReader *r, DeleteStmt *delete)
{
	read_with(r, delete->withClause);
	RelationUse *use = use_relation(r, delete->relation, USE_DELETE);
	use->all_rows = !delete->whereClause && !delete->usingClause;
	read_from_list(r, delete->usingClause);
	r->query->where = read_expr(r, delete->whereClause);
	read_returning(r, delete->returningClause);
}

static void read_merge(QueryReader *r, MergeStmt *merge)
{
	read_with(r, merge->withClause);
	use_relation(r, merge->relation, USE_MERGE);
	read_from(r, merge->sourceRelation);
	r->query->where = read_expr(r, merge->joinCondition);
	foreach_ptr (MergeWhenClause, when, merge->mergeWhenClauses) {
		read_expr(r, when->condition);
		read_assignments(r, when->targetList, false);
		read_list(r, when->values);
	}
	read_returning(r, merge->returningClause);
}

static void read_statement(QueryReader *r, Node *statement)
{
	switch (nodeTag(statement)) {
	case T_SelectStmt:
		read_select(r, (SelectStmt *)statement, true);
		break;
	case T_InsertStmt:
		read_insert(r, (InsertStmt *)statement);
		break;
	case T_UpdateStmt:
		read_update(r, (UpdateStmt *)statement);
		break;
	case T_DeleteStmt:
		read_delete(r, (DeleteStmt *)statement);
		break;
	case T_MergeStmt:
		read_merge(r, (MergeStmt *)statement);
		break;
	default:
		r->query->partial = true;
		break;
	}
}

Query *lower_query(Lowering *l, Node *statement)
{
	Query *query = new (l->arena, Query);
	query->other_columns = l->made_up;
	QueryReader reader = {.l = l, .query = query};
	if (statement)
		read_statement(&reader, statement);
	l->partial |= query->partial;
	return query;
}
