/* What is said of any kind of object: CREATE of plain kinds, OWNER, COMMENT. */
#include "catalog/inside.h"

/* --- Schemas, extensions, and kinds without a struct of their own ------------------------------------------------- */

const char *apply_create_schema(Apply *apply)
{
	const Action *action = apply->action;
	const char *name = action->relation.name;
	if (!name) { /* CURRENT_USER's: under SET ROLE another statement may mean another one */
		bool again = apply->catalog->user_schema == action && !action->if_not_exists;
		CHANGE(apply->catalog, apply->catalog->user_schema, action);
		return again ? DUPLICATE_SCHEMA : NULL;
	}
	if (find_schema(apply->catalog, name))
		return action->if_not_exists ? NULL : DUPLICATE_SCHEMA;
	if (starts_with(name, "pg_"))
		return RESERVED_NAME;
	object_new(apply->catalog, OBJECT_SCHEMA, sizeof(Object), NULL, name, NULL);
	return NULL;
}

const char *apply_create_extension(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	Name name = {NULL, action->relation.name};
	if (find_object(catalog, apply->path, OBJECT_EXTENSION, name))
		return action->if_not_exists ? NULL : DUPLICATE_OBJECT;
	Object *extension = object_new(catalog, OBJECT_EXTENSION, sizeof *extension, NULL, name.name, NULL);
	/* In which schema its members are: definition is free for that. */
	extension->definition = action->other.schema ? catalog_intern(catalog, action->other.schema)
						     : assumed_schema(catalog, apply->path, name);
	CHANGE(catalog, catalog->extensions, true);
	return NULL;
}

/* A cast has no name: its types are it. */
Name kept_name(Apply *apply, const Action *action)
{
	if (action->object_kind != OBJECT_CAST || !action->other.name)
		return action->relation;
	return (Name){NULL, arena_print(apply->catalog->arena, "%s as %s", action->relation.name, action->other.name)};
}

typedef struct Published {
	Arena *arena;
	const char *text; /* " public.a public.b {schema} " */
	bool add, drop, assumed;
} Published;

/* NULL, or what PostgreSQL says of a table or schema that is there already, or is not. */
static const char *change_published(Published *published, const char *name)
{
	const char *item = arena_print(published->arena, " %s ", name), *text = published->text;
	const char *found = strstr(text, item);
	if (published->add && found)
		return DUPLICATE_OBJECT;
	if (published->drop && !found && !published->assumed)
		return UNDEFINED_OBJECT;
	if (published->drop && found)
		published->text = arena_print(published->arena, "%.*s%s", (int)(found - text), text, found + strlen(item) - 1);
	else if (!published->drop)
		published->text = arena_print(published->arena, "%s%s", text, item + 1);
	return NULL;
}

/*
 * Which tables a publication has, as text: " public.a public.b ", and whose schemas: " {public} ". DROP TABLE takes a table out of it without a word, so
 * this is no need of the publication's.
 */
static const char *change_publication(Apply *apply, Object *publication)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const Query *query = action->query;
	Arena scratch = {0};
	Published published = {&scratch, " ", same(action->value, "add"), same(action->value, "drop"), publication->assumed};
	if ((published.add || published.drop) && publication->definition)
		published.text = publication->definition;
	const char *sqlstate = NULL;
	for (uint32_t i = 0; query && i < query->uses.count && !sqlstate; i++) {
		Relation *table = assume_relation(catalog, apply->path, query->uses.items[i].relation, OBJECT_TABLE);
		sqlstate = table ? change_published(&published, object_text(&scratch, &table->object)) : UNDEFINED_TABLE;
	}
	for (uint32_t i = 0; i < action->columns.count && !sqlstate; i++)
		sqlstate = change_published(&published, arena_print(&scratch, "{%s}", action->columns.items[i]));
	if (!sqlstate)
		CHANGE(catalog, publication->definition, catalog_intern(catalog, action->all ? " all " : published.text));
	arena_free(&scratch);
	return sqlstate;
}

