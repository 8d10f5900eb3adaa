#include "read/split.h"

#include "read/directive.h"

/* --- Statements --------------------------------------------------------------------------------------------------- */

void statement_open(Splitter *splitter, Token first)
{
	splitter->is_open = true;
	splitter->open = (Statement){.text = first.span, .batch = splitter->batch};
	if (splitter->new_lines < 2)
		splitter->open.comments = splitter->comments;
	splitter->comments = (Span){0};
	splitter->shape = SHAPE_NEW;
	splitter->last = splitter->before_last = (Token){0};
	splitter->parens = splitter->brackets = splitter->blocks = 0;
	splitter->open.conditional = splitter->conditional > 0;
	if (splitter->conditional)
		statement_made_up(splitter);
}

void statement_made_up(Splitter *splitter)
{
	splitter->open.partial = splitter->open.templated = true;
}

/* The end of the source's line that holds offset. Asked in order, so a long line is looked through once. */
static uint32_t line_end(Splitter *splitter, uint32_t offset)
{
	if (splitter->line_end < offset)
		splitter->line_end =
		    line_end_from(splitter->script->source->bytes, offset, splitter->script->source->length);
	return splitter->line_end;
}

static void push(Splitter *splitter, Statement statement)
{
	const ParseText *text = &splitter->script->text;
	statement.span = text_span_to_source(text, statement.text);
	if (statement.comments.end)
		statement.comments = text_span_to_source(text, statement.comments);
	statement.line_end = line_end(splitter, statement.span.end);
	array_push_long(splitter->arena, &splitter->script->statements, statement);
	if (!splitter->options->whole_is_batch && !splitter->in_batch && !splitter->joined)
		splitter->batch++;
	splitter->joined = false;
	splitter->trailing = true;
	splitter->new_lines = 0;
	splitter->comments = (Span){0};
}

void statement_close(Splitter *splitter, bool mark)
{
	if (!splitter->is_open)
		return;
	splitter->is_open = false;
	Span *text = &splitter->open.text;
	text->end = splitter->last.span.end;
	/* Only what never ended ends in blanks. */
	while (text->end > text->start + 1 && strchr(" \t\r\n", splitter->lexer.text[text->end - 1]))
		text->end--;
	if (mark && text->end < splitter->script->text.length) {
		char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
		splitter->lexer.text = own;
		if (own[text->end] == ' ' || own[text->end] == '\n' || own[text->end] == '\t' || own[text->end] == '\r')
			own[text->end] = ';';
	}
	push(splitter, splitter->open);
}

void statement_set_aside(Splitter *splitter, Span span, const char *unread)
{
	Statement statement = {.text = span, .batch = splitter->batch, .state = STATEMENT_SET_ASIDE, .unread = unread};
	if (splitter->new_lines < 2)
		statement.comments = splitter->comments;
	char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
	splitter->lexer.text = own;
	memset(own + span.start, ' ', span.end - span.start);
	splitter->script->set_aside++;
	push(splitter, statement);
}

/* --- Between statements: comments and batches --------------------------------------------------------------------- */

static void see_space(Splitter *splitter, Token space)
{
	if (splitter->is_open)
		return;
	const char *text = splitter->lexer.text;
	for (uint32_t at = space.span.start; at < space.span.end && splitter->new_lines < 2; at++)
		if (text[at] == '\n' || (text[at] == '\r' && !(at + 1 < space.span.end && text[at + 1] == '\n')))
			splitter->new_lines++;
	if (splitter->new_lines)
		splitter->trailing = false;
}

/* `-- MARKER`, alone in its comment. */
static bool is_marker(Text comment, const char *marker)
{
	if (!marker || comment.length < 2 || comment.data[0] != '-')
		return false;
	size_t length = strlen(marker), at = 2;
	while (at < comment.length && (comment.data[at] == ' ' || comment.data[at] == '\t'))
		at++;
	if (comment.length - at < length || !text_is_nocase((Text){comment.data + at, length}, marker))
		return false;
	return comment.length == at + length || comment.data[at + length] == ' ' || comment.data[at + length] == '\t';
}

/* A marker ends the open statement: its comment makes room for the semicolon that is missing. */
static void cut_at_marker(Splitter *splitter, Token comment)
{
	if (!splitter->is_open)
		return;
	statement_close(splitter, false);
	char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
	splitter->lexer.text = own;
	memset(own + comment.span.start, ' ', comment.span.end - comment.span.start);
	own[comment.span.start] = ';';
}

