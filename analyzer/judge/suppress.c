#include "judge/suppress.h"

#include "read/lex.h"

/* Only blanks and comments between the two places. */
static bool adjacent(const Source *source, uint32_t from, uint32_t to)
{
	Lexer lexer = lexer_new(source->bytes, from, to);
	return lexer_next(&lexer).kind == TOKEN_END;
}

static bool same_line(const Source *source, uint32_t from, uint32_t to)
{
	return !memchr(source->bytes + from, '\n', to - from);
}

/* A comment inside the statement speaks for the clause whose line it ends or above which it stands. */
static bool touches_clause(const Source *source, Span comment, Span clause)
{
	if (comment.start >= clause.start && comment.end <= clause.end)
		return true;
	if (comment.end <= clause.start)
		return adjacent(source, comment.end, clause.start) || same_line(source, comment.end, clause.start);
	return same_line(source, clause.end, comment.start);
}

/* Statements with a body are a program: a comment in it is about its own line, not about everything. */
static bool has_body(const Statement *statement)
{
	for (const Action *action = statement->actions; action; action = action->next)
		if (action->kind == ACTION_DO_BLOCK || action->kind == ACTION_CREATE_FUNCTION)
			return true;
	return false;
}

bool directive_covers(const Directive *directive, const Finding *finding)
{
	const Source *source = finding->script->source;
	const Statement *statement = finding->statement;
	if (directive->kind == DIRECTIVE_ALLOW_FILE)
		return true;
	if (directive->kind != DIRECTIVE_ALLOW || !statement || finding->whole_file)
		return false;
	Span block = statement->comments;
	if (block.end > block.start && directive->span.start >= block.start && directive->span.end <= block.end)
		return true;
	if (directive->span.start < statement->span.start || directive->span.start > statement->line_end)
		return false;
	if (directive->span.start >= statement->span.end || !has_body(statement))
		return true;
	return touches_clause(source, directive->span, finding->span);
}

/* "users", "public.users" and "public.users.email" all mean the finding about public.users.email. */
static bool names(const char *written, const Finding *finding)
{
	if (!written)
		return true;
	const char *const subjects[] = {finding->object, finding->relation};
	for (size_t i = 0; i < LENGTH(subjects); i++) {
		const char *subject = subjects[i];
		size_t tail = strlen(written), length = subject ? strlen(subject) : 0;
		if (subject && length >= tail && same(subject + length - tail, written) && (length == tail || subject[length - tail - 1] == '.'))
			return true;
	}
	return false;
}

static bool expired(const Directive *directive, const char *today)
{
	return directive->until && today && strcmp(directive->until, today) < 0;
}

static void silence(Arena *arena, Finding *finding, Directive *directive, const char *today)
{
	const char *id = rule_id(finding->rule);
	array_each (struct DirectiveRule, rule, &directive->rules) {
		if (!same(rule->rule, id) || !names(rule->object, finding))
			continue;
		rule->used = true;
		if (directive->reason && !expired(directive, today))
			finding->suppressed = arena_string(arena, directive->reason);
	}
}

