/*
 * Where the columns of a query come from: FROM, sub-queries, WITH queries and the arms of a UNION, each with its
 * outputs. Views and tables made from queries need it; everything else does with what lower_query() reads.
 */
#include "parse/lower.h"

enum { DEEPEST = 24 };

/* A WITH query in scope; query NULL: it is the one being read, which names itself. */
typedef struct Named {
	const char *name;
	const Query *query;
} Named;

typedef struct ColumnReader {
	Lowering *l;
	ARRAY(Named) named; /* the innermost last */
	int depth;
} ColumnReader;

static Query *read_columns(ColumnReader *r, SelectStmt *select);

static const Named *find_named(const ColumnReader *r, const RangeVar *range)
{
	for (uint32_t i = range->schemaname ? 0 : r->named.count; i-- > 0;)
		if (same(r->named.items[i].name, range->relname))
			return &r->named.items[i];
	return NULL;
}

static void name_columns(const ColumnReader *r, FromItem *item, const Alias *alias)
{
	if (!alias)
		return;
	item->alias = keep(r->l, alias->aliasname);
	foreach_ptr (String, column, alias->colnames)
		array_push(r->l->arena, &item->columns, keep(r->l, column->sval));
}

static void read_item(ColumnReader *r, Query *query, Node *node)
{
	FromItem item = {0};
	if (IsA(node, RangeVar)) {
		const RangeVar *range = (RangeVar *)node;
		const Named *named = find_named(r, range);
		if (named) {
			item.query = named->query;
			item.alias = keep(r->l, range->relname);
		} else {
			item.relation = range_name(r->l, range);
		}
		name_columns(r, &item, range->alias);
	} else if (IsA(node, RangeSubselect)) {
		const RangeSubselect *sub = (RangeSubselect *)node;
		item.query = IsA(sub->subquery, SelectStmt) ? read_columns(r, (SelectStmt *)sub->subquery) : NULL;
		name_columns(r, &item, sub->alias);
	} else if (IsA(node, RangeFunction)) {
		name_columns(r, &item, ((RangeFunction *)node)->alias);
	}
	array_push(r->l->arena, &query->from, item);
}

/* Joins are left-deep: their left side is walked, not followed. */
static void read_from(ColumnReader *r, Query *query, Node *node, int depth)
{
	uint32_t length = 0;
	for (Node *left = node; left && IsA(left, JoinExpr) && !((JoinExpr *)left)->alias;
	     left = ((JoinExpr *)left)->larg)
		length++;
	Node **rights = new_array(r->l->arena, Node *, length);
	for (uint32_t i = length; i-- > 0; node = ((JoinExpr *)node)->larg) {
		rights[i] = ((JoinExpr *)node)->rarg;
		query->merges_columns |= ((JoinExpr *)node)->isNatural || ((JoinExpr *)node)->usingClause;
	}
	if (node)
		read_item(r, query, node);
	for (uint32_t i = 0; i < length; i++)
		if (depth < DEEPEST)
			read_from(r, query, rights[i], depth + 1);
		else
			array_push(r->l->arena, &query->from, (FromItem){0});
}

static void read_named(ColumnReader *r, const WithClause *with)
{
	if (!with)
		return;
	foreach_ptr (CommonTableExpr, cte, with->ctes) {
		uint32_t place = r->named.count;
		Named named = {.name = keep(r->l, cte->ctename)};
		if (with->recursive)
			array_push(r->l->arena, &r->named, named);
		Query *query = IsA(cte->ctequery, SelectStmt) ? read_columns(r, (SelectStmt *)cte->ctequery) : NULL;
		/* The first arm says what the columns of a recursive one are. */
		if (query && with->recursive)
			query->arms.count = 0;
		for (uint32_t i = 0; query && i < (uint32_t)list_length(cte->aliascolnames) && i < query->outputs.count;
		     i++)
			query->outputs.items[i] = keep(r->l, ((String *)list_nth(cte->aliascolnames, (int)i))->sval);
		named.query = query;
		r->named.count = place;
		array_push(r->l->arena, &r->named, named);
	}
}

static void read_stars(const ColumnReader *r, Query *query, const List *targets)
{
	foreach_ptr (ResTarget, target, targets) {
		const ColumnRef *column = IsA(target->val, ColumnRef) ? (ColumnRef *)target->val : NULL;
		if (!column || !IsA(llast(column->fields), A_Star))
			continue;
		int length = list_length(column->fields);
		const Node *last = length > 1 ? list_nth(column->fields, length - 2) : NULL;
		array_push(r->l->arena, &query->stars,
			   last && IsA(last, String) ? keep(r->l, ((const String *)last)->sval) : NULL);
	}
}

static void read_arms(ColumnReader *r, Query *query, SelectStmt *select)
{
	SelectStmt *first = select;
	uint32_t length = 0;
	for (; first->op != SETOP_NONE; first = first->larg)
		length++;
	SelectStmt **rights = new_array(r->l->arena, SelectStmt *, length);
	uint32_t i = length;
	for (SelectStmt *left = select; left->op != SETOP_NONE; left = left->larg)
		rights[--i] = left->rarg;
	for (i = 0; i < length; i++)
		array_push(r->l->arena, &query->arms, read_columns(r, rights[i]));
	foreach_ptr (Node, item, first->fromClause)
		read_from(r, query, item, 0);
	read_stars(r, query, first->targetList);
}

static Query *read_columns(ColumnReader *r, SelectStmt *select)
{
	Query *query = lower_query(r->l, (Node *)select);
	if (r->depth >= DEEPEST)
		return query;
	r->depth++;
	uint32_t scope = r->named.count;
	for (const SelectStmt *left = select; left; left = left->op == SETOP_NONE ? NULL : left->larg)
		read_named(r, left->withClause);
	read_arms(r, query, select);
	r->named.count = scope;
	r->depth--;
	return query;
}

Query *lower_query_columns(Lowering *l, Node *statement)
{
	if (!statement || !IsA(statement, SelectStmt))
		return lower_query(l, statement);
	return read_columns(&(ColumnReader){.l = l}, (SelectStmt *)statement);
}
