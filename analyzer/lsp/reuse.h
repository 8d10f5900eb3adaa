#ifndef DDLINT_LSP_REUSE_H
#define DDLINT_LSP_REUSE_H
/*
 * What is taken over from one run to the next: the bytes of files that did not change, and what was parsed from them.
 *
 * Each file has an arena of its own for its Source. When a text changes, the old Source is retired: the analysis that it was made
 * for still points to it, and it is freed when that one is.
 */
#include "lsp/workspace.h"

typedef struct Keeper {
	WorkFolder *folder;
	const Documents *documents;
	const Drafts *drafts; /* texts that nobody has yet: nothing is kept of them; NULL: none */
	Arena *arena;    /* for their sources */
	bool trusting;   /* files are as they were a moment ago: the disk is not asked */
} Keeper;

/* For SourceProvider: the document that the editor has open, else the file as it was read, unless it changed since. */
Source *keeper_read(void *payload, const char *path, const char *shown, const char **error);
bool keeper_has(void *payload, const char *path);

/* Moves the parsed scripts of migrations that are the same into the new discovery. The old one cannot be replayed any more. */
void reuse_migrations(Discovery *discovery, Discovery *previous);

/* When the analysis that used them is gone: frees the sources that were retired. */
void kept_sweep(WorkFolder *folder);
void kept_free(WorkFolder *folder);
#endif
