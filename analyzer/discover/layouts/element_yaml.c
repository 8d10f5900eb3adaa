#include "element.h"

#include "discover/yaml.h"

/* JSON is YAML: one reader for both. */

/* Lists whose items are children of what holds the list, as in XML. */
static bool is_plain_list(const char *name)
{
	static const char *const names[] = {"databaseChangeLog", "changes", "columns"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (same(names[i], name))
			return true;
	return false;
}

static void set_text(Arena *arena, const Source *source, Element *element, const Node *node)
{
	const char *raw = source->bytes + node->span.start;
	uint32_t length = node->span.end - node->span.start;
	element->value = node->text;
	element->text = node->span;
	const char *newline = length && (*raw == '|' || *raw == '>') ? memchr(raw, '\n', length) : NULL;
	bool quoted = length > 1 && (*raw == '"' || *raw == '\'') && raw[length - 1] == *raw;
	bool escapes = quoted && (memchr(raw + 1, *raw == '"' ? '\\' : '\'', length - 2) || memchr(raw, '\n', length));
	if (newline) {
		element->text.start += (uint32_t)(newline + 1 - raw);
	} else if (escapes) {
		Rewrite whole = {node->span, {node->text, strlen(node->text)}};
		array_push(arena, &element->rewrites, whole);
	} else if (quoted) {
		element->text.start++;
		element->text.end--;
	}
}

static void add_pairs(Arena *arena, const Source *source, Element *parent, const Node *map);

static void add_items(Arena *arena, const Source *source, Element *parent, const Node *list)
{
	array_each(Node *, item, &list->items)
		if ((*item)->kind == NODE_MAP)
			add_pairs(arena, source, parent, *item);
}

static void add_pair(Arena *arena, const Source *source, Element *parent, const struct NodePair *pair)
{
	const Node *value = pair->value;
	if (value->kind == NODE_LIST && is_plain_list(pair->key)) {
		add_items(arena, source, parent, value);
		return;
	}
	Element *element = new (arena, Element);
	element->name = pair->key;
	element->span = (Span){pair->start, value->span.end > pair->start ? value->span.end : pair->start};
	element->head_end = pair->start + (uint32_t)strlen(pair->key);
	if (element->head_end > element->span.end)
		element->head_end = element->span.end;
	if (value->kind == NODE_TEXT)
		set_text(arena, source, element, value);
	else if (value->kind == NODE_MAP)
		add_pairs(arena, source, element, value);
	else if (value->kind == NODE_LIST)
		add_items(arena, source, element, value);
	array_push(arena, &parent->children, element);
}

/* The reader of YAML has bounded how deep it goes. */
static void add_pairs(Arena *arena, const Source *source, Element *parent, const Node *map)
{
	array_each(const struct NodePair, pair, &map->pairs)
		add_pair(arena, source, parent, pair);
}

Element *element_read_yaml(const LayoutContext *context, const File *file)
{
	Arena *arena = context->arena;
	const Source *source = file->source;
	ConfigErrors errors = {0};
	const Node *document = yaml_read(arena, source->path, source->bytes, source->length, &errors);
	array_each(ConfigError, error, &errors)
		add_note(context, file, error->line, "the changelog cannot be read: %s", error->message);
	if (!document || document->kind != NODE_MAP)
		return NULL;
	Element *root = new (arena, Element);
	root->name = "databaseChangeLog";
	add_pairs(arena, source, root, document);
	return root;
}
