/*
 * The journal: what every change since the oldest open mark overwrote.
 *
 * Undo writes the saved bytes back, newest first. Memory of the catalog's arena is never given back by it: strings and
 * objects made since the mark stay where they are, unreachable, so no pointer that somebody still holds goes bad.
 */
#include "catalog/inside.h"

#include <stddef.h>
#include <stdlib.h>

enum { FEW = 100 };

typedef struct Saved {
	void *where;
	size_t size;
	size_t offset; /* in bytes */
} Saved;

struct Journal {
	ARRAY(Saved) entries;
	ARRAY(unsigned char) bytes;
	uint32_t depth;		/* open marks */
	ARRAY(Object *) places; /* all objects ever made, undone ones too: by address as far as in_order */
	uint32_t in_order;
};

static struct Journal *journal_of(Catalog *catalog)
{
	if (!catalog->journal)
		catalog->journal = new (catalog->arena, struct Journal);
	return catalog->journal;
}

void journal_save(Catalog *catalog, void *where, size_t size)
{
	struct Journal *journal = catalog->journal;
	if (!journal || !journal->depth)
		return;
	while (journal->bytes.capacity - journal->bytes.count < size)
		journal->bytes.items = array_grow(catalog->arena, journal->bytes.items, 1, &journal->bytes.capacity);
	array_push(catalog->arena, &journal->entries, (Saved){where, size, journal->bytes.count});
	memcpy(journal->bytes.items + journal->bytes.count, where, size);
	journal->bytes.count += (uint32_t)size;
}

CatalogMark catalog_mark(Catalog *catalog)
{
	struct Journal *journal = journal_of(catalog);
	return (CatalogMark){journal->entries.count, journal->bytes.count, journal->depth++, catalog->objects.count};
}

void catalog_undo(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	while (journal->entries.count > mark.entries) {
		const Saved *saved = &journal->entries.items[--journal->entries.count];
		memcpy(saved->where, journal->bytes.items + saved->offset, saved->size);
	}
	journal->bytes.count = (uint32_t)mark.bytes;
	journal->depth = mark.depth;
}

void catalog_keep(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	journal->depth = mark.depth;
	if (!mark.depth)
		journal->entries.count = journal->bytes.count = 0;
}

/* An ARRAY of pointers, whatever they point to; read and written as bytes, for the struct types differ. */
typedef struct PointerList {
	void *items;
	uint32_t count;
	uint32_t capacity;
} PointerList;

void list_remove(Catalog *catalog, void *array, const void *item)
{
	PointerList list;
	memcpy(&list, array, sizeof list);
	for (uint32_t i = 0; i < list.count; i++) {
		char *place = (char *)list.items + i * sizeof(void *);
		if (memcmp(place, &item, sizeof item) != 0)
			continue;
		size_t rest = (list.count - i - 1) * sizeof(void *);
		journal_save(catalog, place, rest + sizeof(void *));
		memmove(place, place + sizeof(void *), rest);
		journal_save(catalog, array, sizeof list);
		list.count--;
		memcpy(array, &list, sizeof list);
		return;
	}
}

void list_clear(Catalog *catalog, void *array)
{
	PointerList none = {0};
	journal_save(catalog, array, sizeof none);
	memcpy(array, &none, sizeof none);
}

/* --- Looking back ------------------------------------------------------------------------------------------------- */

static void swap(struct Journal *journal, const Saved *saved)
{
	unsigned char *here = saved->where, *there = journal->bytes.items + saved->offset;
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
	for (size_t i = journal->entries.count; i > mark.entries; i--)
		swap(journal, &journal->entries.items[i - 1]);
}

void catalog_look_forward(Catalog *catalog, CatalogMark mark)
{
	struct Journal *journal = catalog->journal;
	for (size_t i = mark.entries; i < journal->entries.count; i++)
		swap(journal, &journal->entries.items[i]);
}

/* --- Which objects were touched ----------------------------------------------------------------------------------- */

void journal_note(Catalog *catalog, Object *object)
{
	array_push(catalog->arena, &journal_of(catalog)->places, object);
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
static void put_in_order(struct Journal *journal)
{
	Object **places = journal->places.items;
	while (journal->in_order < journal->places.count &&
	       (!journal->in_order || places[journal->in_order - 1] < places[journal->in_order]))
		journal->in_order++;
	if (journal->places.count - journal->in_order > FEW) {
		qsort(places, journal->places.count, sizeof *places, by_address);
		journal->in_order = journal->places.count;
	}
	for (; journal->in_order < journal->places.count; journal->in_order++) {
		Object *object = places[journal->in_order];
		uint32_t place = places_below(journal, (uintptr_t)object);
		memmove(places + place + 1, places + place, (journal->in_order - place) * sizeof *places);
		places[place] = object;
	}
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

void catalog_touched(Arena *arena, Catalog *catalog, CatalogMark mark, ObjectList *touched)
{
	struct Journal *journal = catalog->journal;
	put_in_order(journal);
	uint32_t list = ++catalog->touched_lists;
	Object *object = NULL; /* changes come in runs of one object's fields */
	for (size_t i = mark.entries; i < journal->entries.count; i++) {
		if (!is_inside(object, journal->entries.items[i].where))
			object = owner_of(journal, journal->entries.items[i].where);
		if (!object || object->listed == list || is_bookkeeping(object, journal->entries.items[i].where))
			continue;
		object->listed = list;
		array_push(arena, touched, object);
	}
}
