/*
 * The questions that rules may ask of the facts. No opinions here, and no facts about PostgreSQL either: those are in effect/.
 */
#include "judge/inside.h"

#include <stdlib.h>

#include "discover/layout.h"
#include "read/lex.h"

Relation *relation_named(const Context *context, Name name)
{
	return name.name ? find_relation(context->catalog, session_path(context->session), name) : NULL;
}

Relation *subject(const Context *context)
{
	Judge *judge = context->judge;
	if (!context->action || !context->step)
		return context->action ? relation_named(context, context->action->relation) : NULL;
	if (judge->subject.action != context->action) {
		judge->subject.action = context->action;
		judge->subject.relation = relation_named(context, context->action->relation);
	}
	return judge->subject.relation;
}

bool is_old(const Context *context, const Relation *relation)
{
	return relation && existed_before(context->replay, &relation->object);
}

LockMode lock_on(const Context *context, const Relation *relation)
{
	if (!relation)
		return LOCK_NONE;
	LockMode held = session_holds(context->session, relation);
	LockMode own = context->effect ? effect_lock(context->effect, relation) : LOCK_NONE;
	LockMode strongest = held > own ? held : own;
	if (context->step && context->step->statement_lock > strongest && relation == subject(context))
		strongest = context->step->statement_lock;
	return strongest;
}

const Destroyed *destroyed_old(const Context *context)
{
	array_each (Destroyed, destroyed, &context->effect->destroys) {
		const Object *object = destroyed->object;
		const Object *holder = object->kind == OBJECT_COLUMN ? object->parent : object;
		if (existed_before(context->replay, object) && existed_before(context->replay, holder))
			return destroyed;
	}
	return NULL;
}

bool in_transaction(const Context *context)
{
	return context->session->transaction != TRANSACTION_NONE || (context->step && context->step->in_block);
}

bool keeps_local_settings(const Context *context)
{
	return context->session->transaction != TRANSACTION_NONE;
}

static const char *default_of(Arena *arena, const RuleOptionInfo *info)
{
	size_t word = strcspn(info->fallback, "|");
	bool is_word = info->fallback[0] != '/' && info->fallback[word];
	return is_word ? arena_copy(arena, info->fallback, word) : info->fallback;
}

const char *option(const Context *context, const char *name)
{
	const char *value = NULL;
	const Config *config = context->history->config;
	const char *path = config && context->script ? config_relative(context->arena, config, context->script->source->path) : NULL;
	if (config)
		value = config_option(config, rule_id(context->rule), name, path);
	for (const RuleOptionInfo *info = context->rule->options; !value && info && info->name; info++)
		if (same(info->name, name))
			value = default_of(context->arena, info);
	return value;
}

bool is_always_true(const Expr *condition)
{
	if (!condition)
		return false;
	if (condition->kind == EXPR_CONSTANT)
		return !condition->quoted && same(condition->text, "true");
	const Expr *left = condition->arguments, *right = left ? left->next : NULL;
	if (condition->kind != EXPR_OPERATOR || !right || !same(condition->text, "=") || left->kind != right->kind)
		return false;
	if (left->kind == EXPR_COLUMN)
		return same(left->name.name, right->name.name) && same(left->name.schema, right->name.schema);
	return left->kind == EXPR_CONSTANT && left->quoted == right->quoted && same(left->text, right->text);
}

Phases migration_phases(const Context *context)
{
	return script_phases(context->history->config, context->script);
}

bool is_due(const Context *context, const char *when)
{
	Phases phases = migration_phases(context);

	return same(when, "all") || same(when, "any") || (same(when, "expand") && phases.expands) ||
	       (same(when, "migrate") && phases.migrates) || (same(when, "contract") && phases.contracts) ||
	       (same(when, "mixed") && phase_of(phases) == PHASE_MIXED) || (same(when, "destroys") && migration_destroys(context)) ||
	       same(when, risk_word(migration_risk(context, NULL, NULL)));
}

