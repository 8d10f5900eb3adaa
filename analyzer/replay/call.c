#include "replay/call.h"

#include "action/fold.h"
#include "parse/parse.h"
#include "replay/declaration.h"

typedef struct CalledKey {
	const Action *call;
	const FunctionDef *routine;
} CalledKey;

typedef struct CalledBody {
	CalledKey key;
	const Action *body;
} CalledBody;

/* A parameter's default, or an argument, that is known: there is something to gain from reading an SQL body again. */
static bool knows_something(Arena *scratch, const FunctionDef *routine, const Expr *call)
{
	for (const Expr *argument = call ? call->arguments : NULL; argument; argument = argument->next)
		if (expr_fold(scratch, argument))
			return true;
	for (uint32_t i = 0; i < routine->arguments.count; i++)
		if (routine->arguments.items[i].default_expr && expr_fold(scratch, routine->arguments.items[i].default_expr))
			return true;
	return false;
}

/* Where the actions of the migration that runs are: findings and proofs that outlive the replay point to them. */
static Arena *arena_of_actions(Replay *replay)
{
	const History *history = replay->history;
	uint32_t place = replay->migration ? replay->migration->ordinal - 1 : 0;
	bool there = place < history->migrations.count && history->migrations.items[place] == replay->migration;
	return there ? &history->migrations.items[place]->arena : replay->arena;
}

static const Action *read_body(Replay *replay, const Function *function, const Action *call, Span at)
{
	const FunctionDef *routine = function->defined;
	Arena scratch = {0};
	bool plpgsql = same_nocase(routine->language, "plpgsql");
	bool gains = plpgsql || (routine->body && knows_something(&scratch, routine, call->expr));
	arena_free(&scratch);
	if (!gains)
		return routine->body;
	bool opaque = false;
	return routine_parse(arena_of_actions(replay), routine, function->object.name, call->expr, at, &opaque);
}

/* The known body of what a CALL means; kept under the call and the definition. */
static const Action *kept_body(Replay *replay, CalledKey key, const Function *function, const Declaration *declared, Span at)
{
	CalledBody *known = map_get(&replay->called, (const char *)&key, sizeof key);
	if (!known) {
		known = new(replay->arena, CalledBody);
		known->key = key;
		known->body = declared ? declared_body(arena_of_actions(replay), declared, key.call->expr, at) : read_body(replay, function, key.call, at);
		map_set(replay->arena, &replay->called, (const char *)&known->key, sizeof known->key, known);
	}
	return known->body;
}

Called called_routine(Replay *replay, const Action *call, Span at)
{
	bool several = false;
	const Declaration *declared = declaration_of(replay, call);
	if (declared)
		return (Called){kept_body(replay, (CalledKey){call, declared->routine}, NULL, declared, at), declared};
	const Function *function = find_called(replay->catalog, session_path(replay->session), call->relation, call->expr, &several);
	if (!function || !function->defined || several)
		return (Called){0};
	return (Called){kept_body(replay, (CalledKey){call, function->defined}, function, NULL, at), NULL};
}

bool leaves_unlisted(Replay *replay, const Declaration *declared, const Action *call)
{
	return declared_condition(&replay->scratch, declared, call->expr, declared->creates_unlisted) != ANSWER_NO;
}
