#include "discover/layout.h"

/*
 * Tools that keep up and down in two files and tell them apart by words of their own:
 *
 *   postgrator  001.do.users.sql, 001.undo.users.sql                 https://github.com/rickbergfalk/postgrator
 *   db-migrate  sqls/20240101000000-users-up.sql, …-down.sql         https://db-migrate.readthedocs.io/en/latest/
 *   yoyo        0001.users.sql, 0001.users.rollback.sql              https://ollycope.com/software/yoyo/latest/
 */

typedef struct Words {
	const Layout *layout;
	const char *up;       /* in or at the end of the name without ".sql"; "" when only downs are marked */
	const char *down;
	const char *option;   /* a comment line that keeps a file out of a transaction; NULL: there is none */
	Wrapping wrapping;
} Words;

extern const Layout layout_postgrator, layout_db_migrate, layout_yoyo;

static const Words all_words[] = {
	{.layout = &layout_postgrator, .up = ".do.", .down = ".undo."},
	{.layout = &layout_db_migrate, .up = "-up", .down = "-down", .wrapping = WRAPPING_TRANSACTION},
	{.layout = &layout_yoyo, .up = "", .down = ".rollback", .option = "transactional: false", .wrapping = WRAPPING_TRANSACTION},
};

static const Words *words_of(const Layout *layout)
{
	const Words *found = all_words;
	while (found->layout != layout)
		found++;
	return found;
}

/* The stem without the word: a word with a dot behind it stands inside, another at the end. NULL: the word is not there. */
static const char *without_word(Arena *arena, const char *stem, const char *word)
{
	if (!*word)
		return stem;
	if (!ends_with(word, "."))
		return ends_with(stem, word) ? arena_copy(arena, stem, strlen(stem) - strlen(word)) : NULL;
	const char *dotted = arena_print(arena, "%s.", stem); /* 001.do.sql has nothing behind the word */
	const char *found = strstr(dotted, word);
	if (!found)
		return NULL;
	char *rest = arena_print(arena, "%.*s.%s", (int)(found - dotted), dotted, found + strlen(word));
	rest[strlen(rest) - 1] = '\0';
	return rest;
}

/* The names behind `-- depends:`, as yoyo writes it; empty text: there is no such line. */
static Text dependencies(const Source *source)
{
	static const char word[] = "-- depends:";
	for (uint32_t at = source->body; at < source->length;) {
		const char *line = source->bytes + at, *end = memchr(line, '\n', source->length - at);
		size_t length = end ? (size_t)(end - line) : source->length - at;
		if (length > 0 && *line != '-')
			break;
		if (length >= strlen(word) && memcmp(line, word, strlen(word)) == 0)
			return (Text){line + strlen(word), length - strlen(word)};
		at += (uint32_t)length + 1;
	}
	return (Text){0};
}

static uint32_t count_dependent(const Root *root)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += root->files[i].sql && root->files[i].source && dependencies(root->files[i].source).data != NULL;
	return count;
}

static bool any_has(const Root *root, const Words *words)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (strstr(root->files[i].name, words->down) || (*words->up && strstr(root->files[i].name, words->up)))
			return true;
	return false;
}

static int detect_worded(const Layout *layout, Arena *arena, const Root *root, const char **why)
{
	const Words *words = words_of(layout);
	uint32_t ups = 0, downs = 0;
	if (layout == &layout_yoyo && count_dependent(root) * 2 > count_sql(root)) {
		*why = "files say `-- depends:`";
		return 80;
	}
	if (!any_has(root, words))
		return 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		if (!root->files[i].sql)
			continue;
		FileName name = root->files[i].parsed;
		bool down = *name.version && without_word(arena, name.stem, words->down);
		downs += down;
		ups += !down && *name.version && without_word(arena, name.stem, words->up);
	}
	/* Ups that no word marks are anybody's: then the downs must be there, for as many as one in four. */
	bool enough = *words->up ? (ups + downs) * 2 >= count_sql(root) && ups : downs && downs * 4 >= ups;
	if (!enough || (*words->up && !downs && same(words->up, "-up")))
		return 0;
	*why = arena_print(arena, "files are called NUMBER…%s%s", *words->up ? words->up : words->down, *words->up ? " or its counterpart" : ".sql");
	return 70;
}

