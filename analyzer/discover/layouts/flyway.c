#include "flyway.h"

#include "discover/layout.h"

#include <ctype.h>
#include <stdlib.h>

/*
 * Flyway: V1.2__name.sql versioned, U1.2__name.sql its undo, R__name.sql repeatable, B1.2__name.sql a baseline.
 * Dots and underscores in a version separate numbers; repeatables run last, in the order of their descriptions.
 *
 * https://documentation.red-gate.com/flyway/flyway-concepts/migrations
 */

typedef struct FlywayName {
	char kind;            /* 'V', 'U', 'R', 'B'; 0: not Flyway's */
	const char *version;  /* "1.2"; "" of a repeatable */
	const char *name;
} FlywayName;

typedef struct Flyway {
	const LayoutContext *context;
	FlywaySettings settings;
} Flyway;

static bool has_suffix(const FlywaySettings *settings, const char *name)
{
	if (!settings->suffixes.count)
		return is_sql_name(name);
	array_each(const char *const, suffix, &settings->suffixes)
		if (ends_with(name, *suffix))
			return true;
	return false;
}

/* The kind whose prefix the name starts with: the longest, where one is the start of another. */
static char kind_of(const FlywaySettings *settings, const char *name, size_t *length)
{
	const struct {
		const char *prefix;
		char kind;
	} kinds[] = {{settings->versioned, 'V'}, {settings->undo, 'U'}, {settings->repeatable, 'R'}, {settings->baseline, 'B'}};
	char kind = 0;
	*length = 0;
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (starts_with(name, kinds[i].prefix) && strlen(kinds[i].prefix) > *length) {
			kind = kinds[i].kind;
			*length = strlen(kinds[i].prefix);
		}
	return kind;
}

static FlywayName flyway_name(Arena *arena, const FlywaySettings *settings, const char *name)
{
	FlywayName parsed = {.version = "", .name = ""};
	size_t prefix;
	char kind = kind_of(settings, name, &prefix);
	if (!kind || !has_suffix(settings, name))
		return parsed;
	/* V1.sql has no description. */
	const char *bar = strstr(name + prefix, settings->separator);
	size_t length = bar ? (size_t)(bar - name) - prefix : strlen(parse_file_name(arena, name).stem) - prefix;
	if ((kind == 'R') != (length == 0) || (kind == 'R' && !bar))
		return parsed;
	char *version = arena_copy(arena, name + prefix, length);
	for (char *c = version; *c; c++) {
		if (*c == '_')
			*c = '.';
		else if (!isdigit((unsigned char)*c) && *c != '.')
			return parsed;
	}
	parsed.kind = kind;
	parsed.version = version;
	parsed.name = bar ? parse_file_name(arena, bar + strlen(settings->separator)).stem : "";
	return parsed;
}

static int detect_flyway(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	const FlywaySettings settings = flyway_settings(root->tree, arena, root->folder);
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += flyway_name(arena, &settings, root->files[i].name).kind && strstr(root->files[i].name, settings.separator);
	if (!count)
		return 0;
	if (root->folder && flyway_location(arena, &settings, root->path)) {
		*why = arena_print(arena, "%s names the folder", path_name(settings.path));
		return 97;
	}
	if (count * 2 < count_sql(root))
		return 0;
	*why = arena_print(arena, "files are called %s1%sname.sql", settings.versioned, settings.separator);
	return 92;
}

/* 1.2 equals 1.2.0; 1.10 comes after 1.9. */
static int compare_versions(const char *a, const char *b)
{
	while (*a || *b) {
		size_t left_zeros = strspn(a, "0"), right_zeros = strspn(b, "0");
		a += left_zeros;
		b += right_zeros;
		size_t left = strspn(a, "0123456789"), right = strspn(b, "0123456789");
		if (left != right)
			return left < right ? -1 : 1;
		int order = strncmp(a, b, left);
		if (order)
			return order;
		a += left;
		b += right;
		a += *a == '.';
		b += *b == '.';
	}
	return 0;
}

/* --- Order: what runs when ------------------------------------------------------------------------------------------------------- */

/*
 * The events of `flyway migrate`, in their order, and where the versions and the repeatables come between them; a callback of each
 * migration stands where it runs first, or last. Other events belong to other commands. Seen with 11.8.2.
 */
static const char *const events[] = {
	"beforeConnect", "afterConnect", "createSchema", "beforeCreateSchema", "beforeValidate", "afterValidate", "beforeMigrate",
	"beforeEachMigrate", "beforeEachMigrateStatement",
	"V",
	"afterEachMigrateStatement", "afterEachMigrate", "afterVersioned", "beforeRepeatables",
	"R",
	"afterMigrateApplied", "afterMigrate",
};

