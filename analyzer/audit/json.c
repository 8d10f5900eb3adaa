/* The audit for machines, and the record of it that its pages carry. */
#include "audit/audit.h"
#include "audit/digest.h"
#include "base/json.h"
#include "base/sha256.h"
#include "parse/parse.h"
#include "report/report.h"

typedef struct Printer {
	Json json;
	Arena *arena;
	bool brief; /* a record: what is claimed, without the details */
} Printer;

static void names_json(Json *json, const char *key, const Names *names)
{
	json_open_array(json, key, JSON_ONE_LINE);
	for (uint32_t i = 0; i < names->count; i++)
		json_put_string(json, NULL, names->items[i]);
	json_close(json);
}

static void put_line(Json *json, const char *key, uint32_t line)
{
	if (line)
		json_put_number(json, key, line);
	else
		json_put_null(json, key);
}

static void because_json(Json *json, const char *because)
{
	json_open_array(json, "because", JSON_ONE_LINE);
	if (because)
		json_put_string(json, NULL, because);
	json_close(json);
}

/* --- Proofs ---------------------------------------------------------------------------------------------------------------------- */

static void differences_json(Json *json, const AuditRollback *rollback)
{
	static const char *const kinds[] = {
		[DIFFERENCE_LEFT] = "left", [DIFFERENCE_MISSING] = "missing", [DIFFERENCE_CHANGED] = "changed"};
	json_open_array(json, "differences", JSON_ONE_LINE);
	array_each (const AuditDifference, difference, &rollback->differences) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "kind", kinds[difference->kind]);
		json_put_string(json, "subject", difference->subject);
		json_put_string(json, "before", difference->before);
		json_put_string(json, "after", difference->after);
		json_close(json);
	}
	json_close(json);
}

static void rollback_json(Printer *printer, const AuditRollback *rollback)
{
	Json *json = &printer->json;
	json_open_object(json, "rollback", JSON_ONE_LINE);
	json_put_string(json, "verdict", rollback_word(rollback->verdict));
	json_open_array(json, "leftovers", JSON_ONE_LINE);
	array_each (const AuditDifference, difference, &rollback->differences)
		json_put_string(json, NULL, difference->subject);
	json_close(json);
	if (!printer->brief)
		differences_json(json, rollback);
	json_put_string(json, "sqlstate", rollback->sqlstate);
	put_line(json, "line", rollback->line);
	json_put_bool(json, "loses_data", rollback->loses_data);
	if (!printer->brief)
		json_put_string(json, "lacking", rollback->lacking);
	because_json(json, rollback->because);
	json_put_string(json, "chain", rollback->chain);
	json_close(json);
}

static void repeat_json(Printer *printer, const AuditMigration *audit)
{
	Json *json = &printer->json;
	const AuditRepeat *repeat = &audit->repeat;
	json_open_object(json, "repeat", JSON_ONE_LINE);
	json_put_string(json, "verdict", repeat_word(repeat->verdict));
	json_open_array(json, "changes", JSON_ONE_LINE);
	if (repeat->change)
		json_put_string(json, NULL, repeat->change);
	json_close(json);
	json_put_string(json, "sqlstate", repeat->sqlstate);
	put_line(json, "line", repeat->line);
	because_json(json, repeat->because);
	json_close(json);

	const AuditResume *resume = &audit->resume;
	json_open_object(json, "resume", JSON_ONE_LINE);
	json_put_string(json, "verdict", resume_word(resume->verdict));
	put_line(json, "after", resume->after);
	json_put_string(json, "sqlstate", resume->sqlstate);
	because_json(json, resume->because);
	json_close(json);
}

/* --- Statements and locks --------------------------------------------------------------------------------------------------------- */

static void locks_json(Json *json, const AuditMigration *audit)
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

static void holds_json(Json *json, const AuditMigration *audit)
{
	json_open_array(json, "held", JSON_ONE_LINE);
	array_each (const AuditHold, hold, &audit->holds) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "relation", hold->relation);
		json_put_string(json, "mode", lock_mode_name(hold->mode));
		json_put_number(json, "from", hold->from);
		json_put_number(json, "to", hold->to);
		json_put_bool(json, "to_commit", hold->to_commit);
		json_put_string(json, "waits", lock_mode_victims(hold->mode));
		json_close(json);
	}
	json_close(json);
}

