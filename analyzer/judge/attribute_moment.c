/* Attributes that rest on the catalog, the session or the effect when an action runs; and those of the whole migration.
 */
#include "judge/attribute_read.h"

#include <stdlib.h>

#include "discover/layout.h"

/* --- The catalog ------------------------------------------------------------------------------ */

static bool makes_a_table(const Action *action)
{
	return action->kind == ACTION_CREATE_TABLE || action->kind == ACTION_CREATE_TABLE_AS ||
	       action->kind == ACTION_CREATE_FOREIGN_TABLE || action->kind == ACTION_CREATE_MATERIALIZED_VIEW;
}

void get_new_table(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	if (relation && relation->object.kind == OBJECT_INDEX && relation->table)
		relation = relation->table;
	set_bool(value, makes_a_table(action) || action->in_create || (relation && !is_old(context, relation)));
}

void get_hot(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	const Config *config = context->history->config;
	set_bool(value, relation && config && config_is_hot(config, object_text(context->arena, &relation->object)));
}

void get_deprecated(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	set_bool(value, is_deprecated(context, relation, action->object));
}

void get_old_type(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	const Column *column = relation && action->object ? find_column(relation, action->object) : NULL;
	if (column && column->type.name)
		set_text(value, data_type_text(context->arena, &column->type));
}

void get_has_policy(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	set_bool(value, relation && relation->policies.count > 0);
}

void get_index_count(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	if (relation && !relation->object.assumed)
		set_number(value, (long)relation->indexes.count);
}

/* --- What the same statement says elsewhere --------------------------------------------------- */

typedef struct KeySearch {
	const Action *about;  /* a column, or a table when column is NULL */
	const char *column;
	ConstraintKind kind;
	bool found;
} KeySearch;

static bool same_relation(const Action *a, const Action *b)
{
	return same(a->relation.name, b->relation.name) && same(a->relation.schema, b->relation.schema);
}

static bool is_key(const Action *candidate, void *payload)
{
	KeySearch *search = payload;
	if (candidate->kind != ACTION_ADD_CONSTRAINT || !candidate->constraint ||
	    candidate->constraint->kind != search->kind || !same_relation(candidate, search->about))
		return true;
	search->found = !search->column;
	for (uint32_t i = 0; i < candidate->constraint->columns.count; i++)
		search->found = search->found || same(candidate->constraint->columns.items[i], search->column);
	return !search->found;
}

static bool statement_adds(const Context *context, const Action *action, const char *column, ConstraintKind kind)
{
	KeySearch search = {action, column, kind, false};
	action_walk(context->statement ? context->statement->actions : NULL, is_key, &search);
	return search.found;
}

void get_has_primary_key(const Context *context, const Action *action, Value *value)
{
	bool inherited = action->table && (action->table->partition_of.name || action->table->inherits.count);
	for (uint32_t i = 0; action->table && i < action->table->likes.count; i++)
		inherited = inherited || action->table->likes.items[i].indexes;
	set_bool(value, inherited || statement_adds(context, action, NULL, CONSTRAINT_PRIMARY_KEY));
}

void get_in_key(const Context *context, const Action *action, Value *value)
{
	set_bool(value, statement_adds(context, action, action->object, CONSTRAINT_PRIMARY_KEY));
}

void get_in_foreign_key(const Context *context, const Action *action, Value *value)
{
	set_bool(value, statement_adds(context, action, action->object, CONSTRAINT_FOREIGN_KEY));
}

typedef struct ColumnCount {
	const Action *table;
	long count;
} ColumnCount;

static bool count_column(const Action *candidate, void *payload)
{
	ColumnCount *count = payload;
	count->count +=
		candidate->kind == ACTION_ADD_COLUMN && candidate->in_create && same_relation(candidate, count->table);
	return true;
}

void get_table_columns(const Context *context, const Action *action, Value *value)
{
	ColumnCount count = {action, 0};
	action_walk(context->statement ? context->statement->actions : NULL, count_column, &count);
	set_number(value, count.count);
}

/* --- The effect ------------------------------------------------------------------------------- */

void get_lock(const Context *context, const Action *action, Value *value)
{
	const Relation *relation = relation_named(context, action->relation);
	if (relation && is_old(context, relation))
		set_number(value, lock_on(context, relation));
	value->present = value->number != LOCK_NONE;
}

static bool on_old(const Context *context, const Work *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const Relation *table = items[i].table ? items[i].table : items[i].relation;
		if (table && is_old(context, table))
			return true;
	}
	return false;
}

void get_rewrites(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, on_old(context, context->effect->rewrites.items, context->effect->rewrites.count));
}

void get_scans(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, on_old(context, context->effect->scans.items, context->effect->scans.count));
}

