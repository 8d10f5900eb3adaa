#include "action/fold.h"
#include "action/fold_inside.h"

#include <errno.h>
#include <stdlib.h>

enum { FOLD_DEPTH = 64, FOLD_ARGUMENTS = 200 };

/* --- Values ------------------------------------------------------------------------------------------------------- */

static const Expr *value_new(Arena *arena, ExprKind kind, const char *text, bool quoted)
{
	Expr *value = new (arena, Expr);
	*value = (Expr){.kind = kind, .text = text, .quoted = quoted};
	return value;
}

const Expr *constant_null(Arena *arena)
{
	return value_new(arena, EXPR_NULL, NULL, false);
}

const Expr *constant_text(Arena *arena, const char *text)
{
	return value_new(arena, EXPR_CONSTANT, arena_string(arena, text), true);
}

const Expr *constant_bool(Arena *arena, bool truth)
{
	return value_new(arena, EXPR_CONSTANT, truth ? "true" : "false", false);
}

const Expr *constant_number(Arena *arena, long long number)
{
	return value_new(arena, EXPR_CONSTANT, arena_print(arena, "%lld", number), false);
}

const Expr *constant_from_buf(Arena *arena, Buf *buf)
{
	const Expr *value = NULL;
	if (buf->length <= LONGEST_FOLDED_TEXT)
		value = value_new(arena, EXPR_CONSTANT, arena_copy(arena, buf->data ? buf->data : "", buf->length), true);
	buf_free(buf);
	return value;
}

bool constant_is_bool(const Expr *value)
{
	return value->kind == EXPR_CONSTANT && !value->quoted && (same(value->text, "true") || same(value->text, "false"));
}

bool constant_is_integer(const Expr *value, long long *number)
{
	if (value->kind != EXPR_CONSTANT || !value->text[0])
		return false;
	char *end;
	errno = 0;
	*number = strtoll(value->text, &end, 10);
	return !*end && !errno;
}

/* As || and casts write it: true is "true". The value is a constant. */
static const char *constant_cast_text(const Expr *value)
{
	return value->text;
}

const char *constant_output_text(const Expr *value)
{
	return !constant_is_bool(value) ? value->text : value->text[0] == 't' ? "t" : "f";
}

/* --- Casts -------------------------------------------------------------------------------------------------------- */

static const Expr *cast_to_bool(Arena *arena, const Expr *value)
{
	static const char *const words[] = {"true", "t", "yes", "on", "1", "false", "f", "no", "off", "0"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (same_nocase(value->text, words[i]))
			return constant_bool(arena, i < LENGTH(words) / 2);
	return NULL;
}

/* '{a,b}' without quotes, escapes and nested arrays. */
static const Expr *array_literal(Arena *arena, const char *text)
{
	size_t length = strlen(text);
	if (length < 2 || text[0] != '{' || text[length - 1] != '}' || strpbrk(text, "\"\\ ") || strpbrk(text + 1, "{"))
		return NULL;
	Expr *array = new (arena, Expr);
	array->kind = EXPR_ARRAY;
	Expr **end = &array->arguments;
	for (const char *item = text + 1; length > 2 && *item;) {
		size_t size = strcspn(item, ",}");
		*end = new (arena, Expr);
		**end = (Expr){.kind = EXPR_CONSTANT, .text = arena_copy(arena, item, size), .quoted = true};
		end = &(*end)->next;
		item += size + 1;
	}
	return array;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same(word, words[i]))
			return true;
	return false;
}

/* Dates like 'today' and everything that depends on the session's settings are no constants. */
static bool is_iso_date(const char *text)
{
	static const char shape[] = "0000-00-00";
	size_t i = 0;
	for (; shape[i] && text[i]; i++)
		if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return false;
	return !shape[i] && !text[i];
}

static const Expr *fold_cast(Arena *arena, const TypeRef *type, const Expr *value)
{
	/* Types whose text stays as it is; those of regclass's family name what their text names. */
	static const char *const texts[] = {"text", "varchar", "name", "regclass", "regtype", "regproc", "regprocedure",
					    "regrole", "regnamespace", "json", "citext", "bpchar"};
	static const char *const numbers[] = {"int2", "int4", "int8", "numeric", "oid"};
	if (value->kind == EXPR_NULL)
		return value;
	if (type->dimensions)
		return value->kind == EXPR_ARRAY ? value : value->quoted ? array_literal(arena, value->text) : NULL;
	if (value->kind != EXPR_CONSTANT || type->modifier_count || type->percent_type)
		return NULL;
	const char *name = type->name.name;
	long long number;
	if (is_one_of(name, texts, LENGTH(texts)))
		return constant_text(arena, constant_cast_text(value));
	if (is_one_of(name, numbers, LENGTH(numbers)))
		return constant_is_integer(value, &number) ? constant_number(arena, number) : NULL;
	if (same(name, "bool"))
		return cast_to_bool(arena, value);
	return same(name, "date") && is_iso_date(value->text) ? value : NULL;
}

