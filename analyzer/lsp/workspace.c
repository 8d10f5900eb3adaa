#include "lsp/workspace.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "commands/baseline.h"
#include "commands/commands.h"
#include "lsp/reuse.h"

/* --- Folders ------------------------------------------------------------------------------------------------------------------- */

void told_begin(Told *told)
{
	arena_free(&told->arena);
	*told = (Told){0};
}

void told_add(Told *told, const char *uri, const char *result)
{
	array_push(&told->arena, &told->files, (ToldFile){arena_string(&told->arena, uri), arena_string(&told->arena, result)});
}

void workspace_start(Workspace *workspace)
{
	workspace->book = rule_book(&workspace->arena);
	known_names(&workspace->arena, workspace->book, &workspace->names);
}

static WorkFolder *work_folder_new(Workspace *workspace, const char *path)
{
	WorkFolder *folder = new(&workspace->arena, WorkFolder);
	folder->path = arena_string(&workspace->arena, path);
	folder->stale = true;
	return folder;
}

static void work_folder_free(WorkFolder *folder)
{
	analysis_free(folder->analysis);
	folder->analysis = NULL;
	checkpoints_free(&folder->checkpoints);
	git_memory_free(&folder->git);
	kept_free(folder);
	told_begin(&folder->told);
	arena_free(&folder->arena);
}

void workspace_free(Workspace *workspace)
{
	array_each (WorkFolder *, folder, &workspace->list)
		work_folder_free(*folder);
	documents_free(&workspace->documents);
	arena_free(&workspace->arena);
}

void workspace_add_folder(Workspace *workspace, const char *path)
{
	WorkFolder *folder = work_folder_new(workspace, path);
	array_push(&workspace->arena, &workspace->list, NULL);
	uint32_t place = workspace->folders++;
	memmove(&workspace->list.items[place + 1], &workspace->list.items[place],
		(workspace->list.count - 1 - place) * sizeof(WorkFolder *));
	workspace->list.items[place] = folder;
	workspace_touch(workspace, NULL);
}

void workspace_remove_folder(Workspace *workspace, const char *path)
{
	for (uint32_t i = 0; i < workspace->folders; i++) {
		WorkFolder *folder = workspace->list.items[i];
		if (!same(folder->path, path))
			continue;
		work_folder_free(folder);
		workspace->list.count--;
		workspace->folders--;
		memmove(&workspace->list.items[i], &workspace->list.items[i + 1],
			(workspace->list.count - i) * sizeof(WorkFolder *));
		workspace_touch(workspace, NULL);
		return;
	}
}

/* Where somebody would stand who asks about the file: its repository, else its folder. */
static const char *home_of(Arena *arena, const char *path)
{
	const char *folder = path_parent(arena, path);
	for (const char *at = folder; !same(at, "/"); at = path_parent(arena, at))
		if (path_kind(path_join(arena, at, ".git")) != ENTRY_NONE)
			return at;
	return path_kind(folder) == ENTRY_FOLDER ? folder : "/";
}

WorkFolder *work_folder_of(Workspace *workspace, const char *path)
{
	WorkFolder *best = NULL;
	for (uint32_t i = 0; i < workspace->list.count; i++) {
		WorkFolder *folder = workspace->list.items[i];
		bool better = !best || (i < workspace->folders && strlen(folder->path) > strlen(best->path));
		if (path_below(folder->path, path) && better)
			best = folder;
	}
	if (best)
		return best;
	Arena scratch = {0};
	WorkFolder *made = work_folder_new(workspace, home_of(&scratch, path));
	arena_free(&scratch);
	array_push(&workspace->arena, &workspace->list, made);
	return made;
}

void workspace_touch(Workspace *workspace, const char *path)
{
	if (path) {
		WorkFolder *folder = work_folder_of(workspace, path);
		folder->stale = true;
		folder->told.at = 0;
	} else
		array_each (WorkFolder *, folder, &workspace->list) {
			(*folder)->stale = true;
			(*folder)->told.at = 0;
			(*folder)->looked = 0;
		}
}

