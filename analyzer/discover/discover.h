#ifndef DDLINT_DISCOVER_DISCOVER_H
#define DDLINT_DISCOVER_DISCOVER_H
/*
 * The parts of discovery, for each other: discover.c says in which order they work.
 */
#include "discover/layout.h"
#include "discover/roots.h"

/* Which configuration governs what, read once each. */
typedef struct Configs {
	Map by_folder;       /* folder -> Governed */
	Map by_path;         /* .ddlint.yml -> Config */
	const Config *fixed; /* --config */
	const Config *fallback;
	ConfigOptions names; /* what a configuration may name, and the packs of --pack */
	bool project_known;  /* a configuration has the project of --project */
} Configs;

/* A folder whose files make one history, or one file that makes one alone. */
typedef struct RootPlan {
	const char *path;    /* of the folder or the file */
	Folder *folder;      /* NULL: a loose file */
	bool whole;          /* files below belong to it whatever their own root would be: --layout or the configuration says so */
	bool own;            /* the configuration describes its layout */
} RootPlan;

typedef struct Discoverer {
	Arena *arena;
	Discovery *discovery;
	const DiscoverOptions *options;
	Tree tree;
	Configs configs;
	const Layout *layout; /* --layout; NULL: auto */
	Map targets;          /* absolute path -> something: the files that were asked for */
	Map named;            /* those of them that were named as files, not by a folder above */
	FoundFiles found;     /* the same, in the order found */
	ARRAY(RootPlan) plans;
	Map planned;          /* path of a plan -> something */
} Discoverer;

/* discover.c */
void add_failure(Discoverer *discoverer, const char *path, const char *format, ...) PRINTF(3, 4);
void add_remark(Discoverer *discoverer, const char *path, const char *format, ...) PRINTF(3, 4); /* only with --verbose */

/* governing.c: the configuration for a path; the config is never NULL. */
typedef struct Governed {
	const Config *config;
	const char *project;      /* its name in the configuration; NULL: none */
	const char *project_path; /* absolute */
} Governed;
void configs_start(Discoverer *discoverer);
Governed governed(Discoverer *discoverer, const char *path);
bool is_excluded(Discoverer *discoverer, const char *path);

/* reading.c: one root's files become a history. */
void read_root(Discoverer *discoverer, const RootPlan *plan);

/* parts.c: a source of generated SQL that `-- ddlint: file` cuts into scripts. */
bool has_parts(const Source *source);
void read_parts(const LayoutContext *context, const File *file);

/* own_layout.c: `layout:` as a mapping. */
const Layout *own_layout(Arena *arena, const OwnLayout *own);
/* The root of the layout that the path's configuration describes, when the file is called as its migrations are; else NULL. */
const char *own_root(Discoverer *discoverer, const char *path);

/* finish.c: what holds for every layout. */
void finish_history(const LayoutContext *context);
#endif
