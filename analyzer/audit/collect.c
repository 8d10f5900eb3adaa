/* What the audit says of each migration: collected while its history is replayed. */
#include "audit/audit.h"

#include "action/action.h"
#include "base/sha256.h"
#include "discover/layout.h"

/* --- Statements and locks ----------------------------------------------------------------------------------------------------------- */

static void add_lock(Arena *arena, AuditMigration *audit, const LockFact *fact, uint32_t statement)
{
	AuditLock *known = NULL;
	array_each (AuditLock, lock, &audit->locks)
		if (lock->mode == fact->mode && same(lock->relation, fact->relation))
			known = lock;
	if (!known) {
		array_push(arena, &audit->locks, (AuditLock){.relation = fact->relation, .mode = fact->mode});
		known = &audit->locks.items[audit->locks.count - 1];
	}
	array_push(arena, &known->statements, statement);
}

static void add_reason(Arena *arena, Names *because, const char *reason)
{
	for (uint32_t i = 0; i < because->count; i++)
		if (same(because->items[i], reason))
			return;
	array_push(arena, because, reason);
}

static Text sent_sql(Arena *arena, const Script *script, const Statement *statement)
{
	Text sql = statement_sql(script, statement);
	const Source *source = script->source;
	bool lives = sql.data >= source->bytes && sql.data < source->bytes + source->length;
	return lives ? sql : (Text){arena_copy(arena, sql.data, sql.length), sql.length};
}

static void add_statement(Arena *arena, AuditMigration *audit, const StatementFacts *facts)
{
	Source *source = facts->script->source;
	AuditStatement statement = {
		.line = source_position(source, facts->statement->span.start).line,
		.end_line = source_position(source, facts->statement->span.end).line,
		.tag = facts->statement->tag ? arena_string(arena, facts->statement->tag) : NULL,
		.sql = sent_sql(arena, facts->script, facts->statement),
		.transaction = facts->transaction,
		.rewrites = facts->rewrites,
		.builds = facts->builds,
		.scans = facts->scans,
		.destroys = facts->destroys,
		.forbidden_in_transaction = facts->forbidden_in_transaction,
		.repeat = facts->repeat,
		.repeat_changes = facts->repeat_changes,
		.opaque = facts->opaque,
		.partial = facts->partial,
		.declared = facts->declared,
		.because = facts->because,
	};
	array_each (const LockFact, lock, &facts->locks) {
		array_push(arena, &statement.locks, *lock);
		add_lock(arena, audit, lock, audit->statements.count + 1);
	}
	array_push(arena, &audit->statements, statement);
}

static void collect_statements(Arena *arena, const Migration *migration, const FactsList *list, RiskTally *risk, AuditMigration *audit)
{
	array_each (const StatementFacts, facts, list) {
		add_statement(arena, audit, facts);
		audit->partial = audit->partial || facts->partial;
		audit->declared = audit->declared || facts->declared;
		for (uint32_t i = 0; i < facts->because.count; i++)
			add_reason(arena, &audit->because, facts->because.items[i]);
		if (facts->opaque && !facts->because.count)
			add_reason(arena, &audit->because, "something runs that could not be read");
	}
	audit->in_transaction = script_wrapping(migration->history, migration->up) != TRANSACTION_NONE;
	array_each (const StatementFacts, facts, list)
		risk->unknown = risk->unknown || facts->opaque;
	audit->risk = risk_of(risk);
	if (risk->action)
		audit->risk_because = arena_print(arena, "line %u %s, which %s",
						  source_position(migration->up->source, risk->action->span.start).line,
						  action_description(risk->action->kind), risk->because);
	audit->phase = phase_of(script_phases(migration->history->config, migration->up));
	audit_holds(arena, audit);
}

static void count(AuditHistory *audit, const FactsList *list)
{
	array_each (const StatementFacts, facts, list) {
		audit->statements++;
		if (facts->statement->state == STATEMENT_UNPARSED)
			audit->unparsed++;
		else if (facts->statement->state == STATEMENT_SET_ASIDE)
			audit->set_aside++;
		else
			audit->opaque += facts->opaque;
	}
}

/* --- Proofs --------------------------------------------------------------------------------------------------------------------------- */

static const char *kept(Arena *arena, const char *text)
{
	return text ? arena_string(arena, text) : NULL;
}

/* The line of what a proof stopped at; 0: nowhere. */
static uint32_t line_of(const Script *script, const Statement *statement, const Action *action)
{
	if (!statement)
		return 0;
	bool unparsed = statement->state == STATEMENT_UNPARSED;
	uint32_t offset = unparsed ? statement->error_offset : action && action->span.end ? action->span.start : statement->span.start;
	return source_position(script->source, offset).line;
}

