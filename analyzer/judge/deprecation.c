/* When something was marked as deprecated, and what has passed since. */
#include "judge/deprecation.h"

#include <ctype.h>

#include "base/files.h"
#include "judge/metadata.h"

/* --- Marks ------------------------------------------------------------------------------------------------------------------------ */

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
	*until = end ? metadata_date(end) : -1;
	*since = comment ? metadata_date(comment) : -1;
	if (end && *since == *until && metadata_date(comment) >= 0) {
		/* The only date is the end's. */
		const char *digit = comment;
		while (digit < end && !isdigit((unsigned char)*digit))
			digit++;
		if (digit == end)
			*since = -1;
	}
}

bool deprecation_of(const Context *context, const Relation *relation, const char *column, Deprecation *deprecation)
{
	const Column *part = relation && column ? find_column(relation, column) : NULL;
	const Object *object = part && is_deprecated(&part->object) ? &part->object : relation ? &relation->object : NULL;
	if (!is_deprecated(object))
		return false;
	MarkSearch search = {.relation = relation->object.name, .column = object == &relation->object ? NULL : column, .comment = object->comment};
	*deprecation = (Deprecation){.comment = object->comment};
	deprecation_dates(object->comment, &deprecation->since, &deprecation->until);
	past_action(context, sets_mark, &search, &deprecation->marked_by);
	return true;
}

bool deprecated_before(const Context *context, const Relation *relation, const char *column, Deprecation *deprecation)
{
	return deprecation_of(context, relation, column, deprecation) && deprecation->marked_by != context->migration;
}

/* --- Time ------------------------------------------------------------------------------------------------------------------------- */

long migration_day(const Context *context, const Migration *migration)
{
	if (!migration || !migration->up)
		return -1;
	Metadata metadata = {0};
	metadata_read(context->arena, migration->up, context->history->config, &metadata);
	const MetadataItem *date = metadata_get(&metadata, "date");
	long day = date ? metadata_date(date->value) : -1;
	return day >= 0 ? day : metadata_date(migration->version);
}

static bool is_dotted(const char *version)
{
	return isdigit((unsigned char)*version) && strspn(version, "0123456789._") == strlen(version) && strpbrk(version, "._");
}

const char *migration_release(const Context *context, const Migration *migration)
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
