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

/* Writes the files (--fix), or appends a patch (--diff). False, with messages, when that cannot be done. */
bool fix_files(Arena *arena, const Options *options, const RuleBook *book, Buf *patch);
#endif
