#include "judge/rule_book.h"

/* The place of the first entry that does not come before the id. */
static uint32_t place_of(const RuleBook *book, const char *id)
{
	uint32_t low = 0, high = book->entries.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (strcmp(book->entries.items[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const RuleEntry *rule_book_find(const RuleBook *book, const char *id)
{
	uint32_t place = place_of(book, id);
	bool found = place < book->entries.count && same(book->entries.items[place].id, id);
	return found ? &book->entries.items[place] : NULL;
}

void rule_book_add(Arena *arena, RuleBook *book, const RuleEntry *entry)
{
	uint32_t place = place_of(book, entry->id);
	if (place < book->entries.count && same(book->entries.items[place].id, entry->id))
		return;
	array_push(arena, &book->entries, *entry);
	for (uint32_t i = book->entries.count - 1; i > place; i--)
		book->entries.items[i] = book->entries.items[i - 1];
	book->entries.items[place] = *entry;
}

RuleBook *rule_book(Arena *arena)
{
	RuleBook *book = new(arena, RuleBook);
	for (const RuleEntry *entry = all_rules; entry->rule; entry++)
		array_push(arena, &book->entries, *entry);
	return book;
}

const RuleBook *rule_book_with(Arena *arena, const RuleBook *book, const Config *config)
{
	if (!config || !config->own_rules.count)
		return book;
	RuleBook *whole = new(arena, RuleBook);
	array_each (RuleEntry, entry, &book->entries)
		array_push(arena, &whole->entries, *entry);
	array_each (const KnownRule, known, &config->own_rules)
		rule_book_add(arena, whole, known->entry);
	return whole;
}
