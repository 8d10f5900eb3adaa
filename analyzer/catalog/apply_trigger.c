/* Triggers, rules and policies: what hangs on a table and goes with it. */
#include "catalog/inside.h"

/* The table of a DROP … ON t; with IF EXISTS it may be missing. */
static Relation *table_of_part(Apply *apply, const char **sqlstate)
{
	const Action *action = apply->action;
	Relation *relation = find_relation(apply->catalog, apply->path, action->relation);
	if (relation)
		return relation;
	if (action->if_exists)
		return NULL;
	relation = assume_relation(apply->catalog, apply->path, action->relation, OBJECT_TABLE);
	if (!relation)
		*sqlstate = UNDEFINED_TABLE;
	return relation;
}

/* The part is not listed: NULL when it may exist or need not, else 42704. */
static const char *missing_part(Apply *apply, Relation *relation, ObjectKind kind)
{
	const Action *action = apply->action;
	bool open = parts_unknown(apply->catalog, relation) && !part_gone(relation, kind, action->object);
	if (action->if_exists) {
		if (open)
			remember_part_gone(apply->catalog, relation, kind, action->object, false);
		return NULL;
	}
	if (!open)
		return UNDEFINED_OBJECT;
	remember_part_gone(apply->catalog, relation, kind, action->object, true);
	return NULL;
}

static RewriteRule *find_rule(const Relation *relation, const char *name)
{
	for (uint32_t i = 0; i < relation->rules.count; i++)
		if (same(relation->rules.items[i]->object.name, name))
			return relation->rules.items[i];
	return NULL;
}

/* --- Triggers ----------------------------------------------------------------------------------------------------- */

static void fill_trigger(Apply *apply, Trigger *trigger, Relation *relation)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	bool several = false;
	FunctionDef no_arguments = {.arguments_given = true};
	Function *function =
	    action->other.name ? find_function(catalog, apply->path, action->other, &no_arguments, &several) : NULL;
	CHANGE(catalog, trigger->function, function ? &function->object : NULL);
	if (function)
		depend(catalog, &trigger->object, &function->object, DEPEND_NORMAL);
	Names update_of = {0};
	names_copy(catalog, &update_of, &action->columns);
	CHANGE(catalog, trigger->update_of, update_of);
	for (uint32_t i = 0; i < update_of.count; i++) {
		Column *column = assume_column(catalog, relation, update_of.items[i]);
		if (column)
			depend(catalog, &trigger->object, &column->object, DEPEND_NORMAL);
	}
	ColumnList columns = {0};
	expr_columns(catalog, relation, action->expr, &columns); /* NEW.a and OLD.a are the table's */
	for (uint32_t i = 0; i < columns.count; i++)
		depend(catalog, &trigger->object, &columns.items[i]->object, DEPEND_NORMAL);
	depend_on_expr(catalog, apply->path, &trigger->object, action->expr);
	CHANGE(catalog, trigger->object.definition, catalog_intern(catalog, action->value));
}

/* Extensions bring trigger functions that nobody lists, and PostgreSQL has some of its own. */
static bool function_missing(Apply *apply, Name name)
{
	const Catalog *catalog = apply->catalog;
	bool several = false;
	if (!name.name || may_assume(catalog) || catalog->extensions || same(name.schema, "pg_catalog"))
		return false;
	if (starts_with(name.name, "tsvector_update_trigger") || starts_with(name.name, "suppress_redundant"))
		return false;
	return !find_function(catalog, apply->path, name, NULL, &several);
}

/* Views have INSTEAD OF triggers for rows and the others for statements; tables have no INSTEAD OF. */
static bool fits_kind(const Relation *relation, const char *words)
{
	bool instead = words && starts_with(words, "instead");
	bool rows = words && ends_with(words, " row");
	if (relation->object.assumed)
		return true;
	return relation->object.kind == OBJECT_VIEW ? instead || !rows : !instead;
}

/* relation: the table; object: the name; other: the function; columns: UPDATE OF; expr: WHEN; value: timing and events.
 */
const char *apply_create_trigger(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	if (!fits_kind(relation, action->value))
		return WRONG_OBJECT_TYPE;
	ColumnList ignored = {0};
	if (!expr_columns(catalog, relation, action->expr, &ignored))
		return UNDEFINED_COLUMN;
	if (function_missing(apply, action->other))
		return UNDEFINED_FUNCTION;
	for (uint32_t i = 0; i < action->columns.count; i++)
		if (!assume_column(catalog, relation, action->columns.items[i]))
			return UNDEFINED_COLUMN;
	Trigger *trigger = find_trigger(relation, action->object);
	if (trigger && !action->or_replace)
		return DUPLICATE_OBJECT;
	if (trigger) {
		depend_clear(catalog, &trigger->object);
	} else {
		trigger = object_new(catalog, OBJECT_TRIGGER, sizeof *trigger, NULL, action->object, &relation->object);
		CHANGE_PUSH(catalog, &relation->triggers, trigger);
	}
	fill_trigger(apply, trigger, relation);
	return NULL;
}

