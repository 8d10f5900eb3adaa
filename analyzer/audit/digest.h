#ifndef DDLINT_AUDIT_DIGEST_H
#define DDLINT_AUDIT_DIGEST_H
/*
 * Digests over what JSON says, not over how it is laid out: the SHA-256 of the value with sorted keys and without blanks, which is
 * what `jq -cjS` prints. Anybody can compute one.
 */
#include <jansson.h>

#include "base/base.h"

/* The value so written. */
const char *json_words(Arena *arena, const json_t *value);
/* The same of JSON text with the members left out that `without` names (NULL ends them) at its top. */
const char *json_text_digest(Arena *arena, Text text, const char *const *without);
/* Of what is said about one migration: not its own digest, nor what time alone changes. */
const char *migration_digest(Arena *arena, Text json);
const char *report_digest(Arena *arena, Text json);
#endif
