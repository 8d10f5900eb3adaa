#include "discover/tree.h"
#include "discover/layout.h"

#include <stdlib.h>

#include "base/threads.h"

/* Folders that hold what others wrote or what a build made. */
static const char *const left_out[] = {
	".git", ".hg", ".svn", ".terraform", ".tox", ".venv", "__pycache__", "bower_components", "build", "dist",
	"node_modules", "target", "vendor", "venv",
};

static bool is_left_out(const char *name)
{
	for (size_t i = 0; i < LENGTH(left_out); i++)
		if (same(name, left_out[i]))
			return true;
	return false;
}

bool is_companion_name(const char *name)
{
	static const char *const names[] = {
		"metadata.toml", "migration_lock.toml", "sqitch.plan", "_journal.json", "snapshot.json", "atlas.sum", "tern.conf",
	};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (same(name, names[i]))
			return true;
	return ends_with(name, ".sql.conf"); /* Flyway's script configuration */
}

const char *tree_read(const Tree *tree, Arena *arena, const char *path, size_t *length, const char **error)
{
	if (tree->overlay_path && same(path, tree->overlay_path)) {
		*length = tree->overlay_length;
		return tree->overlay_bytes;
	}
	return file_read(arena, path, length, error);
}

static void read_ignores(Tree *tree, Folder *folder)
{
	size_t length;
	const char *error;
	const char *text = folder_has(tree, folder, ".gitignore")
		? file_read(tree->arena, path_join(tree->arena, folder->path, ".gitignore"), &length, &error)
		: NULL;
	if (text)
		ignore_read(tree->arena, folder, text, length);
}

static Folder *known_folder(const Tree *tree, const char *path)
{
	return map_get(&tree->folders, path, strlen(path));
}

/* The path is the tree's already. */
static Folder *add_folder(Tree *tree, const char *path)
{
	Folder *folder = new (tree->arena, Folder);
	folder->path = path;
	folder->name = path_name(folder->path);
	folder->engine = other_engine(folder->name);
	map_set(tree->arena, &tree->folders, folder->path, strlen(folder->path), folder);
	return folder;
}

/* What it holds that says where a project ends and what does not belong to it. */
static void read_marks(Tree *tree, Folder *folder)
{
	folder->is_boundary = folder_has(tree, folder, ".git");
	read_ignores(tree, folder);
	if (!folder->is_boundary && !same(folder->path, "/"))
		folder->parent = tree_folder(tree, path_parent(tree->arena, folder->path));
}

Folder *tree_folder(Tree *tree, const char *path)
{
	Folder *folder = known_folder(tree, path);
	if (!folder) {
		folder = add_folder(tree, arena_string(tree->arena, path));
		read_marks(tree, folder);
	}
	return folder;
}

static void insert_entry(Arena *arena, Entries *entries, Entry entry)
{
	array_push(arena, entries, entry);
	uint32_t place = entries->count - 1;
	for (; place > 0 && strcmp(entries->items[place - 1].name, entry.name) > 0; place--)
		entries->items[place] = entries->items[place - 1];
	entries->items[place] = entry;
}

