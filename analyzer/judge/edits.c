/*
 * The edits that rules offer. Safe is what leaves the same schema behind and fails where the old text failed; everything else
 * has to be looked at by somebody.
 */
#include "discover/layout.h"
#include "discover/tree.h"
#include "judge/rule.h"
#include "read/lex.h"

/* Settings aside, which neither need a transaction nor leave anything behind. */
static uint32_t working_statements(const Script *script)
{
	uint32_t count = 0;
	if (script)
		array_each (Statement, statement, &script->statements)
			count += !statement->actions || statement->actions->kind != ACTION_SET_PARAMETER;
	return count;
}

static bool sets_locally(const Script *script)
{
	array_each (Statement, statement, &script->statements)
		if (statement->actions && statement->actions->kind == ACTION_SET_PARAMETER && statement->actions->local)
			return true;
	return false;
}

/* SQL stands at those bytes of the file as it is sent: no changelog's change, no string of an EXECUTE. */
static bool is_plain_sql(const Context *context, Span span)
{
	return context->statement && !is_rewritten(context->script, span) && !is_rewritten(context->script, context->statement->span);
}

/* A statement may be put in there: in a program's literal, quotes and line ends mean something else. */
static bool takes_statements(const Context *context, Span span)
{
	return is_plain_sql(context, span) && !is_carrier_name(context->script->source->path);
}

/* The tools whose files are programs or changelogs have their transactions elsewhere. */
static bool has_marker_line(const Layout *layout)
{
	return layout->no_transaction_line && !same(layout->name, "alembic") && !same(layout->name, "liquibase");
}

/* `-- migrate:up` becomes `-- migrate:up transaction:false`; others have a line at the head of the file. */
static bool add_marker(Finding *finding, Context *context, EditSafety safety)
{
	const Layout *layout = context->history->layout;
	Source *source = context->script->source;
	if (!layout->sections || !layout->sections->section_option) {
		Span head = {source->body, source->body};
		edit(finding, safety, context, head, arena_print(context->arena, "%s\n\n", layout->no_transaction_line));
		return true;
	}
	bool down = context->script->direction == DIRECTION_DOWN;
	Span line = find_marker(source, down ? layout->sections->down : layout->sections->up, source->body);
	if (line.end == line.start || line.end > context->statement->span.start)
		return false;
	while (line.end > line.start && strchr(" \t\r", source->bytes[line.end - 1]))
		line.end--;
	edit(finding, safety, context, (Span){line.end, line.end}, arena_print(context->arena, " %s", layout->sections->section_option));
	return true;
}

bool edit_outside_transaction(Finding *finding, Context *context, EditSafety safety)
{
	const Layout *layout = context->history->layout;
	if (!in_transaction(context))
		return true;
	if (!layout || !context->statement || context->step->in_block || context->session->transaction != TRANSACTION_RUNNER)
		return false;
	/* What was done or undone as a whole is not any more, unless it was one statement. A line for the file is for both directions. */
	uint32_t most = working_statements(context->script);
	const Migration *migration = context->migration;
	const Script *scripts[] = {migration->up, migration->down};
	bool own_section = layout->sections && layout->sections->section_option;
	for (size_t i = 0; i < LENGTH(scripts) && !own_section; i++)
		if (scripts[i] && scripts[i]->source == context->script->source && working_statements(scripts[i]) > most)
			most = working_statements(scripts[i]);
	if (most > 1 || sets_locally(context->script))
		safety = EDIT_NEEDS_REVIEW;
	/* Flyway opens no transaction for such a statement when it is alone. */
	if (same(layout->name, "flyway"))
		return context->script->statements.count == 1;
	if (!has_marker_line(layout) || !add_marker(finding, context, safety))
		return false;
	return true;
}

void edit_concurrently(Finding *finding, Context *context)
{
	const Action *action = context->action;
	uint32_t place = offset_behind(context, action->span, "index");
	if (!finding || place >= action->span.end || !is_plain_sql(context, action->span))
		return;
	/* A build that fails leaves an invalid index, with which IF NOT EXISTS is content the next time. */
	EditSafety safety = action->if_not_exists ? EDIT_NEEDS_REVIEW : EDIT_SAFE;
	if (edit_outside_transaction(finding, context, safety))
		edit(finding, safety, context, (Span){place, place}, " CONCURRENTLY");
}

/* --- NOT VALID, then VALIDATE ------------------------------------------------------------------------------------------------------ */

/* A second statement behind this one is a transaction of its own. */
static bool next_is_apart(const Context *context)
{
	SplitOptions options = {0};
	script_split_options(context->migration, context->script, &options);
	bool batches = options.batch_begin && source_mentions(context->script->source, options.batch_begin);
	return !in_transaction(context) && !options.whole_is_batch && !batches;
}

static void add_statement_behind(Finding *finding, Context *context, EditSafety safety, const char *sql)
{
	const Source *source = context->script->source;
	uint32_t end = context->statement->span.end;
	Lexer lexer = lexer_new(source->bytes, end, source->length);
	Token token = lexer_next(&lexer);
	bool ended = token.kind != TOKEN_END && token_is_byte(&lexer, token, ';');
	uint32_t place = ended ? token.span.end : end;
	edit(finding, safety, context, (Span){place, place}, arena_print(context->arena, "%s\n%s%s", ended ? "" : ";", sql, ended ? ";" : ""));
}

