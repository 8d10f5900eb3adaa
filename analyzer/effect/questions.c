/* Questions that effects ask of the catalog. */
#include "effect/draft.h"

enum { PROOF_DEPTH = 20 };

Relation *relation_called(Draft *draft, Name name, ObjectKind assumed_kind)
{
	if (!name.name)
		return NULL;
	Relation *relation = find_relation(draft->catalog, draft->path, name);
	if (!relation && assumed_kind != OBJECT_NONE)
		relation = assume_relation(draft->catalog, draft->path, name, assumed_kind);
	return relation;
}

Relations tree_of(const Draft *draft, Relation *relation)
{
	Relations tree = {0};
	if (!relation)
		return tree;
	relation_tree(draft->context->arena, relation, &tree.items, &tree.count);
	tree.capacity = tree.count;
	return tree;
}

Relations partitions_of(const Draft *draft, Relation *relation)
{
	Relations alone = {0};
	if (relation && is_partitioned(relation))
		return tree_of(draft, relation);
	if (relation)
		array_push(draft->context->arena, &alone, relation);
	return alone;
}

Relations reach_of(const Draft *draft, Relation *relation)
{
	Relations alone = {0};
	if (!relation || !draft->action->only)
		return tree_of(draft, relation);
	array_push(draft->context->arena, &alone, relation);
	return alone;
}

bool has_storage(const Relation *relation)
{
	return (relation->object.kind == OBJECT_TABLE && !relation->partition_strategy) ||
	       relation->object.kind == OBJECT_MATERIALIZED_VIEW;
}

Relations all_relations(const Draft *draft, ObjectKind kind, const char *schema)
{
	Relations found = {0};
	for (uint32_t i = 0; i < draft->catalog->objects.count; i++) {
		Object *object = draft->catalog->objects.items[i];
		if (object->kind == kind && !object->dropped && (!schema || same(object->schema, schema)))
			array_push(draft->context->arena, &found, (Relation *)object);
	}
	return found;
}

bool index_holds_column(const Relation *index, const Column *column)
{
	array_each (const CatalogKey, key, &index->keys)
		if (key->column == column)
			return true;
	for (uint32_t i = 0; i < index->include.count; i++)
		if (column_is(column, index->include.items[i]))
			return true;
	return false;
}

bool index_computes_column(const Relation *index, const Column *column)
{
	array_each (const CatalogKey, key, &index->keys)
		if (key->expr && expr_mentions_column(key->expr, column->object.name))
			return true;
	return index->predicate && expr_mentions_column(index->predicate, column->object.name);
}

static bool says_not_null(const Expr *expr, const char *column, int depth)
{
	if (!expr || depth > PROOF_DEPTH)
		return false;
	const Expr *argument = expr->arguments;
	switch (expr->kind) {
	case EXPR_IS_NOT_NULL:
		return argument && argument->kind == EXPR_COLUMN && same(argument->name.name, column);
	case EXPR_NOT:
		return argument && argument->kind == EXPR_IS_NULL && argument->arguments &&
		       argument->arguments->kind == EXPR_COLUMN && same(argument->arguments->name.name, column);
	case EXPR_AND:
		for (; argument; argument = argument->next)
			if (says_not_null(argument, column, depth + 1))
				return true;
		return false;
	case EXPR_OR:
		for (; argument; argument = argument->next)
			if (!says_not_null(argument, column, depth + 1))
				return false;
		return expr->arguments != NULL;
	default:
		return false; /* a > 0 is true of no NULL, but a CHECK lets NULL pass */
	}
}

/* DROP CONSTRAINT runs before SET NOT NULL whatever the order written: the proof is gone when it is asked for. */
static bool dropped_by_statement(const Draft *draft, const Constraint *constraint)
{
	for (const Action *part = draft->context->statement_actions; part; part = next_part(part))
		if (part->in_alter && part->kind == ACTION_DROP_CONSTRAINT &&
		    same(part->object, constraint->object.name))
			return true;
	return false;
}

bool check_proves_not_null(const Draft *draft, const Relation *table, const char *column)
{
	if (draft->version < 12)
		return false;
	for (uint32_t i = 0; i < table->constraints.count; i++) {
		const Constraint *constraint = table->constraints.items[i];
		if (constraint->kind == CONSTRAINT_CHECK && constraint->validated && !constraint->not_enforced &&
		    !constraint->object.dropped && says_not_null(constraint->check, column, 0) &&
		    !dropped_by_statement(draft, constraint))
			return true;
	}
	return false;
}

static bool index_is_on(const Relation *index, const Names *columns)
{
	if (!index->unique || index->keys.count != columns->count)
		return false;
	for (uint32_t i = 0; i < columns->count; i++) {
		bool found = false;
		array_each (const CatalogKey, key, &index->keys)
			found |= column_is(key->column, columns->items[i]);
		if (!found)
			return false;
	}
	return true;
}

Relation *referenced_index(const Relation *referenced, const Names *columns)
{
	if (!columns->count) {
		const Constraint *key = primary_key(referenced);
		return key ? key->index : NULL;
	}
	for (uint32_t i = 0; i < referenced->indexes.count; i++)
		if (!referenced->indexes.items[i]->object.dropped && index_is_on(referenced->indexes.items[i], columns))
			return referenced->indexes.items[i];
	return NULL;
}

const Constraint *constraint_of_index(const Relation *index)
{
	for (uint32_t i = 0; index->table && i < index->table->constraints.count; i++) {
		const Constraint *constraint = index->table->constraints.items[i];
		if (constraint->index == index && !constraint->object.dropped && constraint->kind != CONSTRAINT_FOREIGN_KEY)
			return constraint;
	}
	return NULL;
}

ForeignKeys foreign_keys_to(const Draft *draft, const Relation *referenced)
{
	ForeignKeys keys = {0};
	array_each (Constraint *const, key, &referenced->referrers)
		if (!(*key)->object.dropped && (*key)->object.parent)
			array_push(draft->context->arena, &keys, *key);
	return keys;
}

Name name_in_text(Arena *arena, const char *text)
{
	const char *parts[2] = {NULL, NULL};
	int count = 0;
	while (*text && count < 2) {
		Buf part = {0};
		bool quoted = *text == '"';
		for (text += quoted; *text && (quoted ? *text != '"' : *text != '.'); text++)
			buf_addc(&part, !quoted && *text >= 'A' && *text <= 'Z' ? (char)(*text + 'a' - 'A') : *text);
		parts[count++] = arena_copy(arena, part.data ? part.data : "", part.length);
		buf_free(&part);
		text += quoted && *text == '"';
		text += *text == '.';
	}
	return count == 2 ? (Name){parts[0], parts[1]} : (Name){NULL, parts[0]};
}

bool same_expr(const Expr *a, const Expr *b)
{
	if (!a || !b)
		return false;
	Buf first = {0}, second = {0};
	expr_print(&first, a);
	expr_print(&second, b);
	bool equal = same(first.data, second.data);
	buf_free(&first);
	buf_free(&second);
	return equal;
}
