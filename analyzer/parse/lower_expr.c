/*
 * Expressions. While one is lowered, the query that it stands in learns which columns, functions and types it uses.
 * No recursion follows the length of the input: lists of AND, OR and operators are walked along their left side.
 */
#include "parse/lower.h"

/* An operator chain of more terms than this becomes one flat EXPR_OTHER. */
enum { CHAIN = 50, REMEMBERED = 64 };

static Expr *expr_new(QueryReader *r, ExprKind kind)
{
	Expr *expr = new (r->l->arena, Expr);
	expr->kind = kind;
	return expr;
}

static Expr *other(QueryReader *r, const char *text)
{
	Expr *expr = expr_new(r, EXPR_OTHER);
	expr->text = text;
	return expr;
}

/* Appends an argument behind the place that *end points to; NULL is left out. */
static void add(Expr ***end, Expr *argument)
{
	if (!argument)
		return;
	**end = argument;
	*end = &argument->next;
}

static void add_list(QueryReader *r, Expr ***end, const List *list)
{
	foreach_ptr (Node, item, list)
		add(end, read_expr(r, item));
}

static Expr *with_list(QueryReader *r, Expr *expr, const List *list)
{
	Expr **end = &expr->arguments;
	add_list(r, &end, list);
	return expr;
}

/* Adds a name unless it is among the last ones: queries name few columns often. */
static void remember(Arena *arena, Names *names, const char *name)
{
	uint32_t first = names->count > REMEMBERED ? names->count - REMEMBERED : 0;
	for (uint32_t i = names->count; i > first; i--)
		if (same(names->items[i - 1], name))
			return;
	array_push(arena, names, name);
}

static void use_column(QueryReader *r, Name column)
{
	if (!r->query)
		return;
	RelationUse *sole = r->sole ? &r->query->uses.items[r->sole - 1] : NULL;
	if (sole && !r->open && (!column.schema || same(column.schema, sole->alias ? sole->alias : sole->relation.name)))
		remember(r->l->arena, &sole->certain, column.name);
	if (!column.schema) {
		remember(r->l->arena, &r->query->columns, column.name);
		remember(r->l->arena, sole ? &sole->first : &r->query->shared, column.name);
		return;
	}
	uint32_t first = r->query->uses.count > REMEMBERED ? r->query->uses.count - REMEMBERED : 0;
	for (uint32_t i = r->query->uses.count; i > first; i--) {
		RelationUse *use = &r->query->uses.items[i - 1];
		if (same(use->alias ? use->alias : use->relation.name, column.schema)) {
			remember(r->l->arena, &use->columns, column.name);
			return;
		}
	}
}

/* A variable whose value is known is that value. */
static Expr *known_value(Expr *expr, const Expr *value)
{
	*expr = *value;
	expr->next = NULL;
	return expr;
}

static Expr *read_parameter(QueryReader *r, const ParamRef *parameter)
{
	Expr *expr = other(r, arena_print(r->l->arena, "$%d", parameter->number));
	const Expr *value = scope_parameter(r->l->scope, parameter->number);
	return value ? known_value(expr, value) : expr;
}

static Expr *read_named_argument(QueryReader *r, NamedArgExpr *argument)
{
	Expr *expr = read_expr(r, (Node *)argument->arg);
	if (expr)
		expr->label = keep(r->l, argument->name);
	return expr;
}

static Expr *read_column(QueryReader *r, const ColumnRef *column)
{
	Expr *expr = expr_new(r, EXPR_COLUMN);
	expr->name = list_name(r->l, column->fields);
	if (IsA(llast(column->fields), A_Star))
		expr->name = (Name){expr->name.name, "*"};
	const Expr *value = scope_value(r->l->scope, expr->name, r->query && r->query->uses.count);
	if (value)
		return known_value(expr, value);
	use_column(r, expr->name);
	return expr;
}

static Expr *read_constant(QueryReader *r, const A_Const *constant)
{
	if (constant->isnull)
		return expr_new(r, EXPR_NULL);
	Expr *expr = expr_new(r, EXPR_CONSTANT);
	expr->quoted = IsA(&constant->val, String);
	expr->text = IsA(&constant->val, BitString) ? keep(r->l, constant->val.bsval.bsval) :
						      option_value(r->l, (Node *)&constant->val.node);
	return expr;
}

