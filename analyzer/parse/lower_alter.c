/* ALTER TABLE, and what shares its sub-commands: ALTER INDEX, VIEW, SEQUENCE, MATERIALIZED VIEW, FOREIGN TABLE, TYPE. */
#include "parse/lower.h"

typedef struct Alter {
	Lowering *l;
	const AlterTableStmt *statement;
	const AlterTableCmd *command;
	Action pattern; /* what all sub-commands share */
	Span clause;
} Alter;

/* Sub-commands that differ only in their kind and a word. */
static const struct SimpleCommand {
	ActionKind kind;
	const char *value;
} simple_commands[] = {
	[AT_DropNotNull] = {ACTION_DROP_NOT_NULL, NULL},
	[AT_SetNotNull] = {ACTION_SET_NOT_NULL, NULL},
	[AT_DropExpression] = {ACTION_DROP_EXPRESSION, NULL},
	[AT_DropColumn] = {ACTION_DROP_COLUMN, NULL},
	[AT_ValidateConstraint] = {ACTION_VALIDATE_CONSTRAINT, NULL},
	[AT_DropConstraint] = {ACTION_DROP_CONSTRAINT, NULL},
	[AT_ClusterOn] = {ACTION_CLUSTER_ON, NULL},
	[AT_DropCluster] = {ACTION_SET_WITHOUT_CLUSTER, NULL},
	[AT_SetLogged] = {ACTION_SET_LOGGED, NULL},
	[AT_SetUnLogged] = {ACTION_SET_UNLOGGED, NULL},
	[AT_EnableTrig] = {ACTION_SWITCH_TRIGGER, "enable"},
	[AT_EnableAlwaysTrig] = {ACTION_SWITCH_TRIGGER, "enable always"},
	[AT_EnableReplicaTrig] = {ACTION_SWITCH_TRIGGER, "enable replica"},
	[AT_DisableTrig] = {ACTION_SWITCH_TRIGGER, "disable"},
	[AT_EnableTrigAll] = {ACTION_SWITCH_TRIGGER, "enable"},
	[AT_DisableTrigAll] = {ACTION_SWITCH_TRIGGER, "disable"},
	[AT_EnableTrigUser] = {ACTION_SWITCH_TRIGGER, "enable"},
	[AT_DisableTrigUser] = {ACTION_SWITCH_TRIGGER, "disable"},
	[AT_EnableRule] = {ACTION_SWITCH_RULE, "enable"},
	[AT_EnableAlwaysRule] = {ACTION_SWITCH_RULE, "enable always"},
	[AT_EnableReplicaRule] = {ACTION_SWITCH_RULE, "enable replica"},
	[AT_DisableRule] = {ACTION_SWITCH_RULE, "disable"},
	[AT_DropOf] = {ACTION_SET_OF_TYPE, NULL},
	[AT_EnableRowSecurity] = {ACTION_SET_ROW_SECURITY, "enable"},
	[AT_DisableRowSecurity] = {ACTION_SET_ROW_SECURITY, "disable"},
	[AT_ForceRowSecurity] = {ACTION_SET_ROW_SECURITY, "force"},
	[AT_NoForceRowSecurity] = {ACTION_SET_ROW_SECURITY, "no force"},
	[AT_DropIdentity] = {ACTION_DROP_IDENTITY, NULL},
};

/* An action for the sub-command: the table's part is filled in, and the name that it says. */
static Action *alter(Alter *a, ActionKind kind)
{
	Lowering *l = a->l;
	Action *action = emit(l, kind, a->clause);
	action->object_kind = a->pattern.object_kind;
	action->relation = a->pattern.relation;
	action->relation_span = a->pattern.relation_span;
	action->relation_if_exists = a->pattern.relation_if_exists;
	action->only = a->pattern.only;
	action->in_alter = true;
	action->cascade = a->command->behavior == DROP_CASCADE;
	action->object = keep(l, a->command->name);
	action->object_span = source_identifier(l, a->clause, a->command->name);
	return action;
}

static void alter_simple(Alter *a)
{
	const struct SimpleCommand *simple = &simple_commands[a->command->subtype];
	bool attribute = a->statement->objtype == PG_OBJECT_TYPE && simple->kind == ACTION_DROP_COLUMN;
	Action *action = alter(a, attribute ? ACTION_DROP_ATTRIBUTE : simple->kind);
	action->value = simple->value;
	action->if_exists = a->command->missing_ok;
	switch (a->command->subtype) {
	case AT_EnableTrigAll:
	case AT_DisableTrigAll:
		action->object = "all";
		action->all = true;
		break;
	case AT_EnableTrigUser:
	case AT_DisableTrigUser:
		action->object = "user";
		action->all = true;
		break;
	default:
		break;
	}
}

