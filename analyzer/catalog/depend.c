/*
 * Who needs whom, and what DROP takes with it.
 *
 * Parts of a relation (columns, constraints, indexes, triggers, policies, rules) are found through its lists; only
 * needs across objects are recorded with depend(). https://www.postgresql.org/docs/current/ddl-depend.html
 */
#include "catalog/inside.h"

void depend(Catalog *catalog, Object *user, Object *used, DependKind kind)
{
	if (!user || !used || user == used)
		return;
	for (const Depend *old = user->uses; old; old = old->next_used)
		if (!old->gone && old->used == used && old->kind == kind)
			return;
	Depend *need = new (catalog->arena, Depend);
	*need = (Depend){.user = user, .used = used, .kind = kind, .next_used = user->uses, .next_user = used->users};
	CHANGE(catalog, user->uses, need);
	CHANGE(catalog, used->users, need);
}

void depend_clear(Catalog *catalog, Object *user)
{
	for (Depend *need = user->uses; need; need = need->next_used)
		if (!need->gone)
			CHANGE(catalog, need->gone, true);
	CHANGE(catalog, user->uses, NULL);
}

void depend_clear_kind(Catalog *catalog, Object *user, ObjectKind used_kind)
{
	for (Depend *need = user->uses; need; need = need->next_used)
		if (!need->gone && need->used->kind == used_kind)
			CHANGE(catalog, need->gone, true);
}

/* --- The closure -------------------------------------------------------------------------------------------------- */

typedef struct Reached {
	Object *object;
	bool silent; /* reached by an AUTO or INTERNAL need, or named: RESTRICT does not mind */
} Reached;

typedef struct Closure {
	Arena *arena;
	ARRAY(Reached) reached;
	Map places; /* Object -> Reached's number + 1, once there are many */
} Closure;

static uint32_t place_of(const Closure *closure, const Object *object)
{
	return (uint32_t)(uintptr_t)map_get(&closure->places, (const char *)&object, sizeof object);
}

static void reach(Closure *closure, Object *object, bool silent)
{
	if (!object || object->dropped)
		return;
	uint32_t place = place_of(closure, object);
	if (place) {
		if (silent)
			closure->reached.items[place - 1].silent = true;
		return;
	}
	array_push(closure->arena, &closure->reached, (Reached){object, silent});
	Object **key = new (closure->arena, Object *);
	*key = object;
	map_set(closure->arena, &closure->places, (const char *)key, sizeof *key,
		(void *)(uintptr_t)closure->reached.count);
}

static void reach_parts_of_relation(Closure *closure, const Relation *relation)
{
	for (uint32_t i = 0; i < relation->columns.count; i++)
		reach(closure, &relation->columns.items[i]->object, true);
	for (uint32_t i = 0; i < relation->constraints.count; i++)
		reach(closure, &relation->constraints.items[i]->object, true);
	for (uint32_t i = 0; i < relation->indexes.count; i++)
		reach(closure, &relation->indexes.items[i]->object, true);
	for (uint32_t i = 0; i < relation->triggers.count; i++)
		reach(closure, &relation->triggers.items[i]->object, true);
	for (uint32_t i = 0; i < relation->policies.count; i++)
		reach(closure, relation->policies.items[i], true);
	for (uint32_t i = 0; i < relation->rules.count; i++)
		reach(closure, &relation->rules.items[i]->object, true);
	for (uint32_t i = 0; i < relation->children.count; i++)
		reach(closure, &relation->children.items[i]->object, relation->children.items[i]->is_partition);
	for (uint32_t i = 0; i < relation->child_indexes.count; i++)
		reach(closure, &relation->child_indexes.items[i]->object, true);
}

/* A column takes every constraint and index that mentions it, those with other columns too. */
static void reach_parts_of_column(Closure *closure, Column *column)
{
	reach(closure, column->default_object, true);
	if (column->object.parent->kind == OBJECT_TYPE)
		return;
	const Relation *relation = (const Relation *)column->object.parent;
	for (uint32_t i = 0; i < relation->constraints.count; i++)
		if (constraint_has_column(relation->constraints.items[i], column))
			reach(closure, &relation->constraints.items[i]->object, true);
	for (uint32_t i = 0; i < relation->indexes.count; i++)
		if (index_has_column(relation->indexes.items[i], column))
			reach(closure, &relation->indexes.items[i]->object, true);
}

static void reach_parts(Closure *closure, const Catalog *catalog, Object *object)
{
	switch (object->kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
		reach_parts_of_relation(closure, (Relation *)object);
		break;
	case OBJECT_COLUMN:
		reach_parts_of_column(closure, (Column *)object);
		break;
	case OBJECT_CONSTRAINT:
		if (own_index((Constraint *)object))
			reach(closure, &own_index((Constraint *)object)->object, true);
		break;
	case OBJECT_TYPE:
	case OBJECT_DOMAIN: {
		const Type *type = (const Type *)object;
		for (uint32_t i = 0; i < type->constraints.count; i++)
			reach(closure, &type->constraints.items[i]->object, true);
		for (uint32_t i = 0; i < type->attributes.count; i++)
			reach(closure, &type->attributes.items[i]->object, true);
		break;
	}
	case OBJECT_SCHEMA:
		/* Which schema something is in stands in its name only. */
		for (uint32_t i = 0; i < catalog->objects.count; i++)
			if (catalog->objects.items[i]->schema == object->name)
				reach(closure, catalog->objects.items[i], false);
		break;
	default:
		break;
	}
}

/* What a need makes go when the used object goes: a composite's attribute takes the type with it only as a column. */
static void reach_users(Closure *closure, const Object *object)
{
	for (const Depend *need = object->users; need; need = need->next_user)
		if (!need->gone && !need->user->dropped)
			reach(closure, need->user, need->kind != DEPEND_NORMAL);
}

void closure_of(Arena *arena, const Catalog *catalog, const ObjectList *roots, bool cascade, ObjectList *gone,
		Object **blocker)
{
	Closure closure = {.arena = arena};
	for (uint32_t i = 0; i < roots->count; i++)
		reach(&closure, roots->items[i], true);
	for (uint32_t i = 0; i < closure.reached.count; i++) {
		Object *next = closure.reached.items[i].object;
		reach_parts(&closure, catalog, next);
		reach_users(&closure, next);
	}
	*blocker = NULL;
	for (uint32_t i = 0; i < closure.reached.count; i++) {
		const Reached *reached = &closure.reached.items[i];
		if (!reached->silent && !cascade && !*blocker)
			*blocker = reached->object;
		array_push(arena, gone, reached->object);
	}
}

void drop_closure(Arena *arena, const Catalog *catalog, Object *object, bool cascade, ObjectList *gone,
		  Object **blocker)
{
	ObjectList roots = {&object, 1, 1};
	closure_of(arena, catalog, &roots, cascade, gone, blocker);
}
