/* DROP of everything, and what it takes along. */
#include "catalog/inside.h"

/* --- Taking objects out ------------------------------------------------------------------------------------------- */

static void take_out_of_relation(Catalog *catalog, Object *object)
{
	Relation *relation = (Relation *)object->parent;
	if (relation->object.dropped)
		return;
	switch (object->kind) {
	case OBJECT_COLUMN:
		list_remove(catalog, &relation->columns, object);
		break;
	case OBJECT_CONSTRAINT:
		list_remove(catalog, &relation->constraints, object);
		break;
	case OBJECT_TRIGGER:
		list_remove(catalog, &relation->triggers, object);
		break;
	case OBJECT_POLICY:
		list_remove(catalog, &relation->policies, object);
		break;
	case OBJECT_RULE:
		list_remove(catalog, &relation->rules, object);
		break;
	default:
		break;
	}
	if (parts_unknown(catalog, relation))
		remember_part_gone(catalog, relation, object->kind, object->name,
				   object->assumed || object->in_place_of_unknown);
}

static void take_out_of_type(Catalog *catalog, Object *object)
{
	Type *type = (Type *)object->parent;
	if (object->kind == OBJECT_DOMAIN_CONSTRAINT)
		list_remove(catalog, &type->constraints, object);
	else
		list_remove(catalog, &type->attributes, object);
}

static void take_out_relation(Catalog *catalog, Relation *relation)
{
	if (relation->table && !relation->table->object.dropped)
		list_remove(catalog, &relation->table->indexes, relation);
	if (relation->parent_index && !relation->parent_index->object.dropped)
		list_remove(catalog, &relation->parent_index->child_indexes, relation);
	for (uint32_t i = 0; i < relation->parents.count; i++)
		if (!relation->parents.items[i]->object.dropped)
			list_remove(catalog, &relation->parents.items[i]->children, relation);
	if (relation->owned_by && relation->owned_by->sequence == relation)
		CHANGE(catalog, relation->owned_by->sequence, NULL);
	if (relation->persistence == 't')
		list_remove(catalog, &catalog->temporary, relation);
}

static void take_out_default(Catalog *catalog, Column *column)
{
	CHANGE(catalog, column->default_object, NULL);
	CHANGE(catalog, column->default_expr, NULL);
}

static void take_out(Catalog *catalog, Object *object)
{
	depend_clear(catalog, object);
	if (name_class(object->kind) == CLASS_ROUTINE)
		signature_gone(catalog, (Function *)object);
	if (object->kind == OBJECT_DEFAULT)
		take_out_default(catalog, (Column *)object->parent);
	else if (object->parent && name_class(object->parent->kind) == CLASS_TYPE)
		take_out_of_type(catalog, object);
	else if (object->parent)
		take_out_of_relation(catalog, object);
	else if (name_class(object->kind) == CLASS_RELATION)
		take_out_relation(catalog, (Relation *)object);
	if (object->kind == OBJECT_CONSTRAINT && ((Constraint *)object)->kind == CONSTRAINT_NOT_NULL)
		for (uint32_t i = 0; i < ((Constraint *)object)->columns.count; i++)
			clear_not_null(catalog, ((Constraint *)object)->columns.items[i]);
}

static void remove_all(Catalog *catalog, const ObjectList *gone)
{
	/* All are marked before the first is taken out: nobody bothers to leave a list of what goes too. */
	for (uint32_t i = 0; i < gone->count; i++)
		object_forget(catalog, gone->items[i]);
	for (uint32_t i = 0; i < gone->count; i++)
		take_out(catalog, gone->items[i]);
}

void object_remove(Catalog *catalog, Object *object)
{
	ObjectList gone = {0};
	Object *blocker;
	Arena scratch = {0};
	drop_closure(&scratch, catalog, object, true, &gone, &blocker);
	remove_all(catalog, &gone);
	arena_free(&scratch);
}

/* --- Finding what to drop ----------------------------------------------------------------------------------------- */

