/*
 * Partitions and inheritance. ATTACH reads the new partition unless what is known of it implies the bound: see
 * partition_bound.c. https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
#include "effect/draft.h"

/* --- A new partition ---------------------------------------------------------------------------------------------- */

static bool same_columns(const Constraint *a, const Constraint *b)
{
	bool equal = a->columns.count == b->columns.count && a->reference_columns.count == b->reference_columns.count;
	for (uint32_t i = 0; equal && i < a->columns.count; i++)
		equal = same(a->columns.items[i]->object.name, b->columns.items[i]->object.name);
	for (uint32_t i = 0; equal && i < a->reference_columns.count; i++)
		equal = a->reference_columns.items[i] == b->reference_columns.items[i];
	return equal;
}

/*
 * A foreign key of the partition that becomes a part of the parent's: its triggers on the referenced table go, which takes
 * ACCESS EXCLUSIVE there. Before PostgreSQL 18 one that is NOT VALID does not count; from there it is validated.
 */
static const Constraint *own_foreign_key(const Draft *draft, const Relation *partition, const Constraint *key)
{
	for (uint32_t i = 0; partition && i < partition->constraints.count; i++) {
		const Constraint *own = partition->constraints.items[i];
		if (own->kind == CONSTRAINT_FOREIGN_KEY && !own->object.dropped && !own->inherited &&
		    own->references == key->references && same_columns(own, key) && own->on_delete == key->on_delete &&
		    own->on_update == key->on_update && own->match == key->match && own->deferrable == key->deferrable &&
		    own->initially_deferred == key->initially_deferred && own->not_enforced == key->not_enforced &&
		    (own->validated || draft->version >= 18))
			return own;
	}
	return NULL;
}

/* Foreign keys of the parent become the partition's own; those that point at the parent point at it too. */
static void share_foreign_keys(Draft *draft, Relation *parent, Relation *partition)
{
	for (uint32_t i = 0; i < parent->constraints.count; i++) {
		const Constraint *key = parent->constraints.items[i];
		if (key->kind != CONSTRAINT_FOREIGN_KEY || key->object.dropped || !key->references)
			continue;
		const Constraint *own = own_foreign_key(draft, partition, key);
		take_lock_on_all(draft, partitions_of(draft, key->references),
				 own ? LOCK_ACCESS_EXCLUSIVE : LOCK_SHARE_ROW_EXCLUSIVE);
		if (draft->version >= 18 && !own)
			take_lock(draft, key->index, LOCK_ACCESS_SHARE);
		if (partition && key->validated && !(own && own->validated))
			check_foreign_key(draft, partition, key->references, WORK_FOREIGN_KEY);
	}
	ForeignKeys keys = foreign_keys_to(draft, parent);
	for (uint32_t i = 0; i < keys.count; i++)
		take_lock(draft, (Relation *)keys.items[i]->object.parent, LOCK_SHARE_ROW_EXCLUSIVE);
}

/* Every index of the parent needs one in the partition: its own that fits, or a new one. */
static void match_indexes(Draft *draft, Relation *parent, Relation *partition)
{
	take_lock_on_indexes(draft, partition, LOCK_ACCESS_SHARE);
	for (uint32_t i = 0; i < parent->indexes.count; i++) {
		const Relation *wanted = parent->indexes.items[i];
		if (wanted->object.dropped)
			continue;
		take_lock(draft, parent->indexes.items[i], LOCK_SHARE_UPDATE_EXCLUSIVE);
		if (!partition || has_matching_index(partition, wanted))
			continue;
		Relations tree = tree_of(draft, partition);
		for (uint32_t t = 0; t < tree.count; t++)
			if (!has_matching_index(tree.items[t], wanted))
				add_build(draft, tree.items[t], NULL, NULL, WORK_INDEX_BUILD);
	}
}

