#include "read/lex.h"

/* What a byte can begin or continue. Bytes from 0x80 on are letters, whatever the encoding (scan.l, ident_start). */
enum {
	SPACE = 1,
	LETTER = 2,
	DIGIT = 4,
	DOLLAR = 8,
	OPERATOR = 16,
	LOUD = 32, /* an operator that has one of these may end in + or - */
	PUNCTUATION = 64,
	HIDING = 128, /* may begin a string, a quoted name or a comment: what is inside of it is no SQL */
	WORD = LETTER | DIGIT | DOLLAR,
};

/* clang-format off */
static const unsigned char class_of[256] = {
	['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
	['A' ... 'Z'] = LETTER, ['a' ... 'z'] = LETTER, ['_'] = LETTER, [0x80 ... 0xFF] = LETTER,
	['0' ... '9'] = DIGIT, ['$'] = DOLLAR | HIDING,
	['+'] = OPERATOR, ['-'] = OPERATOR | HIDING, ['*'] = OPERATOR, ['/'] = OPERATOR | HIDING, ['<'] = OPERATOR, ['>'] = OPERATOR,
	['='] = OPERATOR, ['~'] = OPERATOR | LOUD, ['!'] = OPERATOR | LOUD, ['@'] = OPERATOR | LOUD,
	['#'] = OPERATOR | LOUD, ['%'] = OPERATOR | LOUD, ['^'] = OPERATOR | LOUD, ['&'] = OPERATOR | LOUD,
	['|'] = OPERATOR | LOUD, ['`'] = OPERATOR | LOUD, ['?'] = OPERATOR | LOUD,
	['('] = PUNCTUATION, [')'] = PUNCTUATION, ['['] = PUNCTUATION, [']'] = PUNCTUATION, [','] = PUNCTUATION,
	[';'] = PUNCTUATION, [':'] = PUNCTUATION, ['.'] = PUNCTUATION, ['\''] = HIDING, ['"'] = HIDING,
};
/* clang-format on */

static inline bool is(char byte, unsigned classes)
{
	return class_of[(unsigned char)byte] & classes;
}

static inline const char *skip(const char *at, const char *end, unsigned classes)
{
	for (; end - at >= 4; at += 4) { /* most of the time goes here: the end is asked for once in four bytes */
		if (!is(at[0], classes))
			return at;
		if (!is(at[1], classes))
			return at + 1;
		if (!is(at[2], classes))
			return at + 2;
		if (!is(at[3], classes))
			return at + 3;
	}
	while (at < end && is(*at, classes))
		at++;
	return at;
}

/* Is one of the word's eight bytes that one? */
static inline bool has_byte(uint64_t word, char byte)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	word ^= ones * (unsigned char)byte;
	return (word - ones) & ~word & highs;
}

/* --- What is quoted: from behind its opening to behind its end, or the text's end with *unended ------------------- */

static const char *line_comment(const char *at, const char *end)
{
	for (uint64_t word; (size_t)(end - at) >= sizeof word; at += sizeof word) {
		memcpy(&word, at, sizeof word);
		if (has_byte(word, '\n') || has_byte(word, '\r'))
			break;
	}
	while (at < end && *at != '\n' && *at != '\r')
		at++;
	return at;
}

static const char *block_comment(const char *at, const char *end, bool *unended)
{
	uint32_t depth = 1;
	while (at + 1 < end) {
		if (at[0] == '*' && at[1] == '/') {
			at += 2;
			if (--depth == 0)
				return at;
		} else if (at[0] == '/' && at[1] == '*') {
			at += 2;
			depth++;
		} else {
			at++;
		}
	}
	*unended = true;
	return end;
}

/* A doubled quote needs no care here: it ends one part and begins the next. */
static const char *plain_quoted(const char *at, const char *end, char quote, bool *unended)
{
	while (at < end) {
		const char *found = memchr(at, quote, (size_t)(end - at));
		if (!found)
			break;
		if (found + 1 == end || found[1] != quote)
			return found + 1;
		at = found + 2;
	}
	*unended = true;
	return end;
}

/*
 * Behind a string's end: the quote of its next part, when only blanks and comments with a line end are between; else
 * NULL. Matters where the parts have other rules than a plain string: E'' knows the backslash, B'' and X'' no doubled
 * quote. "String Constants" of the manual's page on lexical structure.
 */
static const char *continuation(const char *at, const char *end)
{
	bool new_line = false;
	while (at < end) {
		if (is(*at, SPACE)) {
			new_line |= *at == '\n' || *at == '\r';
			at++;
		} else if (at + 1 < end && at[0] == '-' && at[1] == '-') {
			at = line_comment(at, end);
		} else {
			break;
		}
	}
	return new_line && at < end && *at == '\'' ? at : NULL;
}

static const char *bit_string(const char *at, const char *end, bool *unended)
{
	while (at < end && (at = memchr(at, '\'', (size_t)(end - at)))) {
		const char *next = continuation(++at, end);
		if (!next)
			return at;
		at = next + 1;
	}
	*unended = true;
	return end;
}