/* "leftarg=pg_catalog.int4 rightarg=pg_catalog.int4 ": what tells operators of one name apart. */
static const char *operands_of(Catalog *catalog, const Action *action)
{
	Buf text = {0};
	for (uint32_t i = 0; i < action->names.count; i++)
		if (starts_with(action->names.items[i], "leftarg=") || starts_with(action->names.items[i], "rightarg="))
			buf_addf(&text, "%s ", action->names.items[i]);
	const char *operands = catalog_intern(catalog, text.data ? text.data : "");
	buf_free(&text);
	return operands;
}

/* An extension's foreign-data wrapper bears the extension's name. */
static Object *wrapper_called(Apply *apply, Name name)
{
	Object *wrapper = find_object(apply->catalog, apply->path, OBJECT_FOREIGN_DATA_WRAPPER, name);
	return wrapper ? wrapper : find_object(apply->catalog, apply->path, OBJECT_EXTENSION, name);
}

static const char *duplicate_object(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_DATABASE:
		return DUPLICATE_DATABASE;
	case OBJECT_TEXT_SEARCH_CONFIGURATION:
	case OBJECT_TEXT_SEARCH_DICTIONARY:
	case OBJECT_TEXT_SEARCH_PARSER:
	case OBJECT_TEXT_SEARCH_TEMPLATE:
		return UNIQUE_VIOLATION; /* nobody looks before the catalog's index does */
	default:
		return DUPLICATE_OBJECT;
	}
}

const char *apply_create_object(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	ObjectKind kind = action->object_kind;
	Name name = kept_name(apply, action);
	if (!name.name || kind == OBJECT_NONE || name_class(kind) < CLASS_OTHER)
		return NULL;
	const char *sqlstate = NULL, *schema = NULL;
	if (kind_has_schema(kind) && !(schema = creation_schema(catalog, apply->path, name, &sqlstate)))
		return sqlstate;
	/* Operators and the like are known by their types, too: an equal name proves nothing. */
	bool by_name_alone = kind != OBJECT_OPERATOR && kind != OBJECT_OPERATOR_CLASS &&
			     kind != OBJECT_OPERATOR_FAMILY && kind != OBJECT_TRANSFORM && kind != OBJECT_USER_MAPPING;
	Object *old = find_in_schema(catalog, name_class(kind), schema, name.name);
	const char *operands = kind == OBJECT_OPERATOR ? operands_of(catalog, action) : NULL;
	for (Object *other = operands ? old : NULL; other; other = other->next_same)
		if (same(other->definition, operands))
			return DUPLICATE_FUNCTION;
	if (old && !old->assumed && by_name_alone && !action->or_replace)
		return action->if_not_exists ? NULL : duplicate_object(kind);
	if (old && (action->or_replace || action->if_not_exists))
		return NULL;
	Object *object = object_new(catalog, kind, sizeof *object, schema, name.name, NULL);
	object->definition = operands ? operands : catalog_intern(catalog, action->value);
	if (kind == OBJECT_PUBLICATION)
		return change_publication(apply, object);
	if (kind == OBJECT_STATISTICS && action->other.name) {
		Relation *table = assume_relation(catalog, apply->path, action->other, OBJECT_TABLE);
		if (!table)
			return UNDEFINED_TABLE;
		depend(catalog, object, &table->object, DEPEND_AUTO);
	}
	if (kind == OBJECT_FOREIGN_SERVER)
		depend(catalog, object, wrapper_called(apply, action->other), DEPEND_NORMAL);
	if (kind == OBJECT_EVENT_TRIGGER && action->other.name) {
		bool several = false;
		Function *function = find_function(catalog, apply->path, action->other, NULL, &several);
		depend(catalog, object, function ? &function->object : NULL, DEPEND_NORMAL);
	}
	return NULL;
}

