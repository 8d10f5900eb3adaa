#include "read/template.h"

#include <stdlib.h>

#include "read/lex.h"

/* No template seen in the wild is longer; a bound keeps `{{{{{{…` linear. */
enum { LONGEST_TEMPLATE = 512, LONGEST_NAME = 40 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static Text trim(Text text, const char *bytes)
{
	while (text.length && (is_blank(*text.data) || strchr(bytes, *text.data))) {
		text.data++;
		text.length--;
	}
	while (text.length && (is_blank(text.data[text.length - 1]) || strchr(bytes, text.data[text.length - 1])))
		text.length--;
	return text;
}

static Text first_word(Text text)
{
	size_t length = 0;
	while (length < text.length && is_name_byte(text.data[length]))
		length++;
	return (Text){text.data, length};
}

/* --- Values --------------------------------------------------------------------------------------------------------------------- */

static const char *configured(const SplitOptions *options, Text name)
{
	for (size_t i = 0; i < options->placeholder_count; i++)
		if (text_is(name, options->placeholders[i].name))
			return options->placeholders[i].value;
	return NULL;
}

static const char *last_of(Text text, char byte)
{
	while (text.length)
		if (text.data[--text.length] == byte)
			return text.data + text.length;
	return NULL;
}

/* The value for `.name`, `name`, `values.name` and `index .Options "name"`; NULL when none is configured. */
static const char *value_of(const SplitOptions *options, Text inside)
{
	Text name = trim(inside, ".");
	if (!options->placeholder_count || !name.length)
		return NULL;
	const char *value = configured(options, name);
	if (value)
		return value;
	const char *end = name.data + name.length;
	const char *closing = last_of(name, '"');
	const char *opening = closing ? last_of((Text){name.data, (size_t)(closing - name.data)}, '"') : NULL;
	if (opening)
		return configured(options, (Text){opening + 1, (size_t)(closing - opening - 1)});
	const char *dot = last_of(name, '.');
	return dot ? configured(options, (Text){dot + 1, (size_t)(end - dot - 1)}) : NULL;
}

/*
 * A made-up identifier, the same for the same template everywhere, quoted or not: lower case. The underscore in front keeps it
 * from being a key word (${table}) or a number.
 */
static Text made_up(Arena *arena, Text inside)
{
	char *word = arena_alloc(arena, 1, LONGEST_NAME + 2);
	size_t length = 0;
	word[length++] = '_';
	for (size_t i = 0; i < inside.length && length < LONGEST_NAME; i++) {
		char c = inside.data[i];
		if (is_name_byte(c) && c != '_')
			word[length++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		else if (word[length - 1] != '_')
			word[length++] = '_';
	}
	while (length > 1 && word[length - 1] == '_')
		length--;
	if (length == 1)
		return TEXT("_value");
	return (Text){word, length};
}

/* psql's :'name' and :"name": the value as a literal or an identifier. */
static Text quoted_value(Arena *arena, const char *value, char quote)
{
	size_t length = strlen(value), at = 0;
	char *text = arena_alloc(arena, 1, 2 * length + 3);
	text[at++] = quote;
	for (size_t i = 0; i < length; i++) {
		if (value[i] == quote)
			text[at++] = quote;
		text[at++] = value[i];
	}
	text[at++] = quote;
	return (Text){text, at};
}

/* --- Shapes: each looks at `at` and says where the template ends, or gives NULL ------------------------------------------------------ */

typedef struct Finder {
	Arena *arena;
	const SplitOptions *options;
	Filled *filled;
	const char *bytes; /* of the source */
	const char *start; /* of the section */
	const char *end;
} Finder;

static void add_value(Finder *finder, const char *at, const char *end, Text inside)
{
	const char *value = value_of(finder->options, inside);
	Filling filling = {
		.source = {(uint32_t)(at - finder->bytes), (uint32_t)(end - finder->bytes)},
		.kind = value ? FILLING_VALUE : FILLING_WORD,
		.value = value ? (Text){value, strlen(value)} : made_up(finder->arena, inside),
	};
	array_push(finder->arena, &finder->filled->fillings, filling);
}

static void add_control(Finder *finder, const char *at, const char *end, Text inside)
{
	static const char *const openers[] = {"if", "unless", "range", "with", "for", "each", "define", "block", "macro", "while"};
	inside = trim(inside, "-+~%#*/");
	Text word = first_word(inside);
	Filling filling = {
		.source = {(uint32_t)(at - finder->bytes), (uint32_t)(end - finder->bytes)},
		.kind = FILLING_CONTROL,
		.value = TEXT(" "),
	};
	for (size_t i = 0; i < LENGTH(openers); i++)
		if (text_is(word, openers[i]))
			filling.nesting = 1;
	/* `end`, `endif`, `endfor`; handlebars' `/if`. */
	bool slash = inside.data > at && inside.data[-1] == '/';
	if (slash || (word.length >= 3 && memcmp(word.data, "end", 3) == 0))
		filling.nesting = -1;
	array_push(finder->arena, &finder->filled->fillings, filling);
}

/* Where `closing` stands behind `from`, within a template's longest length. */
static const char *find_closing(const Finder *finder, const char *from, const char *closing)
{
	size_t length = (size_t)(finder->end - from), size = strlen(closing);
	if (length > LONGEST_TEMPLATE)
		length = LONGEST_TEMPLATE;
	return memmem(from, length, closing, size);
}

static bool has_any(Text text, const char *bytes)
{
	for (size_t i = 0; i < text.length; i++)
		if (strchr(bytes, text.data[i]))
			return true;
	return false;
}

static bool is_go_control(Text inside)
{
	static const char *const words[] = {"if", "else", "end", "range", "with", "define", "block", "break", "continue"};
	if (!inside.length)
		return true;
	if (strchr("/!#^", *inside.data) || (*inside.data == '$' && has_any(inside, "=")))
		return true;
	Text word = first_word(inside);
	for (size_t i = 0; i < LENGTH(words); i++)
		if (text_is(word, words[i]))
			return true;
	return false;
}

/* {{ … }} of Go, Jinja, mustache; not the array literal '{{1,2},{3,4}}'. */
static const char *braces(Finder *finder, const char *at)
{
	bool three = at + 2 < finder->end && at[2] == '{';
	const char *from = at + (three ? 3 : 2);
	const char *closing = find_closing(finder, from, three ? "}}}" : "}}");
	if (!closing || closing == from)
		return NULL;
	Text raw = {from, (size_t)(closing - from)};
	Text inside = trim(raw, "-~");
	bool spaced = is_blank(*raw.data);
	if (has_any(raw, "{}") || !inside.length || (!spaced && has_any(raw, ",")))
		return NULL;
	char first = *inside.data;
	if (!is_letter(first) && !strchr(".$(#/!>&^", first))
		return NULL;
	const char *end = closing + (three ? 3 : 2);
	if (is_go_control(inside))
		add_control(finder, at, end, inside);
	else
		add_value(finder, at, end, inside);
	return end;
}

/* {% … %} and {# … #}; LIKE '{%' has no letter behind it. */
static const char *statement_tag(Finder *finder, const char *at)
{
	const char *from = at + 2;
	const char *closing = find_closing(finder, from, at[1] == '%' ? "%}" : "#}");
	if (!closing)
		return NULL;
	Text raw = {from, (size_t)(closing - from)};
	Text inside = trim(raw, "-+");
	if (!inside.length || (at[1] == '%' ? !is_letter(*inside.data) : !is_blank(*raw.data)))
		return NULL;
	add_control(finder, at, closing + 2, inside);
	return closing + 2;
}

/* ${name}; `$${` is a dollar quote or an escaped place-holder. */
static const char *dollar_braces(Finder *finder, const char *at)
{
	if (at > finder->start && at[-1] == '$')
		return NULL;
	const char *closing = find_closing(finder, at + 2, "}");
	if (!closing)
		return NULL;
	Text inside = {at + 2, (size_t)(closing - at - 2)};
	if (!inside.length || !is_letter(*inside.data) || has_any(inside, "{'\"\n$;"))
		return NULL;
	add_value(finder, at, closing + 1, inside);
	return closing + 1;
}

/* A name between two marks: $%name%$ and, when configured, @name@. */
static const char *marked_name(Finder *finder, const char *at, const char *opening, const char *closing, bool must_have_value)
{
	Text name = {at + strlen(opening), 0};
	while (name.data + name.length < finder->end && name.length < LONGEST_TEMPLATE && is_name_byte(name.data[name.length]))
		name.length++;
	const char *behind = name.data + name.length;
	size_t size = strlen(closing);
	if (!name.length || (size_t)(finder->end - behind) < size || memcmp(behind, closing, size) != 0)
		return NULL;
	if (must_have_value && !configured(finder->options, name))
		return NULL;
	add_value(finder, at, behind + size, name);
	return behind + size;
}

/* <%= … %> and <% … %>. Both marks are operators of pg_trgm, so the second form needs a line of its own. */
static const char *erb(Finder *finder, const char *at)
{
	const char *closing = find_closing(finder, at + 2, "%>");
	if (!closing)
		return NULL;
	const char *end = closing + 2;
	Text inside = {at + 2, (size_t)(closing - at - 2)};
	if (inside.length && *inside.data == '=') {
		add_value(finder, at, end, trim(inside, "=-"));
		return end;
	}
	const char *before = at, *behind = end;
	while (before > finder->start && (before[-1] == ' ' || before[-1] == '\t'))
		before--;
	while (behind < finder->end && (*behind == ' ' || *behind == '\t'))
		behind++;
	if ((before > finder->start && before[-1] != '\n') || (behind < finder->end && *behind != '\n' && *behind != '\r'))
		return NULL;
	add_control(finder, at, end, inside);
	return end;
}

static const char *template_at(Finder *finder, const char *at)
{
	char next = at[1];
	switch (*at) {
	case '{':
		return next == '{' ? braces(finder, at) : next == '%' || next == '#' ? statement_tag(finder, at) : NULL;
	case '$':
		return next == '{' ? dollar_braces(finder, at) : next == '%' ? marked_name(finder, at, "$%", "%$", false) : NULL;
	case '<':
		return next == '%' ? erb(finder, at) : NULL;
	case '@':
		return finder->options->placeholder_count ? marked_name(finder, at, "@", "@", true) : NULL;
	default:
		return NULL;
	}
}

/* --- Finding ------------------------------------------------------------------------------------------------------------------------ */

/* Most files have no template: every shape has one of these bytes, so three memchr passes tell. */
static bool may_have_template(const Finder *finder)
{
	size_t length = (size_t)(finder->end - finder->start);
	const char *at = finder->start;
	for (; (at = memchr(at, '{', (size_t)(finder->end - at))); at++)
		if ((at > finder->start && at[-1] == '$') || (at + 1 < finder->end && strchr("{%#", at[1])))
			return true;
	for (at = finder->start; (at = memchr(at, '%', (size_t)(finder->end - at))); at++)
		if (at > finder->start && (at[-1] == '<' || at[-1] == '$'))
			return true;
	return finder->options->placeholder_count && memchr(finder->start, '@', length);
}

static void find_templates(Finder *finder)
{
	if (!may_have_template(finder))
		return;
	for (const char *at = finder->start; at + 1 < finder->end;) {
		const char *behind = template_at(finder, at);
		at = behind ? behind : at + 1;
	}
}

/* psql's :name with a configured value: outside of quotes, so only the lexer can tell. `bytes` has no templates any more. */
static void find_variables(Finder *finder, const char *bytes, Span section)
{
	Lexer lexer = lexer_new(bytes, section.start, section.end);
	for (Token colon = lexer_any(&lexer); colon.kind != TOKEN_END; colon = lexer_any(&lexer)) {
		if (!token_is_byte(&lexer, colon, ':'))
			continue;
		Lexer ahead = lexer;
		Token name = lexer_any(&ahead);
		if (name.kind != TOKEN_WORD && name.kind != TOKEN_QUOTED_WORD && name.kind != TOKEN_STRING)
			continue;
		Span inside = name.kind == TOKEN_WORD ? name.span : token_inside(&ahead, name);
		const char *value = configured(finder->options, (Text){bytes + inside.start, inside.end - inside.start});
		if (!value)
			continue;
		Filling filling = {
			.source = {colon.span.start, name.span.end},
			.kind = FILLING_VALUE,
			.value = name.kind == TOKEN_WORD ? (Text){value, strlen(value)}
							 : quoted_value(finder->arena, value, bytes[name.span.start]),
		};
		array_push(finder->arena, &finder->filled->fillings, filling);
		lexer = ahead;
	}
}

static int compare_fillings(const void *a, const void *b)
{
	const Filling *left = a, *right = b;
	return (left->source.start > right->source.start) - (left->source.start < right->source.start);
}

static void find_section(Finder *finder, Span section)
{
	uint32_t before = finder->filled->fillings.count;
	finder->start = finder->bytes + section.start;
	finder->end = finder->bytes + section.end;
	find_templates(finder);
	uint32_t found = finder->filled->fillings.count - before;
	if (!finder->options->placeholder_count || !memchr(finder->start, ':', section.end - section.start))
		return;
	if (!found) {
		find_variables(finder, finder->bytes, section);
		return;
	}
	/* Quotes inside of templates would mislead the lexer. */
	char *masked = arena_copy(finder->arena, finder->bytes, section.end);
	for (uint32_t i = before; i < before + found; i++) {
		Span hole = finder->filled->fillings.items[i].source;
		memset(masked + hole.start, 'x', hole.end - hole.start);
	}
	find_variables(finder, masked, section);
	qsort(finder->filled->fillings.items + before, finder->filled->fillings.count - before, sizeof(Filling), compare_fillings);
}

/* --- Building ------------------------------------------------------------------------------------------------------------------------ */

/* Sections are clipped to the file; a byte order mark belongs to none. */
static void clip_sections(Script *script)
{
	uint32_t least = script->source->body;
	array_each(Span, section, &script->sections) {
		if (section->end > script->source->length)
			section->end = script->source->length;
		if (section->start < least)
			section->start = least;
		if (section->end < section->start)
			section->end = section->start;
		least = section->end;
	}
}

static void add_bytes(Buf *text, const char *bytes, uint32_t length)
{
	buf_add(text, bytes, length);
	for (char *at = text->data + text->length - length; (at = memchr(at, '\0', (size_t)(text->data + text->length - at)));)
		*at = ' ';
}

/* Blanks that keep the line ends, so that a comment ends where it did. */
static void add_gap(Buf *text, const char *bytes, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		buf_addc(text, bytes[i] == '\n' || bytes[i] == '\r' ? bytes[i] : ' ');
}

static void build(Arena *arena, Script *script, Filled *filled)
{
	ParseText *text = &script->text;
	const char *bytes = script->source->bytes;
	Buf built = {0};
	uint32_t at = text->base, filling = 0;
	for (uint32_t i = 0; i < script->sections.count; i++) {
		Span section = script->sections.items[i];
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
	Finder finder = {.arena = arena, .options = options, .filled = &filled, .bytes = script->source->bytes};
	array_each(Span, section, &script->sections)
		find_section(&finder, *section);
	Span first = script->sections.items[0];
	text->base = first.start;
	if (filled.fillings.count || script->sections.count > 1 || script->source->has_nul) {
		build(arena, script, &filled);
		return filled;
	}
	text->bytes = script->source->bytes + first.start;
	text->length = first.end - first.start;
	filled.sections[0] = (Span){0, text->length};
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
