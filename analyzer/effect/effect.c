/* The face of effect/: finds the row of effect.def, does what it says, then calls its exception. And merges. */
#include "effect/draft.h"

const EffectRow effect_rows[] = {
#define EFFECT(kind, since, until, lock, reach, rewrites, scans, forbidden, exception, manual)                         \
	{ACTION_##kind, since, until, LOCK_##lock, reach, rewrites, scans, forbidden, effect_##exception, manual},
#include "effect/effect.def"
#undef EFFECT
};
const uint32_t effect_row_count = LENGTH(effect_rows);

const EffectRow *effect_row(ActionKind kind, int version)
{
	static const EffectRow none = {.exception = effect_nothing_more};
	const EffectRow *nearest_row = NULL;
	/* In the order of action.def, at least one for each kind: a kind's first row cannot come before its number. */
	for (size_t i = kind ? (size_t)kind - 1 : 0; i < effect_row_count && effect_rows[i].kind <= kind; i++) {
		const EffectRow *row = &effect_rows[i];
		if (row->kind != kind)
			continue;
		nearest_row = row;
		if (version >= row->since && (!row->until || version <= row->until))
			return row;
	}
	return nearest_row ? nearest_row : &none; /* older than the command itself: what it came to do */
}

void effect_nothing_more(Draft *draft UNUSED)
{
}

/* --- The draft ---------------------------------------------------------------------------------------------------- */

bool is_new(const Draft *draft, const Object *object)
{
	return object->dropped || (object->made_by && object->made_by == draft->catalog->statement);
}

/* Most lists have a few items, which are looked through; where the others are the effect's map knows. */
enum { FEW_ITEMS = 16 };

typedef struct ItemKey {
	size_t list; /* its offset in the effect */
	const void *item, *table;
	uint64_t rest; /* a kind, or a name's hash */
} ItemKey;

/* One more than the place of an item behind the first few; 0: it is not there. */
static uint32_t far_place(const Effect *effect, const ItemKey *key)
{
	return (uint32_t)(uintptr_t)map_get(&effect->places, (const char *)key, sizeof *key);
}

static void remember_place(Arena *arena, Effect *effect, const ItemKey *key, uint32_t count)
{
	if (count <= FEW_ITEMS)
		return;
	ItemKey *kept = new (arena, ItemKey);
	*kept = *key;
	map_set(arena, &effect->places, (const char *)kept, sizeof *kept, (void *)(uintptr_t)count);
}

static LockTaken *find_lock(const Effect *effect, const Relation *relation)
{
	for (uint32_t i = 0; i < effect->locks.count && i < FEW_ITEMS; i++)
		if (effect->locks.items[i].relation == relation)
			return &effect->locks.items[i];
	uint32_t place = far_place(effect, &(ItemKey){.list = offsetof(Effect, locks), .item = relation});
	return place ? &effect->locks.items[place - 1] : NULL;
}

static void strengthen(Arena *arena, Effect *effect, Relation *relation, LockMode mode)
{
	LockTaken *lock = find_lock(effect, relation);
	if (lock) {
		if (mode > lock->mode)
			lock->mode = mode;
		return;
	}
	array_push(arena, &effect->locks, (LockTaken){relation, mode});
	remember_place(arena, effect, &(ItemKey){.list = offsetof(Effect, locks), .item = relation}, effect->locks.count);
}

static void add_work(Arena *arena, Effect *effect, WorkList *list, Work work)
{
	for (uint32_t i = 0; i < list->count && i < FEW_ITEMS; i++) {
		const Work *old = &list->items[i];
		if (old->relation == work.relation && old->table == work.table && same(old->name, work.name))
			return;
	}
	ItemKey key = {(size_t)((char *)list - (char *)effect), work.relation, work.table, work.name ? hash_bytes(work.name, strlen(work.name), 0) : 0};
	if (list->count > FEW_ITEMS && far_place(effect, &key))
		return;
	array_push(arena, list, work);
	remember_place(arena, effect, &key, list->count);
}

void take_lock(Draft *draft, Relation *relation, LockMode mode)
{
	if (relation && mode != LOCK_NONE && !is_new(draft, &relation->object))
		strengthen(draft->context->arena, draft->effect, relation, mode);
}

void take_lock_on_indexes(Draft *draft, const Relation *table, LockMode mode)
{
	for (uint32_t i = 0; table && i < table->indexes.count; i++)
		take_lock(draft, table->indexes.items[i], mode);
}

void take_lock_on_all(Draft *draft, Relations relations, LockMode mode)
{
	for (uint32_t i = 0; i < relations.count; i++)
		take_lock(draft, relations.items[i], mode);
}

void take_lock_on_tree(Draft *draft, Relation *relation, LockMode mode)
{
	take_lock_on_all(draft, tree_of(draft, relation), mode);
}

/* Locks are on relations; a composite type is one only in pg_class. The stand-in lives as long as the type. */
void take_lock_on_composite(Draft *draft, Type *type, LockMode mode)
{
	if (!type || type->kind != TYPE_COMPOSITE)
		return;
	if (!type->as_relation) {
		Relation *entry = new (draft->catalog->arena, Relation);
		entry->object = type->object;
		CHANGE(draft->catalog, type->as_relation, entry);
	}
	take_lock(draft, type->as_relation, mode);
}

/*
 * A partitioned table whose partitions are made while the application runs: something opaque ran, and the history names
 * none. The rows are in partitions that nobody can list, and their parent stands for them.
 */
static bool stands_for_partitions(Draft *draft, const Relation *table)
{
	if (!table->partition_strategy || !draft->catalog->partial)
		return false;
	for (uint32_t i = 0; i < table->children.count; i++)
		if (!table->children.items[i]->object.dropped)
			return false;
	add_assumption(draft, "the table's partitions are made by SQL that could not be read");
	return true;
}

static bool holds_rows(Draft *draft, const Relation *table)
{
	return table && !is_new(draft, &table->object) && (has_storage(table) || stands_for_partitions(draft, table));
}

/* A materialized view made WITH NO DATA has no rows before REFRESH. */
static bool is_empty(const Draft *draft, const Relation *table)
{
	return table->object.kind == OBJECT_MATERIALIZED_VIEW && !table->populated && !table->object.assumed &&
	       draft->action->kind != ACTION_REFRESH_MATERIALIZED_VIEW;
}

void add_scan(Draft *draft, Relation *table, WorkReason reason)
{
	if (holds_rows(draft, table) && !is_empty(draft, table))
		add_work(draft->context->arena, draft->effect, &draft->effect->scans,
			 (Work){.relation = table, .reason = reason});
}

void add_build(Draft *draft, Relation *table, Relation *index, const char *name, WorkReason reason)
{
	if (!holds_rows(draft, table))
		return;
	take_lock(draft, index, LOCK_ACCESS_EXCLUSIVE);
	add_work(draft->context->arena, draft->effect, &draft->effect->builds,
		 (Work){.relation = index, .table = table, .name = index ? NULL : name, .reason = reason});
	add_scan(draft, table, reason);
}

void add_new_file(Draft *draft, Relation *relation, WorkReason reason)
{
	Work work = {.relation = relation, .reason = reason};
	if (relation && is_index(relation)) {
		work.table = relation->table;
		if (work.table && has_storage(work.table) && !is_new(draft, &relation->object))
			add_work(draft->context->arena, draft->effect, &draft->effect->builds, work);
	} else if (holds_rows(draft, relation)) {
		add_work(draft->context->arena, draft->effect, &draft->effect->rewrites, work);
	}
}

void add_rewrite(Draft *draft, Relation *table, WorkReason reason)
{
	add_new_file(draft, table, reason);
	add_scan(draft, table, reason);
	look_at_columns(draft, table); /* the new file is that of a new table, for a moment */
	for (uint32_t i = 0; table && i < table->indexes.count; i++)
		if (!table->indexes.items[i]->object.dropped)
			add_build(draft, table, table->indexes.items[i], NULL, reason);
}

void add_destroyed(Draft *draft, Object *object, DestroyKind kind, bool by_cascade)
{
	if (!object || is_new(draft, object))
		return;
	Effect *effect = draft->effect;
	ItemKey key = {offsetof(Effect, destroys), object, NULL, kind};
	uint32_t place = effect->destroys.count > FEW_ITEMS ? far_place(effect, &key) : 0;
	for (uint32_t i = 0; i < effect->destroys.count && i < FEW_ITEMS && !place; i++)
		if (effect->destroys.items[i].object == object && effect->destroys.items[i].kind == kind)
			place = i + 1;
	if (place) {
		effect->destroys.items[place - 1].by_cascade &= by_cascade;
		return;
	}
	array_push(draft->context->arena, &effect->destroys, (Destroyed){object, kind, by_cascade});
	remember_place(draft->context->arena, effect, &key, effect->destroys.count);
}

void add_assumption(Draft *draft, const char *because)
{
	draft->effect->partial = true;
	for (uint32_t i = 0; i < draft->effect->because.count; i++)
		if (same(draft->effect->because.items[i], because))
			return;
	array_push(draft->context->arena, &draft->effect->because, because);
}

bool may_follow(Draft *draft)
{
	enum { MOST_FOLLOWED = 2000 };
	if (++draft->visited <= MOST_FOLLOWED)
		return true;
	add_assumption(draft, "views or foreign keys refer to each other too often to be followed to the end");
	return false;
}

/* --- One action --------------------------------------------------------------------------------------------------- */

/* What IF EXISTS allows to be missing is taken to be missing. */
static Relation *target_of(Draft *draft)
{
	const Action *action = draft->action;
	if (draft->row->reach == NOTHING || !action->relation.name)
		return NULL;
	bool may_be_missing = action->relation_if_exists || (action->if_exists && !action->in_alter);
	ObjectKind kind = action->object_kind;
	switch (kind) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_SEQUENCE:
	case OBJECT_FOREIGN_TABLE:
		break;
	case OBJECT_INDEX:
		kind = action->kind == ACTION_CREATE_INDEX ? OBJECT_TABLE : OBJECT_INDEX;
		break;
	default:
		kind = OBJECT_TABLE;
	}
	return relation_called(draft, action->relation, may_be_missing ? OBJECT_NONE : kind);
}

