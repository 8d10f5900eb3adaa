/*
 * Types of expressions, as far as they are certain: what the columns of views and of tables made from queries are.
 * An unknown type (no name) is an answer, too.
 */
#include "catalog/inside.h"

enum { DEEPEST = 40 };

typedef struct Typing {
	Apply *apply;
	const Query *query;
} Typing;

static DataType built_in(const char *name)
{
	return (DataType){.schema = "pg_catalog", .name = name};
}

static bool is(const DataType *type, const char *name)
{
	return !type->user && !type->dimensions && same(type->name, name);
}

static bool is_string(const DataType *type)
{
	return is(type, "text") || is(type, "varchar") || is(type, "bpchar");
}

static bool is_number(const DataType *type)
{
	return is(type, "int2") || is(type, "int4") || is(type, "int8") || is(type, "numeric") || is(type, "float4") ||
	       is(type, "float8");
}

/* --- Columns, constants ------------------------------------------------------------------------------------------- */

static const Column *column_of(const Typing *typing, const Expr *expr)
{
	const Query *query = typing->query;
	const Column *found = NULL;
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		if (expr->name.schema && !same(expr->name.schema, use->alias) &&
		    !same(expr->name.schema, use->relation.name))
			continue;
		const Relation *relation = find_relation(typing->apply->catalog, typing->apply->path, use->relation);
		const Column *column = relation ? find_column(relation, expr->name.name) : NULL;
		if (column && found && column != found)
			return NULL;
		found = column ? column : found;
	}
	return found;
}

static DataType type_of_constant(const Expr *expr)
{
	if (expr->quoted || !expr->text)
		return built_in("text");
	if (same(expr->text, "true") || same(expr->text, "false"))
		return built_in("bool");
	size_t length = strlen(expr->text);
	if (strspn(expr->text, "0123456789-") == length)
		return length < 10 ? built_in("int4") : (DataType){0};
	return strspn(expr->text, "0123456789.-") == length ? built_in("numeric") : (DataType){0};
}

static DataType type_of_keyword(const char *word)
{
	static const struct {
		const char *word, *type;
	} keywords[] = {
	    {"current_timestamp", "timestamptz"},
	    {"current_date", "date"},
	    {"localtimestamp", "timestamp"},
	    {"current_time", "timetz"},
	    {"localtime", "time"},
	    {"current_user", "name"},
	    {"session_user", "name"},
	    {"user", "name"},
	    {"current_role", "name"},
	    {"current_catalog", "name"},
	    {"current_schema", "name"},
	};
	for (size_t i = 0; i < LENGTH(keywords); i++)
		if (same(keywords[i].word, word))
			return built_in(keywords[i].type);
	return (DataType){0};
}

/* --- Calls and operators ------------------------------------------------------------------------------------------ */

/* Functions of PostgreSQL that always give one type. "=": the type of the first argument. */
/* clang-format off */
static const struct {
	const char *name, *type;
} functions[] = {
	{"bool_and", "bool"}, {"bool_or", "bool"}, {"btrim", "text"}, {"char_length", "int4"}, {"clock_timestamp", "timestamptz"},
	{"concat", "text"}, {"concat_ws", "text"}, {"count", "int8"}, {"date_part", "float8"}, {"dense_rank", "int8"},
	{"encode", "text"}, {"every", "bool"}, {"format", "text"}, {"gen_random_uuid", "uuid"}, {"initcap", "text"},
	{"json_agg", "json"}, {"json_build_array", "json"}, {"json_build_object", "json"}, {"json_object_agg", "json"},
	{"jsonb_agg", "jsonb"}, {"jsonb_build_array", "jsonb"}, {"jsonb_build_object", "jsonb"}, {"jsonb_object_agg", "jsonb"},
	{"jsonb_set", "jsonb"}, {"left", "text"}, {"lower", "text"}, {"lpad", "text"}, {"ltrim", "text"}, {"max", "="}, {"md5", "text"},
	{"min", "="}, {"now", "timestamptz"}, {"rank", "int8"}, {"regexp_replace", "text"}, {"repeat", "text"}, {"replace", "text"},
	{"right", "text"}, {"row_number", "int8"}, {"rpad", "text"}, {"rtrim", "text"}, {"split_part", "text"}, {"strpos", "int4"},
	{"to_char", "text"}, {"to_json", "json"}, {"to_jsonb", "jsonb"}, {"to_tsquery", "tsquery"}, {"to_tsvector", "tsvector"},
	{"uuid_generate_v4", "uuid"},
};
/* clang-format on */

