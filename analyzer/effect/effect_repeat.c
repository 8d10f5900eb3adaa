/* What happens to the rows of an INSERT when the same statement is run a second time. */
#include "effect/draft.h"

enum { SUBQUERY_DEPTH = 40 };

static bool has_subquery(const Expr *expr, int depth)
{
	if (!expr || depth > SUBQUERY_DEPTH)
		return false;
	if (expr->kind == EXPR_SUBQUERY)
		return true;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		if (has_subquery(argument, depth + 1))
			return true;
	return false;
}

/* What the statement does with a column of a unique key. */
typedef enum KeyValue {
	VALUE_NEW,    /* another one each time, or NULL: nothing that a key could refuse */
	VALUE_UNSURE, /* from rows that are read, or from what is not known */
	VALUE_SAME,
} KeyValue;

static KeyValue value_of(const Draft *draft, const Expr *expr)
{
	if (!expr || expr->kind == EXPR_NULL)
		return VALUE_NEW;
	if (has_subquery(expr, 0))
		return VALUE_UNSURE;
	switch (expr_volatility(draft->catalog, draft->path, expr)) {
	case VOLATILITY_VOLATILE:
		return VALUE_NEW;
	case VOLATILITY_UNKNOWN:
		return VALUE_UNSURE;
	default:
		/* Of a SELECT the expressions are known, and not the rows that they are evaluated for. */
		return draft->action->default_values ? VALUE_SAME : VALUE_UNSURE;
	}
}

/* VALUES that are the same each time, all of them. */
static bool constant_rows(const Draft *draft)
{
	const Query *query = draft->action->query;
	if (!draft->action->default_values || !query || query->partial || query->uses.count > 1)
		return false;
	array_each (const Expr *const, call, &query->calls)
		if (expr_volatility(draft->catalog, draft->path, *call) > VOLATILITY_STABLE)
			return false;
	return true;
}

/* The place of the column's value among those that the statement gives; -1 when it gives none. */
static int64_t place_of(const Relation *table, const Names *given, const Column *column)
{
	for (uint32_t i = 0; i < given->count; i++)
		if (same(given->items[i], column->object.name))
			return i;
	if (given->count)
		return -1;
	int64_t place = 0;
	for (uint32_t i = 0; i < table->columns.count && table->columns.items[i] != column; i++)
		place += !table->columns.items[i]->object.dropped;
	return place;
}

/* One row that is given; no values: of many rows, or behind a star, no place is known. */
typedef struct GivenRow {
	const Expr *const *values;
	uint32_t count;
} GivenRow;

static KeyValue key_value(const Draft *draft, const Relation *table, const Names *given, const Column *column, GivenRow row)
{
	int64_t place = place_of(table, given, column);
	bool rows = draft->action->default_values && !row.count && draft->action->query && draft->action->query->rows_unlisted;
	bool listed = place >= 0 && (given->count || place < row.count || rows);
	if (!listed && column->identity)
		return VALUE_NEW;
	if (!listed)
		return column->default_expr ? value_of(draft, column->default_expr) : VALUE_NEW;
	if (!row.count || place >= row.count || (given->count && row.count != given->count))
		return column->not_null && constant_rows(draft) ? VALUE_SAME : VALUE_UNSURE;
	const Expr *value = row.values[place];
	if (is_default(value))
		return column->identity ? VALUE_NEW : value_of(draft, column->default_expr);
	return value_of(draft, value);
}

static KeyValue whole_key(const Draft *draft, const Relation *table, const Names *given, const Relation *index, GivenRow row)
{
	KeyValue whole = VALUE_SAME;
	array_each (const CatalogKey, key, &index->keys) {
		KeyValue value = key->column ? key_value(draft, table, given, key->column, row) : VALUE_UNSURE;
		if (value < whole)
			whole = value;
	}
	return whole;
}

/* One row that is refused is enough. */
static KeyValue any_key(const Draft *draft, const Relation *table, const Names *given, const Relation *index)
{
	const Query *query = draft->action->query;
	if (!query || !query->row_count)
		return whole_key(draft, table, given, index,
				 query ? (GivenRow){query->output_exprs.items, query->output_exprs.count} : (GivenRow){0});
	KeyValue best = VALUE_NEW;
	uint32_t width = query->rows.count / query->row_count;
	for (uint32_t i = 0; i < query->row_count; i++) {
		KeyValue value = whole_key(draft, table, given, index, (GivenRow){query->rows.items + i * width, width});
		if (value > best)
			best = value;
	}
	return best;
}

void judge_repetition_of_insert(Draft *draft, const Relation *table, const Names *given)
{
	const Action *action = draft->action;
	if (action->on_conflict || (action->query && has_subquery(action->query->where, 0)))
		return;
	KeyValue best = table->object.assumed ? VALUE_UNSURE : VALUE_NEW;
	array_each (Relation *const, index, &table->indexes) {
		if (!(*index)->unique || (*index)->object.dropped || (*index)->predicate)
			continue;
		KeyValue value = any_key(draft, table, given, *index);
		if (value > best)
			best = value;
	}
	draft->effect->refused_on_repeat |= best == VALUE_SAME;
	draft->effect->repeat_unknown |= best == VALUE_UNSURE;
	draft->effect->changes_on_repeat |= best == VALUE_NEW;
}
