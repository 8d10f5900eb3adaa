/* ALTER COLUMN and RENAME COLUMN. */
#include "catalog/inside.h"

/* Relation and column of an ALTER COLUMN; false: answer *sqlstate. */
static bool find_subject(Apply *apply, Relation **relation, Column **column, const char **sqlstate)
{
	*sqlstate = NULL;
	*relation = altered_relation(apply, sqlstate);
	if (!*relation)
		return false;
	*column = altered_column(apply, *relation, apply->action->object, sqlstate);
	return *column != NULL;
}

/* Does `change` to the column and, without ONLY, to the same column of all that inherit it. */
static const char *on_tree(Apply *apply, Relation *relation, Column *column,
			   const char *(*change)(Apply *apply, Column *column))
{
	const char *sqlstate = change(apply, column);
	if (sqlstate || !recurses(apply, relation))
		return sqlstate;
	Arena scratch = {0};
	Relation **tree;
	uint32_t count;
	relation_tree(&scratch, relation, &tree, &count);
	for (uint32_t i = 1; i < count && !sqlstate; i++) {
		Column *below = find_column(tree[i], column->object.name);
		if (below)
			sqlstate = change(apply, below);
	}
	arena_free(&scratch);
	return sqlstate;
}

/* --- RENAME COLUMN ------------------------------------------------------------------------------------------------ */

static void rename_in_index(Catalog *catalog, Relation *index, const char *from, const char *to)
{
	journal_touch(catalog, &index->object);
	for (uint32_t i = 0; i < index->keys.count; i++) {
		CatalogKey *key = &index->keys.items[i];
		CHANGE(catalog, key->expr, expr_with_renamed_column(catalog, key->expr, from, to));
		/* The index's own name for its column stays, and names the indexes of later copies. */
	}
	for (uint32_t i = 0; i < index->include.count; i++)
		if (same(index->include.items[i], from))
			CHANGE(catalog, index->include.items[i], to);
	CHANGE(catalog, index->predicate, expr_with_renamed_column(catalog, index->predicate, from, to));
}

/* Expressions of the catalog name columns; PostgreSQL's hold numbers, so there a rename changes nothing. */
static void rename_in_expressions(Catalog *catalog, Relation *relation, const char *from, const char *to)
{
	for (uint32_t i = 0; i < relation->columns.count; i++) {
		Column *column = relation->columns.items[i];
		if (column->generated)
			CHANGE(catalog, column->default_expr,
			       expr_with_renamed_column(catalog, column->default_expr, from, to));
	}
	for (uint32_t i = 0; i < relation->constraints.count; i++) {
		Constraint *constraint = relation->constraints.items[i];
		CHANGE(catalog, constraint->check, expr_with_renamed_column(catalog, constraint->check, from, to));
	}
	for (uint32_t i = 0; i < relation->indexes.count; i++)
		rename_in_index(catalog, relation->indexes.items[i], from, to);
}

static void rename_in_trigger(Catalog *catalog, Trigger *trigger, const char *from, const char *to)
{
	journal_touch(catalog, &trigger->object);
	for (uint32_t i = 0; i < trigger->update_of.count; i++)
		if (same(trigger->update_of.items[i], from))
			CHANGE(catalog, trigger->update_of.items[i], to);
}

const char *rename_column(Catalog *catalog, Relation *relation, Column *column, const char *new_name)
{
	if (find_column(relation, new_name))
		return DUPLICATE_COLUMN;
	const char *from = column->object.name, *to = catalog_intern(catalog, new_name);
	rename_in_expressions(catalog, relation, from, to);
	for (uint32_t i = 0; i < relation->triggers.count; i++)
		rename_in_trigger(catalog, relation->triggers.items[i], from, to);
	object_rename(catalog, &column->object, to);
	if (parts_unknown(catalog, relation))
		remember_part_gone(catalog, relation, OBJECT_COLUMN, from, column->object.assumed);
	return NULL;
}

static const char *rename_in_tree(Apply *apply, Relation *relation, const char *from, const char *to)
{
	const char *sqlstate = NULL;
	Arena scratch = {0};
	Relation **tree;
	uint32_t count;
	relation_tree(&scratch, relation, &tree, &count);
	for (uint32_t i = 0; i < count && !sqlstate; i++) {
		Column *column = find_column(tree[i], from);
		if (column)
			sqlstate = rename_column(apply->catalog, tree[i], column, to);
	}
	arena_free(&scratch);
	return sqlstate;
}

