/*
 * Statements that read and write rows, and what running a query locks: its relations, the tables behind views, partitions,
 * every index of each table (the planner opens them all), and the other side of foreign keys.
 * https://www.postgresql.org/docs/current/explicit-locking.html
 */
#include "effect/draft.h"

enum { VIEW_DEPTH = 16, CASCADE_DEPTH = 16 };

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

static Relation *relation_of_use(Draft *draft, const RelationUse *use)
{
	return use->relation.name ? relation_called(draft, use->relation, is_system(use->relation) ? OBJECT_NONE : OBJECT_TABLE) : NULL;
}

/* --- Foreign keys that rows drag in ---------------------------------------------------------------------------------------------- */

static bool has_index_on(const Relation *table, const Column *column)
{
	for (uint32_t i = 0; i < table->indexes.count; i++) {
		const Relation *index = table->indexes.items[i];
		if (!index->object.dropped && index->keys.count && index->keys.items[0].column == column && !index->predicate)
			return true;
	}
	return false;
}

static bool lists(const Names *columns, const Column *column)
{
	for (uint32_t i = 0; i < columns->count; i++)
		if (column_is(column, columns->items[i]))
			return true;
	return false;
}

static void take_lock_with_indexes(Draft *draft, Relation *relation, LockMode mode)
{
	Relations tree = tree_of(draft, relation);
	for (uint32_t i = 0; i < tree.count; i++) {
		take_lock(draft, tree.items[i], mode);
		if (has_storage(tree.items[i]) || draft->version >= 16)
			take_lock_on_indexes(draft, tree.items[i], mode);
	}
}

/* New values of a foreign key's columns are looked up. columns NULL: the whole row is new. */
static void look_up_references(Draft *draft, const Relation *table, const Names *columns)
{
	for (uint32_t i = 0; i < table->constraints.count; i++) {
		const Constraint *key = table->constraints.items[i];
		if (key->kind != CONSTRAINT_FOREIGN_KEY || key->object.dropped || key->not_enforced)
			continue;
		bool touched = !columns;
		for (uint32_t c = 0; columns && c < key->columns.count; c++)
			touched |= lists(columns, key->columns.items[c]);
		if (touched)
			take_lock_with_indexes(draft, key->references, LOCK_ROW_SHARE);
	}
}

/* Referenced rows go (columns NULL) or change: each is looked for in the tables that refer to it. */
static void look_for_referrers(Draft *draft, const Relation *table, const Names *columns, int depth)
{
	ForeignKeys keys = foreign_keys_to(draft, table);
	for (uint32_t i = 0; i < keys.count; i++) {
		const Constraint *key = keys.items[i];
		Relation *user = (Relation *)key->object.parent;
		bool touched = !columns;
		for (uint32_t c = 0; columns && c < key->reference_columns.count; c++)
			touched |= lists(columns, key->reference_columns.items[c]);
		if (!touched || key->not_enforced)
			continue;
		char action = columns ? key->on_update : key->on_delete;
		bool writes = action == 'c' || action == 'n' || action == 'd';
		take_lock_with_indexes(draft, user, writes ? LOCK_ROW_EXCLUSIVE : LOCK_ROW_SHARE);
		if (!key->columns.count || !has_index_on(user, key->columns.items[0])) {
			Relations tree = tree_of(draft, user);
			for (uint32_t t = 0; t < tree.count; t++)
				add_scan(draft, tree.items[t], WORK_ROWS);
		}
		if (!columns && action == 'c' && depth < CASCADE_DEPTH && user != table)
			look_for_referrers(draft, user, NULL, depth + 1);
	}
}

/* --- Which tables a query reads in full ------------------------------------------------------------------------------------------- */

/* A column of the relation, so far as the name tells. */
static const Column *column_of(const Expr *expr, const Relation *relation, const RelationUse *use)
{
	if (!expr || expr->kind != EXPR_COLUMN)
		return NULL;
	const char *qualifier = expr->name.schema;
	if (qualifier && !same(qualifier, use->alias) && !same(qualifier, use->relation.name))
		return NULL;
	return find_column(relation, expr->name.name);
}

static bool is_value(const Expr *expr, const Relation *relation, const RelationUse *use)
{
	for (int depth = 0; expr && expr->kind == EXPR_CAST && depth < VIEW_DEPTH; depth++)
		expr = expr->arguments;
	if (!expr || (expr->kind == EXPR_SUBQUERY && !same(expr->text, "scalar")))
		return false;
	/* a bare word that is no column is a variable of PL/pgSQL */
	return expr->kind != EXPR_COLUMN || (!expr->name.schema && !column_of(expr, relation, use));
}

