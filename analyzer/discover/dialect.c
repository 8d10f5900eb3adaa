/* SQL that is another engine's by its words, where neither the file's name nor its folder's says so. */
#include "discover/layout.h"
#include "read/lex.h"

/* Could there be one of the words below? No is certain. */
static bool may_be_foreign(const Source *source)
{
	static const char *const words[] = {"ENGINE", "engine", "Engine", "PRAGMA", "pragma"};
	if (memchr(source->bytes, '`', source->length))
		return true;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (memmem(source->bytes, source->length, words[i], strlen(words[i])))
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
