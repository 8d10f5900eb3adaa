/* Expressions and queries in the catalog: copies that outlive the migration, what they mention, what they need. */
#include "catalog/inside.h"

enum { DEEPEST = 40 };

/* --- Copies ------------------------------------------------------------------------------------------------------- */

/* rename_from NULL: a plain copy. */
typedef struct Copying {
	Catalog *catalog;
	const char *rename_from, *rename_to;
} Copying;

static Query *copy_query(const Copying *copying, const Query *query, int depth);

static Name copy_name(Catalog *catalog, Name name)
{
	return (Name){catalog_intern(catalog, name.schema), catalog_intern(catalog, name.name)};
}

static TypeRef *copy_type(Catalog *catalog, const TypeRef *type)
{
	TypeRef *copy = new (catalog->arena, TypeRef);
	*copy = *type;
	copy->name = copy_name(catalog, type->name);
	return copy;
}

static Expr *copy_expr(const Copying *copying, const Expr *expr, int depth)
{
	Catalog *catalog = copying->catalog;
	Expr *copy = new (catalog->arena, Expr);
	*copy = *expr;
	copy->arguments = copy->next = NULL;
	copy->query = NULL;
	copy->name = copy_name(catalog, expr->name);
	copy->text = catalog_intern(catalog, expr->text);
	if (expr->type)
		copy->type = copy_type(catalog, expr->type);
	if (expr->kind == EXPR_COLUMN && copying->rename_from && same(expr->name.name, copying->rename_from))
		copy->name.name = copying->rename_to;
	if (depth >= DEEPEST) {
		copy->partial = copy->partial || expr->arguments || expr->query;
		return copy;
	}
	if (expr->query)
		copy->query = copy_query(copying, expr->query, depth + 1);
	Expr **end = &copy->arguments;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next) {
		*end = copy_expr(copying, argument, depth + 1);
		end = &(*end)->next;
	}
	return copy;
}

void names_copy(Catalog *catalog, Names *to, const Names *from)
{
	for (uint32_t i = 0; i < from->count; i++)
		array_push(catalog->arena, to, catalog_intern(catalog, from->items[i]));
}

static Query *copy_query(const Copying *copying, const Query *query, int depth)
{
	Catalog *catalog = copying->catalog;
	Query *copy = new (catalog->arena, Query);
	copy->has_limit = query->has_limit;
	copy->distinct = query->distinct;
	copy->needs_all_rows = query->needs_all_rows;
	copy->other_columns = query->other_columns;
	copy->partial = query->partial;
	for (uint32_t i = 0; i < query->uses.count; i++) {
		RelationUse use = query->uses.items[i];
		use.relation = copy_name(catalog, use.relation);
		use.alias = catalog_intern(catalog, use.alias);
		use.columns = use.first = use.certain = (Names){0};
		names_copy(catalog, &use.columns, &query->uses.items[i].columns);
		names_copy(catalog, &use.first, &query->uses.items[i].first);
		array_push(catalog->arena, &copy->uses, use);
	}
	for (uint32_t i = 0; i < query->functions.count; i++)
		array_push(catalog->arena, &copy->functions, copy_name(catalog, query->functions.items[i]));
	for (uint32_t i = 0; i < query->types.count; i++)
		array_push(catalog->arena, &copy->types, copy_name(catalog, query->types.items[i]));
	names_copy(catalog, &copy->columns, &query->columns);
	names_copy(catalog, &copy->shared, &query->shared);
	names_copy(catalog, &copy->outputs, &query->outputs);
	if (depth >= DEEPEST) {
		copy->partial = true;
		return copy;
	}
	for (uint32_t i = 0; i < query->calls.count; i++)
		array_push(catalog->arena, &copy->calls, copy_expr(copying, query->calls.items[i], depth + 1));
	for (uint32_t i = 0; i < query->output_exprs.count; i++) {
		const Expr *output = query->output_exprs.items[i];
		array_push(catalog->arena, &copy->output_exprs, output ? copy_expr(copying, output, depth + 1) : NULL);
	}
	if (query->where)
		copy->where = copy_expr(copying, query->where, depth + 1);
	if (query->order)
		copy->order = copy_expr(copying, query->order, depth + 1);
	return copy;
}

const Expr *expr_copy(Catalog *catalog, const Expr *expr)
{
	return expr ? copy_expr(&(Copying){.catalog = catalog}, expr, 0) : NULL;
}

const Query *query_copy(Catalog *catalog, const Query *query)
{
	return query ? copy_query(&(Copying){.catalog = catalog}, query, 0) : NULL;
}

const Expr *expr_with_renamed_column(Catalog *catalog, const Expr *expr, const char *from, const char *to)
{
	if (!expr || !expr_mentions_column(expr, from))
		return expr;
	return copy_expr(&(Copying){catalog, from, catalog_intern(catalog, to)}, expr, 0);
}

/* --- What they mention -------------------------------------------------------------------------------------------- */

