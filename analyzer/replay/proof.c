/* What the proofs share: a replay that is put back, and their words. */
#include "replay/proof.h"

ProofState proof_start(Replay *replay)
{
	ProofState saved = {*replay, catalog_mark(replay->catalog), replay->catalog->migration, replay->catalog->statement};
	replay->observer = (Observer){0};
	replay->want_effects = true;
	replay->stop_at_failure = true;
	replay->savepoints = (__typeof__(replay->savepoints)){0};
	return saved;
}

void proof_trusts(Replay *replay)
{
	Catalog *catalog = replay->catalog;
	if (!replay->opaque)
		CHANGE(catalog, catalog->tables_known, true);
}

void proof_repeats(Replay *replay, uint32_t statements)
{
	replay->ran_before = statements;
	replay->objects_before = replay->catalog->objects.count;
}

void proof_end(Replay *replay, const ProofState *saved)
{
	catalog_undo(replay->catalog, saved->mark);
	replay->catalog->migration = saved->migration;
	replay->catalog->statement = saved->statement;
	/* The arenas have moved on: only what the proof may have overwritten goes back. */
	replay->observer = saved->replay.observer;
	replay->want_effects = saved->replay.want_effects;
	replay->ran_before = saved->replay.ran_before;
	replay->again = saved->replay.again;
	replay->objects_before = saved->replay.objects_before;
	replay->minds_transactions = saved->replay.minds_transactions;
	replay->stop_at_failure = saved->replay.stop_at_failure;
	replay->savepoints = saved->replay.savepoints;
	replay->migration = saved->replay.migration;
	replay->script = saved->replay.script;
	replay->failed_statement = saved->replay.failed_statement;
	replay->failed_action = saved->replay.failed_action;
	replay->sqlstate = saved->replay.sqlstate;
	replay->changing_statement = saved->replay.changing_statement;
	replay->changing_action = saved->replay.changing_action;
	replay->opaque = saved->replay.opaque;
	replay->unknown = saved->replay.unknown;
	replay->unknown_statement = saved->replay.unknown_statement;
}

const char *repeat_word(RepeatVerdict verdict)
{
	static const char *const words[] = {"ok", "changes", "fails", "unknown"};
	return words[verdict];
}

const char *rollback_word(RollbackVerdict verdict)
{
	static const char *const words[] = {"missing",        "contained",  "empty", "reverses",
					    "data-dependent", "incomplete", "fails", "unknown"};
	return words[verdict];
}

const char *resume_word(ResumeVerdict verdict)
{
	static const char *const words[] = {"ok", "stuck", "changes", "unknown"};
	return words[verdict];
}
