/* catalog_apply: one function for each kind of action. */
#include "catalog/inside.h"

static ApplyFunction *const appliers[ACTION_KIND_COUNT] = {
    [ACTION_CREATE_TABLE] = apply_create_table,
    [ACTION_CREATE_FOREIGN_TABLE] = apply_create_table,
    [ACTION_CREATE_TABLE_AS] = apply_create_table_as,
    [ACTION_DROP_TABLE] = apply_drop,
    [ACTION_RENAME_TABLE] = apply_rename_table,
    [ACTION_ADD_COLUMN] = apply_add_column,
    [ACTION_DROP_COLUMN] = apply_drop_column,
    [ACTION_RENAME_COLUMN] = apply_rename_column,
    [ACTION_ALTER_COLUMN_TYPE] = apply_column_type,
    [ACTION_SET_DEFAULT] = apply_set_default,
    [ACTION_DROP_DEFAULT] = apply_drop_default,
    [ACTION_SET_NOT_NULL] = apply_set_not_null,
    [ACTION_DROP_NOT_NULL] = apply_drop_not_null,
    [ACTION_SET_EXPRESSION] = apply_set_expression,
    [ACTION_DROP_EXPRESSION] = apply_drop_expression,
    [ACTION_ADD_IDENTITY] = apply_add_identity,
    [ACTION_SET_IDENTITY] = apply_set_identity,
    [ACTION_DROP_IDENTITY] = apply_drop_identity,
    [ACTION_SET_STATISTICS_TARGET] = apply_column_property,
    [ACTION_SET_STORAGE] = apply_column_property,
    [ACTION_SET_COMPRESSION] = apply_column_property,
    [ACTION_SET_COLUMN_OPTIONS] = apply_column_property,
    [ACTION_ADD_CONSTRAINT] = apply_add_constraint,
    [ACTION_DROP_CONSTRAINT] = apply_drop_constraint,
    [ACTION_VALIDATE_CONSTRAINT] = apply_validate_constraint,
    [ACTION_ALTER_CONSTRAINT] = apply_alter_constraint,
    [ACTION_RENAME_CONSTRAINT] = apply_rename_constraint,
    [ACTION_SET_TABLESPACE] = apply_table_property,
    [ACTION_SET_LOGGED] = apply_set_persistence,
    [ACTION_SET_UNLOGGED] = apply_set_persistence,
    [ACTION_SET_ACCESS_METHOD] = apply_table_property,
    [ACTION_SET_STORAGE_PARAMETERS] = apply_table_property,
    [ACTION_CLUSTER_ON] = apply_table_property,
    [ACTION_SET_WITHOUT_CLUSTER] = apply_table_property,
    [ACTION_SET_REPLICA_IDENTITY] = apply_table_property,
    [ACTION_SET_ROW_SECURITY] = apply_table_property,
    [ACTION_INHERIT_TABLE] = apply_inherit,
    [ACTION_DISINHERIT_TABLE] = apply_disinherit,
    [ACTION_ATTACH_PARTITION] = apply_attach_partition,
    [ACTION_DETACH_PARTITION] = apply_detach_partition,
    [ACTION_SET_OF_TYPE] = apply_of_type,
    [ACTION_CREATE_INDEX] = apply_create_index,
    [ACTION_DROP_INDEX] = apply_drop,
    [ACTION_RENAME_INDEX] = apply_rename_index,
    [ACTION_ATTACH_INDEX] = apply_attach_index,
    [ACTION_REINDEX] = apply_reindex,
    [ACTION_CREATE_VIEW] = apply_create_view,
    [ACTION_DROP_VIEW] = apply_drop,
    [ACTION_CREATE_MATERIALIZED_VIEW] = apply_create_materialized_view,
    [ACTION_REFRESH_MATERIALIZED_VIEW] = apply_refresh,
    [ACTION_DROP_MATERIALIZED_VIEW] = apply_drop,
    [ACTION_CREATE_TYPE] = apply_create_type,
    [ACTION_CREATE_DOMAIN] = apply_create_domain,
    [ACTION_DROP_TYPE] = apply_drop,
    [ACTION_ADD_ENUM_LABEL] = apply_add_label,
    [ACTION_RENAME_ENUM_LABEL] = apply_rename_label,
    [ACTION_ADD_ATTRIBUTE] = apply_add_attribute,
    [ACTION_DROP_ATTRIBUTE] = apply_drop_attribute,
    [ACTION_ALTER_ATTRIBUTE_TYPE] = apply_attribute_type,
    [ACTION_ADD_DOMAIN_CONSTRAINT] = apply_add_domain_constraint,
    [ACTION_DROP_DOMAIN_CONSTRAINT] = apply_drop_domain_constraint,
    [ACTION_VALIDATE_DOMAIN_CONSTRAINT] = apply_validate_domain_constraint,
    [ACTION_SET_DOMAIN_NOT_NULL] = apply_domain_not_null,
    [ACTION_DROP_DOMAIN_NOT_NULL] = apply_domain_not_null,
    [ACTION_SET_DOMAIN_DEFAULT] = apply_domain_default,
    [ACTION_CREATE_SEQUENCE] = apply_create_sequence,
    [ACTION_ALTER_SEQUENCE] = apply_alter_sequence,
    [ACTION_DROP_SEQUENCE] = apply_drop,
    [ACTION_CREATE_SCHEMA] = apply_create_schema,
    [ACTION_DROP_SCHEMA] = apply_drop,
    [ACTION_CREATE_FUNCTION] = apply_create_function,
    [ACTION_DROP_FUNCTION] = apply_drop,
    [ACTION_ALTER_FUNCTION] = apply_alter_function,
    [ACTION_CREATE_TRIGGER] = apply_create_trigger,
    [ACTION_DROP_TRIGGER] = apply_drop_trigger,
    [ACTION_SWITCH_TRIGGER] = apply_switch_trigger,
    [ACTION_CREATE_RULE] = apply_create_rule,
    [ACTION_DROP_RULE] = apply_drop_rule,
    [ACTION_SWITCH_RULE] = apply_switch_trigger,
    [ACTION_CREATE_POLICY] = apply_create_policy,
    [ACTION_ALTER_POLICY] = apply_alter_policy,
    [ACTION_DROP_POLICY] = apply_drop_policy,
    [ACTION_CREATE_EXTENSION] = apply_create_extension,
    [ACTION_ALTER_EXTENSION] = apply_alter_object,
    [ACTION_DROP_EXTENSION] = apply_drop,
    [ACTION_CREATE_OBJECT] = apply_create_object,
    [ACTION_ALTER_OBJECT] = apply_alter_object,
    [ACTION_DROP_OBJECT] = apply_drop,
    [ACTION_RENAME_OBJECT] = apply_rename_object,
    [ACTION_SET_SCHEMA] = apply_set_schema,
    [ACTION_SET_OWNER] = apply_set_owner,
    [ACTION_SET_COMMENT] = apply_comment,
    [ACTION_GRANT] = apply_privileges,
    [ACTION_REVOKE] = apply_privileges,
    [ACTION_INSERT_ROWS] = apply_rows,
    [ACTION_UPDATE_ROWS] = apply_rows,
    [ACTION_DELETE_ROWS] = apply_rows,
    [ACTION_MERGE_ROWS] = apply_rows,
    [ACTION_COPY_ROWS] = apply_rows,
    [ACTION_QUERY_ROWS] = apply_rows,
    [ACTION_TRUNCATE_TABLE] = apply_maintenance,
    [ACTION_LOCK_TABLE] = apply_maintenance,
    [ACTION_VACUUM_TABLE] = apply_maintenance,
    [ACTION_VACUUM_FULL] = apply_maintenance,
    [ACTION_ANALYZE_TABLE] = apply_maintenance,
    [ACTION_CLUSTER_TABLE] = apply_cluster,
};

