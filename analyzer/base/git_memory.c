#include "base/git_memory.h"

#include <sys/stat.h>

#include "base/files.h"

/* --- Are the references as they were? ---------------------------------------------------------------------------------------------- */

static uint64_t add_stat(uint64_t state, const char *path)
{
	struct stat status;
	if (stat(path, &status) != 0)
		return hash_bytes(path, strlen(path), state);
	const int64_t parts[] = {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, (int64_t)status.st_ino};
	return hash_bytes(parts, sizeof parts, state);
}

/* A reference is written to another file that takes its place: the folder's time tells. */
static uint64_t add_folders(Arena *arena, uint64_t state, const char *path, int depth)
{
	enum { DEEPEST = 12 };
	Entries entries = {0};
	const char *error = NULL;
	state = add_stat(state, path);
	if (depth > DEEPEST)
		return state;
	folder_list(arena, path, &entries, &error);
	array_each (const Entry, entry, &entries)
		if (entry->kind == ENTRY_FOLDER && !entry->link)
			state = add_folders(arena, state, path_join(arena, path, entry->name), depth + 1);
	return state;
}

/* What a line of one of git's small files says behind the word; NULL: there is no such file. */
static const char *line_of(Arena *arena, const char *path, const char *word)
{
	size_t length;
	const char *error, *text = path_kind(path) == ENTRY_FILE ? file_read(arena, path, &length, &error) : NULL;
	if (!text || !starts_with(text, word))
		return NULL;
	text += strlen(word);
	return arena_copy(arena, text, strcspn(text, "\r\n"));
}

/* https://git-scm.com/docs/gitrepository-layout: a worktree's .git is a file, and its references are its repository's. */
static uint64_t add_repository(Arena *arena, uint64_t state, const char *top)
{
	const char *own = path_join(arena, top, ".git"), *elsewhere = line_of(arena, own, "gitdir: ");
	if (elsewhere)
		own = path_absolute(arena, top, elsewhere);
	const char *common = line_of(arena, path_join(arena, own, "commondir"), "");
	common = common ? path_absolute(arena, own, common) : own;
	state = add_stat(state, path_join(arena, own, "HEAD"));
	state = add_stat(state, path_join(arena, common, "packed-refs"));
	state = add_stat(state, path_join(arena, common, "reftable"));
	return add_folders(arena, state, path_join(arena, common, "refs"), 0);
}

static const char *top_of(Arena *arena, const char *folder)
{
	for (const char *at = folder; !same(at, "/"); at = path_parent(arena, at))
		if (path_kind(path_join(arena, at, ".git")) != ENTRY_NONE)
			return at;
	return folder;
}

static uint64_t state_of(const GitMemory *memory)
{
	Arena scratch = {0};
	uint64_t state = 1;
	array_each (const char *, folder, &memory->folders)
		state = add_repository(&scratch, state, top_of(&scratch, *folder));
	arena_free(&scratch);
	return state;
}

void git_memory_check(GitMemory *memory)
{
	if (memory->folders.count && state_of(memory) != memory->state)
		git_memory_free(memory);
}

void git_memory_free(GitMemory *memory)
{
	arena_free(&memory->arena);
	*memory = (GitMemory){0};
}

/* Before the first question about a folder: what is answered later is at least as new as this state. */
static void note_folder(GitMemory *memory, const char *folder)
{
	array_each (const char *, known, &memory->folders)
		if (same(*known, folder))
			return;
	array_push(&memory->arena, &memory->folders, arena_string(&memory->arena, folder));
	memory->state = state_of(memory);
}

/* --- Words -------------------------------------------------------------------------------------------------------------------------- */

typedef struct Answer {
	const char *words, *error;
} Answer;

/* The place for the answer; *fresh: it is not known yet. */
static Answer *answer_to(GitMemory *memory, Arena *arena, const char *folder, const char *kind, const char *first, const char *second, bool *fresh)
{
	note_folder(memory, folder);
	const char *key = arena_print(arena, "%s\n%s\n%s\n%s", folder, kind, first, second);
	Answer *answer = map_get(&memory->words, key, strlen(key));
	*fresh = !answer;
	if (answer)
		return answer;
	answer = new(&memory->arena, Answer);
	map_set(&memory->arena, &memory->words, arena_string(&memory->arena, key), strlen(key), answer);
	return answer;
}

static const char *give(const Answer *answer, const char **error)
{
	if (!answer->words)
		*error = answer->error;
	return answer->words;
}

const char *remembered_commit(GitMemory *memory, Arena *arena, const char *folder, const char *reference, const char **error)
{
	bool fresh;
	if (!memory)
		return git_commit(arena, folder, reference, error);
	Answer *answer = answer_to(memory, arena, folder, "commit", reference, "", &fresh);
	if (fresh)
		answer->words = git_commit(&memory->arena, folder, reference, &answer->error);
	return give(answer, error);
}

const char *remembered_merge_base(GitMemory *memory, Arena *arena, const char *folder, const char *left, const char *right, const char **error)
{
	bool fresh;
	if (!memory)
		return git_merge_base(arena, folder, left, right, error);
	Answer *answer = answer_to(memory, arena, folder, "base", left, right, &fresh);
	if (fresh)
		answer->words = git_merge_base(&memory->arena, folder, left, right, &answer->error);
	return give(answer, error);
}

const char *remembered_latest_tag(GitMemory *memory, Arena *arena, const char *folder, const char **error)
{
	bool fresh;
	if (!memory)
		return git_latest_tag(arena, folder, error);
	Answer *answer = answer_to(memory, arena, folder, "tag", "", "", &fresh);
	if (fresh)
		answer->words = git_latest_tag(&memory->arena, folder, &answer->error);
	return give(answer, error);
}

/* --- Trees and contents --------------------------------------------------------------------------------------------------------------- */

bool remembered_files(GitMemory *memory, Arena *arena, const char *folder, const char *commit, bool whole, GitFiles *files, const char **error)
{
	if (!memory)
		return git_files(arena, folder, commit, whole, files, error);
	note_folder(memory, folder);
	const char *key = arena_print(arena, "%s\n%s\n%d", folder, commit, whole);
	const GitFiles *known = map_get(&memory->trees, key, strlen(key));
	if (!known) {
		GitFiles *asked = new(&memory->arena, GitFiles);
		if (!git_files(&memory->arena, folder, commit, whole, asked, error))
			return false;
		map_set(&memory->arena, &memory->trees, arena_string(&memory->arena, key), strlen(key), asked);
		known = asked;
	}
	array_each (const GitFile, file, known)
		array_push(arena, files, *file);
	return true;
}

bool remembered_contents(GitMemory *memory, Arena *arena, const char *folder, const GitFiles *files, Text *contents, const char **error)
{
	if (!memory)
		return git_contents(arena, folder, files, contents, error);
	GitFiles missing = {0};
	array_each (const GitFile, file, files)
		if (!map_get(&memory->contents, file->object, strlen(file->object)))
			array_push(arena, &missing, *file);
	Text *asked = missing.count ? new_array(&memory->arena, Text, missing.count) : NULL;
	if (asked && !git_contents(&memory->arena, folder, &missing, asked, error))
		return false;
	for (uint32_t i = 0; i < missing.count; i++)
		map_set(&memory->arena, &memory->contents, missing.items[i].object, strlen(missing.items[i].object), &asked[i]);
	for (uint32_t i = 0; i < files->count; i++)
		contents[i] = *(const Text *)map_get(&memory->contents, files->items[i].object, strlen(files->items[i].object));
	return true;
}
