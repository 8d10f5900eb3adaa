/*
 * IF and CASE. A way that is always or never taken, by what the variables hold, is read so; where two ways leave different SQL
 * behind, what follows is read for each.
 */
#include "parse/plpgsql.h"

static WayTaken taken(const Guard *guard)
{
	return guard->kind != GUARD_CONSTANT ? WAY_MAYBE : guard->value ? WAY_ALWAYS : WAY_NEVER;
}

static Action *read_condition(Body *b, Ways *ways, uint32_t start)
{
	Span condition = body_to_word(b, "then");
	BodyExpr asked = body_expression(b, condition, true);
	Action *action = emit(&b->l, ACTION_IF, (Span){start, condition.end});
	action->branches = new (b->l.arena, Alternatives);
	action->branches->guard = lower_guard(&b->l, asked.expr);
	action->expr = asked.expr;
	action->query = asked.query && asked.query->uses.count ? asked.query : NULL;
	ways_read(b, ways, &action->body, taken(action->branches->guard));
	return action;
}

/* ELSIF is an IF in the ELSE of the one before: a chain, walked in a loop. */
void body_if(Body *b, Token first)
{
	Ways ways;
	ways_start(b, &ways);
	Action *top = read_condition(b, &ways, first.span.start), *last = top;
	bool otherwise = false;
	while (!b->broken) {
		Token token = body_peek(b);
		if (body_is(b, token, "elsif") || body_is(b, token, "elseif")) {
			body_next(b);
			restore_variables(b, ways.before, ways.count);
			Action *list = b->l.first, **end = b->l.end;
			b->l.first = NULL;
			b->l.end = NULL;
			Action *branch = read_condition(b, &ways, token.span.start);
			last->branches->otherwise = b->l.first;
			last = branch;
			b->l.first = list;
			b->l.end = end;
		} else if (body_is(b, token, "else")) {
			body_next(b);
			ways_read(b, &ways, &last->branches->otherwise, WAY_MAYBE);
			otherwise = true;
		} else {
			body_end(b, "if");
			break;
		}
	}
	if (!otherwise)
		ways_skip(b, &ways, &last->branches->otherwise);
	body_span_end(b, top, first.span.start);
	if (!ways_meet(b, &ways))
		b->parted = ways;
}

/* Does `subject` equal one of the expressions, or, without one, does the expression hold? */
static const Guard *when_guard(Body *b, const Expr *subject, Span span)
{
	BodyExpr when = body_expression(b, span, true);
	if (!subject || !when.query)
		return lower_guard(&b->l, when.expr);
	Expr *in = new (b->l.arena, Expr);
	in->kind = EXPR_IN;
	Expr **end = &in->arguments;
	for (uint32_t i = 0; i <= when.query->output_exprs.count; i++) {
		const Expr *item = i ? when.query->output_exprs.items[i - 1] : subject;
		*end = new (b->l.arena, Expr);
		if (item)
			**end = *item;
		(*end)->next = NULL;
		end = &(*end)->next;
	}
	return lower_guard(&b->l, in);
}

/* CASE: an IF for each WHEN. */
void body_case(Body *b, Token first)
{
	Span span = body_to_word(b, "when");
	const Expr *subject = span.end > span.start ? body_expression(b, span, true).expr : NULL;
	bool searched = span.end <= span.start;
	Ways ways;
	ways_start(b, &ways);
	Action *action = NULL, *last = NULL;
	while (!b->broken) {
		Span condition = body_to_word(b, "then");
		const Guard *guard = searched || subject ? when_guard(b, subject, condition) : new (b->l.arena, Guard);
		Action *branch = last ? new (b->l.arena, Action) : emit(&b->l, ACTION_IF, condition);
		branch->kind = ACTION_IF;
		branch->span = source_span(&b->l, condition);
		branch->branches = new (b->l.arena, Alternatives);
		branch->branches->guard = guard;
		if (last)
			last->branches->otherwise = branch;
		else
			action = branch;
		last = branch;
		ways_read(b, &ways, &branch->body, taken(guard));
		restore_variables(b, ways.before, ways.count);
		if (body_accept(b, "when"))
			continue;
		if (body_accept(b, "else"))
			ways_read(b, &ways, &last->branches->otherwise, WAY_MAYBE);
		body_end(b, "case");
		break;
	}
	if (action)
		body_span_end(b, action, first.span.start);
	if (!ways_meet(b, &ways))
		b->parted = ways;
}

/* --- Behind ways that differ -------------------------------------------------------------------------------------- */

/* What follows a statement that left ways, once for each; false when that, too, leaves SQL unknown. */
static bool read_each_way(Body *b, const Lexer *start, const Ways *ways)
{
	Ways ends = {.before = ways->before, .count = ways->count};
	b->vague = b->opaque = false;
	array_each (WayEnd, way, &ways->ends) {
		b->lexer = *start;
		restore_variables(b, way->variables, ways->count);
		Action *rest = body_statements(b), **end = way->list;
		while (*end)
			end = &(*end)->next;
		*end = rest;
		array_push(b->l.arena, &ends.ends, (WayEnd){end, save_variables(b)});
	}
	bool known = !b->vague;
	if (!known)
		array_each (WayEnd, way, &ends.ends)
			*way->list = NULL;
	ways_meet(b, &ends);
	return known;
}

/*
 * IF … THEN sql := 'a'; ELSE sql := 'b'; END IF; EXECUTE sql: what follows to the end of the list is read with what all ways
 * have in common, and, when that leaves SQL unknown, at the end of each way.
 */
void body_behind_ways(Body *b)
{
	const Ways ways = b->parted;
	const Lexer start = b->lexer;
	bool opaque = b->opaque, vague = b->vague;
	b->parted = (Ways){0};
	b->opaque = b->vague = false;
	b->depth--; /* it is the same list */
	Action *rest = body_statements(b);
	b->readings += ways.ends.count;
	if (b->vague && !b->broken && b->readings <= BODY_READINGS) {
		const Body merged = *b;
		const Variable *variables = save_variables(b);
		if (read_each_way(b, &start, &ways)) {
			rest = NULL;
		} else {
			restore_variables(b, variables, merged.scope.variables.count);
			b->lexer = merged.lexer;
			b->opaque = merged.opaque;
			b->vague = merged.vague;
		}
	}
	b->depth++;
	body_append(b, rest);
	b->opaque |= opaque;
	b->vague |= vague;
}
