#ifndef DDLINT_CHANGELOG_H
#define DDLINT_CHANGELOG_H
/*
 * Liquibase's changelogs in YAML, JSON and XML, as far as they say which SQL files run, in which order and under which id.
 * Changes written in the changelog itself (createTable …) are not read yet: they are counted.
 */
#include "discover/layout.h"

typedef struct Include {
	const File *file;
	const char *id;        /* "author:id" of the changeSet that runs the file by <sqlFile>; NULL: the file has its own */
	bool alone;            /* runInTransaction="false" */
	bool whole;            /* splitStatements="false" */
} Include;

typedef struct Changelog {
	const LayoutContext *context;
	ARRAY(Include) includes;
	Map seen;              /* changelogs and SQL files already included */
	uint32_t other_changes; /* changes that are not SQL files */
	uint32_t depth;        /* of changelogs that include each other */
	uint32_t missing;      /* files that are not below the root */
} Changelog;

bool is_changelog_name(const char *name);
/* Follows the root's changelogs, from the one that no other includes. False when there is none. */
bool read_changelogs(Changelog *changelog);

/* changelog_xml.c */
void read_xml_changelog(Changelog *changelog, const File *file);

/* For both: what a changelog says it includes. `name` as written; relative: to the changelog, else to the search path. */
void include_file(Changelog *changelog, const File *from, const char *name, bool relative);
void include_folder(Changelog *changelog, const File *from, const char *name, bool relative);
void include_sql(Changelog *changelog, const File *from, const char *name, bool relative, const Include *how);
#endif
