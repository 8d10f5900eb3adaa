#include "judge/judge.h"

#include "judge/heat.h"

#include "read/lex.h"

struct Judge {
	Arena *arena;
	const History *history;
	const RuleChoice *choice;
	const RuleEntry *entries; /* of the book */
	uint32_t entry_count;
	Findings *findings;
	ARRAY(uint32_t) by_kind[ACTION_KIND_COUNT]; /* places in the book */
	ARRAY(uint32_t) of_migrations, of_failures, of_histories;
	Severity *severities; /* of every rule, for the script at hand */
	const Script **reported_in; /* of every rule: the last script in which it reported something */
	const Script *severities_for;
	Replay *replay;
	RepeatProof repeat;
	RollbackProof rollback;
	ResumeProof resume;
	const Heat *heat;
	RiskTally risk; /* of the up script so far */
	bool repeat_known, rollback_known;
	Chain *chain;          /* of histories whose tool pairs downs by group */
	CatalogMark before_up; /* open while the rules about the migration are asked */
	ActionList actions[ACTION_KIND_COUNT]; /* of the script below */
	const Script *actions_of;
	Answers answers;
	ARRAY(Candidates *) candidates;
	Map conditions;
	uint32_t opaque; /* statements that could not be read as a whole */
	const Statement *opaque_statement;
	const RuleEntry *syntax_error, *rollback_syntax_error, *unreadable_bytes, *resume_stuck, *rollback_incomplete, *rollback_fails;
};

/* --- Which rules are on ------------------------------------------------------------------------------------------------------ */

static bool listed(const char *const *list, uint32_t count, const RuleEntry *entry, bool *by_id)
{
	for (uint32_t i = 0; i < count; i++) {
		bool id = same(list[i], entry->id);
		if (id || same(list[i], "all") || same(list[i], category_word(entry->rule->category))) {
			*by_id = id;
			return true;
		}
	}
	return false;
}

static Severity severity_for(const Config *config, const RuleChoice *choice, const RuleEntry *entry, const char *relative_path)
{
	bool by_id = false;
	if (choice->select && !listed(choice->select, choice->select_count, entry, &by_id))
		return SEVERITY_OFF;
	Severity severity = entry->rule->severity;
	if (config)
		severity = config_severity(config, entry->id, category_word(entry->rule->category), severity, relative_path);
	if (severity == SEVERITY_OFF && by_id)
		severity = entry->wanted > SEVERITY_OFF ? entry->wanted : SEVERITY_WARNING;
	if (listed(choice->ignore, choice->ignore_count, entry, &by_id))
		return SEVERITY_OFF;
	return severity;
}

Severity rule_severity(Arena *arena, const Config *config, const RuleChoice *choice, const RuleEntry *entry, const char *path)
{
	return severity_for(config, choice, entry, config ? config_relative(arena, config, path) : path);
}

static void load_severities(Judge *judge, const Script *script)
{
	const Config *config = judge->history->config;
	bool same_for_all = judge->severities_for && (!config || !config->overrides.count);
	if (same_for_all || judge->severities_for == script)
		return;
	judge->severities_for = script;
	const char *path = config ? config_relative(judge->arena, config, script->source->path) : script->source->path;
	for (uint32_t i = 0; i < judge->entry_count; i++)
		judge->severities[i] = severity_for(config, judge->choice, &judge->entries[i], path);
}

