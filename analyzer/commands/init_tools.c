/*
 * What `ddlint init` takes over from other linters' configurations. They are written in TOML, of which this reads what they use:
 * sections, and keys with a string, a word, or a list of strings, which may go over several lines.
 */
#include "commands/init_found.h"

#include <stdlib.h>

#include "base/files.h"
#include "judge/suppress.h"

typedef struct Toml {
	const char *rest;
	Text section;    /* "rules"; of a list of tables "[ignore]" */
	Text key, value; /* no key: a section begins */
} Toml;

static Text stripped(const char *start, const char *end)
{
	while (start < end && strchr(" \t\r\n", *start))
		start++;
	while (start < end && strchr(" \t\r\n", end[-1]))
		end--;
	return (Text){start, (size_t)(end - start)};
}

/* The end of a value: of its line, or of the line that closes its last bracket; comments and line ends in strings are none. */
static const char *value_end(const char *at)
{
	int depth = 0;
	char quote = '\0';
	for (; *at; at++) {
		if (quote) {
			quote = *at == quote || *at == '\n' ? '\0' : quote;
		} else if (*at == '"' || *at == '\'') {
			quote = *at;
		} else if (*at == '#') {
			if (depth <= 0)
				return at;
			at += strcspn(at, "\n");
			if (!*at)
				return at;
		} else if (*at == '\n' && depth <= 0) {
			return at;
		}
		depth += quote ? 0 : (*at == '[') - (*at == ']');
	}
	return at;
}

static bool toml_next(Toml *toml)
{
	for (;;) {
		const char *line = toml->rest + strspn(toml->rest, " \t\r\n");
		if (!*line)
			return false;
		const char *end = line + strcspn(line, "\n"), *equals = memchr(line, '=', (size_t)(end - line));
		toml->rest = end;
		if (*line == '[') {
			const char *close = line + strcspn(line, "]\n");
			toml->section = stripped(line + 1, close);
			toml->key = (Text){0};
			return true;
		}
		if (*line == '#' || !equals)
			continue;
		toml->key = stripped(line, equals);
		toml->rest = value_end(equals + 1);
		toml->value = stripped(equals + 1, toml->rest);
		return true;
	}
}

/* The next string of a list, or the only one; no data: there is none any more. */
static Text next_string(Text *value)
{
	size_t i = 0;
	while (i < value->length && !byte_in(value->data[i], "\"'"))
		i++;
	if (i >= value->length)
		return (Text){0};
	const char *start = value->data + i + 1, *end = memchr(start, value->data[i], value->length - i - 1);
	if (!end)
		return (Text){0};
	value->length -= (size_t)(end + 1 - value->data);
	value->data = end + 1;
	return (Text){start, (size_t)(end - start)};
}

static void add_name(Arena *arena, Names *names, const char *name)
{
	array_each (const char *, known, names)
		if (same(name, *known))
			return;
	array_push(arena, names, name);
}

/* "column-dropped: off" for each of our rules that theirs means; a rule that has no like is remembered as such. */
static void add_rules(Arena *arena, const char *tool, Text theirs, const char *word, Names *rules, ProjectHints *hints)
{
	const char *ours = foreign_translation(tool, theirs);
	if (!ours)
		add_name(arena, &hints->unlike, arena_copy(arena, theirs.data, theirs.length));
	for (; ours && *(ours += strspn(ours, " ")); ours += strcspn(ours, " "))
		add_name(arena, rules, arena_print(arena, "%.*s: %s", (int)strcspn(ours, " "), ours, word));
}

/* As YAML writes it; a pattern without a folder is meant for all of them. */
static const char *quoted_path(Arena *arena, Text path)
{
	Buf text = {0};
	buf_adds(&text, memchr(path.data, '/', path.length) ? "'" : "'**/");
	for (size_t i = 0; i < path.length; i++) {
		buf_addc(&text, path.data[i]);
		if (path.data[i] == '\'')
			buf_addc(&text, '\'');
	}
	buf_addc(&text, '\'');
	const char *copy = arena_copy(arena, text.data, text.length);
	buf_free(&text);
	return copy;
}

