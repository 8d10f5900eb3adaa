/* `ddlint rules --test FILE`: the examples of rules written in YAML. */
#include "base/files.h"
#include "commands/commands.h"
#include "report/report.h"
#include "rule_examples.h"

/* The rules of a file: a list, or what stands below `define:` of a configuration or a pack. */
static void read_rules(Arena *arena, const char *path, KnownRules *rules, ConfigErrors *errors)
{
	const char *error = NULL;
	size_t length = 0;
	const char *bytes = file_read(arena, path, &length, &error);
	if (!bytes) {
		config_error(arena, errors, path, 0, "%s", error);
		return;
	}
	const Node *root = yaml_read(arena, path, bytes, length, errors);
	const Node *defined = root ? node_get(root, "define") : NULL;
	if (root)
		read_pattern_rules(arena, path, defined ? defined : root, rules, errors);
}

static uint32_t test_rule(Arena *arena, Buf *out, const RuleBook *book, const KnownRule *rule)
{
	const RuleEntry *entry = rule_book_find(book, rule->id);
	ExampleFaults faults = {0};
	uint32_t count = run_examples(arena, book, entry, &faults);
	buf_addf(out, "%-6s %s", faults.count ? "failed" : count ? "ok" : "none", rule->id);
	if (count)
		buf_addf(out, " (%u bad, %u good)\n", entry->rule->pattern->bad.count,
			 entry->rule->pattern->good.count);
	else
		buf_adds(out, " has no examples\n");
	array_each (ExampleFault, fault, &faults)
		buf_addf(out, "%s:%u: rule %s: %s\n", entry->file, fault->line, rule->id, fault->message);
	return faults.count;
}

int test_rules(Arena *arena, const Options *options)
{
	KnownRules rules = {0};
	ConfigErrors errors = {0};
	read_rules(arena, options->test, &rules, &errors);
	print_config_errors(&errors);
	if (errors.count)
		return EXIT_FAILED;
	/* First these, so that a pack can be tested that is part of the binary as well. */
	const RuleBook *known = rule_book(arena);
	RuleBook *book = new(arena, RuleBook);
	array_each (KnownRule, rule, &rules)
		rule_book_add(arena, book, rule->entry);
	array_each (RuleEntry, entry, &known->entries)
		rule_book_add(arena, book, entry);
	Buf out = {0};
	uint32_t failed = 0;
	array_each (KnownRule, rule, &rules)
		failed += test_rule(arena, &out, book, rule);
	add_count(&out, rules.count, "rule");
	buf_addf(&out, ", %u failed\n", failed);
	int code = write_output(options, &out);
	buf_free(&out);
	return code != EXIT_CLEAN ? code : failed ? EXIT_FINDINGS : EXIT_CLEAN;
}