static void statement_json(Json *json, const AuditStatement *statement)
{
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_number(json, "line", statement->line);
	json_put_number(json, "end_line", statement->end_line);
	json_put_text(json, "sql", statement->sql);
	put_line(json, "in_transaction", statement->transaction);
	json_open_array(json, "locks", JSON_ONE_LINE);
	array_each (const LockFact, lock, &statement->locks) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "relation", lock->relation);
		json_put_string(json, "mode", lock_mode_name(lock->mode));
		json_close(json);
	}
	json_close(json);
	names_json(json, "rewrites", &statement->rewrites);
	names_json(json, "index_builds", &statement->builds);
	names_json(json, "scans", &statement->scans);
	names_json(json, "destroys", &statement->destroys);
	json_put_string(json, "transaction", statement->forbidden_in_transaction ? "forbidden" : "allowed");
	json_put_string(json, "repeat", statement->repeat);
	json_put_bool(json, "repeat_changes", statement->repeat_changes);
	json_put_bool(json, "opaque", statement->opaque);
	json_put_string(json, "confidence", statement->partial ? "partial" : statement->declared ? "declared" : "exact");
	names_json(json, "because", &statement->because);
	json_close(json);
}

/* --- One migration ------------------------------------------------------------------------------------------------------------------ */

static void declared_json(Json *json, const AuditMigration *audit)
{
	json_open_object(json, "metadata", JSON_ONE_LINE);
	array_each (const MetadataItem, item, &audit->metadata)
		json_put_string(json, item->key, item->value);
	json_close(json);
	json_open_array(json, "approvals", JSON_ONE_LINE);
	array_each (const ApprovalGiven, approval, &audit->approvals) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "role", approval->role);
		json_put_string(json, "who", approval->who);
		json_put_string(json, "source", approval->source);
		json_close(json);
	}
	json_close(json);
	json_put_string(json, "author", audit->author);
	json_put_string(json, "last_commit", audit->last_commit);
}

static void findings_json(Printer *printer, const AuditMigration *audit)
{
	Json *json = &printer->json;
	json_open_array(json, "findings", printer->brief ? JSON_ONE_LINE : JSON_MANY_LINES);
	array_each (const Finding *const, finding, &audit->findings) {
		if (!printer->brief) {
			finding_json(json, NULL, *finding);
			continue;
		}
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "rule", rule_id((*finding)->rule));
		json_put_string(json, "severity", severity_word((*finding)->severity));
		json_put_string(json, "fingerprint", (*finding)->fingerprint);
		json_put_string(json, "suppressed", (*finding)->suppressed);
		json_close(json);
	}
	json_close(json);
}

static void suppressions_json(Json *json, const AuditMigration *audit)
{
	json_open_array(json, "suppressions", JSON_ONE_LINE);
	array_each (const AuditSuppression, suppression, &audit->suppressions) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "rule", suppression->rule);
		json_put_string(json, "object", suppression->object);
		json_put_string(json, "reason", suppression->reason);
		json_put_string(json, "file", suppression->file);
		json_put_number(json, "line", suppression->line);
		json_put_string(json, "until", suppression->until);
		json_close(json);
	}
	json_close(json);
}

static void migration_json(Printer *printer, const AuditMigration *audit, const char *digest)
{
	Json *json = &printer->json;
	json_open_object(json, NULL, printer->brief ? JSON_ONE_LINE : JSON_MANY_LINES);
	json_put_string(json, "version", audit->version);
	json_put_string(json, "name", audit->name);
	json_put_string(json, "up_file", audit->up_file);
	json_put_string(json, "down_file", audit->down_file);
	json_put_string(json, "up_sha256", audit->up_sha256);
	json_put_string(json, "down_sha256", audit->down_sha256);
	if (audit->has_frontier)
		json_put_bool(json, "released", audit->released);
	else
		json_put_null(json, "released");
	json_put_bool(json, "transaction", audit->in_transaction);
	json_put_string(json, "risk", risk_word(audit->risk));
	json_put_string(json, "risk_because", audit->risk_because);
	json_put_string(json, "phase", phase_word(audit->phase));
	json_put_string(json, "confidence", audit->partial ? "partial" : audit->declared ? "declared" : "exact");
	names_json(json, "because", &audit->because);
	json_put_number(json, "statements", audit->statements.count);
	locks_json(json, audit);
	if (!printer->brief) {
		holds_json(json, audit);
		json_open_array(json, "steps", JSON_MANY_LINES);
		array_each (const AuditStatement, statement, &audit->statements)
			statement_json(json, statement);
		json_close(json);
	}
	rollback_json(printer, &audit->rollback);
	repeat_json(printer, audit);
	declared_json(json, audit);
	names_json(json, "not_checked", &audit->not_checked);
	findings_json(printer, audit);
	suppressions_json(json, audit);
	if (digest)
		json_put_string(json, "digest", digest);
	json_close(json);
}

