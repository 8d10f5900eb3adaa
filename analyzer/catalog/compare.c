/*
 * What is not as it was at a mark: only what the journal saw change is looked at, in both states.
 */
#include "catalog/inside.h"

#include <stdlib.h>

/* An object in one of the two states; all that is asked of it is asked while the catalog shows that state. */
typedef struct State {
	ObjectLine line;
	bool unsure; /* assumed, or made where something assumed was */
	bool holds_data;
} State;
typedef ARRAY(State) States;

static int by_line(const void *a, const void *b)
{
	const ObjectLine *left = &((const State *)a)->line, *right = &((const State *)b)->line;
	int order = strcmp(left->subject, right->subject);
	if (!order)
		order = strcmp(left->state, right->state);
	return order					      ? order
	       : left->object->number < right->object->number ? -1
							      : left->object->number > right->object->number;
}

static bool is_there(const Catalog *catalog, const Object *object)
{
	return object->number < catalog->objects.count && catalog->objects.items[object->number] == object;
}

static bool is_temporary(const Object *object)
{
	const Object *holder = object->parent ? object->parent : object;
	return name_class(holder->kind) == CLASS_RELATION && ((const Relation *)holder)->persistence == 't';
}

static bool is_unsure(const Object *object)
{
	return object->assumed || object->in_place_of_unknown ||
	       (object->parent && object->parent->in_place_of_unknown);
}

/* What holds data of its own, or is what data is made of. */
static bool holds_data(const Object *object)
{
	switch (object->kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_MATERIALIZED_VIEW:
		return true;
	case OBJECT_COLUMN:
		return holds_data(object->parent);
	case OBJECT_TYPE:
		return ((const Type *)object)->kind == TYPE_ENUM;
	default:
		return false;
	}
}

/* One state for each object touched, in their order; where there is nothing to see the line has no subject. */
static State *describe_touched(Arena *arena, const Catalog *catalog, const ObjectList *touched)
{
	State *states = new_array(arena, State, touched->count);
	for (uint32_t i = 0; i < touched->count; i++) {
		const Object *object = touched->items[i];
		if (!is_there(catalog, object) || is_temporary(object) || !object_describe(arena, object, &states[i].line))
			continue;
		states[i].unsure = is_unsure(object);
		states[i].holds_data = holds_data(object);
	}
	return states;
}

/* What looks the same in both states is no difference, and most of what is touched does: only the rest is put in order. */
static void sort_changed(Arena *arena, const State *then, const State *now, uint32_t count, States *was, States *is)
{
	for (uint32_t i = 0; i < count; i++) {
		bool before = then[i].line.subject, after = now[i].line.subject;
		if (before && after && same(then[i].line.subject, now[i].line.subject) && same(then[i].line.state, now[i].line.state))
			continue;
		if (before)
			array_push(arena, was, then[i]);
		if (after)
			array_push(arena, is, now[i]);
	}
	if (was->count)
		qsort(was->items, was->count, sizeof *was->items, by_line);
	if (is->count)
		qsort(is->items, is->count, sizeof *is->items, by_line);
}

static void add_difference(Arena *arena, Comparison *comparison, const State *then, const State *now)
{
	if ((then && then->unsure) || (now && now->unsure)) {
		/* What is assumed now and was unknown then has only been mentioned meanwhile. */
		bool only_met = !then && now->line.object->assumed;
		comparison->unsure = comparison->unsure || !only_met;
		return;
	}
	Difference difference = {
	    .kind = !then  ? DIFFERENCE_LEFT
		    : !now ? DIFFERENCE_MISSING
			   : DIFFERENCE_CHANGED,
	    .subject = now ? now->line.subject : then->line.subject,
	    .before = then ? then->line.state : NULL,
	    .after = now ? now->line.state : NULL,
	    .object = now ? now->line.object : then->line.object,
	    .was = then ? then->line.object : NULL,
	};
	array_push(arena, &comparison->differences, difference);
}

