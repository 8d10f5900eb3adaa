#include "read/split.h"

/*
 * Where a statement had better end that never ends. PostgreSQL would refuse the whole file; people want to hear of the
 * one bad statement and still of the others.
 */

static bool is_one_of(Text word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is_nocase(word, words[i]))
			return true;
	return false;
}

/* In the parentheses of CREATE RULE and in BEGIN ATOMIC only these statements have a meaning: others are outside. */
bool missing_end(const Splitter *splitter)
{
	static const char *const inside[] = {"select", "insert", "update", "delete", "merge", "values",
					     "with",   "table",	 "return", "notify", "end"};
	Token next = lexer_peek(&splitter->lexer);
	if (next.kind == TOKEN_PUNCTUATION)
		return false;
	return !is_one_of(token_text(&splitter->lexer, next), inside, LENGTH(inside));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The word at the start of a line behind blanks and line comments; empty when something else comes first. */
static Text next_line_word(const char *text, uint32_t at, uint32_t end)
{
	for (;;) {
		while (at < end && is_blank(text[at]))
			at++;
		if (at + 1 >= end || text[at] != '-' || text[at + 1] != '-')
			break;
		at = line_end_from(text, at, end);
	}
	uint32_t behind = at;
	if (text[at - 1] == '\n' || text[at - 1] == '\r')
		while (behind < end && ((text[behind] | 0x20) >= 'a' && (text[behind] | 0x20) <= 'z'))
			behind++;
	return (Text){text + at, behind - at};
}

/*
 * The first semicolon in text[span] that is followed by a line that begins, without indentation, with the first word of
 * a statement. Bodies of functions have such lines too, but hardly for these words. 0 when there is none.
 */
static uint32_t likely_end(const char *text, Span span)
{
	static const char *const firsts[] = {"create", "alter", "drop",	    "comment", "grant",
					     "revoke", "do",	"truncate", "commit"};
	static const char *const body_firsts[] = {"insert", "update", "delete", "select", "begin", "set"};
	bool in_body = text[span.start] == '$';
	for (uint32_t at = span.start; at < span.end; at++) {
		const char *found = memchr(text + at, ';', span.end - at);
		if (!found)
			return 0;
		at = (uint32_t)(found - text);
		Text word = next_line_word(text, at + 1, span.end);
		if (!word.length)
			continue;
		if (is_one_of(word, firsts, LENGTH(firsts)) ||
		    (!in_body && is_one_of(word, body_firsts, LENGTH(body_firsts))))
			return at;
	}
	return 0;
}

bool recover(Splitter *splitter, Token unended)
{
	/* Each costs a second look at what follows: a bound keeps hostile input linear. */
	enum { MOST = 8 };
	if (splitter->recoveries == MOST)
		return false;
	splitter->recoveries++;
	/* With a quote missing, strings and what is between them change places: look from the statement's start. */
	Lexer lexer = splitter->lexer;
	lexer.position = splitter->is_open ? splitter->open.text.start : unended.span.start;
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		if (token.kind != TOKEN_STRING && token.kind != TOKEN_QUOTED_WORD && !token.unended)
			continue;
		uint32_t end = likely_end(lexer.text, token.span);
		if (!end)
			continue;
		if (!splitter->is_open)
			statement_open(splitter, token);
		splitter->last.span.end = end;
		statement_close(splitter, false);
		splitter->lexer.position = end + 1;
		while (splitter->filling && splitter->filled.fillings.items[splitter->filling - 1].text.start > end)
			splitter->filling--;
		return true;
	}
	return false;
}