static Expr *read_cast(QueryReader *r, TypeCast *cast)
{
	/* true::boolean is true. */
	bool of_bool = IsA(cast->arg, A_Const) && IsA(&((A_Const *)cast->arg)->val, Boolean) && !((A_Const *)cast->arg)->isnull;
	if (of_bool && same(((String *)llast(cast->typeName->names))->sval, "bool"))
		return read_constant(r, (A_Const *)cast->arg);
	Expr *expr = expr_new(r, EXPR_CAST);
	TypeRef *type = new (r->l->arena, TypeRef);
	*type = type_ref(r->l, cast->typeName);
	expr->type = type;
	if (r->query && !same(type->name.schema, "pg_catalog"))
		array_push(r->l->arena, &r->query->types, type->name);
	Expr **end = &expr->arguments;
	add(&end, read_expr(r, cast->arg));
	return expr;
}

static Expr *read_call(QueryReader *r, FuncCall *call)
{
	Expr *expr = expr_new(r, EXPR_CALL);
	expr->name = list_name(r->l, call->funcname);
	expr->text = call->agg_star ? "*" : call->agg_distinct ? "distinct" : NULL;
	if (r->top)
		array_push(r->l->arena, &r->top_calls, (TopCall){expr, call->location});
	if (r->query) {
		array_push(r->l->arena, &r->query->functions, expr->name);
		array_push(r->l->arena, &r->query->calls, expr);
	}
	with_list(r, expr, call->args);
	foreach_ptr (SortBy, key, call->agg_order)
		read_expr(r, key->node);
	if (call->agg_filter)
		read_expr(r, call->agg_filter);
	if (call->over) {
		foreach_ptr (Node, item, call->over->partitionClause)
			read_expr(r, item);
		foreach_ptr (SortBy, order, call->over->orderClause)
			read_expr(r, order->node);
	}
	return expr;
}

static const char *operator_text(QueryReader *r, const A_Expr *node)
{
	const char *name = node->name ? ((String *)llast(node->name))->sval : "";
	switch (node->kind) {
	case AEXPR_OP:
		return keep(r->l, name);
	case AEXPR_OP_ANY:
		return arena_print(r->l->arena, "%s any", name);
	case AEXPR_OP_ALL:
		return arena_print(r->l->arena, "%s all", name);
	case AEXPR_DISTINCT:
		return "is distinct from";
	case AEXPR_NOT_DISTINCT:
		return "is not distinct from";
	case AEXPR_LIKE:
		return name[0] == '!' ? "not like" : "like";
	case AEXPR_ILIKE:
		return name[0] == '!' ? "not ilike" : "ilike";
	case AEXPR_SIMILAR:
		return name[0] == '!' ? "not similar to" : "similar to";
	case AEXPR_BETWEEN:
		return "between";
	case AEXPR_NOT_BETWEEN:
		return "not between";
	case AEXPR_BETWEEN_SYM:
		return "between symmetric";
	case AEXPR_NOT_BETWEEN_SYM:
		return "not between symmetric";
	case AEXPR_NULLIF:
		return "nullif";
	case AEXPR_IN:
		return name[0] == '<' ? "not" : NULL;
	}
	return NULL;
}

/* a || b || c … of any length: all terms flat behind one expression. */
static Expr *read_chain(QueryReader *r, A_Expr *top, uint32_t length)
{
	Node **terms = new_array(r->l->arena, Node *, length + 1);
	Node *node = (Node *)top;
	for (uint32_t i = length; i > 0; i--) {
		terms[i] = ((A_Expr *)node)->rexpr;
		node = ((A_Expr *)node)->lexpr;
	}
	terms[0] = node;
	Expr *expr = other(r, operator_text(r, top));
	Expr **end = &expr->arguments;
	for (uint32_t i = 0; i <= length; i++)
		if (terms[i])
			add(&end, read_expr(r, terms[i]));
	return expr;
}

