#include "changelog.h"

/*
 * Enough of XML for changelogs: elements and their attributes, comments left out. Text between tags is skipped, which is what
 * <createTable> and its like are for now.
 */

typedef struct Tag {
	Text name;
	Text attributes;
	bool closes;  /* </name> */
} Tag;

static const char *skip_to(const char *at, const char *end, const char *what)
{
	const char *found = memmem(at, (size_t)(end - at), what, strlen(what));
	return found ? found + strlen(what) : end;
}

/* The next tag from *at on; false at the end. Quotes may hold '>'. */
static bool next_tag(const char **at, const char *end, Tag *tag)
{
	while (*at < end) {
		const char *open = memchr(*at, '<', (size_t)(end - *at));
		if (!open)
			break;
		size_t left = (size_t)(end - open);
		if (left >= 4 && memcmp(open, "<!--", 4) == 0) {
			*at = skip_to(open, end, "-->");
			continue;
		}
		if (left >= 9 && memcmp(open, "<![CDATA[", 9) == 0) {
			*at = skip_to(open, end, "]]>");
			continue;
		}
		const char *name = open + 1;
		tag->closes = name < end && *name == '/';
		name += tag->closes;
		const char *stop = name;
		while (stop < end && !strchr(" \t\r\n/>", *stop))
			stop++;
		tag->name = (Text){name, (size_t)(stop - name)};
		const char *close = stop;
		for (char quote = 0; close < end && (quote || *close != '>'); close++) {
			if (quote)
				quote = *close == quote ? 0 : quote;
			else if (*close == '"' || *close == '\'')
				quote = *close;
		}
		tag->attributes = (Text){stop, (size_t)(close - stop)};
		*at = close < end ? close + 1 : end;
		return true;
	}
	return false;
}

/* NULL when the tag has no such attribute. */
static const char *attribute(Arena *arena, const Tag *tag, const char *name)
{
	const char *at = tag->attributes.data, *end = at + tag->attributes.length;
	while (at < end) {
		while (at < end && strchr(" \t\r\n/", *at))
			at++;
		const char *start = at;
		while (at < end && !strchr("= \t\r\n", *at))
			at++;
		Text key = {start, (size_t)(at - start)};
		while (at < end && *at != '"' && *at != '\'')
			at++;
		if (at == end)
			return NULL;
		const char *value = at + 1;
		const char *close = memchr(value, *at, (size_t)(end - value));
		if (!close)
			return NULL;
		if (text_is(key, name))
			return arena_copy(arena, value, (size_t)(close - value));
		at = close + 1;
	}
	return NULL;
}

static bool is_tag(const Tag *tag, const char *name)
{
	return !tag->closes && text_is(tag->name, name);
}

static bool attribute_is(Arena *arena, const Tag *tag, const char *name, const char *value)
{
	const char *text = attribute(arena, tag, name);
	return text && same_nocase(text, value);
}

static Include open_change_set(Arena *arena, const Tag *tag)
{
	const char *author = attribute(arena, tag, "author"), *id = attribute(arena, tag, "id");
	Include how = {.alone = attribute_is(arena, tag, "runInTransaction", "false")};
	how.id = arena_print(arena, "%s:%s", author ? author : "", id ? id : "");
	return how;
}

void read_xml_changelog(Changelog *changelog, const File *file)
{
	Arena *arena = changelog->context->arena;
	const char *at = file->source->bytes + file->source->body, *end = file->source->bytes + file->source->length;
	Include how = {0};
	bool in_rollback = false;
	for (Tag tag; next_tag(&at, end, &tag);) {
		bool relative = attribute_is(arena, &tag, "relativeToChangelogFile", "true");
		const char *path = attribute(arena, &tag, is_tag(&tag, "include") ? "file" : "path");
		if (text_is(tag.name, "rollback"))
			in_rollback = !tag.closes && !ends_with(arena_copy(arena, tag.attributes.data, tag.attributes.length), "/");
		else if (is_tag(&tag, "include") && path)
			include_file(changelog, file, path, relative);
		else if (is_tag(&tag, "includeAll") && path)
			include_folder(changelog, file, path, relative);
		else if (is_tag(&tag, "changeSet"))
			how = open_change_set(arena, &tag);
		else if (is_tag(&tag, "sqlFile") && path && !in_rollback) {
			how.whole = attribute_is(arena, &tag, "splitStatements", "false");
			include_sql(changelog, file, path, relative, &how);
		}
	}
}
