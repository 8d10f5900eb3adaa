/* The query that is to check a migration cannot run. */
#include "judge/metadata.h"
#include "judge/rule.h"
#include "parse/parse.h"

static bool only_reads(const Script *script)
{
	array_each (const Statement, statement, &script->statements)
		for (const Action *action = statement->actions; action; action = action->next)
			if (action->kind != ACTION_QUERY_ROWS && action->kind != ACTION_CALL)
				return false;
	return true;
}

static bool is_listed(const Names *names, const char *name)
{
	for (uint32_t i = 0; i < names->count; i++)
		if (same(names->items[i], name))
			return true;
	return false;
}

/* A bare name of a query over one table that is no column of it: the catalog itself minds only what PostgreSQL is sure to refuse. */
static const char *unknown_column(const Context *context, const Query *query)
{
	if (!query || query->partial || query->uses.count != 1)
		return NULL;
	const RelationUse *use = &query->uses.items[0];
	const Relation *relation = relation_named(context, use->relation);
	if (!relation || relation->object.assumed || relation->columns_unknown)
		return NULL;
	for (uint32_t i = 0; i < query->columns.count; i++) {
		const char *name = query->columns.items[i];
		if (!find_column(relation, name) && !is_listed(&query->outputs, name) && !same(name, use->alias) &&
		    !same(name, relation->object.name) && !same(name, "ctid") && !same(name, "*"))
			return name;
	}
	return NULL;
}

/* The SQLSTATE that the catalog refuses the query with; NULL: none. */
static const char *refused(Context *context, const Script *script)
{
	Catalog *catalog = context->replay->catalog;
	const char *sqlstate = NULL;
	CatalogMark mark = catalog_mark(catalog);

	array_each (const Statement, statement, &script->statements)
		for (const Action *action = statement->actions; action && !sqlstate; action = action->next)
			sqlstate = unknown_column(context, action->query)
					   ? "42703"
					   : catalog_apply(catalog, session_path(context->session), action);
	catalog_undo(catalog, mark);
	return sqlstate;
}

MIGRATION_RULE(verification_broken,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "the query that checks the migration cannot run",
	.why      = "Nobody runs it before the migration is in production, and there it fails or changes rows instead of telling whether "
		    "all is well.",
	.instead  = "A SELECT over what is there when the migration has run.",
	.manual   = "sql-select.html",
	.since    = "0.1.0")
{
	Metadata metadata = {0};
	metadata_read(context->arena, context->script, context->history->config, &metadata);
	array_each (const MetadataItem, item, &metadata) {
		if (!same(item->key, "verify"))
			continue;
		const Script *script = sql_parse(context->arena, context->script->source->path, item->value);
		if (!script->statements.count)
			continue;
		/* A checklist in words is no query. */
		bool is_query = strncasecmp(item->value, "select", 6) == 0 || strncasecmp(item->value, "with", 4) == 0 || !script->unparsed;
		const char *error = script->unparsed ? script->statements.items[0].error : NULL;
		if (!is_query)
			continue;
		if (script->unparsed) {
			report(context, item->span, "the query that checks this cannot be parsed: %s", error ? error : "syntax error");
		} else if (!only_reads(script)) {
			report(context, item->span, "what is to check this does more than read");
		} else {
			const char *sqlstate = refused(context, script);
			if (sqlstate)
				report(context, item->span, "the query that checks this fails when it has run: %s (SQLSTATE %s)",
				       sqlstate_words(sqlstate), sqlstate);
		}
	}
}
