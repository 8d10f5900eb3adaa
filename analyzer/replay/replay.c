#include "replay/replay.h"

#include "replay/call.h"
#include "replay/guard.h"

/* https://www.postgresql.org/docs/current/runtime-config-client.html: without a setting, "$user", public. */
static const char DEFAULT_SEARCH_PATH[] = "\"$user\", public";

enum {
	DEEPEST_CALL = 16,        /* functions that call functions */
	MOST_CALLED = 10000,      /* actions of the bodies that one statement runs */
	DOWN_SCRIPT = 1u << 30,   /* marks the migration's ordinal while its down runs: what its up made is old for it */
};

/* What the actions of one statement share while they run. */
typedef struct Running {
	const Statement *statement;
	const Action *list;       /* the first action of the innermost SQL statement */
	const Action *called_at;
	Effect *effect;           /* of the whole statement so far */
	uint32_t calls;           /* depth */
	uint32_t called;          /* actions of all bodies so far */
	uint32_t tries;           /* depth of blocks with handlers */
	bool in_block, in_loop, guarded;
	bool table_was_there;     /* CREATE TABLE IF NOT EXISTS found one: its columns and constraints are not made */
} Running;

typedef enum Flow {
	FLOW_NEXT,
	FLOW_RETURN, /* out of the function or DO block */
	FLOW_FAIL,
} Flow;

static Flow run_list(Replay *replay, Running *running, const Action *first);
static Flow run_action(Replay *replay, Running *running, const Action *action);

/* --- Life ------------------------------------------------------------------------------------------------------------------ */

