/* The types that a PL/pgSQL body declares variables of: a row's is looked up when the routine is made, not when it runs. */
#include "parse/plpgsql.h"

static const char *part_of_name(Body *b, Token token)
{
	return token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD ? body_identifier(b, token) : NULL;
}

/* name [CONSTANT] type …; the type's name alone or with its schema, `%ROWTYPE` or nothing behind it. */
static void read_type(Body *b, FunctionDef *routine)
{
	Token first = body_next(b);
	Span span = body_to_semicolon(b, first.span);
	Lexer lexer = lexer_new(b->lexer.text, first.span.end, span.end);
	Token token = lexer_next(&lexer);
	if (token_is(&lexer, token, "constant"))
		token = lexer_next(&lexer);
	Name name = {.name = part_of_name(b, token)};
	if (!name.name)
		return;
	token = lexer_next(&lexer);
	if (body_is_byte(b, token, '.')) {
		name = (Name){name.name, part_of_name(b, lexer_next(&lexer))};
		token = lexer_next(&lexer);
	}
	bool percent = body_is_byte(b, token, '%');
	if (percent ? !token_is(&lexer, lexer_next(&lexer), "rowtype")
		    : body_is_byte(b, token, '[') || body_is_byte(b, token, '.') || token_is(&lexer, token, "array"))
		return;
	if (name.name)
		array_push(b->l.arena, &routine->row_types, name);
}

void plpgsql_declared_types(Lowering *l, const Piece *body, FunctionDef *routine)
{
	Body b = {.l = lower_inside(l), .lexer = lexer_new(body->bytes, 0, body->length)};
	for (Token token = body_next(&b); token.kind != TOKEN_END; token = body_next(&b))
		if (body_is(&b, token, "declare"))
			while (!body_is(&b, body_peek(&b), "begin") && body_peek(&b).kind != TOKEN_END)
				read_type(&b, routine);
}
