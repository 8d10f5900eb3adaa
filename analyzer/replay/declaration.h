#ifndef DDLINT_REPLAY_DECLARATION_H
#define DDLINT_REPLAY_DECLARATION_H
/*
 * Declarations of functions whose bodies nobody can read, as YAML lists: those that ship (analyzer/effect/extensions/, compiled in)
 * and those of the configuration's `functions`. effect/declared.h says what a declaration is.
 */
#include "replay/replay.h"

struct Node;

/* Appends what a list holds; what is wrong with it becomes errors with file and line. Outside of script_parse only. */
void read_declarations(Arena *arena, const char *path, const struct Node *list, FunctionList *functions, ConfigErrors *errors);
/*
 * What is declared of the function that a CALL names: by the configuration first, then by what ships. NULL: nothing, or there is a
 * function of that name in the catalog whose definition is known, or a built-in one.
 */
const Declaration *declaration_of(Replay *replay, const Action *call);
/* The actions of what it does in SQL, for one call; NULL: none. All stand at `at`. */
const Action *declared_body(Arena *arena, const Declaration *declaration, const Expr *call, Span at);
#endif
