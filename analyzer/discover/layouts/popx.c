#include "discover/layout.h"

#include <ctype.h>

/*
 * Ory's popx: VERSION_name[.dialect][.autocommit].(up|down).sql. A file for PostgreSQL replaces the generic one of its version
 * and direction; those for MySQL, SQLite and CockroachDB are not ours. `.autocommit.` keeps the file out of a transaction.
 * Downs undo groups of migrations, so a single one need not undo its own up.
 */

typedef struct PopxName {
	const char *version, *name;
	bool down, alone;
	bool own;      /* .postgres. */
	bool foreign;  /* another engine's */
} PopxName;

static bool take_suffix(char *text, const char *suffix)
{
	if (!ends_with(text, suffix))
		return false;
	text[strlen(text) - strlen(suffix)] = '\0';
	return true;
}

static bool parse_popx(Arena *arena, const char *file, PopxName *parsed)
{
	*parsed = (PopxName){0};
	if (!ends_with(file, "up.sql") && !ends_with(file, "down.sql"))
		return false;
	char *text = arena_string(arena, file);
	if (!take_suffix(text, ".sql"))
		return false;
	parsed->down = take_suffix(text, ".down");
	if (!parsed->down && !take_suffix(text, ".up"))
		return false;
	parsed->alone = take_suffix(text, ".autocommit");
	parsed->own = take_suffix(text, ".postgres") || take_suffix(text, ".postgresql");
	char *dot = strrchr(text, '.');
	if (dot && !parsed->own) {
		parsed->foreign = other_engine(dot + 1) != NULL;
		*dot = '\0';
	}
	parsed->alone |= take_suffix(text, ".autocommit");
	size_t digits = strspn(text, "0123456789");
	if (!digits || text[digits] != '_')
		return false;
	parsed->version = arena_copy(arena, text, digits);
	parsed->name = text + digits + 1;
	return true;
}

static int detect_popx(const Layout *layout UNUSED, Arena *arena, const Root *root, const char **why)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++) {
		PopxName name;
		if (!parse_popx(arena, root->files[i].name, &name))
			continue;
		if (name.alone) {
			*why = "files are called VERSION_name.autocommit.up.sql";
			return 92;
		}
		count += strlen(name.version) == 20;
	}
	if (count * 2 < count_sql(root) || !count)
		return 0;
	*why = "versions of 20 digits, files called .up.sql";
	return 88;
}

typedef struct Choice {
	const File *file;
	PopxName name;
} Choice;

static void choose(Arena *arena, Map *choices, const File *file, const PopxName *name)
{
	const char *key = arena_print(arena, "%s%s", name->version, name->down ? "-" : "+");
	Choice *choice = map_get(choices, key, strlen(key));
	if (!choice) {
		choice = new (arena, Choice);
		map_set(arena, choices, key, strlen(key), choice);
	}
	if (!choice->file || (name->own && !choice->name.own))
		*choice = (Choice){file, *name};
}

static void add_chosen(const LayoutContext *context, Map *versions, const Choice *choice)
{
	const PopxName *name = &choice->name;
	Migration *migration = map_get(versions, name->version, strlen(name->version));
	if (!migration) {
		migration = add_migration(context, name->version, name->name);
		migration->down_expected = true;
		migration->by_group = true;
		map_set(context->arena, versions, migration->version, strlen(migration->version), migration);
	}
	add_script(context, migration, choice->file, name->down ? DIRECTION_DOWN : DIRECTION_UP,
		   name->alone ? WRAPPING_NONE : WRAPPING_TRANSACTION);
}

static void read_popx(const LayoutContext *context)
{
	Map choices = {0}, versions = {0};
	const Root *root = context->root;
	for (uint32_t i = 0; i < root->file_count; i++) {
		PopxName name;
		if (!root->files[i].source || !parse_popx(context->arena, root->files[i].name, &name))
			continue;
		if (name.foreign)
			add_verbose_note(context, &root->files[i], "left out: for another engine");
		else
			choose(context->arena, &choices, &root->files[i], &name);
	}
	for (uint32_t i = 0; i < choices.capacity; i++)
		if (choices.entries[i].key)
			add_chosen(context, &versions, choices.entries[i].value);
	sort_by_version_text(context->history);
}

static void split_whole(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->whole_is_batch = true;
}

const Layout layout_popx = {
	.name = "popx", .title = "popx",
	.detect = detect_popx, .read = read_popx, .split_options = split_whole,
	.no_transaction = "alone in a migration whose files are named NAME.autocommit.up.sql",
	.has_downs = true,
};
