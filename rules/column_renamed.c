/* RENAME COLUMN while code still uses the old name. */
#include "judge/rule.h"

/* A generated column of the old name. */
static bool is_alias(const Context *context, const Action *candidate)
{
	const Action *rename = context->action;

	return candidate->kind == ACTION_ADD_COLUMN && candidate->column_def->generated &&
	       same(candidate->column_def->name, rename->object) && same(candidate->relation.name, rename->relation.name);
}

/* A view made of the table. */
static bool is_view_of_it(const Context *context, const Action *candidate)
{
	const Action *rename = context->action;

	if (candidate->kind != ACTION_CREATE_VIEW || !candidate->query)
		return false;
	array_each (RelationUse, use, &candidate->query->uses)
		if (same(use->relation.name, rename->relation.name))
			return true;
	return false;
}

typedef struct NameSearch {
	const Action *rename;
	const char *given_away; /* by a RENAME of the table */
	bool taken_over;        /* by a view */
} NameSearch;

static bool look_for_names(const Action *candidate, void *payload)
{
	NameSearch *search = payload;
	const char *table = search->rename->relation.name;

	if (candidate->kind == ACTION_RENAME_TABLE && (same(candidate->relation.name, table) || same(candidate->new_name, table)))
		search->given_away = candidate->relation.name;
	if (candidate->kind == ACTION_CREATE_VIEW && search->given_away && same(candidate->relation.name, search->given_away))
		search->taken_over = true;
	return !search->taken_over;
}

/* The table is called otherwise, too, and a view of its name has the columns as they were: nobody notices. */
static bool is_hidden_by_view(const Context *context)
{
	NameSearch search = {.rename = context->action};

	array_each (Statement, statement, &context->script->statements)
		action_walk(statement->actions, look_for_names, &search);
	return search.taken_over;
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
	if ((column && !existed_before(context->replay, &column->object)) || script_has(context, is_alias) || is_hidden_by_view(context))
		return;

	const char *name = sql_name(context, &table->object);
	const char *from = sql_identifier(context, action->object), *to = sql_identifier(context, action->new_name);
	const char *type = column && column->type.name ? data_type_text(context->arena, &column->type) : "type";
	Finding *finding = report(context, action->span,
				  "renaming %s of %s to %s breaks running code that uses the old name", from, name, to);
	about(finding, context, &table->object);
	if (script_has(context, is_view_of_it)) {
		at_most(finding, SEVERITY_NOTE);
		detail(finding, context, "A view of the migration has the values under another name of the table: code has to ask that for %s.",
		       from);
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
