/*
 * Queries, DML, privileges and maintenance change nothing here (CLUSTER and REINDEX mark indexes), but they fail when
 * what they name is missing: that is what decides whether a migration can be run twice.
 */
#include "catalog/inside.h"

/* The columns are the relation's for certain. */
static const char *missing_column(Catalog *catalog, Relation *relation, const Names *names)
{
	if (!has_row_type(relation) || parts_unknown(catalog, relation))
		return NULL;
	for (uint32_t i = 0; i < names->count; i++)
		if (!find_column(relation, names->items[i]) && !names_no_column(relation, names->items[i]))
			return UNDEFINED_COLUMN;
	return NULL;
}

/* A writing WITH query comes before its statement, in the same list; it may read another one's rows by a bare name. */
static bool may_read_with_query(const Action *action)
{
	const Action *next = next_part(action);
	return next &&
	       (next->kind == ACTION_INSERT_ROWS || next->kind == ACTION_UPDATE_ROWS ||
		next->kind == ACTION_DELETE_ROWS || next->kind == ACTION_MERGE_ROWS || next->kind == ACTION_QUERY_ROWS);
}

/* The relation has the column, or might have: only what is known for certain is missing. */
static bool may_have_column(const Catalog *catalog, const Relation *relation, const char *name)
{
	return !has_row_type(relation) || parts_unknown(catalog, relation) || find_column(relation, name) || names_no_column(relation, name);
}

static const char *visible_name(const RelationUse *use)
{
	return use->alias ? use->alias : use->relation.name;
}

/* t.f is f(t), too. https://www.postgresql.org/docs/current/sql-expressions.html#SQL-EXPRESSIONS-FUNCTION-CALLS */
static bool may_be_call(Apply *apply, const char *name)
{
	static const char *const builtin[] = {"count", "row_to_json", "to_json", "to_jsonb", "json_agg", "jsonb_agg", "array_agg", "hstore",
					      "md5", "num_nulls", "num_nonnulls", "pg_column_size", "pg_typeof"};
	bool several;
	for (size_t i = 0; i < LENGTH(builtin); i++)
		if (same(name, builtin[i]))
			return true;
	return find_function(apply->catalog, apply->path, (Name){.name = name}, NULL, &several) != NULL;
}

/* Is there a relation in the query, of that name there, that the column may be of? `as` NULL: any. */
static bool is_somewhere(Apply *apply, const Query *query, const char *as, const char *column)
{
	array_each (const RelationUse, use, &query->uses) {
		if (as && !same(visible_name(use), as))
			continue;
		const Relation *relation = find_relation(apply->catalog, apply->path, use->relation);
		if (!relation || may_have_column(apply->catalog, relation, column))
			return true;
	}
	return false;
}

static bool is_whole_row(const Query *query, const char *name)
{
	array_each (const RelationUse, use, &query->uses)
		if (same(visible_name(use), name))
			return true;
	return false;
}

/* Columns that only one relation can have, whatever else the query reads. */
static bool lacks_certain(Apply *apply, const Query *query)
{
	array_each (const RelationUse, use, &query->uses) {
		const Relation *relation = use->certain.count ? find_relation(apply->catalog, apply->path, use->relation) : NULL;
		for (uint32_t i = 0; relation && i < use->certain.count; i++) {
			const char *name = use->certain.items[i];
			bool has = may_have_column(apply->catalog, relation, name) || same(name, visible_name(use));
			if (!has && !may_be_call(apply, name))
				return true;
		}
	}
	return false;
}

/*
 * Where relations are all that gives columns, a name that none of them has is missing, whichever query inside it stands in. A
 * block's variables have names, too.
 */
static const char *missing_column_in_query(Apply *apply, const Query *query)
{
	if (query->partial || apply->catalog->in_block || may_read_with_query(apply->action))
		return NULL;
	if (lacks_certain(apply, query))
		return UNDEFINED_COLUMN;
	if (query->other_columns)
		return NULL;
	array_each (const RelationUse, use, &query->uses)
		if (!find_relation(apply->catalog, apply->path, use->relation))
			return NULL; /* what is not known may have any column */
	for (uint32_t i = 0; i < query->columns.count && query->uses.count; i++) {
		const char *name = query->columns.items[i];
		if (!is_whole_row(query, name) && !is_somewhere(apply, query, NULL, name))
			return UNDEFINED_COLUMN;
	}
	array_each (const RelationUse, use, &query->uses)
		for (uint32_t i = 0; i < use->columns.count; i++)
			if (!is_somewhere(apply, query, visible_name(use), use->columns.items[i]) &&
			    !may_be_call(apply, use->columns.items[i]))
				return UNDEFINED_COLUMN;
	return NULL;
}

const char *missing_in_query(Apply *apply, const Query *query)
{
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		Relation *relation = assume_relation(apply->catalog, apply->path, use->relation, OBJECT_TABLE);
		if (!relation && (use->relation.schema || !may_read_with_query(apply->action)))
			return UNDEFINED_TABLE;
	}
	const char *sqlstate = query ? missing_column_in_query(apply, query) : NULL;
	if (sqlstate)
		return sqlstate;
	bool several;
	for (uint32_t i = 0; query && i < query->functions.count; i++)
		if (!find_function(apply->catalog, apply->path, query->functions.items[i], NULL, &several) &&
		    known_gone(apply->catalog, apply->path, CLASS_ROUTINE, query->functions.items[i]))
			return UNDEFINED_FUNCTION;
	return NULL;
}

