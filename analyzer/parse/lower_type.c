/* Types: enums, composites, ranges, domains; and what CREATE shares with them (DefineStmt). */
#include "parse/lower.h"

static void create_composite(Lowering *l, CompositeTypeStmt *create)
{
	Action *action = emit_object(l, ACTION_CREATE_TYPE, OBJECT_TYPE, range_name(l, create->typevar));
	action->relation_span = source_name_at(l, create->typevar->location);
	action->value = "composite";
	ColumnDefs *attributes = new (l->arena, ColumnDefs);
	foreach_ptr (PgColumnDef, attribute, create->coldeflist)
		array_push(l->arena, attributes, *lower_column(l, attribute, l->statement));
	action->attributes = attributes;
}

static void create_enum(Lowering *l, CreateEnumStmt *create)
{
	Action *action = emit_object(l, ACTION_CREATE_TYPE, OBJECT_TYPE, list_name(l, create->typeName));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	action->value = "enum";
	action->names = string_list(l, create->vals);
}

static void create_range(Lowering *l, CreateRangeStmt *create)
{
	Action *action = emit_object(l, ACTION_CREATE_TYPE, OBJECT_TYPE, list_name(l, create->typeName));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	action->value = "range";
	action->names = option_list(l, create->params);
	const DefElem *subtype = find_option(create->params, "subtype");
	if (subtype && subtype->arg && IsA(subtype->arg, TypeName)) {
		TypeRef *type = new (l->arena, TypeRef);
		*type = type_ref(l, (TypeName *)subtype->arg);
		action->type = type;
	}
}

static void add_domain_constraint(Lowering *l, Name domain, const Constraint *constraint, Action *create)
{
	switch (constraint->contype) {
	case CONSTR_DEFAULT:
		create->expr = lower_expr(l, constraint->raw_expr);
		break;
	case CONSTR_NOTNULL:
		emit_object(l, ACTION_SET_DOMAIN_NOT_NULL, OBJECT_DOMAIN, domain)->in_create = true;
		break;
	case CONSTR_CHECK: {
		Action *add = emit_object(l, ACTION_ADD_DOMAIN_CONSTRAINT, OBJECT_DOMAIN, domain);
		add->in_create = true;
		add->constraint = lower_constraint(l, constraint, NULL);
		add->object = add->constraint->name;
		break;
	}
	default:
		break;
	}
}

static void create_domain(Lowering *l, CreateDomainStmt *create)
{
	Action *action = emit_object(l, ACTION_CREATE_DOMAIN, OBJECT_DOMAIN, list_name(l, create->domainname));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	TypeRef *type = new (l->arena, TypeRef);
	*type = type_ref(l, create->typeName);
	action->type = type;
	if (create->collClause)
		array_push(l->arena, &action->names, list_name(l, create->collClause->collname).name);
	foreach_ptr (Constraint, constraint, create->constraints)
		add_domain_constraint(l, action->relation, constraint, action);
}

static void alter_enum(Lowering *l, AlterEnumStmt *alter)
{
	Action *action = emit_object(l, alter->oldVal ? ACTION_RENAME_ENUM_LABEL : ACTION_ADD_ENUM_LABEL, OBJECT_TYPE,
				     list_name(l, alter->typeName));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	if (alter->oldVal) {
		action->object = keep(l, alter->oldVal);
		action->new_name = keep(l, alter->newVal);
		return;
	}
	action->object = keep(l, alter->newVal);
	action->value = keep(l, alter->newValNeighbor);
	action->after = alter->newValNeighbor && alter->newValIsAfter;
	action->if_not_exists = alter->skipIfNewValExists;
}

/* The letters are those of AlterDomainStmt.subtype. */
static void alter_domain(Lowering *l, AlterDomainStmt *alter)
{
	static const struct {
		char letter;
		ActionKind kind;
	} kinds[] = {
		{'T', ACTION_SET_DOMAIN_DEFAULT},     {'N', ACTION_DROP_DOMAIN_NOT_NULL},
		{'O', ACTION_SET_DOMAIN_NOT_NULL},    {'C', ACTION_ADD_DOMAIN_CONSTRAINT},
		{'X', ACTION_DROP_DOMAIN_CONSTRAINT}, {'V', ACTION_VALIDATE_DOMAIN_CONSTRAINT},
	};
	ActionKind kind = ACTION_ALTER_OBJECT;
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (kinds[i].letter == alter->subtype)
			kind = kinds[i].kind;
	/* ADD NOT NULL comes as a constraint (PostgreSQL 17). */
	const Constraint *added = alter->subtype == 'C' ? (Constraint *)alter->def : NULL;
	if (added && added->contype == CONSTR_NOTNULL)
		kind = ACTION_SET_DOMAIN_NOT_NULL;
	Action *action = emit_object(l, kind, OBJECT_DOMAIN, list_name(l, alter->typeName));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	action->object = keep(l, alter->name);
	action->cascade = alter->behavior == DROP_CASCADE;
	action->if_exists = alter->missing_ok;
	if (added) {
		action->constraint = lower_constraint(l, added, NULL);
		action->object = action->constraint->name;
	} else if (alter->subtype == 'T') {
		action->expr = lower_expr(l, alter->def);
	}
	action->object_span = source_identifier(l, l->statement, action->object);
}

