/* The rules that are on, asked about each action, each migration and the history while it is replayed. */
#include "judge/inside.h"

Judge *judge_new(Arena *arena, const History *history, const RuleChoice *choice, Findings *findings)
{
	Judge *judge = new(arena, Judge);
	*judge = (Judge){.arena = arena, .history = history, .choice = choice, .findings = findings};
	judge->entries = choice->book->entries.items;
	judge->entry_count = choice->book->entries.count;
	judge->heat = choice->heat;
	judge->severities = new_array(arena, Severity, judge->entry_count);
	judge->reported_in = new_array(arena, const Script *, judge->entry_count);
	judge->reported_for = new_array(arena, const Statement *, judge->entry_count);
	judge->syntax_error = rule_book_find(choice->book, "syntax-error");
	judge->rollback_syntax_error = rule_book_find(choice->book, "rollback-syntax-error");
	judge->unreadable_bytes = rule_book_find(choice->book, "source-unreadable-bytes");
	judge->rollback_incomplete = rule_book_find(choice->book, "rollback-incomplete");
	judge->rollback_fails = rule_book_find(choice->book, "rollback-fails");
	judge->resume_stuck = rule_book_find(choice->book, "resume-stuck");
	for (uint32_t i = 0; i < judge->entry_count; i++) {
		const Rule *rule = judge->entries[i].rule;
		for (const ActionKind *kind = rule->on; kind && *kind != ACTION_NONE; kind++)
			array_push(arena, &judge->by_kind[*kind], i);
		if (rule->check_migration)
			array_push(arena, &judge->of_migrations, i);
		if (rule->check_verify)
			array_push(arena, &judge->of_verifies, i);
		if (rule->check_failed)
			array_push(arena, &judge->of_failures, i);
		if (rule->check_history)
			array_push(arena, &judge->of_histories, i);
	}
	return judge;
}

uint32_t judge_opaque_count(const Judge *judge)
{
	return judge->opaque;
}

/* --- What rules look at ----------------------------------------------------------------------------------------------------- */

static bool list_action(const Action *action, void *payload)
{
	Judge *judge = payload;
	array_push(judge->arena, &judge->actions[action->kind], action);
	return true;
}

const ActionList *judge_actions(Judge *judge, ActionKind kind)
{
	const Script *script = judge->replay->script;
	if (judge->actions_of != script) {
		judge->actions_of = script;
		for (ActionKind one = 0; one < ACTION_KIND_COUNT; one++)
			judge->actions[one].count = 0;
		array_each (Statement, statement, &script->statements)
			action_walk(statement->actions, list_action, judge);
	}
	return &judge->actions[kind];
}

Candidates *judge_candidates(Judge *judge, const void *of)
{
	array_each (Candidates *, known, &judge->candidates)
		if ((*known)->of == of)
			return *known;
	Candidates *made = new(judge->arena, Candidates);
	made->of = of;
	array_push(judge->arena, &judge->candidates, made);
	return made;
}

Answers *judge_answers(Judge *judge)
{
	return &judge->answers;
}

Map *judge_conditions(Judge *judge)
{
	return &judge->conditions;
}

Arena *judge_arena(Judge *judge)
{
	return judge->arena;
}

Arena *judge_scratch(Judge *judge)
{
	return &judge->replay->scratch;
}

/* --- Asking ------------------------------------------------------------------------------------------------------------------ */

Context judge_context(Judge *judge, const Rule *rule)
{
	const Replay *replay = judge->replay;
	return (Context){
		.rule = rule,
		.replay = replay,
		.catalog = replay->catalog,
		.session = replay->session,
		.history = judge->history,
		.migration = replay->migration,
		.script = replay->script,
		.arena = judge->arena,
		.judge = judge,
	};
}

bool judged_in_downs(const Rule *rule)
{
	return (rule->category == LOCKING || rule->category == TRANSACTIONS) && !rule->when_most;
}

