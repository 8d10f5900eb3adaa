/* RENAME COLUMN while code still uses the old name. */
#include "judge/rule.h"

/* The old name stays usable: a generated column of that name, or a view made of the table. */
static bool keeps_old_name(const Context *context, const Action *candidate)
{
	const Action *rename = context->action;

	if (candidate->kind == ACTION_ADD_COLUMN)
		return candidate->column_def->generated && same(candidate->column_def->name, rename->object) &&
		       same(candidate->relation.name, rename->relation.name);
	if (candidate->kind != ACTION_CREATE_VIEW || !candidate->query)
		return false;
	array_each (RelationUse, use, &candidate->query->uses)
		if (same(use->relation.name, rename->relation.name))
			return true;
	return false;
}

RULE(column_renamed,
	.severity = SEVERITY_WARNING, .category = COMPATIBILITY,
	.summary  = "renaming a column breaks code that uses the old name",
	.why      = "From the commit on, every query of the running release that names the column fails.",
	.instead  = "Add a column, keep both in step, move the code over, drop the old one later; or keep the old "
		    "name alive in a view.",
	.manual   = "ddl-alter.html#DDL-ALTER-RENAMING-COLUMN",
	.since    = "0.1.0",
	.on       = ON(RENAME_COLUMN))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table))
		return;
	const Column *column = find_column(table, action->object);
	if (column && !existed_before(context->replay, &column->object))
		return;

	const char *name = sql_name(context, &table->object);
	const char *from = sql_identifier(context, action->object), *to = sql_identifier(context, action->new_name);
	const char *type = column && column->type.name ? data_type_text(context->arena, &column->type) : "type";
	Finding *finding = report(context, action->span,
				  "renaming %s of %s to %s breaks running code that uses the old name", from, name, to);
	about(finding, context, &table->object);
	if (script_has(context, keeps_old_name)) {
		at_most(finding, SEVERITY_NOTE);
		detail(finding, context,
		       "The migration keeps %s readable; check that it stays writable for those who write it.", from);
	}
	const char *function =
		sql_identifier(context, arena_print(context->arena, "%s_%s_both", table->object.name, action->object));
	instead(finding, context,
		"-- 1. both names; a trigger keeps them in step while old and new code run side by side\n"
		"ALTER TABLE %s ADD COLUMN %s %s;\n"
		"CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
		"  IF TG_OP = 'INSERT' THEN\n"
		"    NEW.%s := coalesce(NEW.%s, NEW.%s);\n"
		"    NEW.%s := NEW.%s;\n"
		"  ELSIF NEW.%s IS DISTINCT FROM OLD.%s THEN\n"
		"    NEW.%s := NEW.%s;\n"
		"  ELSE\n"
		"    NEW.%s := NEW.%s;\n"
		"  END IF;\n"
		"  RETURN NEW;\n"
		"END $$;\n"
		"CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s\n"
		"  FOR EACH ROW EXECUTE FUNCTION %s();\n"
		"-- 2. later: the old rows, a thousand at a time; commit, repeat until none is updated\n%s"
		"-- 3. in a later release, when no code uses %s\n"
		"DROP TRIGGER %s ON %s;\n"
		"DROP FUNCTION %s();\n"
		"ALTER TABLE %s DROP COLUMN %s;",
		name, to, type, function, to, to, from, from, to, to, to, from, to, to, from, function, name, function,
		batch_update(context, table, arena_print(context->arena, "%s = %s", to, from),
			     arena_print(context->arena, "%s IS DISTINCT FROM %s", to, from)),
		from, function, name, function, name, from);
}
