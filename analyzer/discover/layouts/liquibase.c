#include "changelog.h"

#include <ctype.h>

/*
 * Liquibase's formatted SQL: a file that starts with `--liquibase formatted sql` and is cut into changesets, each with its
 * rollback in comment lines. Changelogs in YAML, JSON or XML give the order of the files; without one it is that of their names.
 *
 * https://docs.liquibase.com/concepts/changelogs/sql-format.html
 */

typedef struct ChangeSet {
	const char *version;   /* "author:id" */
	Text attributes;       /* what stands behind it on its line */
	Span body;
	uint32_t line;
} ChangeSet;

typedef struct Reader {
	const LayoutContext *context;
	const File *file;
} Reader;

/* Behind "--word" at the start of the line, blanks allowed; NULL when the line says something else. */
static const char *after_word(Text line, const char *word)
{
	const char *at = line.data, *end = at + line.length;
	size_t length = strlen(word);
	while (at < end && isspace((unsigned char)*at))
		at++;
	if (end - at < 2 || at[0] != '-' || at[1] != '-')
		return NULL;
	for (at += 2; at < end && isspace((unsigned char)*at);)
		at++;
	if ((size_t)(end - at) < length || !text_is_nocase((Text){at, length}, word))
		return NULL;
	at += length;
	return at == end || isspace((unsigned char)*at) || *at == ':' ? at : NULL;
}

static Text next_line(const Source *source, uint32_t *at)
{
	const char *start = source->bytes + *at;
	const char *newline = memchr(start, '\n', source->length - *at);
	const char *end = newline ? newline : source->bytes + source->length;
	*at = newline ? (uint32_t)(newline + 1 - source->bytes) : source->length;
	return (Text){start, (size_t)(end - start)};
}

static bool is_formatted(const Source *source)
{
	uint32_t at = source->body;
	while (at < source->length) {
		Text line = next_line(source, &at);
		const char *rest = after_word(line, "liquibase");
		if (rest)
			return memmem(rest, (size_t)(line.data + line.length - rest), "formatted", strlen("formatted")) != NULL;
		for (size_t i = 0; i < line.length; i++)
			if (!isspace((unsigned char)line.data[i]))
				return false;
	}
	return false;
}

static int detect_liquibase(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	uint32_t formatted = 0, changelogs = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		if (!file->source)
			continue;
		if (file->sql)
			formatted += is_formatted(file->source);
		else
			changelogs += is_changelog_name(file->name) && source_mentions(file->source, "databaseChangeLog");
	}
	if (formatted)
		*why = arena_print(arena, "%u of %u files start with `--liquibase formatted sql`", formatted, count_sql(root));
	else if (changelogs)
		*why = "a databaseChangeLog";
	return formatted ? 96 : changelogs ? 94 : 0;
}

/* --- One changeset ------------------------------------------------------------------------------------------------------------- */

/* The value of `name:value` or `name:"value"` among a changeset's attributes; empty when it is not there. */
static Text attribute(Text attributes, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i + length < attributes.length; i++) {
		bool border = i == 0 || isspace((unsigned char)attributes.data[i - 1]);
		if (!border || !text_is_nocase((Text){attributes.data + i, length}, name) || attributes.data[i + length] != ':')
			continue;
		const char *value = attributes.data + i + length + 1, *end = attributes.data + attributes.length;
		char quote = value < end && (*value == '"' || *value == '\'') ? *value : 0;
		value += quote != 0;
		const char *stop = value;
		while (stop < end && (quote ? *stop != quote : !isspace((unsigned char)*stop)))
			stop++;
		return (Text){value, (size_t)(stop - value)};
	}
	return (Text){0};
}

static bool is_set(Text attributes, const char *name, const char *value)
{
	return text_is_nocase(attribute(attributes, name), value);
}

static bool is_ours(Text attributes)
{
	return is_for_postgresql(attribute(attributes, "dbms"));
}

/* `--changeset author:id attributes`; both may be quoted. */
static bool read_header(Arena *arena, Text line, ChangeSet *set)
{
	const char *at = after_word(line, "changeset"), *end = line.data + line.length;
	if (!at)
		return false;
	while (at < end && isspace((unsigned char)*at))
		at++;
	char *version = arena_alloc(arena, 1, (size_t)(end - at) + 1);
	size_t length = 0;
	for (char quote = 0; at < end && (quote || !isspace((unsigned char)*at)); at++) {
		if (*at == '"' && (!quote || quote == *at))
			quote = quote ? 0 : *at;
		else
			version[length++] = *at;
	}
	set->version = version;
	set->attributes = (Text){at, (size_t)(end - at)};
	return true;
}

/*
 * The rollback as a source of its own: the file's bytes with everything but the rollback blanked, so that a statement may run
 * over several `--rollback` lines and each place in it is the file's.
 */
typedef struct Rollback {
	char *bytes;          /* NULL: no rollback at all */
	bool declared_empty;  /* "empty" or "not required" */
	Span span;
} Rollback;

static void keep(Reader *reader, Rollback *rollback, Span span)
{
	const Source *source = reader->file->source;
	if (!rollback->bytes) {
		rollback->bytes = arena_alloc(reader->context->arena, 1, source->length + 1);
		for (uint32_t i = 0; i < source->length; i++)
			rollback->bytes[i] = source->bytes[i] == '\n' ? '\n' : ' ';
		rollback->span.start = span.start;
	}
	memcpy(rollback->bytes + span.start, source->bytes + span.start, span.end - span.start);
	rollback->span.end = span.end;
}