/* Rows of the new partition may not be in the DEFAULT one. */
static void look_in_default(Draft *draft, Relation *parent, const char *bound)
{
	Relation *fallback = default_partition_of(parent);
	if (!fallback)
		return;
	take_lock_on_tree(draft, fallback, LOCK_ACCESS_EXCLUSIVE);
	if (proves_absence(draft, fallback, parent, bound))
		return;
	Relations tree = tree_of(draft, fallback);
	for (uint32_t i = 0; i < tree.count; i++)
		add_scan(draft, tree.items[i], WORK_DEFAULT_PARTITION);
}

void add_partition_to(Draft *draft, Relation *parent, Relation *partition, const char *bound, bool is_default)
{
	if (!is_default)
		look_in_default(draft, parent, bound);
	match_indexes(draft, parent, partition);
	share_foreign_keys(draft, parent, partition);
}

void effect_attach_partition(Draft *draft)
{
	const Action *action = draft->action;
	Relation *parent = draft->relation;
	Relation *partition = relation_called(draft, action->other, OBJECT_TABLE);
	if (!parent || !partition)
		return;
	take_lock_on_tree(draft, partition, LOCK_ACCESS_EXCLUSIVE);
	if (partition->object.assumed || parent->object.assumed)
		add_assumption(draft, "the partition or its parent was made before this history");
	bool proved = action->is_default ? proves_default(draft, partition, parent)
					 : proves_bound(draft, partition, parent, action->value);
	Relations tree = tree_of(draft, partition);
	for (uint32_t i = 0; i < tree.count && !proved; i++)
		add_scan(draft, tree.items[i], WORK_PARTITION_BOUND);
	add_partition_to(draft, parent, partition, action->value, action->is_default);
}

/* --- DETACH ------------------------------------------------------------------------------------------------------- */

/* No row may refer to what leaves: the tables that have foreign keys to the parent are looked through. */
static void check_references_to(Draft *draft, Relation *parent, Relation *partition)
{
	ForeignKeys keys = foreign_keys_to(draft, parent);
	for (uint32_t i = 0; i < keys.count; i++) {
		Relation *user = (Relation *)keys.items[i]->object.parent;
		take_lock(draft, user, LOCK_ACCESS_EXCLUSIVE);
		check_foreign_key(draft, user, partition, WORK_FOREIGN_KEY);
	}
}

void effect_detach_partition(Draft *draft)
{
	const Action *action = draft->action;
	Relation *parent = draft->relation;
	Relation *partition = relation_called(draft, action->other, OBJECT_TABLE);
	bool gently = action->concurrently || action->finalize;
	draft->effect->forbidden_in_transaction = draft->effect->waits_for_all = action->concurrently;
	take_lock(draft, parent, gently ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE);
	if (!parent || !partition)
		return;
	take_lock_on_tree(draft, partition, LOCK_ACCESS_EXCLUSIVE);
	take_lock(draft, default_partition_of(parent), LOCK_ACCESS_EXCLUSIVE);
	for (uint32_t i = 0; i < partition->indexes.count; i++)
		if (partition->indexes.items[i]->parent_index)
			take_lock(draft, partition->indexes.items[i], LOCK_ACCESS_EXCLUSIVE);
	for (uint32_t i = 0; i < parent->constraints.count; i++)
		if (parent->constraints.items[i]->kind == CONSTRAINT_FOREIGN_KEY &&
		    !parent->constraints.items[i]->object.dropped)
			take_lock(draft, parent->constraints.items[i]->references, LOCK_SHARE_ROW_EXCLUSIVE);
	check_references_to(draft, parent, partition);
}

/* --- Inheritance -------------------------------------------------------------------------------------------------- */

void effect_inherit_table(Draft *draft)
{
	take_lock(draft, relation_called(draft, draft->action->other, OBJECT_TABLE), LOCK_SHARE_UPDATE_EXCLUSIVE);
}

void effect_disinherit_table(Draft *draft)
{
	take_lock(draft, relation_called(draft, draft->action->other, OBJECT_TABLE), LOCK_ACCESS_SHARE);
}
