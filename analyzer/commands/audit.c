/* `ddlint audit`: the reviewer's report. */
#include "action/action.h"
#include "base/files.h"
#include "base/json.h"
#include "base/sha256.h"
#include "commands/audit.h"
#include "commands/commands.h"
#include "discover/layout.h"
#include "judge/metadata.h"
#include "lint.h"
#include "parse/parse.h"
#include "report/report.h"

typedef struct Printer {
	Arena *arena;
	Json *json;
	const HistoryAudit *history;
	const Findings *findings;
} Printer;

static void names_json(Json *json, const char *key, const Names *names)
{
	json_open_array(json, key, JSON_ONE_LINE);
	for (uint32_t i = 0; i < names->count; i++)
		json_put_string(json, NULL, names->items[i]);
	json_close(json);
}

static void place_json(Json *json, const char *key, const Script *script, const Statement *statement, const Action *action)
{
	if (!statement) {
		json_put_null(json, key);
		return;
	}
	bool unparsed = statement->state == STATEMENT_UNPARSED;
	uint32_t offset = unparsed ? statement->error_offset : action && action->span.end ? action->span.start : statement->span.start;
	json_put_number(json, key, source_position(script->source, offset).line);
}

static void because_json(Json *json, const char *because)
{
	json_open_array(json, "because", JSON_ONE_LINE);
	if (because)
		json_put_string(json, NULL, because);
	json_close(json);
}

/* --- Proofs ---------------------------------------------------------------------------------------------------------------------- */

static void rollback_json(const Printer *printer, const MigrationAudit *audit)
{
	Json *json = printer->json;
	const RollbackProof *proof = &audit->rollback;
	json_open_object(json, "rollback", JSON_ONE_LINE);
	json_put_string(json, "verdict", rollback_word(proof->verdict));
	json_open_array(json, "leftovers", JSON_ONE_LINE);
	array_each (const Difference, difference, &proof->comparison.differences)
		json_put_string(json, NULL, difference->subject);
	json_close(json);
	json_put_string(json, "sqlstate", proof->sqlstate);
	place_json(json, "line", audit->migration->down, proof->statement, proof->action);
	json_put_bool(json, "loses_data", proof->loses_data);
	because_json(json, proof->because);
	json_put_string(json, "chain", audit->chain);
	json_close(json);
}

static void repeat_json(const Printer *printer, const MigrationAudit *audit)
{
	Json *json = printer->json;
	const RepeatProof *proof = &audit->repeat;
	json_open_object(json, "repeat", JSON_ONE_LINE);
	json_put_string(json, "verdict", repeat_word(proof->verdict));
	json_open_array(json, "changes", JSON_ONE_LINE);
	if (proof->verdict == REPEAT_CHANGES && proof->action)
		json_put_string(json, NULL, arena_print(printer->arena, "%s %s", action_description(proof->action->kind),
							proof->action->relation.name ? name_text(printer->arena, proof->action->relation)
										     : ""));
	json_close(json);
	json_put_string(json, "sqlstate", proof->sqlstate);
	place_json(json, "line", audit->migration->up, proof->statement, proof->action);
	because_json(json, proof->because);
	json_close(json);

	const ResumeProof *resume = &audit->resume;
	json_open_object(json, "resume", JSON_ONE_LINE);
	json_put_string(json, "verdict", resume_word(resume->verdict));
	if (resume->after)
		json_put_number(json, "after", resume->after);
	else
		json_put_null(json, "after");
	json_put_string(json, "sqlstate", resume->sqlstate);
	because_json(json, resume->because);
	json_close(json);
}

/* --- One migration ------------------------------------------------------------------------------------------------------------------ */

static const char *path_of(const Script *script)
{
	return script ? script->source->path : NULL;
}

static const char *checksum(Arena *arena, const Script *script)
{
	return script ? sha256_hex(arena, script->source->bytes, script->source->length) : NULL;
}

static void locks_json(Json *json, const MigrationAudit *audit)
{
	json_open_array(json, "locks", JSON_ONE_LINE);
	array_each (const AuditLock, lock, &audit->locks) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "relation", lock->relation);
		json_put_string(json, "mode", lock_mode_name(lock->mode));
		json_open_array(json, "statements", JSON_ONE_LINE);
		for (uint32_t i = 0; i < lock->statements.count; i++)
			json_put_number(json, NULL, lock->statements.items[i]);
		json_close(json);
		json_close(json);
	}
	json_close(json);
}

