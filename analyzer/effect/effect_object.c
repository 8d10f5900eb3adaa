/* Making, renaming, owning and describing objects of all other kinds. */
#include "effect/draft.h"

#include <strings.h>

/* --- CREATE TABLE, views, functions ------------------------------------------------------------------------------- */

void effect_create_table(Draft *draft)
{
	const TableDef *def = draft->action->table;
	if (!def || (draft->action->if_not_exists && relation_called(draft, draft->action->relation, OBJECT_NONE)))
		return;
	for (uint32_t i = 0; i < def->inherits.count; i++) {
		Relation *parent = relation_called(draft, def->inherits.items[i], OBJECT_TABLE);
		take_lock(draft, parent, LOCK_SHARE_UPDATE_EXCLUSIVE);
		look_at_columns(draft, parent);
	}
	array_each (const struct TableLike, like, &def->likes) {
		Type *composite = find_type(draft->catalog, draft->path, like->relation);
		if (composite && composite->kind == TYPE_COMPOSITE) {
			take_lock_on_composite(draft, composite, LOCK_ACCESS_SHARE);
			continue;
		}
		Relation *model = relation_called(draft, like->relation, OBJECT_TABLE);
		take_lock(draft, model, LOCK_ACCESS_SHARE);
		look_at_columns(draft, model);
		if (like->indexes)
			take_lock_on_indexes(draft, model, LOCK_ACCESS_SHARE);
		for (uint32_t i = 0; model && like->defaults && i < model->columns.count; i++)
			look_at_default(draft, model->columns.items[i]->default_expr, 0);
	}
	if (def->of_type.name)
		take_lock_on_composite(draft, find_type(draft->catalog, draft->path, def->of_type), LOCK_ACCESS_SHARE);
	if (def->partition_of.name) {
		Relation *parent = relation_called(draft, def->partition_of, OBJECT_TABLE);
		take_lock(draft, parent, LOCK_ACCESS_EXCLUSIVE);
		look_at_columns(draft, parent);
		if (parent)
			add_partition_to(draft, parent, NULL, def->bound, def->default_partition);
	}
}

void effect_create_table_as(Draft *draft)
{
	const Action *action = draft->action;
	bool there = action->if_not_exists && relation_called(draft, action->relation, OBJECT_NONE);
	bool empty = action->with_no_data || (action->table && action->table->with_no_data);
	if (there || empty)
		look_at_query(draft, action->query);
	else
		run_query(draft, action->query);
	if (!there) {
		draft->planned = empty;
		run_prepared(draft);
	}
}

void effect_create_view(Draft *draft)
{
	look_at_query(draft, draft->action->query);
	if (!draft->action->or_replace)
		return;
	Relation *view = relation_called(draft, draft->action->relation, OBJECT_NONE);
	take_lock(draft, view, LOCK_ACCESS_EXCLUSIVE);
}

void effect_look_at_action_query(Draft *draft)
{
	look_at_query(draft, draft->action->query);
}

void effect_look_at_action_body(Draft *draft)
{
	look_at_body(draft, draft->action->body);
}

/* A row trigger is made in every partition, a statement trigger on the table that is named. */
void effect_create_trigger(Draft *draft)
{
	bool each_row = draft->action->value && strstr(draft->action->value, "row");
	look_at_query(draft, draft->action->query); /* CREATE CONSTRAINT TRIGGER … FROM */
	Relations reached = partitions_of(draft, draft->relation);
	for (uint32_t i = 0; each_row && i < reached.count; i++)
		take_lock(draft, reached.items[i], LOCK_SHARE_ROW_EXCLUSIVE);
}

/* A row trigger of a partitioned table, or ALL with those of foreign keys, is switched in every partition. */
void effect_switch_trigger(Draft *draft)
{
	const Action *action = draft->action;
	Relation *table = draft->relation;
	if (!table || !is_partitioned(table) || action->only)
		return;
	bool found = same(action->object, "all") && foreign_keys_to(draft, table).count > 0;
	for (uint32_t i = 0; i < table->triggers.count; i++) {
		const Object *trigger = &table->triggers.items[i]->object;
		found |= !trigger->dropped && (action->all || same(trigger->name, action->object)) && trigger->definition &&
			 ends_with(trigger->definition, " row");
	}
	for (uint32_t i = 0; same(action->object, "all") && i < table->constraints.count; i++)
		found |= table->constraints.items[i]->kind == CONSTRAINT_FOREIGN_KEY && !table->constraints.items[i]->object.dropped;
	if (found)
		take_lock_on_all(draft, partitions_of(draft, table), draft->statement_lock);
}

