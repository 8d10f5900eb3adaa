/* `ddlint schema --format sql`: the catalog as statements that make it, in an order in which they run. */
#include "commands/schema.h"

#include <ctype.h>

#include "replay/writer.h"

typedef struct Sql {
	Arena *arena;
	Buf *out;
	const Catalog *catalog;
	Writer writer; /* for the texts of views and functions, as the migrations have them */
} Sql;

/* --- Pieces --------------------------------------------------------------------------------------------------------------------- */

static const char *name_of(const Sql *sql, const Object *object)
{
	return quoted_name(sql->arena, (Name){object->schema, object->name});
}

static const char *identifier(const Sql *sql, const char *name)
{
	return quoted_name(sql->arena, (Name){NULL, name});
}

static void add_columns(const Sql *sql, Column *const *columns, uint32_t count)
{
	buf_addc(sql->out, '(');
	for (uint32_t i = 0; i < count; i++)
		buf_addf(sql->out, "%s%s", i ? ", " : "", columns[i] ? identifier(sql, columns[i]->object.name) : "?");
	buf_addc(sql->out, ')');
}

/* Some expressions are only kept for comparing: CASE, sub-queries, what was cut off. */
static bool is_kept(const Expr *expr, int depth)
{
	enum { DEEPEST = 40 };
	if (!expr || depth > DEEPEST || expr->partial)
		return false;
	switch (expr->kind) {
	case EXPR_NONE:
	case EXPR_CASE:
	case EXPR_SUBQUERY:
	case EXPR_OTHER:
		return false;
	default:
		break;
	}
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		if (!is_kept(argument, depth + 1))
			return false;
	return true;
}