/* `{{ schema }}.users`: the name that a template makes is nobody's, as written it can be pasted. NULL: no template. */
static const char *name_in_template(const Context *context, const Object *object)
{
	const Action *action = context->action;
	if (!action || !action->relation_span.end || !context->statement || !context->statement->templated)
		return NULL;
	const Relation *relation = subject(context);
	if (!relation || (&relation->object != object && (!relation->table || &relation->table->object != object)))
		return NULL;
	const char *name = source_clause(context, action->relation_span);
	/* In EXECUTE the span is the whole string. */
	return *name != '\'' && strpbrk(name, "{}<>$%:@") ? name : NULL;
}

const char *sql_name(const Context *context, const Object *object)
{
	const char *template = name_in_template(context, object);
	if (template)
		return template;
	bool plain = !object->schema || same(object->schema, "public");
	return quoted_name(context->arena, (Name){plain ? NULL : object->schema, object->name});
}

enum { CLAUSE_WIDTH = 100 };

/* Columns of blanks at the end of the text before the offset, when nothing else stands on the line. */
static uint32_t indentation(const char *bytes, uint32_t offset)
{
	uint32_t start = offset;
	while (start > 0 && bytes[start - 1] != '\n')
		start--;
	uint32_t columns = 0;
	while (start + columns < offset && (bytes[start + columns] == ' ' || bytes[start + columns] == '\t'))
		columns++;
	return columns;
}

/* The clause without comments; blanks squeezed, or lines kept and indented as they are below the first one. */
static void add_clause(Buf *text, const Source *source, Span span, bool lines)
{
	Lexer lexer = lexer_new(source->bytes, span.start, span.end);
	uint32_t margin = indentation(source->bytes, span.start);
	bool space = false, line = false;

	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		Text piece = token_text(&lexer, token);
		if (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT) {
			space = text->length > 0;
			line = line || (space && token.kind == TOKEN_SPACE && memchr(piece.data, '\n', piece.length));
			continue;
		}
		if (space && line && lines) {
			uint32_t columns = indentation(source->bytes, token.span.start);
			buf_addf(text, "\n%*s", columns > margin ? (int)(columns - margin) : 0, "");
		} else if (space) {
			buf_addc(text, ' ');
		}
		space = line = false;
		buf_add(text, piece.data, piece.length);
	}
}

const char *source_clause(const Context *context, Span span)
{
	Buf text = {0};

	if (is_rewritten(context->script, span))
		return "…";
	add_clause(&text, context->script->source, span, false);
	if (text.length > CLAUSE_WIDTH) {
		text.length = 0;
		add_clause(&text, context->script->source, span, true);
	}
	const char *clause = arena_copy(context->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return clause;
}

const char *no_transaction_advice(const Context *context)
{
	const Layout *layout = context->history->layout;
	const char *advice = layout ? layout->no_transaction : NULL;
	return advice ? advice : "";
}

/* --- Words --------------------------------------------------------------------------------------------------------------------- */

static const char *const CATEGORY_WORDS[CATEGORY_COUNT] = {
	[LOCKING] = "locking", [DESTRUCTIVE] = "destructive", [COMPATIBILITY] = "compatibility", [TRANSACTIONS] = "transactions",
	[BACKFILL] = "backfill", [IDEMPOTENCY] = "idempotency", [ROLLBACK] = "rollback", [HISTORY] = "history",
	[GOVERNANCE] = "governance", [DESIGN] = "design", [NAMING] = "naming", [SECURITY] = "security", [META] = "meta",
};

const char *category_word(Category category)
{
	return category < CATEGORY_COUNT ? CATEGORY_WORDS[category] : "";
}

bool category_by_word(const char *word, Category *category)
{
	for (Category i = 0; i < CATEGORY_COUNT; i++)
		if (same(CATEGORY_WORDS[i], word)) {
			*category = i;
			return true;
		}
	return false;
}

const RuleEntry *rule_by_id(const char *id)
{
	uint32_t low = 0, high = rule_count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		int order = strcmp(id, all_rules[middle].id);
		if (order == 0)
			return &all_rules[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *rule_id(const Rule *rule)
{
	if (rule->id)
		return rule->id;
	for (uint32_t i = 0; i < rule_count; i++)
		if (all_rules[i].rule == rule)
			return all_rules[i].id;
	return rule->name;
}