static AuditRollback rollback_of(Arena *arena, const Migration *migration, const RollbackProof *proof)
{
	AuditRollback rollback = {
		.verdict = proof->verdict,
		.sqlstate = kept(arena, proof->sqlstate),
		.line = line_of(migration->down, proof->statement, proof->action),
		.loses_data = proof->loses_data,
		.lacking = kept(arena, proof->lacking),
		.because = kept(arena, proof->because),
	};
	array_each (const Difference, difference, &proof->comparison.differences) {
		AuditDifference kept_difference = {difference->kind, kept(arena, difference->subject), kept(arena, difference->before),
						   kept(arena, difference->after)};
		array_push(arena, &rollback.differences, kept_difference);
	}
	return rollback;
}

static AuditRepeat repeat_of(Arena *arena, const Migration *migration, const RepeatProof *proof)
{
	const Action *action = proof->action;
	AuditRepeat repeat = {
		.verdict = proof->verdict,
		.sqlstate = kept(arena, proof->sqlstate),
		.line = line_of(migration->up, proof->statement, action),
		.because = kept(arena, proof->because),
	};
	if (proof->verdict == REPEAT_CHANGES && action)
		repeat.change = arena_print(arena, "%s %s", action_description(action->kind),
					    action->relation.name ? name_text(arena, action->relation) : "");
	return repeat;
}

/* --- What the migration says of itself: declared, not proved ------------------------------------------------------------------------ */

static void collect_declared(Arena *arena, const Migration *migration, AuditMigration *audit)
{
	const Config *config = migration->history->config;
	Metadata all = {0};
	metadata_read(arena, migration->up, config, &all);
	approvals_read(arena, migration, config, &all, &audit->approvals, &audit->author);
	array_each (const MetadataItem, item, &all)
		if (metadata_get(&all, item->key) == item)
			array_push(arena, &audit->metadata, *item);
}

static void collect_suppressions(Arena *arena, const Script *script, AuditMigration *audit)
{
	array_each (const Directive, directive, &script->directives) {
		if (directive->kind != DIRECTIVE_ALLOW && directive->kind != DIRECTIVE_ALLOW_FILE)
			continue;
		for (uint32_t i = 0; i < directive->rules.count; i++) {
			AuditSuppression suppression = {
				.rule = kept(arena, directive->rules.items[i].rule),
				.object = kept(arena, directive->rules.items[i].object),
				.reason = kept(arena, directive->reason),
				.until = kept(arena, directive->until),
				.file = script->source->path,
				.line = source_position(script->source, directive->span.start).line,
			};
			array_push(arena, &audit->suppressions, suppression);
		}
	}
}

static void collect_files(Arena *arena, const Migration *migration, AuditMigration *audit)
{
	const Script *up = migration->up, *down = migration->down;
	audit->version = kept(arena, migration->version);
	audit->name = kept(arena, migration->name);
	audit->has_frontier = migration->history->has_frontier;
	audit->released = migration->released;
	audit->up_file = up->source->path;
	audit->up_sha256 = sha256_hex(arena, up->source->bytes, up->source->length);
	collect_suppressions(arena, up, audit);
	if (!down)
		return;
	audit->down_file = down->source->path;
	audit->down_sha256 = sha256_hex(arena, down->source->bytes, down->source->length);
	if (down->source != up->source)
		collect_suppressions(arena, down, audit);
}

/* --- What nobody knows ------------------------------------------------------------------------------------------------------------------ */

static void add_unknown(Arena *arena, AuditMigration *audit, const char *question, const char *because)
{
	array_push(arena, &audit->not_checked, because ? arena_join(arena, question, ": ", because) : question);
}

static void collect_not_checked(Arena *arena, AuditMigration *audit)
{
	uint32_t number = 0;
	array_each (const AuditStatement, statement, &audit->statements) {
		number++;
		if (!statement->opaque && !statement->partial)
			continue;
		const char *why = statement->opaque ? "it runs something that could not be read" : "it rests on an assumption";
		for (uint32_t i = 0; i < statement->because.count; i++)
			why = arena_join(arena, why, i ? "; " : ": ", statement->because.items[i]);
		array_push(arena, &audit->not_checked, arena_print(arena, "statement %u (line %u): %s", number, statement->line, why));
	}
	if (audit->rollback.verdict == ROLLBACK_UNKNOWN)
		add_unknown(arena, audit, "whether the rollback undoes it", audit->rollback.because);
	if (audit->rollback.verdict == ROLLBACK_CONTAINED)
		array_push(arena, &audit->not_checked, "a way back: the migration says that it has none");
	if (audit->repeat.verdict == REPEAT_UNKNOWN)
		add_unknown(arena, audit, "what a second run does", audit->repeat.because);
	if (audit->resume.verdict == RESUME_UNKNOWN)
		add_unknown(arena, audit, "whether it can be run again after it breaks off", audit->resume.because);
}

