#include "read/lex.h"
#include "read/template.h"

/*
 * Variables of psql that have a value, from the configuration or from `\set` further up in the file. They count outside
 * of quotes only, so it takes the lexer to find them.
 */

/* More are not remembered: each use looks through them. */
enum { MOST_VARIABLES = 256 };

typedef struct Variables {
	Arena *arena;
	const SplitOptions *options;
	ARRAY(Placeholder) set; /* by the file; the last one of a name holds. value NULL: not to be known */
} Variables;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *value_of(const Variables *variables, Text name)
{
	for (uint32_t i = variables->set.count; i-- > 0;)
		if (text_is(name, variables->set.items[i].name))
			return variables->set.items[i].value;
	return configured(variables->options, name);
}

/* `\set name 'part' part`: psql joins the parts. What it would have to work out (`command`, :other, \n) gives NULL. */
static const char *set_value(Arena *arena, Text line)
{
	char *value = arena_alloc(arena, 1, line.length + 1);
	size_t length = 0;
	bool quoted = false;
	for (size_t i = 0; i < line.length; i++) {
		char c = line.data[i];
		if (c == '`' || c == '\\' || (c == ':' && !quoted) || c == '"')
			return NULL;
		if (c == '\'' && quoted && i + 1 < line.length && line.data[i + 1] == '\'')
			value[length++] = line.data[i++];
		else if (c == '\'')
			quoted = !quoted;
		else if (quoted || !is_blank(c))
			value[length++] = c;
	}
	return quoted ? NULL : value;
}

/* At a command: the place behind it. */
static uint32_t take_command(Variables *variables, const char *text, uint32_t start, uint32_t end)
{
	uint32_t at = start;
	while (at < end && text[at] != '\n' && text[at] != '\r')
		at++;
	Text line = {text + start, at - start};
	if (variables->set.count == MOST_VARIABLES || line.length < 6 || memcmp(line.data, "\\set", 4) != 0 ||
	    !is_blank(line.data[4]))
		return at;
	const char *name = line.data + 5, *line_end = line.data + line.length;
	while (name < line_end && is_blank(*name))
		name++;
	const char *behind = name;
	while (behind < line_end && !is_blank(*behind))
		behind++;
	Placeholder variable = {
		.name = arena_copy(variables->arena, name, (size_t)(behind - name)),
		.value = set_value(variables->arena, (Text){behind, (size_t)(line_end - behind)}),
	};
	array_push(variables->arena, &variables->set, variable);
	return at;
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

/* The variable behind a colon: true when it has a value. The lexer stands behind the colon. */
static bool take_variable(Variables *variables, Lexer *lexer, Token colon, Filling *filling)
{
	Lexer ahead = *lexer;
	Token name = lexer_any(&ahead);
	if (name.kind != TOKEN_WORD && name.kind != TOKEN_QUOTED_WORD && name.kind != TOKEN_STRING)
		return false;
	Span inside = name.kind == TOKEN_WORD ? name.span : token_inside(&ahead, name);
	const char *value = value_of(variables, (Text){lexer->text + inside.start, inside.end - inside.start});
	if (!value)
		return false;
	*filling = (Filling){.source = {colon.span.start, name.span.end}, .kind = FILLING_VALUE};
	filling->value = (Text){value, strlen(value)};
	if (name.kind != TOKEN_WORD)
		filling->value = quoted_value(variables->arena, value, lexer->text[name.span.start]);
	*lexer = ahead;
	return true;
}

void find_variables(Arena *arena, const char *bytes, Span section, const SplitOptions *options, Filled *filled)
{
	Variables variables = {.arena = arena, .options = options};
	Lexer lexer = lexer_new(bytes, section.start, section.end);
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		Filling filling;
		if (token_is_byte(&lexer, token, ':') && take_variable(&variables, &lexer, token, &filling))
			array_push(arena, &filled->fillings, filling);
		else if (options->psql && token.kind == TOKEN_OTHER && bytes[token.span.start] == '\\')
			lexer.position = take_command(&variables, bytes, token.span.start, section.end);
	}
}

static bool may_set(const char *at, const char *end)
{
	for (; end - at >= 4 && (at = memchr(at, '\\', (size_t)(end - at) - 3)); at++)
		if (memcmp(at, "\\set", 4) == 0)
			return true;
	return false;
}

bool may_have_variables(const char *bytes, Span section, const SplitOptions *options)
{
	const char *start = bytes + section.start, *end = bytes + section.end;
	if (!options->placeholder_count && !(options->psql && may_set(start, end)))
		return false;
	return memchr(start, ':', (size_t)(end - start));
}
