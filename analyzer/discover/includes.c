#include "discover/discover.h"

#include <ctype.h>

#include "base/files.h"
#include "read/lex.h"

/*
 * Files that a migration takes in: psql's `\i FILE` and `\ir FILE`, tern's `{{ template "FILE" . }}`. Their text stands in the
 * place of what names them, so that findings in it are at the including line: there the migration does what they say.
 *
 * Only files of the root are taken in, and of those only what is no migration by itself: `\i 002_users.sql` in a file that
 * lists all migrations adds nothing to the list.
 */

enum { DEEPEST_INCLUDE = 16, MOST_BYTES = 16 << 20 };

typedef struct Including {
	const LayoutContext *context;
	const File *outer;       /* the migration's file */
	bool tern, psql;
	const File *open[DEEPEST_INCLUDE]; /* the files being taken in, outermost first */
	uint32_t depth;
	size_t bytes;            /* taken in so far */
	Map *taken;              /* relative path of a file taken in -> File */
} Including;

/* --- Which file is meant ------------------------------------------------------------------------------------------------------- */

static const File *file_at(const Including *including, const char *folder, const char *name)
{
	const Root *root = including->context->root;
	Arena *arena = including->context->arena;
	const char *base = *folder ? path_join(arena, root->path, folder) : root->path;
	const char *below = path_below(root->path, path_absolute(arena, base, name));
	return below && *below ? find_file(root, below) : NULL;
}

/* psql reads from where it was started, which is nobody's knowledge: beside the file, at the root, or somewhere above it. */
static const File *find_included(const Including *including, const File *from, const char *name, bool relative)
{
	const File *file = including->psql ? file_at(including, file_folder(including->context->arena, from), name) : NULL;
	for (const char *rest = name; !file && !relative && rest; rest = strchr(rest, '/'), rest = rest ? rest + 1 : NULL) {
		file = file_at(including, "", rest);
		if (strncmp(rest, "..", 2) == 0 || !including->psql)
			break;
	}
	return file && file->source ? file : NULL;
}

static bool is_migration(const Including *including, const File *file)
{
	return *parse_file_name(including->context->arena, file->name).version != '\0';
}

static bool is_open(const Including *including, const File *file)
{
	for (uint32_t i = 0; i < including->depth; i++)
		if (including->open[i] == file)
			return true;
	return file == including->outer;
}

/* --- Finding ------------------------------------------------------------------------------------------------------------------- */

typedef struct Place {
	Span span;
	const char *name;
	bool relative;  /* to the including file */
} Place;

/* psql: `\i name`, `\ir 'name with blanks'`. */
static bool psql_place(Arena *arena, const char *bytes, Span line, Place *place)
{
	static const char *const words[] = {"\\include_relative", "\\include", "\\ir", "\\i"};
	const char *at = bytes + line.start, *end = bytes + line.end;
	for (size_t i = 0; i < LENGTH(words); i++) {
		size_t length = strlen(words[i]);
		if ((size_t)(end - at) <= length || memcmp(at, words[i], length) != 0 || !byte_in(at[length], " \t"))
			continue;
		at += length;
		while (at < end && byte_in(*at, " \t"))
			at++;
		char quote = at < end && (*at == '\'' || *at == '"') ? *at : 0;
		at += quote != 0;
		const char *stop = at;
		while (stop < end && (quote ? *stop != quote : !byte_in(*stop, " \t\r;")))
			stop++;
		*place = (Place){line, arena_copy(arena, at, (size_t)(stop - at)), i % 2 == 0};
		return stop > at;
	}
	return false;
}

static bool next_psql(const Including *including, const char *bytes, Span part, Place *place)
{
	Lexer lexer = lexer_new(bytes, part.start, part.end);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (bytes[token.span.start] != '\\')
			continue;
		const char *newline = memchr(bytes + token.span.start, '\n', part.end - token.span.start);
		Span line = {token.span.start, newline ? (uint32_t)(newline - bytes) : part.end};
		if (psql_place(including->context->arena, bytes, line, place))
			return true;
		lexer.position = line.end;
	}
	return false;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && isspace((unsigned char)*at))
		at++;
	return at;
}

/* tern: `{{ template "shared/users.sql" . }}`, also with the dashes that trim blanks. */
static bool next_tern(const Including *including, const char *bytes, Span part, Place *place)
{
	static const char word[] = "template";
	const char *at = bytes + part.start, *end = bytes + part.end;
	while ((at = memmem(at, (size_t)(end - at), "{{", 2))) {
		const char *start = at;
		at += 2;
		at = skip_blanks(at + (at < end && *at == '-'), end);
		if ((size_t)(end - at) < strlen(word) || memcmp(at, word, strlen(word)) != 0)
			continue;
		at = skip_blanks(at + strlen(word), end);
		const char *close = at < end && *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
		const char *over = close ? memmem(close, (size_t)(end - close), "}}", 2) : NULL;
		if (!over)
			continue;
		place->span = (Span){(uint32_t)(start - bytes), (uint32_t)(over + 2 - bytes)};
		place->name = arena_copy(including->context->arena, at + 1, (size_t)(close - at - 1));
		place->relative = false;
		return true;
	}
	return false;
}

