/* A name that nothing answers to, in a history that starts from nothing. */
#include "catalog/sqlstate.h"
#include "judge/rule.h"

/* Schemas are left out: who sets the server up often makes them. */
static const char *what_is_missing(const char *sqlstate)
{
	static const char *const words[][2] = {
	    {UNDEFINED_TABLE, "relation"},    {UNDEFINED_COLUMN, "column"}, {UNDEFINED_OBJECT, "object"},
	    {UNDEFINED_FUNCTION, "function"},
	};

	for (size_t i = 0; i < LENGTH(words); i++)
		if (same(sqlstate, words[i][0]))
			return words[i][1];
	return NULL;
}

/* What a migration tool makes for itself before the first migration. */
static bool is_bookkeeping(const char *name)
{
	static const char *const tables[] = {
	    "schema_migrations", "schema_migration",	 "goose_db_version",	  "flyway_schema_history",
	    "alembic_version",	 "databasechangelog",	 "databasechangeloglock", "django_migrations",
	    "pgmigrations",	 "gorp_migrations",	 "schema_version",	  "schemaversion",
	    "migrations",	 "ar_internal_metadata",
	};

	for (size_t i = 0; name && i < LENGTH(tables); i++)
		if (same_nocase(name, tables[i]))
			return true;
	return name &&
	       *name == '_'; /* _prisma_migrations, __diesel_schema_migrations, _sqlx_migrations, _yoyo_migration */
}

/* A schema that the history made, or the one that is always there: others may be the platform's, as auth and storage
 * are. */
static bool is_own_schema(const Context *context, const char *schema)
{
	if (!schema || same(schema, "public"))
		return true;
	array_each (Object *, object, &context->catalog->objects)
		if ((*object)->kind == OBJECT_SCHEMA && same((*object)->name, schema) && (*object)->made_in)
			return true;
	return false;
}

/* Not the database's own, or made by whoever set the server up. */
static bool is_set_up_elsewhere(ObjectKind kind)
{
	return kind == OBJECT_EXTENSION || kind == OBJECT_ROLE || kind == OBJECT_DATABASE ||
	       kind == OBJECT_TABLESPACE || kind == OBJECT_LANGUAGE || kind == OBJECT_FOREIGN_SERVER ||
	       kind == OBJECT_FOREIGN_DATA_WRAPPER;
}

static bool is_certain(const Context *context, const Action *action, const char *sqlstate)
{
	bool rows = action->kind >= ACTION_INSERT_ROWS && action->kind <= ACTION_QUERY_ROWS;

	if (is_set_up_elsewhere(action->object_kind) || (rows && !same(sqlstate, UNDEFINED_TABLE) && !same(sqlstate, UNDEFINED_COLUMN)))
		return false;
	if (rows && same(sqlstate, UNDEFINED_COLUMN) && context->statement && context->statement->templated)
		return false;
	return !context->catalog->extensions || same(sqlstate, UNDEFINED_TABLE) || same(sqlstate, UNDEFINED_COLUMN);
}

static bool is_there(const Context *context, Name name)
{
	return !name.name || relation_named(context, name);
}

/* The relation among those that the action names that is not there; {0}: all are. */
static Name missing_relation(const Context *context, const Action *action)
{
	if (!is_there(context, action->relation))
		return action->relation;
	if (action->constraint && !is_there(context, action->constraint->references))
		return action->constraint->references;
	for (uint32_t i = 0; action->query && i < action->query->uses.count; i++)
		if (!is_there(context, action->query->uses.items[i].relation))
			return action->query->uses.items[i].relation;
	for (uint32_t i = 0; action->table && i < action->table->inherits.count; i++)
		if (!is_there(context, action->table->inherits.items[i]))
			return action->table->inherits.items[i];
	for (uint32_t i = 0; action->table && i < action->table->likes.count; i++)
		if (!is_there(context, action->table->likes.items[i].relation))
			return action->table->likes.items[i].relation;
	return action->table && action->table->partition_of.name ? action->table->partition_of : action->other;
}

static const char *nearest_relation(const Context *context, const char *name)
{
	ARRAY(const char *) names = {0};

	array_each (Object *, object, &context->catalog->objects)
		if (!(*object)->dropped && !(*object)->assumed && (*object)->kind >= OBJECT_TABLE &&
		    (*object)->kind <= OBJECT_SEQUENCE)
			array_push(context->arena, &names, (*object)->name);
	return names.count ? nearest(name, names.items, names.count) : NULL;
}

