#include "report/frame.h"

#include <inttypes.h>

enum {
	SHOWN_WIDTH = 100,   /* columns of a source line */
	LEAD = 24,           /* columns shown before a clause when the line's start is cut off */
	SCANNED = 2000,      /* bytes looked at on either side of a clause: lines of megabytes exist */
	HEAD_LINES = 5,      /* of a clause of many lines; the rest is elided but its last lines */
	TAIL_LINES = 2,
};

/* The part of a line that is shown. Columns count from the first byte looked at. */
typedef struct View {
	Text text;
	uint32_t offset;     /* source offset of the text's first byte */
	bool cut_left, cut_right;
	uint32_t left, right; /* shown columns, right exclusive */
} View;

static uint32_t column_of(const View *view, uint32_t offset)
{
	uint32_t column = 0;
	for (uint32_t i = 0; i < view->text.length && view->offset + i < offset;) {
		char byte = view->text.data[i];
		if (byte >= ' ' && byte < 0x7F) { /* nearly all are: lines are long, and looked at more than once */
			column++;
			i++;
			continue;
		}
		Glyph glyph = glyph_at(view->text.data + i, view->text.length - i, column);
		column += glyph.width;
		i += glyph.bytes;
	}
	return column;
}

/* Chooses what to show of a line so that the bytes from `start` to `end` are seen. */
static View view_of(Source *source, uint32_t line, uint32_t start, uint32_t end)
{
	Text whole = source_line(source, line);
	uint32_t first = (uint32_t)(whole.data - source->bytes), last = first + (uint32_t)whole.length;
	View view = {.offset = first};
	if (start > first + SCANNED) {
		view.offset = start - SCANNED;
		while (view.offset < start && ((unsigned char)source->bytes[view.offset] & 0xC0) == 0x80)
			view.offset++;
		view.cut_left = true;
	}
	if (last > start && last - start > SCANNED) {
		last = start + SCANNED;
		view.cut_right = true;
	}
	view.text = (Text){source->bytes + view.offset, last - view.offset};
	uint32_t start_column = column_of(&view, start), end_column = column_of(&view, end);
	uint32_t width = column_of(&view, last);
	view.right = width;
	if (width > SHOWN_WIDTH || view.cut_left) {
		if (view.cut_left || end_column > SHOWN_WIDTH) {
			view.left = start_column > LEAD ? start_column - LEAD : 0;
			view.cut_left = view.cut_left || view.left > 0;
		}
		view.right = view.left + SHOWN_WIDTH < width ? view.left + SHOWN_WIDTH : width;
		view.cut_right = view.cut_right || view.right < width;
	}
	return view;
}

static void add_gutter(Buf *out, FrameStyle style, uint32_t line)
{
	color_begin(out, style.color, COLOR_DIM);
	if (line)
		buf_addf(out, "%*" PRIu32 " |", FRAME_GUTTER - 1, line);
	else
		buf_addf(out, "%*s|", FRAME_GUTTER, "");
	color_end(out, style.color);
}

static void add_view(Buf *out, const View *view)
{
	size_t start = out->length;
	if (view->cut_left)
		buf_adds(out, "...");
	uint32_t column = 0;
	for (uint32_t i = 0; i < view->text.length && column < view->right;) {
		Glyph glyph = glyph_at(view->text.data + i, view->text.length - i, column);
		if (column >= view->left)
			buf_adds(out, glyph.text);
		column += glyph.width;
		i += glyph.bytes;
	}
	while (out->length > start && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
	if (view->cut_right)
		buf_adds(out, "...");
}

/* Where a column of the view stands on the screen, behind the gutter. */
static uint32_t screen_column(const View *view, uint32_t column)
{
	uint32_t shown = column < view->left ? 0 : column > view->right ? view->right - view->left : column - view->left;
	return shown + (view->cut_left ? 3 : 0);
}

static void add_repeated(Buf *out, char byte, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		buf_addc(out, byte);
}

static void render_line(Buf *out, Source *source, uint32_t line, Span span, FrameStyle style)
{
	View view = view_of(source, line, span.start, span.end);
	uint32_t start = screen_column(&view, column_of(&view, span.start));
	uint32_t end = screen_column(&view, column_of(&view, span.end));
	add_gutter(out, style, line);
	if (view.text.length)
		buf_addc(out, ' ');
	add_view(out, &view);
	buf_addc(out, '\n');
	add_gutter(out, style, 0);
	buf_addc(out, ' ');
	add_repeated(out, ' ', start);
	color_begin(out, style.color, style.mark);
	add_repeated(out, '^', end > start ? end - start : 1);
	color_end(out, style.color);
	buf_addc(out, '\n');
}

/* A line of a clause of several lines: its number, the bracket's stroke, the text. */
static void add_bracket_line(Buf *out, const View *view, uint32_t line, char stroke, FrameStyle style)
{
	add_gutter(out, style, line);
	if (stroke != ' ' || view->text.length)
		buf_addc(out, ' ');
	if (stroke != ' ') {
		color_begin(out, style.color, style.mark);
		buf_addc(out, stroke);
		color_end(out, style.color);
	} else if (view->text.length) {
		buf_addc(out, ' ');
	}
	if (view->text.length)
		buf_addc(out, ' ');
	add_view(out, view);
	buf_addc(out, '\n');
}

static void add_bracket_end(Buf *out, char stroke, uint32_t column, FrameStyle style)
{
	add_gutter(out, style, 0);
	buf_addc(out, ' ');
	color_begin(out, style.color, style.mark);
	buf_addc(out, stroke);
	add_repeated(out, '_', column + 1);
	buf_addc(out, '^');
	color_end(out, style.color);
	buf_addc(out, '\n');
}

static bool blank_before(const View *view, uint32_t offset)
{
	for (uint32_t i = 0; view->offset + i < offset; i++)
		if (view->text.data[i] != ' ' && view->text.data[i] != '\t')
			return false;
	return !view->cut_left;
}

static void render_lines(Buf *out, Source *source, uint32_t first, uint32_t last, Span span, FrameStyle style)
{
	for (uint32_t line = first; line <= last; line++) {
		if (line == first) {
			View view = view_of(source, line, span.start, span.start);
			bool opens = blank_before(&view, span.start);
			add_bracket_line(out, &view, line, opens ? '/' : ' ', style);
			if (!opens)
				add_bracket_end(out, ' ', screen_column(&view, column_of(&view, span.start)), style);
			continue;
		}
		if (last - first >= HEAD_LINES + TAIL_LINES && line == first + HEAD_LINES) {
			buf_adds(out, "...\n");
			line = last - TAIL_LINES;
			continue;
		}
		Text text = source_line(source, line);
		uint32_t start = (uint32_t)(text.data - source->bytes);
		View view = view_of(source, line, start, start);
		if (line == last)
			view = view_of(source, line, start, span.end);
		add_bracket_line(out, &view, line, '|', style);
		if (line == last) {
			uint32_t end = screen_column(&view, column_of(&view, span.end));
			add_bracket_end(out, '|', end ? end - 1 : 0, style);
		}
	}
}

void frame_render(Buf *out, Source *source, Span span, FrameStyle style)
{
	if (span.end > source->length)
		span.end = source->length;
	if (span.start > span.end)
		span.start = span.end;
	uint32_t first = source_position(source, span.start).line;
	uint32_t last = span.end > span.start ? source_position(source, span.end - 1).line : first;
	if (first == last)
		render_line(out, source, first, span, style);
	else
		render_lines(out, source, first, last, span, style);
}
