#include "literal.h"

#include <ctype.h>

typedef struct Reader {
	Arena *arena;
	const char *bytes;
	uint32_t at, end;
	Rewrites *rewrites;
} Reader;

static void put(Reader *reader, uint32_t end, const char *sql, size_t length)
{
	Rewrite made = {{reader->at, end}, {arena_copy(reader->arena, sql, length), length}};
	array_push(reader->arena, reader->rewrites, made);
	reader->at = end;
}

/* ${name} of the words in an expression, so that the same expression is the same word everywhere. */
static void put_expression(Reader *reader, uint32_t end, const char *expression, size_t length)
{
	Buf word = {0};
	buf_adds(&word, "${");
	for (size_t i = 0; i < length && word.length < 40; i++)
		if (isalnum((unsigned char)expression[i]) || expression[i] == '_')
			buf_addc(&word, expression[i]);
		else if (expression[i] == '!' || expression[i] == ':' || expression[i] == '(')
			break;
	buf_adds(&word, word.length == 2 ? "value}" : "}");
	put(reader, end, word.data, word.length);
	buf_free(&word);
}

static void read_backslash(Reader *reader)
{
	char next = reader->at + 1 < reader->end ? reader->bytes[reader->at + 1] : '\0';
	uint32_t digits = next == 'x' ? 2 : next == 'u' ? 4 : next == 'U' ? 8 : 0;
	static const char plain[] = "nrtabfv0", means[] = "\n\r\t   \v ";
	const char *known = next ? strchr(plain, next) : NULL;
	if (reader->at + 2 > reader->end || !next)
		reader->at = reader->end;
	else if (digits && reader->at + 2 + digits <= reader->end)
		put(reader, reader->at + 2 + digits, "?", 1);
	else if (next == '\n')
		put(reader, reader->at + 2, "", 0);
	else if (known)
		put(reader, reader->at + 2, means + (known - plain), 1);
	else
		put(reader, reader->at + 2, &next, 1);
}

/* The place behind the '}' of an expression that starts at `from`; the end when there is none. */
static uint32_t behind_braces(const Reader *reader, uint32_t from)
{
	uint32_t depth = 1;
	for (uint32_t at = from; at < reader->end; at++) {
		if (reader->bytes[at] == '{')
			depth++;
		else if (reader->bytes[at] == '}' && --depth == 0)
			return at + 1;
	}
	return reader->end;
}

static void read_braces(Reader *reader, uint32_t opening)
{
	uint32_t start = reader->at + opening, end = behind_braces(reader, start);
	uint32_t inside = end > start && reader->bytes[end - 1] == '}' ? end - 1 : end;
	put_expression(reader, end, reader->bytes + start, inside - start);
}

/* %s, %d, %(name)s; %% is a percent sign. */
static void read_percent(Reader *reader)
{
	char next = reader->at + 1 < reader->end ? reader->bytes[reader->at + 1] : '\0';
	const char *close = next == '(' ? memchr(reader->bytes + reader->at, ')', reader->end - reader->at) : NULL;
	uint32_t behind = close ? (uint32_t)(close + 2 - reader->bytes) : 0;
	if (next == '%')
		put(reader, reader->at + 2, "%", 1);
	else if (close && behind <= reader->end)
		put_expression(reader, behind, reader->bytes + reader->at + 2, behind - reader->at - 4);
	else if (byte_in(next, "sdrif"))
		put_expression(reader, reader->at + 2, "value", 5);
	else
		reader->at++;
}

void literal_rewrites(Arena *arena, const char *bytes, Span inner, int style, Rewrites *rewrites)
{
	Reader reader = {.arena = arena, .bytes = bytes, .at = inner.start, .end = inner.end, .rewrites = rewrites};
	while (reader.at < reader.end) {
		char c = bytes[reader.at], next = reader.at + 1 < reader.end ? bytes[reader.at + 1] : '\0';
		if (c == '\\' && (style & LITERAL_BACKSLASH))
			read_backslash(&reader);
		else if (c == '"' && next == '"' && (style & LITERAL_DOUBLED))
			put(&reader, reader.at + 2, "\"", 1);
		else if ((c == '{' || c == '}') && next == c && (style & LITERAL_BRACES))
			put(&reader, reader.at + 2, &c, 1);
		else if (c == '{' && (style & LITERAL_BRACES))
			read_braces(&reader, 1);
		else if (c == '#' && next == '{' && (style & LITERAL_HASH))
			read_braces(&reader, 2);
		else if (c == '$' && next == '{' && (style & LITERAL_DOLLAR))
			read_braces(&reader, 2);
		else if (c == '%' && (style & LITERAL_PERCENT))
			read_percent(&reader);
		else
			reader.at++;
	}
}
