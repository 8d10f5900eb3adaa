/*
 * Which tables a query reads in full, as the planner would have it: no condition, none that an index serves, or a join
 * of everything with everything. Without statistics this is a guess, made as for a table of a thousand rows.
 * https://www.postgresql.org/docs/current/indexes-intro.html
 */
#include "effect/draft.h"

enum { EXPR_DEPTH = 16, MOST_JOINED = 32 };

/* An index that finds single rows by its first key, whatever else is asked. */
static bool finds_rows(const Relation *index)
{
	return !index->object.dropped && index->keys.count && !index->predicate && !same(index->method, "brin");
}

bool has_index_on(const Relation *table, const Column *column)
{
	for (uint32_t i = 0; i < table->indexes.count; i++)
		if (finds_rows(table->indexes.items[i]) && table->indexes.items[i]->keys.items[0].column == column)
			return true;
	return false;
}

/* CREATE INDEX … (lower(email)) for lower(email) = … */
static bool has_index_on_expr(const Relation *table, const Expr *expr)
{
	for (uint32_t i = 0; i < table->indexes.count; i++)
		if (finds_rows(table->indexes.items[i]) && same_expr(table->indexes.items[i]->keys.items[0].expr, expr))
			return true;
	return false;
}

/* A column of the relation, so far as the name tells. */
static const Column *column_of(const Expr *expr, const Relation *relation, const RelationUse *use)
{
	if (!expr || expr->kind != EXPR_COLUMN)
		return NULL;
	const char *qualifier = expr->name.schema;
	if (qualifier && !same(qualifier, use->alias) && !same(qualifier, use->relation.name))
		return NULL;
	return find_column(relation, expr->name.name);
}

/* NEW.a, OLD.a, r.a of a loop over rows: of nothing that the query reads. */
static bool is_variable(const Expr *expr, const Query *query)
{
	if (!query || query->partial || query->other_columns || !expr->name.schema)
		return false;
	array_each (const RelationUse, use, &query->uses)
		if (same(expr->name.schema, use->alias) || same(expr->name.schema, use->relation.name))
			return false;
	return true;
}

static bool is_value(const Expr *expr, const Relation *relation, const RelationUse *use, const Query *query)
{
	for (int depth = 0; expr && expr->kind == EXPR_CAST && depth < EXPR_DEPTH; depth++)
		expr = expr->arguments;
	if (!expr || (expr->kind == EXPR_SUBQUERY && !same(expr->text, "scalar")))
		return false;
	/* a bare word that is no column is a variable of PL/pgSQL */
	return expr->kind != EXPR_COLUMN || (!expr->name.schema && !column_of(expr, relation, use)) || is_variable(expr, query);
}

/* What a condition does for one column: an equality is enough for an index, a range needs both ends to be worth it. */
typedef struct Found {
	const Column *column;
	bool low, high;
} Found;

enum { MAX_RANGES = 8 };

typedef struct Finder {
	const Relation *relation;
	const RelationUse *use;
	const Query *query; /* the whole one: its relations are those of its sub-queries, too */
	bool correlated; /* columns of other relations are values: a scalar sub-query runs once for each outer row */
	Found ranges[MAX_RANGES];
	int range_count;
} Finder;

static bool is_value_for(const Finder *finder, const Expr *expr)
{
	if (finder->correlated && expr && expr->kind == EXPR_COLUMN)
		return !column_of(expr, finder->relation, finder->use);
	return is_value(expr, finder->relation, finder->use, finder->query);
}

/* column op value; true once the rows are found. */
static bool compare_finds(Finder *finder, const char *operator_, const Column *column)
{
	if (!has_index_on(finder->relation, column))
		return false;
	if (same(operator_, "="))
		return true;
	for (int i = 0; i < finder->range_count; i++) {
		Found *found = &finder->ranges[i];
		if (found->column != column)
			continue;
		found->low |= operator_[0] == '>';
		found->high |= operator_[0] == '<';
		return found->low && found->high;
	}
	if (finder->range_count < MAX_RANGES)
		finder->ranges[finder->range_count++] =
		    (Found){.column = column, .low = operator_[0] == '>', .high = operator_[0] == '<'};
	return false;
}

