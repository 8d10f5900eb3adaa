#include "rule_examples.h"

#include "lint.h"

/* What is wrong with one example, or NULL. */
static const char *fault_of(Arena *arena, const RuleBook *book, const RuleEntry *entry, const Example *example,
			    bool bad)
{
	/* The rule by its own name, so that it is on whatever its severity; the other two say that an example is no
	 * SQL. */
	const char *const select[] = {entry->id, "syntax-error", "source-unreadable-bytes"};
	const LintOptions options = {.jobs = 1, .select = select, .select_count = LENGTH(select), .rules = book};
	const Run *run = lint(arena, discover_text(arena, "example", example->sql), &options);
	bool found = false;
	array_each (Finding *const, finding, &run->findings) {
		if ((*finding)->rule == entry->rule)
			found = found || !(*finding)->suppressed;
		else
			return arena_print(arena, "a %s example is no SQL: %s", bad ? "bad" : "good",
					   (*finding)->message);
		if (!bad && found)
			return arena_print(arena, "a good example has a finding: %s", (*finding)->message);
	}
	if (!run->summary.statements)
		return arena_print(arena, "a %s example holds no statement", bad ? "bad" : "good");
	return bad && !found ? "a bad example has no finding" : NULL;
}

static void run_list(Arena *arena, const RuleBook *book, const RuleEntry *entry, const ExampleList *examples, bool bad,
		     ExampleFaults *faults)
{
	array_each (const Example, example, examples) {
		const char *fault = fault_of(arena, book, entry, example, bad);
		if (fault)
			array_push(arena, faults, (ExampleFault){example->line, fault});
	}
}

uint32_t run_examples(Arena *arena, const RuleBook *book, const RuleEntry *entry, ExampleFaults *faults)
{
	const PatternRule *pattern = entry->rule->pattern;
	if (!pattern)
		return 0;
	run_list(arena, book, entry, &pattern->bad, true, faults);
	run_list(arena, book, entry, &pattern->good, false, faults);
	return pattern->bad.count + pattern->good.count;
}