/* What a condition does for one column: an equality is enough for an index, a range needs both ends to be worth it. */
typedef struct Found {
	const Column *column;
	bool low, high;
} Found;

enum { MAX_RANGES = 8 };

typedef struct Finder {
	const Relation *relation;
	const RelationUse *use;
	bool correlated; /* columns of other relations are values: a scalar sub-query runs once for each outer row */
	Found ranges[MAX_RANGES];
	int range_count;
} Finder;

static bool is_value_for(const Finder *finder, const Expr *expr)
{
	if (finder->correlated && expr && expr->kind == EXPR_COLUMN)
		return !column_of(expr, finder->relation, finder->use);
	return is_value(expr, finder->relation, finder->use);
}

/* column op value; true once the rows are found. */
static bool compare_finds(Finder *finder, const char *operator_, const Column *column)
{
	if (!has_index_on(finder->relation, column))
		return false;
	if (same(operator_, "="))
		return true;
	for (int i = 0; i < finder->range_count; i++) {
		Found *found = &finder->ranges[i];
		if (found->column != column)
			continue;
		found->low |= operator_[0] == '>';
		found->high |= operator_[0] == '<';
		return found->low && found->high;
	}
	if (finder->range_count < MAX_RANGES)
		finder->ranges[finder->range_count++] =
			(Found){.column = column, .low = operator_[0] == '>', .high = operator_[0] == '<'};
	return false;
}

