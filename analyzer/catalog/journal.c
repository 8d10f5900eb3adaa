/*
 * The journal: what every change since the oldest open mark overwrote.
 *
 * Undo writes the saved bytes back, newest first. Memory of the catalog's arena is never given back by it: strings and
 * objects made since the mark stay where they are, unreachable, so no pointer that somebody still holds goes bad.
 */
#include "catalog/inside.h"

#include <stddef.h>
#include <stdlib.h>

enum { LATELY = 8 };

/* What it was stands in the journal's bytes, one behind the other in the order of the entries. */
typedef struct Saved {
	void *where;
	uint32_t size;
	bool lasting;	/* in what an undo leaves a way to, however new it is */
	bool closed_up; /* a pointer was taken out of a list, here, and the `size` bytes behind it moved up: a Gap is saved */
} Saved;

/* What a list's closing up overwrites, or its opening up again. */
typedef struct Gap {
	void *item;
	void *behind; /* what stands in the place that the list gave up: another item may be there since */
} Gap;

typedef struct OpenMark {
	ArenaMark arena; /* where the catalog's stood */
	uint32_t entries;
} OpenMark;

struct Journal {
	ARRAY(Saved) entries;
	ARRAY(unsigned char) bytes;
	uint32_t depth;		/* open marks */
	ARRAY(OpenMark) marks;
	ARRAY(Object *) places; /* all objects ever made, undone ones too: by address as far as in_order */
	uint32_t in_order;
};

static struct Journal *journal_of(Catalog *catalog)
{
	if (!catalog->journal)
		catalog->journal = new (catalog->arena, struct Journal);
	return catalog->journal;
}

static size_t saved_size(const Saved *saved)
{
	return saved->closed_up ? sizeof(Gap) : saved->size;
}

static void save(Catalog *catalog, Saved saved, const void *bytes)
{
	struct Journal *journal = catalog->journal;
	size_t size = saved_size(&saved);
	while (journal->bytes.capacity - journal->bytes.count < size)
		journal->bytes.items = array_grow_long(catalog->arena, journal->bytes.items, 1, &journal->bytes.capacity);
	memcpy(journal->bytes.items + journal->bytes.count, bytes, size);
	journal->bytes.count += (uint32_t)size;
	array_push_long(catalog->arena, &journal->entries, saved);
}

/* The same bytes were saved a moment ago, and no mark was set since. */
static bool saved_lately(const struct Journal *journal, const void *where, size_t size)
{
	uint32_t first = journal->marks.items[journal->depth - 1].entries, count = journal->entries.count;
	for (uint32_t i = count; i > first && i + LATELY > count; i--) {
		const Saved *saved = &journal->entries.items[i - 1];
		if (saved->where == where && saved->size == size && !saved->closed_up)
			return true;
	}
	return false;
}

static bool is_open(const struct Journal *journal)
{
	return journal && journal->depth;
}

/* No undo leaves a way to what was made since the newest mark. */
static bool needs_saving(const Catalog *catalog, const void *where)
{
	const struct Journal *journal = catalog->journal;
	return is_open(journal) && !arena_is_since(catalog->arena, journal->marks.items[journal->depth - 1].arena, where);
}

static void save_bytes(Catalog *catalog, void *where, size_t size, bool lasting)
{
	if (!saved_lately(catalog->journal, where, size))
		save(catalog, (Saved){.where = where, .size = (uint32_t)size, .lasting = lasting}, where);
}

void journal_save_lasting(Catalog *catalog, void *where, size_t size)
{
	if (is_open(catalog->journal))
		save_bytes(catalog, where, size, true);
}

void journal_save(Catalog *catalog, void *where, size_t size)
{
	if (needs_saving(catalog, where))
		save_bytes(catalog, where, size, false);
}

static void open_up(const Saved *saved, unsigned char *bytes)
{
	char *place = saved->where;
	Gap gap;
	memcpy(&gap, bytes, sizeof gap);
	memcpy(&gap.behind, place + saved->size, sizeof gap.behind);
	memmove(place + sizeof gap.item, place, saved->size);
	memcpy(place, &gap.item, sizeof gap.item);
	memcpy(bytes, &gap, sizeof gap);
}

static void close_up(const Saved *saved, void *behind)
{
	char *place = saved->where;
	memmove(place, place + sizeof behind, saved->size);
	memcpy(place + saved->size, &behind, sizeof behind);
}

CatalogMark catalog_mark(Catalog *catalog)
{
	struct Journal *journal = journal_of(catalog);
	CatalogMark mark = {journal->entries.count, journal->bytes.count, journal->depth, catalog->objects.count};
	journal->marks.count = journal->depth++;
	array_push(catalog->arena, &journal->marks, (OpenMark){0});
	journal->marks.items[mark.depth] = (OpenMark){arena_mark(catalog->arena), journal->entries.count};
	return mark;
}

