#include "lsp/next_migration.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/files.h"
#include "replay/replay.h"

/* --- Versions -------------------------------------------------------------------------------------------------------------------- */

static const char digits[] = "0123456789";

static const char *last_version(const History *history)
{
	const char *last = "";
	array_each (Migration *const, migration, &history->migrations)
		if (natural_compare((*migration)->version, last) > 0)
			last = (*migration)->version;
	return last;
}

static time_t now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	return epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
}

enum { DIGITS_OF_A_SECOND = 14 }; /* 20240101120000 */

/* The digits as a moment, so many seconds later, and not before today; false: they are none. */
static bool later_moment(char *moment, uint32_t ahead)
{
	struct tm parts = {0};
	int year, month;
	if (sscanf(moment, "%4d%2d%2d%2d%2d%2d", &year, &month, &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6 ||
	    year < 1970 || year > 2999 || month < 1 || month > 12 || parts.tm_mday < 1 || parts.tm_mday > 31 || parts.tm_hour > 23)
		return false;
	parts.tm_year = year - 1900;
	parts.tm_mon = month - 1;
	time_t then = timegm(&parts), today = now();
	then = (then > today ? then : today) + (time_t)ahead;
	strftime(moment, DIGITS_OF_A_SECOND + 1, "%Y%m%d%H%M%S", gmtime_r(&then, &parts));
	return true;
}

/* 2024-01-01-120000 is counted in seconds, too: what stands between its digits stays. */
static bool next_moment(char *version, uint32_t ahead)
{
	char moment[DIGITS_OF_A_SECOND + 1] = {0};
	uint32_t count = 0;
	for (const char *c = version; *c; c++)
		if (strchr(digits, *c) && count < DIGITS_OF_A_SECOND)
			moment[count++] = *c;
		else if (strchr(digits, *c))
			return false;
	if (count != DIGITS_OF_A_SECOND || !later_moment(moment, ahead))
		return false;
	count = 0;
	for (char *c = version; *c; c++)
		if (strchr(digits, *c))
			*c = moment[count++];
	return true;
}

/* The last number of the version goes on; zeros before it stay as many as there is room for. NULL: there is no number. */
static const char *next_number(Arena *arena, const char *version, uint32_t ahead)
{
	size_t end = strlen(version), start = end;
	while (start && strchr(digits, version[start - 1]))
		start--;
	if (start == end || end - start > 18)
		return NULL;
	unsigned long long number = strtoull(version + start, NULL, 10) + ahead;
	return arena_print(arena, "%.*s%0*llu", (int)start, version, (int)(end - start), number);
}

static const char *next_version(Arena *arena, const History *history, uint32_t ahead)
{
	char *version = arena_string(arena, last_version(history));
	return next_moment(version, ahead) ? version : next_number(arena, version, ahead);
}

/* --- Names ------------------------------------------------------------------------------------------------------------------------- */

/* The name with another version, and the verb behind what the migration is called. NULL: it does not begin with the version. */
static const char *renamed(Arena *arena, const char *name, const Migration *example, const char *version, const char *verb)
{
	size_t letters = strcspn(name, digits), length = strlen(example->version);
	if (!length || letters > 1 || strncmp(name + letters, example->version, length) != 0)
		return NULL;
	const char *rest = name + letters + length;
	const char *called = *example->name ? strstr(rest, example->name) : NULL;
	size_t before = called ? (size_t)(called - rest) + strlen(example->name) : 0;
	return arena_print(arena, "%.*s%s%.*s_%s%s", (int)letters, name, version, (int)before, rest, verb, rest + before);
}

/* The same for a path, in whose last part or in whose folder the version is. */
static const char *renamed_path(Arena *arena, const char *path, const Migration *example, const char *version, const char *verb)
{
	const char *name = renamed(arena, path_name(path), example, version, verb), *folder = path_parent(arena, path);
	if (name)
		return path_join(arena, folder, name);
	name = renamed(arena, path_name(folder), example, version, verb);
	return name ? path_join(arena, path_join(arena, path_parent(arena, folder), name), path_name(path)) : NULL;
}

/* Something beside the files has a line for each of them. */
static bool is_listed(Arena *arena, const char *path)
{
	static const char *const lists[] = {"atlas.sum", "sqitch.plan", "meta/_journal.json", "../sqitch.plan", "../meta/_journal.json"};
	for (size_t i = 0; i < LENGTH(lists); i++)
		if (path_kind(path_join(arena, path_parent(arena, path), lists[i])) != ENTRY_NONE)
			return true;
	return false;
}

/* x.up.sql and up.sql have a name for their other half; a tool that has only ups would run it as one. */
static const char *path_of_down(Arena *arena, const Migration *example, const char *path)
{
	static const char up[] = "up.sql";
	const char *name = path_name(path);
	bool sections = example->history->layout->sections && example->history->layout->sections->down;
	if (sections || !example->history->layout->has_downs || (!same(name, up) && !ends_with(name, ".up.sql")))
		return NULL;
	return arena_print(arena, "%.*sdown.sql", (int)(strlen(path) - strlen(up)), path);
}

bool name_next_migration(Arena *arena, const Migration *example, const char *path, uint32_t ahead, const char *verb, NewMigration *named)
{
	const History *history = example->history;
	const char *version = history->layout && !is_listed(arena, path) ? next_version(arena, history, ahead) : NULL;
	named->path = version ? renamed_path(arena, path, example, version, verb) : NULL;
	if (!named->path || path_kind(named->path) != ENTRY_NONE)
		return false;
	named->down = path_of_down(arena, example, named->path);
	return true;
}

/* --- What is in them ------------------------------------------------------------------------------------------------------------------ */

bool opens_transaction(const Migration *example)
{
	return script_wrapping(example->history, example->up) != TRANSACTION_NONE;
}

bool has_word_against_transaction(const Migration *example)
{
	const Layout *layout = example->history->layout;
	return layout->no_transaction_line || same(layout->name, "flyway"); /* which sees it by the statement */
}

/* Semicolons inside a body are no ends of statements for tools that cut at them, unless they are told so. */
static const char *in_batch(Arena *arena, const SectionWords *words, const char *sql)
{
	if (!words->batch_begin || !strstr(sql, "$$"))
		return sql;
	return arena_print(arena, "-- %s\n%s-- %s\n", words->batch_begin, sql, words->batch_end);
}

const char *migration_file_text(Arena *arena, const Migration *example, const char *up, const char *down, bool alone)
{
	const Layout *layout = example->history->layout;
	const SectionWords *words = layout->sections;
	bool needs_word = alone && opens_transaction(example);
	if (needs_word && !has_word_against_transaction(example))
		return NULL;
	const char *option = needs_word && words && words->section_option ? words->section_option : NULL;
	const char *head = needs_word && !option && layout->no_transaction_line
		? arena_print(arena, "%s\n%s", layout->no_transaction_line, words && words->up ? "" : "\n") : "";
	if (!words || !words->down)
		return arena_print(arena, "%s%s", head, up);
	const char *text = head;
	if (words->up)
		text = arena_print(arena, "%s-- %s%s%s\n", text, words->up, option ? " " : "", option ? option : "");
	text = arena_print(arena, "%s%s", text, in_batch(arena, words, up));
	if (down)
		text = arena_print(arena, "%s\n-- %s%s%s\n%s", text, words->down, option ? " " : "", option ? option : "", in_batch(arena, words, down));
	return text;
}
