/*
 * What a down lacks, as statements that can be pasted into it.
 *
 * Drops come first, newest object first, so that nothing is dropped before what needs it; then what has to come back: tables and
 * their parts from the catalog, views and functions as the newest migration that made them has them. What cannot be written is
 * named in a comment.
 */
#include "replay/reversal.h"

#include <ctype.h>

typedef struct Writer {
	Arena *arena;
	Catalog *catalog;
	CatalogMark before;
	const Comparison *comparison;
	const History *history;
	uint32_t ordinal; /* of the migration whose down this is */
	Buf sql;
} Writer;

/* --- Names and values ---------------------------------------------------------------------------------------------------------- */

static const char *name_of(const Writer *writer, const Object *object)
{
	bool plain = !object->schema || same(object->schema, "public");
	return quoted_name(writer->arena, (Name){plain ? NULL : object->schema, object->name});
}

static const char *identifier(const Writer *writer, const char *name)
{
	return quoted_name(writer->arena, (Name){.name = name});
}

/* "FOREIGN TABLE" of "foreign table". */
static const char *kind_in_capitals(const Writer *writer, const Object *object)
{
	char *words = arena_string(writer->arena, object_kind_words(object->kind));
	for (char *letter = words; *letter; letter++)
		*letter = (char)toupper((unsigned char)*letter);
	return words;
}

static void add_columns(Writer *writer, Column *const *columns, uint32_t count)
{
	buf_addc(&writer->sql, '(');
	for (uint32_t i = 0; i < count; i++)
		buf_addf(&writer->sql, "%s%s", i ? ", " : "", columns[i] ? identifier(writer, columns[i]->object.name) : "?");
	buf_addc(&writer->sql, ')');
}

/* --- What has to go --------------------------------------------------------------------------------------------------------------- */

static bool is_left(const Writer *writer, const Object *object)
{
	array_each (const Difference, difference, &writer->comparison->differences)
		if (difference->kind == DIFFERENCE_LEFT && difference->object == object)
			return true;
	return false;
}

/* It goes when the column that it is about is dropped. */
static bool goes_along(const Writer *writer, const Object *object)
{
	if (object->kind == OBJECT_CONSTRAINT) {
		array_each (Column *const, column, &((const Constraint *)object)->columns)
			if (*column && is_left(writer, &(*column)->object))
				return true;
	} else if (object->kind == OBJECT_INDEX) {
		const Relation *index = (const Relation *)object;
		if (index->constraint)
			return true;
		array_each (const CatalogKey, key, &index->keys)
			if (key->column && is_left(writer, &key->column->object))
				return true;
	} else if (object->kind == OBJECT_SEQUENCE) {
		return ((const Relation *)object)->owned_by != NULL;
	}
	return false;
}

static void drop(Writer *writer, const Difference *difference)
{
	const Object *object = difference->object;
	Buf *sql = &writer->sql;
	switch (object->kind) {
	case OBJECT_COLUMN:
	case OBJECT_CONSTRAINT:
		buf_addf(sql, "ALTER TABLE %s DROP %s %s;\n", name_of(writer, object->parent), kind_in_capitals(writer, object),
			 identifier(writer, object->name));
		break;
	case OBJECT_TRIGGER:
	case OBJECT_POLICY:
	case OBJECT_RULE:
		buf_addf(sql, "DROP %s %s ON %s;\n", kind_in_capitals(writer, object), identifier(writer, object->name),
			 name_of(writer, object->parent));
		break;
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_AGGREGATE:
		buf_addf(sql, "DROP %s %s%s;\n", kind_in_capitals(writer, object), name_of(writer, object),
			 strchr(difference->subject, '(') ? strchr(difference->subject, '(') : "");
		break;
	default:
		buf_addf(sql, "DROP %s %s;\n", kind_in_capitals(writer, object), name_of(writer, object));
		break;
	}
}

