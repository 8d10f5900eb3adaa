#include "discover/layout.h"

#include <ctype.h>

typedef struct Line {
	uint32_t start, end; /* without the line end */
	uint32_t next;       /* start of the next line */
} Line;

static Line line_at(const Source *source, uint32_t start)
{
	const char *found = memchr(source->bytes + start, '\n', source->length - start);
	uint32_t end = found ? (uint32_t)(found - source->bytes) : source->length;
	uint32_t next = found ? end + 1 : end;
	if (end > start && source->bytes[end - 1] == '\r')
		end--;
	return (Line){start, end, next};
}

/*
 * Does the line start with a comment that says the words, however many blanks stand before and between them? Then *rest is
 * what follows them.
 */
static bool says(const Source *source, Line line, const char *words, Text *rest)
{
	const char *at = source->bytes + line.start, *end = source->bytes + line.end;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	bool hash = at < end && *at == '#'; /* Play's way */
	if (!hash && (end - at < 2 || at[0] != '-' || at[1] != '-'))
		return false;
	while (at < end && (*at == '-' || *at == '#' || *at == ' ' || *at == '\t'))
		at++;
	for (; *words; words++) {
		if (*words == ' ') {
			if (at == end || (*at != ' ' && *at != '\t'))
				return false;
			while (at < end && (*at == ' ' || *at == '\t'))
				at++;
		} else if (at == end || tolower((unsigned char)*at++) != tolower((unsigned char)*words)) {
			return false;
		}
	}
	if (at < end && (isalnum((unsigned char)*at) || *at == '_'))
		return false;
	*rest = (Text){at, (size_t)(end - at)};
	return true;
}

/* The next place that has the byte; it has one case only, and memchr is faster than we are. */
static size_t next_place(Text text, size_t from, char byte)
{
	const char *found = memchr(text.data + from, byte, text.length - from);
	return found ? (size_t)(found - text.data) : text.length;
}

static bool mentions(Text text, const char *word)
{
	size_t length = strlen(word);
	bool has_case = isalpha((unsigned char)word[0]);
	for (size_t i = 0; i + length <= text.length; i++) {
		if (!has_case)
			i = next_place(text, i, word[0]);
		if (i + length <= text.length && tolower((unsigned char)text.data[i]) == tolower((unsigned char)word[0]) &&
		    text_is_nocase((Text){text.data + i, length}, word))
			return true;
	}
	return false;
}

bool source_mentions(const Source *source, const char *text)
{
	return mentions((Text){source->bytes, source->length}, text);
}

/* The first line from `from` on, which starts one, whose first byte but blanks is `first`; the source's length without one. */
static uint32_t line_with(const Source *source, uint32_t from, char first)
{
	const char *bytes = source->bytes;
	for (uint32_t at = from; at < source->length;) {
		const char *found = memchr(bytes + at, first, source->length - at);
		if (!found)
			break;
		uint32_t start = (uint32_t)(found - bytes);
		while (start > from && (bytes[start - 1] == ' ' || bytes[start - 1] == '\t'))
			start--;
		if (start == from || bytes[start - 1] == '\n')
			return start;
		const char *end = memchr(found, '\n', source->length - (size_t)(found - bytes));
		if (!end)
			break;
		at = from = (uint32_t)(end - bytes) + 1;
	}
	return source->length;
}

/* Goes through the lines that start with a comment: most lines do not, and are passed over unread. */
typedef struct Comments {
	const Source *source;
	uint32_t dash, hash; /* the next lines that start so; the source's length: none */
} Comments;

static Comments comments_from(const Source *source, uint32_t from)
{
	return (Comments){source, line_with(source, from, '-'), line_with(source, from, '#')};
}

/* The next one's start at or behind `from`, which starts a line. */
static uint32_t next_comment(Comments *comments, uint32_t from)
{
	if (comments->dash < from)
		comments->dash = line_with(comments->source, from, '-');
	if (comments->hash < from)
		comments->hash = line_with(comments->source, from, '#');
	return comments->dash < comments->hash ? comments->dash : comments->hash;
}

Span find_marker(const Source *source, const char *words, uint32_t from)
{
	Comments comments = comments_from(source, from);
	for (uint32_t at = next_comment(&comments, from); at < source->length;) {
		Line line = line_at(source, at);
		Text rest;
		if (says(source, line, words, &rest))
			return (Span){line.start, line.end};
		at = next_comment(&comments, line.next);
	}
	return (Span){0, 0};
}

uint32_t count_marked(const Root *root, const char *words)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		if (file->source && is_sql_name(file->name)) {
			Span found = find_marker(file->source, words, file->source->body);
			count += found.end > found.start;
		}
	}
	return count;
}

Sections cut_sections(const Source *source, const SectionWords *words)
{
	Sections sections = {0};
	bool all_alone = false;
	Span *open = NULL;
	if (!words->up) {
		sections.has_up = true;
		sections.up = (Span){source->body, source->length};
		open = &sections.up;
	}
	Comments comments = comments_from(source, source->body);
	for (uint32_t at = next_comment(&comments, source->body); at < source->length;) {
		Line line = line_at(source, at);
		Text rest;
		if (words->file_option && says(source, line, words->file_option, &rest)) {
			all_alone = true;
		} else if (words->up && says(source, line, words->up, &rest)) {
			if (open)
				open->end = line.start;
			sections.has_up = true;
			sections.up_alone = words->section_option && mentions(rest, words->section_option);
			sections.up = (Span){line.next, source->length};
			open = &sections.up;
		} else if (says(source, line, words->down, &rest)) {
			if (open)
				open->end = line.start;
			sections.has_down = true;
			sections.down_alone = words->section_option && mentions(rest, words->section_option);
			sections.down = (Span){line.next, source->length};
			open = &sections.down;
		}
		at = next_comment(&comments, line.next);
	}
	sections.up_alone |= all_alone;
	sections.down_alone |= all_alone;
	return sections;
}