static bool next_place(const Including *including, const char *bytes, Span part, Place *place)
{
	return including->tern ? next_tern(including, bytes, part, place) : next_psql(including, bytes, part, place);
}

/* --- Taking in ------------------------------------------------------------------------------------------------------------------ */

/* The file that the place names, when it can be taken in; else NULL, and a note where that is a mistake. */
static const File *included(Including *including, const File *from, const Place *place)
{
	const File *file = find_included(including, from, place->name, place->relative);
	if (!file) {
		add_verbose_note(including->context, from, "\"%s\" is not read: no file of %s is called so", place->name,
				 including->context->root->shown);
		return NULL;
	}
	if (including->psql && is_migration(including, file))
		return NULL;
	if (is_open(including, file) || including->depth == DEEPEST_INCLUDE) {
		add_note(including->context, from, 0, "\"%s\" is not read: it includes itself, or files more than %d levels deep",
			 place->name, DEEPEST_INCLUDE);
		return NULL;
	}
	if (including->bytes + file->source->length > MOST_BYTES) {
		add_note(including->context, from, 0, "\"%s\" is not read: more than %d MiB are included already", place->name,
			 MOST_BYTES >> 20);
		return NULL;
	}
	return file;
}

static void take_text(Including *including, Buf *text, const File *file)
{
	including->bytes += file->source->length;
	map_set(including->context->arena, including->taken, file->relative, strlen(file->relative), (void *)file);
	including->open[including->depth++] = file;
	const char *bytes = file->source->bytes;
	Span rest = {file->source->body, file->source->length};
	for (Place place; next_place(including, bytes, rest, &place); rest.start = place.span.end) {
		const File *inner = included(including, file, &place);
		uint32_t end = inner ? place.span.start : place.span.end;
		buf_add(text, bytes + rest.start, end - rest.start);
		if (inner)
			take_text(including, text, inner);
	}
	buf_add(text, bytes + rest.start, rest.end - rest.start);
	if (including->psql)
		buf_addc(text, '\n');
	including->depth--;
}

/* `\i 002_users.sql` in a file that lists the migrations: they run as the history says. */
static bool lists_migration(const Including *including, const Script *script, const Place *place)
{
	const File *file = including->psql && script->direction == DIRECTION_UP
		? find_included(including, including->outer, place->name, place->relative) : NULL;
	return file && is_migration(including, file);
}

static void follow(Including *including, Migration *migration, Script *script)
{
	const char *bytes = script->source->bytes;
	for (uint32_t i = 0; i < script->sections.count; i++) {
		Span rest = script->sections.items[i];
		for (Place place; next_place(including, bytes, rest, &place); rest.start = place.span.end) {
			const File *file = included(including, including->outer, &place);
			if (!file && lists_migration(including, script, &place))
				array_push(&migration->arena, &script->rewrites, (Rewrite){place.span, {"", 0}});
			if (!file)
				continue;
			Buf text = {0};
			take_text(including, &text, file);
			Text sql = {arena_copy(&migration->arena, text.data ? text.data : "", text.length), text.length};
			array_push(&migration->arena, &script->rewrites, (Rewrite){place.span, sql});
			buf_free(&text);
		}
	}
}

/* memmem is slow with so short a needle, and all files of psql's are asked. */
static bool has_pair(const Source *source, const char *pair)
{
	const char *at = source->bytes, *end = at + source->length;
	while ((at = memchr(at, pair[0], (size_t)(end - at))) && at[1] != pair[1])
		at++;
	return at != NULL;
}

static void follow_script(const LayoutContext *context, Map *taken, Migration *migration, Script *script)
{
	if (!script || script->rewrites.count)
		return;
	SplitOptions options;
	script_split_options(migration, script, &options);
	Including including = {.context = context, .taken = taken, .psql = options.psql,
			       .tern = same(context->history->layout->name, "tern")};
	if ((!including.tern && !including.psql) || !has_pair(script->source, including.tern ? "{{" : "\\i"))
		return;
	including.outer = file_of_source(context->root, script->source);
	if (including.outer && !map_get(taken, including.outer->relative, strlen(including.outer->relative)))
		follow(&including, migration, script);
}

void follow_includes(const LayoutContext *context)
{
	History *history = context->history;
	Map taken = {0};
	if (!history->layout)
		return;
	array_each(Migration *, item, &history->migrations) {
		follow_script(context, &taken, *item, (*item)->up);
		follow_script(context, &taken, *item, (*item)->down);
	}
	uint32_t kept = 0;
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		const Script *script = migration->up ? migration->up : migration->down;
		const File *file = taken.count ? file_of_source(context->root, script->source) : NULL;
		if (file && map_get(&taken, file->relative, strlen(file->relative))) {
			add_verbose_note(context, file, "no migration of its own: others include it");
			arena_free(&migration->arena);
		} else {
			history->migrations.items[kept++] = migration;
		}
	}
	history->migrations.count = kept;
}