/* The row's lock, but for the two kinds whose details decide. */
static LockMode own_lock(const Action *action, int version)
{
	if (action->kind == ACTION_ADD_CONSTRAINT && action->constraint &&
	    action->constraint->kind == CONSTRAINT_FOREIGN_KEY)
		return LOCK_SHARE_ROW_EXCLUSIVE;
	if (action->kind == ACTION_SET_COLUMN_OPTIONS && same(action->value, "options"))
		return LOCK_ACCESS_EXCLUSIVE; /* of a foreign table */
	if (action->kind == ACTION_SET_STORAGE_PARAMETERS)
		return storage_parameters_lock(action);
	return effect_row(action->kind, version)->lock;
}

/*
 * All parts of an ALTER TABLE run under the strongest lock that any of them needs; children are locked in it too.
 * https://www.postgresql.org/docs/current/sql-altertable.html: "When multiple subcommands are given …"
 */
LockMode effect_alter_lock(const Action *first, int version)
{
	LockMode strongest = LOCK_NONE;
	for (const Action *part = first; part && part->in_alter; part = next_part(part)) {
		LockMode lock = own_lock(part, version);
		if (lock > strongest)
			strongest = lock;
	}
	return strongest;
}

LockMode effect_statement_lock(const EffectContext *context, const Action *action)
{
	LockMode own = own_lock(action, context->catalog->version);
	return action->in_alter && context->alter_lock > own ? context->alter_lock : own;
}

