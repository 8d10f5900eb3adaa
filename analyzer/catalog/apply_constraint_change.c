/* Constraints that exist: DROP, VALIDATE, ALTER, RENAME. */
#include "catalog/inside.h"

static bool find_subject(Apply *apply, Relation **relation, Constraint **constraint, const char **sqlstate)
{
	*sqlstate = NULL;
	*relation = altered_relation(apply, sqlstate);
	if (!*relation)
		return false;
	const char *name = apply->action->object;
	*constraint = find_constraint(*relation, name);
	if (*constraint)
		return true;
	if (apply->action->if_exists) {
		if (parts_unknown(apply->catalog, *relation))
			remember_part_gone(apply->catalog, *relation, OBJECT_CONSTRAINT, name, false);
		return false;
	}
	if (!parts_unknown(apply->catalog, *relation) || part_gone(*relation, OBJECT_CONSTRAINT, name)) {
		*sqlstate = UNDEFINED_OBJECT;
		return false;
	}
	*constraint = constraint_new(apply->catalog, *relation, CONSTRAINT_NONE, name);
	mark_assumed(&(*constraint)->object);
	return true;
}

/* --- DROP --------------------------------------------------------------------------------------------------------- */

static Constraint *inherited_copy(const Relation *child, const Constraint *from)
{
	for (uint32_t i = 0; i < child->constraints.count; i++) {
		Constraint *constraint = child->constraints.items[i];
		if (constraint->kind == from->kind && constraint->inherited &&
		    (same(constraint->object.name, from->object.name) ||
		     (constraint->index && from->index && constraint->index->parent_index == from->index)))
			return constraint;
	}
	return NULL;
}

static const char *drop_constraint(Apply *apply, Relation *relation, Constraint *constraint)
{
	Catalog *catalog = apply->catalog;
	for (uint32_t i = 0; i < relation->children.count; i++) {
		Relation *child = relation->children.items[i];
		Constraint *copy = inherited_copy(child, constraint);
		if (!copy)
			continue;
		CHANGE(catalog, copy->inherited, (uint16_t)(copy->inherited - 1));
		if (apply->action->only)
			CHANGE(catalog, copy->local, true);
		if (copy->inherited || copy->local)
			continue;
		const char *sqlstate = drop_constraint(apply, child, copy);
		if (sqlstate)
			return sqlstate;
	}
	return object_drop(apply, &constraint->object, apply->action->cascade);
}

/* Since 18 a NOT NULL that others rest on cannot go. */
static bool needed_not_null(const Relation *relation, const Constraint *constraint)
{
	if (constraint->kind != CONSTRAINT_NOT_NULL || !constraint->columns.count)
		return false;
	const Column *column = constraint->columns.items[0];
	const Constraint *key = primary_key(relation);
	return (key && constraint_has_column(key, column)) || column->identity;
}

const char *apply_drop_constraint(Apply *apply)
{
	Relation *relation;
	Constraint *constraint;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &constraint, &sqlstate))
		return sqlstate;
	if (constraint->inherited)
		return INVALID_TABLE_DEFINITION;
	if (needed_not_null(relation, constraint))
		return INVALID_TABLE_DEFINITION;
	return drop_constraint(apply, relation, constraint);
}

/* --- VALIDATE, ALTER ---------------------------------------------------------------------------------------------- */

const char *apply_validate_constraint(Apply *apply)
{
	Relation *relation;
	Constraint *constraint;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &constraint, &sqlstate))
		return sqlstate;
	Catalog *catalog = apply->catalog;
	if (constraint->kind == CONSTRAINT_PRIMARY_KEY || constraint->kind == CONSTRAINT_UNIQUE ||
	    constraint->kind == CONSTRAINT_EXCLUSION)
		return WRONG_OBJECT_TYPE;
	CHANGE(catalog, constraint->validated, true);
	if (constraint->kind == CONSTRAINT_NOT_NULL && constraint->columns.count)
		CHANGE(catalog, constraint->columns.items[0]->not_null_invalid, false);
	if (constraint->kind != CONSTRAINT_CHECK)
		return NULL;
	Arena scratch = {0};
	Relation **tree;
	uint32_t count;
	relation_tree(&scratch, relation, &tree, &count);
	for (uint32_t i = 1; i < count; i++) {
		Constraint *copy = find_constraint(tree[i], constraint->object.name);
		if (copy)
			CHANGE(catalog, copy->validated, true);
	}
	arena_free(&scratch);
	return NULL;
}

const char *apply_alter_constraint(Apply *apply)
{
	Relation *relation;
	Constraint *constraint;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &constraint, &sqlstate))
		return sqlstate;
	const ConstraintDef *def = apply->action->constraint;
	if (!def)
		return NULL;
	if (constraint->kind != CONSTRAINT_FOREIGN_KEY && constraint->kind != CONSTRAINT_NONE &&
	    apply->catalog->version < 18)
		return WRONG_OBJECT_TYPE;
	CHANGE(apply->catalog, constraint->deferrable, def->deferrable);
	CHANGE(apply->catalog, constraint->initially_deferred, def->initially_deferred);
	CHANGE(apply->catalog, constraint->not_enforced, def->not_enforced);
	return NULL;
}

/* --- RENAME ------------------------------------------------------------------------------------------------------- */

static const char *rename_one(Catalog *catalog, Relation *relation, Constraint *constraint, const char *name)
{
	/* The index behind a constraint has its name. */
	Relation *index = own_index(constraint);
	if (index && !relation_name_free(catalog, index->object.schema, name))
		return DUPLICATE_TABLE;
	if (find_constraint(relation, name))
		return DUPLICATE_OBJECT;
	if (index)
		object_rename(catalog, &index->object, name);
	const char *from = constraint->object.name;
	bool assumed = constraint->object.assumed;
	object_rename(catalog, &constraint->object, name);
	if (constraint->kind == CONSTRAINT_NOT_NULL && constraint->columns.count)
		CHANGE(catalog, constraint->columns.items[0]->not_null_name, constraint->object.name);
	if (parts_unknown(catalog, relation))
		remember_part_gone(catalog, relation, OBJECT_CONSTRAINT, from, assumed);
	return NULL;
}

const char *apply_rename_constraint(Apply *apply)
{
	Relation *relation;
	Constraint *constraint;
	const char *sqlstate;
	if (!find_subject(apply, &relation, &constraint, &sqlstate))
		return sqlstate;
	if (constraint->inherited)
		return INVALID_TABLE_DEFINITION;
	const char *from = constraint->object.name;
	sqlstate = rename_one(apply->catalog, relation, constraint, apply->action->new_name);
	if (sqlstate || constraint->kind != CONSTRAINT_CHECK)
		return sqlstate;
	Arena scratch = {0};
	Relation **tree;
	uint32_t count;
	relation_tree(&scratch, relation, &tree, &count);
	for (uint32_t i = 1; i < count && !sqlstate; i++) {
		Constraint *copy = find_constraint(tree[i], from);
		if (copy && copy->inherited)
			sqlstate = rename_one(apply->catalog, tree[i], copy, apply->action->new_name);
	}
	arena_free(&scratch);
	return sqlstate;
}
