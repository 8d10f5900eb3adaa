#include "change.h"

#include <stdio.h>

/* --- Words -------------------------------------------------------------------------------------------------------------------- */

static const char *value_of(const Element *change, const char *name)
{
	const char *value = element_value(change, name);
	return value ? value : "";
}

void change_name(Buf *sql, const Element *change, const char *name)
{
	put_name(sql, value_of(change, name), NAME_UPPER_FOLDS);
}

/* What stands for {…} in the words of a change. */
static void put_attribute(Buf *sql, const Element *change, const char *words)
{
	char name[80], *table;
	snprintf(name, sizeof name, "%.*s", (int)strcspn(words, "}"), words);
	if (*name == '=') {
		put_string(sql, value_of(change, name + 1));
	} else if ((table = strchr(name, '.'))) {
		*table++ = '\0';
		change_table(sql, change, name, table);
	} else {
		change_name(sql, change, name);
	}
}

void change_words(Buf *sql, const Element *change, const char *words)
{
	while (*words) {
		size_t plain = strcspn(words, "{");
		buf_add(sql, words, plain);
		words += plain;
		if (!*words)
			return;
		put_attribute(sql, change, words + 1);
		words += strcspn(words, "}") + 1;
	}
}

#define ALTER_TABLE "ALTER TABLE {schemaName.tableName}"
#define ALTER_COLUMN ALTER_TABLE " ALTER COLUMN {columnName}"

static void add_deferring(Buf *sql, const Element *change)
{
	if (element_says(change, "deferrable", "true"))
		buf_adds(sql, " DEFERRABLE");
	if (element_says(change, "initiallyDeferred", "true"))
		buf_adds(sql, " INITIALLY DEFERRED");
}

static void add_constraint(Buf *sql, const Element *change, const char *alter_table)
{
	change_words(sql, change, alter_table);
	change_words(sql, change, element_value(change, "constraintName") ? " ADD CONSTRAINT {constraintName} " : " ADD ");
}

/* --- Tables and columns --------------------------------------------------------------------------------------------------------- */

static bool drop_table(Buf *sql, const Element *change)
{
	change_words(sql, change, "DROP TABLE {schemaName.tableName}");
	buf_adds(sql, element_says(change, "cascadeConstraints", "true") ? " CASCADE;\n" : ";\n");
	return true;
}

static bool drop_columns(Buf *sql, const Element *change)
{
	bool any = false;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		change_words(sql, change, ALTER_TABLE);
		change_words(sql, *column, " DROP COLUMN {name};\n");
		any = true;
	}
	if (any || !element_value(change, "columnName"))
		return any;
	change_words(sql, change, ALTER_TABLE " DROP COLUMN {columnName};\n");
	return true;
}

static bool modify_data_type(Buf *sql, const Element *change)
{
	bool identity = false;
	change_words(sql, change, ALTER_COLUMN " TYPE ");
	change_type(sql, value_of(change, "newDataType"), &identity);
	change_words(sql, change, " USING ({columnName}::");
	change_type(sql, value_of(change, "newDataType"), &identity);
	buf_adds(sql, ");\n");
	return true;
}

static bool set_not_null(Buf *sql, const Element *change)
{
	if (element_value(change, "defaultNullValue"))
		change_words(sql, change, "UPDATE {schemaName.tableName} SET {columnName} = {=defaultNullValue} WHERE {columnName} IS NULL;\n");
	change_words(sql, change, ALTER_COLUMN " SET NOT NULL;\n");
	return true;
}

static bool set_default(Buf *sql, const Element *change)
{
	change_words(sql, change, ALTER_COLUMN " SET DEFAULT ");
	if (!change_value(sql, change, "defaultValue"))
		buf_adds(sql, "NULL");
	buf_adds(sql, ";\n");
	return true;
}

