/* Columns of queries: what FROM gives, what the select list makes of it, and what a UNION makes of that. */
#include "catalog/typing.h"

/* Expressions that hold queries are asked for their type again at each level above them. */
enum { MOST_STEPS = 5000, DEEPEST = 40 };

static OutputColumn column_of_relation(const Column *column)
{
	return (OutputColumn){.name = column->object.name, .type = column->type, .collation = column->collation};
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

/* The columns of an item, one by one, under the names that it gives them. */
typedef struct ItemColumns {
	const FromItem *item;
	const Relation *relation; /* or else */
	const Outputs *outputs;   /* of a sub-query; neither: nobody knows */
	uint32_t count;
	bool known;               /* these are all */
} ItemColumns;

static ItemColumns item_columns(Typing *typing, const FromItem *item, int depth)
{
	ItemColumns columns = {.item = item};
	if (item->query) {
		columns.outputs = outputs_of(typing, item->query, depth + 1);
		columns.count = columns.outputs->columns.count;
		columns.known = columns.outputs->known;
	} else {
		const Relation *relation = relation_of(typing, item->relation);
		columns.known = relation && !relation->object.assumed && !relation->columns_unknown;
		columns.relation = columns.known ? relation : NULL;
		columns.count = columns.known ? relation->columns.count : 0;
	}
	return columns;
}

static OutputColumn item_column(const ItemColumns *columns, uint32_t i)
{
	OutputColumn column = columns->outputs ? columns->outputs->columns.items[i]
					       : column_of_relation(columns->relation->columns.items[i]);
	if (i < columns->item->columns.count)
		column.name = columns->item->columns.items[i];
	return column;
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
	ItemColumns columns = item_columns(typing, item, depth);
	*unsure |= !columns.known;
	for (uint32_t i = 0; i < columns.count; i++) {
		*found = item_column(&columns, i);
		if (same(found->name, name))
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
	if (depth > DEEPEST || ++typing->work->steps > MOST_STEPS)
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

static bool add_star(Typing *typing, const char *qualifier, Outputs *outputs, int depth)
{
	const Query *query = typing->query;
	if (!query->from.count || (!qualifier && query->merges_columns))
		return false;
	bool known = true, found = false;
	for (uint32_t i = 0; i < query->from.count && known; i++) {
		const FromItem *item = &query->from.items[i];
		if (qualifier && !same(qualifier, visible_name(item)))
			continue;
		ItemColumns columns = item_columns(typing, item, depth);
		for (uint32_t k = 0; k < columns.count; k++)
			array_push(&typing->work->arena, &outputs->columns, item_column(&columns, k));
		found = true;
		known = columns.known;
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
static void merge_arm(Outputs *outputs, const Outputs *arm)
{
	uint32_t known = arm->known ? arm->columns.count : 0;
	for (uint32_t i = 0; i < outputs->columns.count; i++) {
		OutputColumn *column = &outputs->columns.items[i];
		const OutputColumn *other = i < known ? &arm->columns.items[i] : NULL;
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

static bool add_columns(Typing *typing, Outputs *outputs, int depth)
{
	const Query *query = typing->query;
	uint32_t star = 0;
	bool known = query->outputs.count > 0;
	for (uint32_t i = 0; i < query->outputs.count; i++) {
		const char *name = query->outputs.items[i];
		const Expr *expr = i < query->output_exprs.count ? query->output_exprs.items[i] : NULL;
		if (expr || !same(name, "*")) {
			array_push(&typing->work->arena, &outputs->columns, output_of(typing, name, expr, depth));
			continue;
		}
		const char *qualifier = star < query->stars.count ? query->stars.items[star] : NULL;
		known &= star++ < query->stars.count && add_star(typing, qualifier, outputs, depth);
	}
	return known;
}

const Outputs *outputs_of(Typing *typing, const Query *query, int depth)
{
	static const Outputs nothing;
	TypingWork *work = typing->work;
	Outputs *outputs = map_get(&work->outputs, (const char *)&query, sizeof query);
	if (outputs)
		return outputs;
	if (depth > DEEPEST || ++work->steps > MOST_STEPS)
		return &nothing;
	outputs = new (&work->arena, Outputs);
	outputs->query = query;
	Typing inside = {.apply = typing->apply, .query = query, .work = work};
	outputs->known = add_columns(&inside, outputs, depth);
	for (uint32_t i = 0; outputs->known && i < query->arms.count; i++)
		merge_arm(outputs, outputs_of(typing, query->arms.items[i], depth + 1));
	map_set(&work->arena, &work->outputs, (const char *)&outputs->query, sizeof outputs->query, outputs);
	return outputs;
}
