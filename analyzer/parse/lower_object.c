/* Schemas, extensions, and the kinds of objects that have no file of their own: created or altered, by name. */
#include "parse/lower.h"

static Action *made(Lowering *l, ActionKind kind, ObjectKind object, const char *name)
{
	Action *action = emit_object(l, kind, object, (Name){NULL, keep(l, name)});
	action->relation_span = source_identifier(l, l->statement, name);
	return action;
}

static Action *created(Lowering *l, ObjectKind kind, const char *name)
{
	return made(l, ACTION_CREATE_OBJECT, kind, name);
}

static Action *altered(Lowering *l, ObjectKind kind, const char *name)
{
	return made(l, ACTION_ALTER_OBJECT, kind, name);
}

static Action *named(Action *action, Name name)
{
	action->relation = name;
	return action;
}

/* CREATE SCHEMA s CREATE TABLE t …: its elements follow as actions of their own, in the schema. */
static void create_schema(Lowering *l, CreateSchemaStmt *create)
{
	const char *name = create->schemaname ? create->schemaname
			   : create->authrole ? create->authrole->rolename
					      : NULL;
	Action *action = made(l, ACTION_CREATE_SCHEMA, OBJECT_SCHEMA, name);
	action->if_not_exists = create->if_not_exists;
	if (create->authrole)
		array_push(l->arena, &action->roles, role_name(l, create->authrole));
	foreach_ptr (Node, element, create->schemaElts) {
		Action **end = l->end;
		lower_node(l, element);
		for (Action *part = *end; part; part = part->next)
			if (part->relation.name && !part->relation.schema)
				part->relation.schema = action->relation.name;
	}
}

static void create_extension(Lowering *l, CreateExtensionStmt *create)
{
	Action *action = made(l, ACTION_CREATE_EXTENSION, OBJECT_EXTENSION, create->extname);
	action->if_not_exists = create->if_not_exists;
	action->cascade = option_is_on(create->options, "cascade");
	const DefElem *schema = find_option(create->options, "schema"),
		      *version = find_option(create->options, "new_version");
	if (schema)
		action->other.schema = option_value(l, schema->arg);
	if (version)
		action->value = option_value(l, version->arg);
}

/* query: the tables; columns: the schemas of TABLES IN SCHEMA. */
static void published(Lowering *l, Action *action, List *objects)
{
	Query *query = new (l->arena, Query);
	foreach_ptr (PublicationObjSpec, object, objects) {
		if (!object->pubtable && object->name)
			array_push(l->arena, &action->columns, keep(l, object->name));
		if (!object->pubtable)
			continue;
		RelationUse use = {.relation = range_name(l, object->pubtable->relation),
				   .only = !object->pubtable->relation->inh,
				   .span = source_name_at(l, object->pubtable->relation->location)};
		array_push(l->arena, &query->uses, use);
	}
	action->query = query;
}

static void create_publication(Lowering *l, CreatePublicationStmt *create)
{
	Action *action = created(l, OBJECT_PUBLICATION, create->pubname);
	action->all = create->for_all_tables;
	action->names = option_list(l, create->options);
	published(l, action, create->pubobjects);
}

static void alter_publication(Lowering *l, AlterPublicationStmt *alter)
{
	static const char *const words[] = {
	    [AP_AddObjects] = "add", [AP_DropObjects] = "drop", [AP_SetObjects] = "set"};
	Action *action = altered(l, OBJECT_PUBLICATION, alter->pubname);
	action->value = words[alter->action];
	action->names = option_list(l, alter->options);
	published(l, action, alter->pubobjects);
}

static void create_statistics(Lowering *l, CreateStatsStmt *create)
{
	Action *action = created(l, OBJECT_STATISTICS, NULL);
	action->relation = list_name(l, create->defnames);
	action->if_not_exists = create->if_not_exists;
	RangeVar *table = list_length(create->relations) && IsA(linitial(create->relations), RangeVar)
			      ? linitial(create->relations)
			      : NULL;
	action->other = range_name(l, table);
	foreach_ptr (StatsElem, element, create->exprs)
		if (element->name)
			array_push(l->arena, &action->columns, keep(l, element->name));
	action->names = string_list(l, create->stat_types);
}