static bool has_column(const Context *context, Name table, const char *column)
{
	const Relation *relation = relation_named(context, table);
	return !relation || find_column(relation, column);
}

/* Which column of a statement that reads or writes rows nobody has: of the target's list, of a table, of all. */
static const char *missing_column(const Context *context, const Action *action, Name *table)
{
	const Query *query = action->query;

	*table = action->relation;
	for (uint32_t i = 0; i < action->columns.count; i++)
		if (!has_column(context, action->relation, action->columns.items[i]))
			return action->columns.items[i];
	for (uint32_t i = 0; query && i < query->columns.count; i++) {
		bool found = same(query->columns.items[i], "*");
		array_each (const RelationUse, use, &query->uses)
			found = found || has_column(context, use->relation, query->columns.items[i]);
		*table = query->uses.count == 1 ? query->uses.items[0].relation : (Name){0};
		if (!found)
			return query->columns.items[i];
	}
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		*table = use->relation;
		for (uint32_t j = 0; j < use->columns.count; j++)
			if (!same(use->columns.items[j], "*") && !has_column(context, use->relation, use->columns.items[j]))
				return use->columns.items[j];
	}
	return NULL;
}

/* The migration that dropped it, when it was there once. */
static bool was_dropped(const Context *context, Name name)
{
	array_each (Object *, object, &context->catalog->objects)
		if ((*object)->dropped && same((*object)->name, name.name) &&
		    (!name.schema || same((*object)->schema, name.schema)))
			return true;
	return false;
}

/* ALTER TYPE, ALTER DOMAIN: of a type that nothing made; the label, attribute or constraint is not what is missing. */
static bool lacks_type(const Context *context, const Action *action)
{
	return action->kind > ACTION_DROP_TYPE && action->kind <= ACTION_SET_DOMAIN_DEFAULT &&
	       !find_type(context->catalog, session_path(context->session), action->relation);
}

FAILURE_RULE(unknown_object,
	.severity = SEVERITY_ERROR, .category = HISTORY,
	.summary  = "the statement names something that does not exist",
	.why      = "The history starts from nothing, and no migration before this one makes what the "
		    "statement names: it fails.",
	.instead  = "Correct the name; where the schema is made elsewhere too, tell ddlint: start-schema in "
		    ".ddlint.yml.",
	.manual   = "errcodes-appendix.html",
	.since    = "0.1.0")
{
	const Catalog *catalog = context->catalog;
	const char *what = what_is_missing(sqlstate);
	if (!what || !catalog->closed || catalog->partial || !is_certain(context, action, sqlstate))
		return;

	Name name = missing_relation(context, action);
	if (!same(sqlstate, UNDEFINED_TABLE))
		name = action->relation;
	if (is_bookkeeping(name.name) || !is_own_schema(context, name.schema))
		return;
	const char *shown = quoted_name(context->arena, name), *near = NULL;
	Name table;
	const char *column = action->query && same(sqlstate, UNDEFINED_COLUMN) ? missing_column(context, action, &table) : NULL;
	Finding *finding;
	if (same(sqlstate, UNDEFINED_TABLE) && name.name) {
		finding = report(context, action->span, "there is no relation %s", shown);
		near = nearest_relation(context, name.name);
	} else if (column) {
		finding = table.name ? report(context, action->span, "%s has no column %s", quoted_name(context->arena, table),
					      sql_identifier(context, column))
				     : report(context, action->span, "no relation of the statement has a column %s",
					      sql_identifier(context, column));
	} else if (lacks_type(context, action)) {
		finding = report(context, action->span, "there is no type %s", shown);
	} else if (action->object && (same(sqlstate, UNDEFINED_COLUMN) || same(sqlstate, UNDEFINED_OBJECT))) {
		finding = report(context, action->span, "%s has no %s %s", shown,
				 action->kind == ACTION_DROP_CONSTRAINT || action->kind == ACTION_DROP_DOMAIN_CONSTRAINT ? "constraint" : what,
				 sql_identifier(context, action->object));
	} else {
		finding = report(context, action->span, "%s %s that the statement names does not exist",
				 *what == 'o' ? "an" : "a", what);
	}
	if (near)
		detail(finding, context, "No migration before this one makes it; did you mean %s?", near);
	else if (name.name && was_dropped(context, name) && same(sqlstate, UNDEFINED_TABLE))
		detail(finding, context, "An earlier migration drops it.");
}
