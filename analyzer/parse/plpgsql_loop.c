/*
 * Loops. One over constants that makes SQL from them (partitions by number, the same ALTER for a list of tables) is read once
 * for each of them, as if it were written out.
 */
#include "action/fold.h"
#include "parse/plpgsql.h"

/* Lists longer than this stay loops. */
enum { LONGEST_LIST = 100 };

static bool is_name(Token token)
{
	return token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD;
}

/*
 * What a loop assigns is not constant inside it: names before `:=` and behind INTO up to its END LOOP. *leaves: it has an EXIT
 * or a CONTINUE. `loops`: how many LOOPs were read that must END.
 */
static void forget_assigned(Body *b, int loops, bool *leaves)
{
	Lexer lexer = b->lexer;
	Token before = {0};
	bool into = false;
	for (;;) {
		Token token = lexer_next(&lexer);
		if (token.kind == TOKEN_END)
			return;
		if (token_is(&lexer, token, "loop")) {
			loops += token_is(&lexer, before, "end") ? -1 : 1;
			if (loops <= 0)
				return;
		}
		*leaves |= token_is(&lexer, token, "exit") || token_is(&lexer, token, "continue");
		bool assigns = body_is_operator(b, token, ":=") || body_is_operator(b, token, "=");
		if (assigns && is_name(before))
			set_variable(b, body_identifier(b, before), NULL);
		into = token_is(&lexer, token, "into") || (into && !body_is_byte(b, token, ';'));
		if (into && is_name(token))
			set_variable(b, body_identifier(b, token), NULL);
		before = token;
	}
}

static void read_loop(Body *b, uint32_t start)
{
	forget_assigned(b, 1, &(bool){false});
	Action *action = emit(&b->l, ACTION_LOOP, (Span){start, start});
	action->body = body_list(b);
	body_end(b, "loop");
	body_span_end(b, action, start);
}

static void set_row(Body *b, const Rows *rows, uint32_t row)
{
	set_variable(b, rows->variable, NULL);
	for (uint32_t i = 0; i < rows->width; i++) {
		const Expr *value = rows->values.items[row * rows->width + i];
		if (rows->width == 1)
			set_variable(b, rows->variable, value);
		if (rows->columns[i])
			declare_variable(b, rows->variable, rows->columns[i], value);
	}
}

/* Once for each row, from the loop's first statement on; false when SQL in it stays unknown even so. */
static bool read_written_out(Body *b, const Lexer *start, const Rows *rows)
{
	uint32_t scope = b->scope.variables.count;
	const Variable *before = save_variables(b);
	bool leaves = false;
	b->lexer = *start;
	forget_assigned(b, 1, &leaves);
	if (!leaves)
		restore_variables(b, before, scope);
	b->opaque = b->vague = false;
	for (uint32_t row = 0; row * rows->width < rows->values.count; row++) {
		b->lexer = *start;
		if (leaves)
			forget_assigned(b, 1, &leaves);
		set_row(b, rows, row);
		body_append(b, leaves ? body_list(b) : body_statements(b));
		b->scope.variables.count = scope;
	}
	body_end(b, "loop");
	set_variable(b, rows->variable, NULL);
	return !b->vague;
}

/* Reads the loop as a loop, and, when that leaves SQL unknown that the rows make known, written out. */
static void read_known_loop(Body *b, uint32_t start, const Rows *rows)
{
	const Lexer first_statement = b->lexer;
	const Lowering before = b->l;
	const Variable *variables = save_variables(b);
	uint32_t scope = b->scope.variables.count, count = rows->width ? rows->values.count / rows->width : 0;
	bool opaque = b->opaque, vague = b->vague;
	b->opaque = b->vague = false;
	read_loop(b, start);
	if (b->vague && !b->broken && count && b->readings + count <= BODY_READINGS) {
		const Body looped = *b;
		const Variable *afterwards = save_variables(b);
		Action *loop = before.end ? *before.end : looped.l.first;
		b->readings += count;
		b->l.first = before.first;
		b->l.end = before.end;
		if (before.end)
			*before.end = NULL;
		restore_variables(b, variables, scope);
		if (!read_written_out(b, &first_statement, rows)) {
			uint32_t readings = b->readings;
			restore_variables(b, afterwards, scope);
			b->lexer = looped.lexer;
			b->l = looped.l;
			b->opaque = looped.opaque;
			b->vague = looped.vague;
			b->readings = readings;
			if (before.end)
				*before.end = loop;
		}
	}
	b->opaque |= opaque;
	b->vague |= vague;
}