void catalog_undo(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	while (journal->entries.count > mark.entries) {
		const Saved *saved = &journal->entries.items[--journal->entries.count];
		journal->bytes.count -= (uint32_t)saved_size(saved);
		if (saved->closed_up)
			open_up(saved, journal->bytes.items + journal->bytes.count);
		else
			memcpy(saved->where, journal->bytes.items + journal->bytes.count, saved->size);
	}
	journal->depth = mark.depth;
}

/* What was saved since the mark, now that the one before it is the newest: leaves out what that one needs no saving of. */
static void thin_out(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	uint32_t count = journal->entries.count;
	size_t from = mark.bytes;
	journal->entries.count = (uint32_t)mark.entries;
	journal->bytes.count = (uint32_t)mark.bytes;
	for (uint32_t i = (uint32_t)mark.entries; i < count; i++) {
		const Saved saved = journal->entries.items[i];
		size_t size = saved_size(&saved);
		bool needed = saved.lasting || needs_saving(catalog, saved.where);
		if (needed && (saved.closed_up || !saved_lately(journal, saved.where, saved.size))) {
			memmove(journal->bytes.items + journal->bytes.count, journal->bytes.items + from, size);
			journal->bytes.count += (uint32_t)size;
			journal->entries.items[journal->entries.count++] = saved;
		}
		from += size;
	}
}

void catalog_keep(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	journal->depth = mark.depth;
	if (mark.depth)
		thin_out(catalog, mark);
	else
		journal->entries.count = journal->bytes.count = 0;
}

/* An ARRAY of pointers, whatever they point to; read and written as bytes, for the struct types differ. */
typedef struct PointerList {
	void *items;
	uint32_t count;
	uint32_t capacity;
} PointerList;

/* Looked for from both ends: lists are taken apart in the order in which they were made, or against it. */
static uint32_t place_in_list(const PointerList *list, const void *item)
{
	for (uint32_t i = 0, j = list->count; i < j; i++) {
		if (memcmp((char *)list->items + i * sizeof item, &item, sizeof item) == 0)
			return i;
		if (memcmp((char *)list->items + --j * sizeof item, &item, sizeof item) == 0)
			return j;
	}
	return list->count;
}

void list_remove(Catalog *catalog, void *array, const void *item)
{
	PointerList list;
	memcpy(&list, array, sizeof list);
	uint32_t place = place_in_list(&list, item);
	if (place == list.count)
		return;
	journal_save(catalog, array, sizeof list);
	uint32_t behind = list.count - place - 1;
	Saved saved = {.where = (char *)list.items + place * sizeof item, .size = behind * (uint32_t)sizeof item, .closed_up = true};
	if (needs_saving(catalog, saved.where))
		save(catalog, saved, &(Gap){.item = (void *)(uintptr_t)item});
	close_up(&saved, NULL);
	list.count--;
	memcpy(array, &list, sizeof list);
}

void list_clear(Catalog *catalog, void *array)
{
	PointerList none = {0};
	memcpy(&none, array, sizeof none);
	if (!none.count)
		return;
	none = (PointerList){0};
	journal_save(catalog, array, sizeof none);
	memcpy(array, &none, sizeof none);
}

/* --- Looking back ------------------------------------------------------------------------------------------------- */

static void swap(const Saved *saved, unsigned char *there)
{
	unsigned char *here = saved->where;
	unsigned char held[64];
	uint64_t word, other;
	if (saved->size == sizeof word) { /* most are pointers */
		memcpy(&word, here, sizeof word);
		memcpy(&other, there, sizeof other);
		memcpy(here, &other, sizeof other);
		memcpy(there, &word, sizeof word);
		return;
	}
	for (size_t done = 0, some; done < saved->size; done += some) {
		some = saved->size - done < sizeof held ? saved->size - done : sizeof held;
		memcpy(held, here + done, some);
		memcpy(here + done, there + done, some);
		memcpy(there + done, held, some);
	}
}

void catalog_look_back(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	size_t at = journal->bytes.count;
	for (size_t i = journal->entries.count; i > mark.entries; i--) {
		const Saved *saved = &journal->entries.items[i - 1];
		at -= saved_size(saved);
		if (saved->closed_up)
			open_up(saved, journal->bytes.items + at);
		else
			swap(saved, journal->bytes.items + at);
	}
}

void catalog_look_forward(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	size_t at = mark.bytes;
	for (size_t i = mark.entries; i < journal->entries.count; i++) {
		const Saved *saved = &journal->entries.items[i];
		Gap gap;
		if (saved->closed_up) {
			memcpy(&gap, journal->bytes.items + at, sizeof gap);
			close_up(saved, gap.behind);
		} else {
			swap(saved, journal->bytes.items + at);
		}
		at += saved_size(saved);
	}
}

