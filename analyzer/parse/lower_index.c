/* Indexes: CREATE INDEX, REINDEX. */
#include "parse/lower.h"

IndexKey index_key(Lowering *l, const IndexElem *element)
{
	return (IndexKey){
		.column = keep(l, element->name),
		.expr = lower_expr(l, element->expr),
		.collation = list_name(l, element->collation),
		.opclass = list_name(l, element->opclass),
		.descending = element->ordering == SORTBY_DESC,
		/* NULLS FIRST is the default of DESC. */
		.nulls_first = element->nulls_ordering == SORTBY_NULLS_FIRST ||
			       (element->ordering == SORTBY_DESC && element->nulls_ordering == SORTBY_NULLS_DEFAULT),
	};
}

void lower_create_index(Lowering *l, IndexStmt *index)
{
	Action *action = emit_object(l, ACTION_CREATE_INDEX, OBJECT_INDEX, range_name(l, index->relation));
	action->relation_span = source_name_at(l, index->relation->location);
	action->object = keep(l, index->idxname);
	Span before_table = {l->statement.start, (uint32_t)index->relation->location};
	action->object_span = source_identifier(l, before_table, index->idxname);
	action->concurrently = index->concurrent;
	action->if_not_exists = index->if_not_exists;
	action->only = !index->relation->inh;
	IndexDef *def = new (l->arena, IndexDef);
	def->method = keep(l, index->accessMethod);
	def->unique = index->unique;
	def->nulls_not_distinct = index->nulls_not_distinct;
	foreach_ptr (IndexElem, element, index->indexParams)
		array_push(l->arena, &def->keys, index_key(l, element));
	foreach_ptr (IndexElem, included, index->indexIncludingParams)
		array_push(l->arena, &def->include, keep(l, included->name));
	def->predicate = lower_expr(l, index->whereClause);
	def->tablespace = keep(l, index->tableSpace);
	def->options = option_list(l, index->options);
	action->index = def;
}

void lower_reindex(Lowering *l, ReindexStmt *reindex)
{
	static const ObjectKind kinds[] = {
		[REINDEX_OBJECT_INDEX] = OBJECT_INDEX,	 [REINDEX_OBJECT_TABLE] = OBJECT_TABLE,
		[REINDEX_OBJECT_SCHEMA] = OBJECT_SCHEMA, [REINDEX_OBJECT_SYSTEM] = OBJECT_DATABASE,
		[REINDEX_OBJECT_DATABASE] = OBJECT_DATABASE,
	};
	Name name = reindex->relation ? range_name(l, reindex->relation) : (Name){NULL, keep(l, reindex->name)};
	Action *action = emit_object(l, ACTION_REINDEX, kinds[reindex->kind], name);
	if (reindex->relation)
		action->relation_span = source_name_at(l, reindex->relation->location);
	action->concurrently = option_is_on(reindex->params, "concurrently");
	action->names = option_list(l, reindex->params);
	if (reindex->kind == REINDEX_OBJECT_SYSTEM)
		action->value = "system";
}
