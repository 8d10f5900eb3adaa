/* What is said of a table as a whole: its name, its persistence, its properties. */
#include "catalog/inside.h"

/* --- RENAME ------------------------------------------------------------------------------------------------------- */

static const char *rename_relation(Apply *apply, Relation *relation, const char *name)
{
	Catalog *catalog = apply->catalog;
	if (!relation_name_free(catalog, relation->object.schema, name))
		return DUPLICATE_TABLE;
	if (has_row_type(relation) && !type_name_free(catalog, relation->object.schema, name))
		return DUPLICATE_OBJECT;
	if (relation->constraint) {
		/* Index and constraint have one name. */
		if (find_constraint(relation->table, name))
			return DUPLICATE_OBJECT;
		object_rename(catalog, &relation->constraint->object, name);
	}
	object_rename(catalog, &relation->object, name);
	return NULL;
}

static bool can_be_named(const Relation *relation, ObjectKind words)
{
	/* ALTER TABLE and ALTER INDEX … RENAME are said of any relation; the others of their own kind. */
	switch (words) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_SEQUENCE:
	case OBJECT_FOREIGN_TABLE:
		return relation->object.kind == words || relation->object.assumed;
	default:
		return true;
	}
}

const char *apply_rename_table(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	Relation *relation = find_relation(catalog, apply->path, action->relation);
	if (!relation && (action->if_exists || action->relation_if_exists))
		return NULL;
	if (!relation)
		relation = assume_relation(catalog, apply->path, action->relation,
					   action->object_kind ? action->object_kind : OBJECT_TABLE);
	if (!relation) {
		const Type *type = find_type(catalog, apply->path, action->relation);
		return type && type->kind == TYPE_COMPOSITE ? WRONG_OBJECT_TYPE : UNDEFINED_TABLE;
	}
	if (!can_be_named(relation, action->object_kind))
		return WRONG_OBJECT_TYPE;
	return rename_relation(apply, relation, action->new_name);
}

/* --- Properties --------------------------------------------------------------------------------------------------- */

/* A logged table may not refer to an unlogged one. */
static bool breaks_foreign_keys(const Relation *table, char persistence)
{
	if (persistence == 'p') {
		for (uint32_t i = 0; i < table->constraints.count; i++) {
			const Constraint *constraint = table->constraints.items[i];
			if (constraint->kind == CONSTRAINT_FOREIGN_KEY && constraint->references &&
			    constraint->references != table && constraint->references->persistence == 'u')
				return true;
		}
		return false;
	}
	for (const Depend *need = table->object.users; need; need = need->next_user) {
		if (need->gone || need->user->dropped || need->user->kind != OBJECT_CONSTRAINT)
			continue;
		const Relation *user = (const Relation *)need->user->parent;
		if (user != table && user->persistence == 'p')
			return true;
	}
	return false;
}

const char *apply_set_persistence(Apply *apply)
{
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	char persistence = apply->action->kind == ACTION_SET_LOGGED ? 'p' : 'u';
	if (relation->persistence == 't')
		return INVALID_TABLE_DEFINITION;
	if (relation->persistence == persistence)
		return NULL;
	if (breaks_foreign_keys(relation, persistence))
		return INVALID_TABLE_DEFINITION;
	CHANGE(apply->catalog, relation->persistence, persistence);
	for (uint32_t i = 0; i < relation->indexes.count; i++)
		CHANGE(apply->catalog, relation->indexes.items[i]->persistence, persistence);
	return NULL;
}

/* Partitioned tables store nothing; views have parameters of their own. */
static bool has_parameters(const Relation *relation, const Names *names)
{
	if (relation->object.kind == OBJECT_VIEW) {
		for (uint32_t i = 0; i < names->count; i++)
			if (!starts_with(names->items[i], "security_") && !starts_with(names->items[i], "check_option"))
				return false;
		return true;
	}
	return relation->object.kind != OBJECT_TABLE || !relation->partition_strategy || !names->count;
}