static void read_worded_file(const LayoutContext *context, Map *stems, const Words *words, const File *file)
{
	Arena *arena = context->arena;
	FileName name = file->parsed;
	const char *stem = without_word(arena, name.stem, words->down);
	bool down = stem != NULL;
	if (!down)
		stem = without_word(arena, name.stem, words->up);
	if (!stem || !*name.version) {
		add_verbose_note(context, file, "left out: not called as %s's migrations are", context->history->layout->title);
		return;
	}
	const char *key = arena_print(arena, "%s/%s", file_folder(arena, file), stem);
	Migration *migration = map_get(stems, key, strlen(key));
	if (!migration) {
		migration = add_migration(context, name.version, parse_file_name(arena, stem).name);
		migration->down_expected = true;
		map_set(arena, stems, key, strlen(key), migration);
	}
	Span alone = words->option ? find_marker(file->source, words->option, file->source->body) : (Span){0};
	add_script(context, migration, file, down ? DIRECTION_DOWN : DIRECTION_UP, alone.end ? WRAPPING_NONE : words->wrapping);
}

static void read_worded(const LayoutContext *context)
{
	const Words *words = words_of(context->history->layout);
	Map stems = {0};
	for (uint32_t i = 0; i < context->root->file_count; i++)
		if (context->root->files[i].source && context->root->files[i].sql)
			read_worded_file(context, &stems, words, &context->root->files[i]);
	sort_by_version(context->history);
}

/* --- yoyo's order: by name, but nothing before what it depends on -------------------------------------------------------------------- */

static const char *yoyo_name(Arena *arena, const Migration *migration)
{
	const Script *script = migration->up ? migration->up : migration->down;
	const char *stem = parse_file_name(arena, path_name(script->source->path)).stem;
	const char *without = without_word(arena, stem, words_of(&layout_yoyo)->down);
	return without ? without : stem;
}

/* Every migration that it depends on has been placed; names of none do not count. */
static bool is_ready(const Map *waiting, const Migration *migration)
{
	Text names = migration->up ? dependencies(migration->up->source) : (Text){0};
	for (size_t at = 0; at < names.length;) {
		while (at < names.length && strchr(" \t\r,", names.data[at]))
			at++;
		size_t start = at;
		while (at < names.length && !strchr(" \t\r,", names.data[at]))
			at++;
		if (at > start && map_get(waiting, names.data + start, at - start))
			return false;
	}
	return true;
}

static void read_yoyo(const LayoutContext *context)
{
	Arena *arena = context->arena;
	History *history = context->history;
	Map waiting = {0};
	read_worded(context);
	uint32_t count = history->migrations.count, placed = 0;
	Migration **order = new_array(arena, Migration *, count ? count : 1), **all = history->migrations.items;
	const char **names = new_array(arena, const char *, count ? count : 1);
	for (uint32_t i = 0; i < count; i++) {
		names[i] = yoyo_name(arena, all[i]);
		map_set(arena, &waiting, names[i], strlen(names[i]), all[i]);
	}
	for (bool stuck = false; placed < count;) {
		uint32_t before = placed;
		for (uint32_t i = 0; i < count; i++) {
			if (!all[i] || (!stuck && !is_ready(&waiting, all[i])))
				continue;
			order[placed++] = all[i];
			all[i] = NULL;
			map_set(arena, &waiting, names[i], strlen(names[i]), NULL);
		}
		stuck = placed == before; /* they depend on each other */
	}
	for (uint32_t i = 0; i < count; i++)
		all[i] = order[i];
}

static void split_whole(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->whole_is_batch = true;
}

const Layout layout_postgrator = {
	.name = "postgrator", .title = "Postgrator",
	.detect = detect_worded, .read = read_worded, .split_options = split_whole,
	.no_transaction = "alone in a migration: several statements in one file are one transaction",
	.has_downs = true,
};
const Layout layout_db_migrate = {
	.name = "db-migrate", .title = "db-migrate",
	.detect = detect_worded, .read = read_worded, .split_options = split_whole,
	.no_transaction = "alone in a migration that is run by `db-migrate up --non-transactional`",
	.has_downs = true,
};
const Layout layout_yoyo = {
	.name = "yoyo", .title = "yoyo",
	.detect = detect_worded, .read = read_yoyo,
	.no_transaction = "in a migration of its own that begins with `-- transactional: false`",
	.no_transaction_line = "-- transactional: false",
	.has_downs = true,
};
