/* DROP: what goes, and which relations are locked because something of theirs goes. */
#include "effect/draft.h"

/* A foreign key has triggers on both tables, and in all their partitions. */
static void drop_foreign_key(Draft *draft, const Constraint *key)
{
	take_lock_on_all(draft, partitions_of(draft, (Relation *)key->object.parent), LOCK_ACCESS_EXCLUSIVE);
	if (!key->inherited) /* the triggers on the referenced table are the parent's */
		take_lock_on_all(draft, partitions_of(draft, key->references), LOCK_ACCESS_EXCLUSIVE);
}

/* Removing a partition changes what the parent and its DEFAULT partition hold. */
static void drop_relation_locks(Draft *draft, Relation *relation)
{
	take_lock(draft, relation, LOCK_ACCESS_EXCLUSIVE);
	if (is_index(relation)) {
		take_lock(draft, relation->table, LOCK_ACCESS_EXCLUSIVE);
		return;
	}
	for (uint32_t i = 0; relation->is_partition && i < relation->parents.count; i++) {
		take_lock(draft, relation->parents.items[i], LOCK_ACCESS_EXCLUSIVE);
		take_lock(draft, default_partition_of(relation->parents.items[i]), LOCK_ACCESS_EXCLUSIVE);
	}
}

static void lock_for_drop(Draft *draft, Object *object)
{
	Relation *parent = (Relation *)object->parent;
	switch (object->kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
	case OBJECT_SEQUENCE:
		drop_relation_locks(draft, (Relation *)object);
		break;
	case OBJECT_CONSTRAINT:
		if (((Constraint *)object)->kind == CONSTRAINT_FOREIGN_KEY)
			drop_foreign_key(draft, (Constraint *)object);
		else
			take_lock(draft, parent, LOCK_ACCESS_EXCLUSIVE);
		break;
	case OBJECT_COLUMN:
		if (parent && parent->object.kind != OBJECT_TYPE)
			take_lock_on_tree(draft, parent, LOCK_ACCESS_EXCLUSIVE);
		break;
	case OBJECT_DEFAULT:
		/* the default's parent is its column or the table itself */
		if (parent && parent->object.kind == OBJECT_COLUMN)
			parent = (Relation *)parent->object.parent;
		take_lock(draft, parent, LOCK_ACCESS_EXCLUSIVE);
		break;
	case OBJECT_TRIGGER:
	case OBJECT_RULE:
	case OBJECT_POLICY:
		take_lock(draft, parent, LOCK_ACCESS_EXCLUSIVE);
		break;
	case OBJECT_STATISTICS:
		for (const Depend *need = object->uses; need; need = need->next_used)
			if (!need->gone && need->used->kind == OBJECT_TABLE)
				take_lock(draft, (Relation *)need->used, LOCK_SHARE_UPDATE_EXCLUSIVE);
		break;
	case OBJECT_TYPE:
		take_lock_on_composite(draft, (Type *)object, LOCK_ACCESS_EXCLUSIVE);
		break;
	default:
		break;
	}
}

/* Parts go with their whole and are not worth a word of their own, unless they hold data or others rely on them. */
static bool is_worth_telling(const Object *object, const Object *root)
{
	if (object == root)
		return true;
	switch (object->kind) {
	case OBJECT_COLUMN:
	case OBJECT_CONSTRAINT:
	case OBJECT_INDEX:
	case OBJECT_TRIGGER:
	case OBJECT_POLICY:
	case OBJECT_RULE:
		return object->parent != root &&
		       !(object->kind == OBJECT_INDEX && (Object *)((const Relation *)object)->table == root);
	case OBJECT_DEFAULT:
		return false;
	default:
		return true;
	}
}

void drop_with_users(Draft *draft, Object *object, bool by_cascade)
{
	ObjectList gone = {0};
	Object *blocker = NULL;
	drop_closure(draft->context->arena, draft->catalog, object, true, &gone, &blocker);
	for (uint32_t i = 0; i < gone.count; i++) {
		lock_for_drop(draft, gone.items[i]);
		if (is_worth_telling(gone.items[i], object))
			add_destroyed(draft, gone.items[i], DESTROY_OBJECT, by_cascade || gone.items[i] != object);
	}
}