static Expr *read_operator(QueryReader *r, A_Expr *node)
{
	uint32_t length = 0;
	for (Node *left = (Node *)node; left && IsA(left, A_Expr) && ((A_Expr *)left)->kind == AEXPR_OP;
	     left = ((A_Expr *)left)->lexpr)
		length++;
	if (length > CHAIN)
		return read_chain(r, node, length);
	Expr *expr = expr_new(r, node->kind == AEXPR_IN	      ? EXPR_IN
				 : node->kind == AEXPR_NULLIF ? EXPR_COALESCE
							      : EXPR_OPERATOR);
	expr->text = operator_text(r, node);
	Expr **end = &expr->arguments;
	if (node->lexpr)
		add(&end, read_expr(r, node->lexpr));
	if (node->rexpr && IsA(node->rexpr, List))
		add_list(r, &end, (List *)node->rexpr);
	else if (node->rexpr)
		add(&end, read_expr(r, node->rexpr));
	return expr;
}

/* Nested ANDs in an AND are one list, as the grammar has it for those without parentheses. */
static Expr *read_bool(QueryReader *r, BoolExpr *node)
{
	static const ExprKind kinds[] = {[AND_EXPR] = EXPR_AND, [OR_EXPR] = EXPR_OR, [NOT_EXPR] = EXPR_NOT};
	Expr *expr = expr_new(r, kinds[node->boolop]);
	Expr **end = &expr->arguments;
	foreach_ptr (Node, item, node->args) {
		Expr *argument = read_expr(r, item);
		if (argument && argument->kind == expr->kind && node->boolop != NOT_EXPR)
			argument = argument->arguments;
		add(&end, argument);
		while (argument && argument->next) {
			argument = argument->next;
			end = &argument->next;
		}
	}
	return expr;
}

static void append_query(Arena *arena, Query *to, const Query *from)
{
	array_each (RelationUse, use, &from->uses)
		array_push(arena, &to->uses, *use);
	array_each (Name, function, &from->functions)
		array_push(arena, &to->functions, *function);
	array_each (const Expr *, call, &from->calls)
		array_push(arena, &to->calls, *call);
	array_each (Name, type, &from->types)
		array_push(arena, &to->types, *type);
	array_each (const char *, column, &from->columns)
		remember(arena, &to->columns, *column);
	array_each (const char *, column, &from->shared)
		remember(arena, &to->shared, *column);
	to->other_columns |= from->other_columns;
	to->partial |= from->partial;
}

static Expr *read_sublink(QueryReader *r, SubLink *link)
{
	static const char *const words[] = {
	    [EXISTS_SUBLINK] = "exists",  [ALL_SUBLINK] = "all",     [ANY_SUBLINK] = "any",
	    [ROWCOMPARE_SUBLINK] = "row", [EXPR_SUBLINK] = "scalar", [MULTIEXPR_SUBLINK] = "row",
	    [ARRAY_SUBLINK] = "array",	  [CTE_SUBLINK] = "cte",
	};
	Expr *expr = expr_new(r, EXPR_SUBQUERY);
	expr->text = words[link->subLinkType];
	Expr **end = &expr->arguments;
	if (link->testexpr)
		add(&end, read_expr(r, link->testexpr));
	Query *outer = r->query;
	bool top = r->top, open = r->open;
	uint32_t sole = r->sole;
	expr->query = new (r->l->arena, Query);
	r->query = expr->query;
	r->top = false;
	r->open = true;
	r->sole = 0;
	if (IsA(link->subselect, SelectStmt))
		read_select(r, (SelectStmt *)link->subselect, true);
	r->query = outer;
	r->top = top;
	r->open = open;
	r->sole = sole;
	if (outer)
		append_query(r->l->arena, outer, expr->query);
	return expr;
}

static Expr *read_case(QueryReader *r, CaseExpr *node)
{
	Expr *expr = expr_new(r, EXPR_CASE);
	expr->text = node->arg ? "simple case" : NULL;
	Expr **end = &expr->arguments;
	if (node->arg)
		add(&end, read_expr(r, (Node *)node->arg));
	foreach_ptr (CaseWhen, when, node->args) {
		add(&end, read_expr(r, (Node *)when->expr));
		add(&end, read_expr(r, (Node *)when->result));
	}
	if (node->defresult)
		add(&end, read_expr(r, (Node *)node->defresult));
	return expr;
}