/* A part of the condition lets an index find the rows. */
static bool index_finds(Finder *finder, const Expr *where, int depth)
{
	if (!where || depth > VIEW_DEPTH)
		return false;
	const Expr *left = where->arguments, *right = left ? left->next : NULL;
	const Column *column;
	switch (where->kind) {
	case EXPR_AND:
		for (const Expr *part = left; part; part = part->next)
			if (index_finds(finder, part, depth + 1))
				return true;
		return false;
	case EXPR_OR:
		for (const Expr *part = left; part; part = part->next)
			if (!index_finds(finder, part, depth + 1))
				return false;
		return left != NULL;
	case EXPR_IN:
		column = where->text ? NULL : column_of(left, finder->relation, finder->use);
		return column && has_index_on(finder->relation, column);
	case EXPR_OPERATOR: {
		static const char *const mirrored[][2] = {{"=", "="}, {"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
		if (!where->text || !right)
			return false;
		if (same(where->text, "between") || (same(where->text, "= any") && is_value_for(finder, right))) {
			column = column_of(left, finder->relation, finder->use);
			return column && has_index_on(finder->relation, column);
		}
		for (size_t i = 0; i < LENGTH(mirrored); i++) {
			if (!same(where->text, mirrored[i][0]))
				continue;
			column = column_of(left, finder->relation, finder->use);
			if (column && is_value_for(finder, right))
				return compare_finds(finder, mirrored[i][0], column);
			column = column_of(right, finder->relation, finder->use);
			return column && is_value_for(finder, left) && compare_finds(finder, mirrored[i][1], column);
		}
		return false;
	}
	default:
		return false;
	}
}

static bool finds(const Relation *relation, const RelationUse *use, const Expr *where, bool correlated)
{
	Finder finder = {.relation = relation, .use = use, .correlated = correlated};
	return index_finds(&finder, where, 0);
}

/* The sub-query in which the use stands: it has a condition of its own. */
static const Expr *subquery_of_use(const Expr *expr, const RelationUse *use, int depth)
{
	if (!expr || depth > VIEW_DEPTH)
		return NULL;
	if (expr->kind == EXPR_SUBQUERY && expr->query)
		array_each (const RelationUse, inner, &expr->query->uses)
			if (inner->span.start == use->span.start && inner->span.end == use->span.end && use->span.end) {
				const Expr *deeper = subquery_of_use(expr->query->where, use, depth + 1);
				return deeper ? deeper : expr;
			}
	for (const Expr *argument = expr->arguments; argument; argument = argument->next) {
		const Expr *found = subquery_of_use(argument, use, depth + 1);
		if (found)
			return found;
	}
	return NULL;
}

/* max(id) and min(id) read one end of an index. */
static bool only_the_ends(const Query *query, const Relation *relation)
{
	bool found = false;
	for (uint32_t i = 0; i < query->calls.count; i++) {
		const Expr *call = query->calls.items[i];
		if (same(call->name.name, "count") || same(call->name.name, "sum") || same(call->name.name, "avg"))
			return false;
		if (!same(call->name.name, "max") && !same(call->name.name, "min"))
			continue;
		const Expr *argument = call->arguments;
		const Column *column = argument && argument->kind == EXPR_COLUMN ? find_column(relation, argument->name.name) : NULL;
		if (!column || !has_index_on(relation, column))
			return false;
		found = true;
	}
	return found;
}

static bool is_true(const Expr *where)
{
	return where && where->kind == EXPR_CONSTANT && (same(where->text, "true") || same(where->text, "t"));
}

static bool reads_all(Draft *draft, const Query *query, const RelationUse *use, const Relation *relation)
{
	if (use->mode == USE_INSERT || (use->mode == USE_MERGE && query->uses.count == 1))
		return false;
	const Expr *subquery = subquery_of_use(query->where, use, 0);
	for (uint32_t i = 0; !subquery && i < query->output_exprs.count; i++)
		subquery = subquery_of_use(query->output_exprs.items[i], use, 0);
	const Query *own = subquery ? subquery->query : query;
	if (own->has_limit)
		return false;
	if (!own->where || is_true(own->where))
		return !only_the_ends(query, relation);
	if (use->all_rows)
		return true;
	if (finds(relation, use, own->where, subquery && same(subquery->text, "scalar")))
		return false;
	/* joined to a few rows of another table: found by its key */
	array_each (const RelationUse, other, &own->uses) {
		const Relation *joined = other != use && other->span.start != use->span.start ? relation_of_use(draft, other) : NULL;
		if (joined && relation->indexes.count && finds(joined, other, own->where, false))
			return false;
	}
	return true;
}

/* --- Running a query ------------------------------------------------------------------------------------------------------------------ */

/* The view through which a query reaches a table: its lock and what it asks of the view hold for the table too. */
typedef struct Through {
	LockMode mode;
	const Query *query;
	const RelationUse *use;
	int depth;
} Through;

static void run_uses(Draft *draft, const Query *query, const Through *through);

static bool found_through_view(const Relation *relation, const Through *through)
{
	return through && (through->query->has_limit || finds(relation, through->use, through->query->where, false));
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
		if (relation->query && depth < VIEW_DEPTH)
			run_uses(draft, relation->query, &(Through){mode, query, use, depth});
		return;
	}
	if (relation->object.kind == OBJECT_SEQUENCE) {
		take_lock(draft, relation, mode);
		return;
	}
	if (use->mode == USE_INSERT) {
		take_lock(draft, relation, mode);
		take_lock_on_indexes(draft, relation, has_storage(relation) ? mode : LOCK_NONE);
		return;
	}
	Relations tree = {0};
	if (use->only)
		array_push(draft->context->arena, &tree, relation);
	else
		tree = tree_of(draft, relation);
	bool all = reads_all(draft, query, use, relation) && !found_through_view(relation, through) &&
		   !(through && through->use->mode == USE_INSERT);
	for (uint32_t i = 0; i < tree.count; i++) {
		if (is_pruned(draft, tree.items[i], query->where))
			continue;
		take_lock(draft, tree.items[i], mode);
		if (has_storage(tree.items[i]) || draft->version >= 16)
			take_lock_on_indexes(draft, tree.items[i], mode);
		if (all)
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
	for (uint32_t i = 0; i < query->calls.count; i++)
		run_expr(draft, query->calls.items[i]);
}

static void lock_behind_view(Draft *draft, const Relation *view, LockMode mode, bool with_tree, int depth)
{
	for (uint32_t i = 0; view->query && depth < VIEW_DEPTH && i < view->query->uses.count; i++) {
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
		if (part->kind == ACTION_INSERT_ROWS || part->kind == ACTION_UPDATE_ROWS || part->kind == ACTION_DELETE_ROWS ||
		    part->kind == ACTION_MERGE_ROWS)
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
	if (argument->kind != EXPR_CALL || !same(argument->name.name, "pg_get_serial_sequence") || !argument->arguments ||
	    !argument->arguments->next)
		return NULL;
	const Expr *table = argument->arguments, *column = table->next;
	if (table->kind != EXPR_CONSTANT || column->kind != EXPR_CONSTANT)
		return NULL;
	Relation *relation = relation_called(draft, name_in_text(draft->context->arena, table->text), OBJECT_NONE);
	const Column *found = relation ? find_column(relation, column->text) : NULL;
	return found ? found->sequence : NULL;
}

static void run_expr_at(Draft *draft, const Expr *expr, int depth)
{
	if (!expr || depth > VIEW_DEPTH)
		return;
	if (expr->kind == EXPR_CALL && (name_is(expr->name, "pg_catalog", "nextval") || name_is(expr->name, "pg_catalog", "setval") ||
					name_is(expr->name, "pg_catalog", "currval")))
		take_lock(draft, sequence_of_call(draft, expr->arguments), LOCK_ROW_EXCLUSIVE);
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		run_expr_at(draft, argument, depth + 1);
}

void run_expr(Draft *draft, const Expr *expr)
{
	run_expr_at(draft, expr, 0);
}

/* --- The statements --------------------------------------------------------------------------------------------------------------------- */

/* The table rows are written to: the table behind a simple view. */
static Relation *written_table(Draft *draft)
{
	Relation *relation = draft->relation;
	for (int depth = 0; relation && relation->object.kind == OBJECT_VIEW && depth < VIEW_DEPTH; depth++)
		relation = relation->query && relation->query->uses.count == 1
				   ? relation_of_use(draft, &relation->query->uses.items[0])
				   : NULL;
	return relation;
}

/* The columns that the statement names for its target. */
static const Names *target_columns(const Draft *draft)
{
	const Query *query = draft->action->query;
	if (draft->action->columns.count)
		return &draft->action->columns;
	for (uint32_t i = 0; query && i < query->uses.count; i++)
		if (query->uses.items[i].mode != USE_READ && query->uses.items[i].mode != USE_LOCK_ROWS)
			return &query->uses.items[i].columns;
	return &draft->action->columns;
}

/* Columns that the statement gives no value: those not named, or behind the last value. */
static void run_defaults(Draft *draft, const Relation *table, const Names *given)
{
	const Query *query = draft->action->query;
	uint32_t values = query ? query->output_exprs.count : 0;
	bool knows_values = draft->action->default_values && (!query || !query->partial);
	if (!given->count && !knows_values)
		return;
	for (uint32_t i = 0, place = 0; i < table->columns.count; i++) {
		const Column *column = table->columns.items[i];
		if (column->object.dropped)
			continue;
		bool has_value = given->count ? lists(given, column) : place++ < values;
		if (column->generated || has_value)
			continue;
		if (column->identity)
			take_lock(draft, column->sequence, LOCK_ROW_EXCLUSIVE);
		else
			run_expr(draft, column->default_expr);
	}
}

/* Whether inserting the same rows again is refused, by a unique key that the statement fills itself. */
static bool fills_unique_key(const Relation *table, const Names *given)
{
	for (uint32_t i = 0; i < table->indexes.count; i++) {
		const Relation *index = table->indexes.items[i];
		if (!index->unique || index->object.dropped || index->predicate)
			continue;
		bool all = true;
		array_each (const CatalogKey, key, &index->keys)
			all &= key->column && (!given->count || lists(given, key->column)) &&
			       !(!given->count && key->column->identity == 'a');
		if (all)
			return true;
	}
	return false;
}

static bool mentions_exists(const Expr *expr, int depth)
{
	if (!expr || depth > VIEW_DEPTH)
		return false;
	if (expr->kind == EXPR_SUBQUERY)
		return true;
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		if (mentions_exists(argument, depth + 1))
			return true;
	return false;
}

static void judge_repetition_of_insert(Draft *draft, const Relation *table, const Names *given)
{
	const Action *action = draft->action;
	if (action->on_conflict || (action->query && mentions_exists(action->query->where, 0)))
		return;
	if (table->object.assumed || fills_unique_key(table, given))
		draft->effect->repeat_unknown = true;
	else
		draft->effect->changes_on_repeat = true;
}

void effect_insert_rows(Draft *draft)
{
	const Names *given = target_columns(draft);
	run_query(draft, draft->action->query);
	Relation *table = written_table(draft);
	if (!table)
		return;
	take_lock(draft, table, LOCK_ROW_EXCLUSIVE);
	take_lock_on_indexes(draft, table, has_storage(table) ? LOCK_ROW_EXCLUSIVE : LOCK_NONE);
	route_rows(draft, table, given);
	run_defaults(draft, table, given);
	look_up_references(draft, table, NULL);
	judge_repetition_of_insert(draft, table, given);
}

void effect_update_rows(Draft *draft)
{
	const Names *changed = target_columns(draft);
	run_query(draft, draft->action->query);
	Relation *table = written_table(draft);
	if (!table)
		return;
	for (uint32_t i = 0; i < table->partition_columns.count; i++)
		if (table->partition_columns.items[i] && lists(changed, table->partition_columns.items[i]))
			take_lock_with_indexes(draft, table, LOCK_ROW_EXCLUSIVE); /* rows move to any partition */
	look_up_references(draft, table, changed);
	look_for_referrers(draft, table, changed, 0);
	if (!draft->action->has_where)
		add_destroyed(draft, &table->object, DESTROY_VALUES, false);
}

void effect_delete_rows(Draft *draft)
{
	run_query(draft, draft->action->query);
	Relation *table = written_table(draft);
	if (!table)
		return;
	look_for_referrers(draft, table, NULL, 0);
	add_destroyed(draft, &table->object, DESTROY_ROWS, false);
}

void effect_merge_rows(Draft *draft)
{
	run_query(draft, draft->action->query);
	Relation *table = written_table(draft);
	if (table)
		look_up_references(draft, table, NULL);
}

void effect_copy_rows(Draft *draft)
{
	Relation *table = draft->relation;
	if (!table) { /* COPY (query) TO */
		run_query(draft, draft->action->query);
		return;
	}
	if (!draft->action->copy_from) {
		take_lock(draft, table, LOCK_ACCESS_SHARE);
		add_scan(draft, table, WORK_ROWS);
		return;
	}
	take_lock(draft, table, LOCK_ROW_EXCLUSIVE);
	take_lock_on_indexes(draft, table, has_storage(table) ? LOCK_ROW_EXCLUSIVE : LOCK_NONE);
	run_defaults(draft, table, target_columns(draft));
	look_up_references(draft, table, NULL);
	draft->effect->repeat_unknown = true;
}

void effect_query_rows(Draft *draft)
{
	run_query(draft, draft->action->query);
}

/* --- TRUNCATE, LOCK ------------------------------------------------------------------------------------------------------------------- */

static void truncate_one(Draft *draft, Relation *table, int depth)
{
	Relations tree = tree_of(draft, table);
	for (uint32_t i = 0; i < tree.count; i++) {
		if (depth && effect_lock(draft->effect, tree.items[i]) == LOCK_ACCESS_EXCLUSIVE)
			continue;
		take_lock(draft, tree.items[i], LOCK_ACCESS_EXCLUSIVE);
		if (has_storage(tree.items[i]))
			take_lock_on_indexes(draft, tree.items[i], LOCK_ACCESS_EXCLUSIVE);
		add_destroyed(draft, &tree.items[i]->object, DESTROY_ROWS, depth || i);
		for (uint32_t c = 0; draft->action->restart_identity && c < tree.items[i]->columns.count; c++)
			take_lock(draft, tree.items[i]->columns.items[c]->sequence, LOCK_ACCESS_EXCLUSIVE);
	}
	if (!draft->action->cascade || depth > CASCADE_DEPTH)
		return;
	ForeignKeys keys = foreign_keys_to(draft, table);
	for (uint32_t i = 0; i < keys.count; i++)
		if ((Relation *)keys.items[i]->object.parent != table)
			truncate_one(draft, (Relation *)keys.items[i]->object.parent, depth + 1);
}

void effect_truncate_table(Draft *draft)
{
	if (draft->relation)
		truncate_one(draft, draft->relation, 0);
}

void effect_lock_table(Draft *draft)
{
	LockMode mode = LOCK_ACCESS_EXCLUSIVE;
	for (LockMode candidate = LOCK_ACCESS_SHARE; candidate <= LOCK_ACCESS_EXCLUSIVE; candidate++)
		if (draft->action->value && same_nocase(lock_mode_words(candidate), draft->action->value))
			mode = candidate;
	Relations reached = reach_of(draft, draft->relation);
	for (uint32_t i = 0; i < reached.count; i++)
		take_lock(draft, reached.items[i], mode);
	if (draft->relation && draft->relation->object.kind == OBJECT_VIEW)
		lock_behind_view(draft, draft->relation, mode, true, 0);
}
