/* What each statement takes and how much that matters, shown at its end or above it: for those who have asked for it. */
#include "lsp/server.h"

#include "judge/risk.h"
#include "lsp/meaning.h"

typedef struct Hint {
	const Statement *statement;
	RiskTally risk;
	LockMode lock;        /* the strongest on what was there before */
	const char *relation; /* that has it */
} Hint;

typedef struct Hints {
	Arena *arena;
	ARRAY(Hint) list;
	Hint running;
	const Heat *heat;
} Hints;

static void see_step(void *payload, const Step *step)
{
	Hint *running = &((Hints *)payload)->running;
	risk_add(&running->risk, step);
	array_each (const LockTaken, lock, &step->effect->locks) {
		if (lock->mode <= running->lock || !existed_before(step->replay, &lock->relation->object))
			continue;
		running->lock = lock->mode;
		running->relation = object_text(((Hints *)payload)->arena, &lock->relation->object);
	}
}

static void see_end(void *payload, const Replay *replay UNUSED, const Statement *statement, const Effect *effect UNUSED)
{
	Hints *hints = payload;
	hints->running.statement = statement;
	array_push(hints->arena, &hints->list, hints->running);
	hints->running = (Hint){.risk = {.heat = hints->heat}};
}

static void collect(Server *server, const WorkFolder *folder, const Document *document, Hints *hints)
{
	Scripts scripts = {0};
	scripts_of(hints->arena, folder, document->path, &scripts);
	array_each (const Script *, script, &scripts) {
		ScriptPlace place;
		if (!script_at(folder, document->path, (*script)->sections.items[0].start, &place))
			continue;
		place.script = *script;
		place.statement = NULL;
		Arena scratch = {0};
		Replay *replay = replay_new(&scratch, place.history, lowest_version(&server->workspace, place.history));
		replay_up_to_script(replay, &place);
		hints->heat = heat_read(hints->arena, place.history->config);
		hints->running = (Hint){.risk = {.heat = hints->heat}};
		replay->observer = (Observer){.payload = hints, .step = see_step, .statement_end = see_end};
		replay->want_effects = true;
		replay_script(replay, place.migration, *script);
		replay_free(replay);
		arena_free(&scratch);
	}
}

/* "ACCESS EXCLUSIVE on public.users, high risk" */
static const char *label_of(Arena *arena, const Hint *hint)
{
	const char *risk = risk_word(risk_of(&hint->risk));
	if (hint->lock == LOCK_NONE)
		return arena_print(arena, "no lock, %s", risk);
	return arena_print(arena, "%s on %s, %s", lock_mode_words(hint->lock), hint->relation, risk);
}

static void put_hint(const Server *server, Json *json, Arena *scratch, Source *source, const Hint *hint)
{
	json_open_object(json, NULL, JSON_ONE_LINE);
	uint32_t behind = hint->statement->span.end;
	if (behind < source->length && source->bytes[behind] == ';')
		behind++;
	LspPosition end = position_at(source, behind, server->client.encoding);
	json_open_object(json, "position", JSON_ONE_LINE);
	json_put_number(json, "line", end.line);
	json_put_number(json, "character", end.character);
	json_close(json);
	json_put_string(json, "label", label_of(scratch, hint));
	if (hint->lock != LOCK_NONE)
		json_put_string(json, "tooltip", arena_print(scratch, "%s: %s wait", hint->relation, lock_mode_victims(hint->lock)));
	json_put_bool(json, "paddingLeft", true);
	json_close(json);
}

static void put_lens(const Server *server, Json *json, Arena *scratch, Source *source, const Hint *hint)
{
	json_open_object(json, NULL, JSON_ONE_LINE);
	put_range(json, "range", range_of(source, hint->statement->span, server->client.encoding));
	json_open_object(json, "command", JSON_ONE_LINE);
	json_put_string(json, "title", label_of(scratch, hint));
	json_put_string(json, "command", ""); /* nothing happens when it is clicked */
	json_close(json);
	json_close(json);
}

typedef void PutHint(const Server *server, Json *json, Arena *scratch, Source *source, const Hint *hint);

static void answer(Server *server, const json_t *id, const json_t *params, bool wanted, PutHint *put)
{
	Arena scratch = {0};
	Message message;
	if (wanted) /* who has not asked for hints must not wait for them: editors want them at every letter */
		bring_up_to_date(server);
	const Document *document = wanted ? asked_document(server, params) : NULL;
	const WorkFolder *folder = document ? work_folder_of(&server->workspace, document->path) : NULL;
	Source *source = folder ? analyzed_source(folder, document->path) : NULL;
	Hints hints = {.arena = &scratch};
	Span asked = {0, UINT32_MAX};
	const json_t *range = json_object_get(params, "range");
	if (source) {
		Text text = {document->text.data, document->text.length};
		LspRange part = read_range(range);
		if (json_is_object(range))
			asked = (Span){(uint32_t)offset_at(text, part.start, server->client.encoding),
				       (uint32_t)offset_at(text, part.end, server->client.encoding)};
		collect(server, folder, document, &hints);
	}
	rpc_begin_answer(&message, id);
	json_open_array(&message.json, "result", JSON_ONE_LINE);
	array_each (const Hint, hint, &hints.list)
		if (hint->statement->span.start <= asked.end && asked.start <= hint->statement->span.end)
			put(server, &message.json, &scratch, source, hint);
	rpc_end(&server->rpc, &message);
	arena_free(&scratch);
}

void inlay_hints(Server *server, const json_t *id, const json_t *params)
{
	answer(server, id, params, server->workspace.settings.inlay_hints, put_hint);
}

void code_lenses(Server *server, const json_t *id, const json_t *params)
{
	answer(server, id, params, server->workspace.settings.code_lens, put_lens);
}