const char *apply_drop_trigger(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *relation = table_of_part(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	Trigger *trigger = find_trigger(relation, apply->action->object);
	return trigger ? object_drop(apply, &trigger->object, apply->action->cascade)
		       : missing_part(apply, relation, OBJECT_TRIGGER);
}

/* Triggers and rules. */
const char *apply_switch_trigger(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	const char *state = catalog_intern(apply->catalog, action->value);
	if (action->kind == ACTION_SWITCH_RULE) {
		RewriteRule *rule = find_rule(relation, action->object);
		if (rule)
			CHANGE(apply->catalog, rule->disabled, same(state, "disable") || same(state, "enable replica"));
		return rule || parts_unknown(apply->catalog, relation) ? NULL : UNDEFINED_OBJECT;
	}
	bool every = action->all || !action->object;
	bool found = every;
	for (uint32_t i = 0; i < relation->triggers.count; i++) {
		Trigger *trigger = relation->triggers.items[i];
		if (!every && !same(trigger->object.name, action->object))
			continue;
		CHANGE(apply->catalog, trigger->enabled, same(state, "enable") ? NULL : state);
		found = true;
	}
	return found || parts_unknown(apply->catalog, relation) ? NULL : UNDEFINED_OBJECT;
}

/* --- Rules -------------------------------------------------------------------------------------------------------- */

const char *apply_create_rule(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	RewriteRule *rule = find_rule(relation, action->object);
	if (rule && !action->or_replace)
		return DUPLICATE_OBJECT;
	if (!rule) {
		rule = object_new(catalog, OBJECT_RULE, sizeof *rule, NULL, action->object, &relation->object);
		CHANGE_PUSH(catalog, &relation->rules, rule);
	}
	depend_clear(catalog, &rule->object);
	for (const Action *part = action->body; part; part = part->next)
		depend_on_query(catalog, apply->path, &rule->object, part->query);
	depend_on_expr(catalog, apply->path, &rule->object, action->expr);
	CHANGE(catalog, rule->made, action);
	CHANGE(catalog, rule->object.definition, catalog_intern(catalog, action->value));
	return NULL;
}

const char *apply_drop_rule(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *relation = table_of_part(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	RewriteRule *rule = find_rule(relation, apply->action->object);
	return rule ? object_drop(apply, &rule->object, apply->action->cascade) : missing_part(apply, relation, OBJECT_RULE);
}

/* --- Policies ----------------------------------------------------------------------------------------------------- */

static void fill_policy(Apply *apply, Object *policy, Relation *relation)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	ColumnList columns = {0};
	expr_columns(catalog, relation, action->expr, &columns);
	const Expr *check = action->query ? action->query->where : NULL;
	expr_columns(catalog, relation, check, &columns);
	for (uint32_t i = 0; i < columns.count; i++)
		depend(catalog, policy, &columns.items[i]->object, DEPEND_NORMAL);
	depend_on_expr(catalog, apply->path, policy, action->expr);
	depend_on_query(catalog, apply->path, policy, action->query);
	Buf text = {0};
	buf_adds(&text, action->value ? action->value : "");
	for (uint32_t i = 0; i < action->roles.count; i++)
		buf_addf(&text, " to %s", action->roles.items[i]);
	buf_adds(&text, " using ");
	if (action->expr)
		expr_print(&text, action->expr);
	buf_adds(&text, " check ");
	if (check)
		expr_print(&text, check);
	CHANGE(catalog, policy->definition, catalog_intern(catalog, text.data ? text.data : ""));
	buf_free(&text);
}

const char *apply_create_policy(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	ColumnList ignored = {0};
	if (!expr_columns(catalog, relation, action->expr, &ignored))
		return UNDEFINED_COLUMN;
	if (find_policy(relation, action->object))
		return DUPLICATE_OBJECT;
	Object *policy = object_new(catalog, OBJECT_POLICY, sizeof *policy, NULL, action->object, &relation->object);
	CHANGE_PUSH(catalog, &relation->policies, policy);
	fill_policy(apply, policy, relation);
	return NULL;
}

const char *apply_alter_policy(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	Object *policy = find_policy(relation, action->object);
	if (!policy)
		return parts_unknown(apply->catalog, relation) && !part_gone(relation, OBJECT_POLICY, action->object)
			   ? NULL
			   : UNDEFINED_OBJECT;
	if (action->new_name) {
		if (find_policy(relation, action->new_name))
			return DUPLICATE_OBJECT;
		object_rename(apply->catalog, policy, action->new_name);
		return NULL;
	}
	if (action->expr || (action->query && action->query->where))
		depend_clear(apply->catalog, policy);
	fill_policy(apply, policy, relation);
	return NULL;
}

const char *apply_drop_policy(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *relation = table_of_part(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	Object *policy = find_policy(relation, apply->action->object);
	return policy ? object_drop(apply, policy, apply->action->cascade)
		      : missing_part(apply, relation, OBJECT_POLICY);
}
