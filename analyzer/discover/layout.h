#ifndef DDLINT_DISCOVER_LAYOUT_H
#define DDLINT_DISCOVER_LAYOUT_H
/*
 * A layout knows how one migration tool keeps its files: names, order, directions, sections, transactions. One file each in
 * layouts/; the folder is the registry (build/layouts.c is generated from its listing; a file x.c defines `const Layout layout_x`).
 *
 * Layouts only look at names and bytes: they make migrations with scripts whose sections are set, and split nothing.
 */
#include "discover/history.h"
#include "discover/tree.h"
#include "read/lex.h"

/* `20240101120000_add_users.postgres.up.sql` */
typedef struct FileName {
	const char *version;   /* "20240101120000"; "" when the name starts with no digits */
	const char *name;      /* "add_users" */
	const char *stem;      /* without direction and extension: what up and down have in common */
	bool up, down;         /* said by `.up` or `.down` */
} FileName;

/* One file of a root. */
typedef struct File {
	const char *path;     /* to open it */
	const char *relative; /* below the root, with '/' */
	const char *name;     /* the last part */
	bool sql;             /* is_sql_name(name) */
	FileName parsed;      /* parse_file_name(name) */
	Source *source;       /* its bytes; NULL when unreadable (noted already) */
	const char *error;    /* why it is unreadable */
	bool target;          /* asked for on the command line, directly or by a folder */
} File;

/* A folder and everything below it that no nested root claims, in byte order of the relative paths. */
typedef struct Root {
	const char *path;
	const char *shown;    /* as messages show it */
	File *files;
	uint32_t file_count;
	const Config *config;
	Tree *tree;
	Folder *folder;       /* of the path in the tree; NULL: a loose file */
} Root;

typedef struct LayoutContext {
	Arena *arena;         /* of what is found: it outlives the root and its files */
	const Root *root;
	History *history;     /* to fill: history->migrations */
	Discovery *discovery; /* for notes */
	bool verbose;         /* notes about what was left out and why are wanted */
} LayoutContext;

typedef struct SectionWords SectionWords;

struct Layout {
	const char *name;     /* as --layout and the configuration say it: "golang-migrate" */
	const char *title;    /* as people write it: "golang-migrate" */
	/* How surely the root is this layout's: 0 not at all, 100 beyond doubt. *why: a short reason for --verbose. */
	int (*detect)(const Layout *layout, Arena *arena, const Root *root, const char **why);
	/* Appends the root's migrations to context->history->migrations, in the tool's order. */
	void (*read)(const LayoutContext *context);
	/* Fills in what splitting needs to know (batches, psql). NULL: nothing special. */
	void (*split_options)(const Migration *migration, const Script *script, SplitOptions *options);
	/*
	 * Where a statement goes that must run outside a transaction, to be read behind "-- 1. ": at most 95 columns, or NULL when the
	 * tool opens no transaction anyway. `no_transaction_line` is the line to paste, NULL when it is not a line of the file.
	 */
	const char *no_transaction;
	const char *no_transaction_line;
	bool has_downs;       /* the tool can run down scripts */
	const SectionWords *sections; /* of tools that cut a file into up and down; NULL: they do not */
};

/* All layouts, by name; the list ends with NULL. Generated. */
extern const Layout *const all_layouts[];
const Layout *layout_by_name(const char *name);
/* Everything that splitting a script needs to know: placeholders, the layout's own words, the configured runner. */
void script_split_options(const Migration *migration, const Script *script, SplitOptions *options);

/* --- What layouts share ------------------------------------------------------------------------------------------------------ */

Migration *add_migration(const LayoutContext *context, const char *version, const char *name);
/*
 * A script in the migration's arena, put in its place (up or down) by its direction. Without a section it is the whole file.
 */
Script *add_script(const LayoutContext *context, Migration *migration, const File *file, Direction direction, Wrapping wrapping);
void add_section(Migration *migration, Script *script, Span section);
/*
 * Stands for statements that a tool would send and that cannot be known: a place-holder alone on its line, which the splitter
 * sets aside, so that reports count it.
 */
