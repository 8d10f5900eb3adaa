#include "discover/discover.h"

#include <stdlib.h>

#include "base/threads.h"

static bool is_nameless_stdin(const Discoverer *discoverer, const char *path)
{
	const Tree *tree = &discoverer->tree;
	return tree->overlay_path && !discoverer->options->stdin_filename && same(path, tree->overlay_path);
}

static const char *shown_path(const Discoverer *discoverer, const char *path)
{
	return is_nameless_stdin(discoverer, path) ? "<stdin>" : path_shown(discoverer->tree.cwd, path);
}

/* What changelogs include is asked for with the folder that holds it, whatever it is called. */
static bool is_included_target(Discoverer *discoverer, const char *path)
{
	if (!is_changelog_name(path))
		return false;
	for (uint32_t i = 0; i < discoverer->options->path_count; i++) {
		const char *given = path_absolute(&discoverer->scratch, discoverer->tree.cwd, discoverer->options->paths[i]);
		if (path_below(given, path))
			return true;
	}
	return false;
}

static File make_file(Discoverer *discoverer, const char *root, const Found *found, bool asked)
{
	const char *path = arena_string(discoverer->arena, found->path);
	const char *name = is_nameless_stdin(discoverer, path) ? "stdin.sql" : path_name(path);
	const char *below = path_below(root, path);
	File file = file_new(discoverer->arena, path, below && *below ? below : name, name);
	file.target = asked || is_included_target(discoverer, path);
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

static bool is_asked(const Discoverer *discoverer, const char *path)
{
	return map_get(&discoverer->targets, path, strlen(path)) != NULL;
}

static bool belongs(Discoverer *discoverer, const RootPlan *plan, const Found *found, bool asked)
{
	if (asked)
		return plan->whole || root_of(&discoverer->tree, found->folder) == plan->folder;
	if (is_excluded(discoverer, found->folder, found->path))
		return false;
	if (!plan->whole && root_of(&discoverer->tree, found->folder) != plan->folder)
		return false;
	return !engine_below(&discoverer->scratch, plan->path, found->folder) && !file_engine(found->name);
}

bool root_holds(Discoverer *discoverer, const RootPlan *plan, const char *path)
{
	if (!plan->folder)
		return same(plan->path, path);
	const char *name = path_name(path);
	Folder *folder = tree_folder(&discoverer->tree, path_parent(&discoverer->scratch, path));
	if (!path_below(plan->path, path) || !is_readable(discoverer, plan, folder, name))
		return false;
	/* What root a folder has that is gone nobody can ask any more: it is taken for this one's. */
	if (path_kind(folder->path) != ENTRY_FOLDER)
		return !is_excluded(discoverer, folder, path) && !file_engine(name);
	return belongs(discoverer, plan, &(Found){.folder = folder, .name = name, .path = path}, is_asked(discoverer, path));
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const Found *)a)->path, ((const Found *)b)->path);
}

/* The targets below the root that the walk, whose files are in order, has not found. Most are found in the same order. */
static void add_left_out(Discoverer *discoverer, const RootPlan *plan, FoundFiles *found)
{
	const FoundFiles *targets = plan->whole || !plan->targets ? &discoverer->found : plan->targets;
	uint32_t walked = found->count, next = 0;
	array_each(Found, target, targets) {
		if (!path_below(plan->path, target->path))
			continue;
		const Found *same_one = next < walked && same(found->items[next].path, target->path) ? &found->items[next] : NULL;
		if (!same_one && walked)
			same_one = bsearch(target, found->items, walked, sizeof *target, by_path);
		if (same_one)
			next = (uint32_t)(same_one - found->items) + 1;
		else
			array_push(&discoverer->scratch, found, *target);
	}
}

/* The root's files: what a walk finds, and the targets that a walk would leave out (ignored ones, asked for by name). */
static void list_files(Discoverer *discoverer, const RootPlan *plan, Root *root)
{
	Arena *scratch = &discoverer->scratch;
	ARRAY(File) files = {0};
	FoundFiles found = {0};
	if (plan->folder) {
		tree_walk(&discoverer->tree, plan->folder, discoverer->arena, discoverer->discovery, &found);
		add_left_out(discoverer, plan, &found);
	} else {
		array_push(scratch, &found, (Found){.path = plan->path});
	}
	array_each(Found, item, &found) {
		bool asked = is_asked(discoverer, item->path);
		if (plan->folder && !belongs(discoverer, plan, item, asked))
			continue;
		if (asked || !plan->folder || is_readable(discoverer, plan, item->folder, item->name))
			array_push(scratch, &files, make_file(discoverer, plan->path, item, asked));
	}
	root->files = files.items;
	root->file_count = files.count;
}

/* The root and its files, without their bytes; no root where it is not of the project asked for. */
static ReadRoot list_root(Discoverer *discoverer, RootPlan plan)
{
	Arena *scratch = &discoverer->scratch;
	Folder *folder = plan.folder ? plan.folder : tree_folder(&discoverer->tree, path_parent(scratch, plan.path));
	ReadRoot read = {.plan = plan, .by = governed(discoverer, folder)};
	const char *project = discoverer->options->project;
	if (project && !same(project, read.by.project))
		return read;
	read.root = new (scratch, Root);
	*read.root = (Root){.path = arena_string(discoverer->arena, plan.path), .config = read.by.config,
			    .tree = &discoverer->tree, .folder = plan.folder};
	read.root->shown = shown_path(discoverer, read.root->path);
	list_files(discoverer, &plan, read.root);
	return read;
}

