#include "judge/attribute.h"

#include "judge/attribute_read.h"

/* --- Which actions ---------------------------------------------------------------------------- */

#define KINDS(...) ((const ActionKind[]){__VA_ARGS__, ACTION_NONE})
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define TABLES ACTION_CREATE_TABLE, ACTION_CREATE_TABLE_AS, ACTION_CREATE_FOREIGN_TABLE
#define TYPED                                                                                                          \
	ACTION_ADD_COLUMN, ACTION_ALTER_COLUMN_TYPE, ACTION_CREATE_DOMAIN, ACTION_ADD_ATTRIBUTE,                       \
		ACTION_ALTER_ATTRIBUTE_TYPE
#define COLUMNS                                                                                                        \
	ACTION_ADD_COLUMN, ACTION_DROP_COLUMN, ACTION_RENAME_COLUMN, ACTION_ALTER_COLUMN_TYPE, ACTION_SET_DEFAULT,     \
		ACTION_DROP_DEFAULT, ACTION_SET_NOT_NULL, ACTION_DROP_NOT_NULL, ACTION_SET_EXPRESSION,                 \
		ACTION_DROP_EXPRESSION, ACTION_ADD_IDENTITY, ACTION_SET_IDENTITY, ACTION_DROP_IDENTITY,                \
		ACTION_SET_STATISTICS_TARGET, ACTION_SET_STORAGE, ACTION_SET_COMPRESSION, ACTION_SET_COLUMN_OPTIONS
#define RENAMES                                                                                                        \
	ACTION_RENAME_TABLE, ACTION_RENAME_COLUMN, ACTION_RENAME_CONSTRAINT, ACTION_RENAME_INDEX, ACTION_RENAME_OBJECT
#define CONSTRAINTS ACTION_ADD_CONSTRAINT, ACTION_ADD_DOMAIN_CONSTRAINT
#define INDEXED ACTION_CREATE_INDEX, ACTION_ADD_CONSTRAINT
#define ROUTINES ACTION_CREATE_FUNCTION, ACTION_ALTER_FUNCTION
#define PRIVILEGES ACTION_GRANT, ACTION_REVOKE, ACTION_ALTER_DEFAULT_PRIVILEGES
#define WRITES ACTION_INSERT_ROWS, ACTION_UPDATE_ROWS, ACTION_DELETE_ROWS, ACTION_MERGE_ROWS, ACTION_COPY_ROWS
#define NAMING_ACTIONS                                                                                          \
	TABLES, CONSTRAINTS, ACTION_ADD_COLUMN, ACTION_CREATE_INDEX, ACTION_CREATE_VIEW,                        \
		ACTION_CREATE_MATERIALIZED_VIEW, ACTION_CREATE_TYPE, ACTION_CREATE_DOMAIN, ACTION_CREATE_SEQUENCE, \
		ACTION_CREATE_SCHEMA, ACTION_CREATE_FUNCTION, ACTION_CREATE_TRIGGER, ACTION_CREATE_POLICY,      \
		ACTION_ADD_ATTRIBUTE
#define REFERENCE_ACTIONS WORDS("no action", "restrict", "cascade", "set null", "set default")

/* --- The table -------------------------------------------------------------------------------- */

#define TEXT_ ATTRIBUTE_TEXT, SCOPE_ACTION
#define LIST ATTRIBUTE_LIST, SCOPE_ACTION
#define NUMBER ATTRIBUTE_NUMBER, SCOPE_ACTION
#define BOOL ATTRIBUTE_BOOL, SCOPE_ACTION
#define MOMENT(type) ATTRIBUTE_##type, SCOPE_MOMENT
#define SCRIPT(type) ATTRIBUTE_##type, SCOPE_SCRIPT