/* The place of the event that the name starts with, up to its description; -1: none of a migration. */
static int event_place(const char *name)
{
	size_t length = 0;
	while (isalpha((unsigned char)name[length]))
		length++;
	for (size_t i = 0; i < LENGTH(events); i++)
		if (strlen(events[i]) == length && strncmp(events[i], name, length) == 0)
			return (int)i;
	return -1;
}

static int place_of(const Migration *migration)
{
	Direction direction = migration->up ? migration->up->direction : DIRECTION_DOWN;
	if (direction == DIRECTION_BASELINE)
		return -1;
	if (direction == DIRECTION_CALLBACK && !migration->up->runs_always)
		return (int)LENGTH(events);
	return event_place(direction == DIRECTION_CALLBACK ? migration->name : direction == DIRECTION_REPEATABLE ? "R" : "V");
}

/* By description, in which underscores stand for blanks. */
static int compare_descriptions(const char *a, const char *b)
{
	for (; *a && (*a == *b); a++)
		b++;
	int left = *a == '_' ? ' ' : (unsigned char)*a, right = *b == '_' ? ' ' : (unsigned char)*b;
	return left - right;
}

static int compare_flyway(const void *a, const void *b)
{
	const Migration *left = *(Migration *const *)a, *right = *(Migration *const *)b;
	int order = place_of(left) - place_of(right);
	order = order ? order : compare_versions(left->version, right->version);
	return order ? order : compare_descriptions(left->name, right->name);
}

/* --- Files -------------------------------------------------------------------------------------------------------------------------- */

/* `executeInTransaction=false` in V1__name.sql.conf beside the file; NULL: it says nothing. */
static const char *script_setting(const LayoutContext *context, const File *file)
{
	const File *beside = find_file(context->root, arena_print(context->arena, "%s.conf", file->relative));
	if (!beside || !beside->source)
		return NULL;
	const Settings settings = settings_read(context->arena, (Text){beside->source->bytes, beside->source->length});
	return setting(&settings, "executeInTransaction");
}

/*
 * Flyway leaves the transaction by itself for a statement that PostgreSQL refuses there, and refuses one that stands beside others
 * unless it is told to, by `mixed` or by executeInTransaction.
 */
static void add_flyway_script(const Flyway *flyway, Migration *migration, const File *file, Direction direction)
{
	const char *own = script_setting(flyway->context, file);
	bool alone = own ? same_nocase(own, "false") : flyway->settings.alone;
	TransactionNeeds needs = transaction_needs(file->source, (Span){file->source->body, file->source->length});
	bool mixes = needs.outside && needs.inside && !own && !alone && !flyway->settings.mixed;
	bool outside = alone || (needs.outside && !own && !mixes);
	Script *script = add_script(flyway->context, migration, file, direction, outside ? WRAPPING_NONE : WRAPPING_TRANSACTION);
	script->mixes = mixes;
}

/* beforeMigrate.sql, afterEachMigrate__refresh.sql: run by events, not by version. */
static bool is_callback(const char *name)
{
	static const char *const starts[] = {"before", "after", "createSchema"};
	for (size_t i = 0; i < LENGTH(starts); i++) {
		size_t length = strlen(starts[i]);
		if (starts_with(name, starts[i]) && (isupper((unsigned char)name[length]) || starts[i][0] == 'c'))
			return is_sql_name(name);
	}
	return false;
}

static void add_callback(const Flyway *flyway, const File *file)
{
	const LayoutContext *context = flyway->context;
	Migration *migration = add_migration(context, "", file->parsed.stem);
	add_flyway_script(flyway, migration, file, DIRECTION_CALLBACK);
	migration->up->runs_always = event_place(migration->name) >= 0;
}

static Migration *find_version(const History *history, const char *version, bool with_down)
{
	for (uint32_t i = 0; i < history->migrations.count; i++) {
		Migration *migration = history->migrations.items[i];
		Direction direction = migration->up ? migration->up->direction : DIRECTION_UP;
		if (direction == DIRECTION_UP && (with_down ? migration->up : migration->down) && *version &&
		    compare_versions(migration->version, version) == 0)
			return migration;
	}
	return NULL;
}

static void read_flyway_file(const Flyway *flyway, const File *file, const FlywayName *name)
{
	const LayoutContext *context = flyway->context;
	static const struct {
		char kind;
		Direction direction;
	} kinds[] = {{'V', DIRECTION_UP}, {'U', DIRECTION_DOWN}, {'R', DIRECTION_REPEATABLE}, {'B', DIRECTION_BASELINE}};
	Direction direction = DIRECTION_UP;
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (kinds[i].kind == name->kind)
			direction = kinds[i].direction;
	Migration *migration = NULL;
	if (direction == DIRECTION_DOWN)
		migration = find_version(context->history, name->version, true);
	if (!migration)
		migration = add_migration(context, name->version, name->name);
	add_flyway_script(flyway, migration, file, direction);
}

