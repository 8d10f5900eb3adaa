#include "read/source.h"

/* --- UTF-8 -------------------------------------------------------------------------------------------------------- */

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The Unicode Standard, table 3-7, as PostgreSQL: no overlong forms, no surrogates, nothing above U+10FFFF. */
size_t utf8_sequence(const char *text, size_t length)
{
	if (!length)
		return 0;
	unsigned char lead = (unsigned char)text[0];
	if (lead < 0x80)
		return 1;
	if (lead < 0xC2 || lead > 0xF4)
		return 0;
	size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	if (size > length)
		return 0;
	for (size_t i = 1; i < size; i++)
		if (!is_continuation(text[i]))
			return 0;
	unsigned char second = (unsigned char)text[1];
	switch (lead) {
	case 0xE0:
		return second >= 0xA0 ? size : 0;
	case 0xED:
		return second <= 0x9F ? size : 0;
	case 0xF0:
		return second >= 0x90 ? size : 0;
	case 0xF4:
		return second <= 0x8F ? size : 0;
	default:
		return size;
	}
}

/* East Asian Width W and F, and the emoji that terminals draw wide: whole blocks, because a caret may be off by one. */
int utf8_width(uint32_t code_point)
{
	/* clang-format off */
	static const struct {
		uint32_t first, last;
		int width;
	} ranges[] = {
		{0x0000, 0x001F, 0},   {0x007F, 0x009F, 0},   {0x0300, 0x036F, 0},   {0x0483, 0x0489, 0},
		{0x0591, 0x05BD, 0},   {0x0610, 0x061A, 0},   {0x064B, 0x065F, 0},   {0x1100, 0x115F, 2},
		{0x1AB0, 0x1AFF, 0},   {0x1DC0, 0x1DFF, 0},   {0x200B, 0x200F, 0},   {0x202A, 0x202E, 0},
		{0x2060, 0x2064, 0},   {0x20D0, 0x20FF, 0},   {0x2E80, 0x303E, 2},   {0x3041, 0x33FF, 2},
		{0x3400, 0x4DBF, 2},   {0x4E00, 0x9FFF, 2},   {0xA000, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2},
		{0xF900, 0xFAFF, 2},   {0xFE00, 0xFE0F, 0},   {0xFE20, 0xFE2F, 0},   {0xFE30, 0xFE6F, 2},
		{0xFEFF, 0xFEFF, 0},   {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},   {0x1F300, 0x1F64F, 2},
		{0x1F680, 0x1F6FF, 2}, {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2}, {0xE0000, 0xE01EF, 0},
	};
	/* clang-format on */
	for (size_t i = 0; i < LENGTH(ranges) && code_point >= ranges[i].first; i++)
		if (code_point <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

/* How many bytes from text on are ASCII and not NUL, eight at a time. */
static size_t plain_run(const char *text, size_t length)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	size_t i = 0;
	for (; i + 32 <= length; i += 32) {
		uint64_t words[4];
		memcpy(words, text + i, sizeof words);
		if (((words[0] | (words[0] - ones)) | (words[1] | (words[1] - ones)) | (words[2] | (words[2] - ones)) |
		     (words[3] | (words[3] - ones))) & highs)
			break;
	}
	for (; i + 8 <= length; i += 8) {
		uint64_t word;
		memcpy(&word, text + i, 8);
		if ((word | (word - ones)) & highs)
			break;
	}
	while (i < length && (signed char)text[i] > 0)
		i++;
	return i;
}

static void check_bytes(Source *source)
{
	source->first_non_ascii = source->length;
	for (uint32_t i = 0; i < source->length;) {
		i += (uint32_t)plain_run(source->bytes + i, source->length - i);
		if (i == source->length)
			return;
		if (source->bytes[i] == '\0') {
			if (!source->has_nul)
				source->first_nul = i;
			source->has_nul = true;
			i++;
			continue;
		}
		if (source->first_non_ascii == source->length)
			source->first_non_ascii = i;
		size_t size = utf8_sequence(source->bytes + i, source->length - i);
		if (!size && !source->has_invalid_utf8) {
			source->has_invalid_utf8 = true;
			source->first_invalid_utf8 = i;
		}
		i += size ? (uint32_t)size : 1;
	}
}

Source *source_new(Arena *arena, const char *path, const char *bytes, size_t length)
{
	Source *source = new(arena, Source);
	source->path = path;
	source->bytes = bytes;
	source->length = (uint32_t)length;
	source->arena = arena;
	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		source->body = 3;
	check_bytes(source);
	return source;
}

/* --- Lines -------------------------------------------------------------------------------------------------------- */

/* The offset behind the line end at or after offset; length when the text ends first. */
static uint32_t next_line(const Source *source, uint32_t offset)
{
	if (offset >= source->length)
		return offset;
	const char *bytes = source->bytes, *end = bytes + source->length;
	const char *feed = memchr(bytes + offset, '\n', source->length - offset);
	const char *line_end = memchr(bytes + offset, '\r', (size_t)((feed ? feed : end) - bytes) - offset);
	line_end = line_end ? line_end : feed ? feed : end;
	offset = (uint32_t)(line_end - bytes);
	if (offset + 1 < source->length && bytes[offset] == '\r' && bytes[offset + 1] == '\n')
		return offset + 2;
	return offset < source->length ? offset + 1 : offset;
}

static bool ends_line(const Source *source, uint32_t offset)
{
	return offset > 0 && (source->bytes[offset - 1] == '\n' || source->bytes[offset - 1] == '\r');
}

static void find_lines(Source *source)
{
	if (source->line_starts)
		return;
	uint32_t count = 1;
	for (uint32_t at = 0; (at = next_line(source, at)), ends_line(source, at);) {
		count++;
		if (at == source->length)
			break;
	}
	uint32_t *starts = new_array(source->arena, uint32_t, count);
	for (uint32_t line = 1; line < count; line++)
		starts[line] = next_line(source, starts[line - 1]);
	source->line_starts = starts;
	source->line_count = count;
}

/* Index of the line that holds offset: the last one that starts at or before it. */
static uint32_t line_of(Source *source, uint32_t offset)
{
	find_lines(source);
	uint32_t low = 0, high = source->line_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (source->line_starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Brings source->counted to the character that holds offset, from the line's start or the last place asked about. */
static void count_columns(Source *source, uint32_t line, uint32_t offset)
{
	/* A byte order mark is no column: editors do not show it. */
	uint32_t start = line ? source->line_starts[line] : source->body;
	if (source->counted.offset < start || source->counted.offset > offset) {
		source->counted.offset = start;
		source->counted.points = source->counted.units = 0;
	}
	uint32_t at = source->counted.offset;
	uint32_t points = source->counted.points, units = source->counted.units;
	while (at < offset) {
		size_t size = utf8_sequence(source->bytes + at, source->length - at);
		if (at + size > offset)
			break;
		at += size ? (uint32_t)size : 1;
		points++;
		units += size == 4 ? 2 : 1;
	}
	source->counted.offset = at;
	source->counted.points = points;
	source->counted.units = units;
}

/* --- Comments ----------------------------------------------------------------------------------------------------- */

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

/* The first word of the comment that the line is; NULL: one dash makes none, and rulers say nothing. '#' is Play's way. */
static const char *first_word(const char *line)
{
	while (*line == ' ' || *line == '\t')
		line++;
	if (*line != '#' && (line[0] != '-' || line[1] != '-'))
		return NULL;
	while (*line == '-' || *line == '#' || *line == ' ' || *line == '\t')
		line++;
	return *line && *line != '\n' && *line != '\r' ? line : NULL;
}

/* Most lines start with no comment, and are passed over unread. */
static void find_comments(Source *source)
{
	ARRAY(uint32_t) words = {0};
	uint32_t from = source->body;
	uint32_t dash = line_with(source, from, '-'), hash = line_with(source, from, '#');
	while (dash < source->length || hash < source->length) {
		uint32_t start = dash < hash ? dash : hash;
		const char *word = first_word(source->bytes + start);
		if (word)
			array_push(source->arena, &words, (uint32_t)(word - source->bytes));
		const char *feed = memchr(source->bytes + start, '\n', source->length - start);
		from = feed ? (uint32_t)(feed - source->bytes) + 1 : source->length;
		if (dash == start)
			dash = line_with(source, from, '-');
		if (hash == start)
			hash = line_with(source, from, '#');
	}
	source->comment_words = words.items;
	source->comment_count = words.count;
	source->comments_known = true;
}

const uint32_t *source_comments(Source *source, uint32_t *count)
{
	if (!source->comments_known)
		find_comments(source);
	*count = source->comment_count;
	return source->comment_words;
}

static uint32_t clip(const Source *source, uint32_t offset)
{
	return offset < source->length ? offset : source->length;
}

Position source_position(Source *source, uint32_t offset)
{
	offset = clip(source, offset);
	uint32_t line = line_of(source, offset);
	if (offset <= source->first_non_ascii)
		return (Position){line + 1, offset - source->line_starts[line] + 1};
	count_columns(source, line, offset);
	return (Position){line + 1, source->counted.points + 1};
}

uint32_t source_utf16_column(Source *source, uint32_t offset)
{
	offset = clip(source, offset);
	uint32_t line = line_of(source, offset);
	if (offset <= source->first_non_ascii)
		return offset - source->line_starts[line];
	count_columns(source, line, offset);
	return source->counted.units;
}

Text source_line(Source *source, uint32_t line)
{
	find_lines(source);
	if (line == 0 || line > source->line_count)
		return (Text){source->bytes, 0};
	uint32_t start = source->line_starts[line - 1];
	uint32_t end = line < source->line_count ? source->line_starts[line] : source->length;
	if (start == 0 && source->body <= end)
		start = source->body;
	while (end > start && (source->bytes[end - 1] == '\n' || source->bytes[end - 1] == '\r'))
		end--;
	return (Text){source->bytes + start, end - start};
}

Text source_text(const Source *source, Span span)
{
	uint32_t end = clip(source, span.end);
	uint32_t start = span.start < end ? span.start : end;
	return (Text){source->bytes + start, end - start};
}
