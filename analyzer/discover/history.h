#ifndef DDLINT_DISCOVER_HISTORY_H
#define DDLINT_DISCOVER_HISTORY_H
/*
 * Discovery: from the paths of a command line to histories, each an ordered list of migrations for one database.
 *
 * Two roots never merge; nested roots are two histories. A path to a single file finds the file's history around it, and only
 * that file is a target. Loose SQL files that belong to no root make a history of their own each, replayed in the open world.
 */
#include "base/base.h"
#include "discover/config.h"
#include "read/script.h"

typedef struct Layout Layout;
typedef struct History History;

typedef struct Migration Migration;
struct Migration {
	History *history;
	const char *version;  /* as the tool knows it: "0042", "20240101120000", "author:id"; "" when it has none */
	const char *name;     /* what follows the version in the file's name */
	uint32_t ordinal;     /* place in the history, from 1 */
	uint32_t place;       /* the same in its tool's own order: a frontier moves pending ones behind the released ones */
	Script *up;           /* also a repeatable's, a baseline's, a verify's script: its direction tells; NULL: a down without an up */
	Script *down;         /* NULL: none. A script without statements: an empty one */
	bool down_expected;   /* the layout has downs, and this kind of migration should have one */
	bool irreversible;    /* the migration says, in its layout's own words, that it has no way back */
	bool target;          /* findings are wanted; else it is replayed only */
	bool released;        /* known to have run in production */
	bool parsed;          /* its scripts are split and parsed: read_migration() in lint.h */
	bool by_group;        /* the tool pairs downs by group: the chain counts, not the pair */
	const Migration *before; /* the same one as history->before has it; NULL: it is new since then, or nobody asked */
	Arena arena;          /* scripts, statements and actions */
	ArenaMark read;       /* in the arena, behind what reading made: what judging made comes behind it */
	uint32_t kept_from;   /* its ordinal in the run before, which read it; 0: read in this one */
};

struct History {
	const char *name;     /* the root relative to the working folder, or the project's name from the configuration */
	const char *root;     /* folder, or the file of a loose one */
	const Layout *layout;
	const char *why;      /* what the layout was recognised by */
	const Config *config;
	ARRAY(Migration *) migrations; /* in the order in which their tool runs them */
	ARRAY(Placeholder) placeholders; /* the values of the tool's own settings; those of the configuration go before */
	const char *schema;   /* that the tool makes, and puts first in the search_path of its migrations; NULL: none */
	ARRAY(const Migration *) before_each; /* callbacks on whose connection each migration runs */
	bool runs_older;      /* the tool was told to run a migration below one that has run */
	bool loose;           /* one file that belongs to no root */
	bool closed;          /* starts from nothing: a missing object is missing */
	bool has_frontier;    /* `released` of the migrations means something; the released ones come first then */
	const char *since;    /* the git reference that the history is compared with, as written; NULL: none */
	const History *before; /* at the commit that HEAD and the reference have in common; not split, not parsed. NULL: unknown */
	const History *gained; /* what the reference got since then and we do not have: migrations in their tool's order */
	Migration *dump;      /* the schema that the rule schema-drift compares with; no part of the history. NULL: none */
	const struct Seal *seal; /* the root's .ddlint.seal; NULL: none */
};

/* A message about the work itself: an unreadable path, a file left out. Printed by main, never lost. */
typedef struct Note {
	bool failure;         /* makes the exit code 2 */
	const char *path;     /* NULL: about no file */
	uint32_t line;        /* 0: none */
	const char *message;
} Note;

typedef struct Discovery {
	ARRAY(History *) histories; /* in the order of their roots' names */
	ARRAY(Note) notes;
	uint32_t files;       /* SQL files seen */
} Discovery;

/* Who answers for files in place of the disk: the buffers of an editor, and what was read before. */
typedef struct SourceProvider {
	void *payload;
	/* The file at the absolute path, called `shown` in messages; it outlives what was discovered. NULL and *error. */
	Source *(*read)(void *payload, const char *path, const char *shown, const char **error);
	/* There is such a file, though perhaps not on the disk. */
	bool (*has)(void *payload, const char *path);
} SourceProvider;

typedef struct DiscoverOptions {
	const char *const *paths;
	uint32_t path_count;
	const char *layout;          /* --layout; NULL or "auto" */
	const char *config_path;     /* --config; NULL: look for it; "none": do without */
	const ConfigOptions *config_options; /* for config_read; NULL: names in it are not checked */
	const char *project;         /* --project; NULL: all */
	const char *released;        /* --released, as the configuration's key; NULL: as configured */
	const char *since;           /* --since: a git reference; NULL: none */
	const char *const *packs;    /* --pack: extended first, for every configuration (ConfigOptions.packs) */
	uint32_t pack_count;
	int jobs;                    /* threads; 0: as many as there are processors */
	bool no_history;             /* --no-history: every file alone, in the open world */
	const char *stdin_filename;
	const SourceProvider *sources; /* NULL: files are read from the disk */
	struct GitMemory *git;       /* what git answered before; NULL: it is asked */
	bool verbose;                /* explain what was chosen and why, as notes */
} DiscoverOptions;

/*
 * The first migration's script, where what is said of the whole history stands: the first in which findings are wanted, when they
 * are in some only. A schema to start from is none. NULL: no migration.
 */
Script *first_script(const History *history);
/* Everything lives in arena but what the migrations' own arenas hold (freed by history_free). */
Discovery *discover(Arena *arena, const DiscoverOptions *options);
/* One text as a history of its own, without looking at any file: for examples of rules. sql outlives the discovery. */
Discovery *discover_text(Arena *arena, const char *name, const char *sql);
/* For people who ask what was detected: histories, layouts, migrations, directions, transactions, files. One line each. */
void discovery_print(Buf *buf, const Discovery *discovery);
/* What people call it: by its version, by its file's name or by its folder's; "V042" and "42" are one version. */
bool migration_is_called(Arena *arena, const Migration *migration, const char *word);
/* Frees the arenas of the history's migrations; sources stay. */
void history_free(History *history);
#endif