static bool add_auto_increment(Buf *sql, const Element *change)
{
	const char *start = element_value(change, "startWith"), *schema = element_value(change, "schemaName");
	Buf sequence = {0};
	buf_addf(&sequence, "%s_%s_seq", value_of(change, "tableName"), value_of(change, "columnName"));
	buf_adds(sql, "CREATE SEQUENCE IF NOT EXISTS ");
	put_qualified(sql, schema, sequence.data, NAME_UPPER_FOLDS);
	if (start)
		buf_addf(sql, " START WITH %s", start);
	change_words(sql, change, ";\n" ALTER_COLUMN " SET NOT NULL;\n" ALTER_COLUMN " SET DEFAULT nextval('");
	put_qualified(sql, schema, sequence.data, NAME_UPPER_FOLDS);
	buf_adds(sql, "');\nALTER SEQUENCE ");
	put_qualified(sql, schema, sequence.data, NAME_UPPER_FOLDS);
	change_words(sql, change, " OWNED BY {schemaName.tableName}.{columnName};\n");
	buf_free(&sequence);
	return true;
}

static bool merge_columns(Buf *sql, const Element *change)
{
	bool identity = false;
	change_words(sql, change, ALTER_TABLE " ADD {finalColumnName} ");
	change_type(sql, value_of(change, "finalColumnType"), &identity);
	change_words(sql, change, ";\nUPDATE {schemaName.tableName} SET {finalColumnName} = {column1Name} || {=joinString} || {column2Name};\n"
		     ALTER_TABLE " DROP COLUMN {column1Name};\n" ALTER_TABLE " DROP COLUMN {column2Name};\n");
	return true;
}

/* --- Constraints and indexes ------------------------------------------------------------------------------------------------------- */

static bool add_unique(Buf *sql, const Element *change)
{
	add_constraint(sql, change, ALTER_TABLE);
	buf_adds(sql, "UNIQUE (");
	change_names(sql, element_value(change, "columnNames"));
	buf_addc(sql, ')');
	add_deferring(sql, change);
	buf_adds(sql, ";\n");
	return true;
}

static bool undo_add_unique(Buf *sql, const Element *change)
{
	change_words(sql, change, ALTER_TABLE " DROP CONSTRAINT {constraintName};\n");
	return element_value(change, "constraintName");
}

static bool add_primary_key(Buf *sql, const Element *change)
{
	add_constraint(sql, change, ALTER_TABLE);
	buf_adds(sql, "PRIMARY KEY (");
	change_names(sql, element_value(change, "columnNames"));
	buf_adds(sql, ");\n");
	return true;
}

static bool drop_primary_key(Buf *sql, const Element *change)
{
	change_words(sql, change, ALTER_TABLE " DROP CONSTRAINT ");
	if (element_value(change, "constraintName")) {
		change_name(sql, change, "constraintName");
	} else {
		/* Liquibase looks the name up; it is the one that PostgreSQL gave. */
		Buf name = {0};
		buf_addf(&name, "%s_pkey", value_of(change, "tableName"));
		put_name(sql, name.data, NAME_UPPER_FOLDS);
		buf_free(&name);
	}
	buf_adds(sql, ";\n");
	return true;
}