static DataType find_type_of(const Typing *typing, const Expr *expr, int depth);

static DataType without_modifiers(DataType type)
{
	type.modifier_count = 0;
	return type;
}

static DataType type_of_call(const Typing *typing, const Expr *expr, int depth)
{
	bool several = false;
	const Function *function =
	    find_function(typing->apply->catalog, typing->apply->path, expr->name, NULL, &several);
	if (function)
		return several ? (DataType){0} : function->returns;
	if (expr->name.schema && !same(expr->name.schema, "pg_catalog"))
		return (DataType){0};
	for (size_t i = 0; i < LENGTH(functions); i++) {
		if (!same(functions[i].name, expr->name.name))
			continue;
		if (!same(functions[i].type, "="))
			return built_in(functions[i].type);
		DataType type = expr->arguments ? find_type_of(typing, expr->arguments, depth + 1) : (DataType){0};
		return is(&type, "varchar") ? built_in("text") : without_modifiers(type);
	}
	return (DataType){0};
}

static DataType type_of_operator(const Typing *typing, const Expr *expr, int depth)
{
	static const char *const comparisons[] = {"=",	"<>",  "!=", "<",   ">",   "<=",   ">=", "~",  "~*",
						  "!~", "!~*", "~~", "!~~", "~~*", "!~~*", "@>", "<@", "?"};
	for (size_t i = 0; i < LENGTH(comparisons); i++)
		if (same(expr->text, comparisons[i]))
			return built_in("bool");
	if (same(expr->text, "->>") || same(expr->text, "#>>"))
		return built_in("text");
	if (!expr->arguments || !expr->arguments->next)
		return (DataType){0};
	DataType left = find_type_of(typing, expr->arguments, depth + 1);
	DataType right = find_type_of(typing, expr->arguments->next, depth + 1);
	if (same(expr->text, "->") || same(expr->text, "#>"))
		return is(&left, "json") || is(&left, "jsonb") ? left : (DataType){0};
	if (same(expr->text, "||"))
		return is_string(&left) && is_string(&right) ? built_in("text") : (DataType){0};
	if ((same(expr->text, "+") || same(expr->text, "-") || same(expr->text, "*")) && same_type(&left, &right) &&
	    (is(&left, "int4") || is(&left, "int8") || is(&left, "float8") || is(&left, "numeric")))
		return without_modifiers(left);
	return (DataType){0};
}

static DataType find_type_of(const Typing *typing, const Expr *expr, int depth)
{
	if (depth > DEEPEST)
		return (DataType){0};
	const Column *column;
	switch (expr->kind) {
	case EXPR_COLUMN:
		column = column_of(typing, expr);
		return column ? column->type : (DataType){0};
	case EXPR_CONSTANT:
		return type_of_constant(expr);
	case EXPR_KEYWORD:
		return type_of_keyword(expr->text);
	case EXPR_CAST:
		return resolve_type(typing->apply->catalog, typing->apply->path, expr->type);
	case EXPR_COLLATE:
		return expr->arguments ? find_type_of(typing, expr->arguments, depth + 1) : (DataType){0};
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_NOT:
	case EXPR_IS_NULL:
	case EXPR_IS_NOT_NULL:
	case EXPR_IN:
		return built_in("bool");
	case EXPR_CALL:
		return type_of_call(typing, expr, depth);
	case EXPR_OPERATOR:
		return type_of_operator(typing, expr, depth);
	case EXPR_SUBQUERY:
		return same(expr->text, "exists") ? built_in("bool") : (DataType){0};
	default:
		/* NULL is text, unless the other side of a UNION knows better. */
		return (DataType){0};
	}
}

DataType type_of_output(Apply *apply, const Query *query, const Expr *expr, const char **collation)
{
	*collation = NULL;
	if (!expr)
		return (DataType){0};
	Typing typing = {apply, query};
	const Column *column = expr->kind == EXPR_COLUMN ? column_of(&typing, expr) : NULL;
	if (column)
		*collation = column->collation;
	return find_type_of(&typing, expr, 0);
}

/* --- What cannot be -------------------------------------------------------------------------------------------------
 */

/* Functions whose first argument is a string, or a time; with any other type they do not exist. */
static bool takes_first(const char *name, const DataType *type)
{
	static const char *const of_strings[] = {"btrim",      "decode",	  "initcap", "lower",
						 "ltrim",      "regexp_replace",  "replace", "rtrim",
						 "split_part", "string_to_array", "to_date", "upper"};
	for (size_t i = 0; i < LENGTH(of_strings); i++)
		if (same(of_strings[i], name))
			return is_string(type) || is(type, "name") || is(type, "char");
	if (same(name, "to_timestamp"))
		return is_string(type) || is_number(type);
	return true;
}

