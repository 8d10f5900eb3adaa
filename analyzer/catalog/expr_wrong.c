/* What expressions cannot do: functions, operators and casts that do not exist for the types at hand. */
#include "catalog/typing.h"

enum { DEEPEST = 40 };

/* Types that are compared with their own family only; of others nothing is said. */
static bool is_judged(const DataType *type)
{
	static const char *const judged[] = {"bool", "bytea", "interval", "jsonb", "time", "uuid"};
	for (size_t i = 0; i < LENGTH(judged); i++)
		if (is_type(type, judged[i]))
			return true;
	return is_string_type(type) || is_number_type(type) || is_time_type(type);
}

/* Functions whose first argument is a string, or a time; with any other type they do not exist. */
static bool takes_first(const char *name, const DataType *type)
{
	static const char *const of_strings[] = {"btrim",      "decode",	  "initcap", "lower",
						 "ltrim",      "regexp_replace",  "replace", "rtrim",
						 "split_part", "string_to_array", "to_date", "upper"};
	for (size_t i = 0; i < LENGTH(of_strings); i++)
		if (same(of_strings[i], name))
			return is_string_type(type) || is_type(type, "name") || is_type(type, "char");
	static const char *const of_arrays[] = {"array_length", "array_lower", "array_ndims", "array_to_string",
						"array_upper",	"cardinality", "unnest"};
	for (size_t i = 0; i < LENGTH(of_arrays); i++)
		if (same(of_arrays[i], name))
			return type->dimensions || !is_judged(type);
	if (same(name, "to_timestamp"))
		return is_string_type(type) || is_number_type(type);
	return true;
}

static bool compares_with_number(const DataType *type, const char *operator_)
{
	if (is_number_type(type) || is_type(type, "oid") || is_type(type, "money"))
		return true;
	if (same(operator_, "+") || same(operator_, "-"))
		return is_type(type, "date") || is_type(type, "jsonb") || is_type(type, "pg_lsn") ||
		       is_type(type, "inet");
	return (same(operator_, "*") || same(operator_, "/")) && is_type(type, "interval");
}

static bool is_plain_number(const Expr *expr)
{
	return expr && expr->kind == EXPR_CONSTANT && !expr->quoted && expr->text && expr->text[0] >= '0' &&
	       expr->text[0] <= '9';
}

static bool can_compare(const DataType *a, const DataType *b)
{
	if (!is_judged(a) || !is_judged(b) || same(a->name, b->name))
		return true;
	return (is_string_type(a) && is_string_type(b)) || (is_number_type(a) && is_number_type(b)) ||
	       (is_time_type(a) && is_time_type(b));
}

static bool is_comparison(const char *text)
{
	static const char *const comparisons[] = {"=", "<>", "<", ">", "<=", ">="};
	for (size_t i = 0; i < LENGTH(comparisons); i++)
		if (same(text, comparisons[i]))
			return true;
	return false;
}

static bool is_literal(const Expr *expr)
{
	return expr && expr->kind == EXPR_CONSTANT && expr->quoted;
}

/* A string as written becomes a label while the statement is read, whatever rows there are. */
static bool is_no_label(const DataType *type, const Expr *expr)
{
	const Type *labels = type->user;
	if (!labels || labels->kind != TYPE_ENUM || labels->object.assumed || type->dimensions || !is_literal(expr))
		return false;
	for (uint32_t i = 0; i < labels->labels.count; i++)
		if (same(labels->labels.items[i], expr->text))
			return false;
	return true;
}

