#include "change.h"

#include <ctype.h>

/* --- Words -------------------------------------------------------------------------------------------------------------------- */

static const char *value_of(const Element *change, const char *name)
{
	const char *value = element_value(change, name);
	return value ? value : "";
}

static void add_name(Buf *sql, const Element *change, const char *name)
{
	put_name(sql, value_of(change, name), NAME_UPPER_FOLDS);
}

static void add_end(Buf *sql)
{
	buf_adds(sql, ";\n");
}

static void alter_table(Buf *sql, const Element *change, const char *schema, const char *table)
{
	buf_adds(sql, "ALTER TABLE ");
	change_table(sql, change, schema, table);
}

static void alter_column(Buf *sql, const Element *change)
{
	alter_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " ALTER COLUMN ");
	add_name(sql, change, "columnName");
}

static void add_deferring(Buf *sql, const Element *change)
{
	if (element_says(change, "deferrable", "true"))
		buf_adds(sql, " DEFERRABLE");
	if (element_says(change, "initiallyDeferred", "true"))
		buf_adds(sql, " INITIALLY DEFERRED");
}

static void add_constraint(Buf *sql, const Element *change, const char *schema, const char *table)
{
	alter_table(sql, change, schema, table);
	buf_adds(sql, " ADD ");
	if (element_value(change, "constraintName")) {
		buf_adds(sql, "CONSTRAINT ");
		add_name(sql, change, "constraintName");
		buf_addc(sql, ' ');
	}
}

static void drop_constraint(Buf *sql, const Element *change, const char *schema, const char *table, const char *fallback)
{
	alter_table(sql, change, schema, table);
	buf_adds(sql, " DROP CONSTRAINT ");
	if (element_value(change, "constraintName") || !fallback) {
		add_name(sql, change, "constraintName");
	} else {
		/* Liquibase looks the name up; it is the one that PostgreSQL gave. */
		Buf name = {0};
		buf_addf(&name, "%s%s", value_of(change, table), fallback);
		put_name(sql, name.data, NAME_UPPER_FOLDS);
		buf_free(&name);
	}
	add_end(sql);
}

/* --- Tables and columns --------------------------------------------------------------------------------------------------------- */

static bool drop_table(Buf *sql, const Element *change)
{
	buf_adds(sql, "DROP TABLE ");
	change_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, element_says(change, "cascadeConstraints", "true") ? " CASCADE;\n" : ";\n");
	return true;
}

static bool undo_create_table(Buf *sql, const Element *change)
{
	buf_adds(sql, "DROP TABLE ");
	change_table(sql, change, "schemaName", "tableName");
	add_end(sql);
	return true;
}

static bool rename_to(Buf *sql, const Element *change, const char *kind, const char *from, const char *to)
{
	buf_addf(sql, "ALTER %s ", kind);
	change_table(sql, change, "schemaName", from);
	buf_adds(sql, " RENAME TO ");
	add_name(sql, change, to);
	add_end(sql);
	return true;
}

static bool rename_table(Buf *sql, const Element *change)
{
	return rename_to(sql, change, "TABLE", "oldTableName", "newTableName");
}

static bool undo_rename_table(Buf *sql, const Element *change)
{
	return rename_to(sql, change, "TABLE", "newTableName", "oldTableName");
}

static bool rename_view(Buf *sql, const Element *change)
{
	return rename_to(sql, change, "TABLE", "oldViewName", "newViewName");
}

static bool undo_rename_view(Buf *sql, const Element *change)
{
	return rename_to(sql, change, "TABLE", "newViewName", "oldViewName");
}

static bool rename_sequence(Buf *sql, const Element *change)
{
	return rename_to(sql, change, "SEQUENCE", "oldSequenceName", "newSequenceName");
}

static bool undo_rename_sequence(Buf *sql, const Element *change)
{
	return rename_to(sql, change, "SEQUENCE", "newSequenceName", "oldSequenceName");
}

static bool drop_columns(Buf *sql, const Element *change)
{
	bool any = false;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		alter_table(sql, change, "schemaName", "tableName");
		buf_adds(sql, " DROP COLUMN ");
		add_name(sql, *column, "name");
		add_end(sql);
		any = true;
	}
	if (any || !element_value(change, "columnName"))
		return any;
	alter_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " DROP COLUMN ");
	add_name(sql, change, "columnName");
	add_end(sql);
	return true;
}

