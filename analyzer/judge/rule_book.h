#ifndef DDLINT_JUDGE_RULE_BOOK_H
#define DDLINT_JUDGE_RULE_BOOK_H
/*
 * All rules that there are: those of rules/, those that packs define in YAML, and the user's own. Finding, explaining,
 * selecting and suppressing make no difference between them.
 */
#include "judge/rule.h"

typedef struct RuleBook {
	ARRAY(RuleEntry) entries; /* by id */
} RuleBook;

/* The rules of this binary: of rules/ and of its packs. Lives in arena. */
RuleBook *rule_book(Arena *arena);
/* The same with what the configuration defines; the book itself when that is nothing. */
const RuleBook *rule_book_with(Arena *arena, const RuleBook *book, const Config *config);
/* Adds an entry at its place; one of that id stays. */
void rule_book_add(Arena *arena, RuleBook *book, const RuleEntry *entry);
/* NULL when there is none. */
const RuleEntry *rule_book_find(const RuleBook *book, const char *id);
#endif
