/* Collects the facts of statements while a history is replayed. */
#include "commands/facts.h"
#include "replay/proof.h"

/* What an object was called when the statement reached it: the statement may rename or drop it. */
typedef struct Called {
	const Object *object;
	const char *name;
	bool old;
} Called;

typedef struct Collector {
	Arena *arena;
	FactsList *list;
	const Statement *only;    /* nobody asks about others; NULL: all are wanted */
	const Statement *running; /* whose first action was seen */
	uint32_t transaction;     /* the open one's number when it began; 0: none */
	RiskTally *risk;          /* NULL: nobody asks */
	ARRAY(Called) called;     /* of the statement that runs */
} Collector;

static const Called *called(Collector *collector, const Object *object)
{
	array_each (const Called, one, &collector->called)
		if (one->object == object)
			return one;
	return NULL;
}

static void meet(Collector *collector, const Replay *replay, const Object *object)
{
	if (!object || called(collector, object))
		return;
	Called one = {object, object_text(collector->arena, object), existed_before(replay, object)};
	array_push(collector->arena, &collector->called, one);
}

static uint32_t open_transaction(const Session *session)
{
	return session->transaction == TRANSACTION_NONE ? 0 : session->transaction_number;
}

static void see_step(void *payload, const Step *step)
{
	Collector *collector = payload;
	if (collector->only && collector->only != step->statement)
		return;
	if (collector->running != step->statement) {
		collector->running = step->statement;
		collector->transaction = open_transaction(step->replay->session);
		collector->called.count = 0;
	}
	if (collector->risk)
		risk_add(collector->risk, step);
	array_each (const LockTaken, lock, &step->effect->locks)
		meet(collector, step->replay, &lock->relation->object);
	array_each (const Work, work, &step->effect->rewrites)
		meet(collector, step->replay, &work->relation->object);
	array_each (const Work, work, &step->effect->scans)
		meet(collector, step->replay, &work->relation->object);
	array_each (const Work, work, &step->effect->builds) {
		if (work->relation)
			meet(collector, step->replay, &work->relation->object);
		if (work->table)
			meet(collector, step->replay, &work->table->object);
	}
	array_each (const Destroyed, destroyed, &step->effect->destroys)
		meet(collector, step->replay, destroyed->object);
}

static void add_name(Collector *collector, Names *names, const char *name)
{
	for (uint32_t i = 0; i < names->count; i++)
		if (same(names->items[i], name))
			return;
	array_push(collector->arena, names, name);
}

static void collect_locks(Collector *collector, const Effect *effect, StatementFacts *facts)
{
	array_each (const LockTaken, lock, &effect->locks) {
		const Called *relation = called(collector, &lock->relation->object);
		if (!relation || !relation->old)
			continue;
		LockFact *known = NULL;
		array_each (LockFact, one, &facts->locks)
			if (same(one->relation, relation->name))
				known = one;
		if (!known)
			array_push(collector->arena, &facts->locks, (LockFact){relation->name, lock->mode});
		else if (lock->mode > known->mode)
			known->mode = lock->mode;
	}
}

/* The indexes of a table that the statement made: PostgreSQL chose their names. */
static void add_new_indexes(Collector *collector, const Replay *replay, const Relation *table, StatementFacts *facts)
{
	array_each (Relation *const, index, &table->indexes)
		if ((*index)->object.made_by == replay->catalog->statement && !(*index)->object.dropped)
			add_name(collector, &facts->builds, object_text(collector->arena, &(*index)->object));
}

static void collect_builds(Collector *collector, const Replay *replay, const Effect *effect, StatementFacts *facts)
{
	array_each (const Work, work, &effect->builds) {
		/* An index that the statement makes has only a name. */
		const Relation *about = work->relation ? work->relation : work->table;
		const Called *relation = about ? called(collector, &about->object) : NULL;
		if (!relation || !relation->old)
			continue;
		if (work->name)
			add_name(collector, &facts->builds, arena_string(collector->arena, work->name));
		else if (work->relation)
			add_name(collector, &facts->builds, relation->name);
		else
			add_new_indexes(collector, replay, work->table, facts);
	}
}

static void collect_work(Collector *collector, const Work *works, uint32_t count, Names *names)
{
	for (uint32_t i = 0; i < count; i++) {
		const Called *relation = called(collector, &works[i].relation->object);
		if (relation && relation->old)
			add_name(collector, names, relation->name);
	}
}

static void collect_destroyed(Collector *collector, const Effect *effect, StatementFacts *facts)
{
	array_each (const Destroyed, destroyed, &effect->destroys) {
		const Called *object = called(collector, destroyed->object);
		if (!object || !object->old)
			continue;
		const char *what = destroyed->kind == DESTROY_ROWS     ? "rows of"
				   : destroyed->kind == DESTROY_VALUES ? "values of"
								       : object_kind_words(destroyed->object->kind);
		add_name(collector, &facts->destroys, arena_print(collector->arena, "%s %s", what, object->name));
	}
}