static bool rename_between(Buf *sql, const Element *change, const char *from, const char *to)
{
	alter_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " RENAME COLUMN ");
	add_name(sql, change, from);
	buf_adds(sql, " TO ");
	add_name(sql, change, to);
	add_end(sql);
	return true;
}

static bool rename_column(Buf *sql, const Element *change)
{
	return rename_between(sql, change, "oldColumnName", "newColumnName");
}

static bool undo_rename_column(Buf *sql, const Element *change)
{
	return rename_between(sql, change, "newColumnName", "oldColumnName");
}

static bool modify_data_type(Buf *sql, const Element *change)
{
	bool identity = false;
	alter_column(sql, change);
	buf_adds(sql, " TYPE ");
	change_type(sql, value_of(change, "newDataType"), &identity);
	buf_adds(sql, " USING (");
	add_name(sql, change, "columnName");
	buf_adds(sql, "::");
	change_type(sql, value_of(change, "newDataType"), &identity);
	buf_adds(sql, ");\n");
	return true;
}

static bool set_not_null(Buf *sql, const Element *change)
{
	const char *fill = element_value(change, "defaultNullValue");
	if (fill) {
		buf_adds(sql, "UPDATE ");
		change_table(sql, change, "schemaName", "tableName");
		buf_adds(sql, " SET ");
		add_name(sql, change, "columnName");
		buf_adds(sql, " = ");
		put_string(sql, fill);
		buf_adds(sql, " WHERE ");
		add_name(sql, change, "columnName");
		buf_adds(sql, " IS NULL;\n");
	}
	alter_column(sql, change);
	buf_adds(sql, " SET NOT NULL;\n");
	return true;
}

static bool drop_not_null(Buf *sql, const Element *change)
{
	alter_column(sql, change);
	buf_adds(sql, " DROP NOT NULL;\n");
	return true;
}

static bool undo_drop_not_null(Buf *sql, const Element *change)
{
	alter_column(sql, change);
	buf_adds(sql, " SET NOT NULL;\n");
	return true;
}

static bool set_default(Buf *sql, const Element *change)
{
	alter_column(sql, change);
	buf_adds(sql, " SET DEFAULT ");
	if (!change_value(sql, change, "defaultValue"))
		buf_adds(sql, "NULL");
	add_end(sql);
	return true;
}

static bool drop_default(Buf *sql, const Element *change)
{
	alter_column(sql, change);
	buf_adds(sql, " DROP DEFAULT;\n");
	return true;
}

static bool undo_add_column(Buf *sql, const Element *change)
{
	return drop_columns(sql, change);
}

static bool add_auto_increment(Buf *sql, const Element *change)
{
	const char *start = element_value(change, "startWith");
	Buf sequence = {0};
	buf_addf(&sequence, "%s_%s_seq", value_of(change, "tableName"), value_of(change, "columnName"));
	const char *schema = element_value(change, "schemaName");
	buf_adds(sql, "CREATE SEQUENCE IF NOT EXISTS ");
	put_qualified(sql, schema, sequence.data, NAME_UPPER_FOLDS);
	if (start)
		buf_addf(sql, " START WITH %s", start);
	add_end(sql);
	alter_column(sql, change);
	buf_adds(sql, " SET NOT NULL;\n");
	alter_column(sql, change);
	buf_adds(sql, " SET DEFAULT nextval('");
	put_qualified(sql, schema, sequence.data, NAME_UPPER_FOLDS);
	buf_adds(sql, "');\nALTER SEQUENCE ");
	put_qualified(sql, schema, sequence.data, NAME_UPPER_FOLDS);
	buf_adds(sql, " OWNED BY ");
	change_table(sql, change, "schemaName", "tableName");
	buf_addc(sql, '.');
	add_name(sql, change, "columnName");
	add_end(sql);
	buf_free(&sequence);
	return true;
}

static bool set_table_remarks(Buf *sql, const Element *change)
{
	buf_adds(sql, "COMMENT ON TABLE ");
	change_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " IS ");
	put_string(sql, value_of(change, "remarks"));
	add_end(sql);
	return true;
}

