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

static FlywayName flyway_name(Arena *arena, const char *name)
{
	FlywayName parsed = {.version = "", .name = ""};
	const char *bar = strstr(name, "__");
	if (!bar || !strchr("VURB", *name) || !is_sql_name(name))
		return parsed;
	size_t length = (size_t)(bar - name - 1);
	if ((*name == 'R') != (length == 0))
		return parsed;
	char *version = arena_copy(arena, name + 1, length);
	for (char *c = version; *c; c++) {
		if (*c == '_' || *c == '-')
			*c = '.';
		else if (!isdigit((unsigned char)*c) && *c != '.')
			return parsed;
	}
	parsed.kind = *name;
	parsed.version = version;
	parsed.name = parse_file_name(arena, bar + 2).stem;
	return parsed;
}

static int detect_flyway(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += flyway_name(arena, root->files[i].name).kind != 0;
	if (!count)
		return 0;
	*why = "files are called V1__name.sql";
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

static int kind_rank(const Migration *migration)
{
	if (!migration->up)
		return 1;
	switch (migration->up->direction) {
	case DIRECTION_BASELINE:
		return 0;
	case DIRECTION_REPEATABLE:
		return 2;
	case DIRECTION_CALLBACK:
		return 3;
	default:
		return 1;
	}
}

static int compare_flyway(const void *a, const void *b)
{
	const Migration *left = *(Migration *const *)a, *right = *(Migration *const *)b;
	if (kind_rank(left) != kind_rank(right))
		return kind_rank(left) - kind_rank(right);
	int order = compare_versions(left->version, right->version);
	return order ? order : strcmp(left->name, right->name);
}

/* `executeInTransaction=false` in V1__name.sql.conf beside the file. */
static bool configured_alone(const LayoutContext *context, const File *file)
{
	const File *settings = find_file(context->root, arena_print(context->arena, "%s.conf", file->relative));
	const char *found = settings && settings->source ? strstr(settings->source->bytes, "executeInTransaction") : NULL;
	if (!found)
		return false;
	found += strlen("executeInTransaction");
	return starts_with(found + strspn(found, " \t="), "false");
}

/* Flyway leaves the transaction by itself when it meets a statement that PostgreSQL refuses there. */
static Wrapping flyway_wrapping(const LayoutContext *context, const File *file)
{
	Span whole = {file->source->body, file->source->length};
	bool alone = configured_alone(context, file) || has_non_transactional_statement(file->source, whole);
	return alone ? WRAPPING_NONE : WRAPPING_TRANSACTION;
}

/* beforeMigrate.sql, afterEachMigrate__refresh.sql: run by events, not by version. */
static bool is_callback(const char *name)
{
	static const char *const events[] = {"before", "after", "createSchema"};
	for (size_t i = 0; i < LENGTH(events); i++) {
		size_t length = strlen(events[i]);
		if (starts_with(name, events[i]) && (isupper((unsigned char)name[length]) || events[i][0] == 'c'))
			return is_sql_name(name);
	}
	return false;
}

static void add_callback(const LayoutContext *context, const File *file)
{
	Migration *migration = add_migration(context, "", parse_file_name(context->arena, file->name).stem);
	add_script(context, migration, file, DIRECTION_CALLBACK, flyway_wrapping(context, file));
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

static void read_flyway_file(const LayoutContext *context, const File *file, const FlywayName *name)
{
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
	add_script(context, migration, file, direction, flyway_wrapping(context, file));
}

/* A baseline stands for the versions up to its own: where those are there, it would make everything twice. */
static bool stands_for_others(const LayoutContext *context, const FlywayName *baseline)
{
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		FlywayName name = flyway_name(context->arena, context->root->files[i].name);
		if (name.kind == 'V' && compare_versions(name.version, baseline->version) <= 0)
			return true;
	}
	return false;
}

static void read_flyway(const LayoutContext *context)
{
	const Root *root = context->root;
	/* Undo files find their versioned one, so those come first. */
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < root->file_count; i++) {
			const File *file = &root->files[i];
			FlywayName name = flyway_name(context->arena, file->name);
			if (!file->source || (name.kind == 'U') != (pass == 1))
				continue;
			if (!name.kind && is_callback(file->name)) {
				add_callback(context, file);
			} else if (!name.kind) {
				if (is_sql_name(file->name))
					add_verbose_note(context, file, "left out: not called V1__name.sql, U1__, R__ or B1__");
			} else if (name.kind == 'B' && stands_for_others(context, &name)) {
				add_verbose_note(context, file, "left out: the versions that this baseline stands for are there");
			} else {
				read_flyway_file(context, file, &name);
			}
		}
	History *history = context->history;
	bool has_undo = false;
	array_each(Migration *, item, &history->migrations)
		has_undo |= (*item)->down != NULL;
	array_each(Migration *, item, &history->migrations)
		(*item)->down_expected = has_undo && (*item)->up && (*item)->up->direction == DIRECTION_UP;
	if (history->migrations.count)
		qsort(history->migrations.items, history->migrations.count, sizeof(Migration *), compare_flyway);
}

const Layout layout_flyway = {
	.name = "flyway", .title = "Flyway",
	.detect = detect_flyway, .read = read_flyway,
	.no_transaction = "alone in a migration, for which Flyway then opens no transaction",
	.has_downs = true,
};
