/* Objects as statements that make them. */
#include "replay/writer.h"

#include <ctype.h>

/* --- From the catalog ------------------------------------------------------------------------------------------------------------- */

static void add_columns(Writer *writer, Column *const *columns, uint32_t count)
{
	buf_addc(&writer->sql, '(');
	for (uint32_t i = 0; i < count; i++)
		buf_addf(&writer->sql, "%s%s", i ? ", " : "", columns[i] ? identifier_in_sql(writer, columns[i]->object.name) : "?");
	buf_addc(&writer->sql, ')');
}

/* serial, as far as it can be told from its parts; NULL: no such column. */
static const char *serial_type(const Column *column)
{
	if (!column->sequence || column->identity || column->type.dimensions)
		return NULL;
	return same(column->type.name, "int8") ? "bigserial" : same(column->type.name, "int4") ? "serial"
		: same(column->type.name, "int2") ? "smallserial" : NULL;
}

static void define_column(Writer *writer, const Column *column)
{
	Buf *sql = &writer->sql;
	const char *serial = serial_type(column);
	if (serial) {
		buf_addf(sql, "%s %s", identifier_in_sql(writer, column->object.name), serial);
		return;
	}
	buf_addf(sql, "%s %s", identifier_in_sql(writer, column->object.name), data_type_text(writer->arena, &column->type));
	if (column->default_expr && !column->generated)
		buf_addf(sql, " DEFAULT %s", expr_text(writer->arena, column->default_expr));
	if (column->identity)
		buf_addf(sql, " GENERATED %s AS IDENTITY", column->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
	buf_adds(sql, column->not_null && !column->identity ? " NOT NULL" : "");
}

static void add_column(Writer *writer, const Column *column)
{
	buf_addf(&writer->sql, "ALTER TABLE %s ADD COLUMN ", name_in_sql(writer, column->object.parent));
	define_column(writer, column);
	buf_adds(&writer->sql, ";\n");
}

static const char *action_words(char letter)
{
	switch (letter) {
	case 'c': return "CASCADE";
	case 'n': return "SET NULL";
	case 'd': return "SET DEFAULT";
	case 'r': return "RESTRICT";
	default: return NULL;
	}
}

static bool add_constraint(Writer *writer, const Constraint *constraint)
{
	Buf *sql = &writer->sql;
	if (constraint->kind == CONSTRAINT_EXCLUSION || constraint->period || (constraint->kind == CONSTRAINT_CHECK && !constraint->check))
		return false;
	buf_addf(sql, "ALTER TABLE %s ADD CONSTRAINT %s ", name_in_sql(writer, constraint->object.parent),
		 identifier_in_sql(writer, constraint->object.name));
	if (constraint->kind == CONSTRAINT_CHECK) {
		buf_addf(sql, "CHECK (%s)", expr_text(writer->arena, constraint->check));
	} else {
		const char *words = constraint_kind_words(constraint->kind);
		for (; *words; words++)
			buf_addc(sql, (char)toupper((unsigned char)*words));
		buf_addc(sql, ' ');
		add_columns(writer, constraint->columns.items, constraint->columns.count);
	}
	if (constraint->references) {
		buf_addf(sql, " REFERENCES %s ", name_in_sql(writer, &constraint->references->object));
		add_columns(writer, constraint->reference_columns.items, constraint->reference_columns.count);
	}
	if (constraint->match == 'f')
		buf_adds(sql, " MATCH FULL");
	if (action_words(constraint->on_delete))
		buf_addf(sql, " ON DELETE %s", action_words(constraint->on_delete));
	if (action_words(constraint->on_update))
		buf_addf(sql, " ON UPDATE %s", action_words(constraint->on_update));
	buf_adds(sql, constraint->validated ? ";\n" : " NOT VALID;\n");
	return true;
}

static bool add_index(Writer *writer, const Relation *index)
{
	Buf *sql = &writer->sql;
	if (!index->table || index->constraint)
		return index->constraint != NULL;
	array_each (const CatalogKey, key, &index->keys)
		if (!key->column)
			return false;
	buf_addf(sql, "CREATE %sINDEX %s ON %s", index->unique ? "UNIQUE " : "", identifier_in_sql(writer, index->object.name),
		 name_in_sql(writer, &index->table->object));
	if (index->method && !same(index->method, "btree"))
		buf_addf(sql, " USING %s", index->method);
	buf_adds(sql, " (");
	for (uint32_t i = 0; i < index->keys.count; i++)
		buf_addf(sql, "%s%s%s", i ? ", " : "", identifier_in_sql(writer, index->keys.items[i].column->object.name),
			 index->keys.items[i].descending ? " DESC" : "");
	buf_addc(sql, ')');
	if (index->predicate)
		buf_addf(sql, " WHERE %s", expr_text(writer->arena, index->predicate));
	buf_adds(sql, ";\n");
	return true;
}

/* A plain table with all that belongs to it. */
static bool add_table(Writer *writer, const Relation *table)
{
	Buf *sql = &writer->sql;
	size_t length = sql->length;
	bool written = table->object.kind == OBJECT_TABLE && !table->partition_strategy && !table->parents.count && table->columns.count;
	array_each (Column *const, column, &table->columns)
		written = written && !(*column)->generated && (*column)->type.name;
	if (!written)
		return false;
	buf_addf(sql, "CREATE TABLE %s (", name_in_sql(writer, &table->object));
	for (uint32_t i = 0; i < table->columns.count; i++) {
		buf_adds(sql, i ? ", " : "");
		define_column(writer, table->columns.items[i]);
	}
	buf_adds(sql, ");\n");
	static const Relation plain = {0};
	write_table_change(writer, &plain, table);
	array_each (Constraint *const, constraint, &table->constraints)
		written = written && add_constraint(writer, *constraint);
	array_each (Relation *const, index, &table->indexes)
		written = written && add_index(writer, *index);
	if (!written)
		sql->data[sql->length = length] = '\0';
	return written;
}

static bool add_enum(Writer *writer, const Type *type)
{
	Buf *sql = &writer->sql;
	if (type->kind != TYPE_ENUM)
		return false;
	buf_addf(sql, "CREATE TYPE %s AS ENUM (", name_in_sql(writer, &type->object));
	for (uint32_t i = 0; i < type->labels.count; i++) {
		Expr label = {.kind = EXPR_CONSTANT, .text = type->labels.items[i], .quoted = true};
		buf_addf(sql, "%s%s", i ? ", " : "", expr_text(writer->arena, &label));
	}
	buf_adds(sql, ");\n");
	return true;
}

/* --- As a migration has it ------------------------------------------------------------------------------------------------------------ */

static bool makes(const Action *action, const Object *object)
{
	switch (action->kind) {
	case ACTION_CREATE_VIEW:
		return object->kind == OBJECT_VIEW && same(action->relation.name, object->name);
	case ACTION_CREATE_MATERIALIZED_VIEW:
		return object->kind == OBJECT_MATERIALIZED_VIEW && same(action->relation.name, object->name);
	case ACTION_CREATE_FUNCTION:
		return (object->kind == OBJECT_FUNCTION || object->kind == OBJECT_PROCEDURE) && same(action->relation.name, object->name);
	case ACTION_CREATE_TRIGGER:
		return object->kind == OBJECT_TRIGGER && same(action->object, object->name) &&
		       same(action->relation.name, object->parent->name);
	case ACTION_CREATE_POLICY:
		return object->kind == OBJECT_POLICY && same(action->object, object->name) &&
		       same(action->relation.name, object->parent->name);
	default:
		return false;
	}
}

Text definition_of(const Writer *writer, const Object *object, const Action **action)
{
	for (uint32_t i = writer->ordinal; i-- > 1;) {
		const Script *up = writer->history->migrations.items[i - 1]->up;
		for (uint32_t j = up ? up->statements.count : 0; j-- > 0;) {
			const Statement *statement = &up->statements.items[j];
			*action = statement->actions;
			if (*action && makes(*action, object))
				return source_text(up->source, statement->span);
		}
	}
	return (Text){0};
}

static bool add_definition(Writer *writer, const Object *object)
{
	const Action *action;
	Text text = definition_of(writer, object, &action);
	if (!text.length)
		return false;
	buf_add(&writer->sql, text.data, text.length);
	buf_adds(&writer->sql, ";\n");
	return true;
}

bool write_object(Writer *writer, const Object *object)
{
	switch (object->kind) {
	case OBJECT_COLUMN:
		add_column(writer, (const Column *)object);
		return true;
	case OBJECT_CONSTRAINT:
		return add_constraint(writer, (const Constraint *)object);
	case OBJECT_INDEX:
		return add_index(writer, (const Relation *)object);
	case OBJECT_TABLE:
		return add_table(writer, (const Relation *)object);
	case OBJECT_TYPE:
		return add_enum(writer, (const Type *)object);
	default:
		return add_definition(writer, object);
	}
}
