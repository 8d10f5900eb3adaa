#include "parse/long_run.h"

#include "read/lex.h"

/* The parser's stack holds 10,000 symbols (YYMAXDEPTH of bison): a run of prefix operators longer than this is refused in any case. */
enum { LONGEST_RUN = 12000 };

static bool is_operator_letter(char letter)
{
	return byte_in(letter, "~!@#^&|`?+-*/%<>=");
}

/* A run that is long enough stands at one of the places that are so far from each other. */
static bool has_long_run(const char *bytes, uint32_t length)
{
	for (uint32_t at = LONGEST_RUN / 2; at < length; at += LONGEST_RUN / 2) {
		uint32_t start = at, end = at;
		while (start > 0 && at - start < LONGEST_RUN && is_operator_letter(bytes[start - 1]))
			start--;
		while (end < length && end - at < LONGEST_RUN && is_operator_letter(bytes[end]))
			end++;
		if (end - start >= LONGEST_RUN)
			return true;
	}
	return false;
}

void shorten_runs(const char *bytes, uint32_t length, Buf *shorter)
{
	if (!has_long_run(bytes, length))
		return;
	buf_add(shorter, bytes, length);
	Lexer lexer = lexer_new(bytes, 0, length);
	uint32_t run = 0, run_end = 0; /* operators that stand together */
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		uint32_t start = token.span.start, end = token.span.end;
		if (token.kind == TOKEN_COMMENT && !token.unended && bytes[start] == '/')
			memset(shorter->data + start + 2, ' ', end - start - 4);
		if (token.kind != TOKEN_OPERATOR)
			continue;
		run = start == run_end ? run : start;
		run_end = end;
		if (end - run > LONGEST_RUN)
			memset(shorter->data + start, ' ', end - start);
	}
}