/* --- Who is meant ------------------------------------------------------------------------------------------------- */

const char *undefined_object(ObjectKind kind, bool dropped)
{
	switch (name_class(kind)) {
	case CLASS_RELATION:
		return dropped && (kind == OBJECT_INDEX || kind == OBJECT_FOREIGN_TABLE) ? UNDEFINED_OBJECT : UNDEFINED_TABLE;
	case CLASS_ROUTINE:
		return UNDEFINED_FUNCTION;
	default:
		break;
	}
	return kind == OBJECT_SCHEMA	 ? UNDEFINED_SCHEMA
	       : kind == OBJECT_DATABASE ? UNDEFINED_DATABASE
					 : UNDEFINED_OBJECT;
}

Object *find_part(Apply *apply, Relation *relation, ObjectKind kind, const char *name)
{
	switch (kind) {
	case OBJECT_COLUMN: {
		Column *column = assume_column(apply->catalog, relation, name);
		return column ? &column->object : NULL;
	}
	case OBJECT_CONSTRAINT: {
		Constraint *constraint = find_constraint(relation, name);
		return constraint ? &constraint->object : NULL;
	}
	case OBJECT_TRIGGER: {
		Trigger *trigger = find_trigger(relation, name);
		return trigger ? &trigger->object : NULL;
	}
	case OBJECT_POLICY:
		return find_policy(relation, name);
	case OBJECT_RULE:
		for (uint32_t i = 0; i < relation->rules.count; i++)
			if (same(relation->rules.items[i]->object.name, name))
				return &relation->rules.items[i]->object;
		return NULL;
	default:
		return NULL;
	}
}

static Object *target_domain_constraint(Apply *apply, const char **sqlstate)
{
	const Type *type = find_type(apply->catalog, apply->path, apply->action->relation);
	for (uint32_t i = 0; type && i < type->constraints.count; i++)
		if (same(type->constraints.items[i]->object.name, apply->action->object))
			return &type->constraints.items[i]->object;
	bool open = type ? type->object.assumed : may_assume(apply->catalog);
	*sqlstate = open ? NULL : UNDEFINED_OBJECT;
	return NULL;
}

static Object *target_part(Apply *apply, const char **sqlstate)
{
	const Action *action = apply->action;
	if (action->object_kind == OBJECT_DOMAIN_CONSTRAINT)
		return target_domain_constraint(apply, sqlstate);
	const Type *composite = action->object_kind == OBJECT_COLUMN ? find_type(apply->catalog, apply->path, action->relation) : NULL;
	if (composite && composite->kind == TYPE_COMPOSITE) {
		for (uint32_t i = 0; i < composite->attributes.count; i++)
			if (same(composite->attributes.items[i]->object.name, action->object))
				return &composite->attributes.items[i]->object;
		*sqlstate = UNDEFINED_COLUMN;
		return NULL;
	}
	Relation *relation = assume_relation(apply->catalog, apply->path, action->relation, OBJECT_TABLE);
	if (!relation) {
		*sqlstate = action->if_exists ? NULL : UNDEFINED_TABLE;
		return NULL;
	}
	Object *part = find_part(apply, relation, action->object_kind, action->object);
	if (!part && !action->if_exists && !parts_unknown(apply->catalog, relation))
		*sqlstate = action->object_kind == OBJECT_COLUMN ? UNDEFINED_COLUMN : UNDEFINED_OBJECT;
	return part;
}

/* ALTER TABLE may be said of other relations; COMMENT may not. */
static bool right_kind(const Object *object, const Action *action)
{
	ObjectKind words = action->object_kind;
	if (object->kind == words || object->assumed || words == OBJECT_ROUTINE)
		return true;
	if (name_class(words) == CLASS_RELATION && action->kind == ACTION_SET_COMMENT)
		return false;
	if (name_class(words) == CLASS_RELATION)
		return words == OBJECT_TABLE || words == OBJECT_INDEX;
	return words == OBJECT_TYPE && object->kind == OBJECT_DOMAIN;
}

