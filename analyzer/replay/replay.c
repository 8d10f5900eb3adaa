#include "replay/replay.h"

#include "action/fold.h"
#include "catalog/sqlstate.h"
#include "replay/again.h"
#include "replay/call.h"
#include "replay/guard.h"
#include "replay/lookup.h"
#include "replay/passes.h"
#include "replay/transaction.h"

/* https://www.postgresql.org/docs/current/runtime-config-client.html: without a setting, "$user", public. */
static const char DEFAULT_SEARCH_PATH[] = "\"$user\", public";

enum {
	DEEPEST_CALL = 16,        /* functions that call functions */
	MOST_CALLED = 10000,      /* actions of the bodies that one statement runs */
};

/* What the actions of one statement share while they run. */
typedef struct Running {
	const Statement *statement;
	const Action *list;       /* the first action of the innermost SQL statement */
	LockMode alter_lock;      /* of the ALTER TABLE whose parts run */
	const Action *called_at;
	Effect *effect;           /* of the whole statement so far */
	uint32_t calls;           /* depth */
	uint32_t called;          /* actions of all bodies so far */
	uint32_t tries;           /* depth of blocks with handlers */
	bool in_block, in_loop, guarded;
	bool declared;            /* inside what a function is declared to do */
	bool table_was_there;     /* CREATE TABLE IF NOT EXISTS found one: its columns and constraints are not made */
} Running;

typedef enum Flow {
	FLOW_NEXT,
	FLOW_RETURN, /* out of the function or DO block */
	FLOW_FAIL,
} Flow;

static Flow run_list(Replay *replay, Running *running, const Action *first);

/* --- Life ------------------------------------------------------------------------------------------------------------------ */

static void configure_session(Replay *replay)
{
	const char *schema = replay->history->schema, *search_path = DEFAULT_SEARCH_PATH;
	if (schema) {
		const Action make = {.kind = ACTION_CREATE_SCHEMA, .relation.name = schema, .if_not_exists = true};
		catalog_apply(replay->catalog, session_path(replay->session), &make);
		search_path = arena_print(replay->arena, "\"%s\", %s", schema, DEFAULT_SEARCH_PATH);
	}
	session_configure(replay->session, "search_path", search_path);
	const Config *config = replay->history->config;
	for (uint32_t i = 0; config && i < config->session.count; i++)
		session_configure(replay->session, config->session.items[i].name, config->session.items[i].value);
}

Replay *replay_new(Arena *arena, const History *history, int version)
{
	Replay *replay = new(arena, Replay);
	replay->arena = arena;
	replay->history = history;
	replay->catalog = catalog_new(&replay->catalog_arena, version);
	replay->catalog->closed = history->closed;
	replay->catalog->shared = true;
	replay->session = session_new(replay->catalog);
	configure_session(replay);
	return replay;
}

void replay_free(Replay *replay)
{
	arena_free(&replay->scratch);
	arena_free(&replay->catalog_arena);
}

/* --- One action --------------------------------------------------------------------------------------------------------------- */

static void hold_locks(Replay *replay, const Running *running, const Effect *effect)
{
	array_each (LockTaken, lock, &effect->locks)
		session_hold(replay->session, lock->relation, lock->mode, running->statement->span);
}

/* What a proof comes to can no longer be known. */
static void doubt(Replay *replay, const Statement *statement, const char *because)
{
	if (replay->unknown || !replay->stop_at_failure)
		return;
	replay->unknown = because;
	replay->unknown_statement = statement;
}

static const char *partial_because(const Statement *statement)
{
	return statement->templated ? UNREAD_TEMPLATE : "a part of the statement was not understood";
}

/* Rights and roles: it could not be read, but no table is another one for it. */
static bool touches_no_table(const Action *action)
{
	return action->kind == ACTION_OPAQUE && action->object_kind == OBJECT_ROLE;
}

static const char *why_unknown(const Action *action, const Effect *effect)
{
	if (action->kind == ACTION_OPAQUE && action->value)
		return action->value;
	return effect->opaque ? "it calls what could not be read" : "what it does a second time depends on rows";
}

