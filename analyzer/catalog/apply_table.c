/* Tables: CREATE, RENAME and what is said of a table as a whole. */
#include "catalog/inside.h"

/* --- CREATE TABLE ---------------------------------------------------------------------------------------------------------------------- */

static Relation *new_table(Apply *apply, const TableDef *def, ObjectKind kind, const char **sqlstate)
{
	Catalog *catalog = apply->catalog;
	const Action *action = apply->action;
	Name name = action->relation;
	bool temporary = (def && def->persistence == 't') || (name.schema && starts_with(name.schema, "pg_temp"));
	if (temporary)
		name.schema = "pg_temp";
	const char *schema = creation_schema(catalog, apply->path, name, sqlstate);
	if (!schema)
		return NULL;
	if (!relation_name_free(catalog, schema, name.name)) {
		*sqlstate = action->if_not_exists ? NULL : DUPLICATE_TABLE;
		return NULL;
	}
	if (!type_name_free(catalog, schema, name.name)) {
		*sqlstate = DUPLICATE_OBJECT;
		return NULL;
	}
	Relation *table = object_new(catalog, kind, sizeof *table, schema, name.name, NULL);
	table->persistence = temporary ? 't' : def && def->persistence ? def->persistence : 'p';
	table->temporary_schema = temporary;
	table->valid = table->populated = true;
	if (temporary)
		CHANGE_PUSH(catalog, &catalog->temporary, table);
	if (!def)
		return table;
	table->on_commit = catalog_intern(catalog, def->on_commit);
	table->partition_strategy = catalog_intern(catalog, def->partition_strategy);
	table->tablespace = catalog_intern(catalog, def->tablespace);
	table->access_method = catalog_intern(catalog, def->access_method);
	names_copy(catalog, &table->options, &def->options);
	return table;
}

static void become_child(Catalog *catalog, Relation *child, Relation *parent)
{
	CHANGE_PUSH(catalog, &child->parents, parent);
	CHANGE_PUSH(catalog, &parent->children, child);
}

