#include "discover/discover.h"

static Source *read_source(Discoverer *discoverer, const char *path, const char *shown)
{
	size_t length;
	const char *error = NULL;
	const SourceProvider *sources = discoverer->options->sources;
	if (sources) {
		Source *source = sources->read(sources->payload, path, shown, &error);
		if (!source)
			add_failure(discoverer, shown, "cannot be read: %s", error);
		return source;
	}
	const char *bytes = tree_read(&discoverer->tree, path, &length, &error);
	if (!bytes) {
		add_failure(discoverer, shown, "cannot be read: %s", error);
		return NULL;
	}
	return source_new(discoverer->arena, shown, bytes, length);
}

static bool is_nameless_stdin(const Discoverer *discoverer, const char *path)
{
	const Tree *tree = &discoverer->tree;
	return tree->overlay_path && !discoverer->options->stdin_filename && same(path, tree->overlay_path);
}

static const char *shown_path(Discoverer *discoverer, const char *path)
{
	return is_nameless_stdin(discoverer, path) ? "<stdin>" : path_shown(discoverer->tree.cwd, path);
}

/* What changelogs include is asked for with the folder that holds it, whatever it is called. */
static bool is_included_target(Discoverer *discoverer, const char *path)
{
	if (!is_changelog_name(path))
		return false;
	for (uint32_t i = 0; i < discoverer->options->path_count; i++) {
		const char *given = path_absolute(discoverer->arena, discoverer->tree.cwd, discoverer->options->paths[i]);
		if (path_below(given, path))
			return true;
	}
	return false;
}

static File make_file(Discoverer *discoverer, const char *root, const char *path)
{
	const char *name = is_nameless_stdin(discoverer, path) ? "stdin.sql" : path_name(path);
	const char *below = path_below(root, path);
	File file = file_new(discoverer->arena, path, below && *below ? below : name, name);
	file.target = map_get(&discoverer->targets, path, strlen(path)) != NULL || is_included_target(discoverer, path);
	file.source = read_source(discoverer, path, shown_path(discoverer, path));
	return file;
}

/* A file that some layout may want to read. */
static bool is_readable(Discoverer *discoverer, const RootPlan *plan, const Folder *folder, const char *name)
{
	if (is_sql_name(name) || is_companion_name(name))
		return true;
	if (is_changelog_name(name))
		return plan->folder && holds_changelog(&discoverer->tree, plan->folder);
	return carrier_of(&discoverer->tree, folder, name) != CARRIER_NONE;
}

static bool belongs(Discoverer *discoverer, const RootPlan *plan, const Found *found)
{
	if (map_get(&discoverer->targets, found->path, strlen(found->path)))
		return plan->whole || root_of(&discoverer->tree, found->folder) == plan->folder;
	if (is_excluded(discoverer, found->folder, found->path))
		return false;
	if (!plan->whole && root_of(&discoverer->tree, found->folder) != plan->folder)
		return false;
	return !engine_below(discoverer->arena, plan->path, found->folder->path) && !file_engine(found->name);
}

bool root_holds(Discoverer *discoverer, const RootPlan *plan, const char *path)
{
	if (!plan->folder)
		return same(plan->path, path);
	const char *name = path_name(path);
	Folder *folder = tree_folder(&discoverer->tree, path_parent(discoverer->arena, path));
	if (!path_below(plan->path, path) || !is_readable(discoverer, plan, folder, name))
		return false;
	/* What root a folder has that is gone nobody can ask any more: it is taken for this one's. */
	if (path_kind(folder->path) != ENTRY_FOLDER)
		return !is_excluded(discoverer, folder, path) && !file_engine(name);
	return belongs(discoverer, plan, &(Found){.folder = folder, .name = name, .path = path});
}

/* The root's files: what a walk finds, and the targets that a walk would leave out (ignored ones, asked for by name). */
static void collect_files(Discoverer *discoverer, const RootPlan *plan, Root *root)
{
	ARRAY(File) files = {0};
	FoundFiles found = {0};
	Map seen = {0};
	if (plan->folder) {
		tree_walk(&discoverer->tree, plan->folder, discoverer->discovery, &found);
		const FoundFiles *targets = plan->whole || !plan->targets ? &discoverer->found : plan->targets;
		array_each(Found, item, targets)
			if (path_below(plan->path, item->path))
				array_push(discoverer->arena, &found, *item);
	} else {
		array_push(discoverer->arena, &found, (Found){.path = plan->path});
	}
	array_each(Found, item, &found) {
		if (map_get(&seen, item->path, strlen(item->path)) || (plan->folder && !belongs(discoverer, plan, item)))
			continue;
		if (plan->folder && !map_get(&discoverer->targets, item->path, strlen(item->path)) &&
		    !is_readable(discoverer, plan, item->folder, item->name))
			continue;
		map_set(discoverer->arena, &seen, item->path, strlen(item->path), item);
		File file = make_file(discoverer, plan->path, item->path);
		discoverer->discovery->files += file.source && (file.sql || file.target);
		array_push(discoverer->arena, &files, file);
	}
	root->files = files.items;
	root->file_count = files.count;
	sort_files(root);
}

