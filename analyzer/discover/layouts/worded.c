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
	{.layout = &layout_db_migrate, .up = "-up", .down = "-down"},
	{.layout = &layout_yoyo, .up = "", .down = ".rollback", .option = "transactional: false", .wrapping = WRAPPING_TRANSACTION},
};

static const Words *words_of(const Layout *layout)
{
	for (size_t i = 0; i < LENGTH(all_words); i++)
		if (all_words[i].layout == layout)
			return &all_words[i];
	return NULL;
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
	.no_transaction = "alone in a migration: several statements in one file are one transaction",
	.has_downs = true,
};
const Layout layout_yoyo = {
	.name = "yoyo", .title = "yoyo",
	.detect = detect_worded, .read = read_worded,
	.no_transaction = "in a migration of its own that begins with `-- transactional: false`",
	.no_transaction_line = "-- transactional: false",
	.has_downs = true,
};
