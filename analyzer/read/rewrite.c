#include "read/template.h"

/*
 * Rewrites come first: the bytes with SQL in the place of what it stands for are made whole, and templates are then found in
 * them as if they had been the file. Two maps lie one upon the other then, and rewritten_to_source makes one of them.
 */

/* Behind the one before and inside a section. */
static bool is_sound(const Script *script, const Rewrite *rewrite, uint32_t at)
{
	Span place = rewrite->source;
	if (place.start < at || place.end < place.start)
		return false;
	array_each (const Span, section, &script->sections)
		if (place.start >= section->start && place.end <= section->end)
			return true;
	return false;
}

/* Only from the first section to the end of the last: a changelog holds thousands of scripts. */
static void rewrite_bytes(Arena *arena, const Script *script, Rewritten *rewritten)
{
	const Source *source = script->source;
	Span last = script->sections.items[script->sections.count - 1];
	uint32_t end = last.end < source->length ? last.end : source->length;
	Buf built = {0};
	uint32_t at = script->sections.items[0].start < end ? script->sections.items[0].start : end;
	rewritten->left_out = at;
	array_each (const Rewrite, rewrite, &script->rewrites) {
		if (!is_sound(script, rewrite, at))
			continue;
		buf_add(&built, source->bytes + at, rewrite->source.start - at);
		Span place = {(uint32_t)built.length, 0};
		buf_add(&built, rewrite->sql.data, rewrite->sql.length);
		place.end = (uint32_t)built.length;
		at = rewrite->source.end;
		array_push(arena, &rewritten->made, (Substitution){place, rewrite->source});
	}
	if (at < end)
		buf_add(&built, source->bytes + at, end - at);
	if (built.length >= UINT32_MAX)
		die("%s: with what it includes the file is larger than 4 GiB", source->path);
	rewritten->bytes = arena_copy(arena, built.data ? built.data : "", built.length);
	buf_free(&built);
}

/* Where an offset of the source went. What was put in exactly there is behind a start and before an end. */
static uint32_t moved(const Rewritten *rewritten, uint32_t offset, bool is_end)
{
	int64_t delta = -(int64_t)rewritten->left_out;
	array_each (const Substitution, made, &rewritten->made) {
		if (made->source.start >= offset && (!is_end || made->source.end > offset))
			break;
		if (made->source.end > offset) /* inside: all of it */
			return is_end ? made->text.end : made->text.start;
		delta = (int64_t)made->text.end - made->source.end;
	}
	return (uint32_t)(offset + delta);
}

Rewritten rewrite_source(Arena *arena, const Script *script)
{
	Rewritten rewritten = {.bytes = script->source->bytes, .sections = script->sections.items};
	if (!script->rewrites.count || !script->sections.count)
		return rewritten;
	rewrite_bytes(arena, script, &rewritten);
	rewritten.sections = new_array(arena, Span, script->sections.count);
	uint32_t least = 0;
	for (uint32_t i = 0; i < script->sections.count; i++) {
		Span section = script->sections.items[i];
		/* What is put in between two sections that touch belongs to the first. */
		Span place = {moved(&rewritten, section.start, false), moved(&rewritten, section.end, true)};
		place.start = place.start > least ? place.start : least;
		place.end = place.end > place.start ? place.end : place.start;
		least = place.end;
		rewritten.sections[i] = place;
	}
	return rewritten;
}

typedef struct Overlay {
	const Substitution *filled, *made;       /* what is left of both maps: text -> rewritten bytes, rewritten bytes -> source */
	uint32_t filled_left, made_left;
	int64_t to_text, to_source;              /* from an offset of the rewritten bytes between two places */
} Overlay;

/* The next place of either map that starts before `end`; false when there is none. Its end in rewritten bytes moves *end. */
static bool take_place(Overlay *overlay, uint32_t *start, uint32_t *end)
{
	const Substitution *filled = overlay->filled, *made = overlay->made;
	bool has_filled = overlay->filled_left, has_made = overlay->made_left;
	bool take_made = has_made && (!has_filled || made->text.start <= filled->source.start);
	if (!has_filled && !has_made)
		return false;
	Span place = take_made ? made->text : filled->source;
	if (place.start >= *end)
		return false;
	if (take_made) {
		overlay->to_source = (int64_t)made->source.end - made->text.end;
		overlay->made++;
		overlay->made_left--;
	} else {
		overlay->to_text = (int64_t)filled->text.end - filled->source.end;
		overlay->filled++;
		overlay->filled_left--;
	}
	if (*end == UINT32_MAX) {
		*start = place.start;
		*end = place.end > place.start ? place.end : place.start;
	} else if (place.end > *end) {
		*end = place.end;
	}
	return true;
}

void rewritten_to_source(Arena *arena, ParseText *text, const Rewritten *rewritten, uint32_t base)
{
	Overlay overlay = {
		.filled = text->substitutions.items, .filled_left = text->substitutions.count,
		.made = rewritten->made.items, .made_left = rewritten->made.count,
		.to_text = -(int64_t)text->base,
		.to_source = rewritten->left_out,
	};
	ParseText mapped = {.bytes = text->bytes, .length = text->length, .base = base};
	for (;;) {
		uint32_t start = 0, end = UINT32_MAX;
		int64_t to_text = overlay.to_text, to_source = overlay.to_source;
		if (!take_place(&overlay, &start, &end))
			break;
		while (take_place(&overlay, &start, &end))
			;
		Substitution whole = {
			{(uint32_t)(start + to_text), (uint32_t)(end + overlay.to_text)},
			{(uint32_t)(start + to_source), (uint32_t)(end + overlay.to_source)},
		};
		array_push(arena, &mapped.substitutions, whole);
	}
	*text = mapped;
}
