#include "lint.h"

#include "judge/judge.h"
#include "replay/checkpoint.h"

static void read_each(void *payload, uint32_t place, Reading *reading)
{
	const History *history = ((History *const *)payload)[place];
	for (uint32_t i = 0; i < history->migrations.count; i++)
		reading_wait(reading, i);
}

void read_history(History *history, int jobs)
{
	fold_all(&(Folding){.histories = &history, .count = 1, .jobs = jobs, .fold = read_each, .payload = &history});
}

/* --- Folding: each history in order, on one thread ---------------------------------------------------------------------------------- */

static void count_script(Summary *summary, const Script *script)
{
	if (!script)
		return;
	summary->statements += script->statements.count;
	summary->unparsed += script->unparsed;
	summary->set_aside += script->set_aside;
}

/* The place of the first and of the last migration that something is wanted of, the latter's next one; false: of none. */
static bool find_targets(const History *history, Span *targets)
{
	*targets = (Span){0};
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		const Migration *migration = history->migrations.items[i];
		if (!(migration->up && migration->up->target) && !(migration->down && migration->down->target))
			continue;
		if (!targets->end)
			targets->start = i;
		targets->end = i + 1;
	}
	return targets->end > 0;
}

/* What judging left in the arenas of migrations that were kept from the run before. */
static void forget_judging(const History *history, uint32_t from)
{
	for (uint32_t i = from; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		if (migration->kept_from)
			arena_reset(&migration->arena, migration->read);
	}
}

typedef struct Fold {
	const History *history;
	Reading *reading; /* NULL: the migrations have been read */
	const RuleChoice *choice;
	Checkpoint *checkpoint; /* NULL: none; the history is replayed from its start */
	uint32_t opaque;        /* for the caller: statements that could not be read as a whole */
} Fold;

static void fold_version(const Fold *fold, Judge *judge, Replay *replay, uint32_t from)
{
	const History *history = fold->history;
	Span targets;
	bool any = find_targets(history, &targets);
	for (uint32_t i = from; i < history->migrations.count; i++) {
		if (fold->reading)
			reading_wait(fold->reading, i);
		if (fold->checkpoint && i == targets.start)
			checkpoint_set(fold->checkpoint, replay, i);
		if (!any || i < targets.end || judge_needs_end(judge))
			judge_migration(judge, replay, history->migrations.items[i]);
	}
	judge_history(judge, replay);
}

/* What is settled is kept in the arena; all that was made on the way there is gone. */
static void fold_history(Arena *arena, Fold *fold, int low, int high, Findings *settled)
{
	const History *history = fold->history;
	Arena working = {0};
	Findings raw = {0}, reported = {0};
	if (history->dump)
		read_migration(history->dump);
	for (uint32_t i = 0; history->gained && i < history->gained->migrations.count; i++)
		read_migration(history->gained->migrations.items[i]);
	for (int version = low; version <= high; version++) {
		Arena scratch = {0};
		uint32_t from = 0;
		Judge *judge = judge_new(&working, history, fold->choice, &raw);
		Replay *replay = fold->checkpoint ? checkpoint_start(fold->checkpoint, version, &from) : replay_new(&scratch, history, version);
		fold_version(fold, judge, replay, from);
		if (!fold->checkpoint)
			replay_free(replay);
		arena_free(&scratch);
		if (version == low)
			fold->opaque = judge_opaque_count(judge);
	}
	settle(&working, history, fold->choice, &raw, high - low + 1, &reported);
	array_each (Finding *, finding, &reported.list)
		array_push(arena, &settled->list, finding_copy(arena, *finding));
	arena_free(&working);
}

static RuleChoice rule_choice(Arena *arena, const LintOptions *options, const RuleBook *book, const History *history)
{
	return (RuleChoice){
		.book = rule_book_with(arena, book, history->config),
		.select = options->select,
		.select_count = options->select_count,
		.ignore = options->ignore,
		.ignore_count = options->ignore_count,
		.max_risk = options->max_risk,
		.today = options->today,
		.heat = heat_read(arena, history->config),
	};
}

void judge_read_history(Arena *arena, const History *history, const LintOptions *options, int low, int high, Findings *settled)
{
	const RuleBook *book = options->rules ? options->rules : rule_book(arena);
	RuleChoice choice = rule_choice(arena, options, book, history);
	forget_judging(history, 0);
	fold_history(arena, &(Fold){.history = history, .choice = &choice}, low, high, settled);
}