/* Objects that may exist without a trace in the history. */
static bool may_be_unseen(const Catalog *catalog, ObjectKind kind)
{
	if (may_assume(catalog))
		return true;
	switch (kind) {
	case OBJECT_SCHEMA:
	case OBJECT_STATISTICS:
	case OBJECT_PUBLICATION:
	case OBJECT_EVENT_TRIGGER:
		return false;
	default:
		return name_class(kind) >= CLASS_OTHER || (catalog->extensions && name_class(kind) != CLASS_RELATION);
	}
}

Object *action_target(Apply *apply, const char **sqlstate)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	ObjectKind kind = action->object_kind;
	if (!action->relation.name || kind == OBJECT_NONE)
		return NULL;
	if (name_class(kind) == CLASS_NONE || name_class(kind) == CLASS_CONSTRAINT)
		return target_part(apply, sqlstate);
	Object *object;
	if (name_class(kind) == CLASS_ROUTINE) {
		bool several = false;
		Function *function = find_function(catalog, apply->path, action->relation, action->function, &several);
		if (several && !(action->function && action->function->arguments_given))
			*sqlstate = AMBIGUOUS_FUNCTION;
		object = function && !*sqlstate ? &function->object : NULL;
	} else {
		object = find_object(catalog, apply->path, kind, action->relation);
	}
	if (object) {
		if (right_kind(object, action))
			return object;
		*sqlstate = WRONG_OBJECT_TYPE;
		return NULL;
	}
	if (*sqlstate || action->if_exists || action->relation_if_exists)
		return NULL;
	if (name_class(kind) == CLASS_RELATION) {
		Relation *relation = assume_relation(catalog, apply->path, action->relation, kind);
		if (relation)
			return &relation->object;
	}
	/* A table's row type, asked for as a type. */
	if (name_class(kind) == CLASS_TYPE && find_relation(catalog, apply->path, action->relation))
		*sqlstate = WRONG_OBJECT_TYPE;
	else if (!may_be_unseen(catalog, kind) || known_gone(catalog, apply->path, name_class(kind), action->relation))
		*sqlstate = name_class(kind) == CLASS_RELATION ? undefined_relation(apply, action->relation)
							       : undefined_object(kind, false);
	return NULL;
}

/* --- OWNER, COMMENT, ALTER ---------------------------------------------------------------------------------------- */

const char *apply_set_owner(Apply *apply)
{
	const char *sqlstate = NULL;
	Object *object = action_target(apply, &sqlstate);
	if (object) {
		const char *owner = apply->action->new_name ? apply->action->new_name : apply->action->value;
		if (!owner && apply->action->roles.count)
			owner = apply->action->roles.items[0];
		CHANGE(apply->catalog, object->owner, catalog_intern(apply->catalog, owner));
	}
	return sqlstate;
}

const char *apply_comment(Apply *apply)
{
	const char *sqlstate = NULL;
	Object *object = action_target(apply, &sqlstate);
	const char *text = apply->action->value;
	if (object)
		CHANGE(apply->catalog, object->comment, text && *text ? catalog_intern(apply->catalog, text) : NULL);
	return sqlstate;
}

const char *apply_alter_object(Apply *apply)
{
	const char *sqlstate = NULL;
	Object *target = action_target(apply, &sqlstate);
	bool preinstalled = apply->action->kind == ACTION_ALTER_EXTENSION || outlives_database(apply->action->object_kind);
	bool tables = apply->action->query && apply->action->query->uses.count;
	if (target && target->kind == OBJECT_PUBLICATION && (tables || apply->action->columns.count || same(apply->action->value, "set")))
		return change_publication(apply, target);
	return !target && preinstalled ? NULL : sqlstate;
}
