#include "revision.h"

#include <ctype.h>

/* --- One file ------------------------------------------------------------------------------------------------------------------- */

/* `name = value` and `name: type = value`; false: the statement is something else. */
static bool read_assignment(Arena *arena, const Source *source, const PyStatement *statement, const char **name, PyValue **value)
{
	const char *start = source->bytes + statement->span.start, *end = source->bytes + statement->span.end;
	const char *at = start;
	while (at < end && (isalnum((unsigned char)*at) || *at == '_'))
		at++;
	const char *word_end = at;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at < end && *at == ':')
		while (at < end && *at != '=' && *at != '\n')
			at++;
	if (word_end == start || at + 1 >= end || *at != '=' || at[1] == '=')
		return false;
	uint32_t behind;
	*name = arena_copy(arena, start, (size_t)(word_end - start));
	*value = python_value(arena, source, (uint32_t)(at + 1 - source->bytes), statement->span.end, &behind);
	return true;
}

/* None, "x", ("x", "y") */
static void add_ids(Arena *arena, Revision *revision, const PyValue *value)
{
	value = py_resolve(&revision->names, value);
	if (value && value->kind == PY_STRING && *value->text)
		array_push(arena, &revision->after, value->text);
	for (uint32_t i = 0; value && value->kind == PY_LIST && i < value->arguments.count; i++) {
		const char *text = py_text(&revision->names, value->arguments.items[i].value);
		if (text && *text)
			array_push(arena, &revision->after, text);
	}
}

/* False: the file is no revision. */
static bool read_revision(const LayoutContext *context, const File *file, Revision *revision)
{
	Arena *arena = context->arena;
	*revision = (Revision){.file = file};
	if (!file->source || !ends_with(file->name, ".py"))
		return false;
	revision->statements = python_statements(arena, file->source);
	array_each(PyStatement, statement, &revision->statements) {
		const char *name;
		PyValue *value;
		if (statement->indent || !read_assignment(arena, file->source, statement, &name, &value))
			continue;
		map_set(arena, &revision->names.values, name, strlen(name), value);
		if (same(name, "revision"))
			revision->id = py_text(&revision->names, value);
		else if (same(name, "down_revision") || same(name, "depends_on"))
			add_ids(arena, revision, value);
	}
	return revision->id != NULL;
}

/* --- All files, in their order ------------------------------------------------------------------------------------------------------ */

typedef struct Graph {
	const LayoutContext *context;
	ARRAY(Revision) revisions; /* in the order of the files' names */
	Map by_id;
	uint32_t placed; /* so many from the first on have been */
} Graph;

static Revision *find_revision(const Graph *graph, const char *id)
{
	Revision *found = map_get(&graph->by_id, id, strlen(id));
	/* Alembic takes the beginning of an id for it. */
	for (uint32_t i = 0; !found && i < graph->revisions.count && strlen(id) >= 4; i++)
		if (starts_with(graph->revisions.items[i].id, id))
			found = &graph->revisions.items[i];
	return found;
}

static void link_revisions(Graph *graph)
{
	array_each(Revision, revision, &graph->revisions)
		array_each(const char *const, id, &revision->after) {
			Revision *before = find_revision(graph, *id);
			if (!before || before == revision)
				continue;
			array_push(graph->context->arena, &before->followers, revision);
			revision->waiting++;
		}
}

static bool is_ready(const Revision *revision)
{
	return !revision->placed && !revision->waiting;
}

/* What continues the branch that was begun comes first; then the order of the files' names. */
static Revision *next_revision(Graph *graph, const Revision *last)
{
	for (uint32_t i = 0; last && i < last->followers.count; i++)
		if (is_ready(last->followers.items[i]))
			return last->followers.items[i];
	while (graph->placed < graph->revisions.count && graph->revisions.items[graph->placed].placed)
		graph->placed++;
	for (uint32_t i = graph->placed; i < graph->revisions.count; i++)
		if (is_ready(&graph->revisions.items[i]))
			return &graph->revisions.items[i];
	return NULL;
}

/* "3f2a_add_users.py" of revision 3f2a is "add_users". */
static const char *name_of(Arena *arena, const Revision *revision)
{
	const char *name = arena_copy(arena, revision->file->name, strlen(revision->file->name) - strlen(".py"));
	const char *behind = strstr(name, revision->id);
	if (behind && behind[strlen(revision->id)] == '_')
		return behind + strlen(revision->id) + 1;
	return name;
}

static void place(Graph *graph, Revision *revision)
{
	revision->placed = true;
	array_each(Revision *const, follower, &revision->followers)
		(*follower)->waiting--;
	Migration *migration = add_migration(graph->context, revision->id, name_of(graph->context->arena, revision));
	migration->down_expected = true;
	add_revision_script(graph->context, revision, migration, DIRECTION_UP);
	add_revision_script(graph->context, revision, migration, DIRECTION_DOWN);
}

static void note_graph(const Graph *graph)
{
	uint32_t heads = 0;
	array_each(const Revision, revision, &graph->revisions) {
		heads += !revision->followers.count;
		array_each(const char *const, id, &revision->after)
			if (!find_revision(graph, *id))
				add_note(graph->context, revision->file, 0, "revision %s follows %s, which is in no file", revision->id, *id);
	}
	if (heads > 1 && graph->revisions.count)
		add_verbose_note(graph->context, graph->revisions.items[0].file, "%u heads: branches that no revision merges", heads);
}

uint32_t count_revisions(const Root *root)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		count += file->source && ends_with(file->name, ".py") && source_mentions(file->source, "down_revision");
	}
	return count;
}

bool read_revisions(const LayoutContext *context)
{
	Graph graph = {.context = context};
	Arena *arena = context->arena;
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		Revision revision;
		if (read_revision(context, &context->root->files[i], &revision))
			array_push(arena, &graph.revisions, revision);
	}
	array_each(Revision, revision, &graph.revisions) {
		if (map_get(&graph.by_id, revision->id, strlen(revision->id)))
			add_note(context, revision->file, 0, "another file is revision %s already", revision->id);
		map_set(arena, &graph.by_id, revision->id, strlen(revision->id), revision);
	}
	link_revisions(&graph);
	const Revision *last = NULL;
	for (Revision *next; (next = next_revision(&graph, last)); last = next)
		place(&graph, next);
	array_each(Revision, revision, &graph.revisions)
		if (!revision->placed) {
			add_note(context, revision->file, 0, "revision %s follows itself, by others", revision->id);
			place(&graph, revision);
		}
	note_graph(&graph);
	return graph.revisions.count > 0;
}
