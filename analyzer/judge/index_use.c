/* Who would miss an index. */
#include "judge/index_use.h"

/* --- The workload ----------------------------------------------------------------------------------------------------------------------- */

/* The column is the relation's: named with it, or bare where the query has no other relation. */
static const char *column_of(const Query *query, const RelationUse *use, const Relation *table, const Expr *expr)
{
	if (!expr || expr->kind != EXPR_COLUMN || !find_column(table, expr->name.name))
		return NULL;
	const char *qualifier = expr->name.schema;
	bool its = qualifier ? same(qualifier, use->alias ? use->alias : use->relation.name) : query->uses.count == 1;
	return its ? expr->name.name : NULL;
}

static bool compares(const char *operator)
{
	static const char *const operators[] = {"=", "<", ">", "<=", ">="};
	for (size_t i = 0; i < LENGTH(operators); i++)
		if (same(operator, operators[i]))
			return true;
	return false;
}

/* A condition that an index on the column can be searched for: `c = $1`, `$1 < c`, `c IN (…)`, `c = ANY (…)`. */
static const char *searched(const Query *query, const RelationUse *use, const Relation *table, const Expr *condition)
{
	const Expr *first = condition->arguments, *second = first ? first->next : NULL;
	const char *column = NULL;

	switch (condition->kind) {
	case EXPR_OPERATOR:
		if (second && compares(condition->text) && !(column = column_of(query, use, table, first)))
			column = column_of(query, use, table, second);
		return column;
	case EXPR_IN:
		return condition->text ? NULL : column_of(query, use, table, first);
	case EXPR_SUBQUERY:
		return same(condition->text, "any") ? column_of(query, use, table, first) : NULL;
	default:
		return NULL;
	}
}

/* All columns of the table that the query searches for. */
static void searched_columns(Arena *arena, const Query *query, const RelationUse *use, const Relation *table, Names *columns)
{
	const Expr *where = query->where, *one = where && where->kind == EXPR_AND ? where->arguments : where;
	for (; one; one = one == where ? NULL : one->next) {
		const char *column = searched(query, use, table, one);
		if (column)
			array_push(arena, columns, column);
	}
}

static const char *first_column(const Relation *index)
{
	const Column *column = index->keys.count ? index->keys.items[0].column : NULL;
	return column ? column->object.name : NULL;
}

static bool is_in(const Names *columns, const char *name)
{
	for (uint32_t i = 0; name && i < columns->count; i++)
		if (same(columns->items[i], name))
			return true;
	return false;
}

/* An index of the table that would be left, partial ones too: one of them may be enough. */
static bool is_helped(const Relation *table, const Relation *gone, const Names *columns)
{
	array_each (Relation *const, index, &table->indexes)
		if (*index != gone && (!(*index)->keys.count || is_in(columns, first_column(*index))))
			return true;
	return false;
}

/* Of a table that is only assumed nobody knows the other indexes. */
static bool is_known(const Relation *index)
{
	const Relation *table = index ? index->table : NULL;
	return table && !table->object.assumed && !table->columns_unknown && !index->predicate && first_column(index);
}

static bool misses(const Context *context, const HotQuery *hot, const Relation *index)
{
	const Relation *table = index->table;
	for (const Query **query = hot->queries; *query; query++)
		array_each (const RelationUse, use, &(*query)->uses) {
			Names columns = {0};
			if (relation_named(context, use->relation) != table || use->mode == USE_INSERT)
				continue;
			searched_columns(context->arena, *query, use, table, &columns);
			if (is_in(&columns, first_column(index)) && !is_helped(table, index, &columns))
				return true;
		}
	return false;
}

const HotQuery *query_that_misses(const Context *context, const Relation *index, const char **column, uint32_t *count)
{
	const Heat *heat = judge_heat(context);
	const HotQuery *hottest = NULL;
	*count = 0;
	if (!heat || !is_known(index))
		return NULL;
	*column = first_column(index);
	array_each (const HotQuery, hot, &heat->queries) {
		if (!misses(context, hot, index))
			continue;
		hottest = hottest ? hottest : hot;
		++*count;
	}
	return hottest;
}

/* --- Foreign keys ----------------------------------------------------------------------------------------------------------------------- */

static bool leads_with(const Relation *index, const Constraint *key)
{
	if (index->predicate || index->keys.count < key->columns.count)
		return false;
	array_each (Column *const, column, &key->columns) {
		bool found = false;
		for (uint32_t i = 0; i < key->columns.count; i++)
			found = found || index->keys.items[i].column == *column;
		if (!found)
			return false;
	}
	return true;
}

const Constraint *key_that_misses(const Context *context, const Relation *index)
{
	if (!is_known(index))
		return NULL;
	array_each (Constraint *const, key, &index->table->constraints) {
		bool counts = (*key)->kind == CONSTRAINT_FOREIGN_KEY && (*key)->columns.count && leads_with(index, *key);
		array_each (Relation *const, other, &index->table->indexes)
			counts = counts && (*other == index || !leads_with(*other, *key));
		if (counts && existed_before(context->replay, &(*key)->object))
			return *key;
	}
	return NULL;
}
