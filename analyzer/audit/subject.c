/* What an audit is about: which commit was read, whether the files are still as that commit has them, and by which rules. */
#include "audit/audit.h"

#include <stdlib.h>
#include <time.h>

#include "base/files.h"
#include "base/git.h"
#include "base/sha256.h"

/* The files of a commit below one folder, by path. */
typedef struct Committed {
	GitFiles files;
	Text *contents;
	Map places; /* path -> place in files, from 1 */
} Committed;

static bool read_committed(Arena *arena, const char *folder, const char *commit, Committed *committed)
{
	const char *error = NULL;
	if (!git_files(arena, folder, commit, false, &committed->files, &error))
		return false;
	committed->contents = new_array(arena, Text, committed->files.count);
	if (!git_contents(arena, folder, &committed->files, committed->contents, &error))
		return false;
	for (uint32_t i = 0; i < committed->files.count; i++) {
		const char *path = committed->files.items[i].path;
		map_set(arena, &committed->places, path, strlen(path), (void *)(uintptr_t)(i + 1));
	}
	return true;
}

static bool differs(Arena *arena, const Committed *committed, const char *folder, const Script *script)
{
	const char *path = script ? path_below(folder, path_absolute(arena, working_folder(arena), script->source->path)) : NULL;
	if (!path)
		return false;
	uintptr_t place = (uintptr_t)map_get(&committed->places, path, strlen(path));
	if (!place)
		return true;
	Text content = committed->contents[place - 1];
	return content.length != script->source->length || memcmp(content.data, script->source->bytes, content.length) != 0;
}

/*
 * The commit that all histories' folders stand on, and whether a migration's file differs from it (bytes, as git keeps them).
 * NULL: there is none, or git cannot be asked.
 */
static const char *common_commit(Arena *arena, const Discovery *discovery, bool *dirty)
{
	const char *commit = NULL, *error = NULL;
	*dirty = false;
	array_each (History *const, item, &discovery->histories) {
		const History *history = *item;
		if (history->loose || !(commit = git_commit(arena, history->root, "HEAD", &error)))
			return NULL;
		Committed committed = {0};
		const char *folder = path_absolute(arena, working_folder(arena), history->root);
		if (!read_committed(arena, folder, commit, &committed))
			return NULL;
		array_each (Migration *const, migration, &history->migrations)
			*dirty = *dirty || differs(arena, &committed, folder, (*migration)->up) ||
				 differs(arena, &committed, folder, (*migration)->down);
	}
	return commit;
}

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static const char *report_date(Arena *arena, const Discovery *discovery, const char *commit)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH"), *error = NULL;
	if (epoch && *epoch) {
		time_t when = (time_t)strtoll(epoch, NULL, 10);
		struct tm parts;
		char text[32];
		return gmtime_r(&when, &parts) && strftime(text, sizeof text, "%Y-%m-%d", &parts) ? arena_string(arena, text) : NULL;
	}
	const char *date = commit ? git_commit_date(arena, discovery->histories.items[0]->root, commit, &error) : NULL;
	return date ? arena_copy(arena, date, strcspn(date, "T")) : NULL;
}

/* Two reports with this checksum in common were judged by the same rules. */
static const char *rules_checksum(Arena *arena, const RuleBook *book)
{
	Buf text = {0};
	array_each (const RuleEntry, entry, &book->entries)
		buf_addf(&text, "%s %s %s %s\n", entry->id, severity_word(entry->rule->severity), category_word(entry->rule->category),
			 entry->rule->summary ? entry->rule->summary : "");
	const char *sum = sha256_hex(arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return sum;
}

void audit_subject(Arena *arena, const Discovery *discovery, const RuleBook *book, AuditReport *report)
{
	report->commit = common_commit(arena, discovery, &report->dirty);
	report->date = report_date(arena, discovery, report->commit);
	report->rules = book->entries.count;
	report->rules_sha256 = rules_checksum(arena, book);
	const Config *config = discovery->histories.count ? discovery->histories.items[0]->config : NULL;
	size_t length;
	const char *error, *bytes = config && config->path ? file_read(arena, config->path, &length, &error) : NULL;
	if (!bytes)
		return;
	report->config = path_shown(working_folder(arena), path_absolute(arena, working_folder(arena), config->path));
	report->config_sha256 = sha256_hex(arena, bytes, length);
}

static const GitLastCommit *last_commit(const Map *by_path, const char *folder, const char *path)
{
	const char *below = path ? path_below(folder, path) : NULL;
	return below ? map_get(by_path, below, strlen(below)) : NULL;
}

void audit_last_commits(Arena *arena, const History *history, AuditHistory *audit)
{
	const char *error = NULL, *here = working_folder(arena), *folder = path_absolute(arena, here, history->root);
	if (history->loose)
		folder = path_parent(arena, folder);
	GitLastCommits commits = {0};
	if (!git_last_commits(arena, folder, &commits, &error))
		return;
	Map by_path = {0};
	array_each (GitLastCommit, commit, &commits)
		map_set(arena, &by_path, commit->path, strlen(commit->path), commit);
	array_each (AuditMigration, migration, &audit->migrations) {
		const GitLastCommit *last = last_commit(&by_path, folder, path_absolute(arena, here, migration->up_file));
		if (migration->down_file) {
			const GitLastCommit *down = last_commit(&by_path, folder, path_absolute(arena, here, migration->down_file));
			if (down && (!last || down < last)) /* newest commits come first */
				last = down;
		}
		if (!last)
			continue;
		migration->last_commit = last->name;
		migration->last_date = last->date;
		if (!migration->author)
			migration->author = last->author;
	}
}
