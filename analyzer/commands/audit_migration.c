/* What the audit says of each migration: collected while its history is replayed. */
#include "commands/audit.h"

const char *phase_word(Phase phase)
{
	static const char *const words[] = {"none", "expand", "migrate", "contract", "mixed", "unknown"};
	return words[phase];
}

const char *risk_word(Risk risk)
{
	static const char *const words[] = {"safe", "controlled", "high", "unknown"};
	return words[risk];
}

/* --- Phases ------------------------------------------------------------------------------------------------------------------ */

typedef struct PhaseSearch {
	const Script *script;
	bool expands, migrates, contracts, unknown;
} PhaseSearch;

typedef struct MadeSearch {
	Name name;
	bool found;
} MadeSearch;

static bool look_for_making(const Action *action, void *payload)
{
	MadeSearch *search = payload;
	bool makes = action->kind == ACTION_CREATE_TABLE || action->kind == ACTION_CREATE_TABLE_AS;
	search->found = makes && same(action->relation.name, search->name.name) && same(action->relation.schema, search->name.schema);
	return !search->found;
}

/* Nobody uses yet what the script itself makes. */
static bool made_here(const Script *script, Name name)
{
	MadeSearch search = {.name = name};
	for (uint32_t i = 0; i < script->statements.count && !search.found; i++)
		action_walk(script->statements.items[i].actions, look_for_making, &search);
	return search.found;
}

/* Expand: running code does not notice. Contract: what it relies on goes, is renamed, or takes less than before. */
static bool add_phase(const Action *action, void *payload)
{
	PhaseSearch *search = payload;
	switch (action->kind) {
	case ACTION_CREATE_TABLE:
	case ACTION_CREATE_TABLE_AS:
	case ACTION_CREATE_FOREIGN_TABLE:
	case ACTION_CREATE_INDEX:
	case ACTION_CREATE_VIEW:
	case ACTION_CREATE_MATERIALIZED_VIEW:
	case ACTION_CREATE_TYPE:
	case ACTION_CREATE_DOMAIN:
	case ACTION_CREATE_SEQUENCE:
	case ACTION_CREATE_SCHEMA:
	case ACTION_CREATE_FUNCTION:
	case ACTION_CREATE_TRIGGER:
	case ACTION_CREATE_EXTENSION:
	case ACTION_CREATE_OBJECT:
	case ACTION_ADD_ENUM_LABEL:
	case ACTION_ADD_ATTRIBUTE:
	case ACTION_ATTACH_PARTITION:
	case ACTION_SET_DEFAULT:
	case ACTION_DROP_NOT_NULL:
	case ACTION_DROP_CONSTRAINT:
		search->expands = true;
		break;
	case ACTION_ADD_COLUMN:
		if (action->in_create || !action->column_def->not_null || action->column_def->default_expr ||
		    made_here(search->script, action->relation))
			search->expands = true;
		else
			search->contracts = true;
		break;
	case ACTION_ADD_CONSTRAINT:
		if (action->in_create || made_here(search->script, action->relation))
			search->expands = true;
		else
			search->contracts = true;
		break;
	case ACTION_SET_NOT_NULL:
	case ACTION_ALTER_COLUMN_TYPE:
		search->contracts = search->contracts || !made_here(search->script, action->relation);
		break;
	case ACTION_DROP_TABLE:
	case ACTION_DROP_COLUMN:
	case ACTION_DROP_INDEX:
	case ACTION_DROP_VIEW:
	case ACTION_DROP_MATERIALIZED_VIEW:
	case ACTION_DROP_TYPE:
	case ACTION_DROP_SEQUENCE:
	case ACTION_DROP_SCHEMA:
	case ACTION_DROP_FUNCTION:
	case ACTION_DROP_TRIGGER:
	case ACTION_DROP_EXTENSION:
	case ACTION_DROP_OBJECT:
	case ACTION_DROP_DEFAULT:
	case ACTION_DROP_ATTRIBUTE:
	case ACTION_DETACH_PARTITION:
	case ACTION_RENAME_TABLE:
	case ACTION_RENAME_COLUMN:
	case ACTION_RENAME_ENUM_LABEL:
	case ACTION_RENAME_OBJECT:
	case ACTION_SET_SCHEMA:
		search->contracts = true;
		break;
	case ACTION_INSERT_ROWS:
	case ACTION_UPDATE_ROWS:
	case ACTION_DELETE_ROWS:
	case ACTION_MERGE_ROWS:
	case ACTION_TRUNCATE_TABLE:
		search->migrates = true;
		break;
	case ACTION_COPY_ROWS:
		search->migrates = search->migrates || action->copy_from;
		break;
	case ACTION_OPAQUE:
		search->unknown = true;
		break;
	default:
		break;
	}
	return true;
}

static Phase phase_of(const Script *script)
{
	PhaseSearch search = {.script = script};
	array_each (const Statement, statement, &script->statements) {
		search.unknown = search.unknown || statement->state == STATEMENT_UNPARSED;
		action_walk(statement->actions, add_phase, &search);
	}
	if (search.unknown)
		return PHASE_UNKNOWN;
	if (search.expands + search.migrates + search.contracts > 1)
		return PHASE_MIXED;
	return search.expands ? PHASE_EXPAND : search.migrates ? PHASE_MIGRATE : search.contracts ? PHASE_CONTRACT : PHASE_NONE;
}

