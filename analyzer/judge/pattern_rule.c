/* What a rule written in YAML does when it is asked: nothing until everything fits, then one finding. */
#include "judge/pattern_rule.h"

#include "judge/judge.h"

/* "public.users" and, for a part, "public.users.email": what an allow-comment may name. */
static void say_what_about(Finding *finding, Context *context, const Action *action)
{
	const Relation *relation = relation_named(context, action->relation);
	Value value = {0};
	if (relation) {
		about(finding, context, &relation->object);
	} else if (action->relation.name) {
		attribute_by_name("relation")->read(context, action, &value);
		finding->relation = finding->object = value.text;
	}
	if (finding->relation && action->object)
		finding->object = arena_print(context->arena, "%s.%s", finding->relation, action->object);
}

static void say_instead(Finding *finding, Context *context, const Action *action)
{
	const char *text = context->rule->pattern->instead;
	if (text && strchr(text, '{'))
		instead(finding, context, "%s", fill_in(context, text, action));
}

/* Whether the rule has something to say. */
static bool fits(const Context *context, const Action *action)
{
	const PatternRule *rule = context->rule->pattern;
	Context asking = *context;
	asking.arena = judge_scratch(context->judge);
	return pattern_fits(&asking, &rule->pattern, action) && neighbours_fit(&asking, rule, action);
}

void check_pattern(Context *context, const Action *action)
{
	const PatternRule *rule = context->rule->pattern;
	if (!fits(context, action))
		return;
	Finding *finding = report(context, action->span, "%s", fill_in(context, rule->message, action));
	if (!finding)
		return;
	say_what_about(finding, context, action);
	say_instead(finding, context, action);
}

void check_migration_pattern(Context *context)
{
	const PatternRule *rule = context->rule->pattern;
	if (!fits(context, NULL))
		return;
	Finding *finding = report_whole(context, "%s", fill_in(context, rule->message, NULL));
	if (finding)
		say_instead(finding, context, NULL);
}
