/* After the mark, a migration still writes what is deprecated. */
#include "judge/deprecation.h"

/* The deprecated column, or the relation's own name, that the action writes; NULL. */
static const char *written(const Context *context, const Action *action, const Relation *relation)
{
	Deprecation mark;

	if (deprecated_before(context, relation, NULL, &mark))
		return relation->object.name;
	array_each (Column *const, column, &relation->columns) {
		if (!is_deprecated(context, relation, (*column)->object.name) || !deprecated_before(context, relation, (*column)->object.name, &mark))
			continue;
		const char *name = (*column)->object.name;
		if (action->kind == ACTION_SET_DEFAULT && same(action->object, name))
			return name;
		for (uint32_t i = 0; action->query && i < action->query->uses.count; i++) {
			const RelationUse *use = &action->query->uses.items[i];
			bool writes = use->mode == USE_INSERT || use->mode == USE_UPDATE || use->mode == USE_MERGE;
			if (writes && same(use->relation.name, relation->object.name) && names_have(&use->columns, name))
				return name;
		}
	}
	return NULL;
}

typedef struct BodySearch {
	Context *context;
	const char *what;
	const Relation *relation;
} BodySearch;

static bool look_into_body(const Action *action, void *payload)
{
	BodySearch *search = payload;
	bool writes = action->kind == ACTION_INSERT_ROWS || action->kind == ACTION_UPDATE_ROWS || action->kind == ACTION_MERGE_ROWS;
	const Relation *relation = writes ? relation_named(search->context, action->relation) : NULL;

	if (relation && (search->what = written(search->context, action, relation)))
		search->relation = relation;
	return !search->what;
}

RULE(deprecated_still_written,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "something deprecated is still written",
	.why      = "What is written to it after the mark is lost with the drop, or keeps readers on it; writes have to stop first, reads "
		    "may go on for a while.",
	.instead  = "Write to what takes its place.",
	.manual   = "sql-comment.html",
	.since    = "0.1.0",
	.obsolete = true,
	.on       = ON(INSERT_ROWS, UPDATE_ROWS, MERGE_ROWS, COPY_ROWS, SET_DEFAULT, CREATE_FUNCTION))
{
	BodySearch search = {.context = context};
	if (action->kind == ACTION_COPY_ROWS && !action->copy_from)
		return;
	if (action->kind == ACTION_CREATE_FUNCTION) {
		action_walk(action->function ? action->function->body : NULL, look_into_body, &search);
	} else {
		search.relation = subject(context);
		search.what = search.relation ? written(context, action, search.relation) : NULL;
	}
	if (!search.what)
		return;
	Finding *finding = report(context, action->span, "%s is deprecated, and this still writes it%s", search.what,
				  action->kind == ACTION_CREATE_FUNCTION ? " whenever it is called" : "");
	about(finding, context, &search.relation->object);
}
