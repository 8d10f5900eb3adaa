#include "alembic.h"

/* --- Words -------------------------------------------------------------------------------------------------------------------- */

/* In a batch the table is left out, and everything moves to the left. */
static const PyValue *argument(const Operation *operation, uint32_t position, uint32_t table_at, const char *keyword)
{
	if (operation->table && position > table_at)
		position--;
	return py_argument(operation->call, position, keyword);
}

static const char *text_at(const Operation *operation, uint32_t position, uint32_t table_at, const char *keyword)
{
	if (operation->table && position == table_at)
		return operation->table;
	return py_text(operation->names, argument(operation, position, table_at, keyword));
}

static const PyValue *keyword_of(const Operation *operation, const char *keyword)
{
	return py_argument(operation->call, UINT32_MAX, keyword);
}

static const char *schema_of(const Operation *operation)
{
	const char *schema = py_text(operation->names, keyword_of(operation, "schema"));
	return schema ? schema : operation->schema;
}

static bool flag(const Operation *operation, const char *keyword)
{
	return py_true(operation->call, keyword);
}

static void put_table(Buf *sql, const Operation *operation, uint32_t position, const char *keyword)
{
	const char *name = text_at(operation, position, position, keyword);
	put_qualified(sql, schema_of(operation), name ? name : "${table}", NAME_EXACT);
}

/* --- Tables ------------------------------------------------------------------------------------------------------------------- */

typedef struct Key {
	const PyValue *constraint; /* PrimaryKeyConstraint; NULL: columns say primary_key=True */
	uint32_t columns;          /* that are part of it */
} Key;

static bool is_key_column(const Operation *operation, const Key *key, const PyValue *column)
{
	const char *name = py_text(operation->names, py_argument(column, 0, "name"));
	if (py_true(column, "primary_key"))
		return true;
	for (uint32_t i = 0; key->constraint && i < key->constraint->arguments.count; i++) {
		const struct PyArgument *item = &key->constraint->arguments.items[i];
		const char *part = item->keyword ? NULL : py_text(operation->names, item->value);
		if (part && name && same(part, name))
			return true;
	}
	return false;
}

/* SQLAlchemy numbers the one integer column of a primary key by itself. */
static bool is_serial(const Operation *operation, const Key *key, const PyValue *column)
{
	const char *type = py_last(py_resolve(operation->names, py_argument(column, 1, "type_")));
	bool integer = strstr(type, "Integer") || same(type, "INTEGER") || same(type, "BIGINT");
	const PyValue *automatic = py_argument(column, UINT32_MAX, "autoincrement");
	if (!integer || py_is(automatic, "False") || py_argument(column, UINT32_MAX, "server_default") || sa_reference(column))
		return false;
	return is_key_column(operation, key, column) && (key->columns == 1 || py_is(automatic, "True"));
}

static bool in_foreign_key(const Operation *operation, const PyValue *column)
{
	const char *name = py_text(operation->names, py_argument(column, 0, "name"));
	array_each(const struct PyArgument, item, &operation->call->arguments) {
		if (item->keyword || !same(py_last(item->value), "ForeignKeyConstraint"))
			continue;
		const PyValue *list = py_resolve(operation->names, py_argument(item->value, 0, "columns"));
		for (uint32_t i = 0; list && list->kind == PY_LIST && i < list->arguments.count; i++)
			if (name && same(py_text(operation->names, list->arguments.items[i].value), name))
				return true;
	}
	return false;
}

static Key find_key(const Operation *operation)
{
	Key key = {0};
	array_each(const struct PyArgument, item, &operation->call->arguments) {
		if (item->keyword)
			continue;
		if (same(py_last(item->value), "PrimaryKeyConstraint"))
			key.constraint = item->value;
		else if (is_sa_column(item->value) && py_true(item->value, "primary_key"))
			key.columns++;
	}
	for (uint32_t i = 0; key.constraint && i < key.constraint->arguments.count; i++)
		key.columns += !key.constraint->arguments.items[i].keyword;
	return key;
}

static void put_key_of_columns(Buf *sql, const Operation *operation, const Key *key)
{
	bool first = true;
	for (uint32_t i = 0; !key->constraint && key->columns && i < operation->call->arguments.count; i++) {
		const struct PyArgument *item = &operation->call->arguments.items[i];
		if (item->keyword || !is_sa_column(item->value) || !py_true(item->value, "primary_key"))
			continue;
		const char *name = py_text(operation->names, py_argument(item->value, 0, "name"));
		buf_adds(sql, first ? ", PRIMARY KEY (" : ", ");
		first = false;
		put_name(sql, name ? name : "${column}", NAME_EXACT);
	}
	if (!first)
		buf_addc(sql, ')');
}