static void drop_what_is_left(Writer *writer)
{
	const Comparison *comparison = writer->comparison;
	uint32_t newer = UINT32_MAX;
	for (;;) {
		const Difference *newest = NULL;
		array_each (const Difference, difference, &comparison->differences)
			if (difference->kind == DIFFERENCE_LEFT && difference->object->number < newer &&
			    (!newest || difference->object->number > newest->object->number))
				newest = difference;
		if (!newest)
			return;
		newer = newest->object->number;
		if (!goes_along(writer, newest->object))
			drop(writer, newest);
	}
}

/* --- What has to come back: the catalog shows what was ------------------------------------------------------------------------------ */

static void define_column(Writer *writer, const Column *column)
{
	Buf *sql = &writer->sql;
	buf_addf(sql, "%s %s", identifier(writer, column->object.name), data_type_text(writer->arena, &column->type));
	if (column->default_expr && !column->generated)
		buf_addf(sql, " DEFAULT %s", expr_text(writer->arena, column->default_expr));
	if (column->identity)
		buf_addf(sql, " GENERATED %s AS IDENTITY", column->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
	buf_adds(sql, column->not_null && !column->identity ? " NOT NULL" : "");
}

static void add_column(Writer *writer, const Column *column)
{
	buf_addf(&writer->sql, "ALTER TABLE %s ADD COLUMN ", name_of(writer, column->object.parent));
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
	if (constraint->kind == CONSTRAINT_EXCLUSION || (constraint->kind == CONSTRAINT_CHECK && !constraint->check))
		return false;
	buf_addf(sql, "ALTER TABLE %s ADD CONSTRAINT %s ", name_of(writer, constraint->object.parent),
		 identifier(writer, constraint->object.name));
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
		buf_addf(sql, " REFERENCES %s ", name_of(writer, &constraint->references->object));
		add_columns(writer, constraint->reference_columns.items, constraint->reference_columns.count);
	}
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
	buf_addf(sql, "CREATE %sINDEX %s ON %s", index->unique ? "UNIQUE " : "", identifier(writer, index->object.name),
		 name_of(writer, &index->table->object));
	if (index->method && !same(index->method, "btree"))
		buf_addf(sql, " USING %s", index->method);
	buf_adds(sql, " (");
	for (uint32_t i = 0; i < index->keys.count; i++)
		buf_addf(sql, "%s%s%s", i ? ", " : "", identifier(writer, index->keys.items[i].column->object.name),
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
		written = written && !(*column)->generated && !(*column)->sequence && (*column)->type.name;
	if (!written)
		return false;
	buf_addf(sql, "CREATE TABLE %s (", name_of(writer, &table->object));
	for (uint32_t i = 0; i < table->columns.count; i++) {
		buf_adds(sql, i ? ", " : "");
		define_column(writer, table->columns.items[i]);
	}
	buf_adds(sql, ");\n");
	array_each (Constraint *const, constraint, &table->constraints)
		written = written && add_constraint(writer, *constraint);
	array_each (Relation *const, index, &table->indexes)
		written = written && add_index(writer, *index);
	if (!written)
		sql->data[sql->length = length] = '\0';
	return written;
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

/* The newest statement of the earlier migrations that made it; *action: what it does there. */
static Text definition(const Writer *writer, const Object *object, const Action **action)
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
	Text text = definition(writer, object, &action);
	if (!text.length)
		return false;
	buf_add(&writer->sql, text.data, text.length);
	buf_adds(&writer->sql, ";\n");
	return true;
}

/* --- One difference ------------------------------------------------------------------------------------------------------------------- */

static bool add_object(Writer *writer, const Object *object)
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
	default:
		return add_definition(writer, object);
	}
}

static void bring_back(Writer *writer, const Difference *difference)
{
	const Object *object = difference->was;
	if (object->kind == OBJECT_SEQUENCE && ((const Relation *)object)->owned_by)
		return; /* with its column */
	if (!add_object(writer, object))
		buf_addf(&writer->sql, "-- bring back %s as it was\n", difference->subject);
}

