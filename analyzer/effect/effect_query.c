/*
 * What running a query locks: its relations, the tables behind views, partitions, and every index of each table,
 * because the planner opens them all. https://www.postgresql.org/docs/current/explicit-locking.html
 */
#include "effect/draft.h"

enum { VIEW_DEPTH = 16 };

static LockMode lock_of_use(UseMode mode)
{
	switch (mode) {
	case USE_READ:
		return LOCK_ACCESS_SHARE;
	case USE_LOCK_ROWS:
		return LOCK_ROW_SHARE;
	default:
		return LOCK_ROW_EXCLUSIVE;
	}
}

static bool is_system(Name name)
{
	return same(name.schema, "pg_catalog") || same(name.schema, "information_schema") ||
	       (!name.schema && starts_with(name.name, "pg_"));
}

Relation *relation_of_use(Draft *draft, const RelationUse *use)
{
	return use->relation.name
		   ? relation_called(draft, use->relation, is_system(use->relation) ? OBJECT_NONE : OBJECT_TABLE)
		   : NULL;
}

void look_at_bounds(Draft *draft, const Relation *table)
{
	for (int depth = 0; table->is_partition && table->parents.count && depth < VIEW_DEPTH; depth++) {
		take_lock(draft, table->parents.items[0], LOCK_ACCESS_SHARE);
		table = table->parents.items[0];
	}
}

/* The view through which a query reaches a table: its lock and what it asks of the view hold for the table too. */
typedef struct Through {
	LockMode mode;
	const Query *query;
	const RelationUse *use;
	const struct Through *outer; /* a view of views */
	int depth;
} Through;

static void run_uses(Draft *draft, const Query *query, const Through *through);

static bool found_through_view(const Relation *relation, const Through *through)
{
	for (; through; through = through->outer)
		if (through->query->has_limit || condition_finds(relation, through->use, through->query, through->query->where, false))
			return true;
	return false;
}

static void run_use(Draft *draft, const Query *query, const RelationUse *use, const Through *through)
{
	Relation *relation = relation_of_use(draft, use);
	if (!relation || is_index(relation))
		return;
	LockMode mode = lock_of_use(use->mode);
	if (through && through->mode > mode)
		mode = through->mode;
	if (relation->object.kind == OBJECT_VIEW) {
		int depth = through ? through->depth + 1 : 0;
		take_lock(draft, relation, mode);
		if (relation->query && depth < VIEW_DEPTH && may_follow(draft))
			run_uses(draft, relation->query, &(Through){mode, query, use, through, depth});
		return;
	}
	if (relation->object.kind == OBJECT_SEQUENCE) {
		take_lock(draft, relation, mode);
		return;
	}
	if (use->mode == USE_INSERT) {
		take_lock(draft, relation, mode);
		take_lock_on_indexes(draft, relation, has_storage(relation) && !draft->planned ? mode : LOCK_NONE);
		return;
	}
	if (is_partitioned(relation))
		look_at_bounds(draft, relation); /* the planner asks which rows it may have at all */
	Relations tree = {0};
	if (use->only)
		array_push(draft->context->arena, &tree, relation);
	else
		tree = tree_of(draft, relation);
	bool reads = !draft->planned && !(through && through->use->mode == USE_INSERT);
	for (uint32_t i = 0; i < tree.count; i++) {
		if (is_pruned(draft, tree.items[i], query->where))
			continue;
		take_lock(draft, tree.items[i], mode);
		if (has_storage(tree.items[i]) || draft->version >= 16)
			take_lock_on_indexes(draft, tree.items[i], mode);
		/* each has indexes of its own */
		if (reads && query_reads_all(draft, query, use, tree.items[i]) && !found_through_view(tree.items[i], through))
			add_scan(draft, tree.items[i], WORK_ROWS);
	}
}

static void run_uses(Draft *draft, const Query *query, const Through *through)
{
	array_each (const RelationUse, use, &query->uses)
		run_use(draft, query, use, through);
}

void run_query(Draft *draft, const Query *query)
{
	if (!query)
		return;
	draft->effect->partial |= query->partial;
	run_uses(draft, query, NULL);
	for (uint32_t i = 0; !draft->planned && i < query->calls.count; i++)
		run_expr(draft, query->calls.items[i]);
}

void run_sources(Draft *draft, const Query *query)
{
	for (uint32_t i = 0; query && i < query->uses.count; i++)
		if (query->uses.items[i].mode == USE_READ || query->uses.items[i].mode == USE_LOCK_ROWS)
			run_use(draft, query, &query->uses.items[i], NULL);
}

void run_prepared(Draft *draft)
{
	const char *name = draft->action->object;
	const Prepared *prepared = name ? session_prepared(draft->context->session, name) : NULL;
	for (const Action *part = prepared ? prepared->body : NULL; part; part = part->next)
		run_query(draft, part->query);
	if (name && !prepared && !draft->planned)
		effect_opaque(draft);
}

void effect_explain(Draft *draft)
{
	draft->planned = true;
	run_query(draft, draft->action->query);
	run_prepared(draft);
}

