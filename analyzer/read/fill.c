#include <stdlib.h>

#include "read/template.h"

/* --- Finding ------------------------------------------------------------------------------------------------------ */

static int compare_fillings(const void *a, const void *b)
{
	const Filling *left = a, *right = b;
	return (left->source.start > right->source.start) - (left->source.start < right->source.start);
}

static void find_fillings(Arena *arena, const char *bytes, Span section, const SplitOptions *options, Filled *filled)
{
	uint32_t before = filled->fillings.count;
	find_templates(arena, bytes, section, options, filled);
	uint32_t behind = filled->fillings.count;
	if (!may_have_variables(bytes, section, options))
		return;
	if (behind == before) {
		find_variables(arena, bytes, section, options, filled);
		return;
	}
	/* Quotes inside of templates would mislead the lexer. */
	char *masked = arena_copy(arena, bytes, section.end);
	for (uint32_t i = before; i < behind; i++) {
		Span hole = filled->fillings.items[i].source;
		memset(masked + hole.start, 'x', hole.end - hole.start);
	}
	find_variables(arena, masked, section, options, filled);
	qsort(filled->fillings.items + before, filled->fillings.count - before, sizeof(Filling), compare_fillings);
}

/* --- Building ----------------------------------------------------------------------------------------------------- */

/* Sections are clipped to the file; a byte order mark belongs to none. */
static void clip_sections(Script *script)
{
	uint32_t least = script->source->body;
	array_each (Span, section, &script->sections) {
		if (section->end > script->source->length)
			section->end = script->source->length;
		if (section->start < least)
			section->start = least;
		if (section->start > script->source->length)
			section->start = script->source->length;
		if (section->end < section->start)
			section->end = section->start;
		least = section->end;
	}
}

static void add_bytes(Buf *text, const char *bytes, uint32_t length)
{
	buf_add(text, bytes, length);
	for (char *at = text->data + text->length - length;
	     (at = memchr(at, '\0', (size_t)(text->data + text->length - at)));)
		*at = ' ';
}

/* Blanks that keep the line ends, so that a comment ends where it did. */
static void add_gap(Buf *text, const char *bytes, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		buf_addc(text, bytes[i] == '\n' || bytes[i] == '\r' ? bytes[i] : ' ');
}

static void build(Arena *arena, Script *script, const Rewritten *rewritten, Filled *filled)
{
	ParseText *text = &script->text;
	const char *bytes = rewritten->bytes;
	Buf built = {0};
	uint32_t at = text->base, filling = 0;
	for (uint32_t i = 0; i < script->sections.count; i++) {
		Span section = rewritten->sections[i];
		add_gap(&built, bytes + at, section.start - at);
		filled->sections[i].start = (uint32_t)built.length;
		for (at = section.start; filling < filled->fillings.count; filling++) {
			Filling *place = &filled->fillings.items[filling];
			if (place->source.start >= section.end)
				break;
			add_bytes(&built, bytes + at, place->source.start - at);
			place->text.start = (uint32_t)built.length;
			buf_add(&built, place->value.data, place->value.length);
			place->text.end = (uint32_t)built.length;
			at = place->source.end;
			array_push(arena, &text->substitutions, (Substitution){place->text, place->source});
		}
		add_bytes(&built, bytes + at, section.end - at);
		at = section.end;
		filled->sections[i].end = (uint32_t)built.length;
	}
	if (built.length >= UINT32_MAX)
		die("%s: with its place-holders filled in the file is larger than 4 GiB", script->source->path);
	filled->own = arena_copy(arena, built.data, built.length);
	text->bytes = filled->own;
	text->length = (uint32_t)built.length;
	buf_free(&built);
}

Filled template_fill(Arena *arena, Script *script, const SplitOptions *options)
{
	Filled filled = {.sections = new_array(arena, Span, script->sections.count)};
	ParseText *text = &script->text;
	*text = (ParseText){.bytes = ""};
	if (!script->sections.count)
		return filled;
	clip_sections(script);
	const Rewritten rewritten = rewrite_source(arena, script);
	for (uint32_t i = 0; i < script->sections.count; i++)
		find_fillings(arena, rewritten.bytes, rewritten.sections[i], options, &filled);
	Span first = rewritten.sections[0];
	text->base = first.start;
	if (filled.fillings.count || script->sections.count > 1 || script->source->has_nul) {
		build(arena, script, &rewritten, &filled);
	} else {
		text->bytes = rewritten.bytes + first.start;
		text->length = first.end - first.start;
		filled.sections[0] = (Span){0, text->length};
	}
	if (script->rewrites.count)
		rewritten_to_source(arena, text, &rewritten, script->sections.items[0].start);
	return filled;
}

char *template_own(Arena *arena, Script *script, Filled *filled)
{
	if (!filled->own) {
		filled->own = arena_copy(arena, script->text.bytes, script->text.length);
		script->text.bytes = filled->own;
	}
	return filled->own;
}
