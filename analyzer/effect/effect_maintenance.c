/* VACUUM, ANALYZE, CLUSTER, REFRESH, and moving or converting a table's storage. */
#include "effect/draft.h"

/* --- CLUSTER, VACUUM, ANALYZE ------------------------------------------------------------------------------------- */

static void cluster_one(Draft *draft, Relation *table, WorkReason reason)
{
	take_lock(draft, table, LOCK_ACCESS_EXCLUSIVE);
	add_rewrite(draft, table, reason);
}

static bool is_clustered(const Relation *table)
{
	for (uint32_t i = 0; i < table->indexes.count; i++)
		if (table->indexes.items[i]->clustered && !table->indexes.items[i]->object.dropped)
			return true;
	return false;
}

/* Without a name, every table that was clustered before, each in a transaction of its own. */
void effect_cluster_table(Draft *draft)
{
	draft->effect->changes_on_repeat = true;
	if (!draft->action->relation.name) {
		draft->effect->forbidden_in_transaction = true;
		Relations tables = all_relations(draft, OBJECT_TABLE, NULL);
		for (uint32_t i = 0; i < tables.count; i++)
			if (is_clustered(tables.items[i]))
				cluster_one(draft, tables.items[i], WORK_CLUSTER);
		return;
	}
	draft->effect->forbidden_in_transaction = draft->relation && is_partitioned(draft->relation);
	if (draft->effect->forbidden_in_transaction && draft->action->object)
		take_lock(draft, relation_called(draft, (Name){draft->relation->object.schema, draft->action->object}, OBJECT_NONE),
			  LOCK_ACCESS_SHARE);
	Relations tree = {0};
	if (draft->effect->forbidden_in_transaction)
		tree = tree_of(draft, draft->relation);
	else if (draft->relation)
		array_push(draft->context->arena, &tree, draft->relation);
	for (uint32_t i = 0; i < tree.count; i++)
		cluster_one(draft, tree.items[i], WORK_CLUSTER);
}

/*
 * The tables that are meant: the one named with its partitions, from PostgreSQL 18 on with its inheritance children too unless it
 * says ONLY, or all of them. https://www.postgresql.org/docs/18/release-18.html#RELEASE-18-MIGRATION
 */
static Relations maintained(Draft *draft)
{
	Relations tables = {0};
	for (uint32_t i = 0; i < draft->action->names.count; i++)
		if (starts_with(draft->action->names.items[i], "only_database_stats"))
			return tables;
	if (draft->action->relation.name) {
		if (draft->relation && (draft->version >= 18 ? !draft->action->only : is_partitioned(draft->relation)))
			return tree_of(draft, draft->relation);
		if (draft->relation)
			array_push(draft->context->arena, &tables, draft->relation);
		return tables;
	}
	tables = all_relations(draft, OBJECT_TABLE, NULL);
	Relations views = all_relations(draft, OBJECT_MATERIALIZED_VIEW, NULL);
	for (uint32_t i = 0; i < views.count; i++)
		array_push(draft->context->arena, &tables, views.items[i]);
	return tables;
}

void effect_vacuum_table(Draft *draft)
{
	Relations tables = maintained(draft);
	for (uint32_t i = 0; i < tables.count; i++) {
		take_lock(draft, tables.items[i], LOCK_SHARE_UPDATE_EXCLUSIVE);
		take_lock_on_indexes(draft, tables.items[i],
				     has_storage(tables.items[i]) ? LOCK_ROW_EXCLUSIVE : LOCK_NONE);
		add_scan(draft, tables.items[i], WORK_MAINTENANCE);
	}
}

void effect_vacuum_full(Draft *draft)
{
	draft->effect->changes_on_repeat = true;
	Relations tables = maintained(draft);
	for (uint32_t i = 0; i < tables.count; i++)
		cluster_one(draft, tables.items[i], WORK_VACUUM_FULL);
}

