/* What proofs come to, in words that rules share. */
#include "judge/rule.h"

/* https://www.postgresql.org/docs/current/errcodes-appendix.html */
const char *sqlstate_words(const char *sqlstate)
{
	static const struct {
		const char *sqlstate, *words;
	} known[] = {
		{"23505", "the rows are there already"},
		{"25001", "it cannot run inside a transaction"},
		{"2BP01", "something else still needs what it drops"},
		{"3F000", "the schema is not there"},
		{"42601", "it is not SQL"},
		{"42701", "the column is there already"},
		{"42703", "the column is not there"},
		{"42704", "the object is not there"},
		{"42710", "the object is there already"},
		{"42723", "the function is there already"},
		{"42804", "the types do not fit"},
		{"42809", "the object is of another kind"},
		{"42883", "the function is not there"},
		{"42P01", "the relation is not there"},
		{"42P06", "the schema is there already"},
		{"42P07", "the relation is there already"},
		{"42P16", "the table's definition does not allow it"},
		{"P0001", "it raises an error of its own"},
	};
	for (size_t i = 0; i < LENGTH(known); i++)
		if (same(known[i].sqlstate, sqlstate))
			return known[i].words;
	return "PostgreSQL refuses it";
}

static const char *difference_text(const Context *context, const Difference *difference)
{
	enum { SHORT = 60 };
	if (difference->kind == DIFFERENCE_LEFT)
		return arena_print(context->arena, "%s is left", difference->subject);
	if (difference->kind == DIFFERENCE_MISSING)
		return arena_print(context->arena, "%s is missing", difference->subject);
	if (!*difference->before || !*difference->after || strlen(difference->before) > SHORT || strlen(difference->after) > SHORT)
		return arena_print(context->arena, "%s has changed", difference->subject);
	return arena_print(context->arena, "%s was %s and is %s", difference->subject, difference->before, difference->after);
}

const char *rollback_differences(const Context *context, const Comparison *comparison)
{
	enum { MOST = 8 };
	const char *text = "";
	uint32_t count = comparison->differences.count, shown = count <= MOST ? count : MOST - 1;
	for (uint32_t i = 0; i < shown; i++)
		text = arena_print(context->arena, "%s%s%s", text, i ? "; " : "",
				   difference_text(context, &comparison->differences.items[i]));
	return shown == count ? text : arena_print(context->arena, "%s; and %u more", text, count - shown);
}

const char *rollback_difference(const Context *context, const Comparison *comparison)
{
	static const char *const ends[] = {
		[DIFFERENCE_LEFT] = "is still there", [DIFFERENCE_MISSING] = "is missing", [DIFFERENCE_CHANGED] = "is not as it was"};
	uint32_t others = comparison->differences.count - 1;
	/* A table says more than its columns. */
	const Difference *first = &comparison->differences.items[0];
	array_each (const Difference, difference, &comparison->differences)
		if (first->object->parent && !difference->object->parent)
			first = difference;
	const char *text = arena_print(context->arena, "%s %s", first->subject, ends[first->kind]);
	if (!others)
		return text;
	return arena_print(context->arena, "%s, and %u other object%s differ%s", text, others, others == 1 ? "" : "s",
			   others == 1 ? "s" : "");
}

bool only_labels(const Comparison *comparison)
{
	array_each (const Difference, difference, &comparison->differences) {
		const Object *object = difference->object;
		bool changed = difference->kind == DIFFERENCE_CHANGED && object->kind == OBJECT_TYPE;
		if (!changed || ((const Type *)object)->kind != TYPE_ENUM)
			return false;
	}
	return comparison->differences.count > 0;
}

bool only_validated(const Comparison *comparison)
{
	static const char invalid[] = "not valid";

	array_each (const Difference, difference, &comparison->differences) {
		if (difference->kind != DIFFERENCE_CHANGED || difference->object->kind != OBJECT_CONSTRAINT)
			return false;
		const char *at = strstr(difference->before, invalid);
		if (!at || strstr(difference->after, invalid))
			return false;
		size_t head = (size_t)(at - difference->before);
		while (head > 0 && difference->before[head - 1] == ' ')
			head--;
		if (strncmp(difference->before, difference->after, head) != 0 || !same(at + strlen(invalid), difference->after + head))
			return false;
	}
	return true;
}
