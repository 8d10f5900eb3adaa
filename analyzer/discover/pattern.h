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

/* Where a regular expression was found, and its named groups. */
enum { MOST_GROUPS = 16 };
typedef struct Match {
	const Pattern *pattern;
	Span spans[MOST_GROUPS]; /* the whole first; start above end: the group took no part */
} Match;

/* The first place at or behind `from`; over PCRE2's limits: none. Groups above MOST_GROUPS are not told. */
bool pattern_find(const Pattern *pattern, const char *subject, size_t length, size_t from, Match *match);
/* A name may be given to groups of several alternatives, with (?J). False: none of them took part. */
bool match_group(const Match *match, const char *name, Span *span);
/* The first named group that is none of the known ones; NULL: all are. */
const char *pattern_unknown_group(const Pattern *pattern, const char *const *known, size_t count);
bool pattern_has_group(const Pattern *pattern, const char *name);
/* As pattern_compile, for texts that are no relation's name: a dot means nothing. */
Pattern *pattern_of_text(Arena *arena, const char *text, const char **error);
#endif
