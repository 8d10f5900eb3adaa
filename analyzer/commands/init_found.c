#include "commands/init_found.h"

#include "base/files.h"

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
		if (major < OLDEST_POSTGRES || major > NEWEST_POSTGRES)
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

void find_hints(Arena *arena, const char *folder, const Discovery *discovery, ProjectHints *hints)
{
	find_majors(arena, folder, hints);
	find_tools(arena, folder, discovery, hints);
}
