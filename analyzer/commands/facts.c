/* `ddlint facts`: what each statement does to a database, as JSON and as text. */
#include "commands/facts.h"

#include <inttypes.h>

#include "action/action.h"
#include "base/json.h"
#include "commands/commands.h"
#include "lint.h"
#include "report/terminal.h"

static bool add_word(const Action *action, void *payload)
{
	bool *seen = payload;
	seen[action->kind] = true;
	return true;
}

/* The statement's kinds of actions, each once, in the vocabulary's order; seen has ACTION_KIND_COUNT places. */
static void actions_of(const Statement *statement, bool *seen)
{
	memset(seen, 0, sizeof *seen * ACTION_KIND_COUNT);
	if (statement->actions)
		action_walk(statement->actions, add_word, seen);
}

static void names_json(Json *json, const char *key, const Names *names)
{
	json_open_array(json, key, JSON_ONE_LINE);
	for (uint32_t i = 0; i < names->count; i++)
		json_put_string(json, NULL, names->items[i]);
	json_close(json);
}

static void statement_json(Json *json, const StatementFacts *facts)
{
	const Statement *statement = facts->statement;
	Source *source = facts->script->source;
	bool seen[ACTION_KIND_COUNT];
	actions_of(statement, seen);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "history", facts->migration->history->name);
	json_put_string(json, "file", source->path);
	json_put_string(json, "migration", facts->migration->version);
	json_put_string(json, "direction", direction_word(facts->script->direction));
	if (facts->migration->history->has_frontier)
		json_put_bool(json, "released", facts->migration->released);
	json_put_number(json, "line", source_position(source, statement->span.start).line);
	json_put_number(json, "end_line", source_position(source, statement->span.end).line);
	json_put_number(json, "offset", statement->span.start);
	json_put_number(json, "length", statement->span.end - statement->span.start);
	json_put_text(json, "sql", statement_sql(facts->script, statement));
	json_open_array(json, "actions", JSON_ONE_LINE);
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		if (seen[kind])
			json_put_string(json, NULL, action_word(kind));
	json_close(json);
	json_open_array(json, "locks", JSON_ONE_LINE);
	array_each (const LockFact, lock, &facts->locks) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "relation", lock->relation);
		json_put_string(json, "mode", lock_mode_name(lock->mode));
		json_close(json);
	}
	json_close(json);
	names_json(json, "rewrites", &facts->rewrites);
	names_json(json, "index_builds", &facts->builds);
	names_json(json, "scans", &facts->scans);
	json_put_string(json, "transaction", facts->forbidden_in_transaction ? "forbidden" : "allowed");
	json_put_bool(json, "in_transaction", facts->in_transaction);
	names_json(json, "destroys", &facts->destroys);
	json_put_string(json, "repeat", facts->repeat);
	json_put_bool(json, "repeat_changes", facts->repeat_changes);
	json_put_bool(json, "opaque", facts->opaque);
	json_put_string(json, "confidence", facts->partial ? "partial" : facts->declared ? "declared" : "exact");
	names_json(json, "because", &facts->because);
	json_close(json);
}

/* --- Text ---------------------------------------------------------------------------------------------------------------------- */

enum { LABEL_WIDTH = 11 };

static void add_label(Buf *out, const char *label)
{
	buf_addf(out, "    %-*s", LABEL_WIDTH, label);
}

static void add_names(Buf *out, const char *label, const Names *names)
{
	for (uint32_t i = 0; i < names->count; i++) {
		add_label(out, i ? "" : label);
		add_safe_string(out, names->items[i]);
		buf_addc(out, '\n');
	}
}