static void see_marker(Splitter *splitter, Token comment)
{
	const SplitOptions *options = splitter->options;
	Text text = token_text(&splitter->lexer, comment);
	bool begins = is_marker(text, options->batch_begin);
	if (!begins && !is_marker(text, options->batch_end))
		return;
	cut_at_marker(splitter, comment);
	if (splitter->in_batch && !options->whole_is_batch)
		splitter->batch++;
	splitter->in_batch = begins;
}

static void see_comment(Splitter *splitter, Token comment)
{
	if (comment.unended) {
		/* PostgreSQL's parser refuses it, and so it must be somebody's. */
		if (!splitter->is_open)
			statement_open(splitter, comment);
		splitter->last = comment;
		return;
	}
	if (splitter->options->batch_begin || splitter->options->batch_end)
		see_marker(splitter, comment);
	if (splitter->is_open || splitter->trailing)
		return;
	if (!splitter->comments.end || splitter->new_lines > 1)
		splitter->comments.start = comment.span.start;
	splitter->comments.end = comment.span.end;
	splitter->new_lines = 0;
}

/* --- Templates ---------------------------------------------------------------------------------------------------- */

/* Places of the grammar that take a number or a string and no name. `before` NULL: whatever comes before. */
/* clang-format off */
static const struct Place {
	const char *before, *last;
	char wants; /* 1 or ' */
} places[] = {
	{"varchar", "(", '1'}, {"char", "(", '1'}, {"character", "(", '1'}, {"varying", "(", '1'}, {"nchar", "(", '1'},
	{"float", "(", '1'}, {"timestamp", "(", '1'}, {"time", "(", '1'}, {"interval", "(", '1'},
	{NULL, "start", '1'}, {"start", "with", '1'}, {NULL, "restart", '1'}, {"restart", "with", '1'},
	{NULL, "increment", '1'}, {"increment", "by", '1'}, {NULL, "minvalue", '1'}, {NULL, "maxvalue", '1'},
	{NULL, "cache", '1'}, {"connection", "limit", '1'}, {NULL, "statistics", '1'},
	{NULL, "modulus", '1'}, {NULL, "remainder", '1'},
	{NULL, "interval", '\''}, {NULL, "password", '\''}, {"valid", "until", '\''}, {"add", "value", '\''},
	{"value", "exists", '\''}, {"rename", "value", '\''}, {"enum", "(", '\''}, {NULL, "is", '\''},
};
/* clang-format on */

static bool place_is(const Lexer *lexer, Token token, const char *word)
{
	return *word == '(' ? token_is_byte(lexer, token, '(') : token_is(lexer, token, word);
}

/* Makes the made-up word text[span] a number or a string where the grammar wants one. The length stays. */
static void fit(Splitter *splitter, Span span)
{
	const Lexer *lexer = &splitter->lexer;
	for (size_t i = 0; i < LENGTH(places); i++) {
		const struct Place *place = &places[i];
		if (!place_is(lexer, splitter->last, place->last) ||
		    (place->before && !token_is(lexer, splitter->before_last, place->before)))
			continue;
		if (same(place->last, "is") && splitter->shape != SHAPE_DATA)
			continue;
		char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
		memset(own + span.start, place->wants == '1' ? ' ' : 'x', span.end - span.start);
		own[span.start] = place->wants;
		if (place->wants == '\'')
			own[span.end - 1] = '\'';
		return;
	}
}

/* Nothing but blanks from `at` to the line's end. */
static bool line_is_over(const Lexer *lexer, uint32_t at)
{
	while (at < lexer->end && (lexer->text[at] == ' ' || lexer->text[at] == '\t'))
		at++;
	return at == lexer->end || lexer->text[at] == '\n' || lexer->text[at] == '\r';
}

static bool is_quoted(Token token)
{
	return token.kind == TOKEN_STRING || token.kind == TOKEN_QUOTED_WORD || token.kind == TOKEN_DOLLAR_STRING;
}

static bool is_whole(Token token, Span filling)
{
	return token.kind == TOKEN_WORD && token.span.start == filling.start && token.span.end == filling.end;
}

