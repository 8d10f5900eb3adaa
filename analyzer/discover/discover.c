#include <malloc.h>
#include "discover/discover.h"

#include <stdlib.h>

/*
 * The order of the work: the paths given become target files; each target's folder has a root or is loose; each root is read
 * whole, by its layout, into a history; histories are put in order.
 */

static void add(Discoverer *discoverer, bool failure, const char *path, const char *format, va_list arguments)
{
	Note note = {.failure = failure, .path = arena_string(discoverer->arena, path)};
	note.message = arena_vprint(discoverer->arena, format, arguments);
	array_push(discoverer->arena, &discoverer->discovery->notes, note);
}

void add_failure(Discoverer *discoverer, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	add(discoverer, true, path, format, arguments);
	va_end(arguments);
}

void add_remark(Discoverer *discoverer, const char *path, const char *format, ...)
{
	if (!discoverer->options->verbose)
		return;
	va_list arguments;
	va_start(arguments, format);
	add(discoverer, false, path, format, arguments);
	va_end(arguments);
}

/* --- From paths to targets ----------------------------------------------------------------------------------------------------- */

static void add_target(Discoverer *discoverer, Folder *folder, const char *path)
{
	uint32_t known = discoverer->targets.count;
	if (is_excluded(discoverer, folder, path))
		return;
	map_set(&discoverer->scratch, &discoverer->targets, path, strlen(path), folder);
	if (discoverer->targets.count == known)
		return;
	array_push(&discoverer->scratch, &discoverer->found, (Found){.folder = folder, .name = path_name(path), .path = path});
}

static const char *engine_in_path(Arena *arena, const char *start, const char *folder)
{
	const char *below = path_below(start, folder), *engine = NULL;
	while (below && *below && !engine) {
		size_t length = strcspn(below, "/");
		engine = other_engine(arena_copy(arena, below, length));
		below += length + (below[length] == '/');
	}
	return engine;
}

/* The uppermost name counts; above the repository's root folders are known by their paths only. */
const char *engine_below(Arena *arena, const char *start, const Folder *folder)
{
	const char *engine = NULL;
	for (const Folder *at = folder; at; at = at->parent) {
		const char *below = path_below(start, at->path);
		if (!below || !*below)
			break;
		if (at->engine)
			engine = at->engine;
		const char *above = at->parent ? NULL : engine_in_path(arena, start, path_parent(arena, at->path));
		if (above)
			engine = above;
	}
	return engine;
}

static void add_folder_targets(Discoverer *discoverer, const char *path)
{
	FoundFiles files = {0};
	Folder *top = tree_folder(&discoverer->tree, path);
	tree_walk(&discoverer->tree, top, discoverer->arena, discoverer->discovery, &files);
	const Folder *last = NULL; /* files come folder by folder */
	const char *folder_engine = NULL;
	array_each(Found, file, &files) {
		if (!is_sql_name(file->name) && carrier_of(&discoverer->tree, file->folder, file->name) == CARRIER_NONE)
			continue;
		if (file->folder != last)
			folder_engine = engine_below(&discoverer->scratch, path, file->folder);
		last = file->folder;
		const char *engine = folder_engine ? folder_engine : file_engine(file->name);
		if (engine)
			add_remark(discoverer, path_shown(discoverer->tree.cwd, file->path), "left out: SQL for %s", engine);
		else
			add_target(discoverer, file->folder, file->path);
	}
}

static void add_file_target(Discoverer *discoverer, const char *path)
{
	const char *name = path_name(path);
	if (is_companion_name(name))
		return; /* says how migrations run; has nothing to lint */
	const char *parent = path_parent(&discoverer->scratch, path);
	const char *engine = engine_in_path(&discoverer->scratch, discoverer->tree.cwd, parent);
	if (!engine)
		engine = file_engine(name);
	if (engine) {
		add_remark(discoverer, path_shown(discoverer->tree.cwd, path), "left out: SQL for %s", engine);
		return;
	}
	map_set(&discoverer->scratch, &discoverer->named, path, strlen(path), discoverer);
	add_target(discoverer, tree_folder(&discoverer->tree, parent), path);
}

static void add_stdin(Discoverer *discoverer)
{
	Tree *tree = &discoverer->tree;
	const char *error;
	const char *name = discoverer->options->stdin_filename;
	tree->overlay_bytes = stdin_read(discoverer->arena, &tree->overlay_length, &error);
	if (!tree->overlay_bytes) {
		add_failure(discoverer, "-", "standard input cannot be read: %s", error);
		return;
	}
	tree->overlay_path = path_absolute(discoverer->arena, tree->cwd, name ? name : "<stdin>");
	if (name) {
		map_set(&discoverer->scratch, &discoverer->named, tree->overlay_path, strlen(tree->overlay_path), discoverer);
		add_target(discoverer, tree_folder(tree, path_parent(&discoverer->scratch, tree->overlay_path)), tree->overlay_path);
		return;
	}
	array_push(&discoverer->scratch, &discoverer->plans, (RootPlan){.path = tree->overlay_path});
	map_set(&discoverer->scratch, &discoverer->targets, tree->overlay_path, strlen(tree->overlay_path), discoverer);
}

