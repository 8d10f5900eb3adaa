#ifndef DDLINT_TESTS_WORLD_H
#define DDLINT_TESTS_WORLD_H
/* A catalog and a session for tests, and SQL to run on them. */
#include "catalog/session.h"
#include "parse/parse.h"
#include "read/script.h"

typedef struct World {
	Arena arena; /* scripts and what tests ask for */
	Arena catalog_arena;
	Catalog *catalog;
	Session *session;
} World;

static inline World *world_new(World *world, bool closed, int version)
{
	*world = (World){0};
	world->catalog = catalog_new(&world->catalog_arena, version);
	world->catalog->closed = closed;
	world->session = session_new(world->catalog);
	return world;
}

static inline void world_free(World *world)
{
	arena_free(&world->arena);
	arena_free(&world->catalog_arena);
}

static inline Script *world_parse(World *world, const char *sql, size_t length)
{
	Script *script = new (&world->arena, Script);
	script->source = source_new(&world->arena, "test.sql", sql, length);
	array_push(&world->arena, &script->sections, (Span){0, (uint32_t)length});
	script_split(&world->arena, script, &(SplitOptions){.psql = true});
	script_parse(&world->arena, script);
	return script;
}

/* All or nothing, as PostgreSQL runs a statement. Answers NULL or the SQLSTATE. */
static inline const char *world_run_statement(World *world, const Statement *statement)
{
	Catalog *catalog = world->catalog;
	if (statement->state != STATEMENT_PARSED)
		return "42601";
	catalog->statement++;
	CatalogMark mark = catalog_mark(catalog);
	for (const Action *action = statement->actions; action; action = action->next) {
		const char *sqlstate = NULL;
		if (action->kind == ACTION_SET_PARAMETER)
			session_set(world->session, action->object, action->value, action->local);
		else
			sqlstate = catalog_apply(catalog, session_path(world->session), action);
		if (sqlstate) {
			catalog_undo(catalog, mark);
			return sqlstate;
		}
	}
	catalog_keep(catalog, mark);
	return NULL;
}

/* The SQLSTATE of the first statement that fails, NULL when all succeed. */
static inline const char *world_run(World *world, const char *sql)
{
	const Script *script = world_parse(world, sql, strlen(sql));
	for (uint32_t i = 0; i < script->statements.count; i++) {
		const char *sqlstate = world_run_statement(world, &script->statements.items[i]);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

/* All that catalog_describe says, one "subject: state" a line. */
static inline char *world_text(World *world)
{
	ObjectLines lines = {0};
	catalog_describe(&world->arena, world->catalog, &lines);
	Buf buf = {0};
	for (uint32_t i = 0; i < lines.count; i++)
		buf_addf(&buf, "%s: %s\n", lines.items[i].subject, lines.items[i].state);
	char *text = arena_copy(&world->arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}
#endif
