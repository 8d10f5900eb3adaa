/* The catalog as lines of text, for comparing two states of it. */
#include "catalog/inside.h"

#include <stdlib.h>

/* --- Small pieces ------------------------------------------------------------------------------------------------- */

static void add_text(Buf *buf, const char *label, const char *text)
{
	if (text)
		buf_addf(buf, " %s=%s", label, text);
}

/* Blanks and line ends count as one blank: bodies are indented anew all the time. */
static void add_squeezed(Buf *buf, const char *label, const char *text)
{
	if (!text)
		return;
	buf_addf(buf, " %s=", label);
	bool blank = false, begun = false;
	for (const char *c = text; *c; c++) {
		if (*c == ' ' || *c == '\n' || *c == '\r' || *c == '\t') {
			blank = begun;
			continue;
		}
		if (blank)
			buf_addc(buf, ' ');
		buf_addc(buf, *c);
		blank = false;
		begun = true;
	}
}

static void add_flag(Buf *buf, const char *label, bool flag)
{
	if (flag)
		buf_addf(buf, " %s", label);
}

static void add_letter(Buf *buf, const char *label, char letter)
{
	if (letter && letter != 'a')
		buf_addf(buf, " %s=%c", label, letter);
}

static void add_expr(Buf *buf, Arena *arena, const char *label, const Object *user, const Expr *expr)
{
	if (!expr)
		return;
	buf_addf(buf, " %s=", label);
	expr_print(buf, plain_expr(arena, user, expr));
}

static void add_type(Buf *buf, Arena *arena, const DataType *type)
{
	buf_addf(buf, " %s", data_type_text(arena, type));
}