/* --- Which objects were touched ----------------------------------------------------------------------------------- */

void journal_note(Catalog *catalog, Object *object)
{
	array_push_long(catalog->arena, &journal_of(catalog)->places, object);
}

static int by_address(const void *a, const void *b)
{
	uintptr_t left = (uintptr_t) * (Object *const *)a, right = (uintptr_t) * (Object *const *)b;
	return left < right ? -1 : left > right;
}

/* The number of places, of those in order, that are at or below the address. */
static uint32_t places_below(const struct Journal *journal, uintptr_t address)
{
	uint32_t low = 0, high = journal->in_order;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if ((uintptr_t)journal->places.items[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* An arena's addresses mostly grow; what came since the last time, a few as a rule, is put where it belongs. */
static void put_in_order(Arena *arena, struct Journal *journal)
{
	Object **places = journal->places.items;
	while (journal->in_order < journal->places.count &&
	       (!journal->in_order || places[journal->in_order - 1] < places[journal->in_order]))
		journal->in_order++;
	uint32_t late = journal->places.count - journal->in_order, kept = journal->in_order;
	if (!late)
		return;
	Object **tail = new_array(arena, Object *, late);
	memcpy(tail, places + kept, late * sizeof *tail);
	qsort(tail, late, sizeof *tail, by_address);
	/* Merged from the end, where most of them belong. */
	for (uint32_t place = journal->places.count; late;)
		places[--place] = kept && places[kept - 1] > tail[late - 1] ? places[--kept] : tail[--late];
	journal->in_order = journal->places.count;
}

static size_t size_of(const Object *object)
{
	switch (name_class(object->kind)) {
	case CLASS_RELATION:
		return sizeof(Relation);
	case CLASS_TYPE:
		return sizeof(Type);
	case CLASS_ROUTINE:
		return sizeof(Function);
	case CLASS_CONSTRAINT:
		return sizeof(Constraint);
	default:
		break;
	}
	return object->kind == OBJECT_COLUMN	? sizeof(Column)
	       : object->kind == OBJECT_TRIGGER ? sizeof(Trigger)
						: sizeof(Object);
}

static bool is_inside(const Object *object, const void *where)
{
	return object && where >= (const void *)object && (uintptr_t)where < (uintptr_t)object + size_of(object);
}

/* The object that the saved bytes are part of; NULL: of something else, a list's items or the name table. */
static Object *owner_of(const struct Journal *journal, const void *where)
{
	uint32_t below = places_below(journal, (uintptr_t)where);
	Object *object = below ? journal->places.items[below - 1] : NULL;
	return is_inside(object, where) ? object : NULL;
}

#define IS_FIELD(offset, type, field) ((offset) - offsetof(type, field) < sizeof(((const type *)0)->field))

/* Fields that the object's line says nothing of: its parts have lines of their own, and its users have nothing to do with it. */
static bool is_bookkeeping(const Object *object, const void *where)
{
	size_t at = (size_t)((uintptr_t)where - (uintptr_t)object);
	if (at < sizeof *object)
		return IS_FIELD(at, Object, uses) || IS_FIELD(at, Object, users) || IS_FIELD(at, Object, next_same);
	if (name_class(object->kind) != CLASS_RELATION)
		return false;
	bool of_table = IS_FIELD(at, Relation, columns) || IS_FIELD(at, Relation, constraints);
	return (of_table && is_table((const Relation *)object)) || IS_FIELD(at, Relation, indexes) || IS_FIELD(at, Relation, triggers) ||
	       IS_FIELD(at, Relation, policies) || IS_FIELD(at, Relation, rules) || IS_FIELD(at, Relation, children) ||
	       IS_FIELD(at, Relation, referrers) || IS_FIELD(at, Relation, lock_place);
}

static void list_touched(Arena *arena, Object *object, uint32_t list, ObjectList *touched)
{
	if (object->listed == list)
		return;
	object->listed = list;
	array_push(arena, touched, object);
}

void catalog_touched(Arena *arena, Catalog *catalog, CatalogMark mark, ObjectList *touched)
{
	struct Journal *journal = catalog->journal;
	put_in_order(arena, journal);
	uint32_t list = ++catalog->touched_lists;
	Object *object = NULL; /* changes come in runs of one object's fields */
	for (size_t i = mark.entries; i < journal->entries.count; i++) {
		if (!is_inside(object, journal->entries.items[i].where))
			object = owner_of(journal, journal->entries.items[i].where);
		if (object && !is_bookkeeping(object, journal->entries.items[i].where))
			list_touched(arena, object, list, touched);
	}
	for (uint32_t i = mark.objects; i < catalog->objects.count; i++)
		list_touched(arena, catalog->objects.items[i], list, touched);
}
