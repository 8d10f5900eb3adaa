#include "lsp/reuse.h"

#include <sys/stat.h>

#include "base/files.h"

/* --- Bytes --------------------------------------------------------------------------------------------------------------------- */

typedef struct KeptFile {
	Arena arena;       /* the source and its bytes */
	Source *source;
	uint64_t revision; /* of the document that it was; 0: it was a file */
	struct stat seen;  /* of the file when it was read */
} KeptFile;

static bool unchanged(const struct stat *then, const struct stat *now)
{
	return then->st_size == now->st_size && then->st_ino == now->st_ino && then->st_mtim.tv_sec == now->st_mtim.tv_sec &&
	       then->st_mtim.tv_nsec == now->st_mtim.tv_nsec;
}

static KeptFile *kept_file(WorkFolder *folder, const char *path)
{
	KeptFile *file = map_get(&folder->kept, path, strlen(path));
	if (!file) {
		file = new(&folder->arena, KeptFile);
		const char *key = arena_string(&folder->arena, path);
		map_set(&folder->arena, &folder->kept, key, strlen(key), file);
	}
	return file;
}

static void retire(WorkFolder *folder, KeptFile *file)
{
	if (file->source)
		array_push(&folder->arena, &folder->retired, file->arena);
	file->arena = (Arena){0};
	file->source = NULL;
}

static Source *keep(KeptFile *file, const char *shown, const char *bytes, size_t length)
{
	file->source = source_new(&file->arena, arena_string(&file->arena, shown), bytes, length);
	file->source->arena = &file->arena;
	return file->source;
}

static const Draft *draft_of(const Keeper *keeper, const char *path)
{
	if (keeper->drafts)
		array_each (const Draft, draft, keeper->drafts)
			if (same(draft->path, path))
				return draft;
	return NULL;
}

Source *keeper_read(void *payload, const char *path, const char *shown, const char **error)
{
	const Keeper *keeper = payload;
	const Draft *draft = draft_of(keeper, path);
	if (draft)
		return source_new(keeper->arena, arena_string(keeper->arena, shown), draft->text, strlen(draft->text));
	KeptFile *file = kept_file(keeper->folder, path);
	bool named_so = file->source && same(file->source->path, shown);
	const Document *document = document_by_path(keeper->documents, path);
	if (document) {
		if (named_so && file->revision == document->revision)
			return file->source;
		retire(keeper->folder, file);
		file->revision = document->revision;
		const char *bytes = arena_copy(&file->arena, document->text.data, document->text.length);
		return keep(file, shown, bytes, document->text.length);
	}
	if (keeper->trusting && named_so && !file->revision)
		return file->source;
	struct stat status;
	bool there = stat(path, &status) == 0;
	if (there && named_so && !file->revision && unchanged(&file->seen, &status))
		return file->source;
	retire(keeper->folder, file);
	file->revision = 0;
	file->seen = status;
	size_t length;
	const char *bytes = file_read(&file->arena, path, &length, error);
	if (bytes)
		return keep(file, shown, bytes, length);
	arena_free(&file->arena);
	return NULL;
}

bool keeper_has(void *payload, const char *path)
{
	const Keeper *keeper = payload;
	return draft_of(keeper, path) || document_by_path(keeper->documents, path);
}

void kept_sweep(WorkFolder *folder)
{
	array_each (Arena, arena, &folder->retired)
		arena_free(arena);
	folder->retired.count = 0;
}

void kept_free(WorkFolder *folder)
{
	kept_sweep(folder);
	for (uint32_t i = 0; i < folder->kept.capacity; i++)
		if (folder->kept.entries[i].key)
			arena_free(&((KeptFile *)folder->kept.entries[i].value)->arena);
}

/* --- Migrations ---------------------------------------------------------------------------------------------------------------- */

static bool same_sections(const Script *a, const Script *b)
{
	if (a->sections.count != b->sections.count)
		return false;
	for (uint32_t i = 0; i < a->sections.count; i++)
		if (a->sections.items[i].start != b->sections.items[i].start || a->sections.items[i].end != b->sections.items[i].end)
			return false;
	return true;
}

