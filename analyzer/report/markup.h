#ifndef DDLINT_MARKUP_H
#define DDLINT_MARKUP_H
/* Text of files and people in Markdown, where nothing of it may become markup: the report's comment and the audit share it. */
#include "base/base.h"

/* Plain text; line ends become blanks. Inside HTML blocks Markdown's own marks are none. */
void add_markdown(Buf *out, const char *text, bool inside_html);
/* A block of code in a language ("sql"); its fence is longer than any run of backticks inside. */
void add_fenced(Buf *out, const char *language, Text code);
#endif