static const char *role_kind(RoleStmtType type)
{
	return type == ROLESTMT_USER ? "user" : type == ROLESTMT_GROUP ? "group" : "role";
}

/* Passwords stay out of what others print. */
static Names role_options(Lowering *l, const List *options)
{
	Names names = {0};
	foreach_ptr (DefElem, option, options) {
		const char *value = same(option->defname, "password") ? NULL : option_value(l, option->arg);
		array_push(l->arena, &names,
			   value ? arena_print(l->arena, "%s=%s", option->defname, value) : keep(l, option->defname));
	}
	return names;
}

static void lower_role(Lowering *l, Node *node)
{
	if (IsA(node, CreateRoleStmt)) {
		const CreateRoleStmt *create = (CreateRoleStmt *)node;
		Action *action = created(l, OBJECT_ROLE, create->role);
		action->value = role_kind(create->stmt_type);
		action->names = role_options(l, create->options);
	} else if (IsA(node, AlterRoleStmt)) {
		const AlterRoleStmt *alter = (AlterRoleStmt *)node;
		altered(l, OBJECT_ROLE, role_name(l, alter->role))->names = role_options(l, alter->options);
	} else {
		const AlterRoleSetStmt *set = (AlterRoleSetStmt *)node;
		Action *action = altered(l, OBJECT_ROLE, set->role ? role_name(l, set->role) : "all");
		action->all = !set->role;
		action->object = keep(l, set->setstmt->name);
		action->value = "set";
		action->other.name = keep(l, set->database);
	}
}

static void lower_foreign(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_CreateFdwStmt:
		created(l, OBJECT_FOREIGN_DATA_WRAPPER, ((CreateFdwStmt *)node)->fdwname);
		break;
	case T_AlterFdwStmt:
		altered(l, OBJECT_FOREIGN_DATA_WRAPPER, ((AlterFdwStmt *)node)->fdwname);
		break;
	case T_CreateForeignServerStmt: {
		Action *action = created(l, OBJECT_FOREIGN_SERVER, ((CreateForeignServerStmt *)node)->servername);
		action->if_not_exists = ((CreateForeignServerStmt *)node)->if_not_exists;
		action->other.name = keep(l, ((CreateForeignServerStmt *)node)->fdwname);
		break;
	}
	case T_AlterForeignServerStmt:
		altered(l, OBJECT_FOREIGN_SERVER, ((AlterForeignServerStmt *)node)->servername);
		break;
	case T_CreateUserMappingStmt: {
		Action *action = created(l, OBJECT_USER_MAPPING, role_name(l, ((CreateUserMappingStmt *)node)->user));
		action->if_not_exists = ((CreateUserMappingStmt *)node)->if_not_exists;
		action->other.name = keep(l, ((CreateUserMappingStmt *)node)->servername);
		break;
	}
	case T_AlterUserMappingStmt: {
		Action *action = altered(l, OBJECT_USER_MAPPING, role_name(l, ((AlterUserMappingStmt *)node)->user));
		action->other.name = keep(l, ((AlterUserMappingStmt *)node)->servername);
		break;
	}
	default: {
		const ImportForeignSchemaStmt *import = (ImportForeignSchemaStmt *)node;
		Action *action = created(l, OBJECT_FOREIGN_TABLE, NULL);
		action->value = "import";
		action->all = true;
		action->other.schema = keep(l, import->local_schema);
		foreach_ptr (RangeVar, table, import->table_list)
			array_push(l->arena, &action->names, keep(l, table->relname));
		break;
	}
	}
}

static void lower_subscription(Lowering *l, Node *node)
{
	if (IsA(node, CreateSubscriptionStmt)) {
		created(l, OBJECT_SUBSCRIPTION, ((CreateSubscriptionStmt *)node)->subname)->names =
			option_list(l, ((CreateSubscriptionStmt *)node)->options);
		return;
	}
	altered(l, OBJECT_SUBSCRIPTION, ((AlterSubscriptionStmt *)node)->subname)->names =
		option_list(l, ((AlterSubscriptionStmt *)node)->options);
}

