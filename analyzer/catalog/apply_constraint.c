/* Constraints: ADD, with the indexes and foreign keys behind them. */
#include "catalog/inside.h"

/* --- What all kinds share ----------------------------------------------------------------------------------------- */

static void fill_constraint(Constraint *constraint, const ConstraintDef *def)
{
	constraint->on_delete = def->on_delete;
	constraint->on_update = def->on_update;
	constraint->match = def->match;
	constraint->period = def->without_overlaps;
	constraint->validated = !def->not_valid && !def->not_enforced;
	constraint->not_enforced = def->not_enforced;
	constraint->deferrable = def->deferrable;
	constraint->initially_deferred = def->initially_deferred;
	constraint->no_inherit = def->no_inherit;
	constraint->unnamed = !def->name;
}

static const char *find_columns(Apply *apply, Relation *relation, const Names *names, ColumnList *columns)
{
	for (uint32_t i = 0; i < names->count; i++) {
		Column *column = assume_column(apply->catalog, relation, names->items[i]);
		if (!column)
			return UNDEFINED_COLUMN;
		for (uint32_t j = 0; j < columns->count; j++)
			if (columns->items[j] == column)
				return DUPLICATE_COLUMN;
		array_push(apply->catalog->arena, columns, column);
	}
	return NULL;
}

static void set_columns(Catalog *catalog, Constraint *constraint, const ColumnList *columns)
{
	for (uint32_t i = 0; i < columns->count; i++)
		CHANGE_PUSH(catalog, &constraint->columns, columns->items[i]);
}

/* --- CHECK -------------------------------------------------------------------------------------------------------- */

