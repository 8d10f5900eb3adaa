#ifndef DDLINT_FRAME_H
#define DDLINT_FRAME_H
/*
 * The picture of a clause in its source: line numbers, the lines, and carets below the clause.
 *
 *	   3 | CREATE INDEX users_email ON users (email);
 *	     | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 *
 *	   7 |   ALTER TABLE users ADD COLUMN plan text
 *	     |  ___________________^
 *	   8 | |     NOT NULL;
 *	     | |_____________^
 */
#include "read/source.h"
#include "report/terminal.h"

typedef struct FrameStyle {
	bool color;
	Color mark; /* of the carets */
} FrameStyle;

/* Columns up to and without the '|': where the labels below a frame start. */
enum { FRAME_GUTTER = 5 };

void frame_render(Buf *out, Source *source, Span span, FrameStyle style);
#endif