#define UNREAD_SQL "\n{{ unread }}\n"
/* Orders as people count: 2 before 10, then bytes. */
int natural_compare(const char *a, const char *b);
/* Sorts the history's migrations by version, as people count, then by the path of their first script. */
void sort_by_version(History *history);
/* The same for tools that compare versions as text: 202601 comes before 20259. */
void sort_by_version_text(History *history);
void add_note(const LayoutContext *context, const File *file, uint32_t line, const char *format, ...) PRINTF(4, 5);
/* The same, but only when the user wants to know what was detected and why. */
void add_verbose_note(const LayoutContext *context, const File *file, const char *format, ...) PRINTF(3, 4);

/* --- Names of files (names.c) ------------------------------------------------------------------------------------------------ */

FileName parse_file_name(Arena *arena, const char *name);
/* The file of that name: what its name says. */
File file_new(Arena *arena, const char *path, const char *relative, const char *name);
/* The folder that holds the file, below the root: "" for the root itself. */
const char *file_folder(Arena *arena, const File *file);
bool is_sql_name(const char *name);
/* A folder's name that says a version and nothing else: v1, v1.18, 0.23. A bare number says too little. */
bool is_version_name(const char *name);
/* What a file is by its name and folder where no tool says it: baseline, seed, verify; DIRECTION_UP: nothing special. */
Direction direction_by_name(const File *file);
/* Is it what pg_dump wrote? */
bool is_dump(const Source *source);
/* The SQL engine that a name or a folder's name speaks of when it is not PostgreSQL ("mysql"), or NULL. */
const char *other_engine(const char *name);
/* The engine that a file is for by a part of its name, as in 1_users.mysql.up.sql; NULL: it names none. */
const char *file_engine(const char *name);
/* The engine whose words a file has that PostgreSQL has no statement for; NULL: nothing speaks for another one. dialect.c */
const char *engine_by_words(const Source *source);
/* Is there an entry of that name beside or above the root? */
bool is_around(const Root *root, const char *name);
const File *find_file(const Root *root, const char *relative);
const File *file_of_source(const Root *root, const Source *source);
/* Puts the root's files in order: byte order of their relative paths. */
void sort_files(Root *root);
/* How many SQL files the root has, and how many have the line marker somewhere. */
uint32_t count_sql(const Root *root);

/* --- Sections of a file (sections.c) ------------------------------------------------------------------------------------------- */

/* The comment lines by which a tool cuts one file into up and down. Letter case and blanks behind the dashes do not count. */
struct SectionWords {
	const char *up;             /* "+goose Up"; NULL: the file starts with it */
	const char *down;
	const char *section_option; /* a word behind up or down that keeps this section out of a transaction: "notransaction" */
	const char *file_option;    /* a line anywhere that keeps both out: "+goose NO TRANSACTION" */
	const char *batch_begin, *batch_end;
};

typedef struct Sections {
	Span up, down;
	bool has_up, has_down;
	bool up_alone, down_alone; /* outside a transaction */
} Sections;

Sections cut_sections(Source *source, const SectionWords *words);
/* A line of the source that says nothing but the words in a comment; the line's span, empty when there is none. */
Span find_marker(Source *source, const char *words, uint32_t from);
/* How many SQL files of the root have the marker. */
uint32_t count_marked(const Root *root, const char *words);
/* The same when it is half of them or more; else 0, which does not take a look at all of them. */
uint32_t count_mostly_marked(const Root *root, const char *words);
/* Does the text occur anywhere in the source? ASCII case does not count. */
bool source_mentions(const Source *source, const char *text);
/* Moves behind the semicolon that ends the statement; false: the text ends first. */
bool to_next_statement(Lexer *lexer);
/* As Flyway sees them: is there a statement that a transaction block refuses, and is there any other? */
typedef struct TransactionNeeds {
	bool outside, inside;
} TransactionNeeds;
TransactionNeeds transaction_needs(const Source *source, Span section);
#endif
