#ifndef DDLINT_JUDGE_METADATA_H
#define DDLINT_JUDGE_METADATA_H
/*
 * Metadata: what a migration's head says about itself, in comments of the form `-- key: value` before its first statement, in
 * either kind of comment. What it says is declared, never proved. Known under one name each: "category" is phase, "estimated
 * runtime" is runtime.
 *
 * Only keys that ddlint knows, or that the configuration asks for, are read: prose may have colons.
 */
#include "discover/config.h"
#include "discover/history.h"

typedef struct MetadataItem {
	const char *key;   /* its one name, in kebab-case */
	const char *value; /* trimmed, not empty */
	Span span;         /* of the value, in source bytes */
} MetadataItem;
typedef ARRAY(MetadataItem) Metadata;

/* config may be NULL. Everything lives in the arena. */
void metadata_read(Arena *arena, const Script *script, const Config *config, Metadata *metadata);
/* The first of the key, by any of its names; NULL. */
const MetadataItem *metadata_get(const Metadata *metadata, const char *key);
/* The head says that there is no way back, and why (`irreversible: reason`), or what is done instead (`containment: …`). */
bool declares_no_way_back(Arena *arena, const Script *script);
const char *metadata_name(Arena *arena, const char *key);

/* "30min", "2 h", "7d", "1w", "90 seconds": false when it is none. */
bool metadata_duration(const char *text, double *seconds);
/* A duration or a date somewhere in the text: how many days it reaches from `today` (days since 1970); -1. */
long metadata_days(const char *text, long today);

/* Somebody's word that a migration may run. */
typedef struct ApprovalGiven {
	const char *role, *who, *source; /* source: "header" or "git-trailer"; role "" when it says none */
} ApprovalGiven;
typedef ARRAY(ApprovalGiven) Approvals;
/* From the configured source: the header's `approved-by: Name (role)`, or trailers of the same form in commits of the file. */
void approvals_read(Arena *arena, const Migration *migration, const Config *config, const Metadata *metadata, Approvals *approvals,
		    const char **author);
#endif