/* --- The statements ----------------------------------------------------------------------------------------------- */

void effect_drop_relation(Draft *draft)
{
	if (draft->relation)
		drop_with_users(draft, &draft->relation->object, false);
}

void effect_drop_column(Draft *draft)
{
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		Column *column = find_column(reached.items[i], draft->action->object);
		if (!column && reached.items[i]->object.assumed && !draft->action->if_exists && i == 0)
			column = assume_column(draft->catalog, reached.items[i], draft->action->object);
		if (column)
			drop_with_users(draft, &column->object, i > 0);
	}
}

static void drop_named(Draft *draft, ObjectKind kind)
{
	Object *object = find_object(draft->catalog, draft->path, kind, draft->action->relation);
	if (object)
		drop_with_users(draft, object, false);
}

void effect_drop_type(Draft *draft)
{
	Type *type = find_type(draft->catalog, draft->path, draft->action->relation);
	if (type)
		drop_with_users(draft, &type->object, false);
}

void effect_drop_schema(Draft *draft)
{
	drop_named(draft, OBJECT_SCHEMA);
}

void effect_drop_function(Draft *draft)
{
	bool several = false;
	Function *function =
	    find_function(draft->catalog, draft->path, draft->action->relation, draft->action->function, &several);
	if (function)
		drop_with_users(draft, &function->object, false);
}

/* The table is looked at first, and locked once the part is found; a part of an assumed table may be there. */
static void drop_part(Draft *draft, Object *part)
{
	Relation *table = draft->relation;
	take_lock(draft, table, LOCK_ACCESS_SHARE);
	if (!part && !(table && table->object.assumed))
		return;
	if (part && part->kind == OBJECT_TRIGGER)
		take_lock_on_all(draft, partitions_of(draft, table), LOCK_ACCESS_EXCLUSIVE);
	take_lock(draft, table, LOCK_ACCESS_EXCLUSIVE);
	add_destroyed(draft, part, DESTROY_OBJECT, false);
}

void effect_drop_trigger(Draft *draft)
{
	Trigger *trigger = draft->relation ? find_trigger(draft->relation, draft->action->object) : NULL;
	drop_part(draft, trigger ? &trigger->object : NULL);
}

void effect_drop_policy(Draft *draft)
{
	drop_part(draft, draft->relation ? find_policy(draft->relation, draft->action->object) : NULL);
}

void effect_drop_rule(Draft *draft)
{
	Object *rule = NULL;
	for (uint32_t i = 0; draft->relation && i < draft->relation->rules.count; i++)
		if (same(draft->relation->rules.items[i]->object.name, draft->action->object))
			rule = &draft->relation->rules.items[i]->object;
	drop_part(draft, rule);
}

/* DROP EXTENSION, STATISTICS, PUBLICATION … and the few that PostgreSQL refuses in a transaction block. */
void effect_drop_other(Draft *draft)
{
	ObjectKind kind = draft->action->kind == ACTION_DROP_EXTENSION ? OBJECT_EXTENSION : draft->action->object_kind;
	/* a subscription has a replication slot on the other server, whose removal cannot be rolled back */
	draft->effect->forbidden_in_transaction =
	    kind == OBJECT_DATABASE || kind == OBJECT_TABLESPACE || kind == OBJECT_SUBSCRIPTION;
	drop_named(draft, kind);
}

static bool owned_by(const Object *object, const Names *roles)
{
	for (uint32_t i = 0; i < roles->count; i++)
		if (same(object->owner, roles->items[i]))
			return true;
	return false;
}

void effect_drop_owned(Draft *draft)
{
	uint32_t count = draft->catalog->objects.count;
	for (uint32_t i = 0; i < count; i++) {
		Object *object = draft->catalog->objects.items[i];
		if (!object->dropped && owned_by(object, &draft->action->roles))
			drop_with_users(draft, object, false);
	}
}
