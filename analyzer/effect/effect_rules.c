/*
 * Rewrite rules: what they do along with a statement on rows, or instead of it. COPY and MERGE know none.
 * https://www.postgresql.org/docs/current/rules-update.html
 */
#include "effect/draft.h"

static bool rewrites(const RewriteRule *rule, const char *event)
{
	return !rule->object.dropped && !rule->disabled && rule->made && same(rule->made->value, event);
}

/* Whether a key refuses the same rows a second time is the statement's own affair; of a rule's rows it is not known. */
static void run_body(Draft *draft, const RewriteRule *rule)
{
	bool refused = draft->effect->refused_on_repeat;
	for (const Action *part = rule->made->body; part; part = part->next)
		run_inside(draft, part);
	if (draft->effect->refused_on_repeat && !refused) {
		draft->effect->refused_on_repeat = false;
		draft->effect->repeat_unknown = true;
	}
}

bool run_rules(Draft *draft, const char *event)
{
	const Relation *relation = draft->relation;
	const Query *query = draft->action->query;
	bool instead = false, reads = false;
	for (uint32_t i = 0; relation && i < relation->rules.count; i++) {
		const RewriteRule *rule = relation->rules.items[i];
		if (!rewrites(rule, event))
			continue;
		instead |= rule->made->instead && !rule->made->has_where;
		reads |= rule->made->body != NULL;
	}
	if (instead && !reads)
		look_at_query(draft, query);
	else if (instead && same(event, "insert"))
		run_sources(draft, query);
	else if (instead)
		run_query(draft, query);
	for (uint32_t i = 0; relation && i < relation->rules.count; i++)
		if (rewrites(relation->rules.items[i], event))
			run_body(draft, relation->rules.items[i]);
	return instead;
}
