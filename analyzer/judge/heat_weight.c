/* What statistics and workload say of a relation goes into the finding about it: numbers, the queries that break, the weight. */
#include "judge/inside.h"

/* The column whose end or new name breaks the queries that know it; NULL: the relation as a whole. */
static const char *lost_column(const Action *action)
{
	bool loses = action && (action->kind == ACTION_DROP_COLUMN || action->kind == ACTION_RENAME_COLUMN);
	return loses ? action->object : NULL;
}

static bool loses_relation(const Action *action)
{
	return action && (action->kind == ACTION_DROP_TABLE || action->kind == ACTION_RENAME_TABLE || action->kind == ACTION_DROP_VIEW);
}

static void list_queries(Finding *finding, Context *context, const HeatUse *use)
{
	enum { LISTED = 5, WIDTH = 160 };
	const Heat *heat = context->judge->heat;
	bool redact = context->history->config->heat.redact;
	for (uint32_t i = 0; i < use->queries.count && i < LISTED; i++) {
		const HotQuery *query = use->queries.items[i];
		const char *calls = count_words(context->arena, query->calls);
		const char *redacted = arena_print(context->arena, "breaks, %s calls", calls);
		if (redact)
			related(finding, context, heat->workload, query->span, "%s", redacted);
		else
			related(finding, context, heat->workload, query->span, "%s: %.*s", redacted, WIDTH, query->text);
		finding->related.items[finding->related.count - 1].redacted = redacted;
	}
}

/* Numbers move the severity both ways: nobody waits for a table of a few rows, and everybody for the one that every query reads. */
void weigh_by_heat(Finding *finding, Context *context, const Object *relation)
{
	const Heat *heat = context->judge->heat;
	const TableHeat *table = heat_table(heat, finding->relation);
	const char *column = lost_column(context->action);
	HeatUse use = heat_use(context->arena, heat, relation->schema, relation->name, column);
	const char *words = heat_words(context->arena, heat, &use);
	bool locks = context->rule->category == LOCKING;

	if (words)
		finding->message = arena_print(context->arena, "%s (%s%s%s)", finding->message, column ? column : "", column ? " is " : "", words);
	else if (table && locks)
		finding->message = arena_print(context->arena, "%s (%s rows)", finding->message, count_words(context->arena, table->rows));
	if (words && (column || loses_relation(context->action)))
		list_queries(finding, context, &use);
	if (finding->direction == DIRECTION_DOWN)
		return;
	if (finding->hot || heat_is_hot(heat, &use)) {
		finding->hot = true;
		if (context->rule->category != COMPATIBILITY || column || loses_relation(context->action))
			finding->severity = SEVERITY_ERROR;
	} else if (locks && heat_is_tiny(heat, table)) {
		at_most(finding, SEVERITY_NOTE);
	}
}
