#ifndef DDLINT_DISCOVER_GLOB_H
#define DDLINT_DISCOVER_GLOB_H
/*
 * Globs of paths, as `exclude` and `overrides` use them; glob_matches is declared in config.h.
 *
 * Paths are relative and have '/' between their parts. Everything but * and ? stands for itself, brackets and
 * braces too: a file called `a[1].sql` is matched by its own name.
 */
#include "discover/config.h"

/* What is wrong with the glob (in the arena), or NULL: one that can match nothing is a mistake. */
const char *glob_error(Arena *arena, const char *glob);
#endif
