#ifndef DDLINT_PARSE_PARSE_H
#define DDLINT_PARSE_PARSE_H
/*
 * From a split script to actions: PostgreSQL's own parser (libpg_query 18) and the lowering of its nodes.
 *
 * The only door to the parser: nothing outside this folder knows a node. Threads may parse at the same time, each script on one.
 */
#include "action/action.h"
#include "read/script.h"

/*
 * Fills in state, tag, error, actions of every statement of the script. Statements are parsed in chunks; when a chunk fails its
 * statements are parsed one by one, so that one bad statement costs nothing but itself. Never fails.
 */
void script_parse(Arena *arena, Script *script);
/*
 * The body of a routine as a call runs it: read again with its parameters known as far as the call's arguments and the defaults are
 * constant. EXECUTE of a text made from them, and IF and CASE on them, are then no secret. All actions stand at `at`, and live in
 * arena with copies of what they need. *opaque: something in it could not be read even so. Outside of script_parse only.
 */
struct Action *routine_parse(Arena *arena, const FunctionDef *routine, const char *name, const Expr *call, Span at, bool *opaque);
/* A text that stands in no migration, a query of a comment or a report, as a script of its own. Outside of script_parse only. */
Script *sql_parse(Arena *arena, const char *path, const char *sql);
/* "18.6": of the linked library. */
const char *parser_version(void);
#endif
