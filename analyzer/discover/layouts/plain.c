#include "base/files.h"
#include "discover/layout.h"

#include <stdlib.h>

/*
 * No tool, or one that we do not know: files run in the order in which people count, each as `psql -f` would run it.
 *
 * Downs are recognised by the usual names: x.down.sql beside x.up.sql or x.sql, down.sql beside up.sql, rollback_x.sql and
 * x_rollback.sql and x_down.sql beside x.sql, and files of the same name in sibling folders called up and down.
 */

static int detect_plain(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root UNUSED, const char **why)
{
	*why = "no migration tool's marks were found";
	return 10;
}

static const char *without(Arena *arena, const char *text, const char *start, const char *end)
{
	size_t length = strlen(text), head = strlen(start), tail = strlen(end);
	if (length <= head + tail || !text_is_nocase((Text){text, head}, start) ||
	    !text_is_nocase((Text){text + length - tail, tail}, end))
		return NULL;
	return arena_copy(arena, text + head, length - head - tail);
}

/* What the up of a down file would be called; NULL when the name is no down's. *certain: no up needs to be there. */
static const char *up_stem(Arena *arena, const FileName *name, bool *certain)
{
	*certain = name->down;
	if (name->down)
		return name->stem;
	static const char *const affixes[][2] = {
		{"rollback_", ""}, {"rollback-", ""}, {"", "_rollback"}, {"", "-rollback"}, {"", ".rollback"}, {"", "_down"},
		{"", "-down"},     {"undo_", ""},     {"", "_undo"},     {"", ".undo"},     {"", "_revert"},
	};
	for (size_t i = 0; i < LENGTH(affixes); i++) {
		const char *stem = without(arena, name->stem, affixes[i][0], affixes[i][1]);
		if (stem) {
			*certain = same(affixes[i][0], "rollback_");
			return stem;
		}
	}
	return NULL;
}

typedef struct Plain {
	const LayoutContext *context;
	Map ups;      /* "folder/stem" -> Migration */
	Map stems;    /* the same for up files that were seen: which stems exist at all */
} Plain;

static const char *key_of(Arena *arena, const char *folder, const char *stem)
{
	/* up.sql and down.sql are the folder's migration. */
	bool unit = same_nocase(stem, "up") || same_nocase(stem, "down");
	return unit ? arena_print(arena, "%s/", folder) : arena_print(arena, "%s/%s", folder, stem);
}

static bool is_up(const Plain *plain, const char *key)
{
	return map_get(&plain->stems, key, strlen(key)) != NULL;
}

/* The folder's last part says down: the up of the same name is in its counterpart or in the folder above. NULL: it does not. */
static const char *key_by_folder(Plain *plain, const char *folder, const char *stem, const char *own_stem)
{
	static const char *const words[][2] = {{"down", "up"}, {"downs", "ups"}, {"undo", "do"}, {"revert", "deploy"},
					       {"rollback", "migrations"}, {"rollbacks", "migrations"}};
	Arena *arena = plain->context->arena;
	const char *last = path_name(folder);
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (!same_nocase(last, words[i][0]))
			continue;
		const char *above = last == folder ? "" : arena_copy(arena, folder, (size_t)(last - folder - 1));
		const char *beside = *above ? arena_print(arena, "%s/%s", above, words[i][1]) : words[i][1];
		const char *const keys[] = {key_of(arena, beside, stem), key_of(arena, above, stem), key_of(arena, beside, own_stem),
					    key_of(arena, above, own_stem)};
		for (size_t k = 0; k < LENGTH(keys); k++)
			if (is_up(plain, keys[k]))
				return keys[k];
		return keys[1];
	}
	return NULL;
}

/* The key of the migration that the file is the down of; NULL when it is none. */
static const char *down_key(Plain *plain, const File *file, const FileName *name)
{
	Arena *arena = plain->context->arena;
	const char *folder = file_folder(arena, file);
	if (same_nocase(name->stem, "down"))
		return key_of(arena, folder, name->stem);
	bool certain = false;
	const char *stem = up_stem(arena, name, &certain);
	const char *key = key_by_folder(plain, folder, stem ? stem : name->stem, name->stem);
	if (key || !stem)
		return key;
	key = key_of(arena, folder, stem);
	return certain || is_up(plain, key) ? key : NULL;
}

