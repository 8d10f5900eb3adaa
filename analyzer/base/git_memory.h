#ifndef DDLINT_BASE_GIT_MEMORY_H
#define DDLINT_BASE_GIT_MEMORY_H
/*
 * What git has answered, for whoever asks the same again and again: commits, trees and contents never change, and what a reference
 * means changes with the files that git keeps about its references.
 *
 * The questions are those of git.h; without a memory (NULL) they go to git each time. Answers live as long as the memory does, or in
 * the arena without one.
 */
#include "base/git.h"

typedef struct GitMemory {
	Arena arena;
	Map words;    /* of references: question -> answer */
	Map trees;    /* folder and commit -> files */
	Map contents; /* name -> bytes */
	ARRAY(const char *) folders; /* that were asked about */
	uint64_t state; /* of their repositories' references; 0: not looked at yet */
} GitMemory;

/* Forgets everything when a reference of a repository may mean another commit since the last time. */
void git_memory_check(GitMemory *memory);
void git_memory_free(GitMemory *memory);

const char *remembered_commit(GitMemory *memory, Arena *arena, const char *folder, const char *reference, const char **error);
const char *remembered_merge_base(GitMemory *memory, Arena *arena, const char *folder, const char *left, const char *right, const char **error);
const char *remembered_latest_tag(GitMemory *memory, Arena *arena, const char *folder, const char **error);
bool remembered_files(GitMemory *memory, Arena *arena, const char *folder, const char *commit, bool whole, GitFiles *files, const char **error);
bool remembered_contents(GitMemory *memory, Arena *arena, const char *folder, const GitFiles *files, Text *contents, const char **error);
#endif
