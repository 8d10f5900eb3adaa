/* Indexes. https://www.postgresql.org/docs/current/sql-createindex.html */
#include "effect/draft.h"

/* --- CREATE INDEX ------------------------------------------------------------------------------------------------- */

static bool same_key(const IndexKey *wanted, const CatalogKey *there)
{
	if (wanted->column)
		return there->column && column_is(there->column, wanted->column);
	return same_expr(wanted->expr, there->expr);
}

/* A partition's own index that can be attached instead of building one (CompareIndexInfo). */
static bool serves(const Relation *index, const IndexDef *wanted)
{
	if (index->object.dropped || index->unique != wanted->unique || index->keys.count != wanted->keys.count ||
	    !same(index->method, wanted->method ? wanted->method : "btree") ||
	    !index->predicate != !wanted->predicate || index->include.count != wanted->include.count ||
	    index->parent_index || !index->valid)
		return false;
	for (uint32_t i = 0; i < wanted->keys.count; i++)
		if (!same_key(&wanted->keys.items[i], &index->keys.items[i]))
			return false;
	return true;
}

bool has_matching_index(const Relation *table, const Relation *wanted)
{
	for (uint32_t i = 0; i < table->indexes.count; i++) {
		const Relation *index = table->indexes.items[i];
		if (index->object.dropped || index->unique != wanted->unique ||
		    index->keys.count != wanted->keys.count || !same(index->method, wanted->method) ||
		    !index->predicate != !wanted->predicate || index->parent_index)
			continue;
		bool equal = true;
		for (uint32_t k = 0; k < wanted->keys.count; k++) {
			const Column *column = wanted->keys.items[k].column;
			equal &= column ? column_is(index->keys.items[k].column, column->object.name)
					: !index->keys.items[k].column;
		}
		if (equal)
			return true;
	}
	return false;
}

/* The partition's indexes are opened one by one until one serves. */
static bool find_serving_index(Draft *draft, const Relation *partition, const IndexDef *wanted, LockMode lock)
{
	for (uint32_t i = 0; i < partition->indexes.count; i++) {
		Relation *index = partition->indexes.items[i];
		if (index->parent_index)
			continue; /* another one's part already */
		take_lock(draft, index, lock);
		if (serves(index, wanted))
			return true;
	}
	return false;
}

void effect_create_index(Draft *draft)
{
	const Action *action = draft->action;
	Relation *table = draft->relation;
	LockMode lock = action->concurrently ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_SHARE;
	draft->effect->forbidden_in_transaction = draft->effect->waits_for_all = action->concurrently;
	if (!table)
		return;
	take_lock(draft, table, lock);
	Relations tree = {0};
	if (is_partitioned(table) && !action->only)
		tree = tree_of(draft, table);
	take_lock_on_all(draft, tree, lock);
	Name name = {table->object.schema, action->object};
	if (action->if_not_exists && relation_called(draft, name, OBJECT_NONE))
		return; /* by name alone: a table of that name, or an INVALID index, is enough */
	const char *text = action->object ? name_text(draft->context->arena, name) : NULL;
	add_build(draft, table, NULL, text, WORK_INDEX_BUILD);
	for (uint32_t i = 1; i < tree.count; i++) {
		if (!action->index || !find_serving_index(draft, tree.items[i], action->index, lock))
			add_build(draft, tree.items[i], NULL, NULL, WORK_INDEX_BUILD);
	}
	draft->effect->changes_on_repeat = !action->object;
}

/* --- DROP INDEX --------------------------------------------------------------------------------------------------- */

void effect_drop_index(Draft *draft)
{
	Relation *index = draft->relation;
	bool concurrently = draft->action->concurrently;
	draft->effect->forbidden_in_transaction = draft->effect->waits_for_all = concurrently;
	if (!index || !is_index(index))
		return;
	if (concurrently) {
		take_lock(draft, index->table, LOCK_SHARE_UPDATE_EXCLUSIVE);
		take_lock(draft, index, LOCK_ACCESS_EXCLUSIVE); /* at the end, when nobody uses it any more */
		add_destroyed(draft, &index->object, DESTROY_OBJECT, false);
		return;
	}
	drop_with_users(draft, &index->object, false);
	if (index->table && is_partitioned(index->table))
		take_lock_on_tree(draft, index->table, LOCK_ACCESS_EXCLUSIVE);
}

