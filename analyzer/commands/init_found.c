#include "commands/init_found.h"

#include <stdlib.h>

#include "base/files.h"
#include "judge/suppress.h"

enum { OLDEST = 11, NEWEST = 18 };

/* --- Server versions ------------------------------------------------------------------------------------------------------------------ */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* `image: postgis/postgis:15-3.4`, `timescaledb:2.11.0-pg15`, `postgres: [14, 15]`: numbers that a server's name comes before. */
static void majors_of_line(const char *line, ProjectHints *hints)
{
	static const char *const images[] = {"postgres", "postgis", "pgvector", "timescale"};
	static const char *const others[] = {"PORT", "PASSWORD", "USER", "_DB"};
	const char *at = NULL;
	for (size_t i = 0; i < LENGTH(images) && !at; i++)
		at = strcasestr(line, images[i]);
	for (size_t i = 0; i < LENGTH(others); i++)
		if (strstr(line, others[i]))
			return;
	for (; at && *at && *at != '#'; at++) {
		if (!is_digit(at[0]) || !is_digit(at[1]) || is_digit(at[2]) || !strchr(":= \"'-[,gG", at[-1]))
			continue;
		int major = (at[0] - '0') * 10 + (at[1] - '0');
		if (major < OLDEST || major > NEWEST)
			continue;
		if (!hints->postgres_low || major < hints->postgres_low)
			hints->postgres_low = major;
		if (major > hints->postgres_high)
			hints->postgres_high = major;
	}
}

static void majors_of_file(Arena *arena, const char *folder, const char *name, ProjectHints *hints)
{
	const char *path = path_join(arena, folder, name), *error;
	size_t length;
	char *text = path_kind(path) == ENTRY_FILE ? file_read(arena, path, &length, &error) : NULL;
	int before = hints->postgres_low;
	for (char *rest = text, *line; (line = strsep(&rest, "\r\n"));)
		majors_of_line(line, hints);
	if (!before && hints->postgres_low)
		hints->postgres_from = arena_string(arena, name);
}

static void find_majors(Arena *arena, const char *folder, ProjectHints *hints)
{
	static const char *const names[] = {
		"docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", ".gitlab-ci.yml",
		".circleci/config.yml", "Dockerfile", ".tool-versions",
	};
	for (size_t i = 0; i < LENGTH(names); i++)
		majors_of_file(arena, folder, names[i], hints);
	Entries workflows = {0};
	const char *error;
	if (folder_list(arena, path_join(arena, folder, ".github/workflows"), &workflows, &error))
		array_each (Entry, entry, &workflows)
			if (ends_with(entry->name, ".yml") || ends_with(entry->name, ".yaml"))
				majors_of_file(arena, folder, arena_print(arena, ".github/workflows/%s", entry->name), hints);
}

/* --- Other linters --------------------------------------------------------------------------------------------------------------------- */

static void add_name(Arena *arena, Names *names, const char *name, size_t length)
{
	array_each (const char *, known, names)
		if (text_is((Text){name, length}, *known))
			return;
	array_push(arena, names, arena_copy(arena, name, length));
}

/* excluded_rules = ["prefer-robust-stmts", …] */
static void read_squawk(Arena *arena, const char *text, ProjectHints *hints)
{
	const char *version = strstr(text, "pg_version");
	if (version && (version = strpbrk(version, "0123456789\n")) && *version != '\n' && !hints->postgres_low) {
		int major = (int)strtol(version, NULL, 10);
		if (major >= OLDEST && major <= NEWEST) {
			hints->postgres_low = hints->postgres_high = major;
			hints->postgres_from = ".squawk.toml";
		}
	}
	const char *at = strstr(text, "excluded_rules"), *end = at ? strchr(at, ']') : NULL;
	while (at && end && (at = strpbrk(at, "\"']")) && at < end) {
		size_t length = strcspn(++at, "\"'");
		const char *ours = foreign_translation("squawk", (Text){at, length});
		for (; ours && *(ours += strspn(ours, " ")); ours += strcspn(ours, " "))
			add_name(arena, &hints->off, ours, strcspn(ours, " "));
		at += length + 1;
	}
}

static void find_tools(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints)
{
	const char *squawk = path_join(arena, folder, ".squawk.toml"), *error;
	size_t length;
	const char *text = path_kind(squawk) == ENTRY_FILE ? file_read(arena, squawk, &length, &error) : NULL;
	if (text) {
		add_name(arena, &hints->tools, "squawk", strlen("squawk"));
		read_squawk(arena, text, hints);
	}
	if (path_kind(path_join(arena, folder, "pgsafe.toml")) == ENTRY_FILE)
		add_name(arena, &hints->tools, "pgsafe", strlen("pgsafe"));
	array_each (History *, history, &discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations)
			if ((*migration)->up)
				foreign_tools_in(arena, (*migration)->up->source, &hints->tools);
}

void find_hints(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints)
{
	find_majors(arena, folder, hints);
	find_tools(arena, folder, discovery, hints);
}
