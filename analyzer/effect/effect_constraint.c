/* Constraints of tables. https://www.postgresql.org/docs/current/sql-altertable.html (ADD table_constraint, VALIDATE …)
 */
#include "effect/draft.h"

/* --- Foreign keys ------------------------------------------------------------------------------------------------- */

/* The query that looks for orphans reads both tables and, as every query does, opens all of their indexes. */
static void read_for_foreign_key(Draft *draft, Relation *relation, bool reads, WorkReason reason)
{
	Relations tree = partitions_of(draft, relation);
	for (uint32_t i = 0; i < tree.count; i++) {
		take_lock(draft, tree.items[i], LOCK_ACCESS_SHARE);
		if (reads)
			add_scan(draft, tree.items[i], reason);
		if (has_storage(tree.items[i]))
			take_lock_on_indexes(draft, tree.items[i], LOCK_ACCESS_SHARE);
	}
}

/* Partitions are checked one by one, but look for their rows in all of the referenced table. */
static void read_referenced(Draft *draft, Relation *referenced, bool reads, WorkReason reason)
{
	read_for_foreign_key(draft, referenced, reads, reason);
	Relations tree = partitions_of(draft, referenced);
	for (uint32_t i = 0; i < tree.count; i++)
		take_lock_on_indexes(draft, tree.items[i], draft->version >= 16 ? LOCK_ACCESS_SHARE : LOCK_NONE);
}

void check_foreign_key(Draft *draft, Relation *table, Relation *referenced, WorkReason reason)
{
	read_for_foreign_key(draft, table, true, reason);
	read_referenced(draft, referenced, true, reason);
}

/*
 * A new key with PERIOD: each row of the table is looked up by itself, as an INSERT's is. VALIDATE does as for other keys.
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES
 */
static void check_period_key(Draft *draft, Relation *table, Relation *referenced, WorkReason reason)
{
	Relations tree = partitions_of(draft, table);
	for (uint32_t i = 0; i < tree.count; i++)
		add_scan(draft, tree.items[i], reason);
	tree = partitions_of(draft, referenced);
	for (uint32_t i = 0; i < tree.count; i++) {
		take_lock(draft, tree.items[i], LOCK_ROW_SHARE);
		take_lock_on_indexes(draft, tree.items[i], LOCK_ROW_SHARE);
	}
}

/* PostgreSQL 18 opens the index that the key rests on, in every partition of the referenced table. */
static void open_referenced_index(Draft *draft, const Relation *referenced, const Names *columns)
{
	Relation *index = referenced_index(referenced, columns);
	if (draft->version < 18 || !index)
		return;
	take_lock(draft, index, LOCK_ACCESS_SHARE);
	for (uint32_t i = 0; i < index->child_indexes.count; i++)
		take_lock(draft, index->child_indexes.items[i], LOCK_ACCESS_SHARE);
}

/* The column that carries the constraint, when both were written in one ADD COLUMN. */
static const ColumnDef *column_of_inline(const Draft *draft)
{
	if (!draft->action->inline_constraint)
		return NULL;
	for (const Action *part = draft->context->statement_actions; part; part = next_part(part))
		if (part->kind == ACTION_ADD_COLUMN && part->column_def &&
		    same(part->column_def->name, draft->action->object))
			return part->column_def;
	return NULL;
}

static void add_foreign_key(Draft *draft, const ConstraintDef *def)
{
	Relation *table = draft->relation;
	Relation *referenced = relation_called(draft, def->references, OBJECT_TABLE);
	if (!draft->action->in_create)
		take_lock_on_all(draft, partitions_of(draft, table), draft->statement_lock);
	if (!referenced || is_new(draft, &referenced->object))
		return;
	take_lock_on_all(draft, partitions_of(draft, referenced), LOCK_SHARE_ROW_EXCLUSIVE);
	open_referenced_index(draft, referenced, &def->reference_columns);
	if (def->not_valid || def->not_enforced || draft->action->in_create)
		return;
	const ColumnDef *column = column_of_inline(draft);
	if (def->without_overlaps) {
		check_period_key(draft, table, referenced, WORK_FOREIGN_KEY);
	} else if (!draft->action->inline_constraint) {
		check_foreign_key(draft, table, referenced, WORK_FOREIGN_KEY);
	} else if (column && (column->default_expr || column->serial || column->generated)) {
		/* a new column without a DEFAULT is all NULL, which needs no check; DEFAULT NULL is checked and refers
		 * to nothing */
		bool refers = !column->default_expr || column->default_expr->kind != EXPR_NULL;
		read_for_foreign_key(draft, table, true, WORK_FOREIGN_KEY);
		read_referenced(draft, referenced, refers, WORK_FOREIGN_KEY);
	}
}

