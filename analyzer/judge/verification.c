/*
 * Queries that check a migration, in its head or in the verify script of its tool: put to the catalog as it is when the migration has
 * run, would they run, and do they only read?
 */
#include "judge/inside.h"
#include "judge/metadata.h"
#include "parse/parse.h"

/* A bare name of a query over one table that is no column of it: the catalog itself minds only what PostgreSQL is sure to refuse. */
static bool names_unknown_column(const Catalog *catalog, const Session *session, const Query *query)
{
	if (!query || query->partial || query->uses.count != 1)
		return false;
	const RelationUse *use = &query->uses.items[0];
	const Relation *relation = find_relation(catalog, session_path(session), use->relation);
	if (!relation || relation->object.assumed || relation->columns_unknown)
		return false;
	for (uint32_t i = 0; i < query->columns.count; i++) {
		const char *name = query->columns.items[i];
		if (!find_column(relation, name) && !query_calls_output(query, name) && !same(name, use->alias) &&
		    !same(name, relation->object.name) && !same(name, "ctid") && !same(name, "*"))
			return true;
	}
	return false;
}

/* What changes neither schema nor rows; what changes the session is gone with it. */
static bool only_reads(const Action *action)
{
	switch (action->kind) {
	case ACTION_QUERY_ROWS:
	case ACTION_CALL:
	case ACTION_DO_BLOCK:
	case ACTION_BEGIN:
	case ACTION_COMMIT:
	case ACTION_ROLLBACK:
	case ACTION_SAVEPOINT:
	case ACTION_RELEASE_SAVEPOINT:
	case ACTION_ROLLBACK_TO_SAVEPOINT:
	case ACTION_SET_PARAMETER:
	case ACTION_RESET_PARAMETER:
	case ACTION_OPAQUE: /* nobody can say */
		return true;
	default:
		return false;
	}
}

/* --- In the head ------------------------------------------------------------------------------------------------------------------------ */

/* The SQLSTATE that the catalog refuses the query with; NULL: none. */
static const char *refused(Judge *judge, const Script *script)
{
	Catalog *catalog = judge->replay->catalog;
	const char *sqlstate = NULL;
	CatalogMark mark = catalog_mark(catalog);

	array_each (const Statement, statement, &script->statements)
		for (const Action *action = statement->actions; action && !sqlstate; action = action->next)
			sqlstate = names_unknown_column(catalog, judge->replay->session, action->query)
					   ? "42703"
					   : catalog_apply(catalog, session_path(judge->replay->session), action);
	catalog_undo(catalog, mark);
	return sqlstate;
}

static void check_query(Judge *judge, const MetadataItem *item, BrokenChecks *broken)
{
	const Script *script = sql_parse(judge->arena, judge->replay->script->source->path, item->value);
	if (!script->statements.count)
		return;
	/* A checklist in words is no query. */
	bool is_query = strncasecmp(item->value, "select", 6) == 0 || strncasecmp(item->value, "with", 4) == 0 || !script->unparsed;
	if (!is_query)
		return;
	BrokenCheck check = {.span = item->span};
	array_each (const Statement, statement, &script->statements)
		for (const Action *action = statement->actions; action; action = action->next)
			check.writes = check.writes || !only_reads(action);
	const char *error = script->statements.items[0].error;
	if (script->unparsed)
		check.error = error ? error : "syntax error";
	else if (!check.writes)
		check.sqlstate = refused(judge, script);
	if (check.error || check.writes || check.sqlstate)
		array_push(judge->arena, broken, check);
}

/* --- As a script of the migration's tool -------------------------------------------------------------------------------------------------- */

typedef struct Verifying {
	Judge *judge;
	BrokenChecks *broken;
	const Statement *last; /* that is in the list */
} Verifying;

static void note(Verifying *verifying, const Step *step, BrokenCheck check)
{
	if (verifying->last == step->statement)
		return;
	verifying->last = step->statement;
	check.span = step->called_at ? step->called_at->span : step->action->span.end ? step->action->span : step->statement->span;
	array_push(verifying->judge->arena, verifying->broken, check);
}

static void see_step(void *payload, const Step *step)
{
	const Replay *replay = step->replay;
	if (!only_reads(step->action))
		note(payload, step, (BrokenCheck){.writes = true});
	else if (!step->in_block && names_unknown_column(replay->catalog, replay->session, step->action->query))
		note(payload, step, (BrokenCheck){.sqlstate = "42703"});
}

static void see_failure(void *payload, const Step *step, const char *sqlstate)
{
	if (!step->guarded)
		note(payload, step, (BrokenCheck){.sqlstate = sqlstate});
}

/* What a script writes in a transaction that it rolls back at its end is only tried. */
static bool takes_all_back(const Script *script)
{
	uint32_t count = script->statements.count;
	const Action *last = count ? script->statements.items[count - 1].actions : NULL;
	return last && last->kind == ACTION_ROLLBACK;
}

static void check_script(Judge *judge, BrokenChecks *broken)
{
	Replay *replay = judge->replay;
	Catalog *catalog = replay->catalog;
	const Script *script = replay->script;
	uint32_t ordinal = catalog->migration;
	Verifying verifying = {.judge = judge, .broken = broken};
	CatalogMark mark = catalog_mark(catalog);

	replay->observer = (Observer){.payload = &verifying, .step = see_step, .failed = see_failure};
	replay->want_effects = true; /* without them there are no steps to see */
	replay_script(replay, replay->migration, script);
	replay->observer = (Observer){0};
	replay->want_effects = false;
	catalog_undo(catalog, mark);
	catalog->migration = ordinal;
	if (!takes_all_back(script))
		return;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < broken->count; i++)
		if (!broken->items[i].writes)
			broken->items[kept++] = broken->items[i];
	broken->count = kept;
}

BrokenChecks broken_checks(const Context *context)
{
	Judge *judge = context->judge;
	BrokenChecks broken = {0};
	Metadata metadata = {0};

	if (context->script->direction == DIRECTION_VERIFY) {
		check_script(judge, &broken);
		return broken;
	}
	metadata_read(judge->arena, context->script, context->history->config, &metadata);
	array_each (const MetadataItem, item, &metadata)
		if (same(item->key, "verify"))
			check_query(judge, item, &broken);
	return broken;
}