const char *apply_rename_column(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &column, &sqlstate))
		return sqlstate;
	if (relation->of_type)
		return WRONG_OBJECT_TYPE;
	if (column->inherited)
		return INVALID_TABLE_DEFINITION;
	if (relation->children.count && apply->action->only)
		return INVALID_TABLE_DEFINITION;
	return rename_in_tree(apply, relation, apply->action->object, apply->action->new_name);
}

/* --- Type --------------------------------------------------------------------------------------------------------- */

/* https://www.postgresql.org/docs/current/sql-altertable.html: views, rules, policies, triggers and generated columns
 * stand in the way. */
static bool type_is_fixed_by(const Depend *need)
{
	if (need->gone || need->user->dropped)
		return false;
	switch (need->user->kind) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_RULE:
	case OBJECT_POLICY:
	case OBJECT_TRIGGER:
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
		return true;
	case OBJECT_DEFAULT:
		return ((const Column *)need->user->parent)->generated;
	default:
		return false;
	}
}

static const char *change_type(Apply *apply, Column *column)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	for (const Depend *need = column->object.users; need; need = need->next_user)
		if (type_is_fixed_by(need))
			return FEATURE_NOT_SUPPORTED;
	const Relation *relation = (const Relation *)column->object.parent;
	for (uint32_t i = 0; i < relation->columns.count; i++) {
		const Column *other = relation->columns.items[i];
		if (other->generated && other != column &&
		    expr_mentions_column(other->default_expr, column->object.name))
			return FEATURE_NOT_SUPPORTED;
	}
	for (uint32_t i = 0; i < relation->partition_columns.count; i++)
		if (relation->partition_columns.items[i] == column)
			return INVALID_TABLE_DEFINITION;
	DataType type = resolve_type(catalog, apply->path, action->type);
	if (!type.name)
		return undefined_type(catalog, action->type);
	const char *sqlstate = wrong_in_expr(apply, relation, action->expr);
	if (sqlstate)
		return sqlstate;
	if (!action->expr && !can_assign(&column->type, &type))
		return DATATYPE_MISMATCH;
	/* USING is for the rows: the default is cast by itself. */
	if (column->default_expr && !column->generated && !can_assign(&column->default_type, &type))
		return DATATYPE_MISMATCH;
	depend_clear_kind(catalog, &column->object, OBJECT_TYPE);
	depend_clear_kind(catalog, &column->object, OBJECT_DOMAIN);
	CHANGE(catalog, column->type, type);
	CHANGE(catalog, column->collation,
	       action->names.count ? catalog_intern(catalog, action->names.items[0]) : NULL);
	depend_on_type(catalog, &column->object, &column->type);
	return NULL;
}

const char *apply_column_type(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &column, &sqlstate))
		return sqlstate;
	if (relation->of_type)
		return WRONG_OBJECT_TYPE;
	if (column->inherited)
		return INVALID_TABLE_DEFINITION;
	if (relation->children.count && apply->action->only)
		return INVALID_TABLE_DEFINITION;
	return on_tree(apply, relation, column, change_type);
}

/* --- Defaults and generated columns ------------------------------------------------------------------------------- */

static const char *change_default(Apply *apply, Column *column)
{
	if (column->identity || column->generated)
		return SYNTAX_ERROR;
	const char *sqlstate = wrong_value(column, apply->action->expr);
	if (sqlstate)
		return sqlstate;
	set_default(apply, column, apply->action->expr);
	return missing_in_expr(apply->catalog, apply->path, apply->action->expr);
}

const char *apply_set_default(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	return find_subject(apply, &relation, &column, &sqlstate) ? on_tree(apply, relation, column, change_default)
								  : sqlstate;
}

static const char *remove_default(Apply *apply, Column *column)
{
	if (column->identity || column->generated)
		return SYNTAX_ERROR;
	set_default(apply, column, NULL);
	return NULL;
}

const char *apply_drop_default(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	return find_subject(apply, &relation, &column, &sqlstate) ? on_tree(apply, relation, column, remove_default)
								  : sqlstate;
}

static const char *change_expression(Apply *apply, Column *column)
{
	if (!column->generated && !column->object.assumed)
		return OBJECT_NOT_IN_STATE;
	set_default(apply, column, apply->action->expr);
	return NULL;
}

const char *apply_set_expression(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	return find_subject(apply, &relation, &column, &sqlstate) ? on_tree(apply, relation, column, change_expression)
								  : sqlstate;
}

