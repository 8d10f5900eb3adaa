/* Reading conditions: `where` and all that may stand in it. */
#include "judge/pattern_reader.h"

#include "discover/pattern.h"

#include <stdlib.h>

bool has_option(const RuleReader *reader, const char *name)
{
	for (uint32_t i = 0; i < reader->options.count; i++)
		if (same(reader->options.items[i].name, name))
			return true;
	return false;
}

void unknown_attribute(RuleReader *reader, uint32_t line, const char *key, const char *name)
{
	enum { MOST = 160 };
	const char *names[MOST];
	size_t count = 0;
	for (const Attribute *attribute = all_attributes; attribute->name && count < MOST; attribute++)
		names[count++] = attribute->name;
	rule_unknown(reader, line, key, "attribute", name, names, count);
}

/* --- Scalars ---------------------------------------------------------------------------------- */

/* ">= 5": the comparison and what is behind it. A bare value is compared for equality. */
static const char *take_comparison(const char *text, Compare *comparison)
{
	static const struct {
		const char *sign;
		Compare comparison;
	} signs[] = {{"<=", COMPARE_LESS_EQUAL},
		     {">=", COMPARE_MORE_EQUAL},
		     {"<", COMPARE_LESS},
		     {">", COMPARE_MORE},
		     {"=", COMPARE_EQUAL}};
	*comparison = COMPARE_EQUAL;
	for (size_t i = 0; i < LENGTH(signs); i++) {
		if (!starts_with(text, signs[i].sign))
			continue;
		*comparison = signs[i].comparison;
		text += strlen(signs[i].sign);
		break;
	}
	return text + strspn(text, " ");
}

static bool read_lock(const char *text, long *number)
{
	for (LockMode mode = LOCK_ACCESS_SHARE; mode <= LOCK_ACCESS_EXCLUSIVE; mode++) {
		if (same_nocase(text, lock_mode_words(mode)) || same(text, lock_mode_name(mode))) {
			*number = mode;
			return true;
		}
	}
	return false;
}

static bool read_number(const char *text, long *number)
{
	char *end;
	*number = strtol(text, &end, 10);
	return end != text && !*end && strlen(text) < 16;
}

/* What stands for the attribute's texts; NULL and the list in *expected when it is none of those that there are. */
static const char *known_word(Arena *arena, const Attribute *attribute, const char *text, const char **expected)
{
	Buf all = {0};
	const char *found = NULL;
	for (const char *const *word = attribute->words; *word; word++) {
		if (same(*word, text))
			found = text;
		buf_addf(&all, "%s%s", all.length ? (word[1] ? ", " : " or ") : "", *word);
	}
	*expected = arena_copy(arena, all.data, all.length);
	buf_free(&all);
	return found;
}

static bool read_text_condition(Arena *arena, const Attribute *attribute, const char *text, Condition *condition,
				const char **expected)
{
	bool is_regex = text[0] == '/' && text[1];
	if (is_regex || attribute->qualified) {
		const char *error = NULL;
		condition->kind = CONDITION_MATCHES;
		condition->pattern = attribute->qualified ? pattern_compile(arena, text, &error)
							  : pattern_of_text(arena, text, &error);
		if (error)
			*expected = arena_print(arena, "a pattern (%s)", error);
		return condition->pattern != NULL;
	}
	condition->kind = CONDITION_IS;
	condition->text = text;
	return !attribute->words || known_word(arena, attribute, text, expected);
}

const Condition *read_condition_text(Arena *arena, const Attribute *attribute, const char *text, const char **expected)
{
	Condition *condition = new(arena, Condition);
	condition->kind = CONDITION_COMPARES;
	const char *operand = text;
	bool good = false;
	switch (attribute->type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_LIST:
		*expected = "a text or a /pattern/";
		good = *text && read_text_condition(arena, attribute, text, condition, expected);
		break;
	case ATTRIBUTE_NUMBER:
		*expected = "a number, or a comparison such as \"> 5\"";
		operand = take_comparison(text, &condition->comparison);
		good = read_number(operand, &condition->number);
		break;
	case ATTRIBUTE_BOOL:
		*expected = "true or false";
		condition->number = same(text, "true");
		good = same(text, "true") || same(text, "false");
		break;
	case ATTRIBUTE_LOCK:
		*expected = "a lock mode such as SHARE, or a comparison such as \">= SHARE\"";
		operand = take_comparison(text, &condition->comparison);
		good = read_lock(operand, &condition->number);
		break;
	}
	return good ? condition : NULL;
}

/* "{limit}", "> {limit}": the text asks for an option of the rule. */
static bool asks_for_option(const RuleReader *reader, const char *text)
{
	for (; *text; text++) {
		const char *name = NULL;
		if (placeholder_at(reader->arena, text, &name) && has_option(reader, name))
			return true;
	}
	return false;
}

/* --- Conditions ------------------------------------------------------------------------------- */

static const Condition *read_condition(RuleReader *reader, const Node *node, const char *key,
				       const Attribute *attribute);

static const Condition *condition_of(RuleReader *reader, ConditionKind kind, const Condition *part)
{
	Condition *condition = new(reader->arena, Condition);
	condition->kind = kind;
	if (part)
		array_push(reader->arena, &condition->parts, part);
	return part ? condition : NULL;
}

static const Condition *read_any(RuleReader *reader, const Node *list, const char *key, const Attribute *attribute)
{
	Condition *condition = new(reader->arena, Condition);
	condition->kind = CONDITION_ANY;
	if (!list->items.count)
		rule_error(reader, list->line, key, "expected at least one value, not an empty list");
	array_each (Node *, item, &list->items) {
		const Condition *part = read_condition(reader, *item, key, attribute);
		if (part)
			array_push(reader->arena, &condition->parts, part);
	}
	return condition;
}

