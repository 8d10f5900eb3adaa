/* A relation that others read from outside, by replication or an export, changes its shape. */
#include "judge/metadata.h"
#include "judge/rule.h"

/* The publication that sends the relation's rows, or NULL. */
static const char *published_by(const Context *context, const Relation *relation)
{
	const char *name = object_text(context->arena, &relation->object);
	const char *wanted = arena_print(context->arena, " %s ", name);

	array_each (Object *const, object, &context->catalog->objects) {
		if ((*object)->kind != OBJECT_PUBLICATION || (*object)->dropped || !(*object)->definition)
			continue;
		if (strstr((*object)->definition, wanted) || same((*object)->definition, " all "))
			return (*object)->name;
	}
	return NULL;
}

static bool is_listed(const Context *context, const Relation *relation)
{
	const char *list = option(context, "relations");
	const char *name = object_text(context->arena, &relation->object);

	for (const char *at = list; at && *at;) {
		size_t length = strcspn(at, "\n, ");
		Text one = {at, length};
		if (length && (text_is(one, name) || text_is(one, relation->object.name)))
			return true;
		at += length;
		at += strspn(at, "\n, ");
	}
	return false;
}

static const char *what_happens(const Action *action)
{
	switch (action->kind) {
	case ACTION_DROP_TABLE:
	case ACTION_DROP_VIEW:
		return "goes";
	case ACTION_DROP_COLUMN:
		return "loses a column";
	case ACTION_RENAME_TABLE:
		return "gets another name";
	case ACTION_RENAME_COLUMN:
		return "has a column renamed";
	default:
		return "has a column's type changed";
	}
}

static const RuleOptionInfo consumer_options[] = {
	{"relations", "", "tables and views that others read from outside, besides those of publications"},
	{0},
};

RULE(consumer_affected,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "something that others read from outside changes its shape",
	.why      = "Subscribers, pipelines and exports are not part of this repository: they break where nobody who reviews the migration "
		    "sees it.",
	.instead  = "Tell them first, and say so in the head: `-- notified: analytics, 2026-01-10`.",
	.manual   = "logical-replication-restrictions.html",
	.since    = "0.1.0",
	.options  = consumer_options,
	.on       = ON(DROP_TABLE, DROP_VIEW, DROP_COLUMN, RENAME_TABLE, RENAME_COLUMN, ALTER_COLUMN_TYPE))
{
	const Relation *relation = subject(context);
	Metadata metadata = {0};
	if (!relation || !is_old(context, relation))
		return;
	const char *publication = published_by(context, relation);
	if (!publication && !is_listed(context, relation))
		return;
	metadata_read(context->arena, context->script, context->history->config, &metadata);
	if (metadata_get(&metadata, "notified"))
		return;
	Finding *finding = report(context, action->span, "%s %s, and %s%s reads it", sql_name(context, &relation->object), what_happens(action),
				  publication ? "publication " : "somebody outside", publication ? publication : "");
	about(finding, context, &relation->object);
}
