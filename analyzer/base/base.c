#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("ddlint: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	_exit(2); /* other threads may be at work: nothing is taken down under them */
}

/* --- Buf -------------------------------------------------------------------------------------------------------------------- */

static void buf_extend(Buf *buf, size_t more)
{
	if (more > SIZE_MAX / 2 - buf->length)
		die("out of memory (%zu bytes of text)", more);
	size_t wanted = buf->length + more + 1;
	size_t capacity = buf->capacity ? buf->capacity * 2 : 256;
	if (capacity < wanted)
		capacity = wanted;
	char *data = realloc(buf->borrowed ? NULL : buf->data, capacity);
	if (!data)
		die("out of memory (%zu bytes of text)", capacity);
	if (buf->borrowed)
		memcpy(data, buf->data, buf->length);
	buf->borrowed = false;
	buf->data = data;
	buf->capacity = capacity;
}

/* Room for so many bytes and the NUL behind them. */
static inline void buf_reserve(Buf *buf, size_t more)
{
	if (more >= buf->capacity - buf->length)
		buf_extend(buf, more);
}

void buf_add(Buf *buf, const void *bytes, size_t length)
{
	buf_reserve(buf, length);
	if (length)
		memcpy(buf->data + buf->length, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void buf_adds(Buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

char *buf_room(Buf *buf, size_t length)
{
	buf_reserve(buf, length);
	char *room = buf->data + buf->length;
	buf->length += length;
	buf->data[buf->length] = '\0';
	return room;
}

void buf_addc(Buf *buf, char byte)
{
	buf_reserve(buf, 1);
	buf->data[buf->length++] = byte;
	buf->data[buf->length] = '\0';
}

static void add_number(Buf *buf, bool negative, unsigned long long number)
{
	char digits[24], *first = digits + sizeof digits;
	do
		*--first = (char)('0' + number % 10);
	while (number /= 10);
	if (negative)
		*--first = '-';
	buf_add(buf, first, (size_t)(digits + sizeof digits - first));
}

static void add_signed(Buf *buf, long long number)
{
	add_number(buf, number < 0, number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number);
}

/*
 * Most formats hold nothing but %s, %c, %u, %d, %ld and %%: those are put together here, at a fifth of what vsnprintf takes. False,
 * and nothing added, for any other.
 */
static bool add_simply(Buf *buf, const char *format, va_list arguments)
{
	size_t before = buf->length;
	const char *text;
	for (const char *percent; (percent = strchr(format, '%')); format = percent + 2) {
		buf_add(buf, format, (size_t)(percent - format));
		switch (percent[1]) {
		case 's':
			text = va_arg(arguments, const char *);
			buf_adds(buf, text ? text : "(null)");
			continue;
		case 'c':
			buf_addc(buf, (char)va_arg(arguments, int));
			continue;
		case 'u':
			add_number(buf, false, va_arg(arguments, unsigned));
			continue;
		case 'd':
			add_signed(buf, va_arg(arguments, int));
			continue;
		case '%':
			buf_addc(buf, '%');
			continue;
		case 'l':
			if (percent[2] == 'd') {
				add_signed(buf, va_arg(arguments, long));
				percent++;
				continue;
			}
			break;
		}
		buf->length = before;
		buf->data[before] = '\0';
		return false;
	}
	buf_adds(buf, format);
	return true;
}

static void buf_vaddf(Buf *buf, const char *format, va_list arguments)
{
	va_list again, last;
	va_copy(again, arguments);
	va_copy(last, arguments);
	if (!add_simply(buf, format, arguments)) {
		int length = vsnprintf(NULL, 0, format, again);
		if (length < 0)
			die("a message could not be formatted: %s", format);
		buf_reserve(buf, (size_t)length);
		vsnprintf(buf->data + buf->length, (size_t)length + 1, format, last);
		buf->length += (size_t)length;
	}
	va_end(last);
	va_end(again);
}

void buf_addf(Buf *buf, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	buf_vaddf(buf, format, arguments);
	va_end(arguments);
}

char *arena_vprint(Arena *arena, const char *format, va_list arguments)
{
	char room[512];
	Buf buf = {.data = room, .capacity = sizeof room, .borrowed = true};
	buf_vaddf(&buf, format, arguments);
	char *text = arena_copy(arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

char *arena_print(Arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_vprint(arena, format, arguments);
	va_end(arguments);
	return text;
}

void buf_free(Buf *buf)
{
	if (!buf->borrowed)
		free(buf->data);
	*buf = (Buf){0};
}

/* --- Small helpers on text -------------------------------------------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool same_nocase(const char *a, const char *b)
{
	return a == b || (a && b && text_is_nocase((Text){a, strlen(a)}, b));
}

bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool ends_with(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);
	return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

bool text_is(Text text, const char *string)
{
	return strlen(string) == text.length && memcmp(text.data, string, text.length) == 0;
}

bool text_is_nocase(Text text, const char *string)
{
	for (size_t i = 0; i < text.length; i++)
		if (!string[i] || lower(text.data[i]) != lower(string[i]))
			return false;
	return string[text.length] == '\0';
}

char *kebab(Arena *arena, const char *identifier)
{
	char *text = arena_copy(arena, identifier, strlen(identifier));
	for (char *c = text; *c; c++)
		*c = *c == '_' ? '-' : lower(*c);
	return text;
}

int edit_distance(const char *a, const char *b, int limit)
{
	enum { LONGEST = 63 };
	size_t rows = strlen(a), columns = strlen(b);
	if (rows > LONGEST || columns > LONGEST)
		return limit;
	int row[LONGEST + 1];
	for (size_t j = 0; j <= columns; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= rows; i++) {
		int diagonal = row[0];
		row[0] = (int)i;
		for (size_t j = 1; j <= columns; j++) {
			int best = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[columns] < limit ? row[columns] : limit;
}

const char *nearest(const char *word, const char *const *candidates, size_t count)
{
	int best = (int)(strlen(word) / 3) + 2;
	const char *found = NULL;
	for (size_t i = 0; i < count; i++) {
		int distance = edit_distance(word, candidates[i], best);
		if (distance < best) {
			best = distance;
			found = candidates[i];
		}
	}
	return found;
}
