/* From a name to the statement that made what it means: as the history stands just before the statement under the cursor. */
#include "lsp/server.h"

#include "base/files.h"
#include "lsp/meaning.h"

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
		    name_under(&scratch, place.script->source, place.statement->span, offset, &name))
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
