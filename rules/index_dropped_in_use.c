/* DROP INDEX of an index that is used: as the server's statistics say, or because nothing else leads to the rows. */
#include "judge/index_use.h"

static void report_use(Context *context, const Relation *index, const char *format, ...) PRINTF(3, 4);
static void report_use(Context *context, const Relation *index, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *how = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	Finding *finding = report(context, context->action->span, "index %s is in use: %s", context->action->relation.name, how);
	if (index && index->table)
		about(finding, context, &index->table->object);
}

/* The same script builds what takes its place, or lets go of what it was for. */
static bool settles(const Context *context, const Action *candidate)
{
	const Relation *index = subject(context);
	const char *column = index->keys.count ? index->keys.items[0].name : NULL;
	if (!index->table || !same(candidate->relation.name, index->table->object.name))
		return false;
	switch (candidate->kind) {
	case ACTION_CREATE_INDEX:
		return candidate->index->keys.count && same(candidate->index->keys.items[0].column, column);
	case ACTION_ADD_CONSTRAINT:
		return candidate->constraint->columns.count && same(candidate->constraint->columns.items[0], column);
	case ACTION_DROP_COLUMN:
	case ACTION_RENAME_COLUMN:
		return same(candidate->object, column);
	case ACTION_DROP_CONSTRAINT:
	case ACTION_DROP_TABLE:
		return true;
	default:
		return false;
	}
}

RULE(index_dropped_in_use,
	.severity = SEVERITY_WARNING, .category = COMPATIBILITY,
	.summary  = "the index that is dropped is in use",
	.why      = "Queries that find their rows by it read the whole table from then on; under load that is an outage.",
	.instead  = "Build what takes its place first, look at the plans of the queries that use it, and drop it when its scans have stopped.",
	.manual   = "monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
	.since    = "0.1.0",
	.on       = ON(DROP_INDEX))
{
	const Relation *index = subject(context);
	const char *named = arena_print(context->arena, "%s.%s", action->relation.schema ? action->relation.schema : "public",
					action->relation.name ? action->relation.name : "");
	const TableHeat *use = heat_index(judge_heat(context), index ? object_text(context->arena, &index->object) : named);
	if (use && use->reads > 0) {
		report_use(context, index, "%s scans", count_words(context->arena, use->reads));
		return;
	}
	/* Statistics say that nobody scans it, or the script has another one ready. */
	if (use || !index || !is_old(context, index) || script_has(context, settles))
		return;
	const char *column;
	uint32_t count;
	const HotQuery *query = query_that_misses(context, index, &column, &count);
	if (query) {
		report_use(context, index, "%u of the hottest queries look%s for %s, and no index that is left begins with a column of theirs", count,
			   count == 1 ? "s" : "", column);
		return;
	}
	const Constraint *key = key_that_misses(context, index);
	if (!key)
		return;
	Finding *finding = report(context, action->span, "index %s is the last one that leads with the columns of %s", action->relation.name,
				  key->object.name);
	about(finding, context, &index->table->object);
	at_most(finding, SEVERITY_NOTE);
	detail(finding, context, "Each DELETE of a row of %s, and each change of its key, reads all of %s from then on.",
	       key->references ? sql_name(context, &key->references->object) : "the referenced table",
	       sql_name(context, &index->table->object));
}
