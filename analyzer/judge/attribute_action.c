/* Attributes that stand in the action itself. */
#include "judge/attribute_read.h"

void set_text(Value *value, const char *text)
{
	value->present = text != NULL;
	value->text = text;
}

void set_bool(Value *value, bool truth)
{
	value->present = true;
	value->number = truth;
}

void set_number(Value *value, long number)
{
	value->present = true;
	value->number = number;
}

void set_list(Value *value, const Names *names)
{
	value->present = names->count > 0;
	value->list = *names;
}

/* --- Names ------------------------------------------------------------------------------------ */

static const char *first_schema(const Context *context)
{
	return context->session->schemas.count ? context->session->schemas.items[0] : "public";
}

const char *qualified_name(const Context *context, Name name)
{
	if (!name.name)
		return NULL;
	const Relation *relation = relation_named(context, name);
	if (relation)
		return object_text(context->arena, &relation->object);
	return arena_print(context->arena, "%s.%s", name.schema ? name.schema : first_schema(context), name.name);
}

void get_action_word(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action_word(action->kind));
}

void get_object_kind(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->object_kind == OBJECT_NONE ? NULL : object_kind_words(action->object_kind));
}

/* Kinds of objects that belong to the database or the server, not to a schema. */
static bool has_schema(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_SCHEMA:
	case OBJECT_EVENT_TRIGGER:
	case OBJECT_EXTENSION:
	case OBJECT_PUBLICATION:
	case OBJECT_SUBSCRIPTION:
	case OBJECT_ROLE:
	case OBJECT_DATABASE:
	case OBJECT_TABLESPACE:
	case OBJECT_ACCESS_METHOD:
	case OBJECT_CAST:
	case OBJECT_TRANSFORM:
	case OBJECT_LANGUAGE:
	case OBJECT_FOREIGN_DATA_WRAPPER:
	case OBJECT_FOREIGN_SERVER:
	case OBJECT_USER_MAPPING:
	case OBJECT_LARGE_OBJECT:
	case OBJECT_PARAMETER:
		return false;
	default:
		return true;
	}
}

void get_relation(const Context *context, const Action *action, Value *value)
{
	set_text(value,
		 has_schema(action->object_kind) ? qualified_name(context, action->relation) : action->relation.name);
}

void get_schema(const Context *context, const Action *action, Value *value)
{
	bool is_schema = action->kind == ACTION_CREATE_SCHEMA || action->kind == ACTION_DROP_SCHEMA;
	const Relation *relation = relation_named(context, action->relation);
	if (is_schema)
		set_text(value, action->relation.name);
	else if (action->relation.schema)
		set_text(value, action->relation.schema);
	else if (relation)
		set_text(value, relation->object.schema);
	else if (action->relation.name)
		set_text(value, first_schema(context));
}

/* Kinds whose relation is the table (or type) that the named thing is a part of. */
static bool names_a_part(const Action *action)
{
	switch (action->kind) {
	case ACTION_CREATE_INDEX:
	case ACTION_ADD_COLUMN:
	case ACTION_DROP_COLUMN:
	case ACTION_RENAME_COLUMN:
	case ACTION_ALTER_COLUMN_TYPE:
	case ACTION_SET_NOT_NULL:
	case ACTION_DROP_NOT_NULL:
	case ACTION_SET_DEFAULT:
	case ACTION_DROP_DEFAULT:
	case ACTION_ADD_CONSTRAINT:
	case ACTION_DROP_CONSTRAINT:
	case ACTION_VALIDATE_CONSTRAINT:
	case ACTION_RENAME_CONSTRAINT:
	case ACTION_CREATE_TRIGGER:
	case ACTION_DROP_TRIGGER:
	case ACTION_CREATE_POLICY:
	case ACTION_DROP_POLICY:
	case ACTION_CREATE_RULE:
	case ACTION_ADD_ENUM_LABEL:
	case ACTION_RENAME_ENUM_LABEL:
	case ACTION_ADD_ATTRIBUTE:
	case ACTION_ADD_DOMAIN_CONSTRAINT:
	case ACTION_SET_PARAMETER:
	case ACTION_RESET_PARAMETER:
		return true;
	default:
		return false;
	}
}

void get_name(const Context *context UNUSED, const Action *action, Value *value)
{
	if (action->kind == ACTION_ADD_CONSTRAINT || action->kind == ACTION_ADD_DOMAIN_CONSTRAINT)
		set_text(value, action->constraint ? action->constraint->name : NULL);
	else if (names_a_part(action))
		set_text(value, action->object);
	else
		set_text(value, action->relation.name);
}

void get_column(const Context *context UNUSED, const Action *action, Value *value)
{
	if (action->kind == ACTION_ADD_CONSTRAINT && !action->inline_constraint)
		return;
	if (action->kind == ACTION_SET_COMMENT && action->object_kind != OBJECT_COLUMN)
		return;
	set_text(value, action->object);
}

