/*
 * The bodies of functions and DO blocks, read block by block over the lexer's tokens.
 * https://www.postgresql.org/docs/18/plpgsql-structure.html
 *
 * Statements that are SQL go to PostgreSQL's parser; control flow becomes IF, LOOP and TRY.
 */
#include "action/fold.h"
#include "parse/plpgsql.h"

static void read_statements(Body *b);
static void read_block(Body *b, Token first);

/* --- Lists -------------------------------------------------------------------------------------------------------- */

Action *body_statements(Body *b)
{
	Action *first = b->l.first, **end = b->l.end;
	b->l.first = NULL;
	b->l.end = NULL;
	b->depth++;
	read_statements(b);
	b->depth--;
	Action *list = b->l.first;
	b->l.first = first;
	b->l.end = end;
	return list;
}

Action *body_list(Body *b)
{
	uint32_t count = b->scope.variables.count;
	const Variable *before = save_variables(b);
	Action *list = body_statements(b);
	forget_different(b, before, count);
	return list;
}

void body_append(Body *b, Action *list)
{
	if (!list)
		return;
	if (b->l.end)
		*b->l.end = list;
	else
		b->l.first = list;
	while (list->next)
		list = list->next;
	b->l.end = &list->next;
}

void body_end(Body *b, const char *word)
{
	if (!body_accept(b, "end") || (word && !body_accept(b, word))) {
		b->broken = true;
		return;
	}
	if (body_peek(b).kind == TOKEN_WORD || body_peek(b).kind == TOKEN_QUOTED_WORD)
		body_next(b);
	body_accept_byte(b, ';');
}

void body_span_end(Body *b, Action *action, uint32_t start)
{
	uint32_t end = b->lexer.position;
	while (end > start && (b->lexer.text[end - 1] == ';' || b->lexer.text[end - 1] == ' '))
		end--;
	action->span = source_span(&b->l, (Span){start, end});
}

/* --- Simple statements -------------------------------------------------------------------------------------------- */

static void read_raise(Body *b, Token first)
{
	static const char *const levels[] = {"debug", "log", "info", "notice", "warning", "exception"};
	Token token = body_peek(b);
	Span span = body_to_semicolon(b, first.span);
	Action *action = emit(&b->l, ACTION_RAISE, span);
	action->value = "exception";
	for (size_t i = 0; i < LENGTH(levels); i++)
		if (body_is(b, token, levels[i]))
			action->value = levels[i];
}

static void read_return(Body *b, Token first)
{
	if (body_accept(b, "query")) {
		Token token = body_peek(b);
		Span span = body_rest(b);
		if (body_is(b, token, "execute"))
			body_execute(b, (Span){token.span.end, span.end});
		else
			body_sql(b, span);
		return;
	}
	bool next_row = body_accept(b, "next");
	Span span = body_rest(b);
	if (span.end > span.start)
		body_expression(b, span, true);
	if (!next_row)
		emit(&b->l, ACTION_RETURN,
		     (Span){first.span.start, span.end > first.span.end ? span.end : first.span.end});
}

/* OPEN cursor FOR query: the query runs there. */
static void read_open(Body *b)
{
	Span span = body_rest(b);
	Lexer lexer = lexer_new(b->lexer.text, span.start, span.end);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (!token_is(&lexer, token, "for"))
			continue;
		Token query = lexer_peek(&lexer);
		if (token_is(&lexer, query, "execute"))
			body_execute(b, (Span){query.span.end, span.end});
		else
			body_sql(b, (Span){query.span.start, span.end});
		return;
	}
}

/* `a := …`, `a.b = …`, `a[1] := …`: where the expression starts; 0 when the statement is none. */
static uint32_t assignment(const Body *b, Token first)
{
	if (first.kind != TOKEN_WORD && first.kind != TOKEN_QUOTED_WORD && first.kind != TOKEN_PARAMETER)
		return 0;
	Lexer lexer = b->lexer;
	for (;;) {
		Token token = lexer_next(&lexer);
		if (body_is_operator(b, token, ":=") || body_is_operator(b, token, "="))
			return token.span.end;
		if (token_is_byte(&lexer, token, '.')) {
			lexer_next(&lexer);
		} else if (token_is_byte(&lexer, token, '[')) {
			while (!token_is_byte(&lexer, token, ']') && token.kind != TOKEN_END)
				token = lexer_next(&lexer);
		} else {
			return 0;
		}
	}
}

