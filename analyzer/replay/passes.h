#ifndef DDLINT_REPLAY_PASSES_H
#define DDLINT_REPLAY_PASSES_H
/* The order within one ALTER TABLE. */
#include "action/action.h"

/* The actions of one ALTER TABLE in the order in which PostgreSQL does them. */
const Action **in_passes(Arena *arena, const Action *first, uint32_t *count);
#endif
