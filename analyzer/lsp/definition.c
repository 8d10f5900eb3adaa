/* From a name to the statement that made what it means: as the history stands just before the statement under the cursor. */
#include "lsp/server.h"

#include "base/files.h"
#include "commands/facts.h"
#include "read/lex.h"
#include "replay/replay.h"

/* --- The name under the cursor ------------------------------------------------------------------------------------------------------ */

static const char *word_of(Arena *arena, const Lexer *lexer, Token token)
{
	Text text = token_text(lexer, token);
	char *word = arena_copy(arena, text.data, text.length);
	if (token.kind != TOKEN_QUOTED_WORD) {
		for (char *at = word; *at; at++)
			*at = *at >= 'A' && *at <= 'Z' ? (char)(*at + ('a' - 'A')) : *at;
		return word;
	}
	word[text.length - 1] = '\0'; /* the quotes; doubled ones inside are too rare to be looked for */
	return word + 1;
}

/* The word at the byte, with what stands before it and a dot. */
static bool name_at(Arena *arena, const Source *source, Span statement, uint32_t offset, Name *name)
{
	Lexer lexer = lexer_new(source->bytes, statement.start, statement.end);
	const char *last = NULL;
	bool dotted = false;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END && token.span.start <= offset; token = lexer_next(&lexer)) {
		bool is_word = token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED_WORD;
		if (is_word && offset <= token.span.end && token.span.end - token.span.start > (token.kind == TOKEN_QUOTED_WORD ? 2 : 0)) {
			*name = (Name){.schema = dotted ? last : NULL, .name = word_of(arena, &lexer, token)};
			return true;
		}
		dotted = token_is_byte(&lexer, token, '.') && last;
		last = is_word ? word_of(arena, &lexer, token) : dotted ? last : NULL;
	}
	return false;
}

/* --- What it means ------------------------------------------------------------------------------------------------------------------- */

/* Which statement had which ordinal in the replay. */
typedef struct Maker {
	Source *source;
	Span span;
} Maker;

typedef struct Makers {
	Arena *arena;
	Map by_ordinal;
} Makers;

static void note_statement(void *payload, const Replay *replay, const Statement *statement, const Effect *effect UNUSED)
{
	Makers *makers = payload;
	Maker *maker = new(makers->arena, Maker);
	*maker = (Maker){replay->script->source, statement->span};
	uint32_t *key = new(makers->arena, uint32_t);
	*key = replay->catalog->statement;
	map_set(makers->arena, &makers->by_ordinal, (const char *)key, sizeof *key, maker);
}

typedef struct Search {
	const Replay *replay;
	Name name;
	const Object *found;
} Search;

/* A column or a constraint of a relation that the statement is about. */
static bool look_in_subject(const Action *action, void *payload)
{
	Search *search = payload;
	SearchPath path = session_path(search->replay->session);
	const Relation *relation = action->relation.name ? find_relation(search->replay->catalog, path, action->relation) : NULL;
	const Column *column = relation ? find_column(relation, search->name.name) : NULL;
	const Constraint *constraint = relation && !column ? find_constraint(relation, search->name.name) : NULL;
	search->found = column ? &column->object : constraint ? &constraint->object : NULL;
	return !search->found;
}

static const Object *meaning(const Replay *replay, const Statement *statement, Name name)
{
	SearchPath path = session_path(replay->session);
	const Relation *relation = find_relation(replay->catalog, path, name);
	if (relation)
		return &relation->object;
	const Relation *holder = name.schema ? find_relation(replay->catalog, path, (Name){.name = name.schema}) : NULL;
	const Column *column = holder ? find_column(holder, name.name) : NULL;
	if (column)
		return &column->object;
	Search search = {.replay = replay, .name = name};
	action_walk(statement->actions, look_in_subject, &search);
	const Type *type = search.found ? NULL : find_type(replay->catalog, path, name);
	return type ? &type->object : search.found;
}

/* Replays the history up to the place's statement. */
static void replay_up_to(Replay *replay, const ScriptPlace *place)
{
	array_each (Migration *, item, &place->history->migrations) {
		const Migration *migration = *item;
		bool is_it = migration == place->migration;
		if (migration->up && script_is_replayed(migration->up) && !(is_it && place->script == migration->up))
			replay_script(replay, migration, migration->up);
		if (!is_it)
			continue;
		replay_start(replay, migration, place->script);
		for (uint32_t i = 0; &place->script->statements.items[i] != place->statement; i++)
			if (!replay_step(replay, place->script, i))
				break;
		return;
	}
}

static void put_location(Server *server, Json *json, Arena *scratch, const WorkFolder *folder, const Maker *maker)
{
	const char *path = path_absolute(scratch, folder->path, maker->source->path);
	json_open_object(json, "result", JSON_ONE_LINE);
	json_put_string(json, "uri", path_to_uri(scratch, &server->workspace.documents, path));
	put_range(json, "range", range_of(maker->source, maker->span, server->client.encoding));
}

static const Maker *find_maker(Server *server, Arena *scratch, const ScriptPlace *place, Name name)
{
	Makers makers = {.arena = scratch};
	Replay *replay = replay_new(scratch, place->history, lowest_version(&server->workspace, place->history));
	replay->observer = (Observer){.payload = &makers, .statement_end = note_statement};
	replay_up_to(replay, place);
	const Object *object = meaning(replay, place->statement, name);
	uint32_t ordinal = object ? object->made_by : 0;
	replay_free(replay);
	return ordinal ? map_get(&makers.by_ordinal, (const char *)&ordinal, sizeof ordinal) : NULL;
}

void definition(Server *server, const json_t *id, const json_t *params)
{
	Document *document = asked_document(server, params);
	bring_up_to_date(server);
	const WorkFolder *folder = document ? work_folder_of(&server->workspace, document->path) : NULL;
	Arena scratch = {0};
	ScriptPlace place;
	Name name;
	const Maker *maker = NULL;
	if (folder) {
		Text text = {document->text.data, document->text.length};
		uint32_t offset = (uint32_t)offset_at(text, read_position(json_member(params, "position")), server->client.encoding);
		if (script_at(folder, document->path, offset, &place) && place.statement &&
		    name_at(&scratch, place.script->source, place.statement->span, offset, &name))
			maker = find_maker(server, &scratch, &place, name);
	}
	if (maker) {
		Message message;
		rpc_begin_answer(&message, id);
		put_location(server, &message.json, &scratch, folder, maker);
		rpc_end(&server->rpc, &message);
	} else {
		rpc_answer_null(&server->rpc, id);
	}
	arena_free(&scratch);
}
