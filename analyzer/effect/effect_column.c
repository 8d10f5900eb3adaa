/* Columns: ADD COLUMN, ALTER COLUMN …, DROP COLUMN. https://www.postgresql.org/docs/current/sql-altertable.html */
#include "effect/draft.h"
#include "effect/volatility.h"

enum { DOMAIN_DEPTH = 16 };

/* --- ADD COLUMN --------------------------------------------------------------------------------------------------- */

/* A domain's default is that of a column without one of its own. */
static const Expr *default_of(const ColumnDef *def, const DataType *type)
{
	const Type *domain = type->user;
	for (int depth = 0; !def->default_expr && domain && domain->kind == TYPE_DOMAIN && depth < DOMAIN_DEPTH;
	     depth++) {
		if (domain->default_expr)
			return domain->default_expr;
		domain = domain->base.user;
	}
	return def->default_expr;
}

/* Why the rows have to be written again, or WORK_NONE: the value of a column is kept once for all rows when it is one
 * value. */
static WorkReason rewrite_for_column(Draft *draft, const ColumnDef *def)
{
	if (def->generated == 's')
		return WORK_GENERATED_STORED;
	if (def->generated)
		return WORK_NONE;
	if (def->serial)
		return WORK_SERIAL;
	if (def->identity)
		return WORK_IDENTITY;
	DataType type = resolve_type(draft->catalog, draft->path, &def->type);
	if (type_is_constrained(&type))
		return WORK_CONSTRAINED_DOMAIN;
	const Expr *default_expr = default_of(def, &type);
	if (!default_expr || default_expr->kind == EXPR_NULL)
		return WORK_NONE;
	if (draft->version < 11)
		return WORK_DEFAULT_BEFORE_11;
	switch (expr_volatility(draft->catalog, draft->path, default_expr)) {
	case VOLATILITY_VOLATILE:
		return WORK_VOLATILE_DEFAULT;
	case VOLATILITY_UNKNOWN:
		add_assumption(
		    draft,
		    "the default calls a function that is not known, taken to be VOLATILE as functions are by default");
		return WORK_VOLATILE_DEFAULT;
	default:
		return WORK_NONE;
	}
}

/*
 * Nothing that is kept once for all rows answers whether the column is NULL, so the rows are gone through: a virtual
 * column is computed for each, and without a default the first row that is met makes the statement fail (23502).
 */
static bool has_no_stored_value(const ColumnDef *def)
{
	return def->generated == 'v' || !def->default_expr || def->default_expr->kind == EXPR_NULL;
}

void effect_add_column(Draft *draft)
{
	const Action *action = draft->action;
	const ColumnDef *def = action->column_def;
	if (def && !def->serial)
		look_at_row_type(draft, &def->type);
	if (def && action->in_create)
		look_at_default(draft, def->default_expr, 0);
	if (!draft->relation || !def || action->in_create ||
	    (action->if_not_exists && find_column(draft->relation, def->name)))
		return;
	WorkReason reason = rewrite_for_column(draft, def);
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		if (reason)
			add_rewrite(draft, reached.items[i], reason);
		else if (def->not_null && !def->not_null_not_valid && has_no_stored_value(def))
			add_scan(draft, reached.items[i], WORK_NOT_NULL);
	}
	if (reason && def->default_expr)
		run_expr(draft, def->default_expr);
}

/* --- ALTER COLUMN … TYPE ------------------------------------------------------------------------------------------ */

/* The two sides of a foreign key are both locked while it is dropped and made again, and looked at unless nothing
 * changed. */
static void rebuild_foreign_key(Draft *draft, Relation *table, const Constraint *key, bool changes)
{
	Relation *other = key->references;
	take_lock(draft, table, LOCK_ACCESS_EXCLUSIVE);
	take_lock(draft, other, LOCK_ACCESS_EXCLUSIVE);
	if (draft->version >= 18)
		take_lock(draft, key->index, LOCK_ACCESS_SHARE);
	if (changes && key->validated && other)
		check_foreign_key(draft, table, other, WORK_FOREIGN_KEY);
}