void lock_behind_view(Draft *draft, const Relation *view, LockMode mode, bool with_tree, int depth)
{
	if (!view->query || depth >= VIEW_DEPTH || !may_follow(draft))
		return;
	for (uint32_t i = 0; i < view->query->uses.count; i++) {
		Relation *relation = relation_of_use(draft, &view->query->uses.items[i]);
		if (!relation)
			continue;
		if (with_tree)
			take_lock_on_tree(draft, relation, mode);
		else
			take_lock(draft, relation, mode);
		if (relation->object.kind == OBJECT_VIEW)
			lock_behind_view(draft, relation, mode, with_tree, depth + 1);
	}
}

void look_at_query(Draft *draft, const Query *query)
{
	if (!query)
		return;
	array_each (const RelationUse, use, &query->uses)
		take_lock(draft, relation_of_use(draft, use), lock_of_use(use->mode));
}

void look_at_body(Draft *draft, const Action *body)
{
	for (const Action *part = body; part; part = part->next) {
		look_at_query(draft, part->query);
		if (part->kind == ACTION_INSERT_ROWS || part->kind == ACTION_UPDATE_ROWS ||
		    part->kind == ACTION_DELETE_ROWS || part->kind == ACTION_MERGE_ROWS)
			take_lock(draft, relation_called(draft, part->relation, OBJECT_TABLE), LOCK_ROW_EXCLUSIVE);
	}
}

void look_through_query(Draft *draft, const Query *query)
{
	look_at_query(draft, query);
	if (!query)
		return;
	array_each (const RelationUse, use, &query->uses) {
		Relation *relation = relation_of_use(draft, use);
		if (relation && relation->object.kind == OBJECT_VIEW)
			lock_behind_view(draft, relation, lock_of_use(use->mode), false, 0);
	}
}

/* nextval('s'), setval(pg_get_serial_sequence('t', 'id'), 1): the sequence named by a constant. */
static Relation *sequence_of_call(Draft *draft, const Expr *argument)
{
	for (int depth = 0; argument && argument->kind == EXPR_CAST && depth < VIEW_DEPTH; depth++)
		argument = argument->arguments;
	if (!argument)
		return NULL;
	if (argument->kind == EXPR_CONSTANT && argument->text)
		return relation_called(draft, name_in_text(draft->context->arena, argument->text), OBJECT_SEQUENCE);
	if (argument->kind != EXPR_CALL || !same(argument->name.name, "pg_get_serial_sequence") ||
	    !argument->arguments || !argument->arguments->next)
		return NULL;
	const Expr *table = argument->arguments, *column = table->next;
	if (table->kind != EXPR_CONSTANT || column->kind != EXPR_CONSTANT)
		return NULL;
	Relation *relation = relation_called(draft, name_in_text(draft->context->arena, table->text), OBJECT_NONE);
	const Column *found = relation ? find_column(relation, column->text) : NULL;
	return found ? found->sequence : NULL;
}

/* https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-DBSIZE */
static void measure(Draft *draft, const Expr *call)
{
	bool total = name_is(call->name, "pg_catalog", "pg_total_relation_size"), indexes = name_is(call->name, "pg_catalog", "pg_indexes_size");
	if (!total && !indexes && !name_is(call->name, "pg_catalog", "pg_relation_size") && !name_is(call->name, "pg_catalog", "pg_table_size"))
		return;
	const Expr *argument = call->arguments;
	for (int depth = 0; argument && argument->kind == EXPR_CAST && depth < VIEW_DEPTH; depth++)
		argument = argument->arguments;
	if (!argument || argument->kind != EXPR_CONSTANT || !argument->quoted)
		return;
	Relation *relation = relation_called(draft, name_in_text(draft->context->arena, argument->text), OBJECT_NONE);
	take_lock(draft, relation, LOCK_ACCESS_SHARE);
	if (relation && (total || indexes))
		take_lock_on_indexes(draft, relation, LOCK_ACCESS_SHARE);
}

void look_at_default(Draft *draft, const Expr *expr, int depth)
{
	if (!expr || draft->version < 18 || depth > VIEW_DEPTH)
		return;
	if (expr->kind == EXPR_CALL && name_is(expr->name, "pg_catalog", "nextval"))
		take_lock(draft, sequence_of_call(draft, expr->arguments), LOCK_ACCESS_SHARE);
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		look_at_default(draft, argument, depth + 1);
}

static void run_expr_at(Draft *draft, const Expr *expr, int depth)
{
	if (!expr || depth > VIEW_DEPTH)
		return;
	if (expr->kind == EXPR_CALL &&
	    (name_is(expr->name, "pg_catalog", "nextval") || name_is(expr->name, "pg_catalog", "setval") ||
	     name_is(expr->name, "pg_catalog", "currval")))
		take_lock(draft, sequence_of_call(draft, expr->arguments), LOCK_ROW_EXCLUSIVE);
	if (expr->kind == EXPR_CALL)
		measure(draft, expr);
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		run_expr_at(draft, argument, depth + 1);
}

void run_expr(Draft *draft, const Expr *expr)
{
	run_expr_at(draft, expr, 0);
}