static ObjectKind kind_dropped(const Action *action)
{
	if (action->object_kind)
		return action->object_kind;
	switch (action->kind) {
	case ACTION_DROP_TABLE:
		return OBJECT_TABLE;
	case ACTION_DROP_INDEX:
		return OBJECT_INDEX;
	case ACTION_DROP_VIEW:
		return OBJECT_VIEW;
	case ACTION_DROP_MATERIALIZED_VIEW:
		return OBJECT_MATERIALIZED_VIEW;
	case ACTION_DROP_TYPE:
		return OBJECT_TYPE;
	case ACTION_DROP_SEQUENCE:
		return OBJECT_SEQUENCE;
	case ACTION_DROP_SCHEMA:
		return OBJECT_SCHEMA;
	case ACTION_DROP_FUNCTION:
		return OBJECT_FUNCTION;
	case ACTION_DROP_EXTENSION:
		return OBJECT_EXTENSION;
	default:
		return OBJECT_NONE;
	}
}

/* DROP TYPE may be said of a domain, DROP DOMAIN only of domains; foreign tables have a DROP of their own. */
static bool right_kind(const Object *object, ObjectKind kind)
{
	if (object->kind == kind || object->assumed)
		return true;
	return (kind == OBJECT_TYPE && object->kind == OBJECT_DOMAIN) || kind == OBJECT_ROUTINE;
}

static Object *find_dropped(Apply *apply, const Action *action, const char **sqlstate)
{
	ObjectKind kind = kind_dropped(action);
	if (name_class(kind) != CLASS_ROUTINE)
		return find_object(apply->catalog, apply->path, kind, kept_name(apply, action));
	bool several = false;
	const FunctionDef *def = action->function && action->function->arguments_given ? action->function : NULL;
	Function *function = find_function(apply->catalog, apply->path, action->relation, def, &several);
	if (several && !def)
		*sqlstate = AMBIGUOUS_FUNCTION;
	return function ? &function->object : NULL;
}

bool outlives_database(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_ROLE:
	case OBJECT_DATABASE:
	case OBJECT_TABLESPACE:
	case OBJECT_COLLATION:
	case OBJECT_LANGUAGE:
	case OBJECT_CAST:
	case OBJECT_OPERATOR:
	case OBJECT_OPERATOR_CLASS:
	case OBJECT_OPERATOR_FAMILY:
	case OBJECT_ACCESS_METHOD:
	case OBJECT_SUBSCRIPTION:
		return true;
	default:
		return false;
	}
}

static const char *drop_missing(Apply *apply)
{
	const Action *action = apply->action;
	ObjectKind kind = kind_dropped(action);
	NameClass class = name_class(kind);
	bool open = may_assume_kind(apply->catalog, kind) || outlives_database(kind);
	if (!open && action->relation.schema && !action->if_exists &&
	    !find_schema(apply->catalog, action->relation.schema))
		return UNDEFINED_SCHEMA;
	/* A composite type has a name among the relations, a table one among the types. */
	const Type *type = class == CLASS_RELATION ? find_type(apply->catalog, apply->path, action->relation) : NULL;
	const Relation *relation =
	    class == CLASS_TYPE ? find_relation(apply->catalog, apply->path, action->relation) : NULL;
	if (type && type->kind == TYPE_COMPOSITE)
		return WRONG_OBJECT_TYPE;
	if (relation && has_row_type(relation))
		return DEPENDENT_OBJECTS_EXIST;
	Name name = action->relation;
	if (class == CLASS_ROUTINE && known_gone(apply->catalog, apply->path, class, name))
		open = false;
	if (class == CLASS_ROUTINE)
		name.name = routine_signature(apply, action);
	if (action->if_exists) {
		if (open)
			remember_gone(apply->catalog, apply->path, class, name, GONE_CHECKED);
		return NULL;
	}
	if (!open || known_gone(apply->catalog, apply->path, class, name))
		return undefined_object(kind, true);
	remember_gone(apply->catalog, apply->path, class, name, GONE_DROPPED);
	return NULL;
}

/* --- Dropping ----------------------------------------------------------------------------------------------------- */

static void drop_together(Catalog *catalog, Object *object)
{
	object->dropped_with = catalog->dropping.number;
	array_push(catalog->arena, &catalog->dropping.objects, object);
}

/* DROP TABLE a, b: what the rest of the same statement drops does not stand in the way. */
static void dropped_later(Apply *apply, Object *object)
{
	Catalog *catalog = apply->catalog;
	const Action *action = apply->action;
	catalog->dropping.objects.count = 0;
	catalog->dropping.number++;
	drop_together(catalog, object);
	if (action->in_alter || action->object)
		return;
	for (const Action *next = next_part(action); next && next->kind == action->kind; next = next_part(next)) {
		const char *ignored = NULL;
		Object *later = find_dropped(apply, next, &ignored);
		if (later)
			drop_together(catalog, later);
	}
}

