#include "base/files.h"
#include "discover/layout.h"

#include <stdlib.h>

/*
 * Synapse's own: main/delta/83/06_name.sql for both of its engines, .sql.postgres for PostgreSQL alone, .sql.sqlite not;
 * main/full_schemas/72/full.sql.postgres is everything up to 72. A new database starts from the newest full schema; within a
 * version, deltas of all stores run in the order of their names.
 *
 * https://element-hq.github.io/synapse/latest/development/database_schema.html
 */

typedef struct Delta {
	const File *file;
	long version;
	const char *name;
	const char *store;    /* "main"; "" in layouts without stores */
	bool full;
} Delta;

typedef struct Deltas {
	ARRAY(Delta) list;
	long newest_full;
} Deltas;

static bool is_delta(Arena *arena, const File *file, Delta *delta)
{
	const char *folder = file_folder(arena, file);
	const char *slash = strrchr(folder, '/');
	const char *number = slash ? slash + 1 : folder;
	if (!slash || !*number || number[strspn(number, "0123456789")])
		return false;
	const char *above = arena_copy(arena, folder, (size_t)(slash - folder));
	const char *kind = path_name(above);
	if (!same(kind, "delta") && !same(kind, "full_schemas"))
		return false;
	*delta = (Delta){.file = file, .version = strtol(number, NULL, 10), .name = file->name, .full = same(kind, "full_schemas")};
	delta->store = strchr(above, '/') ? arena_copy(arena, above, (size_t)(kind - above - 1)) : "";
	return true;
}

static Deltas collect(Arena *arena, const Root *root)
{
	Deltas deltas = {0};
	for (uint32_t i = 0; i < root->file_count; i++) {
		Delta delta;
		if (!root->files[i].sql || !is_delta(arena, &root->files[i], &delta))
			continue;
		if (delta.full && delta.version > deltas.newest_full)
			deltas.newest_full = delta.version;
		array_push(arena, &deltas.list, delta);
	}
	return deltas;
}

static int detect_synapse(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	if (!collect(arena, root).list.count)
		return 0;
	*why = "folders called delta/NUMBER";
	return 96;
}

static int compare_deltas(const void *a, const void *b)
{
	const Delta *left = a, *right = b;
	if (left->full != right->full)
		return left->full ? -1 : 1;
	if (left->version != right->version)
		return left->version < right->version ? -1 : 1;
	int order = left->full ? 0 : strcmp(left->name, right->name);
	return order ? order : strcmp(left->store, right->store);
}

static void read_synapse(const LayoutContext *context)
{
	Deltas deltas = collect(context->arena, context->root);
	if (deltas.list.count)
		qsort(deltas.list.items, deltas.list.count, sizeof(Delta), compare_deltas);
	array_each(Delta, delta, &deltas.list) {
		if (!delta->file->source)
			continue;
		if (delta->full ? delta->version != deltas.newest_full : delta->version <= deltas.newest_full) {
			add_verbose_note(context, delta->file, "left out: full_schemas/%ld stands for it", deltas.newest_full);
			continue;
		}
		const char *version = arena_print(context->arena, "%ld/%s", delta->version, delta->full ? delta->store : delta->name);
		Migration *migration = add_migration(context, version, delta->name);
		add_script(context, migration, delta->file, delta->full ? DIRECTION_BASELINE : DIRECTION_UP, WRAPPING_TRANSACTION);
	}
}

/* What Synapse itself writes there for PostgreSQL. Place-holders of the configuration take their place. */
static const Placeholder own_placeholders[] = {{"AUTO_INCREMENT_PRIMARY_KEY", "BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY"}};

static void synapse_options(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	if (options->placeholder_count)
		return;
	options->placeholders = own_placeholders;
	options->placeholder_count = LENGTH(own_placeholders);
}

const Layout layout_synapse = {
	.name = "synapse", .title = "Synapse schema deltas",
	.detect = detect_synapse, .read = read_synapse, .split_options = synapse_options,
	.no_transaction = "in a background update (a row in background_updates): Synapse runs deltas in one transaction",
};
