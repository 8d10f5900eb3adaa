#include "discover/discover.h"

#include <ctype.h>

#include "discover/seal.h"

/*
 * The frontier between what has run in production and what is pending, from whatever the configuration or the command
 * line names: a git reference, a version, a list of versions. Pending migrations go behind the released ones, because
 * that is when they run.
 */

/* --- The same migration, then and now
 * -------------------------------------------------------------------------------------------- */

static const Script *main_script(const Migration *migration)
{
	return migration->up ? migration->up : migration->down;
}

static const char *key_of(Arena *arena, const Migration *migration)
{
	return arena_print(arena, "%s\n%s", main_script(migration)->source->path, migration->version);
}

static void index_migrations(Arena *arena, const History *history, Map *by_key)
{
	array_each (Migration *, migration, &history->migrations) {
		const char *key = key_of(arena, *migration);
		if (!map_get(by_key, key, strlen(key)))
			map_set(arena, by_key, key, strlen(key), *migration);
	}
}

/* What keeps its file and its version is the same; then what keeps its statements; then what keeps its version. */
static void match(Arena *arena, History *history, const History *before)
{
	Map by_key = {0}, by_statements = {0}, by_version = {0}, taken = {0};
	index_migrations(arena, before, &by_key);
	uint32_t found = 0;
	array_each (Migration *, item, &history->migrations) {
		const char *key = key_of(arena, *item);
		(*item)->before = map_get(&by_key, key, strlen(key));
		if ((*item)->before)
			map_set(arena, &taken, (const char *)&(*item)->before, sizeof(void *), *item);
		found += (*item)->before != NULL;
	}
	if (found == history->migrations.count || found == before->migrations.count)
		return;
	array_each (Migration *, item, &before->migrations) {
		Migration *migration = *item;
		if (map_get(&taken, (const char *)item, sizeof(void *)))
			continue;
		Text statements = script_statements(arena, main_script(migration));
		if (statements.length)
			map_set(arena, &by_statements, statements.data, statements.length, migration);
		if (*migration->version)
			map_set(arena, &by_version, migration->version, strlen(migration->version), migration);
	}
	for (int pass = 0; pass < 2; pass++) {
		array_each (Migration *, item, &history->migrations) {
			if ((*item)->before)
				continue;
			Text wanted = pass ? (Text){(*item)->version, strlen((*item)->version)}
					   : script_statements(arena, main_script(*item));
			const Migration *same_one =
			    map_get(pass ? &by_version : &by_statements, wanted.data, wanted.length);
			if (!same_one || !wanted.length || map_get(&taken, (const char *)&same_one, sizeof same_one))
				continue;
			(*item)->before = same_one;
			map_set(arena, &taken, (const char *)&(*item)->before, sizeof(void *), *item);
		}
	}
}

static ScriptChange up_change(Arena *arena, const Migration *migration)
{
	return script_change(arena, migration->before ? migration->before->up : NULL, migration->up);
}

/* A repeatable that changed runs again. */
static bool runs_again(Arena *arena, const Migration *migration)
{
	return migration->up && migration->up->direction == DIRECTION_REPEATABLE &&
	       up_change(arena, migration) != CHANGE_NONE;
}

/* --- Order
 * ----------------------------------------------------------------------------------------------------------------------------
 */

static void released_first(Arena *arena, History *history)
{
	ARRAY(Migration *) order = {0};
	for (int pending = 0; pending < 2; pending++)
		array_each (Migration *, item, &history->migrations) {
			if ((*item)->up && (*item)->up->direction == DIRECTION_BASELINE)
				(*item)->released = true;
			if ((*item)->released == !pending)
				array_push(arena, &order, *item);
		}
	for (uint32_t i = 0; i < order.count; i++) {
		history->migrations.items[i] = order.items[i];
		order.items[i]->ordinal = i + 1;
	}
	history->has_frontier = true;
}

/* --- Versions
 * ---------------------------------------------------------------------------------------------------------------------------
 */

