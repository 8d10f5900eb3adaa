/* REFRESH MATERIALIZED VIEW without CONCURRENTLY. */
#include "judge/rule.h"

/* What CONCURRENTLY asks for: columns only, and all rows. */
static bool tells_rows_apart(const Relation *index)
{
	array_each (const CatalogKey, key, &index->keys)
		if (!key->column)
			return false;
	return index->unique && index->valid && !index->predicate;
}

RULE(materialized_view_refresh_blocks,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "the materialized view cannot be read while it is refreshed",
	.why      = "REFRESH holds ACCESS EXCLUSIVE on the view while its query runs: every reader waits.",
	.instead  = "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view.",
	.manual   = "sql-refreshmaterializedview.html",
	.since    = "0.1.0",
	.on       = ON(REFRESH_MATERIALIZED_VIEW))
{
	const Work *work = hazard(context);
	/* EXCLUSIVE lets readers through, and nobody writes to a materialized view. */
	if (!work || action->concurrently)
		return;

	const Relation *view = hazard_table(context, work);
	const char *name = sql_name(context, &view->object);
	bool unique = false;
	array_each (Relation *, index, &view->indexes)
		unique = unique || tells_rows_apart(*index);

	Finding *finding = report(context, action->span, "nobody can read %s while it is refreshed", name);
	about(finding, context, &view->object);
	detail(finding, context,
	       "ACCESS EXCLUSIVE is held on %s while its query runs and its indexes are built: every reader waits.",
	       name);
	instead(finding, context, "%sREFRESH MATERIALIZED VIEW CONCURRENTLY %s;",
		unique ? ""
		       : arena_print(context->arena,
				     "%sCREATE UNIQUE INDEX CONCURRENTLY ON %s (…); -- columns that tell its rows "
				     "apart\n-- 2.\n",
				     outside_transaction(context, 1), name),
		name);
	/* It is refused where the view was never filled, and says what WITH NO DATA takes back. */
	if (unique && view->populated && !action->with_no_data) {
		uint32_t place = offset_behind(context, action->span, "view");
		edit(finding, EDIT_SAFE, context, (Span){place, place}, " CONCURRENTLY");
	}
}