/* The body of an SQL function is analysed when it is made: its tables are looked up. PL/pgSQL reads its body at the
 * first call. */
void effect_create_function(Draft *draft)
{
	const FunctionDef *def = draft->action->function;
	if (!def || (!same(def->language, "sql") && !same_nocase(def->language, "plpgsql")))
		return;
	look_at_routine_types(draft, def);
	if (!same(def->language, "sql"))
		return;
	look_at_body(draft, def->body);
	for (const Action *part = def->body; part; part = part->next)
		look_through_query(draft, part->query);
}

/* --- Storage parameters ------------------------------------------------------------------------------------------- */

/* https://www.postgresql.org/docs/current/sql-altertable.html: "SHARE UPDATE EXCLUSIVE lock will be taken for
 * fillfactor, toast and autovacuum storage parameters, as well as the planner parameter parallel_workers"; the others
 * need ACCESS EXCLUSIVE. */
LockMode storage_parameters_lock(const Action *action)
{
	static const char *const strong[] = {"security_barrier",   "security_invoker", "check_option",
					     "user_catalog_table", "fastupdate",       "gin_pending_list_limit",
					     "buffering",	   "pages_per_range",  "autosummarize"};
	LockMode lock = action->names.count ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE;
	for (uint32_t n = 0; n < action->names.count; n++) {
		size_t length = strcspn(action->names.items[n], "=");
		for (size_t i = 0; i < LENGTH(strong); i++)
			if (strlen(strong[i]) == length && strncasecmp(action->names.items[n], strong[i], length) == 0)
				lock = LOCK_ACCESS_EXCLUSIVE;
	}
	return lock;
}

void effect_cluster_on(Draft *draft)
{
	const Action *action = draft->action;
	const char *index = action->object ? action->object : action->value;
	if (draft->relation && index)
		take_lock(draft, relation_called(draft, (Name){draft->relation->object.schema, index}, OBJECT_NONE),
			  draft->statement_lock);
}

void effect_set_replica_identity(Draft *draft)
{
	const Action *action = draft->action;
	if (draft->relation && action->object)
		take_lock(draft,
			  relation_called(draft, (Name){draft->relation->object.schema, action->object}, OBJECT_NONE),
			  LOCK_SHARE);
}

void effect_set_of_type(Draft *draft)
{
	if (draft->action->other.name)
		take_lock_on_composite(draft, find_type(draft->catalog, draft->path, draft->action->other),
				       LOCK_ACCESS_SHARE);
}

/* --- Sequences ---------------------------------------------------------------------------------------------------- */

/* OWNED BY t.a looks at the table. */
void effect_own_sequence(Draft *draft)
{
	const Action *action = draft->action;
	if (action->kind == ACTION_CREATE_SEQUENCE && action->if_not_exists &&
	    relation_called(draft, action->relation, OBJECT_NONE))
		return;
	if (action->other.name)
		take_lock(draft, relation_called(draft, action->other, OBJECT_TABLE), LOCK_ACCESS_SHARE);
}

/* --- Any object --------------------------------------------------------------------------------------------------- */

static bool is_relation_kind(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
	case OBJECT_SEQUENCE:
		return true;
	default:
		return false;
	}
}

static bool is_part_kind(ObjectKind kind)
{
	return kind == OBJECT_TRIGGER || kind == OBJECT_RULE || kind == OBJECT_POLICY || kind == OBJECT_CONSTRAINT;
}

/* The relation that is meant by a statement about any kind of object; a part's is its table. */
static Relation *relation_meant(Draft *draft)
{
	const Action *action = draft->action;
	if (!is_relation_kind(action->object_kind) && !is_part_kind(action->object_kind) &&
	    action->object_kind != OBJECT_COLUMN)
		return NULL;
	bool missing = action->if_exists || action->relation_if_exists;
	ObjectKind kind = is_relation_kind(action->object_kind) ? action->object_kind : OBJECT_TABLE;
	return relation_called(draft, action->relation, missing ? OBJECT_NONE : kind);
}

static Type *type_meant(Draft *draft)
{
	ObjectKind kind = draft->action->object_kind;
	return kind == OBJECT_TYPE || kind == OBJECT_ATTRIBUTE
		   ? find_type(draft->catalog, draft->path, draft->action->relation)
		   : NULL;
}

/* CASCADE: the tables OF the type rename their column. */
static void rename_in_typed_tables(Draft *draft, const Type *type)
{
	Relations tables = all_relations(draft, OBJECT_TABLE, NULL);
	for (uint32_t i = 0; type && i < tables.count; i++)
		if (tables.items[i]->of_type == type)
			take_lock_on_tree(draft, tables.items[i], LOCK_ACCESS_EXCLUSIVE);
}

