/*
 * The names that PostgreSQL makes up: t_pkey, t_a_b_key, t_a_idx, t_a_fkey, t_a_check, t_a_seq.
 *
 * Cut to 63 bytes and numbered until they are free. https://www.postgresql.org/docs/current/limits.html (identifier
 * length)
 */
#include "catalog/inside.h"

#include <stdio.h>

enum { LONGEST_NAME = 63 };

/* The most of text's first `length` bytes that ends at a border of a UTF-8 sequence. */
static size_t clip(const char *text, size_t length)
{
	size_t whole = strlen(text);
	if (length >= whole)
		return whole;
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* The longer of the two names gives way, byte by byte, until all fits. */
static char *make_object_name(Arena *arena, const char *name1, const char *name2, const char *label)
{
	size_t first = strlen(name1), second = name2 ? strlen(name2) : 0;
	size_t around = (name2 ? 1 : 0) + (label ? strlen(label) + 1 : 0);
	size_t room = around < LONGEST_NAME ? LONGEST_NAME - around : 0;
	while (first + second > room) {
		if (first > second)
			first--;
		else
			second--;
	}
	first = clip(name1, first);
	second = name2 ? clip(name2, second) : 0;
	char *name = arena_alloc(arena, 1, first + second + around + 1), *end = name + first;
	memcpy(name, name1, first);
	if (name2) {
		*end++ = '_';
		memcpy(end, name2, second);
		end += second;
	}
	if (label) {
		*end++ = '_';
		memcpy(end, label, strlen(label));
	}
	return name;
}

static bool constraint_in_schema(const Catalog *catalog, const char *schema, const char *name)
{
	return find_in_schema(catalog, CLASS_CONSTRAINT, schema, name) != NULL;
}

typedef struct Wanted {
	const char *schema, *name1, *name2, *label;
	bool relation, constraint; /* what may not have the name yet */
} Wanted;

/* The name with the number; NULL when somebody has it. */
static const char *numbered(Catalog *catalog, const Wanted *wanted, uint32_t number)
{
	char label[LONGEST_NAME + 1], name[LONGEST_NAME + 1];
	ArenaMark mark = arena_mark(catalog->arena);
	if (number)
		snprintf(label, sizeof label, "%s%u", wanted->label, number);
	snprintf(name, sizeof name, "%s",
		 make_object_name(catalog->arena, wanted->name1, wanted->name2, number ? label : wanted->label));
	arena_reset(catalog->arena, mark);
	bool taken = (wanted->relation && !relation_name_free(catalog, wanted->schema, name)) ||
		     (wanted->constraint && constraint_in_schema(catalog, wanted->schema, name));
	return taken ? NULL : catalog_intern(catalog, name);
}

/*
 * The first number that is free. Behind some that are taken one by one, which nobody has by hand, it is looked for between one that
 * is taken and one that is free.
 */
static const char *choose_wanted(Catalog *catalog, const Wanted *wanted)
{
	enum { COUNTED_ONE_BY_ONE = 32 };
	const char *name = NULL;
	for (uint32_t number = 0; number < COUNTED_ONE_BY_ONE && !name; number++)
		name = numbered(catalog, wanted, number);
	if (name)
		return name;
	uint32_t taken = COUNTED_ONE_BY_ONE - 1, vacant = 2 * COUNTED_ONE_BY_ONE;
	for (; !(name = numbered(catalog, wanted, vacant)); vacant *= 2)
		taken = vacant;
	while (vacant - taken > 1) {
		uint32_t middle = taken + (vacant - taken) / 2;
		const char *nearer = numbered(catalog, wanted, middle);
		if (nearer) {
			name = nearer;
			vacant = middle;
		} else {
			taken = middle;
		}
	}
	return name;
}

static const char *choose(Catalog *catalog, const char *schema, const char *name1, const char *name2, const char *label,
			  bool relation, bool constraint)
{
	return choose_wanted(catalog, &(Wanted){schema, name1, name2, label, relation, constraint});
}

const char *choose_relation_name(Catalog *catalog, const char *schema, const char *name1, const char *name2,
				 const char *label)
{
	return choose(catalog, schema, name1, name2, label, true, false);
}

const char *choose_constraint_name(Catalog *catalog, const Relation *relation, const char *name2, const char *label)
{
	return choose(catalog, relation->object.schema, relation->object.name, name2, label, false, true);
}

/* --- Indexes ------------------------------------------------------------------------------------------------------ */

enum { FEW_KEYS = 16 };

/* One of the first `count` keys is called so; taken: their names, when the index has many. */
static bool is_taken(const Relation *index, uint32_t count, const Map *taken, const char *name)
{
	if (index->keys.count > FEW_KEYS)
		return map_get(taken, name, strlen(name));
	for (uint32_t i = 0; i < count; i++)
		if (same(index->keys.items[i].name, name))
			return true;
	return false;
}

/* Each key column's own name within the index; doubles are numbered: a, a1, a2. */
static const char *key_name(Catalog *catalog, const Relation *index, uint32_t count, const Map *taken, const char *wanted)
{
	const char *name = wanted;
	for (uint32_t number = 1;; number++) {
		if (!is_taken(index, count, taken, name))
			return catalog_intern(catalog, name);
		char digits[16];
		int length = snprintf(digits, sizeof digits, "%u", number);
		size_t kept = clip(wanted, (size_t)(LONGEST_NAME - length));
		name = arena_print(catalog->arena, "%.*s%s", (int)kept, wanted, digits);
	}
}

void name_index_keys(Catalog *catalog, Relation *index)
{
	Arena scratch = {0};
	Map taken = {0};
	for (uint32_t i = 0; i < index->keys.count; i++) {
		CatalogKey *key = &index->keys.items[i];
		const char *wanted = key->column ? key->column->object.name : expr_figure_name(key->expr);
		CHANGE(catalog, key->name, key_name(catalog, index, i, &taken, wanted ? wanted : "expr"));
		if (index->keys.count > FEW_KEYS)
			map_set(&scratch, &taken, key->name, strlen(key->name), key);
	}
	arena_free(&scratch);
}

typedef struct Joined {
	char text[2 * LONGEST_NAME + 2];
	size_t length;
} Joined;

/* PostgreSQL stops joining once the name is too long anyway. */
static bool join(Joined *joined, const char *name)
{
	if (joined->length > LONGEST_NAME)
		return false;
	int added = snprintf(joined->text + joined->length, sizeof joined->text - joined->length, "%s%.*s",
			     joined->length ? "_" : "", LONGEST_NAME, name);
	joined->length += (size_t)added;
	return true;
}

const char *choose_index_name(Catalog *catalog, const Relation *table, const Relation *index, const char *label,
			      bool is_constraint)
{
	Joined middle = {0};
	for (uint32_t i = 0; i < index->keys.count; i++)
		join(&middle, index->keys.items[i].name);
	/* INCLUDE columns are part of the name, too. */
	for (uint32_t i = 0; i < index->include.count; i++)
		join(&middle, index->include.items[i]);
	const char *name2 = same(label, "pkey") ? NULL : middle.text;
	return choose(catalog, table->object.schema, table->object.name, name2, label, true, is_constraint);
}

const char *joined_columns(Catalog *catalog, const Constraint *constraint)
{
	Joined joined = {0};
	/* Until 11 a foreign key was named after its first column only. */
	uint32_t count = catalog->version < 12 && constraint->columns.count ? 1 : constraint->columns.count;
	for (uint32_t i = 0; i < count; i++)
		join(&joined, constraint->columns.items[i]->object.name);
	return joined.length ? arena_copy(catalog->arena, joined.text, joined.length) : NULL;
}
