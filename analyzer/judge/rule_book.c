#include "judge/rule_book.h"

#include "judge/pattern_rule.h"

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

/* A pack is part of the binary, and tested: it is always well formed. */
static void add_pack(Arena *arena, RuleBook *book, const Pack *pack)
{
	ConfigErrors errors = {0};
	KnownRules rules = {0};
	const char *path = arena_print(arena, "pack %s", pack->name);
	const Node *list = node_get(pack->tree, "define");
	if (list)
		read_pattern_rules(arena, path, list, &rules, &errors);
	if (errors.count)
		die("%s:%u: %s", path, errors.items[0].line, errors.items[0].message);
	array_each (const KnownRule, known, &rules) {
		Rule *rule = new(arena, Rule);
		*rule = *known->entry->rule;
		rule->severity = SEVERITY_OFF;
		rule->since = DDLINT_VERSION;
		RuleEntry entry = *known->entry;
		entry.rule = rule;
		entry.pack = pack->name;
		entry.file = NULL;
		entry.wanted = known->severity;
		rule_book_add(arena, book, &entry);
	}
}

RuleBook *rule_book(Arena *arena)
{
	RuleBook *book = new(arena, RuleBook);
	for (const RuleEntry *entry = all_rules; entry->rule; entry++)
		array_push(arena, &book->entries, *entry);
	for (const Pack *pack = all_packs; pack->name; pack++)
		add_pack(arena, book, pack);
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
