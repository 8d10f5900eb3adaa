#include "commands/baseline.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/files.h"
#include "base/json.h"
#include "commands/commands.h"
#include "discover/yaml.h"
#include "judge/judge.h"

/* --- Reading
 * ----------------------------------------------------------------------------------------------------------------------
 */

static const char *member(const Node *map, const char *key)
{
	const Node *node = node_get(map, key);
	return node && node->kind == NODE_TEXT ? node->text : "";
}

Baseline *baseline_read(Arena *arena, const char *path)
{
	size_t length;
	const char *error = NULL, *bytes = file_read(arena, path, &length, &error);
	if (!bytes) {
		complain("%s: %s", path, error);
		return NULL;
	}
	ConfigErrors errors = {0};
	const Node *top = yaml_read(arena, path, bytes, length, &errors),
		   *list = top && top->kind == NODE_MAP ? node_get(top, "findings") : NULL;
	bool list_like = list && (list->kind == NODE_LIST || list->kind == NODE_NULL);
	if (!errors.count && !list_like)
		config_error(arena, &errors, path, top ? top->line : 0,
			     "this is no baseline: it needs a list called findings");
	Baseline *baseline = new (arena, Baseline);
	baseline->path = path;
	for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->items.count; i++) {
		const Node *item = list->items.items[i];
		if (item->kind != NODE_MAP || !*member(item, "fingerprint")) {
			config_error(arena, &errors, path, item->line, "an entry needs a fingerprint");
			continue;
		}
		array_push(arena, &baseline->entries,
			   (BaselineEntry){member(item, "fingerprint"), member(item, "rule"), member(item, "migration"),
					   member(item, "file"), member(item, "message"), false});
	}
	for (uint32_t i = 0; i < errors.count; i++)
		tell("%s:%u: %s", path, errors.items[i].line, errors.items[i].message);
	return errors.count ? NULL : baseline;
}

/* --- Matching
 * -----------------------------------------------------------------------------------------------------------------------
 */

static const char *by_words(Arena *arena, const char *rule, const char *migration, const char *message)
{
	/* Messages may quote key words as they are written, and who lays code out anew writes them otherwise. */
	char *words = arena_print(arena, "%s\n%s\n%s", rule, migration ? migration : "", message);
	for (char *at = words; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + ('a' - 'A'));
	return words;
}

/* Entries of equal keys stand in a chain, so that each excuses one finding. */
typedef struct Chain {
	BaselineEntry *entry;
	struct Chain *next;
} Chain;

static void add_to_chain(Arena *arena, Map *map, const char *key, BaselineEntry *entry)
{
	Chain *chain = new (arena, Chain);
	*chain = (Chain){entry, map_get(map, key, strlen(key))};
	map_set(arena, map, key, strlen(key), chain);
}

static BaselineEntry *take(const Map *map, const char *key)
{
	for (const Chain *chain = map_get(map, key, strlen(key)); chain; chain = chain->next)
		if (!chain->entry->used)
			return chain->entry;
	return NULL;
}

static void excuse(Finding *finding, BaselineEntry *entry)
{
	entry->used = true;
	finding->in_baseline = true;
	if (!finding->suppressed)
		finding->suppressed = "baseline";
}

static void index_files(Arena *arena, const Names *looked_at, Map *files)
{
	for (uint32_t i = 0; i < looked_at->count; i++)
		map_set(arena, files, looked_at->items[i], strlen(looked_at->items[i]), files);
}

static bool was_looked_at(const Map *files, const BaselineEntry *entry)
{
	return map_get(files, entry->file, strlen(entry->file)) || path_kind(entry->file) == ENTRY_NONE;
}

typedef struct Known {
	Map prints, words;
} Known;

static void excuse_by_print(const Known *known, Finding *finding)
{
	BaselineEntry *entry = take(&known->prints, finding->fingerprint);
	if (entry)
		excuse(finding, entry);
}

static void excuse_by_words(Arena *arena, const Known *known, Finding *finding)
{
	if (finding->in_baseline || finding->suppressed)
		return;
	BaselineEntry *entry =
	    take(&known->words, by_words(arena, rule_id(finding->rule), finding->migration, finding->message));
	if (entry)
		excuse(finding, entry);
}

