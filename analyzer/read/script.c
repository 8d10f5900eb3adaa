#include "read/script.h"

const char *direction_word(Direction direction)
{
	/* clang-format off */
	static const char *const words[] = {
		[DIRECTION_UP] = "up", [DIRECTION_DOWN] = "down", [DIRECTION_REPEATABLE] = "repeatable",
		[DIRECTION_VERIFY] = "verify", [DIRECTION_CALLBACK] = "callback", [DIRECTION_BASELINE] = "baseline",
		[DIRECTION_SEED] = "seed",
	};
	/* clang-format on */
	return words[direction];
}

bool script_is_replayed(const Script *script)
{
	switch (script->direction) {
	case DIRECTION_VERIFY:
	case DIRECTION_SEED:
		return false;
	case DIRECTION_CALLBACK:
		return script->runs_always;
	default:
		return true;
	}
}

/* The last substitution that starts at or before offset; NULL when there is none. */
static const Substitution *substitution_at(const ParseText *text, uint32_t offset)
{
	uint32_t low = 0, high = text->substitutions.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (text->substitutions.items[middle].text.start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &text->substitutions.items[low - 1] : NULL;
}

uint32_t text_to_source(const ParseText *text, uint32_t offset)
{
	const Substitution *before = substitution_at(text, offset);
	if (!before)
		return text->base + offset;
	if (offset < before->text.end)
		return before->source.start;
	return before->source.end + (offset - before->text.end);
}

Span text_span_to_source(const ParseText *text, Span span)
{
	Span source = {text_to_source(text, span.start), text_to_source(text, span.end)};
	/* An end inside of a substitution takes all of it. */
	const Substitution *last = span.end > span.start ? substitution_at(text, span.end - 1) : NULL;
	if (last && span.end <= last->text.end)
		source.end = last->source.end;
	if (source.end < source.start) /* of a substitution that reaches over a section's border */
		source.end = source.start;
	return source;
}

Text statement_sql(const Script *script, const Statement *statement)
{
	const Substitution *around = substitution_at(&script->text, statement->text.start);
	bool written = around && statement->text.end <= around->text.end && statement->state != STATEMENT_SET_ASIDE;
	if (!written)
		return source_text(script->source, statement->span);
	return (Text){script->text.bytes + statement->text.start, statement->text.end - statement->text.start};
}

bool is_rewritten(const Script *script, Span source)
{
	array_each (const Rewrite, rewrite, &script->rewrites)
		if (rewrite->source.start <= source.start && source.end <= rewrite->source.end)
			return true;
	return false;
}
