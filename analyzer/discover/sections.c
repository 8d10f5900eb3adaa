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

static uint32_t line_start(const Source *source, uint32_t at)
{
	while (at > source->body && source->bytes[at - 1] != '\n')
		at--;
	return at;
}

/*
 * Does the comment whose first word is there say the words, however many blanks stand between them? Then *end is where they do.
 * The NUL behind the bytes and every line end differ from all that is looked for.
 */
static bool says(const Source *source, uint32_t first_word, const char *words, uint32_t *end)
{
	const char *at = source->bytes + first_word;
	if (*words && ((*at ^ *words) & ~0x20)) /* most comments: not even the first letter */
		return false;
	for (; *words; words++) {
		if (*words == ' ') {
			if (*at != ' ' && *at != '\t')
				return false;
			while (*at == ' ' || *at == '\t')
				at++;
		} else if (*at != *words && tolower((unsigned char)*at) != tolower((unsigned char)*words)) {
			return false;
		} else {
			at++;
		}
	}
	*end = (uint32_t)(at - source->bytes);
	return !isalnum((unsigned char)*at) && *at != '_';
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

/* The first of the sorted offsets that is at `from` or behind it. */
static uint32_t first_from(const uint32_t *offsets, uint32_t count, uint32_t from)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (offsets[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

Span find_marker(Source *source, const char *words, uint32_t from)
{
	uint32_t count;
	const uint32_t *comments = source_comments(source, &count);
	for (uint32_t i = from > source->body ? first_from(comments, count, from) : 0; i < count; i++) {
		uint32_t end;
		if (says(source, comments[i], words, &end))
			return (Span){line_start(source, comments[i]), line_at(source, comments[i]).end};
	}
	return (Span){0, 0};
}

/* As long as no more than so many files are without it. */
static uint32_t count_while(const Root *root, const char *words, uint32_t most_without)
{
	uint32_t with = 0, without = 0;
	for (uint32_t i = 0; i < root->file_count && without <= most_without; i++) {
		const File *file = &root->files[i];
		if (!file->sql)
			continue;
		bool marked = file->source && find_marker(file->source, words, file->source->body).end;
		with += marked;
		without += !marked;
	}
	return without <= most_without ? with : 0;
}

uint32_t count_marked(const Root *root, const char *words)
{
	return count_while(root, words, UINT32_MAX);
}

uint32_t count_mostly_marked(const Root *root, const char *words)
{
	return count_while(root, words, count_sql(root) / 2);
}

/* A section goes on at a marker like its own. What one marker says of transactions holds for all of its direction. */
static void open_section(const Source *source, const SectionWords *words, uint32_t first_word, uint32_t behind_words, Span **open,
			 Span *section, bool *there, bool *alone)
{
	Line line = line_at(source, line_start(source, first_word));
	*alone |= words->section_option && mentions((Text){source->bytes + behind_words, line.end - behind_words}, words->section_option);
	if (*open == section && *there)
		return;
	if (*open)
		(*open)->end = line.start;
	*there = true;
	*section = (Span){line.next, source->length};
	*open = section;
}

Sections cut_sections(Source *source, const SectionWords *words)
{
	Sections sections = {0};
	bool all_alone = false;
	Span *open = NULL;
	if (!words->up) {
		sections.has_up = true;
		sections.up = (Span){source->body, source->length};
		open = &sections.up;
	}
	uint32_t count;
	const uint32_t *comments = source_comments(source, &count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t end, word = comments[i];
		if (words->file_option && says(source, word, words->file_option, &end))
			all_alone = true;
		else if (words->up && says(source, word, words->up, &end))
			open_section(source, words, word, end, &open, &sections.up, &sections.has_up, &sections.up_alone);
		else if (says(source, word, words->down, &end))
			open_section(source, words, word, end, &open, &sections.down, &sections.has_down, &sections.down_alone);
	}
	sections.up_alone |= all_alone;
	sections.down_alone |= all_alone;
	return sections;
}
