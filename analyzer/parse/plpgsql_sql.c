/* SQL inside PL/pgSQL: static statements, expressions, EXECUTE; and the text of a body. */
#include "action/fold.h"
#include "parse/plpgsql.h"

/* --- The text of a body ------------------------------------------------------------------------------------------- */

static Piece *inner_piece(Lowering *l, Span span)
{
	Piece *piece = new (l->arena, Piece);
	*piece = *l->piece;
	piece->bytes = arena_copy(l->arena, l->piece->bytes + span.start, span.end - span.start);
	piece->length = span.end - span.start;
	piece->offset += span.start;
	return piece;
}

/* One byte for the escape behind a backslash; sets *used to its length, backslash included. */
static char escaped(const char *at, uint32_t left, uint32_t *used)
{
	static const struct {
		char letter;
		char byte;
	} escapes[] = {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'b', '\b'}, {'f', '\f'}};
	*used = left > 1 ? 2 : 1;
	if (left < 2)
		return '\\';
	for (size_t i = 0; i < LENGTH(escapes); i++)
		if (escapes[i].letter == at[1])
			return escapes[i].byte;
	return at[1];
}

/* A quoted string: '' and, behind E, backslashes are decoded; a map leads back. */
static Piece *decoded_piece(Lowering *l, Span inside, bool escapes)
{
	ParseText *text = new (l->arena, ParseText);
	char *bytes = arena_alloc(l->arena, 1, inside.end - inside.start + 1);
	const char *from = l->piece->bytes;
	uint32_t length = 0;
	for (uint32_t i = inside.start; i < inside.end;) {
		uint32_t used = 1;
		char byte = from[i];
		if (byte == '\'' && i + 1 < inside.end && from[i + 1] == '\'')
			used = 2;
		else if (escapes && byte == '\\')
			byte = escaped(from + i, inside.end - i, &used);
		if (used > 1)
			array_push(l->arena, &text->substitutions, (Substitution){{length, length + 1}, {i, i + used}});
		bytes[length++] = byte;
		i += used;
	}
	text->bytes = bytes;
	text->length = length;
	text->base = inside.start;
	Piece *piece = new (l->arena, Piece);
	*piece = (Piece){.bytes = bytes, .length = length, .text = text, .outer = l->piece, .fixed = l->piece->fixed};
	return piece;
}

const Piece *body_piece(Lowering *l, int location)
{
	if (location < 0)
		return NULL;
	Lexer lexer = lexer_new(l->piece->bytes, (uint32_t)location, l->statement.end);
	Token token = lexer_next(&lexer);
	while (token.kind != TOKEN_END && token.kind != TOKEN_STRING && token.kind != TOKEN_DOLLAR_STRING)
		token = lexer_next(&lexer);
	if (token.kind == TOKEN_END || token.unended)
		return NULL;
	Span inside = token_inside(&lexer, token);
	if (token.kind == TOKEN_DOLLAR_STRING)
		return inner_piece(l, inside);
	char first = l->piece->bytes[token.span.start];
	return first == '\'' || first == 'e' || first == 'E' ? decoded_piece(l, inside, first != '\'') : NULL;
}

Piece *body_cut(Body *b, Span span)
{
	return inner_piece(&b->l, span);
}

void body_opaque(Body *b, Span span, const char *why)
{
	Action *action = emit(&b->l, ACTION_OPAQUE, span);
	action->value = why;
	b->opaque = b->vague = true;
}

/* --- Expressions -------------------------------------------------------------------------------------------------- */

static void emit_calls_of(Body *b, Span span, const QueryReader *reader)
{
	array_each (TopCall, call, &reader->top_calls) {
		Action *action = emit(&b->l, ACTION_CALL, span);
		action->object_kind = OBJECT_FUNCTION;
		action->relation = call->call->name;
		action->expr = call->call;
	}
}

/* The piece, which stands at `span`, as an expression. */
static BodyExpr piece_expression(Body *b, Span span, const Piece *piece, bool emit_calls)
{
	BodyExpr result = {0};
	Node *node = parse_expression(piece);
	if (!node || !IsA(node, SelectStmt)) {
		body_opaque(b, span, "an expression of the body does not parse");
		return result;
	}
	Lowering inside = b->l;
	inside.piece = piece;
	inside.statement = (Span){0, piece->length};
	result.query = new (b->l.arena, Query);
	QueryReader reader = {.l = &inside, .query = result.query, .top = true};
	read_select(&reader, (SelectStmt *)node, true);
	b->l.partial |= inside.partial;
	if (result.query->output_exprs.count)
		result.expr = result.query->output_exprs.items[0];
	if (emit_calls)
		emit_calls_of(b, span, &reader);
	return result;
}