/* clang-format off */
const Attribute all_attributes[] = {
	/* What it is about. */
	{"action", TEXT_, NULL, NULL, "the action's word: create-index", get_action_word, false},
	{"object-kind", TEXT_, NULL, NULL,
	 "what the statement says it is about: table, view, role, extension", get_object_kind, false},
	{"relation", TEXT_, NULL, NULL,
	 "schema and name of what it is about: public.users; a condition may leave the schema out", get_relation, true},
	{"schema", TEXT_, NULL, NULL, "the schema of that", get_schema, false},
	{"name", TEXT_, NULL, NULL,
	 "the bare name of what is made, changed or dropped: the column's or index's, not their table's",
	 get_name, false},
	{"given-name", TEXT_, KINDS(NAMING_ACTIONS, RENAMES), NULL,
	 "the name that it gives: of what is made, or the new one", get_given_name, false},
	{"qualified", BOOL, NULL, NULL, "the schema of what it is about is written", get_qualified, false},
	{"new-name", TEXT_, KINDS(RENAMES), NULL, "the name that it gets", get_new_name, false},
	{"new-schema", TEXT_, KINDS(ACTION_SET_SCHEMA), NULL, "the schema that it moves to", get_new_schema, false},
	{"other", TEXT_, NULL, NULL,
	 "a second relation: the partition, the parent, the trigger's function", get_other, true},
	{"value", TEXT_, NULL, NULL,
	 "the rest: a parameter's value, a comment, the timing of a trigger, the version of an extension",
	 get_value, false},
	{"sql", TEXT_, NULL, NULL, "the clause as written, blanks squeezed", get_sql, false},

	/* Columns. */
	{"column", TEXT_, KINDS(COLUMNS, ACTION_ADD_CONSTRAINT, ACTION_SET_COMMENT), NULL,
	 "the column; of a constraint written behind one", get_column, false},
	{"columns", LIST, KINDS(INDEXED, WRITES, PRIVILEGES, ACTION_CREATE_TRIGGER), NULL,
	 "the columns of a constraint, index, INSERT, UPDATE, trigger", get_columns, false},
	{"column-count", NUMBER, KINDS(INDEXED), NULL,
	 "how many columns an index or constraint has, expressions counted", get_column_count, false},
	{"type", TEXT_, KINDS(TYPED), NULL,
	 "the type without its modifier, as PostgreSQL prints it: character varying, integer", get_type, false},
	{"type-modifier", NUMBER, KINDS(TYPED), NULL,
	 "the first number behind the type: 255 of varchar(255)", get_type_modifier, false},
	{"array", BOOL, KINDS(TYPED), NULL, "the type is an array", get_array, false},
	{"serial", BOOL, KINDS(ACTION_ADD_COLUMN), NULL,
	 "written as smallserial, serial or bigserial", get_serial, false},
	{"not-null", BOOL, KINDS(ACTION_ADD_COLUMN), NULL, "the column is NOT NULL", get_not_null, false},
	{"has-default", BOOL, KINDS(ACTION_ADD_COLUMN, ACTION_SET_DEFAULT), NULL,
	 "there is a DEFAULT other than NULL", get_has_default, false},
	{"default", TEXT_, KINDS(ACTION_ADD_COLUMN, ACTION_SET_DEFAULT), NULL,
	 "the default's expression", get_default, false},
	{"default-volatility", MOMENT(TEXT), KINDS(ACTION_ADD_COLUMN, ACTION_SET_DEFAULT),
	 WORDS("immutable", "stable", "volatile", "unknown"),
	 "of the default's expression", get_default_volatility, false},
	{"identity", TEXT_, KINDS(ACTION_ADD_COLUMN, ACTION_ADD_IDENTITY), WORDS("always", "by default"),
	 "GENERATED … AS IDENTITY", get_identity, false},
	{"generated", TEXT_, KINDS(ACTION_ADD_COLUMN), WORDS("stored", "virtual"),
	 "GENERATED ALWAYS AS (…)", get_generated, false},
	{"in-primary-key", MOMENT(BOOL), KINDS(ACTION_ADD_COLUMN), NULL,
	 "the same statement makes the column part of the primary key", get_in_key, false},
	{"in-foreign-key", MOMENT(BOOL), KINDS(ACTION_ADD_COLUMN), NULL,
	 "the same statement makes the column part of a foreign key", get_in_foreign_key, false},
	{"old-type", MOMENT(TEXT), KINDS(ACTION_ALTER_COLUMN_TYPE, ACTION_DROP_COLUMN), NULL,
	 "the column's type before, with its modifier", get_old_type, false},

	/* Constraints and indexes. */
	{"constraint-kind", TEXT_, KINDS(CONSTRAINTS),
	 WORDS("primary key", "unique", "check", "foreign key", "exclusion", "not null"),
	 "the kind of constraint", get_constraint_kind, false},
	{"inline", BOOL, KINDS(ACTION_ADD_CONSTRAINT), NULL, "written behind a column", get_inline, false},
	{"references", TEXT_, KINDS(ACTION_ADD_CONSTRAINT), NULL,
	 "the table that a foreign key names", get_references, true},
	{"on-delete", TEXT_, KINDS(ACTION_ADD_CONSTRAINT), REFERENCE_ACTIONS,
	 "what a foreign key does", get_on_delete, false},
	{"on-update", TEXT_, KINDS(ACTION_ADD_CONSTRAINT), REFERENCE_ACTIONS,
	 "what a foreign key does", get_on_update, false},
	{"not-valid", BOOL, KINDS(CONSTRAINTS), NULL, "NOT VALID", get_not_valid, false},
	{"not-enforced", BOOL, KINDS(CONSTRAINTS), NULL, "NOT ENFORCED", get_not_enforced, false},
	{"deferrable", BOOL, KINDS(ACTION_ADD_CONSTRAINT), NULL, "DEFERRABLE", get_deferrable, false},
	{"using-index", TEXT_, KINDS(ACTION_ADD_CONSTRAINT), NULL,
	 "the index of USING INDEX", get_using_index, false},
	{"index-method", TEXT_, KINDS(INDEXED), NULL, "btree, gin, hash …", get_index_method, false},
	{"unique", BOOL, KINDS(INDEXED), NULL, "the index is unique", get_unique, false},
	{"predicate", TEXT_, KINDS(INDEXED), NULL, "the WHERE of a partial index", get_predicate, false},
	{"index-count", MOMENT(NUMBER), KINDS(INDEXED), NULL,
	 "how many indexes the table has already, as far as the history made it", get_index_count, false},
	{"include", LIST, KINDS(INDEXED), NULL, "the columns of INCLUDE", get_include, false},

	/* Tables. */
	{"persistence", TEXT_, KINDS(TABLES), WORDS("permanent", "unlogged", "temporary"),
	 "how the table is kept", get_persistence, false},
	{"has-policy", MOMENT(BOOL), KINDS(ACTION_SET_ROW_SECURITY), NULL,
	 "the table has a row security policy", get_has_policy, false},
	{"has-primary-key", MOMENT(BOOL), KINDS(ACTION_CREATE_TABLE), NULL,
	 "the statement gives the table a primary key, or its parent may", get_has_primary_key, false},
	{"table-columns", MOMENT(NUMBER), KINDS(ACTION_CREATE_TABLE), NULL,
	 "how many columns the statement gives the table", get_table_columns, false},
	{"partition-of", TEXT_, KINDS(TABLES), NULL, "the partitioned table", get_partition_of, true},
	{"partition-strategy", TEXT_, KINDS(TABLES), WORDS("range", "list", "hash"),
	 "PARTITION BY", get_partition_strategy, false},
	{"inherits", LIST, KINDS(TABLES), NULL, "the parents of INHERITS", get_inherits, true},

	/* Words. */
	{"concurrently", BOOL,
	 KINDS(ACTION_CREATE_INDEX, ACTION_DROP_INDEX, ACTION_REINDEX, ACTION_REFRESH_MATERIALIZED_VIEW,
	       ACTION_DETACH_PARTITION), NULL,
	 "CONCURRENTLY", get_concurrently, false},
	{"if-exists", BOOL, NULL, NULL, "IF EXISTS", get_if_exists, false},
	{"if-not-exists", BOOL, NULL, NULL, "IF NOT EXISTS", get_if_not_exists, false},
	{"or-replace", BOOL, NULL, NULL, "OR REPLACE", get_or_replace, false},
	{"cascade", BOOL, NULL, NULL, "CASCADE", get_cascade, false},
	{"only", BOOL, NULL, NULL, "ONLY", get_only, false},
	{"all", BOOL, NULL, NULL, "ALL: triggers, tables in a schema or tablespace", get_all, false},
	{"in-create-table", BOOL, KINDS(ACTION_ADD_COLUMN, ACTION_ADD_CONSTRAINT), NULL,
	 "part of a CREATE TABLE", get_in_create_table, false},
	{"has-where", BOOL, KINDS(ACTION_UPDATE_ROWS, ACTION_DELETE_ROWS), NULL,
	 "there is a WHERE", get_has_where, false},
	{"on-conflict", BOOL, KINDS(ACTION_INSERT_ROWS), NULL, "ON CONFLICT", get_on_conflict, false},
	{"local", BOOL, KINDS(ACTION_SET_PARAMETER), NULL, "SET LOCAL", get_local, false},
	{"finalize", BOOL, KINDS(ACTION_DETACH_PARTITION), NULL, "FINALIZE", get_finalize, false},

	/* Functions, privileges, types. */
	{"language", TEXT_, KINDS(ROUTINES), NULL, "the function's language", get_language, false},
	{"security-definer", BOOL, KINDS(ROUTINES), NULL, "SECURITY DEFINER", get_security_definer, false},
	{"sets-search-path", BOOL, KINDS(ROUTINES), NULL,
	 "SET search_path is part of the function", get_sets_search_path, false},
	{"volatility", TEXT_, KINDS(ACTION_CREATE_FUNCTION), WORDS("immutable", "stable", "volatile"),
	 "of the function", get_volatility, false},
	{"returns", TEXT_, KINDS(ACTION_CREATE_FUNCTION), NULL,
	 "the type that the function returns", get_returns, false},
	{"privilege", LIST, KINDS(PRIVILEGES), NULL, "the privileges; all for ALL", get_privileges, false},
	{"grantee", LIST, KINDS(PRIVILEGES), NULL, "the roles; public for everybody", get_roles, false},
	{"role", LIST, NULL, NULL, "the roles that other statements name", get_roles, false},
	{"label", LIST, KINDS(ACTION_CREATE_TYPE), NULL, "the labels of an enum", get_labels, false},

	/* The moment. */
	{"new-table", MOMENT(BOOL), NULL, NULL,
	 "the table is made by this migration, or by one of the same deploy", get_new_table, false},
	{"hot", MOMENT(BOOL), NULL, NULL, "the configuration calls the table hot", get_hot, false},
	{"deprecated", MOMENT(BOOL), NULL, NULL,
	 "an earlier COMMENT calls the table or the column deprecated", get_deprecated, false},
	{"lock", MOMENT(LOCK), NULL, NULL,
	 "the strongest lock held on the relation, when it existed before: SHARE, ACCESS EXCLUSIVE", get_lock, false},
	{"rewrites", MOMENT(BOOL), NULL, NULL, "a table that existed is rewritten", get_rewrites, false},
	{"scans", MOMENT(BOOL), NULL, NULL, "a table that existed is read in full", get_scans, false},
	{"builds", MOMENT(BOOL), NULL, NULL, "an index on a table that existed is built", get_builds, false},
	{"destroys", MOMENT(BOOL), NULL, NULL, "something that existed is lost", get_destroys, false},
	{"repeat-changes", MOMENT(BOOL), NULL, NULL,
	 "running it again leaves something behind again", get_repeat_changes, false},
	{"opaque", MOMENT(BOOL), NULL, NULL, "it runs what could not be read", get_opaque, false},
	{"in-transaction", MOMENT(BOOL), NULL, NULL, "it runs inside a transaction", get_in_transaction, false},
	{"in-loop", MOMENT(BOOL), NULL, NULL, "inside a loop of a DO block or function", get_in_loop, false},
	{"in-block", MOMENT(BOOL), NULL, NULL, "inside a DO block or function", get_in_block, false},
	{"guarded", MOMENT(BOOL), NULL, NULL, "inside an IF whose outcome is not known", get_guarded, false},
	{"lock-timeout", MOMENT(NUMBER), NULL, NULL,
	 "lock_timeout in milliseconds, where one is set", get_lock_timeout, false},
	{"statement-timeout", MOMENT(NUMBER), NULL, NULL,
	 "statement_timeout in milliseconds, where one is set", get_statement_timeout, false},
	{"search-path", MOMENT(LIST), NULL, NULL,
	 "the schemas in which names are looked for", get_search_path, false},

	/* The migration. */
	{"file", SCRIPT(TEXT), NULL, NULL, "the file's path, from the configuration's folder", get_file, false},
	{"migration", SCRIPT(TEXT), NULL, NULL, "the migration's version", get_migration, false},
	{"migration-name", SCRIPT(TEXT), NULL, NULL,
	 "what follows the version in the file's name", get_migration_name, false},
	{"direction", SCRIPT(TEXT), NULL, WORDS("up", "down", "repeatable"),
	 "which script of the migration", get_direction, false},
	{"layout", SCRIPT(TEXT), NULL, NULL, "how the migration tool keeps its files", get_layout, false},
	{"statement-count", SCRIPT(NUMBER), NULL, NULL,
	 "how many statements the migration has", get_statement_count, false},
	{"table-count", SCRIPT(NUMBER), NULL, NULL,
	 "how many tables that it does not make the migration changes", get_table_count, false},
	{"wrapped", SCRIPT(BOOL), NULL, NULL, "the migration tool opens a transaction", get_wrapped, false},
	{"has-rollback", SCRIPT(BOOL), NULL, NULL,
	 "there is a down script with statements", get_has_rollback, false},
	{0},
};
/* clang-format on */

