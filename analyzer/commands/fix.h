#ifndef DDLINT_FIX_H
#define DDLINT_FIX_H
/*
 * `--fix` and `--diff`: the edits of findings, applied until none is left.
 *
 * Files are changed in memory and linted again from there, since one edit makes way for the next. Only then something is
 * written, each file whole. Migrations that are known to have run are left alone: their tools compare checksums.
 */
#include "commands/commands.h"
#include "discover/history.h"

typedef enum FixResult {
	FIX_DONE,
	FIX_WITHOUT_UNREAD, /* as far as what could be read allows: discovering the paths tells of the rest */
	FIX_FAILED,         /* not all could be done; a message says why */
} FixResult;

/* Writes the files (--fix), or appends a patch (--diff). */
FixResult fix_files(Arena *arena, const Options *options, const RuleBook *book, Buf *patch);
#endif
