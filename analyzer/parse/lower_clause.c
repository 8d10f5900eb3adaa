/*
 * Where clauses are. PostgreSQL's tree says little about places, so the statement's own tokens do: parts between top-level
 * commas are matched with sub-commands, columns or names in order.
 */
#include "parse/lower.h"

static Lexer lexer_at(const Lowering *l, uint32_t from)
{
	return lexer_new(l->piece->bytes, from, l->statement.end);
}

static bool is_identifier(Token token)
{
	return token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD;
}

static bool opens(const Lexer *lexer, Token token)
{
	return token_is_byte(lexer, token, '(') || token_is_byte(lexer, token, '[');
}

static bool closes(const Lexer *lexer, Token token)
{
	return token_is_byte(lexer, token, ')') || token_is_byte(lexer, token, ']');
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
	       (c & 0x80);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Names are asked for often: plain words are walked over by hand, the lexer takes what is quoted. */
static Span identifier_at(const Lowering *l, uint32_t start)
{
	const char *bytes = l->piece->bytes;
	uint32_t end = start;
	while (end < l->statement.end && is_word_byte(bytes[end]))
		end++;
	if (end > start && bytes[end] != '&')
		return (Span){start, end};
	Lexer lexer = lexer_at(l, start);
	return lexer_next(&lexer).span;
}

/* The offset of what follows blanks. */
static uint32_t behind_blanks(const Lowering *l, uint32_t at)
{
	while (at < l->statement.end && is_blank(l->piece->bytes[at]))
		at++;
	return at;
}

Span name_at(const Lowering *l, int location)
{
	if (location < 0 || (uint32_t)location >= l->statement.end)
		return (Span){0};
	Span name = identifier_at(l, (uint32_t)location);
	for (;;) {
		uint32_t dot = behind_blanks(l, name.end);
		uint32_t part = dot < l->statement.end && l->piece->bytes[dot] == '.' ? behind_blanks(l, dot + 1) : dot;
		if (part == dot || part >= l->statement.end)
			return name;
		if (!is_word_byte(l->piece->bytes[part]) && l->piece->bytes[part] != '"')
			return name;
		name.end = identifier_at(l, part).end;
	}
}

Span source_name_at(const Lowering *l, int location)
{
	Span name = name_at(l, location);
	return name.end > name.start ? source_span(l, name) : (Span){0};
}

/* Is the token the identifier? Quotes inside quoted words are compared as they are: such names are not found. */
static bool spells(const Lexer *lexer, Token token, const char *identifier)
{
	Text text = token_text(lexer, token);
	if (token.kind == TOKEN_WORD)
		return text_is_nocase(text, identifier);
	if (token.kind != TOKEN_QUOTED_WORD || text.length < 2 || text.data[0] != '"')
		return false;
	return text_is((Text){text.data + 1, text.length - 2}, identifier);
}

/* The first word that is the identifier, behind the span's first token; empty when there is none. */
static Span find_identifier(const Lowering *l, Span in, const char *identifier)
{
	if (!identifier || in.end <= in.start)
		return (Span){0};
	Lexer lexer = lexer_new(l->piece->bytes, in.start, in.end);
	lexer_next(&lexer);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		if (spells(&lexer, token, identifier))
			return token.span;
	return (Span){0};
}

Span source_identifier(const Lowering *l, Span in, const char *identifier)
{
	Span found = find_identifier(l, in, identifier);
	return found.end > found.start ? source_span(l, found) : (Span){0};
}

Span *split_list(const Lowering *l, uint32_t from, uint32_t count)
{
	Span *parts = new_array(l->arena, Span, count);
	uint32_t found = 0;
	int open = 0;
	bool fresh = true;
	Lexer lexer = lexer_at(l, from);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (opens(&lexer, token))
			open++;
		else if (closes(&lexer, token) && --open < 0)
			break;
		if (!open && token_is_byte(&lexer, token, ',')) {
			fresh = true;
			continue;
		}
		if (fresh && found == count)
			return NULL;
		if (fresh)
			parts[found++].start = token.span.start;
		parts[found - 1].end = token.span.end;
		fresh = false;
	}
	return found == count ? parts : NULL;
}

