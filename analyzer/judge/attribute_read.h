#ifndef DDLINT_JUDGE_ATTRIBUTE_READ_H
#define DDLINT_JUDGE_ATTRIBUTE_READ_H
/*
 * The readers behind the table of attributes. Only attribute*.c include this.
 */
#include "judge/attribute.h"

/* "schema.name" of a relation: as the catalog has it, else where it would be made. NULL for no name. */
const char *qualified_name(const Context *context, Name name);
void set_text(Value *value, const char *text); /* NULL: not present */
void set_bool(Value *value, bool truth);
void set_number(Value *value, long number);
void set_list(Value *value, const Names *names); /* an empty one: not present */

/* attribute_action.c: what stands in the action */
AttributeReader get_action_word, get_object_kind, get_relation, get_schema, get_name, get_column, get_columns,
	get_column_count;
AttributeReader get_new_name, get_given_name, get_qualified, get_new_schema, get_other, get_value, get_sql, get_roles,
	get_privileges, get_labels;
AttributeReader get_type, get_type_modifier, get_array, get_serial, get_not_null, get_has_default, get_default;
AttributeReader get_default_volatility, get_identity, get_generated, get_inline;
AttributeReader get_constraint_kind, get_references, get_on_delete, get_on_update, get_not_valid, get_not_enforced;
AttributeReader get_deferrable, get_using_index, get_index_method, get_unique, get_predicate, get_include;
AttributeReader get_concurrently, get_if_exists, get_if_not_exists, get_or_replace, get_cascade, get_only, get_all;
AttributeReader get_in_create_table, get_has_where, get_on_conflict, get_local, get_finalize;
AttributeReader get_language, get_security_definer, get_sets_search_path, get_volatility, get_returns;
AttributeReader get_persistence, get_partition_of, get_partition_strategy, get_inherits;

/* attribute_moment.c: what the catalog, the session and the effect say at that moment, and what holds for the migration
 */
AttributeReader get_new_table, get_hot, get_deprecated, get_old_type, get_has_policy, get_index_count, get_has_primary_key, get_in_key,
	get_in_foreign_key;
AttributeReader get_table_columns, get_lock, get_rewrites, get_scans, get_builds, get_destroys, get_repeat_changes;
AttributeReader get_opaque, get_in_transaction, get_in_loop, get_in_block, get_guarded, get_lock_timeout;
AttributeReader get_statement_timeout, get_search_path;
AttributeReader get_file, get_migration, get_migration_name, get_direction, get_layout, get_statement_count;
AttributeReader get_table_count, get_wrapped, get_has_rollback;
#endif
