/*
 * The name table: (class, schema, name) -> the objects of that name.
 *
 * Keys are made of interned pointers. A slot, once made, stays in the map; what it holds changes under the journal.
 * Undo therefore never has to take a key out of the map.
 */
#include "catalog/inside.h"

NameClass name_class(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
	case OBJECT_SEQUENCE:
		return CLASS_RELATION;
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
		return CLASS_TYPE;
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_AGGREGATE:
	case OBJECT_ROUTINE:
		return CLASS_ROUTINE;
	case OBJECT_CONSTRAINT:
	case OBJECT_DOMAIN_CONSTRAINT:
		return CLASS_CONSTRAINT;
	case OBJECT_COLUMN:
	case OBJECT_DEFAULT:
	case OBJECT_ATTRIBUTE:
	case OBJECT_ENUM_LABEL:
	case OBJECT_TRIGGER:
	case OBJECT_RULE:
	case OBJECT_POLICY:
		return CLASS_NONE;
	default:
		return CLASS_OTHER + (NameClass)kind;
	}
}

const NameSlot *find_slot(const Catalog *catalog, NameClass class, const char *schema, const char *name)
{
	NameKey key = {known_string(catalog, schema), known_string(catalog, name), class};
	if (!key.name || (schema && !key.schema))
		return NULL;
	return map_get(&catalog->names, (const char *)&key, sizeof key);
}

/* Schema and name are interned. */
static NameSlot *make_slot(Catalog *catalog, NameClass class, const void *schema, const char *name)
{
	NameKey key = {schema, name, class};
	NameSlot *slot = map_get(&catalog->names, (const char *)&key, sizeof key);
	if (!slot) {
		slot = new (catalog->arena, NameSlot);
		slot->key = key;
		map_set(catalog->arena, &catalog->names, (const char *)&slot->key, sizeof slot->key, slot);
	}
	return slot;
}

/* Constraints are found in their table's schema. */
static const char *schema_of_name(const Object *object)
{
	return name_class(object->kind) == CLASS_CONSTRAINT && object->parent ? object->parent->schema : object->schema;
}

/* --- Parts of relations ------------------------------------------------------------------------------------------- */

static Relation *relation_of_part(const Object *part)
{
	bool is_part = part->parent && name_class(part->parent->kind) == CLASS_RELATION;
	return is_part ? (Relation *)part->parent : NULL;
}

static NameSlot *part_slot(const Relation *relation, ObjectKind kind, const char *name)
{
	NameKey key = {relation, relation->catalog ? known_string(relation->catalog, name) : NULL, CLASS_PART + kind};
	return key.name ? map_get(&relation->catalog->names, (const char *)&key, sizeof key) : NULL;
}

Object *find_part_by_name(const Relation *relation, ObjectKind kind, const char *name)
{
	const NameSlot *slot = part_slot(relation, kind, name);
	return slot ? slot->first : NULL;
}

static uint32_t parts_of_kind(const Relation *relation, ObjectKind kind)
{
	return kind == OBJECT_COLUMN	   ? relation->columns.count
	       : kind == OBJECT_CONSTRAINT ? relation->constraints.count
	       : kind == OBJECT_TRIGGER	   ? relation->triggers.count
	       : kind == OBJECT_POLICY	   ? relation->policies.count
	       : kind == OBJECT_RULE	   ? relation->rules.count
					   : 0;
}

static void link_part(Catalog *catalog, Object *part)
{
	const Relation *relation = relation_of_part(part);
	if (!relation || parts_of_kind(relation, part->kind) < FEW_PARTS)
		return;
	NameSlot *slot = make_slot(catalog, CLASS_PART + part->kind, relation, part->name);
	if (!slot->first)
		CHANGE_LASTING(catalog, slot->first, part);
}

static void unlink_part(Catalog *catalog, const Object *part)
{
	const Relation *relation = relation_of_part(part);
	NameSlot *slot = relation ? part_slot(relation, part->kind, part->name) : NULL;
	if (slot && slot->first == part)
		CHANGE_LASTING(catalog, slot->first, NULL);
}

bool part_gone(const Relation *relation, ObjectKind kind, const char *name)
{
	const NameSlot *slot = relation->gone_parts ? part_slot(relation, kind, name) : NULL;
	return slot && slot->gone;
}

void remember_part_gone(Catalog *catalog, Relation *relation, ObjectKind kind, const char *name, bool was_assumed)
{
	if (part_gone(relation, kind, name))
		return;
	NameSlot *slot = make_slot(catalog, CLASS_PART + kind, relation, catalog_intern(catalog, name));
	CHANGE_LASTING(catalog, slot->gone, was_assumed ? GONE_DROPPED : GONE_CHECKED);
	CHANGE(catalog, relation->gone_parts, true);
}

/* A name that was known to be free is taken again. */
static void note_part_made(Catalog *catalog, Object *part)
{
	const Relation *relation = relation_of_part(part);
	NameSlot *slot = relation && relation->gone_parts ? part_slot(relation, part->kind, part->name) : NULL;
	if (!slot || !slot->gone)
		return;
	part->in_place_of_unknown = slot->gone == GONE_DROPPED;
	CHANGE_LASTING(catalog, slot->gone, GONE_UNKNOWN);
}

