/* Columns, constraints and indexes as parts of their relation. */
#include "catalog/inside.h"

bool parts_unknown(const Catalog *catalog, const Relation *relation)
{
	return relation->object.assumed || relation->columns_unknown || catalog->partial;
}

Column *column_new(Catalog *catalog, Relation *relation, const char *name)
{
	Column *column = object_new(catalog, OBJECT_COLUMN, sizeof *column, NULL, name, &relation->object);
	column->local = true;
	CHANGE_PUSH(catalog, &relation->columns, column);
	return column;
}

Column *assume_column(Catalog *catalog, Relation *relation, const char *name)
{
	Column *column = find_column(relation, name);
	if (column || !name || !parts_unknown(catalog, relation) || part_gone(relation, OBJECT_COLUMN, name))
		return column;
	column = column_new(catalog, relation, name);
	mark_assumed(&column->object);
	return column;
}

bool names_no_column(const Relation *relation, const char *name)
{
	static const char *const always[] = {"*", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
	for (size_t i = 0; i < LENGTH(always); i++)
		if (same(name, always[i]))
			return true;
	return same(name, relation->object.name);
}

Constraint *constraint_new(Catalog *catalog, Relation *relation, ConstraintKind kind, const char *name)
{
	Constraint *constraint =
	    object_new(catalog, OBJECT_CONSTRAINT, sizeof *constraint, NULL, name, &relation->object);
	constraint->kind = kind;
	constraint->validated = constraint->local = true;
	CHANGE_PUSH(catalog, &relation->constraints, constraint);
	return constraint;
}

Relation *index_new(Catalog *catalog, Relation *table, const char *name)
{
	Relation *index = object_new(catalog, OBJECT_INDEX, sizeof *index, table->object.schema, name, NULL);
	index->table = table;
	index->persistence = table->persistence;
	index->valid = true;
	index->method = "btree";
	CHANGE_PUSH(catalog, &table->indexes, index);
	return index;
}

bool constraint_has_column(const Constraint *constraint, const Column *column)
{
	for (uint32_t i = 0; i < constraint->columns.count; i++)
		if (constraint->columns.items[i] == column)
			return true;
	return false;
}

bool index_has_column(const Relation *index, const Column *column)
{
	const char *name = column->object.name;
	for (uint32_t i = 0; i < index->keys.count; i++) {
		const CatalogKey *key = &index->keys.items[i];
		if (key->column ? key->column == column : expr_mentions_column(key->expr, name))
			return true;
	}
	for (uint32_t i = 0; i < index->include.count; i++)
		if (same(index->include.items[i], name))
			return true;
	return index->predicate && expr_mentions_column(index->predicate, name);
}

Relation *own_index(const Constraint *constraint)
{
	return constraint->kind == CONSTRAINT_FOREIGN_KEY ? NULL : constraint->index;
}