/* What is assigned, in the order of the columns. */
static const char *wrong_assignment(Relation *target, const Action *action)
{
	const Query *query = action->query;
	for (uint32_t i = 0; i < action->columns.count && i < query->output_exprs.count; i++) {
		if (!query->output_exprs.items[i])
			return NULL;
		const char *sqlstate =
		    wrong_value(find_column(target, action->columns.items[i]), query->output_exprs.items[i]);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

static const char *wrong_in_rows(Apply *apply)
{
	const Action *action = apply->action;
	if (!action->query || action->query->partial || apply->catalog->in_block)
		return NULL;
	Relation *target = action->kind == ACTION_INSERT_ROWS || action->kind == ACTION_UPDATE_ROWS
			       ? find_relation(apply->catalog, apply->path, action->relation)
			       : NULL;
	const char *sqlstate = target ? wrong_assignment(target, action) : NULL;
	return sqlstate ? sqlstate : wrong_in_query(apply, action->query);
}

const char *apply_rows(Apply *apply)
{
	const Action *action = apply->action;
	if (action->relation.name && action->kind != ACTION_QUERY_ROWS) {
		Relation *target = assume_relation(apply->catalog, apply->path, action->relation, OBJECT_TABLE);
		if (!target)
			return UNDEFINED_TABLE;
		const char *sqlstate = missing_column(apply->catalog, target, &action->columns);
		if (sqlstate)
			return sqlstate;
	}
	const char *sqlstate = missing_in_query(apply, action->query);
	return sqlstate ? sqlstate : wrong_in_rows(apply);
}

/* A foreign key of another table points at it: TRUNCATE needs CASCADE, or that table in its list. */
static bool is_referenced(const Relation *relation)
{
	for (const Depend *need = relation->object.users; need; need = need->next_user)
		if (!need->gone && !need->user->dropped && need->user->kind == OBJECT_CONSTRAINT &&
		    need->user->parent != &relation->object)
			return true;
	return false;
}

/* TRUNCATE, LOCK, ANALYZE, VACUUM: one table. */
const char *apply_maintenance(Apply *apply)
{
	const Action *action = apply->action;
	if (!action->relation.name || action->all)
		return NULL;
	const Relation *relation = assume_relation(apply->catalog, apply->path, action->relation, OBJECT_TABLE);
	if (!relation)
		return undefined_relation(apply, action->relation);
	if (action->kind == ACTION_TRUNCATE_TABLE && !is_table(relation) && !relation->object.assumed)
		return WRONG_OBJECT_TYPE;
	bool alone = action->span.start != action->relation_span.start;
	bool refused = action->kind == ACTION_TRUNCATE_TABLE && alone && !action->cascade && is_referenced(relation);
	return refused ? FEATURE_NOT_SUPPORTED : NULL;
}

/* GRANT and REVOKE: roles are the cluster's and may always exist. */
const char *apply_privileges(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	if (!action->relation.name)
		return NULL;
	if (!action->all && (action->object_kind == OBJECT_TABLE || action->object_kind == OBJECT_SEQUENCE))
		return apply_maintenance(apply);
	if (may_assume(catalog) || has_strangers(catalog))
		return NULL;
	if (action->all || action->object_kind == OBJECT_SCHEMA)
		return find_schema(catalog, action->relation.name) ? NULL : UNDEFINED_SCHEMA;
	if (name_class(action->object_kind) != CLASS_ROUTINE || catalog->extensions)
		return NULL;
	bool several = false;
	return find_function(catalog, apply->path, action->relation, action->function, &several) ? NULL
												 : UNDEFINED_FUNCTION;
}

bool is_index_elsewhere(const Catalog *catalog, const Relation *relation, const char *name)
{
	const Relation *other =
	    (const Relation *)find_in_schema(catalog, CLASS_RELATION, relation->object.schema, name);
	return other && other->table != relation;
}

const char *mark_cluster(Catalog *catalog, Relation *relation, const char *name)
{
	bool found = !name || parts_unknown(catalog, relation);
	if (!found && is_index_elsewhere(catalog, relation, name))
		return WRONG_OBJECT_TYPE;
	for (uint32_t i = 0; i < relation->indexes.count; i++) {
		Relation *index = relation->indexes.items[i];
		bool marked = name && same(index->object.name, name);
		found |= marked;
		CHANGE(catalog, index->clustered, marked);
	}
	return found ? NULL : UNDEFINED_OBJECT;
}

const char *apply_cluster(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = apply_maintenance(apply);
	if (sqlstate || !action->object || !action->relation.name)
		return sqlstate;
	Relation *relation = find_relation(apply->catalog, apply->path, action->relation);
	return relation ? mark_cluster(apply->catalog, relation, action->object) : NULL;
}