static const char *inherit_columns(Apply *apply, Relation *child, Relation *parent)
{
	Catalog *catalog = apply->catalog;
	if (parent->object.assumed || parent->columns_unknown)
		CHANGE(catalog, child->columns_unknown, true);
	for (uint32_t i = 0; i < parent->columns.count; i++) {
		const Column *from = parent->columns.items[i];
		Column *column = find_column(child, from->object.name);
		if (column && !column->object.assumed && !from->object.assumed && !same_type(&column->type, &from->type))
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

static bool has_default_partition(const Relation *parent)
{
	for (uint32_t i = 0; i < parent->children.count; i++)
		if (parent->children.items[i]->default_partition)
			return true;
	return false;
}

static const char *join_parent(Apply *apply, Relation *child, Name name)
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
	if (child->default_partition && has_default_partition(parent))
		return INVALID_OBJECT_DEFINITION;
	const char *sqlstate = inherit_columns(apply, child, parent);
	become_child(apply->catalog, child, parent);
	if (!sqlstate)
		sqlstate = inherit_constraints(apply, child, parent);
	if (!sqlstate && child->is_partition)
		sqlstate = partition_indexes(apply, child, parent);
	return sqlstate;
}

static const char *be_like(Apply *apply, Relation *table, const struct TableLike *like)
{
	Catalog *catalog = apply->catalog;
	Relation *from = assume_relation(catalog, apply->path, like->relation, OBJECT_TABLE);
	if (!from || from == table)
		return UNDEFINED_TABLE;
	if (!has_row_type(from))
		return WRONG_OBJECT_TYPE;
	if (from->object.assumed || from->columns_unknown)
		table->columns_unknown = true;
	for (uint32_t i = 0; i < from->columns.count; i++) {
		const Column *source = from->columns.items[i];
		if (find_column(table, source->object.name))
			return DUPLICATE_COLUMN;
		Column *column = copy_column(catalog, table, source);
		bool keep_default = source->generated ? like->generated : like->defaults;
		if (!keep_default) {
			set_default(apply, column, NULL);
			column->generated = 0;
		}
		if (source->identity && like->identity) {
			column->identity = source->identity;
			make_column_sequence(catalog, column, true);
		}
		if (!like->storage)
			column->storage = NULL;
		if (!like->compression)
			column->compression = NULL;
		if (like->comments)
			column->object.comment = source->object.comment;
		if (column->not_null) {
			column->not_null = false;
			set_not_null(apply, column, source->not_null_name, source->not_null_invalid);
		}
	}
	const char *sqlstate = NULL;
	for (uint32_t i = 0; like->constraints && i < from->constraints.count && !sqlstate; i++)
		if (from->constraints.items[i]->kind == CONSTRAINT_CHECK)
			sqlstate = inherit_constraint(apply, table, from->constraints.items[i], true);
	for (uint32_t i = 0; like->indexes && i < from->indexes.count && !sqlstate; i++)
		sqlstate = clone_index(apply, table, from->indexes.items[i], false);
	return sqlstate;
}

static const char *columns_of_type(Apply *apply, Relation *table, Name name)
{
	Type *type = find_type(apply->catalog, apply->path, name);
	if (!type && !may_assume(apply->catalog))
		return UNDEFINED_OBJECT;
	if (!type || type->object.assumed) {
		table->columns_unknown = true;
		return NULL;
	}
	if (type->kind != TYPE_COMPOSITE)
		return WRONG_OBJECT_TYPE;
	table->of_type = type;
	depend(apply->catalog, &table->object, &type->object, DEPEND_NORMAL);
	for (uint32_t i = 0; i < type->attributes.count; i++)
		copy_column(apply->catalog, table, type->attributes.items[i])->inherited = 0;
	return NULL;
}

/* What PostgreSQL finds wrong with the table's parents and columns before it looks whether the name is free. */
static const char *wrong_definition(Apply *apply)
{
	const Action *action = apply->action;
	const TableDef *def = action->table;
	Catalog *catalog = apply->catalog;
	for (uint32_t i = 0; def && i <= def->inherits.count; i++) {
		Name parent = i < def->inherits.count ? def->inherits.items[i] : def->partition_of;
		const Relation *relation = parent.name ? assume_relation(catalog, apply->path, parent, OBJECT_TABLE) : NULL;
		if (parent.name && !relation)
			return UNDEFINED_TABLE;
		if (relation && !relation->object.assumed &&
		    (!is_table(relation) || (i < def->inherits.count && is_partitioned(relation))))
			return WRONG_OBJECT_TYPE;
	}
	for (uint32_t i = 0; def && i < def->likes.count; i++)
		if (!assume_relation(catalog, apply->path, def->likes.items[i].relation, OBJECT_TABLE))
			return UNDEFINED_TABLE;
	Map columns = {0};
	Arena scratch = {0};
	const char *sqlstate = NULL;
	for (const Action *next = action->next; next && next->in_create && !sqlstate; next = next->next) {
		if (next->kind != ACTION_ADD_COLUMN || !next->column_def)
			continue;
		const ColumnDef *column = next->column_def;
		if (map_get(&columns, column->name, strlen(column->name)))
			sqlstate = DUPLICATE_COLUMN;
		else if (!resolve_type(catalog, apply->path, &column->type).name)
			sqlstate = undefined_type(catalog, &column->type);
		map_set(&scratch, &columns, column->name, strlen(column->name), (void *)column);
	}
	arena_free(&scratch);
	return sqlstate;
}

/* Its columns and constraints come as actions of their own, marked in_create. */
const char *apply_create_table(Apply *apply)
{
	const Action *action = apply->action;
	const TableDef *def = action->table;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	CHANGE(catalog, catalog->creating, NULL);
	ObjectKind kind = action->kind == ACTION_CREATE_FOREIGN_TABLE ? OBJECT_FOREIGN_TABLE : OBJECT_TABLE;
	Relation *table = new_table(apply, def, kind, &sqlstate);
	if (!table && sqlstate) {
		/* The name is looked at last. */
		const char *earlier = wrong_definition(apply);
		return earlier ? earlier : sqlstate;
	}
	if (!table)
		return NULL;
	CHANGE(catalog, catalog->creating, table);
	if (!def)
		return NULL;
	if (def->partition_of.name) {
		table->is_partition = true;
		table->default_partition = def->default_partition;
		table->bound = catalog_intern(catalog, def->bound);
		sqlstate = join_parent(apply, table, def->partition_of);
	}
	for (uint32_t i = 0; i < def->inherits.count && !sqlstate; i++)
		sqlstate = join_parent(apply, table, def->inherits.items[i]);
	for (uint32_t i = 0; i < def->likes.count && !sqlstate; i++)
		sqlstate = be_like(apply, table, &def->likes.items[i]);
	if (!sqlstate && def->of_type.name)
		sqlstate = columns_of_type(apply, table, def->of_type);
	names_copy(catalog, &table->partition_keys, &def->partition_keys);
	if (!sqlstate)
		find_partition_columns(catalog, table);
	return sqlstate;
}

/* The partition key's columns may be made by later actions: each added column looks whether it is one. */
void find_partition_columns(Catalog *catalog, Relation *table)
{
	for (uint32_t i = 0; i < table->partition_keys.count; i++) {
		Column *column = find_column(table, table->partition_keys.items[i]);
		if (i >= table->partition_columns.count)
			CHANGE_PUSH(catalog, &table->partition_columns, column);
		else if (column && !table->partition_columns.items[i])
			CHANGE(catalog, table->partition_columns.items[i], column);
	}
}

/* --- CREATE TABLE AS ---------------------------------------------------------------------------------------------------------------------- */

const char *apply_create_table_as(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = NULL;
	CHANGE(apply->catalog, apply->catalog->creating, NULL);
	sqlstate = missing_in_query(apply, action->query);
	if (sqlstate)
		return sqlstate;
	Relation *table = new_table(apply, action->table, OBJECT_TABLE, &sqlstate);
	if (!table)
		return sqlstate;
	return columns_of_query(apply, table, action->query, &action->names);
}

/* --- RENAME ---------------------------------------------------------------------------------------------------------------------------------- */

const char *rename_relation(Apply *apply, Relation *relation, const char *name)
{
	Catalog *catalog = apply->catalog;
	if (!relation_name_free(catalog, relation->object.schema, name))
		return DUPLICATE_TABLE;
	if (has_row_type(relation) && !type_name_free(catalog, relation->object.schema, name))
		return DUPLICATE_OBJECT;
	if (relation->constraint) {
		/* Index and constraint have one name. */
		if (find_constraint(relation->table, name))
			return DUPLICATE_OBJECT;
		object_rename(catalog, &relation->constraint->object, name);
	}
	object_rename(catalog, &relation->object, name);
	return NULL;
}

static bool can_be_named(const Relation *relation, ObjectKind words)
{
	/* ALTER TABLE and ALTER INDEX … RENAME are said of any relation; the others of their own kind. */
	switch (words) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_SEQUENCE:
	case OBJECT_FOREIGN_TABLE:
		return relation->object.kind == words || relation->object.assumed;
	default:
		return true;
	}
}

