#ifndef DDLINT_DISCOVER_YAML_H
#define DDLINT_DISCOVER_YAML_H
/*
 * YAML as a tree with line numbers, read with libyaml's events. Scalars stay text: what `off`, `15` or `5s` mean
 * is for the reader of the tree to say. Limits on depth and size hold for aliases too, however often they repeat
 * themselves.
 *
 * The tree and its texts live in the arena.
 */
#include "discover/config.h"

typedef enum NodeKind {
	NODE_NULL, /* nothing, ~ or null */
	NODE_TEXT,
	NODE_LIST,
	NODE_MAP,
} NodeKind;

typedef struct Node Node;
struct Node {
	NodeKind kind;
	uint32_t line;
	Span span;              /* bytes, quotes and brackets included; of an alias: what it stands for */
	const char *text;       /* of NODE_TEXT: no NUL inside, valid UTF-8 */
	ARRAY(Node *) items;    /* of NODE_LIST */
	ARRAY(struct NodePair {
		const char *key;
		uint32_t line;
		uint32_t start; /* of the key, in bytes */
		Node *value;
	}) pairs;               /* of NODE_MAP: in the order written, no key twice */
	uint32_t weight;        /* nodes of the whole tree below, aliases written out */
};

/*
 * The document, NODE_NULL for an empty one. NULL when it cannot be read as a tree; then, and for duplicate keys,
 * errors grow.
 */
Node *yaml_read(Arena *arena, const char *path, const char *bytes, size_t length, ConfigErrors *errors);
/* A map's value, or NULL. */
Node *node_get(const Node *map, const char *key);
/* "a list", "a mapping", "text", "nothing": for messages. */
const char *node_kind_words(const Node *node);
/* Appends an error. */
void config_error(Arena *arena, ConfigErrors *errors, const char *path, uint32_t line, const char *format, ...)
	PRINTF(5, 6);
#endif