static const char *listed(Arena *arena, const Names *names)
{
	const char *text = "";
	array_each (const char *, name, names)
		text = arena_print(arena, "%s%s%s", text, *text ? ", " : "", *name);
	return text;
}

/* Without rules all are off there. The files are read all the same: what they make exists. */
static void add_override(Arena *arena, ProjectHints *hints, const Names *paths, const Names *rules)
{
	if (paths->count)
		array_push(arena, &hints->overrides,
			   arena_print(arena, "{paths: [%s], rules: {%s}}", listed(arena, paths), rules->count ? listed(arena, rules) : "all: off"));
}

static void read_squawk(Arena *arena, Toml toml, ProjectHints *hints)
{
	Names paths = {0}, all = {0};
	while (toml_next(&toml)) {
		Text one = toml.value;
		if (text_is(toml.key, "pg_version") && !hints->postgres_low && (one = next_string(&one)).data) {
			int major = (int)strtol(one.data, NULL, 10);
			if (major >= OLDEST_POSTGRES && major <= NEWEST_POSTGRES) {
				hints->postgres_low = hints->postgres_high = major;
				hints->postgres_from = ".squawk.toml";
			}
		} else if (text_is(toml.key, "excluded_rules")) {
			for (Text rest = toml.value; (one = next_string(&rest)).data;)
				add_rules(arena, "squawk", one, "off", &hints->rules, hints);
		} else if (text_is(toml.key, "excluded_paths")) {
			for (Text rest = toml.value; (one = next_string(&rest)).data;)
				add_name(arena, &paths, quoted_path(arena, one));
		} else if (text_is(toml.key, "assume_in_transaction")) {
			hints->in_transaction = text_is(toml.value, "true");
		}
	}
	add_override(arena, hints, &paths, &all);
}

static void read_pgsafe(Arena *arena, Toml toml, ProjectHints *hints)
{
	Names paths = {0}, rules = {0};
	while (toml_next(&toml)) {
		Text rest = toml.value, one;
		if (!toml.key.length) {
			add_override(arena, hints, &paths, &rules);
			paths = rules = (Names){0};
		} else if (text_is(toml.section, "rules")) {
			one = next_string(&rest);
			if (text_is(one, "error") || text_is(one, "warning"))
				add_rules(arena, "pgsafe", toml.key, arena_copy(arena, one.data, one.length), &hints->rules, hints);
			else
				add_rules(arena, "pgsafe", toml.key, text_is(toml.value, "false") ? "off" : "warning", &hints->rules, hints);
		} else if (text_is(toml.section, "[ignore") && text_is(toml.key, "path")) {
			if ((one = next_string(&rest)).data)
				add_name(arena, &paths, quoted_path(arena, one));
		} else if (text_is(toml.section, "[ignore") && text_is(toml.key, "rules")) {
			while ((one = next_string(&rest)).data)
				if (!text_is(one, "*"))
					add_rules(arena, "pgsafe", one, "off", &rules, hints);
		} else if (text_is(toml.key, "fail_on")) {
			one = next_string(&rest);
			hints->fail_on = text_is(one, "warning") ? "warning" : text_is(one, "never") ? "never" : NULL;
		} else if (text_is(toml.key, "in_transaction")) {
			hints->in_transaction = text_is(toml.value, "true");
		}
	}
	add_override(arena, hints, &paths, &rules);
}

void find_tools(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints)
{
	static const struct {
		const char *tool, *file;
		void (*read)(Arena *arena, Toml toml, ProjectHints *hints);
	} files[] = {{"squawk", ".squawk.toml", read_squawk}, {"pgsafe", ".pgsafe.toml", read_pgsafe}, {"pgsafe", "pgsafe.toml", read_pgsafe}};
	for (size_t i = 0; i < LENGTH(files); i++) {
		const char *path = path_join(arena, folder, files[i].file), *error;
		size_t length;
		const char *text = path_kind(path) == ENTRY_FILE ? file_read(arena, path, &length, &error) : NULL;
		if (!text)
			continue;
		add_name(arena, &hints->tools, files[i].tool);
		files[i].read(arena, (Toml){.rest = text}, hints);
	}
	array_each (History *, history, &discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations)
			if ((*migration)->up)
				foreign_tools_in(arena, (*migration)->up->source, &hints->tools);
}
