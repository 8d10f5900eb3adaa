#ifndef DDLINT_DISCOVER_SEAL_H
#define DDLINT_DISCOVER_SEAL_H
/*
 * What must not change about a migration that has been merged, and `.ddlint.seal`, the file in a history's root that
 * remembers it.
 *
 * The file has one line for each migration, in the history's order, so that two branches that seal different migrations
 * merge:
 *
 *   VERSION <tab> SHA-256 of its statements <tab> SHA-256 of its bytes <tab> FILE below the root
 *
 * A version that a tool does not give is "-". Statements are compared without comments and blanks and whatever the case
 * of key words; bytes without the carriage returns of line ends, which a checkout may add. Both are those of the up
 * sections alone. Empty lines and lines that start with # say nothing.
 */
#include "discover/history.h"

#define SEAL_NAME ".ddlint.seal"

typedef struct SealLine {
	const char *version; /* "" for none */
	const char *statements;
	const char *bytes;
	const char *file;
	uint32_t line;
} SealLine;

typedef struct Seal {
	const char *path; /* as shown */
	ARRAY(SealLine) lines;
} Seal;

/* NULL and *line, *error where the file is no seal. Everything lives in the arena. */
Seal *seal_read(Arena *arena, const char *path, const char *bytes, size_t length, uint32_t *line, const char **error);
void seal_write(Buf *out, const Seal *seal);
/* Versioned migrations are sealed; with a frontier only the released ones. */
bool is_sealable(const Migration *migration);
/* The line that the migration would have today. */
SealLine seal_line(Arena *arena, const Migration *migration);
/* The seal's line about the migration, by version and file, else by version, file or statements; NULL: none. */
const SealLine *seal_line_for(const Seal *seal, const History *history, const Migration *migration);

typedef enum ScriptChange {
	CHANGE_NONE,
	CHANGE_COMMENTS,   /* only comments, blanks and the case of key words differ */
	CHANGE_STATEMENTS, /* it does something else */
} ScriptChange;
/* Sections are compared; either may be NULL: nothing against something is a change of statements. */
ScriptChange script_change(Arena *arena, const Script *before, const Script *after);
/* The statements as compared: key words in lower case, one blank between tokens, no comments. */
Text script_statements(Arena *arena, const Script *script);
#endif
