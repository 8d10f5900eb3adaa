#include "lint.h"

#include "discover/layout.h"
#include "judge/pattern_rule.h"
#include "judge/rule_book.h"
#include "replay/declaration.h"

static void known_rules(Arena *arena, const RuleBook *book, ConfigOptions *options)
{
	uint32_t count = book->entries.count;
	KnownRule *rules = new_array(arena, KnownRule, count);
	for (uint32_t i = 0; i < count; i++) {
		const RuleEntry *entry = &book->entries.items[i];
		rules[i] = (KnownRule){
			.id = entry->id,
			.category = category_word(entry->rule->category),
			.severity = entry->rule->severity,
			.options = entry->rule->options,
		};
	}
	options->rules = rules;
	options->rule_count = count;
}

static void known_categories(Arena *arena, ConfigOptions *options)
{
	const char **words = new_array(arena, const char *, CATEGORY_COUNT);
	for (int category = 0; category < CATEGORY_COUNT; category++)
		words[category] = category_word((Category)category);
	options->categories = words;
	options->category_count = CATEGORY_COUNT;
}

static void known_layouts(Arena *arena, ConfigOptions *options)
{
	uint32_t count = 0;
	while (all_layouts[count])
		count++;
	const char **names = new_array(arena, const char *, count);
	for (uint32_t i = 0; i < count; i++)
		names[i] = all_layouts[i]->name;
	options->layouts = names;
	options->layout_count = count;
}

static void known_actions(Arena *arena, ConfigOptions *options)
{
	const char **words = new_array(arena, const char *, ACTION_KIND_COUNT);
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		words[options->action_count++] = action_word(kind);
	options->actions = words;
}

void known_names(Arena *arena, const struct RuleBook *book, ConfigOptions *options)
{
	known_rules(arena, book, options);
	known_categories(arena, options);
	known_layouts(arena, options);
	known_actions(arena, options);
	options->read_rules = read_pattern_rules;
	options->read_functions = read_declarations;
}
