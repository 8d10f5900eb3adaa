#include "change.h"

#include <ctype.h>

/* --- Types --------------------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *written, *type;
	bool bare;     /* numbers in parentheses mean nothing to it */
	bool identity;
} types[] = {
	{"int", "INTEGER", .bare = true}, {"integer", "INTEGER", .bare = true}, {"int4", "INTEGER", .bare = true},
	{"mediumint", "INTEGER", .bare = true}, {"bigint", "BIGINT", .bare = true}, {"int8", "BIGINT", .bare = true},
	{"smallint", "SMALLINT", .bare = true}, {"int2", "SMALLINT", .bare = true}, {"tinyint", "SMALLINT", .bare = true},
	{"serial", "INTEGER", .bare = true, .identity = true}, {"serial4", "INTEGER", .bare = true, .identity = true},
	{"bigserial", "BIGINT", .bare = true, .identity = true}, {"serial8", "BIGINT", .bare = true, .identity = true},
	{"smallserial", "SMALLINT", .bare = true, .identity = true}, {"serial2", "SMALLINT", .bare = true, .identity = true},
	{"clob", "TEXT", .bare = true}, {"nclob", "TEXT", .bare = true}, {"text", "TEXT", .bare = true}, {"ntext", "TEXT", .bare = true},
	{"longtext", "TEXT", .bare = true}, {"mediumtext", "TEXT", .bare = true}, {"tinytext", "TEXT", .bare = true},
	{"longvarchar", "TEXT", .bare = true}, {"longnvarchar", "TEXT", .bare = true},
	{"blob", "OID", .bare = true}, {"longblob", "BYTEA", .bare = true}, {"mediumblob", "BYTEA", .bare = true},
	{"tinyblob", "BYTEA", .bare = true}, {"binary", "BYTEA", .bare = true}, {"varbinary", "BYTEA", .bare = true},
	{"longvarbinary", "BYTEA", .bare = true}, {"image", "BYTEA", .bare = true},
	{.written = "nvarchar", .type = "VARCHAR"}, {.written = "varchar2", .type = "VARCHAR"},
	{.written = "nvarchar2", .type = "VARCHAR"}, {.written = "nchar", .type = "CHAR"},
	{"bool", "BOOLEAN", .bare = true}, {"boolean", "BOOLEAN", .bare = true},
	{"double", "DOUBLE PRECISION", .bare = true}, {.written = "number", .type = "NUMERIC"}, {.written = "currency", .type = "DECIMAL"},
	{.written = "uniqueidentifier", .type = "UUID"}, {.written = "timestamptz", .type = "TIMESTAMP WITH TIME ZONE"}, {.written = "datetime", .type = "TIMESTAMP"},
	{.written = "datetime2", .type = "TIMESTAMP"}, {.written = "smalldatetime", .type = "TIMESTAMP"},
};

/* "timestamp without timezone" and the like: what it comes to is with or without. */
static const char *zone_of(const char *type, const char *behind)
{
	if (!same_nocase(type, "timestamp") && !same_nocase(type, "time"))
		return behind;
	bool zone = strcasestr(behind, "with time") != NULL || strcasestr(behind, "with local time") != NULL;
	return zone ? " WITH TIME ZONE" : " WITHOUT TIME ZONE";
}

void change_type(Buf *sql, const char *type, bool *is_identity)
{
	static const char java[] = "java.sql.Types.";
	if (strncasecmp(type, java, strlen(java)) == 0)
		type += strlen(java);
	size_t length = strcspn(type, "( \t");
	const char *rest = type + length;
	const char *numbers = rest + strspn(rest, " \t");
	size_t numbers_length = *numbers == '(' ? strcspn(numbers, ")") + 1 : 0;
	if (numbers_length > strlen(numbers))
		numbers_length = strlen(numbers);
	const char *behind = numbers_length ? numbers + numbers_length : rest;
	const char *name = NULL;
	bool bare = false;
	for (size_t i = 0; i < LENGTH(types) && !name; i++)
		if (text_is_nocase((Text){type, length}, types[i].written)) {
			name = types[i].type;
			bare = types[i].bare;
			*is_identity |= types[i].identity;
		}
	if (same(name, "DOUBLE PRECISION"))
		behind = ""; /* "double precision" is two words already */
	char written[64] = "";
	if (!name && length < sizeof written)
		memcpy(written, type, length);
	if (name)
		buf_adds(sql, name);
	else
		buf_add(sql, type, length);
	if (!bare)
		buf_add(sql, numbers, numbers_length);
	buf_adds(sql, zone_of(name ? name : written, behind));
}

