#ifndef DDLINT_DEFLATE_H
#define DDLINT_DEFLATE_H
/* How large text is when it is compressed, for limits that count so. */
#include "base/base.h"

/*
 * The bytes of one valid way to write the text as a gzip file: repetitions found with a table of their last places, coded with
 * deflate's fixed code. https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6
 * gzip looks harder and fits its codes to the text: it stays below this.
 */
size_t gzip_size_at_most(Text text);
#endif