static bool set_column_remarks(Buf *sql, const Element *change)
{
	buf_adds(sql, "COMMENT ON COLUMN ");
	change_table(sql, change, "schemaName", "tableName");
	buf_addc(sql, '.');
	add_name(sql, change, "columnName");
	buf_adds(sql, " IS ");
	put_string(sql, value_of(change, "remarks"));
	add_end(sql);
	return true;
}

/* --- Constraints and indexes ------------------------------------------------------------------------------------------------------- */

static bool add_unique(Buf *sql, const Element *change)
{
	add_constraint(sql, change, "schemaName", "tableName");
	buf_adds(sql, "UNIQUE (");
	change_names(sql, element_value(change, "columnNames"));
	buf_addc(sql, ')');
	add_deferring(sql, change);
	add_end(sql);
	return true;
}

static bool drop_unique(Buf *sql, const Element *change)
{
	drop_constraint(sql, change, "schemaName", "tableName", NULL);
	return true;
}

static bool undo_add_unique(Buf *sql, const Element *change)
{
	return element_value(change, "constraintName") && drop_unique(sql, change);
}

static bool add_primary_key(Buf *sql, const Element *change)
{
	add_constraint(sql, change, "schemaName", "tableName");
	buf_adds(sql, "PRIMARY KEY (");
	change_names(sql, element_value(change, "columnNames"));
	buf_adds(sql, ");\n");
	return true;
}

static bool drop_primary_key(Buf *sql, const Element *change)
{
	drop_constraint(sql, change, "schemaName", "tableName", "_pkey");
	return true;
}

static bool add_foreign_key(Buf *sql, const Element *change)
{
	add_constraint(sql, change, "baseTableSchemaName", "baseTableName");
	buf_adds(sql, "FOREIGN KEY (");
	change_names(sql, element_value(change, "baseColumnNames"));
	buf_adds(sql, ") REFERENCES ");
	change_table(sql, change, "referencedTableSchemaName", "referencedTableName");
	buf_adds(sql, " (");
	change_names(sql, element_value(change, "referencedColumnNames"));
	buf_addc(sql, ')');
	const char *update = element_value(change, "onUpdate"), *delete = element_value(change, "onDelete");
	if (update)
		buf_addf(sql, " ON UPDATE %s", update);
	if (delete || element_says(change, "deleteCascade", "true"))
		buf_addf(sql, " ON DELETE %s", delete ? delete : "CASCADE");
	add_deferring(sql, change);
	buf_adds(sql, element_says(change, "validate", "false") ? " NOT VALID;\n" : ";\n");
	return true;
}

static bool drop_foreign_key(Buf *sql, const Element *change)
{
	drop_constraint(sql, change, "baseTableSchemaName", "baseTableName", NULL);
	return true;
}

static bool create_index(Buf *sql, const Element *change)
{
	buf_adds(sql, element_says(change, "unique", "true") ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	if (element_value(change, "indexName")) {
		add_name(sql, change, "indexName");
		buf_addc(sql, ' ');
	}
	buf_adds(sql, "ON ");
	change_table(sql, change, "schemaName", "tableName");
	buf_addc(sql, '(');
	bool first = true;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		const char *name = value_of(*column, "name");
		buf_adds(sql, first ? "" : ", ");
		first = false;
		if (element_says(*column, "computed", "true") || strchr(name, '('))
			buf_adds(sql, name);
		else
			put_name(sql, name, NAME_UPPER_FOLDS);
		if (element_says(*column, "descending", "true"))
			buf_adds(sql, " DESC");
	}
	buf_adds(sql, ");\n");
	if (element_says(change, "clustered", "true")) {
		buf_adds(sql, "CLUSTER ");
		change_table(sql, change, "schemaName", "tableName");
		buf_adds(sql, " USING ");
		add_name(sql, change, "indexName");
		add_end(sql);
	}
	return !first;
}

static bool drop_index(Buf *sql, const Element *change)
{
	buf_adds(sql, "DROP INDEX ");
	change_table(sql, change, "schemaName", "indexName");
	add_end(sql);
	return true;
}