/* Shows the action to whoever wants its effect, before anything changes. */
static const Effect *show(Replay *replay, Running *running, const Action *action, const Called *called)
{
	if (!replay->want_effects)
		return NULL;
	Effect *effect = new(&replay->scratch, Effect);
	EffectContext context = {replay->catalog, replay->session, &replay->scratch, running->list, called->body, called->declared,
				 running->alter_lock};
	effect_of(&context, action, effect);
	effect->declared |= running->declared;
	if (running->statement->partial) {
		effect->partial = true;
		array_push(&replay->scratch, &effect->because, partial_because(running->statement));
	}
	if (effect->changes_on_repeat && !replay->changing_statement) {
		replay->changing_statement = running->statement;
		replay->changing_action = action;
	}
	if (running->statement->conditional)
		doubt(replay, running->statement, "whether it runs is decided by a template or by psql");
	else if (running->statement->partial && !running->statement->templated)
		doubt(replay, running->statement, partial_because(running->statement));
	if ((replay->ran_before ? effect->repeat_unknown : effect->opaque) && !touches_no_table(action))
		doubt(replay, running->statement, why_unknown(action, effect));
	if (replay->observer.step)
		replay->observer.step(replay->observer.payload, &(Step){
			.replay = replay, .action = action, .effect = effect, .statement = running->statement,
			.statement_lock = effect_statement_lock(&context, action), .called_at = running->called_at, .in_block = running->in_block,
			.in_loop = running->in_loop, .guarded = running->guarded, .tried = running->tries > 0,
		});
	if (running->effect)
		effect_merge(&replay->scratch, running->effect, effect);
	hold_locks(replay, running, effect);
	return effect;
}

static Flow fail(Replay *replay, Running *running, const Action *action, const char *sqlstate)
{
	if (replay->observer.failed)
		replay->observer.failed(replay->observer.payload, &(Step){.replay = replay, .action = action, .statement = running->statement,
								       .called_at = running->called_at, .in_block = running->in_block,
								       .in_loop = running->in_loop,
								       .guarded = running->guarded || running->tries},
					sqlstate);
	if (!replay->stop_at_failure && !running->tries)
		return FLOW_NEXT;
	replay->failed_statement = running->statement;
	replay->failed_action = action;
	replay->sqlstate = sqlstate;
	return FLOW_FAIL;
}

void replay_opaque(Replay *replay, const Statement *statement, const char *because)
{
	CHANGE(replay->catalog, replay->catalog->partial, true);
	doubt(replay, statement, because);
	replay->opaque++;
}

/* Whether something was written down in the journal since the mark. */
static bool changed_since(Catalog *catalog, CatalogMark before)
{
	CatalogMark now = catalog_mark(catalog);
	catalog_keep(catalog, now);
	return now.entries > before.entries;
}

static Flow run_if(Replay *replay, Running *running, const Action *action)
{
	const Action *otherwise = action->branches->otherwise;
	Truth truth = guard_holds(replay->catalog, replay->session, action->branches->guard);
	if (truth != TRUTH_UNKNOWN)
		return run_list(replay, running, truth == TRUTH_TRUE ? action->body : otherwise);
	/*
	 * Either way is possible: both are looked at, and what fails or returns in one decides nothing. When neither fails a second
	 * time, and when neither changes anything, it does not matter which it is.
	 */
	bool guarded = running->guarded, matters = false;
	running->guarded = true;
	running->tries++;
	CatalogMark before = catalog_mark(replay->catalog);
	for (int branch = 0; branch < 2; branch++) {
		const Action *body = branch ? otherwise : action->body;
		if (!body || run_list(replay, running, body) != FLOW_FAIL)
			continue;
		replay->sqlstate = NULL;
		replay->failed_statement = NULL;
		replay->failed_action = NULL;
		matters = true;
	}
	matters = matters || (!replay->ran_before && changed_since(replay->catalog, before));
	if (matters)
		doubt(replay, running->statement, "it depends on a condition that rows or the server decide");
	catalog_keep(replay->catalog, before);
	running->tries--;
	running->guarded = guarded;
	return FLOW_NEXT;
}

static const Handler *handler_for(const Action *try, const char *sqlstate)
{
	array_each (Handler, handler, &try->branches->handlers)
		array_each (const char *, condition, &handler->conditions)
			if (same(*condition, "others") || same(*condition, sqlstate) ||
			    (strlen(*condition) == 5 && ends_with(*condition, "000") && strncmp(*condition, sqlstate, 2) == 0))
				return handler;
	return NULL;
}

/* https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING */
static Flow run_try(Replay *replay, Running *running, const Action *action)
{
	CatalogMark mark = catalog_mark(replay->catalog);
	running->tries++;
	Flow flow = run_list(replay, running, action->body);
	running->tries--;
	const Handler *handler = flow == FLOW_FAIL ? handler_for(action, replay->sqlstate) : NULL;
	if (!handler) {
		catalog_keep(replay->catalog, mark);
		return flow;
	}
	catalog_undo(replay->catalog, mark);
	replay->sqlstate = NULL;
	replay->failed_statement = NULL;
	replay->failed_action = NULL;
	return run_list(replay, running, handler->body);
}

