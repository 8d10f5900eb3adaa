#include "lint.h"

#include "discover/layout.h"
#include "judge/rule.h"

static void known_rules(Arena *arena, ConfigOptions *options)
{
	KnownRule *rules = new_array(arena, KnownRule, rule_count);
	for (uint32_t i = 0; i < rule_count; i++) {
		const Rule *rule = all_rules[i].rule;
		rules[i] = (KnownRule){
			.id = all_rules[i].id,
			.category = category_word(rule->category),
			.severity = rule->severity,
			.options = rule->options,
		};
	}
	options->rules = rules;
	options->rule_count = rule_count;
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

void known_names(Arena *arena, ConfigOptions *options)
{
	known_rules(arena, options);
	known_categories(arena, options);
	known_layouts(arena, options);
}