/* Both lists are in order of subjects; what both have in one state is equal. */
static void match(Arena *arena, const States *then, const States *now, Comparison *comparison)
{
	for (uint32_t i = 0, j = 0; i < then->count || j < now->count;) {
		const State *left = i < then->count ? &then->items[i] : NULL;
		const State *right = j < now->count ? &now->items[j] : NULL;
		int order = !left ? 1 : !right ? -1 : strcmp(left->line.subject, right->line.subject);
		if (order < 0) {
			add_difference(arena, comparison, left, NULL);
			i++;
		} else if (order > 0) {
			add_difference(arena, comparison, NULL, right);
			j++;
		} else {
			if (left->line.object != right->line.object && left->holds_data)
				array_push(arena, &comparison->recreated, (Object *)left->line.object);
			if (!same(left->line.state, right->line.state))
				add_difference(arena, comparison, left, right);
			i++, j++;
		}
	}
}

/* What an object is part of: it comes and goes with it. */
static const Object *holder_of(const Object *object)
{
	if (object->kind == OBJECT_INDEX && ((const Relation *)object)->table)
		return &((const Relation *)object)->table->object;
	if (object->kind == OBJECT_SEQUENCE && ((const Relation *)object)->owned_by)
		return ((const Relation *)object)->owned_by->object.parent;
	return object->parent;
}

/* The differences by the address of their object: what came, and what went. */
typedef struct Index {
	Map left, missing;
} Index;

static void index_differences(Arena *arena, const Comparison *comparison, Index *index)
{
	array_each (Difference, difference, &comparison->differences) {
		if (difference->kind == DIFFERENCE_CHANGED)
			continue;
		bool left = difference->kind == DIFFERENCE_LEFT;
		const Object **key = new(arena, const Object *);
		*key = left ? difference->object : difference->was;
		map_set(arena, left ? &index->left : &index->missing, (const char *)key, sizeof *key, difference);
	}
}

static const Difference *find_difference(const Map *map, const Object *object)
{
	return map_get(map, (const char *)&object, sizeof object);
}

static bool same_last_name(const char *a, const char *b)
{
	const char *left = strrchr(a, '.'), *right = strrchr(b, '.');
	return same(left ? left : a, right ? right : b);
}

/* "unique on=public.t using=btree (a)": the same without the table's name. */
static bool same_but_for_table(const char *a, const char *b)
{
	static const char on[] = "on=";
	const char *left = strstr(a, on), *right = strstr(b, on);
	if (!left || !right || left - a != right - b || strncmp(a, b, (size_t)(left - a)) != 0)
		return false;
	return same(left + strcspn(left, " "), right + strcspn(right, " "));
}

/* A part that only looks different because its table has another name. */
static bool only_holder_renamed(const Index *index, const Difference *part)
{
	if (part->kind == DIFFERENCE_CHANGED)
		return part->object == part->was && same_but_for_table(part->before, part->after);
	bool left = part->kind == DIFFERENCE_LEFT;
	const Difference *other = left ? find_difference(&index->missing, part->object) : find_difference(&index->left, part->was);
	return other && same_last_name(part->subject, other->subject) &&
	       same(left ? part->after : other->after, left ? other->before : part->before);
}

static bool says_nothing_new(const Index *index, const Difference *part)
{
	const Object *holder = holder_of(part->object);
	if (!holder)
		return false;
	bool left = find_difference(&index->left, holder), missing = find_difference(&index->missing, holder);
	if (left && missing)
		return only_holder_renamed(index, part);
	return (part->kind == DIFFERENCE_LEFT && left) || (part->kind == DIFFERENCE_MISSING && missing);
}

/* A table says enough: its columns, indexes and constraints need not be named beside it. */
static void leave_out_parts(Arena *arena, Comparison *comparison)
{
	Comparison told = {.recreated = comparison->recreated, .unsure = comparison->unsure};
	Index index = {0};
	index_differences(arena, comparison, &index);
	array_each (const Difference, difference, &comparison->differences)
		if (!says_nothing_new(&index, difference))
			array_push(arena, &told.differences, *difference);
	*comparison = told;
}