static bool has_item(const Column *const *items, uint32_t count, const Column *column)
{
	for (uint32_t i = 0; i < count; i++)
		if (items[i] == column)
			return true;
	return false;
}

static void rebuild_constraints(Draft *draft, Relation *table, const Column *column, bool changes)
{
	for (uint32_t i = 0; i < table->constraints.count; i++) {
		const Constraint *constraint = table->constraints.items[i];
		if (constraint->object.dropped)
			continue;
		if (constraint->kind == CONSTRAINT_CHECK && constraint->validated && !constraint->not_enforced &&
		    expr_mentions_column(constraint->check, column->object.name))
			add_scan(draft, table, WORK_CHECK);
		if (constraint->kind == CONSTRAINT_FOREIGN_KEY &&
		    has_item((const Column *const *)constraint->columns.items, constraint->columns.count, column))
			rebuild_foreign_key(draft, table, constraint, changes);
	}
	/* foreign keys of other tables that point at the column */
	ForeignKeys keys = foreign_keys_to(draft, table);
	for (uint32_t i = 0; i < keys.count; i++)
		if ((Relation *)keys.items[i]->object.parent != table &&
		    has_item((const Column *const *)keys.items[i]->reference_columns.items,
			     keys.items[i]->reference_columns.count, column))
			rebuild_foreign_key(draft, (Relation *)keys.items[i]->object.parent, keys.items[i], changes);
}

static void change_type_in(Draft *draft, Relation *table, Column *column, TypeChangeFacts facts, bool new_collation)
{
	bool rewrites = facts.change == TYPE_CHANGE_REWRITES && column->generated != 'v';
	if (rewrites)
		add_rewrite(draft, table, WORK_TYPE);
	for (uint32_t i = 0; i < table->indexes.count; i++) {
		Relation *index = table->indexes.items[i];
		bool mentioned = index_computes_column(index, column);
		if (index->object.dropped || !(mentioned || index_holds_column(index, column)))
			continue;
		take_lock(draft, index, LOCK_ACCESS_EXCLUSIVE);
		/* an index of expressions or with a predicate is never taken over; a plain one is when its operators
		 * stay */
		bool plain = !index->predicate && !mentioned;
		if (!plain || facts.rebuilds_indexes || new_collation)
			add_build(draft, table, index, NULL, WORK_TYPE);
	}
	rebuild_constraints(draft, table, column, rewrites || facts.rebuilds_indexes);
	if (column->identity)
		take_lock(draft, column->sequence, LOCK_SHARE_ROW_EXCLUSIVE);
	else
		look_at_default(draft, column->default_expr, 0); /* it is made again */
}

static bool has_collation(const DataType *type)
{
	return same(type->name, "text") || same(type->name, "varchar") || same(type->name, "bpchar") ||
	       same(type->name, "citext");
}

void effect_alter_column_type(Draft *draft)
{
	const Action *action = draft->action;
	if (!draft->relation || !action->type)
		return;
	DataType to = resolve_type(draft->catalog, draft->path, action->type);
	look_at_row_type(draft, action->type);
	const char *collation = action->names.count ? action->names.items[0] : NULL;
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		Column *column = find_column(reached.items[i], action->object);
		if (!column && reached.items[i]->object.assumed)
			column = assume_column(draft->catalog, reached.items[i], action->object);
		if (!column)
			continue;
		TypeChangeFacts facts = type_change(draft->catalog, draft->context->session, &column->type, &to,
						    action->expr, action->object);
		if (facts.change == TYPE_CHANGE_UNKNOWN)
			add_assumption(draft, "the column's type or the new type is not known");
		bool new_collation =
		    has_collation(&to) && has_collation(&column->type) && !same(column->collation, collation);
		change_type_in(draft, reached.items[i], column, facts, new_collation);
		if (facts.narrows && facts.change == TYPE_CHANGE_REWRITES)
			add_destroyed(draft, &column->object, DESTROY_VALUES, false);
		/* the second time the types are equal: only what USING computes is computed again */
		if (facts.change == TYPE_CHANGE_REWRITES && action->expr)
			draft->effect->changes_on_repeat |=
			    type_change(draft->catalog, draft->context->session, &to, &to, action->expr, action->object)
				.change == TYPE_CHANGE_REWRITES;
	}
}

