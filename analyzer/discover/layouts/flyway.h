#ifndef DDLINT_FLYWAY_H
#define DDLINT_FLYWAY_H
/*
 * What flyway.toml or flyway.conf, in a folder above the migrations, says about them.
 *
 * https://documentation.red-gate.com/flyway/reference/configuration
 */
#include "discover/settings.h"
#include "discover/tree.h"

typedef struct FlywaySettings {
	const char *home;         /* the folder that relative locations start in; NULL: there is no such file */
	const char *path;         /* of the file */
	SettingItems locations;   /* as written, {vendor} filled in; those of callbacks among them */
	SettingItems callbacks;   /* the locations of which only callbacks are read */
	const char *init;         /* SQL that each connection runs first; NULL: none */
	const char *versioned, *undo, *repeatable, *baseline; /* prefixes */
	const char *separator;
	SettingItems suffixes;
	bool alone;               /* executeInTransaction=false */
	bool mixed;               /* one migration may hold both what a transaction refuses and other statements */
	bool out_of_order;        /* a version below one that has run is run all the same */
	const char *schema;       /* the default one; NULL: none is named */
	ARRAY(Placeholder) placeholders;
} FlywaySettings;

/* The folder from this one upward that has such a file; NULL: none, as for NULL. */
Folder *flyway_home(Tree *tree, Folder *folder);
/* In the arena; the defaults when folder is NULL or no file is found from it upward. */
FlywaySettings flyway_settings(Tree *tree, Arena *arena, Folder *folder);
/* The location that holds the folder: its path. NULL: none does, or no locations are set. */
const char *flyway_location(Arena *arena, const FlywaySettings *settings, const char *folder);
/* Is the folder one that only callbacks are read from? */
bool flyway_holds_callbacks(Arena *arena, const FlywaySettings *settings, const char *folder);
/* Where the history starts whose locations hold the folder: the location, or what several have above them. NULL: none. */
const char *flyway_root(Arena *arena, const FlywaySettings *settings, const char *folder);
#endif
