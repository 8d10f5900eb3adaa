#include "change.h"

bool change_insert(Buf *sql, const Element *change)
{
	Buf values = {0};
	change_words(sql, change, "INSERT INTO {schemaName.tableName} (");
	bool first = true;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		buf_adds(sql, first ? "" : ", ");
		buf_adds(&values, first ? "" : ", ");
		first = false;
		change_name(sql, *column, "name");
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
bool change_load_data(Buf *sql, const Element *change)
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
	change_words(sql, change, "INSERT INTO {schemaName.tableName}");
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
			change_name(sql, given, "name");
		else if (!change_value(sql, given, "value"))
			buf_adds(sql, "NULL");
		param += value;
		where += strlen(value ? ":value" : ":name");
	}
}

bool change_update(Buf *sql, const Element *change)
{
	change_words(sql, change, "UPDATE {schemaName.tableName}");
	bool first = true;
	array_each(Element *const, column, &change->children) {
		if (!same((*column)->name, "column"))
			continue;
		buf_adds(sql, first ? " SET " : ", ");
		first = false;
		change_words(sql, *column, "{name} = ");
		if (!change_value(sql, *column, "value"))
			buf_adds(sql, "NULL");
	}
	add_where(sql, change);
	buf_adds(sql, ";\n");
	return !first;
}

bool change_delete(Buf *sql, const Element *change)
{
	change_words(sql, change, "DELETE FROM {schemaName.tableName}");
	add_where(sql, change);
	buf_adds(sql, ";\n");
	return true;
}
