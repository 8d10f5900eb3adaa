#include "changelog.h"

#include "change.h"

/*
 * A changeSet as a migration: its changes become statements that stand where the changes stand. SQL that is written out in a
 * changelog is read in its place, byte for byte; what is no SQL is written anew, and findings in it point at the change.
 */

/* A script in the making. */
typedef struct Writing {
	Changelog *changelog;
	const File *file;
	const Element *set;
	ARRAY(Span) sections;
	ARRAY(Rewrite) rewrites;
	Buf all;          /* the same as one text */
	bool shuffled;    /* the places are not in the order of the changes: YAML's aliases, rollbacks */
	uint32_t written; /* changes */
} Writing;

static Span head_of(const Element *element)
{
	return (Span){element->span.start, element->head_end};
}

static bool begins_behind(const Writing *writing, Span place)
{
	return !writing->sections.count || place.start >= writing->sections.items[writing->sections.count - 1].end;
}

static void put(Writing *writing, Span place, const char *sql, size_t length)
{
	Arena *arena = writing->changelog->context->arena;
	writing->shuffled |= !begins_behind(writing, place);
	Text text = {arena_copy(arena, sql, length), length};
	array_push(arena, &writing->sections, place);
	array_push(arena, &writing->rewrites, (Rewrite){place, text});
	buf_add(&writing->all, sql, length);
	buf_adds(&writing->all, "\n");
	writing->written++;
}

static void put_unread(Writing *writing, const Element *change)
{
	add_verbose_note(writing->changelog->context, writing->file, "changeset %s:%s: %s is not read",
			 element_value(writing->set, "author"), element_value(writing->set, "id"), change->name);
	put(writing, change->span, UNREAD_SQL, strlen(UNREAD_SQL));
}

/* SQL of the changelog, where it stands. */
static void put_text(Writing *writing, const Element *text)
{
	Arena *arena = writing->changelog->context->arena;
	writing->shuffled |= !begins_behind(writing, text->text);
	array_push(arena, &writing->sections, text->text);
	array_each(const Rewrite, rewrite, &text->rewrites)
		array_push(arena, &writing->rewrites, *rewrite);
	buf_addf(&writing->all, "%s\n;\n", text->value);
	writing->written++;
}

static void put_file(Writing *writing, const Element *change)
{
	const char *path = element_value(change, "path");
	bool relative = element_says(change, "relativeToChangelogFile", "true");
	const File *file = path ? changelog_sql_file(writing->changelog, writing->file, path, relative) : NULL;
	if (!file) {
		put_unread(writing, change);
		return;
	}
	Buf sql = {0};
	buf_add(&sql, file->source->bytes + file->source->body, file->source->length - file->source->body);
	buf_adds(&sql, "\n;\n");
	put(writing, change->span, sql.data, sql.length);
	buf_free(&sql);
}

static bool is_ours(const Element *element)
{
	const char *dbms = element_value(element, "dbms");
	return is_for_postgresql((Text){dbms, dbms ? strlen(dbms) : 0});
}

static void put_change(Writing *writing, const Element *change)
{
	static const char *const bodies[] = {"procedureBody", "procedureText", "functionBody"};
	const Element *text = NULL;
	if (!is_ours(change) || change_is_silent(change->name))
		return;
	if (same(change->name, "sql"))
		text = element_text(change, "sql");
	for (size_t i = 0; i < LENGTH(bodies) && starts_with(change->name, "create"); i++)
		if (same(change->name, i == 2 ? "createFunction" : "createProcedure") && !text)
			text = element_text(change, bodies[i]);
	if (text) {
		put_text(writing, text);
		return;
	}
	if (same(change->name, "sqlFile") || (same(change->name, "createProcedure") && element_value(change, "path"))) {
		put_file(writing, change);
		return;
	}
	Buf sql = {0};
	if (change_sql(&sql, change))
		put(writing, change->span, sql.data, sql.length);
	else
		put_unread(writing, change);
	buf_free(&sql);
}

/* --- Scripts ------------------------------------------------------------------------------------------------------------------- */

static Script *finish(Writing *writing, Migration *migration, Direction direction, Wrapping wrapping)
{
	Script *script = add_script(writing->changelog->context, migration, writing->file, direction, wrapping);
	if (writing->shuffled) {
		Span place = head_of(writing->set);
		Text sql = {arena_copy(&migration->arena, writing->all.data, writing->all.length), writing->all.length};
		add_section(migration, script, place);
		array_push(&migration->arena, &script->rewrites, (Rewrite){place, sql});
	} else {
		array_each(const Span, section, &writing->sections)
			add_section(migration, script, *section);
		array_each(const Rewrite, rewrite, &writing->rewrites)
			array_push(&migration->arena, &script->rewrites, *rewrite);
	}
	if (!writing->sections.count)
		add_section(migration, script, (Span){writing->set->head_end, writing->set->head_end});
	buf_free(&writing->all);
	return script;
}