static void read_assignment(Body *b, Token first, uint32_t start)
{
	bool whole = body_is_operator(b, body_peek(b), ":=") || body_is_operator(b, body_peek(b), "=");
	b->lexer.position = start;
	Span span = body_rest(b);
	BodyExpr value = body_expression(b, span, true);
	if (value.query && value.query->uses.count) {
		Action *action = emit(&b->l, ACTION_QUERY_ROWS, (Span){first.span.start, span.end});
		action->query = value.query;
	}
	set_variable(b, body_identifier(b, first), whole ? expr_fold(b->l.arena, value.expr) : NULL);
}

/* Statements without effects of their own. */
static bool is_idle(const Body *b, Token token)
{
	static const char *const words[] = {"null", "exit", "continue", "move", "close", "assert"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (body_is(b, token, words[i]))
			return true;
	return false;
}

static bool ends_list(const Body *b, Token token)
{
	static const char *const words[] = {"end", "exception", "else", "elsif", "elseif", "when"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (body_is(b, token, words[i]))
			return true;
	return token.kind == TOKEN_END;
}

/* FETCH … INTO a, b; GET DIAGNOSTICS a = …: every name that stands there may have been assigned to. */
static void forget_targets(Body *b, Span span)
{
	Lexer lexer = lexer_new(b->lexer.text, span.start, span.end);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		if (token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD)
			set_variable(b, body_identifier(b, token), NULL);
}

static void read_statement(Body *b)
{
	Token first = body_next(b);
	uint32_t value = assignment(b, first);
	if (value)
		read_assignment(b, first, value);
	else if (body_is(b, first, "begin") || body_is(b, first, "declare"))
		read_block(b, first);
	else if (body_is_operator(b, first, "<<"))
		while (!body_is_operator(b, body_peek(b), ">>") && body_peek(b).kind != TOKEN_END)
			body_next(b);
	else if (body_is_operator(b, first, ">>") || body_is_byte(b, first, ';'))
		return;
	else if (body_is(b, first, "if"))
		body_if(b, first);
	else if (body_is(b, first, "case"))
		body_case(b, first);
	else if (body_is(b, first, "loop"))
		body_loop(b, first);
	else if (body_is(b, first, "while"))
		body_while(b, first);
	else if (body_is(b, first, "for"))
		body_for(b, first);
	else if (body_is(b, first, "foreach"))
		body_foreach(b, first);
	else if (body_is(b, first, "return"))
		read_return(b, first);
	else if (body_is(b, first, "raise"))
		read_raise(b, first);
	else if (body_is(b, first, "open"))
		read_open(b);
	else if (body_is(b, first, "execute"))
		body_execute(b, body_rest(b));
	else if (body_is(b, first, "get") || body_is(b, first, "fetch"))
		forget_targets(b, body_rest(b));
	else if (is_idle(b, first))
		body_to_semicolon(b, first.span);
	else
		body_sql(b, body_to_semicolon(b, first.span));
}

static void read_statements(Body *b)
{
	if (b->depth > BODY_DEPTH)
		b->broken = true;
	while (!b->broken && !ends_list(b, body_peek(b))) {
		read_statement(b);
		if (b->parted.ends.count && b->readings <= BODY_READINGS)
			body_behind_ways(b);
		b->parted = (Ways){0};
	}
}

/* --- Blocks ------------------------------------------------------------------------------------------------------- */

/* name [CONSTANT] type [{ DEFAULT | := | = } expression] ; cursors and aliases are passed over. */
static void read_declaration(Body *b)
{
	Token name = body_next(b);
	Span span = body_to_semicolon(b, name.span);
	Lexer lexer = lexer_new(b->lexer.text, name.span.end, span.end);
	const Expr *held = NULL;
	bool array = false;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (token_is(&lexer, token, "cursor") || token_is(&lexer, token, "alias"))
			break;
		array |= body_is_byte(b, token, '[') || token_is(&lexer, token, "array");
		if (!token_is(&lexer, token, "default") && !body_is_operator(b, token, ":=") &&
		    !body_is_operator(b, token, "="))
			continue;
		BodyExpr value = body_expression(b, (Span){lexer_peek(&lexer).span.start, span.end}, true);
		held = array ? folded_array(b->l.arena, value.expr) : expr_fold(b->l.arena, value.expr);
		break;
	}
	declare_variable(b, body_identifier(b, name), NULL, held);
}

static void read_conditions(Body *b, Handler *handler)
{
	for (;;) {
		Token token = body_next(b);
		if (token.kind == TOKEN_END) {
			b->broken = true;
			return;
		}
		if (body_is(b, token, "then"))
			return;
		if (body_is(b, token, "or") || body_is(b, token, "sqlstate"))
			continue;
		const char *name = body_identifier(b, token);
		if (token.kind == TOKEN_STRING) {
			Span inside = token_inside(&b->lexer, token);
			name = arena_copy(b->l.arena, b->lexer.text + inside.start, inside.end - inside.start);
		}
		const char *sqlstate = condition_sqlstate(name);
		array_push(b->l.arena, &handler->conditions, sqlstate ? sqlstate : name);
	}
}

static void read_handlers(Body *b, Action *try)
{
	try->branches = new (b->l.arena, Alternatives);
	while (!b->broken && body_accept(b, "when")) {
		Handler handler = {0};
		read_conditions(b, &handler);
		handler.body = body_list(b);
		array_push(b->l.arena, &try->branches->handlers, handler);
	}
}

/* BEGIN … [EXCEPTION …] END: with handlers a TRY, without them just its statements. `first`: BEGIN or DECLARE. */
static void read_block(Body *b, Token first)
{
	uint32_t scope = b->scope.variables.count;
	if (body_is(b, first, "declare")) {
		while (!body_is(b, body_peek(b), "begin") && body_peek(b).kind != TOKEN_END)
			read_declaration(b);
		if (!body_accept(b, "begin")) {
			b->broken = true;
			return;
		}
	}
	Action *list = body_statements(b);
	if (body_accept(b, "exception")) {
		Action *try = emit(&b->l, ACTION_TRY, first.span);
		try->body = list;
		read_handlers(b, try);
		body_end(b, NULL);
		body_span_end(b, try, first.span.start);
	} else {
		body_append(b, list);
		body_end(b, NULL);
	}
	b->scope.variables.count = scope;
}

/* Labels and `#variable_conflict use_column` come before the outermost block. */
static Token body_start(Body *b)
{
	Token token = body_next(b);
	while (token.kind != TOKEN_END && !body_is(b, token, "begin") && !body_is(b, token, "declare"))
		token = body_next(b);
	return token;
}

/* A body is a block: behind options (#) and a label (<<) it opens with DECLARE or BEGIN. */
const char *plpgsql_complaint(Lowering *l, const Piece *body, uint32_t *at)
{
	Lexer lexer = lexer_new(body->bytes, 0, body->length);
	Token first = lexer_next(&lexer);
	bool ends = first.kind == TOKEN_END;
	if (!ends && (first.kind != TOKEN_WORD || token_is(&lexer, first, "begin") || token_is(&lexer, first, "declare")))
		return NULL;
	Span span = ends ? (Span){body->length, body->length} : first.span;
	*at = piece_source(body, span).start;
	return ends ? "syntax error at end of input"
		    : arena_print(l->arena, "syntax error at or near \"%.*s\"", (int)(span.end - span.start), body->bytes + span.start);
}

Action *lower_plpgsql(Lowering *l, const Piece *piece, const Scope *parameters, bool *opaque)
{
	Body b = {.l = lower_inside(l), .lexer = lexer_new(piece->bytes, 0, piece->length)};
	b.l.piece = piece;
	b.l.statement = (Span){0, piece->length};
	b.l.depth++;
	b.l.scope = &b.scope;
	if (parameters) {
		b.scope.routine = parameters->routine;
		b.scope.parameters = parameters->parameters;
		array_each (Variable, parameter, &parameters->variables)
			declare_variable(&b, parameter->name, NULL, parameter->value);
	}
	Token first = body_start(&b);
	if (first.kind == TOKEN_END)
		b.broken = true;
	else
		read_block(&b, first);
	if (b.broken)
		body_opaque(&b, (Span){0, piece->length}, "the body's blocks could not be read");
	l->partial |= b.l.partial;
	*opaque |= b.opaque;
	return b.l.first;
}

Action *lower_sql_body(Lowering *l, const Piece *piece, const Scope *parameters, bool *opaque)
{
	Lowering inside = lower_inside(l);
	inside.piece = piece;
	inside.statement = (Span){0, piece->length};
	inside.depth++;
	inside.scope = parameters;
	*opaque |= !lower_text(&inside, piece);
	return inside.first;
}
