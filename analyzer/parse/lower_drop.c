/* DROP of everything. */
#include "parse/lower.h"

static ActionKind drop_kind(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
		return ACTION_DROP_TABLE;
	case OBJECT_INDEX:
		return ACTION_DROP_INDEX;
	case OBJECT_VIEW:
		return ACTION_DROP_VIEW;
	case OBJECT_MATERIALIZED_VIEW:
		return ACTION_DROP_MATERIALIZED_VIEW;
	case OBJECT_SEQUENCE:
		return ACTION_DROP_SEQUENCE;
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
		return ACTION_DROP_TYPE;
	case OBJECT_SCHEMA:
		return ACTION_DROP_SCHEMA;
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_ROUTINE:
	case OBJECT_AGGREGATE:
		return ACTION_DROP_FUNCTION;
	case OBJECT_TRIGGER:
		return ACTION_DROP_TRIGGER;
	case OBJECT_RULE:
		return ACTION_DROP_RULE;
	case OBJECT_POLICY:
		return ACTION_DROP_POLICY;
	case OBJECT_EXTENSION:
		return ACTION_DROP_EXTENSION;
	default:
		return ACTION_DROP_OBJECT;
	}
}

/* DROP TRIGGER name ON table: the list ends with the name, the table comes before. */
static void name_part(Lowering *l, Action *action, List *names)
{
	int length = list_length(names);
	action->object = keep(l, ((String *)llast(names))->sval);
	action->relation = list_name(l, list_truncate(list_copy(names), length - 1));
	action->object_span = source_identifier(l, l->statement, action->object);
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
}

static void drop_one(Lowering *l, const DropStmt *drop, Node *object, const Span *name)
{
	ObjectKind kind = object_kind((int)drop->removeType);
	bool alone = list_length(drop->objects) == 1;
	Action *action = emit(l, drop_kind(kind), name && !alone ? *name : l->statement);
	action->object_kind = kind;
	action->if_exists = drop->missing_ok;
	action->cascade = drop->behavior == DROP_CASCADE;
	action->concurrently = drop->concurrent;
	if (kind == OBJECT_TRIGGER || kind == OBJECT_RULE || kind == OBJECT_POLICY) {
		name_part(l, action, (List *)object);
		return;
	}
	action->relation = object_name(l, object);
	bool plain = kind != OBJECT_CAST && kind != OBJECT_TRANSFORM && kind != OBJECT_OPERATOR &&
		     kind != OBJECT_OPERATOR_CLASS && kind != OBJECT_OPERATOR_FAMILY;
	if (name && plain)
		action->relation_span = source_name_at(l, (int)name->start);
	if (IsA(object, ObjectWithArgs)) {
		action->function = function_signature(l, (ObjectWithArgs *)object, kind);
	} else if (kind == OBJECT_CAST) {
		action->other = object_name(l, lsecond((List *)object));
	} else if (kind == OBJECT_OPERATOR_CLASS || kind == OBJECT_OPERATOR_FAMILY) {
		/* The access method comes first. */
		List *names = (List *)object;
		action->relation = list_name(l, list_copy_tail(names, 1));
	}
}

static void lower_drop_list(Lowering *l, DropStmt *drop)
{
	uint32_t count = (uint32_t)list_length(drop->objects), i = 0;
	Span *names = dropped_names(l, count);
	foreach_ptr (Node, object, drop->objects) {
		drop_one(l, drop, object, names ? &names[i] : NULL);
		i++;
	}
}

static Action *drop_named(Lowering *l, ObjectKind kind, const char *name, bool if_exists)
{
	Action *action = emit_object(l, ACTION_DROP_OBJECT, kind, (Name){NULL, keep(l, name)});
	action->relation_span = source_identifier(l, l->statement, name);
	action->if_exists = if_exists;
	return action;
}

void lower_drop(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_DropStmt:
		lower_drop_list(l, (DropStmt *)node);
		break;
	case T_DropRoleStmt:
		foreach_ptr (RoleSpec, role, ((DropRoleStmt *)node)->roles)
			drop_named(l, OBJECT_ROLE, role_name(l, role), ((DropRoleStmt *)node)->missing_ok);
		break;
	case T_DropdbStmt:
		drop_named(l, OBJECT_DATABASE, ((DropdbStmt *)node)->dbname, ((DropdbStmt *)node)->missing_ok);
		break;
	case T_DropTableSpaceStmt:
		drop_named(l, OBJECT_TABLESPACE, ((DropTableSpaceStmt *)node)->tablespacename,
			   ((DropTableSpaceStmt *)node)->missing_ok);
		break;
	case T_DropSubscriptionStmt:
		drop_named(l, OBJECT_SUBSCRIPTION, ((DropSubscriptionStmt *)node)->subname,
			   ((DropSubscriptionStmt *)node)->missing_ok)
			->cascade = ((DropSubscriptionStmt *)node)->behavior == DROP_CASCADE;
		break;
	default: {
		const DropUserMappingStmt *mapping = (DropUserMappingStmt *)node;
		Action *action = drop_named(l, OBJECT_USER_MAPPING, role_name(l, mapping->user), mapping->missing_ok);
		action->other.name = keep(l, mapping->servername);
		break;
	}
	}
}
