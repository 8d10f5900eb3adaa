#include "action/action.h"

/* Bodies nest no deeper than this: the reader of bodies stops at 64 blocks. */
enum { WALK_DEPTH = 256 };

static const struct {
	const char *word;
	const char *description;
} actions[] = {
	[ACTION_NONE] = {"none", "does nothing"},
#define ACTION(kind, action_word, action_description) [ACTION_##kind] = {action_word, action_description},
#include "action/action.def"
#undef ACTION
};

const char *action_word(ActionKind kind)
{
	return actions[kind].word;
}

const char *action_description(ActionKind kind)
{
	return actions[kind].description;
}

ActionKind action_by_word(const char *word)
{
	for (int kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		if (same(actions[kind].word, word))
			return (ActionKind)kind;
	return ACTION_NONE;
}

const char *constraint_kind_words(ConstraintKind kind)
{
	static const char *const words[] = {
		[CONSTRAINT_NONE] = "none",
		[CONSTRAINT_PRIMARY_KEY] = "primary key",
		[CONSTRAINT_UNIQUE] = "unique",
		[CONSTRAINT_CHECK] = "check",
		[CONSTRAINT_FOREIGN_KEY] = "foreign key",
		[CONSTRAINT_EXCLUSION] = "exclusion",
		[CONSTRAINT_NOT_NULL] = "not null",
	};
	return words[kind];
}

bool writes_rows(const Action *action)
{
	switch (action->kind) {
	case ACTION_INSERT_ROWS:
	case ACTION_UPDATE_ROWS:
	case ACTION_DELETE_ROWS:
	case ACTION_MERGE_ROWS:
	case ACTION_TRUNCATE_TABLE:
		return true;
	case ACTION_COPY_ROWS:
		return action->copy_from;
	default:
		return false;
	}
}

static bool walk(const Action *first, bool (*visit)(const Action *action, void *payload), void *payload, int depth)
{
	if (depth > WALK_DEPTH)
		return true;
	for (const Action *action = first; action; action = action->next) {
		if (!visit(action, payload) || !walk(action->body, visit, payload, depth + 1))
			return false;
		if (!action->branches)
			continue;
		if (!walk(action->branches->otherwise, visit, payload, depth + 1))
			return false;
		array_each (Handler, handler, &action->branches->handlers)
			if (!walk(handler->body, visit, payload, depth + 1))
				return false;
	}
	return true;
}

bool action_walk(const Action *first, bool (*visit)(const Action *action, void *payload), void *payload)
{
	return walk(first, visit, payload, 0);
}

static bool count_one(const Action *action UNUSED, void *payload)
{
	++*(uint32_t *)payload;
	return true;
}

uint32_t action_count(const Action *first)
{
	uint32_t count = 0;
	action_walk(first, count_one, &count);
	return count;
}