BodyExpr body_expression(Body *b, Span span, bool emit_calls)
{
	return span.end <= span.start ? (BodyExpr){0} : piece_expression(b, span, body_cut(b, span), emit_calls);
}

/* --- Static SQL --------------------------------------------------------------------------------------------------- */

static void blank(Piece *piece, uint32_t from, uint32_t to)
{
	memset((char *)piece->bytes + from, ' ', to - from);
}

/* The targets behind INTO, separated by commas; NULL stands for those with fields or subscripts behind their name, too. */
static uint32_t into_targets_end(Body *b, Lexer lexer, uint32_t end, Names *targets)
{
	Lexer ahead = lexer;
	if (token_is(&ahead, lexer_peek(&ahead), "strict"))
		end = lexer_next(&ahead).span.end;
	for (;;) {
		Token token = lexer_next(&ahead);
		if (token.kind != TOKEN_WORD && token.kind != TOKEN_QUOTED_WORD && token.kind != TOKEN_PARAMETER)
			return end;
		array_push(b->l.arena, targets, word_identifier(b, token_text(&ahead, token)));
		end = token.span.end;
		for (token = lexer_peek(&ahead); token_is_byte(&ahead, token, '.') || token_is_byte(&ahead, token, '[');
		     token = lexer_peek(&ahead)) {
			bool subscript = token_is_byte(&ahead, token, '[');
			lexer_next(&ahead);
			token = lexer_next(&ahead);
			while (subscript && token.kind != TOKEN_END && !token_is_byte(&ahead, token, ']'))
				token = lexer_next(&ahead);
			end = token.span.end;
			array_push(b->l.arena, targets, NULL);
		}
		if (!token_is_byte(&ahead, token, ','))
			return end;
		lexer_next(&ahead);
	}
}

/* INTO belongs to PL/pgSQL unless it follows INSERT or MERGE; the parser must not see it. */
static void blank_into(Body *b, Piece *piece, Names *targets)
{
	Lexer lexer = lexer_new(piece->bytes, 0, piece->length);
	Token before = {0};
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (!before.span.end && (token_is(&lexer, token, "create") || token_is(&lexer, token, "import")))
			return;
		if (token_is(&lexer, token, "into") && !token_is(&lexer, before, "insert") &&
		    !token_is(&lexer, before, "merge")) {
			uint32_t end = into_targets_end(b, lexer, token.span.end, targets);
			blank(piece, token.span.start, end);
			lexer.position = end;
		}
		before = token;
	}
}

static bool starts_with_word(const Piece *piece, const char *word)
{
	Lexer lexer = lexer_new(piece->bytes, 0, piece->length);
	return token_is(&lexer, lexer_next(&lexer), word);
}

/* Most statements have no INTO but that of INSERT: no tokens are needed to know that. */
static bool may_have_into(const Piece *piece)
{
	const char *found = strcasestr(piece->bytes, "into");
	bool own = found && (starts_with_word(piece, "insert") || starts_with_word(piece, "merge"));
	return own ? strcasestr(found + 4, "into") != NULL : found != NULL;
}

/* Utility statements take no variables. https://www.postgresql.org/docs/18/plpgsql-implementation.html#PLPGSQL-VAR-SUBST */
static bool sees_variables(const Piece *piece)
{
	static const char *const words[] = {"select", "with", "values", "insert", "update", "delete", "merge", "call", "explain"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (starts_with_word(piece, words[i]))
			return true;
	return piece->bytes[0] == '(';
}

/* A call whose arguments are not constant says less of what the function does than one whose arguments are. */
static void look_at_calls(Body *b, const Action *first)
{
	for (const Action *action = first; action && !b->vague; action = action->next) {
		if (action->kind != ACTION_CALL || !action->expr)
			continue;
		for (const Expr *argument = action->expr->arguments; argument; argument = argument->next)
			b->vague |= expr_mentions_variable(b, argument);
	}
}

/* Behind a statement with INTO: its targets hold the query's outputs; query NULL: nobody knows what. */
static void assign(Body *b, const Names *targets, const Query *query)
{
	bool known = query && query->output_exprs.count == targets->count && !query->where && !query->uses.count;
	for (uint32_t i = 0; i < targets->count; i++)
		if (targets->items[i])
			set_variable(b, targets->items[i], known ? expr_fold(b->l.arena, query->output_exprs.items[i]) : NULL);
}

/* SELECT without FROM: assigns what its expressions come to. The piece has no INTO any more. */
static bool select_constants(Body *b, Span span, Piece *piece, const Names *targets)
{
	if (!starts_with_word(piece, "select") || strcasestr(piece->bytes, "from"))
		return false;
	uint32_t start = (uint32_t)(strcasestr(piece->bytes, "select") - piece->bytes);
	blank(piece, start, start + (uint32_t)strlen("select"));
	assign(b, targets, piece_expression(b, span, piece, true).query);
	return true;
}

void body_sql(Body *b, Span span)
{
	if (span.end <= span.start)
		return;
	Piece *piece = body_cut(b, span);
	/* PERFORM is SELECT, letter for letter. */
	if (starts_with_word(piece, "perform"))
		memcpy((char *)piece->bytes, "SELECT ", 7);
	Names targets = {0};
	if (may_have_into(piece))
		blank_into(b, piece, &targets);
	if (targets.count && select_constants(b, span, piece, &targets))
		return;
	Action **end = b->l.end ? b->l.end : &b->l.first;
	b->l.scope = sees_variables(piece) ? &b->scope : NULL;
	if (!lower_text(&b->l, piece))
		body_opaque(b, span, "a statement of the body does not parse");
	b->l.scope = &b->scope;
	look_at_calls(b, *end);
	assign(b, &targets, NULL);
}

/* --- EXECUTE ------------------------------------------------------------------------------------------------------ */

/* The expression ends at INTO or USING outside of parentheses. */
static Span executed_expression(const Body *b, Span span)
{
	Lexer lexer = lexer_new(b->lexer.text, span.start, span.end);
	Span expression = {lexer_peek(&lexer).span.start, span.start};
	int open = 0;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (token_is_byte(&lexer, token, '('))
			open++;
		else if (token_is_byte(&lexer, token, ')'))
			open--;
		else if (!open && (token_is(&lexer, token, "into") || token_is(&lexer, token, "using")))
			break;
		expression.end = token.span.end;
	}
	return expression;
}

