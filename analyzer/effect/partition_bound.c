/*
 * What bounds of partitions say of rows, and what CHECKs and conditions say of bounds. Understood: ranges and lists
 * over one plain column with constants, which is what people write by hand.
 * https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
#include "action/fold.h"
#include "effect/draft.h"

#include <stdlib.h>

enum { PROOF_DEPTH = 20, MOST_STEPS = 100 };

/* --- Proofs ------------------------------------------------------------------------------------------------------- */

/* FROM (low) TO (high), or IN (values); texts of constants, without quotes. */
typedef struct Bound {
	char kind;		/* 'r'ange, 'l'ist, 0: not understood */
	const char *low, *high; /* NULL: MINVALUE, MAXVALUE */
	Names values;
} Bound;

static const char *trimmed(Arena *arena, const char *start, const char *end)
{
	while (start < end && (*start == ' ' || *start == '\'' || *start == '('))
		start++;
	while (end > start && (end[-1] == ' ' || end[-1] == '\'' || end[-1] == ')'))
		end--;
	return arena_copy(arena, start, (size_t)(end - start));
}

static const char *limit_text(Arena *arena, const char *start, const char *end)
{
	const char *text = trimmed(arena, start, end);
	return same_nocase(text, "minvalue") || same_nocase(text, "maxvalue") ? NULL : text;
}

static Bound parse_bound(Arena *arena, const char *text)
{
	Bound bound = {0};
	const char *from = text ? strcasestr(text, "FROM") : NULL;
	const char *to = from ? strcasestr(from, ") TO") : NULL;
	const char *in = text ? strcasestr(text, "IN (") : NULL;
	if (from && to && !memchr(from, ',', strlen(from))) {
		bound.kind = 'r';
		bound.low = limit_text(arena, from + 4, to + 1);
		bound.high = limit_text(arena, to + 4, text + strlen(text));
	} else if (in) {
		bound.kind = 'l';
		const char *item = in + 3;
		for (const char *comma; (comma = strchr(item, ',')); item = comma + 1)
			array_push(arena, &bound.values, trimmed(arena, item, comma));
		array_push(arena, &bound.values, trimmed(arena, item, item + strlen(item)));
	}
	return bound;
}

/* Numbers by value, all else (dates in ISO form, words) by text. */
static int compare_constants(const char *a, const char *b)
{
	char *a_end, *b_end;
	double x = strtod(a, &a_end), y = strtod(b, &b_end);
	if (!*a_end && !*b_end && *a && *b)
		return x < y ? -1 : x > y;
	return strcmp(a, b);
}

static const char *constant_of(const Expr *expr)
{
	for (int depth = 0; expr && expr->kind == EXPR_CAST && depth < PROOF_DEPTH; depth++)
		expr = expr->arguments;
	return expr && expr->kind == EXPR_CONSTANT ? expr->text : NULL;
}

static bool is_column_named(const Expr *expr, const char *column)
{
	return expr && expr->kind == EXPR_COLUMN && same(expr->name.name, column);
}

/* What a CHECK says of one column. */
typedef struct Known {
	const char *column;
	bool not_null;
	const char *low;  /* column >= low */
	bool low_open;	  /* column > low */
	const char *high; /* column < high */
	bool high_closed; /* column <= high */
	bool listed;	  /* it is one of … */
	Names one_of;
	Arena *arena;
} Known;

static void learn_low(Known *known, const char *value, bool open)
{
	if (!known->low || compare_constants(value, known->low) > 0) {
		known->low = value;
		known->low_open = open;
	}
}

static void learn_high(Known *known, const char *value, bool closed)
{
	if (!known->high || compare_constants(value, known->high) < 0) {
		known->high = value;
		known->high_closed = closed;
	}
}

