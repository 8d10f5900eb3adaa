/*
 * Composite types: their attributes, the tables OF them, and what holds values of a type inside of others.
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
#include "catalog/inside.h"

enum { DEEPEST = 16 };

/* --- Types inside of types ---------------------------------------------------------------------------------------- */

/* Users of the type, or of a table's row type. plain: a column of just the type does not count. */
static bool is_held(const Object *type, bool plain, int depth)
{
	for (const Depend *need = depth < DEEPEST ? type->users : NULL; need; need = need->next_user) {
		if (need->gone || need->user->dropped)
			continue;
		const Object *user = need->user;
		if (name_class(user->kind) == CLASS_TYPE) {
			const Type *outer = (const Type *)user;
			bool as_it_is = plain && outer->kind == TYPE_DOMAIN && !outer->base.dimensions;
			if (is_held(user, as_it_is, depth + 1))
				return true;
			continue;
		}
		if (user->kind != OBJECT_COLUMN || !user->parent)
			continue;
		bool stores = user->parent->kind == OBJECT_TABLE || user->parent->kind == OBJECT_MATERIALIZED_VIEW;
		bool inside = !plain || ((const Column *)user)->type.dimensions > 0;
		/* not the table itself, perhaps, but its row is a type, too */
		if ((stores && inside) || is_held(user->parent, false, depth + 1))
			return true;
	}
	return false;
}

bool is_inside_stored(const Type *type)
{
	return is_held(&type->object, true, 0);
}

/* --- Tables OF a type --------------------------------------------------------------------------------------------- */

static Relation *typed_table(const Depend *need, const Type *type)
{
	bool table = !need->gone && !need->user->dropped && need->user->kind == OBJECT_TABLE;
	return table && ((Relation *)need->user)->of_type == type ? (Relation *)need->user : NULL;
}

/* Without CASCADE they stand in the way. */
static const char *refused_by_tables(const Apply *apply, const Type *type)
{
	for (const Depend *need = apply->action->cascade ? NULL : type->object.users; need; need = need->next_user)
		if (typed_table(need, type))
			return DEPENDENT_OBJECTS_EXIST;
	return NULL;
}

typedef const char *ChangeTable(Apply *apply, Relation *table, Column *attribute);

static const char *change_tables(Apply *apply, const Type *type, Column *attribute, ChangeTable *change)
{
	const char *sqlstate = NULL;
	Arena scratch = {0};
	for (const Depend *need = type->object.users; need && !sqlstate; need = need->next_user) {
		Relation *table = typed_table(need, type), **tree;
		uint32_t count = 0;
		if (table)
			relation_tree(&scratch, table, &tree, &count);
		for (uint32_t i = 0; i < count && !sqlstate; i++)
			sqlstate = change(apply, tree[i], attribute);
	}
	arena_free(&scratch);
	return sqlstate;
}

static const char *add_to_table(Apply *apply, Relation *table, Column *attribute)
{
	if (find_column(table, attribute->object.name))
		return table->of_type ? DUPLICATE_COLUMN : NULL;
	Column *column = copy_column(apply->catalog, table, attribute);
	column->inherited = table->of_type ? 0 : 1;
	column->local = table->of_type;
	return NULL;
}

static const char *drop_from_table(Apply *apply, Relation *table, Column *attribute)
{
	Column *column = find_column(table, attribute->object.name);
	return column ? object_drop(apply, &column->object, true) : NULL;
}

static const char *change_in_table(Apply *apply, Relation *table, Column *attribute)
{
	Column *column = find_column(table, attribute->object.name);
	if (!column)
		return NULL;
	depend_clear_kind(apply->catalog, &column->object, OBJECT_TYPE);
	CHANGE(apply->catalog, column->type, attribute->type);
	depend_on_type(apply->catalog, &column->object, &column->type);
	return NULL;
}

