/* DROP COLUMN of a column that was there. */
#include "judge/rule.h"

/* Code that no longer knows the column leaves it out of its INSERTs. */
static bool needs_null(const Relation *table, const Column *column)
{
	const Constraint *key = primary_key(table);

	if (!column || column->object.assumed)
		return false;
	if (key)
		array_each (Column *, part, &key->columns)
			if (*part == column)
				return false;
	return column->not_null && !column->default_expr && !column->identity && !column->generated;
}

/* Something needs the column and nothing says CASCADE: then nothing goes along, which is statement-refused's to say. */
static bool is_refused(Context *context, Column *column)
{
	ObjectList gone = {0};
	Object *blocker = NULL;
	if (column && !context->action->cascade)
		drop_closure(context->arena, context->replay->catalog, &column->object, false, &gone, &blocker);
	return blocker != NULL;
}

/* What goes with the column and is worth a word. */
static const char *goes_along(Context *context)
{
	const char *along = "";
	array_each (Destroyed, destroyed, &context->effect->destroys) {
		const Object *object = destroyed->object;
		if (object->kind != OBJECT_COLUMN && object->kind != OBJECT_SEQUENCE && object->kind != OBJECT_DEFAULT)
			along = arena_print(context->arena, "%s%s%s %s", along, *along ? ", " : "", object_kind_words(object->kind),
					    object->name);
	}
	return *along ? arena_print(context->arena, " What goes with it: %s.", along) : "";
}

RULE(column_dropped,
	.severity = SEVERITY_ERROR, .category = DESTRUCTIVE,
	.summary  = "a column and its values are lost",
	.why      = "The values are gone for good, and code that still names the column, or maps all columns, fails "
		    "at once.",
	.instead  = "Stop using the column in a release of its own, mark it as deprecated, drop it in a later one.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN",
	.since    = "0.1.0",
	.on       = ON(DROP_COLUMN))
{
	const Relation *table = subject(context);
	if (!destroyed_old(context) || !table || !is_old(context, table))
		return;

	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	Finding *finding = report(context, action->span, "dropping column %s of %s loses its values", column, name);
	about(finding, context, &table->object);
	Column *known = find_column(table, action->object);
	if (is_deprecated(context, table, action->object))
		at_most(finding, SEVERITY_WARNING);

	detail(finding, context, "The values of %s.%s are gone for good, and code that still reads or writes it fails.%s", name, column,
	       is_refused(context, known) ? "" : goes_along(context));
	const char *nullable = needs_null(table, known)
				       ? arena_print(context->arena,
						     "-- inserts that leave it out must work\n"
						     "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;\n",
						     name, column)
				       : "";
	instead(finding, context,
		"-- 1. when no code uses the column any more\n%s"
		"COMMENT ON COLUMN %s.%s IS 'deprecated YYYY-MM-DD';\n"
		"-- 2. in a later release\n"
		"ALTER TABLE %s DROP COLUMN %s%s;",
		nullable, name, column, name, column, action->cascade ? " CASCADE" : "");
}