void get_builds(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, on_old(context, context->effect->builds.items, context->effect->builds.count));
}

void get_destroys(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, destroyed_old(context) != NULL);
}

void get_repeat_changes(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, context->effect->changes_on_repeat);
}

void get_opaque(const Context *context, const Action *action, Value *value)
{
	set_bool(value, action->kind == ACTION_OPAQUE || context->effect->opaque);
}

/* --- The session ------------------------------------------------------------------------------ */

void get_in_transaction(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, in_transaction(context));
}

void get_in_loop(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, context->step && context->step->in_loop);
}

void get_in_block(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, context->step && context->step->in_block);
}

void get_guarded(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, context->step && context->step->guarded);
}

/* A duration as PostgreSQL takes it, in milliseconds; -1 when it is none. A bare number is milliseconds. */
static long milliseconds(const char *text)
{
	static const struct {
		const char *unit;
		double milliseconds;
	} units[] = {{"", 1}, {"us", 0.001}, {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
	char *rest;
	double number = strtod(text, &rest);
	rest += strspn(rest, " ");
	for (size_t i = 0; rest != text && i < LENGTH(units); i++)
		if (same(rest, units[i].unit))
			return (long)(number * units[i].milliseconds);
	return -1;
}

static void get_timeout(const Context *context, const char *parameter, Value *value)
{
	const char *text = session_parameter(context->session, parameter);
	long length = text && session_parameter_is_set(context->session, parameter) ? milliseconds(text) : -1;
	if (length > 0)
		set_number(value, length);
}

void get_lock_timeout(const Context *context, const Action *action UNUSED, Value *value)
{
	get_timeout(context, "lock_timeout", value);
}

void get_statement_timeout(const Context *context, const Action *action UNUSED, Value *value)
{
	get_timeout(context, "statement_timeout", value);
}

void get_search_path(const Context *context, const Action *action UNUSED, Value *value)
{
	Names path = {0};
	for (uint32_t i = 0; i < context->session->schemas.count; i++)
		array_push(context->arena, &path, context->session->schemas.items[i]);
	set_list(value, &path);
}

/* --- The migration ---------------------------------------------------------------------------- */

void get_file(const Context *context, const Action *action UNUSED, Value *value)
{
	const char *path = context->script->source->path;
	const Config *config = context->history->config;
	set_text(value, config ? config_relative(context->arena, config, path) : path);
}

void get_migration(const Context *context, const Action *action UNUSED, Value *value)
{
	if (context->migration && context->migration->version && *context->migration->version)
		set_text(value, context->migration->version);
}

void get_migration_name(const Context *context, const Action *action UNUSED, Value *value)
{
	if (context->migration && context->migration->name && *context->migration->name)
		set_text(value, context->migration->name);
}

void get_direction(const Context *context, const Action *action UNUSED, Value *value)
{
	set_text(value, direction_word(context->script->direction));
}

void get_layout(const Context *context, const Action *action UNUSED, Value *value)
{
	set_text(value, context->history->layout ? context->history->layout->name : NULL);
}

void get_statement_count(const Context *context, const Action *action UNUSED, Value *value)
{
	set_number(value, (long)context->script->statements.count);
}

typedef struct TableCount {
	Arena *arena;
	Map made, changed; /* by name as written, without the schema */
} TableCount;

static bool changes_a_table(ActionKind kind)
{
	return (kind >= ACTION_RENAME_TABLE && kind <= ACTION_SET_OF_TYPE) || kind == ACTION_DROP_TABLE ||
	       kind == ACTION_CREATE_INDEX || kind == ACTION_CREATE_TRIGGER ||
	       (kind >= ACTION_INSERT_ROWS && kind <= ACTION_MERGE_ROWS) || kind == ACTION_TRUNCATE_TABLE;
}

static bool count_table(const Action *action, void *payload)
{
	TableCount *count = payload;
	const char *name = action->relation.name;
	if (!name)
		return true;
	if (makes_a_table(action))
		map_set(count->arena, &count->made, name, strlen(name), count);
	else if (changes_a_table(action->kind) && !action->in_create && !map_get(&count->made, name, strlen(name)))
		map_set(count->arena, &count->changed, name, strlen(name), count);
	return true;
}

void get_table_count(const Context *context, const Action *action UNUSED, Value *value)
{
	TableCount count = {.arena = context->arena};
	array_each (Statement, statement, &context->script->statements)
		action_walk(statement->actions, count_table, &count);
	set_number(value, (long)count.changed.count);
}

void get_wrapped(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, context->script->wrapping == WRAPPING_TRANSACTION);
}

void get_has_rollback(const Context *context, const Action *action UNUSED, Value *value)
{
	set_bool(value, context->migration && context->migration->down && context->migration->down->statements.count);
}
