#include "python.h"

#include <ctype.h>

enum { DEEPEST = 40 };

typedef struct Python {
	Arena *arena;
	const char *bytes;
	uint32_t at, end;
	uint32_t depth; /* of values in values */
} Python;

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || ((unsigned char)c & 0x80);
}

static char here(const Python *python)
{
	return python->at < python->end ? python->bytes[python->at] : '\0';
}

/* --- Strings ------------------------------------------------------------------------------------------------------------------- */

typedef struct Quoted {
	Span inner;
	uint32_t end;
	bool raw, format, bytes;
} Quoted;

/* A string literal at the place, with its prefix; false when none starts there. One without end takes its line, or all. */
static bool take_quoted(const Python *python, uint32_t at, Quoted *quoted)
{
	*quoted = (Quoted){0};
	uint32_t start = at;
	for (; at < python->end && at - start < 3 && byte_in(python->bytes[at], "rRfFbBuU"); at++) {
		char prefix = (char)tolower((unsigned char)python->bytes[at]);
		quoted->raw |= prefix == 'r';
		quoted->format |= prefix == 'f';
		quoted->bytes |= prefix == 'b';
	}
	if (at >= python->end || (python->bytes[at] != '"' && python->bytes[at] != '\''))
		return false;
	char quote = python->bytes[at];
	bool triple = python->end - at >= 3 && python->bytes[at + 1] == quote && python->bytes[at + 2] == quote;
	uint32_t width = triple ? 3 : 1;
	quoted->inner.start = at + width;
	for (at += width; at < python->end; at++) {
		char c = python->bytes[at];
		if (c == '\\' && at + 1 < python->end)
			at++;
		else if (c == '\n' && !triple)
			break;
		else if (c == quote && (!triple || (python->end - at >= 3 && python->bytes[at + 1] == quote && python->bytes[at + 2] == quote))) {
			quoted->inner.end = at;
			quoted->end = at + width;
			return true;
		}
	}
	quoted->inner.end = quoted->end = at < python->end ? at : python->end;
	return true;
}

/* --- Blanks -------------------------------------------------------------------------------------------------------------------- */

static uint32_t comment_end(const Python *python, uint32_t at)
{
	const char *newline = memchr(python->bytes + at, '\n', python->end - at);
	return newline ? (uint32_t)(newline - python->bytes) : python->end;
}

/* Inside of brackets line ends are blanks. */
static void skip_blanks(Python *python)
{
	while (python->at < python->end) {
		char c = here(python);
		if (c == '#')
			python->at = comment_end(python, python->at);
		else if (isspace((unsigned char)c) || c == '\\')
			python->at++;
		else
			break;
	}
}

/* --- Values -------------------------------------------------------------------------------------------------------------------- */

static PyValue *read_value(Python *python);

/* Behind the bracket that closes the one at the place. */
static void skip_brackets(Python *python)
{
	uint32_t depth = 0;
	while (python->at < python->end) {
		Quoted quoted;
		char c = here(python);
		bool begins = python->at == 0 || !is_word(python->bytes[python->at - 1]);
		if ((c == '"' || c == '\'' || begins) && take_quoted(python, python->at, &quoted)) {
			python->at = quoted.end > python->at ? quoted.end : python->at + 1;
			continue;
		}
		if (c == '#') {
			python->at = comment_end(python, python->at);
			continue;
		}
		depth += byte_in(c, "([{");
		python->at++;
		if (byte_in(c, ")]}") && --depth == 0)
			return;
	}
}

/* To the comma, bracket or colon that ends the value. */
static void skip_rest(Python *python)
{
	while (python->at < python->end) {
		Quoted quoted;
		char c = here(python);
		bool begins = python->at == 0 || !is_word(python->bytes[python->at - 1]);
		if (byte_in(c, ",)]}"))
			return;
		if (c == '#')
			python->at = comment_end(python, python->at);
		else if (byte_in(c, "([{"))
			skip_brackets(python);
		else if ((c == '"' || c == '\'' || begins) && take_quoted(python, python->at, &quoted))
			python->at = quoted.end > python->at ? quoted.end : python->at + 1;
		else
			python->at++;
	}
}

