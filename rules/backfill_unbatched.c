/* One UPDATE over a whole table. */
#include "judge/rule.h"
#include "read/lex.h"

/* `WHERE c IS NULL` with a column that this migration added: that is every row. */
static bool asks_for_new_column(const Context *context, const Relation *table)
{
	const Expr *where = context->action->query ? context->action->query->where : NULL;

	if (!where || where->kind != EXPR_IS_NULL || !where->arguments || where->arguments->kind != EXPR_COLUMN)
		return false;
	const Column *column = find_column(table, where->arguments->name.name);
	return column && !column->object.assumed && !existed_before(context->replay, &column->object);
}

static bool touches_all_rows(const Context *context, const Relation *table)
{
	const Action *action = context->action;

	if (!action->has_where || (action->query && is_always_true(action->query->where)))
		return action->query && !action->query->has_limit;
	return asks_for_new_column(context, table);
}

/* lock-held-during-work says the same and more. */
static bool under_a_lock(const Context *context)
{
	array_each (HeldLock, held, &context->session->locks)
		if (in_transaction(context) && blocks_writes(held->mode) && is_table(held->relation) &&
		    is_old(context, held->relation) && held->span.start < context->statement->span.start)
			return true;
	return false;
}

/*
 * SET and WHERE of a plain `UPDATE t SET … WHERE …` as written, "…" where there is none; both stay "…" for an UPDATE with an
 * alias, a FROM or a WITH, which cannot be cut up so simply.
 */
static void find_clauses(const Context *context, const char **set, const char **where)
{
	Span clause = context->action->span;
	Lexer lexer = lexer_new(context->script->source->bytes, clause.start, clause.end);
	Span set_span = {0}, where_span = {0};
	int depth = 0;
	Token token = lexer_next(&lexer);

	*set = *where = "…";
	if (!token_is(&lexer, token, "update"))
		return;
	for (token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (!set_span.start && token.span.start >= context->action->relation_span.end) {
			if (!token_is(&lexer, token, "set"))
				return;
			set_span = (Span){token.span.end, clause.end};
		}
		depth += token_is_byte(&lexer, token, '(') - token_is_byte(&lexer, token, ')');
		if (depth > 0)
			continue;
		if (token_is(&lexer, token, "from") || token_is(&lexer, token, "returning"))
			return;
		if (set_span.start && !where_span.start && token_is(&lexer, token, "where")) {
			set_span.end = token.span.start;
			where_span = (Span){token.span.end, clause.end};
		}
	}
	if (!set_span.start)
		return;
	*set = source_clause(context, set_span);
	if (where_span.start)
		*where = source_clause(context, where_span);
}

RULE(backfill_unbatched,
	.severity = SEVERITY_WARNING, .category = BACKFILL,
	.summary  = "one UPDATE touches every row of the table",
	.why      = "Every row is locked until the end, so writers of any row wait; the table grows by a second copy "
		    "that vacuum has to clean up, and replicas fall behind.",
	.instead  = "Update a thousand rows at a time, committing in between, outside the schema migration.",
	.manual   = "sql-update.html",
	.since    = "0.1.0",
	.on       = ON(UPDATE_ROWS))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || context->step->in_loop || !touches_all_rows(context, table) ||
	    under_a_lock(context))
		return;

	const char *name = sql_name(context, &table->object);
	Finding *finding = report(context, action->span, "one UPDATE touches every row of %s", name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "Every row of %s stays locked until the UPDATE commits, so writers wait, and a second version of each "
	       "row is written for vacuum to clean up.",
	       name);
	const char *set, *where;
	find_clauses(context, &set, &where);
	instead(finding, context, "-- a thousand rows at a time%s; commit, repeat until none is updated\n%s",
		same(where, "…") ? " (… finds those that are left)" : "", batch_update(context, table, set, where));
}