static bool add_foreign_key(Buf *sql, const Element *change)
{
	add_constraint(sql, change, "ALTER TABLE {baseTableSchemaName.baseTableName}");
	buf_adds(sql, "FOREIGN KEY (");
	change_names(sql, element_value(change, "baseColumnNames"));
	change_words(sql, change, ") REFERENCES {referencedTableSchemaName.referencedTableName} (");
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

static bool create_index(Buf *sql, const Element *change)
{
	buf_adds(sql, element_says(change, "unique", "true") ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	change_words(sql, change, element_value(change, "indexName") ? "{indexName} ON {schemaName.tableName}(" : "ON {schemaName.tableName}(");
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
	if (element_says(change, "clustered", "true"))
		change_words(sql, change, "CLUSTER {schemaName.tableName} USING {indexName};\n");
	return !first;
}

/* The values of a column go into a table of their own, which the column then references. */
static bool add_lookup_table(Buf *sql, const Element *change)
{
	change_words(sql, change, "CREATE TABLE {newTableSchemaName.newTableName} AS SELECT DISTINCT {existingColumnName} AS {newColumnName} "
		     "FROM {existingTableSchemaName.existingTableName} WHERE {existingColumnName} IS NOT NULL;\n"
		     "ALTER TABLE {newTableSchemaName.newTableName} ALTER COLUMN {newColumnName} SET NOT NULL;\n"
		     "ALTER TABLE {newTableSchemaName.newTableName} ADD PRIMARY KEY ({newColumnName});\n");
	add_constraint(sql, change, "ALTER TABLE {existingTableSchemaName.existingTableName}");
	change_words(sql, change, "FOREIGN KEY ({existingColumnName}) REFERENCES {newTableSchemaName.newTableName} ({newColumnName});\n");
	return true;
}

/* --- Views and sequences ---------------------------------------------------------------------------------------------------------------- */

static bool create_view(Buf *sql, const Element *change)
{
	const Element *query = element_text(change, "selectQuery");
	if (!query)
		return false;
	bool whole = element_says(change, "fullDefinition", "true");
	if (!whole) {
		buf_adds(sql, element_says(change, "replaceIfExists", "true") ? "CREATE OR REPLACE VIEW " : "CREATE VIEW ");
		change_words(sql, change, "{schemaName.viewName} AS ");
	}
	buf_addf(sql, "%s\n;\n", query->value);
	return true;
}

static bool drop_view(Buf *sql, const Element *change)
{
	buf_adds(sql, element_says(change, "ifExists", "true") ? "DROP VIEW IF EXISTS " : "DROP VIEW ");
	change_words(sql, change, "{schemaName.viewName};\n");
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
	change_words(sql, change, "CREATE SEQUENCE IF NOT EXISTS {schemaName.sequenceName}");
	add_sequence_options(sql, change);
	return true;
}

static bool alter_sequence(Buf *sql, const Element *change)
{
	change_words(sql, change, "ALTER SEQUENCE {schemaName.sequenceName}");
	add_sequence_options(sql, change);
	return true;
}

/* --- All of them ------------------------------------------------------------------------------------------------------------------------ */

typedef bool Writer(Buf *sql, const Element *change);

/* As change_words takes them, where words are enough. */
#define DROP_COLUMN_DEFAULT ALTER_COLUMN " DROP DEFAULT;\n"
#define DROP_FOREIGN_KEY "ALTER TABLE {baseTableSchemaName.baseTableName} DROP CONSTRAINT {constraintName};\n"
#define DROP_INDEX "DROP INDEX {schemaName.indexName};\n"
#define DROP_SEQUENCE "DROP SEQUENCE {schemaName.sequenceName} CASCADE;\n"

static const struct {
	const char *name;
	Writer *write;
	const char *words; /* where there is no write */
	Writer *undo;
	const char *undo_words;
} changes[] = {
	{"addAutoIncrement", .write = add_auto_increment},
	{"addColumn", .write = change_add_column, .undo = drop_columns},
	{"addDefaultValue", .write = set_default, .undo_words = DROP_COLUMN_DEFAULT},
	{"addForeignKeyConstraint", .write = add_foreign_key, .undo_words = DROP_FOREIGN_KEY},
	{"addLookupTable", .write = add_lookup_table,
	 .undo_words = "ALTER TABLE {existingTableSchemaName.existingTableName} DROP CONSTRAINT {constraintName};\n"
		       "DROP TABLE {newTableSchemaName.newTableName};\n"},
	{"addNotNullConstraint", .write = set_not_null, .undo_words = ALTER_COLUMN " DROP NOT NULL;\n"},
	{"addPrimaryKey", .write = add_primary_key, .undo = drop_primary_key},
	{"addUniqueConstraint", .write = add_unique, .undo = undo_add_unique},
	{"alterSequence", .write = alter_sequence},
	{"createIndex", .write = create_index, .undo_words = DROP_INDEX},
	{"createSequence", .write = create_sequence, .undo_words = DROP_SEQUENCE},
	{"createTable", .write = change_create_table, .undo_words = "DROP TABLE {schemaName.tableName};\n"},
	{"createView", .write = create_view, .undo = undo_create_view},
	{"delete", .write = change_delete},
	{"dropColumn", .write = drop_columns},
	{"dropDefaultValue", .words = DROP_COLUMN_DEFAULT},
	{"dropForeignKeyConstraint", .words = DROP_FOREIGN_KEY},
	{"dropIndex", .words = DROP_INDEX},
	{"dropNotNullConstraint", .words = ALTER_COLUMN " DROP NOT NULL;\n", .undo_words = ALTER_COLUMN " SET NOT NULL;\n"},
	{"dropPrimaryKey", .write = drop_primary_key},
	{"dropProcedure", .words = "DROP PROCEDURE {schemaName.procedureName};\n"},
	{"dropSequence", .words = DROP_SEQUENCE},
	{"dropTable", .write = drop_table},
	{"dropUniqueConstraint", .words = ALTER_TABLE " DROP CONSTRAINT {constraintName};\n"},
	{"dropView", .write = drop_view},
	{"insert", .write = change_insert},
	{"loadData", .write = change_load_data},
	{"loadUpdateData", .write = change_load_data},
	{"mergeColumns", .write = merge_columns},
	{"modifyDataType", .write = modify_data_type},
	{"renameColumn", .words = ALTER_TABLE " RENAME COLUMN {oldColumnName} TO {newColumnName};\n",
	 .undo_words = ALTER_TABLE " RENAME COLUMN {newColumnName} TO {oldColumnName};\n"},
	{"renameSequence", .words = "ALTER SEQUENCE {schemaName.oldSequenceName} RENAME TO {newSequenceName};\n",
	 .undo_words = "ALTER SEQUENCE {schemaName.newSequenceName} RENAME TO {oldSequenceName};\n"},
	{"renameTable", .words = "ALTER TABLE {schemaName.oldTableName} RENAME TO {newTableName};\n",
	 .undo_words = "ALTER TABLE {schemaName.newTableName} RENAME TO {oldTableName};\n"},
	{"renameView", .words = "ALTER TABLE {schemaName.oldViewName} RENAME TO {newViewName};\n",
	 .undo_words = "ALTER TABLE {schemaName.newViewName} RENAME TO {oldViewName};\n"},
	{"setColumnRemarks", .words = "COMMENT ON COLUMN {schemaName.tableName}.{columnName} IS {=remarks};\n"},
	{"setTableRemarks", .words = "COMMENT ON TABLE {schemaName.tableName} IS {=remarks};\n"},
	{"update", .write = change_update},
};

/* False, and nothing is written, when there is neither writer nor words, or the writer does not understand. */
static bool write_change(Buf *sql, const Element *change, Writer *writer, const char *words)
{
	size_t before = sql->length;
	if (words)
		change_words(sql, change, words);
	else if (!writer || !writer(sql, change))
		sql->length = before;
	return words || sql->length > before;
}

bool change_sql(Buf *sql, const Element *change)
{
	for (size_t i = 0; i < LENGTH(changes); i++)
		if (same(changes[i].name, change->name))
			return write_change(sql, change, changes[i].write, changes[i].words);
	return false;
}

bool change_inverse(Buf *sql, const Element *change)
{
	for (size_t i = 0; i < LENGTH(changes); i++)
		if (same(changes[i].name, change->name) && write_change(sql, change, changes[i].undo, changes[i].undo_words))
			return true;
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
