/* What a history did before: rules about stages of a change ask whether the earlier stages took place. */
#include "judge/rule.h"

typedef struct Search {
	const Context *context;
	PastQuestion *question;
	void *payload;
	const Action *found;
} Search;

static bool look(const Action *action, void *payload)
{
	Search *search = payload;

	if (search->question(search->context, action, search->payload))
		search->found = action;
	return true;
}

static const Action *last_in(Search *search, const Script *script)
{
	search->found = NULL;
	array_each (Statement, statement, &script->statements)
		action_walk(statement->actions, look, search);
	return search->found;
}

const Action *past_action(const Context *context, PastQuestion *question, void *payload, const Migration **of)
{
	const History *history = context->history;
	Search search = {.context = context, .question = question, .payload = payload};
	uint32_t place = 0;

	while (place < history->migrations.count && history->migrations.items[place] != context->migration)
		place++;
	/* The one at hand is last; only what runs before it has been read for certain. */
	for (uint32_t i = place < history->migrations.count ? place + 1 : 0; i-- > 0;) {
		const Migration *migration = history->migrations.items[i];
		if (!migration->parsed || !migration->up || !last_in(&search, migration->up))
			continue;
		if (of)
			*of = migration;
		return search.found;
	}
	return NULL;
}
