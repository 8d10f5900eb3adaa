/*
 * A program of the build, not of ddlint: prints YAML files as C, the trees that yaml_read would make of them, so that ddlint has
 * no YAML of its own to parse when it starts. What is not well formed ends the build.
 *
 *   yaml_trees FILE...    for each file a `static Node FILE_tree`, named by the file's name
 */
#include <stdio.h>

#include "base/files.h"
#include "discover/yaml.h"

static void add_string(Buf *out, const char *text)
{
	buf_addc(out, '"');
	for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
		if (*byte < ' ' || *byte > '~' || *byte == '"' || *byte == '\\' || *byte == '?')
			buf_addf(out, "\\%c%c%c", '0' + (*byte >> 6), '0' + (*byte >> 3 & 7), '0' + (*byte & 7));
		else
			buf_addc(out, (char)*byte);
	}
	buf_addc(out, '"');
}

static const char *add_node(Arena *arena, Buf *out, const char *name, const Node *node);

static void add_items(Arena *arena, Buf *out, const char *name, const Node *node)
{
	ARRAY(const char *) items = {0};
	array_each (Node *, item, &node->items) {
		const char *child = arena_print(arena, "%s_%u", name, items.count);
		array_push(arena, &items, add_node(arena, out, child, *item));
	}
	buf_addf(out, "static Node *%s_items[] = {", name);
	for (uint32_t i = 0; i < items.count; i++)
		buf_addf(out, "%s&%s", i ? ", " : "", items.items[i]);
	buf_adds(out, "};\n");
}

static void add_pairs(Arena *arena, Buf *out, const char *name, const Node *node)
{
	ARRAY(const char *) values = {0};
	array_each (struct NodePair, pair, &node->pairs) {
		const char *child = arena_print(arena, "%s_%u", name, values.count);
		array_push(arena, &values, add_node(arena, out, child, pair->value));
	}
	buf_addf(out, "static struct NodePair %s_pairs[] = {\n", name);
	for (uint32_t i = 0; i < values.count; i++) {
		const struct NodePair *pair = &node->pairs.items[i];
		buf_adds(out, "\t{");
		add_string(out, pair->key);
		buf_addf(out, ", %u, %u, &%s},\n", pair->line, pair->start, values.items[i]);
	}
	buf_adds(out, "};\n");
}

/* What the node is made of comes before it. The reader of YAML limits the depth. */
static const char *add_node(Arena *arena, Buf *out, const char *name, const Node *node)
{
	static const char *const kinds[] = {"NODE_NULL", "NODE_TEXT", "NODE_LIST", "NODE_MAP"};
	if (node->items.count)
		add_items(arena, out, name, node);
	if (node->pairs.count)
		add_pairs(arena, out, name, node);
	buf_addf(out, "static Node %s = {.kind = %s, .line = %u, .span = {%u, %u}, .weight = %u", name, kinds[node->kind], node->line,
		 node->span.start, node->span.end, node->weight);
	if (node->text) {
		buf_adds(out, ", .text = ");
		add_string(out, node->text);
	}
	if (node->items.count)
		buf_addf(out, ", .items = {%s_items, %u, %u}", name, node->items.count, node->items.count);
	if (node->pairs.count)
		buf_addf(out, ", .pairs = {%s_pairs, %u, %u}", name, node->pairs.count, node->pairs.count);
	buf_adds(out, "};\n");
	return name;
}

static const char *identifier(Arena *arena, const char *path)
{
	const char *name = path_name(path);
	char *copy = arena_copy(arena, name, strcspn(name, "."));
	for (char *c = copy; *c; c++)
		*c = *c == '-' ? '_' : *c;
	return arena_print(arena, "%s_tree", copy);
}

int main(int count, char **arguments)
{
	Arena arena = {0};
	Buf out = {0};
	buf_adds(&out, "#include \"discover/yaml.h\"\n");
	for (int i = 1; i < count; i++) {
		const char *path = arguments[i], *error;
		size_t length;
		const char *text = file_read(&arena, path, &length, &error);
		if (!text)
			die("%s: %s", path, error);
		ConfigErrors errors = {0};
		const Node *root = yaml_read(&arena, path, text, length, &errors);
		if (errors.count || !root)
			die("%s:%u: %s", path, errors.count ? errors.items[0].line : 0, errors.count ? errors.items[0].message : "cannot be read");
		add_node(&arena, &out, identifier(&arena, path), root);
	}
	fwrite(out.data, 1, out.length, stdout);
	buf_free(&out);
	arena_free(&arena);
	return 0;
}