/* Blanks are cut by hand; only where a comment may be do tokens decide. */
Span trimmed(const Lowering *l, uint32_t start, uint32_t limit)
{
	const char *text = l->piece->bytes + start;
	size_t length = limit - start;
	Span span = {start, limit};
	if (!memmem(text, length, "--", 2) && !memmem(text, length, "/*", 2)) {
		while (span.end > start && is_blank(l->piece->bytes[span.end - 1]))
			span.end--;
		return span;
	}
	span.end = start;
	Lexer lexer = lexer_new(l->piece->bytes, start, limit);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		span.end = token.span.end;
	return span;
}

uint32_t behind_parenthesis(const Lowering *l, uint32_t from)
{
	Lexer lexer = lexer_at(l, from);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		if (token_is_byte(&lexer, token, '('))
			return token.span.end;
	return l->statement.end;
}

Span inside_parenthesis(const Lowering *l, uint32_t from)
{
	Lexer lexer = lexer_at(l, from);
	Span span = {lexer_peek(&lexer).span.start, from};
	int open = 0;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (opens(&lexer, token))
			open++;
		else if (closes(&lexer, token) && --open < 0)
			break;
		span.end = token.span.end;
	}
	return span.end < span.start ? (Span){from, from} : span;
}

const char *clause_text(const Lowering *l, Span span)
{
	Buf buf = {0};
	Lexer lexer = lexer_new(l->piece->bytes, span.start, span.end);
	uint32_t end = 0;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (buf.length && token.span.start > end)
			buf_addc(&buf, ' ');
		Text text = token_text(&lexer, token);
		buf_add(&buf, text.data, text.length);
		end = token.span.end;
	}
	const char *text = arena_copy(l->arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}

Span call_at(const Lowering *l, int location)
{
	Span span = name_at(l, location);
	if (span.end == span.start)
		return l->statement;
	Lexer lexer = lexer_at(l, span.end);
	int open = 0;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (opens(&lexer, token))
			open++;
		else if (!open)
			return span;
		else if (closes(&lexer, token) && --open == 0)
			return (Span){span.start, token.span.end};
	}
	return span;
}

/* Words that stand between DROP and the first name. */
static bool is_drop_word(const Lexer *lexer, Token token)
{
	static const char *const words[] = {
	    "drop",	    "table",	  "foreign",   "view",	     "materialized", "index",	      "sequence",
	    "concurrently", "if",	  "exists",    "type",	     "domain",	     "schema",	      "function",
	    "procedure",    "routine",	  "aggregate", "extension",  "collation",    "conversion",    "statistics",
	    "text",	    "search",	  "parser",    "dictionary", "template",     "configuration", "access",
	    "method",	    "event",	  "trigger",   "data",	     "wrapper",	     "server",	      "publication",
	    "language",	    "procedural", "operator",  "role",	     "user",	     "group"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (token_is(lexer, token, words[i]))
			return true;
	return false;
}

Span *dropped_names(const Lowering *l, uint32_t count)
{
	Lexer lexer = lexer_at(l, l->statement.start);
	Token token = lexer_next(&lexer);
	while (is_drop_word(&lexer, token)) {
		/* `DROP TABLE data`: a name may be one of these words; it is the last of them then. */
		Token next = lexer_peek(&lexer);
		if (!is_identifier(next))
			break;
		token = lexer_next(&lexer);
	}
	Span *names = split_list(l, token.span.start, count);
	if (!names)
		return NULL;
	Lexer last = lexer_new(l->piece->bytes, names[count - 1].start, names[count - 1].end);
	lexer_next(&last);
	for (Token word = lexer_next(&last); word.kind != TOKEN_END; word = lexer_next(&last))
		if (token_is(&last, word, "cascade") || token_is(&last, word, "restrict"))
			names[count - 1] = trimmed(l, names[count - 1].start, word.span.start);
	return names;
}
