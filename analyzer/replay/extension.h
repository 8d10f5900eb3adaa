#ifndef DDLINT_REPLAY_EXTENSION_H
#define DDLINT_REPLAY_EXTENSION_H
/* A file of analyzer/effect/extensions/, compiled in. */
typedef struct Extension {
	const char *name;
	const struct Node *tree; /* a list, see discover/yaml.h */
} Extension;
extern const Extension all_extensions[]; /* ends with name NULL. Generated. */
#endif