/* --- Their bytes ---------------------------------------------------------------------------------------------------------------- */

typedef struct Unread {
	const Discoverer *discoverer;
	ARRAY(File *) files;
} Unread;

/* On any thread. Every layout asks for the comments: they are found where the bytes are at hand. */
static void read_bytes(void *payload, uint32_t place, Arena *arena)
{
	const Unread *unread = payload;
	const Discoverer *discoverer = unread->discoverer;
	File *file = unread->files.items[place];
	size_t length;
	const char *bytes = tree_read(&discoverer->tree, arena, file->path, &length, &file->error);
	if (!bytes)
		return;
	file->source = source_new(arena, shown_path(discoverer, file->path), bytes, length);
	uint32_t count;
	if (file->sql)
		source_comments(file->source, &count);
	file->source->arena = discoverer->arena; /* the thread's own is gone by then */
}

/* An editor's: on this thread only. */
static void ask_for_bytes(void *payload, uint32_t place, Arena *arena UNUSED)
{
	const Unread *unread = payload;
	const SourceProvider *sources = unread->discoverer->options->sources;
	File *file = unread->files.items[place];
	file->source = sources->read(sources->payload, file->path, shown_path(unread->discoverer, file->path), &file->error);
}

static void read_all_bytes(Discoverer *discoverer, const ReadRoot *roots, uint32_t count)
{
	enum { FILES_PER_THREAD = 128 }; /* fewer are read before another thread has started */
	Unread unread = {.discoverer = discoverer};
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; roots[i].root && k < roots[i].root->file_count; k++)
			array_push(&discoverer->scratch, &unread.files, &roots[i].root->files[k]);
	bool asked = discoverer->options->sources != NULL;
	const Pieces pieces = {unread.files.count, asked ? ask_for_bytes : read_bytes, &unread};
	pieces_run(discoverer->arena, asked ? 1 : thread_count(discoverer->options->jobs, pieces.count / FILES_PER_THREAD), &pieces);
}

/* What was odd about the root, and then about its files, in the order in which they were found. */
static void tell_notes(Discoverer *discoverer, const ReadRoot *read)
{
	array_each (const Note, note, &read->notes)
		array_push(discoverer->arena, &discoverer->discovery->notes, *note);
	for (uint32_t i = 0; read->root && i < read->root->file_count; i++) {
		const File *file = &read->root->files[i];
		if (!file->source)
			add_failure(discoverer, shown_path(discoverer, file->path), "cannot be read: %s", file->error);
		discoverer->discovery->files += file->source && (file->sql || file->target);
	}
}

/* --- Their histories ------------------------------------------------------------------------------------------------------------- */

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
		int score = (*layout)->detect(*layout, &discoverer->scratch, root, &reason);
		if (score > highest) {
			highest = score;
			best = *layout;
			*why = reason;
		}
	}
	*why = arena_string(discoverer->arena, *why);
	return best;
}

/* The project's name stands for its one root; several roots below it are told apart by their paths. */
static const char *history_name(Discoverer *discoverer, const ReadRoot *read)
{
	const Governed *by = &read->by;
	if (!by->project)
		return read->root->shown;
	uint32_t roots = 0;
	array_each(RootPlan, other, &discoverer->plans)
		roots += path_below(by->project_path, other->path) != NULL;
	const char *below = path_below(by->project_path, read->root->path);
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
		if (!file->source || !map_get(&discoverer->named, file->path, strlen(file->path)) || is_changelog_name(file->name))
			continue;
		const char *folder = path_name(path_parent(&discoverer->scratch, file->path));
		if (carrier_by_name(folder, file->name) != CARRIER_NONE || uses(context->history, file->source))
			continue;
		if (!has_version(context->history, file->parsed.version))
			array_push(&discoverer->scratch, &discoverer->plans, (RootPlan){.path = file->path});
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

static void read_root(Discoverer *discoverer, ReadRoot *read)
{
	const RootPlan *plan = &read->plan;
	Root *root = read->root;
	sort_files(root);
	History *history = read->history = new (discoverer->arena, History);
	history->name = history_name(discoverer, read);
	history->root = root->path;
	history->config = root->config;
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
	set_frontier(discoverer, read);
	if (discoverer->options->no_history && !history->loose)
		scatter(discoverer, history);
	else
		array_push(discoverer->arena, &discoverer->discovery->histories, history);
}

/* All roots are listed before the bytes of any file are read, for as many of them as possible to be read at once. */
void read_roots(Discoverer *discoverer, uint32_t first)
{
	uint32_t count = discoverer->plans.count - first, told = discoverer->discovery->notes.count;
	ReadRoot *roots = new_array(&discoverer->scratch, ReadRoot, count);
	for (uint32_t i = 0; i < count; i++) {
		roots[i] = list_root(discoverer, discoverer->plans.items[first + i]);
		Discovery *discovery = discoverer->discovery;
		for (uint32_t note = told; note < discovery->notes.count; note++)
			array_push(&discoverer->scratch, &roots[i].notes, discovery->notes.items[note]);
		discovery->notes.count = told;
	}
	read_all_bytes(discoverer, roots, count);
	for (uint32_t i = 0; i < count; i++) {
		tell_notes(discoverer, &roots[i]);
		if (roots[i].root)
			read_root(discoverer, &roots[i]);
	}
}
