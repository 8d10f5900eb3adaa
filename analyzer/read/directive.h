#ifndef DDLINT_READ_DIRECTIVE_H
#define DDLINT_READ_DIRECTIVE_H
/*
 * `-- ddlint: …` comments: what a file says to ddlint.
 *
 *   ddlint: allow RULE[(object)][, RULE…] [until YYYY-MM-DD] -- reason
 *   ddlint: allow-file RULE[(object)][, RULE…] [until YYYY-MM-DD] -- reason
 *   ddlint: file PATH [migration ID] [direction WORD] [transaction on|off]
 *
 * What does not follow the grammar becomes DIRECTIVE_UNKNOWN: it silences nothing and is a finding.
 */
#include "read/script.h"

/* Reads one comment, either kind; offset is where it stands, for the spans. False: it does not speak to ddlint. */
bool directive_read(Arena *arena, Text comment, uint32_t offset, Directive *directive);
/*
 * Adds the directives of text[span] to the script, those in dollar-quoted bodies too. With head_only it stops at the
 * first token that is no comment. Their spans are offsets of `text`; the caller knows what they mean.
 */
void directives_collect(Arena *arena, Script *script, const char *text, Span span, bool head_only);
#endif