/* --- Values -------------------------------------------------------------------------------------------------------------------- */

static bool is_numeric_type(const char *type)
{
	static const char *const names[] = {"int", "bigint", "smallint", "tinyint", "number", "numeric", "decimal", "double", "float",
					    "real", "mediumint", "serial", "bigserial", "currency"};
	for (size_t i = 0; type && i < LENGTH(names); i++)
		if (strncasecmp(type, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void add_date(Buf *sql, const char *date)
{
	bool computed = !isdigit((unsigned char)*date);
	if (computed) {
		buf_adds(sql, date);
		return;
	}
	buf_addc(sql, '\'');
	for (const char *c = date; *c; c++)
		buf_addc(sql, *c == 'T' ? ' ' : *c == '\'' ? ' ' : *c);
	buf_addc(sql, '\'');
}

static const char *value_as(const Element *column, const char *prefix, const char *kind)
{
	char name[64];
	size_t length = strlen(prefix);
	if (length + strlen(kind) >= sizeof name)
		return NULL;
	memcpy(name, prefix, length + 1);
	memcpy(name + length, kind, strlen(kind) + 1);
	return element_value(column, name);
}

bool change_value(Buf *sql, const Element *column, const char *prefix)
{
	const char *value;
	if ((value = value_as(column, prefix, "Numeric")) || (value = value_as(column, prefix, "Computed"))) {
		buf_adds(sql, same_nocase(value, "current_timestamp") ? "NOW()" : value);
	} else if ((value = value_as(column, prefix, "Boolean"))) {
		buf_adds(sql, same_nocase(value, "true") || same(value, "1") ? "TRUE" : "FALSE");
	} else if ((value = value_as(column, prefix, "Date"))) {
		add_date(sql, value);
	} else if ((value = value_as(column, prefix, "SequenceNext"))) {
		buf_adds(sql, "nextval(");
		put_string(sql, value);
		buf_addc(sql, ')');
	} else if ((value = value_as(column, prefix, "BlobFile")) || (value = value_as(column, prefix, "ClobFile"))) {
		buf_adds(sql, "''"); /* what is in the file matters to nobody here */
	} else if ((value = element_value(column, prefix))) {
		const char *type = element_value(column, "type");
		bool typed = same(prefix, "defaultValue");
		bool bare = same_nocase(value, "null") || (typed && is_numeric_type(type) && is_number(value)) ||
			    (typed && type && strncasecmp(type, "bool", 4) == 0 && (same_nocase(value, "true") || same_nocase(value, "false")));
		if (bare)
			buf_adds(sql, value);
		else
			put_string(sql, value);
	}
	return value != NULL;
}

/* --- Columns and their constraints ----------------------------------------------------------------------------------------------- */

void change_table(Buf *sql, const Element *change, const char *schema, const char *table)
{
	const char *name = element_value(change, table);
	put_qualified(sql, element_value(change, schema), name ? name : "", NAME_UPPER_FOLDS);
}

void change_names(Buf *sql, const char *names)
{
	bool first = true;
	while (names && *names) {
		size_t length = strcspn(names, ",");
		const char *start = names, *end = names + length;
		while (start < end && isspace((unsigned char)*start))
			start++;
		while (end > start && isspace((unsigned char)end[-1]))
			end--;
		char name[256] = "";
		if (end > start && (size_t)(end - start) < sizeof name) {
			memcpy(name, start, (size_t)(end - start));
			buf_adds(sql, first ? "" : ", ");
			put_name(sql, name, NAME_UPPER_FOLDS);
			first = false;
		}
		names += length + (names[length] == ',');
	}
}

static void add_definition(Buf *sql, const Element *column, bool in_new_table)
{
	const Element *constraints = element_child(column, "constraints");
	const char *name = element_value(column, "name"), *type = element_value(column, "type");
	bool said = element_says(column, "autoIncrement", "true"), identity = said;
	put_name(sql, name ? name : "", NAME_UPPER_FOLDS);
	buf_addc(sql, ' ');
	change_type(sql, type ? type : "", &identity);
	size_t before = sql->length;
	buf_adds(sql, " DEFAULT ");
	if (!change_value(sql, column, "defaultValue"))
		sql->length = before;
	if (said || (identity && in_new_table)) { /* bigserial in addColumn is a bigint */
		const char *start = element_value(column, "startWith"), *by = element_value(column, "incrementBy");
		bool always = element_says(column, "generationType", "ALWAYS");
		buf_addf(sql, " GENERATED %s AS IDENTITY", always ? "ALWAYS" : "BY DEFAULT");
		if (start || by)
			buf_addf(sql, " (%s%s%s%s%s)", start ? "START WITH " : "", start ? start : "", start && by ? " " : "",
				 by ? "INCREMENT BY " : "", by ? by : "");
	}
	if (element_says(constraints, "nullable", "false") || (in_new_table && element_says(constraints, "primaryKey", "true")))
		buf_adds(sql, " NOT NULL");
}

static bool has_reference(const Element *constraints)
{
	return element_value(constraints, "references") || element_value(constraints, "referencedTableName");
}

/* [CONSTRAINT name] FOREIGN KEY (column) REFERENCES table(columns) … */
static void add_reference(Buf *sql, const Element *column)
{
	const Element *constraints = element_child(column, "constraints");
	const char *name = element_value(constraints, "foreignKeyName"), *written = element_value(constraints, "references");
	const char *column_name = element_value(column, "name");
	if (name) {
		buf_adds(sql, "CONSTRAINT ");
		put_name(sql, name, NAME_UPPER_FOLDS);
		buf_addc(sql, ' ');
	}
	buf_adds(sql, "FOREIGN KEY (");
	put_name(sql, column_name ? column_name : "", NAME_UPPER_FOLDS);
	buf_adds(sql, ") REFERENCES ");
	if (written) {
		buf_adds(sql, written);
	} else {
		change_table(sql, constraints, "referencedTableSchemaName", "referencedTableName");
		buf_adds(sql, " (");
		change_names(sql, element_value(constraints, "referencedColumnNames"));
		buf_addc(sql, ')');
	}
	if (element_says(constraints, "deleteCascade", "true"))
		buf_adds(sql, " ON DELETE CASCADE");
	if (element_says(constraints, "deferrable", "true"))
		buf_adds(sql, " DEFERRABLE");
	if (element_says(constraints, "initiallyDeferred", "true"))
		buf_adds(sql, " INITIALLY DEFERRED");
}

static bool is_set(const Element *column, const char *constraint)
{
	return element_says(element_child(column, "constraints"), constraint, "true");
}

static void add_comment(Buf *sql, const char *kind, const Element *change, const char *column, const char *remarks)
{
	buf_addf(sql, "COMMENT ON %s ", kind);
	change_table(sql, change, "schemaName", "tableName");
	if (column) {
		buf_addc(sql, '.');
		put_name(sql, column, NAME_UPPER_FOLDS);
	}
	buf_adds(sql, " IS ");
	put_string(sql, remarks);
	buf_adds(sql, ";\n");
}

static void add_comments(Buf *sql, const Element *change)
{
	array_each(Element *const, column, &change->children) {
		const char *remarks = same((*column)->name, "column") ? element_value(*column, "remarks") : NULL;
		if (remarks)
			add_comment(sql, "COLUMN", change, element_value(*column, "name"), remarks);
	}
}

/* ", [CONSTRAINT name] KIND (columns)" of all columns that have the constraint, under one name. */
static void add_key(Buf *sql, const Element *change, const char *flag, const char *name_key, const char *kind, const char *name)
{
	bool first = true;
	array_each(Element *const, column, &change->children) {
		const Element *constraints = element_child(*column, "constraints");
		const char *own = element_value(constraints, name_key);
		if (!is_set(*column, flag) || (name ? !same(own, name) : own != NULL))
			continue;
		bool starts = first || !name;
		if (starts)
			buf_adds(sql, ", ");
		if (starts && name) {
			buf_adds(sql, "CONSTRAINT ");
			put_name(sql, name, NAME_UPPER_FOLDS);
			buf_addc(sql, ' ');
		}
		buf_addf(sql, starts ? "%s (" : ", ", kind);
		const char *column_name = element_value(*column, "name");
		put_name(sql, column_name ? column_name : "", NAME_UPPER_FOLDS);
		if (!name)
			buf_addc(sql, ')');
		first = false;
	}
	if (!first && name)
		buf_addc(sql, ')');
}

/* One key for all columns, whoever of them names it. */
static void add_primary_key(Buf *sql, const Element *change)
{
	const char *name = NULL;
	bool any = false;
	array_each(Element *const, column, &change->children) {
		if (!is_set(*column, "primaryKey"))
			continue;
		const char *own = element_value(element_child(*column, "constraints"), "primaryKeyName");
		name = name ? name : own;
		any = true;
	}
	if (!any)
		return;
	Buf given = {0};
	const char *table = element_value(change, "tableName");
	buf_addf(&given, "%s_pkey", table ? table : "");
	buf_adds(sql, ", CONSTRAINT ");
	put_name(sql, name ? name : given.data, NAME_UPPER_FOLDS);
	buf_adds(sql, " PRIMARY KEY (");
	buf_free(&given);
	bool first = true;
	array_each(Element *const, column, &change->children) {
		const char *column_name = element_value(*column, "name");
		if (!is_set(*column, "primaryKey") || !column_name)
			continue;
		buf_adds(sql, first ? "" : ", ");
		put_name(sql, column_name, NAME_UPPER_FOLDS);
		first = false;
	}
	buf_addc(sql, ')');
}

static void add_unique_keys(Buf *sql, const Element *change)
{
	add_key(sql, change, "unique", "uniqueConstraintName", "UNIQUE", NULL);
	for (uint32_t i = 0; i < change->children.count; i++) {
		const Element *column = change->children.items[i];
		const char *name = is_set(column, "unique") ? element_value(element_child(column, "constraints"), "uniqueConstraintName") : NULL;
		bool seen = false;
		for (uint32_t k = 0; k < i && name; k++)
			seen |= same(element_value(element_child(change->children.items[k], "constraints"), "uniqueConstraintName"), name);
		if (name && !seen)
			add_key(sql, change, "unique", "uniqueConstraintName", "UNIQUE", name);
	}
}

bool change_create_table(Buf *sql, const Element *change)
{
	buf_adds(sql, element_says(change, "ifNotExists", "true") ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ");
	change_table(sql, change, "schemaName", "tableName");
	buf_adds(sql, " (");
	bool first = true;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		buf_adds(sql, first ? "" : ", ");
		add_definition(sql, *column, true);
		first = false;
	}
	add_primary_key(sql, change);
	for (uint32_t i = change->children.count; i-- > 0;) { /* Liquibase begins with the last one */
		const Element *column = change->children.items[i];
		if (same(column->name, "column") && has_reference(element_child(column, "constraints"))) {
			buf_adds(sql, ", ");
			add_reference(sql, column);
		}
	}
	add_unique_keys(sql, change);
	buf_addc(sql, ')');
	const char *space = element_value(change, "tablespace"), *remarks = element_value(change, "remarks");
	if (space) {
		buf_adds(sql, " TABLESPACE ");
		put_name(sql, space, NAME_UPPER_FOLDS);
	}
	buf_adds(sql, ";\n");
	if (remarks)
		add_comment(sql, "TABLE", change, NULL, remarks);
	add_comments(sql, change);
	return !first;
}

static void alter_table(Buf *sql, const Element *change)
{
	buf_adds(sql, "ALTER TABLE ");
	change_table(sql, change, "schemaName", "tableName");
}

static void add_one_column(Buf *sql, const Element *change, const Element *column)
{
	const Element *constraints = element_child(column, "constraints");
	alter_table(sql, change);
	buf_adds(sql, " ADD ");
	add_definition(sql, column, false);
	if (is_set(column, "primaryKey"))
		buf_adds(sql, " PRIMARY KEY");
	buf_adds(sql, ";\n");
	if (has_reference(constraints)) {
		alter_table(sql, change);
		buf_adds(sql, " ADD ");
		add_reference(sql, column);
		buf_adds(sql, ";\n");
	}
	if (!is_set(column, "unique"))
		return;
	const char *name = element_value(constraints, "uniqueConstraintName"), *column_name = element_value(column, "name");
	alter_table(sql, change);
	buf_adds(sql, " ADD ");
	if (name) {
		buf_adds(sql, "CONSTRAINT ");
		put_name(sql, name, NAME_UPPER_FOLDS);
		buf_addc(sql, ' ');
	}
	buf_adds(sql, "UNIQUE (");
	put_name(sql, column_name ? column_name : "", NAME_UPPER_FOLDS);
	buf_adds(sql, ");\n");
}

bool change_add_column(Buf *sql, const Element *change)
{
	bool any = false;
	array_each(Element *const, column, &change->children)
		if (same((*column)->name, "column")) {
			add_one_column(sql, change, *column);
			any = true;
		}
	array_each(Element *const, column, &change->children) {
		const char *name = element_value(*column, "name");
		size_t before = sql->length;
		buf_adds(sql, "UPDATE ");
		change_table(sql, change, "schemaName", "tableName");
		buf_adds(sql, " SET ");
		put_name(sql, name ? name : "", NAME_UPPER_FOLDS);
		buf_adds(sql, " = ");
		if (same((*column)->name, "column") && change_value(sql, *column, "value"))
			buf_adds(sql, ";\n");
		else
			sql->length = before;
	}
	add_comments(sql, change);
	return any;
}