/* --- Indexed constraints ------------------------------------------------------------------------------------------ */

static WorkReason reason_of(ConstraintKind kind)
{
	return kind == CONSTRAINT_PRIMARY_KEY ? WORK_PRIMARY_KEY
	       : kind == CONSTRAINT_UNIQUE    ? WORK_UNIQUE
					      : WORK_EXCLUSION;
}

/* PRIMARY KEY USING INDEX makes the columns NOT NULL, and looks unless that is known. */
static void use_index(Draft *draft, const ConstraintDef *def)
{
	Relation *table = draft->relation;
	Relation *index = relation_called(draft, (Name){table->object.schema, def->using_index}, OBJECT_NONE);
	take_lock(draft, index, LOCK_ACCESS_SHARE);
	if (def->name && !same(def->name, def->using_index)) /* the index gets the constraint's name */
		take_lock(draft, index, draft->version >= 12 ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE);
	if (def->kind != CONSTRAINT_PRIMARY_KEY || !index)
		return;
	array_each (const CatalogKey, key, &index->keys)
		if (key->column && !(key->column->not_null && !key->column->not_null_invalid) &&
		    !check_proves_not_null(draft, table, key->column->object.name))
			add_scan(draft, table, WORK_NOT_NULL);
}

static bool all_not_null(const Relation *table, const Names *columns)
{
	for (uint32_t i = 0; i < columns->count; i++) {
		const Column *column = find_column(table, columns->items[i]);
		if (!column || !column->not_null)
			return false;
	}
	return true;
}

/* Partitions are indexed under SHARE up to PostgreSQL 17, or as the parent when their columns become NOT NULL. */
static LockMode partition_lock(const Draft *draft, const ConstraintDef *def)
{
	bool sets_not_null = def->kind == CONSTRAINT_PRIMARY_KEY && !all_not_null(draft->relation, &def->columns);
	return draft->version >= 18 || sets_not_null ? draft->statement_lock : LOCK_SHARE;
}

/* Columns of a primary key become NOT NULL in the table's inheritance children, too. */
static void look_at_children(Draft *draft, const ConstraintDef *def)
{
	if (def->kind != CONSTRAINT_PRIMARY_KEY || is_partitioned(draft->relation) || draft->action->in_create ||
	    draft->action->inline_constraint || all_not_null(draft->relation, &def->columns))
		return;
	Relations tree = reach_of(draft, draft->relation);
	for (uint32_t i = 1; i < tree.count; i++) {
		take_lock(draft, tree.items[i], draft->statement_lock);
		for (uint32_t c = 0; c < def->columns.count; c++) {
			const Column *column = find_column(tree.items[i], def->columns.items[c]);
			if (column && !column->not_null && !check_proves_not_null(draft, tree.items[i], column->object.name))
				add_scan(draft, tree.items[i], WORK_NOT_NULL);
		}
	}
}

static void add_indexed(Draft *draft, const ConstraintDef *def)
{
	look_at_children(draft, def);
	if (def->using_index) {
		use_index(draft, def);
		return;
	}
	const char *name =
	    def->name ? arena_print(draft->context->arena, "%s.%s", draft->relation->object.schema, def->name) : NULL;
	Relations tree = {0};
	if (is_partitioned(draft->relation))
		tree = reach_of(draft, draft->relation);
	for (uint32_t i = 1; i < tree.count; i++) {
		take_lock(draft, tree.items[i], partition_lock(draft, def));
		add_build(draft, tree.items[i], NULL, NULL, reason_of(def->kind));
	}
	add_build(draft, draft->relation, NULL, name, reason_of(def->kind));
	if (!def->name)
		draft->effect->changes_on_repeat = def->kind != CONSTRAINT_PRIMARY_KEY;
}

