#include "discover/discover.h"
#include "read/lex.h"
#include "read/template.h"

/* --- Downs that only the configuration knows: `rollback: ['rollback_{name}.sql']` ---------------------------------------------- */

static const char *fill_pattern(Arena *arena, const char *pattern, const char *name)
{
	const char *place = strstr(pattern, "{name}");
	if (!place)
		return pattern;
	return arena_print(arena, "%.*s%s%s", (int)(place - pattern), pattern, name, place + strlen("{name}"));
}

static const char *below_root(const LayoutContext *context, const Source *source)
{
	for (uint32_t i = 0; i < context->root->file_count; i++)
		if (context->root->files[i].source == source)
			return context->root->files[i].relative;
	return NULL;
}

static const File *configured_down(const LayoutContext *context, const Migration *migration, const char *pattern)
{
	Arena *arena = context->arena;
	const char *relative = below_root(context, migration->up->source);
	if (!relative)
		return NULL;
	const char *slash = strrchr(relative, '/');
	const char *folder = slash ? arena_copy(arena, relative, (size_t)(slash + 1 - relative)) : "";
	FileName name = parse_file_name(arena, slash ? slash + 1 : relative);
	const char *const names[] = {name.stem, name.name};
	for (size_t i = 0; i < LENGTH(names); i++) {
		const char *filled = fill_pattern(arena, pattern, names[i]);
		const File *file = find_file(context->root, arena_print(arena, "%s%s", folder, filled));
		if (!file)
			file = find_file(context->root, filled);
		if (file && file->source && file->source != migration->up->source)
			return file;
	}
	return NULL;
}

/* The down's file was taken for an up of its own. */
static void forget_up(History *history, const Source *source)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		if (migration->up && migration->up->source == source && !migration->down)
			arena_free(&migration->arena);
		else
			history->migrations.items[kept++] = migration;
	}
	history->migrations.count = kept;
}

static void pair_as_configured(const LayoutContext *context)
{
	History *history = context->history;
	const Config *config = history->config;
	for (uint32_t p = 0; config && p < config->rollback.count; p++)
		for (uint32_t i = 0; i < history->migrations.count; i++) {
			Migration *migration = history->migrations.items[i];
			if (!migration->up || migration->down || migration->up->direction != DIRECTION_UP)
				continue;
			migration->down_expected = true;
			const File *file = configured_down(context, migration, config->rollback.items[p]);
			if (!file)
				continue;
			add_script(context, migration, file, DIRECTION_DOWN, migration->up->wrapping);
			forget_up(history, file->source);
			for (i = 0; history->migrations.items[i] != migration; i++)
				;
		}
}

/* --- The runner ---------------------------------------------------------------------------------------------------------------- */

/* What a file says for itself ("-- +goose NO TRANSACTION") stays; it is what the tool does by itself that is overridden. */
static void override_wrapping(const History *history, Script *script)
{
	RunnerTransaction runner = history->config ? history->config->runner.transaction : RUNNER_UNSET;
	if (runner == RUNNER_UNSET)
		return;
	bool wraps = runner == RUNNER_MIGRATION || runner == RUNNER_RUN;
	bool tool_wraps = history->layout && history->layout->no_transaction_line;
	if (!wraps)
		script->wrapping = WRAPPING_NONE;
	else if (!tool_wraps)
		script->wrapping = WRAPPING_TRANSACTION;
}

/* --- Does the history start from nothing? ------------------------------------------------------------------------------------- */

enum {
	MIGRATIONS_ASKED = 20,
	EVIDENCE_WANTED = 3, /* one file that makes a table proves nothing about the tables that it does not make */
};

typedef struct Beginning {
	Arena arena;
	Map created;
	uint32_t touched; /* times that something made here is used */
	bool touches_unknown;
} Beginning;

