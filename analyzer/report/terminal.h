#ifndef DDLINT_TERMINAL_H
#define DDLINT_TERMINAL_H
/*
 * Text for terminals: what files and messages hold never reaches a terminal raw. Control characters, escape sequences,
 * characters that reorder text and bytes that are no UTF-8 are shown as \x1b or \u{202e}; widths are those of the terminal.
 */
#include "base/base.h"

typedef enum Color { COLOR_NONE, COLOR_BOLD, COLOR_DIM, COLOR_ERROR, COLOR_WARNING, COLOR_NOTE, COLOR_GOOD } Color;

/* A terminal's page for prose: messages wrap here, source lines are cut. */
enum { TERMINAL_WIDTH = 110, TAB_WIDTH = 4 };

/* One character as it is shown. */
typedef struct Glyph {
	char text[16];  /* NUL-ended */
	uint32_t width; /* columns */
	uint32_t bytes; /* of the source that it stands for, at least 1 */
} Glyph;

/* The first character of text (length at least 1), standing at `column` (a tab reaches to the next stop). */
Glyph glyph_at(const char *text, size_t length, uint32_t column);
/* Adds text with everything made safe; line ends and tabs become blanks. */
void add_safe(Buf *out, Text text);
void add_safe_string(Buf *out, const char *text);
/* Adds words, wrapped at TERMINAL_WIDTH; lines after the first start with `indent` blanks, the first one continues at that column. */
void add_wrapped(Buf *out, const char *text, uint32_t indent);
/* Starts and ends a colour; nothing when `on` is false. */
void color_begin(Buf *out, bool on, Color color);
void color_end(Buf *out, bool on);
#endif
