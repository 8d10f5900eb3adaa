#ifndef DDLINT_DISCOVER_LAYOUT_H
#define DDLINT_DISCOVER_LAYOUT_H
/*
 * A layout knows how one migration tool keeps its files: names, order, directions, sections, transactions. One file each in
 * layouts/; the folder is the registry (build/layouts.c is generated from its listing; a file x.c defines `const Layout layout_x`).
 *
 * Layouts only look at names and bytes: they make migrations with scripts whose sections are set, and split nothing.
 */
#include "discover/history.h"

/* One file of a root. */
typedef struct File {
	const char *path;     /* to open it */
	const char *relative; /* below the root, with '/' */
	const char *name;     /* the last part */
	Source *source;       /* its bytes; NULL when unreadable (noted already) */
	bool target;          /* asked for on the command line, directly or by a folder */
} File;

/* A folder and everything below it that no nested root claims, in byte order of the relative paths. */
typedef struct Root {
	const char *path;
	const char *shown;    /* as messages show it */
	File *files;
	uint32_t file_count;
	const Config *config;
} Root;

typedef struct LayoutContext {
	Arena *arena;
	const Root *root;
	History *history;     /* to fill: history->migrations */
	Discovery *discovery; /* for notes */
} LayoutContext;

struct Layout {
	const char *name;     /* as --layout and the configuration say it: "golang-migrate" */
	const char *title;    /* as people write it: "golang-migrate" */
	/* How surely the root is this layout's: 0 not at all, 100 beyond doubt. *why: a short reason for --verbose. */
	int (*detect)(Arena *arena, const Root *root, const char **why);
	/* Appends the root's migrations to context->history->migrations, in the tool's order. */
	void (*read)(const LayoutContext *context);
	/* Fills in what splitting needs to know (batches, psql). NULL: nothing special. */
	void (*split_options)(const Migration *migration, const Script *script, SplitOptions *options);
	/*
	 * How a person says "run this migration outside a transaction" with this tool: a sentence for recipes, or NULL when the
	 * tool opens no transaction anyway. `no_transaction_line` is the line to paste, NULL when it is not a line of the file.
	 */
	const char *no_transaction;
	const char *no_transaction_line;
	bool has_downs;       /* the tool can run down scripts */
};

/* All layouts, by name; the list ends with NULL. Generated. */
extern const Layout *const all_layouts[];
const Layout *layout_by_name(const char *name);

/* --- What layouts share ------------------------------------------------------------------------------------------------------ */

Migration *add_migration(const LayoutContext *context, const char *version, const char *name);
/* A script of the whole file, or of the sections given. Lives in the migration's arena. */
Script *add_script(const LayoutContext *context, Migration *migration, const File *file, Direction direction, Wrapping wrapping);
void add_section(Migration *migration, Script *script, Span section);
/* Orders as people count: 2 before 10, then bytes. */
int natural_compare(const char *a, const char *b);
void add_note(const LayoutContext *context, const File *file, uint32_t line, const char *format, ...) PRINTF(4, 5);
#endif