/* "fillfactor=70": sets, replaces or takes away. */
static void change_options(Catalog *catalog, Relation *relation, const Names *changes, bool reset)
{
	for (uint32_t i = 0; i < changes->count; i++) {
		const char *change = changes->items[i];
		size_t length = strcspn(change, "=");
		Names kept = {0};
		for (uint32_t j = 0; j < relation->options.count; j++) {
			const char *old = relation->options.items[j];
			if (strcspn(old, "=") != length || strncmp(old, change, length) != 0)
				array_push(catalog->arena, &kept, old);
		}
		if (!reset)
			array_push(catalog->arena, &kept, catalog_intern(catalog, change));
		CHANGE(catalog, relation->options, kept);
	}
}

/* Unique, whole, of plain columns that are not null. */
static bool identifies_rows(const Relation *index)
{
	bool fine = index->unique && !index->predicate;
	for (uint32_t i = 0; fine && i < index->keys.count; i++)
		fine = index->keys.items[i].column && index->keys.items[i].column->not_null;
	return (fine && !(index->constraint && index->constraint->deferrable)) || index->object.assumed;
}

static const char *set_replica_identity(Catalog *catalog, Relation *relation, const Action *action)
{
	bool by_index = same(action->value, "index");
	const char *value = by_index ? action->object : action->value;
	const Relation *index = NULL;
	for (uint32_t i = 0; by_index && i < relation->indexes.count; i++)
		if (same(relation->indexes.items[i]->object.name, value))
			index = relation->indexes.items[i];
	if (by_index && !index && is_index_elsewhere(catalog, relation, value))
		return WRONG_OBJECT_TYPE;
	if (by_index && !index && !parts_unknown(catalog, relation))
		return UNDEFINED_OBJECT;
	if (index && !identifies_rows(index))
		return WRONG_OBJECT_TYPE;
	CHANGE(catalog, relation->replica_identity, same(value, "default") ? NULL : catalog_intern(catalog, value));
	return NULL;
}

static void set_row_security(Catalog *catalog, Relation *relation, const char *value)
{
	if (same(value, "enable") || same(value, "disable"))
		CHANGE(catalog, relation->row_security, same(value, "enable"));
	else
		CHANGE(catalog, relation->force_row_security, same(value, "force"));
}

const char *apply_table_property(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	if (!action->relation.name)
		return NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	switch (action->kind) {
	case ACTION_SET_TABLESPACE:
		CHANGE(catalog, relation->tablespace, catalog_intern(catalog, action->value));
		return NULL;
	case ACTION_SET_ACCESS_METHOD:
		CHANGE(catalog, relation->access_method, catalog_intern(catalog, action->value));
		return NULL;
	case ACTION_SET_STORAGE_PARAMETERS:
		if (!has_parameters(relation, &action->names))
			return catalog->version >= 17 ? WRONG_OBJECT_TYPE : INVALID_PARAMETER_VALUE;
		change_options(catalog, relation, &action->names, same(action->value, "reset"));
		return NULL;
	case ACTION_CLUSTER_ON:
		return mark_cluster(catalog, relation, action->object);
	case ACTION_SET_WITHOUT_CLUSTER:
		return mark_cluster(catalog, relation, NULL);
	case ACTION_SET_REPLICA_IDENTITY:
		return set_replica_identity(catalog, relation, action);
	case ACTION_SET_ROW_SECURITY:
		set_row_security(catalog, relation, action->value);
		return NULL;
	default:
		return NULL;
	}
}

const char *apply_of_type(Apply *apply)
{
	const char *sqlstate = NULL;
	Catalog *catalog = apply->catalog;
	Relation *table = altered_relation(apply, &sqlstate);
	if (!table || table->object.assumed)
		return sqlstate;
	const Action *action = apply->action;
	if (!action->other.name && !table->of_type)
		return WRONG_OBJECT_TYPE;
	CHANGE(catalog, table->of_type, action->other.name ? find_type(catalog, apply->path, action->other) : NULL);
	return NULL;
}
