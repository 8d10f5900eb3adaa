/* SQL that is another engine's by its words, where neither the file's name nor its folder's says so. */
#include <strings.h>

#include "discover/layout.h"
#include "read/lex.h"

static bool is_blank(char byte)
{
	return byte_in(byte, " \t\n\r\f\v");
}

/* Could the backquote stand behind TABLE or EXISTS? A comment may stand between them, at whose end is a line end or a slash. */
static bool may_quote_table(const Source *source, size_t at)
{
	const char *start = source->bytes, *before = start + at;
	while (before > start && is_blank(before[-1]) && !byte_in(before[-1], "\r\n"))
		before--;
	size_t length = (size_t)(before - start);
	if (length && byte_in(before[-1], "\r\n/"))
		return true;
	return (length >= 5 && strncasecmp(before - 5, "table", 5) == 0) || (length >= 6 && strncasecmp(before - 6, "exists", 6) == 0);
}

/* `ENGINE =`; again, with a comment between them perhaps. */
static bool may_be_set(const Source *source, size_t at)
{
	while (at < source->length && is_blank(source->bytes[at]))
		at++;
	return at < source->length && byte_in(source->bytes[at], "=-/");
}

/* Is one of the words below around the byte, a `g`? The letters beside it say no to nearly all. */
static bool is_foreign_word(const Source *source, size_t at)
{
	const char *bytes = source->bytes;
	if (at < 2 || source->length - at < 3)
		return false;
	if ((bytes[at - 1] | 0x20) == 'n' && (bytes[at + 1] | 0x20) == 'i')
		return source->length - at >= 4 && strncasecmp(bytes + at - 2, "engine", 6) == 0 && may_be_set(source, at + 4);
	return at >= 3 && (bytes[at - 1] | 0x20) == 'a' && strncasecmp(bytes + at - 3, "pragma", 6) == 0;
}

/* Could there be a word that gives another engine away? No is certain. All files are asked: memchr is the fastest way through them. */
static bool may_be_foreign(const Source *source)
{
	const char *end = source->bytes + source->length;
	for (const char *at = source->bytes; (at = memchr(at, '`', (size_t)(end - at))); at++)
		if (may_quote_table(source, (size_t)(at - source->bytes)))
			return true;
	for (const char *letter = "gG"; *letter; letter++)
		for (const char *at = source->bytes; (at = memchr(at, *letter, (size_t)(end - at))); at++)
			if (is_foreign_word(source, (size_t)(at - source->bytes)))
				return true;
	return false;
}

/*
 * Only what no statement of PostgreSQL has: `) ENGINE =`, CREATE TABLE `name` (PostgreSQL reads the backquote as an operator), and a
 * statement that begins with PRAGMA. A stray AUTO_INCREMENT is a mistake that somebody wants to hear of.
 */
const char *engine_by_words(const Source *source)
{
	if (!may_be_foreign(source))
		return NULL;
	Lexer lexer = lexer_new(source->bytes, source->body, source->length);
	Token last = {0};
	bool starts = true, creates = false;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (starts && token_is(&lexer, token, "pragma"))
			return "sqlite";
		if (token_is(&lexer, token, "engine") && token_is_byte(&lexer, last, ')') && token_is_byte(&lexer, lexer_peek(&lexer), '='))
			return "mysql";
		if (creates && token_is_byte(&lexer, token, '`') && (token_is(&lexer, last, "table") || token_is(&lexer, last, "exists")))
			return "mysql";
		creates = (creates && !starts) || token_is(&lexer, token, "create");
		starts = token_is_byte(&lexer, token, ';');
		creates = creates && !starts;
		last = token;
	}
	return NULL;
}
