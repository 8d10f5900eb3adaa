#include "replay/passes.h"

/* The passes of ATRewriteCatalogs (PostgreSQL's src/backend/commands/tablecmds.c): drops first, other constraints last. */
static int alter_pass(const Action *action)
{
	switch (action->kind) {
	case ACTION_DROP_COLUMN:
	case ACTION_DROP_CONSTRAINT:
	case ACTION_DROP_NOT_NULL:
	case ACTION_DROP_IDENTITY:
	case ACTION_DROP_EXPRESSION:
	case ACTION_DROP_DEFAULT:
		return 0;
	case ACTION_ALTER_COLUMN_TYPE:
		return 1;
	case ACTION_ADD_COLUMN:
		return 4;
	case ACTION_SET_EXPRESSION:
		return 5;
	case ACTION_SET_NOT_NULL:
	case ACTION_SET_IDENTITY:
		return 6;
	case ACTION_ADD_CONSTRAINT:
		switch (action->constraint ? action->constraint->kind : CONSTRAINT_NONE) {
		case CONSTRAINT_PRIMARY_KEY:
		case CONSTRAINT_UNIQUE:
		case CONSTRAINT_EXCLUSION:
			return 7;
		default:
			return 9;
		}
	case ACTION_SET_DEFAULT:
	case ACTION_ADD_IDENTITY:
		return 9;
	default:
		return 10;
	}
}

const Action **in_passes(Arena *arena, const Action *first, uint32_t *count)
{
	uint32_t n = 0;
	for (const Action *action = first; action && action->in_alter; action = next_part(action))
		n++;
	const Action **order = new_array(arena, const Action *, n);
	uint32_t filled = 0;
	for (int pass = 0; pass <= 10 && filled < n; pass++)
		for (const Action *action = first; action && action->in_alter; action = next_part(action))
			if (alter_pass(action) == pass)
				order[filled++] = action;
	*count = n;
	return order;
}