/* The first directive that may be about the statement: those in the comments above it are. */
static uint32_t first_near(const Script *script, const Statement *statement)
{
	Span comments = statement->comments;
	bool commented = comments.end > comments.start && comments.start < statement->span.start;
	uint32_t start = commented ? comments.start : statement->span.start, low = 0, high = script->directives.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (script->directives.items[middle].span.start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void suppress(Arena *arena, Finding *finding, const char *today)
{
	if (!finding->script)
		return;
	Script *script = finding->script;
	const Statement *statement = finding->statement;
	array_each (const uint32_t, place, &script->file_directives)
		silence(arena, finding, &script->directives.items[*place], today);
	for (uint32_t i = statement ? first_near(script, statement) : UINT32_MAX; i < script->directives.count; i++) {
		Directive *directive = &script->directives.items[i];
		if (directive->span.start > statement->line_end)
			break;
		if (directive->kind == DIRECTIVE_ALLOW && directive_covers(directive, finding))
			silence(arena, finding, directive, today);
	}
}

/* --- What is wrong with comments -------------------------------------------------------------------------------------------------- */

typedef struct About {
	Arena *arena;
	const History *history;
	const Migration *migration;
	Script *script;
	const RuleChoice *choice;
	Findings *findings;
} About;

static void complain(const About *about_, const char *id, Span span, const char *message)
{
	const RuleEntry *entry = rule_book_find(about_->choice->book, id);
	Severity severity = entry ? rule_severity(about_->arena, about_->history->config, about_->choice, entry, about_->script->source->path)
				  : SEVERITY_OFF;
	if (severity == SEVERITY_OFF)
		return;
	Finding *finding = new(about_->arena, Finding);
	*finding = (Finding){
		.rule = entry->rule,
		.severity = severity,
		.history = about_->history->name,
		.source = about_->script->source,
		.span = span,
		.migration = arena_string(about_->arena, about_->migration->version),
		.direction = about_->script->direction,
		.message = message,
	};
	array_push(about_->arena, &about_->findings->list, finding);
}

static bool is_on(const About *about_, const char *id)
{
	const RuleEntry *entry = rule_book_find(about_->choice->book, id);
	return entry && rule_severity(about_->arena, about_->history->config, about_->choice, entry, about_->script->source->path) != SEVERITY_OFF;
}

static const char *unknown_rule(Arena *arena, const RuleBook *book, const char *id)
{
	uint32_t count = book->entries.count;
	const char **ids = new_array(arena, const char *, count);
	for (uint32_t i = 0; i < count; i++)
		ids[i] = book->entries.items[i].id;
	const char *near = nearest(id, ids, count);
	return near ? arena_print(arena, "there is no rule \"%s\"; did you mean \"%s\"?", id, near)
		    : arena_print(arena, "there is no rule \"%s\"", id);
}

static void judge_allow(const About *about_, const Directive *directive)
{
	Arena *arena = about_->arena;
	if (!directive->reason)
		complain(about_, "suppression-without-reason", directive->span,
			 "this comment allows nothing without a reason: add \" -- why it is safe\"");
	else if (expired(directive, about_->choice->today))
		complain(about_, "suppression-expired", directive->span,
			 arena_print(arena, "this comment allowed it until %s", directive->until));
	array_each (struct DirectiveRule, rule, &directive->rules) {
		if (!rule_book_find(about_->choice->book, rule->rule))
			complain(about_, "suppression-unused", rule->span, unknown_rule(arena, about_->choice->book, rule->rule));
		else if (!rule->used && is_on(about_, rule->rule))
			complain(about_, "suppression-unused", rule->span,
				 arena_print(arena, "nothing here is a finding of %s%s%s%s", rule->rule, rule->object ? "(" : "",
					     rule->object ? rule->object : "", rule->object ? ")" : ""));
	}
}

/* What the down's copy of a shared comment was used for counts for the up's. */
static void share_uses(Script *up, const Script *down)
{
	array_each (Directive, mine, &up->directives)
		array_each (Directive, theirs, &down->directives)
			if (mine->shared && theirs->shared && mine->span.start == theirs->span.start)
				for (uint32_t i = 0; i < mine->rules.count; i++)
					mine->rules.items[i].used |= theirs->rules.items[i].used;
}

static void judge_script_directives(const About *about_, bool skip_shared)
{
	array_each (Directive, directive, &about_->script->directives) {
		if (directive->shared && skip_shared)
			continue;
		if (directive->kind == DIRECTIVE_ALLOW || directive->kind == DIRECTIVE_ALLOW_FILE)
			judge_allow(about_, directive);
		else if (directive->kind == DIRECTIVE_UNKNOWN)
			complain(about_, "suppression-unused", directive->span,
				 "this comment is not understood: write \"ddlint: allow RULE -- reason\"");
	}
}

void judge_directives(Arena *arena, const History *history, const Migration *migration, const RuleChoice *choice, Findings *findings)
{
	Script *up = migration->up && migration->up->target ? migration->up : NULL;
	Script *down = migration->down && migration->down->target ? migration->down : NULL;
	bool one_source = up && down && up->source == down->source;
	if (one_source)
		share_uses(up, down);
	About about_ = {arena, history, migration, up, choice, findings};
	if (up)
		judge_script_directives(&about_, false);
	about_.script = down;
	if (down)
		judge_script_directives(&about_, one_source);
}
