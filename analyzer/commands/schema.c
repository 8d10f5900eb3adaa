/* `ddlint schema`: the catalog after all migrations have run. */
#include <stdlib.h>

#include "base/json.h"
#include "commands/commands.h"
#include "commands/facts.h"
#include "commands/schema.h"
#include "discover/layout.h"
#include "lint.h"
#include "replay/replay.h"

/* --- What is listed ------------------------------------------------------------------------------------------------------------- */

typedef struct Listing {
	Arena *arena;
	Json *json;
	const Catalog *catalog;
} Listing;

static int by_name(const void *left, const void *right)
{
	const Object *a = *(Object *const *)left, *b = *(Object *const *)right;
	int order = strcmp(a->schema ? a->schema : "", b->schema ? b->schema : "");
	if (!order)
		order = strcmp(a->name, b->name);
	return order ? order : a->made_by < b->made_by ? -1 : a->made_by > b->made_by;
}

static void sort(ObjectList *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, by_name);
}

bool schema_lists(const Object *object)
{
	if (object->dropped || object->assumed)
		return false;
	switch (object->kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_SEQUENCE:
	case OBJECT_INDEX:
		return ((const Relation *)object)->persistence != 't';
	default:
		return true;
	}
}

/* All objects of up to three kinds, by schema and name; OBJECT_NONE is no kind. */
static ObjectList objects_of(const Listing *listing, ObjectKind first, ObjectKind second, ObjectKind third)
{
	ObjectList list = {0};
	array_each (Object *, object, &listing->catalog->objects) {
		ObjectKind kind = (*object)->kind;
		if ((kind == first || kind == second || kind == third) && kind != OBJECT_NONE && schema_lists(*object))
			array_push(listing->arena, &list, *object);
	}
	sort(&list);
	return list;
}

static void named_json(const Listing *listing, const Object *object)
{
	json_put_string(listing->json, "schema", object->schema);
	json_put_string(listing->json, "name", object->name);
}

/* --- Tables ------------------------------------------------------------------------------------------------------------------------ */

/* As SQL: expr_text() is for comparing and leaves a constant's quotes out. */
static const char *sql_text(Arena *arena, const Expr *expr, uint32_t depth)
{
	enum { DEEPEST = 8 };
	if (expr->kind == EXPR_CAST && expr->arguments && expr->type && depth < DEEPEST)
		return arena_print(arena, "%s::%s", sql_text(arena, expr->arguments, depth + 1), type_ref_text(arena, expr->type));
	if (expr->kind == EXPR_CALL && depth < DEEPEST) {
		const char *list = "";
		for (const Expr *argument = expr->arguments; argument; argument = argument->next)
			list = arena_print(arena, "%s%s%s", list, *list ? ", " : "", sql_text(arena, argument, depth + 1));
		return arena_print(arena, "%s(%s)", quoted_name(arena, expr->name), list);
	}
	if (expr->kind != EXPR_CONSTANT || !expr->text)
		return expr_text(arena, expr);
	bool bare = *expr->text && !expr->text[strspn(expr->text, "0123456789.+-eE")];
	if (bare || same(expr->text, "true") || same(expr->text, "false"))
		return expr->text;
	Buf quoted = {0};
	buf_addc(&quoted, '\'');
	for (const char *at = expr->text; *at; at++) {
		if (*at == '\'')
			buf_addc(&quoted, '\'');
		buf_addc(&quoted, *at);
	}
	buf_addc(&quoted, '\'');
	const char *copy = arena_copy(arena, quoted.data, quoted.length);
	buf_free(&quoted);
	return copy;
}

static const char *default_text(const Listing *listing, const Column *column)
{
	if (column->generated || column->identity)
		return NULL;
	if (column->default_expr)
		return sql_text(listing->arena, column->default_expr, 0);
	return NULL;
}

static void column_json(const Listing *listing, const Column *column)
{
	Json *json = listing->json;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "name", column->object.name);
	json_put_string(json, "type", data_type_text(listing->arena, &column->type));
	json_put_bool(json, "not_null", column->not_null);
	json_put_string(json, "default", default_text(listing, column));
	json_put_string(json, "identity", column->identity == 'a'   ? "always"
					  : column->identity == 'd' ? "by default"
								    : NULL);
	json_put_string(json, "generated", column->generated == 's'   ? "stored"
					   : column->generated == 'v' ? "virtual"
								      : NULL);
	json_close(json);
}

static const char *constraint_type(ConstraintKind kind)
{
	return kind == CONSTRAINT_EXCLUSION ? "exclude" : constraint_kind_words(kind);
}

