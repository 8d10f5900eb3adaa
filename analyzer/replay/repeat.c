/* A second run of a migration or of a statement, on its own result. */
#include "replay/proof.h"

static RepeatProof unknown_repeat(const Statement *statement, const char *because)
{
	return (RepeatProof){.verdict = REPEAT_UNKNOWN, .statement = statement, .because = because};
}

RepeatProof prove_repeat(Replay *replay, const Migration *migration, const Script *script)
{
	RepeatProof proof = {.verdict = REPEAT_OK};
	ProofState saved = proof_start(replay);
	proof_trusts(replay);
	proof_repeats(replay, script->statements.count);
	replay_script(replay, migration, script);
	/* What does not parse stopped the first run already. */
	if (replay->failed_statement && !replay->failed_action)
		proof = unknown_repeat(replay->failed_statement, "it does not parse");
	else if (replay->failed_statement)
		proof = (RepeatProof){.verdict = REPEAT_FAILS, .statement = replay->failed_statement, .action = replay->failed_action,
				      .sqlstate = replay->sqlstate};
	else if (replay->unknown)
		proof = unknown_repeat(replay->unknown_statement, replay->unknown);
	else if (replay->changing_statement)
		proof = (RepeatProof){.verdict = REPEAT_CHANGES, .statement = replay->changing_statement,
				      .action = replay->changing_action};
	proof_end(replay, &saved);
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
	ProofState saved = proof_start(replay);
	replay->failed_statement = replay->changing_statement = NULL;
	replay->unknown = NULL;
	if (replay->script)
		proof_repeats(replay, replay->script->statements.count);
	replay->again = statement;
	const char *answer = "ok";
	if (!replay_statement(replay, statement))
		answer = replay->sqlstate;
	else if (replay->unknown)
		answer = NULL;
	*changes = answer && replay->changing_statement;
	proof_end(replay, &saved);
	return answer;
}
