/* Evaluating patterns: attributes against conditions, and what stands before and behind an action. */
#include "judge/pattern_rule.h"

#include <ctype.h>

#include "judge/judge.h"

const Ordering all_orderings[] = {
	{"after", true, false, true, "such an action must come before it in the migration"},
	{"before", false, true, true, "such an action must come behind it"},
	{"together-with", true, true, true, "such an action must stand somewhere else in the migration"},
	{"unless-earlier", true, false, false, "no finding when such an action comes before it"},
	{"unless-later", false, true, false, "no finding when such an action comes behind it"},
	{"unless-together-with", true, true, false, "no finding when such an action stands anywhere else"},
	{0},
};

/* --- Text with place-holders ------------------------------------------------------------------ */

size_t placeholder_at(Arena *arena, const char *text, const char **name)
{
	size_t length = 0;
	if (text[0] != '{' || !islower((unsigned char)text[1]))
		return 0;
	while (islower((unsigned char)text[1 + length]) || text[1 + length] == '-')
		length++;
	if (text[1 + length] != '}')
		return 0;
	*name = arena_copy(arena, text + 1, length);
	return length + 2;
}

static Value read_value(const Context *context, const Attribute *attribute, const Action *action)
{
	Value value = {0};
	if (attribute->scope == SCOPE_SCRIPT || (action && attribute_is_of(attribute, action->kind)))
		attribute->read(context, action, &value);
	return value;
}

static const char *value_of(Context *context, const char *name, const Action *action)
{
	const Attribute *attribute = attribute_by_name(name);
	if (!attribute)
		return option(context, name);
	Value value = read_value(context, attribute, action);
	return value_shown(context->arena, attribute, &value);
}

const char *fill_in(Context *context, const char *text, const Action *action)
{
	Buf filled = {0};
	while (*text) {
		const char *name = NULL;
		size_t length = placeholder_at(context->arena, text, &name);
		const char *value = length ? value_of(context, name, action) : NULL;
		if (value)
			buf_adds(&filled, value);
		else
			buf_add(&filled, text, length ? length : 1);
		text += length ? length : 1;
	}
	const char *copy = arena_copy(context->arena, filled.data ? filled.data : "", filled.length);
	buf_free(&filled);
	return copy;
}

/* --- Conditions ------------------------------------------------------------------------------- */

static bool compares(Compare comparison, long value, long number)
{
	switch (comparison) {
	case COMPARE_EQUAL:
		return value == number;
	case COMPARE_LESS:
		return value < number;
	case COMPARE_LESS_EQUAL:
		return value <= number;
	case COMPARE_MORE:
		return value > number;
	case COMPARE_MORE_EQUAL:
		return value >= number;
	}
	return false;
}

static bool text_fits(const Condition *condition, const char *text)
{
	return condition->kind == CONDITION_MATCHES ? pattern_matches(condition->pattern, text)
						    : same(condition->text, text);
}

static bool value_fits(const Condition *condition, const Attribute *attribute, const Value *value)
{
	if (attribute->type == ATTRIBUTE_TEXT)
		return text_fits(condition, value->text);
	if (attribute->type != ATTRIBUTE_LIST)
		return compares(condition->comparison, value->number, condition->number);
	for (uint32_t i = 0; i < value->list.count; i++)
		if (text_fits(condition, value->list.items[i]))
			return true;
	return false;
}

/* A condition with {options} in it, for the values that hold in this file. Values are checked when the configuration is
 * read. */
static const Condition *with_options(Context *context, const Condition *condition, const Attribute *attribute)
{
	static const Condition never = {.kind = CONDITION_PRESENT};
	const char *text = fill_in(context, condition->text, NULL), *expected = NULL;
	Map *conditions = judge_conditions(context->judge);
	const char *key = arena_print(context->arena, "%s=%s", attribute->name, text);
	const Condition *known = map_get(conditions, key, strlen(key));
	if (known)
		return known;
	Arena *arena = judge_arena(context->judge);
	Condition *any = new(arena, Condition);
	any->kind = CONDITION_ANY;
	for (const char *line = text; line;) {
		size_t length = strcspn(line, "\n");
		const Condition *one =
			read_condition_text(arena, attribute, arena_copy(arena, line, length), &expected);
		array_push(arena, &any->parts, one ? one : &never);
		line = line[length] ? line + length + 1 : NULL;
	}
	map_set(arena, conditions, arena_string(arena, key), strlen(key), any);
	return any;
}

/* Depth is limited by that of the YAML. */
static bool condition_fits(Context *context, const Condition *condition, const Attribute *attribute, const Value *value)
{
	switch (condition->kind) {
	case CONDITION_NOT:
		return !condition_fits(context, condition->parts.items[0], attribute, value);
	case CONDITION_ANY:
		for (uint32_t i = 0; i < condition->parts.count; i++)
			if (condition_fits(context, condition->parts.items[i], attribute, value))
				return true;
		return false;
	case CONDITION_PRESENT:
		return value->present == (condition->number != 0);
	case CONDITION_OPTION:
		return condition_fits(context, with_options(context, condition, attribute), attribute, value);
	default:
		return value->present && value_fits(condition, attribute, value);
	}
}

static Value value_for(Context *context, const Attribute *attribute, const Action *action)
{
	if (!action || action != context->action)
		return read_value(context, attribute, action);
	Answers *answers = judge_answers(context->judge);
	size_t place = (size_t)(attribute - all_attributes);
	if (!answers->known[place]) {
		answers->known[place] = true;
		answers->values[place] = read_value(context, attribute, action);
	}
	return answers->values[place];
}

