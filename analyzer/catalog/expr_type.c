/*
 * Types of expressions, as far as they are certain: what the columns of views and of tables made from queries are.
 * An unknown type (no name) is an answer, too.
 */
#include "catalog/typing.h"

enum { DEEPEST = 40 };

DataType built_in_type(const char *name)
{
	return (DataType){.schema = "pg_catalog", .name = name};
}

bool is_type(const DataType *type, const char *name)
{
	return !type->user && !type->dimensions && same(type->name, name);
}

bool is_string_type(const DataType *type)
{
	return is_type(type, "text") || is_type(type, "varchar") || is_type(type, "bpchar");
}

/* The numbers, from the one that turns into all others. */
static const char *const numbers[] = {"int2", "int4", "int8", "numeric", "float4", "float8"};
static const char *const times[] = {"date", "timestamp", "timestamptz"};

static int rank_in(const char *const *names, size_t count, const DataType *type)
{
	for (size_t i = 0; i < count; i++)
		if (is_type(type, names[i]))
			return (int)i;
	return -1;
}

bool is_number_type(const DataType *type)
{
	return rank_in(numbers, LENGTH(numbers), type) >= 0;
}

bool is_time_type(const DataType *type)
{
	return rank_in(times, LENGTH(times), type) >= 0;
}

static DataType without_modifiers(DataType type)
{
	type.modifier_count = 0;
	return type;
}

static DataType array_of(DataType type)
{
	if (type.name)
		type.dimensions = 1;
	return type;
}

DataType common_type(const DataType *a, const DataType *b)
{
	if (!a->name || !b->name)
		return (DataType){0};
	if (same_type(a, b))
		return *a;
	DataType left = without_modifiers(*a), right = without_modifiers(*b);
	if (same_type(&left, &right))
		return left;
	/* Each turns into the other: the first one stays. */
	if (is_string_type(a) && is_string_type(b))
		return left;
	if (is_number_type(a) && is_number_type(b))
		return rank_in(numbers, LENGTH(numbers), a) > rank_in(numbers, LENGTH(numbers), b) ? left : right;
	if (is_time_type(a) && is_time_type(b))
		return rank_in(times, LENGTH(times), a) > rank_in(times, LENGTH(times), b) ? left : right;
	return (DataType){0};
}

bool is_untyped(const Expr *expr)
{
	return expr && (expr->kind == EXPR_NULL || (expr->kind == EXPR_CONSTANT && expr->quoted));
}

/* --- Constants ---------------------------------------------------------------------------------------------------- */

static DataType type_of_constant(const Expr *expr)
{
	if (expr->quoted || !expr->text)
		return built_in_type("text");
	if (same(expr->text, "true") || same(expr->text, "false"))
		return built_in_type("bool");
	size_t length = strlen(expr->text);
	if (strspn(expr->text, "0123456789-") == length)
		return length < 10 ? built_in_type("int4") : (DataType){0};
	return strspn(expr->text, "0123456789.-") == length ? built_in_type("numeric") : (DataType){0};
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
			return built_in_type(keywords[i].type);
	return (DataType){0};
}

/* --- Calls and operators ------------------------------------------------------------------------------------------ */

/*
 * Functions of PostgreSQL that always give one type. "=": the type of the first argument, "[]": an array of that, "#":
 * its element,
 * "+": what sum() makes of it, "~": what avg() does, "^": float8 of a float8 and numeric of other numbers.
 */
