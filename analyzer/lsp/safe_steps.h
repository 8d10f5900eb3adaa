#ifndef DDLINT_LSP_SAFE_STEPS_H
#define DDLINT_LSP_SAFE_STEPS_H
/*
 * A statement split into the steps of its finding's recipe: the first in its place, each of the others a migration of its own, behind
 * all that there are, with a rollback that was proved. What is planned was linted before it is offered.
 */
#include "lsp/workspace.h"

typedef struct PlannedEdit {
	Source *source; /* as analysed */
	Span span;
	const char *text;
} PlannedEdit;

typedef struct SafeSteps {
	ARRAY(PlannedEdit) edits; /* in order, none over another */
	Drafts files;             /* new ones */
} SafeSteps;

/* Could it be? Quick: not for released migrations, nor where SQL stands in other text. */
bool may_split(const WorkFolder *folder, const Document *document, const Finding *finding);
/* False: the steps have no place in this layout, or something would be wrong with them. Everything lives in the arena. */
bool plan_safe_steps(Arena *arena, Workspace *workspace, WorkFolder *folder, const Document *document, const Finding *finding, SafeSteps *plan);
#endif
