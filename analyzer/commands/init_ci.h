#ifndef DDLINT_INIT_CI_H
#define DDLINT_INIT_CI_H
/*
 * `ddlint init --ci`: what a pipeline needs, with this project's paths.
 */
#include "base/base.h"

/* github, gitlab, pre-commit; ends with NULL. */
extern const char *const ci_kinds[];
/*
 * Writes the file of one kind below the folder, or, where there is one already, appends to *said what to add to it. False, with a
 * message, when it cannot be written. paths: of the histories, as a shell's words; endings: of the migrations' names, as
 * "rb|sql" for a regular expression.
 */
bool write_ci(Arena *arena, const char *folder, const char *kind, const char *paths, const char *endings, Buf *said);
#endif