/* What a CALL or EXECUTE runs; an OPAQUE when that is too much. */
static Called what_is_called(Replay *replay, Running *running, const Action *action)
{
	const Prepared *prepared = action->kind == ACTION_EXECUTE ? session_prepared(replay->session, action->object) : NULL;
	if (prepared)
		return (Called){.body = prepared->body};
	if (action->kind != ACTION_CALL)
		return (Called){0};
	bool without_end = running->calls >= DEEPEST_CALL || running->called > MOST_CALLED;
	const Action *at = running->called_at ? running->called_at : action;
	Called called = without_end ? (Called){0} : called_routine(replay, action, at->span);
	running->called += action_count(called.body);
	if (!without_end)
		return called;
	Action *opaque = new(&replay->scratch, Action);
	*opaque = (Action){.kind = ACTION_OPAQUE, .span = action->span, .value = "functions call others without end"};
	return (Called){.body = opaque};
}

/* The body of a function that an earlier statement defined, or what one is declared to do, run where it is called. */
static Flow run_call(Replay *replay, Running *running, const Action *action, const Called *called)
{
	const Action *called_at = running->called_at;
	if (called->declared && leaves_unlisted(replay, called->declared, action))
		CHANGE(replay->catalog, replay->catalog->partial, true);
	if (!called->body)
		return FLOW_NEXT;
	bool in_block = running->in_block, declared = running->declared;
	if (!called_at)
		running->called_at = action;
	running->in_block = true;
	running->declared = declared || called->declared;
	running->calls++;
	Flow flow = run_list(replay, running, called->body);
	running->calls--;
	running->declared = declared;
	running->in_block = in_block;
	running->called_at = called_at;
	return flow == FLOW_RETURN ? FLOW_NEXT : flow;
}

/* PREPARE, EXECUTE and DEALLOCATE. */
static Flow run_prepared_statement(Replay *replay, Running *running, const Action *action, const Called *called)
{
	const Prepared *prepared = action->object ? session_prepared(replay->session, action->object) : NULL;
	bool there = prepared && prepared->body, of_this_script = prepared && prepared->script == replay->session->script;
	if (action->kind == ACTION_PREPARE && there && of_this_script)
		return fail(replay, running, action, DUPLICATE_PREPARED);
	if (action->kind != ACTION_PREPARE && prepared && !there)
		return fail(replay, running, action, UNDEFINED_PREPARED);
	if (action->kind != ACTION_EXECUTE) {
		session_prepare(replay->session, action->object, action->kind == ACTION_PREPARE ? action->body : NULL);
		return FLOW_NEXT;
	}
	if (there && !of_this_script && !replay->again)
		doubt(replay, running->statement, "another script prepared what it executes");
	for (const Expr *argument = action->expr; argument; argument = argument->next)
		if (!expr_fold(&replay->scratch, argument))
			doubt(replay, running->statement, "an argument of what was prepared is not a constant");
	return run_call(replay, running, action, called);
}

