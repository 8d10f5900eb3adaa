#ifndef DDLINT_AUDIT_H
#define DDLINT_AUDIT_H
/*
 * What a reviewer wants to know of one migration: what it does, how risky it is, what its rollback and a second run really do.
 * Collected while a history is replayed; lives in the arena given, statements and scripts are the migration's.
 */
#include "commands/facts.h"
#include "judge/finding.h"
#include "judge/phase.h"
#include "replay/proof.h"

/* One lock of a migration, and its statements that take it, counted from 1. */
typedef struct AuditLock {
	const char *relation;
	LockMode mode;
	ARRAY(uint32_t) statements;
} AuditLock;

typedef struct MigrationAudit {
	const Migration *migration;
	FactsList facts; /* of the up script */
	ARRAY(AuditLock) locks;
	bool in_transaction; /* the tool wraps it */
	Risk risk;
	Phase phase;
	bool partial;
	Names because;
	RollbackProof rollback;
	RepeatProof repeat;
	ResumeProof resume;
	const char *chain; /* what the downs from head back to this one come to; NULL: the tool does not pair by group */
} MigrationAudit;

typedef struct HistoryAudit {
	const History *history;
	int version;
	ARRAY(MigrationAudit) migrations;
	uint32_t statements, opaque, unparsed, set_aside;
} HistoryAudit;

/* Replays a history that was read. */
void audit_history(Arena *arena, const History *history, int version, HistoryAudit *audit);
/*
 * The commit that all histories' folders stand on, and whether a migration's file differs from it (bytes, as git keeps them).
 * NULL: there is none, or git cannot be asked. Called before the histories are freed.
 */
const char *audit_commit(Arena *arena, const Discovery *discovery, bool *dirty);
#endif