Judge *judge_new(Arena *arena, const History *history, const RuleChoice *choice, Findings *findings)
{
	Judge *judge = new(arena, Judge);
	*judge = (Judge){.arena = arena, .history = history, .choice = choice, .findings = findings};
	judge->entries = choice->book->entries.items;
	judge->entry_count = choice->book->entries.count;
	judge->heat = heat_read(arena, history->config);
	judge->severities = new_array(arena, Severity, judge->entry_count);
	judge->reported_in = new_array(arena, const Script *, judge->entry_count);
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

static Context context_for(Judge *judge, const Rule *rule)
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

/* What a history may lack it lacks in its ups: downs say nothing new about it. */
static bool judged_in_downs(const Rule *rule)
{
	return (rule->category == LOCKING || rule->category == TRANSACTIONS) && !rule->when_most;
}

static void judge_step(void *payload, const Step *step)
{
	Judge *judge = payload;
	const Action *action = step->action;
	if ((action->kind == ACTION_OPAQUE || step->effect->opaque) && judge->opaque_statement != step->statement) {
		judge->opaque_statement = step->statement;
		judge->opaque++;
	}
	bool down = judge->replay->script->direction == DIRECTION_DOWN;
	memset(judge->answers.known, 0, sizeof judge->answers.known);
	if (!down)
		risk_add_step(&judge->risk, step);
	array_each (uint32_t, i, &judge->by_kind[action->kind]) {
		const Rule *rule = judge->entries[*i].rule;
		if (judge->severities[*i] == SEVERITY_OFF || (down && !judged_in_downs(rule)))
			continue;
		if (rule->once && judge->reported_in[*i] == judge->replay->script)
			continue;
		Context context = context_for(judge, rule);
		context.statement = step->statement;
		context.action = action;
		context.effect = step->effect;
		context.step = step;
		rule->check(&context, action);
	}
}

static void judge_failure(void *payload, const Step *step, const char *sqlstate)
{
	Judge *judge = payload;
	bool down = judge->replay->script->direction == DIRECTION_DOWN;
	if (step->guarded || down) /* a down that fails is the rollback proof's to tell */
		return;
	array_each (uint32_t, i, &judge->of_failures) {
		if (judge->severities[*i] == SEVERITY_OFF)
			continue;
		Context context = context_for(judge, judge->entries[*i].rule);
		context.statement = step->statement;
		context.action = step->action;
		context.step = step;
		judge->entries[*i].rule->check_failed(&context, step->action, sqlstate);
	}
}

/* The token that the parser complains about; of one that runs over lines (a quote without its end) what stands on the first. */
static Span complaint(const Source *source, const Statement *statement)
{
	Span span = {statement->error_offset, statement->error_offset};
	Lexer lexer = lexer_new(source->bytes, statement->error_offset, statement->span.end);
	Token token = lexer_any(&lexer);
	if (token.kind != TOKEN_END)
		span.end = token.span.end;
	for (uint32_t at = span.start; at < span.end; at++)
		if (source->bytes[at] == '\n' || source->bytes[at] == '\r')
			span.end = at;
	return span;
}

/* `unterminated quoted string at or near "…` repeats everything up to the end of the file: the beginning will do. */
static const char *first_words(Arena *arena, const char *message)
{
	enum { MOST = 120 };
	size_t length = strcspn(message, "\r\n");
	if (!message[length] && length <= MOST)
		return message;
	if (length > MOST)
		length = MOST;
	while (length && ((unsigned char)message[length] & 0xC0) == 0x80) /* not inside a character */
		length--;
	return arena_print(arena, "%.*s ...%s", (int)length, message, strchr(message, '"') ? "\"" : "");
}

static void judge_syntax(Judge *judge, const Script *script)
{
	const RuleEntry *entry = script->direction == DIRECTION_DOWN ? judge->rollback_syntax_error : judge->syntax_error;
	if (!entry || !script->unparsed)
		return;
	for (uint32_t i = 0; i < script->statements.count; i++) {
		const Statement *statement = &script->statements.items[i];
		if (statement->state != STATEMENT_UNPARSED)
			continue;
		Context context = context_for(judge, entry->rule);
		context.statement = statement;
		const char *message = statement->error ? first_words(judge->arena, statement->error) : "syntax error";
		report(&context, complaint(script->source, statement), "%s", message);
	}
}

/* The first byte of each kind: one is enough to go and look. */
static void judge_bytes(Judge *judge, const Script *script)
{
	const Source *source = script->source;
	if (!judge->unreadable_bytes || !(source->has_nul || source->has_invalid_utf8))
		return;
	Context context = context_for(judge, judge->unreadable_bytes->rule);
	uint32_t nul = source->first_nul, other = source->first_invalid_utf8;
	if (source->has_nul)
		report(&context, (Span){nul, nul + 1}, "a NUL byte: for most tools the file ends here");
	if (source->has_invalid_utf8)
		report(&context, (Span){other, other + 1}, "byte 0x%02X is no UTF-8", (unsigned char)source->bytes[other]);
}

static void judge_script(Judge *judge, Replay *replay, const Migration *migration, const Script *script)
{
	load_severities(judge, script);
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
		Context context = context_for(judge, judge->entries[*i].rule);
		judge->entries[*i].rule->check_migration(&context);
	}
}

