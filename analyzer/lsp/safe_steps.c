#include "lsp/safe_steps.h"

#include "action/action.h"
#include "base/files.h"
#include "discover/seal.h"
#include "judge/rule.h"
#include "lsp/next_migration.h"
#include "lsp/rollback.h"
#include "read/lex.h"

typedef struct Split {
	Arena *arena;
	Workspace *workspace;
	WorkFolder *folder;
	const Finding *finding;
	const char *path;
	ScriptPlace place;
	bool in_place;        /* the first step stands where the statement stood */
	bool only_statement, only_clause;
	SafeSteps *plan;
	ARRAY(struct NewStep {
		const RecipeStep *step;
		NewMigration named;
		const char *up, *down; /* their statements; down NULL: not known yet */
		bool alone;            /* outside a transaction */
	}) made;
} Split;

/* --- May it be? ------------------------------------------------------------------------------------------------------------------ */

/* The finding is about a clause or statement that the script itself has, not one inside a body. */
static const Action *action_of(const Statement *statement, Span span)
{
	for (const Action *action = statement->actions; action; action = action->next)
		if (action->span.start == span.start && action->span.end == span.end && !action->inline_constraint && !action->in_create)
			return action;
	return NULL;
}

static bool is_sealed(const ScriptPlace *place)
{
	return place->history->seal && seal_line_for(place->history->seal, place->history, place->migration);
}

static bool shares_file(const WorkFolder *folder, const char *path, const ScriptPlace *place)
{
	Arena scratch = {0};
	Scripts scripts = {0};
	scripts_of(&scratch, folder, path, &scripts);
	bool shared = false;
	array_each (const Script *, script, &scripts)
		shared |= *script != place->migration->up && *script != place->migration->down;
	arena_free(&scratch);
	return shared;
}

bool may_split(const WorkFolder *folder, const Document *document, const Finding *finding)
{
	ScriptPlace place;
	if (!finding->steps.count || finding->whole_file || finding->direction != DIRECTION_UP ||
	    !script_at(folder, document->path, finding->span.start, &place) || !place.statement)
		return false;
	bool released = place.history->has_frontier && place.migration->released;
	return place.script == place.migration->up && place.script->direction == DIRECTION_UP && !released && !is_sealed(&place) &&
	       !place.history->loose && place.history->layout && !place.script->rewrites.count && action_of(place.statement, finding->span) &&
	       !shares_file(folder, document->path, &place);
}

/* --- The statement that is split ----------------------------------------------------------------------------------------------------- */

/* In order. What is put in where something else is replaced becomes one edit with it: clients differ in which of two comes first. */
static void add_edit(Split *split, Source *source, Span span, const char *text)
{
	uint32_t place = split->plan->edits.count;
	array_push(split->arena, &split->plan->edits, (PlannedEdit){source, span, text});
	PlannedEdit *edits = split->plan->edits.items;
	for (; place && edits[place - 1].source == source && edits[place - 1].span.start > span.start; place--)
		edits[place] = edits[place - 1];
	edits[place] = (PlannedEdit){source, span, text};
	PlannedEdit *before = place ? &edits[place - 1] : NULL;
	if (!before || before->source != source || before->span.start != span.start || before->span.end != span.start)
		return;
	*before = (PlannedEdit){source, span, arena_print(split->arena, "%s%s", before->text, text)};
	memmove(&edits[place], &edits[place + 1], (--split->plan->edits.count - place) * sizeof *edits);
}

/* Behind the statement's semicolon, or behind the statement where none follows. */
static uint32_t behind(const Source *source, const Statement *statement, bool *ended)
{
	Lexer lexer = lexer_new(source->bytes, statement->span.end, source->length);
	Token token = lexer_next(&lexer);
	*ended = token.kind != TOKEN_END && token_is_byte(&lexer, token, ';');
	return *ended ? token.span.end : statement->span.end;
}

/* The clause with the comma that belongs to it; an empty span when ALTER TABLE has no other. */
static Span clause_of(const Split *split)
{
	Span span = split->finding->span, whole = span;
	bool next = false, before = false;
	for (const Action *action = split->place.statement->actions; action; action = action->next) {
		if (!action->in_alter || (action->span.start >= span.start && action->span.end <= span.end))
			continue;
		if (action->span.start >= span.end && (!next || action->span.start < whole.end)) {
			whole.end = action->span.start;
			next = true;
		} else if (action->span.end <= span.start && (!before || action->span.end > whole.start)) {
			whole.start = action->span.end;
			before = true;
		}
	}
	if (next)
		whole.start = span.start;
	return next || before ? whole : (Span){0};
}

