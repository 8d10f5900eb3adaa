#include "replay/again.h"

static bool ran_before(const Replay *replay, const Statement *statement)
{
	return replay->ran_before && statement - replay->script->statements.items < replay->ran_before;
}

/* The action ran before on the same table. */
static bool repeats(const Replay *replay, const Statement *statement, const Relation *table)
{
	return ran_before(replay, statement) && table && table->object.number < replay->objects_before;
}

/* What the script does with the rows of the table that an INSERT of it fills. */
typedef struct RowSearch {
	const Action *insert;
	const Relation *table;
	bool before;        /* the INSERT has not come yet */
	bool emptied;       /* all rows go before it */
	bool some_change;   /* some go or change, before it or after it */
} RowSearch;

static bool in_unique_key(const Relation *table, const char *column)
{
	array_each (Relation *const, index, &table->indexes)
		if ((*index)->unique)
			array_each (const CatalogKey, key, &(*index)->keys)
				if (!key->column || same(key->column->object.name, column))
					return true;
	return false;
}

/* An UPDATE that leaves every unique key as it is takes no row out of the way. */
static bool changes_key(const Relation *table, const Action *update)
{
	const Query *query = update->query;
	bool known = false;
	for (uint32_t i = 0; query && i < query->uses.count; i++) {
		const RelationUse *use = &query->uses.items[i];
		if (use->mode != USE_UPDATE)
			continue;
		known = use->columns.count > 0;
		for (uint32_t j = 0; j < use->columns.count; j++)
			if (in_unique_key(table, use->columns.items[j]))
				return true;
	}
	return !known;
}

static bool look_for_other_rows(const Action *action, void *payload)
{
	RowSearch *search = payload;
	search->before = search->before && action != search->insert;
	if (!same(action->relation.name, search->insert->relation.name))
		return true;
	switch (action->kind) {
	case ACTION_TRUNCATE_TABLE:
	case ACTION_DELETE_ROWS:
		if (search->before && (action->kind == ACTION_TRUNCATE_TABLE || !action->has_where))
			search->emptied = true;
		else
			search->some_change = true;
		break;
	case ACTION_UPDATE_ROWS:
		search->some_change = search->some_change || changes_key(search->table, action);
		break;
	case ACTION_MERGE_ROWS:
		search->some_change = true;
		break;
	default:
		break;
	}
	return true;
}

RowsAgain rows_again(const Replay *replay, const Statement *statement, const Action *insert)
{
	RowSearch search = {.insert = insert, .before = true};
	search.table = find_relation(replay->catalog, session_path(replay->session), insert->relation);
	if (!repeats(replay, statement, search.table))
		return ROWS_NEW;
	if (replay->again)
		action_walk(statement->actions, look_for_other_rows, &search);
	else
		array_each (const Statement, one, &replay->script->statements)
			action_walk(one->actions, look_for_other_rows, &search);
	return search.emptied ? ROWS_NEW : search.some_change ? ROWS_UNSURE : ROWS_THERE;
}

const char *declared_refusal(Replay *replay, const Statement *statement, const Declaration *declared, const Action *call, bool *unsure)
{
	if (!declared->repeat || !ran_before(replay, statement))
		return NULL;
	Name name = declared_table(&replay->scratch, declared, call->expr);
	const Relation *table = name.name ? find_relation(replay->catalog, session_path(replay->session), name) : NULL;
	if (table && !repeats(replay, statement, table))
		return NULL;
	Answer excused = declared_condition(&replay->scratch, declared, call->expr, declared->repeat_excused);
	*unsure = excused == ANSWER_UNKNOWN;
	return excused == ANSWER_NO ? declared->repeat : NULL;
}