/* A baseline stands for the versions up to its own: where those are there, it would make everything twice. */
static bool stands_for_others(const Flyway *flyway, const FlywayName *baseline)
{
	const LayoutContext *context = flyway->context;
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		FlywayName name = flyway_name(context->arena, &flyway->settings, context->root->files[i].name);
		if (name.kind == 'V' && compare_versions(name.version, baseline->version) <= 0)
			return true;
	}
	return false;
}

/* The settings name folders, and the file is in none of them. */
static bool is_elsewhere(const Flyway *flyway, const File *file)
{
	Arena *arena = flyway->context->arena;
	return flyway->settings.locations.count && flyway_location(arena, &flyway->settings, flyway->context->root->path) == NULL &&
	       !flyway_location(arena, &flyway->settings, path_parent(arena, file->path));
}

static void see_file(const Flyway *flyway, const File *file, const FlywayName *name)
{
	const LayoutContext *context = flyway->context;
	if (is_elsewhere(flyway, file))
		add_verbose_note(context, file, "left out: %s names other folders", path_name(flyway->settings.path));
	else if (!name->kind && is_callback(file->name))
		add_callback(flyway, file);
	else if (file->sql && flyway_holds_callbacks(context->arena, &flyway->settings, path_parent(context->arena, file->path)))
		add_verbose_note(context, file, "left out: %s looks for callbacks only in its folder", path_name(flyway->settings.path));
	else if (name->kind == 'B' && stands_for_others(flyway, name))
		add_verbose_note(context, file, "left out: the versions that this baseline stands for are there");
	else if (name->kind)
		read_flyway_file(flyway, file, name);
	else if (file->sql)
		add_verbose_note(context, file, "left out: not called %s1%sname.sql, %s1%s, %s%s or %s1%s",
				 flyway->settings.versioned, flyway->settings.separator, flyway->settings.undo,
				 flyway->settings.separator, flyway->settings.repeatable, flyway->settings.separator,
				 flyway->settings.baseline, flyway->settings.separator);
}

static bool runs_before_each(const char *callback)
{
	int place = event_place(callback);
	return place >= 0 && same(events[place], "beforeEachMigrate");
}

/* Each migration finds its connection as initSql left it. */
static void add_init(const Flyway *flyway)
{
	const LayoutContext *context = flyway->context;
	const FlywaySettings *settings = &flyway->settings;
	const char *shown = path_shown(context->root->tree->cwd, settings->path);
	File file = {.path = settings->path, .relative = "", .name = path_name(settings->path)};
	file.source = source_new(context->arena, shown, settings->init, strlen(settings->init));
	Migration *migration = add_migration(context, "", "initSql");
	add_script(context, migration, &file, DIRECTION_CALLBACK, WRAPPING_NONE)->runs_always = true;
	array_push(context->arena, &context->history->before_each, migration);
}

static void read_flyway(const LayoutContext *context)
{
	const Root *root = context->root;
	const Flyway flyway = {.context = context, .settings = flyway_settings(root->tree, context->arena, root->folder)};
	array_each(const Placeholder, item, &flyway.settings.placeholders)
		array_push(context->arena, &context->history->placeholders, *item);
	if (flyway.settings.init)
		add_init(&flyway);
	/* Undo files find their versioned one, so those come first. */
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < root->file_count; i++) {
			const File *file = &root->files[i];
			FlywayName name = flyway_name(context->arena, &flyway.settings, file->name);
			if (file->source && (name.kind == 'U') == (pass == 1))
				see_file(&flyway, file, &name);
		}
	History *history = context->history;
	bool has_undo = false;
	array_each(Migration *, item, &history->migrations)
		has_undo |= (*item)->down != NULL;
	array_each(Migration *, item, &history->migrations)
		(*item)->down_expected = has_undo && (*item)->up && (*item)->up->direction == DIRECTION_UP;
	if (history->migrations.count)
		qsort(history->migrations.items, history->migrations.count, sizeof(Migration *), compare_flyway);
	array_each(Migration *, item, &history->migrations)
		if ((*item)->up && (*item)->up->direction == DIRECTION_CALLBACK && runs_before_each((*item)->name))
			array_push(context->arena, &history->before_each, *item);
	history->runs_older = flyway.settings.out_of_order;
	history->schema = flyway.settings.schema;
}

const Layout layout_flyway = {
	.name = "flyway", .title = "Flyway",
	.detect = detect_flyway, .read = read_flyway,
	.no_transaction = "alone in a migration; with postgresql.transactional.lock=false, or it waits for Flyway's own",
	.has_downs = true,
};
