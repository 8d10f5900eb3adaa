/* GRANT, REVOKE, default privileges, and what belongs to roles. */
#include "parse/lower.h"

static void set_privileges(Lowering *l, Action *action, const GrantStmt *grant)
{
	foreach_ptr (AccessPriv, privilege, grant->privileges) {
		if (privilege->priv_name)
			array_push(l->arena, &action->names, keep(l, privilege->priv_name));
		foreach_ptr (String, column, privilege->cols)
			array_push(l->arena, &action->columns, keep(l, column->sval));
	}
	action->roles = role_list(l, grant->grantees);
	action->cascade = grant->behavior == DROP_CASCADE;
}

/* One action for each object; a grant on columns names them in `columns`. */
static void lower_grant(Lowering *l, GrantStmt *grant, ActionKind kind)
{
	if (kind == ACTION_ALTER_DEFAULT_PRIVILEGES || !grant->objects) {
		Action *action = emit_object(l, kind, object_kind((int)grant->objtype), (Name){0});
		action->value = grant->is_grant ? "grant" : "revoke";
		set_privileges(l, action, grant);
		return;
	}
	foreach_ptr (Node, object, grant->objects) {
		Action *action = emit_object(l, kind, object_kind((int)grant->objtype), object_name(l, object));
		set_privileges(l, action, grant);
		/* ON ALL TABLES IN SCHEMA: a schema and no name. */
		if (grant->targtype == ACL_TARGET_ALL_IN_SCHEMA) {
			action->all = true;
			action->relation = (Name){action->relation.name, NULL};
		}
		if (IsA(object, RangeVar))
			action->relation_span = source_name_at(l, ((RangeVar *)object)->location);
		if (IsA(object, ObjectWithArgs))
			action->function = function_signature(l, (ObjectWithArgs *)object, action->object_kind);
	}
}

/* GRANT role TO role. */
static void lower_grant_role(Lowering *l, GrantRoleStmt *grant)
{
	foreach_ptr (AccessPriv, role, grant->granted_roles) {
		Action *action = emit_object(l, grant->is_grant ? ACTION_GRANT : ACTION_REVOKE, OBJECT_ROLE,
					     (Name){NULL, keep(l, role->priv_name)});
		action->roles = role_list(l, grant->grantee_roles);
		action->cascade = grant->behavior == DROP_CASCADE;
	}
}

static void lower_default_privileges(Lowering *l, AlterDefaultPrivilegesStmt *alter)
{
	lower_grant(l, alter->action, ACTION_ALTER_DEFAULT_PRIVILEGES);
}

void lower_privileges(Lowering *l, Node *node)
{
	Action *action;
	switch (nodeTag(node)) {
	case T_GrantStmt:
		lower_grant(l, (GrantStmt *)node, ((GrantStmt *)node)->is_grant ? ACTION_GRANT : ACTION_REVOKE);
		break;
	case T_GrantRoleStmt:
		lower_grant_role(l, (GrantRoleStmt *)node);
		break;
	case T_AlterDefaultPrivilegesStmt:
		lower_default_privileges(l, (AlterDefaultPrivilegesStmt *)node);
		break;
	case T_DropOwnedStmt:
		action = emit_whole(l, ACTION_DROP_OWNED);
		action->roles = role_list(l, ((DropOwnedStmt *)node)->roles);
		action->cascade = ((DropOwnedStmt *)node)->behavior == DROP_CASCADE;
		break;
	default:
		action = emit_whole(l, ACTION_REASSIGN_OWNED);
		action->roles = role_list(l, ((ReassignOwnedStmt *)node)->roles);
		action->new_name = role_name(l, ((ReassignOwnedStmt *)node)->newrole);
		break;
	}
}
