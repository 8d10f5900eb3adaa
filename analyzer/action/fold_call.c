/* The built-in functions that bodies make texts with. https://www.postgresql.org/docs/current/functions-string.html */
#include "action/fold_inside.h"

typedef const Expr *const Values[];

/* Only ASCII: what other letters become depends on the locale, and their number on the encoding. */
static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static void add_literal(Buf *buf, const char *text)
{
	bool escapes = strchr(text, '\\') != NULL;
	buf_adds(buf, escapes ? "E'" : "'");
	for (const char *c = text; *c; c++) {
		if (*c == '\'' || *c == '\\')
			buf_addc(buf, *c);
		buf_addc(buf, *c);
	}
	buf_addc(buf, '\'');
}

/* --- format() ----------------------------------------------------------------------------------------------------- */

/* One argument as %I, %L or %s writes it; false for what the server refuses. */
static bool add_formatted(Buf *buf, const Expr *value, char how)
{
	if (value->kind == EXPR_ARRAY || (value->kind == EXPR_NULL && how == 'I'))
		return false;
	const char *text = value->kind == EXPR_NULL ? NULL : constant_output_text(value);
	if (how == 'I')
		quote_identifier(buf, text);
	else if (how == 'L' && text)
		add_literal(buf, text);
	else if (how == 'L')
		buf_adds(buf, "NULL");
	else if (how == 's')
		buf_adds(buf, text ? text : "");
	return how == 'I' || how == 'L' || how == 's';
}

/* %I, %L, %s with positions (%1$I), no widths. */
static const Expr *call_format(Arena *arena, Values values, uint32_t count)
{
	if (values[0]->kind != EXPR_CONSTANT)
		return values[0]->kind == EXPR_NULL ? values[0] : NULL;
	Buf buf = {0};
	bool known = true;
	uint32_t argument = 1;
	for (const char *c = values[0]->text; known && *c; c++) {
		if (*c != '%' || *++c == '%') {
			buf_addc(&buf, *c);
			continue;
		}
		const char *digits = c;
		uint32_t position = 0;
		while (*digits >= '0' && *digits <= '9' && position < 1000)
			position = position * 10 + (uint32_t)(*digits++ - '0');
		if (position && *digits == '$') {
			c = digits + 1;
			argument = position;
		}
		known = argument < count && *c && add_formatted(&buf, values[argument], *c) && buf.length <= LONGEST_FOLDED_TEXT;
		argument++;
		if (!*c)
			break;
	}
	if (known)
		return constant_from_buf(arena, &buf);
	buf_free(&buf);
	return NULL;
}

/* --- Joining ------------------------------------------------------------------------------------------------------ */

static const Expr *joined(Arena *arena, const char *separator, Values values, uint32_t count)
{
	Buf buf = {0};
	bool first = true, known = true;
	for (uint32_t i = 0; i < count && known; i++) {
		known = values[i]->kind != EXPR_ARRAY && buf.length <= LONGEST_FOLDED_TEXT;
		if (!known || values[i]->kind == EXPR_NULL)
			continue;
		buf_adds(&buf, first ? "" : separator);
		buf_adds(&buf, constant_output_text(values[i]));
		first = false;
	}
	if (known)
		return constant_from_buf(arena, &buf);
	buf_free(&buf);
	return NULL;
}

static const Expr *call_concat(Arena *arena, Values values, uint32_t count)
{
	return joined(arena, "", values, count);
}

static const Expr *call_concat_ws(Arena *arena, Values values, uint32_t count)
{
	return values[0]->kind == EXPR_CONSTANT ? joined(arena, values[0]->text, values + 1, count - 1) : NULL;
}

/* --- Strict functions: NULL for NULL ------------------------------------------------------------------------------ */

static const Expr *quoted_as(Arena *arena, const Expr *value, char how)
{
	Buf buf = {0};
	if (add_formatted(&buf, value, how))
		return constant_from_buf(arena, &buf);
	buf_free(&buf);
	return NULL;
}

static const Expr *call_quote_ident(Arena *arena, Values values, UNUSED uint32_t count)
{
	return quoted_as(arena, values[0], 'I');
}

static const Expr *call_quote_literal(Arena *arena, Values values, UNUSED uint32_t count)
{
	return quoted_as(arena, values[0], 'L');
}

static const Expr *in_case(Arena *arena, const char *text, char from, char to)
{
	if (!is_ascii(text))
		return NULL;
	char *copy = arena_string(arena, text);
	for (char *c = copy; *c; c++)
		if (*c >= from && *c <= to)
			*c ^= 'a' ^ 'A';
	return constant_text(arena, copy);
}

static const Expr *call_lower(Arena *arena, Values values, UNUSED uint32_t count)
{
	return in_case(arena, values[0]->text, 'A', 'Z');
}

static const Expr *call_upper(Arena *arena, Values values, UNUSED uint32_t count)
{
	return in_case(arena, values[0]->text, 'a', 'z');
}

static const Expr *call_length(Arena *arena, Values values, UNUSED uint32_t count)
{
	return is_ascii(values[0]->text) ? constant_number(arena, (long long)strlen(values[0]->text)) : NULL;
}

