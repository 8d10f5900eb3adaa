#include "discover/layout.h"
#include "read/lex.h"

/*
 * The one question that Flyway asks about statements before it sends them: does one have to stand outside a transaction? Asked of
 * the first words only, as Flyway does: it does not know that REINDEX INDEX CONCURRENTLY and DETACH PARTITION … CONCURRENTLY do
 * (seen with 11.8.2). Effects know better, later.
 */

bool to_next_statement(Lexer *lexer)
{
	for (;;) {
		lexer_skim(lexer, true);
		Token token = lexer_any(lexer);
		if (token.kind == TOKEN_END || token_is_byte(lexer, token, ';'))
			return token.kind != TOKEN_END;
	}
}

enum { FIRST_WORDS = 5 };

typedef struct Opening {
	Text words[FIRST_WORDS];
	uint32_t count;
} Opening;

static bool opens(const Opening *opening, const char *const *words)
{
	uint32_t i = 0;
	for (; words[i]; i++)
		if (i >= opening->count || !text_is_nocase(opening->words[i], words[i]))
			return false;
	return true;
}

static bool is_non_transactional(const Opening *opening)
{
	static const char *const openings[][5] = {
		{"create", "database"},      {"create", "tablespace"},
		{"create", "subscription"},  {"drop", "database"},
		{"drop", "tablespace"},      {"drop", "subscription"},
		{"alter", "system"},         {"vacuum"},
		{"discard", "all"},          {"create", "index", "concurrently"},
		{"create", "unique", "index", "concurrently"},
		{"drop", "index", "concurrently"},
		{"reindex", "schema"},       {"reindex", "database"},
		{"reindex", "system"},
	};
	for (size_t i = 0; i < LENGTH(openings); i++)
		if (opens(opening, openings[i]))
			return true;
	return false;
}

TransactionNeeds transaction_needs(const Source *source, Span section)
{
	TransactionNeeds needs = {0};
	Lexer lexer = lexer_new(source->bytes, section.start, section.end);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		Opening opening = {0};
		while (token.kind != TOKEN_END && !token_is_byte(&lexer, token, ';') && opening.count < FIRST_WORDS) {
			opening.words[opening.count++] = token_text(&lexer, token);
			token = lexer_next(&lexer);
		}
		if (opening.count)
			*(is_non_transactional(&opening) ? &needs.outside : &needs.inside) = true;
		if (token.kind == TOKEN_END || (!token_is_byte(&lexer, token, ';') && !to_next_statement(&lexer)))
			break;
	}
	return needs;
}
