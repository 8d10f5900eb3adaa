/* Indexes: made by CREATE INDEX, by constraints, and for partitions. */
#include "catalog/inside.h"

/* --- Making ------------------------------------------------------------------------------------------------------- */

static const char *fill_keys(Apply *apply, Relation *index, const IndexDef *def)
{
	Catalog *catalog = apply->catalog;
	for (uint32_t i = 0; i < def->keys.count; i++) {
		const IndexKey *key = &def->keys.items[i];
		CatalogKey made = {.descending = key->descending, .nulls_first = key->nulls_first};
		if (key->column) {
			made.column = assume_column(catalog, index->table, key->column);
			if (!made.column)
				return UNDEFINED_COLUMN;
		} else {
			made.expr = expr_copy(catalog, key->expr);
			depend_on_expr(catalog, apply->path, &index->object, made.expr);
		}
		made.opclass = catalog_intern(catalog, key->opclass.name);
		depend(catalog, &index->object, extension_of_opclass(catalog, apply->path, made.opclass), DEPEND_NORMAL);
		made.collation = catalog_intern(catalog, key->collation.name);
		made.operator_ = catalog_intern(catalog, key->operator_);
		array_push(catalog->arena, &index->keys, made);
	}
	for (uint32_t i = 0; i < def->include.count; i++)
		if (!assume_column(catalog, index->table, def->include.items[i]))
			return UNDEFINED_COLUMN;
	names_copy(catalog, &index->include, &def->include);
	return NULL;
}

static const char *label_of(const Constraint *constraint)
{
	if (!constraint)
		return "idx";
	switch (constraint->kind) {
	case CONSTRAINT_PRIMARY_KEY:
		return "pkey";
	case CONSTRAINT_EXCLUSION:
		return "excl";
	default:
		return "key";
	}
}

static void tie_to_constraint(Catalog *catalog, Relation *index, Constraint *constraint)
{
	index->constraint = constraint;
	index->primary = constraint->kind == CONSTRAINT_PRIMARY_KEY;
	index->exclusion = constraint->kind == CONSTRAINT_EXCLUSION;
	index->unique = !index->exclusion;
	CHANGE(catalog, constraint->index, index);
	object_rename(catalog, &constraint->object, index->object.name);
	for (uint32_t i = 0; index->exclusion && i < index->keys.count; i++)
		if (index->keys.items[i].column)
			CHANGE_PUSH(catalog, &constraint->columns, index->keys.items[i].column);
}

static const char *on_partitions(Apply *apply, Relation *table, Relation *index);

/* A unique index on a partitioned table has all of the partition key among its columns. */
bool covers_partition_key(const Relation *index)
{
	for (uint32_t i = 0; index->unique && i < index->table->partition_columns.count; i++) {
		bool found = false;
		for (uint32_t j = 0; j < index->keys.count && !found; j++)
			found = index->keys.items[j].column &&
				index->keys.items[j].column == index->table->partition_columns.items[i];
		if (!found)
			return false;
	}
	return true;
}

const char *make_index(Apply *apply, Relation *table, const IndexDef *def, const char *name, Constraint *constraint,
		       Relation **made)
{
	Catalog *catalog = apply->catalog;
	/* Expressions are read before the table's kind is looked at. */
	ColumnList ignored = {0};
	bool known = expr_columns(catalog, table, def->predicate, &ignored);
	for (uint32_t i = 0; i < def->keys.count; i++)
		known = known && expr_columns(catalog, table, def->keys.items[i].expr, &ignored);
	if (!known)
		return UNDEFINED_COLUMN;
	if (table->object.kind != OBJECT_TABLE && table->object.kind != OBJECT_MATERIALIZED_VIEW &&
	    !table->object.assumed)
		return WRONG_OBJECT_TYPE;
	/* Nobody sees the index under this name: it gets the right one before anything else happens. */
	Relation *index = index_new(catalog, table, name ? name : "");
	index->method = catalog_intern(catalog, def->method ? def->method : "btree");
	index->unique = def->unique;
	index->nulls_not_distinct = def->nulls_not_distinct;
	index->tablespace = catalog_intern(catalog, def->tablespace);
	names_copy(catalog, &index->options, &def->options);
	const char *sqlstate = fill_keys(apply, index, def);
	if (sqlstate)
		return sqlstate;
	index->predicate = expr_copy(catalog, def->predicate);
	depend_on_expr(catalog, apply->path, &index->object, index->predicate);
	name_index_keys(catalog, index);
	if (!name)
		object_rename(catalog, &index->object,
			      choose_index_name(catalog, table, index, label_of(constraint), constraint != NULL));
	if (constraint)
		tie_to_constraint(catalog, index, constraint);
	if (made)
		*made = index;
	if (!constraint && is_partitioned(table) && !covers_partition_key(index))
		return FEATURE_NOT_SUPPORTED;
	if (!is_partitioned(table) || apply->action->only) {
		index->valid = !(is_partitioned(table) && table->children.count);
		return NULL;
	}
	return on_partitions(apply, table, index);
}

