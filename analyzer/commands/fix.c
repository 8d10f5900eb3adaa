#include "commands/fix.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diff.h"
#include "base/files.h"
#include "commands/baseline.h"
#include "lint.h"

/* Each round takes what does not overlap; a migration of many statements that wait for each other needs one for each. */
enum { MOST_ROUNDS = 1000 };

/* A file as it was read, and as it will be. */
typedef struct Draft {
	const char *path;  /* absolute */
	const char *shown;
	const char *error; /* it cannot be read */
	const Source *source; /* of this round */
	Text before, now;
} Draft;

typedef struct Drafts {
	Arena *arena;
	ARRAY(Draft *) list;
	Map by_path, by_shown;
	uint32_t rounds;
	uint32_t failures; /* files and folders that the last round could not read */
	uint32_t fixed;   /* findings */
	uint32_t waiting; /* findings whose edits somebody must look at, in the last round */
} Drafts;

static Draft *draft_of(Drafts *drafts, const char *path, const char *shown)
{
	Draft *draft = map_get(&drafts->by_path, path, strlen(path));
	if (draft)
		return draft;
	draft = new(drafts->arena, Draft);
	draft->path = arena_string(drafts->arena, path);
	draft->shown = arena_string(drafts->arena, shown);
	draft->before.data = file_read(drafts->arena, path, &draft->before.length, &draft->error);
	draft->now = draft->before;
	map_set(drafts->arena, &drafts->by_path, draft->path, strlen(draft->path), draft);
	map_set(drafts->arena, &drafts->by_shown, draft->shown, strlen(draft->shown), draft);
	array_push(drafts->arena, &drafts->list, draft);
	return draft;
}

static Source *drafts_read(void *payload, const char *path, const char *shown, const char **error)
{
	Drafts *drafts = payload;
	Draft *draft = draft_of(drafts, path, shown);
	*error = draft->error;
	Source *source = draft->now.data ? source_new(drafts->arena, draft->shown, draft->now.data, draft->now.length) : NULL;
	draft->source = source;
	return source;
}

static bool drafts_have(void *payload UNUSED, const char *path UNUSED)
{
	return false; /* nothing but what is on the disk */
}

/* --- One round ---------------------------------------------------------------------------------------------------------------------- */

typedef struct Accepted {
	const Source *source;
	ARRAY(Edit) edits;
} Accepted;
typedef ARRAY(Accepted) AcceptedList;

static Accepted *accepted_of(Arena *arena, AcceptedList *list, const Source *source)
{
	array_each (Accepted, accepted, list)
		if (same(accepted->source->path, source->path))
			return accepted;
	array_push(arena, list, (Accepted){.source = source});
	return &list->items[list->count - 1];
}

static bool same_edit(const Edit *a, const Edit *b)
{
	return a->span.start == b->span.start && a->span.end == b->span.end && same(a->text, b->text);
}

/* Two insertions at one place are in each other's way, too: whose comes first is nobody's to say. */
static bool collide(const Edit *a, const Edit *b)
{
	return a->span.start <= b->span.end && b->span.start <= a->span.end;
}

