/* Views, materialized views, and the columns that queries make. */
#include "catalog/inside.h"

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

/* The one relation that "*" stands for: the only one, or the only one with a star of its own. NULL: nobody knows. */
static const RelationUse *starred(const Query *query)
{
	if (query->other_columns)
		return NULL;
	const RelationUse *found = query->uses.count == 1 ? &query->uses.items[0] : NULL;
	for (uint32_t i = 0; query->uses.count > 1 && i < query->uses.count; i++) {
		const Names *columns = &query->uses.items[i].columns;
		for (uint32_t j = 0; j < columns->count; j++) {
			if (!same(columns->items[j], "*"))
				continue;
			if (found)
				return NULL;
			found = &query->uses.items[i];
		}
	}
	for (uint32_t i = 0; query->uses.count > 1 && i < query->columns.count; i++)
		if (same(query->columns.items[i], "*"))
			return NULL;
	return found;
}

static const char *add_star(Apply *apply, Relation *relation, const Query *query, const Names *names,
			    uint32_t *position)
{
	const RelationUse *use = starred(query);
	const Relation *from = use ? find_relation(apply->catalog, apply->path, use->relation) : NULL;
	if (!from || from->object.assumed || from->columns_unknown) {
		relation->columns_unknown = true;
		return NULL;
	}
	for (uint32_t i = 0; i < from->columns.count; i++, ++*position) {
		const Column *column = from->columns.items[i];
		const char *name = *position < names->count ? names->items[*position] : column->object.name;
		const char *sqlstate = add_output(apply, relation, name, column->type, column->collation);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

const char *columns_of_query(Apply *apply, Relation *relation, const Query *query, const Names *names)
{
	uint32_t outputs = query ? query->outputs.count : 0, position = 0;
	if (!outputs) {
		relation->columns_unknown = true;
		for (; position < names->count; position++)
			add_output(apply, relation, names->items[position], (DataType){0}, NULL);
		return NULL;
	}
	for (uint32_t i = 0; i < outputs; i++) {
		const char *sqlstate;
		const Expr *expr = i < query->output_exprs.count ? query->output_exprs.items[i] : NULL;
		if (same(query->outputs.items[i], "*")) {
			sqlstate = add_star(apply, relation, query, names, &position);
		} else {
			const char *name = position < names->count ? names->items[position] : query->outputs.items[i];
			const char *collation = NULL;
			DataType type = type_of_output(apply, query, expr, &collation);
			sqlstate = add_output(apply, relation, name, type, collation);
			position++;
		}
		if (sqlstate)
			return relation->columns_unknown ? NULL : sqlstate;
	}
	return NULL;
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
