#ifndef DDLINT_BASE_GIT_H
#define DDLINT_BASE_GIT_H
/*
 * What the repository around a folder holds, asked of the real git program: started without a shell, never with a
 * pager, a hook, a filter, an external diff, a transport or anything else that a repository's configuration may name.
 *
 * Only commits, trees and blobs are read; the index and the working tree are not touched. Answers live in the arena; on
 * failure they are NULL or false and *error is a sentence for the user.
 */
#include "base/base.h"

/* A file of a commit's tree. */
typedef struct GitFile {
	const char *path;   /* below the folder that was asked about */
	const char *object; /* the name of its content */
} GitFile;
typedef ARRAY(GitFile) GitFiles;

/* A commit that changed a file. */
typedef struct GitCommit {
	const char *name;
	const char *author;	       /* "Jane Doe <jane@example.org>" */
	const char *date;	       /* when it was committed, ISO 8601 */
	ARRAY(const char *) approvals; /* values of its trailers Approved-by */
} GitCommit;
typedef ARRAY(GitCommit) GitCommits;

/* The commit that a branch, tag or abbreviated name means. */
const char *git_commit(Arena *arena, const char *folder, const char *reference, const char **error);
/* The commit at which the two lines of work parted. */
const char *git_merge_base(Arena *arena, const char *folder, const char *left, const char *right, const char **error);
/* The nearest tag in the past of HEAD. */
const char *git_latest_tag(Arena *arena, const char *folder, const char **error);
/* The regular files below the folder as the commit has them, in byte order; whole: of the entire repository, paths from
 * its root. */
bool git_files(Arena *arena, const char *folder, const char *commit, bool whole, GitFiles *files, const char **error);
/* The contents of the files, in their order, each with a NUL behind it. */
bool git_contents(Arena *arena, const char *folder, const GitFiles *files, Text *contents, const char **error);
/*
 * What differs from the commit in the index, committed or staged, and what is neither tracked nor ignored, in paths from the
 * repository's root, where `folder` has to be. Of files on the disk git reads nothing: for that it would run their filters.
 */
typedef ARRAY(const char *) GitPaths;
bool git_touched(Arena *arena, const char *folder, const char *commit, GitPaths *paths, const char **error);
/* The commits of HEAD's past that changed the file of the folder, newest first. */
bool git_file_commits(Arena *arena, const char *folder, const char *file, GitCommits *commits, const char **error);

/* The commit of HEAD's past that last changed a file. */
typedef struct GitLastCommit {
	const char *path; /* below the folder that was asked about */
	const char *name, *author, *date; /* as in GitCommit */
} GitLastCommit;
typedef ARRAY(GitLastCommit) GitLastCommits;
/* Of every file below the folder that a commit changed: one question for all of them. */
bool git_last_commits(Arena *arena, const char *folder, GitLastCommits *commits, const char **error);
/* When a commit was made, ISO 8601. */
const char *git_commit_date(Arena *arena, const char *folder, const char *commit, const char **error);
#endif