/* --- Views, sequences, routines ------------------------------------------------------------------------------------------------------ */

static bool create_view(Buf *sql, const Element *change)
{
	const Element *query = element_text(change, "selectQuery");
	if (!query)
		return false;
	bool whole = element_says(change, "fullDefinition", "true");
	if (!whole) {
		buf_adds(sql, element_says(change, "replaceIfExists", "true") ? "CREATE OR REPLACE VIEW " : "CREATE VIEW ");
		change_table(sql, change, "schemaName", "viewName");
		buf_adds(sql, " AS ");
	}
	buf_addf(sql, "%s\n;\n", query->value);
	return true;
}

static bool drop_view(Buf *sql, const Element *change)
{
	buf_adds(sql, element_says(change, "ifExists", "true") ? "DROP VIEW IF EXISTS " : "DROP VIEW ");
	change_table(sql, change, "schemaName", "viewName");
	add_end(sql);
	return true;
}

static bool undo_create_view(Buf *sql, const Element *change)
{
	return !element_says(change, "replaceIfExists", "true") && drop_view(sql, change);
}

static void add_sequence_options(Buf *sql, const Element *change)
{
	const struct {
		const char *name, *words;
	} options[] = {{"dataType", "AS"}, {"startValue", "START WITH"}, {"incrementBy", "INCREMENT BY"}, {"minValue", "MINVALUE"},
		       {"maxValue", "MAXVALUE"}, {"cacheSize", "CACHE"}};
	for (size_t i = 0; i < LENGTH(options); i++)
		if (element_value(change, options[i].name))
			buf_addf(sql, " %s %s", options[i].words, element_value(change, options[i].name));
	buf_adds(sql, element_says(change, "cycle", "true") ? " CYCLE;\n" : ";\n");
}

static bool create_sequence(Buf *sql, const Element *change)
{
	buf_adds(sql, "CREATE SEQUENCE IF NOT EXISTS ");
	change_table(sql, change, "schemaName", "sequenceName");
	add_sequence_options(sql, change);
	return true;
}

static bool alter_sequence(Buf *sql, const Element *change)
{
	buf_adds(sql, "ALTER SEQUENCE ");
	change_table(sql, change, "schemaName", "sequenceName");
	add_sequence_options(sql, change);
	return true;
}

static bool drop_sequence(Buf *sql, const Element *change)
{
	buf_adds(sql, "DROP SEQUENCE ");
	change_table(sql, change, "schemaName", "sequenceName");
	buf_adds(sql, " CASCADE;\n");
	return true;
}

static bool drop_procedure(Buf *sql, const Element *change)
{
	buf_adds(sql, "DROP PROCEDURE ");
	change_table(sql, change, "schemaName", "procedureName");
	add_end(sql);
	return true;
}

/* --- Rows --------------------------------------------------------------------------------------------------------------------------- */

static bool insert_rows(Buf *sql, const Element *change)
{
	Buf values = {0};
	buf_adds(sql, "INSERT INTO ");
	change_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " (");
	bool first = true;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		buf_adds(sql, first ? "" : ", ");
		buf_adds(&values, first ? "" : ", ");
		first = false;
		add_name(sql, *column, "name");
		if (!change_value(&values, *column, "value")) {
			if ((*column)->value)
				put_string(&values, (*column)->value);
			else
				buf_adds(&values, "NULL");
		}
	}
	buf_addf(sql, ") VALUES (%s);\n", values.data ? values.data : "");
	buf_free(&values);
	return !first;
}

/* The rows are in a file that nobody reads here: place-holders stand for them. */
static bool load_data(Buf *sql, const Element *change)
{
	Buf names = {0}, values = {0};
	array_each(Element *const, column, &change->children) {
		const char *name = element_value(*column, "name");
		if (!same((*column)->name, "column") || !name || element_says(*column, "type", "skip"))
			continue;
		buf_adds(&names, names.length ? ", " : " (");
		put_name(&names, name, NAME_UPPER_FOLDS);
		buf_addf(&values, "%s${%s}", values.length ? ", " : "", name);
	}
	buf_adds(sql, "INSERT INTO ");
	change_table(sql, change, "schemaName", "tableName");
	buf_addf(sql, "%s%s VALUES (%s);\n", names.length ? names.data : "", names.length ? ")" : "", values.length ? values.data : "${file}");
	buf_free(&names);
	buf_free(&values);
	return true;
}