/* Templates in or before the token. True when the token is one that stands for statements: it has been set aside. */
static bool see_fillings(Splitter *splitter, Token token)
{
	const Filling *items = splitter->filled.fillings.items;
	for (; splitter->filling < splitter->filled.fillings.count; splitter->filling++) {
		const Filling *filling = &items[splitter->filling];
		if (filling->text.start >= token.span.end)
			break;
		bool passed_over = filling->text.start < token.span.start;
		if (filling->kind == FILLING_VALUE || token.kind == TOKEN_COMMENT || passed_over)
			continue;
		if (filling->kind == FILLING_CONTROL && !is_quoted(token)) {
			if (filling->nesting > 0)
				splitter->conditional++;
			else if (filling->nesting < 0 && splitter->conditional)
				splitter->conditional--;
			if (splitter->is_open)
				statement_made_up(splitter);
			continue;
		}
		if (!splitter->is_open && is_whole(token, filling->text) &&
		    line_is_over(&splitter->lexer, token.span.end)) {
			splitter->filling++;
			statement_set_aside(splitter, token.span, UNREAD_TEMPLATE);
			return true;
		}
		if (!splitter->is_open)
			statement_open(splitter, token);
		/* Text inside of data is data, whatever it is. */
		if (token.kind != TOKEN_STRING || splitter->shape != SHAPE_DATA)
			statement_made_up(splitter);
		if (is_whole(token, filling->text) && filling->kind == FILLING_WORD)
			fit(splitter, filling->text);
	}
	return false;
}

/* --- Tokens of statements ----------------------------------------------------------------------------------------- */

static Shape first_shape(const Lexer *lexer, Token word)
{
	switch (lexer->text[word.span.start] | 0x20) {
	case 'c':
		return token_is(lexer, word, "create")	  ? SHAPE_CREATE
		       : token_is(lexer, word, "copy")	  ? SHAPE_COPY
		       : token_is(lexer, word, "comment") ? SHAPE_DATA
							  : SHAPE_OTHER;
	case 'i':
		return token_is(lexer, word, "insert") ? SHAPE_DATA : SHAPE_OTHER;
	case 'u':
		return token_is(lexer, word, "update") ? SHAPE_DATA : SHAPE_OTHER;
	case 'd':
		return token_is(lexer, word, "delete") ? SHAPE_DATA : SHAPE_OTHER;
	default:
		return SHAPE_OTHER;
	}
}

static Shape created_shape(const Lexer *lexer, Token word)
{
	if (token_is(lexer, word, "or") || token_is(lexer, word, "replace"))
		return SHAPE_CREATE;
	if (token_is(lexer, word, "function") || token_is(lexer, word, "procedure"))
		return SHAPE_ROUTINE;
	return token_is(lexer, word, "rule") ? SHAPE_RULE : SHAPE_OTHER;
}

/* The body of an SQL function: BEGIN ATOMIC … END, in which CASE has an END too. Names come behind a dot or AS. */
static void count_blocks(Splitter *splitter, Token word)
{
	const Lexer *lexer = &splitter->lexer;
	if (!splitter->blocks) {
		if (token_is(lexer, word, "atomic") && token_is(lexer, splitter->last, "begin"))
			splitter->blocks = 1;
		return;
	}
	if (token_is_byte(lexer, splitter->last, '.') || token_is(lexer, splitter->last, "as"))
		return;
	if (token_is(lexer, word, "case"))
		splitter->blocks++;
	else if (token_is(lexer, word, "end"))
		splitter->blocks--;
}

static void see_word(Splitter *splitter, Token word)
{
	switch (splitter->shape) {
	case SHAPE_NEW:
		splitter->shape = first_shape(&splitter->lexer, word);
		break;
	case SHAPE_CREATE:
		splitter->shape = created_shape(&splitter->lexer, word);
		break;
	case SHAPE_ROUTINE:
		count_blocks(splitter, word);
		break;
	case SHAPE_COPY:
		if (!splitter->parens && token_is(&splitter->lexer, word, "stdin") &&
		    token_is(&splitter->lexer, splitter->last, "from"))
			splitter->shape = SHAPE_COPY_FROM_STDIN;
		break;
	default:
		break;
	}
}

static void see_semicolon(Splitter *splitter)
{
	/* PostgreSQL's grammar has a semicolon inside of parentheses in CREATE RULE only. */
	bool inside = splitter->blocks || (splitter->parens && splitter->shape == SHAPE_RULE);
	if (inside && !missing_end(splitter))
		return;
	bool data_follows = splitter->is_open && splitter->shape == SHAPE_COPY_FROM_STDIN;
	statement_close(splitter, false);
	if (data_follows)
		psql_copy_data(splitter);
}

static void see_punctuation(Splitter *splitter, char byte)
{
	switch (byte) {
	case '(':
		splitter->parens++;
		break;
	case ')':
		splitter->parens -= splitter->parens > 0;
		break;
	case '[':
		splitter->brackets++;
		break;
	case ']':
		splitter->brackets -= splitter->brackets > 0;
		break;
	}
}

