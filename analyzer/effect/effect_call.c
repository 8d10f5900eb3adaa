/* Calls: of built-in functions, of those whose body is known, of those that are declared; the others are opaque. */
#include "action/fold.h"
#include "effect/draft.h"
#include "effect/volatility.h"

/* --- Declarations ------------------------------------------------------------------------------------------------- */

static bool is_input(const FunctionArgument *parameter)
{
	return parameter->mode != 'o' && parameter->mode != 't';
}

static uint32_t input_count(const FunctionDef *routine)
{
	uint32_t count = 0;
	array_each (const FunctionArgument, parameter, &routine->arguments)
		count += is_input(parameter);
	return count;
}

static bool has_input(const FunctionDef *routine, const char *name)
{
	array_each (const FunctionArgument, parameter, &routine->arguments)
		if (is_input(parameter) && same(parameter->name, name))
			return true;
	return false;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "+-0123456789.eE") == strlen(text);
}

/* What is written tells overloads apart: AddGeometryColumn(table, column, srid …) and (schema, table, column …). */
static bool suits(const Expr *argument, const TypeRef *type)
{
	if (argument->kind != EXPR_CONSTANT || type->dimensions)
		return true;
	const char *word = type->name.name;
	bool of_text = same(word, "text") || same(word, "varchar") || same(word, "name") || starts_with(word, "reg");
	bool of_number = same(word, "int4") || same(word, "int8") || same(word, "numeric") || same(word, "float4");
	bool truth = same(argument->text, "true") || same(argument->text, "false");
	if (argument->quoted)
		return !of_number || is_number(argument->text);
	return !of_text && truth == (same(word, "bool") || (truth && !of_number));
}

static bool arguments_suit(const FunctionDef *routine, const Expr *call)
{
	uint32_t place = 0;
	array_each (const FunctionArgument, parameter, &routine->arguments) {
		uint32_t i = 0;
		for (const Expr *given = call ? call->arguments : NULL; is_input(parameter) && given; given = given->next, i++)
			if ((given->label ? same(given->label, parameter->name) : i == place) && !suits(given, &parameter->type))
				return false;
		place += is_input(parameter);
	}
	return true;
}

bool declared_for(const Declaration *declaration, Name name, const Expr *call)
{
	const FunctionDef *routine = declaration->routine;
	if (!same(declaration->name.name, name.name))
		return false;
	if (declaration->name.schema && name.schema && !same(declaration->name.schema, name.schema))
		return false;
	uint32_t given = 0, required = 0;
	for (const Expr *argument = call ? call->arguments : NULL; argument; argument = argument->next, given++)
		if (argument->label && !has_input(routine, argument->label))
			return false;
	array_each (const FunctionArgument, parameter, &routine->arguments)
		required += is_input(parameter) && !parameter->default_expr && parameter->mode != 'v';
	bool variadic = routine->arguments.count && routine->arguments.items[routine->arguments.count - 1].mode == 'v';
	return given >= required && (variadic || given <= input_count(routine)) && arguments_suit(routine, call);
}

static const Expr *declared_argument(const Declaration *declaration, const Expr *call, const char *parameter)
{
	uint32_t place = 0;
	array_each (const FunctionArgument, one, &declaration->routine->arguments) {
		if (!is_input(one))
			continue;
		uint32_t i = 0;
		for (const Expr *given = call ? call->arguments : NULL; given && same(one->name, parameter); given = given->next, i++)
			if (given->label ? same(given->label, parameter) : i == place)
				return given;
		if (same(one->name, parameter))
			return one->default_expr;
		place++;
	}
	return NULL;
}

Answer declared_condition(Arena *scratch, const Declaration *declaration, const Expr *call, DeclaredWhen condition)
{
	if (!condition.argument)
		return condition.always ? ANSWER_YES : ANSWER_NO;
	const Expr *argument = declared_argument(declaration, call, condition.argument);
	int truth = argument ? folded_truth(scratch, argument) : -1;
	if (truth < 0)
		return ANSWER_UNKNOWN;
	return (truth == 1) != condition.negated ? ANSWER_YES : ANSWER_NO;
}

Name declared_table(Arena *arena, const Declaration *declaration, const Expr *call)
{
	const Expr *argument = declaration->table ? declared_argument(declaration, call, declaration->table) : NULL;
	const char *text = argument ? folded_text(arena, argument) : NULL;
	return text && *text ? name_in_text(arena, text) : (Name){0};
}