const char *apply_rename_table(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	Relation *relation = find_relation(catalog, apply->path, action->relation);
	if (!relation && (action->if_exists || action->relation_if_exists))
		return NULL;
	if (!relation)
		relation = assume_relation(catalog, apply->path, action->relation,
					   action->object_kind ? action->object_kind : OBJECT_TABLE);
	if (!relation) {
		const Type *type = find_type(catalog, apply->path, action->relation);
		return type && type->kind == TYPE_COMPOSITE ? WRONG_OBJECT_TYPE : UNDEFINED_TABLE;
	}
	if (!can_be_named(relation, action->object_kind))
		return WRONG_OBJECT_TYPE;
	return rename_relation(apply, relation, action->new_name);
}

/* --- Properties -------------------------------------------------------------------------------------------------------------------------------- */

/* A logged table may not refer to an unlogged one. */
static bool breaks_foreign_keys(const Relation *table, char persistence)
{
	if (persistence == 'p') {
		for (uint32_t i = 0; i < table->constraints.count; i++) {
			const Constraint *constraint = table->constraints.items[i];
			if (constraint->kind == CONSTRAINT_FOREIGN_KEY && constraint->references &&
			    constraint->references != table && constraint->references->persistence == 'u')
				return true;
		}
		return false;
	}
	for (const Depend *need = table->object.users; need; need = need->next_user) {
		if (need->gone || need->user->dropped || need->user->kind != OBJECT_CONSTRAINT)
			continue;
		const Relation *user = (const Relation *)need->user->parent;
		if (user != table && user->persistence == 'p')
			return true;
	}
	return false;
}

const char *apply_set_persistence(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	char persistence = apply->action->kind == ACTION_SET_LOGGED ? 'p' : 'u';
	if (relation->persistence == 't')
		return INVALID_TABLE_DEFINITION;
	if (relation->persistence == persistence)
		return NULL;
	if (breaks_foreign_keys(relation, persistence))
		return INVALID_TABLE_DEFINITION;
	CHANGE(apply->catalog, relation->persistence, persistence);
	for (uint32_t i = 0; i < relation->indexes.count; i++)
		CHANGE(apply->catalog, relation->indexes.items[i]->persistence, persistence);
	return NULL;
}

/* Partitioned tables store nothing; views have parameters of their own. */
static bool has_parameters(const Relation *relation, const Names *names)
{
	if (relation->object.kind == OBJECT_VIEW) {
		for (uint32_t i = 0; i < names->count; i++)
			if (!starts_with(names->items[i], "security_") && !starts_with(names->items[i], "check_option"))
				return false;
		return true;
	}
	return relation->object.kind != OBJECT_TABLE || !relation->partition_strategy || !names->count;
}