static void define(Lowering *l, DefineStmt *create)
{
	ObjectKind kind = object_kind((int)create->kind);
	ActionKind action_kind = kind == OBJECT_TYPE	  ? ACTION_CREATE_TYPE :
				 kind == OBJECT_AGGREGATE ? ACTION_CREATE_FUNCTION :
							    ACTION_CREATE_OBJECT;
	Action *action = emit_object(l, action_kind, kind, list_name(l, create->defnames));
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	action->if_not_exists = create->if_not_exists;
	action->or_replace = create->replace;
	action->names = option_list(l, create->definition);
	if (kind == OBJECT_TYPE)
		action->value = create->definition ? "base" : "shell";
	if (kind != OBJECT_AGGREGATE)
		return;
	FunctionDef *function = new (l->arena, FunctionDef);
	function->kind = OBJECT_AGGREGATE;
	function->arguments_given = true;
	List *arguments = create->args && IsA(linitial(create->args), List) ? linitial(create->args) : NIL;
	foreach_ptr (FunctionParameter, argument, arguments)
		array_push(l->arena, &function->arguments,
			   (FunctionArgument){
			       .name = keep(l, argument->name), .type = type_ref(l, argument->argType), .mode = 'i'});
	action->function = function;
}

void lower_type(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_CompositeTypeStmt:
		create_composite(l, (CompositeTypeStmt *)node);
		break;
	case T_CreateEnumStmt:
		create_enum(l, (CreateEnumStmt *)node);
		break;
	case T_CreateRangeStmt:
		create_range(l, (CreateRangeStmt *)node);
		break;
	case T_CreateDomainStmt:
		create_domain(l, (CreateDomainStmt *)node);
		break;
	case T_AlterEnumStmt:
		alter_enum(l, (AlterEnumStmt *)node);
		break;
	case T_AlterDomainStmt:
		alter_domain(l, (AlterDomainStmt *)node);
		break;
	case T_DefineStmt:
		define(l, (DefineStmt *)node);
		break;
	default: {
		Action *action =
		    emit_object(l, ACTION_ALTER_OBJECT, OBJECT_TYPE, list_name(l, ((AlterTypeStmt *)node)->typeName));
		action->names = option_list(l, ((AlterTypeStmt *)node)->options);
		break;
	}
	}
}

/* OWNED BY NONE leaves `other` empty and says value "none". */
static void sequence_options(Lowering *l, Action *action, List *options)
{
	action->names = option_list(l, options);
	action->restart_identity = find_option(options, "restart") != NULL;
	const DefElem *type = find_option(options, "as");
	if (type && type->arg && IsA(type->arg, TypeName)) {
		TypeRef *ref = new (l->arena, TypeRef);
		*ref = type_ref(l, (TypeName *)type->arg);
		action->type = ref;
	}
	const DefElem *owner = find_option(options, "owned_by");
	List *name = owner ? (List *)owner->arg : NIL;
	int length = list_length(name);
	if (!owner || !length)
		return;
	action->value = keep(l, ((String *)llast(name))->sval);
	if (length >= 2)
		action->other.name = keep(l, ((String *)list_nth(name, length - 2))->sval);
	if (length >= 3)
		action->other.schema = keep(l, ((String *)list_nth(name, length - 3))->sval);
}

void lower_sequence(Lowering *l, Node *node)
{
	bool creates = IsA(node, CreateSeqStmt);
	const CreateSeqStmt *create = (CreateSeqStmt *)node;
	const AlterSeqStmt *alter = (AlterSeqStmt *)node;
	const RangeVar *sequence = creates ? create->sequence : alter->sequence;
	Action *action = emit_object(l, creates ? ACTION_CREATE_SEQUENCE : ACTION_ALTER_SEQUENCE, OBJECT_SEQUENCE,
				     range_name(l, sequence));
	action->relation_span = source_name_at(l, sequence->location);
	action->if_not_exists = creates && create->if_not_exists;
	action->if_exists = !creates && alter->missing_ok;
	sequence_options(l, action, creates ? create->options : alter->options);
	if (creates && sequence->relpersistence != 'p') {
		TableDef *table = new (l->arena, TableDef);
		table->persistence = sequence->relpersistence;
		action->table = table;
	}
}

void lower_view(Lowering *l, Node *node)
{
	if (IsA(node, RefreshMatViewStmt)) {
		const RefreshMatViewStmt *refresh = (RefreshMatViewStmt *)node;
		Action *action = emit_object(l, ACTION_REFRESH_MATERIALIZED_VIEW, OBJECT_MATERIALIZED_VIEW,
					     range_name(l, refresh->relation));
		action->relation_span = source_name_at(l, refresh->relation->location);
		action->concurrently = refresh->concurrent;
		action->with_no_data = refresh->skipData;
		return;
	}
	const ViewStmt *view = (ViewStmt *)node;
	Action *action = emit_object(l, ACTION_CREATE_VIEW, OBJECT_VIEW, range_name(l, view->view));
	action->relation_span = source_name_at(l, view->view->location);
	action->or_replace = view->replace;
	action->names = string_list(l, view->aliases);
	action->query = lower_query_columns(l, view->query);
	action->partial = action->query->partial;
	TableDef *table = new (l->arena, TableDef);
	table->persistence = view->view->relpersistence;
	table->options = option_list(l, view->options);
	action->table = table;
	if (view->withCheckOption != NO_CHECK_OPTION)
		action->value = view->withCheckOption == LOCAL_CHECK_OPTION ? "local" : "cascaded";
}
