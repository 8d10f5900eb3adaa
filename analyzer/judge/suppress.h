#ifndef DDLINT_JUDGE_SUPPRESS_H
#define DDLINT_JUDGE_SUPPRESS_H
/*
 * `-- ddlint: allow …`: which findings comments silence, and what is wrong with comments that silence nothing.
 */
#include "judge/judge.h"

/* Sets finding->suppressed where a comment with a reason allows it, and marks the comment's rule as used. */
void suppress(Arena *arena, Finding *finding, const char *today);
/* The comment speaks for the finding's place. */
bool directive_covers(const Directive *directive, const Finding *finding);
/* The same for comments of the tools that the configuration's `suppressions` name (foreign.c). */
void suppress_foreign(Arena *arena, const Config *config, Finding *finding);
/* What another tool's name means here: rules and categories, each between blanks. NULL: nothing. */
const char *foreign_translation(const char *tool, Text theirs);
/* Adds the tools whose comments the source seems to have. */
void foreign_tools_in(Arena *arena, const Source *source, Names *tools);
/*
 * Findings about the directives of a migration's scripts that were asked for: unused, without a reason, expired, not understood.
 * A comment above the sections of a file speaks for its up and its down: it is told about once, and used when either uses it.
 */
void judge_directives(Arena *arena, const History *history, const Migration *migration, const RuleChoice *choice, Findings *findings);
#endif
