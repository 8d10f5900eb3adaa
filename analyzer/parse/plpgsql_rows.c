/* FOR r IN VALUES ('a'), ('b') | SELECT unnest(ARRAY['a', 'b']) | SELECT … FROM unnest(…) AS t(x) | SELECT * FROM (VALUES …) AS t(x, y). */
#include "action/fold.h"
#include "parse/plpgsql.h"

static const Expr *folded(Body *b, Node *node)
{
	return expr_fold(b->l.arena, lower_expr(&b->l, node));
}

/* The rows of VALUES; columns are called column1, column2 … */
static void values_rows(Body *b, const List *lists, Rows *rows)
{
	uint32_t width = (uint32_t)list_length(linitial(lists));
	if (width > ROW_WIDTH)
		return;
	foreach_ptr (List, list, lists)
		foreach_ptr (Node, item, list) {
			const Expr *value = folded(b, item);
			if (!value)
				return;
			array_push(b->l.arena, &rows->values, value);
		}
	if (rows->values.count % width)
		return;
	for (uint32_t i = 0; i < width; i++)
		rows->columns[i] = arena_print(b->l.arena, "column%u", i + 1);
	rows->width = width;
}

static bool is_function(const FuncCall *call, const char *name)
{
	return same(((String *)llast(call->funcname))->sval, name) && !call->over && !call->agg_filter;
}

static void series_rows(Body *b, const FuncCall *call, Rows *rows)
{
	long long from, to;
	bool known = list_length(call->args) == 2 &&
		     folded_integer(b->l.arena, lower_expr(&b->l, linitial(call->args)), &from) &&
		     folded_integer(b->l.arena, lower_expr(&b->l, lsecond(call->args)), &to);
	for (long long i = known ? from : 1; known && i <= to && i - from <= BODY_READINGS; i++) {
		Expr *value = new (b->l.arena, Expr);
		value->kind = EXPR_CONSTANT;
		value->text = arena_print(b->l.arena, "%lld", i);
		array_push(b->l.arena, &rows->values, value);
	}
}

/* unnest(array) or generate_series(a, b); the column is called as the function unless an alias says otherwise. */
static void function_rows(Body *b, const FuncCall *call, Rows *rows)
{
	if (is_function(call, "generate_series")) {
		series_rows(b, call, rows);
		rows->columns[0] = "generate_series";
	} else if (is_function(call, "unnest") && list_length(call->args) == 1) {
		const Expr *array = folded(b, linitial(call->args));
		for (const Expr *item = array && array->kind == EXPR_ARRAY ? array->arguments : NULL; item; item = item->next)
			array_push(b->l.arena, &rows->values, item);
		rows->columns[0] = "unnest";
	}
	rows->width = rows->values.count != 0;
}

static void rename_columns(Body *b, const Alias *alias, bool function, Rows *rows)
{
	if (!alias)
		return;
	if (function)
		rows->columns[0] = keep(&b->l, alias->aliasname);
	for (uint32_t i = 0; i < rows->width && (int)i < list_length(alias->colnames); i++)
		rows->columns[i] = keep(&b->l, ((String *)list_nth(alias->colnames, (int)i))->sval);
}

static void from_rows(Body *b, Node *from, Rows *rows)
{
	if (IsA(from, RangeFunction)) {
		const RangeFunction *function = (RangeFunction *)from;
		Node *call = linitial((List *)linitial(function->functions));
		if (list_length(function->functions) == 1 && !function->ordinality && IsA(call, FuncCall))
			function_rows(b, (FuncCall *)call, rows);
		rename_columns(b, function->alias, true, rows);
	} else if (IsA(from, RangeSubselect) && IsA(((RangeSubselect *)from)->subquery, SelectStmt)) {
		const SelectStmt *select = (SelectStmt *)((RangeSubselect *)from)->subquery;
		if (select->valuesLists)
			values_rows(b, select->valuesLists, rows);
		rename_columns(b, ((RangeSubselect *)from)->alias, false, rows);
	}
}

/* Which of the rows' columns a target is; -1: something else. */
static int column_of(const Rows *rows, Node *value)
{
	if (!IsA(value, ColumnRef) || !IsA(llast(((ColumnRef *)value)->fields), String))
		return -1;
	const char *name = ((String *)llast(((ColumnRef *)value)->fields))->sval;
	for (uint32_t i = 0; i < rows->width; i++)
		if (same(rows->columns[i], name))
			return (int)i;
	return -1;
}

/* Leaves those columns that the select list names, in its order. */
static void select_columns(Body *b, const List *targets, Rows *rows)
{
	const Rows all = *rows;
	rows->width = 0;
	if (list_length(targets) > ROW_WIDTH)
		return;
	int from[ROW_WIDTH];
	uint32_t width = 0;
	foreach_ptr (ResTarget, target, targets) {
		from[width] = column_of(&all, target->val);
		if (from[width] < 0)
			return;
		rows->columns[width] = target->name ? keep(&b->l, target->name) : all.columns[from[width]];
		width++;
	}
	memset(&rows->values, 0, sizeof rows->values);
	for (uint32_t row = 0; row < all.values.count; row += all.width)
		for (uint32_t i = 0; i < width; i++)
			array_push(b->l.arena, &rows->values, all.values.items[row + (uint32_t)from[i]]);
	rows->width = width;
}

static bool is_star(const List *targets)
{
	Node *value = ((ResTarget *)linitial(targets))->val;
	return list_length(targets) == 1 && IsA(value, ColumnRef) && IsA(llast(((ColumnRef *)value)->fields), A_Star);
}

void constant_rows(Body *b, Span source, Rows *rows)
{
	const SelectStmt *select = parse_select(body_cut(b, source));
	if (!select || select->whereClause || select->sortClause || select->limitCount || select->limitOffset ||
	    select->distinctClause || select->groupClause || select->withClause || select->op != SETOP_NONE)
		return;
	if (select->valuesLists) {
		values_rows(b, select->valuesLists, rows);
	} else if (!select->targetList) {
		return;
	} else if (!select->fromClause && list_length(select->targetList) == 1) {
		const ResTarget *target = linitial(select->targetList);
		if (IsA(target->val, FuncCall))
			function_rows(b, (FuncCall *)target->val, rows);
		if (target->name)
			rows->columns[0] = keep(&b->l, target->name);
	} else if (list_length(select->fromClause) == 1) {
		from_rows(b, linitial(select->fromClause), rows);
		if (!is_star(select->targetList))
			select_columns(b, select->targetList, rows);
	}
}
