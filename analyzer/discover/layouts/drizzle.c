#include "base/files.h"
#include "discover/layout.h"

#include <jansson.h>

/*
 * Drizzle: NNNN_name.sql files that meta/_journal.json lists, or (newer) folders with migration.sql and snapshot.json.
 * Only what the journal lists is run, in its order. `--> statement-breakpoint` cuts a file; all of a run's migrations share
 * one transaction.
 *
 * https://orm.drizzle.team/docs/migrations
 */

static const char journal_path[] = "meta/_journal.json";

static uint32_t count_called(const Root *root, const char *name)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += same(root->files[i].name, name);
	return count;
}

static json_t *read_journal(const Root *root)
{
	const File *file = find_file(root, journal_path);
	return file && file->source ? json_loadb(file->source->bytes, file->source->length, 0, NULL) : NULL;
}

static int detect_drizzle(const Layout *layout UNUSED, Arena *arena UNUSED, const Root *root, const char **why)
{
	json_t *journal = read_journal(root);
	const char *dialect = json_string_value(json_object_get(journal, "dialect"));
	bool ours = journal && (!dialect || starts_with(dialect, "p"));
	json_decref(journal);
	if (ours) {
		*why = "meta/_journal.json";
		return 97;
	}
	if (count_called(root, "snapshot.json") && count_called(root, "migration.sql")) {
		*why = "folders with migration.sql and snapshot.json";
		return 95;
	}
	return 0;
}

static void add_file(const LayoutContext *context, const File *file, const char *called)
{
	FileName name = parse_file_name(context->arena, called);
	Migration *migration = add_migration(context, name.version, name.name);
	add_script(context, migration, file, DIRECTION_UP, WRAPPING_TRANSACTION);
}

static void read_listed(const LayoutContext *context, json_t *journal)
{
	Map listed = {0};
	size_t index;
	json_t *entry;
	json_array_foreach(json_object_get(journal, "entries"), index, entry) {
		const char *tag = json_string_value(json_object_get(entry, "tag"));
		if (!tag)
			continue;
		const File *file = find_file(context->root, arena_print(context->arena, "%s.sql", tag));
		if (file && file->source) {
			add_file(context, file, file->name);
			map_set(context->arena, &listed, file->relative, strlen(file->relative), context->history);
		}
	}
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (file->sql && !map_get(&listed, file->relative, strlen(file->relative)))
			add_verbose_note(context, file, "left out: meta/_journal.json does not list it, so Drizzle never runs it");
	}
}

static void read_drizzle(const LayoutContext *context)
{
	json_t *journal = read_journal(context->root);
	if (journal) {
		read_listed(context, journal);
		json_decref(journal);
		return;
	}
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || !file->sql)
			continue;
		const char *folder = file_folder(context->arena, file);
		add_file(context, file, *folder && same(file->name, "migration.sql") ? path_name(folder) : file->name);
	}
	sort_by_version(context->history);
}

const Layout layout_drizzle = {
	.name = "drizzle", .title = "Drizzle",
	.detect = detect_drizzle, .read = read_drizzle,
	.no_transaction = "by a script of its own before `drizzle-kit migrate`, which runs everything in one transaction",
};