static void lower_database(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_CreatedbStmt:
		created(l, OBJECT_DATABASE, ((CreatedbStmt *)node)->dbname)->names =
		    option_list(l, ((CreatedbStmt *)node)->options);
		break;
	case T_AlterDatabaseStmt:
		altered(l, OBJECT_DATABASE, ((AlterDatabaseStmt *)node)->dbname)->names =
			option_list(l, ((AlterDatabaseStmt *)node)->options);
		break;
	case T_AlterDatabaseSetStmt: {
		const AlterDatabaseSetStmt *set = (AlterDatabaseSetStmt *)node;
		Action *action = altered(l, OBJECT_DATABASE, set->dbname);
		action->object = keep(l, set->setstmt->name);
		action->value = "set";
		break;
	}
	case T_AlterDatabaseRefreshCollStmt:
		altered(l, OBJECT_DATABASE, ((AlterDatabaseRefreshCollStmt *)node)->dbname)->value =
		    "refresh collation version";
		break;
	case T_CreateTableSpaceStmt:
		created(l, OBJECT_TABLESPACE, ((CreateTableSpaceStmt *)node)->tablespacename);
		break;
	default:
		altered(l, OBJECT_TABLESPACE, ((AlterTableSpaceOptionsStmt *)node)->tablespacename);
		break;
	}
}

/* ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b. */
static void move_all(Lowering *l, AlterTableMoveAllStmt *move)
{
	Action *action = emit_object(l, ACTION_SET_TABLESPACE, object_kind((int)move->objtype), (Name){0});
	action->all = true;
	action->object = keep(l, move->orig_tablespacename);
	action->value = keep(l, move->new_tablespacename);
	action->roles = role_list(l, move->roles);
}

static void lower_operators(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_CreateOpClassStmt:
		named(created(l, OBJECT_OPERATOR_CLASS, NULL), list_name(l, ((CreateOpClassStmt *)node)->opclassname));
		break;
	case T_CreateOpFamilyStmt:
		named(created(l, OBJECT_OPERATOR_FAMILY, NULL),
		      list_name(l, ((CreateOpFamilyStmt *)node)->opfamilyname));
		break;
	case T_AlterOpFamilyStmt:
		named(altered(l, OBJECT_OPERATOR_FAMILY, NULL),
		      list_name(l, ((AlterOpFamilyStmt *)node)->opfamilyname));
		break;
	case T_AlterOperatorStmt:
		named(altered(l, OBJECT_OPERATOR, NULL), list_name(l, ((AlterOperatorStmt *)node)->opername->objname));
		break;
	case T_CreateCastStmt: {
		const CreateCastStmt *cast = (CreateCastStmt *)node;
		Action *action = named(created(l, OBJECT_CAST, NULL), list_name(l, cast->sourcetype->names));
		action->other = list_name(l, cast->targettype->names);
		break;
	}
	case T_CreateTransformStmt: {
		const CreateTransformStmt *transform = (CreateTransformStmt *)node;
		Action *action = named(created(l, OBJECT_TRANSFORM, NULL), list_name(l, transform->type_name->names));
		action->other.name = keep(l, transform->lang);
		action->or_replace = transform->replace;
		break;
	}
	case T_CreateConversionStmt:
		named(created(l, OBJECT_CONVERSION, NULL),
		      list_name(l, ((CreateConversionStmt *)node)->conversion_name));
		break;
	case T_AlterCollationStmt:
		named(altered(l, OBJECT_COLLATION, NULL), list_name(l, ((AlterCollationStmt *)node)->collname));
		break;
	case T_AlterTSDictionaryStmt:
		named(altered(l, OBJECT_TEXT_SEARCH_DICTIONARY, NULL),
		      list_name(l, ((AlterTSDictionaryStmt *)node)->dictname));
		break;
	default:
		named(altered(l, OBJECT_TEXT_SEARCH_CONFIGURATION, NULL),
		      list_name(l, ((AlterTSConfigurationStmt *)node)->cfgname));
		break;
	}
}