/* Of the whole migration, whether or not a record leaves out its details. */
static const char *digest_of(Arena *arena, const AuditMigration *audit)
{
	Buf text = {0};
	Printer alone = {json_new(&text), arena, false};
	migration_json(&alone, audit, NULL);
	json_finish(&alone.json);
	const char *digest = migration_digest(arena, (Text){text.data, text.length});
	buf_free(&text);
	return digest;
}

/* --- The report -------------------------------------------------------------------------------------------------------------------------- */

static void history_json(Printer *printer, const AuditHistory *history)
{
	Json *json = &printer->json;
	json_open_object(json, NULL, printer->brief ? JSON_ONE_LINE : JSON_MANY_LINES);
	json_put_string(json, "history", history->name);
	json_put_string(json, "layout", history->layout);
	json_open_array(json, "postgres", JSON_ONE_LINE);
	json_put_number(json, NULL, history->postgres);
	json_close(json);
	json_open_object(json, "coverage", JSON_ONE_LINE);
	json_put_number(json, "statements", history->statements);
	json_put_number(json, "analysed", history->statements - history->opaque - history->unparsed - history->set_aside);
	json_put_number(json, "opaque", history->opaque);
	json_put_number(json, "unparsed", history->unparsed);
	json_put_number(json, "set_aside", history->set_aside);
	json_close(json);
	json_open_array(json, "migrations", printer->brief ? JSON_ONE_LINE : JSON_MANY_LINES);
	array_each (const AuditMigration, migration, &history->migrations)
		migration_json(printer, migration, digest_of(printer->arena, migration));
	json_close(json);
	json_close(json);
}

static void subject_json(Json *json, const AuditReport *report)
{
	json_open_object(json, "subject", JSON_ONE_LINE);
	json_put_string(json, "commit", report->commit);
	if (report->commit)
		json_put_bool(json, "dirty", report->dirty);
	else
		json_put_null(json, "dirty");
	json_put_string(json, "date", report->date);
	json_put_string(json, "range", report->range);
	json_open_object(json, "selection", JSON_ONE_LINE);
	json_put_string(json, "since", report->selection.since);
	json_put_string(json, "released", report->selection.released);
	json_open_array(json, "migrations", JSON_ONE_LINE);
	array_each (const char *const, version, &report->selection.migrations)
		json_put_string(json, NULL, *version);
	json_close(json);
	json_close(json);
	json_put_string(json, "config_sha256", report->config_sha256);
	json_open_array(json, "packs", JSON_ONE_LINE);
	array_each (const char *const, pack, &report->packs)
		json_put_string(json, NULL, *pack);
	json_close(json);
	json_put_number(json, "rules", report->rules);
	json_put_string(json, "rules_sha256", report->rules_sha256);
	json_put_string(json, "tool", "ddlint " DDLINT_VERSION);
	json_put_string(json, "parser", parser_version());
	json_close(json);
}

static void report_json(Printer *printer, const AuditReport *report, const Text *page)
{
	Json *json = &printer->json;
	json_open_object(json, NULL, printer->brief ? JSON_ONE_LINE : JSON_MANY_LINES);
	json_put_number(json, "version", 1);
	subject_json(json, report);
	json_open_array(json, "histories", JSON_MANY_LINES);
	array_each (const AuditHistory, history, &report->histories)
		history_json(printer, history);
	json_close(json);
	if (page)
		json_put_string(json, "page_sha256", sha256_hex(printer->arena, page->data, page->length));
}

/* Closes the report with its own digest, which is that of everything before it. */
static void close_with_digest(Printer *printer, size_t start)
{
	Buf *out = printer->json.out;
	Buf whole = {0};
	buf_add(&whole, out->data + start, out->length - start);
	buf_addc(&whole, '}');
	json_put_string(&printer->json, "digest", report_digest(printer->arena, (Text){whole.data, whole.length}));
	buf_free(&whole);
	json_finish(&printer->json);
}

void audit_json(Buf *out, const AuditReport *report)
{
	Arena arena = {0};
	Printer printer = {json_new(out), &arena, false};
	size_t start = out->length;
	report_json(&printer, report, NULL);
	close_with_digest(&printer, start);
	arena_free(&arena);
}

/* "<" and ">" may stand only in strings, and there as \u003c. */
void audit_record(Buf *out, const AuditReport *report, Text page)
{
	Arena arena = {0};
	Buf text = {0};
	Printer printer = {json_new(&text), &arena, true};
	report_json(&printer, report, &page);
	close_with_digest(&printer, 0);
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool dashes = byte == '-' && i + 1 < text.length && text.data[i + 1] == '-';
		if (byte == '<' || byte == '>' || dashes)
			buf_addf(out, "\\u%04x", (unsigned)byte);
		else if (byte != '\n')
			buf_addc(out, byte);
	}
	buf_free(&text);
	arena_free(&arena);
}