static bool is_rollback(const Element *element)
{
	return same(element->name, "rollback");
}

static void put_rollback(Writing *writing, const Element *rollback)
{
	bool any = false;
	if (element_value(rollback, "changeSetId")) {
		put_unread(writing, rollback); /* Liquibase runs another changeset once more */
		return;
	}
	array_each(Element *const, change, &rollback->children)
		if (is_change((*change)->name)) {
			put_change(writing, *change);
			any = true;
		}
	if (any || !rollback->value)
		return;
	if (!same_nocase(rollback->value, "empty") && !same_nocase(rollback->value, "not required"))
		put_text(writing, rollback);
}

/* What Liquibase rolls back by itself: all changes, or it refuses. */
static bool put_inverse(Writing *writing)
{
	bool any = false;
	for (uint32_t i = writing->set->children.count; i-- > 0;) {
		const Element *change = writing->set->children.items[i];
		if (!is_change(change->name) || !is_ours(change))
			continue;
		size_t before = writing->all.length;
		if (!change_inverse(&writing->all, change))
			return false;
		any |= writing->all.length > before;
	}
	writing->shuffled = any;
	if (any)
		array_push(writing->changelog->context->arena, &writing->sections, head_of(writing->set));
	return any;
}

static void add_rollback(Changelog *changelog, const File *file, const Element *set, Migration *migration, Wrapping wrapping)
{
	Writing writing = {.changelog = changelog, .file = file, .set = set};
	bool declared = false;
	array_each(Element *const, child, &set->children)
		if (is_rollback(*child)) {
			declared = true;
			put_rollback(&writing, *child);
		}
	if (declared || put_inverse(&writing)) {
		finish(&writing, migration, DIRECTION_DOWN, wrapping);
		migration->irreversible = declared && !writing.written;
	}
	buf_free(&writing.all);
}

/* --- Changesets ------------------------------------------------------------------------------------------------------------------ */

/* The one change of a set that is an SQL file: its script is that file. */
static const File *only_file(Changelog *changelog, const File *from, const Element *set, bool *whole)
{
	const Element *only = NULL;
	array_each(Element *const, child, &set->children) {
		if (!is_change((*child)->name) || change_is_silent((*child)->name))
			continue;
		if (only || !same((*child)->name, "sqlFile") || !is_ours(*child))
			return NULL;
		only = *child;
	}
	const char *path = only ? element_value(only, "path") : NULL;
	*whole = only && element_says(only, "splitStatements", "false");
	return path ? changelog_sql_file(changelog, from, path, element_says(only, "relativeToChangelogFile", "true")) : NULL;
}

static bool sends_something(const Element *set)
{
	array_each(Element *const, child, &set->children)
		if (is_change((*child)->name) && !change_is_silent((*child)->name) && is_ours(*child))
			return true;
	return false;
}

void read_change_set(Changelog *changelog, const File *file, const Element *set)
{
	const LayoutContext *context = changelog->context;
	const char *author = element_value(set, "author"), *id = element_value(set, "id");
	const char *version = arena_print(context->arena, "%s:%s", author ? author : "", id ? id : "");
	if (!is_ours(set) || element_says(set, "ignore", "true")) {
		add_verbose_note(context, file, "changeset %s left out: %s", version,
				 is_ours(set) ? "it says ignore" : "its dbms is not postgresql");
		return;
	}
	bool again = element_says(set, "runOnChange", "true") || element_says(set, "runAlways", "true");
	Wrapping wrapping = element_says(set, "runInTransaction", "false") ? WRAPPING_NONE : WRAPPING_TRANSACTION;
	bool whole = false;
	const File *sql = only_file(changelog, file, set, &whole);
	const File *named = sql ? sql : file;
	Migration *migration = add_migration(context, version, parse_file_name(context->arena, named->name).stem);
	migration->down_expected = !again && sends_something(set);
	Direction direction = again ? DIRECTION_REPEATABLE : DIRECTION_UP;
	if (sql) {
		Script *up = add_script(context, migration, sql, direction, wrapping);
		up->one_query = whole;
	} else {
		Writing writing = {.changelog = changelog, .file = file, .set = set};
		array_each(Element *const, child, &set->children)
			if (is_change((*child)->name))
				put_change(&writing, *child);
		finish(&writing, migration, direction, wrapping);
	}
	add_rollback(changelog, file, set, migration, wrapping);
}