static void alter_add_column(Alter *a)
{
	a->pattern.if_not_exists = a->command->missing_ok;
	a->pattern.cascade = a->command->behavior == DROP_CASCADE;
	bool attribute = a->statement->objtype == PG_OBJECT_TYPE;
	emit_column(a->l, (PgColumnDef *)a->command->def, a->clause, &a->pattern,
		    attribute ? ACTION_ADD_ATTRIBUTE : ACTION_ADD_COLUMN);
	a->pattern.if_not_exists = a->pattern.cascade = false;
}

static void alter_type(Alter *a)
{
	Lowering *l = a->l;
	const PgColumnDef *column = (PgColumnDef *)a->command->def;
	bool attribute = a->statement->objtype == PG_OBJECT_TYPE;
	Action *action = alter(a, attribute ? ACTION_ALTER_ATTRIBUTE_TYPE : ACTION_ALTER_COLUMN_TYPE);
	TypeRef *type = new (l->arena, TypeRef);
	*type = type_ref(l, column->typeName);
	action->type = type;
	action->expr = lower_expr(l, column->raw_default);
	if (column->collClause)
		array_push(l->arena, &action->names, list_name(l, column->collClause->collname).name);
}

static void alter_constraint(Alter *a)
{
	const ATAlterConstraint *change = (ATAlterConstraint *)a->command->def;
	Action *action = alter(a, ACTION_ALTER_CONSTRAINT);
	ConstraintDef *def = new (a->l->arena, ConstraintDef);
	def->name = keep(a->l, change->conname);
	def->deferrable = change->deferrable;
	def->initially_deferred = change->initdeferred;
	def->not_enforced = change->alterEnforceability && !change->is_enforced;
	def->no_inherit = change->noinherit;
	action->constraint = def;
	action->object = def->name;
	action->object_span = source_identifier(a->l, a->clause, change->conname);
	if (change->alterEnforceability)
		action->value = change->is_enforced ? "enforced" : "not enforced";
	else if (change->alterInheritability)
		action->value = change->noinherit ? "no inherit" : "inherit";
	else
		action->value = "deferrable";
}

static void alter_partition(Alter *a, ActionKind kind)
{
	Lowering *l = a->l;
	const PartitionCmd *partition = (PartitionCmd *)a->command->def;
	Action *action = alter(a, a->statement->objtype == PG_OBJECT_INDEX ? ACTION_ATTACH_INDEX : kind);
	action->other = range_name(l, partition->name);
	action->object_span = source_name_at(l, partition->name->location);
	action->concurrently = partition->concurrent;
	action->finalize = a->command->subtype == AT_DetachPartitionFinalize;
	if (partition->bound) {
		action->is_default = partition->bound->is_default;
		action->value = partition_bound(l, partition->bound);
	}
}

static void alter_options(Alter *a, ActionKind kind, const char *value)
{
	Action *action = alter(a, kind);
	action->names = option_list(a->l, (List *)a->command->def);
	action->value = value;
}

static void alter_replica_identity(Alter *a)
{
	const ReplicaIdentityStmt *identity = (ReplicaIdentityStmt *)a->command->def;
	Action *action = alter(a, ACTION_SET_REPLICA_IDENTITY);
	const char letter = identity->identity_type;
	action->value = letter == 'n' ? "nothing" : letter == 'f' ? "full" : letter == 'i' ? "index" : "default";
	action->object = keep(a->l, identity->name);
	action->object_span = source_identifier(a->l, a->clause, identity->name);
}

static void alter_default(Alter *a)
{
	Action *action = alter(a, a->command->def ? ACTION_SET_DEFAULT : ACTION_DROP_DEFAULT);
	action->expr = lower_expr(a->l, a->command->def);
}

static void alter_identity(Alter *a)
{
	const Node *def = a->command->def;
	if (a->command->subtype == AT_AddIdentity) {
		Action *add = alter(a, ACTION_ADD_IDENTITY);
		add->value = ((Constraint *)def)->generated_when == 'a' ? "always" : "by default";
		add->names = option_list(a->l, ((Constraint *)def)->options);
	} else {
		Action *set = alter(a, ACTION_SET_IDENTITY);
		set->names = option_list(a->l, (List *)def);
		if (find_option((List *)def, "generated"))
			set->value = ((Integer *)find_option((List *)def, "generated")->arg)->ival == 'a'
					 ? "always"
					 : "by default";
		set->restart_identity = find_option((List *)def, "restart") != NULL;
	}
}

static void alter_statistics(Alter *a)
{
	Action *action = alter(a, ACTION_SET_STATISTICS_TARGET);
	action->value = option_value(a->l, a->command->def);
	if (!action->object)
		action->object = arena_print(a->l->arena, "%d", a->command->num);
}

