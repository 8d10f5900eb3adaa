/* A label of an enum is used in the transaction that adds it. */
#include "judge/judge.h"
#include "read/lex.h"

typedef struct Added {
	const char *label;
	Name type;
	Span span;
} Added;

static bool ends_transaction(const Action *action)
{
	return action->kind == ACTION_COMMIT || action->kind == ACTION_ROLLBACK || action->kind == ACTION_BEGIN;
}

/* The token is the label as a string. */
static bool is_label(const Lexer *lexer, Token token, const char *label)
{
	Text text = token_text(lexer, token);
	size_t length = strlen(label);
	return token.kind == TOKEN_STRING && text.length == length + 2 && memcmp(text.data + 1, label, length) == 0;
}

/* `'x'::mood`, `'x'::app.mood` */
static bool is_cast_to(Lexer lexer, const char *type)
{
	Token colons = lexer_next(&lexer);
	if (colons.kind != TOKEN_OPERATOR || !text_is(token_text(&lexer, colons), "::"))
		return false;
	Token word = lexer_next(&lexer), dot = lexer_peek(&lexer);
	if (token_is_byte(&lexer, dot, '.')) {
		lexer_next(&lexer);
		word = lexer_next(&lexer);
	}
	return token_is(&lexer, word, type);
}

static bool has_type(const Relation *table, Text column, const char *type)
{
	for (uint32_t i = 0; table && i < table->columns.count; i++)
		if (text_is(column, table->columns.items[i]->object.name))
			return same(table->columns.items[i]->type.name, type);
	return false;
}

/* `'x'::mood`; `state = 'x'` of a column of that type. Bodies of functions run later. */
static bool uses(const Context *context, const Added *added)
{
	const Source *source = context->script->source;
	const Relation *table = subject(context);
	Lexer lexer = lexer_new(source->bytes, context->statement->span.start, context->statement->span.end);
	Token before = {0}, operator = {0};
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (is_label(&lexer, token, added->label)) {
			bool compared = operator.kind == TOKEN_OPERATOR && text_is(token_text(&lexer, operator), "=") && before.kind == TOKEN_WORD;
			if (is_cast_to(lexer, added->type.name) || (compared && has_type(table, token_text(&lexer, before), added->type.name)))
				return true;
		}
		before = operator;
		operator = token;
	}
	return false;
}

/* SET DEFAULT 'x', ADD COLUMN … mood DEFAULT 'x' */
static bool is_default(const Context *context, const Action *action, const Added *added)
{
	const Relation *table = subject(context);
	const Column *column = table && action->object ? find_column(table, action->object) : NULL;
	const Expr *value = action->kind == ACTION_SET_DEFAULT ? action->expr : action->kind == ACTION_ADD_COLUMN ? action->column_def->default_expr : NULL;
	const char *type = action->kind == ACTION_ADD_COLUMN ? action->column_def->type.name.name : column ? column->type.name : NULL;
	return value && value->kind == EXPR_CONSTANT && value->quoted && same(value->text, added->label) && same(type, added->type.name);
}

/* Labels that the transaction at hand has added, of types that it has not made. */
static bool is_used(const Context *context, const Action *action, Added *added)
{
	bool found = false;
	array_each (const Statement, statement, &context->script->statements) {
		if (statement->span.start >= context->statement->span.start)
			break;
		for (const Action *earlier = statement->actions; earlier; earlier = earlier->next) {
			if (ends_transaction(earlier))
				found = false;
			if (earlier->kind != ACTION_ADD_ENUM_LABEL || !earlier->object)
				continue;
			const Type *type = find_type(context->catalog, session_path(context->session), earlier->relation);
			Added one = {earlier->object, earlier->relation, earlier->span};
			if ((type && !existed_before(context->replay, &type->object)) || !(is_default(context, action, &one) || uses(context, &one)))
				continue;
			*added = one;
			found = true;
		}
	}
	return found;
}

RULE(enum_value_used_too_soon,
	.severity = SEVERITY_ERROR, .category = TRANSACTIONS,
	.summary  = "an enum's value is used before it is committed",
	.why      = "PostgreSQL refuses a label in the transaction that adds it (SQLSTATE 55P04): the migration fails.",
	.instead  = "ALTER TYPE … ADD VALUE in a migration of its own, before the one that uses the value.",
	.manual   = "sql-altertype.html#SQL-ALTERTYPE-NOTES",
	.since    = "0.1.0",
	.on       = every_action)
{
	Added added;
	if (context->catalog->version < 12 || !in_transaction(context) || !context->statement || context->step->in_block ||
	    !judge_actions(context->judge, ACTION_ADD_ENUM_LABEL)->count || !is_used(context, action, &added))
		return;
	Finding *finding = report(context, action->span, "'%s' of %s is used in the transaction that adds it", added.label, added.type.name);
	about(finding, context, subject(context) ? &subject(context)->object : NULL);
	related(finding, context, context->script->source, added.span, "adds it");
}
