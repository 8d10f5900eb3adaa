#include "discover/settings.h"

#include <ctype.h>

typedef struct Reader {
	Arena *arena;
	const char *at, *end;
	uint32_t line;
	const char *section; /* "" or "flyway." */
	Settings *settings;
} Reader;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(Reader *reader)
{
	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
}

static void skip_line(Reader *reader)
{
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	reader->line += newline != NULL;
	reader->at = newline ? newline + 1 : reader->end;
}

static const char *trimmed(Arena *arena, const char *start, const char *end)
{
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	bool quoted = end - start > 1 && (*start == '"' || *start == '\'') && end[-1] == *start;
	return arena_copy(arena, start + quoted, (size_t)(end - start) - 2 * quoted);
}

/* A quoted text; escapes stay as they are but for the quote's own. The reader stands behind it then. */
static const char *take_quoted(Reader *reader)
{
	char quote = *reader->at++;
	Buf text = {0};
	for (; reader->at < reader->end && *reader->at != quote && *reader->at != '\n'; reader->at++) {
		if (quote == '"' && *reader->at == '\\' && reader->at + 1 < reader->end && byte_in(reader->at[1], "\\\""))
			reader->at++;
		buf_addc(&text, *reader->at);
	}
	reader->at += reader->at < reader->end && *reader->at == quote;
	const char *copy = arena_copy(reader->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return copy;
}

/* ["a", 'b',   # why
 *  "c"] */
static const char *take_list(Reader *reader)
{
	Buf items = {0};
	for (reader->at++; reader->at < reader->end && *reader->at != ']';) {
		char c = *reader->at;
		if (c == '#') {
			skip_line(reader);
		} else if (c == '"' || c == '\'') {
			buf_addf(&items, "%s\n", take_quoted(reader));
		} else if (is_blank(c) || c == ',' || c == '\n') {
			reader->line += c == '\n';
			reader->at++;
		} else {
			const char *start = reader->at;
			while (reader->at < reader->end && !byte_in(*reader->at, ",]#\n"))
				reader->at++;
			buf_addf(&items, "%s\n", trimmed(reader->arena, start, reader->at));
		}
	}
	const char *copy = arena_copy(reader->arena, items.data ? items.data : "", items.length);
	buf_free(&items);
	return copy;
}

/* To the line's end; a backslash there joins the next line. Behind quotes only a comment can follow. */
static const char *take_value(Reader *reader)
{
	if (reader->at < reader->end && (*reader->at == '"' || *reader->at == '\''))
		return take_quoted(reader);
	Buf text = {0};
	for (; reader->at < reader->end && *reader->at != '\n'; reader->at++) {
		bool joins = *reader->at == '\\' && reader->at + 1 < reader->end && reader->at[1] == '\n';
		if (joins) {
			reader->at++;
			reader->line++;
			continue;
		}
		if (*reader->at == '#' && text.length && is_blank(text.data[text.length - 1]))
			break;
		buf_addc(&text, *reader->at);
	}
	const char *value = trimmed(reader->arena, text.data ? text.data : "", text.data ? text.data + text.length : "");
	buf_free(&text);
	return value;
}

static void take_section(Reader *reader)
{
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	const char *end = newline ? newline : reader->end;
	const char *close = memchr(reader->at, ']', (size_t)(end - reader->at));
	if (close)
		reader->section = arena_print(reader->arena, "%s.", trimmed(reader->arena, reader->at + 1, close));
}

static void take_pair(Reader *reader)
{
	const char *start = reader->at;
	while (reader->at < reader->end && !byte_in(*reader->at, "=:\n"))
		reader->at++;
	if (reader->at == reader->end || *reader->at == '\n')
		return;
	Setting setting = {.line = reader->line};
	setting.key = arena_print(reader->arena, "%s%s", reader->section, trimmed(reader->arena, start, reader->at));
	reader->at++;
	skip_blanks(reader);
	setting.is_list = reader->at < reader->end && *reader->at == '[';
	setting.value = setting.is_list ? take_list(reader) : take_value(reader);
	array_push(reader->arena, reader->settings, setting);
}

Settings settings_read(Arena *arena, Text text)
{
	Settings settings = {0};
	Reader reader = {.arena = arena, .at = text.data, .end = text.data + text.length, .line = 1, .section = "", .settings = &settings};
	while (reader.at < reader.end) {
		skip_blanks(&reader);
		if (reader.at == reader.end)
			break;
		if (*reader.at == '[')
			take_section(&reader);
		else if (!byte_in(*reader.at, "#!;\n"))
			take_pair(&reader);
		skip_line(&reader);
	}
	return settings;
}

static const Setting *find(const Settings *settings, const char *key)
{
	const Setting *found = NULL;
	array_each(const Setting, item, settings)
		if (same(item->key, key))
			found = item;
	return found;
}

const char *setting(const Settings *settings, const char *key)
{
	const Setting *found = find(settings, key);
	return found ? found->value : NULL;
}

bool setting_is(const Settings *settings, const char *key, const char *value)
{
	const char *text = setting(settings, key);
	return text && same_nocase(text, value);
}

SettingItems setting_items(Arena *arena, const Settings *settings, const char *key)
{
	SettingItems items = {0};
	const Setting *found = find(settings, key);
	for (const char *at = found ? found->value : ""; *at;) {
		size_t length = strcspn(at, found->is_list ? "\n" : ",");
		const char *item = trimmed(arena, at, at + length);
		if (*item)
			array_push(arena, &items, item);
		at += length + (at[length] != '\0');
	}
	return items;
}
