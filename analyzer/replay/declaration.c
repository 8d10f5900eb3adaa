/* Which declaration is meant by a call, and what it does. */
#include "replay/declaration.h"

#include "discover/yaml.h"
#include "effect/volatility.h"
#include "parse/parse.h"
#include "replay/extension.h"

/* --- Those that ship ------------------------------------------------------------------------------------------------------ */

/* The entry declares a function of that name, with or without its schema. */
static bool declares(const Node *entry, const char *name)
{
	const char *function = node_get(entry, "function")->text, *end = function + strcspn(function, "(");
	size_t length = strlen(name);
	const char *last = end - length;
	return last >= function && strncmp(last, name, length) == 0 && (last == function || last[-1] == '.');
}

/* The declarations of one name in a file that ships: an entry is understood when something calls it, and only it. */
static void read_shipped(Arena *arena, const Extension *extension, const char *name, FunctionList *functions)
{
	const char *path = arena_print(arena, "extension %s", extension->name);
	array_each (Node *, entry, &extension->tree->items) {
		if (!declares(*entry, name))
			continue;
		ConfigErrors errors = {0};
		const Node alone = {.kind = NODE_LIST, .line = (*entry)->line, .items = {entry, 1, 1}};
		read_declarations(arena, path, &alone, functions, &errors);
		if (errors.count)
			die("%s:%u: %s", path, errors.items[0].line, errors.items[0].message);
	}
}

static const FunctionList *declarations_of_name(Replay *replay, const char *name)
{
	FunctionList *known = map_get(&replay->declared, name, strlen(name));
	if (known)
		return known;
	known = new (replay->arena, FunctionList);
	const Config *config = replay->history->config;
	for (uint32_t i = 0; config && i < config->functions.count; i++)
		if (same(config->functions.items[i]->name.name, name))
			array_push(replay->arena, known, config->functions.items[i]);
	for (const Extension *extension = all_extensions; extension->name; extension++)
		read_shipped(replay->arena, extension, name, known);
	map_set(replay->arena, &replay->declared, arena_string(replay->arena, name), strlen(name), known);
	return known;
}

/* --- Calls ---------------------------------------------------------------------------------------------------------------- */

const Declaration *declaration_of(Replay *replay, const Action *call)
{
	bool several = false;
	Volatility volatility;
	Name name = call->relation;
	if (!name.name || ((!name.schema || same(name.schema, "pg_catalog")) && builtin_function(name.name, &volatility)))
		return NULL;
	const Function *function = find_called(replay->catalog, session_path(replay->session), name, call->expr, &several);
	if (function && function->defined && !function->object.assumed)
		return NULL;
	const FunctionList *known = declarations_of_name(replay, name.name);
	array_each (const Declaration *const, declaration, known)
		if (declared_for(*declaration, name, call->expr))
			return *declaration;
	return NULL;
}

const Action *declared_body(Arena *arena, const Declaration *declaration, const Expr *call, Span at)
{
	bool opaque = false;
	if (!*declaration->routine->body_hash_text)
		return NULL;
	return routine_parse(arena, declaration->routine, declaration->name.name, call, at, &opaque);
}