static const Expr *call_btrim(Arena *arena, Values values, UNUSED uint32_t count)
{
	const char *text = values[0]->text;
	text += strspn(text, " ");
	size_t length = strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	return constant_text(arena, arena_copy(arena, text, length));
}

static const Expr *call_replace(Arena *arena, Values values, UNUSED uint32_t count)
{
	const char *text = values[0]->text, *from = values[1]->text, *to = values[2]->text;
	Buf buf = {0};
	for (const char *found; *from && (found = strstr(text, from)) && buf.length <= LONGEST_FOLDED_TEXT;
	     text = found + strlen(from)) {
		buf_add(&buf, text, (size_t)(found - text));
		buf_adds(&buf, to);
	}
	buf_adds(&buf, text);
	return constant_from_buf(arena, &buf);
}

/* substr(text, from, length), left(text, length), right(text, length): characters are bytes in ASCII. */
static const Expr *slice(Arena *arena, const char *text, long long from, long long length)
{
	long long end = (long long)strlen(text);
	if (!is_ascii(text) || length < 0 || length > LONGEST_FOLDED_TEXT || from < -LONGEST_FOLDED_TEXT || from > end)
		return length >= 0 && from > end ? constant_text(arena, "") : NULL;
	long long to = from + length < end ? from + length : end;
	from = from < 0 ? 0 : from;
	return constant_text(arena, arena_copy(arena, text + from, (size_t)(to > from ? to - from : 0)));
}

static const Expr *call_substring(Arena *arena, Values values, uint32_t count)
{
	long long from, length = LONGEST_FOLDED_TEXT;
	if (values[1]->quoted || !constant_is_integer(values[1], &from) || (count > 2 && !constant_is_integer(values[2], &length)))
		return NULL;
	return slice(arena, values[0]->text, from - 1, length);
}

static const Expr *call_left(Arena *arena, Values values, UNUSED uint32_t count)
{
	long long length;
	return constant_is_integer(values[1], &length) ? slice(arena, values[0]->text, 0, length) : NULL;
}

static const Expr *call_right(Arena *arena, Values values, UNUSED uint32_t count)
{
	long long length, all = (long long)strlen(values[0]->text);
	if (!constant_is_integer(values[1], &length) || length < 0)
		return NULL;
	return slice(arena, values[0]->text, length < all ? all - length : 0, length);
}

/* --- Arrays ------------------------------------------------------------------------------------------------------- */

static const Expr *call_array_length(Arena *arena, Values values, uint32_t count)
{
	long long items = 0, dimension = 1;
	if (values[0]->kind != EXPR_ARRAY || (count > 1 && (!constant_is_integer(values[1], &dimension) || dimension != 1)))
		return NULL;
	for (const Expr *item = values[0]->arguments; item; item = item->next)
		items++;
	return items || count == 1 ? constant_number(arena, items) : constant_null(arena);
}

static const Expr *call_array_to_string(Arena *arena, Values values, UNUSED uint32_t count)
{
	if (values[0]->kind != EXPR_ARRAY || values[1]->kind != EXPR_CONSTANT)
		return NULL;
	Buf buf = {0};
	for (const Expr *item = values[0]->arguments; item && buf.length <= LONGEST_FOLDED_TEXT; item = item->next) {
		if (item->kind != EXPR_CONSTANT)
			continue;
		buf_adds(&buf, buf.length ? values[1]->text : "");
		buf_adds(&buf, constant_output_text(item));
	}
	return constant_from_buf(arena, &buf);
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	uint32_t least, most; /* arguments */
	bool texts;           /* of one value each, and NULL for NULL */
	const Expr *(*call)(Arena *arena, Values values, uint32_t count);
} functions[] = {
    {"format", 1, 200, false, call_format},
    {"concat", 1, 200, false, call_concat},
    {"concat_ws", 1, 200, false, call_concat_ws},
    {"quote_ident", 1, 1, true, call_quote_ident},
    {"quote_literal", 1, 1, true, call_quote_literal},
    {"quote_nullable", 1, 1, false, call_quote_literal},
    {"lower", 1, 1, true, call_lower},
    {"upper", 1, 1, true, call_upper},
    {"length", 1, 1, true, call_length},
    {"char_length", 1, 1, true, call_length},
    {"btrim", 1, 1, true, call_btrim},
    {"replace", 3, 3, true, call_replace},
    {"substr", 2, 3, true, call_substring},
    {"substring", 2, 3, true, call_substring},
    {"left", 2, 2, true, call_left},
    {"right", 2, 2, true, call_right},
    {"array_length", 2, 2, false, call_array_length},
    {"cardinality", 1, 1, false, call_array_length},
    {"array_to_string", 2, 2, false, call_array_to_string},
};

const Expr *fold_call(Arena *arena, const char *function, const Expr *const *values, uint32_t count)
{
	for (size_t i = 0; i < LENGTH(functions); i++) {
		if (!same(functions[i].name, function) || count < functions[i].least || count > functions[i].most)
			continue;
		for (uint32_t v = 0; v < count && functions[i].texts; v++) {
			if (values[v]->kind == EXPR_NULL)
				return values[v];
			if (values[v]->kind != EXPR_CONSTANT)
				return NULL;
		}
		return functions[i].call(arena, values, count);
	}
	return NULL;
}
