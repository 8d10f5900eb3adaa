/*
 * What a down lacks, as statements that can be pasted into it.
 *
 * Drops come first, newest object first, so that nothing is dropped before what needs it; then what has to come back: tables and
 * their parts from the catalog, views and functions as the newest migration that made them has them. What cannot be written is
 * named in a comment.
 */
#include "replay/reversal.h"
#include "replay/writer.h"

#include <ctype.h>

/* --- Names ------------------------------------------------------------------------------------------------------------------- */

const char *name_in_sql(const Writer *writer, const Object *object)
{
	bool plain = !object->schema || same(object->schema, "public");
	return quoted_name(writer->arena, (Name){plain ? NULL : object->schema, object->name});
}

const char *identifier_in_sql(const Writer *writer, const char *name)
{
	return quoted_name(writer->arena, (Name){.name = name});
}

/* "FOREIGN TABLE" of "foreign table". */
static const char *kind_in_capitals(const Writer *writer, const Object *object)
{
	char *words = arena_string(writer->arena, object_kind_words(object->kind));
	for (char *letter = words; *letter; letter++)
		*letter = (char)toupper((unsigned char)*letter);
	return words;
}

/* --- What has to go --------------------------------------------------------------------------------------------------------------- */

static bool is_left(const Writer *writer, const Object *object)
{
	array_each (const Difference, difference, &writer->comparison->differences)
		if (difference->kind == DIFFERENCE_LEFT && difference->object == object)
			return true;
	return false;
}

/* It was there, under another name. */
static bool renamed(const Writer *writer, const Object *object)
{
	array_each (const Difference, difference, &writer->comparison->differences)
		if (difference->kind == DIFFERENCE_MISSING && difference->was == object)
			return is_left(writer, object);
	return false;
}

static bool goes(const Writer *writer, const Object *object)
{
	return is_left(writer, object) && !renamed(writer, object);
}

/* It goes when the column that it is about is dropped. */
static bool goes_along(const Writer *writer, const Object *object)
{
	if (object->kind == OBJECT_CONSTRAINT) {
		array_each (Column *const, column, &((const Constraint *)object)->columns)
			if (*column && goes(writer, &(*column)->object))
				return true;
	} else if (object->kind == OBJECT_INDEX) {
		const Relation *index = (const Relation *)object;
		if (index->constraint)
			return true;
		array_each (const CatalogKey, key, &index->keys)
			if (key->column && goes(writer, &key->column->object))
				return true;
	} else if (object->kind == OBJECT_SEQUENCE) {
		return ((const Relation *)object)->owned_by != NULL;
	}
	return false;
}

void write_drop(Writer *writer, const Difference *difference)
{
	const Object *object = difference->object;
	Buf *sql = &writer->sql;
	switch (object->kind) {
	case OBJECT_COLUMN:
	case OBJECT_CONSTRAINT:
		buf_addf(sql, "ALTER TABLE %s DROP %s %s;\n", name_in_sql(writer, object->parent), kind_in_capitals(writer, object),
			 identifier_in_sql(writer, object->name));
		break;
	case OBJECT_TRIGGER:
	case OBJECT_POLICY:
	case OBJECT_RULE:
		buf_addf(sql, "DROP %s %s ON %s;\n", kind_in_capitals(writer, object), identifier_in_sql(writer, object->name),
			 name_in_sql(writer, object->parent));
		break;
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_AGGREGATE:
		buf_addf(sql, "DROP %s %s%s;\n", kind_in_capitals(writer, object), name_in_sql(writer, object),
			 strchr(difference->subject, '(') ? strchr(difference->subject, '(') : "");
		break;
	default:
		buf_addf(sql, "DROP %s %s;\n", kind_in_capitals(writer, object), name_in_sql(writer, object));
		break;
	}
}

static void drop_what_is_left(Writer *writer)
{
	const Comparison *comparison = writer->comparison;
	uint32_t newer = UINT32_MAX;
	for (;;) {
		const Difference *newest = NULL;
		array_each (const Difference, difference, &comparison->differences)
			if (difference->kind == DIFFERENCE_LEFT && difference->object->number < newer &&
			    (!newest || difference->object->number > newest->object->number))
				newest = difference;
		if (!newest)
			return;
		newer = newest->object->number;
		if (!renamed(writer, newest->object) && !goes_along(writer, newest->object))
			write_drop(writer, newest);
	}
}

