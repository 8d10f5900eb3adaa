/* Scripts, as their tool runs them: transactions around them, statements that are sent together, what stays set for the next. */
#include "replay/replay.h"
#include "replay/transaction.h"

/* Marks the migration's ordinal while its down runs: what its up made is old for it. */
enum { DOWN_SCRIPT = 1u << 30 };

bool existed_before(const Replay *replay, const Object *object)
{
	if (object->kind == OBJECT_TABLE && ((const Relation *)object)->persistence == 't')
		return false;
	if (object->kind == OBJECT_INDEX && ((const Relation *)object)->table && object != &((const Relation *)object)->table->object &&
	    !existed_before(replay, &((const Relation *)object)->table->object))
		return false;
	uint32_t made_in = object->made_in;
	/* Of a file without a history nobody knows what it is run on. */
	if (!made_in || (object->perhaps_old && replay->history->loose))
		return true;
	if (made_in == replay->catalog->migration)
		return false;
	const History *history = replay->history;
	if (!history->has_frontier || !replay->migration || replay->migration->released)
		return true;
	uint32_t ordinal = made_in & ~(uint32_t)DOWN_SCRIPT;
	return ordinal > history->migrations.count || history->migrations.items[ordinal - 1]->released;
}

TransactionState script_wrapping(const History *history, const Script *script)
{
	const Config *config = history->config;
	switch (config ? config->runner.transaction : RUNNER_UNSET) {
	case RUNNER_MIGRATION:
	case RUNNER_RUN:
		return TRANSACTION_RUNNER;
	case RUNNER_SIMPLE_QUERY:
		return TRANSACTION_IMPLICIT;
	case RUNNER_STATEMENT:
	case RUNNER_NONE:
		return TRANSACTION_NONE;
	case RUNNER_UNSET:
		break;
	}
	return script->wrapping == WRAPPING_TRANSACTION ? TRANSACTION_RUNNER : TRANSACTION_NONE;
}

static bool shares_batch(const Script *script, uint32_t i)
{
	const Statement *statements = script->statements.items;
	return (i > 0 && statements[i - 1].batch == statements[i].batch) ||
	       (i + 1 < script->statements.count && statements[i + 1].batch == statements[i].batch);
}

/* What a callback sets on the connection that a migration is about to run on. */
static void set_before(Replay *replay, const Script *callback)
{
	array_each (const Statement, statement, &callback->statements)
		for (const Action *action = statement->actions; action; action = action->next)
			if (action->kind == ACTION_SET_PARAMETER)
				session_set(replay->session, action->object, action->value, action->local);
}

void replay_start(Replay *replay, const Migration *migration, const Script *script)
{
	replay->migration = migration;
	replay->script = script;
	replay->catalog->migration = migration->ordinal | (script->direction == DIRECTION_DOWN ? (uint32_t)DOWN_SCRIPT : 0);
	replay->failed_statement = replay->changing_statement = NULL;
	replay->failed_action = replay->changing_action = NULL;
	replay->sqlstate = NULL;
	replay->unknown = NULL;
	replay->unknown_statement = NULL;
	replay->opaque = 0;
	replay->savepoints.count = 0;
	session_next_script(replay->session);
	TransactionState wrapping = script_wrapping(replay->history, script);
	if (wrapping != TRANSACTION_NONE)
		begin_transaction(replay, wrapping);
	array_each (const Migration *const, callback, &replay->history->before_each)
		if (script != (*callback)->up && (*callback)->parsed)
			set_before(replay, (*callback)->up);
}

/* What is sent as one simple query is parsed as a whole before anything of it runs: the first that does not parse ends it. */
static bool parses(Replay *replay, const Script *script, uint32_t i)
{
	const Statement *statements = script->statements.items;
	if (!replay->stop_at_failure || (i > 0 && statements[i - 1].batch == statements[i].batch))
		return true;
	for (uint32_t j = i; j < script->statements.count && statements[j].batch == statements[i].batch; j++) {
		if (statements[j].state == STATEMENT_UNPARSED) {
			replay->failed_statement = &statements[j];
			replay->failed_action = NULL;
			replay->sqlstate = "42601";
			return false;
		}
	}
	return true;
}

bool replay_step(Replay *replay, const Script *script, uint32_t i)
{
	const Statement *statement = &script->statements.items[i];
	if (!parses(replay, script, i))
		return false;
	if (statement->unread)
		replay_opaque(replay, statement, statement->unread);
	bool batch = shares_batch(script, i);
	if (batch && replay->session->transaction == TRANSACTION_NONE)
		begin_transaction(replay, TRANSACTION_IMPLICIT);
	if (statement->state == STATEMENT_PARSED && !replay_statement(replay, statement))
		return false;
	bool batch_ends = i + 1 == script->statements.count || script->statements.items[i + 1].batch != statement->batch;
	bool of_batch = batch && replay->session->transaction == TRANSACTION_IMPLICIT;
	if (of_batch && batch_ends && script_wrapping(replay->history, script) != TRANSACTION_IMPLICIT)
		end_transaction(replay, true);
	return true;
}

/*
 * What a script set stays set for the next one when the tool keeps its connection: runner.connection. What proofs and downs set
 * is put back, and a dump's settings were never the tool's.
 */
static bool keeps_session(const Replay *replay, const Script *script)
{
	const Config *config = replay->history->config;
	bool runs = script->direction == DIRECTION_UP || script->direction == DIRECTION_REPEATABLE;
	return config && same(config->runner.connection, "run") && runs && !replay->stop_at_failure;
}

void replay_finish(Replay *replay)
{
	end_transaction(replay, true);
	if (!keeps_session(replay, replay->script))
		session_close(replay->session);
}

void replay_script(Replay *replay, const Migration *migration, const Script *script)
{
	replay_start(replay, migration, script);
	for (uint32_t i = 0; i < script->statements.count; i++)
		if (!replay_step(replay, script, i))
			break;
	replay_finish(replay);
}
