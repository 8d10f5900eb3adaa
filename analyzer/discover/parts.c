#include "discover/discover.h"
#include "read/lex.h"

#include <ctype.h>

/*
 * `-- ddlint: file PATH [migration ID] [direction down] [transaction off]` on a line of generated SQL or of standard input
 * starts the next script. Each part gets a Source of its own: its path, and its bytes from the next line on.
 */

static const char marker[] = "-- ddlint: file ";

/* The offset of the next marker line, or the source's length. */
static uint32_t next_marker(const Source *source, uint32_t from)
{
	const char *bytes = source->bytes;
	for (const char *at = bytes + from; at < bytes + source->length;) {
		const char *found = memmem(at, (size_t)(bytes + source->length - at), marker, strlen(marker));
		if (!found)
			break;
		if (found == bytes + source->body || found == bytes || found[-1] == '\n')
			return (uint32_t)(found - bytes);
		at = found + 1;
	}
	return source->length;
}

bool has_parts(const Source *source)
{
	return next_marker(source, source->body) < source->length;
}

typedef struct Part {
	const char *path, *migration;
	bool down, alone;
	Span body;
} Part;

/* The next word, or what stands between double quotes. */
static const char *take_word(Arena *arena, const char **at, const char *end)
{
	while (*at < end && isspace((unsigned char)**at))
		(*at)++;
	if (*at == end)
		return NULL;
	const char *start = *at;
	if (*start == '"') {
		const char *close = memchr(start + 1, '"', (size_t)(end - start - 1));
		if (close) {
			*at = close + 1;
			return arena_copy(arena, start + 1, (size_t)(close - start - 1));
		}
	}
	while (*at < end && !isspace((unsigned char)**at))
		(*at)++;
	return arena_copy(arena, start, (size_t)(*at - start));
}

static Part read_part(const LayoutContext *context, const File *file, uint32_t start)
{
	const Source *source = file->source;
	const char *at = source->bytes + start + strlen(marker);
	const char *newline = memchr(at, '\n', (size_t)(source->bytes + source->length - at));
	const char *end = newline ? newline : source->bytes + source->length;
	Part part = {0};
	part.path = take_word(context->arena, &at, end);
	if (!part.path)
		part.path = source->path;
	for (const char *word; (word = take_word(context->arena, &at, end));) {
		const char *value = take_word(context->arena, &at, end);
		if (same(word, "migration") && value)
			part.migration = value;
		else if (same(word, "direction") && (same(value, "down") || same(value, "up")))
			part.down = same(value, "down");
		else if (same(word, "transaction") && (same(value, "off") || same(value, "on")))
			part.alone = same(value, "off");
		else
			add_note(context, file, source_position((Source *)source, start).line,
				 "\"%s%s%s\" is not understood: migration ID, direction up|down, transaction on|off",
				 word, value ? " " : "", value ? value : "");
	}
	uint32_t body = newline ? (uint32_t)(newline + 1 - source->bytes) : source->length;
	part.body = (Span){body, next_marker(source, body)};
	return part;
}

/* by_version: the newest migration of each, for most parts begin one. */
static Migration *find_migration(const History *history, const Map *by_version, const Part *part, const char *version)
{
	Migration *newest = map_get(by_version, version, strlen(version));
	if (!newest || !(part->down ? newest->down : newest->up))
		return newest;
	for (uint32_t i = history->migrations.count; i-- > 0;) {
		Migration *migration = history->migrations.items[i];
		if (same(migration->version, version) && !(part->down ? migration->down : migration->up))
			return migration;
	}
	return NULL;
}

static void add_part(const LayoutContext *context, Map *by_version, const File *file, const Part *part)
{
	/* A copy of its own: sources end with a NUL. */
	size_t length = part->body.end - part->body.start;
	const char *bytes = arena_copy(context->arena, file->source->bytes + part->body.start, length);
	const char *slash = strrchr(part->path, '/');
	File own = {.path = part->path, .relative = part->path, .name = slash ? slash + 1 : part->path, .target = file->target};
	own.source = source_new(context->arena, part->path, bytes, length);
	FileName name = parse_file_name(context->arena, own.name);
	const char *version = part->migration ? part->migration : name.version;
	Migration *migration = *version ? find_migration(context->history, by_version, part, version) : NULL;
	if (!migration) {
		migration = add_migration(context, version, name.name);
		map_set(context->arena, by_version, version, strlen(version), migration);
	}
	add_script(context, migration, &own, part->down ? DIRECTION_DOWN : DIRECTION_UP,
		   part->alone ? WRAPPING_NONE : WRAPPING_TRANSACTION);
}

void read_parts(const LayoutContext *context, const File *file)
{
	const Source *source = file->source;
	uint32_t start = next_marker(source, source->body);
	Map by_version = {0};
	if (start > source->body) {
		Part head = {.path = source->path, .alone = true, .body = {source->body, start}};
		Lexer lexer = lexer_new(source->bytes, source->body, start);
		if (lexer_next(&lexer).kind != TOKEN_END) /* comments alone are nobody's script */
			add_part(context, &by_version, file, &head);
	}
	while (start < source->length) {
		Part part = read_part(context, file, start);
		add_part(context, &by_version, file, &part);
		start = part.body.end;
	}
}