/* --- CHECK and NOT NULL ------------------------------------------------------------------------------------------- */

static void add_check(Draft *draft, const ConstraintDef *def)
{
	Relations reached = {0};
	if (def->no_inherit)
		array_push(draft->context->arena, &reached, draft->relation);
	else
		reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		Relation *table = reached.items[i];
		if (i > 0)
			take_lock(draft, table, draft->statement_lock);
		const Constraint *there = i > 0 && def->name ? find_constraint(table, def->name) : NULL;
		if (!def->not_valid && !def->not_enforced &&
		    !there) /* a child's own constraint of that name is taken over */
			add_scan(draft, table, WORK_CHECK);
	}
	draft->effect->changes_on_repeat = !def->name && !draft->action->inline_constraint;
}

static void add_not_null(Draft *draft, const ConstraintDef *def)
{
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count && def->columns.count; i++) {
		Relation *table = reached.items[i];
		const Column *column = find_column(table, def->columns.items[0]);
		take_lock(draft, table, draft->statement_lock);
		if (i > 0 && def->no_inherit)
			continue;
		if (!def->not_valid && !(column && column->not_null && !column->not_null_invalid) &&
		    !check_proves_not_null(draft, table, def->columns.items[0]))
			add_scan(draft, table, WORK_NOT_NULL);
	}
}

/* ADD COLUMN IF NOT EXISTS of a column that is there leaves its constraints out too. */
static bool belongs_to_old_column(const Draft *draft)
{
	const Action *action = draft->action;
	if (!action->inline_constraint || action->in_create || !draft->relation)
		return false;
	for (const Action *part = draft->context->statement_actions; part; part = next_part(part)) {
		if (part->kind != ACTION_ADD_COLUMN || !part->if_not_exists || !part->column_def ||
		    !same(part->column_def->name, action->object))
			continue;
		const Column *column = find_column(draft->relation, action->object);
		return column && column->object.made_by != draft->catalog->statement;
	}
	return false;
}

void effect_add_constraint(Draft *draft)
{
	const ConstraintDef *def = draft->action->constraint;
	if (!draft->relation || !def || belongs_to_old_column(draft))
		return;
	/* PostgreSQL 18 locks what inherits before it looks at what kind of constraint it is */
	if (draft->version >= 18 && !draft->action->in_create && !draft->action->only)
		take_lock_on_tree(draft, draft->relation, draft->statement_lock);
	switch (def->kind) {
	case CONSTRAINT_FOREIGN_KEY:
		add_foreign_key(draft, def);
		draft->effect->changes_on_repeat =
		    !def->name && !draft->action->inline_constraint && !draft->action->in_create;
		break;
	case CONSTRAINT_CHECK:
		add_check(draft, def);
		break;
	case CONSTRAINT_NOT_NULL:
		add_not_null(draft, def);
		break;
	case CONSTRAINT_PRIMARY_KEY:
	case CONSTRAINT_UNIQUE:
	case CONSTRAINT_EXCLUSION:
		add_indexed(draft, def);
		break;
	case CONSTRAINT_NONE:
		break;
	}
}

/* --- DROP, VALIDATE, ALTER, RENAME -------------------------------------------------------------------------------- */

static bool is_inherited_kind(const Constraint *constraint)
{
	return (constraint->kind == CONSTRAINT_CHECK || constraint->kind == CONSTRAINT_NOT_NULL) &&
	       !constraint->no_inherit;
}

void effect_drop_constraint(Draft *draft)
{
	Relation *table = draft->relation;
	Constraint *constraint = table ? find_constraint(table, draft->action->object) : NULL;
	if (table && (is_partitioned(table) || (constraint && is_inherited_kind(constraint)))) {
		Relations reached = reach_of(draft, table);
		for (uint32_t i = 0; i < reached.count; i++)
			take_lock(draft, reached.items[i], draft->statement_lock);
	}
	/* The columns of the primary key stay NOT NULL: it is looked for among the indexes. */
	Relations reached = reach_of(draft, table);
	for (uint32_t i = 0; constraint && constraint->kind == CONSTRAINT_NOT_NULL && i < reached.count; i++)
		take_lock_on_indexes(draft, reached.items[i], LOCK_ACCESS_SHARE);
	if (constraint)
		drop_with_users(draft, &constraint->object, false);
}