static void add_names(Buf *buf, const char *label, const Names *names)
{
	if (!names->count)
		return;
	buf_addf(buf, " %s=(", label);
	for (uint32_t i = 0; i < names->count; i++)
		buf_addf(buf, "%s%s", i ? "," : "", names->items[i]);
	buf_addc(buf, ')');
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Options have no order. */
static void add_options(Buf *buf, Arena *arena, const Names *names)
{
	Names sorted = {0};
	for (uint32_t i = 0; i < names->count; i++)
		array_push(arena, &sorted, names->items[i]);
	if (sorted.count)
		qsort(sorted.items, sorted.count, sizeof *sorted.items, by_text);
	add_names(buf, "with", &sorted);
}

static void add_columns(Buf *buf, Column *const *columns, uint32_t count)
{
	buf_adds(buf, " (");
	for (uint32_t i = 0; i < count; i++)
		buf_addf(buf, "%s%s", i ? "," : "", columns[i] ? columns[i]->object.name : "?");
	buf_addc(buf, ')');
}

/* --- One function for each kind ----------------------------------------------------------------------------------- */

/* A constant as the column's type has it: 'false' and false, '1' and 1, 'x' and 'x'::text are the same. */
static const char *constant_default(const Column *column)
{
	const Expr *expr = column->default_expr;
	if (column->generated)
		return NULL;
	/* A label of an enum is one however it is written: no other string becomes one by itself. */
	bool label = column->type.user && column->type.user->kind == TYPE_ENUM && !column->type.dimensions;
	while (expr && expr->kind == EXPR_CAST && expr->type && (label || same(expr->type->name.name, column->type.name)))
		expr = expr->arguments;
	if (!expr || expr->kind != EXPR_CONSTANT || !expr->text)
		return NULL;
	bool truth = same(column->type.name, "bool");
	if (truth && (same_nocase(expr->text, "t") || same_nocase(expr->text, "true") || same(expr->text, "1")))
		return "true";
	if (truth && (same_nocase(expr->text, "f") || same_nocase(expr->text, "false") || same(expr->text, "0")))
		return "false";
	return expr->text;
}

static void describe_default(Buf *buf, Arena *arena, const Column *column)
{
	/* nextval of the column's own sequence: by the sequence, whatever its name was when this was written. */
	const Relation *sequence = NULL;
	for (const Depend *need = column->default_object ? column->default_object->uses : NULL; need;
	     need = need->next_used)
		if (!need->gone && need->used->kind == OBJECT_SEQUENCE)
			sequence = (const Relation *)need->used;
	if (sequence && !column->generated)
		buf_addf(buf, " default=nextval(%s.%s)", sequence->object.schema, sequence->object.name);
	else if (constant_default(column))
		add_text(buf, "default", constant_default(column));
	else
		add_expr(buf, arena, "default", &column->object, column->default_expr);
}

static void describe_column(Buf *buf, Arena *arena, const Column *column)
{
	add_type(buf, arena, &column->type);
	add_text(buf, "collate", column->collation);
	add_flag(buf, "not null", column->not_null);
	add_flag(buf, "not valid", column->not_null_invalid);
	describe_default(buf, arena, column);
	if (column->identity)
		buf_addf(buf, " identity=%c", column->identity);
	if (column->generated)
		buf_addf(buf, " generated=%c", column->generated);
	add_text(buf, "storage", column->storage);
	add_text(buf, "compression", column->compression);
}

static void describe_constraint(Buf *buf, Arena *arena, const Constraint *constraint)
{
	buf_addf(buf, " %s", constraint_kind_words(constraint->kind));
	if (constraint->kind != CONSTRAINT_CHECK)
		add_columns(buf, constraint->columns.items, constraint->columns.count);
	if (constraint->references) {
		add_text(buf, "references", object_text(arena, &constraint->references->object));
		add_columns(buf, constraint->reference_columns.items, constraint->reference_columns.count);
	}
	add_expr(buf, arena, "check", &constraint->object, constraint->check);
	add_letter(buf, "on delete", constraint->on_delete);
	add_letter(buf, "on update", constraint->on_update);
	add_flag(buf, "match full", constraint->match == 'f');
	add_flag(buf, "without overlaps", constraint->period);
	add_flag(buf, "not valid", !constraint->validated);
	add_flag(buf, "not enforced", constraint->not_enforced);
	add_flag(buf, "deferrable", constraint->deferrable);
	add_flag(buf, "initially deferred", constraint->initially_deferred);
	add_flag(buf, "no inherit", constraint->no_inherit);
}

static void describe_index(Buf *buf, Arena *arena, const Relation *index)
{
	add_flag(buf, "unique", index->unique);
	if (index->table)
		add_text(buf, "on", object_text(arena, &index->table->object));
	add_text(buf, "using", index->method);
	buf_adds(buf, " (");
	for (uint32_t i = 0; i < index->keys.count; i++) {
		const CatalogKey *key = &index->keys.items[i];
		if (i)
			buf_addc(buf, ',');
		if (key->column)
			buf_adds(buf, key->column->object.name);
		else
			expr_print(buf, plain_expr(arena, &index->object, key->expr));
		add_text(buf, "collate", key->collation);
		add_text(buf, "class", key->opclass);
		add_text(buf, "with", key->operator_);
		add_flag(buf, "desc", key->descending);
		add_flag(buf, "nulls first", key->nulls_first);
	}
	buf_addc(buf, ')');
	add_names(buf, "include", &index->include);
	add_expr(buf, arena, "where", &index->object, index->predicate);
	add_flag(buf, "nulls not distinct", index->nulls_not_distinct);
	add_flag(buf, "invalid", !index->valid);
	add_flag(buf, "clustered", index->clustered);
	if (index->parent_index)
		add_text(buf, "part of", object_text(arena, &index->parent_index->object));
	add_options(buf, arena, &index->options);
	add_text(buf, "tablespace", index->tablespace);
}

static void describe_table(Buf *buf, Arena *arena, const Relation *table)
{
	if (table->persistence != 'p')
		buf_addf(buf, " persistence=%c", table->persistence);
	add_text(buf, "partition by", table->partition_strategy);
	add_names(buf, "keys", &table->partition_keys);
	for (uint32_t i = 0; i < table->parents.count; i++)
		add_text(buf, table->is_partition ? "partition of" : "inherits",
			 object_text(arena, &table->parents.items[i]->object));
	add_text(buf, "bound", table->default_partition ? "default" : table->bound);
	add_flag(buf, "row security", table->row_security);
	add_flag(buf, "force row security", table->force_row_security);
	add_text(buf, "replica identity", table->replica_identity);
	add_text(buf, "tablespace", table->tablespace);
	add_text(buf, "access method", table->access_method);
	add_options(buf, arena, &table->options);
}

static void add_part(Arena *arena, Names *parts, const Object *view, const Expr *expr)
{
	Buf buf = {0};
	buf_adds(&buf, "call ");
	expr_print(&buf, plain_expr(arena, view, expr));
	array_push(arena, parts, arena_copy(arena, buf.data, buf.length));
	buf_free(&buf);
}

/* Sorted, each once. */
static void add_parts(Buf *buf, Names *parts)
{
	if (parts->count)
		qsort(parts->items, parts->count, sizeof *parts->items, by_text);
	for (uint32_t i = 0; i < parts->count; i++)
		if (!i || !same(parts->items[i], parts->items[i - 1]))
			buf_addf(buf, " %s", parts->items[i]);
}

/*
 * A query's text is not kept: what it reads, calls and gives stands for it. Two ways to write one query should look the
 * same: qualified or not, with PostgreSQL's casts or without.
 */
static void describe_query(Buf *buf, Arena *arena, const Relation *view)
{
	const Query *query = view->query;
	add_flag(buf, "distinct", query->distinct);
	Names parts = {0};
	for (const Depend *need = view->object.uses; need; need = need->next_used)
		if (!need->gone && name_class(need->used->kind) == CLASS_RELATION)
			array_push(arena, &parts, arena_print(arena, "from %s", object_text(arena, need->used)));
	for (uint32_t i = 0; i < query->calls.count; i++)
		add_part(arena, &parts, &view->object, query->calls.items[i]);
	add_parts(buf, &parts);
	for (uint32_t i = 0; i < query->outputs.count; i++) {
		const Expr *expr = i < query->output_exprs.count ? query->output_exprs.items[i] : NULL;
		buf_addf(buf, " %s=", query->outputs.items[i]);
		/* A star stood for the columns of that time. */
		if (same(query->outputs.items[i], "*") && !view->columns_unknown)
			add_columns(buf, view->columns.items, view->columns.count);
		if (expr)
			expr_print(buf, plain_expr(arena, &view->object, expr));
	}
	add_expr(buf, arena, "where", &view->object, query->where);
}

static void describe_view(Buf *buf, Arena *arena, const Relation *view)
{
	if (view->query)
		describe_query(buf, arena, view);
	add_text(buf, "check option", view->object.definition);
	add_options(buf, arena, &view->options);
	if (view->object.kind == OBJECT_MATERIALIZED_VIEW)
		add_flag(buf, "not populated", !view->populated);
}

static void describe_sequence(Buf *buf, Arena *arena, const Relation *sequence)
{
	if (sequence->owned_by)
		add_text(buf, "owned by", object_text(arena, &sequence->owned_by->object));
	if (sequence->persistence != 'p')
		buf_addf(buf, " persistence=%c", sequence->persistence);
}

static void describe_type(Buf *buf, Arena *arena, const Type *type)
{
	static const char *const kinds[] = {"assumed", "enum", "domain", "composite", "range", "base"};
	buf_addf(buf, " %s", kinds[type->kind]);
	add_names(buf, "labels", &type->labels);
	if (type->base.name)
		add_type(buf, arena, &type->base);
	add_flag(buf, "not null", type->not_null);
	add_expr(buf, arena, "default", &type->object, type->default_expr);
	for (uint32_t i = 0; i < type->attributes.count; i++) {
		buf_addf(buf, " %s", type->attributes.items[i]->object.name);
		add_type(buf, arena, &type->attributes.items[i]->type);
	}
}

static void describe_function(Buf *buf, Arena *arena, const Function *function)
{
	buf_adds(buf, " returns");
	add_flag(buf, "setof", function->returns_set);
	add_type(buf, arena, &function->returns);
	for (uint32_t i = 0; i < function->argument_names.count; i++)
		if (function->argument_names.items[i])
			buf_addf(buf, " $%u=%s", i + 1, function->argument_names.items[i]);
	add_text(buf, "language", function->language);
	add_letter(buf, "volatility", function->volatility);
	add_flag(buf, "strict", function->strict);
	add_flag(buf, "security definer", function->security_definer);
	add_flag(buf, "sets search_path", function->sets_search_path);
	if (function->default_count)
		buf_addf(buf, " defaults=%u", function->default_count);
	add_squeezed(buf, "body", function->object.definition);
}

static void describe_trigger(Buf *buf, const Trigger *trigger)
{
	if (trigger->function)
		buf_addf(buf, " calls=%s.%s", trigger->function->schema, trigger->function->name);
	add_names(buf, "update of", &trigger->update_of);
	add_text(buf, "enabled", trigger->enabled);
	add_text(buf, "as", trigger->object.definition);
}

static void describe_state(Buf *buf, Arena *arena, const Object *object)
{
	switch (object->kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
		describe_table(buf, arena, (const Relation *)object);
		break;
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
		describe_view(buf, arena, (const Relation *)object);
		break;
	case OBJECT_INDEX:
		describe_index(buf, arena, (const Relation *)object);
		break;
	case OBJECT_SEQUENCE:
		describe_sequence(buf, arena, (const Relation *)object);
		break;
	case OBJECT_COLUMN:
		describe_column(buf, arena, (const Column *)object);
		break;
	case OBJECT_CONSTRAINT:
	case OBJECT_DOMAIN_CONSTRAINT:
		describe_constraint(buf, arena, (const Constraint *)object);
		break;
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
		describe_type(buf, arena, (const Type *)object);
		break;
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_AGGREGATE:
		describe_function(buf, arena, (const Function *)object);
		break;
	case OBJECT_TRIGGER:
		describe_trigger(buf, (const Trigger *)object);
		break;
	default:
		add_text(buf, "as", object->definition);
		break;
	}
	add_text(buf, "owner", object->owner);
}

/* --- Lines -------------------------------------------------------------------------------------------------------- */

static char *subject_of(Arena *arena, const Object *object)
{
	const char *words = object_kind_words(object->kind);
	char *name = object_text(arena, object);
	if (object->kind == OBJECT_TYPE && ((const Type *)object)->kind == TYPE_ENUM)
		words = "enum";
	if (name_class(object->kind) != CLASS_ROUTINE)
		return arena_join(arena, words, " ", name);
	const Function *function = (const Function *)object;
	Buf buf = {0};
	buf_addf(&buf, "%s %s(", words, name);
	for (uint32_t i = 0; i < function->arguments.count; i++)
		buf_addf(&buf, "%s%s", i ? ", " : "", data_type_text(arena, &function->arguments.items[i]));
	buf_addc(&buf, ')');
	char *text = arena_copy(arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

/*
 * Attributes are part of their type, defaults of their column, columns of a view of its query. Comments are left out:
 * nobody wants to hear that a rollback forgot one.
 */
static bool has_line(const Object *object)
{
	if (object->dropped || object->kind == OBJECT_DEFAULT || (object->parent && object->parent->dropped))
		return false;
	return object->kind != OBJECT_COLUMN || is_table((const Relation *)object->parent);
}

static int by_subject(const void *a, const void *b)
{
	const ObjectLine *left = a, *right = b;
	int order = strcmp(left->subject, right->subject);
	return order ? order : strcmp(left->state, right->state);
}

static void add_line(Arena *arena, Buf *buf, const Object *object, ObjectLine *line)
{
	buf->length = 0;
	buf_adds(buf, "");
	describe_state(buf, arena, object);
	size_t blank = buf->length > 0;
	*line =
	    (ObjectLine){subject_of(arena, object), arena_copy(arena, buf->data + blank, buf->length - blank), object};
}

bool object_describe(Arena *arena, const Object *object, ObjectLine *line)
{
	Buf buf = {0};
	if (!has_line(object))
		return false;
	add_line(arena, &buf, object, line);
	buf_free(&buf);
	return true;
}

bool is_described(const Object *object)
{
	return !object->assumed && !object->in_place_of_unknown;
}

void catalog_describe(Arena *arena, const Catalog *catalog, ObjectLines *lines)
{
	Buf buf = {0};
	for (uint32_t i = 0; i < catalog->objects.count; i++) {
		const Object *object = catalog->objects.items[i];
		if (!has_line(object) || !is_described(object))
			continue;
		ObjectLine line;
		add_line(arena, &buf, object, &line);
		array_push(arena, lines, line);
	}
	buf_free(&buf);
	if (lines->count)
		qsort(lines->items, lines->count, sizeof *lines->items, by_subject);
}
