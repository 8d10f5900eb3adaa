#include "replay/lookup.h"

/* How far lookups are followed: down into values, up in the script. */
enum { DEEPEST = 10, LOOK_BACK = 100, LONGEST = 2000 };

static const Expr *bare(const Expr *expr)
{
	for (int depth = 0; depth < DEEPEST && expr && expr->kind == EXPR_CAST; depth++)
		expr = expr->arguments;
	return expr;
}

/* `name = 'x'`, and the row gives name that value. */
static bool row_has(const Action *insert, const Expr *test)
{
	const Expr *column = bare(test->arguments), *value = column ? bare(test->arguments->next) : NULL;
	if (test->kind != EXPR_OPERATOR || !same(test->text, "=") || !value || column->kind != EXPR_COLUMN ||
	    value->kind != EXPR_CONSTANT)
		return false;
	for (uint32_t i = 0; i < insert->columns.count && i < insert->query->output_exprs.count; i++) {
		const Expr *given = same(insert->columns.items[i], column->name.name)
					? bare(insert->query->output_exprs.items[i])
					: NULL;
		if (given && given->kind == EXPR_CONSTANT)
			return same(given->text, value->text);
	}
	return false;
}

static bool row_matches(const Action *insert, const Expr *where)
{
	if (where->kind != EXPR_AND)
		return row_has(insert, where);
	for (const Expr *part = where->arguments; part; part = part->next)
		if (!row_has(insert, part))
			return false;
	return where->arguments != NULL;
}

/* One row of VALUES that is added whatever there is. */
static bool adds_one_row(const Action *action)
{
	return action->kind == ACTION_INSERT_ROWS && action->default_values && !action->on_conflict && action->query &&
	       action->query->output_exprs.count && action->columns.count == action->query->output_exprs.count;
}

typedef struct OtherChanges {
	const char *table;
	bool found;
} OtherChanges;

static bool look_for_changes(const Action *action, void *payload)
{
	OtherChanges *changes = payload;
	bool changing = action->kind == ACTION_DELETE_ROWS || action->kind == ACTION_UPDATE_ROWS ||
			action->kind == ACTION_MERGE_ROWS || action->kind == ACTION_TRUNCATE_TABLE;
	changes->found |= changing && same(action->relation.name, changes->table);
	return !changes->found;
}

static bool rows_stay(const Script *script, uint32_t end, const char *table)
{
	OtherChanges changes = {.table = table};
	for (uint32_t i = 0; i < end && !changes.found; i++)
		action_walk(script->statements.items[i].actions, look_for_changes, &changes);
	return !changes.found;
}

/* The query asks one table for a column of the rows with certain values, and nothing keeps it to one row. */
static bool is_plain_lookup(const Query *query)
{
	const Expr *output = query && query->output_exprs.count == 1 ? query->output_exprs.items[0] : NULL;
	return output && output->kind == EXPR_COLUMN && query->uses.count == 1 && query->where && !query->has_limit &&
	       !query->distinct && !query->partial && !query->other_columns;
}

static bool lookup_finds_two(const Replay *replay, uint32_t at, const Query *query)
{
	const Script *script = replay->script;
	if (!is_plain_lookup(query) || at > LONGEST)
		return false;
	Name name = query->uses.items[0].relation;
	const Relation *table = find_relation(replay->catalog, session_path(replay->session), name);
	if (!table || table->object.number >= replay->objects_before)
		return false;
	uint32_t end = at < replay->ran_before ? at : replay->ran_before;
	for (uint32_t i = end; i > 0 && end - i < LOOK_BACK; i--) {
		const Action *insert = script->statements.items[i - 1].actions;
		if (insert && adds_one_row(insert) && row_matches(insert, query->where) &&
		    find_relation(replay->catalog, session_path(replay->session), insert->relation) == table)
			return rows_stay(script, at, name.name);
	}
	return false;
}

static bool any_finds_two(const Replay *replay, uint32_t at, const Expr *expr, int depth)
{
	if (!expr || depth > DEEPEST)
		return false;
	if (expr->kind == EXPR_SUBQUERY && same(expr->text, "scalar"))
		return lookup_finds_two(replay, at, expr->query);
	/* Which part of a CASE or a COALESCE is asked for rows decide. */
	bool certain = expr->kind == EXPR_CAST || expr->kind == EXPR_OPERATOR;
	for (const Expr *argument = certain ? expr->arguments : NULL; argument; argument = argument->next)
		if (any_finds_two(replay, at, argument, depth + 1))
			return true;
	return false;
}

bool finds_two_rows(const Replay *replay, const Statement *statement, const Action *insert)
{
	if (!replay->ran_before || replay->again || insert != statement->actions || !adds_one_row(insert))
		return false;
	uint32_t at = (uint32_t)(statement - replay->script->statements.items);
	for (uint32_t i = 0; i < insert->query->output_exprs.count; i++)
		if (any_finds_two(replay, at, insert->query->output_exprs.items[i], 0))
			return true;
	return false;
}