/* --- Questions -------------------------------------------------------------------------------- */

const char *attribute_type_word(AttributeType type)
{
	static const char *const words[] = {[ATTRIBUTE_TEXT] = "text",
					    [ATTRIBUTE_LIST] = "list",
					    [ATTRIBUTE_NUMBER] = "number",
					    [ATTRIBUTE_BOOL] = "bool",
					    [ATTRIBUTE_LOCK] = "lock mode"};
	return words[type];
}

const Attribute *attribute_by_name(const char *name)
{
	for (const Attribute *attribute = all_attributes; attribute->name; attribute++)
		if (same(attribute->name, name))
			return attribute;
	return NULL;
}

bool attribute_is_of(const Attribute *attribute, ActionKind kind)
{
	if (!attribute->on)
		return true;
	for (const ActionKind *one = attribute->on; *one != ACTION_NONE; one++)
		if (*one == kind)
			return true;
	return false;
}

static const char *joined(Arena *arena, const Names *names)
{
	Buf text = {0};
	for (uint32_t i = 0; i < names->count; i++)
		buf_addf(&text, "%s%s", i ? ", " : "", names->items[i]);
	const char *copy = arena_copy(arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return copy;
}

const char *value_shown(Arena *arena, const Attribute *attribute, const Value *value)
{
	if (!value->present)
		return "";
	switch (attribute->type) {
	case ATTRIBUTE_TEXT:
		return value->text;
	case ATTRIBUTE_LIST:
		return joined(arena, &value->list);
	case ATTRIBUTE_NUMBER:
		return arena_print(arena, "%ld", value->number);
	case ATTRIBUTE_BOOL:
		return value->number ? "true" : "false";
	case ATTRIBUTE_LOCK:
		return lock_mode_words((LockMode)value->number);
	}
	return "";
}
