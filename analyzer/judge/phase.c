/* What phase an action belongs to, and how risky what it does is. */
#include "judge/phase.h"

const char *phase_word(Phase phase)
{
	static const char *const words[] = {"none", "expand", "migrate", "contract", "mixed", "unknown"};
	return words[phase];
}

const char *risk_word(Risk risk)
{
	static const char *const words[] = {"safe", "controlled", "high", "unknown"};
	return words[risk];
}

/* --- Phases ------------------------------------------------------------------------------------------------------------------ */

typedef struct MadeSearch {
	Name name;
	bool found;
} MadeSearch;

static bool look_for_making(const Action *action, void *payload)
{
	MadeSearch *search = payload;
	bool makes = action->kind == ACTION_CREATE_TABLE || action->kind == ACTION_CREATE_TABLE_AS;
	search->found = makes && same(action->relation.name, search->name.name) && same(action->relation.schema, search->name.schema);
	return !search->found;
}

/* The tables that a script makes, by name: asked about for every action of a script. */
typedef struct Made {
	Arena arena;
	Map names;
} Made;

static bool note_making(const Action *action, void *payload)
{
	Made *made = payload;
	if (action->kind == ACTION_CREATE_TABLE || action->kind == ACTION_CREATE_TABLE_AS) {
		const char *name = name_text(&made->arena, action->relation);
		map_set(&made->arena, &made->names, name, strlen(name), made);
	}
	return true;
}

/* Nobody uses yet what the script itself makes. made NULL: it is looked for. */
static bool made_here(const Script *script, Made *made, Name name)
{
	if (made) {
		ArenaMark mark = arena_mark(&made->arena);
		const char *text = name_text(&made->arena, name);
		bool found = map_get(&made->names, text, strlen(text)) != NULL;
		arena_reset(&made->arena, mark);
		return found;
	}
	MadeSearch search = {.name = name};
	for (uint32_t i = 0; i < script->statements.count && !search.found; i++)
		action_walk(script->statements.items[i].actions, look_for_making, &search);
	return search.found;
}

static bool writes_rows(const Action *action)
{
	switch (action->kind) {
	case ACTION_INSERT_ROWS:
	case ACTION_UPDATE_ROWS:
	case ACTION_DELETE_ROWS:
	case ACTION_MERGE_ROWS:
	case ACTION_TRUNCATE_TABLE:
		return true;
	case ACTION_COPY_ROWS:
		return action->copy_from;
	default:
		return false;
	}
}

static Phase phase_in(const Script *script, Made *made, const Action *action)
{
	switch (action->kind) {
	case ACTION_CREATE_TABLE:
	case ACTION_CREATE_TABLE_AS:
	case ACTION_CREATE_FOREIGN_TABLE:
	case ACTION_CREATE_INDEX:
	case ACTION_CREATE_VIEW:
	case ACTION_CREATE_MATERIALIZED_VIEW:
	case ACTION_CREATE_TYPE:
	case ACTION_CREATE_DOMAIN:
	case ACTION_CREATE_SEQUENCE:
	case ACTION_CREATE_SCHEMA:
	case ACTION_CREATE_FUNCTION:
	case ACTION_CREATE_TRIGGER:
	case ACTION_CREATE_EXTENSION:
	case ACTION_CREATE_OBJECT:
	case ACTION_ADD_ENUM_LABEL:
	case ACTION_ADD_ATTRIBUTE:
	case ACTION_ATTACH_PARTITION:
	case ACTION_SET_DEFAULT:
	case ACTION_DROP_NOT_NULL:
	case ACTION_DROP_CONSTRAINT:
		return PHASE_EXPAND;
	case ACTION_ADD_COLUMN:
		if (action->in_create || !action->column_def->not_null || action->column_def->default_expr ||
		    made_here(script, made, action->relation))
			return PHASE_EXPAND;
		return PHASE_CONTRACT;
	case ACTION_ADD_CONSTRAINT:
		return action->in_create || made_here(script, made, action->relation) ? PHASE_EXPAND : PHASE_CONTRACT;
	case ACTION_SET_NOT_NULL:
	case ACTION_ALTER_COLUMN_TYPE:
		return made_here(script, made, action->relation) ? PHASE_NONE : PHASE_CONTRACT;
	case ACTION_DROP_TABLE:
	case ACTION_DROP_COLUMN:
	case ACTION_DROP_INDEX:
	case ACTION_DROP_VIEW:
	case ACTION_DROP_MATERIALIZED_VIEW:
	case ACTION_DROP_TYPE:
	case ACTION_DROP_SEQUENCE:
	case ACTION_DROP_SCHEMA:
	case ACTION_DROP_FUNCTION:
	case ACTION_DROP_TRIGGER:
	case ACTION_DROP_EXTENSION:
	case ACTION_DROP_OBJECT:
	case ACTION_DROP_DEFAULT:
	case ACTION_DROP_ATTRIBUTE:
	case ACTION_DETACH_PARTITION:
	case ACTION_RENAME_TABLE:
	case ACTION_RENAME_COLUMN:
	case ACTION_RENAME_ENUM_LABEL:
	case ACTION_RENAME_OBJECT:
	case ACTION_SET_SCHEMA:
		return PHASE_CONTRACT;
	case ACTION_OPAQUE:
		return PHASE_UNKNOWN;
	default:
		return writes_rows(action) ? PHASE_MIGRATE : PHASE_NONE;
	}
}

