#ifndef DDLINT_REPLAY_EXTENSION_H
#define DDLINT_REPLAY_EXTENSION_H
/* A file of analyzer/effect/extensions/, compiled in. */
typedef struct Extension {
	const char *name;
	const char *text; /* YAML; begins with a line break */
} Extension;
extern const Extension all_extensions[]; /* ends with name NULL. Generated. */
#endif