/* --- Operators ---------------------------------------------------------------------------------------------------- */

static const Expr *fold(Arena *arena, const Expr *expr, int depth);

static const Expr *concatenation(Arena *arena, const Expr *first, int depth)
{
	Buf buf = {0};
	bool null = false, known = first != NULL;
	for (const Expr *part = first; part && known; part = part->next) {
		const Expr *value = fold(arena, part, depth);
		known = value && value->kind != EXPR_ARRAY && buf.length <= LONGEST_FOLDED_TEXT;
		null |= known && value->kind == EXPR_NULL;
		if (known && value->kind == EXPR_CONSTANT)
			buf_adds(&buf, constant_cast_text(value));
	}
	if (known && !null)
		return constant_from_buf(arena, &buf);
	buf_free(&buf);
	return known ? constant_null(arena) : NULL;
}

static const Expr *arithmetic(Arena *arena, char operator, long long a, long long b)
{
	long long result;
	bool overflow = true;
	switch (operator) {
	case '+':
		overflow = __builtin_add_overflow(a, b, &result);
		break;
	case '-':
		overflow = __builtin_sub_overflow(a, b, &result);
		break;
	case '*':
		overflow = __builtin_mul_overflow(a, b, &result);
		break;
	case '/':
	case '%':
		if (b > 0) {
			result = operator == '/' ? a / b : a % b;
			overflow = false;
		}
		break;
	}
	return overflow ? NULL : constant_number(arena, result);
}

/* -1, 0, 1; 2 when only a collation or a type's own order could tell. */
static int compare(const Expr *a, const Expr *b)
{
	long long x, y;
	bool numeric = (!a->quoted && !constant_is_bool(a)) || (!b->quoted && !constant_is_bool(b));
	if (numeric && constant_is_integer(a, &x) && constant_is_integer(b, &y))
		return x < y ? -1 : x > y;
	return strcmp(a->text, b->text) == 0 ? 0 : 2;
}

/* true compared with 'yes': the text is read as a boolean. */
static const Expr *like(Arena *arena, const Expr *value, const Expr *other)
{
	return value->kind == EXPR_CONSTANT && value->quoted && constant_is_bool(other) ? cast_to_bool(arena, value) : value;
}

static const Expr *comparison(Arena *arena, const char *operator, const Expr *a, const Expr *b)
{
	bool equal_asked = same(operator, "="), unequal_asked = same(operator, "<>") || same(operator, "!=");
	bool distinct = same(operator, "is distinct from"), not_distinct = same(operator, "is not distinct from");
	bool nulls = a->kind == EXPR_NULL || b->kind == EXPR_NULL;
	if (nulls && (distinct || not_distinct))
		return constant_bool(arena, (a->kind == b->kind) == not_distinct);
	if (nulls)
		return constant_null(arena);
	if (a->kind != EXPR_CONSTANT || b->kind != EXPR_CONSTANT)
		return NULL;
	a = like(arena, a, b);
	b = a ? like(arena, b, a) : NULL;
	int order = a && b ? compare(a, b) : 2;
	if (!a || !b)
		return NULL;
	if (equal_asked || not_distinct)
		return constant_bool(arena, order == 0);
	if (unequal_asked || distinct)
		return constant_bool(arena, order != 0);
	if (order == 2)
		return NULL;
	if (same(operator, "<"))
		return constant_bool(arena, order < 0);
	if (same(operator, "<="))
		return constant_bool(arena, order <= 0);
	if (same(operator, ">"))
		return constant_bool(arena, order > 0);
	return same(operator, ">=") ? constant_bool(arena, order >= 0) : NULL;
}

static const Expr *fold_operator(Arena *arena, const Expr *expr, int depth)
{
	if (same(expr->text, "||"))
		return concatenation(arena, expr->arguments, depth);
	const Expr *left = expr->arguments, *right = left ? left->next : NULL;
	if (!right || right->next || !expr->text)
		return NULL;
	const Expr *a = fold(arena, left, depth), *b = a ? fold(arena, right, depth) : NULL;
	if (!a || !b)
		return NULL;
	long long x, y;
	if (strchr("+-*/%", expr->text[0]) && !expr->text[1])
		return constant_is_integer(a, &x) && constant_is_integer(b, &y) ? arithmetic(arena, expr->text[0], x, y) : NULL;
	return comparison(arena, expr->text, a, b);
}