/* ctid = …: the row's place itself. */
static bool names_place(const Expr *left, const char *operator_)
{
	return left && left->kind == EXPR_COLUMN && same(left->name.name, "ctid") && same(operator_, "=");
}

static bool operator_finds(Finder *finder, const char *operator_, const Expr *left, const Expr *right);

/* (a, b) = (1, 2) */
static bool rows_find(Finder *finder, const char *operator_, const Expr *left, const Expr *right)
{
	if (!same(operator_, "=") || left->kind != EXPR_ARRAY || right->kind != EXPR_ARRAY)
		return false;
	for (left = left->arguments, right = right->arguments; left && right; left = left->next, right = right->next)
		if (left->kind != EXPR_ARRAY && operator_finds(finder, operator_, left, right))
			return true;
	return false;
}

static bool operator_finds(Finder *finder, const char *operator_, const Expr *left, const Expr *right)
{
	static const char *const mirrored[][2] = {
	    {"=", "="}, {"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
	const Column *column;
	if (same(operator_, "between") || (same(operator_, "= any") && is_value_for(finder, right))) {
		column = column_of(left, finder->relation, finder->use);
		return column && has_index_on(finder->relation, column);
	}
	if (names_place(left, operator_) || rows_find(finder, operator_, left, right))
		return true;
	for (size_t i = 0; i < LENGTH(mirrored); i++) {
		if (!same(operator_, mirrored[i][0]))
			continue;
		if (i == 0 && left->kind == EXPR_CALL && has_index_on_expr(finder->relation, left))
			return true;
		column = column_of(left, finder->relation, finder->use);
		if (column && is_value_for(finder, right))
			return compare_finds(finder, mirrored[i][0], column);
		column = column_of(right, finder->relation, finder->use);
		return column && is_value_for(finder, left) && compare_finds(finder, mirrored[i][1], column);
	}
	return false;
}

/* A part of the condition lets an index find the rows. */
static bool index_finds(Finder *finder, const Expr *where, int depth)
{
	if (!where || depth > EXPR_DEPTH)
		return false;
	const Expr *left = where->arguments, *right = left ? left->next : NULL;
	const Column *column;
	switch (where->kind) {
	case EXPR_AND:
		for (const Expr *part = left; part; part = part->next)
			if (index_finds(finder, part, depth + 1))
				return true;
		return false;
	case EXPR_OR:
		for (const Expr *part = left; part; part = part->next)
			if (!index_finds(finder, part, depth + 1))
				return false;
		return left != NULL;
	case EXPR_IS_NULL:
		/* of a NOT NULL column: the rows that an outer join did not find */
		column = column_of(left, finder->relation, finder->use);
		return column && !column->not_null && has_index_on(finder->relation, column);
	case EXPR_IN:
		column = where->text ? NULL : column_of(left, finder->relation, finder->use);
		return column && has_index_on(finder->relation, column);
	case EXPR_OPERATOR:
		return where->text && right && operator_finds(finder, where->text, left, right);
	default:
		return false;
	}
}

bool condition_finds(const Relation *relation, const RelationUse *use, const Query *query, const Expr *where, bool correlated)
{
	Finder finder = {.relation = relation, .use = use, .query = query, .correlated = correlated};
	return index_finds(&finder, where, 0);
}

/* The sub-query in which the use stands: it has a condition of its own. */
static const Expr *subquery_of_use(const Expr *expr, const RelationUse *use, int depth)
{
	if (!expr || depth > EXPR_DEPTH)
		return NULL;
	if (expr->kind == EXPR_SUBQUERY && expr->query)
		array_each (const RelationUse, inner, &expr->query->uses)
			if (inner->span.start == use->span.start && inner->span.end == use->span.end && use->span.end) {
				const Expr *deeper = subquery_of_use(expr->query->where, use, depth + 1);
				return deeper ? deeper : expr;
			}
	for (const Expr *argument = expr->arguments; argument; argument = argument->next) {
		const Expr *found = subquery_of_use(argument, use, depth + 1);
		if (found)
			return found;
	}
	return NULL;
}

/* max(id) and min(id) read one end of an index. */
static bool only_the_ends(const Query *query, const Relation *relation)
{
	bool found = false;
	for (uint32_t i = 0; i < query->calls.count; i++) {
		const Expr *call = query->calls.items[i];
		if (same(call->name.name, "count") || same(call->name.name, "sum") || same(call->name.name, "avg"))
			return false;
		if (!same(call->name.name, "max") && !same(call->name.name, "min"))
			continue;
		const Expr *argument = call->arguments;
		const Column *column =
		    argument && argument->kind == EXPR_COLUMN ? find_column(relation, argument->name.name) : NULL;
		if (!column || !has_index_on(relation, column))
			return false;
		found = true;
	}
	return found;
}

static bool is_true(const Expr *where)
{
	return where && where->kind == EXPR_CONSTANT && (same(where->text, "true") || same(where->text, "t"));
}

/* The columns that join it, as far as they were written with their table's name, have an index; else any index will do.
 */
static bool can_be_probed(const Relation *relation, const RelationUse *use)
{
	bool named = false;
	for (uint32_t i = 0; i < use->columns.count; i++) {
		const Column *column = find_column(relation, use->columns.items[i]);
		named |= column != NULL;
		if (column && has_index_on(relation, column))
			return true;
	}
	return !named && relation->indexes.count > 0;
}

/* Joined to a few rows of another table: found by its key. */
static bool joined_to_few(Draft *draft, const Query *query, const RelationUse *use, const Relation *relation)
{
	for (uint32_t i = 0; i < query->uses.count && i < MOST_JOINED; i++) {
		const RelationUse *other = &query->uses.items[i];
		if (other == use || other->span.start == use->span.start)
			continue;
		const Relation *joined = relation_of_use(draft, other);
		if (joined && condition_finds(joined, other, query, query->where, false))
			return can_be_probed(relation, use);
	}
	return false;
}

/* LIMIT ends the reading, unless all rows are counted or have to be sorted first. */
static bool stops_early(const Query *query, const Relation *relation, const RelationUse *use)
{
	if (query->needs_all_rows)
		return false;
	if (!query->order || query->order->kind != EXPR_COLUMN)
		return !query->order || query->order->kind == EXPR_CONSTANT; /* ORDER BY 1: an output column, perhaps of an index */
	const Column *column = column_of(query->order, relation, use);
	return !column || has_index_on(relation, column);
}

bool query_reads_all(Draft *draft, const Query *query, const RelationUse *use, const Relation *relation)
{
	if (use->mode == USE_INSERT)
		return false;
	/* a source without a table is one row, or a few */
	if (use->mode == USE_MERGE && query->uses.count == 1)
		return !condition_finds(relation, use, query, query->where, true);
	const Expr *subquery = subquery_of_use(query->where, use, 0);
	for (uint32_t i = 0; !subquery && i < query->output_exprs.count; i++)
		subquery = subquery_of_use(query->output_exprs.items[i], use, 0);
	const Query *own = subquery ? subquery->query : query;
	if ((own->has_limit && stops_early(own, relation, use)) || (!own->where && subquery && same(subquery->text, "exists")))
		return false;
	if (!own->where || is_true(own->where))
		return !only_the_ends(query, relation);
	if (use->all_rows)
		return true;
	if (condition_finds(relation, use, query, own->where, subquery && same(subquery->text, "scalar")))
		return false;
	return !joined_to_few(draft, own, use, relation);
}