/* Without the last semicolon and line end, which the file has. */
static const char *open_ended(Arena *arena, const char *sql)
{
	size_t length = strlen(sql);
	while (length && strchr(";\n", sql[length - 1]))
		length--;
	return arena_copy(arena, sql, length);
}

/* The word that takes the script out of its transaction; for a file it is said once. */
static bool add_word(Split *split, const Script *script)
{
	const Migration *migration = split->place.migration;
	const Layout *layout = split->place.history->layout;
	const SectionWords *words = layout->sections;
	Source *source = script->source;
	bool down = script == migration->down;
	if (!opens_transaction(migration))
		return true;
	if (!has_word_against_transaction(migration))
		return false;
	if (!layout->no_transaction_line)
		return true;
	if (!words || !words->section_option) {
		if (!down || source != migration->up->source)
			add_edit(split, source, (Span){source->body, source->body},
				 arena_print(split->arena, "%s\n%s", layout->no_transaction_line, words ? "" : "\n"));
		return true;
	}
	Span line = find_marker(source, down ? words->down : words->up, source->body);
	while (line.end > line.start && strchr(" \t\r", source->bytes[line.end - 1]))
		line.end--;
	add_edit(split, source, (Span){line.end, line.end}, arena_print(split->arena, " %s", words->section_option));
	return line.end > line.start;
}

static bool edit_statement(Split *split)
{
	const Statement *statement = split->place.statement;
	Source *source = split->place.script->source;
	const RecipeStep *first = &split->finding->steps.items[0];
	bool ended;
	uint32_t end = behind(source, statement, &ended);
	Span clause = clause_of(split);
	split->only_clause = clause.end == 0;
	split->only_statement = split->place.script->statements.count == 1;
	split->in_place = first->place == STEP_PLAIN || (first->place == STEP_ALONE && split->only_statement && split->only_clause);
	/* A step alone is what the quick fix writes. */
	if (split->in_place && split->finding->steps.count == 1)
		return false;
	if (split->in_place && first->place == STEP_ALONE && !add_word(split, split->place.script))
		return false;
	const char *sql = open_ended(split->arena, first->sql);
	if (split->only_clause && split->in_place) {
		add_edit(split, source, statement->span, sql);
	} else if (split->only_clause) {
		while (end < source->length && strchr(" \t\r", source->bytes[end]))
			end++;
		end += end < source->length && source->bytes[end] == '\n';
		add_edit(split, source, (Span){statement->span.start, end}, "");
	} else {
		add_edit(split, source, clause, "");
		if (split->in_place)
			add_edit(split, source, (Span){end, end}, arena_print(split->arena, "%s\n%s%s", ended ? "" : ";", sql, ended ? ";" : ""));
	}
	return true;
}

/* --- The other steps ------------------------------------------------------------------------------------------------------------------- */

static const char nothing[] = "-- nothing to take back\n";

static const char *commented(Arena *arena, const char *sql)
{
	const char *text = "";
	while (*sql) {
		size_t length = strcspn(sql, "\n");
		text = arena_print(arena, "%s-- %.*s\n", text, (int)length, sql);
		sql += length + (sql[length] == '\n');
	}
	return text;
}

/* https://www.postgresql.org/docs/current/plpgsql-transactions.html: DO may commit where no transaction is open around it. */
static const char *in_batches(Arena *arena, const char *update)
{
	return arena_print(arena,
			   "DO $$ BEGIN\n"
			   "  LOOP\n"
			   "%s"
			   "    EXIT WHEN NOT FOUND;\n"
			   "    COMMIT;\n"
			   "  END LOOP;\n"
			   "END $$;\n",
			   update);
}

/* What one migration runs. *alone: outside a transaction. */
static const char *statements_of(const Split *split, const RecipeStep *step, bool *alone)
{
	Arena *arena = split->arena;
	const char *words = step->words ? arena_print(arena, "-- %s\n", step->words) : "";
	*alone = step->place == STEP_ALONE;
	if (strstr(step->sql, "…"))
		return arena_print(arena, "-- TODO: write what stands for …\n%s%s", words, commented(arena, step->sql));
	if (step->place != STEP_BACKFILL)
		return arena_print(arena, "%s%s", words, step->sql);
	/* Flyway runs a DO in a transaction, whatever it does. */
	if (same(split->place.history->layout->name, "flyway"))
		return arena_print(arena, "-- TODO: by hand, %s\n%s", step->words, commented(arena, step->sql));
	*alone = true;
	return arena_print(arena, "%s%s", words, in_batches(arena, step->sql));
}

