#ifndef DDLINT_DISCOVER_MERGED_H
#define DDLINT_DISCOVER_MERGED_H
/*
 * What became of migrations that had been merged: compared with a git reference (history->before) and with the root's
 * seal.
 */
#include "discover/history.h"

typedef enum MergedKind {
	MERGED_EDITED,
	MERGED_COMMENTED, /* only comments, blanks or the case of key words changed */
	MERGED_RENAMED,	  /* the same statements in a file of another name, or under another version */
	MERGED_DELETED,
	MERGED_INSERTED, /* new, and before a released one in its tool's order */
} MergedKind;

typedef struct MergedChange {
	MergedKind kind;
	const Migration *migration; /* as it is now; NULL: it is gone */
	const char *file;	    /* as it was called; of an inserted one the released file that it precedes */
	const char *version;	    /* as it was */
	bool sealed;		    /* the seal says so; else the git reference */
} MergedChange;
typedef ARRAY(MergedChange) MergedChanges;

/*
 * What the history's tool does with a migration that is older than one that has run, when it does not run it: "goose
 * refuses it there …". NULL: it runs it late, or the configuration says so (migration-changed: {out-of-order: run}).
 */
const char *what_older_meets(const History *history);
/* Each migration once; the lists live in the arena. */
void merged_changes(Arena *arena, const History *history, MergedChanges *changes);
#endif