/* ALTER TABLE name RENAME of an index takes the table's lock mode, ALTER INDEX the milder one. */
void effect_rename_index(Draft *draft)
{
	if (draft->action->object_kind == OBJECT_TABLE)
		take_lock(draft, draft->relation, LOCK_ACCESS_EXCLUSIVE);
}

/* --- REINDEX ------------------------------------------------------------------------------------------------------ */

static void reindex_one(Draft *draft, Relation *index)
{
	bool concurrently = draft->action->concurrently && draft->version >= 12;
	if (!index->table || index->object.dropped)
		return;
	take_lock(draft, index->table, concurrently ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_SHARE);
	take_lock(draft, index, LOCK_ACCESS_EXCLUSIVE);
	add_build(draft, index->table, index, NULL, WORK_REINDEX);
}

/* "Indexes for exclusion constraints cannot be reindexed concurrently": REINDEX TABLE CONCURRENTLY passes them over. */
static bool is_of_exclusion(const Relation *index)
{
	const Constraint *constraint = constraint_of_index(index);
	return constraint && constraint->kind == CONSTRAINT_EXCLUSION;
}

static void reindex_table(Draft *draft, Relation *table)
{
	bool concurrently = draft->action->concurrently;
	take_lock(draft, table, concurrently ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_SHARE);
	for (uint32_t i = 0; has_storage(table) && i < table->indexes.count; i++)
		if (concurrently && is_of_exclusion(table->indexes.items[i]))
			take_lock(draft, table->indexes.items[i], LOCK_SHARE_UPDATE_EXCLUSIVE);
		else
			reindex_one(draft, table->indexes.items[i]);
}

static void reindex_all(Draft *draft, const char *schema)
{
	static const ObjectKind kinds[] = {OBJECT_TABLE, OBJECT_MATERIALIZED_VIEW};
	for (size_t k = 0; k < LENGTH(kinds); k++) {
		Relations tables = all_relations(draft, kinds[k], schema);
		for (uint32_t i = 0; i < tables.count; i++)
			if (has_storage(tables.items[i]))
				reindex_table(draft, tables.items[i]);
	}
}

void effect_reindex(Draft *draft)
{
	const Action *action = draft->action;
	draft->effect->forbidden_in_transaction = draft->effect->waits_for_all = action->concurrently;
	draft->effect->changes_on_repeat = !action->concurrently;
	if (action->object_kind == OBJECT_SCHEMA || action->object_kind == OBJECT_DATABASE) {
		draft->effect->forbidden_in_transaction = true;
		if (same(action->value, "system"))
			return; /* the catalogs alone */
		reindex_all(draft, action->object_kind == OBJECT_SCHEMA ? action->relation.name : NULL);
		return;
	}
	Relation *relation =
	    relation_called(draft, action->relation, action->object_kind == OBJECT_INDEX ? OBJECT_INDEX : OBJECT_TABLE);
	if (!relation)
		return;
	Relations tree = {0};
	if (is_index(relation) ? (relation->table && is_partitioned(relation->table)) : is_partitioned(relation)) {
		draft->effect->forbidden_in_transaction = true;
		tree = tree_of(draft, is_index(relation) ? relation->table : relation);
	}
	if (is_index(relation)) {
		reindex_one(draft, relation);
		for (uint32_t i = 0; i < relation->child_indexes.count; i++)
			reindex_one(draft, relation->child_indexes.items[i]);
	} else {
		reindex_table(draft, relation);
		for (uint32_t i = 1; i < tree.count; i++) {
			take_lock(draft, tree.items[i], LOCK_SHARE); /* while the list of partitions is made */
			reindex_table(draft, tree.items[i]);
		}
	}
}

/* --- ALTER INDEX … ATTACH PARTITION ------------------------------------------------------------------------------- */

void effect_attach_index(Draft *draft)
{
	Relation *parent = draft->relation;
	Relation *child = relation_called(draft, draft->action->other, OBJECT_NONE);
	take_lock(draft, child, LOCK_ACCESS_EXCLUSIVE);
	if (parent)
		take_lock(draft, parent->table, LOCK_ACCESS_SHARE);
	if (child)
		take_lock(draft, child->table, LOCK_ACCESS_SHARE);
}
