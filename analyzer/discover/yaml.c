#include "discover/yaml.h"

#include <yaml.h>

/* Long lists that somebody wrote out (a baseline) may have a value for every few bytes; aliases may not multiply beyond that. */
enum { DEEPEST = 20, MOST_NODES = 20000, BYTES_OF_A_NODE = 8 };

/* A list or a mapping that is still open. */
typedef struct Frame {
	Node *node;
	const char *anchor;
	const char *key;      /* of a mapping: read, and waiting for its value */
	uint32_t key_line;
	uint32_t key_start;
} Frame;

typedef struct Builder {
	Arena *arena;
	const char *path;
	ConfigErrors *errors;
	Frame frames[DEEPEST];
	uint32_t depth;
	Node *root;           /* complete */
	uint32_t nodes;       /* made, aliases written out */
	const char *bytes;
	size_t length;
	size_t at, characters; /* how far the bytes were counted: libyaml counts characters */
	uint32_t most;        /* of them */
	ARRAY(struct Anchor { const char *name; Node *node; }) anchors;
	bool failed;
} Builder;

void config_error(Arena *arena, ConfigErrors *errors, const char *path, uint32_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	ConfigError error = {path, line, arena_vprint(arena, format, arguments)};
	va_end(arguments);
	array_push(arena, errors, error);
}

Node *node_get(const Node *map, const char *key)
{
	array_each(struct NodePair, pair, &map->pairs)
		if (same(pair->key, key))
			return pair->value;
	return NULL;
}

const char *node_kind_words(const Node *node)
{
	static const char *const words[] = {
		[NODE_NULL] = "nothing",
		[NODE_TEXT] = "text",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a mapping",
	};
	return words[node->kind];
}

/* Ends the reading. */
static void PRINTF(3, 4) fail(Builder *builder, size_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	ConfigError error = {builder->path, (uint32_t)line, arena_vprint(builder->arena, format, arguments)};
	va_end(arguments);
	array_push(builder->arena, builder->errors, error);
	builder->failed = true;
}

static const struct NodePair *pair_of(const Node *map, const char *key)
{
	array_each(struct NodePair, pair, &map->pairs)
		if (same(pair->key, key))
			return pair;
	return NULL;
}

/* The byte of a place; asked in the order of the file. */
static uint32_t offset_of(Builder *builder, yaml_mark_t mark)
{
	while (builder->characters < mark.index && builder->at < builder->length) {
		builder->at++;
		while (builder->at < builder->length && ((unsigned char)builder->bytes[builder->at] & 0xC0) == 0x80)
			builder->at++;
		builder->characters++;
	}
	return (uint32_t)builder->at;
}

/* A complete node goes to where it belongs: the open mapping or list, or the top. */
static void attach(Builder *builder, Node *node)
{
	if (!builder->depth) {
		builder->root = node;
		return;
	}
	Frame *frame = &builder->frames[builder->depth - 1];
	frame->node->weight += node->weight;
	if (node->span.end > frame->node->span.end)
		frame->node->span.end = node->span.end;
	if (frame->node->kind == NODE_LIST) {
		array_push(builder->arena, &frame->node->items, node);
		return;
	}
	const struct NodePair *first = pair_of(frame->node, frame->key);
	if (first) {
		config_error(builder->arena, builder->errors, builder->path, frame->key_line,
			     "\"%s\" is given twice: first on line %u", frame->key, first->line);
	} else {
		struct NodePair pair = {frame->key, frame->key_line, frame->key_start, node};
		array_push(builder->arena, &frame->node->pairs, pair);
	}
	frame->key = NULL;
}

static bool key_is_due(const Builder *builder)
{
	const Frame *frame = builder->depth ? &builder->frames[builder->depth - 1] : NULL;
	return frame && frame->node->kind == NODE_MAP && !frame->key;
}

static Node *add_node(Builder *builder, NodeKind kind, size_t line)
{
	Node *node = new(builder->arena, Node);
	node->kind = kind;
	node->line = (uint32_t)line;
	node->weight = 1;
	if (++builder->nodes > builder->most)
		fail(builder, line, "the file holds more than %u values", builder->most);
	return node;
}

static void name_anchor(Builder *builder, const char *name, Node *node)
{
	if (!name)
		return;
	struct Anchor anchor = {name, node};
	array_push(builder->arena, &builder->anchors, anchor);
}

static void read_alias(Builder *builder, const char *name, size_t line)
{
	if (key_is_due(builder)) {
		fail(builder, line, "a key cannot be an alias");
		return;
	}
	Node *node = NULL; /* the newest of that name counts */
	array_each(struct Anchor, anchor, &builder->anchors)
		if (same(anchor->name, name))
			node = anchor->node;
	if (!node) {
		fail(builder, line, "the alias *%s stands for nothing that is complete above it", name);
		return;
	}
	builder->nodes += node->weight;
	if (builder->nodes > builder->most)
		fail(builder, line, "the file holds more than %u values when its aliases are written out", builder->most);
	else
		attach(builder, node);
}

static bool means_nothing(const char *text)
{
	return !*text || same(text, "~") || same_nocase(text, "null");
}