typedef struct Walk {
	Catalog *catalog;
	SearchPath path;
	Relation *relation; /* whose columns are collected */
	ColumnList *columns;
	Object *user; /* who needs what is found */
	bool missing; /* a column that is not there */
} Walk;

static void collect_column(Walk *walk, const char *name)
{
	Column *column = find_column(walk->relation, name);
	if (!column && names_no_column(walk->relation, name))
		return;
	if (!column)
		column = assume_column(walk->catalog, walk->relation, name);
	if (!column) {
		walk->missing = true;
		return;
	}
	for (uint32_t i = 0; i < walk->columns->count; i++)
		if (walk->columns->items[i] == column)
			return;
	array_push(walk->catalog->arena, walk->columns, column);
}

Name name_of_literal(Arena *arena, const char *text)
{
	Name name = {0};
	char *part = arena_alloc(arena, 1, strlen(text) + 1);
	size_t length = 0;
	bool quoted = false;
	for (const char *c = text;; c++) {
		if (*c == '"') {
			quoted = !quoted;
		} else if (!*c || (*c == '.' && !quoted)) {
			part[length] = '\0';
			name.schema = name.name;
			name.name = part;
			length = 0;
			if (!*c)
				return name;
			part = arena_alloc(arena, 1, strlen(c) + 1);
		} else {
			part[length++] = quoted || *c < 'A' || *c > 'Z' ? *c : (char)(*c - 'A' + 'a');
		}
	}
}

/* The name in nextval('…'), below casts; no name when expr is something else. */
static Name nextval_name(Arena *arena, const Expr *expr)
{
	for (int depth = 0; expr && expr->kind == EXPR_CAST && depth < DEEPEST; depth++)
		expr = expr->arguments;
	if (!expr || expr->kind != EXPR_CALL || !name_is(expr->name, "pg_catalog", "nextval"))
		return (Name){0};
	const Expr *argument = expr->arguments;
	for (int depth = 0; argument && argument->kind == EXPR_CAST && depth < DEEPEST; depth++)
		argument = argument->arguments;
	bool literal = argument && argument->kind == EXPR_CONSTANT && argument->text;
	return literal ? name_of_literal(arena, argument->text) : (Name){0};
}

/* The sequence that nextval('…') in expr names; NULL when there is none. */
static Relation *nextval_sequence(const Catalog *catalog, SearchPath path, const Expr *expr)
{
	Name name = nextval_name(catalog->arena, expr);
	Relation *found = name.name ? find_relation(catalog, path, name) : NULL;
	return found && found->object.kind == OBJECT_SEQUENCE ? found : NULL;
}

/* Which functions there are besides the defined ones is not known; that one was dropped is. */
static bool calls_missing(const Catalog *catalog, SearchPath path, const Expr *expr, int depth)
{
	if (!expr || depth > DEEPEST)
		return false;
	bool several;
	if (expr->kind == EXPR_CALL && !find_function(catalog, path, expr->name, NULL, &several) &&
	    known_gone(catalog, path, CLASS_ROUTINE, expr->name))
		return true;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		if (calls_missing(catalog, path, argument, depth + 1))
			return true;
	return false;
}

const char *missing_in_expr(const Catalog *catalog, SearchPath path, const Expr *expr)
{
	Name name = expr && !may_assume(catalog) ? nextval_name(catalog->arena, expr) : (Name){0};
	if (name.name)
		return find_relation(catalog, path, name) ? NULL : UNDEFINED_TABLE;
	return calls_missing(catalog, path, expr, 0) ? UNDEFINED_FUNCTION : NULL;
}

static void need_function(Walk *walk, Name name)
{
	/* Arguments' types are not known here: one function of the name is it, of several any may be. */
	bool several = false;
	Function *function = find_function(walk->catalog, walk->path, name, NULL, &several);
	if (function && !several)
		depend(walk->catalog, walk->user, &function->object, DEPEND_NORMAL);
}

static void need_type(Walk *walk, Name name)
{
	Type *type = find_type(walk->catalog, walk->path, name);
	if (type)
		depend(walk->catalog, walk->user, &type->object, DEPEND_NORMAL);
}

static void walk_expr(Walk *walk, const Expr *expr, int depth)
{
	if (expr->kind == EXPR_COLUMN && walk->columns)
		collect_column(walk, expr->name.name);
	if (walk->user) {
		if (expr->kind == EXPR_CALL)
			need_function(walk, expr->name);
		if (expr->type)
			need_type(walk, expr->type->name);
		Relation *sequence = expr->kind == EXPR_CALL ? nextval_sequence(walk->catalog, walk->path, expr) : NULL;
		if (sequence)
			depend(walk->catalog, walk->user, &sequence->object, DEPEND_NORMAL);
		if (expr->query)
			depend_on_query(walk->catalog, walk->path, walk->user, expr->query);
	}
	if (depth >= DEEPEST)
		return;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		walk_expr(walk, argument, depth + 1);
}

