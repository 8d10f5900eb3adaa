/* Walking over the tokens of a body. */
#include "parse/plpgsql.h"

Token body_next(Body *b)
{
	return lexer_next(&b->lexer);
}

Token body_peek(const Body *b)
{
	return lexer_peek(&b->lexer);
}

bool body_is(const Body *b, Token token, const char *word)
{
	return token_is(&b->lexer, token, word);
}

bool body_is_byte(const Body *b, Token token, char byte)
{
	return token_is_byte(&b->lexer, token, byte);
}

bool body_is_operator(const Body *b, Token token, const char *operator)
{
	return token.kind == TOKEN_OPERATOR && text_is(token_text(&b->lexer, token), operator);
}

bool body_accept(Body *b, const char *word)
{
	if (!body_is(b, body_peek(b), word))
		return false;
	body_next(b);
	return true;
}

void body_accept_byte(Body *b, char byte)
{
	if (body_is_byte(b, body_peek(b), byte))
		body_next(b);
}

const char *word_identifier(Body *b, Text word)
{
	if (word.length >= 2 && word.data[0] == '"')
		return arena_copy(b->l.arena, word.data + 1, word.length - 2);
	char *name = arena_copy(b->l.arena, word.data, word.length);
	for (char *c = name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return name;
}

const char *body_identifier(Body *b, Token token)
{
	return word_identifier(b, token_text(&b->lexer, token));
}

Span body_to_semicolon(Body *b, Span span)
{
	for (int open = 0;;) {
		Token token = body_next(b);
		if (token.kind == TOKEN_END)
			return span;
		if (body_is_byte(b, token, '('))
			open++;
		else if (body_is_byte(b, token, ')'))
			open--;
		else if (open <= 0 && body_is_byte(b, token, ';'))
			return span;
		span.end = token.span.end;
	}
}

Span body_rest(Body *b)
{
	uint32_t start = body_peek(b).span.start;
	return body_to_semicolon(b, (Span){start, start});
}

Span body_to_word(Body *b, const char *word)
{
	uint32_t start = body_peek(b).span.start;
	Span span = {start, start};
	bool behind_dot = false;
	for (int open = 0, cases = 0;;) {
		Token token = body_next(b);
		if (token.kind == TOKEN_END) {
			b->broken = true;
			return span;
		}
		if (body_is_byte(b, token, '('))
			open++;
		else if (body_is_byte(b, token, ')'))
			open--;
		else if (!behind_dot && !open && !cases && body_is(b, token, word))
			return span;
		else if (!behind_dot && body_is(b, token, "case"))
			cases++;
		else if (!behind_dot && cases && body_is(b, token, "end"))
			cases--;
		behind_dot = body_is_byte(b, token, '.');
		span.end = token.span.end;
	}
}
