/* What belongs to a session, where a pooler gives each transaction another one. */
#include "judge/rule.h"

/* pg_advisory_lock and its kin, but those that end with the transaction: pg_advisory_xact_lock. */
static bool is_session_lock(const Action *action)
{
	const char *name = action->kind == ACTION_CALL ? action->relation.name : NULL;

	return name && (starts_with(name, "pg_advisory_lock") || starts_with(name, "pg_try_advisory_lock"));
}

/* What of the session the action changes or relies on; NULL: nothing. */
static const char *session_state(const Context *context, const Action *action)
{
	const char *tag = context->statement->tag;

	switch (action->kind) {
	case ACTION_SET_PARAMETER:
		return action->local || context->step->in_block ? NULL
								: arena_print(context->arena, "SET %s", action->object);
	case ACTION_PREPARE:
		return "PREPARE";
	case ACTION_CREATE_TABLE:
	case ACTION_CREATE_TABLE_AS:
		return action->table && action->table->persistence == 't' && !same(action->table->on_commit, "drop")
			   ? "a temporary table"
			   : NULL;
	case ACTION_OTHER:
		return same(tag, "LISTEN") || same(tag, "LOAD") ? tag : NULL;
	case ACTION_CALL:
		return is_session_lock(action) ? action->relation.name : NULL;
	default:
		return NULL;
	}
}

RULE(session_state_behind_pooler,
	.severity = SEVERITY_WARNING, .category = TRANSACTIONS,
	.summary  = "session state does not survive a transaction pooler",
	.why      = "The pooler gives every transaction another server connection: what the migration leaves "
		    "in one is missing for its next statement, and is there for somebody else's.",
	.instead  = "Connect the migration tool to the server itself, or keep to what ends with the "
		    "transaction: SET LOCAL, pg_advisory_xact_lock, ON COMMIT DROP.",
	.manual   = "sql-set.html",
	.since    = "0.1.0",
	.on       = every_action)
{
	const Config *config = context->history->config;
	const char *state = config && config->pooler == POOLER_TRANSACTION ? session_state(context, action) : NULL;
	if (!state)
		return;

	Finding *finding = report(context, action->span,
				  "%s belongs to a session, and the pooler ends it with the transaction", state);
	if (action->kind == ACTION_SET_PARAMETER && action->value)
		instead(finding, context, "SET LOCAL %s = '%s'; -- inside the transaction", action->object,
			action->value);
}