/* --- NOT NULL ----------------------------------------------------------------------------------------------------- */

static bool is_not_null(const Draft *draft, const Relation *table)
{
	const Column *column = table ? find_column(table, draft->action->object) : NULL;
	return column && column->not_null && !column->not_null_invalid;
}

void effect_set_not_null(Draft *draft)
{
	Relations reached = reach_of(draft, draft->relation);
	if (draft->version >= 18 && is_not_null(draft, draft->relation))
		return;
	for (uint32_t i = 0; i < reached.count; i++) {
		Relation *table = reached.items[i];
		take_lock(draft, table, draft->statement_lock);
		if (is_not_null(draft, table))
			continue;
		if (!check_proves_not_null(draft, table, draft->action->object))
			add_scan(draft, table, WORK_NOT_NULL);
	}
}

void effect_set_default(Draft *draft)
{
	look_at_default(draft, draft->action->expr, 0);
}

/* PostgreSQL 18: the primary key is looked for among the indexes, in each table whose constraint goes. */
void effect_drop_not_null(Draft *draft)
{
	const Column *column = draft->relation ? find_column(draft->relation, draft->action->object) : NULL;
	if (!column || !column->not_null)
		return;
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		take_lock(draft, reached.items[i], draft->statement_lock);
		take_lock_on_indexes(draft, reached.items[i], LOCK_ACCESS_SHARE);
	}
}

/* --- Generated and identity columns ------------------------------------------------------------------------------- */

void effect_set_expression(Draft *draft)
{
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		const Column *column = find_column(reached.items[i], draft->action->object);
		if (!column || column->generated == 's') {
			add_rewrite(draft, reached.items[i], WORK_SET_EXPRESSION);
			draft->effect->changes_on_repeat = true;
			continue;
		}
		/* a virtual column is computed when it is read: only what is demanded of it is looked at again */
		bool demanded = column->not_null;
		for (uint32_t c = 0; c < reached.items[i]->constraints.count; c++) {
			const Constraint *check = reached.items[i]->constraints.items[c];
			demanded |=
			    check->kind == CONSTRAINT_CHECK && expr_mentions_column(check->check, column->object.name);
		}
		if (demanded)
			add_scan(draft, reached.items[i], WORK_SET_EXPRESSION);
	}
}

static Relation *sequence_of(const Draft *draft)
{
	const Column *column = draft->relation ? find_column(draft->relation, draft->action->object) : NULL;
	return column ? column->sequence : NULL;
}

void effect_set_identity(Draft *draft)
{
	take_lock(draft, sequence_of(draft), LOCK_SHARE_ROW_EXCLUSIVE);
}

void effect_drop_identity(Draft *draft)
{
	Relation *sequence = sequence_of(draft);
	if (!sequence)
		return;
	take_lock(draft, sequence, LOCK_ACCESS_EXCLUSIVE);
	add_destroyed(draft, &sequence->object, DESTROY_OBJECT, true);
}

/* SET STORAGE and SET COMPRESSION open every index of the table to tell it too (PostgreSQL 13 and later). */
void effect_set_storage(Draft *draft)
{
	if (draft->version < 13)
		return;
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++)
		if (draft->row->reach == TREE || reached.items[i] == draft->relation)
			take_lock_on_indexes(draft, reached.items[i], LOCK_ACCESS_EXCLUSIVE);
}