/* --- Running ------------------------------------------------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The first thing that stands against the work, in words for a person. */
static const char *first_failure(Arena *arena, const Discovery *discovery)
{
	array_each (const Note, note, &discovery->notes) {
		if (!note->failure)
			continue;
		if (note->path && note->line)
			return arena_print(arena, "%s:%u: %s", note->path, note->line, note->message);
		return note->path ? arena_print(arena, "%s: %s", note->path, note->message) : note->message;
	}
	return NULL;
}

static void compare_with_baseline(Analysis *analysis, const Names *looked_at)
{
	if (path_kind(BASELINE_NAME) == ENTRY_NONE)
		return;
	Baseline *baseline = baseline_read(&analysis->arena, BASELINE_NAME);
	if (baseline)
		baseline_apply(&analysis->arena, baseline, looked_at, analysis->run);
}

typedef ARRAY(const char *) Paths;

/* It lies in its own arena, which does not move any more: sources remember where it is. */
static Analysis *analysis_new(void)
{
	Arena arena = {0};
	Analysis *analysis = new(&arena, Analysis);
	analysis->arena = arena;
	return analysis;
}

/* While somebody types, hundreds of files are not looked at for every letter. Clients that watch files tell of changes at once. */
static const double TRUSTED_SECONDS = 1.0;

/* The pipeline, from its folder. `warm`: what the last analysis has read is taken over from it. */
static Analysis *analyze(Workspace *workspace, WorkFolder *folder, const Paths *paths, bool warm, const Drafts *drafts)
{
	Analysis *analysis = analysis_new();
	Arena *arena = &analysis->arena;
	double start = now();
	if (chdir(folder->path) != 0 && chdir("/") != 0)
		die("no working folder");
	Keeper keeper = {
		.folder = folder,
		.documents = &workspace->documents,
		.drafts = drafts,
		.arena = arena,
		.trusting = start < folder->looked + TRUSTED_SECONDS,
	};
	if (!keeper.trusting) {
		folder->looked = start;
		git_memory_check(&folder->git);
	}
	const SourceProvider sources = {.payload = &keeper, .read = keeper_read, .has = keeper_has};
	const Settings *settings = &workspace->settings;
	const DiscoverOptions wanted = {
		.paths = paths->items,
		.path_count = paths->count,
		.layout = settings->layout,
		.config_path = settings->config,
		.config_options = &workspace->names,
		.sources = &sources,
		.git = &folder->git,
	};
	analysis->discovery = discover(arena, &wanted);
	analysis->failure = first_failure(arena, analysis->discovery);
	if (warm && folder->analysis)
		reuse_migrations(analysis->discovery, folder->analysis->discovery);
	Names looked_at = {0};
	baseline_scope(arena, analysis->discovery, &looked_at);
	const LintOptions options = {
		.postgres_low = settings->postgres_low,
		.postgres_high = settings->postgres_high,
		.keep_migrations = true,
		.today = today(arena),
		.rules = workspace->book,
		.checkpoints = warm ? &folder->checkpoints : NULL,
	};
	analysis->run = lint(arena, analysis->discovery, &options);
	compare_with_baseline(analysis, &looked_at);
	analysis->seconds = now() - start;
	return analysis;
}

static Paths open_paths(Arena *arena, Workspace *workspace, const WorkFolder *folder)
{
	Paths paths = {0};
	array_each (Document *, document, &workspace->documents.list)
		if (work_folder_of(workspace, (*document)->path) == folder)
			array_push(arena, &paths, (*document)->path);
	return paths;
}

void work_folder_analyze(Workspace *workspace, WorkFolder *folder)
{
	folder->stale = false;
	Arena scratch = {0};
	Paths paths = open_paths(&scratch, workspace, folder);
	Analysis *previous = folder->analysis;
	folder->analysis = analyze(workspace, folder, &paths, true, NULL);
	analysis_free(previous);
	kept_sweep(folder);
	arena_free(&scratch);
}

Analysis *work_folder_audit(Workspace *workspace, WorkFolder *folder)
{
	Arena scratch = {0};
	Paths paths = {0};
	array_push(&scratch, &paths, folder->path);
	Analysis *analysis = analyze(workspace, folder, &paths, false, NULL);
	arena_free(&scratch);
	return analysis;
}