/* --- Like another index ------------------------------------------------------------------------------------------- */

static void copy_keys(Catalog *catalog, Relation *to, const Relation *from)
{
	for (uint32_t i = 0; i < from->keys.count; i++) {
		CatalogKey key = from->keys.items[i];
		if (key.column)
			key.column = assume_column(catalog, to->table, key.column->object.name);
		array_push(catalog->arena, &to->keys, key);
	}
	names_copy(catalog, &to->include, &from->include);
}

static Constraint *constraint_like(Catalog *catalog, Relation *table, const Constraint *from, bool inherited)
{
	Constraint *constraint = constraint_new(catalog, table, from->kind, "");
	constraint->deferrable = from->deferrable;
	constraint->initially_deferred = from->initially_deferred;
	constraint->inherited = inherited;
	constraint->local = !inherited;
	for (uint32_t i = 0; from->kind != CONSTRAINT_EXCLUSION && i < from->columns.count; i++) {
		Column *column = assume_column(catalog, table, from->columns.items[i]->object.name);
		if (column)
			CHANGE_PUSH(catalog, &constraint->columns, column);
	}
	return constraint;
}

static void attach(Catalog *catalog, Relation *child, Relation *parent)
{
	CHANGE(catalog, child->parent_index, parent);
	CHANGE_PUSH(catalog, &parent->child_indexes, child);
	if (!child->constraint || !parent->constraint || child->constraint->inherited)
		return;
	CHANGE(catalog, child->constraint->inherited, 1);
	CHANGE(catalog, child->constraint->local, false);
}

const char *clone_index(Apply *apply, Relation *table, Relation *from, bool as_partition)
{
	Catalog *catalog = apply->catalog;
	if (from->primary && primary_key(table))
		return INVALID_TABLE_DEFINITION;
	Constraint *constraint =
	    from->constraint ? constraint_like(catalog, table, from->constraint, as_partition) : NULL;
	Relation *index = index_new(catalog, table, "");
	index->method = from->method;
	index->unique = from->unique;
	index->nulls_not_distinct = from->nulls_not_distinct;
	index->options = from->options;
	copy_keys(catalog, index, from);
	index->predicate = from->predicate;
	object_rename(catalog, &index->object,
		      choose_index_name(catalog, table, index, label_of(constraint), constraint != NULL));
	if (constraint)
		tie_to_constraint(catalog, index, constraint);
	for (uint32_t i = 0; constraint && index->primary && i < constraint->columns.count; i++)
		if (!constraint->columns.items[i]->not_null)
			set_not_null(apply, constraint->columns.items[i], NULL, false);
	if (as_partition)
		attach(catalog, index, from);
	return is_partitioned(table) ? on_partitions(apply, table, index) : NULL;
}

static bool same_key(const CatalogKey *a, const CatalogKey *b)
{
	if (a->column || b->column)
		return a->column && b->column && same(a->column->object.name, b->column->object.name) &&
		       same(a->opclass, b->opclass);
	return same(a->name, b->name);
}