/* The text that a concatenation or format() begins with; NULL when that is not constant. */
static const char *leading_text(const Expr *expr)
{
	enum { DEEPEST = 40 };
	for (int depth = 0; expr && depth < DEEPEST; depth++) {
		if (expr->kind == EXPR_CONSTANT)
			return expr->quoted ? expr->text : NULL;
		bool joins = same(expr->text, "||") && (expr->kind == EXPR_OPERATOR || expr->kind == EXPR_OTHER);
		bool formats = expr->kind == EXPR_CALL && (same(expr->name.name, "format") || same(expr->name.name, "concat"));
		if (!joins && !formats && expr->kind != EXPR_CAST)
			return NULL;
		expr = expr->arguments;
	}
	return NULL;
}

/* Text behind a semicolon in one of the constants: a second statement. */
static bool has_second_statement(const Expr *expr, int depth)
{
	enum { DEEPEST = 40 };
	if (depth > DEEPEST)
		return true;
	for (; expr; expr = expr->next) {
		const char *end = expr->kind == EXPR_CONSTANT && expr->text ? strchr(expr->text, ';') : NULL;
		if (end && end[1 + strspn(end + 1, " \t\r\n")])
			return true;
		if (has_second_statement(expr->arguments, depth + 1))
			return true;
	}
	return false;
}

/* Whoever gets which right, or what it is called by in a comment: no table, column or type is another one for it. */
static bool is_about_roles_only(const Expr *expr)
{
	static const char *const beginnings[] = {
	    "grant ", "revoke ", "alter default privileges", "create role ", "create user ", "alter role ", "alter user ",
	    "drop role ", "drop user ", "comment on ", "analyze", "notify ",
	};
	const char *text = leading_text(expr);
	if (!text || has_second_statement(expr, 0))
		return false;
	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < LENGTH(beginnings); i++)
		if (strncasecmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

/* EXECUTE text: read when its text is always the same. `span` is what follows the word EXECUTE. */
void body_execute(Body *b, Span span)
{
	Span expression = executed_expression(b, span);
	BodyExpr made = body_expression(b, expression, false);
	if (!made.query)
		return;
	const char *sql = folded_text(b->l.arena, made.expr);
	if (!sql && is_about_roles_only(made.expr)) {
		Action *action = emit(&b->l, ACTION_OPAQUE, expression);
		action->object_kind = OBJECT_ROLE;
		action->value = arena_print(b->l.arena, "EXECUTE of %s", expr_text(b->l.arena, made.expr));
		return;
	}
	if (!sql) {
		body_opaque(b, expression, arena_print(b->l.arena, "EXECUTE of %s", expr_text(b->l.arena, made.expr)));
		return;
	}
	Span *place = new (b->l.arena, Span);
	*place = source_span(&b->l, expression);
	Piece *piece = new (b->l.arena, Piece);
	*piece = (Piece){.bytes = sql, .length = (uint32_t)strlen(sql), .fixed = place};
	b->l.scope = NULL;
	if (b->l.depth >= BODY_DEPTH || !lower_text(&b->l, piece))
		body_opaque(b, expression, "the SQL that EXECUTE is given does not parse");
	b->l.scope = &b->scope;
}