/* clang-format off */
static const struct {
	const char *name, *type;
} functions[] = {
	{"abs", "="}, {"array_agg", "[]"}, {"array_append", "="}, {"array_length", "int4"}, {"array_position", "int4"},
	{"array_remove", "="}, {"array_to_string", "text"}, {"avg", "~"}, {"bool_and", "bool"}, {"bool_or", "bool"},
	{"btrim", "text"}, {"cardinality", "int4"}, {"char_length", "int4"}, {"clock_timestamp", "timestamptz"},
	{"concat", "text"}, {"concat_ws", "text"}, {"count", "int8"}, {"currval", "int8"}, {"date_part", "float8"},
	{"dense_rank", "int8"}, {"encode", "text"}, {"every", "bool"}, {"first_value", "="}, {"format", "text"},
	{"gen_random_uuid", "uuid"}, {"initcap", "text"}, {"json_agg", "json"}, {"json_build_array", "json"},
	{"json_build_object", "json"}, {"json_object_agg", "json"}, {"jsonb_agg", "jsonb"}, {"jsonb_array_length", "int4"},
	{"jsonb_build_array", "jsonb"}, {"jsonb_build_object", "jsonb"}, {"jsonb_object_agg", "jsonb"}, {"jsonb_set", "jsonb"},
	{"jsonb_typeof", "text"}, {"lag", "="}, {"last_value", "="}, {"lead", "="}, {"left", "text"}, {"length", "int4"},
	{"lower", "text"}, {"lpad", "text"}, {"ltrim", "text"}, {"max", "="}, {"md5", "text"}, {"min", "="},
	{"nextval", "int8"}, {"now", "timestamptz"}, {"ntile", "int4"}, {"percent_rank", "float8"}, {"power", "^"},
	{"random", "float8"}, {"rank", "int8"}, {"regexp_replace", "text"}, {"repeat", "text"}, {"replace", "text"},
	{"right", "text"}, {"row_number", "int8"}, {"rpad", "text"}, {"rtrim", "text"}, {"split_part", "text"},
	{"sqrt", "^"}, {"string_to_array", "text[]"}, {"strpos", "int4"}, {"substr", "text"}, {"substring", "text"},
	{"sum", "+"}, {"to_char", "text"}, {"to_date", "date"}, {"to_json", "json"}, {"to_jsonb", "jsonb"},
	{"to_tsquery", "tsquery"}, {"to_tsvector", "tsvector"}, {"unnest", "#"}, {"upper", "text"}, {"uuid_generate_v4", "uuid"},
};
/* clang-format on */

static DataType type_of_sum(const DataType *type, bool average)
{
	if (is_type(type, "int2") || is_type(type, "int4"))
		return built_in_type(average ? "numeric" : "int8");
	if (is_type(type, "int8") || is_type(type, "numeric"))
		return built_in_type("numeric");
	if (is_type(type, "float4") && average)
		return built_in_type("float8");
	return is_number_type(type) || is_type(type, "interval") ? without_modifiers(*type) : (DataType){0};
}

/* Ranges have a lower() and an upper(), too, and bytea a length() and a substring(). */
static bool is_another(const char *type, const DataType *first)
{
	bool text = same(type, "text");
	return text && first->name &&
	       (first->user || first->dimensions || !(is_string_type(first) || is_type(first, "name")));
}

static DataType type_of_built_in(Typing *typing, const Expr *expr, const char *type, int depth)
{
	DataType first = expr->arguments ? type_of(typing, expr->arguments, depth + 1) : (DataType){0};
	static const char *const several[] = {"lower", "upper", "substring", "substr", "rtrim", "ltrim", "btrim"};
	for (size_t i = 0; i < LENGTH(several); i++)
		if (same(several[i], expr->name.name) && (!expr->arguments || is_another(type, &first)))
			return (DataType){0};
	switch (type[0]) {
	case '=':
		if (expr->arguments && is_untyped(expr->arguments))
			return (DataType){0};
		return is_type(&first, "varchar") ? built_in_type("text") : without_modifiers(first);
	case '[':
		return first.dimensions || is_untyped(expr->arguments) ? (DataType){0}
								       : array_of(without_modifiers(first));
	case '#':
		if (!first.dimensions)
			return (DataType){0};
		first.dimensions = 0;
		return first;
	case '+':
	case '~':
		return type_of_sum(&first, type[0] == '~');
	case '^':
		return !is_number_type(&first) || is_type(&first, "numeric") ? (DataType){0} : built_in_type("float8");
	default:
		break;
	}
	return same(type, "text[]") ? array_of(built_in_type("text")) : built_in_type(type);
}

/* round(x), ceil(x), floor(x): float8 unless it is numeric; date_trunc('day', x): as x is. */
static DataType type_of_rounding(Typing *typing, const Expr *expr, int depth)
{
	static const char *const rounding[] = {"ceil", "ceiling", "floor", "round", "trunc"};
	const char *name = expr->name.name;
	const Expr *first = expr->arguments;
	DataType type = first ? type_of(typing, first, depth + 1) : (DataType){0};
	for (size_t i = 0; i < LENGTH(rounding); i++)
		if (same(rounding[i], name) && is_number_type(&type))
			return built_in_type(is_type(&type, "numeric") || first->next ? "numeric" : "float8");
	if (!same(name, "date_trunc") || !first || !first->next)
		return (DataType){0};
	type = type_of(typing, first->next, depth + 1);
	if (is_type(&type, "date"))
		return built_in_type("timestamptz");
	return is_time_type(&type) || is_type(&type, "interval") ? without_modifiers(type) : (DataType){0};
}