/* The last part of a possibly qualified name that starts at the token, in lower case; NULL when there is no name. */
static const char *take_name(Beginning *beginning, Lexer *lexer)
{
	const char *name = NULL;
	for (;;) {
		Token token = lexer_next(lexer);
		if (token.kind != TOKEN_WORD && token.kind != TOKEN_QUOTED_WORD)
			return NULL;
		Text text = token_text(lexer, token);
		bool quoted = token.kind == TOKEN_QUOTED_WORD && text.length > 2;
		char *copy = arena_copy(&beginning->arena, text.data + quoted, text.length - 2 * quoted);
		for (char *c = copy; *c && !quoted; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		name = copy;
		Lexer ahead = *lexer;
		if (!token_is_byte(&ahead, lexer_next(&ahead), '.'))
			return name;
		*lexer = ahead;
	}
}

static bool skip_words(Lexer *lexer, const char *const *words)
{
	Lexer ahead = *lexer;
	for (; *words; words++)
		if (!token_is(&ahead, lexer_next(&ahead), *words))
			return false;
	*lexer = ahead;
	return true;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void note_created(Beginning *beginning, Lexer *lexer)
{
	skip_words(lexer, WORDS("if", "not", "exists"));
	const char *name = take_name(beginning, lexer);
	if (name)
		map_set(&beginning->arena, &beginning->created, name, strlen(name), beginning);
}

static void note_touched(Beginning *beginning, Lexer *lexer)
{
	skip_words(lexer, WORDS("if", "exists"));
	skip_words(lexer, WORDS("only"));
	const char *name = take_name(beginning, lexer);
	if (name && map_get(&beginning->created, name, strlen(name)))
		beginning->touched++;
	else if (name)
		beginning->touches_unknown = true;
	if (skip_words(lexer, WORDS("rename", "to")))
		note_created(beginning, lexer);
}

/* CREATE INDEX i ON t: behind the first ON stands the table. */
static void note_indexed(Beginning *beginning, Lexer *lexer)
{
	Token token = lexer_next(lexer);
	while (token.kind != TOKEN_END && !token_is_byte(lexer, token, ';') && !token_is(lexer, token, "on"))
		token = lexer_next(lexer);
	if (token_is(lexer, token, "on"))
		note_touched(beginning, lexer);
}

static void see_statement(Beginning *beginning, Lexer lexer)
{
	Token first = lexer_peek(&lexer);
	if (first.kind != TOKEN_WORD || !byte_in(lexer.text[first.span.start], "caiudCAIUD"))
		return; /* begins like none of those below */
	lexer.position = first.span.start;
	static const char *const creations[][4] = {
		{"create", "table"}, {"create", "unlogged", "table"}, {"create", "view"}, {"create", "materialized", "view"},
		{"create", "or", "replace", "view"}, {"create", "foreign", "table"},
	};
	for (size_t i = 0; i < LENGTH(creations); i++) {
		const char *const words[] = {creations[i][0], creations[i][1], creations[i][2], creations[i][3], NULL};
		if (skip_words(&lexer, words)) {
			note_created(beginning, &lexer);
			return;
		}
	}
	if (skip_words(&lexer, WORDS("create", "index")) || skip_words(&lexer, WORDS("create", "unique", "index"))) {
		note_indexed(beginning, &lexer);
		return;
	}
	static const char *const uses[][3] = {{"alter", "table"}, {"insert", "into"}, {"update"}, {"delete", "from"}, {"drop", "table"}};
	for (size_t i = 0; i < LENGTH(uses); i++) {
		const char *const words[] = {uses[i][0], uses[i][1], uses[i][2], NULL};
		if (skip_words(&lexer, words)) {
			note_touched(beginning, &lexer);
			return;
		}
	}
}

static void see_script(Beginning *beginning, const Script *script)
{
	const Rewritten rewritten = rewrite_source(&beginning->arena, script);
	for (uint32_t i = 0; i < script->sections.count; i++) {
		Lexer lexer = lexer_new(rewritten.bytes, rewritten.sections[i].start, rewritten.sections[i].end);
		do
			see_statement(beginning, lexer);
		while (!beginning->touches_unknown && to_next_statement(&lexer));
	}
}

/* Something goes up that could not be read: it may make anything. */
static bool has_unread(const History *history)
{
	array_each(Migration *const, item, &history->migrations)
		for (uint32_t i = 0; (*item)->up && i < (*item)->up->rewrites.count; i++)
			if (text_is((*item)->up->rewrites.items[i].sql, UNREAD_SQL))
				return true;
	return false;
}

/*
 * A root whose first migrations make the tables that they then use: what a later one names and nobody made is missing.
 * Where a table is used before it is made, an older schema came before this history.
 */
static bool starts_from_nothing(const History *history)
{
	Beginning beginning = {0};
	for (uint32_t i = 0; i < history->migrations.count && i < MIGRATIONS_ASKED && !beginning.touches_unknown; i++)
		if (history->migrations.items[i]->up)
			see_script(&beginning, history->migrations.items[i]->up);
	bool closed = !beginning.touches_unknown && beginning.touched >= EVIDENCE_WANTED;
	arena_free(&beginning.arena);
	return closed;
}

/* --- All of it -------------------------------------------------------------------------------------------------------------------- */

static void finish_script(const LayoutContext *context, Migration *migration, Script *script)
{
	if (!script)
		return;
	if (!script->sections.count)
		add_section(migration, script, (Span){script->source->body, script->source->length});
	override_wrapping(context->history, script);
}

/* The first value of a name counts. */
static void join_placeholders(const LayoutContext *context)
{
	History *history = context->history;
	if (!history->placeholders.count || !history->config)
		return;
	History joined = {0};
	array_each(const Placeholder, item, &history->config->placeholders)
		array_push(context->arena, &joined.placeholders, *item);
	array_each(const Placeholder, item, &history->placeholders)
		array_push(context->arena, &joined.placeholders, *item);
	history->placeholders.items = joined.placeholders.items;
	history->placeholders.count = joined.placeholders.count;
	history->placeholders.capacity = joined.placeholders.capacity;
}

const File *file_of_source(const Root *root, const Source *source)
{
	for (uint32_t i = 0; i < root->file_count; i++)
		if (root->files[i].source == source)
			return &root->files[i];
	return NULL;
}

/* Files for another engine among the others: the tool runs them elsewhere. */
static void leave_foreign_out(const LayoutContext *context)
{
	History *history = context->history;
	uint32_t kept = 0;
	const Source *last = NULL; /* one file may hold many migrations */
	const char *engine = NULL;
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		const Source *source = (migration->up ? migration->up : migration->down)->source;
		bool again = source == last;
		if (!again)
			engine = is_sql_name(path_name(source->path)) ? engine_by_words(source) : NULL;
		last = source;
		if (!engine) {
			history->migrations.items[kept++] = migration;
			continue;
		}
		const File *file = again ? NULL : file_of_source(context->root, source);
		if (file)
			add_note(context, file, 0, "left out: its words are those of %s", engine);
		arena_free(&migration->arena);
	}
	history->migrations.count = kept;
}

void finish_history(const LayoutContext *context)
{
	History *history = context->history;
	leave_foreign_out(context);
	join_placeholders(context);
	pair_as_configured(context);
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		finish_script(context, migration, migration->up);
		finish_script(context, migration, migration->down);
	}
	follow_includes(context);
	for (uint32_t i = 0; i < history->migrations.count; i++)
		history->migrations.items[i]->ordinal = history->migrations.items[i]->place = i + 1;
	history->closed = !history->loose && !has_unread(history) && starts_from_nothing(history);
}