void versions_of(const LintOptions *options, const History *history, int *low, int *high)
{
	const Config *config = history->config;
	*low = options->postgres_low ? options->postgres_low : config && config->postgres_low ? config->postgres_low : 15;
	*high = options->postgres_low ? options->postgres_high : config && config->postgres_high ? config->postgres_high : *low;
}

static void summarize(Summary *summary, const History *history)
{
	summary->histories++;
	array_each (Migration *, item, &history->migrations) {
		const Migration *migration = *item;
		summary->migrations += migration->up && (migration->up->direction == DIRECTION_UP || migration->up->direction == DIRECTION_REPEATABLE);
		count_script(summary, migration->up);
		count_script(summary, migration->down);
	}
}

void count_findings(Run *run)
{
	Summary *summary = &run->summary;
	summary->errors = summary->warnings = summary->notes = summary->suppressed = summary->in_baseline = 0;
	array_each (Finding *, finding, &run->findings) {
		if ((*finding)->in_baseline)
			summary->in_baseline++;
		else if ((*finding)->suppressed)
			summary->suppressed++;
		else if ((*finding)->severity == SEVERITY_ERROR)
			summary->errors++;
		else if ((*finding)->severity == SEVERITY_WARNING)
			summary->warnings++;
		else
			summary->notes++;
	}
}

typedef struct Linting {
	const LintOptions *options;
	const RuleBook *book;
	struct Linted { /* what comes of each history */
		Arena arena;
		History *history;
		int low, high;
		Checkpoint *checkpoint;
		RuleChoice choice;
		Findings settled;
		Summary summary;
	} *linted;
} Linting;

/* Before any thread runs: checkpoints are all in one list. */
static void prepare(const Linting *linting, struct Linted *linted, History *history)
{
	linted->history = history;
	versions_of(linting->options, history, &linted->low, &linted->high);
	Checkpoints *checkpoints = linting->options->checkpoints;
	Span targets;
	if (checkpoints && find_targets(history, &targets))
		linted->checkpoint = checkpoint_of(checkpoints, history, targets.start, linted->low, linted->high);
	forget_judging(history, linted->checkpoint ? targets.start : 0);
}

static void lint_history(void *payload, uint32_t place, Reading *reading)
{
	const Linting *linting = payload;
	struct Linted *linted = &linting->linted[place];
	History *history = linted->history;
	linted->choice = rule_choice(&linted->arena, linting->options, linting->book, history);
	Fold fold = {.history = history, .reading = reading, .choice = &linted->choice, .checkpoint = linted->checkpoint};
	fold_history(&linted->arena, &fold, linted->low, linted->high, &linted->settled);
	summarize(&linted->summary, history);
	linted->summary.opaque = fold.opaque;
	if (!linting->options->keep_migrations)
		history_free(history);
}

/* The run gets what its next history gave. */
static void collect(Run *run, const RuleBook *book, struct Linted *linted)
{
	const Summary *summary = &linted->summary;
	Summary *sum = &run->summary;
	sum->histories += summary->histories;
	sum->migrations += summary->migrations;
	sum->statements += summary->statements;
	sum->opaque += summary->opaque;
	sum->unparsed += summary->unparsed;
	sum->set_aside += summary->set_aside;
	array_push(run->arena, &run->unknown, (struct Unknown){summary->opaque + summary->set_aside, summary->unparsed});
	array_each (Finding *, finding, &linted->settled.list)
		array_push(run->arena, &run->findings, *finding);
	if (linted->choice.book != book)
		array_each (RuleEntry, entry, &linted->choice.book->entries)
			rule_book_add(run->arena, run->rules, entry);
	arena_adopt(run->arena, &linted->arena);
}

Run *lint(Arena *arena, const Discovery *discovery, const LintOptions *options)
{
	Run *run = new(arena, Run);
	run->arena = arena;
	run->summary.files = discovery->files;
	uint32_t count = discovery->histories.count;
	Linting linting = {options, options->rules ? options->rules : rule_book(arena), new_array(arena, struct Linted, count)};
	run->rules = new(arena, RuleBook);
	array_each (RuleEntry, entry, &linting.book->entries)
		array_push(arena, &run->rules->entries, *entry);
	for (uint32_t i = 0; i < count; i++)
		prepare(&linting, &linting.linted[i], discovery->histories.items[i]);
	fold_all(&(Folding){discovery->histories.items, count, options->jobs, lint_history, &linting});
	for (uint32_t i = 0; i < count; i++)
		collect(run, linting.book, &linting.linted[i]);
	if (options->checkpoints)
		checkpoints_sweep(options->checkpoints);
	count_findings(run);
	return run;
}