/* Any token that is neither space nor comment. */
static void see_token(Splitter *splitter, Token token)
{
	char byte = splitter->lexer.text[token.span.start];
	if (token.kind == TOKEN_PUNCTUATION && byte == ';') {
		see_semicolon(splitter);
		if (!splitter->is_open)
			return;
	}
	if (token.kind == TOKEN_PUNCTUATION && byte == ':' && psql_variable(splitter, token))
		return;
	if (token.kind == TOKEN_OTHER && byte == '\\') {
		psql_backslash(splitter, token);
		return;
	}
	if (!splitter->is_open)
		statement_open(splitter, token);
	if (token.span.start == splitter->variable)
		fit(splitter, token.span);
	if (token.kind == TOKEN_WORD)
		see_word(splitter, token);
	else if (token.kind == TOKEN_PUNCTUATION)
		see_punctuation(splitter, byte);
	splitter->before_last = splitter->last;
	splitter->last = token;
}

/* Over what cannot matter for the end of the open statement. */
static void skim(Splitter *splitter)
{
	bool words_matter = splitter->shape != SHAPE_OTHER && splitter->shape != SHAPE_DATA;
	if (!splitter->is_open || words_matter)
		return;
	bool markers = splitter->options->batch_begin || splitter->options->batch_end;
	uint32_t start = splitter->lexer.position, end = lexer_skim(&splitter->lexer, !markers);
	if (end > start)
		splitter->last = (Token){.kind = TOKEN_OTHER, .span = {start, end}};
}

static void split_section(Splitter *splitter, Span section, bool more)
{
	splitter->lexer = lexer_new(splitter->script->text.bytes, section.start, section.end);
	splitter->comments = (Span){0};
	splitter->new_lines = 0;
	splitter->trailing = false;
	splitter->no_copy_end = false;
	const bool filled = splitter->filled.fillings.count > 0;
	for (;;) {
		if (splitter->skims)
			skim(splitter);
		Token token = lexer_any(&splitter->lexer);
		if (token.kind == TOKEN_END)
			break;
		if (token.unended && token.kind != TOKEN_COMMENT && recover(splitter, token))
			continue;
		if (filled && see_fillings(splitter, token))
			continue;
		if (token.kind == TOKEN_SPACE)
			see_space(splitter, token);
		else if (token.kind == TOKEN_COMMENT)
			see_comment(splitter, token);
		else
			see_token(splitter, token);
	}
	statement_close(splitter, more);
}

/* --- The script --------------------------------------------------------------------------------------------------- */

/*
 * What is said at the head of the file is said to all of it, also when the sections begin further down. A rollback
 * takes only what is meant for the file; where one file is a stream of several, its head is the head of another.
 */
static void collect_head(Arena *arena, Script *script)
{
	Span head = {script->source->body, script->sections.items[0].start};
	if (head.start >= head.end)
		return;
	directives_collect(arena, script, script->source->bytes, head, true);
	uint32_t kept = 0;
	array_each (Directive, directive, &script->directives) {
		if (directive->kind == DIRECTIVE_FILE) {
			kept = 0;
			break;
		}
		directive->shared = true;
		if (directive->kind == DIRECTIVE_ALLOW_FILE || script->direction != DIRECTION_DOWN)
			script->directives.items[kept++] = *directive;
	}
	script->directives.count = kept;
}

static void collect_directives(Arena *arena, Script *script, const Filled *filled)
{
	collect_head(arena, script);
	uint32_t first = script->directives.count;
	for (uint32_t i = 0; i < script->sections.count; i++)
		directives_collect(arena, script, script->text.bytes, filled->sections[i], false);
	for (uint32_t i = first; i < script->directives.count; i++) {
		Directive *directive = &script->directives.items[i];
		directive->span = text_span_to_source(&script->text, directive->span);
		array_each (struct DirectiveRule, rule, &directive->rules)
			rule->span = text_span_to_source(&script->text, rule->span);
	}
	for (uint32_t i = 0; i < script->directives.count; i++)
		if (script->directives.items[i].kind == DIRECTIVE_ALLOW_FILE)
			array_push(arena, &script->file_directives, i);
}

void script_split(Arena *arena, Script *script, const SplitOptions *options)
{
	Splitter splitter = {.arena = arena, .script = script, .options = options, .variable = UINT32_MAX};
	splitter.filled = template_fill(arena, script, options);
	if (!script->sections.count)
		return;
	splitter.skims = !splitter.filled.fillings.count && !psql_may_have_variable(&script->text, options);
	collect_directives(arena, script, &splitter.filled);
	for (uint32_t i = 0; i < script->sections.count; i++)
		split_section(&splitter, splitter.filled.sections[i], i + 1 < script->sections.count);
}
