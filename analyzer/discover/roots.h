#ifndef DDLINT_DISCOVER_ROOTS_H
#define DDLINT_DISCOVER_ROOTS_H
/*
 * Where histories begin: the folder in which one tool keeps one database's migrations.
 *
 * The answer depends on the names in the folder and above it alone, so a file given by itself and a walk over the whole tree
 * find the same root. It never looks above the repository's root.
 */
#include "discover/tree.h"

bool holds_changelog(Tree *tree, Folder *folder);
/* The root that SQL files of the folder belong to; NULL: they are loose. */
Folder *root_of(Tree *tree, Folder *folder);
#endif
