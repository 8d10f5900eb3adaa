/* Children: inheritance and partitions, by CREATE TABLE and by ALTER TABLE. */
#include "catalog/inside.h"

/* --- What a new child gets ---------------------------------------------------------------------------------------- */

static void become_child(Catalog *catalog, Relation *child, Relation *parent)
{
	CHANGE_PUSH(catalog, &child->parents, parent);
	CHANGE_PUSH(catalog, &parent->children, child);
	if (child->default_partition)
		CHANGE(catalog, parent->default_child, child);
}

static const char *inherit_columns(Apply *apply, Relation *child, Relation *parent)
{
	Catalog *catalog = apply->catalog;
	if (parent->object.assumed || parent->columns_unknown)
		CHANGE(catalog, child->columns_unknown, true);
	for (uint32_t i = 0; i < parent->columns.count; i++) {
		const Column *from = parent->columns.items[i];
		Column *column = find_column(child, from->object.name);
		if (column && !column->object.assumed && !from->object.assumed &&
		    !same_type(&column->type, &from->type))
			return DATATYPE_MISMATCH;
		if (!column) {
			column = copy_column(catalog, child, from);
			column->local = false;
			bool not_null = column->not_null;
			column->not_null = false;
			if (not_null)
				set_not_null(apply, column, from->not_null_name, from->not_null_invalid);
		} else if (from->not_null && !column->not_null) {
			set_not_null(apply, column, from->not_null_name, false);
		}
		CHANGE(catalog, column->inherited, (uint16_t)(column->inherited + 1));
	}
	return NULL;
}