static void lower_misc(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_CreateAmStmt:
		created(l, OBJECT_ACCESS_METHOD, ((CreateAmStmt *)node)->amname);
		break;
	case T_CreateEventTrigStmt:
		created(l, OBJECT_EVENT_TRIGGER, ((CreateEventTrigStmt *)node)->trigname)->other =
			list_name(l, ((CreateEventTrigStmt *)node)->funcname);
		break;
	case T_AlterEventTrigStmt:
		altered(l, OBJECT_EVENT_TRIGGER, ((AlterEventTrigStmt *)node)->trigname);
		break;
	case T_CreatePLangStmt:
		created(l, OBJECT_LANGUAGE, ((CreatePLangStmt *)node)->plname)->or_replace =
		    ((CreatePLangStmt *)node)->replace;
		break;
	case T_AlterStatsStmt: {
		Action *action =
		    named(altered(l, OBJECT_STATISTICS, NULL), list_name(l, ((AlterStatsStmt *)node)->defnames));
		action->if_exists = ((AlterStatsStmt *)node)->missing_ok;
		break;
	}
	case T_AlterSystemStmt: {
		Action *action = altered(l, OBJECT_PARAMETER, ((AlterSystemStmt *)node)->setstmt->name);
		action->value = "system";
		break;
	}
	case T_AlterExtensionStmt: {
		Action *action =
		    made(l, ACTION_ALTER_EXTENSION, OBJECT_EXTENSION, ((AlterExtensionStmt *)node)->extname);
		const DefElem *version = find_option(((AlterExtensionStmt *)node)->options, "new_version");
		action->value = version ? option_value(l, version->arg) : NULL;
		break;
	}
	case T_AlterExtensionContentsStmt: {
		const AlterExtensionContentsStmt *contents = (AlterExtensionContentsStmt *)node;
		Action *action = made(l, ACTION_ALTER_EXTENSION, OBJECT_EXTENSION, contents->extname);
		action->other = object_name(l, contents->object);
		break;
	}
	default:
		emit_whole(l, ACTION_OTHER)->value = command_tag(l, node);
		break;
	}
}

void lower_object(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_DropStmt:
	case T_DropRoleStmt:
	case T_DropdbStmt:
	case T_DropTableSpaceStmt:
	case T_DropSubscriptionStmt:
	case T_DropUserMappingStmt:
		lower_drop(l, node);
		break;
	case T_RenameStmt:
	case T_AlterObjectSchemaStmt:
	case T_AlterOwnerStmt:
	case T_AlterObjectDependsStmt:
	case T_CommentStmt:
	case T_SecLabelStmt:
		lower_rename_or_comment(l, node);
		break;
	case T_CreateSchemaStmt:
		create_schema(l, (CreateSchemaStmt *)node);
		break;
	case T_CreateExtensionStmt:
		create_extension(l, (CreateExtensionStmt *)node);
		break;
	case T_CreatePublicationStmt:
		create_publication(l, (CreatePublicationStmt *)node);
		break;
	case T_AlterPublicationStmt:
		alter_publication(l, (AlterPublicationStmt *)node);
		break;
	case T_CreateSubscriptionStmt:
	case T_AlterSubscriptionStmt:
		lower_subscription(l, node);
		break;
	case T_CreateStatsStmt:
		create_statistics(l, (CreateStatsStmt *)node);
		break;
	case T_CreateRoleStmt:
	case T_AlterRoleStmt:
	case T_AlterRoleSetStmt:
		lower_role(l, node);
		break;
	case T_CreateFdwStmt:
	case T_AlterFdwStmt:
	case T_CreateForeignServerStmt:
	case T_AlterForeignServerStmt:
	case T_CreateUserMappingStmt:
	case T_AlterUserMappingStmt:
	case T_ImportForeignSchemaStmt:
		lower_foreign(l, node);
		break;
	case T_CreatedbStmt:
	case T_AlterDatabaseStmt:
	case T_AlterDatabaseSetStmt:
	case T_AlterDatabaseRefreshCollStmt:
	case T_CreateTableSpaceStmt:
	case T_AlterTableSpaceOptionsStmt:
		lower_database(l, node);
		break;
	case T_AlterTableMoveAllStmt:
		move_all(l, (AlterTableMoveAllStmt *)node);
		break;
	case T_CreateOpClassStmt:
	case T_CreateOpFamilyStmt:
	case T_AlterOpFamilyStmt:
	case T_AlterOperatorStmt:
	case T_CreateCastStmt:
	case T_CreateTransformStmt:
	case T_CreateConversionStmt:
	case T_AlterCollationStmt:
	case T_AlterTSDictionaryStmt:
	case T_AlterTSConfigurationStmt:
		lower_operators(l, node);
		break;
	default:
		lower_misc(l, node);
		break;
	}
}