void body_loop(Body *b, Token first)
{
	read_loop(b, first.span.start);
}

void body_while(Body *b, Token first)
{
	forget_assigned(b, 0, &(bool){false});
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

/* `[REVERSE] low .. high [BY step]`, cut at its words. False: it is no range. */
static bool find_range(const Body *b, Span source, Span *low, Span *high, Span *step)
{
	Lexer lexer = lexer_new(b->lexer.text, source.start, source.end);
	Span *part = low;
	*low = *high = *step = (Span){0};
	int open = 0;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		open += body_is_byte(b, token, '(') - body_is_byte(b, token, ')');
		if (!open && body_is_operator(b, token, "..") && part == low)
			part = high;
		else if (!open && part == high && token_is(&lexer, token, "by"))
			part = step;
		else
			*part = (Span){part->end ? part->start : token.span.start, token.span.end};
	}
	return part != low;
}

static bool integer_at(Body *b, Span span, long long *number)
{
	BodyExpr value = body_expression(b, span, true);
	return folded_integer(b->l.arena, value.expr, number);
}

/* The numbers of a range, when its bounds are known. */
static void range_rows(Body *b, Rows *rows, Span low, Span high, Span step)
{
	Lexer lexer = lexer_new(b->lexer.text, low.start, low.end);
	bool reverse = token_is(&lexer, lexer_next(&lexer), "reverse");
	if (reverse)
		low.start = lexer_peek(&lexer).span.start;
	long long from, to, by = 1;
	bool known = integer_at(b, low, &from);
	known &= integer_at(b, high, &to);
	if (step.end)
		known &= integer_at(b, step, &by);
	long long distance = known ? reverse ? from - to : to - from : -1;
	if (by < 1 || distance < 0 || distance / by >= LONGEST_LIST)
		return;
	rows->width = 1;
	for (long long i = 0; i <= distance; i += by) {
		Expr *value = new (b->l.arena, Expr);
		value->kind = EXPR_CONSTANT;
		value->text = arena_print(b->l.arena, "%lld", reverse ? from - i : from + i);
		array_push(b->l.arena, &rows->values, value);
	}
}

/* FOR x IN a..b | query | EXECUTE text | cursor LOOP. */
void body_for(Body *b, Token first)
{
	Rows rows = {0};
	for (Token token = body_next(b); !body_is(b, token, "in"); token = body_next(b)) {
		if (token.kind == TOKEN_END) {
			b->broken = true;
			return;
		}
		if (is_name(token)) {
			rows.variable = body_identifier(b, token);
			set_variable(b, rows.variable, NULL);
		}
	}
	Token kind = body_peek(b);
	Span source = body_to_word(b, "loop"), low, high, step;
	uint32_t scope = b->scope.variables.count;
	if (find_range(b, source, &low, &high, &step)) {
		range_rows(b, &rows, low, high, step);
		/* The variable of a range belongs to the loop. */
		if (rows.variable)
			declare_variable(b, rows.variable, NULL, NULL);
	} else if (body_is(b, kind, "execute")) {
		body_execute(b, (Span){kind.span.end, source.end});
	} else if (starts_query(b, kind)) {
		body_sql(b, source);
		if (rows.variable)
			constant_rows(b, source, &rows);
	}
	if (rows.values.count > LONGEST_LIST * (rows.width ? rows.width : 1))
		rows.values.count = 0;
	read_known_loop(b, first.span.start, &rows);
	b->scope.variables.count = scope;
}

/* FOREACH x [SLICE n] IN ARRAY expression LOOP. */
void body_foreach(Body *b, Token first)
{
	Rows rows = {.variable = body_identifier(b, body_next(b))};
	set_variable(b, rows.variable, NULL);
	if (body_accept(b, "in") && body_accept(b, "array")) {
		BodyExpr array = body_expression(b, body_to_word(b, "loop"), true);
		const Expr *value = expr_fold(b->l.arena, array.expr);
		rows.width = 1;
		for (const Expr *item = value && value->kind == EXPR_ARRAY ? value->arguments : NULL; item; item = item->next)
			array_push(b->l.arena, &rows.values, item);
	} else {
		body_to_word(b, "loop");
	}
	if (rows.values.count > LONGEST_LIST)
		rows.values.count = 0;
	read_known_loop(b, first.span.start, &rows);
}