/* A trigger's table, with its partitions; a rule's, a policy's, a relation itself. */
void effect_rename_object(Draft *draft)
{
	if (draft->action->object_kind == OBJECT_ATTRIBUTE && draft->action->cascade)
		rename_in_typed_tables(draft, type_meant(draft));
	if (draft->action->object_kind == OBJECT_TRIGGER)
		take_lock_on_all(draft, partitions_of(draft, relation_meant(draft)), LOCK_ACCESS_EXCLUSIVE);
	else
		take_lock(draft, relation_meant(draft), LOCK_ACCESS_EXCLUSIVE);
	take_lock_on_composite(draft, type_meant(draft), LOCK_ACCESS_EXCLUSIVE);
}

/* Sequences that belong to the columns move with their table. */
void effect_set_schema(Draft *draft)
{
	Relation *relation = relation_meant(draft);
	take_lock(draft, relation, LOCK_ACCESS_EXCLUSIVE);
	for (uint32_t i = 0; relation && i < relation->columns.count; i++)
		take_lock(draft, relation->columns.items[i]->sequence, LOCK_ACCESS_EXCLUSIVE);
	/* Those behind constraints move with them. */
	for (uint32_t i = 0; relation && i < relation->indexes.count; i++)
		if (!constraint_of_index(relation->indexes.items[i]))
			take_lock(draft, relation->indexes.items[i], LOCK_ACCESS_EXCLUSIVE);
}

/* What nobody gave away belongs to the one who made it: by default the role that runs migrations. */
static bool owns_already(const Relation *relation, const char *role)
{
	if (relation->object.owner)
		return same(relation->object.owner, role);
	return !role || same(role, "postgres") || same_nocase(role, "current_user") ||
	       same_nocase(role, "session_user") || same_nocase(role, "current_role");
}

static void give_to(Draft *draft, Relation *relation)
{
	take_lock(draft, relation, LOCK_ACCESS_EXCLUSIVE);
	take_lock_on_indexes(draft, relation, LOCK_ACCESS_EXCLUSIVE);
	for (uint32_t i = 0; i < relation->columns.count; i++)
		take_lock(draft, relation->columns.items[i]->sequence, LOCK_ACCESS_EXCLUSIVE);
}

static const char *new_owner(const Action *action)
{
	return action->roles.count ? action->roles.items[0] : action->new_name ? action->new_name : action->value;
}

void effect_set_owner(Draft *draft)
{
	Relation *relation = relation_meant(draft);
	take_lock(draft, relation, LOCK_ACCESS_EXCLUSIVE);
	if (relation && !owns_already(relation, new_owner(draft->action)))
		give_to(draft, relation);
	take_lock_on_composite(draft, type_meant(draft), LOCK_ACCESS_EXCLUSIVE);
}

void effect_reassign_owned(Draft *draft)
{
	const Names *roles = &draft->action->roles;
	uint32_t count = draft->catalog->objects.count;
	for (uint32_t i = 0; i < count; i++) {
		Object *object = draft->catalog->objects.items[i];
		bool owned = false;
		for (uint32_t r = 0; r < roles->count; r++)
			owned |= same(object->owner, roles->items[r]);
		if (owned && !object->dropped && is_relation_kind(object->kind))
			give_to(draft, (Relation *)object);
	}
}

/* COMMENT and SECURITY LABEL: the relation itself is kept from changing, the table of a constraint or trigger only
 * looked at. */
void effect_comment_on(Draft *draft)
{
	ObjectKind kind = draft->action->object_kind;
	Type *type = kind == OBJECT_COLUMN ? find_type(draft->catalog, draft->path, draft->action->relation) : NULL;
	if (type)
		take_lock_on_composite(draft, type, LOCK_SHARE_UPDATE_EXCLUSIVE);
	else
		take_lock(draft, relation_meant(draft),
			  is_part_kind(kind) ? LOCK_ACCESS_SHARE : LOCK_SHARE_UPDATE_EXCLUSIVE);
}

void effect_grant(Draft *draft)
{
	ObjectKind kind = draft->action->object_kind;
	if (!draft->action->all && (is_relation_kind(kind) || kind == OBJECT_COLUMN))
		take_lock(
		    draft,
		    relation_called(draft, draft->action->relation, kind == OBJECT_SEQUENCE ? kind : OBJECT_TABLE),
		    LOCK_ACCESS_SHARE);
}

/* --- Statistics, publications, databases … ------------------------------------------------------------------------ */