static void add_column(const Sql *sql, const Column *column)
{
	Buf *out = sql->out;
	buf_addf(out, "%s %s", identifier(sql, column->object.name), data_type_text(sql->arena, &column->type));
	if (column->collation)
		buf_addf(out, " COLLATE %s", identifier(sql, column->collation));
	if (column->generated && is_kept(column->default_expr, 0))
		buf_addf(out, " GENERATED ALWAYS AS (%s) %s", expr_text(sql->arena, column->default_expr),
			 column->generated == 's' ? "STORED" : "VIRTUAL");
	else if (column->default_expr && is_kept(column->default_expr, 0))
		buf_addf(out, " DEFAULT %s", expr_text(sql->arena, column->default_expr));
	else if (column->default_expr)
		buf_adds(out, " /* and a DEFAULT that ddlint does not keep */");
	if (column->identity)
		buf_addf(out, " GENERATED %s AS IDENTITY", column->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
	if (column->not_null && !column->identity)
		buf_adds(out, " NOT NULL");
}

static const char *action_words(char letter)
{
	switch (letter) {
	case 'c':
		return "CASCADE";
	case 'n':
		return "SET NULL";
	case 'd':
		return "SET DEFAULT";
	case 'r':
		return "RESTRICT";
	default:
		return NULL;
	}
}

static void add_keys(const Sql *sql, const Relation *index)
{
	Buf *out = sql->out;
	buf_addc(out, '(');
	for (uint32_t i = 0; i < index->keys.count; i++) {
		const CatalogKey *key = &index->keys.items[i];
		buf_adds(out, i ? ", " : "");
		if (key->column)
			buf_adds(out, identifier(sql, key->column->object.name));
		else if (key->expr)
			buf_addf(out, "(%s)", expr_text(sql->arena, key->expr));
		if (key->opclass)
			buf_addf(out, " %s", key->opclass);
		buf_adds(out, key->descending ? " DESC" : "");
		if (key->nulls_first != key->descending) /* where they are not by themselves */
			buf_adds(out, key->nulls_first ? " NULLS FIRST" : " NULLS LAST");
		if (key->operator_)
			buf_addf(out, " WITH %s", key->operator_);
	}
	buf_addc(out, ')');
	if (index->include.count) {
		buf_adds(out, " INCLUDE (");
		for (uint32_t i = 0; i < index->include.count; i++)
			buf_addf(out, "%s%s", i ? ", " : "", identifier(sql, index->include.items[i]));
		buf_addc(out, ')');
	}
}

static void add_constraint(const Sql *sql, const Constraint *constraint)
{
	Buf *out = sql->out;
	buf_addf(out, "CONSTRAINT %s ", identifier(sql, constraint->object.name));
	if (constraint->kind == CONSTRAINT_CHECK) {
		bool kept = is_kept(constraint->check, 0);
		buf_addf(out, "CHECK (%s)", kept ? expr_text(sql->arena, constraint->check) : "true /* ddlint does not keep this condition */");
	} else if (constraint->kind == CONSTRAINT_EXCLUSION && constraint->index) {
		buf_addf(out, "EXCLUDE USING %s ", constraint->index->method ? constraint->index->method : "gist");
		add_keys(sql, constraint->index);
	} else {
		for (const char *words = constraint_kind_words(constraint->kind); *words; words++)
			buf_addc(out, (char)toupper((unsigned char)*words));
		buf_adds(out, constraint->index && constraint->index->nulls_not_distinct ? " NULLS NOT DISTINCT " : " ");
		add_columns(sql, constraint->columns.items, constraint->columns.count);
	}
	if (constraint->references) {
		buf_addf(out, " REFERENCES %s", name_of(sql, &constraint->references->object));
		if (constraint->reference_columns.count)
			add_columns(sql, constraint->reference_columns.items, constraint->reference_columns.count);
	}
	if (constraint->match == 'f')
		buf_adds(out, " MATCH FULL");
	if (action_words(constraint->on_update))
		buf_addf(out, " ON UPDATE %s", action_words(constraint->on_update));
	if (action_words(constraint->on_delete))
		buf_addf(out, " ON DELETE %s", action_words(constraint->on_delete));
	if (constraint->deferrable)
		buf_adds(out, constraint->initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE");
	if (!constraint->validated && (constraint->kind == CONSTRAINT_CHECK || constraint->kind == CONSTRAINT_FOREIGN_KEY))
		buf_adds(out, " NOT VALID");
}

/* --- Types, sequences -------------------------------------------------------------------------------------------------------------- */

static void write_type(const Sql *sql, const Type *type)
{
	Buf *out = sql->out;
	const char *name = name_of(sql, &type->object);
	switch (type->kind) {
	case TYPE_ENUM:
		buf_addf(out, "CREATE TYPE %s AS ENUM (", name);
		for (uint32_t i = 0; i < type->labels.count; i++) {
			Expr label = {.kind = EXPR_CONSTANT, .text = type->labels.items[i], .quoted = true};
			buf_addf(out, "%s%s", i ? ", " : "", expr_text(sql->arena, &label));
		}
		buf_adds(out, ");\n");
		break;
	case TYPE_DOMAIN:
		buf_addf(out, "CREATE DOMAIN %s AS %s", name, data_type_text(sql->arena, &type->base));
		if (type->default_expr)
			buf_addf(out, " DEFAULT %s", expr_text(sql->arena, type->default_expr));
		buf_adds(out, type->not_null ? " NOT NULL" : "");
		for (uint32_t i = 0; i < type->constraints.count; i++) {
			buf_addc(out, ' ');
			add_constraint(sql, type->constraints.items[i]);
		}
		buf_adds(out, ";\n");
		break;
	case TYPE_COMPOSITE:
		buf_addf(out, "CREATE TYPE %s AS (", name);
		for (uint32_t i = 0; i < type->attributes.count; i++) {
			buf_adds(out, i ? ", " : "");
			add_column(sql, type->attributes.items[i]);
		}
		buf_adds(out, ");\n");
		break;
	default:
		buf_addf(out, "-- type %s: ddlint does not keep its definition\n", name);
	}
}

/* --- Tables --------------------------------------------------------------------------------------------------------------------------- */

static void add_partition_key(const Sql *sql, const Relation *table)
{
	if (!table->partition_strategy)
		return;
	buf_addf(sql->out, " PARTITION BY %s ", table->partition_strategy);
	add_columns(sql, table->partition_columns.items, table->partition_columns.count);
}

static void write_table(const Sql *sql, const Relation *table)
{
	Buf *out = sql->out;
	buf_addf(out, "CREATE %s%s %s", table->persistence == 'u' ? "UNLOGGED " : "",
		 table->object.kind == OBJECT_FOREIGN_TABLE ? "FOREIGN TABLE" : "TABLE", name_of(sql, &table->object));
	if (table->is_partition && table->parents.count) {
		buf_addf(out, " PARTITION OF %s %s", name_of(sql, &table->parents.items[0]->object),
			 table->default_partition ? "DEFAULT" : table->bound ? table->bound : "");
	} else {
		bool first = true;
		buf_adds(out, " (");
		for (uint32_t i = 0; i < table->columns.count; i++) {
			if (table->parents.count && !table->columns.items[i]->local)
				continue;
			buf_adds(out, first ? "\n    " : ",\n    ");
			add_column(sql, table->columns.items[i]);
			first = false;
		}
		for (uint32_t i = 0; i < table->constraints.count; i++) {
			const Constraint *constraint = table->constraints.items[i];
			bool here = constraint->kind != CONSTRAINT_FOREIGN_KEY && constraint->kind != CONSTRAINT_NOT_NULL;
			if (!here || !constraint->validated || (constraint->inherited && !constraint->local))
				continue;
			buf_adds(out, first ? "\n    " : ",\n    ");
			add_constraint(sql, constraint);
			first = false;
		}
		buf_adds(out, first ? ")" : "\n)");
		for (uint32_t i = 0; i < table->parents.count; i++)
			buf_addf(out, "%s%s%s", i ? ", " : " INHERITS (", name_of(sql, &table->parents.items[i]->object),
				 i + 1 == table->parents.count ? ")" : "");
	}
	add_partition_key(sql, table);
	buf_adds(out, ";\n");
	if (table->row_security)
		buf_addf(out, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;\n", name_of(sql, &table->object));
}

/* Behind all tables: foreign keys, and constraints that were never validated. */
static void write_late_constraints(const Sql *sql, const Relation *table)
{
	for (uint32_t i = 0; i < table->constraints.count; i++) {
		const Constraint *constraint = table->constraints.items[i];
		bool late = constraint->kind == CONSTRAINT_FOREIGN_KEY || !constraint->validated;
		if (!late || constraint->kind == CONSTRAINT_NOT_NULL || (constraint->inherited && !constraint->local))
			continue;
		buf_addf(sql->out, "ALTER TABLE %s ADD ", name_of(sql, &table->object));
		add_constraint(sql, constraint);
		buf_adds(sql->out, ";\n");
	}
}

static void write_index(const Sql *sql, const Relation *index)
{
	Buf *out = sql->out;
	if (!index->table || index->constraint || index->parent_index)
		return;
	array_each (const CatalogKey, key, &index->keys)
		if (!key->column && !is_kept(key->expr, 0)) {
			buf_addf(out, "-- index %s: ddlint does not keep its expressions\n", name_of(sql, &index->object));
			return;
		}
	buf_addf(out, "CREATE %sINDEX %s ON %s", index->unique ? "UNIQUE " : "", identifier(sql, index->object.name),
		 name_of(sql, &index->table->object));
	if (index->method && !same(index->method, "btree"))
		buf_addf(out, " USING %s", index->method);
	buf_addc(out, ' ');
	add_keys(sql, index);
	buf_adds(out, index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "");
	if (index->predicate)
		buf_addf(out, " WHERE %s", expr_text(sql->arena, index->predicate));
	buf_adds(out, ";\n");
}

/* --- All of it -------------------------------------------------------------------------------------------------------------------------- */

/* What is kept as the migration's own text: functions, views, triggers, policies. */
static void write_definition(const Sql *sql, const Object *object)
{
	const Action *action;
	Text text = definition_of(&sql->writer, object, &action);
	if (text.length)
		buf_addf(sql->out, "%.*s;\n", (int)text.length, text.data);
	else
		buf_addf(sql->out, "-- %s %s: made where its text could not be read\n", object_kind_words(object->kind),
			 object_text(sql->arena, object));
}

static void write_object_of(const Sql *sql, const Object *object)
{
	const Relation *relation = (const Relation *)object;
	switch (object->kind) {
	case OBJECT_SCHEMA:
		if (object->made_by)
			buf_addf(sql->out, "CREATE SCHEMA %s;\n", identifier(sql, object->name));
		break;
	case OBJECT_EXTENSION:
		if (object->made_by)
			buf_addf(sql->out, "CREATE EXTENSION IF NOT EXISTS %s;\n", identifier(sql, object->name));
		break;
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
		write_type(sql, (const Type *)object);
		break;
	case OBJECT_SEQUENCE:
		if (!relation->owned_by || !relation->owned_by->identity)
			buf_addf(sql->out, "CREATE SEQUENCE %s;\n", name_of(sql, object));
		break;
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
		write_table(sql, relation);
		break;
	case OBJECT_INDEX:
		write_index(sql, relation);
		break;
	default:
		write_definition(sql, object);
	}
}

static void write_comment(const Sql *sql, const Object *object)
{
	Expr words = {.kind = EXPR_CONSTANT, .text = object->comment, .quoted = true};
	if (!object->comment)
		return;
	bool column = object->kind == OBJECT_COLUMN;
	buf_addf(sql->out, "COMMENT ON %s %s%s%s IS %s;\n",
		 column ? "COLUMN" : object->kind == OBJECT_VIEW ? "VIEW" : object->kind == OBJECT_MATERIALIZED_VIEW ? "MATERIALIZED VIEW" : "TABLE",
		 name_of(sql, column ? object->parent : object), column ? "." : "", column ? identifier(sql, object->name) : "",
		 expr_text(sql->arena, &words));
}

static bool is_on(const Relation *index, const Column *column)
{
	array_each (const CatalogKey, key, &index->keys)
		if (key->column == column)
			return true;
	return false;
}

static void write_column_of(const Sql *sql, const Column *column)
{
	const Relation *table = (const Relation *)column->object.parent;
	add_column(sql, column);
	buf_addc(sql->out, '\n');
	array_each (Constraint *const, constraint, &table->constraints)
		array_each (Column *const, one, &(*constraint)->columns)
			if (*one == column && (*constraint)->kind != CONSTRAINT_NOT_NULL) {
				add_constraint(sql, *constraint);
				buf_addc(sql->out, '\n');
				break;
			}
	array_each (Relation *const, index, &table->indexes)
		if (is_on(*index, column))
			write_index(sql, *index);
	write_comment(sql, &column->object);
}

void object_sql(Arena *arena, Buf *out, const History *history, Replay *replay, const Object *object)
{
	Sql sql = {arena, out, replay->catalog, {.arena = arena, .catalog = replay->catalog, .history = history, .ordinal = history->migrations.count + 1}};
	if (object->kind == OBJECT_COLUMN) {
		write_column_of(&sql, (const Column *)object);
		return;
	}
	const Relation *relation = (const Relation *)object;
	write_object_of(&sql, object);
	if (object->kind == OBJECT_TABLE || object->kind == OBJECT_FOREIGN_TABLE) {
		write_late_constraints(&sql, relation);
		array_each (Relation *const, index, &relation->indexes)
			write_index(&sql, *index);
		array_each (Column *const, column, &relation->columns)
			write_comment(&sql, &(*column)->object);
	}
	write_comment(&sql, object);
}

void schema_sql(Arena *arena, Buf *out, const History *history, const Replay *replay)
{
	/* Each kind behind those that it may need; within a kind in the order in which the history made them. */
	static const ObjectKind order[][2] = {
		{OBJECT_SCHEMA, OBJECT_EXTENSION}, {OBJECT_TYPE, OBJECT_DOMAIN},  {OBJECT_SEQUENCE},
		{OBJECT_FUNCTION, OBJECT_PROCEDURE}, {OBJECT_TABLE, OBJECT_FOREIGN_TABLE}, {OBJECT_VIEW, OBJECT_MATERIALIZED_VIEW},
		{OBJECT_INDEX}, {OBJECT_CONSTRAINT}, {OBJECT_TRIGGER}, {OBJECT_POLICY},
	};
	const Catalog *catalog = replay->catalog;
	Sql sql = {arena, out, catalog, {.arena = arena, .catalog = replay->catalog, .history = history, .ordinal = history->migrations.count + 1}};
	buf_addf(out, "-- %s, after its last migration, as PostgreSQL %d would have it\nSET check_function_bodies = false;\n", history->name,
		 catalog->version);
	for (size_t i = 0; i < LENGTH(order); i++) {
		bool constraints = order[i][0] == OBJECT_CONSTRAINT; /* they stand with their tables */
		ObjectKind first = constraints ? OBJECT_TABLE : order[i][0], second = order[i][1];
		array_each (Object *const, object, &catalog->objects) {
			ObjectKind kind = (*object)->kind;
			if ((kind != first && (second == OBJECT_NONE || kind != second)) || !schema_lists(*object))
				continue;
			if (constraints)
				write_late_constraints(&sql, (const Relation *)*object);
			else
				write_object_of(&sql, *object);
		}
	}
}