Phase action_phase(const Script *script, const Action *action)
{
	return phase_in(script, NULL, action);
}

typedef struct PhaseSearch {
	const Script *script;
	Made made;
	Phases phases;
} PhaseSearch;

static bool add_phase(const Action *action, void *payload)
{
	PhaseSearch *search = payload;
	Phase phase = phase_in(search->script, &search->made, action);
	search->phases.expands = search->phases.expands || phase == PHASE_EXPAND;
	search->phases.migrates = search->phases.migrates || phase == PHASE_MIGRATE;
	search->phases.contracts = search->phases.contracts || phase == PHASE_CONTRACT;
	search->phases.unknown = search->phases.unknown || phase == PHASE_UNKNOWN;
	return true;
}

Phases script_phases(const Script *script)
{
	PhaseSearch search = {.script = script};
	array_each (const Statement, statement, &script->statements)
		action_walk(statement->actions, note_making, &search.made);
	array_each (const Statement, statement, &script->statements) {
		search.phases.unknown = search.phases.unknown || statement->state == STATEMENT_UNPARSED;
		action_walk(statement->actions, add_phase, &search);
	}
	arena_free(&search.made.arena);
	return search.phases;
}

Phase phase_of(Phases phases)
{
	if (phases.unknown)
		return PHASE_UNKNOWN;
	if (phases.expands + phases.migrates + phases.contracts > 1)
		return PHASE_MIXED;
	return phases.expands ? PHASE_EXPAND : phases.migrates ? PHASE_MIGRATE : phases.contracts ? PHASE_CONTRACT : PHASE_NONE;
}

/* --- Risk -------------------------------------------------------------------------------------------------------------------- */

/*
 * High: something that existed is lost, or is rewritten, read or indexed while others wait for it. Controlled: others wait for a
 * moment, or rows change. Safe is only what is known to do neither.
 */
void risk_add(RiskTally *tally, bool destroys, bool blocks, bool works, bool writes)
{
	if (destroys || (blocks && works))
		tally->risk = RISK_HIGH;
	else if (tally->risk == RISK_SAFE && (blocks || writes))
		tally->risk = RISK_CONTROLLED;
}

static bool any_old(const Replay *replay, const Work *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const Relation *table = items[i].table ? items[i].table : items[i].relation;
		if (table && existed_before(replay, &table->object))
			return true;
	}
	return false;
}

void risk_add_step(RiskTally *tally, const Step *step)
{
	const Replay *replay = step->replay;
	const Effect *effect = step->effect;
	bool destroys = false, blocks = false;

	array_each (const Destroyed, destroyed, &effect->destroys)
		destroys = destroys || existed_before(replay, destroyed->object);
	array_each (const LockTaken, lock, &effect->locks)
		blocks = blocks || (blocks_writes(lock->mode) && existed_before(replay, &lock->relation->object));
	bool works = any_old(replay, effect->rewrites.items, effect->rewrites.count) ||
		     any_old(replay, effect->scans.items, effect->scans.count) ||
		     any_old(replay, effect->builds.items, effect->builds.count);
	risk_add(tally, destroys, blocks, works, writes_rows(step->action));
	tally->unknown = tally->unknown || effect->opaque || step->action->kind == ACTION_OPAQUE;
}

Risk risk_of(const RiskTally *tally)
{
	return tally->unknown && tally->risk != RISK_HIGH ? RISK_UNKNOWN : tally->risk;
}