const char *catalog_apply(Catalog *catalog, SearchPath path, const Action *action)
{
	ApplyFunction *function = appliers[action->kind];
	if (!function)
		return NULL;
	CatalogMark mark = catalog_mark(catalog);
	const char *sqlstate = function(&(Apply){catalog, path, action});
	if (sqlstate)
		catalog_undo(catalog, mark);
	else
		catalog_keep(catalog, mark);
	/* The columns of a table that was not made go nowhere. */
	if (sqlstate && (action->kind == ACTION_CREATE_TABLE || action->kind == ACTION_CREATE_FOREIGN_TABLE))
		CHANGE(catalog, catalog->creating, NULL);
	return sqlstate;
}

/* --- Who an action is about --------------------------------------------------------------------------------------- */

/* What ALTER TABLE … may be said of: what has columns for most, any relation for OWNER, SCHEMA, RENAME. */
static bool can_be_altered(const Relation *relation, const Action *action)
{
	switch (relation->object.kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
		return true;
	case OBJECT_INDEX:
		return action->kind == ACTION_SET_STORAGE_PARAMETERS || action->kind == ACTION_SET_TABLESPACE ||
		       action->kind == ACTION_SET_STATISTICS_TARGET;
	case OBJECT_SEQUENCE:
		return action->kind == ACTION_SET_LOGGED || action->kind == ACTION_SET_UNLOGGED;
	case OBJECT_VIEW:
		return action->kind == ACTION_SET_STORAGE_PARAMETERS || action->kind == ACTION_SET_DEFAULT ||
		       action->kind == ACTION_DROP_DEFAULT || action->kind == ACTION_RENAME_COLUMN ||
		       action->kind == ACTION_CREATE_INDEX ||
		       action->kind == ACTION_RENAME_CONSTRAINT || /* said no to later */
		       action->kind == ACTION_CREATE_TRIGGER || action->kind == ACTION_DROP_TRIGGER ||
		       action->kind == ACTION_CREATE_RULE || action->kind == ACTION_DROP_RULE;
	case OBJECT_MATERIALIZED_VIEW:
		switch (action->kind) {
		case ACTION_RENAME_COLUMN:
		case ACTION_SET_STATISTICS_TARGET:
		case ACTION_SET_STORAGE:
		case ACTION_SET_COMPRESSION:
		case ACTION_SET_COLUMN_OPTIONS:
		case ACTION_CLUSTER_ON:
		case ACTION_SET_WITHOUT_CLUSTER:
		case ACTION_SET_ACCESS_METHOD:
		case ACTION_SET_TABLESPACE:
		case ACTION_SET_STORAGE_PARAMETERS:
		case ACTION_DROP_RULE:
		case ACTION_CREATE_INDEX:
			return true;
		default:
			return false;
		}
	default:
		return false;
	}
}