/* "V042" and "42" are one version; parts of it are compared as numbers. */
static bool same_version(const char *a, const char *b)
{
	a += (*a == 'V' || *a == 'v') && isdigit((unsigned char)a[1]);
	b += (*b == 'V' || *b == 'v') && isdigit((unsigned char)b[1]);
	for (bool fresh = true; *a || *b;) {
		if (fresh) {
			while (*a == '0' && isdigit((unsigned char)a[1]))
				a++;
			while (*b == '0' && isdigit((unsigned char)b[1]))
				b++;
		}
		if (*a != *b)
			return false;
		fresh = !isdigit((unsigned char)*a);
		a++;
		b++;
	}
	return true;
}

bool migration_is_called(Arena *arena, const Migration *migration, const char *word)
{
	if (*migration->version && same_version(migration->version, word))
		return true;
	const char *path = main_script(migration)->source->path, *name = path_name(path);
	size_t length = strlen(word);
	if (same(name, word) || (strncmp(name, word, length) == 0 && name[length] == '.'))
		return true;
	return same(path_name(path_parent(arena, path)), word);
}

static void release_up_to(Discoverer *discoverer, History *history, const char *version)
{
	uint32_t last = 0;
	for (uint32_t i = 0; i < history->migrations.count; i++)
		if (migration_is_called(discoverer->arena, history->migrations.items[i], version))
			last = i + 1;
	if (!last && !discoverer->options->released)
		add_failure(discoverer, history->name, "released: no migration has the version %s", version);
	if (!last)
		return;
	discoverer->version_known = true;
	for (uint32_t i = 0; i < last; i++)
		history->migrations.items[i]->released = true;
	released_first(discoverer->arena, history);
}

/* --- Lists of versions: the CSV that the queries of `ddlint released` give
 * -------------------------------------------------------------- */

/* One field of a CSV line, without its quotes; *at moves behind its comma. */
static const char *take_field(Arena *arena, const char **at, const char *end)
{
	Buf field = {0};
	const char *c = *at;
	bool quoted = c < end && *c == '"';
	for (c += quoted; c < end && (quoted || *c != ','); c++) {
		if (quoted && *c == '"') {
			if (c + 1 < end && c[1] == '"') {
				c++;
			} else {
				quoted = false;
				continue;
			}
		}
		buf_addc(&field, *c);
	}
	*at = c < end ? c + 1 : end + 1;
	const char *text = arena_copy(arena, field.data ? field.data : "", field.length);
	buf_free(&field);
	return text;
}

/* The column that says what has run, by the heading line: "applied" each by itself, "applied_up_to" with all before it.
 */
static bool read_heading(Arena *arena, const char *line, const char *end, uint32_t *column, bool *up_to)
{
	static const char *const words[] = {"applied_up_to", "applied",	       "version",  "version_id",
					    "version_num",   "migration_name", "filename", "migration",
					    "name",	     "script",	       "id"};
	uint32_t best = LENGTH(words), at = 0;
	for (; line <= end; at++) {
		const char *field = take_field(arena, &line, end);
		for (uint32_t i = 0; i < best; i++)
			if (same_nocase(field, words[i])) {
				best = i;
				*column = at;
			}
	}
	*up_to = best == 0;
	return best < LENGTH(words);
}

static void release_listed(Discoverer *discoverer, History *history, const char *path)
{
	Arena *arena = discoverer->arena;
	size_t length;
	const char *error = NULL, *bytes = tree_read(&discoverer->tree, arena, path, &length, &error);
	if (!bytes) {
		add_failure(discoverer, path_shown(discoverer->tree.cwd, path), "released: cannot be read: %s", error);
		return;
	}
	Map listed = {0};
	const char *newest = NULL, *end = bytes + length;
	uint32_t column = 0, rows = 0;
	bool up_to = false, first = true;
	for (const char *at = bytes; at < end; first = false) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
		const char *line = at, *line_end = stop - (stop > at && stop[-1] == '\r');
		at = newline ? newline + 1 : end;
		if (line == line_end || (first && read_heading(arena, line, line_end, &column, &up_to)))
			continue;
		const char *field = NULL;
		for (uint32_t i = 0; i <= column && line <= line_end; i++)
			field = take_field(arena, &line, line_end);
		if (!field || !*field)
			continue;
		map_set(arena, &listed, field, strlen(field), &listed);
		newest = field;
		rows++;
	}
	uint32_t known = 0;
	for (uint32_t i = history->migrations.count; i-- > 0;) {
		Migration *migration = history->migrations.items[i];
		const char *path_here = main_script(migration)->source->path, *name = path_name(path_here);
		const char *stem = arena_copy(arena, name, strcspn(name, "."));
		const char *bare = migration->version + (migration->version[0] ? strspn(migration->version, "0") : 0);
		const char *const called[] = {
		    migration->version, bare, name, stem, path_name(path_parent(arena, path_here)), migration->name};
		for (size_t c = 0; c < LENGTH(called) && !migration->released; c++)
			migration->released = *called[c] && map_get(&listed, called[c], strlen(called[c]));
		known += migration->released;
		if (up_to && known)
			migration->released = true;
	}
	if (rows && !known)
		add_failure(discoverer, path_shown(discoverer->tree.cwd, path),
			    "released: none of its %u versions is in %s; the last is \"%s\"", rows, history->name,
			    newest);
	else
		released_first(arena, history);
}