static Flow run_action(Replay *replay, Running *running, const Action *action)
{
	if (action->in_create && running->table_was_there)
		return FLOW_NEXT;
	if (action->kind == ACTION_CREATE_TABLE)
		running->table_was_there = action->if_not_exists &&
			find_relation(replay->catalog, session_path(replay->session), action->relation);
	const Called called = what_is_called(replay, running, action);
	const Effect *effect = show(replay, running, action, &called);
	bool in_transaction = replay->session->transaction != TRANSACTION_NONE || running->in_block;
	if (action->kind == ACTION_INSERT_ROWS && !replay->unknown && finds_two_rows(replay, running->statement, action))
		return fail(replay, running, action, "21000");
	bool refused = effect && effect->refused_on_repeat && !replay->unknown;
	RowsAgain again = refused ? rows_again(replay, running->statement, action) : ROWS_NEW;
	if (again == ROWS_THERE)
		return fail(replay, running, action, "23505");
	if (again == ROWS_UNSURE)
		doubt(replay, running->statement, "whether its rows are there already depends on what else the script does to them");
	bool unsure = false;
	const char *refusal = called.declared ? declared_refusal(replay, running->statement, called.declared, action, &unsure) : NULL;
	if (refusal)
		return fail(replay, running, action, refusal);
	if (unsure)
		doubt(replay, running->statement, "what a second call comes to depends on an argument that is not a constant");
	if (replay->minds_transactions && effect && effect->forbidden_in_transaction && in_transaction)
		return fail(replay, running, action, "25001");

	bool outer;
	Flow flow;
	switch (action->kind) {
	case ACTION_BEGIN:
	case ACTION_COMMIT:
	case ACTION_ROLLBACK:
	case ACTION_SAVEPOINT:
	case ACTION_RELEASE_SAVEPOINT:
	case ACTION_ROLLBACK_TO_SAVEPOINT:
		run_transaction_action(replay, action);
		return FLOW_NEXT;
	case ACTION_SET_PARAMETER:
		session_set(replay->session, action->object, action->value, action->local);
		return FLOW_NEXT;
	case ACTION_RESET_PARAMETER:
		session_reset(replay->session, action->object);
		return FLOW_NEXT;
	case ACTION_DO_BLOCK:
		outer = running->in_block;
		running->in_block = true;
		flow = run_list(replay, running, action->body);
		running->in_block = outer;
		return flow == FLOW_RETURN ? FLOW_NEXT : flow;
	case ACTION_IF:
		return run_if(replay, running, action);
	case ACTION_LOOP:
		outer = running->in_loop;
		running->in_loop = true;
		flow = run_list(replay, running, action->body);
		running->in_loop = outer;
		return flow;
	case ACTION_TRY:
		return run_try(replay, running, action);
	case ACTION_PREPARE:
	case ACTION_EXECUTE:
	case ACTION_DEALLOCATE:
		return run_prepared_statement(replay, running, action, &called);
	case ACTION_DISCARD:
		if (same(action->value, "all"))
			session_prepare(replay->session, NULL, NULL);
		return FLOW_NEXT;
	case ACTION_CALL:
		return run_call(replay, running, action, &called);
	case ACTION_RETURN:
		return running->guarded || running->in_loop ? FLOW_NEXT : FLOW_RETURN;
	case ACTION_RAISE:
		return same(action->value, "exception") && !running->guarded && !running->in_loop
			? fail(replay, running, action, "P0001") : FLOW_NEXT;
	case ACTION_OPAQUE:
		if (touches_no_table(action))
			return FLOW_NEXT;
		replay_opaque(replay, running->statement, action->value ? action->value : "it runs what could not be read");
		return FLOW_NEXT;
	default:
		break;
	}
	replay->catalog->in_block = running->in_block;
	const char *sqlstate = catalog_apply(replay->catalog, session_path(replay->session), action);
	return sqlstate ? fail(replay, running, action, sqlstate) : FLOW_NEXT;
}

/* --- Lists and statements ------------------------------------------------------------------------------------------------------- */

static Flow run_alter(Replay *replay, Running *running, const Action *first, const Action **rest)
{
	uint32_t count;
	const Action **order = in_passes(&replay->scratch, first, &count);
	running->alter_lock = effect_alter_lock(first, replay->catalog->version);
	for (const Action *part = first; part && part->in_alter; part = next_part(part))
		*rest = part->next;
	for (uint32_t i = 0; i < count; i++)
		if (run_action(replay, running, order[i]) == FLOW_FAIL)
			return FLOW_FAIL;
	return FLOW_NEXT;
}

static Flow run_list(Replay *replay, Running *running, const Action *first)
{
	const Action *list = running->list;
	Flow flow = FLOW_NEXT;
	for (const Action *action = first; action && flow == FLOW_NEXT;) {
		/* Inside blocks the list is a sequence of SQL statements; ALTER TABLE's parts belong together in both. */
		running->list = action;
		if (action->in_alter) {
			flow = run_alter(replay, running, action, &action);
			continue;
		}
		flow = run_action(replay, running, action);
		action = action->next;
	}
	running->list = list;
	return flow;
}

bool replay_statement(Replay *replay, const Statement *statement)
{
	Catalog *catalog = replay->catalog;
	catalog->statement++;
	ArenaMark scratch = arena_mark(&replay->scratch);
	Effect *effect = replay->want_effects ? new(&replay->scratch, Effect) : NULL;
	Running running = {.statement = statement, .effect = effect};
	Flow flow = run_list(replay, &running, statement->actions);
	if (replay->observer.statement_end)
		replay->observer.statement_end(replay->observer.payload, replay, statement, effect);
	if (replay->session->transaction == TRANSACTION_NONE)
		session_end(replay->session, true);
	arena_reset(&replay->scratch, scratch);
	return flow != FLOW_FAIL;
}
