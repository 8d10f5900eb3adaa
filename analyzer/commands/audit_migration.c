/* What the audit says of each migration: collected while its history is replayed. */
#include "commands/audit.h"

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

static Risk risk_of_facts(const MigrationAudit *audit)
{
	RiskTally tally = {0};
	array_each (const StatementFacts, facts, &audit->facts) {
		bool blocks = false;
		array_each (const LockFact, lock, &facts->locks)
			blocks = blocks || blocks_writes(lock->mode);
		risk_add(&tally, facts->destroys.count > 0, blocks, facts->rewrites.count || facts->scans.count || facts->builds.count,
			 facts->writes);
		tally.unknown = tally.unknown || facts->opaque;
	}
	return risk_of(&tally);
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
	audit->risk = risk_of_facts(audit);
	audit->phase = phase_of(script_phases(up));
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
		migration->chain = !chain ? NULL : chain_link(chain, migration->migration)->reverses ? "reverses" : "incomplete";
	replay_free(replay);
	arena_free(&scratch);
}
