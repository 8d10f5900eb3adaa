/* Reading a migration's head. */
#include "judge/metadata.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/date.h"
#include "read/lex.h"

/* --- Names ---------------------------------------------------------------------------------------------------------------------- */

static const char *const known_keys[][2] = {
	/* as written, its one name */
	{"approved-by", "approved-by"}, {"approval", "approved-by"}, {"author", "author"}, {"backup", "backup"}, {"snapshot", "backup"},
	{"backup-ttl", "ttl"}, {"category", "phase"}, {"containment", "containment"}, {"date", "date"}, {"dual-write", "dual-write"},
	{"estimated-runtime", "runtime"}, {"id", "id"}, {"irreversible", "irreversible"}, {"migration-id", "id"},
	{"notified", "notified"}, {"owner", "owner"}, {"phase", "phase"}, {"plan", "plan"}, {"reason", "reason"},
	{"release", "release"}, {"reviewed-by", "reviewed-by"}, {"rollback-plan", "rollback"}, {"runtime", "runtime"}, {"ttl", "ttl"},
	{"verification", "verify"}, {"verification-query", "verify"}, {"verify", "verify"}, {"window", "window"},
};

static const char *kebab_key(Arena *arena, const char *text, size_t length)
{
	char *key = arena_copy(arena, text, length);
	for (char *c = key; *c; c++)
		*c = *c == ' ' || *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return key;
}

const char *metadata_name(Arena *arena, const char *key)
{
	const char *name = kebab_key(arena, key, strlen(key));
	for (size_t i = 0; i < LENGTH(known_keys); i++)
		if (same(known_keys[i][0], name))
			return known_keys[i][1];
	return name;
}

/* Its one name when it is a key, else NULL. */
static const char *accepted(Arena *arena, const Config *config, const char *key)
{
	for (size_t i = 0; i < LENGTH(known_keys); i++)
		if (same(known_keys[i][0], key))
			return known_keys[i][1];
	for (uint32_t i = 0; config && i < config->metadata.patterns.count; i++)
		if (same(kebab_key(arena, config->metadata.patterns.items[i].key, strlen(config->metadata.patterns.items[i].key)), key))
			return key;
	for (uint32_t i = 0; config && i < config->metadata.required.count; i++)
		array_each (const char *const, required, &config->metadata.required.items[i].keys)
			if (same(metadata_name(arena, *required), key))
				return key;
	return NULL;
}

/* --- Comments ------------------------------------------------------------------------------------------------------------------- */

typedef struct HeadReader {
	Arena *arena;
	const Script *script;
	const Config *config;
	Metadata *metadata;
} HeadReader;

enum { LONGEST_KEY = 40 };

/* One line of a comment: `key: value`. */
static void read_line(HeadReader *reader, uint32_t start, uint32_t end)
{
	const char *bytes = reader->script->source->bytes;
	while (start < end && (isspace((unsigned char)bytes[start]) || bytes[start] == '-' || bytes[start] == '*' || bytes[start] == '/'))
		start++;
	while (end > start && isspace((unsigned char)bytes[end - 1]))
		end--;
	uint32_t colon = start;
	while (colon < end && (isalnum((unsigned char)bytes[colon]) || bytes[colon] == '-' || bytes[colon] == '_' || bytes[colon] == ' '))
		colon++;
	if (colon == start || colon >= end || bytes[colon] != ':' || colon - start > LONGEST_KEY)
		return;
	const char *key = accepted(reader->arena, reader->config, kebab_key(reader->arena, bytes + start, colon - start));
	uint32_t value = colon + 1;
	while (value < end && isspace((unsigned char)bytes[value]))
		value++;
	if (!key || value == end)
		return;
	array_push(reader->arena, reader->metadata,
		   (MetadataItem){key, arena_copy(reader->arena, bytes + value, end - value), {value, end}});
}

static void read_comment(HeadReader *reader, Span span)
{
	const char *bytes = reader->script->source->bytes;
	for (uint32_t at = span.start; at < span.end;) {
		uint32_t end = at;
		while (end < span.end && bytes[end] != '\n')
			end++;
		bool closes = end == span.end && bytes[span.start] == '/' && end - at >= 2 && bytes[end - 1] == '/';
		read_line(reader, at, closes ? end - 2 : end);
		at = end + 1;
	}
}

/* The comments from the offset up to the first token that is none. Answers where that stands. */
static uint32_t read_head(HeadReader *reader, uint32_t from)
{
	const Source *source = reader->script->source;
	Lexer lexer = lexer_new(source->bytes, from, source->length);
	for (;;) {
		Token token = lexer_any(&lexer);
		if (token.kind == TOKEN_COMMENT)
			read_comment(reader, token.span);
		else if (token.kind != TOKEN_SPACE)
			return token.span.start;
	}
}

void metadata_read(Arena *arena, const Script *script, const Config *config, Metadata *metadata)
{
	HeadReader reader = {arena, script, config, metadata};
	uint32_t read_to = read_head(&reader, script->source->body);
	/* A section that begins further down has a head of its own. */
	if (script->sections.count && script->sections.items[0].start > read_to)
		read_head(&reader, script->sections.items[0].start);
}

const MetadataItem *metadata_get(const Metadata *metadata, const char *key)
{
	array_each (const MetadataItem, item, metadata)
		if (same(item->key, key))
			return item;
	return NULL;
}

bool declares_no_way_back(Arena *arena, const Script *script)
{
	Metadata metadata = {0};
	metadata_read(arena, script, NULL, &metadata);
	return metadata_get(&metadata, "irreversible") || metadata_get(&metadata, "containment");
}

/* --- Types ------------------------------------------------------------------------------------------------------------------------ */

bool metadata_duration(const char *text, double *seconds)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {
		{"ms", 0.001}, {"s", 1}, {"sec", 1}, {"second", 1}, {"seconds", 1}, {"m", 60}, {"min", 60}, {"minute", 60},
		{"minutes", 60}, {"h", 3600}, {"hour", 3600}, {"hours", 3600}, {"d", 86400}, {"day", 86400}, {"days", 86400},
		{"w", 604800}, {"week", 604800}, {"weeks", 604800},
	};
	while (*text == '~' || *text == '<' || *text == ' ')
		text++;
	char *end;
	double number = strtod(text, &end);
	if (end == text || !isdigit((unsigned char)*text))
		return false;
	while (*end == ' ')
		end++;
	size_t length = 0;
	while (isalpha((unsigned char)end[length]))
		length++;
	for (size_t i = 0; i < LENGTH(units); i++)
		if (text_is((Text){end, length}, units[i].unit)) {
			*seconds = number * units[i].seconds;
			return true;
		}
	return false;
}

long metadata_days(const char *text, long today)
{
	long date = date_in(text);
	if (date >= 0)
		return date - today;
	for (const char *c = text; c && *c; c++) {
		double seconds;
		bool begins = isdigit((unsigned char)*c) && (c == text || !isalnum((unsigned char)c[-1]));
		if (begins && metadata_duration(c, &seconds))
			return (long)(seconds / 86400);
	}
	return -1;
}