static void constraint_json(const Listing *listing, const Constraint *constraint)
{
	Json *json = listing->json;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "name", constraint->object.name);
	json_put_string(json, "type", constraint_type(constraint->kind));
	json_open_array(json, "columns", JSON_ONE_LINE);
	array_each (Column *const, column, &constraint->columns)
		if (*column)
			json_put_string(json, NULL, (*column)->object.name);
	json_close(json);
	json_put_bool(json, "validated", constraint->validated);
	json_put_string(json, "references",
		    constraint->references ? object_text(listing->arena, &constraint->references->object) : NULL);
	json_close(json);
}

static void index_json(const Listing *listing, const Relation *index)
{
	Json *json = listing->json;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "name", index->object.name);
	json_put_bool(json, "unique", index->unique);
	json_put_string(json, "method", index->method ? index->method : "btree");
	json_open_array(json, "columns", JSON_ONE_LINE);
	array_each (const CatalogKey, key, &index->keys)
		json_put_string(json, NULL, key->column ? key->column->object.name
					: key->expr ? expr_text(listing->arena, key->expr)
						    : NULL);
	json_close(json);
	json_put_string(json, "predicate", index->predicate ? expr_text(listing->arena, index->predicate) : NULL);
	json_put_bool(json, "valid", index->valid);
	json_close(json);
}

static void table_json(const Listing *listing, const Relation *table)
{
	Json *json = listing->json;
	ObjectList constraints = {0}, indexes = {0};
	json_open_object(json, NULL, JSON_MANY_LINES);
	named_json(listing, &table->object);
	bool foreign = table->object.kind == OBJECT_FOREIGN_TABLE;
	json_put_string(json, "kind", foreign ? "foreign table" : table->partition_strategy ? "partitioned table" : "table");
	json_open_array(json, "columns", JSON_MANY_LINES);
	array_each (Column *const, column, &table->columns)
		if (schema_lists(&(*column)->object))
			column_json(listing, *column);
	json_close(json);
	array_each (Constraint *const, constraint, &table->constraints)
		if (schema_lists(&(*constraint)->object))
			array_push(listing->arena, &constraints, &(*constraint)->object);
	array_each (Relation *const, index, &table->indexes)
		if (schema_lists(&(*index)->object))
			array_push(listing->arena, &indexes, &(*index)->object);
	sort(&constraints);
	sort(&indexes);
	json_open_array(json, "constraints", JSON_MANY_LINES);
	array_each (Object *const, object, &constraints)
		constraint_json(listing, (const Constraint *)*object);
	json_close(json);
	json_open_array(json, "indexes", JSON_MANY_LINES);
	array_each (Object *const, object, &indexes)
		index_json(listing, (const Relation *)*object);
	json_close(json);
	json_close(json);
}

/* --- The rest --------------------------------------------------------------------------------------------------------------------- */

static const char *type_kind(TypeKind kind)
{
	switch (kind) {
	case TYPE_ENUM:
		return "enum";
	case TYPE_DOMAIN:
		return "domain";
	case TYPE_COMPOSITE:
		return "composite";
	case TYPE_RANGE:
		return "range";
	default:
		return NULL;
	}
}

static void types_json(const Listing *listing)
{
	Json *json = listing->json;
	ObjectList list = objects_of(listing, OBJECT_TYPE, OBJECT_DOMAIN, OBJECT_NONE);
	json_open_array(json, "types", JSON_MANY_LINES);
	array_each (Object *const, object, &list) {
		const Type *type = (const Type *)*object;
		if (!type_kind(type->kind))
			continue;
		json_open_object(json, NULL, JSON_ONE_LINE);
		named_json(listing, *object);
		json_put_string(json, "kind", type_kind(type->kind));
		json_open_array(json, "labels", JSON_ONE_LINE);
		for (uint32_t i = 0; i < type->labels.count; i++)
			json_put_string(json, NULL, type->labels.items[i]);
		json_close(json);
		json_close(json);
	}
	json_close(json);
}

static void functions_json(const Listing *listing)
{
	Json *json = listing->json;
	ObjectList list = objects_of(listing, OBJECT_FUNCTION, OBJECT_PROCEDURE, OBJECT_AGGREGATE);
	json_open_array(json, "functions", JSON_MANY_LINES);
	array_each (Object *const, object, &list) {
		const Function *function = (const Function *)*object;
		Buf arguments = {0};
		buf_adds(&arguments, "");
		for (uint32_t i = 0; i < function->arguments.count; i++)
			buf_addf(&arguments, "%s%s", i ? ", " : "",
				 data_type_text(listing->arena, &function->arguments.items[i]));
		json_open_object(json, NULL, JSON_ONE_LINE);
		named_json(listing, *object);
		json_put_string(json, "arguments", arguments.data);
		json_close(json);
		buf_free(&arguments);
	}
	json_close(json);
}

