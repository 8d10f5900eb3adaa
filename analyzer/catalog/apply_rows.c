/*
 * Queries, DML, privileges and maintenance change nothing here (CLUSTER and REINDEX mark indexes), but they fail when
 * what they name is missing: that is what decides whether a migration can be run twice.
 */
#include "catalog/inside.h"

/* ctid, xmin …, "*" and the row as a whole are always there. */
static bool names_no_column(const Relation *relation, const char *name)
{
	static const char *const always[] = {"*", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
	for (size_t i = 0; i < LENGTH(always); i++)
		if (same(name, always[i]))
			return true;
	return same(name, relation->object.name);
}

/* The columns are the relation's for certain; query: what they stand in, where its results' names may be meant. */
static const char *missing_column(Catalog *catalog, Relation *relation, const Names *names, const Query *query)
{
	if (!has_row_type(relation) || parts_unknown(catalog, relation))
		return NULL;
	for (uint32_t i = 0; i < names->count; i++)
		if (!find_column(relation, names->items[i]) && !names_no_column(relation, names->items[i]) &&
		    !(query && query_calls_output(query, names->items[i])))
			return UNDEFINED_COLUMN;
	return NULL;
}

/* A writing WITH query comes before its statement, in the same list; it may read another one's rows by a bare name. */
static bool may_read_with_query(const Action *action)
{
	const Action *next = action->next;
	return next &&
	       (next->kind == ACTION_INSERT_ROWS || next->kind == ACTION_UPDATE_ROWS ||
		next->kind == ACTION_DELETE_ROWS || next->kind == ACTION_MERGE_ROWS || next->kind == ACTION_QUERY_ROWS);
}

/* One table is read, and nothing else stands in FROM: its columns are all that bare names can mean. */
static bool reads_one_table(const Query *query)
{
	return query->uses.count == 1 && !query->partial && query->uses.items[0].all_rows &&
	       query->uses.items[0].mode == USE_READ;
}

const char *missing_in_query(Apply *apply, const Query *query)
{
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		Relation *relation = assume_relation(apply->catalog, apply->path, use->relation, OBJECT_TABLE);
		if (!relation && (use->relation.schema || !may_read_with_query(apply->action)))
			return UNDEFINED_TABLE;
		/* With several relations an alias may be another query's, inside. */
		const char *sqlstate =
		    relation && query->uses.count == 1 ? missing_column(apply->catalog, relation, &use->columns, NULL) : NULL;
		if (!sqlstate && relation && reads_one_table(query) && !apply->catalog->in_block)
			sqlstate = missing_column(apply->catalog, relation, &query->columns, query);
		if (sqlstate)
			return sqlstate;
	}
	bool several;
	for (uint32_t i = 0; query && i < query->functions.count; i++)
		if (!find_function(apply->catalog, apply->path, query->functions.items[i], NULL, &several) &&
		    known_gone(apply->catalog, apply->path, CLASS_ROUTINE, query->functions.items[i]))
			return UNDEFINED_FUNCTION;
	return NULL;
}

/* Something in FROM that gives columns of its own: jsonb_each(…), unnest(…). */
static bool calls_for_rows(const Query *query)
{
	static const char *const parts[] = {"_each", "unnest", "_elements", "_to_record", "_populate_record", "_object_keys",
					    "generate_", "regexp_", "_to_table", "crosstab", "ts_stat"};
	array_each (const Expr *const, call, &query->calls)
		for (size_t i = 0; i < LENGTH(parts); i++)
			if ((*call)->name.name && strstr((*call)->name.name, parts[i]))
				return true;
	return query->functions.count > query->calls.count;
}

/* UPDATE and DELETE of one table: bare names are its columns, if nothing else could give them, as a block's variables
 * could. */
static const char *missing_bare_column(Apply *apply, const Query *query)
{
	if (apply->catalog->in_block || calls_for_rows(query))
		return NULL;
	if (query->uses.count != 1 || query->partial ||
	    (query->uses.items[0].mode != USE_UPDATE && query->uses.items[0].mode != USE_DELETE))
		return NULL;
	const RelationUse *use = &query->uses.items[0];
	Relation *relation = find_relation(apply->catalog, apply->path, use->relation);
	for (uint32_t i = 0; i < query->columns.count; i++)
		if (same(query->columns.items[i], use->alias))
			return NULL;
	return relation && is_table(relation) ? missing_column(apply->catalog, relation, &query->columns, query) : NULL;
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
		const char *sqlstate = missing_column(apply->catalog, target, &action->columns, NULL);
		if (sqlstate)
			return sqlstate;
	}
	const char *sqlstate = missing_in_query(apply, action->query);
	if (!sqlstate && action->query)
		sqlstate = missing_bare_column(apply, action->query);
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