static void read_scalar(Builder *builder, const yaml_event_t *event, const char *anchor, size_t line)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	if (memchr(value, '\0', length)) {
		fail(builder, line, "a text holds a NUL character");
		return;
	}
	const char *text = arena_copy(builder->arena, value, length);
	if (key_is_due(builder)) {
		Frame *frame = &builder->frames[builder->depth - 1];
		frame->key = text;
		frame->key_line = (uint32_t)line;
		frame->key_start = offset_of(builder, event->start_mark);
		return;
	}
	bool nothing = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && means_nothing(text);
	Node *node = add_node(builder, nothing ? NODE_NULL : NODE_TEXT, line);
	node->text = nothing ? NULL : text;
	node->span.start = offset_of(builder, event->start_mark);
	node->span.end = offset_of(builder, event->end_mark);
	name_anchor(builder, anchor, node);
	attach(builder, node);
}

static void open_collection(Builder *builder, NodeKind kind, const char *anchor, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;
	if (key_is_due(builder)) {
		fail(builder, line, "a key is a word, not %s", kind == NODE_LIST ? "a list" : "a mapping");
	} else if (builder->depth == DEEPEST) {
		fail(builder, line, "nested more than %d levels deep", DEEPEST);
	} else {
		Node *node = add_node(builder, kind, line);
		node->span.start = node->span.end = offset_of(builder, event->start_mark);
		builder->frames[builder->depth++] = (Frame){.node = node, .anchor = anchor};
	}
}

/* A bracket that closes is the collection's end; without one it ends with its last item. */
static void close_collection(Builder *builder, const yaml_event_t *event)
{
	Frame *frame = &builder->frames[--builder->depth];
	if (event->end_mark.index > event->start_mark.index)
		frame->node->span.end = offset_of(builder, event->end_mark);
	name_anchor(builder, frame->anchor, frame->node);
	attach(builder, frame->node);
}

static const char *copy(Builder *builder, const yaml_char_t *text)
{
	return arena_string(builder->arena, (const char *)text);
}

/* "!name" in front of a value asks for a type of the reader's own; YAML's own types ("!!str") say nothing new. */
static bool is_foreign_tag(const yaml_char_t *tag)
{
	return tag && strcmp((const char *)tag, "!") != 0 && !starts_with((const char *)tag, "tag:yaml.org,2002:");
}

static void read_event(Builder *builder, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;
	const yaml_char_t *tag = NULL;
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (builder->root)
			fail(builder, line, "a second document starts here: the file holds one");
		break;
	case YAML_ALIAS_EVENT:
		read_alias(builder, copy(builder, event->data.alias.anchor), line);
		break;
	case YAML_SCALAR_EVENT:
		tag = event->data.scalar.tag;
		read_scalar(builder, event, copy(builder, event->data.scalar.anchor), line);
		break;
	case YAML_SEQUENCE_START_EVENT:
		tag = event->data.sequence_start.tag;
		open_collection(builder, NODE_LIST, copy(builder, event->data.sequence_start.anchor), event);
		break;
	case YAML_MAPPING_START_EVENT:
		tag = event->data.mapping_start.tag;
		open_collection(builder, NODE_MAP, copy(builder, event->data.mapping_start.anchor), event);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_collection(builder, event);
		break;
	default:
		break;
	}
	if (is_foreign_tag(tag) && !builder->failed)
		fail(builder, line, "the tag \"%s\" is not known: values are text", (const char *)tag);
}

static size_t line_of_offset(const char *bytes, size_t length, size_t offset)
{
	size_t line = 1;
	for (size_t i = 0; i < offset && i < length; i++)
		line += bytes[i] == '\n';
	return line;
}

static bool is_indented_by_tab(const char *bytes, size_t length, size_t line)
{
	size_t at = 0;
	while (line > 1 && at < length)
		line -= bytes[at++] == '\n';
	while (at < length && bytes[at] == ' ')
		at++;
	return at < length && bytes[at] == '\t';
}

static void read_problem(Builder *builder, const yaml_parser_t *parser, const char *bytes, size_t length)
{
	if (parser->error == YAML_MEMORY_ERROR)
		die("out of memory (YAML)");
	if (parser->error == YAML_READER_ERROR) {
		size_t line = line_of_offset(bytes, length, parser->problem_offset);
		fail(builder, line, "this is not text in UTF-8: %s", parser->problem);
		return;
	}
	size_t line = parser->problem_mark.line + 1;
	if (is_indented_by_tab(bytes, length, line))
		fail(builder, line, "a tab cannot indent YAML: use blanks");
	else if (parser->context && parser->context_mark.line + 1 != line)
		fail(builder, line, "this is not YAML: %s, %s from line %zu on", parser->problem, parser->context,
		     parser->context_mark.line + 1);
	else
		fail(builder, line, "this is not YAML: %s", parser->problem);
}

Node *yaml_read(Arena *arena, const char *path, const char *bytes, size_t length, ConfigErrors *errors)
{
	Builder builder = {.arena = arena, .path = path, .errors = errors, .most = MOST_NODES, .bytes = bytes, .length = length};
	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		builder.at = 3; /* libyaml does not count it */
	if (length / BYTES_OF_A_NODE > MOST_NODES)
		builder.most = (uint32_t)(length / BYTES_OF_A_NODE);
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		die("out of memory (YAML)");
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
	for (bool more = true; more && !builder.failed;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			read_problem(&builder, &parser, bytes, length);
			break;
		}
		read_event(&builder, &event);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (builder.failed)
		return NULL;
	return builder.root ? builder.root : add_node(&builder, NODE_NULL, 1);
}