/* What to assume about something unknown: ALTER INDEX is said of an index. */
static ObjectKind assumed_kind(const Action *action)
{
	switch (action->object_kind) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
	case OBJECT_SEQUENCE:
	case OBJECT_FOREIGN_TABLE:
		return action->object_kind;
	default:
		return OBJECT_TABLE;
	}
}

const char *undefined_relation(Apply *apply, Name name)
{
	const Type *type = find_type(apply->catalog, apply->path, name);
	if (type && type->kind == TYPE_COMPOSITE)
		return WRONG_OBJECT_TYPE;
	return name.schema && !find_schema(apply->catalog, name.schema) ? UNDEFINED_SCHEMA : UNDEFINED_TABLE;
}

Relation *altered_relation(Apply *apply, const char **sqlstate)
{
	const Action *action = apply->action;
	if (action->in_create)
		return apply->catalog->creating;
	Relation *relation = find_relation(apply->catalog, apply->path, action->relation);
	if (!relation) {
		/* RENAME and SET SCHEMA have one IF EXISTS only: the relation's. */
		if (action->relation_if_exists || (action->if_exists && !action->in_alter))
			return NULL;
		relation = assume_relation(apply->catalog, apply->path, action->relation, assumed_kind(action));
		if (!relation) {
			*sqlstate = undefined_relation(apply, action->relation);
		}
		return relation;
	}
	if (!relation->object.assumed && !can_be_altered(relation, action)) {
		*sqlstate = WRONG_OBJECT_TYPE;
		return NULL;
	}
	return relation;
}

Column *altered_column(Apply *apply, Relation *relation, const char *name, const char **sqlstate)
{
	Column *column = assume_column(apply->catalog, relation, name);
	if (!column)
		*sqlstate = UNDEFINED_COLUMN;
	return column;
}

bool recurses(const Apply *apply, const Relation *relation)
{
	return relation->children.count && !apply->action->only;
}