/* ALTER PUBLICATION … SET opens what leaves the publication, too. Its tables are kept as " public.a public.b ". */
static void touch_published(Draft *draft)
{
	Object *publication = find_object(draft->catalog, draft->path, OBJECT_PUBLICATION, draft->action->relation);
	const char *next = publication && publication->definition ? publication->definition : "";
	while (*(next += strspn(next, " "))) {
		size_t length = strcspn(next, " "), schema = strcspn(next, ".");
		Arena *arena = draft->context->arena;
		if (schema < length) {
			Name name = {arena_copy(arena, next, schema), arena_copy(arena, next + schema + 1, length - schema - 1)};
			Relation *table = find_relation(draft->catalog, draft->path, name);
			if (table && !is_partitioned(table))
				take_lock_on_tree(draft, table, LOCK_SHARE_UPDATE_EXCLUSIVE);
			else
				take_lock(draft, table, LOCK_SHARE_UPDATE_EXCLUSIVE);
		}
		next += length;
	}
}

/* CREATE STATISTICS and publications name tables in `other` or `names`; what is in `query` is read by neither. */
static void touch_named_tables(Draft *draft)
{
	const Action *action = draft->action;
	if (action->object_kind != OBJECT_STATISTICS && action->object_kind != OBJECT_PUBLICATION)
		return;
	if (action->object_kind == OBJECT_PUBLICATION && same(action->value, "set"))
		touch_published(draft);
	if (action->other.name)
		take_lock(draft, relation_called(draft, action->other, OBJECT_TABLE), LOCK_SHARE_UPDATE_EXCLUSIVE);
	for (uint32_t i = 0; action->query && i < action->query->uses.count; i++) {
		Relation *table = relation_called(draft, action->query->uses.items[i].relation, OBJECT_TABLE);
		if (action->object_kind == OBJECT_PUBLICATION && table && !is_partitioned(table) && !action->query->uses.items[i].only)
			take_lock_on_tree(draft, table, LOCK_SHARE_UPDATE_EXCLUSIVE);
		else
			take_lock(draft, table, LOCK_SHARE_UPDATE_EXCLUSIVE);
	}
}

static bool is_off(const char *option, const char *name)
{
	static const char *const words[] = {"false", "off", "no", "0"};
	size_t length = strlen(name);
	if (strncasecmp(option, name, length) != 0 || option[length] != '=')
		return false;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (same_nocase(option + length + 1, words[i]))
			return true;
	return false;
}

/* A subscription makes a replication slot on the other server unless it is told not to. */
static bool makes_slot(const Names *options)
{
	for (uint32_t i = 0; i < options->count; i++)
		if (is_off(options->items[i], "connect") || is_off(options->items[i], "create_slot"))
			return false;
	return true;
}

/* What acts outside the database cannot be rolled back. */
void effect_create_object(Draft *draft)
{
	ObjectKind kind = draft->action->object_kind;
	draft->effect->forbidden_in_transaction = kind == OBJECT_DATABASE || kind == OBJECT_TABLESPACE ||
						  (kind == OBJECT_SUBSCRIPTION && makes_slot(&draft->action->names));
	touch_named_tables(draft);
}

void effect_alter_object(Draft *draft)
{
	const Action *action = draft->action;
	bool moves_database = false;
	for (uint32_t i = 0; action->object_kind == OBJECT_DATABASE && i < action->names.count; i++)
		moves_database |= starts_with(action->names.items[i], "tablespace");
	draft->effect->forbidden_in_transaction = moves_database || action->object_kind == OBJECT_PARAMETER;
	/* A trigger can only be made to depend on an extension. */
	take_lock(draft, relation_meant(draft), action->object_kind == OBJECT_TRIGGER ? LOCK_ACCESS_SHARE : LOCK_ACCESS_EXCLUSIVE);
	touch_named_tables(draft);
}

/* Parts of ALTER TABLE without a word of their own: SET WITHOUT OIDS. */
void effect_other(Draft *draft)
{
	if (draft->action->in_alter)
		take_lock(draft, relation_called(draft, draft->action->relation, OBJECT_TABLE), LOCK_ACCESS_EXCLUSIVE);
}

/* --- The session -------------------------------------------------------------------------------------------------- */

void effect_discard(Draft *draft)
{
	draft->effect->forbidden_in_transaction = !draft->action->value || same_nocase(draft->action->value, "all");
}

/* COMMIT PREPARED and ROLLBACK PREPARED; PREPARE TRANSACTION itself needs a transaction. */
void effect_prepare_transaction(Draft *draft)
{
	draft->effect->forbidden_in_transaction = draft->action->value && !starts_with(draft->action->value, "prepare");
}