/* Nothing that begins with a letter is an integer, nor is nothing at all. A template's words are nobody's. */
static bool is_no_integer(const Typing *typing, const DataType *type, const Expr *expr)
{
	if (typing->query->other_columns || type->user || type->dimensions || !is_literal(expr))
		return false;
	if (!is_type(type, "int2") && !is_type(type, "int4") && !is_type(type, "int8"))
		return false;
	const char *text = expr->text + strspn(expr->text, " \t\r\n\v\f");
	return !*text || (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
}

static bool is_no_value(const Typing *typing, const DataType *type, const Expr *expr)
{
	return is_no_label(type, expr) || is_no_integer(typing, type, expr);
}

static const char *wrong_operands(Typing *typing, const Expr *expr, const DataType *type, int depth)
{
	const Expr *left = expr->arguments, *right = left->next;
	bool compares = expr->kind == EXPR_IN || is_comparison(expr->text);
	for (const Expr *value = right; compares && value; value = value->next)
		if (is_no_value(typing, type, value))
			return INVALID_TEXT;
	if (!right || right->next || expr->kind == EXPR_IN)
		return NULL;
	DataType other = type_of(typing, right, depth);
	if (compares && is_no_value(typing, &other, left))
		return INVALID_TEXT;
	/* A string as written has no type yet; nobody judges types of others. */
	if (!type->name || type->user || is_literal(left))
		return NULL;
	static const char *const judged[] = {"+", "-", "*", "/"};
	for (size_t i = 0; is_plain_number(right) && i < LENGTH(judged); i++)
		if (same(expr->text, judged[i]) && !compares_with_number(type, expr->text))
			return UNDEFINED_FUNCTION;
	if (compares && is_plain_number(right))
		return compares_with_number(type, expr->text) ? NULL : UNDEFINED_FUNCTION;
	if (!other.name || other.user || is_literal(right))
		return NULL;
	if (same(expr->text, "+") && is_time_type(type) && is_time_type(&other))
		return UNDEFINED_FUNCTION;
	return compares && !can_compare(type, &other) ? UNDEFINED_FUNCTION : NULL;
}

/* The only function of the name takes something else: nothing turns the arguments into that. */
static bool takes_all(Typing *typing, const Expr *expr, int depth)
{
	bool several = false;
	const Function *function =
	    find_function(typing->apply->catalog, typing->apply->path, expr->name, NULL, &several);
	if (!function || several || function->object.assumed)
		return true;
	uint32_t i = 0;
	for (const Expr *argument = expr->arguments; argument && i < function->arguments.count;
	     argument = argument->next, i++) {
		const DataType *wanted = &function->arguments.items[i];
		DataType given =
		    argument->label || is_untyped(argument) ? (DataType){0} : type_of(typing, argument, depth);
		bool judged = given.name && !given.user && !wanted->user && is_judged(&given) &&
			      (wanted->dimensions || is_judged(wanted));
		if (judged && !starts_with(wanted->name, "any") && !can_assign(&given, wanted))
			return false;
	}
	return true;
}

static const char *wrong_call(Typing *typing, const Expr *expr, const DataType *type, int depth)
{
	const Expr *first = expr->arguments;
	if (expr->name.schema && !same(expr->name.schema, "pg_catalog"))
		return NULL;
	/* extract(field from value) */
	if (same(expr->name.name, "extract") && first->next) {
		DataType value = type_of(typing, first->next, depth);
		bool fits = !is_judged(&value) || is_time_type(&value) || is_type(&value, "time") ||
			    is_type(&value, "interval");
		return fits || is_literal(first->next) ? NULL : UNDEFINED_FUNCTION;
	}
	if (!type->name || type->user || is_literal(first))
		return NULL;
	return takes_first(expr->name.name, type) && takes_all(typing, expr, depth) ? NULL : UNDEFINED_FUNCTION;
}

static const char *wrong_at(Typing *typing, const Expr *expr, int depth)
{
	if (depth > DEEPEST)
		return NULL;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next) {
		const char *sqlstate = wrong_at(typing, argument, depth + 1);
		if (sqlstate)
			return sqlstate;
	}
	const Expr *first = expr->arguments;
	if (!first)
		return NULL;
	DataType type = type_of(typing, first, depth);
	if (expr->kind == EXPR_CAST) {
		DataType to = resolve_type(typing->apply->catalog, typing->apply->path, expr->type);
		if (is_no_value(typing, &to, first))
			return INVALID_TEXT;
		return !type.name || type.user || is_literal(first) || can_cast(&type, &to) ? NULL : CANNOT_COERCE;
	}
	if (expr->kind == EXPR_CALL)
		return wrong_call(typing, expr, &type, depth);
	return expr->kind == EXPR_OPERATOR || expr->kind == EXPR_IN ? wrong_operands(typing, expr, &type, depth) : NULL;
}

const char *wrong_in_expr(Apply *apply, const Relation *relation, const Expr *expr)
{
	if (!expr)
		return NULL;
	RelationUse use = {.relation = {relation->object.schema, relation->object.name}, .mode = USE_READ};
	Query query = {.uses = {&use, 1, 1}};
	TypingWork work = {0};
	const char *sqlstate = wrong_at(&(Typing){.apply = apply, .query = &query, .work = &work}, expr, 0);
	arena_free(&work.arena);
	return sqlstate;
}

const char *wrong_in_query(Apply *apply, const Query *query)
{
	TypingWork work = {0};
	Typing typing = {.apply = apply, .query = query, .work = &work};
	const char *sqlstate = NULL;
	for (uint32_t i = 0; i < query->output_exprs.count && !sqlstate; i++)
		if (query->output_exprs.items[i])
			sqlstate = wrong_at(&typing, query->output_exprs.items[i], 0);
	if (!sqlstate && query->where)
		sqlstate = wrong_at(&typing, query->where, 0);
	arena_free(&work.arena);
	return sqlstate;
}

const char *wrong_value(const Column *column, const Expr *value)
{
	return column && is_no_label(&column->type, value) ? INVALID_TEXT : NULL;
}
