/* The schema that the migrations lead to is not the one of a dump. */
#include "base/files.h"
#include "judge/rule.h"

static const RuleOptionInfo schema_drift_options[] = {
	{"dump", "", "what `pg_dump --schema-only` wrote, from the configuration's folder; without it the rule is silent"},
	{0},
};

/* What is compared: names, and of columns types and NOT NULL. Expressions look different in every dump. */
static bool is_compared(const Object *object)
{
	switch (object->kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
	case OBJECT_SEQUENCE:
	case OBJECT_COLUMN:
	case OBJECT_CONSTRAINT:
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_TRIGGER:
	case OBJECT_POLICY:
		return true;
	default:
		return false;
	}
}

/* Tables in which migration tools write down what has run, and all that belongs to them. */
static bool is_bookkeeping(const Object *object)
{
	static const char *const names[] = {"schema_migrations",
					    "goose_db_version",
					    "flyway_schema_history",
					    "alembic_version",
					    "ar_internal_metadata",
					    "databasechangelog",
					    "databasechangeloglock",
					    "pgmigrations",
					    "gorp_migrations",
					    "schema_version",
					    "_prisma_migrations",
					    "_sqlx_migrations",
					    "__diesel_schema_migrations",
					    "django_migrations"};

	for (size_t i = 0; i < LENGTH(names); i++)
		if (starts_with(object->name, names[i]) ||
		    (object->parent && starts_with(object->parent->name, names[i])))
			return true;
	return false;
}

static const char *facts_of(Arena *arena, const Object *object)
{
	if (object->kind != OBJECT_COLUMN)
		return "";
	const Column *column = (const Column *)object;
	return arena_print(arena, "%s%s", data_type_text(arena, &column->type), column->not_null ? " not null" : "");
}

static void index_lines(Arena *arena, const ObjectLines *lines, Map *by_subject)
{
	array_each (const ObjectLine, line, lines)
		if (is_compared(line->object) && !is_bookkeeping(line->object))
			map_set(arena, by_subject, line->subject, strlen(line->subject), (void *)line);
}

typedef struct Drift {
	Arena *arena;
	uint32_t count;
	Buf list;
} Drift;

static void add_difference(Drift *drift, const char *subject, const char *what)
{
	enum { LISTED = 12 };

	if (drift->count++ < LISTED)
		buf_addf(&drift->list, "%s%s: %s", drift->list.length ? "; " : "", subject, what);
	else if (drift->count == LISTED + 1)
		buf_adds(&drift->list, "; and more");
}

static void compare(Drift *drift, const ObjectLines *ours, const ObjectLines *dumped)
{
	Map in_ours = {0}, in_dump = {0};

	index_lines(drift->arena, ours, &in_ours);
	index_lines(drift->arena, dumped, &in_dump);
	array_each (const ObjectLine, line, ours) {
		if (!map_get(&in_ours, line->subject, strlen(line->subject)))
			continue;
		const ObjectLine *other = map_get(&in_dump, line->subject, strlen(line->subject));
		const char *here = facts_of(drift->arena, line->object),
			   *there = other ? facts_of(drift->arena, other->object) : NULL;
		if (!other)
			add_difference(drift, line->subject, "not in the dump");
		else if (!same(here, there))
			add_difference(drift, line->subject,
				       arena_print(drift->arena, "%s here, %s in the dump", here, there));
	}
	array_each (const ObjectLine, line, dumped)
		if (map_get(&in_dump, line->subject, strlen(line->subject)) &&
		    !map_get(&in_ours, line->subject, strlen(line->subject)))
			add_difference(drift, line->subject, "only in the dump");
}

HISTORY_RULE(schema_drift,
	.severity = SEVERITY_WARNING, .category = HISTORY,
	.summary  = "the dumped schema is not what the migrations make",
	.why      = "Somebody changed the database by hand, or a migration after the dump was taken: what "
		    "works on one of the two fails on the other.",
	.instead  = "Write what was done by hand as a migration, or take the dump anew.",
	.manual   = "app-pgdump.html",
	.since    = "0.1.0",
	.options  = schema_drift_options)
{
	const Migration *dump = context->history->dump;
	if (!dump)
		return;

	Arena scratch = {0};
	Replay *replay = replay_new(&scratch, context->history, context->catalog->version);
	replay_script(replay, dump, dump->up);
	ObjectLines ours = {0}, dumped = {0};
	catalog_describe(&scratch, context->catalog, &ours);
	catalog_describe(&scratch, replay->catalog, &dumped);
	Drift drift = {.arena = &scratch};
	compare(&drift, &ours, &dumped);
	if (drift.count) {
		Finding *finding =
		    report_whole(context, "%u object%s differ%s from %s", drift.count, drift.count == 1 ? "" : "s",
				 drift.count == 1 ? "s" : "", dump->up->source->path);
		detail(finding, context, "%s.", drift.list.data);
		if (context->catalog->partial)
			at_most(finding, SEVERITY_NOTE);
	}
	buf_free(&drift.list);
	replay_free(replay);
	arena_free(&scratch);
}