/* What other files are included says, too. */
static bool same_rewrites(const Script *a, const Script *b)
{
	if (a->rewrites.count != b->rewrites.count)
		return false;
	for (uint32_t i = 0; i < a->rewrites.count; i++) {
		const Rewrite *left = &a->rewrites.items[i], *right = &b->rewrites.items[i];
		if (left->source.start != right->source.start || left->source.end != right->source.end || left->sql.length != right->sql.length ||
		    (left->sql.length && memcmp(left->sql.data, right->sql.data, left->sql.length) != 0))
			return false;
	}
	return true;
}

static bool same_script(const Script *a, const Script *b)
{
	if (!a || !b)
		return a == b;
	return a->source == b->source && a->direction == b->direction && a->wrapping == b->wrapping && a->one_query == b->one_query &&
	       same_sections(a, b) && same_rewrites(a, b);
}

/* Scripts are cut by what the configuration says of place-holders and of the runner, and by the layout's words. */
static bool same_placeholders(const Placeholder *a, uint32_t a_count, const Placeholder *b, uint32_t b_count)
{
	if (a_count != b_count)
		return false;
	for (uint32_t i = 0; i < a_count; i++)
		if (!same(a[i].name, b[i].name) || !same(a[i].value, b[i].value))
			return false;
	return true;
}

static bool same_reading(const History *a, const History *b)
{
	const Config *ours = a->config, *theirs = b->config;
	return same(a->root, b->root) && a->layout == b->layout && ours->runner.transaction == theirs->runner.transaction &&
	       same_placeholders(ours->placeholders.items, ours->placeholders.count, theirs->placeholders.items, theirs->placeholders.count) &&
	       same_placeholders(a->placeholders.items, a->placeholders.count, b->placeholders.items, b->placeholders.count);
}

/* What judging noted in a script, and what was asked for this time. */
static void renew(Script *script, const Script *asked)
{
	if (!script)
		return;
	script->target = asked->target;
	script->asked = asked->asked;
	array_each (Directive, directive, &script->directives)
		array_each (struct DirectiveRule, rule, &directive->rules)
			rule->used = false;
}

/* Layouts keep names in the discovery's arena and scripts in the migration's: those change hands. */
static void take_over(Migration *migration, Migration *old)
{
	renew(old->up, migration->up);
	renew(old->down, migration->down);
	arena_free(&migration->arena);
	migration->arena = old->arena;
	migration->up = old->up;
	migration->down = old->down;
	migration->read = old->read;
	migration->irreversible |= old->irreversible;
	migration->kept_from = old->ordinal;
	migration->parsed = true;
	old->arena = (Arena){0};
	old->up = old->down = NULL;
	old->parsed = false;
}

/* Where a migration is: a file may hold many. */
typedef struct Place {
	const Source *source;
	uint64_t start;
} Place;

static Place place_of(const Migration *migration)
{
	const Script *script = migration->up ? migration->up : migration->down;
	if (!script)
		return (Place){0};
	return (Place){script->source, script->sections.count ? script->sections.items[0].start : 0};
}

static void reuse_history(History *history, History *old)
{
	Arena scratch = {0};
	Map by_place = {0};
	array_each (Migration *, item, &old->migrations) {
		Place *place = new(&scratch, Place);
		*place = place_of(*item);
		if (place->source && (*item)->parsed && !map_get(&by_place, (const char *)place, sizeof *place))
			map_set(&scratch, &by_place, (const char *)place, sizeof *place, *item);
	}
	array_each (Migration *, item, &history->migrations) {
		Place place = place_of(*item);
		Migration *same_one = place.source ? map_get(&by_place, (const char *)&place, sizeof place) : NULL;
		if (same_one && same_one->parsed && !(*item)->parsed && same_script((*item)->up, same_one->up) &&
		    same_script((*item)->down, same_one->down))
			take_over(*item, same_one);
	}
	arena_free(&scratch);
}

void reuse_migrations(Discovery *discovery, Discovery *previous)
{
	array_each (History *, history, &discovery->histories)
		array_each (History *, old, &previous->histories)
			if (same_reading(*history, *old))
				reuse_history(*history, *old);
}