/* --- Locks and risk --------------------------------------------------------------------------------------------------------------- */

static void add_lock(Arena *arena, MigrationAudit *audit, const LockFact *fact, uint32_t statement)
{
	AuditLock *known = NULL;
	array_each (AuditLock, lock, &audit->locks)
		if (lock->mode == fact->mode && same(lock->relation, fact->relation))
			known = lock;
	if (!known) {
		array_push(arena, &audit->locks, (AuditLock){.relation = fact->relation, .mode = fact->mode});
		known = &audit->locks.items[audit->locks.count - 1];
	}
	array_push(arena, &known->statements, statement);
}

/*
 * High: something that existed is lost, or is rewritten, read or indexed while others wait for it. Controlled: others wait for a
 * moment, or rows change. Safe is only what is known to do neither.
 */
static Risk risk_of(const MigrationAudit *audit)
{
	Risk risk = RISK_SAFE;
	bool unknown = false;
	array_each (const StatementFacts, facts, &audit->facts) {
		bool blocks = false;
		array_each (const LockFact, lock, &facts->locks)
			blocks = blocks || blocks_writes(lock->mode);
		bool works = facts->rewrites.count || facts->scans.count || facts->builds.count;
		unknown = unknown || facts->opaque;
		if (facts->destroys.count || (blocks && works))
			risk = RISK_HIGH;
		else if (risk == RISK_SAFE && (blocks || facts->writes))
			risk = RISK_CONTROLLED;
	}
	return unknown && risk != RISK_HIGH ? RISK_UNKNOWN : risk;
}

static void add_reason(Arena *arena, Names *because, const char *reason)
{
	for (uint32_t i = 0; i < because->count; i++)
		if (same(because->items[i], reason))
			return;
	array_push(arena, because, reason);
}

static void summarize(Arena *arena, MigrationAudit *audit)
{
	const Script *up = audit->migration->up;
	uint32_t number = 0;
	array_each (const StatementFacts, facts, &audit->facts) {
		number++;
		array_each (const LockFact, lock, &facts->locks)
			add_lock(arena, audit, lock, number);
		audit->partial = audit->partial || facts->partial;
		for (uint32_t i = 0; i < facts->because.count; i++)
			add_reason(arena, &audit->because, facts->because.items[i]);
		if (facts->opaque && !facts->because.count)
			add_reason(arena, &audit->because, "something runs that could not be read");
	}
	audit->in_transaction = script_wrapping(audit->migration->history, up) != TRANSACTION_NONE;
	audit->risk = risk_of(audit);
	audit->phase = phase_of(up);
}

/* --- Histories ----------------------------------------------------------------------------------------------------------------------- */

static void count(HistoryAudit *audit, const MigrationAudit *migration)
{
	array_each (const StatementFacts, facts, &migration->facts) {
		audit->statements++;
		if (facts->statement->state == STATEMENT_UNPARSED)
			audit->unparsed++;
		else if (facts->statement->state == STATEMENT_SET_ASIDE)
			audit->set_aside++;
		else
			audit->opaque += facts->opaque;
	}
}

static void audit_migration(Arena *arena, Replay *replay, Chain *chain, const Migration *migration, HistoryAudit *history)
{
	MigrationAudit audit = {.migration = migration};
	if (chain)
		chain_add(chain, replay, migration);
	audit.resume = prove_resume(replay, migration, migration->up);
	CatalogMark before = catalog_mark(replay->catalog);
	collect_script_facts(arena, replay, migration, migration->up, &audit.facts);
	audit.repeat = prove_repeat(replay, migration, migration->up);
	audit.rollback = prove_rollback(arena, replay, migration, before);
	catalog_keep(replay->catalog, before);
	summarize(arena, &audit);
	count(history, &audit);
	array_push(arena, &history->migrations, audit);
}

void audit_history(Arena *arena, const History *history, int version, HistoryAudit *audit)
{
	Arena scratch = {0};
	Replay *replay = replay_new(&scratch, history, version);
	*audit = (HistoryAudit){.history = history, .version = version};
	bool by_group = history->migrations.count && history->migrations.items[0]->by_group;
	Chain *chain = by_group ? chain_new(arena) : NULL;
	array_each (Migration *const, item, &history->migrations) {
		const Migration *migration = *item;
		if (!migration->up || !changes_schema(migration->up->direction))
			continue;
		if (migration->target)
			audit_migration(arena, replay, chain, migration, audit);
		else
			replay_script(replay, migration, migration->up);
	}
	if (chain)
		prove_chain(chain, replay);
	array_each (MigrationAudit, migration, &audit->migrations)
		migration->chain = !chain ? NULL : chain_reverses(chain, migration->migration) ? "reverses" : "incomplete";
	replay_free(replay);
	arena_free(&scratch);
}
