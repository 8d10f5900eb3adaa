/* The life of a catalog, and finding what is in it. */
#include "catalog/inside.h"

Catalog *catalog_new(Arena *arena, int version)
{
	Catalog *catalog = new (arena, Catalog);
	catalog->arena = arena;
	catalog->version = version;
	static const char *const schemas[] = {"public", "pg_catalog", "information_schema", "pg_temp"};
	for (size_t i = 0; i < LENGTH(schemas); i++)
		object_new(catalog, OBJECT_SCHEMA, sizeof(Object), NULL, schemas[i], NULL);
	catalog->public_name = known_string(catalog, "public");
	catalog->system_name = known_string(catalog, "pg_catalog");
	catalog->temporary_name = known_string(catalog, "pg_temp");
	object_new(catalog, OBJECT_EXTENSION, sizeof(Object), NULL, "plpgsql", NULL);
	static const char *const languages[] = {"c", "internal", "plpgsql", "sql"};
	for (size_t i = 0; i < LENGTH(languages); i++)
		mark_assumed(object_new(catalog, OBJECT_LANGUAGE, sizeof(Object), NULL, languages[i], NULL));
	return catalog;
}

const char *known_string(const Catalog *catalog, const char *text)
{
	return text ? map_get(&catalog->strings, text, strlen(text)) : NULL;
}

const char *catalog_intern(Catalog *catalog, const char *text)
{
	if (!text)
		return NULL;
	size_t length = strlen(text);
	char *known = map_get(&catalog->strings, text, length);
	if (!known) {
		known = arena_copy(catalog->arena, text, length);
		map_set(catalog->arena, &catalog->strings, known, length, known);
	}
	return known;
}

bool is_table(const Relation *relation)
{
	return relation && (relation->object.kind == OBJECT_TABLE || relation->object.kind == OBJECT_FOREIGN_TABLE);
}

bool is_partitioned(const Relation *relation)
{
	if (!relation)
		return false;
	if (relation->object.kind == OBJECT_INDEX)
		return relation->table && is_partitioned(relation->table);
	return relation->partition_strategy != NULL;
}

bool has_row_type(const Relation *relation)
{
	return relation->object.kind != OBJECT_INDEX && relation->object.kind != OBJECT_SEQUENCE;
}

Relation *find_relation(const Catalog *catalog, SearchPath path, Name name)
{
	return (Relation *)find_in_path(catalog, path, CLASS_RELATION, name);
}

/* PostgreSQL's own tables and views are always there and never described. */
static bool is_system_name(Name name)
{
	if (!name.schema)
		return starts_with(name.name, "pg_");
	return same(name.schema, "pg_catalog") || same(name.schema, "information_schema");
}

/* A schema that the history never made is an extension's, a tool's, another project's: what is in it is not known here.
 */
static bool is_of_others(const Catalog *catalog, const char *schema)
{
	const Object *made = schema ? find_schema(catalog, schema) : NULL;
	return schema && (catalog->shared || has_strangers(catalog)) && (!made || made->assumed) &&
	       !known_gone(catalog, (SearchPath){0}, name_class(OBJECT_SCHEMA), (Name){NULL, schema});
}

Relation *assume_relation(Catalog *catalog, SearchPath path, Name name, ObjectKind kind)
{
	if (!name.name)
		return NULL;
	Relation *relation = find_relation(catalog, path, name);
	if (relation)
		return relation;
	const char *schema;
	if (is_system_name(name))
		schema = name.schema ? name.schema : "pg_catalog";
	else if ((!may_assume_kind(catalog, kind) && !is_of_others(catalog, name.schema)) || known_gone(catalog, path, CLASS_RELATION, name))
		return NULL;
	else
		schema = assumed_schema(catalog, path, name);
	relation = object_new(catalog, kind, sizeof *relation, schema, name.name, NULL);
	mark_assumed(&relation->object);
	relation->persistence = 'p';
	relation->valid = relation->populated = true;
	return relation;
}

Type *find_type(const Catalog *catalog, SearchPath path, Name name)
{
	return (Type *)find_in_path(catalog, path, CLASS_TYPE, name);
}