void effect_analyze_table(Draft *draft)
{
	Relations tables = maintained(draft);
	for (uint32_t i = 0; i < tables.count; i++) {
		take_lock(draft, tables.items[i], LOCK_SHARE_UPDATE_EXCLUSIVE);
		take_lock_on_indexes(draft, tables.items[i],
				     has_storage(tables.items[i]) ? LOCK_ACCESS_SHARE : LOCK_NONE);
	}
	/* rows of inheritance children are sampled for their parent too */
	if (draft->relation && !is_partitioned(draft->relation))
		take_lock_on_tree(draft, draft->relation, LOCK_ACCESS_SHARE);
}

/* --- Materialized views ------------------------------------------------------------------------------------------- */

void effect_refresh(Draft *draft)
{
	Relation *view = draft->relation;
	if (!view)
		return;
	bool concurrently = draft->action->concurrently;
	draft->effect->changes_on_repeat = !concurrently;
	take_lock(draft, view, concurrently ? LOCK_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE);
	if (!draft->action->with_no_data)
		run_query(draft, view->query);
	if (concurrently) {
		take_lock_on_indexes(draft, view, LOCK_ROW_EXCLUSIVE);
		add_scan(draft, view, WORK_REFRESH);
		return;
	}
	/* the new rows come from the query; they are read again only to build the indexes */
	add_new_file(draft, view, WORK_REFRESH);
	for (uint32_t i = 0; i < view->indexes.count; i++)
		if (draft->action->with_no_data)
			take_lock(draft, view->indexes.items[i], LOCK_ACCESS_EXCLUSIVE);
		else
			add_build(draft, view, view->indexes.items[i], NULL, WORK_REFRESH);
}

/* --- Storage of a table ------------------------------------------------------------------------------------------- */

static bool same_tablespace(const char *a, const char *b)
{
	return same(a ? a : "pg_default", b ? b : "pg_default");
}

static void move_to_tablespace(Draft *draft, Relation *relation, const char *tablespace)
{
	if (same_tablespace(relation->tablespace, tablespace))
		return;
	add_new_file(draft, relation, WORK_TABLESPACE);
	if (!is_index(relation))
		add_scan(draft, relation, WORK_TABLESPACE);
}

/* The table is copied block by block; its indexes stay where they are. */
void effect_set_tablespace(Draft *draft)
{
	const Action *action = draft->action;
	const char *tablespace = action->value;
	if (!action->all) {
		if (draft->relation)
			move_to_tablespace(draft, draft->relation, tablespace);
		return;
	}
	/* ALTER TABLE ALL IN TABLESPACE old SET TABLESPACE new */
	if (same_tablespace(action->object, tablespace))
		return;
	ObjectKind kind = action->object_kind == OBJECT_INDEX || action->object_kind == OBJECT_MATERIALIZED_VIEW
			      ? action->object_kind
			      : OBJECT_TABLE;
	Relations relations = all_relations(draft, kind, NULL);
	for (uint32_t i = 0; i < relations.count; i++) {
		if (!same_tablespace(relations.items[i]->tablespace, action->object))
			continue;
		take_lock(draft, relations.items[i], LOCK_ACCESS_EXCLUSIVE);
		move_to_tablespace(draft, relations.items[i], tablespace);
	}
}

/* Sequences that belong to the table's columns follow it from PostgreSQL 15 on. */
void effect_set_persistence(Draft *draft)
{
	Relation *table = draft->relation;
	char wanted = draft->action->kind == ACTION_SET_LOGGED ? 'p' : 'u';
	if (!table || (table->persistence ? table->persistence : 'p') == wanted)
		return;
	add_rewrite(draft, table, WORK_PERSISTENCE);
	for (uint32_t i = 0; draft->version >= 15 && i < table->columns.count; i++)
		take_lock(draft, table->columns.items[i]->sequence, LOCK_ACCESS_EXCLUSIVE);
}

void effect_set_access_method(Draft *draft)
{
	const char *method = draft->action->value;
	const char *present =
	    draft->relation && draft->relation->access_method ? draft->relation->access_method : "heap";
	if (draft->relation && !same(present, method ? method : "heap"))
		add_rewrite(draft, draft->relation, WORK_ACCESS_METHOD);
}
