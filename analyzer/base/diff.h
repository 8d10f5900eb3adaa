#ifndef DDLINT_DIFF_H
#define DDLINT_DIFF_H
/*
 * A unified diff of two texts, as `git apply` and `patch -p1` take it.
 */
#include "base/base.h"

/* Appends nothing when the texts are equal. path: relative to where the patch will be applied. */
void diff_write(Buf *out, const char *path, Text before, Text after);
#endif
