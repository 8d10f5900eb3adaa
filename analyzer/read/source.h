#ifndef DDLINT_READ_SOURCE_H
#define DDLINT_READ_SOURCE_H
/*
 * One file's bytes as they are on disk, and where its lines are. Immutable once read; lives in the arena it was made in.
 *
 * Bytes that PostgreSQL's parser cannot take are kept in `bytes` (offsets are those of the disk) and noted: a byte order mark
 * at the start, NUL bytes, bytes that are no UTF-8. What the parser is shown instead is the business of script.h.
 */
#include "base/base.h"

typedef struct Source {
	const char *path;  /* as shown to people: relative to the working folder when below it */
	const char *bytes; /* length bytes, and a NUL behind them */
	uint32_t length;
	uint32_t body;     /* 3 when a byte order mark comes first, else 0 */
	bool has_nul;
	bool has_invalid_utf8;
	uint32_t first_nul;          /* offset, when has_nul */
	uint32_t first_invalid_utf8; /* offset, when has_invalid_utf8 */
	uint32_t first_non_ascii;    /* offset; length when all bytes are ASCII: columns before it need no counting */
	const uint32_t *line_starts; /* offsets; made by the first question about a line, NULL before */
	uint32_t line_count;
	struct {
		uint32_t offset, points, units; /* the last column: the next one on a long line counts on from there */
	} counted;
	const uint32_t *comment_words; /* as line_starts, of the first words in lines that are comments */
	uint32_t comment_count;
	bool comments_known;
	Arena *arena;                /* where line_starts will go */
} Source;

typedef struct Position {
	uint32_t line;   /* from 1 */
	uint32_t column; /* from 1, in Unicode code points; an invalid byte counts as one */
} Position;

/* Wraps bytes that outlive the source. More than 4 GiB - 1 is refused by the reader of files, not here. */
Source *source_new(Arena *arena, const char *path, const char *bytes, size_t length);
/* Lines end at LF, CRLF or a lone CR. Questions about lines and columns remember: one thread at a time for a source. */
Position source_position(Source *source, uint32_t offset);
/* The line's text without its line end; line counts from 1. */
Text source_line(Source *source, uint32_t line);
/* Where the lines that are comments, with `--` or `#`, begin to say something: the offsets of their first words. *count, in order. */
const uint32_t *source_comments(Source *source, uint32_t *count);
Text source_text(const Source *source, Span span);
/* UTF-16 code units from the line's start to offset: what most editors count. */
uint32_t source_utf16_column(Source *source, uint32_t offset);

/* Length of the UTF-8 sequence at text (1 to 4), or 0 when it is not valid. */
size_t utf8_sequence(const char *text, size_t length);
/* Columns that a terminal uses for the code point: 0, 1 or 2. */
int utf8_width(uint32_t code_point);
#endif