static void learn_comparison(Known *known, const Expr *expr)
{
	const Expr *left = expr->arguments, *right = left ? left->next : NULL;
	const char *operator_ = expr->text;
	bool flipped = is_column_named(right, known->column);
	const char *value = constant_of(flipped ? left : right);
	if (!operator_ || !value || !(flipped || is_column_named(left, known->column)))
		return;
	char direction = operator_[0];
	if (flipped && (direction == '<' || direction == '>'))
		direction = direction == '<' ? '>' : '<';
	bool with_equal = operator_[1] == '=';
	if (operator_[1] && !with_equal)
		return;
	if (direction == '>')
		learn_low(known, value, !with_equal);
	else if (direction == '<')
		learn_high(known, value, with_equal);
	else if (direction == '=') {
		learn_low(known, value, false);
		learn_high(known, value, true);
	}
}

/* a = 1 OR a IN (2, 3): adds the constants. False when the expression says more or less than that. */
static bool list_values(Known *known, const Expr *expr, int depth)
{
	const Expr *item = expr ? expr->arguments : NULL;
	if (!item || depth > PROOF_DEPTH)
		return false;
	if (expr->kind == EXPR_OR) {
		for (; item; item = item->next)
			if (!list_values(known, item, depth + 1))
				return false;
		return true;
	}
	bool equal = expr->kind == EXPR_OPERATOR && same(expr->text, "=");
	if (!(equal || (expr->kind == EXPR_IN && !expr->text)))
		return false;
	if (equal && is_column_named(item->next, known->column)) {
		if (constant_of(item))
			array_push(known->arena, &known->one_of, constant_of(item));
		return constant_of(item) != NULL;
	}
	if (!is_column_named(item, known->column))
		return false;
	for (item = item->next; item; item = item->next) {
		if (!constant_of(item))
			return false;
		array_push(known->arena, &known->one_of, constant_of(item));
	}
	return true;
}

static void learn_values(Known *known, const Expr *expr)
{
	Names before = known->one_of;
	known->one_of = (Names){0};
	if (list_values(known, expr, 0))
		known->listed = true;
	else
		known->one_of = before;
}

static void learn_between(Known *known, const Expr *expr)
{
	const Expr *low = expr->arguments ? expr->arguments->next : NULL;
	const Expr *high = low ? low->next : NULL;
	if (!is_column_named(expr->arguments, known->column) || !constant_of(low) || !constant_of(high))
		return;
	learn_low(known, constant_of(low), false);
	learn_high(known, constant_of(high), true);
}

static void learn(Known *known, const Expr *expr, int depth)
{
	if (!expr || depth > PROOF_DEPTH)
		return;
	switch (expr->kind) {
	case EXPR_AND:
		for (const Expr *argument = expr->arguments; argument; argument = argument->next)
			learn(known, argument, depth + 1);
		break;
	case EXPR_IS_NOT_NULL:
		known->not_null |= is_column_named(expr->arguments, known->column);
		break;
	case EXPR_OPERATOR:
		if (same(expr->text, "between"))
			learn_between(known, expr);
		else if (same(expr->text, "="))
			learn_values(known, expr);
		learn_comparison(known, expr);
		break;
	case EXPR_IN:
	case EXPR_OR:
		learn_values(known, expr);
		break;
	default:
		break;
	}
}

/* The bound takes the value. */
static bool takes(const Bound *bound, const char *value)
{
	if (bound->kind == 'r')
		return (!bound->low || compare_constants(value, bound->low) >= 0) &&
		       (!bound->high || compare_constants(value, bound->high) < 0);
	for (uint32_t i = 0; i < bound->values.count; i++)
		if (same(bound->values.items[i], value))
			return true;
	return false;
}

/* How many of the values listed the bound takes. */
static uint32_t taken(const Known *known, const Bound *bound)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < known->one_of.count; i++)
		count += takes(bound, known->one_of.items[i]);
	return count;
}

