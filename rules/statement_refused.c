/* What the server refuses, whatever the rows are: views, keys and dependents that earlier migrations made stand in the way. */
#include "catalog/sqlstate.h"
#include "judge/rule.h"

/* Of a view over several tables it is not known whose column a bare name is. */
static bool surely_uses(const Object *user, const Column *column)
{
	if (user->kind != OBJECT_VIEW && user->kind != OBJECT_MATERIALIZED_VIEW)
		return true;
	const Query *query = ((const Relation *)user)->query;
	if (!query || query->uses.count == 1)
		return true;
	array_each (const RelationUse, use, &query->uses)
		if (same(use->relation.name, column->object.parent->name) && names_have(&use->columns, column->object.name))
			return true;
	return false;
}

/* What needs the object and keeps it from being dropped or changed; NULL: nothing that is known for certain. */
static const Object *user_of(const Object *object)
{
	for (const Depend *need = object->users; need; need = need->next_user) {
		bool is_column = object->kind == OBJECT_COLUMN;
		if (need->gone || need->user->dropped || need->kind != DEPEND_NORMAL || need->user->assumed)
			continue;
		if (is_column && !surely_uses(need->user, (const Column *)object))
			continue;
		return need->user;
	}
	return NULL;
}

static const char *words_of(const Context *context, const Object *object)
{
	const Object *shown = object->kind == OBJECT_DEFAULT && object->parent ? object->parent : object;

	return arena_print(context->arena, "%s %s", object_kind_words(shown->kind), sql_name(context, shown));
}

/* ALTER COLUMN … TYPE of what a view reads. https://www.postgresql.org/docs/current/sql-altertable.html */
static void report_type(Context *context, const Relation *table, const char *sqlstate)
{
	const Action *action = context->action;
	const Column *column = table ? find_column(table, action->object) : NULL;
	const Object *user = column ? user_of(&column->object) : NULL;
	if (!user || (user->kind != OBJECT_VIEW && user->kind != OBJECT_MATERIALIZED_VIEW))
		return;
	const char *name = sql_name(context, &table->object), *view = sql_name(context, user), *kind = object_kind_words(user->kind);
	Finding *finding = report(context, action->span, "the type of %s of %s cannot change while %s %s reads it (SQLSTATE %s)",
				  sql_identifier(context, action->object), name, kind, view, sqlstate);
	about(finding, context, &table->object);
	const char *word = user->kind == OBJECT_VIEW ? "VIEW" : "MATERIALIZED VIEW";
	instead(finding, context,
		"-- in one transaction; views of the view, its privileges and comments go along and have to be made again, too\n"
		"DROP %s %s;\n"
		"ALTER TABLE %s %s;\n"
		"CREATE %s %s AS …;",
		word, view, name, source_clause(context, action->span), word, view);
}

/* https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS */
static void report_key(Context *context, const Relation *table, const char *sqlstate)
{
	const Action *action = context->action;
	bool of_index = action->kind == ACTION_CREATE_INDEX && action->index->unique && !action->concurrently;
	bool of_constraint = action->kind == ACTION_ADD_CONSTRAINT && !action->constraint->using_index &&
			     (action->constraint->kind == CONSTRAINT_PRIMARY_KEY || action->constraint->kind == CONSTRAINT_UNIQUE);
	if (!table || !is_partitioned(table) || (!of_index && !of_constraint))
		return;
	const char *name = sql_name(context, &table->object);
	Names keys = {0};
	for (uint32_t i = 0; i < table->partition_columns.count; i++)
		if (table->partition_columns.items[i])
			array_push(context->arena, &keys, table->partition_columns.items[i]->object.name);
	Finding *finding = report(context, action->span, "the key lacks columns by which %s is partitioned (SQLSTATE %s)", name, sqlstate);
	about(finding, context, &table->object);
	detail(finding, context,
	       "Each partition has an index of its own, which cannot see the others: a key that holds over all of them has to contain "
	       "the columns by which rows find their partition%s%s.",
	       keys.count ? ": " : "", sql_columns(context, &keys));
	instead(finding, context, "-- a key that contains them, too%s%s, or a unique index on each partition, which holds for that one alone",
		keys.count ? ": " : "", sql_columns(context, &keys));
}

/* DROP without CASCADE. */
static void report_drop(Context *context, const Object *object, const char *sqlstate)
{
	const Object *user = object ? user_of(object) : NULL;
	if (!user)
		return;
	const char *what = words_of(context, object), *needing = words_of(context, user);
	Finding *finding = report(context, context->action->span, "%s cannot be dropped while %s needs it (SQLSTATE %s)", what, needing, sqlstate);
	about(finding, context, object->parent ? object->parent : object);
	instead(finding, context, "-- first drop or change what needs it, by name: %s", needing);
}

FAILURE_RULE(statement_refused,
	.severity = SEVERITY_ERROR, .category = COMPATIBILITY,
	.summary  = "something in the schema stands in the statement's way",
	.why      = "What earlier migrations made does not allow it: the migration stops here, each time it is run.",
	.instead  = "Change or drop first, by name, what stands in the way.",
	.manual   = "ddl-depend.html",
	.since    = "0.1.0")
{
	if (context->catalog->partial)
		return;
	Relation *table = subject(context);
	if (same(sqlstate, FEATURE_NOT_SUPPORTED) && action->kind == ACTION_ALTER_COLUMN_TYPE) {
		report_type(context, table, sqlstate);
	} else if (same(sqlstate, FEATURE_NOT_SUPPORTED)) {
		report_key(context, table, sqlstate);
	} else if (same(sqlstate, DEPENDENT_OBJECTS_EXIST) && action->kind == ACTION_DROP_COLUMN && table) {
		const Column *column = find_column(table, action->object);
		report_drop(context, column ? &column->object : NULL, sqlstate);
	} else if (same(sqlstate, DEPENDENT_OBJECTS_EXIST)) {
		SearchPath path = session_path(context->session);
		const Object *object = table ? &table->object : find_object(context->catalog, path, action->object_kind, action->relation);
		report_drop(context, object, sqlstate);
	}
}
