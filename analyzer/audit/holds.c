/* For how long each lock of a migration is held: from the statement that takes it to the end of its transaction. */
#include "audit/audit.h"

/* The last statement of the transaction that a statement runs in; itself when it runs alone. Statements count from 1. */
static uint32_t transaction_end(const AuditMigration *migration, uint32_t statement)
{
	uint32_t transaction = migration->statements.items[statement - 1].transaction;
	while (transaction && statement < migration->statements.count && migration->statements.items[statement].transaction == transaction)
		statement++;
	return statement;
}

static void add_hold(Arena *arena, AuditMigration *migration, Map *newest, const LockFact *lock, uint32_t statement, uint32_t end)
{
	size_t length = strlen(lock->relation);
	uintptr_t place = (uintptr_t)map_get(newest, lock->relation, length); /* from 1 */
	AuditHold *held = place ? &migration->holds.items[place - 1] : NULL;
	if (held && held->to < statement)
		held = NULL;
	if (held && held->mode >= lock->mode)
		return;
	if (held && held->from == statement) {
		held->mode = lock->mode;
		return;
	}
	if (held)
		held->to = statement - 1;
	AuditHold hold = {.relation = lock->relation, .mode = lock->mode, .from = statement, .to = end};
	hold.to_commit = migration->statements.items[statement - 1].transaction != 0;
	array_push(arena, &migration->holds, hold);
	map_set(arena, newest, lock->relation, length, (void *)(uintptr_t)migration->holds.count);
}

static void add_work(Arena *arena, AuditMigration *migration, const Map *newest, const Names *relations, uint32_t statement, bool rewrites)
{
	for (uint32_t i = 0; i < relations->count; i++) {
		const char *relation = relations->items[i];
		uintptr_t place = (uintptr_t)map_get(newest, relation, strlen(relation));
		AuditHold *hold = place ? &migration->holds.items[place - 1] : NULL;
		if (!hold || hold->to < statement)
			continue;
		uint32_t count = hold->work.count;
		if (!count || hold->work.items[count - 1].statement != statement)
			array_push(arena, &hold->work, (struct AuditWork){statement, rewrites});
	}
}

void audit_holds(Arena *arena, AuditMigration *migration)
{
	Map newest = {0}; /* relation -> place of its last hold */
	uint32_t number = 0, end = 0;
	array_each (const AuditStatement, statement, &migration->statements) {
		number++;
		if (number > end)
			end = transaction_end(migration, number);
		array_each (const LockFact, lock, &statement->locks)
			add_hold(arena, migration, &newest, lock, number, end);
		/* A rewrite reads everything, too: it is the one that counts. */
		add_work(arena, migration, &newest, &statement->rewrites, number, true);
		add_work(arena, migration, &newest, &statement->scans, number, false);
	}
}
