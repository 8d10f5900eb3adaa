/* CREATE TABLE, LIKE, OF, AS. */
#include "catalog/inside.h"

/* --- CREATE TABLE ------------------------------------------------------------------------------------------------- */

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
	table->object.perhaps_old = action->if_not_exists && !temporary && may_assume(catalog);
	if (temporary)
		CHANGE_PUSH(catalog, &catalog->temporary, table);
	if (!def)
		return table;
	table->on_commit = catalog_intern(catalog, def->on_commit);
	if (same(def->on_commit, "drop"))
		CHANGE(catalog, catalog->drops_on_commit, catalog->drops_on_commit + 1);
	table->partition_strategy = catalog_intern(catalog, def->partition_strategy);
	table->tablespace = catalog_intern(catalog, def->tablespace);
	table->access_method = catalog_intern(catalog, def->access_method);
	names_copy(catalog, &table->options, &def->options);
	return table;
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
		const Relation *relation =
		    parent.name ? assume_relation(catalog, apply->path, parent, OBJECT_TABLE) : NULL;
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
	for (const Action *next = next_part(action); next && next->in_create && !sqlstate; next = next_part(next)) {
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
	if (kind == OBJECT_FOREIGN_TABLE && action->other.name)
		depend(catalog, &table->object, find_object(catalog, apply->path, OBJECT_FOREIGN_SERVER, action->other),
		       DEPEND_NORMAL);
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

/* --- CREATE TABLE AS ---------------------------------------------------------------------------------------------- */

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