/* Left to a later part of the statement: one of its objects, or a part of one. Foreign keys between them go now. */
static bool left_for_later(const Catalog *catalog, const Object *dropped, const Object *object)
{
	const Object *parent = object->kind == OBJECT_CONSTRAINT ? NULL : object->parent;
	return (object != dropped && object->dropped_with == catalog->dropping.number) ||
	       (parent && parent != dropped && parent->dropped_with == catalog->dropping.number);
}

static const char *drop_with(Apply *apply, Arena *scratch, Object *object, bool cascade)
{
	Catalog *catalog = apply->catalog;
	ObjectList gone = {0}, now = {0};
	Object *blocker = NULL;
	if (catalog->dropping.next != apply->action) {
		dropped_later(apply, object);
		ObjectList together = {catalog->dropping.objects.items, catalog->dropping.objects.count, 0};
		closure_of(scratch, catalog, &together, cascade, &gone, &blocker);
	}
	bool together = catalog->dropping.objects.count > 1;
	catalog->dropping.next = together && !blocker ? next_part(apply->action) : NULL;
	if (blocker)
		return DEPENDENT_OBJECTS_EXIST;
	if (together) {
		gone = (ObjectList){0};
		drop_closure(scratch, catalog, object, true, &gone, &blocker);
	}
	for (uint32_t i = 0; i < gone.count; i++)
		if (!left_for_later(catalog, object, gone.items[i]))
			array_push(scratch, &now, gone.items[i]);
	remove_all(catalog, &now);
	return NULL;
}

const char *object_drop(Apply *apply, Object *object, bool cascade)
{
	Arena scratch = {0};
	const char *sqlstate = drop_with(apply, &scratch, object, cascade);
	arena_free(&scratch);
	return sqlstate;
}

/* Some other object owns it and must be dropped instead: a constraint its index, an identity column its sequence. */
static bool is_internal(const Object *object)
{
	if (name_class(object->kind) != CLASS_RELATION)
		return false;
	const Relation *relation = (const Relation *)object;
	return relation->constraint || relation->parent_index || (relation->owned_by && relation->identity_sequence);
}

/* DROP TABLE a, b: all names are looked up before the first goes. */
static const char *wrong_later(Apply *apply)
{
	const Action *action = apply->action;
	bool looked_up = may_assume(apply->catalog) || apply->catalog->dropping.next == action;
	for (const Action *next = next_part(action); !looked_up && next && next->kind == action->kind; next = next_part(next)) {
		const char *sqlstate = NULL;
		const Object *object = find_dropped(apply, next, &sqlstate);
		if (sqlstate)
			return sqlstate;
		if (object && !right_kind(object, kind_dropped(next)))
			return WRONG_OBJECT_TYPE;
		if (!object && !next->if_exists && !outlives_database(kind_dropped(next)))
			return undefined_object(kind_dropped(next), true);
	}
	return NULL;
}

/* DROP FUNCTION f(nothing) */
static const char *undefined_argument(Apply *apply)
{
	const FunctionDef *def = apply->action->function;
	for (uint32_t i = 0; def && i < def->arguments.count; i++) {
		const TypeRef *type = &def->arguments.items[i].type;
		const char *sqlstate =
		    known_type(apply->catalog, apply->path, type).name ? NULL : undefined_type(apply->catalog, type);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

const char *apply_drop(Apply *apply)
{
	const Action *action = apply->action;
	if (!action->relation.name)
		return NULL;
	const char *sqlstate = NULL;
	Object *object = find_dropped(apply, action, &sqlstate);
	if (!object && !sqlstate && !action->if_exists)
		sqlstate = undefined_argument(apply);
	if (sqlstate)
		return sqlstate;
	if (!object)
		return drop_missing(apply);
	if (!right_kind(object, kind_dropped(action)))
		return WRONG_OBJECT_TYPE;
	sqlstate = apply->catalog->in_block ? NULL : wrong_later(apply);
	if (sqlstate)
		return sqlstate;
	if (is_internal(object))
		return DEPENDENT_OBJECTS_EXIST;
	if (action->concurrently && is_partitioned((const Relation *)object))
		return FEATURE_NOT_SUPPORTED;
	return object_drop(apply, object, action->cascade);
}
