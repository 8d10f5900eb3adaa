/* How much a reviewer has to look at what a migration does. */
#include "judge/risk.h"

#include "judge/phase.h"

static const char *const risk_words[] = {"safe", "controlled", "high", "unknown"};

const char *risk_word(Risk risk)
{
	return risk_words[risk];
}

Risk risk_by_word(const char *word)
{
	Risk risk = RISK_SAFE;
	while (risk < RISK_UNKNOWN && !same(risk_words[risk], word))
		risk++;
	return risk;
}

bool risk_exceeds(Risk risk, Risk most)
{
	return risk == RISK_UNKNOWN ? most < RISK_HIGH : risk > most;
}

/* --- One action ------------------------------------------------------------------------------------------------------------------- */

/* What an action does to what existed. */
typedef struct Doing {
	bool destroys, works;
	bool blocks;    /* others wait for it */
	bool blocks_on; /* … for what an earlier statement of the transaction has locked */
	bool hot;       /* and it is a table that many use */
} Doing;

static bool any_old(const Replay *replay, const Work *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const Relation *table = items[i].table ? items[i].table : items[i].relation;
		if (table && existed_before(replay, &table->object))
			return true;
	}
	return false;
}

static bool is_hot(const RiskTally *tally, const Step *step, const Object *relation)
{
	const Config *config = step->replay->history->config;
	Arena *scratch = (Arena *)&step->replay->scratch;
	if (!tally->heat && !(config && config->heat.tables.count))
		return false;
	if (config && config_is_hot(config, object_text(scratch, relation)))
		return true;
	HeatUse use = heat_use(scratch, tally->heat, relation->schema, relation->name, NULL);
	return tally->heat && heat_is_hot(tally->heat, &use);
}

static Doing what_it_does(const RiskTally *tally, const Step *step)
{
	const Replay *replay = step->replay;
	const Effect *effect = step->effect;
	Doing doing = {0};

	array_each (const Destroyed, destroyed, &effect->destroys)
		doing.destroys = doing.destroys || existed_before(replay, destroyed->object);
	array_each (const LockTaken, lock, &effect->locks) {
		const Object *relation = &lock->relation->object;
		if (!blocks_writes(lock->mode) || !existed_before(replay, relation))
			continue;
		doing.blocks = true;
		doing.hot = doing.hot || is_hot(tally, step, relation);
	}
	doing.works = any_old(replay, effect->rewrites.items, effect->rewrites.count) ||
		      any_old(replay, effect->scans.items, effect->scans.count) ||
		      any_old(replay, effect->builds.items, effect->builds.count);
	/* A long transaction holds many locks: they are gone through where it matters, as far as the first. */
	for (uint32_t i = 0; doing.works && !doing.blocks_on && i < replay->session->locks.count; i++) {
		const HeldLock *held = &replay->session->locks.items[i];
		doing.blocks_on = blocks_writes(held->mode) && existed_before(replay, &held->relation->object);
	}
	return doing;
}

/* The configuration's class for the kind of action; RISK_UNKNOWN: it has none. */
static Risk configured(const Config *config, ActionKind kind)
{
	for (uint32_t i = config ? config->risks.count : 0; i > 0; i--)
		if (same(config->risks.items[i - 1].action, action_word(kind)))
			return risk_by_word(config->risks.items[i - 1].word);
	return RISK_UNKNOWN;
}

/* Nobody uses yet what the migration itself makes. */
static bool is_new(const Step *step)
{
	const Replay *replay = step->replay;
	const Action *action = step->action;
	if (action->in_create)
		return true;
	const Relation *relation =
		action->relation.name ? find_relation(replay->catalog, session_path(replay->session), action->relation) : NULL;
	return relation && !existed_before(replay, &relation->object);
}

static Risk computed(const Step *step, const Doing *doing, const char **because)
{
	Phase phase = kind_phase(step->replay->history->config, step->action);
	Risk risk = RISK_CONTROLLED;

	if (doing->destroys) {
		*because = "destroys what was there";
		risk = RISK_HIGH;
	} else if ((doing->blocks || doing->blocks_on) && doing->works) {
		*because = "works on a table while others wait";
		risk = RISK_HIGH;
	} else if (writes_rows(step->action)) {
		*because = "changes what is stored";
	} else if ((phase == PHASE_CONTRACT || step->action->kind == ACTION_ADD_CONSTRAINT) && !is_new(step)) {
		*because = "changes what running code relies on";
	} else if (doing->blocks && phase != PHASE_EXPAND) {
		*because = "makes others wait";
	} else {
		*because = "adds to what there is";
		risk = RISK_SAFE;
	}
	return risk;
}

void risk_add(RiskTally *tally, const Step *step)
{
	const Doing doing = what_it_does(tally, step);
	const char *because;
	Risk risk = computed(step, &doing, &because), said = configured(step->replay->history->config, step->action->kind);

	if (said != RISK_UNKNOWN && !is_new(step)) {
		because = "is of this class in the configuration";
		risk = said;
	}
	if (doing.hot && risk < RISK_HIGH) {
		because = "makes others wait for a hot table";
		risk++;
	}
	if (risk > tally->risk) {
		tally->risk = risk;
		tally->action = step->called_at ? step->called_at : step->action;
		tally->because = because;
	}
	tally->destroys = tally->destroys || doing.destroys;
	tally->unknown = tally->unknown || step->effect->opaque || step->action->kind == ACTION_OPAQUE;
}

Risk risk_of(const RiskTally *tally)
{
	return tally->unknown && tally->risk != RISK_HIGH ? RISK_UNKNOWN : tally->risk;
}
