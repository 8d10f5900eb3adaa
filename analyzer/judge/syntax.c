/* What no rule has to be asked about: statements that cannot be parsed, bytes that cannot be read. */
#include "judge/inside.h"

#include "read/lex.h"

/* The token that the parser complains about; of one that runs over lines (a quote without its end) what stands on the first. */
static Span complaint(const Source *source, const Statement *statement)
{
	Span span = {statement->error_offset, statement->error_offset};
	Lexer lexer = lexer_new(source->bytes, statement->error_offset, statement->span.end);
	Token token = lexer_any(&lexer);
	if (token.kind != TOKEN_END)
		span.end = token.span.end;
	for (uint32_t at = span.start; at < span.end; at++)
		if (source->bytes[at] == '\n' || source->bytes[at] == '\r')
			span.end = at;
	return span;
}

/* `unterminated quoted string at or near "…` repeats everything up to the end of the file: the beginning will do. */
static const char *first_words(Arena *arena, const char *message)
{
	enum { MOST = 120 };
	size_t length = strcspn(message, "\r\n");
	if (!message[length] && length <= MOST)
		return message;
	if (length > MOST)
		length = MOST;
	while (length && ((unsigned char)message[length] & 0xC0) == 0x80) /* not inside a character */
		length--;
	return arena_print(arena, "%.*s ...%s", (int)length, message, strchr(message, '"') ? "\"" : "");
}

void judge_syntax(Judge *judge, const Script *script)
{
	const RuleEntry *entry = script->direction == DIRECTION_DOWN ? judge->rollback_syntax_error : judge->syntax_error;
	if (!entry || !script->unparsed)
		return;
	for (uint32_t i = 0; i < script->statements.count; i++) {
		const Statement *statement = &script->statements.items[i];
		if (statement->state != STATEMENT_UNPARSED)
			continue;
		Context context = judge_context(judge, entry->rule);
		context.statement = statement;
		const char *message = statement->error ? first_words(judge->arena, statement->error) : "syntax error";
		report(&context, complaint(script->source, statement), "%s", message);
	}
}

/* The first byte of each kind: one is enough to go and look. */
void judge_bytes(Judge *judge, const Script *script)
{
	const Source *source = script->source;
	if (!judge->unreadable_bytes || !(source->has_nul || source->has_invalid_utf8))
		return;
	Context context = judge_context(judge, judge->unreadable_bytes->rule);
	uint32_t nul = source->first_nul, other = source->first_invalid_utf8;
	if (source->has_nul)
		report(&context, (Span){nul, nul + 1}, "a NUL byte: for most tools the file ends here");
	if (source->has_invalid_utf8)
		report(&context, (Span){other, other + 1}, "byte 0x%02X is no UTF-8", (unsigned char)source->bytes[other]);
}
