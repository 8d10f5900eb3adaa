/* Declarations from YAML. What a declaration can say stands in `keys`. */
#include "discover/yaml.h"
#include "parse/parse.h"
#include "replay/declaration.h"

typedef struct Reading {
	Arena *arena;
	const char *path;
	ConfigErrors *errors;
	Declaration *declaration;
	const char *name; /* for messages; NULL: not known yet */
	bool failed;
} Reading;

typedef struct FunctionKey {
	const char *name, *expects;
	void (*read)(Reading *reading, const struct FunctionKey *key, const Node *node);
} FunctionKey;

static void wrong(Reading *reading, const FunctionKey *key, uint32_t line, const char *message)
{
	reading->failed = true;
	config_error(reading->arena, reading->errors, reading->path, line, "functions: %s%s%s: %s", reading->name ? reading->name : "",
		     reading->name ? ": " : "", key->name, message);
}

static void expected(Reading *reading, const FunctionKey *key, const Node *node)
{
	const char *found = node->kind == NODE_TEXT ? arena_print(reading->arena, "\"%s\"", node->text) : node_kind_words(node);
	wrong(reading, key, node->line, arena_print(reading->arena, "expected %s, not %s", key->expects, found));
}

static bool is_text(Reading *reading, const FunctionKey *key, const Node *node)
{
	if (node->kind == NODE_TEXT && *node->text)
		return true;
	expected(reading, key, node);
	return false;
}

/* --- The function and its parameters ---------------------------------------------------------------------------------------- */

/* Nothing of what it does may be without meaning for whatever arguments a call gives. */
static bool is_senseless(const Action *action, void *found)
{
	if (action->kind == ACTION_OPAQUE && !starts_with(action->value, "EXECUTE of "))
		*(bool *)found = true;
	return !*(bool *)found;
}

static void read_function(Reading *reading, const FunctionKey *key, const Node *entry)
{
	const Node *node = node_get(entry, "function"), *body = node_get(entry, "does");
	const FunctionKey does = {.name = "does", .expects = "a block of PL/pgSQL, such as BEGIN EXECUTE format('…', parameter); END"};
	if (!node) {
		wrong(reading, key, entry->line, arena_print(reading->arena, "expected %s; nothing is given", key->expects));
		return;
	}
	if (!is_text(reading, key, node) || (body && !is_text(reading, &does, body)))
		return;
	const char *sql = arena_print(reading->arena, "CREATE FUNCTION %s RETURNS void LANGUAGE plpgsql AS $declared$%s$declared$", node->text,
				      body ? body->text : "");
	const Script *script = sql_parse(reading->arena, reading->path, sql);
	const Statement *first = script->statements.count == 1 ? script->statements.items : NULL;
	const Action *action = first && first->state == STATEMENT_PARSED ? first->actions : NULL;
	if (!action || action->kind != ACTION_CREATE_FUNCTION) {
		expected(reading, key, node);
		return;
	}
	reading->declaration->routine = action->function;
	reading->declaration->name = action->relation;
	reading->name = action->relation.name;
	bool opaque = false, senseless = false;
	const Action *done = body ? routine_parse(reading->arena, action->function, reading->name, NULL, (Span){0}, &opaque) : NULL;
	action_walk(done, is_senseless, &senseless);
	if (body && (!done || senseless))
		wrong(reading, &does, body->line, "this does not parse as PL/pgSQL, or does nothing");
}

static bool has_parameter(const Declaration *declaration, const char *name)
{
	array_each (const FunctionArgument, parameter, &declaration->routine->arguments)
		if (same(parameter->name, name))
			return true;
	return false;
}

/* --- Facts -------------------------------------------------------------------------------------------------------------------- */

static void read_nothing(Reading *reading UNUSED, const FunctionKey *key UNUSED, const Node *node UNUSED)
{
}

static void read_table(Reading *reading, const FunctionKey *key, const Node *node)
{
	if (!is_text(reading, key, node))
		return;
	if (has_parameter(reading->declaration, node->text))
		reading->declaration->table = node->text;
	else
		expected(reading, key, node);
}

static void read_locks(Reading *reading, const FunctionKey *key, const Node *node)
{
	for (int mode = LOCK_ACCESS_SHARE; node->kind == NODE_TEXT && mode <= LOCK_ACCESS_EXCLUSIVE; mode++)
		if (same_nocase(lock_mode_words((LockMode)mode), node->text))
			reading->declaration->lock = (LockMode)mode;
	if (!reading->declaration->lock)
		expected(reading, key, node);
}

/* true, false, the name of a boolean parameter, or "not" and that. */
static DeclaredWhen condition(Reading *reading, const FunctionKey *key, const Node *node)
{
	DeclaredWhen read = {0};
	const char *text = node->kind == NODE_TEXT ? node->text : "";
	if (same(text, "true") || same(text, "false")) {
		read.always = same(text, "true");
		return read;
	}
	read.negated = starts_with(text, "not ");
	read.argument = text + (read.negated ? strlen("not ") : 0);
	if (!has_parameter(reading->declaration, read.argument))
		expected(reading, key, node);
	return read;
}

static void read_rewrites(Reading *reading, const FunctionKey *key, const Node *node)
{
	reading->declaration->rewrites = condition(reading, key, node);
}

