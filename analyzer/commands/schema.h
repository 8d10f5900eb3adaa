#ifndef DDLINT_COMMANDS_SCHEMA_H
#define DDLINT_COMMANDS_SCHEMA_H
/*
 * What the formats of `ddlint schema` share.
 */
#include "replay/replay.h"

/* Made by what was read, still there, and not of one session only. */
bool schema_lists(const Object *object);
/* Statements that make what the catalog holds; comments name what could not be written. */
/* One relation with its indexes and comments, or one column with what is on it. */
void object_sql(Arena *arena, Buf *out, const History *history, Replay *replay, const Object *object);
void schema_sql(Arena *arena, Buf *out, const History *history, const Replay *replay);
#endif