static void validate_in(Draft *draft, Relation *table, const Constraint *constraint)
{
	if (constraint && constraint->validated)
		return;
	if (constraint && constraint->kind == CONSTRAINT_FOREIGN_KEY) {
		take_lock(draft, constraint->references, LOCK_ROW_SHARE);
		check_foreign_key(draft, table, constraint->references, WORK_VALIDATE);
		return;
	}
	add_scan(draft, table, WORK_VALIDATE);
}

/* PostgreSQL 18 validates NOT NULL constraints too; the column holds them. */
static bool validate_not_null(Draft *draft)
{
	const char *name = draft->action->object;
	bool found = false;
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		for (uint32_t c = 0; c < reached.items[i]->columns.count; c++) {
			const Column *column = reached.items[i]->columns.items[c];
			if (!same(column->not_null_name, name))
				continue;
			found = true;
			take_lock(draft, reached.items[i], draft->statement_lock);
			if (column->not_null_invalid)
				add_scan(draft, reached.items[i], WORK_VALIDATE);
		}
	}
	return found;
}

void effect_validate_constraint(Draft *draft)
{
	const char *name = draft->action->object;
	if (!draft->relation)
		return;
	const Constraint *constraint = find_constraint(draft->relation, name);
	if (!constraint && validate_not_null(draft))
		return;
	if (!constraint)
		add_assumption(draft, "the constraint is not known, taken to be one that was not valid yet");
	if (constraint && constraint->validated)
		return;
	Relations reached = {0};
	if (constraint && !is_inherited_kind(constraint) && !is_partitioned(draft->relation))
		array_push(draft->context->arena, &reached, draft->relation);
	else
		reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++) {
		take_lock(draft, reached.items[i], draft->statement_lock);
		validate_in(draft, reached.items[i], i ? find_constraint(reached.items[i], name) : constraint);
	}
}

/*
 * DEFERRABLE is only noted. ENFORCED (PostgreSQL 18) makes the triggers on both tables and looks at all rows; NOT
 * ENFORCED drops the triggers.
 */
void effect_alter_constraint(Draft *draft)
{
	const Constraint *constraint = draft->relation ? find_constraint(draft->relation, draft->action->object) : NULL;
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; is_partitioned(draft->relation) && i < reached.count; i++)
		take_lock(draft, reached.items[i], draft->statement_lock);
	/* PostgreSQL 18: ALTER CONSTRAINT … INHERIT, NO INHERIT of a NOT NULL constraint. */
	bool not_null = constraint && constraint->kind == CONSTRAINT_NOT_NULL && constraint->columns.count;
	for (uint32_t i = 0; not_null && i < reached.count; i++) {
		const Column *column = find_column(reached.items[i], constraint->columns.items[0]->object.name);
		take_lock(draft, reached.items[i], draft->statement_lock);
		if (column && !column->not_null && same(draft->action->value, "inherit"))
			add_scan(draft, reached.items[i], WORK_NOT_NULL);
	}
	if (!constraint || constraint->kind != CONSTRAINT_FOREIGN_KEY)
		return;
	bool enforce = same(draft->action->value, "enforced");
	bool release = same(draft->action->value, "not enforced");
	if (enforce && constraint->not_enforced) {
		take_lock(draft, constraint->references, LOCK_SHARE_ROW_EXCLUSIVE);
		check_foreign_key(draft, draft->relation, constraint->references, WORK_FOREIGN_KEY);
	} else if (release && !constraint->not_enforced) {
		take_lock(draft, constraint->references, LOCK_ACCESS_EXCLUSIVE);
	}
}

void effect_rename_constraint(Draft *draft)
{
	const Constraint *constraint = draft->relation ? find_constraint(draft->relation, draft->action->object) : NULL;
	if (!constraint)
		return;
	if (is_inherited_kind(constraint))
		take_lock_on_tree(draft, draft->relation, draft->statement_lock);
	if (constraint->kind != CONSTRAINT_FOREIGN_KEY)
		take_lock(draft, constraint->index,
			  draft->version >= 12 ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE);
}
