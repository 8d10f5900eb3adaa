#ifndef DDLINT_RULE_EXAMPLES_H
#define DDLINT_RULE_EXAMPLES_H
/*
 * The examples of rules written in YAML, run: what a rule calls bad must have a finding of it, what it calls good must
 * have none, and both must be SQL.
 */
#include "judge/pattern_rule.h"
#include "judge/rule_book.h"

typedef struct ExampleFault {
	uint32_t line;        /* of the example in the rule's file */
	const char *message;
} ExampleFault;
typedef ARRAY(ExampleFault) ExampleFaults;

/* Runs all examples of the book's rule; answers how many there are and appends what is wrong with them. */
uint32_t run_examples(Arena *arena, const RuleBook *book, const RuleEntry *entry, ExampleFaults *faults);
#endif