static const char *rename_in_table(Apply *apply, Relation *table, Column *attribute)
{
	Column *column = find_column(table, attribute->object.name);
	return column ? rename_column(apply->catalog, table, column, apply->action->new_name) : NULL;
}

/* --- Attributes --------------------------------------------------------------------------------------------------- */

static Column *find_attribute(const Type *type, const char *name)
{
	for (uint32_t i = 0; i < type->attributes.count; i++)
		if (same(type->attributes.items[i]->object.name, name))
			return type->attributes.items[i];
	return NULL;
}

/* For PostgreSQL an attribute is a column: the type is looked for among the relations. */
static Type *altered_composite(Apply *apply, const char **sqlstate)
{
	Type *type = altered_type(apply, false, sqlstate);
	if (type ? !type->object.assumed && type->kind != TYPE_COMPOSITE
		 : !find_relation(apply->catalog, apply->path, apply->action->relation)) {
		*sqlstate = UNDEFINED_TABLE;
		return NULL;
	}
	return type;
}

const char *apply_add_attribute(Apply *apply)
{
	const char *sqlstate = NULL;
	Type *type = altered_composite(apply, &sqlstate);
	if (!type || !apply->action->column_def)
		return sqlstate;
	if (find_attribute(type, apply->action->column_def->name))
		return DUPLICATE_COLUMN;
	sqlstate = refused_by_tables(apply, type);
	return sqlstate ? sqlstate : change_tables(apply, type, new_attribute(apply, type, apply->action->column_def), add_to_table);
}

static const char *altered_attribute(Apply *apply, Type **type, Column **attribute)
{
	const char *sqlstate = NULL;
	*attribute = NULL;
	*type = altered_composite(apply, &sqlstate);
	if (!*type)
		return sqlstate;
	*attribute = find_attribute(*type, apply->action->object);
	if (!*attribute && !(*type)->object.assumed && !apply->action->if_exists)
		return UNDEFINED_COLUMN;
	return NULL;
}

const char *apply_drop_attribute(Apply *apply)
{
	Type *type;
	Column *attribute;
	const char *sqlstate = altered_attribute(apply, &type, &attribute);
	if (attribute)
		sqlstate = refused_by_tables(apply, type);
	if (!attribute || sqlstate)
		return sqlstate;
	sqlstate = change_tables(apply, type, attribute, drop_from_table);
	return sqlstate ? sqlstate : object_drop(apply, &attribute->object, apply->action->cascade);
}

const char *apply_attribute_type(Apply *apply)
{
	Type *type;
	Column *attribute;
	const char *sqlstate = altered_attribute(apply, &type, &attribute);
	if (!attribute)
		return sqlstate;
	if (is_held(&type->object, false, 0))
		return FEATURE_NOT_SUPPORTED;
	sqlstate = refused_by_tables(apply, type);
	if (sqlstate)
		return sqlstate;
	Catalog *catalog = apply->catalog;
	depend_clear(catalog, &attribute->object);
	CHANGE(catalog, attribute->type, resolve_type(catalog, apply->path, apply->action->type));
	depend_on_type(catalog, &attribute->object, &attribute->type);
	return change_tables(apply, type, attribute, change_in_table);
}

const char *apply_rename_attribute(Apply *apply)
{
	const Action *action = apply->action;
	Type *type = find_type(apply->catalog, apply->path, action->relation);
	if (!type)
		return may_assume(apply->catalog) ? NULL : UNDEFINED_OBJECT;
	const char *sqlstate = refused_by_tables(apply, type);
	if (sqlstate)
		return sqlstate;
	Column *attribute = find_attribute(type, action->object);
	if (!attribute)
		return type->object.assumed ? NULL : UNDEFINED_COLUMN;
	if (find_attribute(type, action->new_name))
		return DUPLICATE_COLUMN;
	sqlstate = change_tables(apply, type, attribute, rename_in_table);
	if (!sqlstate)
		object_rename(apply->catalog, &attribute->object, action->new_name);
	return sqlstate;
}