static void judge_step(void *payload, const Step *step)
{
	Judge *judge = payload;
	const Action *action = step->action;
	if ((action->kind == ACTION_OPAQUE || step->effect->opaque) && judge->opaque_statement != step->statement &&
	    judge->replay->script != judge->passed_over) {
		judge->opaque_statement = step->statement;
		judge->opaque++;
	}
	bool down = judge->replay->script->direction == DIRECTION_DOWN;
	memset(judge->answers.known, 0, sizeof judge->answers.known);
	judge->subject.action = NULL;
	if (!down)
		risk_add(&judge->risk, step);
	Context asked = judge_context(judge, NULL);
	asked.statement = step->statement;
	asked.action = action;
	asked.effect = step->effect;
	asked.step = step;
	array_each (uint32_t, i, &judge->by_kind[action->kind]) {
		const Rule *rule = judge->entries[*i].rule;
		if (judge->severities[*i] == SEVERITY_OFF || (down && !judged_in_downs(rule)))
			continue;
		if (rule->once && judge->reported_in[*i] == judge->replay->script)
			continue;
		if (rule->once_a_statement && judge->reported_for[*i] == step->statement)
			continue;
		Context context = asked;
		context.rule = rule;
		rule->check(&context, action);
	}
	judge->subject.action = NULL;
}

static void judge_failure(void *payload, const Step *step, const char *sqlstate)
{
	Judge *judge = payload;
	bool down = judge->replay->script->direction == DIRECTION_DOWN;
	if (step->guarded || down) /* a down that fails is the rollback proof's to tell */
		return;
	judge->subject.action = NULL;
	array_each (uint32_t, i, &judge->of_failures) {
		if (judge->severities[*i] == SEVERITY_OFF)
			continue;
		Context context = judge_context(judge, judge->entries[*i].rule);
		context.statement = step->statement;
		context.action = step->action;
		context.step = step;
		judge->entries[*i].rule->check_failed(&context, step->action, sqlstate);
	}
}

static void judge_script(Judge *judge, Replay *replay, const Migration *migration, const Script *script)
{
	judge_load_severities(judge, script);
	judge->replay = replay;
	replay->observer = (Observer){.payload = judge, .step = judge_step, .failed = judge_failure};
	replay->want_effects = true;
	/* What the session is set to when a script starts is asked for by rules about it: replay first, then the whole. */
	replay->migration = migration;
	replay->script = script;
	judge_bytes(judge, script);
	judge_syntax(judge, script);
	replay_script(replay, migration, script);
	replay->observer = (Observer){0};
	replay->want_effects = false;
}

static void ask_about_migration(Judge *judge)
{
	array_each (uint32_t, i, &judge->of_migrations) {
		if (judge->severities[*i] == SEVERITY_OFF)
			continue;
		Context context = judge_context(judge, judge->entries[*i].rule);
		judge->entries[*i].rule->check_migration(&context);
	}
}

static void judge_up(Judge *judge, Replay *replay, const Migration *migration)
{
	const Script *up = migration->up;
	judge_load_severities(judge, up);
	judge->repeat_known = judge->rollback_known = false;
	judge->resume = (ResumeProof){0};
	judge->risk = (RiskTally){.heat = judge->heat, .unknown = up->unparsed || up->set_aside};
	if (judge_is_on(judge, judge->resume_stuck))
		judge->resume = prove_resume(replay, migration, up);
	judge->before_up = catalog_mark(replay->catalog);
	judge_script(judge, replay, migration, up);
	ask_about_migration(judge);
	catalog_keep(replay->catalog, judge->before_up);
}

/* A script that only looks: nothing of it stays. */
static void judge_verify(Judge *judge, Replay *replay, const Migration *migration)
{
	judge_load_severities(judge, migration->up);
	replay->migration = migration;
	replay->script = migration->up;
	judge_bytes(judge, migration->up);
	judge_syntax(judge, migration->up);
	array_each (uint32_t, i, &judge->of_verifies) {
		if (judge->severities[*i] == SEVERITY_OFF)
			continue;
		Context context = judge_context(judge, judge->entries[*i].rule);
		judge->entries[*i].rule->check_verify(&context);
	}
}

