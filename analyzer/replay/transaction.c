#include "replay/transaction.h"

static void savepoint_push(Replay *replay, const char *name)
{
	array_push(replay->arena, &replay->savepoints, (struct Savepoint){name, catalog_mark(replay->catalog)});
}

static void savepoints_forget(Replay *replay, uint32_t from)
{
	while (replay->savepoints.count > from)
		catalog_keep(replay->catalog, replay->savepoints.items[--replay->savepoints.count].mark);
}

static void roll_back(Replay *replay, uint32_t to)
{
	const Prepared *prepared = replay->session->prepared;
	while (replay->savepoints.count > to)
		catalog_undo(replay->catalog, replay->savepoints.items[--replay->savepoints.count].mark);
	session_keep_prepared(replay->session, prepared);
}

/* The newest savepoint of that name, or count when there is none. */
static uint32_t savepoint_find(const Replay *replay, const char *name)
{
	for (uint32_t i = replay->savepoints.count; i-- > 1;)
		if (same(replay->savepoints.items[i].name, name))
			return i;
	return replay->savepoints.count;
}

void begin_transaction(Replay *replay, TransactionState state)
{
	savepoint_push(replay, NULL);
	session_begin(replay->session, state);
}

void end_transaction(Replay *replay, bool commit)
{
	TransactionState state = replay->session->transaction;
	if (state == TRANSACTION_NONE)
		return;
	if (commit)
		savepoints_forget(replay, 0);
	else
		roll_back(replay, 0);
	session_end(replay->session, commit);
}

/* https://www.postgresql.org/docs/current/sql-begin.html: BEGIN inside a transaction is a warning and nothing else. */
void run_transaction_action(Replay *replay, const Action *action)
{
	Session *session = replay->session;
	TransactionState state = session->transaction;
	uint32_t at;
	switch (action->kind) {
	case ACTION_BEGIN:
		if (state == TRANSACTION_NONE)
			begin_transaction(replay, TRANSACTION_EXPLICIT);
		else if (state == TRANSACTION_IMPLICIT)
			session_begin(session, TRANSACTION_EXPLICIT);
		break;
	case ACTION_COMMIT:
	case ACTION_ROLLBACK:
		end_transaction(replay, action->kind == ACTION_COMMIT);
		if (action->chain && state != TRANSACTION_NONE)
			begin_transaction(replay, TRANSACTION_EXPLICIT);
		break;
	case ACTION_SAVEPOINT:
		if (state != TRANSACTION_NONE)
			savepoint_push(replay, action->object);
		break;
	case ACTION_RELEASE_SAVEPOINT:
		savepoints_forget(replay, savepoint_find(replay, action->object));
		break;
	case ACTION_ROLLBACK_TO_SAVEPOINT:
		at = savepoint_find(replay, action->object);
		if (at < replay->savepoints.count) {
			roll_back(replay, at);
			savepoint_push(replay, action->object);
		}
		break;
	default:
		break;
	}
}
