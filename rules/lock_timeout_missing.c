/* A strong lock that is waited for without a limit makes everybody else wait too. */
#include "judge/rule.h"

RULE(lock_timeout_missing,
	.severity  = SEVERITY_WARNING, .category = TRANSACTIONS,
	.summary   = "no lock_timeout limits how long everybody waits",
	.why       = "While the statement waits for its lock behind one long query, all later queries on the table "
		     "wait behind it.",
	.instead   = "SET lock_timeout before the first lock, and retry the migration when it gives up. If the "
		     "connection sets it, tell ddlint in .ddlint.yml: session: {lock_timeout: 2s}",
	.manual    = "runtime-config-client.html#GUC-LOCK-TIMEOUT",
	.since     = "0.1.0",
	.when_most = "set no lock_timeout",
	.most_of   = "migrations that lock a table in use",
	.once      = true,
	.folded    = "No lock_timeout limits the wait for its lock.",
	.on        = every_action)
{
	/* A way back is for emergencies: it is asked to set a limit when its up is. */
	if (context->script->direction == DIRECTION_DOWN)
		return;

	const LockTaken *strongest = NULL;
	array_each (LockTaken, lock, &context->effect->locks)
		if (lock->mode > LOCK_SHARE_UPDATE_EXCLUSIVE && is_table(lock->relation) &&
		    is_old(context, lock->relation) && (!strongest || lock->mode > strongest->mode))
			strongest = lock;
	if (!strongest)
		return;
	if (session_parameter_is_set(context->session, "lock_timeout")) {
		keeps_rule(context);
		return;
	}

	const char *name = sql_name(context, &strongest->relation->object);
	Finding *finding = report(context, action->span, "%s on %s is waited for without a lock_timeout",
				  lock_mode_words(strongest->mode), name);
	about(finding, context, &strongest->relation->object);
	detail(finding, context,
	       "Behind one long query the statement waits for its lock, and every query on %s that comes later and "
	       "would conflict with it waits behind the statement.",
	       name);
	instead(finding, context, "-- at the head of the script\nSET %slock_timeout = '2s';",
		keeps_local_settings(context) ? "LOCAL " : "");
	edit_lock_timeout(finding, context, "2s");
}