/* --- Histories ----------------------------------------------------------------------------------------------------------------------------- */

typedef struct Collection {
	Arena *arena;
	Replay *replay;
	const Heat *heat;
	Chain *chain; /* NULL: the tool does not pair by group */
	AuditHistory *audit;
	ARRAY(const Migration *) migrations; /* of the audit's, in their order */
} Collection;

static void collect_migration(Collection *collection, const Migration *migration)
{
	Arena *arena = collection->arena;
	Replay *replay = collection->replay;
	AuditMigration audit = {0};
	FactsList facts = {0};
	ResumeProof resume = prove_resume(replay, migration, migration->up);
	audit.resume = (AuditResume){resume.verdict, resume.after, kept(arena, resume.sqlstate), kept(arena, resume.because)};
	CatalogMark before = catalog_mark(replay->catalog);
	RiskTally risk = {.heat = collection->heat};
	collect_script_facts(arena, replay, migration, migration->up, &risk, &facts);
	RepeatProof repeat = prove_repeat(replay, migration, migration->up);
	RollbackProof rollback = prove_rollback(arena, replay, migration, before);
	catalog_keep(replay->catalog, before);
	audit.repeat = repeat_of(arena, migration, &repeat);
	audit.rollback = rollback_of(arena, migration, &rollback);
	collect_files(arena, migration, &audit);
	collect_statements(arena, migration, &facts, &risk, &audit);
	collect_declared(arena, migration, &audit);
	collect_not_checked(arena, &audit);
	count(collection->audit, &facts);
	array_push(arena, &collection->audit->migrations, audit);
	array_push(arena, &collection->migrations, migration);
}

static bool is_wanted(Arena *arena, const AuditRange *range, const Migration *migration)
{
	if (!migration->target || (range->pending_only && migration->released))
		return false;
	for (uint32_t i = 0; i < range->version_count; i++)
		if (migration_is_called(arena, migration, range->versions[i]))
			return true;
	return !range->version_count;
}

static bool is_about(const Finding *finding, const Migration *migration)
{
	bool its_file = finding->source == migration->up->source || (migration->down && finding->source == migration->down->source);
	return its_file && (!finding->migration || same(finding->migration, migration->version));
}

static void collect_findings(Collection *collection, const Findings *findings)
{
	array_each (Finding *const, finding, &findings->list)
		for (uint32_t i = 0; i < collection->migrations.count; i++)
			if (is_about(*finding, collection->migrations.items[i])) {
				array_push(collection->arena, &collection->audit->migrations.items[i].findings, *finding);
				break;
			}
}

static void replay_history(Collection *collection, const History *history, const AuditRange *range)
{
	array_each (Migration *const, item, &history->migrations) {
		const Migration *migration = *item;
		if (!migration->up || !script_is_replayed(migration->up))
			continue;
		if (migration->up->direction == DIRECTION_CALLBACK) {
			replay_script(collection->replay, migration, migration->up);
			continue;
		}
		if (collection->chain && migration->target)
			chain_add(collection->chain, collection->replay, migration);
		if (is_wanted(collection->arena, range, migration)) {
			collect_migration(collection, migration);
			continue;
		}
		replay_script(collection->replay, migration, migration->up);
		collection->audit->replayed++;
	}
	if (!collection->chain)
		return;
	prove_chain(collection->chain, collection->replay);
	for (uint32_t i = 0; i < collection->migrations.count; i++)
		collection->audit->migrations.items[i].rollback.chain =
			chain_link(collection->chain, collection->migrations.items[i])->reverses ? "reverses" : "incomplete";
}

void audit_history(Arena *arena, const History *history, const LintOptions *options, const AuditRange *range, AuditHistory *audit)
{
	int low, high;
	versions_of(options, history, &low, &high);
	*audit = (AuditHistory){
		.name = history->name,
		.root = history->root,
		.layout = history->layout ? history->layout->name : NULL,
		.postgres = low,
		.postgres_low = low,
		.postgres_high = high,
	};
	Findings findings = {0};
	judge_read_history(arena, history, options, low, high, &findings);

	Arena scratch = {0};
	bool by_group = history->migrations.count && history->migrations.items[0]->by_group;
	Collection collection = {
		.arena = arena,
		.replay = replay_new(&scratch, history, low),
		.heat = heat_read(arena, history->config),
		.chain = by_group ? chain_new(arena) : NULL,
		.audit = audit,
	};
	replay_history(&collection, history, range);
	collect_findings(&collection, &findings);
	replay_free(collection.replay);
	arena_free(&scratch);
}
