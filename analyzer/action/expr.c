#include "action/expr.h"

bool names_have(const Names *names, const char *name)
{
	for (uint32_t i = 0; i < names->count; i++)
		if (same(names->items[i], name))
			return true;
	return false;
}

/* Printing and searching stop this far down. */
enum { EXPR_DEPTH = 40 };

static void print(Buf *buf, const Expr *expr, int depth);

static void print_list(Buf *buf, const Expr *first, const char *separator, int depth)
{
	for (const Expr *item = first; item; item = item->next) {
		if (item != first)
			buf_adds(buf, separator);
		print(buf, item, depth);
	}
}

static void print_quoted(Buf *buf, const char *text)
{
	buf_addc(buf, '\'');
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			buf_addc(buf, '\'');
		buf_addc(buf, *c);
	}
	buf_addc(buf, '\'');
}

static void print_name(Buf *buf, Name name)
{
	if (name.schema && !same(name.schema, "pg_catalog")) {
		quote_identifier(buf, name.schema);
		buf_addc(buf, '.');
	}
	quote_identifier(buf, name.name ? name.name : "");
}

/* Operands that would read differently without parentheses. */
static bool is_compound(const Expr *expr)
{
	switch (expr->kind) {
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_NOT:
	case EXPR_OPERATOR:
	case EXPR_IN:
	case EXPR_IS_NULL:
	case EXPR_IS_NOT_NULL:
	case EXPR_COLLATE:
		return true;
	default:
		return false;
	}
}

static void print_operand(Buf *buf, const Expr *expr, int depth)
{
	if (!expr) {
		buf_addc(buf, '?');
		return;
	}
	bool compound = is_compound(expr);
	if (compound)
		buf_addc(buf, '(');
	print(buf, expr, depth);
	if (compound)
		buf_addc(buf, ')');
}

static void print_operands(Buf *buf, const Expr *first, const char *separator, int depth)
{
	for (const Expr *item = first; item; item = item->next) {
		if (item != first)
			buf_adds(buf, separator);
		print_operand(buf, item, depth);
	}
}

static void print_type(Buf *buf, const TypeRef *type)
{
	Arena scratch = {0};
	buf_adds(buf, type ? type_ref_text(&scratch, type) : "?");
	arena_free(&scratch);
}

static void print_operator(Buf *buf, const Expr *expr, int depth)
{
	const Expr *left = expr->arguments;
	if (left && left->next) {
		print_operand(buf, left, depth);
		buf_addf(buf, " %s ", expr->text);
		print_operands(buf, left->next, strstr(expr->text, "between") ? " and " : ", ", depth);
	} else {
		buf_addf(buf, "%s ", expr->text);
		print_operand(buf, left, depth);
	}
}

static void print_call(Buf *buf, const Expr *expr, int depth)
{
	print_name(buf, expr->name);
	buf_addc(buf, '(');
	if (expr->text)
		buf_adds(buf, expr->text);
	if (expr->text && expr->arguments)
		buf_addc(buf, ' ');
	print_list(buf, expr->arguments, ", ", depth);
	buf_addc(buf, ')');
}

static void print_listed(Buf *buf, const Expr *expr, const char *word, int depth)
{
	buf_adds(buf, expr->text ? expr->text : word);
	buf_addc(buf, '(');
	print_list(buf, expr->arguments, ", ", depth);
	buf_addc(buf, ')');
}

static void print(Buf *buf, const Expr *expr, int depth)
{
	if (!expr || depth > EXPR_DEPTH) {
		buf_addc(buf, '?');
		return;
	}
	depth++;
	switch (expr->kind) {
	case EXPR_NONE:
		buf_addc(buf, '?');
		break;
	case EXPR_NULL:
		buf_adds(buf, "null");
		break;
	case EXPR_CONSTANT:
		if (expr->quoted)
			print_quoted(buf, expr->text);
		else
			buf_adds(buf, expr->text);
		break;
	case EXPR_COLUMN:
		print_name(buf, expr->name);
		break;
	case EXPR_CALL:
		print_call(buf, expr, depth);
		break;
	case EXPR_KEYWORD:
		buf_adds(buf, expr->text);
		break;
	case EXPR_CAST:
		print_operand(buf, expr->arguments, depth);
		buf_adds(buf, "::");
		print_type(buf, expr->type);
		break;
	case EXPR_AND:
		print_operands(buf, expr->arguments, " and ", depth);
		break;
	case EXPR_OR:
		print_operands(buf, expr->arguments, " or ", depth);
		break;
	case EXPR_NOT:
		buf_adds(buf, "not ");
		print_operand(buf, expr->arguments, depth);
		break;
	case EXPR_IS_NULL:
		print_operand(buf, expr->arguments, depth);
		buf_adds(buf, " is null");
		break;
	case EXPR_IS_NOT_NULL:
		print_operand(buf, expr->arguments, depth);
		buf_adds(buf, " is not null");
		break;
	case EXPR_OPERATOR:
		print_operator(buf, expr, depth);
		break;
	case EXPR_IN:
		print_operand(buf, expr->arguments, depth);
		buf_adds(buf, same(expr->text, "not") ? " not in (" : " in (");
		print_list(buf, expr->arguments ? expr->arguments->next : NULL, ", ", depth);
		buf_addc(buf, ')');
		break;
	case EXPR_ARRAY:
		if (expr->text) {
			print_listed(buf, expr, "row", depth);
			break;
		}
		buf_adds(buf, "array[");
		print_list(buf, expr->arguments, ", ", depth);
		buf_addc(buf, ']');
		break;
	case EXPR_CASE:
		print_listed(buf, expr, "case", depth);
		break;
	case EXPR_COALESCE:
		print_listed(buf, expr, "coalesce", depth);
		break;
	case EXPR_COLLATE:
		print_operand(buf, expr->arguments, depth);
		buf_adds(buf, " collate ");
		print_name(buf, expr->name);
		break;
	case EXPR_SUBQUERY:
		print_list(buf, expr->arguments, ", ", depth);
		buf_addf(buf, "%s%s (select ?)", expr->arguments ? " " : "", expr->text ? expr->text : "scalar");
		break;
	case EXPR_OTHER:
		if (expr->text || expr->arguments)
			print_listed(buf, expr, "?", depth);
		else
			buf_addc(buf, '?');
		break;
	}
}

void expr_print(Buf *buf, const Expr *expr)
{
	print(buf, expr, 0);
}

char *expr_text(Arena *arena, const Expr *expr)
{
	Buf buf = {0};
	expr_print(&buf, expr);
	char *text = arena_copy(arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

static bool mentions(const Expr *expr, const char *column, int depth)
{
	if (depth > EXPR_DEPTH)
		return false;
	for (; expr; expr = expr->next) {
		if (expr->kind == EXPR_COLUMN && same(expr->name.name, column))
			return true;
		if (mentions(expr->arguments, column, depth + 1))
			return true;
	}
	return false;
}

bool expr_mentions_column(const Expr *expr, const char *column)
{
	if (!expr)
		return false;
	return (expr->kind == EXPR_COLUMN && same(expr->name.name, column)) || mentions(expr->arguments, column, 1);
}

bool query_calls_output(const Query *query, const char *name)
{
	for (uint32_t i = 0; i < query->outputs.count; i++) {
		const Expr *expr = i < query->output_exprs.count ? query->output_exprs.items[i] : NULL;
		bool keeps = expr && expr->kind == EXPR_COLUMN && same(expr->name.name, name);
		if (same(query->outputs.items[i], name) && !keeps)
			return true;
	}
	return false;
}
