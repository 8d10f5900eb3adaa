#ifndef DDLINT_LSP_ROLLBACK_H
#define DDLINT_LSP_ROLLBACK_H
/* The rollback of a migration that has none: what it would have to say, and where its layout keeps it. */
#include "lsp/workspace.h"

typedef struct MissingRollback {
	const char *path; /* of the file to make; NULL: text is added at the end of the migration's own file */
	const char *text;
} MissingRollback;

/* False: the file is no migration without a rollback, or its layout keeps rollbacks where we do not know. */
bool find_missing_rollback(Arena *arena, const Workspace *workspace, const WorkFolder *folder, const char *path, MissingRollback *missing);
#endif
