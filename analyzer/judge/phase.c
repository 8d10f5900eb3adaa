/* What phase an action belongs to. */
#include "judge/phase.h"

const char *phase_word(Phase phase)
{
	static const char *const words[] = {"none", "expand", "migrate", "contract", "mixed", "unknown"};
	return words[phase];
}

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

/* An INSERT that does not name the column fails. */
static bool wants_value(const ColumnDef *column)
{
	return column->not_null && !column->default_expr && !column->serial && !column->identity && !column->generated;
}

/* It is added without a look at what is there: the rows are put right, and it is validated, in the phases that follow. */
static bool reads_no_rows(const ConstraintDef *constraint)
{
	return constraint->not_valid || constraint->not_enforced || constraint->using_index;
}

/* The configuration's phase for the kind of action; PHASE_UNKNOWN: it has none. */
static Phase configured(const Config *config, ActionKind kind)
{
	static const Phase phases[] = {PHASE_NONE, PHASE_EXPAND, PHASE_MIGRATE, PHASE_CONTRACT};
	for (uint32_t i = config ? config->phases.count : 0; i > 0; i--)
		for (size_t phase = 0; phase < LENGTH(phases); phase++)
			if (same(config->phases.items[i - 1].action, action_word(kind)) &&
			    same(config->phases.items[i - 1].word, phase_word(phases[phase])))
				return phases[phase];
	return PHASE_UNKNOWN;
}

Phase kind_phase(const Config *config, const Action *action)
{
	Phase said = action->in_create ? PHASE_UNKNOWN : configured(config, action->kind);
	if (said != PHASE_UNKNOWN)
		return said;
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
		return action->in_create || !wants_value(action->column_def) ? PHASE_EXPAND : PHASE_CONTRACT;
	case ACTION_ADD_CONSTRAINT:
		return action->in_create || reads_no_rows(action->constraint) ? PHASE_EXPAND : PHASE_CONTRACT;
	case ACTION_SET_NOT_NULL:
	case ACTION_ALTER_COLUMN_TYPE:
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

/* What takes from a table that the script itself makes takes nothing from anybody. */
static Phase phase_in(const Config *config, const Script *script, Made *made, const Action *action)
{
	Phase phase = kind_phase(config, action);
	bool adds = action->kind == ACTION_ADD_COLUMN || action->kind == ACTION_ADD_CONSTRAINT;
	bool changes = action->kind == ACTION_SET_NOT_NULL || action->kind == ACTION_ALTER_COLUMN_TYPE;
	if (phase == PHASE_CONTRACT && (adds || changes) && made_here(script, made, action->relation))
		return adds ? PHASE_EXPAND : PHASE_NONE;
	return phase;
}

bool is_noticed_by_code(const Config *config, const Script *script, const Action *action)
{
	bool tightens = action->kind == ACTION_ADD_CONSTRAINT && !action->in_create && !made_here(script, NULL, action->relation);
	return tightens || action_phase(config, script, action) == PHASE_CONTRACT;
}

Phase action_phase(const Config *config, const Script *script, const Action *action)
{
	return phase_in(config, script, NULL, action);
}

typedef struct PhaseSearch {
	const Config *config;
	const Script *script;
	Made made;
	Phases phases;
} PhaseSearch;

static bool add_phase(const Action *action, void *payload)
{
	PhaseSearch *search = payload;
	Phase phase = phase_in(search->config, search->script, &search->made, action);
	search->phases.expands = search->phases.expands || phase == PHASE_EXPAND;
	search->phases.migrates = search->phases.migrates || phase == PHASE_MIGRATE;
	search->phases.contracts = search->phases.contracts || phase == PHASE_CONTRACT;
	search->phases.unknown = search->phases.unknown || phase == PHASE_UNKNOWN;
	return true;
}

Phases script_phases(const Config *config, const Script *script)
{
	PhaseSearch search = {.config = config, .script = script};
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
