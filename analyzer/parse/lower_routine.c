/* Functions and procedures, anonymous blocks, triggers, rules, policies. */
#include "parse/lower.h"

#include "catalog/pg_trigger.h"

/* --- Functions ---------------------------------------------------------------------------------------------------- */

static void function_arguments(Lowering *l, FunctionDef *function, const List *parameters)
{
	function->arguments_given = true;
	foreach_ptr (FunctionParameter, parameter, parameters) {
		FunctionArgument argument = {
			.name = keep(l, parameter->name),
			.type = type_ref(l, parameter->argType),
			.mode = parameter->mode == FUNC_PARAM_DEFAULT ? 'i' : (char)parameter->mode,
			.default_expr = lower_expr(l, parameter->defexpr),
		};
		array_push(l->arena, &function->arguments, argument);
	}
}

static void function_options(Lowering *l, FunctionDef *function, const List *options)
{
	foreach_ptr (DefElem, option, options) {
		if (same(option->defname, "language"))
			function->language = option_value(l, option->arg);
		else if (same(option->defname, "volatility"))
			function->volatility = option_value(l, option->arg)[0];
		else if (same(option->defname, "strict"))
			function->strict = option_is_on(options, "strict");
		else if (same(option->defname, "security"))
			function->security_definer = option_is_on(options, "security");
		else if (same(option->defname, "set") && option->arg && IsA(option->arg, VariableSetStmt))
			function->sets_search_path |=
			    same_nocase(((VariableSetStmt *)option->arg)->name, "search_path");
	}
}

/* BEGIN ATOMIC … END is a list of statements, RETURN an expression. */
static void atomic_body(Lowering *l, FunctionDef *function, Node *body)
{
	Lowering inside = lower_inside(l);
	inside.depth++;
	if (IsA(body, ReturnStmt)) {
		lower_node(&inside, body);
	} else if (IsA(body, List)) {
		foreach_ptr (List, statements, (List *)body)
			foreach_ptr (Node, statement, statements)
				lower_node(&inside, statement);
	}
	function->body = inside.first;
	function->body_hash_text = clause_text(l, l->statement);
	if (!function->language)
		function->language = "sql";
}

static void function_body(Lowering *l, FunctionDef *function, const CreateFunctionStmt *create)
{
	const DefElem *as = find_option(create->options, "as");
	if (create->sql_body) {
		atomic_body(l, function, create->sql_body);
		return;
	}
	if (!as || !as->arg || !IsA(as->arg, List))
		return;
	function->body_hash_text = keep(l, ((String *)linitial((List *)as->arg))->sval);
	bool plpgsql = same_nocase(function->language, "plpgsql");
	if ((!plpgsql && !same_nocase(function->language, "sql")) || l->depth >= BODY_DEPTH)
		return;
	if (plpgsql && !strcasestr(function->body_hash_text, "declare"))
		return;
	const Piece *body = body_piece(l, as->location);
	if (plpgsql) {
		if (body)
			plpgsql_declared_types(l, body, function);
		return;
	}
	if (!body) {
		function->body_opaque = true;
		return;
	}
	function->body = lower_sql_body(l, body, NULL, &function->body_opaque);
}

static void create_function(Lowering *l, CreateFunctionStmt *create)
{
	ObjectKind kind = create->is_procedure ? OBJECT_PROCEDURE : OBJECT_FUNCTION;
	Action *action = emit_object(l, ACTION_CREATE_FUNCTION, kind, list_name(l, create->funcname));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	action->or_replace = create->replace;
	FunctionDef *function = new (l->arena, FunctionDef);
	function->kind = kind;
	function_arguments(l, function, create->parameters);
	function->returns = type_ref(l, create->returnType);
	function_options(l, function, create->options);
	function_body(l, function, create);
	action->function = function;
}

static void alter_function(Lowering *l, AlterFunctionStmt *alter)
{
	ObjectKind kind = object_kind((int)alter->objtype);
	Action *action = emit_object(l, ACTION_ALTER_FUNCTION, kind, list_name(l, alter->func->objname));
	FunctionDef *function = function_signature(l, alter->func, kind);
	function_options(l, function, alter->actions);
	action->function = function;
	foreach_ptr (DefElem, option, alter->actions)
		array_push(l->arena, &action->names, keep(l, option->defname));
}

static void do_block(Lowering *l, DoStmt *block)
{
	Action *action = emit_whole(l, ACTION_DO_BLOCK);
	const DefElem *as = find_option(block->args, "as");
	const DefElem *language = find_option(block->args, "language");
	action->value = language ? option_value(l, language->arg) : "plpgsql";
	bool opaque = false;
	const Piece *body = as && l->depth < BODY_DEPTH ? body_piece(l, as->location) : NULL;
	bool plpgsql = same_nocase(action->value, "plpgsql");
	if (body && plpgsql && l->depth == 0)
		l->complaint = plpgsql_complaint(l, body, &l->complaint_at);
	if (body && plpgsql) {
		FunctionDef *function = new (l->arena, FunctionDef);
		plpgsql_declared_types(l, body, function);
		action->function = function->row_types.count ? function : NULL;
		action->body = lower_plpgsql(l, body, NULL, &opaque);
	} else {
		opaque = true;
	}
	action->partial = opaque;
	if (opaque && !action->body) {
		Lowering inside = lower_inside(l);
		emit_whole(&inside, ACTION_OPAQUE)->value = "the block's body could not be read";
		action->body = inside.first;
	}
}

/* --- Triggers ----------------------------------------------------------------------------------------------------- */