static const char *escape_string(const char *at, const char *end, bool *unended)
{
	while (at < end) {
		if (*at == '\\') {
			at += at + 1 < end ? 2 : 1;
		} else if (*at++ == '\'') {
			if (at < end && *at == '\'') {
				at++;
				continue;
			}
			const char *next = continuation(at, end);
			if (!next)
				return at;
			at = next + 1;
		}
	}
	*unended = true;
	return end;
}

/* The length of $tag$ or $$ at `at`, 0 when it is none. */
static size_t dollar_tag(const char *at, const char *end)
{
	const char *behind = at + 1;
	if (behind < end && is(*behind, LETTER))
		behind = skip(behind, end, LETTER | DIGIT);
	return behind < end && *behind == '$' ? (size_t)(behind + 1 - at) : 0;
}

/* A tag has a $ at its ends only: what is compared with it in vain is never compared again. */
static const char *dollar_string(const char *at, const char *end, size_t tag, bool *unended)
{
	for (const char *closing = at + tag; (size_t)(end - closing) >= tag; closing++) {
		closing = memchr(closing, '$', (size_t)(end - closing) - tag + 1);
		if (!closing)
			break;
		if (memcmp(closing, at, tag) == 0)
			return closing + tag;
	}
	*unended = true;
	return end;
}

/* --- Numbers and operators ---------------------------------------------------------------------------------------- */

