#include "read/split.h"

/*
 * What psql reads itself and never sends: commands, data of COPY … FROM stdin, variables.
 * https://www.postgresql.org/docs/current/app-psql.html
 */

uint32_t line_end_from(const char *text, uint32_t at, uint32_t end)
{
	while (at < end && text[at] != '\n' && text[at] != '\r')
		at++;
	return at;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* --- Data --------------------------------------------------------------------------------------------------------- */

/* The offset behind a line that is only \. ; 0 when there is none. */
static uint32_t copy_end(const char *text, uint32_t start, uint32_t end)
{
	for (uint32_t at = start; at < end;) {
		const char *found = memmem(text + at, end - at, "\\.", 2);
		if (!found)
			return 0;
		uint32_t place = (uint32_t)(found - text);
		at = place + 2;
		bool begins = place == start || text[place - 1] == '\n' || text[place - 1] == '\r';
		if (begins && line_end_from(text, at, at + 1 < end ? at + 1 : end) == at)
			return at;
	}
	return 0;
}

/*
 * Sets aside the data from the next line on, and what is before it from `from` on. Without a line \. psql takes all
 * that follows, any other tool none.
 */
static bool take_data(Splitter *splitter, uint32_t from)
{
	Lexer *lexer = &splitter->lexer;
	uint32_t start = line_end_from(lexer->text, lexer->position, lexer->end);
	start += start + 1 < lexer->end && lexer->text[start] == '\r' && lexer->text[start + 1] == '\n' ? 2 : 1;
	if (start >= lexer->end || splitter->no_copy_end)
		return false;
	uint32_t end = copy_end(lexer->text, start, lexer->end);
	splitter->no_copy_end = !end;
	if (!end && !splitter->options->psql)
		return false;
	if (!end)
		end = lexer->end;
	statement_set_aside(splitter, (Span){from < start ? from : start, end}, NULL);
	lexer->position = end;
	return true;
}

void psql_copy_data(Splitter *splitter)
{
	take_data(splitter, UINT32_MAX);
}

/* --- Commands ----------------------------------------------------------------------------------------------------- */

static bool is_one_of(Text word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(word, list[i]))
			return true;
	return false;
}

/* Commands that send the statement before them, as a semicolon would. */
static bool sends(Text command)
{
	static const char *const senders[] = {
		"g", "gx", "gset", "gexec", "gdesc", "crosstabview", "watch", "bind", "bind_named", "parse", "sendpipeline",
	};
	return is_one_of(command, senders, LENGTH(senders));
}

/* `\copy t from stdin`: the data stands in the script. */
static bool reads_script(const char *line, uint32_t length)
{
	Lexer lexer = lexer_new(line, 0, length);
	bool from = false;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (from && token_is(&lexer, token, "stdin"))
			return true;
		from = token_is(&lexer, token, "from");
	}
	return false;
}

/* Why nobody knows what runs at a command or behind it; NULL for commands that show, set or test something. */
static const char *what_runs(Text command, bool shell)
{
	static const char *const includes[] = {"i", "ir", "include", "include_relative"};
	if (is_one_of(command, includes, LENGTH(includes)))
		return "psql reads another file here, which is not followed";
	if (text_is(command, "c") || text_is(command, "connect"))
		return "psql connects anew here, perhaps to another database";
	if (text_is(command, "q") || text_is(command, "quit"))
		return "psql stops reading here";
	if (sends(command))
		return "psql sends the statement before once more";
	return shell ? "psql starts another program here" : NULL;
}

/* Ends the open statement at a command that sends it; the command's place takes the semicolon. */
static void send(Splitter *splitter, Span command, Text name)
{
	/* What \gexec runs is the statement's result: nobody knows it. */
	splitter->open.partial |= text_is(name, "gexec");
	statement_close(splitter, false);
	char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
	splitter->lexer.text = own;
	memset(own + command.start, ' ', command.end - command.start);
	own[command.start] = ';';
}

static void blank(Splitter *splitter, Span span)
{
	char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
	splitter->lexer.text = own;
	memset(own + span.start, ' ', span.end - span.start);
}