bool expr_columns(Catalog *catalog, Relation *relation, const Expr *expr, ColumnList *columns)
{
	Walk walk = {.catalog = catalog, .relation = relation, .columns = columns};
	if (expr)
		walk_expr(&walk, expr, 0);
	return !walk.missing;
}

void depend_on_expr(Catalog *catalog, SearchPath path, Object *user, const Expr *expr)
{
	if (expr)
		walk_expr(&(Walk){.catalog = catalog, .path = path, .user = user}, expr, 0);
}

void depend_on_type(Catalog *catalog, Object *user, const DataType *type)
{
	if (type->user) {
		depend(catalog, user, &type->user->object, DEPEND_NORMAL);
		return;
	}
	if (!type->schema || same(type->schema, "pg_catalog"))
		return;
	Object *relation = find_in_schema(catalog, CLASS_RELATION, type->schema, type->name);
	if (relation)
		depend(catalog, user, relation, DEPEND_NORMAL);
}

static void depend_on_column(Catalog *catalog, Object *user, const Column *column)
{
	if (column)
		depend(catalog, user, (Object *)&column->object, DEPEND_NORMAL);
}

static void depend_on_columns(Catalog *catalog, Object *user, const Relation *relation, const Names *names)
{
	for (uint32_t i = 0; i < names->count; i++)
		depend_on_column(catalog, user, find_column(relation, names->items[i]));
}

/* Bare names that may be any relation's: several give columns where they stand, or the only one there has no such column. */
static Names names_of_any(const Catalog *catalog, SearchPath path, const Query *query)
{
	Names names = {0};
	for (uint32_t i = 0; i < query->shared.count; i++)
		array_push(catalog->arena, &names, query->shared.items[i]);
	for (uint32_t i = 0; i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		const Relation *relation = use->first.count ? find_relation(catalog, path, use->relation) : NULL;
		for (uint32_t j = 0; j < use->first.count; j++)
			if (!relation || !find_column(relation, use->first.items[j]))
				array_push(catalog->arena, &names, use->first.items[j]);
	}
	return names;
}

/* What is qualified belongs to this relation; a bare name to the one that has it, as far as that is known. */
static void depend_on_use(Catalog *catalog, Object *user, const Query *query, const RelationUse *use, const Names *of_any,
			  Relation *relation)
{
	depend(catalog, user, &relation->object, DEPEND_NORMAL);
	for (uint32_t i = 0; i < use->columns.count; i++)
		if (!same(use->columns.items[i], "*"))
			depend_on_column(catalog, user, assume_column(catalog, relation, use->columns.items[i]));
	depend_on_columns(catalog, user, relation, &use->first);
	depend_on_columns(catalog, user, relation, of_any);
	/* With several relations nobody says whose columns a bare "*" gives: a WITH query's, perhaps. */
	if (names_have(&use->columns, "*") || (query->uses.count == 1 && names_have(&query->columns, "*")))
		for (uint32_t i = 0; i < relation->columns.count; i++)
			depend_on_column(catalog, user, relation->columns.items[i]);
}

void depend_on_query(Catalog *catalog, SearchPath path, Object *user, const Query *query)
{
	if (!query)
		return;
	const Names of_any = names_of_any(catalog, path, query);
	for (uint32_t i = 0; i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		Relation *relation = assume_relation(catalog, path, use->relation, OBJECT_TABLE);
		if (relation)
			depend_on_use(catalog, user, query, use, &of_any, relation);
	}
	Walk walk = {.catalog = catalog, .path = path, .user = user};
	for (uint32_t i = 0; i < query->functions.count; i++)
		need_function(&walk, query->functions.items[i]);
	for (uint32_t i = 0; i < query->types.count; i++)
		need_type(&walk, query->types.items[i]);
}

/* --- Names of expressions ----------------------------------------------------------------------------------------- */

/* weak: only a cast's type or "case", which a better name inside replaces. */
static const char *figure_name(const Expr *expr, bool *weak, int depth)
{
	if (!expr || depth >= DEEPEST)
		return NULL;
	const char *name;
	switch (expr->kind) {
	case EXPR_COLUMN:
	case EXPR_CALL:
		return expr->name.name;
	case EXPR_CAST:
		name = figure_name(expr->arguments, weak, depth + 1);
		if (name && !*weak)
			return name;
		*weak = true;
		return expr->type ? expr->type->name.name : name;
	case EXPR_COLLATE:
		return figure_name(expr->arguments, weak, depth + 1);
	case EXPR_ARRAY:
		return same(expr->text, "row") ? "row" : "array";
	case EXPR_COALESCE:
		return expr->text ? expr->text : "coalesce";
	case EXPR_CASE:
		*weak = true;
		return "case";
	case EXPR_KEYWORD:
		return expr->text;
	case EXPR_SUBQUERY:
		return same(expr->text, "exists") || same(expr->text, "array") ? expr->text : NULL;
	default:
		return NULL;
	}
}

const char *expr_figure_name(const Expr *expr)
{
	bool weak = false;
	return figure_name(expr, &weak, 0);
}