static const char *trigger_words(Lowering *l, const CreateTrigStmt *trigger)
{
	static const struct {
		int bit;
		const char *word;
	} events[] = {{TRIGGER_TYPE_INSERT, "insert"},
		      {TRIGGER_TYPE_UPDATE, "update"},
		      {TRIGGER_TYPE_DELETE, "delete"},
		      {TRIGGER_TYPE_TRUNCATE, "truncate"}};
	Buf buf = {0};
	buf_adds(&buf, trigger->timing & TRIGGER_TYPE_BEFORE	? "before"
		       : trigger->timing & TRIGGER_TYPE_INSTEAD ? "instead of"
								: "after");
	for (size_t i = 0; i < LENGTH(events); i++)
		if (trigger->events & events[i].bit)
			buf_addf(&buf, " %s", events[i].word);
	buf_adds(&buf, trigger->row ? " row" : " statement");
	const char *words = arena_copy(l->arena, buf.data, buf.length);
	buf_free(&buf);
	return words;
}

static void create_trigger(Lowering *l, CreateTrigStmt *trigger)
{
	Action *action = emit_object(l, ACTION_CREATE_TRIGGER, OBJECT_TRIGGER, range_name(l, trigger->relation));
	action->relation_span = source_name_at(l, trigger->relation->location);
	action->object = keep(l, trigger->trigname);
	action->object_span = source_identifier(l, l->statement, trigger->trigname);
	action->other = list_name(l, trigger->funcname);
	action->or_replace = trigger->replace;
	action->columns = string_list(l, trigger->columns);
	action->expr = lower_expr(l, trigger->whenClause);
	action->value = trigger_words(l, trigger);
	if (trigger->constrrel) {
		Query *query = new (l->arena, Query);
		RelationUse use = {.relation = range_name(l, trigger->constrrel), .mode = USE_READ, .only = true};
		array_push(l->arena, &query->uses, use);
		action->query = query;
	}
}

static void create_rule(Lowering *l, RuleStmt *rule)
{
	Action *action = emit_object(l, ACTION_CREATE_RULE, OBJECT_RULE, range_name(l, rule->relation));
	action->relation_span = source_name_at(l, rule->relation->location);
	action->object = keep(l, rule->rulename);
	action->object_span = source_identifier(l, l->statement, rule->rulename);
	action->or_replace = rule->replace;
	action->instead = rule->instead;
	action->has_where = rule->whereClause != NULL;
	action->expr = lower_expr(l, rule->whereClause);
	static const char *const events[] = {
		[CMD_SELECT] = "select", [CMD_UPDATE] = "update", [CMD_INSERT] = "insert", [CMD_DELETE] = "delete"};
	action->value = rule->event < LENGTH(events) ? events[rule->event] : NULL;
	Lowering inside = lower_inside(l);
	inside.depth++;
	foreach_ptr (Node, statement, rule->actions)
		lower_node(&inside, statement);
	action->body = inside.first;
}

/* --- Policies ----------------------------------------------------------------------------------------------------- */

/* What a policy reads, for dependencies: USING and WITH CHECK as one query. */
static void policy_conditions(Lowering *l, Action *action, Node *condition, Node *check)
{
	Query *query = new (l->arena, Query);
	QueryReader reader = {.l = l, .query = query};
	action->expr = read_expr(&reader, condition);
	Expr *checked = read_expr(&reader, check);
	query->where = checked;
	action->query = query;
}

static void create_policy(Lowering *l, CreatePolicyStmt *policy)
{
	Action *action = emit_object(l, ACTION_CREATE_POLICY, OBJECT_POLICY, range_name(l, policy->table));
	action->relation_span = source_name_at(l, policy->table->location);
	action->object = keep(l, policy->policy_name);
	action->object_span = source_identifier(l, l->statement, policy->policy_name);
	action->value =
	    arena_print(l->arena, "%s %s", policy->permissive ? "permissive" : "restrictive", policy->cmd_name);
	action->roles = role_list(l, policy->roles);
	policy_conditions(l, action, policy->qual, policy->with_check);
}

static void alter_policy(Lowering *l, AlterPolicyStmt *policy)
{
	Action *action = emit_object(l, ACTION_ALTER_POLICY, OBJECT_POLICY, range_name(l, policy->table));
	action->relation_span = source_name_at(l, policy->table->location);
	action->object = keep(l, policy->policy_name);
	action->object_span = source_identifier(l, l->statement, policy->policy_name);
	action->roles = role_list(l, policy->roles);
	policy_conditions(l, action, policy->qual, policy->with_check);
}

void lower_routine(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_CreateFunctionStmt:
		create_function(l, (CreateFunctionStmt *)node);
		break;
	case T_AlterFunctionStmt:
		alter_function(l, (AlterFunctionStmt *)node);
		break;
	case T_DoStmt:
		do_block(l, (DoStmt *)node);
		break;
	case T_CreateTrigStmt:
		create_trigger(l, (CreateTrigStmt *)node);
		break;
	case T_RuleStmt:
		create_rule(l, (RuleStmt *)node);
		break;
	case T_CreatePolicyStmt:
		create_policy(l, (CreatePolicyStmt *)node);
		break;
	case T_AlterPolicyStmt:
		alter_policy(l, (AlterPolicyStmt *)node);
		break;
	default: {
		/* RETURN expression, of a function whose body is one. */
		Action *action = emit_whole(l, ACTION_RETURN);
		action->expr = lower_expr(l, ((ReturnStmt *)node)->returnval);
		break;
	}
	}
}
