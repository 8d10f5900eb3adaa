/* Where tables and columns were made, for findings about them: the makings of a migration are listed when the first one asks. */
#include "judge/inside.h"

/* A NUL, which no name has, tells a column from a table whose name begins alike. */
static void set_key(Buf *key, const char *table, const char *column)
{
	key->length = 0;
	buf_adds(key, table);
	if (!column)
		return;
	buf_addc(key, '\0');
	buf_adds(key, column);
}

typedef struct Listing {
	Arena *arena;
	Map *makings; /* actions by key; of several that make one name the first */
	Buf key;
} Listing;

static bool list_making(const Action *action, void *payload)
{
	Listing *listing = payload;
	bool column = action->kind == ACTION_ADD_COLUMN && action->object;
	if ((!column && action->kind != ACTION_CREATE_TABLE) || !action->relation.name)
		return true;
	Buf *key = &listing->key;
	set_key(key, action->relation.name, column ? action->object : NULL);
	if (!map_get(listing->makings, key->data, key->length)) {
		const char *kept = arena_copy(listing->arena, key->data, key->length);
		map_set(listing->arena, listing->makings, kept, key->length, (Action *)action);
	}
	return true;
}

static const Map *makings_of(Judge *judge, uint32_t ordinal)
{
	if (!judge->makings)
		judge->makings = new_array(judge->arena, Map *, judge->history->migrations.count);
	Map **makings = &judge->makings[ordinal - 1];
	if (*makings)
		return *makings;
	*makings = new(judge->arena, Map);
	const Script *script = judge->history->migrations.items[ordinal - 1]->up;
	Listing listing = {.arena = judge->arena, .makings = *makings};
	for (uint32_t i = 0; script && i < script->statements.count; i++)
		action_walk(script->statements.items[i].actions, list_making, &listing);
	buf_free(&listing.key);
	return *makings;
}

const Action *making_of(Judge *judge, const Object *object)
{
	const char *table = object->kind == OBJECT_TABLE ? object->name : object->kind == OBJECT_COLUMN ? object->parent->name : NULL;
	if (!table || !object->made_in || object->made_in > judge->history->migrations.count)
		return NULL;
	Buf key = {0};
	set_key(&key, table, object->kind == OBJECT_COLUMN ? object->name : NULL);
	const Action *action = map_get(makings_of(judge, object->made_in), key.data, key.length);
	buf_free(&key);
	return action;
}