/* {not: …}, {any: […]}, {present: false} */
static const Condition *read_condition_map(RuleReader *reader, const Node *map, const char *key,
					   const Attribute *attribute)
{
	const struct NodePair *pair = map->pairs.count == 1 ? map->pairs.items : NULL;
	if (pair && same(pair->key, "not"))
		return condition_of(reader, CONDITION_NOT, read_condition(reader, pair->value, key, attribute));
	if (pair && same(pair->key, "any") && pair->value->kind == NODE_LIST)
		return read_any(reader, pair->value, key, attribute);
	bool truth = pair && pair->value->kind == NODE_TEXT && same(pair->value->text, "true");
	if (pair && same(pair->key, "present") &&
	    (truth || (pair->value->kind == NODE_TEXT && same(pair->value->text, "false")))) {
		Condition *condition = new(reader->arena, Condition);
		condition->kind = CONDITION_PRESENT;
		condition->number = truth;
		return condition;
	}
	rule_error(reader, map->line, key, "expected a value, a list, {not: ...}, {any: [...]} or {present: false}");
	return NULL;
}

static const Condition *read_condition(RuleReader *reader, const Node *node, const char *key,
				       const Attribute *attribute)
{
	if (node->kind == NODE_LIST)
		return read_any(reader, node, key, attribute);
	if (node->kind == NODE_MAP)
		return read_condition_map(reader, node, key, attribute);
	const char *expected = "a value", *text = node->kind == NODE_TEXT ? node->text : "";
	if (asks_for_option(reader, text)) {
		Condition *condition = new(reader->arena, Condition);
		condition->kind = CONDITION_OPTION;
		condition->text = text;
		return condition;
	}
	const Condition *condition = read_condition_text(reader->arena, attribute, text, &expected);
	if (!condition)
		rule_expected(reader, node, key, expected);
	return condition;
}

/* --- where ------------------------------------------------------------------------------------ */

static bool attribute_is_of_any(const Attribute *attribute, const ActionKind *on)
{
	for (; *on != ACTION_NONE; on++)
		if (attribute_is_of(attribute, *on))
			return true;
	return false;
}

static bool may_ask(RuleReader *reader, const struct NodePair *pair, const char *key, const Attribute *attribute,
		    const ActionKind *on, ReadWhere of)
{
	if (of == READ_MIGRATION && attribute->scope != SCOPE_SCRIPT)
		rule_error(reader, pair->line, key,
			   "a rule about migrations can ask for file, statement-count and the like only");
	else if (of == READ_NEIGHBOUR && attribute->scope == SCOPE_MOMENT)
		rule_error(reader, pair->line, key,
			   "of an action before or behind it only what it says is known, not what it does");
	else if (of != READ_MIGRATION && *on != ACTION_NONE && !attribute_is_of_any(attribute, on))
		rule_error(reader, pair->line, key, "%s%s has no such attribute", action_word(*on),
			   on[1] == ACTION_NONE ? "" : ", as the others,");
	else
		return true;
	return false;
}

static const Where *where_of(Arena *arena, WhereKind kind, const Where *part)
{
	Where *where = new(arena, Where);
	where->kind = kind;
	if (part)
		array_push(arena, &where->parts, part);
	return where;
}

static const Where *read_attribute(RuleReader *reader, const struct NodePair *pair, const char *key,
				   const ActionKind *on, ReadWhere of)
{
	const Attribute *attribute = attribute_by_name(pair->key);
	if (!attribute) {
		unknown_attribute(reader, pair->line, key, pair->key);
		return NULL;
	}
	const char *inner = arena_print(reader->arena, "%s: %s", key, pair->key);
	if (!may_ask(reader, pair, inner, attribute, on, of))
		return NULL;
	Where *where = new(reader->arena, Where);
	where->attribute = attribute;
	where->condition = read_condition(reader, pair->value, inner, attribute);
	return where->condition ? where : NULL;
}

static const Where *read_any_where(RuleReader *reader, const Node *list, const char *key, const ActionKind *on,
				   ReadWhere of)
{
	Where *where = new(reader->arena, Where);
	where->kind = WHERE_ANY;
	if (list->kind != NODE_LIST || !list->items.count) {
		rule_expected(reader, list, key, "a list of mappings of attributes");
		return NULL;
	}
	array_each (Node *, item, &list->items) {
		const Where *part = read_where(reader, *item, key, on, of);
		if (part)
			array_push(reader->arena, &where->parts, part);
	}
	return where;
}

const Where *read_where(RuleReader *reader, const Node *node, const char *key, const ActionKind *on, ReadWhere of)
{
	if (node->kind != NODE_MAP) {
		rule_expected(reader, node, key, "a mapping of attributes to conditions, such as {type: json}");
		return NULL;
	}
	Where *all = new(reader->arena, Where);
	all->kind = WHERE_ALL;
	array_each (struct NodePair, pair, &node->pairs) {
		const char *inner = arena_print(reader->arena, "%s: %s", key, pair->key);
		const Where *part = NULL;
		if (same(pair->key, "any")) {
			part = read_any_where(reader, pair->value, inner, on, of);
		} else if (same(pair->key, "not")) {
			part = read_where(reader, pair->value, inner, on, of);
			part = part ? where_of(reader->arena, WHERE_NOT, part) : NULL;
		} else {
			part = read_attribute(reader, pair, key, on, of);
		}
		if (part)
			array_push(reader->arena, &all->parts, part);
	}
	return all;
}