/* --- What has another name ---------------------------------------------------------------------------------------------------------- */

static void rename_back(Writer *writer, const Object *object)
{
	Buf *sql = &writer->sql;
	const char *is = identifier_in_sql(writer, object->name), *is_named = name_in_sql(writer, object), *schema = object->schema;
	const char *of = object->parent ? name_in_sql(writer, object->parent) : NULL, *kind = kind_in_capitals(writer, object);
	catalog_look_back(writer->catalog, writer->before);
	const char *was = identifier_in_sql(writer, object->name), *old_schema = object->schema;
	catalog_look_forward(writer->catalog, writer->before);
	if (same(is, was) && same(schema, old_schema))
		return; /* only its table has another name */
	if (!same(schema, old_schema))
		buf_addf(sql, "ALTER %s %s SET SCHEMA %s;\n", kind, is_named, identifier_in_sql(writer, old_schema));
	else if (object->kind == OBJECT_COLUMN || object->kind == OBJECT_CONSTRAINT)
		buf_addf(sql, "ALTER TABLE %s RENAME %s %s TO %s;\n", of, kind, is, was);
	else if (of)
		buf_addf(sql, "ALTER %s %s ON %s RENAME TO %s;\n", kind, is, of, was);
	else
		buf_addf(sql, "ALTER %s %s RENAME TO %s;\n", kind, is_named, was);
}

/* An index behind a constraint goes by its constraint's name. */
static void rename_what_is_left(Writer *writer)
{
	/* Parts are called by their table's name of now. */
	for (int parts = 1; parts >= 0; parts--)
		array_each (const Difference, difference, &writer->comparison->differences) {
			const Object *object = difference->object;
			bool of_constraint = object->kind == OBJECT_INDEX && ((const Relation *)object)->constraint;
			if (difference->kind == DIFFERENCE_LEFT && parts == (object->parent != NULL) && renamed(writer, object) &&
			    !of_constraint)
				rename_back(writer, object);
		}
}

/* --- All of it ------------------------------------------------------------------------------------------------------------------------ */

static void bring_back(Writer *writer, const Difference *difference)
{
	const Object *object = difference->was;
	if (renamed(writer, object) || (object->kind == OBJECT_SEQUENCE && ((const Relation *)object)->owned_by))
		return; /* its name is back already; it comes with its column */
	if (!write_object(writer, object))
		buf_addf(&writer->sql, "-- bring back %s as it was\n", difference->subject);
}

/* What needs it comes behind it. */
static int rank(const Object *object)
{
	switch (object->kind) {
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE: return 1;
	case OBJECT_TABLE: return 2;
	case OBJECT_COLUMN: return 3;
	case OBJECT_CONSTRAINT: return ((const Constraint *)object)->references ? 6 : 4;
	case OBJECT_INDEX: return 5;
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW: return 7;
	case OBJECT_TRIGGER:
	case OBJECT_POLICY:
	case OBJECT_RULE: return 8;
	default: return 0; /* types, schemas, sequences */
	}
}

const char *reversal(Arena *arena, const Replay *replay, CatalogMark before, const Comparison *comparison)
{
	enum { LAST_RANK = 8, MOST_WRITTEN = 200 };
	uint32_t count = comparison->differences.count;
	if (count > MOST_WRITTEN)
		return arena_print(arena, "-- %u objects differ: too many to write them all down\n", count);
	Catalog *catalog = replay->catalog;
	Writer writer = {.arena = arena, .catalog = catalog, .before = before, .comparison = comparison, .history = replay->history};
	writer.ordinal = replay->migration->ordinal;
	drop_what_is_left(&writer);
	rename_what_is_left(&writer);
	for (int now = 0; now <= LAST_RANK; now++) {
		array_each (const Difference, difference, &comparison->differences) {
			if (difference->kind == DIFFERENCE_LEFT || rank(difference->was) != now)
				continue;
			if (difference->kind == DIFFERENCE_CHANGED) {
				write_change(&writer, difference);
				continue;
			}
			catalog_look_back(catalog, before);
			bring_back(&writer, difference);
			catalog_look_forward(catalog, before);
		}
	}
	const char *text = arena_copy(arena, writer.sql.data ? writer.sql.data : "", writer.sql.length);
	buf_free(&writer.sql);
	return text;
}