/* An index that a partition has already, free to become the parent's. */
static Relation *matching_index(const Relation *table, const Relation *parent)
{
	for (uint32_t i = 0; i < table->indexes.count; i++) {
		Relation *index = table->indexes.items[i];
		bool equal = !index->parent_index && index->valid && index->unique == parent->unique &&
			     same(index->method, parent->method) && index->keys.count == parent->keys.count &&
			     !index->predicate == !parent->predicate && !index->constraint == !parent->constraint;
		for (uint32_t j = 0; equal && j < index->keys.count; j++)
			equal = same_key(&index->keys.items[j], &parent->keys.items[j]);
		if (equal)
			return index;
	}
	return NULL;
}

const char *adopt_index(Apply *apply, Relation *partition, Relation *index)
{
	if (partition->object.kind == OBJECT_FOREIGN_TABLE)
		return NULL;
	Relation *match = matching_index(partition, index);
	if (!match)
		return clone_index(apply, partition, index, true);
	attach(apply->catalog, match, index);
	return NULL;
}

static const char *on_partitions(Apply *apply, Relation *table, Relation *index)
{
	for (uint32_t i = 0; i < table->children.count; i++) {
		const char *sqlstate = adopt_index(apply, table->children.items[i], index);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

/* --- CREATE INDEX ------------------------------------------------------------------------------------------------- */

const char *apply_create_index(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Relation *table = altered_relation(apply, &sqlstate);
	if (!table || !action->index)
		return sqlstate;
	if (action->concurrently && is_partitioned(table))
		return FEATURE_NOT_SUPPORTED;
	const char *name = action->object;
	bool taken = name && !relation_name_free(catalog, table->object.schema, name);
	if (!taken)
		return make_index(apply, table, action->index, name, NULL, NULL);
	/* The columns are looked at before the name, IF NOT EXISTS or not. */
	CatalogMark mark = catalog_mark(catalog);
	sqlstate = make_index(apply, table, action->index, NULL, NULL, NULL);
	catalog_undo(catalog, mark);
	if (sqlstate)
		return sqlstate;
	return action->if_not_exists ? NULL : DUPLICATE_TABLE;
}

/* --- RENAME, ATTACH, REINDEX -------------------------------------------------------------------------------------- */

static Relation *find_index(Apply *apply, Name name, const char **sqlstate)
{
	Relation *index = find_relation(apply->catalog, apply->path, name);
	if (!index && (apply->action->if_exists || apply->action->relation_if_exists))
		return NULL;
	if (!index)
		index = assume_relation(apply->catalog, apply->path, name, OBJECT_INDEX);
	if (!index)
		*sqlstate = UNDEFINED_TABLE;
	return index;
}

/* ALTER INDEX … RENAME may be said of a table, a view or a sequence, too. */
const char *apply_rename_index(Apply *apply)
{
	return apply_rename_table(apply);
}

const char *apply_attach_index(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *parent = find_index(apply, apply->action->relation, &sqlstate);
	Relation *child = parent ? find_index(apply, apply->action->other, &sqlstate) : NULL;
	if (!parent || !child)
		return sqlstate;
	if (parent->object.kind != OBJECT_INDEX || child->object.kind != OBJECT_INDEX)
		return WRONG_OBJECT_TYPE;
	if (child->parent_index == parent)
		return NULL;
	if (child->parent_index)
		return OBJECT_NOT_IN_STATE;
	attach(apply->catalog, child, parent);
	if (parent->table && parent->child_indexes.count >= parent->table->children.count)
		CHANGE(apply->catalog, parent->valid, true);
	return NULL;
}

const char *apply_reindex(Apply *apply)
{
	const Action *action = apply->action;
	if (!action->relation.name || (action->object_kind != OBJECT_INDEX && action->object_kind != OBJECT_TABLE))
		return NULL;
	Relation *relation = assume_relation(apply->catalog, apply->path, action->relation, action->object_kind);
	if (!relation)
		return UNDEFINED_TABLE;
	if (relation->object.kind == OBJECT_INDEX)
		CHANGE(apply->catalog, relation->valid, true);
	else if (action->object_kind == OBJECT_INDEX && !relation->object.assumed)
		return WRONG_OBJECT_TYPE;
	return NULL;
}