static Names columns_of(const Context *context, const Action *action)
{
	Names columns = action->columns;
	if (action->constraint)
		columns = action->constraint->columns;
	if (action->kind != ACTION_CREATE_INDEX || !action->index)
		return columns;
	columns = (Names){0};
	for (uint32_t i = 0; i < action->index->keys.count; i++)
		if (action->index->keys.items[i].column)
			array_push(context->arena, &columns, action->index->keys.items[i].column);
	return columns;
}

void get_columns(const Context *context, const Action *action, Value *value)
{
	Names columns = columns_of(context, action);
	set_list(value, &columns);
}

void get_column_count(const Context *context, const Action *action, Value *value)
{
	bool is_index = action->kind == ACTION_CREATE_INDEX && action->index;
	set_number(value, is_index ? (long)action->index->keys.count : (long)columns_of(context, action).count);
}

void get_new_name(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->new_name);
}

/* What the action makes, or the new name of what it renames. */
void get_given_name(const Context *context, const Action *action, Value *value)
{
	if (action->new_name)
		set_text(value, action->new_name);
	else
		get_name(context, action, value);
}

void get_qualified(const Context *context UNUSED, const Action *action, Value *value)
{
	if (action->relation.name)
		set_bool(value, action->relation.schema != NULL);
}

void get_new_schema(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->other.schema);
}

void get_other(const Context *context, const Action *action, Value *value)
{
	set_text(value, qualified_name(context, action->other));
}

void get_value(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->value);
}

void get_sql(const Context *context, const Action *action, Value *value)
{
	set_text(value, source_clause(context, action->span));
}

void get_roles(const Context *context UNUSED, const Action *action, Value *value)
{
	set_list(value, &action->roles);
}

void get_privileges(const Context *context, const Action *action, Value *value)
{
	Names all = {0};
	if (!action->names.count && action->object_kind != OBJECT_ROLE)
		array_push(context->arena, &all, "all");
	set_list(value, action->names.count ? &action->names : &all);
}

void get_labels(const Context *context UNUSED, const Action *action, Value *value)
{
	set_list(value, &action->names);
}

/* --- Columns ---------------------------------------------------------------------------------- */

static const TypeRef *type_of(const Action *action)
{
	return action->column_def ? &action->column_def->type : action->type;
}

void get_type(const Context *context, const Action *action, Value *value)
{
	if (!type_of(action))
		return;
	TypeRef bare = *type_of(action);
	/* `timestamptz` is a name like any other to the grammar; unless somebody made a type of that name it is
	 * PostgreSQL's own. */
	if (!bare.name.schema && !find_type(context->catalog, session_path(context->session), bare.name))
		bare.name.schema = "pg_catalog";
	bare.modifier_count = 0;
	bare.dimensions = 0;
	set_text(value, type_ref_text(context->arena, &bare));
}

void get_type_modifier(const Context *context UNUSED, const Action *action, Value *value)
{
	const TypeRef *type = type_of(action);
	if (type && type->modifier_count)
		set_number(value, type->modifiers[0]);
}

void get_array(const Context *context UNUSED, const Action *action, Value *value)
{
	const TypeRef *type = type_of(action);
	if (type)
		set_bool(value, type->dimensions > 0);
}

void get_serial(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->column_def && action->column_def->serial);
}

void get_not_null(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->column_def && action->column_def->not_null);
}

static const Expr *default_of(const Action *action)
{
	const Expr *expr = action->column_def ? action->column_def->default_expr : action->expr;
	return expr && expr->kind != EXPR_NULL ? expr : NULL;
}

void get_has_default(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, default_of(action) != NULL);
}

void get_default(const Context *context, const Action *action, Value *value)
{
	const Expr *expr = default_of(action);
	set_text(value, expr ? expr_text(context->arena, expr) : NULL);
}

void get_default_volatility(const Context *context, const Action *action, Value *value)
{
	static const char *const words[] = {[VOLATILITY_IMMUTABLE] = "immutable",
					    [VOLATILITY_STABLE] = "stable",
					    [VOLATILITY_VOLATILE] = "volatile",
					    [VOLATILITY_UNKNOWN] = "unknown"};
	const Expr *expr = default_of(action);
	if (expr)
		set_text(value, words[expr_volatility(context->catalog, session_path(context->session), expr)]);
}

void get_identity(const Context *context UNUSED, const Action *action, Value *value)
{
	char identity = action->column_def ? action->column_def->identity : 0;
	set_text(value, identity == 'a' ? "always" : identity == 'd' ? "by default" : NULL);
}

void get_generated(const Context *context UNUSED, const Action *action, Value *value)
{
	char generated = action->column_def ? action->column_def->generated : 0;
	set_text(value, generated == 's' ? "stored" : generated == 'v' ? "virtual" : NULL);
}

