#ifndef DDLINT_DISCOVER_DISCOVER_H
#define DDLINT_DISCOVER_DISCOVER_H
/*
 * The parts of discovery, for each other: discover.c says in which order they work.
 */
#include "discover/layout.h"
#include "discover/roots.h"

/* Which configuration governs what, read once each. */
typedef struct Configs {
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
	FoundFiles *targets; /* that have it as their root; NULL: the plan was made for no target */
} RootPlan;

/* What governs a folder; the config is never NULL. */
typedef struct Governed {
	const Config *config;
	const char *project;      /* its name in the configuration; NULL: none */
	const char *project_path; /* absolute */
} Governed;

/* A history and what it is read from. */
typedef struct ReadRoot {
	History *history;
	Root *root;          /* NULL: another project's than the one asked for */
	RootPlan plan;
	Governed by;
	ARRAY(Note) notes;   /* of listing its files: they come before those of reading them */
} ReadRoot;

typedef struct Discoverer {
	Arena *arena;        /* of what is found */
	Arena scratch;       /* of all that is known on the way: the tree, roots and their files, plans */
	Discovery *discovery;
	const DiscoverOptions *options;
	Tree tree;
	Configs configs;
	const Layout *layout; /* --layout; NULL: auto */
	Map targets;          /* absolute path -> something: the files that were asked for */
	Map named;            /* those of them that were named as files, not by a folder above */
	FoundFiles found;     /* the same, in the order found */
	ARRAY(RootPlan) plans;
	Map planned;          /* path of a plan -> its targets */
	Map pasts;            /* "folder\nreference" -> Past: a repository is asked once */
	bool version_known;   /* a history has the version that --released names */
	bool no_past;         /* --since cannot be answered: nothing is reported rather than everything */
} Discoverer;

/* discover.c */
/* The statistics and the workload that configurations name: what is wrong with them fails the run. */
void check_heat_files(Discoverer *discoverer);
void add_failure(Discoverer *discoverer, const char *path, const char *format, ...) PRINTF(3, 4);
/* The engine that a folder's name from below start down to the folder speaks of; what was given on the command line is taken at its word. */
const char *engine_below(Arena *arena, const char *start, const Folder *folder);
void add_remark(Discoverer *discoverer, const char *path, const char *format, ...) PRINTF(3, 4); /* only with --verbose */

/* governing.c: the configuration for what lies in a folder. */
void configs_start(Discoverer *discoverer);
Governed governed(Discoverer *discoverer, Folder *folder);
bool is_excluded(Discoverer *discoverer, Folder *folder, const char *path);

/* reading.c: roots' files become histories, those of the plans from `first` on. Reading them may make more plans. */
void read_roots(Discoverer *discoverer, uint32_t first);
/* Does a file, there or not, belong to the root by its path? */
bool root_holds(Discoverer *discoverer, const RootPlan *plan, const char *path);
/* Fills the context's history from its root's files. */
void read_files(const LayoutContext *context);

/* start.c: what the configuration's start-schema says existed before the history. */
void add_start_schema(Discoverer *discoverer, const LayoutContext *context);
/* The dump that the rule schema-drift compares with: its option `dump`. */
void add_dump(Discoverer *discoverer, const LayoutContext *context);

/* frontier.c: what has run in production, what changed since a git reference; the order and the targets that follow from it. */
void set_frontier(Discoverer *discoverer, const ReadRoot *read);
/* When all roots are read: what no history could answer becomes a failure. */
void check_frontiers(Discoverer *discoverer);

/* past.c: histories as they were at a commit. */
typedef struct Past {
	const char *words;   /* the reference as written; NULL: the history is asked for no commit */
	const char *tip;     /* its commit */
	const char *base;    /* the commit that HEAD and it have in common */
	const char *error;   /* why there is no such commit */
} Past;
Past past_commits(Discoverer *discoverer, const char *folder, const char *reference, bool needs_base);
/* The root's history in a commit's tree; NULL and *error. Contents that are the same today are the same Source. */
History *past_history(Discoverer *discoverer, const ReadRoot *read, const char *commit, const char **error);

/* parts.c: a source of generated SQL that `-- ddlint: file` cuts into scripts. */
bool has_parts(const Source *source);
void read_parts(const LayoutContext *context, const File *file);

/* own_layout.c: `layout:` as a mapping. */
const Layout *own_layout(Arena *arena, const OwnLayout *own);
/* The root of the layout that the path's configuration describes, when the file is called as its migrations are; else NULL. */
const char *own_root(Discoverer *discoverer, const Found *file);

/* includes.c: files that migrations take in become part of them. */
void follow_includes(const LayoutContext *context);

/* finish.c: what holds for every layout. */
void finish_history(const LayoutContext *context);
#endif