/* Kinds of objects that belong to no schema. */
bool kind_has_schema(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_STATISTICS:
	case OBJECT_COLLATION:
	case OBJECT_CONVERSION:
	case OBJECT_OPERATOR:
	case OBJECT_OPERATOR_CLASS:
	case OBJECT_OPERATOR_FAMILY:
	case OBJECT_TEXT_SEARCH_CONFIGURATION:
	case OBJECT_TEXT_SEARCH_DICTIONARY:
	case OBJECT_TEXT_SEARCH_PARSER:
	case OBJECT_TEXT_SEARCH_TEMPLATE:
		return true;
	default:
		return name_class(kind) < CLASS_OTHER;
	}
}

Object *find_object(const Catalog *catalog, SearchPath path, ObjectKind kind, Name name)
{
	NameClass class = name_class(kind);
	if (kind_has_schema(kind))
		return find_in_path(catalog, path, class, name);
	return find_in_schema(catalog, class, NULL, name.name);
}

Object *find_schema(const Catalog *catalog, const char *name)
{
	return find_in_schema(catalog, name_class(OBJECT_SCHEMA), NULL, name);
}

Column *find_column(const Relation *relation, const char *name)
{
	if (!name)
		return NULL;
	for (uint32_t i = 0; i < relation->columns.count && i < FEW_PARTS; i++)
		if (same(relation->columns.items[i]->object.name, name))
			return relation->columns.items[i];
	return relation->columns.count > FEW_PARTS ? (Column *)find_part_by_name(relation, OBJECT_COLUMN, name) : NULL;
}

Constraint *find_constraint(const Relation *relation, const char *name)
{
	for (uint32_t i = 0; i < relation->constraints.count && i < FEW_PARTS; i++)
		if (same(relation->constraints.items[i]->object.name, name))
			return relation->constraints.items[i];
	return relation->constraints.count > FEW_PARTS ? (Constraint *)find_part_by_name(relation, OBJECT_CONSTRAINT, name) : NULL;
}

Trigger *find_trigger(const Relation *relation, const char *name)
{
	for (uint32_t i = 0; i < relation->triggers.count && i < FEW_PARTS; i++)
		if (same(relation->triggers.items[i]->object.name, name))
			return relation->triggers.items[i];
	return relation->triggers.count > FEW_PARTS ? (Trigger *)find_part_by_name(relation, OBJECT_TRIGGER, name) : NULL;
}

Object *find_policy(const Relation *relation, const char *name)
{
	for (uint32_t i = 0; i < relation->policies.count && i < FEW_PARTS; i++)
		if (same(relation->policies.items[i]->name, name))
			return relation->policies.items[i];
	return relation->policies.count > FEW_PARTS ? find_part_by_name(relation, OBJECT_POLICY, name) : NULL;
}

Constraint *primary_key(const Relation *relation)
{
	for (uint32_t i = 0; i < relation->constraints.count; i++)
		if (relation->constraints.items[i]->kind == CONSTRAINT_PRIMARY_KEY)
			return relation->constraints.items[i];
	return NULL;
}

void relation_tree(Arena *arena, Relation *relation, Relation ***items, uint32_t *count)
{
	ARRAY(Relation *) tree = {0};
	ARRAY(Relation *) waiting = {0};
	array_push(arena, &waiting, relation);
	while (waiting.count) {
		Relation *next = waiting.items[--waiting.count];
		bool seen = next->tree_place < tree.count && tree.items[next->tree_place] == next;
		if (seen)
			continue;
		next->tree_place = tree.count;
		array_push(arena, &tree, next);
		bool is_index = next->object.kind == OBJECT_INDEX;
		uint32_t below = is_index ? next->child_indexes.count : next->children.count;
		for (uint32_t i = below; i > 0; i--)
			array_push(arena, &waiting,
				   is_index ? next->child_indexes.items[i - 1] : next->children.items[i - 1]);
	}
	*items = tree.items;
	*count = tree.count;
}

char *object_text(Arena *arena, const Object *object)
{
	if (object->parent) {
		const Object *parent = object->parent;
		return parent->schema ? arena_print(arena, "%s.%s.%s", parent->schema, parent->name, object->name)
				      : arena_join(arena, parent->name, ".", object->name);
	}
	return object->schema ? arena_join(arena, object->schema, ".", object->name)
			      : arena_string(arena, object->name);
}