static const Layout *detect(Discoverer *discoverer, const RootPlan *plan, const Root *root, const char **why)
{
	if (plan->own && root->config->own_layout) {
		*why = "the configuration describes it";
		return own_layout(discoverer->arena, root->config->own_layout);
	}
	if (discoverer->layout) {
		*why = "asked for with --layout";
		return discoverer->layout;
	}
	const char *configured = root->config->layout;
	if (configured && !same(configured, "auto") && layout_by_name(configured)) {
		*why = "the configuration says so";
		return layout_by_name(configured);
	}
	const Layout *best = NULL;
	int highest = 0;
	for (const Layout *const *layout = all_layouts; *layout; layout++) {
		const char *reason = NULL;
		int score = (*layout)->detect(*layout, discoverer->arena, root, &reason);
		if (score > highest) {
			highest = score;
			best = *layout;
			*why = reason;
		}
	}
	return best;
}

/* The project's name stands for its one root; several roots below it are told apart by their paths. */
static const char *history_name(Discoverer *discoverer, const RootPlan *plan, const Governed *by)
{
	if (!by->project)
		return shown_path(discoverer, plan->path);
	uint32_t roots = 0;
	array_each(RootPlan, other, &discoverer->plans)
		roots += path_below(by->project_path, other->path) != NULL;
	const char *below = path_below(by->project_path, plan->path);
	return roots < 2 || !*below ? by->project : arena_print(discoverer->arena, "%s/%s", by->project, below);
}

/* --no-history: every migration asked for alone. */
static void scatter(Discoverer *discoverer, History *history)
{
	array_each(Migration *, item, &history->migrations) {
		if (!(*item)->target) {
			arena_free(&(*item)->arena);
			continue;
		}
		History *alone = new (discoverer->arena, History);
		const Script *script = (*item)->up ? (*item)->up : (*item)->down;
		*alone = *history;
		alone->name = script->source->path;
		alone->loose = true;
		alone->closed = false;
		alone->migrations.items = NULL;
		alone->migrations.count = alone->migrations.capacity = 0;
		(*item)->history = alone;
		(*item)->ordinal = 1;
		array_push(discoverer->arena, &alone->migrations, *item);
		array_push(discoverer->arena, &discoverer->discovery->histories, alone);
	}
}

static bool uses(const History *history, const Source *source)
{
	array_each(Migration *, item, &history->migrations) {
		const Migration *migration = *item;
		if ((migration->up && same(migration->up->source->path, source->path)) ||
		    (migration->down && same(migration->down->source->path, source->path)))
			return true;
	}
	return false;
}

static bool has_version(const History *history, const char *version)
{
	array_each(Migration *, item, &history->migrations)
		if (*version && same((*item)->version, version))
			return true;
	return false;
}

/*
 * Files asked for by name that their root's tool would not run: they are read all the same, alone. Not so where another file
 * stands for this one: a dialect's own, an ambiguous second.
 */
static void plan_unused(Discoverer *discoverer, const LayoutContext *context)
{
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (!file->source || is_changelog_name(file->name) ||
		    carrier_by_name(path_name(path_parent(discoverer->arena, file->path)), file->name) != CARRIER_NONE)
			continue;
		if (!map_get(&discoverer->named, file->path, strlen(file->path)) || uses(context->history, file->source))
			continue;
		if (!has_version(context->history, file->parsed.version))
			array_push(discoverer->arena, &discoverer->plans, (RootPlan){.path = file->path});
	}
}

void read_files(const LayoutContext *context)
{
	const Root *root = context->root;
	if (root->file_count == 1 && root->files[0].source && has_parts(root->files[0].source))
		read_parts(context, &root->files[0]);
	else if (context->history->layout)
		context->history->layout->read(context);
	finish_history(context);
}

void read_root(Discoverer *discoverer, const RootPlan *plan)
{
	Folder *folder = plan->folder ? plan->folder : tree_folder(&discoverer->tree, path_parent(discoverer->arena, plan->path));
	Governed by = governed(discoverer, folder);
	const char *project = discoverer->options->project;
	if (project && !same(project, by.project))
		return;
	Root *root = new (discoverer->arena, Root);
	*root = (Root){.path = plan->path, .shown = shown_path(discoverer, plan->path), .config = by.config,
		       .tree = &discoverer->tree, .folder = plan->folder};
	collect_files(discoverer, plan, root);
	History *history = new (discoverer->arena, History);
	history->name = history_name(discoverer, plan, &by);
	history->root = plan->path;
	history->config = by.config;
	history->loose = !plan->folder;
	history->layout = detect(discoverer, plan, root, &history->why);
	LayoutContext context = {.arena = discoverer->arena, .root = root, .history = history,
				 .discovery = discoverer->discovery, .verbose = discoverer->options->verbose};
	read_files(&context);
	if (plan->folder)
		plan_unused(discoverer, &context);
	if (!history->migrations.count)
		return;
	add_start_schema(discoverer, &context);
	add_dump(discoverer, &context);
	set_frontier(discoverer, &(ReadRoot){history, root, *plan});
	if (discoverer->options->no_history && !history->loose)
		scatter(discoverer, history);
	else
		array_push(discoverer->arena, &discoverer->discovery->histories, history);
}
