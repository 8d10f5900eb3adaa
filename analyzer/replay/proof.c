/*
 * Proofs by replaying: what a second run of a migration or a statement would do. Everything is put back afterwards.
 */
#include "replay/replay.h"

/* What a proof changes of the replay itself; the catalog goes back by its mark. */
typedef struct Saved {
	Replay replay;
	CatalogMark mark;
} Saved;

static Saved start_proof(Replay *replay)
{
	Saved saved = {*replay, catalog_mark(replay->catalog)};
	replay->observer = (Observer){0};
	replay->want_effects = true;
	replay->stop_at_failure = true;
	replay->savepoints = (__typeof__(replay->savepoints)){0};
	return saved;
}

static void end_proof(Replay *replay, const Saved *saved)
{
	catalog_undo(replay->catalog, saved->mark);
	/* The arenas have moved on: only what the proof may have overwritten goes back. */
	replay->observer = saved->replay.observer;
	replay->want_effects = saved->replay.want_effects;
	replay->stop_at_failure = saved->replay.stop_at_failure;
	replay->savepoints = saved->replay.savepoints;
	replay->migration = saved->replay.migration;
	replay->script = saved->replay.script;
	replay->failed_statement = saved->replay.failed_statement;
	replay->failed_action = saved->replay.failed_action;
	replay->sqlstate = saved->replay.sqlstate;
	replay->changing_statement = saved->replay.changing_statement;
	replay->changing_action = saved->replay.changing_action;
	replay->unknown = saved->replay.unknown;
}

RepeatProof prove_repeat(Replay *replay, const Migration *migration, const Script *script)
{
	RepeatProof proof = {.verdict = REPEAT_OK};
	uint32_t migration_ordinal = replay->catalog->migration, statement_ordinal = replay->catalog->statement;
	Saved saved = start_proof(replay);
	replay_script(replay, migration, script);
	if (replay->failed_statement) {
		proof = (RepeatProof){REPEAT_FAILS, replay->failed_statement, replay->failed_action, replay->sqlstate};
	} else if (replay->unknown) {
		proof.verdict = REPEAT_UNKNOWN;
	} else if (replay->changing_statement) {
		proof = (RepeatProof){REPEAT_CHANGES, replay->changing_statement, replay->changing_action, NULL};
	}
	end_proof(replay, &saved);
	replay->catalog->migration = migration_ordinal;
	replay->catalog->statement = statement_ordinal;
	return proof;
}

static bool controls_transaction(const Statement *statement)
{
	for (const Action *action = statement->actions; action; action = action->next)
		if (action->kind >= ACTION_BEGIN && action->kind <= ACTION_PREPARE_TRANSACTION)
			return true;
	return false;
}

const char *prove_statement_repeat(Replay *replay, const Statement *statement, bool *changes)
{
	*changes = false;
	if (statement->state != STATEMENT_PARSED)
		return NULL;
	if (controls_transaction(statement))
		return "ok";
	uint32_t statement_ordinal = replay->catalog->statement;
	Saved saved = start_proof(replay);
	replay->failed_statement = replay->changing_statement = NULL;
	replay->unknown = false;
	const char *answer = "ok";
	if (!replay_statement(replay, statement))
		answer = replay->sqlstate;
	else if (replay->unknown)
		answer = NULL;
	*changes = answer && replay->changing_statement;
	end_proof(replay, &saved);
	replay->catalog->statement = statement_ordinal;
	return answer;
}
