/* A name longer than NAMEDATALEN allows. */
#include "judge/rule.h"

#include "read/lex.h"

enum { LONGEST = 63 }; /* bytes: NAMEDATALEN less one */

/* Actions that give a name: to what they make, or a new one. */
static const ActionKind naming[] = {ACTION_CREATE_TABLE,
				    ACTION_CREATE_TABLE_AS,
				    ACTION_CREATE_FOREIGN_TABLE,
				    ACTION_RENAME_TABLE,
				    ACTION_ADD_COLUMN,
				    ACTION_RENAME_COLUMN,
				    ACTION_ADD_CONSTRAINT,
				    ACTION_RENAME_CONSTRAINT,
				    ACTION_CREATE_INDEX,
				    ACTION_RENAME_INDEX,
				    ACTION_CREATE_VIEW,
				    ACTION_CREATE_MATERIALIZED_VIEW,
				    ACTION_CREATE_TYPE,
				    ACTION_CREATE_DOMAIN,
				    ACTION_ADD_DOMAIN_CONSTRAINT,
				    ACTION_CREATE_SEQUENCE,
				    ACTION_CREATE_SCHEMA,
				    ACTION_CREATE_FUNCTION,
				    ACTION_CREATE_TRIGGER,
				    ACTION_CREATE_POLICY,
				    ACTION_RENAME_OBJECT,
				    ACTION_NONE};

/* Parts are named by `object`; a constraint written behind a column has the column there. */
static Span name_span(const Action *action)
{
	bool is_part = action->object && !action->inline_constraint;
	if (action->new_name || (is_part && action->object_span.end == action->object_span.start))
		return action->span;
	return is_part ? action->object_span : action->relation_span;
}

/* The parser has cut it already, to whole characters: what is shorter never was too long. */
static bool may_be_cut(const char *name)
{
	enum { CHARACTER = 4 };
	return name && strlen(name) > LONGEST - CHARACTER;
}

/* A name of the span that is longer than PostgreSQL keeps: the first, or the last, where a rename has its new one. */
static bool find_long_name(const Source *source, Span span, bool last, Token *found)
{
	Lexer lexer = lexer_new(source->bytes, span.start, span.end);
	bool any = false;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END && (last || !any); token = lexer_next(&lexer)) {
		uint32_t quotes = token.kind == TOKEN_QUOTED_WORD ? 2 : 0;
		if ((token.kind == TOKEN_WORD || quotes) && token.span.end - token.span.start > LONGEST + quotes) {
			*found = token;
			any = true;
		}
	}
	return any;
}

RULE(identifier_too_long, .severity = SEVERITY_WARNING, .category = NAMING,
     .summary = "PostgreSQL cuts the name to 63 bytes",
     .why = "Longer names are cut with a NOTICE that nobody reads: code that asks the catalog for the full name does "
	    "not find it, "
	    "and two names that differ behind the 63rd byte are one.",
     .instead = "A name of at most 63 bytes.", .manual = "sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
     .since = "0.1.0", .on = naming)
{
	const Source *source = context->script->source;
	Token name = {0};
	if (!may_be_cut(action->new_name) && !may_be_cut(action->object) && !may_be_cut(action->relation.name))
		return;
	if (!find_long_name(source, name_span(action), action->new_name != NULL, &name))
		return;
	bool quoted = name.kind == TOKEN_QUOTED_WORD;
	Span inside = {name.span.start + quoted, name.span.end - quoted};
	Text text = source_text(source, inside);
	uint32_t kept = LONGEST;
	while (kept && ((unsigned char)text.data[kept] & 0xC0) == 0x80) /* whole characters only */
		kept--;
	report(context, name.span, "the name has %u bytes; PostgreSQL makes it %.*s", (unsigned)text.length, (int)kept,
	       text.data);
}