/* Of a finding that stands for several: when some of them are old, those that are new are told one by one. */
static void unfold(Run *run)
{
	ARRAY(Finding *) all = {0};
	array_each (Finding *, item, &run->findings) {
		Finding *finding = *item;
		uint32_t old = 0;
		array_each (Finding *, one, &finding->stands_for)
			old += (*one)->in_baseline;
		bool whole = !old || old == finding->stands_for.count;
		if (whole && old) {
			finding->in_baseline = true;
			finding->suppressed = "baseline";
		}
		if (whole)
			array_push(run->arena, &all, finding);
		for (uint32_t i = 0; !whole && i < finding->stands_for.count; i++)
			array_push(run->arena, &all, finding->stands_for.items[i]);
	}
	for (uint32_t i = 0, end; i < all.count; i = end) {
		for (end = i + 1; end < all.count && same(all.items[end]->history, all.items[i]->history);)
			end++;
		qsort(all.items + i, end - i, sizeof *all.items, finding_order);
	}
	run->findings.items = all.items;
	run->findings.count = all.count;
	run->findings.capacity = all.capacity;
}

void baseline_apply(Arena *arena, Baseline *baseline, const Names *looked_at, Run *run)
{
	Known known = {0};
	Map files = {0};
	for (uint32_t i = baseline->entries.count; i-- > 0;) {
		BaselineEntry *entry = &baseline->entries.items[i];
		add_to_chain(arena, &known.prints, entry->fingerprint, entry);
		add_to_chain(arena, &known.words, by_words(arena, entry->rule, entry->migration, entry->message),
			     entry);
	}
	ARRAY(Finding *) all = {0};
	array_each (Finding *, finding, &run->findings) {
		if (!(*finding)->stands_for.count)
			array_push(arena, &all, *finding);
		array_each (Finding *, one, &(*finding)->stands_for)
			array_push(arena, &all, *one);
	}
	array_each (Finding *, finding, &all)
		excuse_by_print(&known, *finding);
	array_each (Finding *, finding, &all)
		excuse_by_words(arena, &known, *finding);
	unfold(run);
	index_files(arena, looked_at, &files);
	array_each (const BaselineEntry, entry, &baseline->entries)
		baseline->stale += !entry->used && was_looked_at(&files, entry);
	run->baseline = baseline->path;
	count_findings(run);
}

/* --- Writing
 * ------------------------------------------------------------------------------------------------------------------------
 */

static void write_entry(Buf *out, const BaselineEntry *entry)
{
	buf_adds(out, "  - ");
	Json json = json_new(out);
	json_open_object(&json, NULL, JSON_ONE_LINE);
	json_put_string(&json, "fingerprint", entry->fingerprint);
	json_put_string(&json, "rule", entry->rule);
	json_put_string(&json, "migration", entry->migration ? entry->migration : "");
	json_put_string(&json, "file", entry->file);
	json_put_string(&json, "message", entry->message);
	json_finish(&json);
}

static void write_finding(Buf *out, const Finding *finding)
{
	const char *file = finding->source ? finding->source->path : "";
	write_entry(out, &(BaselineEntry){finding->fingerprint, rule_id(finding->rule), finding->migration, file,
					  finding->message, false});
}

void baseline_write(Arena *arena, Buf *out, const Baseline *old, const Names *looked_at, const Run *run,
		    uint32_t *count)
{
	Map files = {0};
	index_files(arena, looked_at, &files);
	*count = 0;
	Buf entries = {0};
	array_each (Finding *, item, &run->findings) {
		const Finding *finding = *item;
		if (finding->suppressed && !finding->in_baseline)
			continue;
		if (!finding->stands_for.count)
			write_finding(&entries, finding);
		array_each (Finding *, one, &finding->stands_for)
			write_finding(&entries, *one);
		*count += finding->stands_for.count ? finding->stands_for.count : 1;
	}
	for (uint32_t i = 0; old && i < old->entries.count; i++) {
		const BaselineEntry *entry = &old->entries.items[i];
		if (entry->used || was_looked_at(&files, entry))
			continue;
		write_entry(&entries, entry);
		++*count;
	}
	buf_adds(out,
		 "# Findings that were there before: they no longer fail a run. Written by `ddlint --write-baseline`;\n"
		 "# a line may be deleted by hand, to be told again.\n"
		 "findings:");
	buf_addf(out, "%s\n", entries.length ? "" : " []");
	if (entries.length)
		buf_add(out, entries.data, entries.length);
	buf_free(&entries);
}

void baseline_scope(Arena *arena, const Discovery *discovery, Names *looked_at)
{
	array_each (History *, history, &discovery->histories)
		array_each (Migration *, item, &(*history)->migrations) {
			const Script *const scripts[] = {(*item)->up, (*item)->down};
			for (size_t i = 0; i < LENGTH(scripts); i++)
				if (scripts[i] && scripts[i]->target)
					array_push(arena, looked_at, scripts[i]->source->path);
		}
}