static bool compares_with_number(const DataType *type, const char *operator_)
{
	if (is_number(type) || is(type, "oid") || is(type, "money"))
		return true;
	if (same(operator_, "+") || same(operator_, "-"))
		return is(type, "date") || is(type, "jsonb") || is(type, "pg_lsn") || is(type, "inet");
	return (same(operator_, "*") || same(operator_, "/")) && is(type, "interval");
}

static bool is_plain_number(const Expr *expr)
{
	return expr && expr->kind == EXPR_CONSTANT && !expr->quoted && expr->text && expr->text[0] >= '0' &&
	       expr->text[0] <= '9';
}

static bool is_time(const DataType *type)
{
	return is(type, "date") || is(type, "timestamp") || is(type, "timestamptz");
}

/* Types that are compared with their own family only; of others nothing is said. */
static bool is_judged(const DataType *type)
{
	static const char *const judged[] = {"bool", "bytea", "interval", "jsonb", "time", "uuid"};
	for (size_t i = 0; i < LENGTH(judged); i++)
		if (is(type, judged[i]))
			return true;
	return is_string(type) || is_number(type) || is_time(type);
}

static bool can_compare(const DataType *a, const DataType *b)
{
	if (!is_judged(a) || !is_judged(b) || same(a->name, b->name))
		return true;
	return (is_string(a) && is_string(b)) || (is_number(a) && is_number(b)) || (is_time(a) && is_time(b));
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
	if (!is(type, "int2") && !is(type, "int4") && !is(type, "int8"))
		return false;
	const char *text = expr->text + strspn(expr->text, " \t\r\n\v\f");
	return !*text || (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
}

static bool is_no_value(const Typing *typing, const DataType *type, const Expr *expr)
{
	return is_no_label(type, expr) || is_no_integer(typing, type, expr);
}

static const char *wrong_operands(const Typing *typing, const Expr *expr, const DataType *type, int depth)
{
	const Expr *left = expr->arguments, *right = left->next;
	bool compares = expr->kind == EXPR_IN || is_comparison(expr->text);
	for (const Expr *value = right; compares && value; value = value->next)
		if (is_no_value(typing, type, value))
			return INVALID_TEXT;
	if (!right || right->next || expr->kind == EXPR_IN)
		return NULL;
	DataType other = find_type_of(typing, right, depth);
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
	if (same(expr->text, "+") && is_time(type) && is_time(&other))
		return UNDEFINED_FUNCTION;
	return compares && !can_compare(type, &other) ? UNDEFINED_FUNCTION : NULL;
}

static const char *wrong_call(const Typing *typing, const Expr *expr, const DataType *type, int depth)
{
	const Expr *first = expr->arguments;
	if (expr->name.schema && !same(expr->name.schema, "pg_catalog"))
		return NULL;
	/* extract(field from value) */
	if (same(expr->name.name, "extract") && first->next) {
		DataType value = find_type_of(typing, first->next, depth);
		bool fits = !is_judged(&value) || is_time(&value) || is(&value, "time") || is(&value, "interval");
		return fits || is_literal(first->next) ? NULL : UNDEFINED_FUNCTION;
	}
	return !type->name || type->user || is_literal(first) || takes_first(expr->name.name, type) ? NULL
												   : UNDEFINED_FUNCTION;
}

static const char *wrong_at(const Typing *typing, const Expr *expr, int depth)
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
	DataType type = find_type_of(typing, first, depth);
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
	RelationUse use = {.relation = {relation->object.schema, relation->object.name}, .mode = USE_READ};
	Query query = {.uses = {&use, 1, 1}};
	return expr ? wrong_at(&(Typing){apply, &query}, expr, 0) : NULL;
}

const char *wrong_in_query(Apply *apply, const Query *query)
{
	Typing typing = {apply, query};
	const char *sqlstate = NULL;
	for (uint32_t i = 0; i < query->output_exprs.count && !sqlstate; i++)
		if (query->output_exprs.items[i])
			sqlstate = wrong_at(&typing, query->output_exprs.items[i], 0);
	return sqlstate || !query->where ? sqlstate : wrong_at(&typing, query->where, 0);
}

const char *wrong_value(const Column *column, const Expr *value)
{
	return column && is_no_label(&column->type, value) ? INVALID_TEXT : NULL;
}
