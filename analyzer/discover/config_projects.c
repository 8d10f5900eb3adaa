#include "discover/config_keys.h"

/* Copies the items too: what the copy adds or replaces must not show in the original. */
#define copy_array(arena, array)                                                                     \
	do {                                                                                         \
		void *items = arena_alloc((arena), sizeof *(array)->items, (array)->count);          \
		if ((array)->count)                                                                  \
			memcpy(items, (array)->items, sizeof *(array)->items * (array)->count);      \
		(array)->items = items;                                                              \
		(array)->capacity = (array)->count;                                                  \
	} while (0)

static Config *config_copy(Arena *arena, const Config *original)
{
	Config *copy = new(arena, Config);
	*copy = *original;
	copy_array(arena, &copy->packs);
	copy_array(arena, &copy->enforced);
	copy_array(arena, &copy->session);
	copy_array(arena, &copy->placeholders);
	copy_array(arena, &copy->rollback);
	copy_array(arena, &copy->suppressions);
	copy_array(arena, &copy->rules);
	copy_array(arena, &copy->custom_rules);
	copy_array(arena, &copy->own_rules);
	copy_array(arena, &copy->heat.tables);
	copy_array(arena, &copy->metadata.required);
	copy_array(arena, &copy->metadata.patterns);
	copy_array(arena, &copy->approvals.due);
	copy_array(arena, &copy->companions);
	copy_array(arena, &copy->overrides);
	copy_array(arena, &copy->exclude);
	copy->projects.items = NULL;
	copy->projects.count = copy->projects.capacity = 0;
	return copy;
}

static const char *due_text(Reader *reader, const Key *key, const Node *map, const char *name, const char *what)
{
	const Node *node = node_get(map, name);
	const Key inner = {.name = arena_print(reader->arena, "%s: %s", key->name, name), .expects = what};
	if (node)
		return value_text(reader, &inner, node);
	key_error(reader, key, map->line, "an entry has a name and a path; \"%s\", %s, is missing", name, what);
	return NULL;
}

/* Two projects of one name could not be told apart; nor could two of one path. */
static void check_unique(Reader *reader, const Key *key, const struct Project *project, uint32_t line)
{
	array_each(const struct Project, other, &reader->config->projects) {
		if (project->name && same(other->name, project->name))
			key_error(reader, key, line, "two projects are called \"%s\"", project->name);
		if (project->path && same(other->path, project->path))
			key_error(reader, key, line, "two projects have the path \"%s\"", project->path);
	}
}

void read_projects(Reader *reader, const Key *key, const Node *node)
{
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		if (!value_is_entry(reader, key, *item))
			continue;
		struct Project project = {
			.name = due_text(reader, key, *item, "name", "a name for reports and --project"),
			.path = due_text(reader, key, *item, "path", "the path of a folder"),
		};
		check_unique(reader, key, &project, (*item)->line);
		Config *config = config_copy(reader->arena, reader->config);
		Reader inner = *reader;
		inner.config = config;
		copy_array(reader->arena, &inner.enforced);
		copy_array(reader->arena, &inner.chain);
		read_layer(&inner, *item, PLACE_PROJECT);
		project.config = config;
		array_push(reader->arena, &reader->config->projects, project);
	}
}
