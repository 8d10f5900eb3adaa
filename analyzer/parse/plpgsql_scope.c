/* What a body's variables hold while it is read from top to bottom, and where the ways through it part and meet. */
#include "action/fold.h"
#include "parse/plpgsql.h"

/* --- Looking up --------------------------------------------------------------------------------------------------- */

const Variable *scope_find(const Scope *scope, Name name)
{
	for (uint32_t i = scope ? scope->variables.count : 0; i > 0; i--) {
		const Variable *variable = &scope->variables.items[i - 1];
		bool field = name.schema && same(variable->name, name.schema) && same(variable->field, name.name);
		bool qualified = name.schema && same(scope->routine, name.schema) && i <= scope->parameters;
		bool plain = (qualified || !name.schema) && !variable->field && same(variable->name, name.name);
		if (field || plain)
			return variable;
	}
	return NULL;
}

const Expr *scope_value(const Scope *scope, Name name, bool columns)
{
	if (!scope || (columns && scope->columns_first && !name.schema))
		return NULL;
	const Variable *variable = scope_find(scope, name);
	return variable ? variable->value : NULL;
}

const Expr *scope_parameter(const Scope *scope, int number)
{
	bool known = scope && number > 0 && (uint32_t)number <= scope->parameters;
	return known ? scope->variables.items[number - 1].value : NULL;
}

static bool mentions(const Scope *scope, const Expr *expr, int depth)
{
	if (!expr || depth > LOWER_DEPTH)
		return expr != NULL;
	if (expr->kind == EXPR_COLUMN && scope_find(scope, expr->name))
		return true;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		if (mentions(scope, argument, depth + 1))
			return true;
	return false;
}

bool expr_mentions_variable(const Body *b, const Expr *expr)
{
	return mentions(&b->scope, expr, 0);
}

/* --- Assigning ---------------------------------------------------------------------------------------------------- */

void declare_variable(Body *b, const char *name, const char *field, const Expr *value)
{
	array_push(b->l.arena, &b->scope.variables, (Variable){name, field, value});
}

void set_variable(Body *b, const char *name, const Expr *value)
{
	bool innermost = true;
	for (uint32_t i = b->scope.variables.count; i > 0; i--) {
		Variable *variable = &b->scope.variables.items[i - 1];
		if (!same(variable->name, name))
			continue;
		if (!variable->field && innermost) {
			variable->value = value;
			innermost = false;
		} else if (variable->field) {
			variable->value = NULL;
		}
	}
}

/* --- Ways --------------------------------------------------------------------------------------------------------- */

Variable *save_variables(const Body *b)
{
	uint32_t count = b->scope.variables.count;
	Variable *saved = new_array(b->l.arena, Variable, count + 1);
	if (count)
		memcpy(saved, b->scope.variables.items, count * sizeof *saved);
	return saved;
}

void restore_variables(Body *b, const Variable *saved, uint32_t count)
{
	if (count)
		memcpy(b->scope.variables.items, saved, count * sizeof *saved);
	b->scope.variables.count = count;
}

static bool same_value(const Expr *a, const Expr *b)
{
	if (a == b || !a || !b)
		return a == b;
	return a->kind == b->kind && a->kind != EXPR_ARRAY && a->quoted == b->quoted && same(a->text, b->text);
}

void forget_different(Body *b, const Variable *other, uint32_t count)
{
	for (uint32_t i = 0; i < count && i < b->scope.variables.count; i++)
		if (!same_value(other[i].value, b->scope.variables.items[i].value))
			b->scope.variables.items[i].value = NULL;
}

/* RETURN and RAISE EXCEPTION: nothing comes behind them. */
static bool leaves(const Action *list)
{
	while (list && list->next)
		list = list->next;
	return list && (list->kind == ACTION_RETURN || (list->kind == ACTION_RAISE && same(list->value, "exception")));
}

void ways_start(Body *b, Ways *ways)
{
	*ways = (Ways){.before = save_variables(b), .count = b->scope.variables.count};
}

void ways_read(Body *b, Ways *ways, Action **list, WayTaken taken)
{
	bool opaque = b->opaque, vague = b->vague;
	restore_variables(b, ways->before, ways->count);
	Action *read = body_statements(b);
	if (ways->decided || taken == WAY_NEVER) {
		b->opaque = opaque;
		b->vague = vague;
		return;
	}
	*list = read;
	if (!leaves(read))
		array_push(b->l.arena, &ways->ends, (WayEnd){list, save_variables(b)});
	ways->decided |= taken == WAY_ALWAYS;
}

void ways_skip(Body *b, Ways *ways, Action **list)
{
	if (!ways->decided)
		array_push(b->l.arena, &ways->ends, (WayEnd){list, ways->before});
}

bool ways_meet(Body *b, const Ways *ways)
{
	restore_variables(b, ways->ends.count ? ways->ends.items[0].variables : ways->before, ways->count);
	bool differ = false;
	for (uint32_t i = 1; i < ways->ends.count; i++) {
		const Variable *other = ways->ends.items[i].variables;
		for (uint32_t v = 0; v < ways->count; v++)
			differ |= !same_value(other[v].value, b->scope.variables.items[v].value);
		forget_different(b, other, ways->count);
	}
	return !differ;
}