static const char *remove_expression(Apply *apply, Column *column)
{
	if (!column->generated && !column->object.assumed)
		return apply->action->if_exists ? NULL : OBJECT_NOT_IN_STATE;
	if (column->generated == 'v')
		return FEATURE_NOT_SUPPORTED;
	set_default(apply, column, NULL);
	CHANGE(apply->catalog, column->generated, 0);
	return NULL;
}

const char *apply_drop_expression(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	return find_subject(apply, &relation, &column, &sqlstate) ? on_tree(apply, relation, column, remove_expression)
								  : sqlstate;
}

/* --- NOT NULL ----------------------------------------------------------------------------------------------------- */

static const char *make_not_null(Apply *apply, Column *column)
{
	if (!column->not_null || column->not_null_invalid)
		set_not_null(apply, column, NULL, false);
	return NULL;
}

const char *apply_set_not_null(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	return find_subject(apply, &relation, &column, &sqlstate) ? on_tree(apply, relation, column, make_not_null)
								  : sqlstate;
}

static const char *make_nullable(Apply *apply, Column *column)
{
	const Relation *relation = (const Relation *)column->object.parent;
	const Constraint *key = primary_key(relation);
	if (key && constraint_has_column(key, column))
		return INVALID_TABLE_DEFINITION;
	if (column->identity)
		return SYNTAX_ERROR;
	if (relation->is_partition)
		for (uint32_t i = 0; i < relation->parents.count; i++) {
			const Column *above = find_column(relation->parents.items[i], column->object.name);
			if (above && above->not_null)
				return INVALID_TABLE_DEFINITION;
		}
	if (relation->replica_identity) {
		const Relation *index = NULL;
		for (uint32_t i = 0; i < relation->indexes.count; i++)
			if (same(relation->indexes.items[i]->object.name, relation->replica_identity))
				index = relation->indexes.items[i];
		if (index && index_has_column(index, column))
			return INVALID_TABLE_DEFINITION;
	}
	clear_not_null(apply->catalog, column);
	return NULL;
}

const char *apply_drop_not_null(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	return find_subject(apply, &relation, &column, &sqlstate) ? on_tree(apply, relation, column, make_nullable)
								  : sqlstate;
}

/* --- Identity ----------------------------------------------------------------------------------------------------- */

const char *apply_add_identity(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &column, &sqlstate))
		return sqlstate;
	if (column->type.name && !can_count(&column->type))
		return INVALID_PARAMETER_VALUE;
	/* 55000 in this order: not NOT NULL, already an identity, has a default. */
	if (!column->object.assumed && (!column->not_null || column->identity || column->default_expr))
		return OBJECT_NOT_IN_STATE;
	CHANGE(apply->catalog, column->identity, same(apply->action->value, "always") ? 'a' : 'd');
	make_column_sequence(apply->catalog, column, true);
	return NULL;
}

const char *apply_set_identity(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &column, &sqlstate))
		return sqlstate;
	if (!column->identity && !column->object.assumed)
		return OBJECT_NOT_IN_STATE;
	if (apply->action->column_def && apply->action->column_def->identity)
		CHANGE(apply->catalog, column->identity, apply->action->column_def->identity);
	return NULL;
}

const char *apply_drop_identity(Apply *apply)
{
	Relation *relation;
	Column *column;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &column, &sqlstate))
		return sqlstate;
	if (!column->identity && !column->object.assumed)
		return apply->action->if_exists ? NULL : OBJECT_NOT_IN_STATE;
	CHANGE(apply->catalog, column->identity, 0);
	if (column->sequence)
		object_remove(apply->catalog, &column->sequence->object);
	return NULL;
}

/* --- The rest ----------------------------------------------------------------------------------------------------- */

const char *apply_column_property(Apply *apply)
{
	const Action *action = apply->action;
	Relation *relation;
	Column *column;
	const char *sqlstate = NULL;
	/* ALTER INDEX … ALTER COLUMN 1 SET STATISTICS names no column. */
	if (!action->object || (action->object[0] >= '0' && action->object[0] <= '9'))
		return altered_relation(apply, &sqlstate) ? NULL : sqlstate;
	if (!find_subject(apply, &relation, &column, &sqlstate))
		return sqlstate;
	const char *value = catalog_intern(apply->catalog, action->value);
	if (action->kind == ACTION_SET_STORAGE)
		CHANGE(apply->catalog, column->storage, value);
	else if (action->kind == ACTION_SET_COMPRESSION)
		CHANGE(apply->catalog, column->compression, value);
	return NULL;
}
