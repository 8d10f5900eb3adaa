/* RENAME and SET SCHEMA of objects that have no file of their own. */
#include "catalog/inside.h"

/* --- RENAME ------------------------------------------------------------------------------------------------------- */

static const char *rename_schema(Catalog *catalog, Object *schema, const char *name)
{
	const char *from = schema->name, *to = catalog_intern(catalog, name);
	if (find_schema(catalog, to))
		return DUPLICATE_SCHEMA;
	object_rename(catalog, schema, to);
	for (uint32_t i = 0; i < catalog->objects.count; i++)
		if (catalog->objects.items[i]->schema == from && !catalog->objects.items[i]->dropped)
			object_move(catalog, catalog->objects.items[i], to);
	return NULL;
}

static const char *rename_routine(Catalog *catalog, Function *function, const char *name)
{
	Object *other = find_in_schema(catalog, CLASS_ROUTINE, function->object.schema, name);
	for (; other; other = other->next_same) {
		const Function *same_name = (const Function *)other;
		bool equal = same_name->arguments.count == function->arguments.count;
		for (uint32_t i = 0; equal && i < function->arguments.count; i++)
			equal = same_type(&same_name->arguments.items[i], &function->arguments.items[i]);
		if (equal)
			return DUPLICATE_FUNCTION;
	}
	signature_gone(catalog, function);
	object_rename(catalog, &function->object, name);
	return NULL;
}

static const char *rename_type(Catalog *catalog, Type *type, const char *name)
{
	if (type->kind == TYPE_COMPOSITE && !relation_name_free(catalog, type->object.schema, name))
		return DUPLICATE_TABLE;
	if (!type_name_free(catalog, type->object.schema, name))
		return DUPLICATE_OBJECT;
	object_rename(catalog, &type->object, name);
	return NULL;
}

const char *apply_rename_object(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	if (action->object_kind == OBJECT_ATTRIBUTE)
		return apply_rename_attribute(apply);
	if (name_class(action->object_kind) == CLASS_RELATION)
		return apply_rename_table(apply);
	const char *sqlstate = NULL, *name = action->new_name;
	if (action->object_kind == OBJECT_POLICY) { /* the new name is looked for first */
		Relation *table = find_relation(catalog, apply->path, action->relation);
		if (table && find_policy(table, name))
			return DUPLICATE_OBJECT;
	}
	Object *object = action_target(apply, &sqlstate);
	if (!object)
		return sqlstate;
	switch (name_class(object->kind)) {
	case CLASS_ROUTINE:
		return rename_routine(catalog, (Function *)object, name);
	case CLASS_TYPE:
		return rename_type(catalog, (Type *)object, name);
	default:
		break;
	}
	if (object->kind == OBJECT_SCHEMA)
		return rename_schema(catalog, object, name);
	if (object->parent && find_part(apply, (Relation *)object->parent, object->kind, name))
		return DUPLICATE_OBJECT;
	if (!object->parent && find_in_schema(catalog, name_class(object->kind), object->schema, name))
		return DUPLICATE_OBJECT;
	object_rename(catalog, object, name);
	return NULL;
}

/* --- SET SCHEMA --------------------------------------------------------------------------------------------------- */

static const char *move_relation(Catalog *catalog, Relation *relation, const char *schema)
{
	if (!relation_name_free(catalog, schema, relation->object.name))
		return DUPLICATE_TABLE;
	if (has_row_type(relation) && !type_name_free(catalog, schema, relation->object.name))
		return DUPLICATE_OBJECT;
	object_move(catalog, &relation->object, schema);
	for (uint32_t i = 0; i < relation->indexes.count; i++) {
		if (!relation_name_free(catalog, schema, relation->indexes.items[i]->object.name))
			return DUPLICATE_TABLE;
		object_move(catalog, &relation->indexes.items[i]->object, schema);
	}
	for (uint32_t i = 0; i < relation->columns.count; i++) {
		Relation *sequence = relation->columns.items[i]->sequence;
		if (sequence && !relation_name_free(catalog, schema, sequence->object.name))
			return DUPLICATE_TABLE;
		if (sequence)
			object_move(catalog, &sequence->object, schema);
	}
	return NULL;
}

const char *apply_set_schema(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Object *object = action_target(apply, &sqlstate);
	if (!object)
		return sqlstate;
	Name target = {action->other.schema ? action->other.schema : action->other.name, "?"};
	const char *schema = creation_schema(catalog, apply->path, target, &sqlstate);
	if (!schema)
		return sqlstate;
	if (object->kind == OBJECT_EXTENSION) {
		CHANGE(catalog, object->definition, schema);
		return NULL;
	}
	if (object->schema == schema)
		return NULL;
	switch (name_class(object->kind)) {
	case CLASS_RELATION: {
		Relation *relation = (Relation *)object;
		/* Indexes and the sequences of columns go where their table goes. */
		if (relation->table)
			return WRONG_OBJECT_TYPE;
		if (relation->owned_by)
			return FEATURE_NOT_SUPPORTED;
		return move_relation(catalog, relation, schema);
	}
	case CLASS_TYPE:
		if (!type_name_free(catalog, schema, object->name))
			return DUPLICATE_OBJECT;
		break;
	case CLASS_ROUTINE:
		signature_gone(catalog, (Function *)object);
		break;
	default:
		if (find_in_schema(catalog, name_class(object->kind), schema, object->name))
			return DUPLICATE_OBJECT;
	}
	object_move(catalog, object, schema);
	return NULL;
}
