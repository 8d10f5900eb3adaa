#ifndef TESTS_POSTGRES_CASES_H
#define TESTS_POSTGRES_CASES_H
/*
 * The cases of fixtures/postgres/: statements, and what PostgreSQL servers were seen to do for them.
 *
 *   -- case: name
 *   -- setup: name            one of setups.sql; left out: an empty database
 *   …;                        more to set up
 *   -- statement
 *   …;                        settings first, the statement last
 *   -- on: 15 18              server majors that the facts below were seen on
 *   -- locks: t ACCESS EXCLUSIVE, t_pkey ACCESS SHARE
 *   -- rewrites: t
 *   -- builds: t_pkey
 *   -- scans: t               "not counted": nobody knows
 *   -- transaction: forbidden
 *   -- loses: t, p.a          tables that are gone or emptied, columns that are gone; told in the files that fixtures/compare/ names
 *   -- known: why             ddlint is known to be wrong about the second run, or a loss: make verify counts it apart
 *
 * Only what existed before the statement counts. Names without a schema are in public.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

#define CASES_FOLDER "fixtures/postgres"
/* The server was not asked, or does not say. */
#define NOT_COUNTED "not counted"

typedef struct Case {
	const char *name, *setup, *more, *statement;
	const char *on, *known, *locks, *rewrites, *builds, *scans, *loses;
	bool forbidden;
} Case;

/* --- Reading cases ------------------------------------------------------------------------------------------------ */

static char *read_file(Arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		die("%s cannot be read", path);
	Buf buf = {0};
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
		buf_add(&buf, block, n);
	fclose(file);
	char *text = arena_copy(arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}

static char *next_line(char **rest)
{
	char *line = *rest;
	if (!line || !*line)
		return NULL;
	char *end = strchr(line, '\n');
	*rest = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return line;
}

/* The text behind "-- key: ", or NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);
	if (!starts_with(line, "-- ") || strncmp(line + 3, key, length) != 0 || line[3 + length] != ':')
		return NULL;
	return line + 3 + length + (line[4 + length] ? 2 : 1);
}

static const char *add_line(Arena *arena, const char *text, const char *line)
{
	return arena_print(arena, "%s%s\n", text ? text : "", line);
}

/* The named block of setups.sql. */
static const char *setup_named(Arena *arena, const char *name)
{
	char *rest = read_file(arena, CASES_FOLDER "/setups.sql");
	const char *text = "";
	bool inside = false;
	for (char *line; (line = next_line(&rest));) {
		const char *value = value_of(line, "setup");
		if (value)
			inside = same(value, name);
		else if (inside && !starts_with(line, "--"))
			text = add_line(arena, text, line);
	}
	return text;
}

typedef void CheckCase(Arena *arena, const Case *one, int version);

static void check_versions(Arena *arena, const Case *one, CheckCase *check)
{
	for (const char *number = one->on; number && *number; number += strcspn(number, " "), number += *number == ' ')
		check(arena, one, atoi(number));
}

static UNUSED void each_case(const char *path, CheckCase *check)
{
	Arena arena = {0};
	char *rest = read_file(&arena, path);
	Case one = {0};
	for (char *line; (line = next_line(&rest));) {
		const char *value;
		if ((value = value_of(line, "case"))) {
			check_versions(&arena, &one, check);
			one = (Case){.name = value, .more = ""};
		} else if ((value = value_of(line, "setup"))) {
			one.setup = setup_named(&arena, value);
		} else if (same(line, "-- statement")) {
			one.statement = "";
		} else if ((value = value_of(line, "on"))) {
			check_versions(&arena, &one, check);
			one = (Case){one.name, one.setup, one.more, one.statement, .on = value};
		} else if ((value = value_of(line, "locks"))) {
			one.locks = value;
		} else if ((value = value_of(line, "known"))) {
			one.known = value;
		} else if ((value = value_of(line, "rewrites"))) {
			one.rewrites = value;
		} else if ((value = value_of(line, "builds"))) {
			one.builds = value;
		} else if ((value = value_of(line, "scans"))) {
			one.scans = value;
		} else if ((value = value_of(line, "loses"))) {
			one.loses = value;
		} else if ((value = value_of(line, "transaction"))) {
			one.forbidden = same(value, "forbidden");
		} else if (one.statement) {
			one.statement = add_line(&arena, one.statement, line);
		} else if (one.more) {
			one.more = add_line(&arena, one.more, line);
		}
	}
	check_versions(&arena, &one, check);
	arena_free(&arena);
}
#endif