/* The condition, with `:value` and `:name` filled in from the whereParams in their order. */
static void add_where(Buf *sql, const Element *change)
{
	const char *where = element_value(change, "where");
	const Element *params = element_child(change, "whereParams");
	uint32_t param = 0;
	if (!where || !*where)
		return;
	buf_adds(sql, " WHERE ");
	while (*where) {
		bool value = starts_with(where, ":value"), name = starts_with(where, ":name");
		if (!params || (!value && !name) || param >= params->children.count) {
			buf_addc(sql, *where++);
			continue;
		}
		const Element *given = params->children.items[param];
		if (name)
			add_name(sql, given, "name");
		else if (!change_value(sql, given, "value"))
			buf_adds(sql, "NULL");
		param += value;
		where += strlen(value ? ":value" : ":name");
	}
}

static bool update_rows(Buf *sql, const Element *change)
{
	buf_adds(sql, "UPDATE ");
	change_table(sql, change, "schemaName", "tableName");
	bool first = true;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		buf_adds(sql, first ? " SET " : ", ");
		first = false;
		add_name(sql, *column, "name");
		buf_adds(sql, " = ");
		if (!change_value(sql, *column, "value"))
			buf_adds(sql, "NULL");
	}
	add_where(sql, change);
	add_end(sql);
	return !first;
}

static bool delete_rows(Buf *sql, const Element *change)
{
	buf_adds(sql, "DELETE FROM ");
	change_table(sql, change, "schemaName", "tableName");
	add_where(sql, change);
	add_end(sql);
	return true;
}

/* --- Changes that are several ----------------------------------------------------------------------------------------------------------- */

static bool add_lookup_table(Buf *sql, const Element *change)
{
	buf_adds(sql, "CREATE TABLE ");
	change_table(sql, change, "newTableSchemaName", "newTableName");
	buf_adds(sql, " AS SELECT DISTINCT ");
	add_name(sql, change, "existingColumnName");
	buf_adds(sql, " AS ");
	add_name(sql, change, "newColumnName");
	buf_adds(sql, " FROM ");
	change_table(sql, change, "existingTableSchemaName", "existingTableName");
	buf_adds(sql, " WHERE ");
	add_name(sql, change, "existingColumnName");
	buf_adds(sql, " IS NOT NULL;\n");
	alter_table(sql, change, "newTableSchemaName", "newTableName");
	buf_adds(sql, " ALTER COLUMN ");
	add_name(sql, change, "newColumnName");
	buf_adds(sql, " SET NOT NULL;\n");
	alter_table(sql, change, "newTableSchemaName", "newTableName");
	buf_adds(sql, " ADD PRIMARY KEY (");
	add_name(sql, change, "newColumnName");
	buf_adds(sql, ");\n");
	add_constraint(sql, change, "existingTableSchemaName", "existingTableName");
	buf_adds(sql, "FOREIGN KEY (");
	add_name(sql, change, "existingColumnName");
	buf_adds(sql, ") REFERENCES ");
	change_table(sql, change, "newTableSchemaName", "newTableName");
	buf_adds(sql, " (");
	add_name(sql, change, "newColumnName");
	buf_adds(sql, ");\n");
	return true;
}

static bool undo_add_lookup_table(Buf *sql, const Element *change)
{
	drop_constraint(sql, change, "existingTableSchemaName", "existingTableName", NULL);
	buf_adds(sql, "DROP TABLE ");
	change_table(sql, change, "newTableSchemaName", "newTableName");
	add_end(sql);
	return true;
}