/* The statement on one line, as far as it fits. */
static void add_sql(Buf *out, Text sql)
{
	uint32_t column = 0;
	bool blank = false;
	for (size_t i = 0; i < sql.length;) {
		if (strchr(" \t\r\n", sql.data[i])) {
			blank = true;
			i++;
			continue;
		}
		Glyph glyph = glyph_at(sql.data + i, sql.length - i, column);
		if (column + blank + glyph.width > TERMINAL_WIDTH - 3) {
			buf_adds(out, "...");
			return;
		}
		if (blank && column)
			buf_addc(out, ' ');
		column += glyph.width + (blank && column);
		blank = false;
		buf_adds(out, glyph.text);
		i += glyph.bytes;
	}
}

static void statement_text(Buf *out, const StatementFacts *facts)
{
	const Statement *statement = facts->statement;
	Source *source = facts->script->source;
	bool seen[ACTION_KIND_COUNT], first = true;
	add_safe_string(out, source->path);
	buf_addf(out, ":%" PRIu32 ": ", source_position(source, statement->span.start).line);
	add_sql(out, statement_sql(facts->script, statement));
	buf_addc(out, '\n');
	actions_of(statement, seen);
	add_label(out, "does");
	for (ActionKind kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++) {
		if (!seen[kind])
			continue;
		buf_addf(out, "%s%s", first ? "" : ", ", action_word(kind));
		first = false;
	}
	if (first)
		buf_adds(out, "nothing that is known");
	buf_adds(out, facts->in_transaction ? " (in a transaction)\n" : "\n");
	for (uint32_t i = 0; i < facts->locks.count; i++) {
		add_label(out, i ? "" : "locks");
		buf_addf(out, "%-22s ", lock_mode_words(facts->locks.items[i].mode));
		add_safe_string(out, facts->locks.items[i].relation);
		buf_addc(out, '\n');
	}
	add_names(out, "rewrites", &facts->rewrites);
	add_names(out, "builds", &facts->builds);
	add_names(out, "scans", &facts->scans);
	add_names(out, "destroys", &facts->destroys);
	if (facts->forbidden_in_transaction) {
		add_label(out, "refused");
		buf_adds(out, "inside a transaction block\n");
	}
	add_label(out, "repeat");
	if (!facts->repeat)
		buf_adds(out, "cannot be known\n");
	else if (!same(facts->repeat, "ok"))
		buf_addf(out, "fails with SQLSTATE %s\n", facts->repeat);
	else
		buf_adds(out, facts->repeat_changes ? "ok, and leaves something behind again\n" : "ok\n");
	if (facts->opaque) {
		add_label(out, "opaque");
		buf_adds(out, "it runs what could not be read\n");
	}
	add_names(out, "unsure", &facts->because);
	buf_addc(out, '\n');
}

int facts_run(Arena *arena, const Options *options)
{
	static const char *const formats[] = {"text", "json", NULL};
	const char *format = choose_format(options, formats);
	if (!format)
		return EXIT_FAILED;
	Discovery *discovery = discover_paths(arena, options, rule_book(arena));
	int code = print_notes(discovery) ? EXIT_FAILED : EXIT_CLEAN;
	FactsList list = {0};
	int lowest = options->postgres_low;
	array_each (History *, history, &discovery->histories) {
		int version = lowest_postgres(options, *history);
		if (!lowest || version < lowest)
			lowest = version;
		read_history(*history, options->jobs);
		collect_facts(arena, *history, version, &list);
	}

	Buf out = {0};
	if (same(format, "json")) {
		Json json = json_new(&out);
		json_open_object(&json, NULL, JSON_MANY_LINES);
		json_put_number(&json, "version", 1);
		json_put_number(&json, "postgres", lowest ? lowest : DEFAULT_POSTGRES);
		json_open_array(&json, "statements", JSON_MANY_LINES);
		array_each (const StatementFacts, facts, &list)
			statement_json(&json, facts);
		json_finish(&json);
	} else {
		array_each (const StatementFacts, facts, &list)
			statement_text(&out, facts);
	}
	if (write_output(options, &out) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&out);
	array_each (History *, history, &discovery->histories)
		history_free(*history);
	return code;
}
