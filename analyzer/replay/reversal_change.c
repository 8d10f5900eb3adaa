/* Objects that are there and differ, as statements that put them back. */
#include "replay/writer.h"

/* Types of one family have casts to each other; all have one to text. https://www.postgresql.org/docs/current/typeconv.html */
static unsigned family(const DataType *type)
{
	static const struct {
		const char *type;
		unsigned family;
	} families[] = {{"int2", 1}, {"int4", 1}, {"int8", 1}, {"numeric", 1}, {"float4", 1}, {"float8", 1}, {"date", 2},
			{"timestamp", 2}, {"timestamptz", 2}, {"text", 7}, {"varchar", 7}, {"bpchar", 7}, {"json", 8}, {"jsonb", 8}};
	for (size_t i = 0; i < LENGTH(families) && !type->dimensions; i++)
		if (same(families[i].type, type->name))
			return families[i].family;
	return type->dimensions ? 16 : 0;
}

/* `is` is a copy of what the column is after the down. A default may not fit the type that it goes back to: it goes first. */
static void change_type(Writer *writer, Column *is, const Column *was, const char *table, const char *column)
{
	Buf *sql = &writer->sql;
	const char *type = data_type_text(writer->arena, &was->type);
	if (same_type(&is->type, &was->type))
		return;
	if (is->default_expr && !is->generated) {
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;\n", table, column);
		is->default_expr = NULL;
	}
	buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s TYPE %s", table, column, type);
	if (!same(is->type.name, was->type.name) || is->type.dimensions != was->type.dimensions)
		buf_addf(sql, " USING %s::%s%s", column, family(&is->type) & family(&was->type) ? "" : "text::", type);
	buf_adds(sql, ";\n");
}

static void change_column(Writer *writer, Column *is, const Column *was, const char *subject)
{
	Buf *sql = &writer->sql;
	size_t length = sql->length;
	const char *table = name_in_sql(writer, was->object.parent), *column = identifier_in_sql(writer, was->object.name);
	if (is->identity && !was->identity)
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY;\n", table, column);
	change_type(writer, is, was, table, column);
	if (is->not_null != was->not_null)
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s %s NOT NULL;\n", table, column, was->not_null ? "SET" : "DROP");
	if (was->default_expr && !was->generated) {
		const char *text = expr_text(writer->arena, was->default_expr);
		if (!is->default_expr || !same(expr_text(writer->arena, is->default_expr), text))
			buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n", table, column, text);
	} else if (is->default_expr && !is->generated) {
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;\n", table, column);
	}
	if (was->identity && !is->identity)
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s ADD GENERATED %s AS IDENTITY;\n", table, column,
			 was->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
	if (sql->length == length)
		buf_addf(sql, "-- put back %s as it was\n", subject);
}

static bool is_replaced_in_place(const Writer *writer, const Object *object)
{
	const Action *action = NULL;
	return (object->kind == OBJECT_FUNCTION || object->kind == OBJECT_PROCEDURE) && definition_of(writer, object, &action).length &&
	       action->or_replace;
}

static bool has_option(const Names *options, const char *option)
{
	for (uint32_t i = 0; i < options->count; i++)
		if (same(options->items[i], option))
			return true;
	return false;
}

/* What `from` has and `other` has not, behind SET, or by its name alone behind RESET. */
static void change_options(Writer *writer, const char *table, const char *word, const Names *from, const Names *other)
{
	const char *list = "";
	for (uint32_t i = 0; i < from->count; i++)
		if (!has_option(other, from->items[i]))
			list = arena_print(writer->arena, "%s%s%.*s", list, *list ? ", " : "",
					   *word == 'R' ? (int)strcspn(from->items[i], "=") : (int)strlen(from->items[i]), from->items[i]);
	if (*list)
		buf_addf(&writer->sql, "ALTER TABLE %s %s (%s);\n", table, word, list);
}

/* What else a table is does not change under its name. */
bool write_table_change(Writer *writer, const Relation *is, const Relation *was)
{
	Buf *sql = &writer->sql;
	size_t length = sql->length;
	const char *table = name_in_sql(writer, &was->object);
	if (is->row_security != was->row_security)
		buf_addf(sql, "ALTER TABLE %s %s ROW LEVEL SECURITY;\n", table, was->row_security ? "ENABLE" : "DISABLE");
	if (is->force_row_security != was->force_row_security)
		buf_addf(sql, "ALTER TABLE %s %sFORCE ROW LEVEL SECURITY;\n", table, was->force_row_security ? "" : "NO ");
	change_options(writer, table, "RESET", &is->options, &was->options);
	change_options(writer, table, "SET", &was->options, &is->options);
	return sql->length > length;
}

/* Dropped and made as it was. */
static void replace(Writer *writer, const Difference *difference)
{
	size_t length = writer->sql.length;
	if (!is_replaced_in_place(writer, difference->object))
		write_drop(writer, difference);
	catalog_look_back(writer->catalog, writer->before);
	bool written = write_object(writer, difference->was);
	catalog_look_forward(writer->catalog, writer->before);
	if (written)
		return;
	writer->sql.length = length;
	buf_addf(&writer->sql, "-- put back %s as it was\n", difference->subject);
}

void write_change(Writer *writer, const Difference *difference)
{
	if (difference->object->kind == OBJECT_COLUMN) {
		Column is = *(const Column *)difference->object;
		catalog_look_back(writer->catalog, writer->before);
		change_column(writer, &is, (const Column *)difference->was, difference->subject);
		catalog_look_forward(writer->catalog, writer->before);
	} else if (difference->object->kind == OBJECT_TYPE && ((const Type *)difference->object)->kind == TYPE_ENUM) {
		buf_addf(&writer->sql, "-- %s: make a type with the old labels and move its columns to it; labels cannot be dropped\n",
			 difference->subject);
	} else if (difference->object->kind == OBJECT_TABLE) {
		const Relation is = *(const Relation *)difference->object;
		catalog_look_back(writer->catalog, writer->before);
		bool written = write_table_change(writer, &is, (const Relation *)difference->was);
		catalog_look_forward(writer->catalog, writer->before);
		if (!written)
			buf_addf(&writer->sql, "-- put back %s as it was\n", difference->subject);
	} else {
		replace(writer, difference);
	}
}
