#ifndef DDLINT_DISCOVER_TREE_H
#define DDLINT_DISCOVER_TREE_H
/*
 * Folders of the file system as discovery sees them: listed once, what does not belong to the project left out.
 *
 * A Tree and all that it gives live in its arena. Paths of folders are absolute.
 */
#include "base/files.h"
#include "discover/history.h"

typedef struct Folder Folder;

/* One line of a .gitignore. */
typedef struct IgnoreLine {
	const char *glob;
	bool negated;
	bool folders_only;
	bool anchored; /* meant from the .gitignore's folder; else any name below */
} IgnoreLine;

/* What in a folder says what the folders below it are: all of them ask. */
typedef struct FolderMarks {
	bool known;
	bool tool;             /* something that a tool writes beside its migrations */
	bool changelog;        /* a Liquibase changelog */
	bool flyway_known;
	const char *flyway;    /* the settings of Flyway, from the folder: "flyway.toml", "conf/flyway.conf"; NULL: none */
} FolderMarks;

struct Folder {
	const char *path;
	const char *name;
	Folder *parent;        /* NULL at the boundary and for "/" */
	Entries entries;       /* in byte order, once listed */
	bool listed;
	const char *error;     /* why it could not be listed */
	bool told;             /* what is wrong in it is among the notes */
	bool is_boundary;      /* holds .git: the repository's root; nothing above belongs to the project */
	ARRAY(IgnoreLine) ignores; /* of its .gitignore */
	Folder *home;          /* the root that its files belong to; NULL: none. See roots.h */
	bool home_known;
	FolderMarks marks;
	const char *engine;    /* that its name speaks of when it is not PostgreSQL; NULL: none */
	struct Governed *governed; /* by which configuration, once asked; see governing.c */
};

typedef struct Tree {
	Arena *arena;
	int jobs;              /* threads that list folders; 0: as many as there are processors */
	Map folders;           /* path -> Folder */
	const char *cwd;
	Map carriers;          /* path -> Carrier of a file that was looked into */
	const char *overlay_path;  /* a file whose bytes come from standard input; NULL: none */
	const char *overlay_bytes;
	size_t overlay_length;
} Tree;

/* A file below a folder that was walked. */
typedef struct Found {
	Folder *folder;
	const char *name;
	const char *path; /* absolute */
} Found;
typedef ARRAY(Found) FoundFiles;

/* The folder at an absolute path. Never NULL; nothing is listed yet. */
Folder *tree_folder(Tree *tree, const char *path);
Folder *tree_child(Tree *tree, const Folder *folder, const char *name);
/* What is in the folder, listed by the first question. One that cannot be read has an error and no entries. */
const Entries *folder_entries(Tree *tree, Folder *folder);
const Entry *folder_entry(Tree *tree, Folder *folder, const char *name);
/* Is there anything of that name in the folder? Does not list it for that. */
bool folder_has(Tree *tree, const Folder *folder, const char *name);
/* The nearest folder from here upward that holds .git; NULL when there is none. */
const Folder *tree_boundary(const Folder *folder);

/* Files that are no SQL and hold migrations (carriers.c). */
typedef enum Carrier {
	CARRIER_NONE,
	CARRIER_CHANGELOG, /* Liquibase's, in XML, YAML or JSON */
	CARRIER_CODE,      /* in Python, TypeScript, Ruby …: Alembic's, and those of which SQL literals are read */
} Carrier;
/* What the file may be by its name and its folder's; what it is by what it says. */
Carrier carrier_by_name(const char *folder, const char *name);
Carrier carrier_of(Tree *tree, const Folder *folder, const char *name);
/* By its ending: programs and changelogs. */
bool is_carrier_name(const char *name);
/* Could a changelog include it? By its ending only. */
bool is_changelog_name(const char *name);

/* Something that a tool keeps beside its migrations and that says how they run. */
bool is_companion_name(const char *name);

/*
 * All SQL and companion files, and others that may hold migrations, below top, in byte order of their paths; left out: folders of dependencies and of build results,
 * what .gitignore names, links to folders, links that lead out of top. What could not be listed becomes a note (failure) in arena.
 */
void tree_walk(Tree *tree, Folder *top, Arena *arena, Discovery *discovery, FoundFiles *files);
/* A file's bytes in the arena, the overlay's for the overlaid one; NULL and *error. */
const char *tree_read(const Tree *tree, Arena *arena, const char *path, size_t *length, const char **error);

/* ignore.c */
void ignore_read(Arena *arena, Folder *folder, const char *text, size_t length);
/* Is the entry of the folder named by a .gitignore from here up to last, inclusive? */
bool ignore_matches(Arena *arena, const Folder *folder, const char *name, bool is_folder, const Folder *last);
#endif