static const char *inherit_constraints(Apply *apply, Relation *child, Relation *parent)
{
	for (uint32_t i = 0; i < parent->constraints.count; i++) {
		Constraint *from = parent->constraints.items[i];
		bool inherits = (from->kind == CONSTRAINT_CHECK && !from->no_inherit) ||
				(from->kind == CONSTRAINT_FOREIGN_KEY && child->is_partition);
		const char *sqlstate = inherits ? inherit_constraint(apply, child, from, false) : NULL;
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

static const char *partition_indexes(Apply *apply, Relation *child, Relation *parent)
{
	for (uint32_t i = 0; i < parent->indexes.count; i++) {
		const char *sqlstate = adopt_index(apply, child, parent->indexes.items[i]);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

static bool has_parent(const Relation *child, const Relation *parent)
{
	for (uint32_t i = 0; i < child->parents.count; i++)
		if (child->parents.items[i] == parent)
			return true;
	return false;
}

Relation *default_partition_of(const Relation *parent)
{
	Relation *child = parent ? parent->default_child : NULL;
	return child && !child->object.dropped && child->default_partition && has_parent(child, parent) ? child : NULL;
}

const char *join_parent(Apply *apply, Relation *child, Name name)
{
	Relation *parent = assume_relation(apply->catalog, apply->path, name, OBJECT_TABLE);
	if (!parent || parent == child)
		return UNDEFINED_TABLE;
	if (!is_table(parent) && !parent->object.assumed)
		return WRONG_OBJECT_TYPE;
	if (child->is_partition && parent->object.assumed && !parent->partition_strategy)
		CHANGE(apply->catalog, parent->partition_strategy, "range");
	if (parent->is_partition && !child->is_partition)
		return WRONG_OBJECT_TYPE;
	if (child->is_partition != is_partitioned(parent))
		return child->is_partition ? INVALID_OBJECT_DEFINITION : WRONG_OBJECT_TYPE;
	if (child->default_partition && default_partition_of(parent))
		return INVALID_OBJECT_DEFINITION;
	const char *sqlstate = inherit_columns(apply, child, parent);
	become_child(apply->catalog, child, parent);
	if (!sqlstate)
		sqlstate = inherit_constraints(apply, child, parent);
	if (!sqlstate && child->is_partition)
		sqlstate = partition_indexes(apply, child, parent);
	return sqlstate;
}

/* --- What a table must have to become one ------------------------------------------------------------------------- */

/* A table that becomes a child must have all that it would inherit. */
static const char *adopt_columns(Apply *apply, Relation *child, Relation *parent)
{
	Catalog *catalog = apply->catalog;
	for (uint32_t i = 0; i < parent->columns.count; i++) {
		const Column *from = parent->columns.items[i];
		Column *column = assume_column(catalog, child, from->object.name);
		if (!column)
			return DATATYPE_MISMATCH;
		bool known = !column->object.assumed && !from->object.assumed;
		if (known && !same_type(&column->type, &from->type))
			return DATATYPE_MISMATCH;
		if (known && from->not_null && !column->not_null)
			return DATATYPE_MISMATCH;
		CHANGE(catalog, column->inherited, (uint16_t)(column->inherited + 1));
		if (child->is_partition)
			CHANGE(catalog, column->local, false);
	}
	return NULL;
}

static const char *adopt_constraints(Apply *apply, Relation *child, Relation *parent)
{
	for (uint32_t i = 0; i < parent->constraints.count; i++) {
		Constraint *from = parent->constraints.items[i];
		if (from->kind != CONSTRAINT_CHECK || from->no_inherit)
			continue;
		if (!find_constraint(child, from->object.name) && !parts_unknown(apply->catalog, child))
			return DATATYPE_MISMATCH;
	}
	return inherit_constraints(apply, child, parent);
}

/* relation is top or one of its descendants. */
static bool is_below(const Relation *relation, Relation *top)
{
	Arena scratch = {0};
	Relation **tree;
	uint32_t count;
	bool found = false;
	relation_tree(&scratch, top, &tree, &count);
	for (uint32_t i = 0; i < count && !found; i++)
		found = tree[i] == relation;
	arena_free(&scratch);
	return found;
}

const char *apply_inherit(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *child = altered_relation(apply, &sqlstate);
	if (!child)
		return sqlstate;
	if (child->is_partition || is_partitioned(child) || child->of_type)
		return WRONG_OBJECT_TYPE;
	Relation *parent = assume_relation(apply->catalog, apply->path, apply->action->other, OBJECT_TABLE);
	if (!parent)
		return UNDEFINED_TABLE;
	if (is_partitioned(parent) || (!is_table(parent) && !parent->object.assumed))
		return WRONG_OBJECT_TYPE;
	if (has_parent(child, parent) || is_below(parent, child))
		return DUPLICATE_TABLE;
	sqlstate = adopt_columns(apply, child, parent);
	if (!sqlstate)
		sqlstate = adopt_constraints(apply, child, parent);
	if (!sqlstate)
		become_child(apply->catalog, child, parent);
	return sqlstate;
}

static void leave_parent(Catalog *catalog, Relation *child, Relation *parent)
{
	list_remove(catalog, &child->parents, parent);
	list_remove(catalog, &parent->children, child);
	for (uint32_t i = 0; i < child->columns.count; i++) {
		Column *column = child->columns.items[i];
		if (!column->inherited || !find_column(parent, column->object.name))
			continue;
		CHANGE(catalog, column->inherited, (uint16_t)(column->inherited - 1));
		CHANGE(catalog, column->local, true);
	}
	for (uint32_t i = 0; i < child->constraints.count; i++) {
		Constraint *constraint = child->constraints.items[i];
		if (!constraint->inherited)
			continue;
		CHANGE(catalog, constraint->inherited, (uint16_t)(constraint->inherited - 1));
		CHANGE(catalog, constraint->local, true);
	}
	for (uint32_t i = 0; i < child->indexes.count; i++) {
		Relation *index = child->indexes.items[i];
		if (!index->parent_index || index->parent_index->table != parent)
			continue;
		list_remove(catalog, &index->parent_index->child_indexes, index);
		CHANGE(catalog, index->parent_index, NULL);
	}
}

const char *apply_disinherit(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *child = altered_relation(apply, &sqlstate);
	if (!child)
		return sqlstate;
	Relation *parent = assume_relation(apply->catalog, apply->path, apply->action->other, OBJECT_TABLE);
	if (!parent || (!has_parent(child, parent) && !child->object.assumed))
		return UNDEFINED_TABLE;
	leave_parent(apply->catalog, child, parent);
	return NULL;
}

const char *apply_attach_partition(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Relation *parent = altered_relation(apply, &sqlstate);
	if (!parent)
		return sqlstate;
	if (parent->object.assumed && !parent->partition_strategy)
		CHANGE(catalog, parent->partition_strategy, "range");
	if (!is_partitioned(parent))
		return INVALID_OBJECT_DEFINITION;
	Relation *child = assume_relation(catalog, apply->path, action->other, OBJECT_TABLE);
	if (!child)
		return UNDEFINED_TABLE;
	if (is_below(parent, child))
		return DUPLICATE_TABLE;
	if (!is_table(child) || child->is_partition || child->parents.count)
		return WRONG_OBJECT_TYPE;
	for (uint32_t i = 0; i < child->columns.count; i++)
		if (!find_column(parent, child->columns.items[i]->object.name) && !parts_unknown(catalog, parent))
			return DATATYPE_MISMATCH;
	if (action->is_default && default_partition_of(parent))
		return INVALID_OBJECT_DEFINITION;
	CHANGE(catalog, child->is_partition, true);
	CHANGE(catalog, child->default_partition, action->is_default);
	CHANGE(catalog, child->bound, catalog_intern(catalog, action->value));
	sqlstate = adopt_columns(apply, child, parent);
	if (!sqlstate)
		sqlstate = adopt_constraints(apply, child, parent);
	if (sqlstate)
		return sqlstate;
	become_child(catalog, child, parent);
	return partition_indexes(apply, child, parent);
}

const char *apply_detach_partition(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Relation *parent = altered_relation(apply, &sqlstate);
	if (!parent)
		return sqlstate;
	if (!is_partitioned(parent) && !parts_unknown(catalog, parent))
		return INVALID_OBJECT_DEFINITION;
	Relation *child = assume_relation(catalog, apply->path, action->other, OBJECT_TABLE);
	if (!child || (!has_parent(child, parent) && !parts_unknown(catalog, parent)))
		return UNDEFINED_TABLE;
	if (action->concurrently && default_partition_of(parent))
		return OBJECT_NOT_IN_STATE;
	leave_parent(catalog, child, parent);
	CHANGE(catalog, child->is_partition, false);
	CHANGE(catalog, child->default_partition, false);
	CHANGE(catalog, child->bound, NULL);
	return NULL;
}