/* A finding's edits go in together or not at all. What another one wants in the very same words is there already. */
static bool accept(Arena *arena, AcceptedList *list, const Finding *finding)
{
	Accepted *accepted = accepted_of(arena, list, finding->source);
	array_each (const Edit, edit, &finding->edits)
		array_each (Edit, other, &accepted->edits)
			if (collide(edit, other) && !same_edit(edit, other))
				return false;
	array_each (const Edit, edit, &finding->edits) {
		bool there = false;
		array_each (Edit, other, &accepted->edits)
			there = there || same_edit(edit, other);
		if (!there)
			array_push(arena, &accepted->edits, *edit);
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const Edit *left = a, *right = b;
	return left->span.start < right->span.start ? -1 : left->span.start > right->span.start;
}

static void apply(Drafts *drafts, Accepted *accepted)
{
	Draft *draft = map_get(&drafts->by_shown, accepted->source->path, strlen(accepted->source->path));
	if (!accepted->edits.count)
		return;
	qsort(accepted->edits.items, accepted->edits.count, sizeof *accepted->edits.items, by_place);
	Buf text = {0};
	uint32_t at = 0;
	array_each (Edit, edit, &accepted->edits) {
		buf_add(&text, draft->now.data + at, edit->span.start - at);
		buf_adds(&text, edit->text);
		at = edit->span.end;
	}
	buf_add(&text, draft->now.data + at, draft->now.length - at);
	draft->now = (Text){arena_copy(drafts->arena, text.data, text.length), text.length};
	buf_free(&text);
}

/* The files of migrations that have run, and those that do not parse: they are cut in another way when something is put in front. */
static void find_left_alone(Arena *arena, const Discovery *discovery, Map *left_alone)
{
	array_each (History *, history, &discovery->histories)
		array_each (Migration *, item, &(*history)->migrations) {
			const Migration *migration = *item;
			const Script *scripts[] = {migration->up, migration->down};
			for (size_t i = 0; i < LENGTH(scripts); i++)
				if (scripts[i] && (migration->released || scripts[i]->unparsed))
					map_set(arena, left_alone, scripts[i]->source->path, strlen(scripts[i]->source->path), left_alone);
		}
}

static uint32_t count_failures(const Discovery *discovery)
{
	uint32_t count = 0;
	array_each (const Note, note, &discovery->notes)
		count += note->failure;
	return count;
}

/* NULL: something could be read in the round before, and now cannot. */
static Run *lint_drafts(Drafts *drafts, const Options *options, const RuleBook *book, Map *left_alone)
{
	Arena *arena = drafts->arena;
	const SourceProvider sources = {.payload = drafts, .read = drafts_read, .has = drafts_have};
	Discovery *discovery = discover_paths_from(arena, options, book, &sources);
	uint32_t failures = count_failures(discovery);
	if (drafts->rounds++ && failures > drafts->failures) {
		print_notes(discovery);
		return NULL;
	}
	drafts->failures = failures;
	Names looked_at = {0};
	baseline_scope(arena, discovery, &looked_at);
	LintOptions wanted = lint_options(arena, options, book);
	wanted.keep_migrations = true;
	Run *run = lint(arena, discovery, &wanted);
	find_left_alone(arena, discovery, left_alone);
	array_each (History *, history, &discovery->histories)
		history_free(*history);
	const char *path = options->baseline ? options->baseline : BASELINE_NAME;
	Baseline *baseline = !same(path, "none") && path_kind(path) == ENTRY_FILE ? baseline_read(arena, path) : NULL;
	if (baseline)
		baseline_apply(arena, baseline, &looked_at, run);
	return run;
}

/* A script cut out of a file (`-- ddlint: file`, a literal of Python) may be called like another one, and counts bytes of its own. */
static bool is_whole_file(const Drafts *drafts, const Source *source)
{
	const Draft *draft = source ? map_get(&drafts->by_shown, source->path, strlen(source->path)) : NULL;
	return draft && draft->source == source;
}

typedef enum Dealt { NOTHING_TO_DO, WAITS_FOR_REVIEW, IN_THE_WAY, ACCEPTED } Dealt;

static Dealt deal_with(Drafts *drafts, const Options *options, AcceptedList *list, const Finding *finding)
{
	if (!finding->edits.count)
		return NOTHING_TO_DO;
	if (finding->safety == EDIT_NEEDS_REVIEW && !options->review)
		return WAITS_FOR_REVIEW;
	return accept(drafts->arena, list, finding) ? ACCEPTED : IN_THE_WAY;
}

/* Answers how many findings were dealt with. What a finding says along has its turn when the finding itself has none. */
static uint32_t round_of(Drafts *drafts, const Options *options, const Run *run, const Map *left_alone)
{
	AcceptedList list = {0};
	uint32_t fixed = 0;
	drafts->waiting = 0;
	array_each (Finding *, item, &run->findings) {
		const Finding *finding = *item;
		if (finding->suppressed || !is_whole_file(drafts, finding->source) ||
		    map_get(left_alone, finding->source->path, strlen(finding->source->path)))
			continue;
		Dealt dealt = deal_with(drafts, options, &list, finding);
		for (uint32_t i = 0; i < finding->along.count && dealt <= WAITS_FOR_REVIEW; i++) {
			drafts->waiting += dealt == WAITS_FOR_REVIEW;
			dealt = deal_with(drafts, options, &list, finding->along.items[i]);
		}
		drafts->waiting += dealt == WAITS_FOR_REVIEW;
		fixed += dealt == ACCEPTED;
	}
	array_each (Accepted, accepted, &list)
		apply(drafts, accepted);
	return fixed;
}

/* --- The whole ---------------------------------------------------------------------------------------------------------------------- */

static bool is_changed(const Draft *draft)
{
	return draft->now.data != draft->before.data;
}

static bool write_drafts(const Drafts *drafts)
{
	bool good = true;
	uint32_t files = 0;
	array_each (Draft *, item, &drafts->list) {
		const Draft *draft = *item;
		const char *error = NULL;
		if (draft->error) {
			complain("%s: not fixed: %s", draft->shown, draft->error);
			good = false;
		}
		if (!is_changed(draft))
			continue;
		files++;
		if (!file_write(draft->path, draft->now.data, draft->now.length, &error)) {
			complain("%s: %s", draft->shown, error);
			good = false;
		}
	}
	if (drafts->fixed && good)
		tell("ddlint: fixed %u finding%s in %u file%s", drafts->fixed, drafts->fixed == 1 ? "" : "s", files,
			files == 1 ? "" : "s");
	return good;
}

static int by_shown_path(const void *a, const void *b)
{
	return strcmp((*(Draft *const *)a)->shown, (*(Draft *const *)b)->shown);
}

static FixResult give_up(const char *why)
{
	complain("%s", why);
	return FIX_FAILED;
}

FixResult fix_files(Arena *arena, const Options *options, const RuleBook *book, Buf *patch)
{
	array_each (const char *, path, &options->paths)
		if (same(*path, "-"))
			return give_up("standard input cannot be fixed: name the files");
	Drafts drafts = {.arena = arena};
	uint32_t unparsed = 0;
	for (int round = 0;; round++) {
		Map left_alone = {0};
		const Run *run = lint_drafts(&drafts, options, book, &left_alone);
		if (!run)
			return give_up("what is fixed could not be looked at again: nothing was written");
		if (round == 0)
			unparsed = run->summary.unparsed;
		else if (run->summary.unparsed > unparsed)
			return give_up("a fix would not parse: nothing was written; please report this");
		uint32_t fixed = round_of(&drafts, options, run, &left_alone);
		if (!fixed)
			break;
		if (round == MOST_ROUNDS)
			return give_up("fixes come to no end: nothing was written; please report this");
		drafts.fixed += fixed;
	}
	if (drafts.list.count)
		qsort(drafts.list.items, drafts.list.count, sizeof *drafts.list.items, by_shown_path);
	bool good = true;
	if (options->diff)
		array_each (Draft *, draft, &drafts.list)
			diff_write(patch, (*draft)->shown, (*draft)->before, (*draft)->now);
	else
		good = write_drafts(&drafts);
	if (drafts.waiting)
		tell("ddlint: %u more fix%s to look at: add --review", drafts.waiting, drafts.waiting == 1 ? "" : "es");
	return !good ? FIX_FAILED : drafts.failures ? FIX_WITHOUT_UNREAD : FIX_DONE;
}