static bool is_hex(char c)
{
	return is(c, DIGIT) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Digits with single underscores between them (since PostgreSQL 16). */
static const char *digits(const char *at, const char *end, bool hex)
{
	while (at < end) {
		if (hex ? is_hex(*at) : is(*at, DIGIT))
			at++;
		else if (*at == '_' && at + 1 < end && (hex ? is_hex(at[1]) : is(at[1], DIGIT)))
			at += 2;
		else
			break;
	}
	return at;
}

static const char *number(const char *at, const char *end)
{
	if (at[0] == '0' && at + 2 < end && at[1] && strchr("xXoObB", at[1]) && (is_hex(at[2]) || at[2] == '_')) {
		const char *behind = digits(at + 2, end, at[1] == 'x' || at[1] == 'X');
		if (behind > at + 2)
			return behind;
	}
	at = digits(at, end, false);
	/* 1..10 is a range of PL/pgSQL's FOR, not "1." and ".10". */
	if (at < end && *at == '.' && !(at + 1 < end && at[1] == '.'))
		at = digits(at + 1, end, false);
	if (at + 1 < end && (*at == 'e' || *at == 'E')) {
		const char *exponent = at + 1 + (at[1] == '+' || at[1] == '-');
		if (exponent < end && is(*exponent, DIGIT))
			at = digits(exponent, end, false);
	}
	return at;
}

/* PostgreSQL refuses operators of more than 63 bytes; signs in a row are looked at so far, and no farther, from each of them. */
enum { LONGEST_OPERATOR = 128 };

/* "CREATE OPERATOR": a comment ends an operator, and only one with a LOUD character may end in + or -. */
static const char *operator(const char *at, const char *end)
{
	const char *start = at;
	bool loud = false;
	if (end - at > LONGEST_OPERATOR)
		end = at + LONGEST_OPERATOR;
	while (at < end && is(*at, OPERATOR)) {
		if (at > start && at + 1 < end && ((at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*')))
			break;
		loud |= is(*at, LOUD);
		at++;
	}
	while (!loud && at - start > 1 && (at[-1] == '+' || at[-1] == '-'))
		at--;
	return at;
}

/* --- Tokens ------------------------------------------------------------------------------------------------------- */

/* At a letter with a quote or & behind it. */
static const char *prefixed(const char *at, const char *end, Token *token)
{
	if (at[1] == '\'') {
		token->kind = TOKEN_STRING;
		switch (*at | 0x20) {
		case 'e':
			return escape_string(at + 2, end, &token->unended);
		case 'b':
		case 'x':
			return bit_string(at + 2, end, &token->unended);
		case 'n':
			return plain_quoted(at + 2, end, '\'', &token->unended);
		}
	} else if ((*at | 0x20) == 'u' && at + 2 < end && (at[2] == '\'' || at[2] == '"')) {
		token->kind = at[2] == '"' ? TOKEN_QUOTED_WORD : TOKEN_STRING;
		return plain_quoted(at + 3, end, at[2], &token->unended);
	}
	token->kind = TOKEN_WORD;
	return at + 1;
}

static inline const char *word(const char *at, const char *end, Token *token)
{
	if (at + 1 < end && (at[1] == '\'' || at[1] == '&'))
		return prefixed(at, end, token);
	token->kind = TOKEN_WORD;
	return skip(at + 1, end, WORD);
}

static const char *dollar(const char *at, const char *end, Token *token)
{
	size_t tag = dollar_tag(at, end);
	if (tag) {
		token->kind = TOKEN_DOLLAR_STRING;
		return dollar_string(at, end, tag, &token->unended);
	}
	const char *behind = skip(at + 1, end, DIGIT);
	token->kind = behind > at + 1 ? TOKEN_PARAMETER : TOKEN_OTHER;
	return behind;
}

static const char *punctuation(const char *at, const char *end, Token *token)
{
	char next = at + 1 < end ? at[1] : ' ';
	if (*at == '.' && is(next, DIGIT)) {
		token->kind = TOKEN_NUMBER;
		return number(at, end);
	}
	bool two = (*at == '.' && next == '.') || (*at == ':' && (next == ':' || next == '='));
	token->kind = two ? TOKEN_OPERATOR : TOKEN_PUNCTUATION;
	return at + (two ? 2 : 1);
}

static const char *operator_or_comment(const char *at, const char *end, Token *token)
{
	if (at + 1 < end && at[0] == '-' && at[1] == '-') {
		token->kind = TOKEN_COMMENT;
		return line_comment(at + 2, end);
	}
	if (at + 1 < end && at[0] == '/' && at[1] == '*') {
		token->kind = TOKEN_COMMENT;
		return block_comment(at + 2, end, &token->unended);
	}
	token->kind = TOKEN_OPERATOR;
	return operator(at, end);
}

/* What begins with neither a blank, a letter nor a punctuation mark. */
static const char *rarer(const char *at, const char *end, Token *token)
{
	unsigned class = class_of[(unsigned char)*at];
	if (class & OPERATOR)
		return operator_or_comment(at, end, token);
	if (class & DIGIT) {
		token->kind = TOKEN_NUMBER;
		return number(at, end);
	}
	if (class & DOLLAR)
		return dollar(at, end, token);
	if (*at == '\'') {
		token->kind = TOKEN_STRING;
		return plain_quoted(at + 1, end, '\'', &token->unended);
	}
	if (*at == '"') {
		token->kind = TOKEN_QUOTED_WORD;
		return plain_quoted(at + 1, end, '"', &token->unended);
	}
	token->kind = TOKEN_OTHER;
	return at + 1;
}

Lexer lexer_new(const char *text, uint32_t start, uint32_t end)
{
	return (Lexer){.text = text, .position = start, .end = end};
}

/* Any token but space. Words and single signs are most of what there is. */
static inline Token token_at(Lexer *lexer, const char *at, const char *end)
{
	Token token = {.kind = TOKEN_END, .span.start = (uint32_t)(at - lexer->text)};
	unsigned class = at < end ? class_of[(unsigned char)*at] : 0;
	if (class & LETTER)
		at = word(at, end, &token);
	else if (class & PUNCTUATION)
		at = punctuation(at, end, &token);
	else if (at < end)
		at = rarer(at, end, &token);
	token.span.end = lexer->position = (uint32_t)(at - lexer->text);
	return token;
}

Token lexer_any(Lexer *lexer)
{
	const char *start = lexer->text + lexer->position, *end = lexer->text + lexer->end;
	const char *at = skip(start, end, SPACE);
	if (at == start)
		return token_at(lexer, start, end);
	Token space = {.kind = TOKEN_SPACE, .span = {lexer->position, (uint32_t)(at - lexer->text)}};
	lexer->position = space.span.end;
	return space;
}

Token lexer_next(Lexer *lexer)
{
	const char *end = lexer->text + lexer->end;
	for (;;) {
		Token token = token_at(lexer, skip(lexer->text + lexer->position, end, SPACE), end);
		if (token.kind != TOKEN_COMMENT)
			return token;
	}
}

uint32_t lexer_skim(Lexer *lexer, bool comments)
{
	const char *start = lexer->text + lexer->position, *end = lexer->text + lexer->end;
	const char *at = start, *behind = start;
	while (at < end) {
		unsigned class = class_of[(unsigned char)*at];
		Token token = {0};
		const char *next = at + 1;
		if (class & SPACE) {
			at++;
			continue;
		}
		if (class & LETTER)
			next = word(at, end, &token);
		else if (class & (DIGIT | HIDING))
			next = rarer(at, end, &token);
		else if (*at == ';' || *at == '\\')
			break;
		if (token.unended || (token.kind == TOKEN_COMMENT && !comments))
			break;
		if (token.kind != TOKEN_COMMENT)
			behind = next;
		at = next;
	}
	lexer->position = (uint32_t)(at - lexer->text);
	return (uint32_t)(behind - lexer->text);
}

Token lexer_peek(const Lexer *lexer)
{
	Lexer ahead = *lexer;
	return lexer_next(&ahead);
}

bool token_is(const Lexer *lexer, Token token, const char *wanted)
{
	return token.kind == TOKEN_WORD && text_is_nocase(token_text(lexer, token), wanted);
}

Span token_inside(const Lexer *lexer, Token token)
{
	const char *start = lexer->text + token.span.start, *end = lexer->text + token.span.end;
	if (token.kind == TOKEN_DOLLAR_STRING) {
		uint32_t tag = (uint32_t)dollar_tag(start, end);
		return (Span){token.span.start + tag, token.unended ? token.span.end : token.span.end - tag};
	}
	if (token.kind != TOKEN_STRING && token.kind != TOKEN_QUOTED_WORD)
		return token.span;
	uint32_t prefix = (uint32_t)(strcspn(start, "'\"") + 1);
	return (Span){token.span.start + prefix, token.unended ? token.span.end : token.span.end - 1};
}