static Expr *read_keyword(QueryReader *r, const SQLValueFunction *node)
{
	static const char *const words[] = {
		[SVFOP_CURRENT_DATE] = "current_date",
		[SVFOP_CURRENT_TIME] = "current_time",
		[SVFOP_CURRENT_TIME_N] = "current_time",
		[SVFOP_CURRENT_TIMESTAMP] = "current_timestamp",
		[SVFOP_CURRENT_TIMESTAMP_N] = "current_timestamp",
		[SVFOP_LOCALTIME] = "localtime",
		[SVFOP_LOCALTIME_N] = "localtime",
		[SVFOP_LOCALTIMESTAMP] = "localtimestamp",
		[SVFOP_LOCALTIMESTAMP_N] = "localtimestamp",
		[SVFOP_CURRENT_ROLE] = "current_role",
		[SVFOP_CURRENT_USER] = "current_user",
		[SVFOP_USER] = "user",
		[SVFOP_SESSION_USER] = "session_user",
		[SVFOP_CURRENT_CATALOG] = "current_catalog",
		[SVFOP_CURRENT_SCHEMA] = "current_schema",
	};
	Expr *expr = expr_new(r, EXPR_KEYWORD);
	expr->text = words[node->op];
	return expr;
}

static Expr *one(QueryReader *r, Expr *expr, Node *argument)
{
	Expr **end = &expr->arguments;
	if (argument)
		add(&end, read_expr(r, argument));
	return expr;
}

static Expr *read_collate(QueryReader *r, CollateClause *node)
{
	Expr *expr = expr_new(r, EXPR_COLLATE);
	expr->name = list_name(r->l, node->collname);
	return one(r, expr, node->arg);
}

static Expr *read_indirection(QueryReader *r, A_Indirection *node)
{
	const char *text = "[]";
	foreach_ptr (Node, step, node->indirection)
		if (IsA(step, String))
			text = arena_print(r->l->arena, ".%s", ((String *)step)->sval);
	Expr *expr = other(r, text);
	Expr **end = &expr->arguments;
	add(&end, read_expr(r, node->arg));
	foreach_ptr (A_Indices, index, node->indirection) {
		if (!IsA(index, A_Indices))
			continue;
		if (index->lidx)
			add(&end, read_expr(r, index->lidx));
		if (index->uidx)
			add(&end, read_expr(r, index->uidx));
	}
	return expr;
}

static Expr *read_bool_test(QueryReader *r, BooleanTest *node)
{
	static const char *const words[] = {
		[IS_TRUE] = "is true",		 [IS_NOT_TRUE] = "is not true", [IS_FALSE] = "is false",
		[IS_NOT_FALSE] = "is not false", [IS_UNKNOWN] = "is unknown",	[IS_NOT_UNKNOWN] = "is not unknown",
	};
	return one(r, other(r, words[node->booltesttype]), (Node *)node->arg);
}

static Expr *read_min_max(QueryReader *r, MinMaxExpr *node)
{
	Expr *expr = expr_new(r, EXPR_COALESCE);
	expr->text = node->op == IS_GREATEST ? "greatest" : "least";
	return with_list(r, expr, node->args);
}

/* SQL/JSON's constructors: only what is below them matters. */
static Expr *read_json(QueryReader *r, Node *node)
{
	switch (nodeTag(node)) {
	case T_JsonValueExpr:
		return read_expr(r, (Node *)((JsonValueExpr *)node)->raw_expr);
	case T_JsonKeyValue: {
		Expr *pair = one(r, other(r, ":"), (Node *)((JsonKeyValue *)node)->value);
		read_expr(r, (Node *)((JsonKeyValue *)node)->key);
		return pair;
	}
	case T_JsonIsPredicate:
		return one(r, other(r, "is json"), ((JsonIsPredicate *)node)->expr);
	case T_JsonObjectConstructor:
		return with_list(r, other(r, "json_object"), ((JsonObjectConstructor *)node)->exprs);
	case T_JsonArrayConstructor:
		return with_list(r, other(r, "json_array"), ((JsonArrayConstructor *)node)->exprs);
	case T_JsonObjectAgg:
		return one(r, other(r, "json_objectagg"), (Node *)((JsonObjectAgg *)node)->arg);
	case T_JsonArrayAgg:
		return one(r, other(r, "json_arrayagg"), (Node *)((JsonArrayAgg *)node)->arg);
	case T_JsonParseExpr:
		return one(r, other(r, "json"), (Node *)((JsonParseExpr *)node)->expr);
	case T_JsonScalarExpr:
		return one(r, other(r, "json_scalar"), (Node *)((JsonScalarExpr *)node)->expr);
	case T_JsonSerializeExpr:
		return one(r, other(r, "json_serialize"), (Node *)((JsonSerializeExpr *)node)->expr);
	case T_JsonFuncExpr:
		return one(r, other(r, "json_query"), (Node *)((JsonFuncExpr *)node)->context_item);
	default: {
		Expr *expr = other(r, NULL);
		expr->partial = true;
		if (r->query)
			r->query->partial = true;
		return expr;
	}
	}
}