static bool where_fits(Context *context, const Where *where, const Action *action)
{
	Value value;
	switch (where->kind) {
	case WHERE_ATTRIBUTE:
		value = value_for(context, where->attribute, action);
		return condition_fits(context, where->condition, where->attribute, &value);
	case WHERE_ANY:
		for (uint32_t i = 0; i < where->parts.count; i++)
			if (where_fits(context, where->parts.items[i], action))
				return true;
		return false;
	default:
		for (uint32_t i = 0; i < where->parts.count; i++)
			if (!where_fits(context, where->parts.items[i], action))
				return where->kind == WHERE_NOT;
		return where->kind == WHERE_ALL;
	}
}

bool pattern_fits(Context *context, const ActionPattern *pattern, const Action *action)
{
	return !pattern->where || where_fits(context, pattern->where, action);
}

/* --- Before and behind ------------------------------------------------------------------------ */

/* As written: one of the two may leave the schema out. */
static bool same_name(Name a, Name b)
{
	return a.name && same(a.name, b.name) && (!a.schema || !b.schema || same(a.schema, b.schema));
}

static bool has_column(const Action *action, const char *column)
{
	if (same(action->object, column))
		return true;
	const Names *lists[] = {&action->columns, action->constraint ? &action->constraint->columns : &action->columns};
	for (size_t i = 0; i < LENGTH(lists); i++)
		for (uint32_t c = 0; c < lists[i]->count; c++)
			if (same(lists[i]->items[c], column))
				return true;
	for (uint32_t i = 0; action->index && i < action->index->keys.count; i++)
		if (same(action->index->keys.items[i].column, column))
			return true;
	return false;
}

static bool shares_column(const Action *a, const Action *b)
{
	if (a->object && a->kind != ACTION_CREATE_INDEX && (a->kind != ACTION_ADD_CONSTRAINT || a->inline_constraint))
		return has_column(b, a->object);
	const Names *columns = a->constraint ? &a->constraint->columns : &a->columns;
	for (uint32_t i = 0; i < columns->count; i++)
		if (has_column(b, columns->items[i]))
			return true;
	for (uint32_t i = 0; a->index && i < a->index->keys.count; i++)
		if (a->index->keys.items[i].column && has_column(b, a->index->keys.items[i].column))
			return true;
	return false;
}

static bool shares(Sharing sharing, const Action *action, const Action *candidate)
{
	if (sharing == SHARE_NOTHING || !action)
		return true;
	if (sharing == SHARE_NAME)
		return true; /* they were looked up by it */
	if (!same_name(action->relation, candidate->relation))
		return false;
	return sharing == SHARE_RELATION || shares_column(action, candidate);
}

static bool stands(const Context *context, const Ordering *ordering, const Action *action, const Action *candidate)
{
	if (!action)
		return true;
	Span here = context->step && context->step->called_at ? context->step->called_at->span : action->span;
	bool before = candidate->span.start < here.start, behind = candidate->span.start > here.start;
	return candidate != action &&
	       ((ordering->before && before) || (ordering->behind && behind) || (ordering->before && ordering->behind));
}

/*
 * The name that two actions share: for `same: name` an index that is dropped is named itself and one that is made is a part of its
 * table; else the bare name of the relation. "" where nothing is shared, NULL where an action has no name to share.
 */
static const char *shared_name(const Context *context, Sharing sharing, const Action *action)
{
	if (sharing == SHARE_NOTHING || !action)
		return "";
	if (sharing != SHARE_NAME)
		return action->relation.name;
	Value value = read_value(context, attribute_by_name("name"), action);
	return value.present ? value.text : NULL;
}

static void add_candidate(Context *context, Candidates *candidates, Sharing sharing, const Action *action)
{
	Arena *arena = judge_arena(context->judge);
	const char *name = shared_name(context, sharing, action);
	if (!name || !pattern_fits(context, &((const Neighbour *)candidates->of)->pattern, action))
		return;
	ActionList *list = map_get(&candidates->by_name, name, strlen(name));
	if (!list) {
		list = new(arena, ActionList);
		map_set(arena, &candidates->by_name, arena_string(arena, name), strlen(name), list);
	}
	array_push(arena, list, action);
}

/*
 * The script's actions that fit the neighbour's pattern and have the name. What it may ask of them stands in them, so that they are
 * looked for once in a script and not once for each action: a file of 20,000 INSERTs would take minutes.
 */
static const ActionList *candidates_for(Context *context, const Neighbour *neighbour, const char *name)
{
	Candidates *candidates = judge_candidates(context->judge, neighbour);
	if (candidates->script != context->script) {
		candidates->script = context->script;
		candidates->by_name = (Map){0};
		for (const ActionKind *kind = neighbour->pattern.on; *kind != ACTION_NONE; kind++) {
			const ActionList *list = judge_actions(context->judge, *kind);
			for (uint32_t i = 0; i < list->count; i++)
				add_candidate(context, candidates, neighbour->pattern.sharing, list->items[i]);
		}
	}
	return map_get(&candidates->by_name, name, strlen(name));
}

static bool has_neighbour(Context *context, const Neighbour *neighbour, const Action *action)
{
	Sharing sharing = neighbour->pattern.sharing;
	const char *name = shared_name(context, sharing, action);
	const ActionList *list = name ? candidates_for(context, neighbour, name) : NULL;
	for (uint32_t i = 0; list && i < list->count; i++) {
		const Action *candidate = list->items[i];
		if (stands(context, neighbour->ordering, action, candidate) && shares(sharing, action, candidate))
			return true;
	}
	return false;
}

bool neighbours_fit(Context *context, const PatternRule *rule, const Action *action)
{
	array_each (const Neighbour, neighbour, &rule->neighbours)
		if (has_neighbour(context, neighbour, action) != neighbour->ordering->wanted)
			return false;
	return true;
}