static void put_column_index(Buf *sql, const Operation *operation, const PyValue *column)
{
	const char *name = py_text(operation->names, py_argument(column, 0, "name"));
	const char *table = text_at(operation, 0, 0, "table_name");
	if (!py_true(column, "index") || !name || !table)
		return;
	Buf index = {0};
	buf_addf(&index, "ix_%s_%s", table, name);
	buf_adds(sql, py_true(column, "unique") ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	put_name(sql, index.data, NAME_EXACT);
	buf_adds(sql, " ON ");
	put_qualified(sql, schema_of(operation), table, NAME_EXACT);
	buf_adds(sql, " (");
	put_name(sql, name, NAME_EXACT);
	buf_adds(sql, ");\n");
	buf_free(&index);
}

static bool create_table(Buf *sql, const Operation *operation)
{
	const PyNames *names = operation->names;
	Key key = find_key(operation);
	array_each(const struct PyArgument, item, &operation->call->arguments)
		if (!item->keyword && is_sa_column(item->value))
			put_enum_types(sql, names, item->value);
	buf_adds(sql, flag(operation, "if_not_exists") ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ");
	put_table(sql, operation, 0, "table_name");
	buf_adds(sql, " (");
	bool first = true, keyed = false; /* the key comes before all other constraints */
	for (uint32_t i = 1; i < operation->call->arguments.count; i++) {
		const struct PyArgument *item = &operation->call->arguments.items[i];
		if (item->keyword)
			continue;
		if (!is_sa_column(item->value) && !keyed) {
			put_key_of_columns(sql, operation, &key);
			keyed = true;
		}
		buf_adds(sql, first ? "" : ", ");
		first = false;
		if (is_sa_column(item->value)) {
			bool serial = is_serial(operation, &key, item->value) && !in_foreign_key(operation, item->value);
			put_sa_column(sql, names, item->value, is_key_column(operation, &key, item->value), serial);
		} else if (!put_sa_constraint(sql, names, item->value)) {
			return false;
		}
	}
	if (!keyed)
		put_key_of_columns(sql, operation, &key);
	array_each(const struct PyArgument, item, &operation->call->arguments) {
		const PyValue *reference = item->keyword || !is_sa_column(item->value) ? NULL : sa_reference(item->value);
		if (reference) {
			buf_adds(sql, ", ");
			put_sa_reference(sql, names, item->value, reference);
		}
		if (!item->keyword && is_sa_column(item->value) && py_true(item->value, "unique") && !py_true(item->value, "index")) {
			const char *name = py_text(names, py_argument(item->value, 0, "name"));
			buf_adds(sql, ", UNIQUE (");
			put_name(sql, name ? name : "${column}", NAME_EXACT);
			buf_addc(sql, ')');
		}
	}
	buf_adds(sql, ");\n");
	array_each(const struct PyArgument, item, &operation->call->arguments)
		if (!item->keyword && is_sa_column(item->value))
			put_column_index(sql, operation, item->value);
	return true;
}

static bool drop_table(Buf *sql, const Operation *operation)
{
	buf_adds(sql, flag(operation, "if_exists") ? "DROP TABLE IF EXISTS " : "DROP TABLE ");
	put_table(sql, operation, 0, "table_name");
	buf_adds(sql, ";\n");
	return true;
}

static void alter_table(Buf *sql, const Operation *operation, uint32_t position, const char *keyword)
{
	buf_adds(sql, "ALTER TABLE ");
	put_table(sql, operation, position, keyword);
}

static bool rename_table(Buf *sql, const Operation *operation)
{
	const char *name = py_text(operation->names, py_argument(operation->call, 1, "new_table_name"));
	alter_table(sql, operation, 0, "old_table_name");
	buf_adds(sql, " RENAME TO ");
	put_name(sql, name ? name : "${table}", NAME_EXACT);
	buf_adds(sql, ";\n");
	return true;
}

/* --- Columns ------------------------------------------------------------------------------------------------------------------ */

static bool add_column(Buf *sql, const Operation *operation)
{
	const PyNames *names = operation->names;
	const PyValue *column = py_resolve(names, argument(operation, 1, 0, "column"));
	if (!is_sa_column(column))
		return false;
	const char *name = py_text(names, py_argument(column, 0, "name"));
	const PyValue *reference = sa_reference(column);
	alter_table(sql, operation, 0, "table_name");
	buf_adds(sql, flag(operation, "if_not_exists") ? " ADD COLUMN IF NOT EXISTS " : " ADD COLUMN ");
	put_sa_column(sql, names, column, false, false);
	if (py_true(column, "primary_key"))
		buf_adds(sql, " PRIMARY KEY");
	buf_adds(sql, ";\n");
	if (reference) {
		alter_table(sql, operation, 0, "table_name");
		buf_adds(sql, " ADD ");
		put_sa_reference(sql, names, column, reference);
		buf_adds(sql, ";\n");
	}
	if (py_true(column, "unique") && !py_true(column, "index")) {
		alter_table(sql, operation, 0, "table_name");
		buf_adds(sql, " ADD UNIQUE (");
		put_name(sql, name ? name : "${column}", NAME_EXACT);
		buf_adds(sql, ");\n");
	}
	put_column_index(sql, operation, column);
	return true;
}

static bool drop_column(Buf *sql, const Operation *operation)
{
	const char *name = text_at(operation, 1, 0, "column_name");
	alter_table(sql, operation, 0, "table_name");
	buf_adds(sql, flag(operation, "if_exists") ? " DROP COLUMN IF EXISTS " : " DROP COLUMN ");
	put_name(sql, name ? name : "${column}", NAME_EXACT);
	buf_adds(sql, ";\n");
	return true;
}

static void alter_column_head(Buf *sql, const Operation *operation)
{
	const char *name = text_at(operation, 1, 0, "column_name");
	alter_table(sql, operation, 0, "table_name");
	buf_adds(sql, " ALTER COLUMN ");
	put_name(sql, name ? name : "${column}", NAME_EXACT);
}

static bool alter_column(Buf *sql, const Operation *operation)
{
	const PyNames *names = operation->names;
	const PyValue *type = keyword_of(operation, "type_"), *nullable = keyword_of(operation, "nullable");
	const PyValue *fallback = keyword_of(operation, "server_default");
	const char *using = py_text(names, keyword_of(operation, "postgresql_using"));
	const char *renamed = py_text(names, keyword_of(operation, "new_column_name"));
	if (type && !py_is(type, "None")) {
		alter_column_head(sql, operation);
		buf_adds(sql, " TYPE ");
		put_sa_type(sql, names, type);
		if (using)
			buf_addf(sql, " USING %s", using);
		buf_adds(sql, ";\n");
	}
	if (nullable && !py_is(nullable, "None")) {
		alter_column_head(sql, operation);
		buf_adds(sql, py_is(nullable, "False") ? " SET NOT NULL;\n" : py_is(nullable, "True") ? " DROP NOT NULL;\n" : " ${nullable};\n");
	}
	if (fallback && !py_is(fallback, "False")) {
		alter_column_head(sql, operation);
		buf_adds(sql, py_is(fallback, "None") ? " DROP DEFAULT" : " SET DEFAULT ");
		if (!py_is(fallback, "None"))
			put_sa_default(sql, names, fallback);
		buf_adds(sql, ";\n");
	}
	if (renamed) {
		const char *name = text_at(operation, 1, 0, "column_name");
		alter_table(sql, operation, 0, "table_name");
		buf_adds(sql, " RENAME ");
		put_name(sql, name ? name : "${column}", NAME_EXACT);
		buf_adds(sql, " TO ");
		put_name(sql, renamed, NAME_EXACT);
		buf_adds(sql, ";\n");
	}
	return true;
}

/* --- Indexes and constraints ----------------------------------------------------------------------------------------------------- */

static bool create_index(Buf *sql, const Operation *operation)
{
	const PyNames *names = operation->names;
	const char *name = text_at(operation, 0, 1, "index_name"), *method = py_text(names, keyword_of(operation, "postgresql_using"));
	const char *where = py_text(names, keyword_of(operation, "postgresql_where"));
	const PyValue *include = keyword_of(operation, "postgresql_include");
	buf_adds(sql, flag(operation, "unique") ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	buf_adds(sql, flag(operation, "postgresql_concurrently") ? "CONCURRENTLY " : "");
	buf_adds(sql, flag(operation, "if_not_exists") ? "IF NOT EXISTS " : "");
	put_name(sql, name ? name : "${index}", NAME_EXACT);
	buf_adds(sql, " ON ");
	put_table(sql, operation, 1, "table_name");
	if (method)
		buf_addf(sql, " USING %s", method);
	buf_adds(sql, " (");
	put_sa_names(sql, names, argument(operation, 2, 1, "columns"));
	buf_addc(sql, ')');
	if (include) {
		buf_adds(sql, " INCLUDE (");
		put_sa_names(sql, names, include);
		buf_addc(sql, ')');
	}
	if (where || keyword_of(operation, "postgresql_where"))
		buf_addf(sql, " WHERE %s", where ? where : "${condition}");
	buf_adds(sql, ";\n");
	return true;
}

static bool drop_index(Buf *sql, const Operation *operation)
{
	const char *name = py_text(operation->names, py_argument(operation->call, 0, "index_name"));
	buf_adds(sql, "DROP INDEX ");
	buf_adds(sql, flag(operation, "postgresql_concurrently") ? "CONCURRENTLY " : "");
	buf_adds(sql, flag(operation, "if_exists") ? "IF EXISTS " : "");
	put_qualified(sql, schema_of(operation), name ? name : "${index}", NAME_EXACT);
	buf_adds(sql, ";\n");
	return true;
}

static void add_constraint(Buf *sql, const Operation *operation, uint32_t table_at, const char *table)
{
	alter_table(sql, operation, table_at, table);
	buf_adds(sql, " ADD ");
	put_sa_constraint_name(sql, operation->names, argument(operation, 0, 1, "constraint_name"));
}

static bool create_foreign_key(Buf *sql, const Operation *operation)
{
	const PyNames *names = operation->names;
	const char *source_schema = py_text(names, keyword_of(operation, "source_schema"));
	const char *schema = py_text(names, keyword_of(operation, "referent_schema"));
	const char *target = text_at(operation, 2, 1, "referent_table"), *source = text_at(operation, 1, 1, "source_table");
	buf_adds(sql, "ALTER TABLE ");
	put_qualified(sql, source_schema ? source_schema : operation->schema, source ? source : "${table}", NAME_EXACT);
	buf_adds(sql, " ADD ");
	put_sa_constraint_name(sql, names, argument(operation, 0, 1, "constraint_name"));
	buf_adds(sql, "FOREIGN KEY(");
	put_sa_names(sql, names, argument(operation, 3, 1, "local_cols"));
	buf_adds(sql, ") REFERENCES ");
	put_qualified(sql, schema, target ? target : "${table}", NAME_EXACT);
	buf_adds(sql, " (");
	put_sa_names(sql, names, argument(operation, 4, 1, "remote_cols"));
	buf_addc(sql, ')');
	put_reference_options(sql, names, operation->call);
	buf_adds(sql, ";\n");
	return true;
}

static bool create_key(Buf *sql, const Operation *operation)
{
	bool unique = same(operation->name, "create_unique_constraint");
	add_constraint(sql, operation, 1, "table_name");
	buf_adds(sql, unique ? "UNIQUE (" : "PRIMARY KEY (");
	put_sa_names(sql, operation->names, argument(operation, 2, 1, "columns"));
	buf_addc(sql, ')');
	put_reference_options(sql, operation->names, operation->call);
	buf_adds(sql, ";\n");
	return true;
}

static bool create_check(Buf *sql, const Operation *operation)
{
	const char *condition = py_text(operation->names, argument(operation, 2, 1, "condition"));
	add_constraint(sql, operation, 1, "table_name");
	buf_addf(sql, "CHECK (%s)", condition ? condition : "${condition}");
	put_reference_options(sql, operation->names, operation->call);
	buf_adds(sql, ";\n");
	return true;
}

static bool drop_constraint(Buf *sql, const Operation *operation)
{
	const char *name = py_text(operation->names, argument(operation, 0, 1, "constraint_name"));
	alter_table(sql, operation, 1, "table_name");
	buf_adds(sql, flag(operation, "if_exists") ? " DROP CONSTRAINT IF EXISTS " : " DROP CONSTRAINT ");
	put_name(sql, name ? name : "${constraint}", NAME_EXACT);
	buf_adds(sql, ";\n");
	return true;
}

static bool table_comment(Buf *sql, const Operation *operation)
{
	const char *comment = text_at(operation, 1, 0, "comment");
	buf_adds(sql, "COMMENT ON TABLE ");
	put_table(sql, operation, 0, "table_name");
	buf_adds(sql, " IS ");
	if (same(operation->name, "drop_table_comment") || !comment)
		buf_adds(sql, "NULL");
	else
		put_string(sql, comment);
	buf_adds(sql, ";\n");
	return true;
}

/* The name of what the operation is about is not there to be read: no SQL could stand for it. */
static bool is_nameless(const char *sql, size_t length)
{
	static const char *const names[] = {"${table}", "${column}", "${index}", "${constraint}"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (memmem(sql, length, names[i], strlen(names[i])))
			return true;
	return false;
}

bool operation_sql(Buf *sql, const Operation *operation)
{
	static const struct {
		const char *name;
		bool (*write)(Buf *sql, const Operation *operation);
	} known[] = {
		{"add_column", add_column}, {"alter_column", alter_column}, {"create_check_constraint", create_check},
		{"create_foreign_key", create_foreign_key}, {"create_index", create_index}, {"create_primary_key", create_key},
		{"create_table", create_table}, {"create_table_comment", table_comment}, {"create_unique_constraint", create_key},
		{"drop_column", drop_column}, {"drop_constraint", drop_constraint}, {"drop_index", drop_index},
		{"drop_table", drop_table}, {"drop_table_comment", table_comment}, {"rename_table", rename_table},
	};
	size_t before = sql->length;
	for (size_t i = 0; i < LENGTH(known); i++)
		if (same(known[i].name, operation->name) && known[i].write(sql, operation) && sql->length > before &&
		    !is_nameless(sql->data + before, sql->length - before))
			return true;
	sql->length = before;
	return false;
}