static const Entry *find_entry(const Entries *entries, const char *name)
{
	uint32_t low = 0, high = entries->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(entries->items[middle].name, name);
		if (order == 0)
			return &entries->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void list_entries(const Tree *tree, Arena *arena, Folder *folder)
{
	folder->listed = true;
	folder_list(arena, folder->path, &folder->entries, &folder->error);
	const char *overlaid = tree->overlay_path ? path_below(folder->path, tree->overlay_path) : NULL;
	if (overlaid && overlaid[0] && !strchr(overlaid, '/') && !find_entry(&folder->entries, overlaid))
		insert_entry(arena, &folder->entries, (Entry){.path = tree->overlay_path, .name = overlaid, .kind = ENTRY_FILE});
}

const Entries *folder_entries(Tree *tree, Folder *folder)
{
	if (!folder->listed)
		list_entries(tree, tree->arena, folder);
	return &folder->entries;
}

const Entry *folder_entry(Tree *tree, Folder *folder, const char *name)
{
	return find_entry(folder_entries(tree, folder), name);
}

bool folder_has(Tree *tree, const Folder *folder, const char *name)
{
	if (folder->listed)
		return find_entry(&folder->entries, name) != NULL;
	return path_kind(path_join(tree->arena, folder->path, name)) != ENTRY_NONE;
}

/* Whoever asks for a child will look into it: what is in it answers the questions about its marks. */
static Folder *child_at(Tree *tree, const char *path)
{
	Folder *child = known_folder(tree, path);
	if (!child) {
		child = add_folder(tree, path);
		folder_entries(tree, child);
		read_marks(tree, child);
	}
	return child;
}

Folder *tree_child(Tree *tree, const Folder *folder, const char *name)
{
	return child_at(tree, path_join(tree->arena, folder->path, name));
}

const Folder *tree_boundary(const Folder *folder)
{
	while (folder && !folder->is_boundary)
		folder = folder->parent;
	return folder;
}

/* --- Walking --------------------------------------------------------------------------------------------------------------- */

typedef struct Visit {
	Folder *folder;
	uint32_t left; /* entries still to visit */
	bool again;    /* what is wrong in it has been told */
} Visit;

typedef struct Walk {
	Tree *tree;
	const char *real_top; /* links must not lead out of it */
	const Folder *ignores_end; /* the uppermost folder whose .gitignore counts */
	Arena *arena;        /* of the notes */
	Discovery *discovery;
	FoundFiles *files;
	ARRAY(Visit) open; /* a stack: each is in the one before it */
} Walk;

static bool leads_out(const Walk *walk, const char *path)
{
	const char *real = path_real(walk->tree->arena, path);
	return !real || !walk->real_top || !path_below(walk->real_top, real);
}

static void visit_file(Walk *walk, Folder *folder, const Entry *entry)
{
	bool wanted = is_sql_name(entry->name) || is_companion_name(entry->name) || is_changelog_name(entry->name);
	if (!wanted && carrier_by_name(folder->name, entry->name) == CARRIER_NONE)
		return;
	if (entry->link && leads_out(walk, entry->path))
		return;
	array_push(walk->tree->arena, walk->files, (Found){.folder = folder, .name = entry->name, .path = entry->path});
}

static void add_failure(Walk *walk, const char *path, const char *message)
{
	const char *shown = arena_string(walk->arena, path_shown(walk->tree->cwd, path));
	Note note = {.failure = true, .path = shown, .message = message};
	array_push(walk->arena, &walk->discovery->notes, note);
}

/* Emacs' lock of a file that is being edited (.#x.sql, a link that leads nowhere), macOS' fork of one (._x.sql): no migrations. */
static bool is_shadow(const char *name)
{
	return name[0] == '.' && is_sql_name(name);
}

/* Tools and people left it out: the one by its name, the others by a .gitignore. */
static bool is_passed_over(const Walk *walk, const Folder *folder, const Entry *entry)
{
	bool is_folder = entry->kind == ENTRY_FOLDER;
	if (is_shadow(entry->name) || (is_folder ? entry->link || is_left_out(entry->name) : entry->kind != ENTRY_FILE))
		return true;
	return ignore_matches(walk->tree->arena, folder, entry->name, is_folder, walk->ignores_end);
}

typedef struct Unlisted {
	const Tree *tree;
	ARRAY(Folder *) folders;
} Unlisted;

static void list_one(void *payload, uint32_t place, Arena *arena)
{
	const Unlisted *unlisted = payload;
	list_entries(unlisted->tree, arena, unlisted->folders.items[place]);
}

/* Migrations that have a folder each lie side by side in hundreds: those of one folder are listed together. */
static void list_children(const Walk *walk, const Folder *folder)
{
	enum { FOLDERS_PER_THREAD = 64 }; /* fewer are listed before another thread has started */
	Tree *tree = walk->tree;
	Unlisted unlisted = {.tree = tree};
	if (folder->entries.count < 2 * FOLDERS_PER_THREAD)
		return;
	array_each (const Entry, entry, &folder->entries)
		if (entry->kind == ENTRY_FOLDER && !known_folder(tree, entry->path) && !is_passed_over(walk, folder, entry))
			array_push(tree->arena, &unlisted.folders, add_folder(tree, entry->path));
	const Pieces pieces = {unlisted.folders.count, list_one, &unlisted};
	pieces_run(tree->arena, thread_count(tree->jobs, pieces.count / FOLDERS_PER_THREAD), &pieces);
	array_each (Folder *const, child, &unlisted.folders)
		read_marks(tree, *child);
}

/* Begins with a folder's entries, unless it cannot be listed. */
static void enter(Walk *walk, Folder *folder)
{
	const Entries *entries = folder_entries(walk->tree, folder);
	array_push(walk->tree->arena, &walk->open, (Visit){.folder = folder, .again = folder->told});
	if (folder->error && !folder->told)
		add_failure(walk, folder->path, folder->error);
	folder->told = true;
	walk->open.items[walk->open.count - 1].left = folder->error ? 0 : entries->count;
	list_children(walk, folder);
}

static void visit_entry(Walk *walk, Folder *folder, const Entry *entry, bool again)
{
	if (entry->kind == ENTRY_NONE && entry->link && is_sql_name(entry->name) && !is_shadow(entry->name) && !again)
		add_failure(walk, entry->path, "the link leads nowhere");
	if (is_passed_over(walk, folder, entry))
		return;
	if (entry->kind == ENTRY_FOLDER)
		enter(walk, child_at(walk->tree, entry->path));
	else
		visit_file(walk, folder, entry);
}

static int compare_found(const void *a, const void *b)
{
	return strcmp(((const Found *)a)->path, ((const Found *)b)->path);
}

/* They nearly are: only where a folder's name goes on with a byte below '/' in a name beside it does the path say otherwise. */
static void put_in_order(Found *files, uint32_t count)
{
	uint32_t ordered = 1;
	while (ordered < count && compare_found(&files[ordered - 1], &files[ordered]) <= 0)
		ordered++;
	if (ordered < count)
		qsort(files, count, sizeof *files, compare_found);
}

/* Links to folders are not followed: what is below top is visited by its own name, what is not does not belong here. */
void tree_walk(Tree *tree, Folder *top, Arena *arena, Discovery *discovery, FoundFiles *files)
{
	const char *real_top = path_real(tree->arena, top->path);
	Walk walk = {.tree = tree, .real_top = real_top, .arena = arena, .discovery = discovery, .files = files};
	const Folder *boundary = tree_boundary(top);
	walk.ignores_end = boundary ? boundary : top;
	uint32_t first = files->count;
	enter(&walk, top);
	while (walk.open.count) {
		Visit *visit = &walk.open.items[walk.open.count - 1];
		if (visit->left)
			visit_entry(&walk, visit->folder, &visit->folder->entries.items[visit->folder->entries.count - visit->left--], visit->again);
		else
			walk.open.count--;
	}
	if (files->count > first)
		put_in_order(files->items + first, files->count - first);
}