void catalog_compare(Arena *arena, Catalog *catalog, CatalogMark mark, Comparison *comparison)
{
	ObjectList touched = {0};
	States was = {0}, is = {0};
	catalog_touched(arena, catalog, mark, &touched);
	if (!touched.count)
		return;
	const State *now = describe_touched(arena, catalog, &touched);
	catalog_look_back(catalog, mark);
	const State *then = describe_touched(arena, catalog, &touched);
	catalog_look_forward(catalog, mark);
	sort_changed(arena, then, now, touched.count, &was, &is);
	match(arena, &was, &is, comparison);
	leave_out_parts(arena, comparison);
}

/* --- Lines ---------------------------------------------------------------------------------------------------------- */

static void describe_each(Arena *arena, const Catalog *catalog, const ObjectList *touched, ObjectLine *lines)
{
	for (uint32_t i = 0; i < touched->count; i++) {
		const Object *object = touched->items[i];
		if (is_there(catalog, object) && is_described(object))
			object_describe(arena, object, &lines[i]);
	}
}

static void add_part(Arena *arena, const Catalog *catalog, Object *part, ObjectList *touched)
{
	if (part->listed == catalog->touched_lists)
		return;
	part->listed = catalog->touched_lists;
	array_push(arena, touched, part);
}

static void add_parts(Arena *arena, const Catalog *catalog, const Relation *relation, ObjectList *touched)
{
	array_each (Column *const, column, &relation->columns)
		add_part(arena, catalog, &(*column)->object, touched);
	array_each (Constraint *const, constraint, &relation->constraints)
		add_part(arena, catalog, &(*constraint)->object, touched);
	array_each (Relation *const, index, &relation->indexes)
		add_part(arena, catalog, &(*index)->object, touched);
	array_each (Trigger *const, trigger, &relation->triggers)
		add_part(arena, catalog, &(*trigger)->object, touched);
	array_each (Object *const, policy, &relation->policies)
		add_part(arena, catalog, *policy, touched);
	array_each (RewriteRule *const, rule, &relation->rules)
		add_part(arena, catalog, &(*rule)->object, touched);
}

/* The lines of a table's parts say its name: with another name all of them are others. */
static void touch_renamed(Arena *arena, Catalog *catalog, CatalogMark mark, ObjectList *touched)
{
	uint32_t count = touched->count;
	Object *now = new_array(arena, Object, count);
	bool *renamed = new_array(arena, bool, count);
	for (uint32_t i = 0; i < count; i++)
		now[i] = *touched->items[i];
	catalog_look_back(catalog, mark);
	for (uint32_t i = 0; i < count; i++) {
		const Object *then = touched->items[i];
		renamed[i] = name_class(then->kind) == CLASS_RELATION && is_there(catalog, then) &&
			     (!same(then->name, now[i].name) || !same(then->schema, now[i].schema));
		if (renamed[i])
			add_parts(arena, catalog, (const Relation *)then, touched);
	}
	catalog_look_forward(catalog, mark);
	for (uint32_t i = 0; i < count; i++)
		if (renamed[i])
			add_parts(arena, catalog, (const Relation *)touched->items[i], touched);
}

void catalog_changes(Arena *arena, Catalog *catalog, CatalogMark mark, CatalogChanges *changes)
{
	ObjectList touched = {0};
	catalog_touched(arena, catalog, mark, &touched);
	touch_renamed(arena, catalog, mark, &touched);
	ObjectLine *now = new_array(arena, ObjectLine, touched.count), *then = new_array(arena, ObjectLine, touched.count);
	describe_each(arena, catalog, &touched, now);
	catalog_look_back(catalog, mark);
	describe_each(arena, catalog, &touched, then);
	catalog_look_forward(catalog, mark);
	for (uint32_t i = 0; i < touched.count; i++) {
		if (same(then[i].subject, now[i].subject) && same(then[i].state, now[i].state))
			continue;
		if (then[i].subject)
			array_push(arena, &changes->was, then[i]);
		if (now[i].subject)
			array_push(arena, &changes->is, now[i]);
	}
}