static void read_scans(Reading *reading, const FunctionKey *key, const Node *node)
{
	reading->declaration->scans = condition(reading, key, node);
}

static void read_destroys_rows(Reading *reading, const FunctionKey *key, const Node *node)
{
	reading->declaration->destroys_rows = condition(reading, key, node);
}

static void read_creates_unlisted(Reading *reading, const FunctionKey *key, const Node *node)
{
	reading->declaration->creates_unlisted = condition(reading, key, node);
}

static void read_repeat_excused(Reading *reading, const FunctionKey *key, const Node *node)
{
	reading->declaration->repeat_excused = condition(reading, key, node);
}

static void read_transaction(Reading *reading, const FunctionKey *key, const Node *node)
{
	reading->declaration->forbidden = node->kind == NODE_TEXT && same(node->text, "forbidden");
	if (!reading->declaration->forbidden && !(node->kind == NODE_TEXT && same(node->text, "allowed")))
		expected(reading, key, node);
}

/* https://www.postgresql.org/docs/current/errcodes-appendix.html */
static bool is_sqlstate(const char *text)
{
	return strlen(text) == 5 && strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5;
}

static void read_repeat(Reading *reading, const FunctionKey *key, const Node *node)
{
	Declaration *declaration = reading->declaration;
	const char *text = node->kind == NODE_TEXT ? node->text : "";
	declaration->repeat_changes = same(text, "changes");
	declaration->repeat_unknown = same(text, "unknown");
	if (is_sqlstate(text))
		declaration->repeat = text;
	else if (!declaration->repeat_changes && !declaration->repeat_unknown && !same(text, "ok"))
		expected(reading, key, node);
}

/* --- Entries --------------------------------------------------------------------------------------------------------------------- */

#define CONDITION "true, false, or a boolean parameter that says so (also: not PARAMETER)"

static const FunctionKey keys[] = {
	{"function", "a function with its parameters, such as archive(relation regclass, drop_rows boolean DEFAULT false)", read_nothing},
	{"does", "what it does in SQL: a block of PL/pgSQL", read_nothing},
	{"table", "the parameter that names the table", read_table},
	{"locks", "the lock that it takes on the table, such as SHARE ROW EXCLUSIVE", read_locks},
	{"rewrites", CONDITION, read_rewrites},
	{"scans", CONDITION, read_scans},
	{"destroys-rows", CONDITION, read_destroys_rows},
	{"creates-unlisted", CONDITION, read_creates_unlisted},
	{"transaction", "allowed or forbidden", read_transaction},
	{"repeat", "what a second call comes to: ok, changes, unknown, or an SQLSTATE, such as 42710", read_repeat},
	{"repeat-ok-when", CONDITION, read_repeat_excused},
	{"manual", "where that is written", read_nothing},
};

static const FunctionKey *key_called(Reading *reading, const struct NodePair *pair)
{
	const char *names[LENGTH(keys)];
	for (size_t i = 0; i < LENGTH(keys); i++) {
		if (same(keys[i].name, pair->key))
			return &keys[i];
		names[i] = keys[i].name;
	}
	const char *meant = nearest(pair->key, names, LENGTH(keys));
	const FunctionKey unknown = {.name = pair->key};
	wrong(reading, &unknown, pair->line, arena_print(reading->arena, "there is no such key%s%s%s", meant ? "; did you mean \"" : "",
							 meant ? meant : "", meant ? "\"?" : ""));
	return NULL;
}

/* Facts about a table need a table. */
static void check_table(Reading *reading, const Node *entry)
{
	static const char *const about_a_table[] = {"locks", "rewrites", "scans", "destroys-rows"};
	for (size_t i = 0; i < LENGTH(about_a_table); i++) {
		const Node *node = node_get(entry, about_a_table[i]);
		const FunctionKey key = {.name = about_a_table[i]};
		if (node && !node_get(entry, "table"))
			wrong(reading, &key, node->line, "of which table? The key table names the parameter that says so");
	}
}

static void read_entry(Reading *reading, const Node *entry, FunctionList *functions)
{
	const FunctionKey *function = keys;
	if (entry->kind != NODE_MAP) {
		const FunctionKey list = {.name = "an entry", .expects = "a mapping with the key function"};
		expected(reading, &list, entry);
		return;
	}
	read_function(reading, function, entry);
	if (!reading->declaration->routine)
		return;
	array_each (const struct NodePair, pair, &entry->pairs) {
		const FunctionKey *key = key_called(reading, pair);
		if (key)
			key->read(reading, key, pair->value);
	}
	check_table(reading, entry);
	if (!reading->failed)
		array_push(reading->arena, functions, reading->declaration);
}

void read_declarations(Arena *arena, const char *path, const Node *list, FunctionList *functions, ConfigErrors *errors)
{
	Reading reading = {.arena = arena, .path = path, .errors = errors};
	if (list->kind != NODE_LIST) {
		config_error(arena, errors, path, list->line, "functions: expected a list of mappings, such as [{function: f(t regclass), table: t}], not %s",
			     node_kind_words(list));
		return;
	}
	array_each (Node *const, entry, &list->items) {
		reading.declaration = new (arena, Declaration);
		reading.name = NULL;
		reading.failed = false;
		read_entry(&reading, *entry, functions);
	}
}