static bool is_on(const Judge *judge, const RuleEntry *entry)
{
	return entry && judge->severities[entry - judge->entries] != SEVERITY_OFF;
}

static void judge_up(Judge *judge, Replay *replay, const Migration *migration)
{
	const Script *up = migration->up;
	load_severities(judge, up);
	judge->repeat_known = judge->rollback_known = false;
	judge->resume = (ResumeProof){0};
	judge->risk = (RiskTally){0};
	if (is_on(judge, judge->resume_stuck))
		judge->resume = prove_resume(replay, migration, up);
	judge->before_up = catalog_mark(replay->catalog);
	judge_script(judge, replay, migration, up);
	ask_about_migration(judge);
	catalog_keep(replay->catalog, judge->before_up);
}

/* Before each up: the chain of a history is only looked at when somebody asks about it. */
static void note_chain(Judge *judge, Replay *replay, const Migration *migration)
{
	if (!migration->by_group || !migration->up || !(is_on(judge, judge->rollback_incomplete) || is_on(judge, judge->rollback_fails)))
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
		bool linted = up->target && (up->direction == DIRECTION_UP || up->direction == DIRECTION_REPEATABLE);
		bool replayed = up->direction != DIRECTION_VERIFY && up->direction != DIRECTION_SEED && up->direction != DIRECTION_CALLBACK;
		if (linted)
			load_severities(judge, up);
		if (replayed)
			note_chain(judge, replay, migration);
		if (linted)
			judge_up(judge, replay, migration);
		else if (replayed)
			replay_script(replay, migration, up);
	}
	if (down && down->target && down->statements.count) {
		CatalogMark mark = catalog_mark(replay->catalog);
		uint32_t ordinal = replay->catalog->migration;
		judge_script(judge, replay, migration, down);
		catalog_undo(replay->catalog, mark);
		replay->catalog->migration = ordinal;
	}
}

