/* A SET that is still in force when the next migration runs, on a connection that the tool keeps. */
#include "judge/rule.h"

/* The script's last SET of the parameter that was not meant for its transaction alone. */
static const Action *last_set(const Script *script, const char *name)
{
	const Action *last = NULL;

	array_each (Statement, statement, &script->statements)
		for (const Action *action = statement->actions; action; action = action->next)
			if (action->kind == ACTION_SET_PARAMETER && !action->local && same_nocase(action->object, name))
				last = action;
	return last;
}

/* How long to wait and how much to tell is nothing that another migration could get wrong. */
static bool is_harmless(const char *name)
{
	return ends_with(name, "_timeout") || same(name, "client_min_messages") || same(name, "application_name");
}

MIGRATION_RULE(setting_leaks,
	.severity = SEVERITY_WARNING, .category = TRANSACTIONS,
	.summary  = "a SET changes what later migrations do",
	.why      = "The migration tool keeps its connection, so the setting stays in force for all "
		    "migrations that follow in the same run, and is missing when they run in another one.",
	.instead  = "SET LOCAL inside the transaction, or RESET at the end of the script.",
	.manual   = "sql-set.html",
	.since    = "0.1.0")
{
	const Config *config = context->history->config;
	if (!config || !same(config->runner.connection, "run"))
		return;

	array_each (const Parameter, parameter, &context->session->parameters) {
		const Action *set = parameter->set && !parameter->local && !is_harmless(parameter->name)
					? last_set(context->script, parameter->name)
					: NULL;
		if (!set)
			continue;
		Finding *finding =
		    report(context, set->span, "%s stays set for the migrations that follow", parameter->name);
		instead(finding, context, "RESET %s; -- at the end of the script; or SET LOCAL inside a transaction",
			parameter->name);
	}
}