/* --- Linking ------------------------------------------------------------------------------------------------------ */

static void link_name(Catalog *catalog, Object *object)
{
	link_part(catalog, object);
	NameClass class = name_class(object->kind);
	if (class == CLASS_NONE)
		return;
	NameSlot *slot = make_slot(catalog, class, schema_of_name(object), object->name);
	if (slot->gone) {
		CHANGE(catalog, object->in_place_of_unknown, slot->gone == GONE_DROPPED);
		CHANGE_LASTING(catalog, slot->gone, GONE_UNKNOWN);
	}
	CHANGE(catalog, object->next_same, slot->first);
	CHANGE_LASTING(catalog, slot->first, object);
}

static void unlink_name(Catalog *catalog, Object *object)
{
	unlink_part(catalog, object);
	NameClass class = name_class(object->kind);
	if (class == CLASS_NONE)
		return;
	NameSlot *slot = make_slot(catalog, class, schema_of_name(object), object->name);
	for (Object **place = &slot->first; *place; place = &(*place)->next_same)
		if (*place == object) {
			CHANGE_LASTING(catalog, *place, object->next_same);
			break;
		}
	if (!slot->first)
		CHANGE_LASTING(catalog, slot->gone,
		       object->assumed || object->in_place_of_unknown ? GONE_DROPPED : GONE_CHECKED);
}

void *object_new(Catalog *catalog, ObjectKind kind, size_t size, const char *schema, const char *name, Object *parent)
{
	Object *object = arena_alloc(catalog->arena, size, 1);
	object->kind = kind;
	object->schema = catalog_intern(catalog, schema);
	object->name = catalog_intern(catalog, name);
	object->parent = parent;
	object->made_in = catalog->migration;
	object->made_by = catalog->statement;
	object->number = catalog->objects.count;
	CHANGE_PUSH(catalog, &catalog->objects, object);
	journal_note(catalog, object);
	if (name_class(kind) == CLASS_RELATION)
		((Relation *)(void *)object)->catalog = catalog;
	note_part_made(catalog, object);
	link_name(catalog, object);
	return object;
}

Object *mark_assumed(Object *object)
{
	/* Just made, so undo forgets it as a whole: no journal needed. */
	object->assumed = true;
	object->made_in = object->made_by = 0;
	return object;
}

void object_rename(Catalog *catalog, Object *object, const char *name)
{
	unlink_name(catalog, object);
	CHANGE(catalog, object->name, catalog_intern(catalog, name));
	link_name(catalog, object);
}

void object_move(Catalog *catalog, Object *object, const char *schema)
{
	Relation *relation = name_class(object->kind) == CLASS_RELATION ? (Relation *)object : NULL;
	for (uint32_t i = 0; relation && i < relation->constraints.count; i++)
		unlink_name(catalog, &relation->constraints.items[i]->object);
	unlink_name(catalog, object);
	CHANGE(catalog, object->schema, catalog_intern(catalog, schema));
	link_name(catalog, object);
	for (uint32_t i = 0; relation && i < relation->constraints.count; i++)
		link_name(catalog, &relation->constraints.items[i]->object);
}

void object_forget(Catalog *catalog, Object *object)
{
	unlink_name(catalog, object);
	CHANGE(catalog, object->dropped, true);
}

/* --- Looking up --------------------------------------------------------------------------------------------------- */

Object *find_in_schema(const Catalog *catalog, NameClass class, const char *schema, const char *name)
{
	const NameSlot *slot = find_slot(catalog, class, schema, name);
	return slot ? slot->first : NULL;
}

/* Both are interned. */
static Object *find_known(const Catalog *catalog, NameClass class, const char *schema, const char *name)
{
	NameKey key = {schema, name, class};
	const NameSlot *slot = schema ? map_get(&catalog->names, (const char *)&key, sizeof key) : NULL;
	return slot ? slot->first : NULL;
}

static uint32_t path_length(SearchPath path)
{
	return path.count ? path.count : 1;
}

static const char *path_schema(SearchPath path, uint32_t i)
{
	return path.count ? path.schemas[i] : "public";
}

static const char *known_schema(const Catalog *catalog, SearchPath path, uint32_t i)
{
	const char *schema = path_schema(path, i);
	return same(schema, catalog->public_name) ? catalog->public_name : known_string(catalog, schema);
}

Object *find_in_path(const Catalog *catalog, SearchPath path, NameClass class, Name name)
{
	if (!name.name)
		return NULL;
	if (name.schema)
		return find_in_schema(catalog, class, name.schema, name.name);
	const char *known = known_string(catalog, name.name);
	if (!known)
		return NULL;
	Object *found = NULL;
	if (class == CLASS_RELATION || class == CLASS_TYPE)
		found = find_known(catalog, class, catalog->temporary_name, known);
	for (uint32_t i = 0; !found && i < path_length(path); i++)
		found = find_known(catalog, class, known_schema(catalog, path, i), known);
	return found ? found : find_known(catalog, class, catalog->system_name, known);
}