void judge_history(Judge *judge, Replay *replay)
{
	judge->replay = replay;
	if (judge->chain)
		prove_chain(judge->chain, replay);
	replay->migration = NULL;
	replay->script = NULL;
	array_each (uint32_t, i, &judge->of_histories) {
		if (judge->severities[*i] == SEVERITY_OFF)
			continue;
		Context context = context_for(judge, judge->entries[*i].rule);
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
	return is_on(judge, rule_book_find(judge->choice->book, id));
}

Risk migration_risk(const Context *context)
{
	return risk_of(&context->judge->risk);
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

/* --- Reporting ---------------------------------------------------------------------------------------------------------------- */

static Severity one_lower(Severity severity)
{
	return severity > SEVERITY_NOTE ? severity - 1 : severity;
}

static uint32_t index_of(const Judge *judge, const Rule *rule)
{
	uint32_t i = 0;
	while (i < judge->entry_count && judge->entries[i].rule != rule)
		i++;
	return i;
}

static Finding *finding_new(Context *context, const char *format, va_list arguments)
{
	Judge *judge = context->judge;
	uint32_t index = index_of(judge, context->rule);
	Severity severity = index < judge->entry_count ? judge->severities[index] : SEVERITY_OFF;
	if (severity == SEVERITY_OFF || (context->script && !context->script->asked))
		return NULL;
	judge->reported_in[index] = context->script;
	Arena *arena = context->arena;
	Finding *finding = new(arena, Finding);
	finding->configured = judge->history->config && severity != context->rule->severity;
	finding->rule = context->rule;
	finding->severity = severity;
	finding->history = context->history->name;
	finding->message = arena_vprint(arena, format, arguments);
	array_push(arena, &finding->postgres, context->catalog->version);
	if (context->script) {
		finding->script = (Script *)context->script;
		finding->source = context->script->source;
		finding->direction = context->script->direction;
		if (finding->direction == DIRECTION_DOWN && judged_in_downs(context->rule))
			finding->severity = one_lower(severity);
	}
	if (context->migration)
		finding->migration = arena_string(arena, context->migration->version);
	if (context->effect && context->effect->partial) {
		finding->partial = true;
		array_each (const char *, because, &context->effect->because)
			array_push(arena, &finding->because, arena_string(arena, *because));
	}
	array_push(arena, &judge->findings->list, finding);
	return finding;
}

/*
 * One hazard, one finding: ADD COLUMN … serial UNIQUE rewrites the table, and that it builds an index on it as well is part of the
 * same clause. What is inside a clause that was reported for its lock is not reported again.
 */
static bool told_already(const Context *context, Span span)
{
	const Findings *findings = context->judge->findings;
	/* A rule of YAML says what it is asked to say, and takes nobody's place. */
	if (context->rule->category != LOCKING || context->rule->pattern || !context->step || context->step->called_at)
		return false;
	for (uint32_t i = findings->list.count; i-- > 0;) {
		const Finding *earlier = findings->list.items[i];
		if (earlier->statement != context->statement)
			return false;
		if (earlier->rule->category == LOCKING && !earlier->rule->pattern && earlier->span.start <= span.start && span.end <= earlier->span.end)
			return true;
	}
	return false;
}

Finding *report(Context *context, Span span, const char *format, ...)
{
	if (told_already(context, span))
		return NULL;
	va_list arguments;
	va_start(arguments, format);
	Finding *finding = finding_new(context, format, arguments);
	va_end(arguments);
	if (!finding)
		return NULL;
	finding->statement = context->statement;
	/* What a called function does is found where it is called. */
	finding->span = context->step && context->step->called_at ? context->step->called_at->span : span;
	return finding;
}

Finding *report_whole(Context *context, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	Finding *finding = finding_new(context, format, arguments);
	va_end(arguments);
	if (!finding)
		return NULL;
	finding->whole_file = true;
	if (!finding->source) {
		finding->script = first_script(context->history);
		finding->source = finding->script ? finding->script->source : NULL;
	}
	return finding;
}

/* The column whose end or new name breaks the queries that know it; NULL: the relation as a whole. */
static const char *lost_column(const Action *action)
{
	bool loses = action && (action->kind == ACTION_DROP_COLUMN || action->kind == ACTION_RENAME_COLUMN);
	return loses ? action->object : NULL;
}

static bool loses_relation(const Action *action)
{
	return action && (action->kind == ACTION_DROP_TABLE || action->kind == ACTION_RENAME_TABLE || action->kind == ACTION_DROP_VIEW);
}

static void list_queries(Finding *finding, Context *context, const HeatUse *use)
{
	enum { LISTED = 5, WIDTH = 160 };
	const Heat *heat = context->judge->heat;
	bool redact = context->history->config->heat.redact;
	for (uint32_t i = 0; i < use->queries.count && i < LISTED; i++) {
		const HotQuery *query = use->queries.items[i];
		const char *calls = count_words(context->arena, query->calls);
		const char *redacted = arena_print(context->arena, "breaks, %s calls", calls);
		if (redact)
			related(finding, context, heat->workload, query->span, "%s", redacted);
		else
			related(finding, context, heat->workload, query->span, "%s: %.*s", redacted, WIDTH, query->text);
		finding->related.items[finding->related.count - 1].redacted = redacted;
	}
}

/* Numbers move the severity both ways: nobody waits for a table of a few rows, and everybody for the one that every query reads. */
static void weigh_by_heat(Finding *finding, Context *context, const Object *relation)
{
	const Heat *heat = context->judge->heat;
	const TableHeat *table = heat_table(heat, finding->relation);
	const char *column = lost_column(context->action);
	HeatUse use = heat_use(context->arena, heat, relation->schema, relation->name, column);
	const char *words = heat_words(context->arena, heat, &use);
	bool locks = context->rule->category == LOCKING;

	if (words)
		finding->message = arena_print(context->arena, "%s (%s%s%s)", finding->message, column ? column : "", column ? " is " : "", words);
	else if (table && locks)
		finding->message = arena_print(context->arena, "%s (%s rows)", finding->message, count_words(context->arena, table->rows));
	if (words && (column || loses_relation(context->action)))
		list_queries(finding, context, &use);
	if (finding->direction == DIRECTION_DOWN)
		return;
	if (finding->hot || heat_is_hot(heat, &use)) {
		finding->hot = true;
		if (context->rule->category != COMPATIBILITY || column || loses_relation(context->action))
			finding->severity = SEVERITY_ERROR;
	} else if (locks && heat_is_tiny(table)) {
		at_most(finding, SEVERITY_NOTE);
	}
}

void about(Finding *finding, Context *context, const Object *object)
{
	if (!finding || !object)
		return;
	const Object *relation = object->kind == OBJECT_COLUMN || object->kind == OBJECT_CONSTRAINT || object->kind == OBJECT_TRIGGER ||
			object->kind == OBJECT_POLICY || object->kind == OBJECT_RULE ? object->parent : object;
	finding->object = object_text(context->arena, object);
	finding->relation = relation ? object_text(context->arena, relation) : NULL;
	bool lockable = relation && relation->kind >= OBJECT_TABLE && relation->kind <= OBJECT_SEQUENCE;
	LockMode lock = lockable && context->effect ? lock_on(context, (const Relation *)relation) : LOCK_NONE;
	finding->lock = lock == LOCK_NONE ? NULL : lock_mode_name(lock);
	finding->hot = finding->relation && context->history->config && config_is_hot(context->history->config, finding->relation);
	bool raised = context->rule->category == LOCKING || context->rule->category == DESTRUCTIVE;
	if (lockable && context->judge->heat && (raised || context->rule->category == COMPATIBILITY))
		weigh_by_heat(finding, context, relation);
	else if (finding->hot && raised && finding->direction != DIRECTION_DOWN)
		finding->severity = SEVERITY_ERROR;
}

void keeps_rule(Context *context)
{
	Findings *findings = context->judge->findings;
	for (uint32_t i = findings->kept.count; i-- > 0 && findings->kept.items[i].script == context->script;)
		if (findings->kept.items[i].rule == context->rule)
			return;
	array_push(context->arena, &findings->kept, (Kept){context->rule, context->script});
}

void at_most(Finding *finding, Severity severity)
{
	if (finding && !finding->configured && !finding->hot && finding->severity > severity)
		finding->severity = severity;
}

void detail(Finding *finding, Context *context, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	finding->detail = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
}

void instead(Finding *finding, Context *context, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	for (size_t length = strlen(text); length && text[length - 1] == '\n'; length--)
		text[length - 1] = '\0';
	finding->instead = text;
}

/* The text with the line ends of the file that it goes into. */
static const char *with_line_ends(Arena *arena, const Source *source, const char *text)
{
	const char *line_end = memchr(source->bytes, '\n', source->length);
	if (!line_end || line_end == source->bytes || line_end[-1] != '\r' || !strchr(text, '\n'))
		return arena_string(arena, text);
	Buf out = {0};
	for (const char *c = text; *c; c++)
		buf_adds(&out, *c == '\n' ? "\r\n" : (char[]){*c, '\0'});
	const char *copy = arena_copy(arena, out.data, out.length);
	buf_free(&out);
	return copy;
}

void edit(Finding *finding, EditSafety safety, Context *context, Span span, const char *text)
{
	if (!finding)
		return;
	if (safety > finding->safety || !finding->edits.count)
		finding->safety = safety;
	array_push(context->arena, &finding->edits, (Edit){span, with_line_ends(context->arena, finding->source, text)});
}

void related(Finding *finding, Context *context, Source *source, Span span, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	array_push(context->arena, &finding->related, (Related){.source = source, .span = span, .message = message});
}