/* One literal, or several side by side, which are one. */
static void read_string(Python *python, PyValue *value, int extra)
{
	Quoted quoted;
	value->kind = PY_STRING;
	value->inner.start = UINT32_MAX;
	uint32_t last_inner = 0;
	while (take_quoted(python, python->at, &quoted)) {
		if (value->inner.start == UINT32_MAX) {
			value->inner.start = quoted.inner.start;
		} else {
			Rewrite joint = {{last_inner, quoted.inner.start}, TEXT("")};
			array_push(python->arena, &value->rewrites, joint);
		}
		int style = extra | (quoted.raw ? 0 : LITERAL_BACKSLASH) | (quoted.format ? LITERAL_BRACES : 0);
		literal_rewrites(python->arena, python->bytes, quoted.inner, style, &value->rewrites);
		last_inner = quoted.inner.end;
		python->at = quoted.end;
		value->span.end = python->at;
		skip_blanks(python);
	}
	value->inner.end = last_inner;
}

static void set_string_text(Python *python, PyValue *value)
{
	Buf text = {0};
	uint32_t at = value->inner.start;
	array_each(const Rewrite, rewrite, &value->rewrites) {
		buf_add(&text, python->bytes + at, rewrite->source.start - at);
		buf_add(&text, rewrite->sql.data, rewrite->sql.length);
		at = rewrite->source.end;
	}
	buf_add(&text, python->bytes + at, value->inner.end - at);
	value->text = arena_copy(python->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
}

static void read_arguments(Python *python, PyValue *value)
{
	char close = here(python) == '(' ? ')' : here(python) == '[' ? ']' : '}';
	python->at++;
	for (skip_blanks(python); python->at < python->end && here(python) != close; skip_blanks(python)) {
		uint32_t before = python->at;
		struct PyArgument argument = {0};
		uint32_t word = python->at;
		while (word < python->end && is_word(python->bytes[word]))
			word++;
		uint32_t sign = word;
		while (sign < python->end && (python->bytes[sign] == ' ' || python->bytes[sign] == '\t'))
			sign++;
		if (word > python->at && sign + 1 < python->end && python->bytes[sign] == '=' && python->bytes[sign + 1] != '=') {
			argument.keyword = arena_copy(python->arena, python->bytes + python->at, word - python->at);
			python->at = sign + 1;
			skip_blanks(python);
		}
		argument.value = read_value(python);
		array_push(python->arena, &value->arguments, argument);
		skip_blanks(python);
		if (here(python) == ',')
			python->at++;
		else if (python->at < python->end && here(python) != close && (python->at == before || byte_in(here(python), ")]}")))
			python->at++;
	}
	python->at += python->at < python->end;
}

/* .name, and (arguments) of what was read. */
static PyValue *read_calls(Python *python, PyValue *value)
{
	for (;;) {
		skip_blanks(python);
		if (here(python) == '(' && (value->kind == PY_NAME)) {
			value->kind = PY_CALL;
			read_arguments(python, value);
		} else if (here(python) == '.' && value->kind != PY_NUMBER && value->kind != PY_OTHER) {
			PyValue *method = new (python->arena, PyValue);
			uint32_t start = ++python->at;
			while (python->at < python->end && is_word(here(python)))
				python->at++;
			*method = (PyValue){.kind = PY_NAME, .on = value, .span = {value->span.start, python->at}};
			method->text = arena_copy(python->arena, python->bytes + start, python->at - start);
			value = method;
		} else {
			return value;
		}
		value->span.end = python->at;
	}
}

/* "…".format(…) and "…" % (…) are strings with holes. */
static PyValue *with_holes(Python *python, PyValue *value)
{
	uint32_t behind = python->at;
	const PyValue *string = value->kind == PY_CALL && value->on && same(value->text, "format") ? value->on : NULL;
	int style = LITERAL_BRACES;
	if (!string && value->kind == PY_STRING && here(python) == '%') {
		string = value;
		style = LITERAL_PERCENT;
		skip_rest(python);
		behind = python->at;
	}
	if (!string || string->kind != PY_STRING)
		return value;
	PyValue *filled = new (python->arena, PyValue);
	filled->span = string->span;
	python->at = string->span.start;
	read_string(python, filled, style);
	set_string_text(python, filled);
	python->at = behind;
	filled->span.end = behind;
	return filled;
}

static PyValue *read_value(Python *python)
{
	PyValue *value = new (python->arena, PyValue);
	Quoted quoted;
	skip_blanks(python);
	value->span = (Span){python->at, python->at};
	if (python->depth == DEEPEST) {
		skip_rest(python);
		value->span.end = python->at;
		return value;
	}
	python->depth++;
	char c = here(python);
	if (take_quoted(python, python->at, &quoted)) {
		read_string(python, value, 0);
		set_string_text(python, value);
	} else if (isdigit((unsigned char)c) || (c == '-' && python->at + 1 < python->end && isdigit((unsigned char)python->bytes[python->at + 1]))) {
		python->at++;
		while (python->at < python->end && (is_word(here(python)) || here(python) == '.'))
			python->at++;
		value->kind = PY_NUMBER;
		value->text = arena_copy(python->arena, python->bytes + value->span.start, python->at - value->span.start);
	} else if (is_word(c)) {
		while (python->at < python->end && (is_word(here(python)) || here(python) == '.'))
			python->at++;
		value->kind = PY_NAME;
		value->text = arena_copy(python->arena, python->bytes + value->span.start, python->at - value->span.start);
	} else if (byte_in(c, "([{")) {
		value->kind = PY_LIST;
		read_arguments(python, value);
	}
	if (value->span.end < python->at)
		value->span.end = python->at;
	value = with_holes(python, read_calls(python, value));
	/* Brackets around one string that goes over lines are no list. */
	if (value->kind == PY_LIST && value->arguments.count == 1 && c == '(' && value->arguments.items[0].value->kind == PY_STRING)
		value = value->arguments.items[0].value;
	skip_blanks(python);
	if (python->at < python->end && !byte_in(here(python), ",)]}")) {
		uint32_t start = value->span.start;
		skip_rest(python);
		value = new (python->arena, PyValue);
		value->span = (Span){start, python->at};
	}
	python->depth--;
	return value;
}

PyValue *python_value(Arena *arena, const Source *source, uint32_t at, uint32_t end, uint32_t *behind)
{
	Python python = {.arena = arena, .bytes = source->bytes, .at = at, .end = end};
	PyValue *value = read_value(&python);
	*behind = python.at;
	return value;
}

/* --- Statements ---------------------------------------------------------------------------------------------------------------- */

/* To the line end that ends the statement; brackets and backslashes carry it on. */
static void skip_statement(Python *python)
{
	while (python->at < python->end) {
		Quoted quoted;
		char c = here(python);
		bool begins = python->at == 0 || !is_word(python->bytes[python->at - 1]);
		if (c == '\n')
			return;
		if (c == '#')
			python->at = comment_end(python, python->at);
		else if (byte_in(c, "([{"))
			skip_brackets(python);
		else if ((c == '"' || c == '\'' || begins) && take_quoted(python, python->at, &quoted))
			python->at = quoted.end > python->at ? quoted.end : python->at + 1;
		else
			python->at += c == '\\' && python->at + 1 < python->end ? 2 : 1;
	}
}

PyStatements python_statements(Arena *arena, const Source *source)
{
	PyStatements statements = {0};
	Python python = {.arena = arena, .bytes = source->bytes, .at = source->body, .end = source->length};
	uint32_t line = 1;
	while (python.at < python.end) {
		PyStatement statement = {.line = line};
		while (python.at < python.end && (here(&python) == ' ' || here(&python) == '\t' || here(&python) == '\r')) {
			statement.indent += here(&python) == '\t' ? 8 - statement.indent % 8 : 1;
			python.at++;
		}
		statement.span.start = python.at;
		skip_statement(&python);
		statement.span.end = python.at;
		for (uint32_t i = statement.span.start; i < python.at; i++)
			line += python.bytes[i] == '\n';
		char first = source->bytes[statement.span.start];
		if (statement.span.end > statement.span.start && first != '#')
			array_push(arena, &statements, statement);
		line++;
		python.at++;
	}
	return statements;
}

bool python_begins(const Source *source, const PyStatement *statement, const char *word, uint32_t *behind)
{
	size_t length = strlen(word);
	const char *at = source->bytes + statement->span.start;
	if (statement->span.end - statement->span.start < length || memcmp(at, word, length) != 0 ||
	    (statement->span.end - statement->span.start > length && is_word(at[length])))
		return false;
	*behind = statement->span.start + (uint32_t)length;
	while (*behind < statement->span.end && isspace((unsigned char)source->bytes[*behind]))
		(*behind)++;
	return true;
}

const PyValue *py_argument(const PyValue *call, uint32_t position, const char *keyword)
{
	uint32_t place = 0;
	array_each(const struct PyArgument, argument, &call->arguments) {
		if (argument->keyword ? same(argument->keyword, keyword) : place == position)
			return argument->value;
		place += !argument->keyword;
	}
	return NULL;
}

bool py_is(const PyValue *value, const char *name)
{
	return value && value->kind == PY_NAME && !value->on && same(value->text, name);
}