bool may_assume(const Catalog *catalog)
{
	return !catalog->closed || catalog->partial;
}

bool may_assume_kind(const Catalog *catalog, ObjectKind kind)
{
	bool table_or_view = kind == OBJECT_TABLE || kind == OBJECT_VIEW || kind == OBJECT_MATERIALIZED_VIEW;
	return may_assume(catalog) && !(catalog->closed && catalog->tables_known && table_or_view);
}

/*
 * The one schema in which an unknown object is taken to be: its own, or the path's first. What is dropped unknown is
 * remembered there, too.
 */
const char *assumed_schema(Catalog *catalog, SearchPath path, Name name)
{
	return catalog_intern(catalog, name.schema ? name.schema : path_schema(path, 0));
}

bool known_gone(const Catalog *catalog, SearchPath path, NameClass class, Name name)
{
	if (!name.schema) {
		for (uint32_t i = 0; i < path_length(path); i++) {
			const NameSlot *slot = find_slot(catalog, class, path_schema(path, i), name.name);
			if (slot && slot->gone)
				return true;
		}
		const NameSlot *slot = find_slot(catalog, class, NULL, name.name);
		return slot && slot->gone;
	}
	const NameSlot *slot = find_slot(catalog, class, name.schema, name.name);
	if (slot && slot->gone)
		return true;
	slot = find_slot(catalog, name_class(OBJECT_SCHEMA), NULL, name.schema);
	return slot && slot->gone;
}

void set_gone(Catalog *catalog, NameClass class, const char *schema, const char *name, enum Gone gone)
{
	NameSlot *slot = make_slot(catalog, class, schema, catalog_intern(catalog, name));
	if (slot->gone != gone)
		CHANGE_LASTING(catalog, slot->gone, gone);
}

void remember_gone(Catalog *catalog, SearchPath path, NameClass class, Name name, enum Gone gone)
{
	if (!name.name)
		return;
	bool without_schema = class >= CLASS_OTHER && !name.schema;
	set_gone(catalog, class, without_schema ? NULL : assumed_schema(catalog, path, name), name.name, gone);
}

bool relation_name_free(const Catalog *catalog, const char *schema, const char *name)
{
	if (find_in_schema(catalog, CLASS_RELATION, schema, name))
		return false;
	const Type *type = (const Type *)find_in_schema(catalog, CLASS_TYPE, schema, name);
	return !type || type->kind != TYPE_COMPOSITE;
}

bool type_name_free(const Catalog *catalog, const char *schema, const char *name)
{
	/* In a closed world what was only assumed (an extension's, by its looks) gives way to a definition. */
	const Object *type = find_in_schema(catalog, CLASS_TYPE, schema, name);
	if (type && !(type->assumed && catalog->closed))
		return false;
	const Relation *relation = (const Relation *)find_in_schema(catalog, CLASS_RELATION, schema, name);
	return !relation || !has_row_type(relation);
}

/* Who sets up a server often makes the schemas that the migrations then fill: one that no migration ever dropped is there. */
static bool schema_usable(Catalog *catalog, const char *name)
{
	if (find_schema(catalog, name))
		return true;
	Name schema = {NULL, name};
	if ((!may_assume(catalog) && !catalog->shared) ||
	    known_gone(catalog, (SearchPath){0}, name_class(OBJECT_SCHEMA), schema))
		return false;
	mark_assumed(object_new(catalog, OBJECT_SCHEMA, sizeof(Object), NULL, name, NULL));
	return true;
}

const char *creation_schema(Catalog *catalog, SearchPath path, Name name, const char **sqlstate)
{
	if (name.schema) {
		if (schema_usable(catalog, name.schema))
			return catalog_intern(catalog, name.schema);
	} else {
		/* PostgreSQL skips the schemas of a search_path that are not there. */
		for (uint32_t i = 0; i < path_length(path) && !may_assume(catalog); i++)
			if (find_schema(catalog, path_schema(path, i)))
				return catalog_intern(catalog, path_schema(path, i));
		for (uint32_t i = 0; i < path_length(path); i++)
			if (schema_usable(catalog, path_schema(path, i)))
				return catalog_intern(catalog, path_schema(path, i));
	}
	*sqlstate = UNDEFINED_SCHEMA;
	return NULL;
}

static Object *only_object(const Catalog *catalog, NameClass class, const char *name)
{
	Object *found = NULL;
	array_each (Object *, object, &catalog->objects) {
		if ((*object)->dropped || name_class((*object)->kind) != class || !same((*object)->name, name))
			continue;
		if (found)
			return NULL;
		found = *object;
	}
	return found;
}

Relation *only_relation(const Catalog *catalog, const char *name)
{
	return (Relation *)only_object(catalog, CLASS_RELATION, name);
}

Type *only_type(const Catalog *catalog, const char *name)
{
	return (Type *)only_object(catalog, CLASS_TYPE, name);
}
