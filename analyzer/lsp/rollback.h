#ifndef DDLINT_LSP_ROLLBACK_H
#define DDLINT_LSP_ROLLBACK_H
/* The rollback of a migration that has none: what it would have to say, and where its layout keeps it. */
#include "lsp/workspace.h"
#include "replay/proof.h"

typedef struct MissingRollback {
	const char *path; /* of the file to make; NULL: text is added at the end of the migration's own file */
	const char *text;
} MissingRollback;

/* The statements that take back what the migration's up does; NULL: there is nothing to take back. */
const char *rollback_statements(Arena *arena, const ScriptPlace *place, int version);

/* What the migration's down comes to. */
RollbackVerdict rollback_verdict(Arena *arena, const ScriptPlace *place, int version);

/* False: the file is no migration without a rollback, or its layout keeps rollbacks where we do not know. */
bool find_missing_rollback(Arena *arena, const Workspace *workspace, const WorkFolder *folder, const char *path, MissingRollback *missing);
#endif
