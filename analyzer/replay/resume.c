/* A migration that broke off, run again: from every point at which what it had done was kept. */
#include "replay/proof.h"

/* Trying every point of a script that can be repeated takes its length squared: this is where that ends. */
enum { MOST_STATEMENTS = 10000 };

static uint32_t number_of(const Script *script, const Statement *statement)
{
	return (uint32_t)(statement - script->statements.items);
}

static ResumeProof unknown_resume(const Statement *statement, const char *because)
{
	return (ResumeProof){.verdict = RESUME_UNKNOWN, .statement = statement, .because = because};
}

/* The whole script on top of its first `after` statements. */
static ResumeProof resume_after(Replay *replay, const Migration *migration, const Script *script, uint32_t after)
{
	ResumeProof proof = {.verdict = RESUME_OK};
	ProofState saved = proof_start(replay);
	proof_trusts(replay);
	proof_repeats(replay, after);
	replay_script(replay, migration, script);
	const Statement *again = replay->changing_statement;
	if (replay->failed_statement && !replay->failed_action)
		proof = unknown_resume(replay->failed_statement, "it does not parse");
	else if (replay->failed_statement)
		proof = (ResumeProof){.verdict = RESUME_STUCK, .after = after, .statement = replay->failed_statement,
				      .action = replay->failed_action, .sqlstate = replay->sqlstate};
	else if (replay->unknown)
		proof = unknown_resume(replay->unknown_statement, replay->unknown);
	else if (again && number_of(script, again) < after)
		proof = (ResumeProof){.verdict = RESUME_CHANGES, .after = after, .statement = again, .action = replay->changing_action};
	proof_end(replay, &saved);
	return proof;
}

/* Once stuck is stuck; something left behind is worse than not knowing. */
static ResumeProof worse(ResumeProof a, ResumeProof b)
{
	static const int order[] = {[RESUME_OK] = 0, [RESUME_UNKNOWN] = 1, [RESUME_CHANGES] = 2, [RESUME_STUCK] = 3};
	return order[b.verdict] > order[a.verdict] ? b : a;
}

/* Whether a transaction is open behind the statement, when one was open before it. */
static bool is_open_behind(const Statement *statement, bool open)
{
	for (const Action *action = statement->actions; action; action = action->next)
		if (action->kind == ACTION_BEGIN)
			open = true;
		else if (action->kind == ACTION_COMMIT || action->kind == ACTION_ROLLBACK || action->kind == ACTION_PREPARE_TRANSACTION)
			open = action->chain && open;
	return open;
}

/*
 * How many statements have to run for the last of the script's halts: a halt is behind a statement, before the last one, where no
 * transaction is open, so that a failure later on leaves what was done so far. 0: none. As written; statements that are sent
 * together halt less often.
 */
static uint32_t last_halt(const Replay *replay, const Script *script)
{
	uint32_t last = 0;
	bool open = script_wrapping(replay->history, script) != TRANSACTION_NONE;
	for (uint32_t i = 0; i + 1 < script->statements.count; i++) {
		open = is_open_behind(&script->statements.items[i], open);
		if (!open)
			last = i + 1;
	}
	return last;
}

ResumeProof prove_resume(Replay *replay, const Migration *migration, const Script *script)
{
	ResumeProof proof = {.verdict = RESUME_OK};
	uint32_t count = script->statements.count, last = last_halt(replay, script), budget = MOST_STATEMENTS;
	if (!last)
		return proof;
	ProofState saved = proof_start(replay);
	replay->stop_at_failure = false;
	replay->want_effects = false;
	replay_start(replay, migration, script);
	for (uint32_t i = 0; i < last && proof.verdict != RESUME_STUCK; i++) {
		replay_step(replay, script, i);
		if (replay->session->transaction != TRANSACTION_NONE)
			continue;
		if (budget < count) {
			proof = worse(proof, unknown_resume(NULL, "the script is too long to break it off behind every statement"));
			break;
		}
		budget -= count;
		proof = worse(proof, resume_after(replay, migration, script, i + 1));
	}
	replay_finish(replay);
	proof_end(replay, &saved);
	return proof;
}