static const char *add_check(Apply *apply, Relation *relation, const ConstraintDef *def)
{
	Catalog *catalog = apply->catalog;
	ColumnList columns = {0};
	if (!expr_columns(catalog, relation, def->check, &columns) && !apply->action->in_create)
		return UNDEFINED_COLUMN;
	const char *missing = missing_in_expr(catalog, apply->path, def->check);
	if (missing)
		return missing;
	const char *name = def->name;
	Constraint *same_name = name ? find_constraint(relation, name) : NULL;
	if (same_name && !(same_name->kind == CONSTRAINT_CHECK && same_name->inherited && !same_name->local &&
			   same(expr_text(catalog->arena, same_name->check), expr_text(catalog->arena, def->check))))
		return DUPLICATE_OBJECT;
	if (same_name) {
		CHANGE(catalog, same_name->local, true);
		return NULL;
	}
	if (relation->children.count && apply->action->only && !def->no_inherit)
		return INVALID_TABLE_DEFINITION;
	/* Only a check of one column is named after it. */
	if (!name)
		name = choose_constraint_name(catalog, relation,
					      columns.count == 1 ? columns.items[0]->object.name : NULL, "check");
	Constraint *constraint = constraint_new(catalog, relation, CONSTRAINT_CHECK, name);
	fill_constraint(constraint, def);
	constraint->check = expr_copy(catalog, def->check);
	set_columns(catalog, constraint, &columns);
	depend_on_expr(catalog, apply->path, &constraint->object, constraint->check);
	for (uint32_t i = 0; !def->no_inherit && i < relation->children.count; i++) {
		const char *sqlstate = inherit_constraint(apply, relation->children.items[i], constraint, false);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

/* --- NOT NULL, PostgreSQL 18 -------------------------------------------------------------------------------------- */

static const char *add_not_null(Apply *apply, Relation *relation, const ConstraintDef *def)
{
	if (apply->catalog->version < 18)
		return SYNTAX_ERROR;
	ColumnList columns = {0};
	const char *sqlstate = find_columns(apply, relation, &def->columns, &columns);
	if (sqlstate || !columns.count)
		return sqlstate;
	Column *column = columns.items[0];
	if (column->not_null_name) {
		bool same_one = !def->name || same(def->name, column->not_null_name);
		return same_one ? NULL : OBJECT_NOT_IN_STATE;
	}
	if (def->name && find_constraint(relation, def->name))
		return DUPLICATE_OBJECT;
	set_not_null(apply, column, def->name, def->not_valid);
	for (uint32_t i = 0; !def->no_inherit && i < relation->children.count; i++) {
		Column *below = find_column(relation->children.items[i], column->object.name);
		if (below && !below->not_null)
			set_not_null(apply, below, def->name, def->not_valid);
	}
	return NULL;
}

/* --- PRIMARY KEY, UNIQUE, EXCLUDE --------------------------------------------------------------------------------- */

static bool is_plain_unique(const Relation *index)
{
	if (!index->unique || index->predicate || !same(index->method, "btree"))
		return false;
	for (uint32_t i = 0; i < index->keys.count; i++)
		if (!index->keys.items[i].column || index->keys.items[i].descending || index->keys.items[i].opclass)
			return false;
	return true;
}

static void primary_key_not_null(Apply *apply, const Constraint *constraint)
{
	for (uint32_t i = 0; i < constraint->columns.count; i++)
		if (!constraint->columns.items[i]->not_null)
			set_not_null(apply, constraint->columns.items[i], NULL, false);
}

static const char *add_using_index(Apply *apply, Relation *relation, const ConstraintDef *def)
{
	Catalog *catalog = apply->catalog;
	Name name = {relation->object.schema, def->using_index};
	Relation *index = find_relation(catalog, apply->path, name);
	if (!index && relation->object.assumed && may_assume(catalog) &&
	    !known_gone(catalog, apply->path, CLASS_RELATION, name)) {
		index = index_new(catalog, relation, def->using_index);
		mark_assumed(&index->object);
		index->unique = true;
	}
	if (!index)
		return UNDEFINED_OBJECT;
	if (index->table != relation || index->constraint)
		return OBJECT_NOT_IN_STATE;
	if (!index->valid)
		return OBJECT_NOT_IN_STATE;
	if (!index->object.assumed && !is_plain_unique(index))
		return WRONG_OBJECT_TYPE;
	if (is_partitioned(relation))
		return FEATURE_NOT_SUPPORTED;
	bool primary = def->kind == CONSTRAINT_PRIMARY_KEY;
	if (primary && primary_key(relation))
		return INVALID_TABLE_DEFINITION;
	const char *constraint_name = def->name ? def->name : index->object.name;
	if (find_constraint(relation, constraint_name))
		return DUPLICATE_OBJECT;
	if (!same(constraint_name, index->object.name)) {
		if (!relation_name_free(catalog, relation->object.schema, constraint_name))
			return DUPLICATE_TABLE;
		object_rename(catalog, &index->object, constraint_name);
	}
	Constraint *constraint = constraint_new(catalog, relation, def->kind, constraint_name);
	fill_constraint(constraint, def);
	for (uint32_t i = 0; i < index->keys.count; i++)
		if (index->keys.items[i].column)
			CHANGE_PUSH(catalog, &constraint->columns, index->keys.items[i].column);
	constraint->index = index;
	CHANGE(catalog, index->constraint, constraint);
	CHANGE(catalog, index->primary, primary);
	if (primary)
		primary_key_not_null(apply, constraint);
	return NULL;
}

/* The index that a constraint on plain columns stands for. */
static IndexDef index_of_columns(Arena *arena, const ConstraintDef *def)
{
	IndexDef index = def->index ? *def->index : (IndexDef){0};
	if (!index.method)
		index.method = "btree";
	if (index.keys.count)
		return index;
	for (uint32_t i = 0; i < def->columns.count; i++)
		array_push(arena, &index.keys, (IndexKey){.column = def->columns.items[i]});
	return index;
}

static bool same_index(const IndexDef *def, const Relation *index)
{
	if (def->keys.count != index->keys.count || def->include.count != index->include.count || def->predicate ||
	    index->predicate || def->nulls_not_distinct != index->nulls_not_distinct ||
	    !same(def->method, index->method))
		return false;
	for (uint32_t i = 0; i < def->keys.count; i++)
		if (!index->keys.items[i].column ||
		    !same(def->keys.items[i].column, index->keys.items[i].column->object.name))
			return false;
	for (uint32_t i = 0; i < def->include.count; i++)
		if (!same(def->include.items[i], index->include.items[i]))
			return false;
	return true;
}

/* CREATE TABLE t (a int PRIMARY KEY UNIQUE): one index is enough, and it has the name that somebody wrote. */
static Constraint *same_in_create(const Relation *relation, const ConstraintDef *def, const IndexDef *index)
{
	for (uint32_t i = 0; def->kind == CONSTRAINT_UNIQUE && i < relation->constraints.count; i++) {
		Constraint *other = relation->constraints.items[i];
		if ((other->kind == CONSTRAINT_PRIMARY_KEY || other->kind == CONSTRAINT_UNIQUE) && !other->inherited &&
		    other->index && same_index(index, other->index) && other->deferrable == def->deferrable &&
		    other->initially_deferred == def->initially_deferred)
			return other;
	}
	return NULL;
}

static const char *add_indexed(Apply *apply, Relation *relation, const ConstraintDef *def)
{
	Catalog *catalog = apply->catalog;
	if (def->using_index)
		return add_using_index(apply, relation, def);
	ColumnList columns = {0};
	const char *sqlstate =
	    def->kind == CONSTRAINT_EXCLUSION ? NULL : find_columns(apply, relation, &def->columns, &columns);
	if (sqlstate)
		return sqlstate;
	if (def->kind == CONSTRAINT_PRIMARY_KEY && primary_key(relation))
		return INVALID_TABLE_DEFINITION;
	if (def->name && !relation_name_free(catalog, relation->object.schema, def->name))
		return DUPLICATE_TABLE;
	if (def->name && find_constraint(relation, def->name))
		return DUPLICATE_OBJECT;
	IndexDef index = index_of_columns(catalog->arena, def);
	Constraint *twin = apply->action->in_create ? same_in_create(relation, def, &index) : NULL;
	if (twin && def->name && twin->unnamed) {
		object_rename(catalog, &twin->object, def->name);
		object_rename(catalog, &twin->index->object, def->name);
		CHANGE(catalog, twin->unnamed, false);
	}
	if (twin)
		return NULL;
	Constraint *constraint = constraint_new(catalog, relation, def->kind, def->name ? def->name : "");
	fill_constraint(constraint, def);
	constraint->validated = true;
	set_columns(catalog, constraint, &columns);
	if (def->kind == CONSTRAINT_PRIMARY_KEY)
		primary_key_not_null(apply, constraint);
	sqlstate = make_index(apply, relation, &index, def->name, constraint, NULL);
	if (!sqlstate && is_partitioned(relation) && !covers_partition_key(constraint->index))
		sqlstate = FEATURE_NOT_SUPPORTED;
	return sqlstate;
}

/* --- FOREIGN KEY -------------------------------------------------------------------------------------------------- */

/* Types of different groups have no "=" between them. */
static int comparison_group(const DataType *type)
{
	static const struct {
		const char *name;
		int group;
	} groups[] = {
	    {"int2", 1},	{"int4", 1},  {"int8", 1},  {"numeric", 1}, {"float4", 1},
	    {"float8", 1},	{"oid", 1},   {"text", 2},  {"varchar", 2}, {"bpchar", 2},
	    {"name", 2},	{"uuid", 3},  {"bool", 4},  {"date", 5},    {"timestamp", 5},
	    {"timestamptz", 5}, {"bytea", 6}, {"jsonb", 7}, {"inet", 8},    {"cidr", 8},
	};
	if (type->dimensions || !same(type->schema, "pg_catalog"))
		return 0;
	for (size_t i = 0; i < LENGTH(groups); i++)
		if (same(groups[i].name, type->name))
			return groups[i].group;
	return 0;
}

static bool comparable(const DataType *a, const DataType *b)
{
	int group_a = comparison_group(a), group_b = comparison_group(b);
	return !group_a || !group_b || group_a == group_b;
}

static bool same_columns(const Relation *index, const ColumnList *columns)
{
	if (!is_plain_unique(index) && !index->primary)
		return false;
	if (index->keys.count != columns->count)
		return false;
	for (uint32_t i = 0; i < index->keys.count; i++) {
		bool found = false;
		for (uint32_t j = 0; j < columns->count && !found; j++)
			found = index->keys.items[i].column == columns->items[j];
		if (!found)
			return false;
	}
	return true;
}

static Relation *unique_index_on(const Relation *relation, const ColumnList *columns)
{
	Relation *found = NULL;
	for (uint32_t i = 0; i < relation->indexes.count; i++) {
		Relation *index = relation->indexes.items[i];
		if (same_columns(index, columns) && (!found || index->primary))
			found = index;
	}
	return found;
}

/* CREATE TABLE may write a foreign key to itself before the key that it refers to. */
static const ConstraintDef *primary_key_to_come(const Apply *apply)
{
	for (const Action *next = next_part(apply->action); apply->action->in_create && next && next->in_create;
	     next = next_part(next))
		if (next->kind == ACTION_ADD_CONSTRAINT && next->constraint &&
		    next->constraint->kind == CONSTRAINT_PRIMARY_KEY)
			return next->constraint;
	return NULL;
}

static const char *referenced_columns(Apply *apply, const Relation *relation, Relation *references,
				      const ConstraintDef *def, ColumnList *columns, Relation **index)
{
	Catalog *catalog = apply->catalog;
	const Names *names = &def->reference_columns;
	const ConstraintDef *to_come = references == relation ? primary_key_to_come(apply) : NULL;
	if (!names->count && !primary_key(references) && to_come)
		names = &to_come->columns;
	if (names->count) {
		const char *sqlstate = find_columns(apply, references, names, columns);
		if (sqlstate)
			return sqlstate;
		*index = unique_index_on(references, columns);
		bool may_come = references == relation && apply->action->in_create;
		if (!*index && !may_come && !parts_unknown(catalog, references))
			return INVALID_FOREIGN_KEY;
		return NULL;
	}
	const Constraint *key = primary_key(references);
	if (!key)
		return parts_unknown(catalog, references) ? NULL : UNDEFINED_OBJECT;
	for (uint32_t i = 0; i < key->columns.count; i++)
		array_push(catalog->arena, columns, key->columns.items[i]);
	*index = key->index;
	return NULL;
}

static const char *fits(const ColumnList *columns, const ColumnList *references)
{
	if (!references->count)
		return NULL;
	if (columns->count != references->count)
		return INVALID_FOREIGN_KEY;
	for (uint32_t i = 0; i < columns->count; i++)
		if (!comparable(&columns->items[i]->type, &references->items[i]->type))
			return DATATYPE_MISMATCH;
	return NULL;
}

static void point_at(Catalog *catalog, Constraint *constraint, Relation *references, const ColumnList *columns,
		     Relation *index)
{
	constraint->references = references;
	CHANGE_PUSH(catalog, &references->referrers, constraint);
	depend(catalog, &constraint->object, &references->object, DEPEND_NORMAL);
	for (uint32_t i = 0; i < columns->count; i++) {
		CHANGE_PUSH(catalog, &constraint->reference_columns, columns->items[i]);
		depend(catalog, &constraint->object, &columns->items[i]->object, DEPEND_NORMAL);
	}
	constraint->index = index;
	if (index)
		depend(catalog, &constraint->object, &index->object, DEPEND_NORMAL);
}

static const char *add_foreign_key(Apply *apply, Relation *relation, const ConstraintDef *def)
{
	Catalog *catalog = apply->catalog;
	if (def->name && find_constraint(relation, def->name))
		return DUPLICATE_OBJECT;
	if (is_partitioned(relation) && apply->action->only)
		return WRONG_OBJECT_TYPE;
	Relation *references = assume_relation(catalog, apply->path, def->references, OBJECT_TABLE);
	if (!references)
		return UNDEFINED_TABLE;
	if (references->object.kind != OBJECT_TABLE && !references->object.assumed)
		return WRONG_OBJECT_TYPE;
	if ((relation->persistence == 't') != (references->persistence == 't') ||
	    (relation->persistence == 'p' && references->persistence == 'u'))
		return INVALID_TABLE_DEFINITION;
	ColumnList columns = {0}, targets = {0};
	Relation *index = NULL;
	const char *sqlstate = find_columns(apply, relation, &def->columns, &columns);
	if (!sqlstate)
		sqlstate = referenced_columns(apply, relation, references, def, &targets, &index);
	if (!sqlstate)
		sqlstate = fits(&columns, &targets);
	if (sqlstate)
		return sqlstate;
	Constraint *constraint = constraint_new(catalog, relation, CONSTRAINT_FOREIGN_KEY, def->name ? def->name : "");
	fill_constraint(constraint, def);
	set_columns(catalog, constraint, &columns);
	if (!def->name)
		object_rename(catalog, &constraint->object,
			      choose_constraint_name(catalog, relation, joined_columns(catalog, constraint), "fkey"));
	point_at(catalog, constraint, references, &targets, index);
	for (uint32_t i = 0; is_partitioned(relation) && i < relation->children.count && !sqlstate; i++)
		sqlstate = inherit_constraint(apply, relation->children.items[i], constraint, false);
	return sqlstate;
}

/* --- Children ----------------------------------------------------------------------------------------------------- */

static Constraint *like_constraint(const Relation *child, const Constraint *from)
{
	for (uint32_t i = 0; i < child->constraints.count; i++) {
		Constraint *constraint = child->constraints.items[i];
		if (constraint->kind != from->kind)
			continue;
		if (from->kind == CONSTRAINT_CHECK
			? same(constraint->object.name, from->object.name)
			: constraint->references == from->references &&
			      constraint->columns.count == from->columns.count && constraint->columns.count &&
			      same(constraint->columns.items[0]->object.name, from->columns.items[0]->object.name))
			return constraint;
	}
	return NULL;
}

const char *inherit_constraint(Apply *apply, Relation *child, Constraint *from, bool as_local)
{
	Catalog *catalog = apply->catalog;
	Constraint *constraint = as_local ? NULL : like_constraint(child, from);
	if (constraint) {
		CHANGE(catalog, constraint->inherited, (uint16_t)(constraint->inherited + 1));
		return NULL;
	}
	const char *name = from->object.name;
	if (find_constraint(child, name)) {
		if (from->kind != CONSTRAINT_FOREIGN_KEY)
			return DUPLICATE_OBJECT;
		name = choose_constraint_name(catalog, child, joined_columns(catalog, from), "fkey");
	}
	constraint = constraint_new(catalog, child, from->kind, name);
	for (uint32_t i = 0; i < from->columns.count; i++) {
		Column *column = assume_column(catalog, child, from->columns.items[i]->object.name);
		if (column)
			CHANGE_PUSH(catalog, &constraint->columns, column);
	}
	constraint->check = from->check;
	constraint->on_delete = from->on_delete;
	constraint->on_update = from->on_update;
	constraint->match = from->match;
	constraint->period = from->period;
	/* A new table is empty. */
	constraint->validated = from->validated || as_local || apply->action->kind == ACTION_CREATE_TABLE;
	constraint->not_enforced = from->not_enforced;
	constraint->deferrable = from->deferrable;
	constraint->initially_deferred = from->initially_deferred;
	constraint->inherited = as_local ? 0 : 1;
	constraint->local = as_local;
	if (from->references) {
		ColumnList columns = {from->reference_columns.items, from->reference_columns.count,
				      from->reference_columns.capacity};
		point_at(catalog, constraint, from->references, &columns, from->index);
	}
	for (uint32_t i = 0; i < child->children.count; i++) {
		const char *sqlstate = inherit_constraint(apply, child->children.items[i], constraint, false);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

/* --- ADD CONSTRAINT ----------------------------------------------------------------------------------------------- */

const char *add_constraint(Apply *apply, Relation *relation, const ConstraintDef *def)
{
	switch (def->kind) {
	case CONSTRAINT_CHECK:
		return add_check(apply, relation, def);
	case CONSTRAINT_NOT_NULL:
		return add_not_null(apply, relation, def);
	case CONSTRAINT_FOREIGN_KEY:
		return add_foreign_key(apply, relation, def);
	case CONSTRAINT_PRIMARY_KEY:
	case CONSTRAINT_UNIQUE:
	case CONSTRAINT_EXCLUSION:
		return add_indexed(apply, relation, def);
	case CONSTRAINT_NONE:
		break;
	}
	return NULL;
}

const char *apply_add_constraint(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation || !apply->action->constraint)
		return sqlstate;
	/* ADD COLUMN IF NOT EXISTS that found its column leaves the constraints behind it out, too. */
	const Column *column = apply->action->inline_constraint ? find_column(relation, apply->action->object) : NULL;
	if (column && apply->action->in_alter && column->not_added_by == apply->catalog->statement + 1)
		return NULL;
	return add_constraint(apply, relation, apply->action->constraint);
}
