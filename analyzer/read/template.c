#include "read/template.h"

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

/* --- Values ------------------------------------------------------------------------------------------------------- */

const char *configured(const SplitOptions *options, Text name)
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
 * A made-up identifier, the same for the same template everywhere, quoted or not: lower case. The underscore in front
 * keeps it from being a key word (${table}) or a number.
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

/* --- Shapes: each looks at `at` and says where the template ends, or gives NULL ----------------------------------- */

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
	static const char *const openers[] = {"if",   "unless", "range", "with",  "for",
					      "each", "define", "block", "macro", "while"};
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
	static const char *const words[] = {"if",     "else",  "end",	"range",   "with",
					    "define", "block", "break", "continue"};
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
static const char *marked_name(Finder *finder, const char *at, const char *opening, const char *closing,
			       bool must_have_value)
{
	Text name = {at + strlen(opening), 0};
	while (name.data + name.length < finder->end && name.length < LONGEST_TEMPLATE &&
	       is_name_byte(name.data[name.length]))
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
	if ((before > finder->start && before[-1] != '\n') ||
	    (behind < finder->end && *behind != '\n' && *behind != '\r'))
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
		return next == '{'   ? dollar_braces(finder, at)
		       : next == '%' ? marked_name(finder, at, "$%", "%$", false)
				     : NULL;
	case '<':
		return next == '%' ? erb(finder, at) : NULL;
	case '@':
		return finder->options->placeholder_count ? marked_name(finder, at, "@", "@", true) : NULL;
	default:
		return NULL;
	}
}

/* --- Finding ------------------------------------------------------------------------------------------------------ */

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

void find_templates(Arena *arena, const char *bytes, Span section, const SplitOptions *options, Filled *filled)
{
	Finder finder = {arena, options, filled, bytes, bytes + section.start, bytes + section.end};
	if (!may_have_template(&finder))
		return;
	for (const char *at = finder.start; at + 1 < finder.end;) {
		const char *behind = template_at(&finder, at);
		at = behind ? behind : at + 1;
	}
}