static DataType type_of_call(Typing *typing, const Expr *expr, int depth)
{
	bool several = false;
	const Function *function =
	    find_function(typing->apply->catalog, typing->apply->path, expr->name, NULL, &several);
	if (function)
		return several ? (DataType){0} : function->returns;
	if (expr->name.schema && !same(expr->name.schema, "pg_catalog"))
		return (DataType){0};
	for (size_t i = 0; i < LENGTH(functions); i++)
		if (same(functions[i].name, expr->name.name))
			return type_of_built_in(typing, expr, functions[i].type, depth);
	if (same(expr->name.name, "extract"))
		return built_in_type(typing->apply->catalog->version >= 14 ? "numeric" : "float8");
	return type_of_rounding(typing, expr, depth);
}

static bool is_comparison(const char *text)
{
	static const char *const comparisons[] = {"=",	 "<>", "!=",  "<",   ">",    "<=", ">=", "~", "~*", "!~",
						  "!~*", "~~", "!~~", "~~*", "!~~*", "@>", "<@", "?", "&&", "@@"};
	for (size_t i = 0; i < LENGTH(comparisons); i++)
		if (same(text, comparisons[i]))
			return true;
	return text && (strstr(text, "between") || strstr(text, "like"));
}

static DataType type_of_arithmetic(const char *text, const DataType *left, const DataType *right)
{
	bool plus = same(text, "+"), minus = same(text, "-");
	bool floats = is_type(left, "float4") || is_type(right, "float4");
	if (is_number_type(left) && is_number_type(right) && (same_type(left, right) || !floats))
		return without_modifiers(common_type(left, right));
	if (minus && is_time_type(left) && is_time_type(right))
		return built_in_type(is_type(left, "date") && is_type(right, "date") ? "int4" : "interval");
	if ((plus || minus) && is_time_type(left) && is_type(right, "interval"))
		return is_type(left, "date") ? built_in_type("timestamp") : without_modifiers(*left);
	if ((plus || minus) && is_type(left, "date") && (is_type(right, "int4") || is_type(right, "int2")))
		return *left;
	if (is_type(left, "interval") && (is_type(right, "interval") ? plus || minus : is_number_type(right)))
		return without_modifiers(*left);
	return (DataType){0};
}

static DataType type_of_concatenation(const Expr *first, const DataType *left, const DataType *right)
{
	if (is_string_type(left) && is_string_type(right))
		return built_in_type("text");
	if (is_type(left, "jsonb") && (is_type(right, "jsonb") || is_untyped(first->next)))
		return *left;
	if (left->dimensions && !left->user && !is_untyped(first->next))
		return without_modifiers(*left);
	bool plain =
	    left->name && right->name && !left->user && !right->user && !left->dimensions && !right->dimensions;
	return plain && (is_type(left, "text") || is_type(right, "text")) ? built_in_type("text") : (DataType){0};
}

static DataType type_of_operator(Typing *typing, const Expr *expr, int depth)
{
	const Expr *first = expr->arguments;
	if (is_comparison(expr->text))
		return built_in_type("bool");
	if (same(expr->text, "->>") || same(expr->text, "#>>"))
		return built_in_type("text");
	if (!first)
		return (DataType){0};
	DataType left = type_of(typing, first, depth + 1);
	if (!first->next)
		return same(expr->text, "-") && is_number_type(&left) ? without_modifiers(left) : (DataType){0};
	DataType right = type_of(typing, first->next, depth + 1);
	if (same(expr->text, "->") || same(expr->text, "#>"))
		return is_type(&left, "json") || is_type(&left, "jsonb") ? left : (DataType){0};
	if (same(expr->text, "||"))
		return type_of_concatenation(first, &left, &right);
	bool arithmetic = expr->text && expr->text[0] && !expr->text[1] && strchr("+-*/%", expr->text[0]);
	return arithmetic && !is_untyped(first) && !is_untyped(first->next)
		   ? type_of_arithmetic(expr->text, &left, &right)
		   : (DataType){0};
}