/* What carries a relation, a type or a role. */
static void alter_other(Alter *a)
{
	Lowering *l = a->l;
	const AlterTableCmd *command = a->command;
	Action *action;
	switch (command->subtype) {
	case AT_AddInherit:
	case AT_DropInherit:
		action = alter(a, command->subtype == AT_AddInherit ? ACTION_INHERIT_TABLE : ACTION_DISINHERIT_TABLE);
		action->other = range_name(l, (RangeVar *)command->def);
		action->object_span = source_name_at(l, ((RangeVar *)command->def)->location);
		break;
	case AT_AddOf:
		alter(a, ACTION_SET_OF_TYPE)->other = list_name(l, ((TypeName *)command->def)->names);
		break;
	case AT_ChangeOwner:
		action = alter(a, ACTION_SET_OWNER);
		array_push(l->arena, &action->roles, role_name(l, command->newowner));
		break;
	case AT_SetStorage:
	case AT_SetCompression:
		action = alter(a, command->subtype == AT_SetStorage ? ACTION_SET_STORAGE : ACTION_SET_COMPRESSION);
		action->value = option_value(l, command->def);
		break;
	case AT_SetTableSpace:
	case AT_SetAccessMethod:
		action =
		    alter(a, command->subtype == AT_SetTableSpace ? ACTION_SET_TABLESPACE : ACTION_SET_ACCESS_METHOD);
		action->value = action->object;
		action->object = NULL;
		break;
	case AT_SetExpression:
		action = alter(a, ACTION_SET_EXPRESSION);
		action->expr = lower_expr(l, command->def);
		break;
	default:
		alter(a, ACTION_OTHER)->value = clause_text(l, a->clause);
		break;
	}
}

static void alter_command(Alter *a)
{
	AlterTableType subtype = a->command->subtype;
	if (subtype < LENGTH(simple_commands) && simple_commands[subtype].kind) {
		alter_simple(a);
		return;
	}
	switch (subtype) {
	case AT_AddColumn:
		alter_add_column(a);
		break;
	case AT_AddConstraint:
		emit_constraint(a->l, (Constraint *)a->command->def, a->clause, &a->pattern);
		break;
	case AT_AlterColumnType:
		alter_type(a);
		break;
	case AT_ColumnDefault:
		alter_default(a);
		break;
	case AT_AlterConstraint:
		alter_constraint(a);
		break;
	case AT_AttachPartition:
		alter_partition(a, ACTION_ATTACH_PARTITION);
		break;
	case AT_DetachPartition:
	case AT_DetachPartitionFinalize:
		alter_partition(a, ACTION_DETACH_PARTITION);
		break;
	case AT_SetOptions:
		alter_options(a, ACTION_SET_COLUMN_OPTIONS, "set");
		break;
	case AT_ResetOptions:
		alter_options(a, ACTION_SET_COLUMN_OPTIONS, "reset");
		break;
	case AT_AlterColumnGenericOptions:
		alter_options(a, ACTION_SET_COLUMN_OPTIONS, "options");
		break;
	case AT_SetRelOptions:
		alter_options(a, ACTION_SET_STORAGE_PARAMETERS, "set");
		break;
	case AT_ResetRelOptions:
		alter_options(a, ACTION_SET_STORAGE_PARAMETERS, "reset");
		break;
	case AT_GenericOptions:
		alter_options(a, ACTION_ALTER_OBJECT, "options");
		break;
	case AT_ReplicaIdentity:
		alter_replica_identity(a);
		break;
	case AT_AddIdentity:
	case AT_SetIdentity:
		alter_identity(a);
		break;
	case AT_SetStatistics:
		alter_statistics(a);
		break;
	default:
		alter_other(a);
		break;
	}
}

/* Where the first sub-command starts: behind the table's name, and the `*` or `)` that may follow it. */
static uint32_t commands_start(const Lowering *l, const RangeVar *relation)
{
	Lexer lexer = lexer_new(l->piece->bytes, name_at(l, relation->location).end, l->statement.end);
	Token token = lexer_peek(&lexer);
	while (token_is_byte(&lexer, token, '*') || token_is_byte(&lexer, token, ')')) {
		lexer_next(&lexer);
		token = lexer_peek(&lexer);
	}
	return token.span.start;
}

void lower_alter_table(Lowering *l, AlterTableStmt *statement)
{
	Alter a = {.l = l, .statement = statement};
	a.pattern.object_kind = object_kind((int)statement->objtype);
	a.pattern.relation = range_name(l, statement->relation);
	a.pattern.relation_span = source_name_at(l, statement->relation->location);
	a.pattern.relation_if_exists = statement->missing_ok;
	a.pattern.only = !statement->relation->inh && statement->objtype != PG_OBJECT_TYPE;
	a.pattern.in_alter = true;
	uint32_t count = (uint32_t)list_length(statement->cmds);
	uint32_t start = commands_start(l, statement->relation);
	Span single = {start, l->statement.end};
	Span *clauses = count == 1 ? &single : split_list(l, start, count);
	uint32_t i = 0;
	foreach_ptr (AlterTableCmd, command, statement->cmds) {
		a.command = command;
		a.clause = clauses ? clauses[i++] : l->statement;
		alter_command(&a);
	}
}
