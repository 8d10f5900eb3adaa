#ifndef DDLINT_LSP_WORKSPACE_H
#define DDLINT_LSP_WORKSPACE_H
/*
 * The workspace's folders and what is known of their histories: the same pipeline as the command line's, run from the folder, with
 * the open documents in place of their files. What did not change since the last run is neither read nor parsed again.
 */
#include "base/git_memory.h"
#include "lint.h"
#include "lsp/documents.h"
#include "replay/checkpoint.h"

/* What the client may set (initializationOptions), as the command line's options. */
typedef struct Settings {
	const char *config, *layout; /* NULL: found */
	int postgres_low, postgres_high; /* 0: as configured */
	bool inlay_hints, code_lens;     /* wanted; off by default */
} Settings;

/* One run and everything that it made. */
typedef struct Analysis {
	Arena arena;
	Discovery *discovery;
	Run *run;
	const char *failure;   /* what stands against the work: a configuration with mistakes; NULL: nothing */
	double seconds;        /* that it took */
} Analysis;

/* What a client was told of the folder's files when it asked for all of them. */
typedef struct ToldFile {
	const char *uri, *result;
} ToldFile;
typedef struct Told {
	Arena arena;
	ARRAY(ToldFile) files;
	double at;             /* when; 0: something changed since */
} Told;
void told_begin(Told *told);
void told_add(Told *told, const char *uri, const char *result);

/* One folder of the workspace. */
typedef struct WorkFolder {
	const char *path;      /* absolute */
	Arena arena;           /* what is kept between runs */
	Map kept;              /* absolute path -> KeptFile */
	Analysis *analysis;    /* the last; NULL: none yet */
	Checkpoints checkpoints; /* of its histories */
	GitMemory git;
	bool stale;            /* something changed since */
	double looked;         /* when the kept files were last compared with the disk; 0: have to be */
	Told told;
	ARRAY(Arena) retired;  /* of sources that only the last analysis uses */
} WorkFolder;

typedef struct Workspace {
	Arena arena;
	Documents documents;
	Settings settings;
	const struct RuleBook *book;
	ConfigOptions names;
	ARRAY(WorkFolder *) list; /* folders of the client, and made ones for documents outside of them */
	uint32_t folders;          /* how many are the client's: they come first */
} Workspace;

void workspace_start(Workspace *workspace);
void workspace_free(Workspace *workspace);
void workspace_add_folder(Workspace *workspace, const char *path);
void workspace_remove_folder(Workspace *workspace, const char *path);
/* The folder that a document is in: the nearest one; made, with a repository's or the file's own folder, when there is none. */
WorkFolder *work_folder_of(Workspace *workspace, const char *path);
/* A file changed, on the disk or in the editor; path NULL: anything on the disk may have. */
void workspace_touch(Workspace *workspace, const char *path);

/* Reads, replays and judges what the open documents of the folder need. */
void work_folder_analyze(Workspace *workspace, WorkFolder *folder);
/* The same for all files below the folder; the caller frees it with analysis_free. Nothing is kept of it. */
Analysis *work_folder_audit(Workspace *workspace, WorkFolder *folder);
/* And for what the files of the open documents would be with these texts in the place of theirs, or beside them. */
typedef struct Draft {
	const char *path; /* absolute */
	const char *text;
} Draft;
typedef ARRAY(Draft) Drafts;
Analysis *work_folder_try(Workspace *workspace, WorkFolder *folder, const Drafts *drafts);
void analysis_free(Analysis *analysis);

/* The migration and the script that a file is, at a byte; false: none. */
typedef struct ScriptPlace {
	const History *history;
	const Migration *migration;
	const Script *script;
	const Statement *statement; /* at the byte or on its line; NULL: none */
} ScriptPlace;
bool script_at(const WorkFolder *folder, const char *path, uint32_t offset, ScriptPlace *place);
bool script_in(const WorkFolder *folder, const Analysis *analysis, const char *path, uint32_t offset, ScriptPlace *place);
/* The lowest server version that the history is judged for. */
int lowest_version(const Workspace *workspace, const History *history);

/* All scripts that a file holds, in their order in the history. */
typedef ARRAY(const Script *) Scripts;
void scripts_of(Arena *arena, const WorkFolder *folder, const char *path, Scripts *scripts);

/* The text of a file as it was analysed; NULL: it was not. */
Source *analyzed_source(const WorkFolder *folder, const char *path);

/* The findings in a file as people see them: no suppressed ones; what most of a history lacks is told in each file of it. */
typedef ARRAY(const Finding *) FileFindings;
void findings_of(Arena *arena, const WorkFolder *folder, const Analysis *analysis, const char *path, FileFindings *findings);
#endif
