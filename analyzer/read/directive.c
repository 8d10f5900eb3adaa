#include "read/directive.h"

#include "read/lex.h"

static const char opening[] = "ddlint:";

/* A comment's text, read word by word. */
typedef struct Reader {
	Arena *arena;
	const char *start; /* of the comment */
	const char *at;
	const char *end;
	uint32_t offset; /* of start */
} Reader;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_rule_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

static void skip_blanks(Reader *reader)
{
	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
}

static bool take_byte(Reader *reader, char byte)
{
	skip_blanks(reader);
	if (reader->at == reader->end || *reader->at != byte)
		return false;
	reader->at++;
	return true;
}

/* The next word up to a blank, empty at the end; "…" may hold blanks. */
static Text take_word(Reader *reader)
{
	skip_blanks(reader);
	const char *start = reader->at;
	if (start < reader->end && *start == '"') {
		const char *closing = memchr(start + 1, '"', (size_t)(reader->end - start - 1));
		if (closing) {
			reader->at = closing + 1;
			return (Text){start + 1, (size_t)(closing - start - 1)};
		}
	}
	while (reader->at < reader->end && !is_blank(*reader->at))
		reader->at++;
	return (Text){start, (size_t)(reader->at - start)};
}

static const char *keep(Reader *reader, Text text)
{
	return arena_copy(reader->arena, text.data, text.length);
}

static bool is_date(Text text)
{
	static const char shape[] = "dddd-dd-dd";
	if (text.length != sizeof shape - 1)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (shape[i] == 'd' ? !is_digit(text.data[i]) : text.data[i] != '-')
			return false;
	int month = (text.data[5] - '0') * 10 + text.data[6] - '0',
	    day = (text.data[8] - '0') * 10 + text.data[9] - '0';
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* RULE or RULE(object). A rule's name does not begin with a dash: that is where the reason begins. */
static bool read_rule(Reader *reader, Directive *directive)
{
	skip_blanks(reader);
	const char *start = reader->at;
	if (start < reader->end && *start == '-')
		return false;
	while (reader->at < reader->end && is_rule_byte(*reader->at))
		reader->at++;
	if (reader->at == start)
		return false;
	struct DirectiveRule rule = {.rule = keep(reader, (Text){start, (size_t)(reader->at - start)})};
	if (reader->at < reader->end && *reader->at == '(') {
		const char *inside = reader->at + 1;
		const char *closing = memchr(inside, ')', (size_t)(reader->end - inside));
		if (!closing)
			return false;
		reader->at = closing + 1;
		while (inside < closing && is_blank(*inside))
			inside++;
		while (closing > inside && is_blank(closing[-1]))
			closing--;
		rule.object = keep(reader, (Text){inside, (size_t)(closing - inside)});
	}
	rule.span.start = reader->offset + (uint32_t)(start - reader->start);
	rule.span.end = reader->offset + (uint32_t)(reader->at - reader->start);
	array_push(reader->arena, &directive->rules, rule);
	return true;
}

static bool read_allow(Reader *reader, Directive *directive)
{
	do
		if (!read_rule(reader, directive))
			return false;
	while (take_byte(reader, ','));
	Text word = take_word(reader);
	if (text_is(word, "until")) {
		word = take_word(reader);
		if (!is_date(word))
			return false;
		directive->until = keep(reader, word);
		word = take_word(reader);
	}
	if (!word.length)
		return true;
	if (!text_is(word, "--") || !is_blank(word.data[-1]))
		return false;
	skip_blanks(reader);
	if (reader->at < reader->end)
		directive->reason = keep(reader, (Text){reader->at, (size_t)(reader->end - reader->at)});
	return true;
}

static bool read_file(Reader *reader, Directive *directive)
{
	Text path = take_word(reader);
	if (!path.length)
		return false;
	directive->path = keep(reader, path);
	for (Text key = take_word(reader); key.length; key = take_word(reader)) {
		Text value = take_word(reader);
		if (!value.length)
			return false;
		if (text_is(key, "migration"))
			directive->migration = keep(reader, value);
		else if (text_is(key, "direction"))
			directive->direction = keep(reader, value);
		else if (text_is(key, "transaction") && (text_is(value, "on") || text_is(value, "off")))
			directive->transaction = keep(reader, value);
		else
			return false;
	}
	return true;
}

bool directive_read(Arena *arena, Text comment, uint32_t offset, Directive *directive)
{
	Reader reader = {arena, comment.data, comment.data, comment.data + comment.length, offset};
	if (comment.length < 2)
		return false;
	bool block = comment.data[0] == '/';
	reader.at += 2;
	if (block && comment.length >= 4 && memcmp(reader.end - 2, "*/", 2) == 0)
		reader.end -= 2;
	while (reader.end > reader.at && is_blank(reader.end[-1]))
		reader.end--;
	skip_blanks(&reader);
	const size_t length = sizeof opening - 1;
	if ((size_t)(reader.end - reader.at) < length || memcmp(reader.at, opening, length) != 0)
		return false;
	reader.at += length;
	*directive = (Directive){.span = {offset, offset + (uint32_t)comment.length}};
	Text verb = take_word(&reader);
	bool good = false;
	if (text_is(verb, "allow") || text_is(verb, "allow-file")) {
		directive->kind = text_is(verb, "allow") ? DIRECTIVE_ALLOW : DIRECTIVE_ALLOW_FILE;
		good = read_allow(&reader, directive);
	} else if (text_is(verb, "file")) {
		directive->kind = DIRECTIVE_FILE;
		good = read_file(&reader, directive);
	}
	if (!good)
		directive->kind = DIRECTIVE_UNKNOWN;
	return true;
}

/* Looks for the rarest byte of it. */
static bool may_have_directive(const char *text, Span span)
{
	const size_t word = sizeof opening - 2;
	const char *at = text + span.start, *end = text + span.end;
	for (; at < end && (at = memchr(at, ':', (size_t)(end - at))); at++)
		if ((size_t)(at - text) >= span.start + word && memcmp(at - word, opening, word) == 0)
			return true;
	return false;
}

static void collect(Arena *arena, Script *script, const char *text, Span span, bool head_only, int depth)
{
	enum { DEEPEST_BODY = 8 };
	/* A head ends soon, while what is called the head of a script may be most of a changelog. */
	if (!head_only && !may_have_directive(text, span))
		return;
	Lexer lexer = lexer_new(text, span.start, span.end);
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		Directive directive;
		if (token.kind == TOKEN_COMMENT) {
			if (directive_read(arena, token_text(&lexer, token), token.span.start, &directive))
				array_push(arena, &script->directives, directive);
		} else if (head_only && token.kind != TOKEN_SPACE) {
			return;
		} else if (token.kind == TOKEN_DOLLAR_STRING && depth < DEEPEST_BODY) {
			collect(arena, script, text, token_inside(&lexer, token), false, depth + 1);
		}
	}
}

void directives_collect(Arena *arena, Script *script, const char *text, Span span, bool head_only)
{
	collect(arena, script, text, span, head_only, 0);
}
