#ifndef DDLINT_CHANGELOG_H
#define DDLINT_CHANGELOG_H
/*
 * Liquibase's changelogs in XML, YAML and JSON: which files and changesets run, in which order.
 */
#include "element.h"

typedef struct Changelog {
	const LayoutContext *context;
	Map seen;         /* changelogs and SQL files already included */
	uint32_t depth;   /* of changelogs that include each other */
} Changelog;

/* Reads the root's changelogs into migrations, from the one that no other includes. False when they hold none. */
bool read_changelogs(Changelog *changelog);

/* change_set.c */
void read_change_set(Changelog *changelog, const File *file, const Element *set);

/* `dbms: postgresql,h2` is meant for us, `dbms: mysql` and `dbms: !postgresql` are not. */
bool is_for_postgresql(Text dbms);
/* The SQL file of that name: relative to the changelog's own folder, or below where Liquibase searches; NULL. */
const File *changelog_sql_file(Changelog *changelog, const File *from, const char *name, bool relative);

/* liquibase.c: what an included SQL file holds, when it is no formatted one a changeset of its own. */
void read_included_sql(const LayoutContext *context, const File *file);
#endif
