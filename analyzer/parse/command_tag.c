/* Command tags, as the server reports them when a statement has run. */
#include "parse/lower.h"

/* The two tags that most migrations are made of need no making. */
static const char *upper(Lowering *l, const char *verb, const char *words)
{
	if (same(words, "table"))
		return same(verb, "ALTER") ? "ALTER TABLE" : "DROP TABLE";
	char *tag = arena_print(l->arena, "%s %s", verb, words);
	for (char *c = tag; *c; c++) {
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	return tag;
}

/* Parts of a table are changed by ALTER TABLE; some kinds have tags that are not their words. */
static const char *object_words(ObjectType type)
{
	switch (type) {
	case PG_OBJECT_COLUMN:
	case PG_OBJECT_TABCONSTRAINT:
		return "table";
	case PG_OBJECT_ATTRIBUTE:
		return "type";
	case PG_OBJECT_DOMCONSTRAINT:
		return "domain";
	case PG_OBJECT_STATISTIC_EXT:
		return "statistics";
	case PG_OBJECT_FDW:
		return "foreign data wrapper";
	default:
		return object_kind_words(object_kind((int)type));
	}
}

static const char *transaction_tag(const TransactionStmt *transaction)
{
	static const char *const tags[] = {
		[TRANS_STMT_BEGIN] = "BEGIN",
		[TRANS_STMT_START] = "START TRANSACTION",
		[TRANS_STMT_COMMIT] = "COMMIT",
		[TRANS_STMT_ROLLBACK] = "ROLLBACK",
		[TRANS_STMT_SAVEPOINT] = "SAVEPOINT",
		[TRANS_STMT_RELEASE] = "RELEASE",
		[TRANS_STMT_ROLLBACK_TO] = "ROLLBACK",
		[TRANS_STMT_PREPARE] = "PREPARE TRANSACTION",
		[TRANS_STMT_COMMIT_PREPARED] = "COMMIT PREPARED",
		[TRANS_STMT_ROLLBACK_PREPARED] = "ROLLBACK PREPARED",
	};
	return tags[transaction->kind];
}

static const char *select_tag(SelectStmt *select)
{
	while (select->op != SETOP_NONE)
		select = select->larg;
	return select->intoClause ? "SELECT INTO" : "SELECT";
}

/* Tags that say no more than the node's kind. */
static const struct {
	NodeTag node;
	const char *tag;
} plain_tags[] = {
	{T_CreateStmt, "CREATE TABLE"},
	{T_IndexStmt, "CREATE INDEX"},
	{T_InsertStmt, "INSERT"},
	{T_UpdateStmt, "UPDATE"},
	{T_DeleteStmt, "DELETE"},
	{T_MergeStmt, "MERGE"},
	{T_CommentStmt, "COMMENT"},
	{T_DoStmt, "DO"},
	{T_CreateFunctionStmt, "CREATE FUNCTION"},
	{T_CreateTrigStmt, "CREATE TRIGGER"},
	{T_ViewStmt, "CREATE VIEW"},
	{T_CreateEnumStmt, "CREATE TYPE"},
	{T_CompositeTypeStmt, "CREATE TYPE"},
	{T_CreateRangeStmt, "CREATE TYPE"},
	{T_AlterEnumStmt, "ALTER TYPE"},
	{T_AlterTypeStmt, "ALTER TYPE"},
	{T_CreateDomainStmt, "CREATE DOMAIN"},
	{T_AlterDomainStmt, "ALTER DOMAIN"},
	{T_CreateSchemaStmt, "CREATE SCHEMA"},
	{T_CreateSeqStmt, "CREATE SEQUENCE"},
	{T_AlterSeqStmt, "ALTER SEQUENCE"},
	{T_CreatePolicyStmt, "CREATE POLICY"},
	{T_AlterPolicyStmt, "ALTER POLICY"},
	{T_RuleStmt, "CREATE RULE"},
	{T_CreateExtensionStmt, "CREATE EXTENSION"},
	{T_AlterExtensionStmt, "ALTER EXTENSION"},
	{T_AlterExtensionContentsStmt, "ALTER EXTENSION"},
	{T_AlterDefaultPrivilegesStmt, "ALTER DEFAULT PRIVILEGES"},
	{T_CopyStmt, "COPY"},
	{T_CallStmt, "CALL"},
	{T_TruncateStmt, "TRUNCATE TABLE"},
	{T_LockStmt, "LOCK TABLE"},
	{T_ReindexStmt, "REINDEX"},
	{T_ClusterStmt, "CLUSTER"},
	{T_RefreshMatViewStmt, "REFRESH MATERIALIZED VIEW"},
	{T_ExplainStmt, "EXPLAIN"},
	{T_ConstraintsSetStmt, "SET CONSTRAINTS"},
	{T_VariableShowStmt, "SHOW"},
	{T_PrepareStmt, "PREPARE"},
	{T_ExecuteStmt, "EXECUTE"},
	{T_DeallocateStmt, "DEALLOCATE"},
	{T_DeclareCursorStmt, "DECLARE CURSOR"},
	{T_FetchStmt, "FETCH"},
	{T_ClosePortalStmt, "CLOSE CURSOR"},
	{T_CheckPointStmt, "CHECKPOINT"},
	{T_NotifyStmt, "NOTIFY"},
	{T_ListenStmt, "LISTEN"},
	{T_UnlistenStmt, "UNLISTEN"},
	{T_LoadStmt, "LOAD"},
	{T_SecLabelStmt, "SECURITY LABEL"},
	{T_CreateStatsStmt, "CREATE STATISTICS"},
	{T_AlterStatsStmt, "ALTER STATISTICS"},
	{T_CreatePublicationStmt, "CREATE PUBLICATION"},
	{T_AlterPublicationStmt, "ALTER PUBLICATION"},
	{T_CreateSubscriptionStmt, "CREATE SUBSCRIPTION"},
	{T_AlterSubscriptionStmt, "ALTER SUBSCRIPTION"},
	{T_DropSubscriptionStmt, "DROP SUBSCRIPTION"},
	{T_CreateRoleStmt, "CREATE ROLE"},
	{T_AlterRoleStmt, "ALTER ROLE"},
	{T_AlterRoleSetStmt, "ALTER ROLE"},
	{T_DropRoleStmt, "DROP ROLE"},
	{T_DropOwnedStmt, "DROP OWNED"},
	{T_ReassignOwnedStmt, "REASSIGN OWNED"},
	{T_CreatedbStmt, "CREATE DATABASE"},
	{T_AlterDatabaseStmt, "ALTER DATABASE"},
	{T_AlterDatabaseSetStmt, "ALTER DATABASE"},
	{T_AlterDatabaseRefreshCollStmt, "ALTER DATABASE"},
	{T_DropdbStmt, "DROP DATABASE"},
	{T_CreateTableSpaceStmt, "CREATE TABLESPACE"},
	{T_AlterTableSpaceOptionsStmt, "ALTER TABLESPACE"},
	{T_DropTableSpaceStmt, "DROP TABLESPACE"},
	{T_AlterSystemStmt, "ALTER SYSTEM"},
	{T_CreateEventTrigStmt, "CREATE EVENT TRIGGER"},
	{T_AlterEventTrigStmt, "ALTER EVENT TRIGGER"},
	{T_CreateFdwStmt, "CREATE FOREIGN DATA WRAPPER"},
	{T_AlterFdwStmt, "ALTER FOREIGN DATA WRAPPER"},
	{T_CreateForeignServerStmt, "CREATE SERVER"},
	{T_AlterForeignServerStmt, "ALTER SERVER"},
	{T_CreateForeignTableStmt, "CREATE FOREIGN TABLE"},
	{T_CreateUserMappingStmt, "CREATE USER MAPPING"},
	{T_AlterUserMappingStmt, "ALTER USER MAPPING"},
	{T_DropUserMappingStmt, "DROP USER MAPPING"},
	{T_ImportForeignSchemaStmt, "IMPORT FOREIGN SCHEMA"},
	{T_CreateCastStmt, "CREATE CAST"},
	{T_CreateTransformStmt, "CREATE TRANSFORM"},
	{T_CreateConversionStmt, "CREATE CONVERSION"},
	{T_CreateOpClassStmt, "CREATE OPERATOR CLASS"},
	{T_CreateOpFamilyStmt, "CREATE OPERATOR FAMILY"},
	{T_AlterOpFamilyStmt, "ALTER OPERATOR FAMILY"},
	{T_AlterOperatorStmt, "ALTER OPERATOR"},
	{T_AlterCollationStmt, "ALTER COLLATION"},
	{T_AlterTSDictionaryStmt, "ALTER TEXT SEARCH DICTIONARY"},
	{T_AlterTSConfigurationStmt, "ALTER TEXT SEARCH CONFIGURATION"},
	{T_CreateAmStmt, "CREATE ACCESS METHOD"},
	{T_CreatePLangStmt, "CREATE LANGUAGE"},
};

const char *command_tag(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_SelectStmt:
		return select_tag((SelectStmt *)node);
	case T_AlterTableStmt:
		return upper(l, "ALTER", object_words(((AlterTableStmt *)node)->objtype));
	case T_AlterTableMoveAllStmt:
		return upper(l, "ALTER", object_words(((AlterTableMoveAllStmt *)node)->objtype));
	case T_DropStmt:
		return upper(l, "DROP", object_words(((DropStmt *)node)->removeType));
	case T_RenameStmt: {
		const RenameStmt *rename = (RenameStmt *)node;
		bool part = rename->renameType == PG_OBJECT_COLUMN || rename->renameType == PG_OBJECT_ATTRIBUTE;
		return upper(l, "ALTER", object_words(part ? rename->relationType : rename->renameType));
	}
	case T_AlterObjectSchemaStmt:
		return upper(l, "ALTER", object_words(((AlterObjectSchemaStmt *)node)->objectType));
	case T_AlterOwnerStmt:
		return upper(l, "ALTER", object_words(((AlterOwnerStmt *)node)->objectType));
	case T_AlterObjectDependsStmt:
		return upper(l, "ALTER", object_words(((AlterObjectDependsStmt *)node)->objectType));
	case T_AlterFunctionStmt:
		return upper(l, "ALTER", object_words(((AlterFunctionStmt *)node)->objtype));
	case T_DefineStmt:
		return upper(l, "CREATE", object_words(((DefineStmt *)node)->kind));
	case T_CreateFunctionStmt:
		return ((CreateFunctionStmt *)node)->is_procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
	case T_CreateTableAsStmt:
		return ((CreateTableAsStmt *)node)->objtype == PG_OBJECT_MATVIEW ? "CREATE MATERIALIZED VIEW" :
										   "CREATE TABLE AS";
	case T_TransactionStmt:
		return transaction_tag((TransactionStmt *)node);
	case T_VariableSetStmt: {
		VariableSetKind kind = ((VariableSetStmt *)node)->kind;
		return kind == VAR_RESET || kind == VAR_RESET_ALL ? "RESET" : "SET";
	}
	case T_VacuumStmt:
		return ((VacuumStmt *)node)->is_vacuumcmd ? "VACUUM" : "ANALYZE";
	case T_GrantStmt:
		return ((GrantStmt *)node)->is_grant ? "GRANT" : "REVOKE";
	case T_GrantRoleStmt:
		return ((GrantRoleStmt *)node)->is_grant ? "GRANT ROLE" : "REVOKE ROLE";
	case T_DiscardStmt:
		return "DISCARD";
	default:
		for (size_t i = 0; i < LENGTH(plain_tags); i++)
			if (plain_tags[i].node == nodeTag(node))
				return plain_tags[i].tag;
		return "???";
	}
}
