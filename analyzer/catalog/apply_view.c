/* Views, materialized views, and the columns that queries make. */
#include "catalog/typing.h"

/* --- Output columns ----------------------------------------------------------------------------------------------- */

static const char *add_output(Apply *apply, Relation *relation, const char *name, DataType type, const char *collation)
{
	if (find_column(relation, name))
		return DUPLICATE_COLUMN;
	Column *column = column_new(apply->catalog, relation, name);
	column->type = type;
	column->collation = collation;
	depend_on_type(apply->catalog, &column->object, &column->type);
	return NULL;
}

const char *columns_of_query(Apply *apply, Relation *relation, const Query *query, const Names *names)
{
	TypingWork work = {0};
	Typing typing = {.apply = apply, .query = query, .work = &work};
	Outputs outputs = query ? *outputs_of(&typing, query, 0) : (Outputs){0};
	relation->columns_unknown = !outputs.known;
	/* More names than are known to be there: all the same they are the first ones'. */
	uint32_t count = outputs.columns.count;
	if (!outputs.known && count < names->count)
		count = names->count;
	const char *sqlstate = NULL;
	for (uint32_t i = 0; i < count && !sqlstate; i++) {
		OutputColumn column = i < outputs.columns.count ? outputs.columns.items[i] : (OutputColumn){0};
		const char *name = i < names->count ? names->items[i] : column.name;
		sqlstate = add_output(apply, relation, name, column.type, column.collation);
	}
	arena_free(&work.arena);
	return outputs.known ? sqlstate : NULL;
}

/* --- CREATE VIEW -------------------------------------------------------------------------------------------------- */

/* https://www.postgresql.org/docs/current/sql-createview.html: the same columns in the same order, new ones only at the
 * end. */
static const char *replaceable(const Relation *old, const Relation *new_one)
{
	if (old->columns_unknown || new_one->columns_unknown || old->object.assumed)
		return NULL;
	if (new_one->columns.count < old->columns.count)
		return INVALID_TABLE_DEFINITION;
	for (uint32_t i = 0; i < old->columns.count; i++) {
		const Column *before = old->columns.items[i], *after = new_one->columns.items[i];
		if (!same(before->object.name, after->object.name))
			return INVALID_TABLE_DEFINITION;
		if (before->type.name && after->type.name && !same_type(&before->type, &after->type))
			return INVALID_TABLE_DEFINITION;
	}
	return NULL;
}

static void fill_view(Apply *apply, Relation *view)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	CHANGE(catalog, view->query, query_copy(catalog, action->query));
	depend_on_query(catalog, apply->path, &view->object, view->query);
	Names options = {0};
	if (action->table)
		names_copy(catalog, &options, &action->table->options);
	CHANGE(catalog, view->options, options);
	CHANGE(catalog, view->object.definition, catalog_intern(catalog, action->value));
}

static const char *replace_view(Apply *apply, Relation *view)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	if (view->object.kind != OBJECT_VIEW && !view->object.assumed)
		return WRONG_OBJECT_TYPE;
	/* A relation without a name, to compare. */
	Relation *after = new (catalog->arena, Relation);
	after->object.kind = OBJECT_VIEW;
	after->object.dropped = true;
	const char *sqlstate = columns_of_query(apply, after, action->query, &action->names);
	if (!sqlstate)
		sqlstate = replaceable(view, after);
	if (sqlstate)
		return sqlstate;
	depend_clear(catalog, &view->object);
	if (view->columns_unknown || view->object.assumed || after->columns_unknown)
		CHANGE(catalog, view->columns_unknown, after->columns_unknown);
	for (uint32_t i = 0; i < after->columns.count; i++) {
		const Column *column = after->columns.items[i];
		if (!find_column(view, column->object.name))
			add_output(apply, view, column->object.name, column->type, column->collation);
		depend_clear(catalog, &after->columns.items[i]->object);
		object_forget(catalog, &after->columns.items[i]->object);
	}
	fill_view(apply, view);
	return NULL;
}

static const char *new_view(Apply *apply, ObjectKind kind, Relation **made)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	bool temporary = action->table && action->table->persistence == 't';
	Name name = {temporary ? "pg_temp" : action->relation.schema, action->relation.name};
	const char *schema = creation_schema(catalog, apply->path, name, &sqlstate);
	if (!schema)
		return sqlstate;
	*made = (Relation *)find_in_schema(catalog, CLASS_RELATION, schema, name.name);
	if (*made && action->or_replace)
		return replace_view(apply, *made);
	if (!relation_name_free(catalog, schema, name.name)) {
		*made = NULL;
		return action->if_not_exists ? NULL : DUPLICATE_TABLE;
	}
	if (!type_name_free(catalog, schema, name.name))
		return DUPLICATE_OBJECT;
	Relation *view = object_new(catalog, kind, sizeof *view, schema, name.name, NULL);
	view->persistence = temporary ? 't' : 'p';
	if (temporary)
		CHANGE_PUSH(catalog, &catalog->temporary, view);
	view->valid = view->populated = true;
	*made = view;
	sqlstate = columns_of_query(apply, view, action->query, &action->names);
	if (!sqlstate)
		fill_view(apply, view);
	return sqlstate;
}

const char *apply_create_view(Apply *apply)
{
	Relation *view = NULL;
	const char *sqlstate = missing_in_query(apply, apply->action->query);
	return sqlstate ? sqlstate : new_view(apply, OBJECT_VIEW, &view);
}

const char *apply_create_materialized_view(Apply *apply)
{
	Relation *view = NULL;
	const char *sqlstate = missing_in_query(apply, apply->action->query);
	if (!sqlstate)
		sqlstate = new_view(apply, OBJECT_MATERIALIZED_VIEW, &view);
	if (!sqlstate && view)
		CHANGE(apply->catalog, view->populated,
		       !(apply->action->with_no_data || (apply->action->table && apply->action->table->with_no_data)));
	return sqlstate;
}

static bool has_plain_unique_index(const Relation *view)
{
	for (uint32_t i = 0; i < view->indexes.count; i++) {
		const Relation *index = view->indexes.items[i];
		bool plain = index->unique && !index->predicate;
		for (uint32_t j = 0; plain && j < index->keys.count; j++)
			plain = index->keys.items[j].column != NULL;
		if (plain)
			return true;
	}
	return false;
}

const char *apply_refresh(Apply *apply)
{
	const Action *action = apply->action;
	Relation *view = assume_relation(apply->catalog, apply->path, action->relation, OBJECT_MATERIALIZED_VIEW);
	if (!view)
		return UNDEFINED_TABLE;
	if (view->object.assumed)
		return NULL;
	if (view->object.kind != OBJECT_MATERIALIZED_VIEW)
		return WRONG_OBJECT_TYPE;
	if (action->concurrently && (!view->populated || !has_plain_unique_index(view)))
		return view->populated ? OBJECT_NOT_IN_STATE : FEATURE_NOT_SUPPORTED;
	CHANGE(apply->catalog, view->populated, !action->with_no_data);
	return NULL;
}
