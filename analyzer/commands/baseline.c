#include "commands/baseline.h"

#include <stdio.h>

#include "base/files.h"
#include "base/json.h"
#include "commands/commands.h"
#include "discover/yaml.h"
#include "judge/rule.h"

/* --- Reading ---------------------------------------------------------------------------------------------------------------------- */

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
	const Node *top = yaml_read(arena, path, bytes, length, &errors), *list = top && top->kind == NODE_MAP ? node_get(top, "findings") : NULL;
	bool list_like = list && (list->kind == NODE_LIST || list->kind == NODE_NULL);
	if (!errors.count && !list_like)
		config_error(arena, &errors, path, top ? top->line : 0, "this is no baseline: it needs a list called findings");
	Baseline *baseline = new(arena, Baseline);
	baseline->path = path;
	for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->items.count; i++) {
		const Node *item = list->items.items[i];
		if (item->kind != NODE_MAP || !*member(item, "fingerprint")) {
			config_error(arena, &errors, path, item->line, "an entry needs a fingerprint");
			continue;
		}
		array_push(arena, &baseline->entries,
			   (BaselineEntry){member(item, "fingerprint"), member(item, "rule"), member(item, "file"), member(item, "message"), false});
	}
	for (uint32_t i = 0; i < errors.count; i++)
		fprintf(stderr, "%s:%u: %s\n", path, errors.items[i].line, errors.items[i].message);
	return errors.count ? NULL : baseline;
}

/* --- Matching ----------------------------------------------------------------------------------------------------------------------- */

static const char *file_of(const Finding *finding)
{
	return finding->source ? finding->source->path : "";
}

static const char *by_words(Arena *arena, const char *rule, const char *file, const char *message)
{
	return arena_print(arena, "%s\n%s\n%s", rule, path_name(file), message);
}

/* Entries of equal keys stand in a chain, so that each excuses one finding. */
typedef struct Chain {
	BaselineEntry *entry;
	struct Chain *next;
} Chain;

static void add_to_chain(Arena *arena, Map *map, const char *key, BaselineEntry *entry)
{
	Chain *chain = new(arena, Chain);
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

void baseline_apply(Arena *arena, Baseline *baseline, const Names *looked_at, Run *run)
{
	Map prints = {0}, words = {0}, files = {0};
	for (uint32_t i = baseline->entries.count; i-- > 0;) {
		BaselineEntry *entry = &baseline->entries.items[i];
		add_to_chain(arena, &prints, entry->fingerprint, entry);
		add_to_chain(arena, &words, by_words(arena, entry->rule, entry->file, entry->message), entry);
	}
	array_each (Finding *, finding, &run->findings) {
		BaselineEntry *entry = take(&prints, (*finding)->fingerprint);
		if (entry)
			excuse(*finding, entry);
	}
	array_each (Finding *, item, &run->findings) {
		Finding *finding = *item;
		if (finding->in_baseline || finding->suppressed)
			continue;
		BaselineEntry *entry = take(&words, by_words(arena, rule_id(finding->rule), file_of(finding), finding->message));
		if (entry)
			excuse(finding, entry);
	}
	index_files(arena, looked_at, &files);
	array_each (const BaselineEntry, entry, &baseline->entries)
		baseline->stale += !entry->used && was_looked_at(&files, entry);
	run->baseline = baseline->path;
	count_findings(run);
}

/* --- Writing ------------------------------------------------------------------------------------------------------------------------ */

static void write_entry(Buf *out, const char *fingerprint, const char *rule, const char *file, const char *message)
{
	buf_adds(out, "  - ");
	Json json = json_new(out);
	json_open_object(&json, NULL, JSON_ONE_LINE);
	json_put_string(&json, "fingerprint", fingerprint);
	json_put_string(&json, "rule", rule);
	json_put_string(&json, "file", file);
	json_put_string(&json, "message", message);
	json_finish(&json);
}

void baseline_write(Arena *arena, Buf *out, const Baseline *old, const Names *looked_at, const Run *run, uint32_t *count)
{
	Map files = {0};
	index_files(arena, looked_at, &files);
	*count = 0;
	Buf entries = {0};
	array_each (Finding *, item, &run->findings) {
		const Finding *finding = *item;
		if (finding->suppressed && !finding->in_baseline)
			continue;
		write_entry(&entries, finding->fingerprint, rule_id(finding->rule), file_of(finding), finding->message);
		++*count;
	}
	for (uint32_t i = 0; old && i < old->entries.count; i++) {
		const BaselineEntry *entry = &old->entries.items[i];
		if (entry->used || was_looked_at(&files, entry))
			continue;
		write_entry(&entries, entry->fingerprint, entry->rule, entry->file, entry->message);
		++*count;
	}
	buf_adds(out, "# Findings that were there before: they no longer fail a run. Written by `ddlint --write-baseline`;\n"
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
