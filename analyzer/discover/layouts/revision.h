#ifndef DDLINT_REVISION_H
#define DDLINT_REVISION_H
/*
 * Alembic's revisions in Python: which revision a file is, what it follows, and what its upgrade() and downgrade() do.
 */
#include "alembic.h"

typedef struct Revision Revision;
struct Revision {
	const File *file;
	const char *id;
	ARRAY(const char *) after;   /* down_revision and depends_on */
	PyStatements statements;
	PyNames names;
	bool placed;                 /* in the order of the history */
	ARRAY(Revision *) followers; /* those that name it, in the order of their files */
	uint32_t waiting;            /* for how many that it names and that are not placed */
};


/* revision_script.c: what upgrade() or downgrade() does, as a script of the migration. */
void add_revision_script(const LayoutContext *context, Revision *revision, Migration *migration, Direction direction);

/* True when there are revisions among the root's files: then they are the history. */
bool read_revisions(const LayoutContext *context);
uint32_t count_revisions(const Root *root);
#endif