static void add_path(Discoverer *discoverer, const char *given)
{
	if (same(given, "-")) {
		add_stdin(discoverer);
		return;
	}
	const char *path = path_absolute(&discoverer->scratch, discoverer->tree.cwd, given);
	switch (path_kind(given)) {
	case ENTRY_NONE:
		if (discoverer->options->sources && discoverer->options->sources->has(discoverer->options->sources->payload, path))
			add_file_target(discoverer, path);
		else
			add_failure(discoverer, given, "no such file or folder");
		break;
	case ENTRY_OTHER:
		add_failure(discoverer, given, "not a regular file");
		break;
	case ENTRY_FOLDER:
		add_folder_targets(discoverer, path);
		break;
	case ENTRY_FILE:
		add_file_target(discoverer, path);
		break;
	}
}

/* --- From targets to roots ------------------------------------------------------------------------------------------------------- */

/* The target's root: a new plan, or the one that there is. */
static void plan_root(Discoverer *discoverer, RootPlan plan, const Found *target)
{
	FoundFiles *targets = map_get(&discoverer->planned, plan.path, strlen(plan.path));
	if (!targets) {
		plan.targets = targets = new (&discoverer->scratch, FoundFiles);
		map_set(&discoverer->scratch, &discoverer->planned, plan.path, strlen(plan.path), targets);
		array_push(&discoverer->scratch, &discoverer->plans, plan);
	}
	array_push(&discoverer->scratch, targets, *target);
}

/* With --layout the user says that the paths given are roots, where no better one is found at or below them. */
static const char *given_folder(Discoverer *discoverer, const char *path)
{
	const char *best = NULL;
	for (uint32_t i = 0; i < discoverer->options->path_count; i++) {
		const char *given = path_absolute(&discoverer->scratch, discoverer->tree.cwd, discoverer->options->paths[i]);
		if (path_kind(given) == ENTRY_FOLDER && path_below(given, path) && (!best || strlen(given) > strlen(best)))
			best = given;
	}
	return best;
}

static void plan_target(Discoverer *discoverer, const Found *file)
{
	const char *described = discoverer->layout ? NULL : own_root(discoverer, file);
	if (described) {
		Folder *folder = tree_folder(&discoverer->tree, described);
		plan_root(discoverer, (RootPlan){.path = folder->path, .folder = folder, .whole = true, .own = true}, file);
		return;
	}
	Folder *root = root_of(&discoverer->tree, file->folder);
	bool whole = false;
	if (discoverer->layout) {
		const char *given = given_folder(discoverer, file->path);
		if (given && (!root || !path_below(given, root->path))) {
			root = tree_folder(&discoverer->tree, given);
			whole = true;
		}
	}
	plan_root(discoverer, (RootPlan){.path = root ? root->path : file->path, .folder = root, .whole = whole}, file);
}

static int compare_histories(const void *a, const void *b)
{
	return strcmp((*(History *const *)a)->name, (*(History *const *)b)->name);
}

static bool choose_layout(Discoverer *discoverer)
{
	const char *name = discoverer->options->layout;
	if (!name || same(name, "auto"))
		return true;
	discoverer->layout = layout_by_name(name);
	if (discoverer->layout)
		return true;
	Buf names = {0};
	for (const Layout *const *layout = all_layouts; *layout; layout++)
		buf_addf(&names, "%s%s", names.length ? ", " : "", (*layout)->name);
	add_failure(discoverer, NULL, "no layout is called \"%s\"; there are auto, %s", name, names.data);
	buf_free(&names);
	return false;
}

static void find_histories(Discoverer *discoverer)
{
	const DiscoverOptions *options = discoverer->options;
	for (uint32_t i = 0; i < options->path_count; i++)
		add_path(discoverer, options->paths[i]);
	array_each(Found, file, &discoverer->found)
		plan_target(discoverer, file);
	for (uint32_t read = 0; read < discoverer->plans.count;) {
		uint32_t first = read;
		read = discoverer->plans.count;
		read_roots(discoverer, first);
	}
	if (options->project && !discoverer->configs.project_known)
		add_failure(discoverer, NULL, "no configuration has a project called \"%s\"", options->project);
	check_frontiers(discoverer);
	check_heat_files(discoverer);
}

Discovery *discover(Arena *arena, const DiscoverOptions *options)
{
	Discovery *discovery = new (arena, Discovery);
	Discoverer discoverer = {.arena = arena, .discovery = discovery, .options = options};
	discoverer.tree.arena = &discoverer.scratch;
	discoverer.tree.jobs = options->jobs;
	discoverer.tree.cwd = working_folder(arena);
	configs_start(&discoverer);
	if (choose_layout(&discoverer))
		find_histories(&discoverer);
	if (discovery->histories.count)
		qsort(discovery->histories.items, discovery->histories.count, sizeof(History *), compare_histories);
	arena_free(&discoverer.scratch);
	malloc_trim(0); /* threads get their memory elsewhere: what is free here would stay with us */
	return discovery;
}

Script *first_script(const History *history)
{
	Script *first = NULL;
	array_each(Migration *, item, &history->migrations) {
		Script *script = (*item)->up ? (*item)->up : (*item)->down;
		if (!script || script->direction == DIRECTION_BASELINE)
			continue;
		if (script->target)
			return script;
		first = first ? first : script;
	}
	return first;
}

static void free_migrations(const History *history)
{
	for (uint32_t i = 0; history && i < history->migrations.count; i++)
		arena_free(&history->migrations.items[i]->arena);
}

void history_free(History *history)
{
	free_migrations(history);
	free_migrations(history->before);
	free_migrations(history->gained);
	if (history->dump)
		arena_free(&history->dump->arena);
}
