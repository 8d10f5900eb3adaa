/* Statements that read and write rows. */
#include "effect/draft.h"

enum { VIEW_DEPTH = 16, EXPR_DEPTH = 16, CASCADE_DEPTH = 16 };

static void take_lock_with_indexes(Draft *draft, Relation *relation, LockMode mode)
{
	Relations tree = tree_of(draft, relation);
	for (uint32_t i = 0; i < tree.count; i++) {
		take_lock(draft, tree.items[i], mode);
		if (has_storage(tree.items[i]) || draft->version >= 16)
			take_lock_on_indexes(draft, tree.items[i], mode);
	}
}

/* --- Foreign keys that rows drag in ------------------------------------------------------------------------------- */

static bool lists(const Names *columns, const Column *column)
{
	for (uint32_t i = 0; i < columns->count; i++)
		if (column_is(column, columns->items[i]))
			return true;
	return false;
}

/* UPDATE … SET fk = NULL: there is nothing to look up. */
static bool sets_null(const Query *query, const Constraint *key)
{
	for (uint32_t i = 0; query && i < query->outputs.count && i < query->output_exprs.count; i++)
		for (uint32_t c = 0; c < key->columns.count; c++)
			if (column_is(key->columns.items[c], query->outputs.items[i]) && query->output_exprs.items[i] &&
			    query->output_exprs.items[i]->kind == EXPR_NULL && (key->match != 'f' || key->columns.count == 1))
				return true;
	return false;
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
		if (touched && !(columns && sets_null(draft->action->query, key)))
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
		if (!columns && action == 'c' && depth < CASCADE_DEPTH && user != table && may_follow(draft))
			look_for_referrers(draft, user, NULL, depth + 1);
	}
}

/* --- The statements ----------------------------------------------------------------------------------------------- */

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

bool is_default(const Expr *value)
{
	return value && value->kind == EXPR_OTHER && same(value->text, "default");
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
		bool has_value = given->count ? lists(given, column) : place < values;
		if (!given->count && has_value)
			has_value = !is_default(query->output_exprs.items[place]);
		for (uint32_t g = 0; has_value && g < given->count && given->count == values; g++)
			has_value = !column_is(column, given->items[g]) || !is_default(query->output_exprs.items[g]);
		place++;
		if (column->generated || has_value)
			continue;
		if (column->identity)
			take_lock(draft, column->sequence, LOCK_ROW_EXCLUSIVE);
		else
			run_expr(draft, column->default_expr);
	}
}

void effect_insert_rows(Draft *draft)
{
	const Names *given = target_columns(draft);
	if (run_rules(draft, "insert"))
		return;
	run_query(draft, draft->action->query);
	Relation *table = written_table(draft);
	if (!table)
		return;
	take_lock(draft, table, LOCK_ROW_EXCLUSIVE);
	take_lock_on_indexes(draft, table, has_storage(table) ? LOCK_ROW_EXCLUSIVE : LOCK_NONE);
	if (draft->action->conflict_target)
		take_lock_on_indexes(draft, table, LOCK_ROW_EXCLUSIVE); /* which one is meant: also of a partitioned table */
	route_rows(draft, table, given);
	look_at_bounds(draft, table); /* new rows are held against them */
	run_defaults(draft, table, given);
	look_up_references(draft, table, NULL);
	judge_repetition_of_insert(draft, table, given);
}

/* SET a = a + 1: a second time gives another value, unless the condition looks at it. */
static bool moves_values_again(const Query *query)
{
	for (uint32_t i = 0; query && i < query->output_exprs.count && i < query->outputs.count; i++) {
		const Expr *value = query->output_exprs.items[i];
		const char *column = query->outputs.items[i];
		if (value && value->kind == EXPR_OPERATOR && value->text &&
		    strspn(value->text, "+-*/|") == strlen(value->text) && expr_mentions_column(value, column) &&
		    !expr_mentions_column(query->where, column))
			return true;
	}
	return false;
}

void effect_update_rows(Draft *draft)
{
	const Names *changed = target_columns(draft);
	if (run_rules(draft, "update"))
		return;
	run_query(draft, draft->action->query);
	draft->effect->changes_on_repeat |= moves_values_again(draft->action->query);
	Relation *table = written_table(draft);
	if (!table)
		return;
	for (uint32_t i = 0; i < table->partition_columns.count; i++)
		if (table->partition_columns.items[i] && lists(changed, table->partition_columns.items[i]))
			route_rows(draft, table, changed); /* rows move to other partitions */
	look_at_bounds(draft, table);
	look_up_references(draft, table, changed);
	look_for_referrers(draft, table, changed, 0);
	if (!draft->action->has_where)
		add_destroyed(draft, &table->object, DESTROY_VALUES, false);
}

void effect_delete_rows(Draft *draft)
{
	if (run_rules(draft, "delete"))
		return;
	run_query(draft, draft->action->query);
	Relation *table = written_table(draft);
	if (!table)
		return;
	look_for_referrers(draft, table, NULL, 0);
	add_destroyed(draft, &table->object, DESTROY_ROWS, false);
}

/* names: what it does with rows; columns: those that it changes. */
void effect_merge_rows(Draft *draft)
{
	const Action *action = draft->action;
	run_query(draft, action->query);
	Relation *table = written_table(draft);
	for (uint32_t i = 0; table && i < action->names.count; i++) {
		const char *does = action->names.items[i];
		if (same(does, "insert")) {
			route_rows(draft, table, &(Names){0});
			look_up_references(draft, table, NULL);
		} else if (same(does, "update")) {
			look_up_references(draft, table, &action->columns);
			look_for_referrers(draft, table, &action->columns, 0);
		} else {
			look_for_referrers(draft, table, NULL, 0);
			add_destroyed(draft, &table->object, DESTROY_ROWS, false);
		}
	}
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
	take_lock_on_indexes(draft, table, LOCK_ROW_EXCLUSIVE); /* COPY opens those of a partitioned table, too */
	route_rows(draft, table, target_columns(draft));
	look_at_bounds(draft, table);
	run_defaults(draft, table, target_columns(draft));
	look_up_references(draft, table, NULL);
	draft->effect->repeat_unknown = true;
}

/* SELECT, and the condition of an IF. */
void effect_query_rows(Draft *draft)
{
	run_query(draft, draft->action->query);
}

/* --- TRUNCATE, LOCK ----------------------------------------------------------------------------------------------- */

static void truncate_one(Draft *draft, Relation *table, int depth)
{
	Relations tree = depth ? tree_of(draft, table) : reach_of(draft, table);
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
	if (!draft->action->cascade || depth > CASCADE_DEPTH || !may_follow(draft))
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