/* 0.22/01__tags.sql is 0.22/01, and v1.1/queues.sql is v1.1/queues: numbers start anew in each version's folder. */
static const char *version_in(Arena *arena, const File *file, const FileName *name)
{
	const char *folder = path_name(file_folder(arena, file));
	if (!is_version_name(folder))
		return name->version;
	return arena_print(arena, "%s/%s", folder, *name->version ? name->version : name->stem);
}

/* A migration is called as its up file is, or as the folder when that is all the file's name says. */
static Migration *migration_at(Plain *plain, const char *key, const File *file, const FileName *name, bool down)
{
	Arena *arena = plain->context->arena;
	Migration *migration = map_get(&plain->ups, key, strlen(key));
	if (migration && (down ? migration->down : migration->up))
		migration = NULL;
	FileName shown = *name;
	if (ends_with(key, "/") && strlen(key) > 1)
		shown = parse_file_name(arena, path_name(file_folder(arena, file)));
	else
		shown.version = version_in(arena, file, name);
	if (!migration) {
		migration = add_migration(plain->context, shown.version, shown.name);
		map_set(arena, &plain->ups, key, strlen(key), migration);
	} else if (!down) {
		migration->version = shown.version;
		migration->name = shown.name;
	}
	return migration;
}

/* False: the file is no part of the history. */
static bool wanted(const LayoutContext *context, const File *file, Direction *direction)
{
	bool alone = context->history->loose;
	*direction = direction_by_name(file);
	if (*direction == DIRECTION_UP && is_dump(file->source))
		*direction = DIRECTION_BASELINE;
	else if (*direction == DIRECTION_BASELINE && alone && !is_dump(file->source))
		*direction = DIRECTION_UP; /* called schema.sql, but written by hand and asked for by itself */
	else if (*direction == DIRECTION_BASELINE && !alone && context->root->file_count > 1) {
		add_verbose_note(context, file, "left out: the schema that the migrations lead to");
		return false;
	}
	if (*direction == DIRECTION_SEED && !alone) {
		add_verbose_note(context, file, "left out: seed data");
		return false;
	}
	return true;
}

static void read_plain_file(Plain *plain, const File *file)
{
	const LayoutContext *context = plain->context;
	FileName name = file->parsed;
	Direction direction;
	if (!wanted(context, file, &direction))
		return;
	const char *down = direction == DIRECTION_UP ? down_key(plain, file, &name) : NULL;
	const char *key = down ? down : key_of(context->arena, file_folder(context->arena, file), name.stem);
	if (direction != DIRECTION_UP)
		key = file->relative;
	Migration *migration = migration_at(plain, key, file, &name, down != NULL);
	add_script(context, migration, file, down ? DIRECTION_DOWN : direction, WRAPPING_NONE);
}

static int compare_by_path(const void *a, const void *b)
{
	const Migration *left = *(Migration *const *)a, *right = *(Migration *const *)b;
	const Script *left_script = left->up ? left->up : left->down, *right_script = right->up ? right->up : right->down;
	if ((left_script->direction == DIRECTION_BASELINE) != (right_script->direction == DIRECTION_BASELINE))
		return left_script->direction == DIRECTION_BASELINE ? -1 : 1;
	return natural_compare(left_script->source->path, right_script->source->path);
}

static void read_plain(const LayoutContext *context)
{
	Plain plain = {.context = context};
	const Root *root = context->root;
	for (uint32_t i = 0; i < root->file_count; i++) {
		FileName name = root->files[i].parsed;
		const char *key = key_of(context->arena, file_folder(context->arena, &root->files[i]), name.stem);
		if (!name.down)
			map_set(context->arena, &plain.stems, key, strlen(key), (void *)&root->files[i]);
	}
	for (uint32_t i = 0; i < root->file_count; i++)
		if (root->files[i].source && (root->files[i].sql || context->history->loose))
			read_plain_file(&plain, &root->files[i]);
	History *history = context->history;
	bool has_downs = false;
	array_each(Migration *, item, &history->migrations)
		has_downs |= (*item)->down != NULL;
	array_each(Migration *, item, &history->migrations)
		(*item)->down_expected = has_downs && (*item)->up && (*item)->up->direction == DIRECTION_UP;
	if (history->migrations.count)
		qsort(history->migrations.items, history->migrations.count, sizeof(Migration *), compare_by_path);
}

static void split_psql(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->psql = true;
}

const Layout layout_plain = {
	.name = "plain", .title = "plain SQL files",
	.detect = detect_plain, .read = read_plain, .split_options = split_psql,
	.has_downs = true,
};
