/* Bodies of routines, read for one call. */
#include "action/fold.h"
#include "parse/parse.h"
#include "parse/lower.h"

enum { LONGEST_BODY = 1 << 20 };

static bool is_input(const FunctionArgument *parameter)
{
	return parameter->mode != 'o' && parameter->mode != 't';
}

/* The argument that the call gives for a parameter, by place or by name; NULL: none. */
static const Expr *argument_for(const Expr *call, const char *parameter, uint32_t place)
{
	uint32_t i = 0;
	for (const Expr *argument = call->arguments; argument; argument = argument->next, i++)
		if (argument->label ? same(argument->label, parameter) : i == place)
			return argument;
	return NULL;
}

/* OUT parameters start as NULL; those of VARIADIC are not put together here. */
static Scope parameters_of(Arena *arena, const FunctionDef *routine, const char *name, const Expr *call)
{
	Scope scope = {.routine = name, .columns_first = same_nocase(routine->language, "sql")};
	uint32_t place = 0;
	array_each (const FunctionArgument, parameter, &routine->arguments) {
		Variable variable = {.name = parameter->name ? parameter->name : ""};
		const Expr *given = NULL;
		if (is_input(parameter)) {
			given = call ? argument_for(call, parameter->name, place++) : NULL;
			given = given ? given : parameter->default_expr;
		}
		if (given && parameter->mode != 'v')
			variable.value = parameter->type.dimensions ? folded_array(arena, given) : expr_fold(arena, given);
		array_push(arena, &scope.variables, variable);
	}
	scope.parameters = scope.variables.count;
	return scope;
}

Action *routine_parse(Arena *arena, const FunctionDef *routine, const char *name, const Expr *call, Span at, bool *opaque)
{
	const char *text = routine->body_hash_text;
	size_t length = text ? strlen(text) : 0;
	bool plpgsql = same_nocase(routine->language, "plpgsql");
	if (!length || length > LONGEST_BODY || (!plpgsql && !same_nocase(routine->language, "sql"))) {
		*opaque = true;
		return NULL;
	}
	Span *place = new (arena, Span);
	*place = at;
	Piece *body = new (arena, Piece);
	*body = (Piece){.bytes = text, .length = (uint32_t)length, .fixed = place};
	Lowering l = {.arena = arena, .piece = body, .statement = {0, (uint32_t)length}};
	Scope scope = parameters_of(arena, routine, name, call);
	MemoryContext context = pg_query_enter_memory_context();
	Action *actions = plpgsql ? lower_plpgsql(&l, body, &scope, opaque) : lower_sql_body(&l, body, &scope, opaque);
	pg_query_exit_memory_context(context);
	return actions;
}
