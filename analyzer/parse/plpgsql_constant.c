/* What can be known of texts that a body makes: constants, concatenations, format(), variables that hold constants. */
#include "parse/plpgsql.h"

enum { CONSTANT_DEPTH = 40 };

Variable *find_variable(Body *b, const char *name)
{
	for (uint32_t i = b->variables.count; i > 0; i--)
		if (same(b->variables.items[i - 1].name, name))
			return &b->variables.items[i - 1];
	return NULL;
}

void set_variable(Body *b, const char *name, const char *value)
{
	Variable *variable = find_variable(b, name);
	if (variable)
		*variable = (Variable){.name = variable->name, .value = value};
}

const Expr *constant_array(Body *b, const Expr *expr)
{
	while (expr && expr->kind == EXPR_CAST)
		expr = expr->arguments;
	if (expr && expr->kind == EXPR_COLUMN && !expr->name.schema) {
		const Variable *variable = find_variable(b, expr->name.name);
		return variable ? variable->array : NULL;
	}
	return expr && expr->kind == EXPR_ARRAY && !expr->text ? expr : NULL;
}

static bool add_constant(Body *b, Buf *buf, const Expr *expr, int depth);

static bool add_all(Body *b, Buf *buf, const Expr *first, int depth)
{
	for (const Expr *part = first; part; part = part->next)
		if (!add_constant(b, buf, part, depth))
			return false;
	return first != NULL;
}

static void add_literal(Buf *buf, const char *text)
{
	buf_addc(buf, '\'');
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			buf_addc(buf, '\'');
		buf_addc(buf, *c);
	}
	buf_addc(buf, '\'');
}

/* One argument as %I, %L or %s writes it. */
static bool add_formatted(Body *b, Buf *buf, const Expr *argument, char how, int depth)
{
	Buf value = {0};
	bool known = add_constant(b, &value, argument, depth);
	const char *text = value.data ? value.data : "";
	if (known && how == 'I')
		quote_identifier(buf, text);
	else if (known && how == 'L')
		add_literal(buf, text);
	else if (known)
		buf_adds(buf, text);
	buf_free(&value);
	return known;
}

/* format(text, …) with %I, %L, %s and positions (%1$I). */
static bool add_format(Body *b, Buf *buf, const Expr *arguments, int depth)
{
	Buf format = {0};
	bool known = arguments && add_constant(b, &format, arguments, depth);
	const Expr *argument = arguments ? arguments->next : NULL;
	const char *c = format.data ? format.data : "";
	for (; known && *c; c++) {
		if (*c != '%') {
			buf_addc(buf, *c);
			continue;
		}
		if (*++c == '%') {
			buf_addc(buf, '%');
			continue;
		}
		const char *digits = c;
		unsigned position = 0;
		while (*digits >= '0' && *digits <= '9' && position < 1000)
			position = position * 10 + (unsigned)(*digits++ - '0');
		if (position && *digits == '$') {
			c = digits + 1;
			argument = arguments;
			for (unsigned i = 0; i < position && argument; i++)
				argument = argument->next;
		}
		known = argument && (*c == 'I' || *c == 'L' || *c == 's') && add_formatted(b, buf, argument, *c, depth);
		argument = argument ? argument->next : NULL;
		if (!*c)
			break;
	}
	buf_free(&format);
	return known;
}

static bool add_call(Body *b, Buf *buf, const Expr *call, int depth)
{
	if (name_is(call->name, "pg_catalog", "format"))
		return add_format(b, buf, call->arguments, depth);
	if (name_is(call->name, "pg_catalog", "concat"))
		return add_all(b, buf, call->arguments, depth);
	if (name_is(call->name, "pg_catalog", "quote_ident") && call->arguments)
		return add_formatted(b, buf, call->arguments, 'I', depth);
	if (name_is(call->name, "pg_catalog", "quote_literal") && call->arguments)
		return add_formatted(b, buf, call->arguments, 'L', depth);
	return false;
}

static bool add_constant(Body *b, Buf *buf, const Expr *expr, int depth)
{
	if (!expr || depth > CONSTANT_DEPTH)
		return false;
	depth++;
	switch (expr->kind) {
	case EXPR_CONSTANT:
		buf_adds(buf, expr->text);
		return true;
	case EXPR_COLUMN: {
		Variable *variable = expr->name.schema ? NULL : find_variable(b, expr->name.name);
		if (!variable || !variable->value)
			return false;
		buf_adds(buf, variable->value);
		return true;
	}
	case EXPR_CAST:
		return (same(expr->type->name.name, "text") || same(expr->type->name.name, "varchar")) &&
		       add_constant(b, buf, expr->arguments, depth);
	case EXPR_OPERATOR:
	case EXPR_OTHER:
		return same(expr->text, "||") && add_all(b, buf, expr->arguments, depth);
	case EXPR_CALL:
		return add_call(b, buf, expr, depth);
	default:
		return false;
	}
}

const char *constant_text(Body *b, const Expr *expr)
{
	Buf buf = {0};
	const char *text = NULL;
	if (add_constant(b, &buf, expr, 0))
		text = arena_copy(b->l.arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}