/* `is` is a copy of what the column is after the down. */
static void change_column(Writer *writer, const Column *is, const Column *was, const char *subject)
{
	Buf *sql = &writer->sql;
	size_t length = sql->length;
	const char *table = name_of(writer, was->object.parent), *column = identifier(writer, was->object.name);
	if (!same_type(&is->type, &was->type))
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s TYPE %s;\n", table, column, data_type_text(writer->arena, &was->type));
	if (is->not_null != was->not_null)
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s %s NOT NULL;\n", table, column, was->not_null ? "SET" : "DROP");
	if (was->default_expr && !was->generated) {
		const char *text = expr_text(writer->arena, was->default_expr);
		if (!is->default_expr || !same(expr_text(writer->arena, is->default_expr), text))
			buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n", table, column, text);
	} else if (is->default_expr && !is->generated) {
		buf_addf(sql, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;\n", table, column);
	}
	if (sql->length == length)
		buf_addf(sql, "-- put back %s as it was\n", subject);
}

static bool is_replaced_in_place(const Writer *writer, const Object *object)
{
	const Action *action = NULL;
	return (object->kind == OBJECT_FUNCTION || object->kind == OBJECT_PROCEDURE) && definition(writer, object, &action).length &&
	       action->or_replace;
}

/* Dropped and made as it was. */
static void replace(Writer *writer, const Difference *difference)
{
	size_t length = writer->sql.length;
	if (!is_replaced_in_place(writer, difference->object))
		drop(writer, difference);
	catalog_look_back(writer->catalog, writer->before);
	bool written = difference->object->kind != OBJECT_TABLE && add_object(writer, difference->was);
	catalog_look_forward(writer->catalog, writer->before);
	if (written)
		return;
	writer->sql.length = length;
	buf_addf(&writer->sql, "-- put back %s as it was\n", difference->subject);
}

static void put_back(Writer *writer, const Difference *difference)
{
	if (difference->object->kind == OBJECT_COLUMN) {
		const Column is = *(const Column *)difference->object;
		catalog_look_back(writer->catalog, writer->before);
		change_column(writer, &is, (const Column *)difference->was, difference->subject);
		catalog_look_forward(writer->catalog, writer->before);
	} else if (difference->object->kind == OBJECT_TYPE && ((const Type *)difference->object)->kind == TYPE_ENUM) {
		buf_addf(&writer->sql, "-- %s: make a type with the old labels and move its columns to it; labels cannot be dropped\n",
			 difference->subject);
	} else {
		replace(writer, difference);
	}
}

const char *reversal(Arena *arena, const Replay *replay, CatalogMark before, const Comparison *comparison)
{
	Catalog *catalog = replay->catalog;
	Writer writer = {.arena = arena, .catalog = catalog, .before = before, .comparison = comparison, .history = replay->history};
	writer.ordinal = replay->migration->ordinal;
	drop_what_is_left(&writer);
	/* Tables before columns before what is on them: the order in which they were made. */
	static const ObjectKind late[] = {OBJECT_CONSTRAINT, OBJECT_INDEX};
	for (size_t pass = 0; pass <= LENGTH(late); pass++) {
		array_each (const Difference, difference, &comparison->differences) {
			if (difference->kind == DIFFERENCE_LEFT)
				continue;
			ObjectKind kind = difference->was->kind;
			size_t own_pass = kind == late[0] ? 1 : kind == late[1] ? 2 : 0;
			if (own_pass != pass)
				continue;
			if (difference->kind == DIFFERENCE_CHANGED) {
				put_back(&writer, difference);
				continue;
			}
			catalog_look_back(catalog, before);
			bring_back(&writer, difference);
			catalog_look_forward(catalog, before);
		}
	}
	const char *text = arena_copy(arena, writer.sql.data ? writer.sql.data : "", writer.sql.length);
	buf_free(&writer.sql);
	return text;
}