/* What only people can say when it is time for: comments at the end of the last migration. */
static const char *for_later(const Split *split, uint32_t from)
{
	const char *text = "";
	for (uint32_t i = from; i < split->finding->steps.count; i++) {
		const RecipeStep *step = &split->finding->steps.items[i];
		text = arena_print(split->arena, "%s\n-- then, %s\n%s", text, step->words ? step->words : "outside a transaction",
				   commented(split->arena, step->sql));
	}
	return text;
}

static bool add_files(Split *split)
{
	const Finding *finding = split->finding;
	uint32_t i = split->in_place ? 1 : 0;
	for (; i < finding->steps.count && finding->steps.items[i].place != STEP_RELEASE; i++) {
		struct NewStep made = {.step = &finding->steps.items[i]};
		made.up = statements_of(split, made.step, &made.alone);
		made.down = made.step->undo;
		if (made.down && !*made.down)
			made.down = nothing;
		if (!name_next_migration(split->arena, split->place.migration, split->path, split->made.count + 1, made.step->verb, &made.named))
			return false;
		array_push(split->arena, &split->made, made);
	}
	if (!split->made.count)
		return false;
	struct NewStep *last = &split->made.items[split->made.count - 1];
	last->up = arena_print(split->arena, "%s%s", last->up, for_later(split, i));
	return true;
}

/* --- Files, first without a rollback, then with the one that was proved ------------------------------------------------------------------ */

static bool has_down_section(const Split *split)
{
	const SectionWords *words = split->place.history->layout->sections;
	return words && words->down;
}

static bool write_files(Split *split)
{
	split->plan->files.count = 0;
	array_each (const struct NewStep, made, &split->made) {
		const char *down = made->down ? made->down : "";
		const char *text = migration_file_text(split->arena, split->place.migration, made->up, has_down_section(split) ? down : NULL, made->alone);
		if (!text)
			return false;
		array_push(split->arena, &split->plan->files, (Draft){made->named.path, text});
		if (!made->named.down || !made->down)
			continue;
		text = migration_file_text(split->arena, split->place.migration, down, NULL, made->alone);
		array_push(split->arena, &split->plan->files, (Draft){made->named.down, text});
	}
	return true;
}

