#include "replay/guard.h"

enum { DEEPEST_GUARD = 64 };

static Truth negate(Truth truth)
{
	return truth == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

/* Not found means missing only where everything that exists is known. */
static Truth missing(const Catalog *catalog)
{
	return catalog->closed && !catalog->partial ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

/* A part (column, constraint, trigger, policy) of a table whose definition is known: absent means absent. */
static Truth part_exists(const Catalog *catalog, const Relation *table, const void *part)
{
	if (part)
		return TRUTH_TRUE;
	return table && !table->object.assumed ? TRUTH_FALSE : missing(catalog);
}

/* By name alone, among all objects ever made: guards on constraints and triggers often name no table. */
static Truth any_exists(const Catalog *catalog, ObjectKind kind, const char *name)
{
	array_each (Object *, object, &catalog->objects)
		if ((*object)->kind == kind && !(*object)->dropped && same((*object)->name, name))
			return TRUTH_TRUE;
	return missing(catalog);
}

static Relation *asked_relation(const Catalog *catalog, SearchPath path, Name name, bool anywhere)
{
	Relation *found = name.name ? find_relation(catalog, path, name) : NULL;
	bool looks_on = !found && anywhere && name.name && !name.schema;
	return looks_on ? only_relation(catalog, name.name) : found;
}

static Type *asked_type(const Catalog *catalog, SearchPath path, Name name, bool anywhere)
{
	Type *found = name.name ? find_type(catalog, path, name) : NULL;
	bool looks_on = !found && anywhere && name.name && !name.schema;
	return looks_on ? only_type(catalog, name.name) : found;
}

/* pg_views and its like list one kind only: what was a view may be a table by now. */
static Truth relation_exists(const Catalog *catalog, SearchPath path, const Guard *guard)
{
	const Relation *found = asked_relation(catalog, path, guard->name, guard->anywhere);
	if (!found || found->object.assumed || found->object.kind == guard->object_kind)
		return found ? TRUTH_TRUE : missing(catalog);
	return guard->name.schema ? TRUTH_FALSE : missing(catalog);
}

/* A constraint of that kind, whatever it is called. */
static Truth constraint_of_kind(const Catalog *catalog, const Relation *table, const char *kind)
{
	static const char *const letters = "pucfx";
	static const ConstraintKind kinds[] = {CONSTRAINT_PRIMARY_KEY, CONSTRAINT_UNIQUE, CONSTRAINT_CHECK, CONSTRAINT_FOREIGN_KEY,
					       CONSTRAINT_EXCLUSION};
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		if (!same_nocase(kind, constraint_kind_words(kinds[i])) && !(kind[0] == letters[i] && !kind[1]))
			continue;
		for (uint32_t j = 0; table && j < table->constraints.count; j++)
			if (table->constraints.items[j]->kind == kinds[i])
				return TRUTH_TRUE;
		return part_exists(catalog, table, NULL);
	}
	return TRUTH_UNKNOWN;
}

static Truth object_exists(Catalog *catalog, SearchPath path, const Guard *guard)
{
	Relation *table = asked_relation(catalog, path, guard->parent, guard->anywhere);
	switch (guard->object_kind) {
	case OBJECT_TABLE:
		return asked_relation(catalog, path, guard->name, guard->anywhere) ? TRUTH_TRUE : missing(catalog);
	case OBJECT_FOREIGN_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_INDEX:
	case OBJECT_SEQUENCE:
		return relation_exists(catalog, path, guard);
	case OBJECT_COLUMN:
		return part_exists(catalog, table, table ? find_column(table, guard->name.name) : NULL);
	case OBJECT_CONSTRAINT:
		if (!guard->name.name && guard->member)
			return constraint_of_kind(catalog, table, guard->member);
		if (!table)
			return any_exists(catalog, OBJECT_CONSTRAINT, guard->name.name);
		return part_exists(catalog, table, find_constraint(table, guard->name.name));
	case OBJECT_TRIGGER:
		if (!table)
			return any_exists(catalog, OBJECT_TRIGGER, guard->name.name);
		return part_exists(catalog, table, find_trigger(table, guard->name.name));
	case OBJECT_POLICY:
		if (!table)
			return any_exists(catalog, OBJECT_POLICY, guard->name.name);
		return part_exists(catalog, table, find_policy(table, guard->name.name));
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
		return asked_type(catalog, path, guard->name, guard->anywhere) ? TRUTH_TRUE : missing(catalog);
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_AGGREGATE:
	case OBJECT_ROUTINE:
		return find_function(catalog, path, guard->name, NULL, &(bool){false}) ? TRUTH_TRUE : missing(catalog);
	default:
		/* Roles, extensions and the like outlive databases: absence from the history proves nothing. */
		return find_object(catalog, path, guard->object_kind, guard->name) ? TRUTH_TRUE : TRUTH_UNKNOWN;
	}
}

static Truth label_exists(const Catalog *catalog, SearchPath path, const Guard *guard)
{
	const Type *type = asked_type(catalog, path, guard->name, guard->anywhere);
	if (!type)
		return missing(catalog);
	array_each (const char *, label, &type->labels)
		if (same(*label, guard->member))
			return TRUTH_TRUE;
	return type->object.assumed ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static Truth column_is(const Catalog *catalog, SearchPath path, const Guard *guard)
{
	const Relation *table = asked_relation(catalog, path, guard->parent, guard->anywhere);
	const Column *column = table && guard->name.name ? find_column(table, guard->name.name) : NULL;
	if (!column || column->object.assumed)
		return TRUTH_UNKNOWN;
	if (guard->kind == GUARD_COLUMN_NULLABLE)
		return column->not_null ? TRUTH_FALSE : TRUTH_TRUE;
	if (!column->type.name || !guard->member)
		return TRUTH_UNKNOWN;
	/* information_schema prints the type without its modifier; udt_name is the internal name. */
	DataType bare = column->type;
	bare.modifier_count = 0;
	Arena arena = {0};
	bool equal = same(data_type_text(&arena, &bare), guard->member) || same(bare.name, guard->member) ||
		     (bare.dimensions && same("ARRAY", guard->member));
	arena_free(&arena);
	return equal ? TRUTH_TRUE : TRUTH_FALSE;
}

/* server_version_num is major * 10000 + minor; a comparison that the minor decides is unknown. */
static Truth version_compares(const Catalog *catalog, const Guard *guard)
{
	long low = catalog->version * 10000L, high = low + 9999;
	long number = guard->number;
	const char *op = guard->op;
	if (same(op, ">="))
		return low >= number ? TRUTH_TRUE : high < number ? TRUTH_FALSE : TRUTH_UNKNOWN;
	if (same(op, ">"))
		return low > number ? TRUTH_TRUE : high <= number ? TRUTH_FALSE : TRUTH_UNKNOWN;
	if (same(op, "<"))
		return high < number ? TRUTH_TRUE : low >= number ? TRUTH_FALSE : TRUTH_UNKNOWN;
	if (same(op, "<="))
		return high <= number ? TRUTH_TRUE : low > number ? TRUTH_FALSE : TRUTH_UNKNOWN;
	return TRUTH_UNKNOWN;
}

static Truth holds(Catalog *catalog, SearchPath path, const Guard *guard, int depth)
{
	if (!guard || depth > DEEPEST_GUARD)
		return TRUTH_UNKNOWN;
	switch (guard->kind) {
	case GUARD_OBJECT_EXISTS:
		return object_exists(catalog, path, guard);
	case GUARD_LABEL_EXISTS:
		return label_exists(catalog, path, guard);
	case GUARD_COLUMN_TYPE:
	case GUARD_COLUMN_NULLABLE:
		return column_is(catalog, path, guard);
	case GUARD_CONSTANT:
		return guard->value ? TRUTH_TRUE : TRUTH_FALSE;
	case GUARD_SERVER_VERSION:
		return version_compares(catalog, guard);
	case GUARD_NOT:
		return negate(holds(catalog, path, guard->left, depth + 1));
	case GUARD_AND:
	case GUARD_OR: {
		Truth decisive = guard->kind == GUARD_AND ? TRUTH_FALSE : TRUTH_TRUE;
		Truth left = holds(catalog, path, guard->left, depth + 1);
		Truth right = holds(catalog, path, guard->right, depth + 1);
		if (left == decisive || right == decisive)
			return decisive;
		return left == TRUTH_UNKNOWN || right == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : negate(decisive);
	}
	case GUARD_ROWS_EXIST:
	case GUARD_UNKNOWN:
		break;
	}
	return TRUTH_UNKNOWN;
}

Truth guard_holds(Catalog *catalog, const Session *session, const Guard *guard)
{
	return holds(catalog, session_path(session), guard, 0);
}