void get_inline(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->inline_constraint);
}

/* --- Constraints and indexes ------------------------------------------------------------------ */

void get_constraint_kind(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->constraint ? constraint_kind_words(action->constraint->kind) : NULL);
}

static bool is_foreign_key(const Action *action)
{
	return action->constraint && action->constraint->kind == CONSTRAINT_FOREIGN_KEY;
}

void get_references(const Context *context, const Action *action, Value *value)
{
	if (is_foreign_key(action))
		set_text(value, qualified_name(context, action->constraint->references));
}

/* PostgreSQL's letters; nothing written is NO ACTION. */
static const char *reference_action(char letter)
{
	switch (letter) {
	case 'r':
		return "restrict";
	case 'c':
		return "cascade";
	case 'n':
		return "set null";
	case 'd':
		return "set default";
	default:
		return "no action";
	}
}

void get_on_delete(const Context *context UNUSED, const Action *action, Value *value)
{
	if (is_foreign_key(action))
		set_text(value, reference_action(action->constraint->on_delete));
}

void get_on_update(const Context *context UNUSED, const Action *action, Value *value)
{
	if (is_foreign_key(action))
		set_text(value, reference_action(action->constraint->on_update));
}

void get_not_valid(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->constraint && action->constraint->not_valid);
}

void get_not_enforced(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->constraint && action->constraint->not_enforced);
}

void get_deferrable(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->constraint && action->constraint->deferrable);
}

void get_using_index(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->constraint ? action->constraint->using_index : NULL);
}

static const IndexDef *index_of(const Action *action)
{
	return action->constraint ? action->constraint->index : action->index;
}

void get_index_method(const Context *context UNUSED, const Action *action, Value *value)
{
	const IndexDef *index = index_of(action);
	set_text(value, index ? index->method : NULL);
}

void get_unique(const Context *context UNUSED, const Action *action, Value *value)
{
	const IndexDef *index = index_of(action);
	set_bool(value, index && index->unique);
}

void get_predicate(const Context *context, const Action *action, Value *value)
{
	const IndexDef *index = index_of(action);
	if (index && index->predicate)
		set_text(value, expr_text(context->arena, index->predicate));
}

void get_include(const Context *context UNUSED, const Action *action, Value *value)
{
	const IndexDef *index = index_of(action);
	if (index)
		set_list(value, &index->include);
}

/* --- Words that were written ------------------------------------------------------------------ */

#define FLAG(name, field)                                                                               \
	void get_##name(const Context *context UNUSED, const Action *action, Value *value)             \
	{                                                                                               \
		set_bool(value, action->field);                                                         \
	}
FLAG(concurrently, concurrently)
FLAG(if_exists, if_exists)
FLAG(if_not_exists, if_not_exists)
FLAG(or_replace, or_replace)
FLAG(cascade, cascade)
FLAG(only, only)
FLAG(all, all)
FLAG(in_create_table, in_create)
FLAG(has_where, has_where)
FLAG(on_conflict, on_conflict)
FLAG(local, local)
FLAG(finalize, finalize)

/* --- Functions and tables --------------------------------------------------------------------- */

void get_language(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->function ? action->function->language : NULL);
}

void get_security_definer(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->function && action->function->security_definer);
}

void get_sets_search_path(const Context *context UNUSED, const Action *action, Value *value)
{
	set_bool(value, action->function && action->function->sets_search_path);
}

void get_volatility(const Context *context UNUSED, const Action *action, Value *value)
{
	char letter = action->function ? action->function->volatility : 0;
	set_text(value, letter == 'i' ? "immutable" : letter == 's' ? "stable" : "volatile");
}

void get_returns(const Context *context, const Action *action, Value *value)
{
	if (action->function && action->function->returns.name.name)
		set_text(value, type_ref_text(context->arena, &action->function->returns));
}

void get_persistence(const Context *context UNUSED, const Action *action, Value *value)
{
	char letter = action->table ? action->table->persistence : 0;
	set_text(value, letter == 'u' ? "unlogged" : letter == 't' ? "temporary" : "permanent");
}

void get_partition_of(const Context *context, const Action *action, Value *value)
{
	set_text(value, action->table ? qualified_name(context, action->table->partition_of) : NULL);
}

void get_partition_strategy(const Context *context UNUSED, const Action *action, Value *value)
{
	set_text(value, action->table ? action->table->partition_strategy : NULL);
}

void get_inherits(const Context *context, const Action *action, Value *value)
{
	Names parents = {0};
	for (uint32_t i = 0; action->table && i < action->table->inherits.count; i++)
		array_push(context->arena, &parents, qualified_name(context, action->table->inherits.items[i]));
	set_list(value, &parents);
}
