#ifndef DDLINT_INIT_FOUND_H
#define DDLINT_INIT_FOUND_H
/*
 * What `ddlint init` learns about a project from files that are no migrations.
 */
#include "action/expr.h"
#include "discover/history.h"

enum { OLDEST_POSTGRES = 11, NEWEST_POSTGRES = 18 };

typedef struct ProjectHints {
	int postgres_low, postgres_high; /* server majors that images and workflows name; 0: none does */
	const char *postgres_from;       /* the first file that names one */
	Names tools;                     /* other linters whose comments or configuration are there */
	Names rules;                     /* "column-dropped: off": what their configurations say of rules, in our words */
	Names unlike;                    /* rules of theirs that it speaks of and that none of ours is like */
	Names overrides;                 /* "{paths: [old], rules: {all: off}}" */
	const char *fail_on;             /* NULL: as ours */
	bool in_transaction;             /* the runner sends each file in a transaction */
} ProjectHints;

/* init_tools.c */
void find_tools(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints);
void find_hints(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints);
#endif