void edit_not_valid(Finding *finding, Context *context, const char *table)
{
	const Action *action = context->action;
	if (!finding || action->kind != ACTION_ADD_CONSTRAINT || action->inline_constraint || action->in_create ||
	    context->step->in_block || !takes_statements(context, action->span))
		return;
	Span end = {action->span.end, action->span.end};
	/* Under the same transaction's lock VALIDATE would be no better: it is left to a later migration. */
	if (!next_is_apart(context)) {
		edit(finding, EDIT_NEEDS_REVIEW, context, end, " NOT VALID");
		return;
	}
	EditSafety safety = action->constraint->name ? EDIT_SAFE : EDIT_NEEDS_REVIEW;
	const char *name = constraint_name(context, action);
	uint32_t behind_add = offset_behind(context, action->span, "add");
	if (!action->constraint->name && behind_add >= action->span.end)
		return;
	if (!action->constraint->name)
		edit(finding, safety, context, (Span){behind_add, behind_add}, arena_print(context->arena, " CONSTRAINT %s", name));
	edit(finding, safety, context, end, " NOT VALID");
	add_statement_behind(finding, context, safety,
			     arena_print(context->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name));
}

/* --- IF EXISTS, IF NOT EXISTS -------------------------------------------------------------------------------------------------------- */

/* Behind which key word the guard goes; the second word where the first is left out. NULL: the statement has no guard. */
static const char *guard_place(const Action *action, const char **otherwise)
{
	*otherwise = NULL;
	switch (action->kind) {
	case ACTION_CREATE_TABLE:
	case ACTION_DROP_TABLE:
		return "table";
	case ACTION_ADD_COLUMN:
		*otherwise = "add";
		return "column";
	case ACTION_DROP_COLUMN:
		*otherwise = "drop";
		return "column";
	case ACTION_DROP_CONSTRAINT:
		return "constraint";
	case ACTION_CREATE_INDEX:
		/* Without a name there is nothing to look for; an invalid one must not be kept. */
		return action->object && !action->concurrently ? "index" : NULL;
	case ACTION_DROP_INDEX:
		return action->concurrently ? "concurrently" : "index";
	case ACTION_CREATE_SEQUENCE:
	case ACTION_DROP_SEQUENCE:
		return "sequence";
	case ACTION_CREATE_SCHEMA:
		/* "CREATE SCHEMA IF NOT EXISTS cannot include schema elements" */
		return action->next ? NULL : "schema";
	case ACTION_DROP_SCHEMA:
		return "schema";
	case ACTION_CREATE_EXTENSION:
	case ACTION_DROP_EXTENSION:
		return "extension";
	case ACTION_CREATE_MATERIALIZED_VIEW:
	case ACTION_DROP_MATERIALIZED_VIEW:
	case ACTION_DROP_VIEW:
		return "view";
	case ACTION_DROP_TYPE:
		*otherwise = "domain";
		return "type";
	case ACTION_DROP_TRIGGER:
		return "trigger";
	case ACTION_DROP_POLICY:
		return "policy";
	case ACTION_ADD_ENUM_LABEL:
		return "value";
	default:
		return NULL;
	}
}

static bool is_made(ActionKind kind)
{
	return starts_with(action_word(kind), "create-") || starts_with(action_word(kind), "add-");
}

void edit_guard(Finding *finding, Context *context, const Statement *statement, const Action *action)
{
	const char *otherwise = NULL, *word = action ? guard_place(action, &otherwise) : NULL;
	if (!finding || !word || action->in_create || action->if_exists || action->if_not_exists || is_rewritten(context->script, statement->span))
		return;
	uint32_t place = offset_behind(context, action->span, word);
	/* Of DROP TABLE a, b each name is an action: the word is before the first one. */
	if (place >= action->span.end && !action->in_alter && statement->actions && statement->actions->kind == action->kind)
		place = offset_behind(context, (Span){statement->span.start, action->span.start}, word);
	if (place >= action->span.end && otherwise)
		place = offset_behind(context, action->span, otherwise);
	if (place < action->span.end)
		edit(finding, EDIT_SAFE, context, (Span){place, place}, is_made(action->kind) ? " IF NOT EXISTS" : " IF EXISTS");
}

/* --- lock_timeout ------------------------------------------------------------------------------------------------------------------------ */

/* What is rather taken out of its transaction: a SET LOCAL would be left alone there. */
static bool should_leave(ActionKind kind)
{
	return kind == ACTION_CREATE_INDEX || kind == ACTION_DROP_INDEX || kind == ACTION_REINDEX;
}

void edit_lock_timeout(Finding *finding, Context *context, const char *limit)
{
	const Statement *statement = context->statement;
	if (!finding || !statement || context->effect->forbidden_in_transaction || !takes_statements(context, statement->span))
		return;
	const char *bytes = context->script->source->bytes;
	Span comments = statement->comments;
	/* What a comment allows is the statement below it. */
	if (comments.end > comments.start && memmem(bytes + comments.start, comments.end - comments.start, "ddlint:", 7))
		return;
	uint32_t line = statement->span.start;
	while (line > context->script->source->body && strchr(" \t", bytes[line - 1]))
		line--;
	bool first = line == context->script->source->body || bytes[line - 1] == '\n';
	const char *indentation = arena_copy(context->arena, bytes + line, statement->span.start - line);
	bool local = keeps_local_settings(context);
	bool safe = local && is_atomic(context) && !should_leave(context->action->kind);
	const char *text = arena_print(context->arena, "SET %slock_timeout = '%s';%s%s", local ? "LOCAL " : "", limit, first ? "\n" : " ",
				       first ? indentation : "");
	edit(finding, safe ? EDIT_SAFE : EDIT_NEEDS_REVIEW, context, (Span){statement->span.start, statement->span.start}, text);
}