/* --- Git
 * ----------------------------------------------------------------------------------------------------------------------------------
 */

static const Past *past_of(Discoverer *discoverer, const ReadRoot *read, const char *reference, bool needs_base)
{
	Arena *arena = discoverer->arena;
	const char *folder = read->plan.folder ? read->plan.path : path_parent(arena, read->plan.path);
	const Folder *repository = tree_boundary(tree_folder(&discoverer->tree, folder));
	const char *key = arena_print(arena, "%s\n%s", repository ? repository->path : folder, reference);
	Past *past = map_get(&discoverer->pasts, key, strlen(key));
	if (past)
		return past;
	past = new (arena, Past);
	*past = past_commits(discoverer, folder, reference, needs_base);
	map_set(arena, &discoverer->pasts, key, strlen(key), past);
	if (past->error)
		add_failure(discoverer, NULL, "%s%s: %s", needs_base ? "--since " : "released: ", reference,
			    past->error);
	return past;
}

/* What the reference has and neither the commit in common nor we have. */
static const History *gained_since(Arena *arena, const History *history, const History *tip)
{
	Map known = {0};
	index_migrations(arena, history->before, &known);
	index_migrations(arena, history, &known);
	History *gained = new (arena, History);
	*gained = *tip;
	gained->migrations.items = NULL;
	gained->migrations.count = gained->migrations.capacity = 0;
	Map kept = {0}, gone = {0};
	uint32_t lost = 0;
	index_migrations(arena, tip, &kept);
	array_each (Migration *, item, &history->before->migrations) {
		const char *key = key_of(arena, *item);
		if (map_get(&kept, key, strlen(key)))
			continue;
		Text statements = script_statements(arena, main_script(*item));
		map_set(arena, &gone, statements.data, statements.length, *item);
		lost++;
	}
	array_each (Migration *, item, &tip->migrations) {
		const char *key = key_of(arena, *item);
		if (map_get(&known, key, strlen(key)))
			continue;
		Text statements = script_statements(arena, main_script(*item));
		bool renamed = map_get(&gone, statements.data, statements.length) != NULL;
		lost -= renamed && lost;
		if (!renamed)
			array_push(arena, &gained->migrations, *item);
	}
	/* What it lost beyond renaming may have been squashed into what it got: the two cannot be compared. */
	return lost ? NULL : gained;
}

/* Where --since is given, findings are wanted in what changed: SQL that is new or does something else than before. */
static void aim(Arena *arena, History *history)
{
	array_each (Migration *, item, &history->migrations) {
		Migration *migration = *item;
		const Migration *before = migration->before;
		bool down_gone = before && before->down && !migration->down;
		if (migration->up)
			migration->up->target &= down_gone || script_change(arena, before ? before->up : NULL,
									    migration->up) == CHANGE_STATEMENTS;
		if (migration->down)
			migration->down->target &=
			    script_change(arena, before ? before->down : NULL, migration->down) == CHANGE_STATEMENTS;
		migration->target =
		    (migration->up && migration->up->target) || (migration->down && migration->down->target);
	}
}

