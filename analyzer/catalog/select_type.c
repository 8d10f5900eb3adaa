/* Columns of queries: what FROM gives, what the select list makes of it, and what a UNION makes of that. */
#include "catalog/typing.h"

/* Queries that use each other twice double the work at each level. */
enum { MOST_STEPS = 5000, DEEPEST = 40 };

static OutputColumn column_of_relation(const Column *column)
{
	return (OutputColumn){.name = column->object.name, .type = column->type, .collation = column->collation};
}

static bool columns_of_relation(const Relation *relation, Arena *arena, OutputColumns *columns)
{
	if (!relation || relation->object.assumed || relation->columns_unknown)
		return false;
	for (uint32_t i = 0; i < relation->columns.count; i++)
		array_push(arena, columns, column_of_relation(relation->columns.items[i]));
	return true;
}

/* --- FROM --------------------------------------------------------------------------------------------------------- */

static const char *visible_name(const FromItem *item)
{
	return item->alias ? item->alias : item->relation.name;
}

static Relation *relation_of(const Typing *typing, Name name)
{
	return name.name ? find_relation(typing->apply->catalog, typing->apply->path, name) : NULL;
}

static bool columns_of_item(Typing *typing, const FromItem *item, OutputColumns *columns, int depth)
{
	uint32_t first = columns->count;
	bool known;
	if (item->query) {
		Typing inside = {.apply = typing->apply, .query = item->query, .steps = typing->steps};
		known = output_columns(&inside, columns, depth + 1);
		typing->steps = inside.steps;
	} else {
		known =
		    columns_of_relation(relation_of(typing, item->relation), typing->apply->catalog->arena, columns);
	}
	for (uint32_t i = 0; i < item->columns.count && first + i < columns->count; i++)
		columns->items[first + i].name = item->columns.items[i];
	return known;
}

/* One column of an item; false: it has none of that name, or nobody knows, and then *unsure. */
static bool find_in_item(Typing *typing, const FromItem *item, const char *name, OutputColumn *found, bool *unsure,
			 int depth)
{
	if (!item->query && !item->columns.count) {
		const Relation *relation = relation_of(typing, item->relation);
		const Column *column = relation ? find_column(relation, name) : NULL;
		*unsure |= !relation || (!column && (relation->object.assumed || relation->columns_unknown));
		if (column)
			*found = column_of_relation(column);
		return column != NULL;
	}
	OutputColumns columns = {0};
	*unsure |= !columns_of_item(typing, item, &columns, depth);
	for (uint32_t i = 0; i < columns.count; i++)
		if (same(columns.items[i].name, name)) {
			*found = columns.items[i];
			return true;
		}
	return false;
}

/* Where the items of FROM are not known one by one: a column that only one of the relations anywhere in the query has.
 */
static bool find_in_uses(const Typing *typing, Name name, OutputColumn *found)
{
	const Query *query = typing->query;
	const Column *only = NULL;
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		if (name.schema && !same(name.schema, use->alias) && !same(name.schema, use->relation.name))
			continue;
		const Relation *relation = relation_of(typing, use->relation);
		const Column *column = relation ? find_column(relation, name.name) : NULL;
		if (column && only && column != only)
			return false;
		only = column ? column : only;
	}
	if (only)
		*found = column_of_relation(only);
	return only != NULL;
}

bool source_column(Typing *typing, Name name, OutputColumn *found, int depth)
{
	const Query *query = typing->query;
	if (!query || !query->from.count)
		return find_in_uses(typing, name, found);
	if (depth > DEEPEST || ++typing->steps > MOST_STEPS)
		return false;
	bool unsure = false;
	for (uint32_t i = 0; i < query->from.count; i++) {
		const FromItem *item = &query->from.items[i];
		if (name.schema && !same(name.schema, visible_name(item)))
			continue;
		if (find_in_item(typing, item, name.name, found, &unsure, depth))
			return !unsure || name.schema;
	}
	return false;
}

/* --- The select list ---------------------------------------------------------------------------------------------- */

static bool add_star(Typing *typing, const char *qualifier, OutputColumns *columns, int depth)
{
	const Query *query = typing->query;
	if (!query->from.count || (!qualifier && query->merges_columns))
		return false;
	bool known = true, found = false;
	for (uint32_t i = 0; i < query->from.count && known; i++) {
		const FromItem *item = &query->from.items[i];
		if (qualifier && !same(qualifier, visible_name(item)))
			continue;
		found = true;
		known = columns_of_item(typing, item, columns, depth);
	}
	return known && found;
}

static OutputColumn output_of(Typing *typing, const char *name, const Expr *expr, int depth)
{
	OutputColumn column = {.name = name};
	if (!expr)
		return column;
	OutputColumn source;
	if (expr->kind == EXPR_COLUMN) {
		if (source_column(typing, expr->name, &source, depth)) {
			source.name = name;
			return source;
		}
		return column;
	}
	column.untyped = is_untyped(expr);
	column.type = column.untyped ? built_in_type("text") : type_of(typing, expr, depth);
	return column;
}

/* The arms of a UNION are of one type, which the strings as written among them take. */
static void merge_arm(OutputColumns *columns, const OutputColumns *arm)
{
	for (uint32_t i = 0; i < columns->count; i++) {
		OutputColumn *column = &columns->items[i];
		const OutputColumn *other = i < arm->count ? &arm->items[i] : NULL;
		if (!other)
			column->type = (DataType){0};
		else if (!column->untyped && !other->untyped)
			column->type = common_type(&column->type, &other->type);
		else if (column->untyped)
			column->type = other->type;
		if (column->untyped != (other && other->untyped))
			column->type.modifier_count = 0;
		column->untyped = false; /* two of them are text */
	}
}

static bool own_columns(Typing *typing, OutputColumns *columns, int depth)
{
	const Query *query = typing->query;
	Arena *arena = typing->apply->catalog->arena;
	uint32_t star = 0;
	bool known = query->outputs.count > 0;
	for (uint32_t i = 0; i < query->outputs.count; i++) {
		const char *name = query->outputs.items[i];
		const Expr *expr = i < query->output_exprs.count ? query->output_exprs.items[i] : NULL;
		if (expr || !same(name, "*")) {
			array_push(arena, columns, output_of(typing, name, expr, depth));
			continue;
		}
		const char *qualifier = star < query->stars.count ? query->stars.items[star] : NULL;
		known &= star++ < query->stars.count && add_star(typing, qualifier, columns, depth);
	}
	return known;
}

bool output_columns(Typing *typing, OutputColumns *columns, int depth)
{
	const Query *query = typing->query;
	Arena *arena = typing->apply->catalog->arena;
	if (depth > DEEPEST || ++typing->steps > MOST_STEPS)
		return false;
	OutputColumns own = {0};
	bool known = own_columns(typing, &own, depth);
	for (uint32_t i = 0; known && i < query->arms.count; i++) {
		OutputColumns arm = {0};
		Typing other = {.apply = typing->apply, .query = query->arms.items[i], .steps = typing->steps};
		bool told = output_columns(&other, &arm, depth + 1);
		typing->steps = other.steps;
		if (!told)
			arm.count = 0;
		merge_arm(&own, &arm);
	}
	for (uint32_t i = 0; i < own.count; i++)
		array_push(arena, columns, own.items[i]);
	return known;
}