static void work_out(Draft *draft)
{
	const Action *action = draft->action;
	const EffectRow *row = draft->row;
	draft->relation = target_of(draft);
	draft->effect->partial |= action->partial;
	if (action->in_create && !draft->catalog->creating)
		return; /* CREATE TABLE IF NOT EXISTS of what is there */
	draft->effect->forbidden_in_transaction |= row->forbidden == ALWAYS;
	take_lock(draft, draft->relation, own_lock(action, draft->version));
	if ((row->reach == TREE || row->reach == PARTITIONS) && draft->relation) {
		Relations reached =
		    row->reach == TREE ? reach_of(draft, draft->relation) : partitions_of(draft, draft->relation);
		for (uint32_t i = 1; i < reached.count; i++)
			take_lock(draft, reached.items[i], draft->statement_lock);
	}
	row->exception(draft);
}

void effect_of(const EffectContext *context, const Action *action, Effect *effect)
{
	Draft draft = {
	    .context = context,
	    .catalog = context->catalog,
	    .path = session_path(context->session),
	    .version = context->catalog->version,
	    .action = action,
	    .row = effect_row(action->kind, context->catalog->version),
	    .effect = effect,
	    .statement_lock = effect_statement_lock(context, action),
	};
	work_out(&draft);
}

void run_inside(Draft *draft, const Action *action)
{
	enum { DEEPEST = 8 };
	Draft inner = *draft;
	inner.action = action;
	inner.row = effect_row(action->kind, draft->version);
	if (++inner.depth > DEEPEST || !may_follow(draft))
		return;
	work_out(&inner);
	draft->visited = inner.visited;
}

/* --- Several actions ---------------------------------------------------------------------------------------------- */

LockMode effect_lock(const Effect *effect, const Relation *relation)
{
	const LockTaken *lock = find_lock(effect, relation);
	return lock ? lock->mode : LOCK_NONE;
}

void effect_merge(Arena *arena, Effect *whole, const Effect *part)
{
	for (uint32_t i = 0; i < part->locks.count; i++)
		strengthen(arena, whole, part->locks.items[i].relation, part->locks.items[i].mode);
	for (uint32_t i = 0; i < part->rewrites.count; i++)
		add_work(arena, whole, &whole->rewrites, part->rewrites.items[i]);
	for (uint32_t i = 0; i < part->scans.count; i++)
		add_work(arena, whole, &whole->scans, part->scans.items[i]);
	for (uint32_t i = 0; i < part->builds.count; i++)
		add_work(arena, whole, &whole->builds, part->builds.items[i]);
	for (uint32_t i = 0; i < part->destroys.count; i++)
		array_push(arena, &whole->destroys, part->destroys.items[i]);
	for (uint32_t i = 0; i < part->because.count; i++)
		array_push(arena, &whole->because, part->because.items[i]);
	whole->forbidden_in_transaction |= part->forbidden_in_transaction;
	whole->waits_for_all |= part->waits_for_all;
	whole->opaque |= part->opaque;
	whole->partial |= part->partial;
	whole->declared |= part->declared;
	whole->changes_on_repeat |= part->changes_on_repeat;
	whole->refused_on_repeat |= part->refused_on_repeat;
	whole->repeat_unknown |= part->repeat_unknown;
}