static bool is_about(const Finding *finding, const Migration *migration)
{
	bool its_file = (migration->up && finding->source == migration->up->source) ||
			(migration->down && finding->source == migration->down->source);
	return its_file && (!finding->migration || same(finding->migration, migration->version));
}

static void findings_json(const Printer *printer, const Migration *migration)
{
	json_open_array(printer->json, "findings", JSON_MANY_LINES);
	array_each (Finding *const, finding, &printer->findings->list)
		if (is_about(*finding, migration))
			finding_json(printer->json, NULL, *finding);
	json_close(printer->json);
}

static void suppressions_of(Json *json, const Script *script)
{
	for (uint32_t i = 0; script && i < script->directives.count; i++) {
		const Directive *directive = &script->directives.items[i];
		if (directive->kind != DIRECTIVE_ALLOW && directive->kind != DIRECTIVE_ALLOW_FILE)
			continue;
		for (uint32_t j = 0; j < directive->rules.count; j++) {
			json_open_object(json, NULL, JSON_ONE_LINE);
			json_put_string(json, "rule", directive->rules.items[j].rule);
			json_put_string(json, "reason", directive->reason);
			json_put_number(json, "line", source_position(script->source, directive->span.start).line);
			json_put_string(json, "until", directive->until);
			json_close(json);
		}
	}
}

/* --- What the migration says of itself: declared, not proved ------------------------------------------------------------------------ */

static void declared_json(const Printer *printer, const Migration *migration)
{
	Arena *arena = printer->arena;
	Json *json = printer->json;
	const Config *config = migration->history->config;
	Metadata metadata = {0};
	Approvals approvals = {0};
	const char *author = NULL;
	metadata_read(arena, migration->up, config, &metadata);
	approvals_read(arena, migration, config, &metadata, &approvals, &author);
	json_open_object(json, "metadata", JSON_ONE_LINE);
	array_each (const MetadataItem, item, &metadata)
		if (metadata_get(&metadata, item->key) == item)
			json_put_string(json, item->key, item->value);
	json_close(json);
	json_open_array(json, "approvals", JSON_ONE_LINE);
	array_each (const ApprovalGiven, approval, &approvals) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "role", approval->role);
		json_put_string(json, "who", approval->who);
		json_put_string(json, "source", approval->source);
		json_close(json);
	}
	json_close(json);
	json_put_string(json, "author", author);
	json_put_null(json, "last_commit");
}

static void migration_json(const Printer *printer, const MigrationAudit *audit)
{
	Json *json = printer->json;
	const Migration *migration = audit->migration;
	json_open_object(json, NULL, JSON_MANY_LINES);
	json_put_string(json, "version", migration->version);
	json_put_string(json, "name", migration->name);
	json_put_string(json, "up_file", path_of(migration->up));
	json_put_string(json, "down_file", path_of(migration->down));
	json_put_string(json, "up_sha256", checksum(printer->arena, migration->up));
	json_put_string(json, "down_sha256", checksum(printer->arena, migration->down));
	if (migration->history->has_frontier)
		json_put_bool(json, "released", migration->released);
	else
		json_put_null(json, "released");
	json_put_bool(json, "transaction", audit->in_transaction);
	json_put_string(json, "risk", risk_word(audit->risk));
	json_put_string(json, "phase", phase_word(audit->phase));
	json_put_string(json, "confidence", audit->partial ? "partial" : "exact");
	names_json(json, "because", &audit->because);
	json_put_number(json, "statements", migration->up->statements.count);
	locks_json(json, audit);
	rollback_json(printer, audit);
	repeat_json(printer, audit);
	declared_json(printer, migration);
	findings_json(printer, migration);
	json_open_array(json, "suppressions", JSON_ONE_LINE);
	suppressions_of(json, migration->up);
	if (migration->down && (!migration->up || migration->down->source != migration->up->source))
		suppressions_of(json, migration->down);
	json_close(json);
	json_close(json);
}