/* "fillfactor=70": sets, replaces or takes away. */
static void change_options(Catalog *catalog, Relation *relation, const Names *changes, bool reset)
{
	for (uint32_t i = 0; i < changes->count; i++) {
		const char *change = changes->items[i];
		size_t length = strcspn(change, "=");
		Names kept = {0};
		for (uint32_t j = 0; j < relation->options.count; j++) {
			const char *old = relation->options.items[j];
			if (strcspn(old, "=") != length || strncmp(old, change, length) != 0)
				array_push(catalog->arena, &kept, old);
		}
		if (!reset)
			array_push(catalog->arena, &kept, catalog_intern(catalog, change));
		CHANGE(catalog, relation->options, kept);
	}
}

/* Unique, whole, of plain columns that are not null. */
static bool identifies_rows(const Relation *index)
{
	bool fine = index->unique && !index->predicate;
	for (uint32_t i = 0; fine && i < index->keys.count; i++)
		fine = index->keys.items[i].column && index->keys.items[i].column->not_null;
	return (fine && !(index->constraint && index->constraint->deferrable)) || index->object.assumed;
}

static const char *set_replica_identity(Catalog *catalog, Relation *relation, const Action *action)
{
	bool by_index = same(action->value, "index");
	const char *value = by_index ? action->object : action->value;
	const Relation *index = NULL;
	for (uint32_t i = 0; by_index && i < relation->indexes.count; i++)
		if (same(relation->indexes.items[i]->object.name, value))
			index = relation->indexes.items[i];
	if (by_index && !index && is_index_elsewhere(catalog, relation, value))
		return WRONG_OBJECT_TYPE;
	if (by_index && !index && !parts_unknown(catalog, relation))
		return UNDEFINED_OBJECT;
	if (index && !identifies_rows(index))
		return WRONG_OBJECT_TYPE;
	CHANGE(catalog, relation->replica_identity, same(value, "default") ? NULL : catalog_intern(catalog, value));
	return NULL;
}

static void set_row_security(Catalog *catalog, Relation *relation, const char *value)
{
	if (same(value, "enable") || same(value, "disable"))
		CHANGE(catalog, relation->row_security, same(value, "enable"));
	else
		CHANGE(catalog, relation->force_row_security, same(value, "force"));
}

const char *apply_table_property(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	if (!action->relation.name)
		return NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	switch (action->kind) {
	case ACTION_SET_TABLESPACE:
		CHANGE(catalog, relation->tablespace, catalog_intern(catalog, action->value));
		return NULL;
	case ACTION_SET_ACCESS_METHOD:
		CHANGE(catalog, relation->access_method, catalog_intern(catalog, action->value));
		return NULL;
	case ACTION_SET_STORAGE_PARAMETERS:
		if (!has_parameters(relation, &action->names))
			return catalog->version >= 17 ? WRONG_OBJECT_TYPE : INVALID_PARAMETER_VALUE;
		change_options(catalog, relation, &action->names, same(action->value, "reset"));
		return NULL;
	case ACTION_CLUSTER_ON:
		return mark_cluster(catalog, relation, action->object);
	case ACTION_SET_WITHOUT_CLUSTER:
		return mark_cluster(catalog, relation, NULL);
	case ACTION_SET_REPLICA_IDENTITY:
		return set_replica_identity(catalog, relation, action);
	case ACTION_SET_ROW_SECURITY:
		set_row_security(catalog, relation, action->value);
		return NULL;
	default:
		return NULL;
	}
}

/* --- Inheritance and partitions ---------------------------------------------------------------------------------------------------------------- */

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

static bool has_parent(const Relation *child, const Relation *parent)
{
	for (uint32_t i = 0; i < child->parents.count; i++)
		if (child->parents.items[i] == parent)
			return true;
	return false;
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
	if (action->is_default && has_default_partition(parent))
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
	if (action->concurrently && has_default_partition(parent))
		return OBJECT_NOT_IN_STATE;
	leave_parent(catalog, child, parent);
	CHANGE(catalog, child->is_partition, false);
	CHANGE(catalog, child->default_partition, false);
	CHANGE(catalog, child->bound, NULL);
	return NULL;
}

const char *apply_of_type(Apply *apply)
{
	const char *sqlstate = NULL;
	return altered_relation(apply, &sqlstate) ? NULL : sqlstate;
}