static Expr *read_node(QueryReader *r, Node *node)
{
	switch (nodeTag(node)) {
	case T_A_Const:
		return read_constant(r, (A_Const *)node);
	case T_ColumnRef:
		return read_column(r, (ColumnRef *)node);
	case T_FuncCall:
		return read_call(r, (FuncCall *)node);
	case T_TypeCast:
		return read_cast(r, (TypeCast *)node);
	case T_A_Expr:
		return read_operator(r, (A_Expr *)node);
	case T_BoolExpr:
		return read_bool(r, (BoolExpr *)node);
	case T_NullTest:
		return one(r,
			   expr_new(r, ((NullTest *)node)->nulltesttype == IS_NULL ? EXPR_IS_NULL : EXPR_IS_NOT_NULL),
			   (Node *)((NullTest *)node)->arg);
	case T_BooleanTest:
		return read_bool_test(r, (BooleanTest *)node);
	case T_SubLink:
		return read_sublink(r, (SubLink *)node);
	case T_CaseExpr:
		return read_case(r, (CaseExpr *)node);
	case T_CoalesceExpr:
		return with_list(r, expr_new(r, EXPR_COALESCE), ((CoalesceExpr *)node)->args);
	case T_MinMaxExpr:
		return read_min_max(r, (MinMaxExpr *)node);
	case T_SQLValueFunction:
		return read_keyword(r, (SQLValueFunction *)node);
	case T_CollateClause:
		return read_collate(r, (CollateClause *)node);
	case T_A_ArrayExpr:
		return with_list(r, expr_new(r, EXPR_ARRAY), ((A_ArrayExpr *)node)->elements);
	case T_RowExpr: {
		Expr *row = expr_new(r, EXPR_ARRAY);
		row->text = "row";
		return with_list(r, row, ((RowExpr *)node)->args);
	}
	case T_List:
		return with_list(r, expr_new(r, EXPR_ARRAY), (List *)node);
	case T_A_Indirection:
		return read_indirection(r, (A_Indirection *)node);
	case T_ParamRef:
		return read_parameter(r, (ParamRef *)node);
	case T_SetToDefault:
		return other(r, "default");
	case T_NamedArgExpr:
		return read_named_argument(r, (NamedArgExpr *)node);
	case T_MultiAssignRef:
		return read_expr(r, ((MultiAssignRef *)node)->source);
	case T_ResTarget:
		return read_expr(r, ((ResTarget *)node)->val);
	case T_GroupingFunc:
		return with_list(r, other(r, "grouping"), ((GroupingFunc *)node)->args);
	case T_GroupingSet:
		return with_list(r, other(r, "grouping sets"), ((GroupingSet *)node)->content);
	case T_XmlExpr:
		with_list(r, other(r, "xml"), ((XmlExpr *)node)->named_args);
		return with_list(r, other(r, "xml"), ((XmlExpr *)node)->args);
	case T_XmlSerialize:
		return one(r, other(r, "xmlserialize"), ((XmlSerialize *)node)->expr);
	case T_CurrentOfExpr:
		return other(r, "current of");
	case T_MergeSupportFunc:
		return other(r, "merge_action");
	default:
		return read_json(r, node);
	}
}

Expr *read_expr(QueryReader *r, Node *node)
{
	if (!node)
		return NULL;
	if (r->depth >= LOWER_DEPTH) {
		Expr *cut = other(r, NULL);
		cut->partial = true;
		r->l->partial = true;
		if (r->query)
			r->query->partial = true;
		return cut;
	}
	r->depth++;
	Expr *expr = read_node(r, node);
	r->depth--;
	return expr;
}

Expr *lower_expr(Lowering *l, Node *node)
{
	QueryReader reader = {.l = l};
	return read_expr(&reader, node);
}
