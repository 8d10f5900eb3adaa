/*
 * The journal: what every change since the oldest open mark overwrote.
 *
 * Undo writes the saved bytes back, newest first. Memory of the catalog's arena is never given back by it: strings and objects
 * made since the mark stay where they are, unreachable, so no pointer that somebody still holds goes bad.
 */
#include "catalog/inside.h"

typedef struct Saved {
	void *where;
	size_t size;
	size_t offset; /* in bytes */
} Saved;

struct Journal {
	ARRAY(Saved) entries;
	ARRAY(unsigned char) bytes;
	uint32_t depth; /* open marks */
};

static struct Journal *journal_of(Catalog *catalog)
{
	if (!catalog->journal)
		catalog->journal = new(catalog->arena, struct Journal);
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
	return (CatalogMark){journal->entries.count, journal->bytes.count, journal->depth++};
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