static void see_end(void *payload, const Replay *replay, const Statement *statement, const Effect *effect)
{
	Collector *collector = payload;
	if (collector->only && collector->only != statement)
		return;
	StatementFacts facts = {.migration = replay->migration, .script = replay->script, .statement = statement};
	/* A statement without actions took no step; nothing of it changed the transaction. */
	facts.transaction = collector->running == statement ? collector->transaction : open_transaction(replay->session);
	facts.in_transaction = facts.transaction != 0;
	facts.partial = statement->partial;
	if (effect) {
		collect_locks(collector, effect, &facts);
		collect_work(collector, effect->rewrites.items, effect->rewrites.count, &facts.rewrites);
		collect_work(collector, effect->scans.items, effect->scans.count, &facts.scans);
		collect_builds(collector, replay, effect, &facts);
		collect_destroyed(collector, effect, &facts);
		facts.forbidden_in_transaction = effect->forbidden_in_transaction;
		facts.opaque = effect->opaque;
		facts.partial = facts.partial || effect->partial || effect->opaque;
		facts.declared = effect->declared;
		for (uint32_t i = 0; i < effect->because.count; i++)
			add_name(collector, &facts.because, arena_string(collector->arena, effect->because.items[i]));
	}
	/* The proof only changes the replay for a while: it puts everything back. */
	const char *repeat = prove_statement_repeat((Replay *)replay, statement, &facts.repeat_changes);
	facts.repeat = arena_string(collector->arena, repeat);
	array_push(collector->arena, collector->list, facts);
	collector->running = NULL;
	collector->called.count = 0;
}

static void collect_script(Collector *collector, Replay *replay, const Migration *migration, const Script *script)
{
	FactsList ran = {0}, *list = collector->list;
	collector->list = &ran;
	replay->observer = (Observer){.payload = collector, .step = see_step, .statement_end = see_end};
	replay->want_effects = true;
	replay_script(replay, migration, script);
	replay->observer = (Observer){0};
	replay->want_effects = false;
	collector->list = list;
	/* What could not be parsed did not run; it is told where it stands. */
	uint32_t next = 0;
	array_each (const Statement, statement, &script->statements) {
		if (next < ran.count && ran.items[next].statement == statement) {
			array_push(collector->arena, list, ran.items[next++]);
			continue;
		}
		StatementFacts facts = {.migration = migration, .script = script, .statement = statement};
		facts.partial = facts.opaque = true;
		bool rejected = statement->state == STATEMENT_UNPARSED;
		const char *because = rejected ? "it could not be parsed" : "it is not SQL for the server";
		array_push(collector->arena, &facts.because, because);
		array_push(collector->arena, list, facts);
	}
}

void collect_script_facts(Arena *arena, Replay *replay, const Migration *migration, const Script *script, RiskTally *risk,
			  FactsList *list)
{
	Collector collector = {.arena = arena, .list = list, .risk = risk};
	collect_script(&collector, replay, migration, script);
}

static void collect_migration(Collector *collector, Replay *replay, const Migration *migration)
{
	const Script *up = migration->up, *down = migration->down;
	if (up && script_is_replayed(up)) {
		if (up->target && up->direction != DIRECTION_BASELINE && up->direction != DIRECTION_CALLBACK)
			collect_script(collector, replay, migration, up);
		else
			replay_script(replay, migration, up);
	}
	if (down && down->target && down->statements.count) {
		CatalogMark mark = catalog_mark(replay->catalog);
		uint32_t ordinal = replay->catalog->migration;
		collect_script(collector, replay, migration, down);
		catalog_undo(replay->catalog, mark);
		replay->catalog->migration = ordinal;
	}
}

void collect_facts(Arena *arena, const History *history, int version, FactsList *list)
{
	Arena scratch = {0};
	Collector collector = {.arena = arena, .list = list};
	Replay *replay = replay_new(&scratch, history, version);
	array_each (Migration *, migration, &history->migrations)
		collect_migration(&collector, replay, *migration);
	replay_free(replay);
	arena_free(&scratch);
}

bool collect_statement_facts(Arena *arena, Replay *replay, const Migration *migration, const Script *script, const Statement *statement,
			     StatementFacts *facts)
{
	FactsList list = {0};
	Collector collector = {.arena = arena, .list = &list, .only = statement};
	collect_script(&collector, replay, migration, script);
	array_each (const StatementFacts, one, &list)
		if (one->statement == statement) {
			*facts = *one;
			return true;
		}
	return false;
}
