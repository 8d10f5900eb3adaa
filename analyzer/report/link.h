#ifndef DDLINT_LINK_H
#define DDLINT_LINK_H
/* Links and examples as readers outside the terminal need them. */
#include "base/base.h"

/* A path as a URI reference: percent-encoded, "file://" before an absolute one, "./" where a colon would look like a scheme. */
char *path_uri(Arena *arena, const char *path);
/* The page of PostgreSQL's manual that a rule names: "sql-createindex.html#…". */
char *manual_link(Arena *arena, const char *page);
/* bad.sql or good.sql as people are shown it: without the marks of the tests; flagged: "-- flagged" stands for them. */
Text example_text(Arena *arena, const char *sql, bool flagged);
#endif
