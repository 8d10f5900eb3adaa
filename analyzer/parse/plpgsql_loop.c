/*
 * Loops. One over constants that makes SQL from them (partitions by number, the same ALTER for a list of tables) is read once
 * for each of them, as if it were written out.
 */
#include "parse/plpgsql.h"

#include <stdlib.h>

/* Lists longer than this stay loops; a body is read this often at most for all of its loops together. */
enum { LONGEST_LIST = 100, READINGS = 400 };

/* The constants that a loop's variable takes, when they are known. */
typedef struct LoopValues {
	const char *variable;
	Names values;
} LoopValues;

/* What a loop assigns is not constant inside it: names before `:=` up to its END LOOP. */
static void forget_assigned(Body *b)
{
	Lexer lexer = b->lexer;
	Token before = {0};
	for (int loops = 1; loops > 0;) {
		Token token = lexer_next(&lexer);
		if (token.kind == TOKEN_END)
			return;
		if (token_is(&lexer, token, "loop"))
			loops += token_is(&lexer, before, "end") ? -1 : 1;
		bool assigns = body_is_operator(b, token, ":=") || body_is_operator(b, token, "=");
		if (assigns && (before.kind == TOKEN_WORD || before.kind == TOKEN_QUOTED_WORD))
			set_variable(b, body_identifier(b, before), NULL);
		before = token;
	}
}

static void read_loop(Body *b, uint32_t start)
{
	forget_assigned(b);
	Action *action = emit(&b->l, ACTION_LOOP, (Span){start, start});
	action->body = body_list(b);
	body_end(b, "loop");
	body_span_end(b, action, start);
}

static void append(Body *b, Action *list)
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

/* Once for each value, from the loop's first statement on; false when SQL in it stays unknown even so. */
static bool read_written_out(Body *b, const Lexer *start, const LoopValues *known)
{
	b->opaque = false;
	array_each (const char *, value, &known->values) {
		b->lexer = *start;
		forget_assigned(b);
		set_variable(b, known->variable, *value);
		append(b, body_list(b));
	}
	body_end(b, "loop");
	set_variable(b, known->variable, NULL);
	return !b->opaque;
}

/* Reads the loop as a loop, and, when that leaves SQL unknown that the variable's values make known, written out. */
static void read_known_loop(Body *b, uint32_t start, const LoopValues *known)
{
	const Lexer first_statement = b->lexer;
	const Lowering before = b->l;
	bool opaque = b->opaque;
	uint32_t count = known->values.count;
	b->opaque = false;
	read_loop(b, start);
	if (!b->opaque || b->broken || !count || b->readings + count > READINGS) {
		b->opaque |= opaque;
		return;
	}
	const Lexer behind = b->lexer;
	const Lowering looped = b->l;
	Action *loop = before.end ? *before.end : looped.first;
	b->readings += count;
	b->l.first = before.first;
	b->l.end = before.end;
	if (before.end)
		*before.end = NULL;
	if (read_written_out(b, &first_statement, known)) {
		b->opaque = opaque;
		return;
	}
	b->lexer = behind;
	b->l = looped;
	if (before.end)
		*before.end = loop;
}

void body_loop(Body *b, Token first)
{
	read_loop(b, first.span.start);
}

void body_while(Body *b, Token first)
{
	body_expression(b, body_to_word(b, "loop"), true);
	read_loop(b, first.span.start);
}

static bool starts_query(const Body *b, Token token)
{
	static const char *const words[] = {"select", "with", "values", "table", "insert", "update", "delete", "merge"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (body_is(b, token, words[i]))
			return true;
	return body_is_byte(b, token, '(');
}

/* The numbers of `1..16`; *range tells whether it is a range at all. */
static Names range_values(Body *b, Span source, bool *range)
{
	Names values = {0};
	Lexer lexer = lexer_new(b->lexer.text, source.start, source.end);
	Token low = lexer_next(&lexer), dots = lexer_next(&lexer), high = lexer_next(&lexer);
	bool simple = low.kind == TOKEN_NUMBER && body_is_operator(b, dots, "..") && high.kind == TOKEN_NUMBER &&
		      lexer_next(&lexer).kind == TOKEN_END;
	lexer.position = source.start;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		*range |= body_is_operator(b, token, "..");
	if (!simple)
		return values;
	long from = strtol(b->lexer.text + low.span.start, NULL, 10),
	     to = strtol(b->lexer.text + high.span.start, NULL, 10);
	for (long i = from; i <= to && to - from < LONGEST_LIST; i++)
		array_push(b->l.arena, &values, arena_print(b->l.arena, "%ld", i));
	return values;
}

/* FOR x IN a..b | query | EXECUTE text | cursor LOOP. */
void body_for(Body *b, Token first)
{
	LoopValues known = {0};
	for (Token token = body_next(b); !body_is(b, token, "in"); token = body_next(b)) {
		if (token.kind == TOKEN_END) {
			b->broken = true;
			return;
		}
		if (token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD) {
			known.variable = body_identifier(b, token);
			set_variable(b, known.variable, NULL);
		}
	}
	Token kind = body_peek(b);
	Span source = body_to_word(b, "loop");
	bool range = false;
	known.values = range_values(b, source, &range);
	if (body_is(b, kind, "execute"))
		body_execute(b, (Span){kind.span.end, source.end});
	else if (starts_query(b, kind) && !range)
		body_sql(b, source);
	/* The variable of a range belongs to the loop. */
	uint32_t scope = b->variables.count;
	if (range && known.variable)
		array_push(b->l.arena, &b->variables, (Variable){.name = known.variable});
	read_known_loop(b, first.span.start, &known);
	b->variables.count = scope;
}

/* The texts of ARRAY['a', 'b']; none when one of them is not constant. */
static Names constant_items(Body *b, const Expr *array)
{
	Names values = {0};
	for (const Expr *item = array ? array->arguments : NULL; item; item = item->next) {
		const char *value = constant_text(b, item);
		if (!value || values.count == LONGEST_LIST)
			return (Names){0};
		array_push(b->l.arena, &values, value);
	}
	return values;
}

/* FOREACH x [SLICE n] IN ARRAY expression LOOP. */
void body_foreach(Body *b, Token first)
{
	LoopValues known = {.variable = body_identifier(b, body_next(b))};
	set_variable(b, known.variable, NULL);
	if (body_accept(b, "in") && body_accept(b, "array")) {
		BodyExpr array = body_expression(b, body_to_word(b, "loop"), true);
		known.values = constant_items(b, constant_array(b, array.expr));
	} else {
		body_to_word(b, "loop");
	}
	read_known_loop(b, first.span.start, &known);
}
