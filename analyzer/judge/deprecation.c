/* When something was marked as deprecated, and what has passed since. */
#include "judge/deprecation.h"

#include <ctype.h>

#include "base/date.h"
#include "base/files.h"
#include "judge/metadata.h"

/* --- Marks ------------------------------------------------------------------------------------------------------------------------ */

static bool says_deprecated(const Object *object)
{
	return object->comment && strcasestr(object->comment, "deprecat");
}

typedef struct MarkSearch {
	const char *relation, *column; /* column NULL: the relation's own */
	const char *comment;
} MarkSearch;

static bool sets_mark(const Context *context UNUSED, const Action *candidate, void *payload)
{
	const MarkSearch *search = payload;
	return candidate->kind == ACTION_SET_COMMENT && same(candidate->relation.name, search->relation) &&
	       same(candidate->object, search->column) && same(candidate->value, search->comment);
}

void deprecation_dates(const char *comment, long *since, long *until)
{
	const char *end = comment ? strcasestr(comment, "remove") : NULL;
	if (!end)
		end = comment ? strcasestr(comment, "until") : NULL;
	*until = end ? date_in(end) : -1;
	*since = comment ? date_in(comment) : -1;
	if (end && *since == *until && date_in(comment) >= 0) {
		/* The only date is the end's. */
		const char *digit = comment;
		while (digit < end && !isdigit((unsigned char)*digit))
			digit++;
		if (digit == end)
			*since = -1;
	}
}

/* "users.fax", "public.users.fax" for a column; the same without it for its table. */
static bool is_named(const char *object, const Relation *relation, const char *column)
{
	const char *schema = relation->object.schema ? relation->object.schema : "";
	size_t length = strlen(schema);
	if (length && strncmp(object, schema, length) == 0 && object[length] == '.' && strcmp(object + length + 1, "") != 0 &&
	    starts_with(object + length + 1, relation->object.name))
		object += length + 1;
	if (!starts_with(object, relation->object.name))
		return false;
	const char *rest = object + strlen(relation->object.name);
	return !*rest || (column && *rest == '.' && same(rest + 1, column));
}

/* The last migration up to the one at hand that is not after the day. */
static const Migration *last_until(const Context *context, long day)
{
	const Migration *last = NULL;
	array_each (Migration *const, migration, &context->history->migrations) {
		if (*migration == context->migration)
			break;
		long its_day = (*migration)->parsed ? migration_day(context, *migration) : -1;
		if (its_day >= 0 && its_day <= day)
			last = *migration;
	}
	return last;
}

static const DeprecationMark *configured_mark(const Context *context, const Relation *relation, const char *column)
{
	const Config *config = context->history->config;
	for (uint32_t i = config && relation ? config->deprecation.marks.count : 0; i > 0; i--)
		if (is_named(config->deprecation.marks.items[i - 1].object, relation, column))
			return &config->deprecation.marks.items[i - 1];
	return NULL;
}

bool is_deprecated(const Context *context, const Relation *relation, const char *column)
{
	const Column *part = relation && column ? find_column(relation, column) : NULL;
	return (part && says_deprecated(&part->object)) || (relation && says_deprecated(&relation->object)) ||
	       configured_mark(context, relation, column);
}

/* The mark of the column, or of its relation (column NULL: of the relation alone). False: there is none. */
static bool deprecation_of(const Context *context, const Relation *relation, const char *column, Deprecation *deprecation)
{
	const DeprecationMark *configured = configured_mark(context, relation, column);
	if (configured) {
		*deprecation = (Deprecation){.marked_by = last_until(context, configured->since), .since = configured->since,
					     .until = configured->until, .releases = configured->releases, .days = configured->days};
		return true;
	}
	const Column *part = relation && column ? find_column(relation, column) : NULL;
	const Object *object = part && says_deprecated(&part->object) ? &part->object : relation ? &relation->object : NULL;
	if (!object || !says_deprecated(object))
		return false;
	MarkSearch search = {.relation = relation->object.name, .column = object == &relation->object ? NULL : column, .comment = object->comment};
	*deprecation = (Deprecation){.comment = object->comment};
	deprecation_dates(object->comment, &deprecation->since, &deprecation->until);
	past_action(context, sets_mark, &search, &deprecation->marked_by);
	return true;
}

bool deprecated_before(const Context *context, const Relation *relation, const char *column, Deprecation *deprecation)
{
	if (!deprecation_of(context, relation, column, deprecation))
		return false;
	if (deprecation->comment)
		return deprecation->marked_by != context->migration;
	long day = migration_day(context, context->migration);
	return day < 0 || deprecation->since < day;
}

/* --- Time ------------------------------------------------------------------------------------------------------------------------- */

long migration_day(const Context *context, const Migration *migration)
{
	if (!migration || !migration->up)
		return -1;
	Metadata metadata = {0};
	metadata_read(context->arena, migration->up, context->history->config, &metadata);
	const MetadataItem *date = metadata_get(&metadata, "date");
	long day = date ? date_in(date->value) : -1;
	return day >= 0 ? day : date_in(migration->version);
}

static bool is_dotted(const char *version)
{
	return isdigit((unsigned char)*version) && strspn(version, "0123456789._") == strlen(version) && strpbrk(version, "._");
}

/*
 * The release that a migration belongs to: its head's `release`, else the folder below the root that it lies in, else a version
 * 1.2.3 without its last part. NULL: unknown.
 */
static const char *migration_release(const Context *context, const Migration *migration)
{
	Arena *arena = context->arena;
	Metadata metadata = {0};
	if (!migration->up)
		return NULL;
	metadata_read(arena, migration->up, context->history->config, &metadata);
	const MetadataItem *release = metadata_get(&metadata, "release");
	if (release)
		return release->value;
	const char *folder = working_folder(arena);
	const char *below = path_below(path_absolute(arena, folder, context->history->root),
				       path_absolute(arena, folder, migration->up->source->path));
	const char *slash = below ? strchr(below, '/') : NULL;
	if (slash && strcspn(below, "0123456789") < (size_t)(slash - below) && !ends_with(below, "/migration.sql") &&
	    !ends_with(below, "/up.sql"))
		return arena_copy(arena, below, (size_t)(slash - below));
	const char *last = strrchr(migration->version, '.');
	if (!last)
		last = strrchr(migration->version, '_');
	return last && is_dotted(migration->version) ? arena_copy(arena, migration->version, (size_t)(last - migration->version)) : NULL;
}

int releases_between(const Context *context, const Migration *first, const Migration *second)
{
	const char *release = first ? migration_release(context, first) : NULL;
	int count = 0;
	bool between = false;
	if (!release)
		return -1;
	array_each (Migration *const, migration, &context->history->migrations) {
		if (between) {
			const char *next = migration_release(context, *migration);
			if (!next)
				return -1;
			if (!same(next, release))
				count++;
			release = next;
		}
		between = between || *migration == first;
		if (*migration == second)
			return count;
	}
	return -1;
}