/* --- Choices ------------------------------------------------------------------------------------------------------ */

/* What the parts of a CASE, a COALESCE or an array come to. Strings as written and NULL become what the others are,
 * without its length. */
typedef struct Choice {
	DataType type;
	bool known, bare;
} Choice;

static void choose(Typing *typing, const Expr *expr, Choice *choice, int depth)
{
	if (is_untyped(expr)) {
		choice->bare = true;
		return;
	}
	DataType other = type_of(typing, expr, depth + 1);
	choice->type = choice->known ? common_type(&choice->type, &other) : other;
	choice->known = true;
}

static DataType chosen(const Choice *choice)
{
	if (!choice->known)
		return built_in_type("text");
	return choice->bare ? without_modifiers(choice->type) : choice->type;
}

static DataType type_of_choice(Typing *typing, const Expr *expr, int depth)
{
	Choice choice = {0};
	const Expr *part = expr->arguments;
	if (expr->kind != EXPR_CASE) {
		for (; part; part = part->next)
			choose(typing, part, &choice, depth);
		return chosen(&choice);
	}
	if (expr->text && part)
		part = part->next;
	for (; part; part = part->next) {
		if (part->next)
			part = part->next;
		choose(typing, part, &choice, depth);
	}
	return chosen(&choice);
}

/* It is compared first: varchar has no = of its own, and becomes text. */
static DataType type_of_nullif(Typing *typing, const Expr *expr, int depth)
{
	const Expr *first = expr->arguments;
	DataType type = !first || is_untyped(first) ? (DataType){0} : type_of(typing, first, depth + 1);
	return is_type(&type, "varchar") ? built_in_type("text") : type;
}

static DataType type_of_query(Typing *typing, const Expr *expr, int depth)
{
	if (same(expr->text, "exists") || same(expr->text, "any") || same(expr->text, "all"))
		return built_in_type("bool");
	if (!expr->query || expr->query->outputs.count != 1 || !expr->query->output_exprs.count ||
	    !expr->query->output_exprs.items[0])
		return (DataType){0};
	Typing inside = {.apply = typing->apply, .query = expr->query, .work = typing->work};
	const Expr *output = expr->query->output_exprs.items[0];
	DataType type = is_untyped(output) ? built_in_type("text") : type_of(&inside, output, depth + 1);
	if (same(expr->text, "array"))
		return type.dimensions ? (DataType){0} : array_of(without_modifiers(type));
	return same(expr->text, "scalar") ? type : (DataType){0};
}

static DataType type_of_list(Typing *typing, const Expr *expr, int depth)
{
	if (expr->text || !expr->arguments)
		return (DataType){0};
	Choice choice = {0};
	for (const Expr *item = expr->arguments; item; item = item->next)
		choose(typing, item, &choice, depth);
	DataType type = chosen(&choice);
	return type.dimensions ? (DataType){0} : array_of(without_modifiers(type));
}

DataType type_of(Typing *typing, const Expr *expr, int depth)
{
	OutputColumn column;
	if (depth > DEEPEST)
		return (DataType){0};
	switch (expr->kind) {
	case EXPR_COLUMN:
		return source_column(typing, expr->name, &column, depth) ? column.type : (DataType){0};
	case EXPR_CONSTANT:
		return type_of_constant(expr);
	case EXPR_KEYWORD:
		return type_of_keyword(expr->text);
	case EXPR_CAST:
		return resolve_type(typing->apply->catalog, typing->apply->path, expr->type);
	case EXPR_COLLATE:
		return expr->arguments ? type_of(typing, expr->arguments, depth + 1) : (DataType){0};
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_NOT:
	case EXPR_IS_NULL:
	case EXPR_IS_NOT_NULL:
	case EXPR_IN:
		return built_in_type("bool");
	case EXPR_CALL:
		return type_of_call(typing, expr, depth);
	case EXPR_OPERATOR:
		return type_of_operator(typing, expr, depth);
	case EXPR_CASE:
	case EXPR_COALESCE:
		return same(expr->text, "nullif") ? type_of_nullif(typing, expr, depth)
						  : type_of_choice(typing, expr, depth);
	case EXPR_ARRAY:
		return type_of_list(typing, expr, depth);
	case EXPR_SUBQUERY:
		return type_of_query(typing, expr, depth);
	default:
		return (DataType){0};
	}
}
