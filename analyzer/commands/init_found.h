#ifndef DDLINT_INIT_FOUND_H
#define DDLINT_INIT_FOUND_H
/*
 * What `ddlint init` learns about a project from files that are no migrations.
 */
#include "action/expr.h"
#include "discover/history.h"

typedef struct ProjectHints {
	int postgres_low, postgres_high; /* server majors that images and workflows name; 0: none does */
	const char *postgres_from;       /* the first file that names one */
	Names tools;                     /* other linters whose comments or configuration are there */
	Names off;                       /* rules and categories that their configuration switches off */
} ProjectHints;

void find_hints(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints);
#endif