/* --- Histories ------------------------------------------------------------------------------------------------------------------------ */

static void history_json(const Printer *printer)
{
	Json *json = printer->json;
	const HistoryAudit *audit = printer->history;
	const History *history = audit->history;
	json_open_object(json, NULL, JSON_MANY_LINES);
	json_put_string(json, "history", history->name);
	json_put_string(json, "layout", history->layout ? history->layout->name : NULL);
	json_open_array(json, "postgres", JSON_ONE_LINE);
	json_put_number(json, NULL, audit->version);
	json_close(json);
	json_open_object(json, "coverage", JSON_ONE_LINE);
	json_put_number(json, "statements", audit->statements);
	json_put_number(json, "analysed", audit->statements - audit->opaque - audit->unparsed - audit->set_aside);
	json_put_number(json, "opaque", audit->opaque);
	json_put_number(json, "unparsed", audit->unparsed);
	json_put_number(json, "set_aside", audit->set_aside);
	json_close(json);
	json_open_array(json, "migrations", JSON_MANY_LINES);
	array_each (const MigrationAudit, migration, &audit->migrations)
		migration_json(printer, migration);
	json_close(json);
	json_close(json);
}

static const char *config_checksum(Arena *arena, const Discovery *discovery)
{
	const Config *config = discovery->histories.count ? discovery->histories.items[0]->config : NULL;
	size_t length;
	const char *error, *bytes = config && config->path ? file_read(arena, config->path, &length, &error) : NULL;
	return bytes ? sha256_hex(arena, bytes, length) : NULL;
}

static void subject_json(Arena *arena, Json *json, const Options *options, const Discovery *discovery)
{
	json_open_object(json, "subject", JSON_ONE_LINE);
	bool dirty;
	const char *commit = audit_commit(arena, discovery, &dirty);
	json_put_string(json, "commit", commit);
	if (commit)
		json_put_bool(json, "dirty", dirty);
	else
		json_put_null(json, "dirty");
	const char *from = options->since ? options->since : options->released;
	json_put_string(json, "range", from ? arena_print(arena, "%s..HEAD", from) : NULL);
	json_put_string(json, "config_sha256", config_checksum(arena, discovery));
	json_open_array(json, "packs", JSON_ONE_LINE);
	array_each (const char *const, pack, &options->packs)
		json_put_string(json, NULL, *pack);
	json_close(json);
	json_put_string(json, "tool", "ddlint " DDLINT_VERSION);
	json_put_string(json, "parser", parser_version());
	json_close(json);
}

static void audit_one(Arena *arena, Json *json, const Options *options, const RuleBook *book, History *history)
{
	const LintOptions wanted = {
		.jobs = options->jobs,
		.postgres_low = options->postgres_low,
		.postgres_high = options->postgres_high,
		.today = today(arena),
		.rules = book,
	};
	Findings findings = {0};
	HistoryAudit audit;
	int low, high;
	versions_of(&wanted, history, &low, &high);
	read_history(history, options->jobs);
	judge_read_history(arena, history, &wanted, low, high, &findings);
	audit_history(arena, history, low, &audit);
	history_json(&(Printer){arena, json, &audit, &findings});
	history_free(history);
}

int audit_run(Arena *arena, const Options *options)
{
	static const char *const formats[] = {"html", "json", "markdown", NULL};
	const char *format = choose_format(options, formats);
	if (!format)
		return EXIT_FAILED;
	if (!same(format, "json"))
		return complain("audit --format %s is not part of this version yet: use --format json", format);
	const RuleBook *book = rule_book(arena);
	Discovery *discovery = discover_paths(arena, options, book);
	int code = print_notes(discovery) ? EXIT_FAILED : EXIT_CLEAN;
	Buf out = {0};
	Json json = json_new(&out);
	json_open_object(&json, NULL, JSON_MANY_LINES);
	json_put_number(&json, "version", 1);
	subject_json(arena, &json, options, discovery);
	json_open_array(&json, "histories", JSON_MANY_LINES);
	array_each (History *, history, &discovery->histories)
		audit_one(arena, &json, options, book, *history);
	json_finish(&json);
	if (write_output(options, &out) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&out);
	return code;
}