Analysis *work_folder_try(Workspace *workspace, WorkFolder *folder, const Drafts *drafts)
{
	Arena scratch = {0};
	Paths paths = open_paths(&scratch, workspace, folder);
	array_each (const Draft, draft, drafts)
		if (!document_by_path(&workspace->documents, draft->path))
			array_push(&scratch, &paths, draft->path);
	Analysis *analysis = analyze(workspace, folder, &paths, false, drafts);
	arena_free(&scratch);
	return analysis;
}

void analysis_free(Analysis *analysis)
{
	if (!analysis)
		return;
	array_each (History *, history, &analysis->discovery->histories)
		history_free(*history);
	Arena arena = analysis->arena; /* which holds the analysis itself */
	arena_free(&arena);
}

/* --- Asking -------------------------------------------------------------------------------------------------------------------- */

static bool is_source(const char *folder, const Source *source, const char *path)
{
	if (!source)
		return false;
	if (source->path[0] == '/')
		return same(source->path, path);
	return same(path_shown(folder, path), source->path);
}

static const Statement *statement_at(const Script *script, uint32_t offset)
{
	const Statement *found = NULL;
	for (uint32_t i = 0; i < script->statements.count; i++) {
		const Statement *statement = &script->statements.items[i];
		if (statement->span.start <= offset && offset <= statement->line_end && (!found || offset >= statement->span.start))
			found = statement;
	}
	return found;
}

bool script_at(const WorkFolder *folder, const char *path, uint32_t offset, ScriptPlace *place)
{
	return script_in(folder, folder->analysis, path, offset, place);
}

int lowest_version(const Workspace *workspace, const History *history)
{
	int low, high;
	const Settings *settings = &workspace->settings;
	versions_of(&(LintOptions){.postgres_low = settings->postgres_low, .postgres_high = settings->postgres_high}, history, &low, &high);
	return low;
}

bool script_in(const WorkFolder *folder, const Analysis *analysis, const char *path, uint32_t offset, ScriptPlace *place)
{
	if (!analysis)
		return false;
	*place = (ScriptPlace){0};
	array_each (History *, history, &analysis->discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations) {
			const Script *scripts[] = {(*migration)->up, (*migration)->down};
			for (size_t i = 0; i < LENGTH(scripts); i++) {
				if (!scripts[i] || !is_source(folder->path, scripts[i]->source, path))
					continue;
				const Statement *statement = statement_at(scripts[i], offset);
				if (!place->script || statement)
					*place = (ScriptPlace){*history, *migration, scripts[i], statement};
			}
		}
	return place->script != NULL;
}

void scripts_of(Arena *arena, const WorkFolder *folder, const char *path, Scripts *found)
{
	if (!folder->analysis)
		return;
	array_each (History *, history, &folder->analysis->discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations) {
			const Script *scripts[] = {(*migration)->up, (*migration)->down};
			for (size_t i = 0; i < LENGTH(scripts); i++)
				if (scripts[i] && is_source(folder->path, scripts[i]->source, path))
					array_push(arena, found, scripts[i]);
		}
}

Source *analyzed_source(const WorkFolder *folder, const char *path)
{
	ScriptPlace place;
	return script_at(folder, path, 0, &place) ? place.script->source : NULL;
}

void findings_of(Arena *arena, const WorkFolder *folder, const Analysis *analysis, const char *path, FileFindings *findings)
{
	if (!analysis)
		return;
	array_each (Finding *, item, &analysis->run->findings) {
		const Finding *finding = *item;
		if (finding->suppressed || finding->in_baseline)
			continue;
		if (!finding->stands_for.count) {
			if (is_source(folder->path, finding->source, path))
				array_push(arena, findings, finding);
			continue;
		}
		array_each (Finding *, one, &finding->stands_for)
			if (!(*one)->in_baseline && is_source(folder->path, (*one)->source, path))
				array_push(arena, findings, *one);
	}
}