/* value IN (…) and value = ANY (array). */
static const Expr *fold_membership(Arena *arena, const Expr *needle, const Expr *first, bool negated, int depth)
{
	const Expr *value = fold(arena, needle, depth);
	if (!value || value->kind != EXPR_CONSTANT)
		return NULL;
	for (const Expr *item = first; item; item = item->next) {
		const Expr *candidate = fold(arena, item, depth);
		if (!candidate || candidate->kind != EXPR_CONSTANT)
			return NULL;
		if (compare(value, candidate) == 0)
			return constant_bool(arena, !negated);
	}
	return constant_bool(arena, negated);
}

static const Expr *fold_any(Arena *arena, const Expr *expr, int depth)
{
	const Expr *array = expr->arguments ? fold(arena, expr->arguments->next, depth) : NULL;
	if (!array || array->kind != EXPR_ARRAY)
		return NULL;
	return fold_membership(arena, expr->arguments, array->arguments, false, depth);
}

/* One part that decides is enough; with NULL among the others the answer is NULL. */
static const Expr *fold_logic(Arena *arena, const Expr *expr, int depth)
{
	bool decisive = expr->kind == EXPR_OR, known = true, null = false;
	for (const Expr *part = expr->arguments; part; part = part->next) {
		const Expr *value = fold(arena, part, depth);
		if (value && value->kind == EXPR_CONSTANT && value->quoted)
			value = cast_to_bool(arena, value);
		if (value && constant_is_bool(value) && same(value->text, "true") == decisive)
			return constant_bool(arena, decisive);
		known = known && value && (value->kind == EXPR_NULL || constant_is_bool(value));
		null |= value && value->kind == EXPR_NULL;
	}
	return !known ? NULL : null ? constant_null(arena) : constant_bool(arena, !decisive);
}

static const Expr *fold_not(Arena *arena, const Expr *expr, int depth)
{
	const Expr *value = fold(arena, expr->arguments, depth);
	if (value && value->kind == EXPR_CONSTANT && value->quoted)
		value = cast_to_bool(arena, value);
	if (!value || value->kind == EXPR_NULL)
		return value;
	return constant_is_bool(value) ? constant_bool(arena, same(value->text, "false")) : NULL;
}

/* --- Everything else ---------------------------------------------------------------------------------------------- */

static const Expr *fold_coalesce(Arena *arena, const Expr *expr, int depth)
{
	if (same(expr->text, "nullif")) {
		const Expr *a = fold(arena, expr->arguments, depth);
		const Expr *b = a ? fold(arena, expr->arguments->next, depth) : NULL;
		const Expr *equal = b ? comparison(arena, "=", a, b) : NULL;
		return !equal ? NULL : same(equal->text, "true") ? constant_null(arena) : a;
	}
	if (expr->text)
		return NULL;
	for (const Expr *part = expr->arguments; part; part = part->next) {
		const Expr *value = fold(arena, part, depth);
		if (!value || value->kind != EXPR_NULL)
			return value;
	}
	return constant_null(arena);
}

/* CASE [operand] WHEN … THEN … [ELSE …]: the arguments are all parts in order; text tells whether there is an operand. */
static const Expr *fold_case(Arena *arena, const Expr *expr, int depth)
{
	const Expr *part = expr->arguments, *operand = NULL;
	if (expr->text) {
		operand = fold(arena, part, depth);
		if (!operand)
			return NULL;
		part = part->next;
	}
	for (; part && part->next; part = part->next->next) {
		const Expr *when = fold(arena, part, depth);
		if (when && operand)
			when = comparison(arena, "=", operand, when);
		if (!when)
			return NULL;
		if (same(when->text, "true"))
			return fold(arena, part->next, depth);
	}
	return part ? fold(arena, part, depth) : constant_null(arena);
}

static const Expr *fold_array(Arena *arena, const Expr *expr, int depth)
{
	if (expr->text)
		return NULL;
	Expr *array = new (arena, Expr);
	array->kind = EXPR_ARRAY;
	Expr **end = &array->arguments;
	for (const Expr *item = expr->arguments; item; item = item->next) {
		const Expr *value = fold(arena, item, depth);
		if (!value)
			return NULL;
		*end = new (arena, Expr);
		**end = *value;
		(*end)->next = NULL;
		end = &(*end)->next;
	}
	return array;
}

/* array[i]; indexes start at 1, and what is outside is NULL. */
static const Expr *fold_subscript(Arena *arena, const Expr *expr, int depth)
{
	const Expr *array = fold(arena, expr->arguments, depth);
	const Expr *index = array ? expr->arguments->next : NULL;
	long long at;
	if (!index || index->next || array->kind != EXPR_ARRAY || !folded_integer(arena, index, &at))
		return NULL;
	const Expr *item = array->arguments;
	for (long long i = 1; item && i < at; i++)
		item = item->next;
	return item && at >= 1 ? item : constant_null(arena);
}