static bool implies(const Known *known, const Bound *bound)
{
	if (!known->not_null)
		return false;
	if (known->listed && taken(known, bound) == known->one_of.count)
		return true;
	if (bound->kind != 'r')
		return false;
	bool low = !bound->low || (known->low && compare_constants(known->low, bound->low) >= 0);
	int high = bound->high && known->high ? compare_constants(known->high, bound->high) : 1;
	return low && (!bound->high || high < 0 || (high == 0 && !known->high_closed));
}

static bool excludes(const Known *known, const Bound *bound)
{
	if (!known->not_null && bound->kind != 'l')
		return false;
	if (known->listed && taken(known, bound) == 0)
		return true;
	if (bound->kind != 'r')
		return false;
	if (bound->high && known->low && compare_constants(known->low, bound->high) >= 0)
		return true;
	int high = bound->low && known->high ? compare_constants(known->high, bound->low) : 1;
	return high < 0 || (high == 0 && !known->high_closed);
}

static bool know(const Draft *draft, const Relation *table, const Relation *parent, Known *known)
{
	if (draft->version < 11 || parent->partition_columns.count != 1 || !parent->partition_columns.items[0])
		return false;
	known->arena = draft->context->arena;
	known->column = parent->partition_columns.items[0]->object.name;
	const Column *column = find_column(table, known->column);
	known->not_null = column && column->not_null && !column->not_null_invalid;
	for (uint32_t i = 0; i < table->constraints.count; i++) {
		const Constraint *constraint = table->constraints.items[i];
		if (constraint->kind == CONSTRAINT_CHECK && constraint->validated && !constraint->not_enforced &&
		    !constraint->object.dropped)
			learn(known, constraint->check, 0);
	}
	return true;
}

bool proves_bound(const Draft *draft, const Relation *table, const Relation *parent, const char *bound)
{
	Known known = {0};
	Bound wanted = parse_bound(draft->context->arena, bound);
	return wanted.kind && know(draft, table, parent, &known) && implies(&known, &wanted);
}

/* Nothing in the DEFAULT partition can belong to the new one. */
bool proves_absence(const Draft *draft, const Relation *table, const Relation *parent, const char *bound)
{
	Known known = {0};
	Bound unwanted = parse_bound(draft->context->arena, bound);
	return unwanted.kind && know(draft, table, parent, &known) && excludes(&known, &unwanted);
}

/* Of one row that is written: values, and the columns that they are for; no columns: all of the table's. */
typedef struct Row {
	const Relation *table;
	const Names *columns;
	const Expr *const *values;
	uint32_t count;
} Row;

/* The constant for the column of that name, or NULL. */
static const char *constant_for(Arena *arena, const Row *row, const char *wanted)
{
	uint32_t place = 0;
	if (row->columns->count) {
		while (place < row->columns->count && !same(row->columns->items[place], wanted))
			place++;
	} else {
		for (uint32_t i = 0; i < row->table->columns.count && !column_is(row->table->columns.items[i], wanted); i++)
			place += !row->table->columns.items[i]->object.dropped;
	}
	const Expr *value = place < row->count ? row->values[place] : NULL;
	const char *constant = constant_of(value);
	return constant || !value ? constant : folded_text(arena, value);
}

static bool is_there(const Relation *partition)
{
	return partition->is_partition && !partition->object.dropped;
}

/* One of the partitions, not the DEFAULT one, takes the value for certain. */
static bool is_taken(const Draft *draft, const Relation *parent, const char *value)
{
	for (uint32_t i = 0; i < parent->children.count; i++) {
		const Relation *partition = parent->children.items[i];
		Bound bound = parse_bound(draft->context->arena, is_there(partition) ? partition->bound : NULL);
		if (bound.kind && takes(&bound, value))
			return true;
	}
	return false;
}