/* The file with the edits of its source. */
static const char *edited(const Split *split, const Source *source)
{
	Buf text = {0};
	uint32_t at = source->body;
	array_each (const PlannedEdit, edit, &split->plan->edits) {
		if (edit->source != source)
			continue;
		buf_add(&text, source->bytes + at, edit->span.start - at);
		buf_adds(&text, edit->text);
		at = edit->span.end;
	}
	buf_add(&text, source->bytes + at, source->length - at);
	const char *copy = arena_copy(split->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return copy;
}

static Analysis *try_plan(const Split *split)
{
	Drafts drafts = {0};
	const Source *seen = NULL;
	array_each (const PlannedEdit, edit, &split->plan->edits) {
		if (edit->source == seen)
			continue;
		seen = edit->source;
		array_push(split->arena, &drafts, (Draft){path_absolute(split->arena, split->folder->path, seen->path), edited(split, seen)});
	}
	array_each (const Draft, file, &split->plan->files)
		array_push(split->arena, &drafts, *file);
	return work_folder_try(split->workspace, split->folder, &drafts);
}

/* What takes it back. An index that is built outside a transaction goes the same way. */
static const char *rollback_of(const Split *split, const Analysis *tried, const char *path, bool alone)
{
	static const char drop[] = "DROP INDEX ";
	ScriptPlace place;
	if (!script_in(split->folder, tried, path, 0, &place))
		return NULL;
	const char *sql = rollback_statements(split->arena, &place, lowest_version(split->workspace, place.history));
	if (!sql)
		return nothing;
	return alone && starts_with(sql, drop) ? arena_print(split->arena, "%sCONCURRENTLY %s", drop, sql + strlen(drop)) : sql;
}

static bool reverses(RollbackVerdict verdict)
{
	return verdict == ROLLBACK_REVERSES || verdict == ROLLBACK_DATA_DEPENDENT;
}

/* Does the down not fit any more what is left of the migration? What another migration makes now, an open world takes for there. */
static bool needs_other_rollback(const Split *split, const Analysis *tried)
{
	ScriptPlace place;
	int version = lowest_version(split->workspace, split->place.history);
	if (!script_in(split->folder, tried, split->path, 0, &place) || !place.migration->down)
		return false;
	RollbackVerdict before = rollback_verdict(split->arena, &split->place, version), now = rollback_verdict(split->arena, &place, version);
	return (reverses(before) && (!reverses(now) || !split->in_place)) || (now == ROLLBACK_FAILS && before != ROLLBACK_FAILS);
}

static bool edit_rollback(Split *split, const Analysis *tried)
{
	const Script *down = split->place.migration->down;
	if (!down || !down->statements.count || down->rewrites.count || !needs_other_rollback(split, tried))
		return true;
	const RecipeStep *first = &split->finding->steps.items[0];
	bool alone = split->in_place && first->place == STEP_ALONE;
	bool told = split->in_place && split->only_statement && first->undo && *first->undo;
	const char *sql = told ? first->undo : rollback_of(split, tried, split->path, alone);
	if (!sql || (alone && !add_word(split, down)))
		return false;
	const Statement *last = &down->statements.items[down->statements.count - 1];
	bool ended;
	Span span = {down->statements.items[0].span.start, behind(down->source, last, &ended)};
	size_t length = strlen(sql);
	add_edit(split, down->source, span, arena_copy(split->arena, sql, length - (sql[length - 1] == '\n')));
	return true;
}

static uint32_t errors_in(const Split *split, const Analysis *analysis, const char *path)
{
	Arena scratch = {0};
	FileFindings findings = {0};
	uint32_t errors = 0;
	findings_of(&scratch, split->folder, analysis, path, &findings);
	array_each (const Finding *, finding, &findings)
		errors += (*finding)->severity == SEVERITY_ERROR;
	arena_free(&scratch);
	return errors;
}

static bool is_sound(const Split *split, const Analysis *tried)
{
	const Script *down = split->place.migration->down;
	const char *beside = down ? path_absolute(split->arena, split->folder->path, down->source->path) : split->path;
	if (errors_in(split, tried, split->path) >= errors_in(split, split->folder->analysis, split->path) ||
	    errors_in(split, tried, beside) > errors_in(split, split->folder->analysis, beside))
		return false;
	array_each (const Draft, file, &split->plan->files)
		if (errors_in(split, tried, file->path))
			return false;
	return true;
}

/* The finding, or one that it says along. NULL: neither misses a lock_timeout that could be written. */
static const Finding *lock_timeout_of(const Finding *finding)
{
	if (finding->edits.count == 1 && same(rule_id(finding->rule), "lock-timeout-missing"))
		return finding;
	array_each (Finding *, one, &finding->along)
		if (lock_timeout_of(*one))
			return *one;
	return NULL;
}

/* What the new files lack that their own findings write: a lock_timeout, where the project asks for one. */
static void fix_files(Split *split, const Analysis *tried)
{
	array_each (Draft, file, &split->plan->files) {
		FileFindings findings = {0};
		findings_of(split->arena, split->folder, tried, file->path, &findings);
		array_each (const Finding *, item, &findings) {
			const Finding *finding = lock_timeout_of(*item);
			if (!finding)
				continue;
			const Edit *edit = &finding->edits.items[0];
			file->text = arena_print(split->arena, "%.*s%s%s", (int)edit->span.start, file->text, edit->text, file->text + edit->span.end);
			break;
		}
	}
}

/* Runs the plan as it is so far, and takes from the run what the plan still lacks. */
static bool prove_rollbacks(Split *split)
{
	Analysis *tried = try_plan(split);
	bool good = edit_rollback(split, tried);
	array_each (struct NewStep, made, &split->made) {
		if (!made->down)
			made->down = rollback_of(split, tried, made->named.path, made->alone);
		good = good && made->down;
	}
	analysis_free(tried);
	if (!good || !write_files(split))
		return false;
	tried = try_plan(split);
	fix_files(split, tried);
	analysis_free(tried);
	return true;
}

bool plan_safe_steps(Arena *arena, Workspace *workspace, WorkFolder *folder, const Document *document, const Finding *finding, SafeSteps *plan)
{
	*plan = (SafeSteps){0};
	Split split = {.arena = arena, .workspace = workspace, .folder = folder, .finding = finding, .path = document->path, .plan = plan};
	if (!may_split(folder, document, finding) || !script_at(folder, document->path, finding->span.start, &split.place) ||
	    !edit_statement(&split) || !add_files(&split) || !write_files(&split) || !prove_rollbacks(&split))
		return false;
	Analysis *tried = try_plan(&split);
	bool good = is_sound(&split, tried);
	analysis_free(tried);
	return good;
}
