/*
 * One form for all ways to write an expression. PostgreSQL keeps expressions parsed and prints them in words of its own
 * (pg_get_constraintdef, pg_get_indexdef, pg_get_viewdef): with the casts that were implied, IN as = ANY (ARRAY[…]),
 * BETWEEN as two comparisons. A rollback often pastes what it printed.
 */
#include "catalog/inside.h"

enum { DEEPEST = 40 };

/* Only one of the columns, of the functions that the user needs is called so: the qualifier says nothing. */
static bool is_unambiguous(const Object *user, ExprKind kind, const char *name)
{
	uint32_t found = 0;
	for (const Depend *need = user->uses; need; need = need->next_used) {
		const Object *used = need->used;
		bool asked = kind == EXPR_COLUMN ? used->kind == OBJECT_COLUMN : name_class(used->kind) == CLASS_ROUTINE;
		if (!need->gone && asked && same(used->name, name))
			found++;
	}
	return found <= 1;
}

static bool is_string(const Expr *expr)
{
	return expr->kind == EXPR_CONSTANT && expr->quoted;
}

/* To types that values are turned into without being asked to.
 * https://www.postgresql.org/docs/current/typeconv-overview.html */
static bool widens(const TypeRef *type)
{
	static const char *const types[] = {"text", "int8", "numeric", "float8", "timestamptz"};
	for (size_t i = 0; i < LENGTH(types); i++)
		if (name_is(type->name, "pg_catalog", types[i]))
			return !type->dimensions && !type->modifier_count;
	return false;
}

/* Casts that PostgreSQL prints where none was written. */
static const Expr *without_casts(const Expr *expr)
{
	for (int depth = 0; depth < DEEPEST && expr->kind == EXPR_CAST && expr->arguments && expr->type; depth++) {
		const Expr *inside = expr->arguments;
		bool to_text = name_is(expr->type->name, "pg_catalog", "text") && !expr->type->dimensions;
		if (!is_string(inside) && !to_text && !(inside->kind == EXPR_COLUMN && widens(expr->type)))
			break;
		expr = inside;
	}
	return expr;
}

/*
 * ARRAY[a, b]::text[] casts the elements, and is printed so: ARRAY[a::text, b::text].
 * https://www.postgresql.org/docs/current/sql-expressions.html#SQL-SYNTAX-ARRAY-CONSTRUCTORS
 */
static const Expr *with_elements_cast(Arena *arena, const Expr *expr)
{
	const Expr *list = expr->kind == EXPR_CAST && expr->type && expr->type->dimensions == 1 ? expr->arguments : NULL;
	if (!list || list->kind != EXPR_ARRAY || list->text)
		return expr;
	TypeRef *type = new (arena, TypeRef);
	*type = *expr->type;
	type->dimensions = 0;
	Expr *array = new (arena, Expr);
	*array = (Expr){.kind = EXPR_ARRAY};
	Expr **end = &array->arguments;
	for (const Expr *item = list->arguments; item; item = item->next) {
		Expr *cast = new (arena, Expr), *element = new (arena, Expr);
		*element = *item;
		element->next = NULL;
		*cast = (Expr){.kind = EXPR_CAST, .type = type, .arguments = element};
		*end = cast;
		end = &cast->next;
	}
	return array;
}

static const char *plain_operator(const char *text)
{
	static const char *const pairs[][2] = {
	    {"like", "~~"},	  {"not like", "!~~"}, {"ilike", "~~*"}, {"not ilike", "!~~*"},
	};
	for (size_t i = 0; text && i < LENGTH(pairs); i++)
		if (same(text, pairs[i][0]))
			return pairs[i][1];
	return text;
}

static Expr *joined(Arena *arena, ExprKind kind, const char *text, const Expr *left, const Expr *right)
{
	Expr *expr = new (arena, Expr);
	Expr *first = new (arena, Expr), *second = new (arena, Expr);
	*expr = (Expr){.kind = kind, .text = text, .arguments = first};
	*first = *left;
	*second = *right;
	first->next = second;
	second->next = NULL;
	return expr;
}

/* a BETWEEN x AND y: its arguments are a, x, y. */
static Expr *plain_between(Arena *arena, const Expr *expr)
{
	const Expr *value = expr->arguments, *low = value ? value->next : NULL, *high = low ? low->next : NULL;
	if (!high)
		return NULL;
	if (same(expr->text, "between"))
		return joined(arena, EXPR_AND, NULL, joined(arena, EXPR_OPERATOR, ">=", value, low),
			      joined(arena, EXPR_OPERATOR, "<=", value, high));
	if (same(expr->text, "not between"))
		return joined(arena, EXPR_OR, NULL, joined(arena, EXPR_OPERATOR, "<", value, low),
			      joined(arena, EXPR_OPERATOR, ">", value, high));
	return NULL;
}

/* a = ANY (ARRAY[…]) is a IN (…), a <> ALL (ARRAY[…]) is a NOT IN (…); a list of one is a comparison. */
static void plain_list(Expr *expr)
{
	Expr *value = expr->arguments, *list = value ? value->next : NULL;
	bool any = same(expr->text, "= any"), all = same(expr->text, "<> all");
	if (expr->kind == EXPR_OPERATOR && (any || all) && list && list->kind == EXPR_ARRAY && !list->text) {
		value->next = list->arguments;
		expr->kind = EXPR_IN;
		expr->text = all ? "not" : NULL;
	}
	if (expr->kind == EXPR_IN && expr->arguments && expr->arguments->next && !expr->arguments->next->next) {
		expr->kind = EXPR_OPERATOR;
		expr->text = expr->text ? "<>" : "=";
	}
}

/* An AND that came of a BETWEEN stands in the list of the AND around it. */
static Expr **add_argument(const Expr *list, Expr **end, Expr *argument)
{
	bool same_kind = argument->kind == list->kind && (list->kind == EXPR_AND || list->kind == EXPR_OR);
	*end = same_kind ? argument->arguments : argument;
	while (*end)
		end = &(*end)->next;
	return end;
}

static Expr *plain(Arena *arena, const Object *user, const Expr *expr, int depth)
{
	const char *span = interval_text(arena, expr);
	expr = with_elements_cast(arena, without_casts(expr));
	Expr *copy = new (arena, Expr);
	*copy = *expr;
	copy->next = NULL;
	if ((expr->kind == EXPR_COLUMN || expr->kind == EXPR_CALL) && is_unambiguous(user, expr->kind, expr->name.name))
		copy->name.schema = NULL;
	if (span)
		copy->text = span;
	if (depth >= DEEPEST)
		return copy;
	copy->arguments = NULL;
	Expr **end = &copy->arguments;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next) {
		/* ELSE NULL is what CASE does anyway. */
		bool null = argument->kind == EXPR_NULL || (argument->kind == EXPR_CAST && argument->arguments &&
							    argument->arguments->kind == EXPR_NULL);
		if (expr->kind == EXPR_CASE && !argument->next && null)
			break;
		end = add_argument(copy, end, plain(arena, user, argument, depth + 1));
	}
	if (expr->kind == EXPR_OPERATOR)
		copy->text = plain_operator(copy->text);
	plain_list(copy);
	Expr *both = copy->kind == EXPR_OPERATOR ? plain_between(arena, copy) : NULL;
	return both ? both : copy;
}

const Expr *plain_expr(Arena *arena, const Object *user, const Expr *expr)
{
	return plain(arena, user, expr, 0);
}