/* Partitions that follow each other take everything from the lowest value to the highest. */
static bool range_is_taken(const Draft *draft, const Relation *parent, const Known *known)
{
	const char *from = known->low;
	bool further = from && known->high;
	for (int steps = 0; further && steps < MOST_STEPS; steps++) {
		int order = compare_constants(from, known->high);
		if (order > 0 || (order == 0 && !known->high_closed))
			return true;
		further = false;
		for (uint32_t i = 0; i < parent->children.count && !further; i++) {
			const Relation *partition = parent->children.items[i];
			Bound bound = parse_bound(draft->context->arena, is_there(partition) ? partition->bound : NULL);
			if (bound.kind != 'r' || !takes(&bound, from))
				continue;
			if (!bound.high)
				return true;
			further = compare_constants(bound.high, from) > 0;
			from = bound.high;
		}
	}
	return false;
}

/* Nothing is left for the DEFAULT partition. */
static bool all_taken_elsewhere(const Draft *draft, const Relation *parent, const Known *known)
{
	if (!known->listed)
		return range_is_taken(draft, parent, known);
	for (uint32_t i = 0; i < known->one_of.count; i++)
		if (!is_taken(draft, parent, known->one_of.items[i]))
			return false;
	return known->one_of.count > 0;
}

bool is_pruned(const Draft *draft, const Relation *partition, const Expr *where)
{
	if (!where || !partition->is_partition || !partition->parents.count)
		return false;
	const Relation *parent = partition->parents.items[0];
	if (parent->partition_columns.count != 1 || !parent->partition_columns.items[0])
		return false;
	/* a condition holds of the rows it selects, so that NULL is out as soon as the column is compared */
	Known known = {.column = parent->partition_columns.items[0]->object.name, .arena = draft->context->arena};
	learn(&known, where, 0);
	if (partition->default_partition)
		return all_taken_elsewhere(draft, parent, &known);
	known.not_null = known.low || known.high || known.listed;
	Bound bound = parse_bound(draft->context->arena, partition->bound);
	return bound.kind && excludes(&known, &bound);
}

static void route_below(Draft *draft, const Row *row, const Relation *parent, int depth)
{
	const Column *key = parent->partition_columns.count == 1 ? parent->partition_columns.items[0] : NULL;
	const char *value = key ? constant_for(draft->context->arena, row, key->object.name) : NULL;
	bool taken = value && is_taken(draft, parent, value);
	for (uint32_t i = 0; i < parent->children.count; i++) {
		Relation *partition = parent->children.items[i];
		if (!is_there(partition))
			continue;
		Bound bound = parse_bound(draft->context->arena, partition->bound);
		if (value && (partition->default_partition ? taken : bound.kind && !takes(&bound, value)))
			continue;
		take_lock(draft, partition, LOCK_ROW_EXCLUSIVE);
		if (has_storage(partition))
			take_lock_on_indexes(draft, partition, LOCK_ROW_EXCLUSIVE);
		else if (depth < PROOF_DEPTH)
			route_below(draft, row, partition, depth + 1);
	}
}

void route_rows(Draft *draft, const Relation *table, const Names *columns)
{
	const Query *query = draft->action->query;
	Row row = {.table = table, .columns = columns};
	if (query) {
		row.values = query->output_exprs.items;
		row.count = query->output_exprs.count;
	}
	for (uint32_t i = 0; query && i < query->row_count; i++) {
		row.count = query->rows.count / query->row_count;
		row.values = query->rows.items + i * row.count;
		route_below(draft, &row, table, 0);
	}
	if (!query || !query->row_count)
		route_below(draft, &row, table, 0);
}

/* A DEFAULT partition may hold what no other partition takes. */
bool proves_default(const Draft *draft, const Relation *table, const Relation *parent)
{
	for (uint32_t i = 0; i < parent->children.count; i++) {
		const Relation *sibling = parent->children.items[i];
		if (sibling != table && !sibling->object.dropped &&
		    !proves_absence(draft, table, parent, sibling->bound))
			return false;
	}
	return true;
}