static Span trimmed(const Source *source, Span span)
{
	while (span.start < span.end && isspace((unsigned char)source->bytes[span.start]))
		span.start++;
	while (span.end > span.start && isspace((unsigned char)source->bytes[span.end - 1]))
		span.end--;
	return span;
}

static void see_rollback(Reader *reader, Rollback *rollback, Span span)
{
	const Source *source = reader->file->source;
	span = trimmed(source, span);
	Text words = source_text(source, span);
	if (text_is_nocase(words, "empty") || text_is_nocase(words, "not required")) {
		rollback->declared_empty = true;
		span.end = span.start;
	}
	keep(reader, rollback, span);
}

static Rollback find_rollback(Reader *reader, Span body)
{
	Rollback rollback = {0};
	const Source *source = reader->file->source;
	for (uint32_t at = body.start; at < body.end;) {
		Text line = next_line(source, &at);
		const char *rest = after_word(line, "rollback");
		uint32_t line_end = (uint32_t)(line.data + line.length - source->bytes);
		if (rest) {
			see_rollback(reader, &rollback, (Span){(uint32_t)(rest - source->bytes), line_end});
			continue;
		}
		static const char words[] = "/* liquibase rollback";
		size_t blanks = 0;
		while (blanks < line.length && isspace((unsigned char)line.data[blanks]))
			blanks++;
		if (line.length - blanks < strlen(words) || !text_is_nocase((Text){line.data + blanks, strlen(words)}, words))
			continue;
		const char *close = memmem(source->bytes + at, body.end - at, "*/", 2);
		uint32_t end = close ? (uint32_t)(close - source->bytes) : body.end;
		see_rollback(reader, &rollback, (Span){at, end});
		at = close ? end + 2 : end;
	}
	return rollback;
}

static void add_rollback(Reader *reader, Migration *migration, Span body, Wrapping wrapping, bool whole)
{
	Rollback rollback = find_rollback(reader, body);
	if (!rollback.bytes)
		return;
	File view = *reader->file;
	view.source = source_new(reader->context->arena, reader->file->source->path, rollback.bytes, reader->file->source->length);
	Script *down = add_script(reader->context, migration, &view, DIRECTION_DOWN, wrapping);
	down->one_query = whole;
	migration->irreversible = rollback.declared_empty;
	add_section(migration, down, rollback.span);
}

static void add_change_set(Reader *reader, const ChangeSet *set)
{
	const LayoutContext *context = reader->context;
	if (!is_ours(set->attributes)) {
		add_verbose_note(context, reader->file, "changeset %s left out: its dbms is not postgresql", set->version);
		return;
	}
	bool again = is_set(set->attributes, "runOnChange", "true") || is_set(set->attributes, "runAlways", "true");
	bool alone = is_set(set->attributes, "runInTransaction", "false");
	bool whole = is_set(set->attributes, "splitStatements", "false");
	Wrapping wrapping = alone ? WRAPPING_NONE : WRAPPING_TRANSACTION;
	Migration *migration = add_migration(context, set->version, parse_file_name(context->arena, reader->file->name).stem);
	migration->down_expected = !again;
	Script *up = add_script(context, migration, reader->file, again ? DIRECTION_REPEATABLE : DIRECTION_UP, wrapping);
	up->one_query = whole;
	add_section(migration, up, set->body);
	add_rollback(reader, migration, set->body, wrapping, whole);
}

static void read_formatted(const LayoutContext *context, const File *file)
{
	Reader reader = {.context = context, .file = file};
	const Source *source = file->source;
	ChangeSet open = {0}, next;
	for (uint32_t at = source->body; at < source->length;) {
		uint32_t start = at;
		if (!read_header(context->arena, next_line(source, &at), &next))
			continue;
		if (open.version) {
			open.body.end = start;
			add_change_set(&reader, &open);
		}
		open = next;
		open.body = (Span){at, source->length};
	}
	if (open.version)
		add_change_set(&reader, &open);
}

/* What Liquibase calls the changeset that it makes of an included file without a header. */
static void read_raw(const LayoutContext *context, const File *file)
{
	Migration *migration = add_migration(context, "includeAll:raw", file->parsed.stem);
	add_script(context, migration, file, DIRECTION_UP, WRAPPING_TRANSACTION);
}

void read_included_sql(const LayoutContext *context, const File *file)
{
	if (is_formatted(file->source))
		read_formatted(context, file);
	else
		read_raw(context, file);
}

static void read_liquibase(const LayoutContext *context)
{
	Changelog changelog = {.context = context};
	const Root *root = context->root;
	if (read_changelogs(&changelog))
		return;
	for (uint32_t i = 0; i < root->file_count; i++) {
		const File *file = &root->files[i];
		if (!file->source || !file->sql)
			continue;
		if (is_formatted(file->source))
			read_formatted(context, file);
		else
			add_verbose_note(context, file, "left out: it does not start with `--liquibase formatted sql`");
	}
}

const Layout layout_liquibase = {
	.name = "liquibase", .title = "Liquibase",
	.detect = detect_liquibase, .read = read_liquibase,
	.no_transaction = "in a changeset of its own with runInTransaction:false",
	.no_transaction_line = "--changeset author:id runInTransaction:false",
	.has_downs = true,
};