static void configure_session(Replay *replay)
{
	session_configure(replay->session, "search_path", DEFAULT_SEARCH_PATH);
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

bool existed_before(const Replay *replay, const Object *object)
{
	if (object->kind == OBJECT_TABLE && ((const Relation *)object)->persistence == 't')
		return false;
	if (object->kind == OBJECT_INDEX && ((const Relation *)object)->table && object != &((const Relation *)object)->table->object &&
	    !existed_before(replay, &((const Relation *)object)->table->object))
		return false;
	uint32_t made_in = object->made_in;
	if (!made_in)
		return true;
	if (made_in == replay->catalog->migration)
		return false;
	const History *history = replay->history;
	if (!history->has_frontier || !replay->migration || replay->migration->released)
		return true;
	uint32_t ordinal = made_in & ~(uint32_t)DOWN_SCRIPT;
	return ordinal > history->migrations.count || history->migrations.items[ordinal - 1]->released;
}

/* --- Order within ALTER TABLE -------------------------------------------------------------------------------------------------- */

/* The passes of ATRewriteCatalogs (PostgreSQL's src/backend/commands/tablecmds.c): drops first, other constraints last. */
static int alter_pass(const Action *action)
{
	switch (action->kind) {
	case ACTION_DROP_COLUMN:
	case ACTION_DROP_CONSTRAINT:
	case ACTION_DROP_NOT_NULL:
	case ACTION_DROP_IDENTITY:
	case ACTION_DROP_EXPRESSION:
	case ACTION_DROP_DEFAULT:
		return 0;
	case ACTION_ALTER_COLUMN_TYPE:
		return 1;
	case ACTION_ADD_COLUMN:
		return 4;
	case ACTION_SET_EXPRESSION:
		return 5;
	case ACTION_SET_NOT_NULL:
	case ACTION_SET_IDENTITY:
		return 6;
	case ACTION_ADD_CONSTRAINT:
		switch (action->constraint ? action->constraint->kind : CONSTRAINT_NONE) {
		case CONSTRAINT_PRIMARY_KEY:
		case CONSTRAINT_UNIQUE:
		case CONSTRAINT_EXCLUSION:
			return 7;
		default:
			return 9;
		}
	case ACTION_SET_DEFAULT:
	case ACTION_ADD_IDENTITY:
		return 9;
	default:
		return 10;
	}
}

/* The actions of one ALTER TABLE in the order in which PostgreSQL does them. */
static const Action **in_passes(Arena *arena, const Action *first, uint32_t *count)
{
	uint32_t n = 0;
	for (const Action *action = first; action && action->in_alter; action = action->next)
		n++;
	const Action **order = new_array(arena, const Action *, n);
	uint32_t filled = 0;
	for (int pass = 0; pass <= 10 && filled < n; pass++)
		for (const Action *action = first; action && action->in_alter; action = action->next)
			if (alter_pass(action) == pass)
				order[filled++] = action;
	*count = n;
	return order;
}

/* --- One action --------------------------------------------------------------------------------------------------------------- */

static void hold_locks(Replay *replay, const Running *running, const Effect *effect)
{
	array_each (LockTaken, lock, &effect->locks)
		session_hold(replay->session, lock->relation, lock->mode, running->statement->span);
}

/* Shows the action to whoever wants its effect, before anything changes. */
static const Effect *show(Replay *replay, Running *running, const Action *action)
{
	if (!replay->want_effects)
		return NULL;
	Effect *effect = new(&replay->scratch, Effect);
	EffectContext context = {replay->catalog, replay->session, &replay->scratch, running->list};
	effect_of(&context, action, effect);
	if (running->statement->partial) {
		effect->partial = true;
		array_push(&replay->scratch, &effect->because, running->statement->templated ? "a template's value is not configured"
											     : "a part of the statement was not understood");
	}
	if (effect->changes_on_repeat && !replay->changing_statement) {
		replay->changing_statement = running->statement;
		replay->changing_action = action;
	}
	replay->unknown |= replay->ran_before ? effect->repeat_unknown : effect->opaque && replay->stop_at_failure;
	if (replay->observer.step)
		replay->observer.step(replay->observer.payload, &(Step){
			.replay = replay, .action = action, .effect = effect, .statement = running->statement,
			.statement_lock = effect_statement_lock(&context, action), .called_at = running->called_at, .in_block = running->in_block,
			.in_loop = running->in_loop, .guarded = running->guarded,
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

static void savepoint_push(Replay *replay, const char *name)
{
	array_push(replay->arena, &replay->savepoints, (struct Savepoint){name, catalog_mark(replay->catalog)});
}

static void savepoints_forget(Replay *replay, uint32_t from)
{
	while (replay->savepoints.count > from)
		catalog_keep(replay->catalog, replay->savepoints.items[--replay->savepoints.count].mark);
}

static void roll_back(Replay *replay, uint32_t to)
{
	while (replay->savepoints.count > to)
		catalog_undo(replay->catalog, replay->savepoints.items[--replay->savepoints.count].mark);
}

/* The newest savepoint of that name, or count when there is none. */
static uint32_t savepoint_find(const Replay *replay, const char *name)
{
	for (uint32_t i = replay->savepoints.count; i-- > 1;)
		if (same(replay->savepoints.items[i].name, name))
			return i;
	return replay->savepoints.count;
}

static void begin_transaction(Replay *replay, TransactionState state)
{
	savepoint_push(replay, NULL);
	session_begin(replay->session, state);
}

static void end_transaction(Replay *replay, bool commit)
{
	TransactionState state = replay->session->transaction;
	if (state == TRANSACTION_NONE)
		return;
	if (commit)
		savepoints_forget(replay, 0);
	else
		roll_back(replay, 0);
	session_end(replay->session, commit);
}

/* https://www.postgresql.org/docs/current/sql-begin.html: BEGIN inside a transaction is a warning and nothing else. */
static void run_transaction_action(Replay *replay, const Action *action)
{
	Session *session = replay->session;
	TransactionState state = session->transaction;
	uint32_t at;
	switch (action->kind) {
	case ACTION_BEGIN:
		if (state == TRANSACTION_NONE)
			begin_transaction(replay, TRANSACTION_EXPLICIT);
		else if (state == TRANSACTION_IMPLICIT)
			session_begin(session, TRANSACTION_EXPLICIT);
		break;
	case ACTION_COMMIT:
	case ACTION_ROLLBACK:
		end_transaction(replay, action->kind == ACTION_COMMIT);
		if (action->chain && state != TRANSACTION_NONE)
			begin_transaction(replay, TRANSACTION_EXPLICIT);
		break;
	case ACTION_SAVEPOINT:
		if (state != TRANSACTION_NONE)
			savepoint_push(replay, action->object);
		break;
	case ACTION_RELEASE_SAVEPOINT:
		savepoints_forget(replay, savepoint_find(replay, action->object));
		break;
	case ACTION_ROLLBACK_TO_SAVEPOINT:
		at = savepoint_find(replay, action->object);
		if (at < replay->savepoints.count) {
			roll_back(replay, at);
			savepoint_push(replay, action->object);
		}
		break;
	default:
		break;
	}
}

/* From here on what is not in the catalog may exist all the same. */
static void run_opaque(Replay *replay)
{
	CHANGE(replay->catalog, replay->catalog->partial, true);
	replay->unknown |= replay->stop_at_failure;
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
	Truth truth = guard_holds(replay->catalog, replay->session, action->guard);
	if (truth != TRUTH_UNKNOWN)
		return run_list(replay, running, truth == TRUTH_TRUE ? action->body : action->otherwise);
	/*
	 * Either way is possible: both are looked at, and what fails or returns in one decides nothing. When neither fails a second
	 * time, and when neither changes anything, it does not matter which it is.
	 */
	bool guarded = running->guarded, matters = false;
	running->guarded = true;
	running->tries++;
	CatalogMark before = catalog_mark(replay->catalog);
	for (int branch = 0; branch < 2; branch++) {
		const Action *body = branch ? action->otherwise : action->body;
		if (!body || run_list(replay, running, body) != FLOW_FAIL)
			continue;
		replay->sqlstate = NULL;
		replay->failed_statement = NULL;
		replay->failed_action = NULL;
		matters = true;
	}
	matters = matters || (!replay->ran_before && changed_since(replay->catalog, before));
	replay->unknown |= matters && replay->stop_at_failure;
	catalog_keep(replay->catalog, before);
	running->tries--;
	running->guarded = guarded;
	return FLOW_NEXT;
}

static const Handler *handler_for(const Action *try, const char *sqlstate)
{
	array_each (Handler, handler, &try->handlers)
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

/* The body of a function that an earlier statement defined, run where it is called. */
static Flow run_call(Replay *replay, Running *running, const Action *action)
{
	const Action *called_at = running->called_at;
	const Action *body = called_body(replay, action, called_at ? called_at->span : action->span);
	running->called += action_count(body);
	if (running->calls >= DEEPEST_CALL || running->called > MOST_CALLED) {
		Action *opaque = new(&replay->scratch, Action);
		*opaque = (Action){.kind = ACTION_OPAQUE, .span = action->span, .value = "the function calls others without end"};
		return body ? run_action(replay, running, opaque) : FLOW_NEXT;
	}
	if (!body)
		return FLOW_NEXT;
	bool in_block = running->in_block;
	if (!called_at)
		running->called_at = action;
	running->in_block = true;
	running->calls++;
	Flow flow = run_list(replay, running, body);
	running->calls--;
	running->in_block = in_block;
	running->called_at = called_at;
	return flow == FLOW_RETURN ? FLOW_NEXT : flow;
}

/* The action ran before on the same table. */
static bool repeats(const Replay *replay, const Running *running, const Action *action)
{
	if (!replay->ran_before || running->statement - replay->script->statements.items >= replay->ran_before)
		return false;
	const Relation *table = find_relation(replay->catalog, session_path(replay->session), action->relation);
	return table && table->object.number < replay->objects_before;
}

/* What the script does with the rows of the table that an INSERT of it fills. */
typedef struct RowSearch {
	const Action *insert;
	const Relation *table;
	bool before;        /* the INSERT has not come yet */
	bool emptied;       /* all rows go before it */
	bool some_change;   /* some go or change, before it or after it */
} RowSearch;

static bool in_unique_key(const Relation *table, const char *column)
{
	array_each (Relation *const, index, &table->indexes)
		if ((*index)->unique)
			array_each (const CatalogKey, key, &(*index)->keys)
				if (!key->column || same(key->column->object.name, column))
					return true;
	return false;
}

/* An UPDATE that leaves every unique key as it is takes no row out of the way. */
static bool changes_key(const Relation *table, const Action *update)
{
	const Query *query = update->query;
	bool known = false;
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		if (use->mode != USE_UPDATE)
			continue;
		known = use->columns.count > 0;
		for (uint32_t j = 0; j < use->columns.count; j++)
			if (in_unique_key(table, use->columns.items[j]))
				return true;
	}
	return !known;
}

static bool look_for_other_rows(const Action *action, void *payload)
{
	RowSearch *search = payload;
	search->before = search->before && action != search->insert;
	if (!same(action->relation.name, search->insert->relation.name))
		return true;
	switch (action->kind) {
	case ACTION_TRUNCATE_TABLE:
	case ACTION_DELETE_ROWS:
		if (search->before && (action->kind == ACTION_TRUNCATE_TABLE || !action->has_where))
			search->emptied = true;
		else
			search->some_change = true;
		break;
	case ACTION_UPDATE_ROWS:
		search->some_change = search->some_change || changes_key(search->table, action);
		break;
	case ACTION_MERGE_ROWS:
		search->some_change = true;
		break;
	default:
		break;
	}
	return true;
}

static RowSearch look_at_rows(const Replay *replay, const Action *insert)
{
	RowSearch search = {.insert = insert, .before = true};
	search.table = find_relation(replay->catalog, session_path(replay->session), insert->relation);
	array_each (const Statement, statement, &replay->script->statements)
		action_walk(statement->actions, look_for_other_rows, &search);
	return search;
}

static Flow run_action(Replay *replay, Running *running, const Action *action)
{
	if (action->in_create && running->table_was_there)
		return FLOW_NEXT;
	if (action->kind == ACTION_CREATE_TABLE)
		running->table_was_there = action->if_not_exists &&
			find_relation(replay->catalog, session_path(replay->session), action->relation);
	const Effect *effect = show(replay, running, action);
	bool in_transaction = replay->session->transaction != TRANSACTION_NONE || running->in_block;
	if (effect && effect->refused_on_repeat && repeats(replay, running, action)) {
		RowSearch rows = look_at_rows(replay, action);
		if (!rows.emptied && !rows.some_change)
			return fail(replay, running, action, "23505");
		replay->unknown |= !rows.emptied;
	}
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
	case ACTION_CALL:
		return run_call(replay, running, action);
	case ACTION_RETURN:
		return running->guarded || running->in_loop ? FLOW_NEXT : FLOW_RETURN;
	case ACTION_RAISE:
		return same(action->value, "exception") && !running->guarded && !running->in_loop
			? fail(replay, running, action, "P0001") : FLOW_NEXT;
	case ACTION_OPAQUE:
		run_opaque(replay);
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
	for (*rest = first; *rest && (*rest)->in_alter;)
		*rest = (*rest)->next;
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

/* --- Scripts ------------------------------------------------------------------------------------------------------------------------ */

TransactionState script_wrapping(const History *history, const Script *script)
{
	const Config *config = history->config;
	switch (config ? config->runner.transaction : RUNNER_UNSET) {
	case RUNNER_MIGRATION:
	case RUNNER_RUN:
		return TRANSACTION_RUNNER;
	case RUNNER_SIMPLE_QUERY:
		return TRANSACTION_IMPLICIT;
	case RUNNER_STATEMENT:
	case RUNNER_NONE:
		return TRANSACTION_NONE;
	case RUNNER_UNSET:
		break;
	}
	return script->wrapping == WRAPPING_TRANSACTION ? TRANSACTION_RUNNER : TRANSACTION_NONE;
}

static bool shares_batch(const Script *script, uint32_t i)
{
	const Statement *statements = script->statements.items;
	return (i > 0 && statements[i - 1].batch == statements[i].batch) ||
	       (i + 1 < script->statements.count && statements[i + 1].batch == statements[i].batch);
}

void replay_start(Replay *replay, const Migration *migration, const Script *script)
{
	replay->migration = migration;
	replay->script = script;
	replay->catalog->migration = migration->ordinal | (script->direction == DIRECTION_DOWN ? (uint32_t)DOWN_SCRIPT : 0);
	replay->failed_statement = replay->changing_statement = NULL;
	replay->failed_action = replay->changing_action = NULL;
	replay->sqlstate = NULL;
	replay->unknown = false;
	replay->opaque = 0;
	replay->savepoints.count = 0;
	TransactionState wrapping = script_wrapping(replay->history, script);
	if (wrapping != TRANSACTION_NONE)
		begin_transaction(replay, wrapping);
}

/* What is sent as one simple query is parsed as a whole before anything of it runs: the first that does not parse ends it. */
static bool parses(Replay *replay, const Script *script, uint32_t i)
{
	const Statement *statements = script->statements.items;
	if (!replay->stop_at_failure || (i > 0 && statements[i - 1].batch == statements[i].batch))
		return true;
	for (uint32_t j = i; j < script->statements.count && statements[j].batch == statements[i].batch; j++) {
		if (statements[j].state == STATEMENT_UNPARSED) {
			replay->failed_statement = &statements[j];
			replay->failed_action = NULL;
			replay->sqlstate = "42601";
			return false;
		}
	}
	return true;
}

bool replay_step(Replay *replay, const Script *script, uint32_t i)
{
	const Statement *statement = &script->statements.items[i];
	if (!parses(replay, script, i))
		return false;
	if (statement->state == STATEMENT_SET_ASIDE && statement->templated)
		run_opaque(replay);
	bool batch = shares_batch(script, i);
	if (batch && replay->session->transaction == TRANSACTION_NONE)
		begin_transaction(replay, TRANSACTION_IMPLICIT);
	if (statement->state == STATEMENT_PARSED && !replay_statement(replay, statement))
		return false;
	bool batch_ends = i + 1 == script->statements.count || script->statements.items[i + 1].batch != statement->batch;
	bool of_batch = batch && replay->session->transaction == TRANSACTION_IMPLICIT;
	if (of_batch && batch_ends && script_wrapping(replay->history, script) != TRANSACTION_IMPLICIT)
		end_transaction(replay, true);
	return true;
}

/*
 * What a script set stays set for the next one when the tool keeps its connection: runner.connection. What proofs and downs set
 * is put back, and a dump's settings were never the tool's.
 */
static bool keeps_session(const Replay *replay, const Script *script)
{
	const Config *config = replay->history->config;
	bool runs = script->direction == DIRECTION_UP || script->direction == DIRECTION_REPEATABLE;
	return config && same(config->runner.connection, "run") && runs && !replay->stop_at_failure;
}

void replay_finish(Replay *replay)
{
	end_transaction(replay, true);
	if (!keeps_session(replay, replay->script))
		session_close(replay->session);
}

void replay_script(Replay *replay, const Migration *migration, const Script *script)
{
	replay_start(replay, migration, script);
	for (uint32_t i = 0; i < script->statements.count; i++)
		if (!replay_step(replay, script, i))
			break;
	replay_finish(replay);
}
