#ifndef DDLINT_JUDGE_SUPPRESS_H
#define DDLINT_JUDGE_SUPPRESS_H
/*
 * `-- ddlint: allow …`: which findings comments silence, and what is wrong with comments that silence nothing.
 */
#include "judge/judge.h"

/* Sets finding->suppressed where a comment with a reason allows it, and marks the comment's rule as used. */
void suppress(Arena *arena, Finding *finding, const char *today);
/* Findings about the directives of one script: unused, without a reason, expired, not understood. */
void judge_directives(Arena *arena, const History *history, const Migration *migration, Script *script, const RuleChoice *choice,
		      Findings *findings);
#endif