/* Before each up: the chain of a history is only looked at when somebody asks about it. */
static void note_chain(Judge *judge, Replay *replay, const Migration *migration)
{
	if (!migration->by_group || !migration->up || !(judge_is_on(judge, judge->rollback_incomplete) || judge_is_on(judge, judge->rollback_fails)))
		return;
	if (!judge->chain)
		judge->chain = chain_new(judge->arena);
	chain_add(judge->chain, replay, migration);
}

void judge_migration(Judge *judge, Replay *replay, const Migration *migration)
{
	const Script *up = migration->up, *down = migration->down;
	judge->replay = replay;
	if (up) {
		/* What is said of a rollback is proved with its migration. */
		judge->passed_over = !up->target && down && down->target ? up : NULL;
		bool linted = (up->target || judge->passed_over) && (up->direction == DIRECTION_UP || up->direction == DIRECTION_REPEATABLE);
		bool replayed = script_is_replayed(up);
		if (linted)
			judge_load_severities(judge, up);
		if (replayed)
			note_chain(judge, replay, migration);
		if (linted)
			judge_up(judge, replay, migration);
		else if (replayed)
			replay_script(replay, migration, up);
		else if (up->target && up->direction == DIRECTION_VERIFY)
			judge_verify(judge, replay, migration);
	}
	if (down && down->target && down->statements.count) {
		CatalogMark mark = catalog_mark(replay->catalog);
		uint32_t ordinal = replay->catalog->migration;
		judge_script(judge, replay, migration, down);
		catalog_undo(replay->catalog, mark);
		replay->catalog->migration = ordinal;
	}
}

bool judge_needs_end(const Judge *judge)
{
	return judge->chain || judge->history->dump;
}

void judge_history(Judge *judge, Replay *replay)
{
	judge->replay = replay;
	if (judge->chain)
		prove_chain(judge->chain, replay);
	replay->migration = NULL;
	replay->script = NULL;
	if (!judge->severities_for)
		judge_load_severities(judge, NULL);
	array_each (uint32_t, i, &judge->of_histories) {
		if (judge->severities[*i] == SEVERITY_OFF)
			continue;
		Context context = judge_context(judge, judge->entries[*i].rule);
		judge->entries[*i].rule->check_history(&context);
	}
}

RepeatProof repeat_proof(const Context *context)
{
	Judge *judge = context->judge;
	if (!judge->repeat_known) {
		judge->repeat = prove_repeat(judge->replay, context->migration, context->script);
		judge->repeat_known = true;
	}
	return judge->repeat;
}

RollbackProof rollback_proof(const Context *context)
{
	Judge *judge = context->judge;
	if (!judge->rollback_known) {
		judge->rollback = prove_rollback(judge->arena, judge->replay, context->migration, judge->before_up);
		judge->rollback_known = true;
	}
	return judge->rollback;
}

const ChainLink *rollback_chain(const Context *context, const Migration *migration)
{
	const Chain *chain = context->judge->chain;
	return chain ? chain_link(chain, migration) : NULL;
}

bool rule_is_on(const Context *context, const char *id)
{
	const Judge *judge = context->judge;
	return judge_is_on(judge, rule_book_find(judge->choice->book, id));
}

Risk migration_risk(const Context *context, const Action **action, const char **because)
{
	const RiskTally *tally = &context->judge->risk;
	if (action)
		*action = tally->action;
	if (because)
		*because = tally->because;
	return risk_of(tally);
}

bool migration_destroys(const Context *context)
{
	return context->judge->risk.destroys;
}

const char *allowed_risk(const Context *context)
{
	return context->judge->choice->max_risk;
}

const Heat *judge_heat(const Context *context)
{
	return context->judge->heat;
}

const char *judge_today(const Context *context)
{
	return context->judge->choice->today;
}

ResumeProof resume_proof(const Context *context)
{
	return context->judge->resume;
}
