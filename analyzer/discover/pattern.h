#ifndef DDLINT_DISCOVER_PATTERN_H
#define DDLINT_DISCOVER_PATTERN_H
/*
 * Names and regular expressions over PCRE2. pattern_compile and pattern_matches, for names of relations, are in
 * config.h.
 *
 * A compiled pattern lives wholly in its arena. It is read-only: any number of threads may match with it.
 */
#include "discover/config.h"

/*
 * A bare regular expression, without slashes, that is matched against whole subjects. NULL and *error when it does
 * not compile.
 */
Pattern *pattern_regex(Arena *arena, const char *regex, const char **error);
#endif