static void command(Splitter *splitter, Token backslash)
{
	Lexer *lexer = &splitter->lexer;
	const char *text = lexer->text;
	Span span = {backslash.span.start, line_end_from(text, backslash.span.end, lexer->end)};
	lexer->position = span.end;
	Text name = {text + span.start + 1, 0};
	while (name.data + name.length < text + span.end && is_letter(name.data[name.length]))
		name.length++;
	while (text[span.end - 1] == ' ' || text[span.end - 1] == '\t')
		span.end--;
	/* What is between \if and \endif may run or not. */
	if (text_is(name, "if"))
		splitter->conditional++;
	else if (text_is(name, "endif") && splitter->conditional)
		splitter->conditional--;
	if (splitter->is_open && sends(name)) {
		send(splitter, span, name);
	} else if (splitter->is_open) {
		/* In the middle of a statement, \if and \set may change what is sent. */
		blank(splitter, span);
		statement_made_up(splitter);
	} else if (!text_is(name, "copy") || !reads_script(name.data, span.end - span.start - 1) ||
		   !take_data(splitter, span.start)) {
		statement_set_aside(splitter, span, what_runs(name, span.end > span.start + 1 && text[span.start + 1] == '!'));
	}
}

/* `\;` puts statements into one query, `\:` is a colon. */
static bool escaped(Splitter *splitter, Token backslash)
{
	Lexer *lexer = &splitter->lexer;
	char next = lexer->position < lexer->end ? lexer->text[lexer->position] : '\0';
	if (next != ';' && next != ':')
		return false;
	blank(splitter, backslash.span);
	if (next == ';' && splitter->is_open) {
		lexer->position++;
		splitter->joined = true;
		statement_close(splitter, false);
	}
	return true;
}

void psql_backslash(Splitter *splitter, Token backslash)
{
	Lexer *lexer = &splitter->lexer;
	if (splitter->options->psql) {
		if (!escaped(splitter, backslash))
			command(splitter, backslash);
		return;
	}
	bool starts = !splitter->is_open;
	if (starts)
		statement_open(splitter, backslash);
	splitter->before_last = splitter->last;
	splitter->last = backslash;
	if (!starts)
		return;
	/* No other tool knows psql's commands: a bad statement, but one of a single line. */
	lexer->position = splitter->last.span.end = line_end_from(lexer->text, backslash.span.end, lexer->end);
	statement_close(splitter, true);
}

/* --- Variables ---------------------------------------------------------------------------------------------------- */

/*
 * psql has :name, :'name' and :"name"; graphile-migrate has :NAME. In brackets it is a slice: array[1:n]. Elsewhere a
 * lower-case name without psql is more likely a mistyped ::cast, and a syntax error.
 */
static bool begins_variable(const SplitOptions *options, char next)
{
	if (!options->psql)
		return next >= 'A' && next <= 'Z';
	return is_letter(next) || next == '\'' || next == '"';
}

bool psql_may_have_variable(const ParseText *text, const SplitOptions *options)
{
	const char *at = text->bytes, *end = text->bytes + text->length;
	for (; (at = memchr(at, ':', (size_t)(end - at))); at++) {
		if (at + 1 < end && at[1] == ':')
			at++;
		else if (at + 1 < end && begins_variable(options, at[1]))
			return true;
	}
	return false;
}

bool psql_variable(Splitter *splitter, Token colon)
{
	Lexer *lexer = &splitter->lexer;
	char next = lexer->position < lexer->end ? lexer->text[lexer->position] : ' ';
	if (splitter->brackets || !begins_variable(splitter->options, next))
		return false;
	char *own = template_own(splitter->arena, splitter->script, &splitter->filled);
	lexer->text = own;
	if (!splitter->is_open)
		statement_open(splitter, colon);
	statement_made_up(splitter);
	/* :name becomes _name, never a key word, and joins what is before it; :'name' is a string as it is. */
	own[colon.span.start] = is_letter(next) ? '_' : ' ';
	lexer->position = is_letter(next) ? colon.span.start : colon.span.end;
	splitter->variable = colon.span.start;
	return true;
}