static bool merge_columns(Buf *sql, const Element *change)
{
	bool identity = false;
	alter_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " ADD ");
	add_name(sql, change, "finalColumnName");
	buf_addc(sql, ' ');
	change_type(sql, value_of(change, "finalColumnType"), &identity);
	buf_adds(sql, ";\nUPDATE ");
	change_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " SET ");
	add_name(sql, change, "finalColumnName");
	buf_adds(sql, " = ");
	add_name(sql, change, "column1Name");
	buf_adds(sql, " || ");
	put_string(sql, value_of(change, "joinString"));
	buf_adds(sql, " || ");
	add_name(sql, change, "column2Name");
	add_end(sql);
	for (int i = 0; i < 2; i++) {
		alter_table(sql, change, "schemaName", "tableName");
		buf_adds(sql, " DROP COLUMN ");
		add_name(sql, change, i ? "column2Name" : "column1Name");
		add_end(sql);
	}
	return true;
}

/* --- All of them ------------------------------------------------------------------------------------------------------------------------ */

typedef bool Writer(Buf *sql, const Element *change);

static const struct {
	const char *name;
	Writer *write, *undo;
} changes[] = {
	{"addAutoIncrement", add_auto_increment, NULL},
	{"addColumn", change_add_column, undo_add_column},
	{"addDefaultValue", set_default, drop_default},
	{"addForeignKeyConstraint", add_foreign_key, drop_foreign_key},
	{"addLookupTable", add_lookup_table, undo_add_lookup_table},
	{"addNotNullConstraint", set_not_null, drop_not_null},
	{"addPrimaryKey", add_primary_key, drop_primary_key},
	{"addUniqueConstraint", add_unique, undo_add_unique},
	{"alterSequence", alter_sequence, NULL},
	{"createIndex", create_index, drop_index},
	{"createSequence", create_sequence, drop_sequence},
	{"createTable", change_create_table, undo_create_table},
	{"createView", create_view, undo_create_view},
	{"delete", delete_rows, NULL},
	{"dropColumn", drop_columns, NULL},
	{"dropDefaultValue", drop_default, NULL},
	{"dropForeignKeyConstraint", drop_foreign_key, NULL},
	{"dropIndex", drop_index, NULL},
	{"dropNotNullConstraint", drop_not_null, undo_drop_not_null},
	{"dropPrimaryKey", drop_primary_key, NULL},
	{"dropProcedure", drop_procedure, NULL},
	{"dropSequence", drop_sequence, NULL},
	{"dropTable", drop_table, NULL},
	{"dropUniqueConstraint", drop_unique, NULL},
	{"dropView", drop_view, NULL},
	{"insert", insert_rows, NULL},
	{"loadData", load_data, NULL},
	{"loadUpdateData", load_data, NULL},
	{"mergeColumns", merge_columns, NULL},
	{"modifyDataType", modify_data_type, NULL},
	{"renameColumn", rename_column, undo_rename_column},
	{"renameSequence", rename_sequence, undo_rename_sequence},
	{"renameTable", rename_table, undo_rename_table},
	{"renameView", rename_view, undo_rename_view},
	{"setColumnRemarks", set_column_remarks, NULL},
	{"setTableRemarks", set_table_remarks, NULL},
	{"update", update_rows, NULL},
};

bool change_sql(Buf *sql, const Element *change)
{
	size_t before = sql->length;
	for (size_t i = 0; i < LENGTH(changes); i++)
		if (same(changes[i].name, change->name) && changes[i].write(sql, change))
			return true;
	sql->length = before;
	return false;
}

bool change_inverse(Buf *sql, const Element *change)
{
	size_t before = sql->length;
	for (size_t i = 0; i < LENGTH(changes); i++)
		if (same(changes[i].name, change->name) && changes[i].undo && changes[i].undo(sql, change))
			return true;
	sql->length = before;
	return change_is_silent(change->name);
}

bool change_is_silent(const char *name)
{
	static const char *const names[] = {"tagDatabase", "empty", "output", "stop"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (same(names[i], name))
			return true;
	return false;
}

bool is_change(const char *name)
{
	static const char *const others[] = {
		"author", "comment", "context", "contextFilter", "created", "dbms", "failOnError", "id", "ignore", "labels",
		"logicalFilePath", "modifySql", "objectQuotingStrategy", "onValidationFail", "preConditions", "rollback", "runAlways",
		"runInTransaction", "runOnChange", "runOrder", "runWith", "tag", "validCheckSum", "property",
	};
	for (size_t i = 0; i < LENGTH(others); i++)
		if (same(others[i], name))
			return false;
	return true;
}
