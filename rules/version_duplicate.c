/* Two migrations of one version, where the tool knows them by nothing else. */
#include <ctype.h>

#include "base/files.h"
#include "discover/layout.h"
#include "judge/rule.h"

/* What the tool does with the second one; NULL: it tells them apart by more than the version, or nobody knows. */
static const char *what_happens(const Layout *layout)
{
	static const char *const tools[][2] = {
	    {"golang-migrate", "golang-migrate stops before it runs anything: duplicate migration file"},
	    {"flyway", "Flyway stops before it runs anything: found more than one migration with the version"},
	    {"goose", "goose stops before it runs anything: duplicate version"},
	    {"dbmate", "dbmate runs the first and takes the second for applied, or fails on the primary key of "
		       "schema_migrations"},
	    {"sqlx", "sqlx fails on the primary key of its table when it runs the second"},
	    {"diesel", "Diesel runs one of them and takes the other for applied"},
	    {"tern", "tern stops before it runs anything: duplicate migration"},
	    {"pop", "pop runs the first and takes the second for applied"},
	    {"supabase", "the second fails on the primary key of schema_migrations"},
	    {"postgrator", "Postgrator stops before it runs anything: two migrations with the same version"},
	};

	for (size_t i = 0; layout && i < LENGTH(tools); i++)
		if (same(layout->name, tools[i][0]))
			return tools[i][1];
	return NULL;
}

/* Versions are numbers for these tools: 007 is 7. Flyway looks into all folders, the others into one. */
static const char *key_of(const Context *context, const Migration *migration)
{
	const char *version = migration->version, *folder = "";

	while (*version == '0' && isdigit((unsigned char)version[1]))
		version++;
	if (!same(context->history->layout->name, "flyway"))
		folder = path_parent(context->arena, migration->up->source->path);
	if (same(context->history->layout->name, "diesel") || same(context->history->layout->name, "supabase"))
		folder = "";
	return arena_print(context->arena, "%s\n%s", version, folder);
}

/* So many, and all were applied: the project's tool goes by the whole name. */
static bool is_habit(const Context *context)
{
	enum { HABIT = 3 };
	uint32_t shared = 0;
	Map seen = {0};
	static const char once, twice;

	for (uint32_t i = 0; i < context->history->migrations.count; i++) {
		const Migration *migration = context->history->migrations.items[i];
		if (!migration->up || migration->up->direction != DIRECTION_UP || !*migration->version)
			continue;
		const char *key = key_of(context, migration);
		const char *before = map_get(&seen, key, strlen(key));
		shared += before == &once;
		map_set(context->arena, &seen, key, strlen(key), (void *)(before ? &twice : &once));
	}
	return shared >= HABIT;
}

HISTORY_RULE(version_duplicate,
	.severity = SEVERITY_ERROR, .category = HISTORY,
	.summary  = "two migrations have the same version",
	.why      = "The migration tool knows migrations by their versions: it refuses both, or never runs "
		    "one of them.",
	.instead  = "Give the one that has not run yet a version of its own.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0")
{
	const char *happens = what_happens(context->history->layout);
	Map first = {0};

	if (happens && is_habit(context))
		return;
	for (uint32_t i = 0; happens && i < context->history->migrations.count; i++) {
		const Migration *migration = context->history->migrations.items[i];
		if (!migration->up || migration->up->direction != DIRECTION_UP || !*migration->version)
			continue;
		const char *key = key_of(context, migration);
		const Migration *other = map_get(&first, key, strlen(key));
		if (!other) {
			map_set(context->arena, &first, key, strlen(key), (void *)migration);
			continue;
		}
		Context at = *context;
		at.migration = migration;
		at.script = migration->up;
		Finding *finding = report_whole(&at, "version %s is that of %s too", migration->version,
						path_name(other->up->source->path));
		detail(finding, &at, "%s.", happens);
	}
}
