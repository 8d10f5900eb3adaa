#include "discover/discover.h"

#include <stdlib.h>

#include "discover/pattern.h"

/*
 * A layout that the configuration describes: `layout: {name: …, files: …}`. See OwnLayout in config.h.
 */

static const OwnLayout *described(const LayoutContext *context)
{
	return context->history->config->own_layout;
}

static const char *group_text(Arena *arena, const Match *match, const char *subject, const char *name)
{
	Span span;
	if (!match_group(match, name, &span))
		return "";
	return arena_copy(arena, subject + span.start, span.end - span.start);
}

/* What the word of the file's name means. */
static Direction direction_of(const OwnLayout *own, const char *word)
{
	array_each(const struct DirectionWord, known, &own->directions)
		if (same_nocase(known->word, word))
			return known->direction;
	return DIRECTION_UP;
}

/* The migration of that version that still lacks what the file brings; one of the same name first. */
static Migration *other_half(const History *history, const char *version, const char *name, bool down)
{
	Migration *found = NULL;
	array_each(Migration *, item, &history->migrations) {
		const Migration *migration = *item;
		bool lacks = down ? migration->up && !migration->down && migration->up->direction == DIRECTION_UP
				  : migration->down && !migration->up;
		if (lacks && same(migration->version, version) && (!found || same(migration->name, name)))
			found = *item;
	}
	return found;
}

static Wrapping wrapping_of(const OwnLayout *own, bool alone)
{
	bool wraps = own->transaction == RUNNER_UNSET || own->transaction == RUNNER_MIGRATION;
	return wraps && !alone ? WRAPPING_TRANSACTION : WRAPPING_NONE;
}

static void cut_file(const LayoutContext *context, Migration *migration, const File *file)
{
	const OwnLayout *own = described(context);
	const SectionWords words = {.up = own->sections.up, .down = own->sections.down, .file_option = own->sections.no_transaction};
	Sections sections = cut_sections(file->source, &words);
	Script *up = add_script(context, migration, file, DIRECTION_UP, wrapping_of(own, sections.up_alone));
	if (sections.has_up)
		add_section(migration, up, sections.up);
	migration->down_expected = true;
	if (sections.has_down)
		add_section(migration, add_script(context, migration, file, DIRECTION_DOWN, wrapping_of(own, sections.down_alone)),
			    sections.down);
}

static void read_own_file(const LayoutContext *context, const File *file)
{
	const OwnLayout *own = described(context);
	Match match;
	if (!pattern_find(own->files, file->relative, strlen(file->relative), 0, &match)) {
		add_verbose_note(context, file, "left out: not called as the migrations of \"%s\" are", own->name);
		return;
	}
	const char *version = group_text(context->arena, &match, file->relative, "version");
	const char *name = group_text(context->arena, &match, file->relative, "name");
	Direction direction = direction_of(own, group_text(context->arena, &match, file->relative, "direction"));
	if (direction == DIRECTION_SEED) {
		add_verbose_note(context, file, "left out: seed data");
		return;
	}
	Migration *migration = NULL;
	if (direction == DIRECTION_UP || direction == DIRECTION_DOWN)
		migration = other_half(context->history, version, name, direction == DIRECTION_DOWN);
	if (!migration)
		migration = add_migration(context, version, name);
	if (direction == DIRECTION_UP && own->sections.down) {
		cut_file(context, migration, file);
		return;
	}
	const char *words = own->sections.no_transaction;
	bool alone = words && find_marker(file->source, words, file->source->body).end;
	add_script(context, migration, file, direction, wrapping_of(own, alone));
}

/* Baselines come before everything, what repeats and what events run behind it. */
static int rank(const Migration *migration)
{
	switch (migration->up ? migration->up->direction : DIRECTION_UP) {
	case DIRECTION_BASELINE:
		return 0;
	case DIRECTION_REPEATABLE:
		return 2;
	case DIRECTION_CALLBACK:
		return 3;
	default:
		return 1;
	}
}

/* Stable: what is equal stays in the order of the versions. */
static void sort_by_rank(const LayoutContext *context)
{
	History *history = context->history;
	Migration **sorted = new_array(context->arena, Migration *, history->migrations.count);
	uint32_t count = 0;
	for (int wanted = 0; wanted <= 3; wanted++)
		array_each(Migration *, item, &history->migrations)
			if (rank(*item) == wanted)
				sorted[count++] = *item;
	history->migrations.items = sorted;
	history->migrations.capacity = count;
}

static void read_own(const LayoutContext *context)
{
	const OwnLayout *own = described(context);
	for (uint32_t i = 0; i < context->root->file_count; i++)
		if (context->root->files[i].source && context->root->files[i].sql)
			read_own_file(context, &context->root->files[i]);
	History *history = context->history;
	bool has_downs = false;
	array_each(Migration *, item, &history->migrations)
		has_downs |= (*item)->down != NULL;
	array_each(Migration *, item, &history->migrations)
		(*item)->down_expected = has_downs && (*item)->up && (*item)->up->direction == DIRECTION_UP;
	if (own->by_text)
		sort_by_version_text(history);
	else
		sort_by_version(history);
	sort_by_rank(context);
}

static void split_own(const Migration *migration, const Script *script UNUSED, SplitOptions *options)
{
	const OwnLayout *own = migration->history->config->own_layout;
	options->batch_begin = own->sections.batch_begin;
	options->batch_end = own->sections.batch_end;
	options->whole_is_batch = own->transaction == RUNNER_SIMPLE_QUERY;
}

static int detect_own(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root UNUSED, const char **why UNUSED)
{
	return 0;
}

const Layout *own_layout(Arena *arena, const OwnLayout *own)
{
	Layout *layout = new (arena, Layout);
	*layout = (Layout){.name = own->name, .title = own->name, .detect = detect_own, .read = read_own,
			   .split_options = split_own, .has_downs = true};
	if (wrapping_of(own, false) == WRAPPING_NONE)
		return layout;
	layout->no_transaction = "outside the tool that runs the migrations: it opens a transaction for each";
	if (own->sections.no_transaction) {
		layout->no_transaction_line = arena_print(arena, "-- %s", own->sections.no_transaction);
		layout->no_transaction =
			arena_print(arena, "in a migration of its own that says `%s`", layout->no_transaction_line);
	}
	if (own->alone)
		layout->no_transaction = own->alone;
	return layout;
}

/* --- Which files it claims ----------------------------------------------------------------------------------------------------- */

const char *own_root(Discoverer *discoverer, const Found *file)
{
	Governed by = governed(discoverer, file->folder);
	const OwnLayout *own = by.config->own_layout;
	if (!own)
		return NULL;
	const char *cwd = discoverer->tree.cwd;
	const char *root = own->root ? path_absolute(discoverer->arena, cwd, own->root) : by.project_path;
	if (!root)
		root = path_absolute(discoverer->arena, cwd, by.config->folder ? by.config->folder : ".");
	const char *below = path_below(root, file->path);
	Match match;
	return below && pattern_find(own->files, below, strlen(below), 0, &match) ? root : NULL;
}