static void catalog_json(const Listing *listing)
{
	Json *json = listing->json;
	ObjectList tables = objects_of(listing, OBJECT_TABLE, OBJECT_FOREIGN_TABLE, OBJECT_NONE);
	json_open_array(json, "tables", JSON_MANY_LINES);
	array_each (Object *const, object, &tables)
		table_json(listing, (const Relation *)*object);
	json_close(json);
	types_json(listing);
	ObjectList views = objects_of(listing, OBJECT_VIEW, OBJECT_MATERIALIZED_VIEW, OBJECT_NONE);
	json_open_array(json, "views", JSON_MANY_LINES);
	array_each (Object *const, object, &views) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		named_json(listing, *object);
		json_put_string(json, "kind", object_kind_words((*object)->kind));
		json_close(json);
	}
	json_close(json);
	ObjectList sequences = objects_of(listing, OBJECT_SEQUENCE, OBJECT_NONE, OBJECT_NONE);
	json_open_array(json, "sequences", JSON_MANY_LINES);
	array_each (Object *const, object, &sequences) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		named_json(listing, *object);
		json_close(json);
	}
	json_close(json);
	functions_json(listing);
	ObjectList extensions = objects_of(listing, OBJECT_EXTENSION, OBJECT_NONE, OBJECT_NONE);
	json_open_array(json, "extensions", JSON_ONE_LINE);
	array_each (Object *const, object, &extensions)
		json_put_string(json, NULL, (*object)->name);
	json_close(json);
}

/* The history up to its last migration. */
static Replay *replayed(Arena *arena, const History *history, int version)
{
	Replay *replay = replay_new(arena, history, version);
	array_each (Migration *const, migration, &history->migrations) {
		const Script *up = (*migration)->up;
		if (up && script_is_replayed(up))
			replay_script(replay, *migration, up);
	}
	return replay;
}

static void history_json(Json *json, const History *history, int version)
{
	Arena arena = {0};
	Replay *replay = replayed(&arena, history, version);
	const Catalog *catalog = replay->catalog;
	bool assumed = false;
	array_each (Object *const, object, &catalog->objects)
		assumed = assumed || ((*object)->assumed && (*object)->kind == OBJECT_TABLE);
	json_open_object(json, NULL, JSON_MANY_LINES);
	json_put_string(json, "history", history->name);
	json_put_string(json, "layout", history->layout ? history->layout->name : NULL);
	json_open_array(json, "postgres", JSON_ONE_LINE);
	json_put_number(json, NULL, version);
	json_close(json);
	json_put_string(json, "confidence", catalog->partial || assumed ? "partial" : "exact");
	json_open_array(json, "because", JSON_ONE_LINE);
	for (uint32_t i = 0; i < catalog->because.count; i++)
		json_put_string(json, NULL, catalog->because.items[i]);
	if (catalog->partial && !catalog->because.count)
		json_put_string(json, NULL, "something ran that could not be read");
	if (assumed)
		json_put_string(json, NULL, "tables are used that no migration makes");
	json_close(json);
	catalog_json(&(Listing){&arena, json, catalog});
	json_close(json);
	replay_free(replay);
	arena_free(&arena);
}

static void history_sql(Buf *out, const History *history, int version)
{
	Arena arena = {0};
	Replay *replay = replayed(&arena, history, version);
	schema_sql(&arena, out, history, replay);
	replay_free(replay);
	arena_free(&arena);
}

int schema_run(Arena *arena, const Options *options)
{
	static const char *const formats[] = {"sql", "json", NULL};
	const char *format = choose_format(options, formats);
	if (!format)
		return EXIT_FAILED;
	bool as_sql = same(format, "sql");
	Discovery *discovery = discover_paths(arena, options, rule_book(arena));
	int code = print_notes(discovery) ? EXIT_FAILED : EXIT_CLEAN;
	Buf out = {0};
	Json json = json_new(&out);
	if (!as_sql) {
		json_open_object(&json, NULL, JSON_MANY_LINES);
		json_put_number(&json, "version", 1);
		json_open_array(&json, "histories", JSON_MANY_LINES);
	}
	array_each (History *, history, &discovery->histories) {
		read_history(*history, options->jobs);
		int version = lowest_postgres(options, *history);
		if (as_sql)
			history_sql(&out, *history, version);
		else
			history_json(&json, *history, version);
		history_free(*history);
	}
	if (!as_sql)
		json_finish(&json);
	if (write_output(options, &out) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&out);
	return code;
}