/* ANSWER_UNKNOWN is taken for yes, and said. */
static bool does(Draft *draft, const Declaration *declaration, DeclaredWhen condition)
{
	Arena *arena = draft->context->arena;
	Answer answer = declared_condition(arena, declaration, draft->action->expr, condition);
	if (answer == ANSWER_UNKNOWN)
		add_assumption(draft, arena_print(arena, "what %s does depends on its argument %s, which is not a constant",
						  declaration->name.name, condition.argument));
	return answer != ANSWER_NO;
}

static Relation *table_of(Draft *draft, const Declaration *declaration)
{
	Name name = declared_table(draft->context->arena, declaration, draft->action->expr);
	if (name.name)
		return relation_called(draft, name, OBJECT_TABLE);
	const Expr *argument = declared_argument(declaration, draft->action->expr, declaration->table);
	if (!argument || argument->kind != EXPR_NULL)
		add_assumption(draft, arena_print(draft->context->arena, "which table %s is called for is not a constant",
						  declaration->name.name));
	return NULL;
}

static void add_declared(Draft *draft, const Declaration *declaration)
{
	Effect *effect = draft->effect;
	Arena *arena = draft->context->arena;
	effect->declared = true;
	array_push(arena, &effect->because, arena_print(arena, "what %s does is declared", declaration->name.name));
	effect->forbidden_in_transaction = declaration->forbidden;
	effect->changes_on_repeat = declaration->repeat_changes;
	effect->repeat_unknown = declaration->repeat_unknown;
	Relation *table = declaration->table ? table_of(draft, declaration) : NULL;
	if (!table)
		return;
	take_lock_on_all(draft, partitions_of(draft, table), declaration->lock);
	bool rewrites = does(draft, declaration, declaration->rewrites);
	if (rewrites)
		add_new_file(draft, table, WORK_DECLARED);
	if (rewrites || does(draft, declaration, declaration->scans))
		add_scan(draft, table, WORK_DECLARED);
	if (does(draft, declaration, declaration->destroys_rows))
		add_destroyed(draft, &table->object, DESTROY_ROWS, false);
}

/* --- Calls -------------------------------------------------------------------------------------------------------- */

void effect_opaque(Draft *draft)
{
	draft->effect->opaque = draft->effect->repeat_unknown = true;
}

/* What was prepared has effects of its own; what was prepared out of sight may be anything. */
void effect_execute(Draft *draft)
{
	if (!session_prepared(draft->context->session, draft->action->object))
		effect_opaque(draft);
	for (const Expr *argument = draft->action->expr; argument; argument = argument->next)
		run_expr(draft, argument);
}

static bool ends_transaction(const Action *action, void *found)
{
	if (action->kind == ACTION_COMMIT || action->kind == ACTION_ROLLBACK)
		*(bool *)found = true;
	return !*(bool *)found;
}

void effect_do_block(Draft *draft)
{
	bool found = false;
	action_walk(draft->action->body, ends_transaction, &found);
	draft->effect->forbidden_in_transaction = found;
	if (draft->action->function)
		look_at_routine_types(draft, draft->action->function);
}

static bool is_read(const FunctionDef *defined)
{
	bool sql = defined && same_nocase(defined->language, "sql");
	return sql ? defined->body || !defined->body_opaque : defined && same_nocase(defined->language, "plpgsql");
}

/* A body that is known has effects of its own: the replay goes through it. */
void effect_call(Draft *draft)
{
	Volatility volatility;
	Name name = draft->action->relation;
	if (draft->context->declared) {
		add_declared(draft, draft->context->declared);
		return;
	}
	if (name.name && (!name.schema || same(name.schema, "pg_catalog")) && builtin_function(name.name, &volatility)) {
		run_expr(draft, draft->action->expr);
		return;
	}
	bool several = false;
	const Function *function = find_called(draft->catalog, draft->path, name, draft->action->expr, &several);
	if (!function || function->object.assumed || several || !is_read(function->defined)) {
		effect_opaque(draft);
		return;
	}
	bool found = false;
	action_walk(draft->context->called, ends_transaction, &found);
	draft->effect->forbidden_in_transaction = found && function->object.kind == OBJECT_PROCEDURE;
}