static const Expr *fold_other(Arena *arena, const Expr *expr, int depth)
{
	if (same(expr->text, "||"))
		return concatenation(arena, expr->arguments, depth);
	if (same(expr->text, "[]"))
		return fold_subscript(arena, expr, depth);
	const Expr *value = expr->text && starts_with(expr->text, "is ") ? fold(arena, expr->arguments, depth) : NULL;
	if (!value || (value->kind != EXPR_NULL && !constant_is_bool(value)))
		return NULL;
	bool negated = starts_with(expr->text, "is not ");
	const char *state = expr->text + (negated ? strlen("is not ") : strlen("is "));
	return constant_bool(arena, same(value->kind == EXPR_NULL ? "unknown" : value->text, state) != negated);
}

static const Expr *fold_function(Arena *arena, const Expr *call, int depth)
{
	if ((call->name.schema && !same(call->name.schema, "pg_catalog")) || call->text)
		return NULL;
	const Expr *values[FOLD_ARGUMENTS];
	uint32_t count = 0;
	for (const Expr *argument = call->arguments; argument; argument = argument->next) {
		if (count == FOLD_ARGUMENTS)
			return NULL;
		values[count] = fold(arena, argument, depth);
		if (!values[count++])
			return NULL;
	}
	return fold_call(arena, call->name.name, values, count);
}

/* (SELECT expression) without FROM and WHERE. */
static const Expr *fold_subquery(Arena *arena, const Expr *expr, int depth)
{
	const Query *query = expr->query;
	bool bare = same(expr->text, "scalar") && query && !query->uses.count && !query->where && !query->has_limit &&
		    query->output_exprs.count == 1;
	return bare ? fold(arena, query->output_exprs.items[0], depth) : NULL;
}

static const Expr *fold(Arena *arena, const Expr *expr, int depth)
{
	if (!expr || expr->partial || ++depth > FOLD_DEPTH)
		return NULL;
	const Expr *value;
	switch (expr->kind) {
	case EXPR_NULL:
	case EXPR_CONSTANT:
		return expr;
	case EXPR_CAST:
		value = fold(arena, expr->arguments, depth);
		return value ? fold_cast(arena, expr->type, value) : NULL;
	case EXPR_AND:
	case EXPR_OR:
		return fold_logic(arena, expr, depth);
	case EXPR_NOT:
		return fold_not(arena, expr, depth);
	case EXPR_IS_NULL:
	case EXPR_IS_NOT_NULL:
		value = fold(arena, expr->arguments, depth);
		return value ? constant_bool(arena, (value->kind == EXPR_NULL) == (expr->kind == EXPR_IS_NULL)) : NULL;
	case EXPR_OPERATOR:
		return same(expr->text, "= any") ? fold_any(arena, expr, depth) : fold_operator(arena, expr, depth);
	case EXPR_IN:
		return expr->arguments
			   ? fold_membership(arena, expr->arguments, expr->arguments->next, expr->text != NULL, depth)
			   : NULL;
	case EXPR_ARRAY:
		return fold_array(arena, expr, depth);
	case EXPR_CASE:
		return fold_case(arena, expr, depth);
	case EXPR_COALESCE:
		return fold_coalesce(arena, expr, depth);
	case EXPR_COLLATE:
		return fold(arena, expr->arguments, depth);
	case EXPR_CALL:
		return fold_function(arena, expr, depth);
	case EXPR_SUBQUERY:
		return fold_subquery(arena, expr, depth);
	case EXPR_OTHER:
		return fold_other(arena, expr, depth);
	case EXPR_NONE:
	case EXPR_COLUMN:
	case EXPR_KEYWORD:
		break;
	}
	return NULL;
}

const Expr *expr_fold(Arena *arena, const Expr *expr)
{
	return fold(arena, expr, 0);
}

const char *folded_text(Arena *arena, const Expr *expr)
{
	const Expr *value = expr_fold(arena, expr);
	return value && value->kind == EXPR_CONSTANT ? constant_output_text(value) : NULL;
}

int folded_truth(Arena *arena, const Expr *expr)
{
	const Expr *value = expr_fold(arena, expr);
	if (value && value->kind == EXPR_CONSTANT && value->quoted)
		value = cast_to_bool(arena, value);
	if (!value || (value->kind != EXPR_NULL && !constant_is_bool(value)))
		return -1;
	return value->kind == EXPR_CONSTANT && same(value->text, "true");
}

const Expr *folded_array(Arena *arena, const Expr *expr)
{
	const Expr *value = expr_fold(arena, expr);
	return value && value->kind == EXPR_CONSTANT ? array_literal(arena, value->text) : value;
}

bool folded_integer(Arena *arena, const Expr *expr, long long *number)
{
	const Expr *value = expr_fold(arena, expr);
	return value && constant_is_integer(value, number);
}
