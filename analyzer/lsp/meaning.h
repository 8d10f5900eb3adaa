#ifndef DDLINT_LSP_MEANING_H
#define DDLINT_LSP_MEANING_H
/* What the name under a cursor means, as the history stands just before the statement that it is in. */
#include "lsp/workspace.h"
#include "replay/replay.h"

/* The word at the byte, with what stands before it and a dot. False: there is none. */
bool name_under(Arena *arena, const Source *source, Span statement, uint32_t offset, Name *name);
/* A relation, a type, or a column or constraint of what the statement is about; NULL: nothing that is known. */
const Object *meaning(const Replay *replay, const Statement *statement, Name name);
/* Replays the history up to the place's script, or up to its statement. */
void replay_up_to_script(Replay *replay, const ScriptPlace *place);
void replay_up_to(Replay *replay, const ScriptPlace *place);
#endif