/* What was there at the commit in common, or is there at the tip, has run. */
static void release_known(Arena *arena, History *history, const History *tip)
{
	Map in_tip = {0};
	if (tip)
		index_migrations(arena, tip, &in_tip);
	array_each (Migration *, item, &history->migrations) {
		const char *key = key_of(arena, *item);
		bool known = (*item)->before || map_get(&in_tip, key, strlen(key));
		(*item)->released = known && !runs_again(arena, *item);
	}
	released_first(arena, history);
}

static void forget_rest(const History *tip, const History *gained)
{
	for (uint32_t i = 0; tip && i < tip->migrations.count; i++) {
		Migration *migration = tip->migrations.items[i];
		bool wanted = false;
		for (uint32_t g = 0; gained && g < gained->migrations.count && !wanted; g++)
			wanted = gained->migrations.items[g] == migration;
		if (!wanted)
			arena_free(&migration->arena);
	}
}

static void compare_with(Discoverer *discoverer, const ReadRoot *read, const char *reference, bool since, bool frontier)
{
	Arena *arena = discoverer->arena;
	History *history = read->history;
	const Past *past = past_of(discoverer, read, reference, since);
	const char *error = past->error;
	const History *tip = NULL;
	const char *base = past->base ? past->base : past->tip;
	bool compared = history->before != NULL; /* with --since: only the frontier is another one */
	if (!error && !compared)
		history->before = past_history(discoverer, read, base, &error);
	if (!error && !same(base, past->tip))
		tip = past_history(discoverer, read, past->tip, &error);
	if (error) {
		if (!past->error)
			add_failure(discoverer, history->name, "%s: %s", reference, error);
		discoverer->no_past |= since;
		return;
	}
	if (!compared) {
		history->since = past->words;
		match(arena, history, history->before);
		if (tip)
			history->gained = gained_since(arena, history, tip);
	}
	if (since)
		aim(arena, history);
	if (frontier)
		release_known(arena, history, since ? NULL : tip);
	forget_rest(tip, history->gained);
}

/* --- All of it
 * -------------------------------------------------------------------------------------------------------------------------------
 */

static void read_seal(Discoverer *discoverer, const ReadRoot *read)
{
	if (!read->plan.folder || !folder_entry(&discoverer->tree, read->plan.folder, SEAL_NAME))
		return;
	const char *path = path_join(discoverer->arena, read->plan.path, SEAL_NAME),
		   *shown = path_shown(discoverer->tree.cwd, path);
	size_t length;
	uint32_t line = 0;
	const char *error = NULL, *bytes = tree_read(&discoverer->tree, discoverer->arena, path, &length, &error);
	read->history->seal = bytes ? seal_read(discoverer->arena, shown, bytes, length, &line, &error) : NULL;
	if (!read->history->seal)
		array_push(discoverer->arena, &discoverer->discovery->notes, (Note){true, shown, line, error});
}

void set_frontier(Discoverer *discoverer, const ReadRoot *read)
{
	const DiscoverOptions *options = discoverer->options;
	const char *released = options->released ? options->released
			       : options->since	 ? NULL
						 : read->history->config->released;
	read_seal(discoverer, read);
	if (discoverer->tree.overlay_path && !options->stdin_filename &&
	    same(read->plan.path, discoverer->tree.overlay_path))
		return; /* what comes through a pipe without a name has no past */
	if (options->since)
		compare_with(discoverer, read, options->since, true, !released);
	if (!released)
		return;
	if (starts_with(released, "git:"))
		compare_with(discoverer, read, released + strlen("git:"), false, true);
	else if (starts_with(released, "@"))
		compare_with(discoverer, read, released, false, true);
	else if (starts_with(released, "file:"))
		release_listed(discoverer, read->history,
			       path_absolute(discoverer->arena, discoverer->tree.cwd, released + strlen("file:")));
	else
		release_up_to(discoverer, read->history, released);
}

void check_frontiers(Discoverer *discoverer)
{
	const char *version = discoverer->options->released;
	bool is_version = version && !starts_with(version, "git:") && !starts_with(version, "file:") && *version != '@';
	if (is_version && !discoverer->version_known && discoverer->discovery->histories.count)
		add_failure(discoverer, NULL, "--released %s: no migration has this version", version);
	if (!discoverer->no_past)
		return;
	array_each (History *, history, &discoverer->discovery->histories)
		history_free(*history);
	discoverer->discovery->histories.count = 0;
}
