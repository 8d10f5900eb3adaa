#include "discover/layout.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

bool is_sql_name(const char *name)
{
	static const char *const endings[] = {".sql", ".pgsql", ".psql", ".sql.postgres"};
	size_t length = strlen(name);
	/* Every layout asks this of every file. */
	if (length >= 4 && memcmp(name + length - 4, ".sql", 4) == 0)
		return true;
	for (size_t i = 0; i < LENGTH(endings); i++) {
		size_t ending = strlen(endings[i]);
		if (length >= ending && same_nocase(name + length - ending, endings[i]))
			return true;
	}
	return false;
}

bool is_version_name(const char *name)
{
	const char *digits = name + (*name == 'v' || *name == 'V');
	bool told = digits > name || strchr(digits, '.');
	return told && isdigit((unsigned char)*digits) && !digits[strspn(digits, "0123456789.")];
}

static size_t drop_ending(const char *name, size_t length, const char *ending)
{
	size_t count = strlen(ending);
	if (length > count && name[length - count] == '.' && text_is_nocase((Text){name + length - count, count}, ending))
		return length - count;
	return length;
}

/* `2019-09-12-100000_create`, `3.16.1-x`: more digits behind a dot or dash belong to the version when a border follows them. */
static size_t version_length(const char *name)
{
	size_t length = strspn(name, "0123456789");
	while (length && (name[length] == '-' || name[length] == '.')) {
		size_t more = strspn(name + length + 1, "0123456789");
		if (!more || isalpha((unsigned char)name[length + 1 + more]))
			break;
		length += 1 + more;
	}
	return length;
}

FileName parse_file_name(Arena *arena, const char *name)
{
	FileName parsed = {.version = "", .name = ""};
	size_t length = strlen(name);
	length = drop_ending(name, length, ".postgres");
	static const char *const endings[] = {".sql", ".pgsql", ".psql"};
	for (size_t i = 0; i < LENGTH(endings); i++)
		length = drop_ending(name, length, endings[i]);
	size_t shorter = drop_ending(name, length, ".up");
	parsed.up = shorter < length;
	if (!parsed.up) {
		shorter = drop_ending(name, length, ".down");
		parsed.down = shorter < length;
	}
	parsed.stem = arena_copy(arena, name, shorter);
	const char *start = parsed.stem;
	if ((*start == 'v' || *start == 'V') && isdigit((unsigned char)start[1]))
		start++;
	size_t digits = version_length(start);
	parsed.version = arena_copy(arena, start, digits);
	start += digits;
	parsed.name = start + strspn(start, "_-.# ");
	return parsed;
}

File file_new(Arena *arena, const char *path, const char *relative, const char *name)
{
	return (File){.path = path, .relative = relative, .name = name, .sql = is_sql_name(name), .parsed = parse_file_name(arena, name)};
}

const char *file_folder(Arena *arena, const File *file)
{
	const char *slash = strrchr(file->relative, '/');
	return slash ? arena_copy(arena, file->relative, (size_t)(slash - file->relative)) : "";
}

int natural_compare(const char *a, const char *b)
{
	const char *left = a, *right = b;
	while (*left && *right) {
		if (isdigit((unsigned char)*left) && isdigit((unsigned char)*right)) {
			left += strspn(left, "0");
			right += strspn(right, "0");
			size_t left_digits = strspn(left, "0123456789"), right_digits = strspn(right, "0123456789");
			if (left_digits != right_digits)
				return left_digits < right_digits ? -1 : 1;
			int order = strncmp(left, right, left_digits);
			if (order)
				return order;
			left += left_digits;
			right += right_digits;
		} else if (*left != *right) {
			return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
		} else {
			left++;
			right++;
		}
	}
	if (*left || *right)
		return *left ? 1 : -1;
	return strcmp(a, b);
}

/* Is one of the words a whole part of the path? */
static bool has_part(const char *path, const char *const *words, size_t count)
{
	while (*path) {
		size_t length = strcspn(path, "/");
		for (size_t i = 0; i < count; i++)
			if (text_is_nocase((Text){path, length}, words[i]))
				return true;
		path += length + (path[length] == '/');
	}
	return false;
}

bool is_dump(const Source *source)
{
	/* The words are in the first lines that pg_dump writes; a copy of them in a migration's middle says nothing. */
	static const char words[] = "-- PostgreSQL database dump";
	size_t length = source->length < 600 ? source->length : 600;
	return memmem(source->bytes, length, words, strlen(words)) != NULL;
}

/* The folder that holds the file is a version: whatever the file is called, it leads there. */
static bool is_in_version(const char *relative)
{
	const char *folder = relative;
	for (const char *slash; (slash = strchr(folder, '/')); folder = slash + 1) {
		char name[32];
		size_t length = (size_t)(slash - folder);
		if (strchr(slash + 1, '/') || length >= sizeof name)
			continue;
		memcpy(name, folder, length);
		name[length] = '\0';
		return is_version_name(name);
	}
	return false;
}

Direction direction_by_name(const File *file)
{
	static const char *const results[] = {"schema.sql", "structure.sql", "latest.sql", "dump.sql", "baseline.sql"};
	static const char *const seeds[] = {"seed", "seeds", "seeders", "fixtures", "testdata", "seed.sql", "seeds.sql"};
	static const char *const verifies[] = {"verify"};
	for (size_t i = 0; i < LENGTH(results) && !is_in_version(file->relative); i++)
		if (same_nocase(file->name, results[i]))
			return DIRECTION_BASELINE;
	if (strstr(file->name, ".golden.sql"))
		return DIRECTION_BASELINE;
	if (has_part(file->relative, seeds, LENGTH(seeds)))
		return DIRECTION_SEED;
	if (has_part(file->relative, verifies, LENGTH(verifies)))
		return DIRECTION_VERIFY;
	return DIRECTION_UP;
}

const char *other_engine(const char *name)
{
	static const char *const engines[] = {"mysql", "mariadb", "sqlite", "mssql", "sqlserver", "clickhouse", "cockroach", "hsqldb"};
	static const char *const whole[] = {"h2", "oracle", "derby", "spanner", "snowflake", "bigquery", "tidb", "libsql"};
	for (const char *at = name; *at; at++)
		for (size_t i = 0; i < LENGTH(engines); i++)
			if (engines[i][0] == (*at | 0x20) && strncasecmp(at, engines[i], strlen(engines[i])) == 0)
				return engines[i];
	for (size_t i = 0; i < LENGTH(whole); i++)
		if (whole[i][0] == (*name | 0x20) && same_nocase(name, whole[i]))
			return whole[i];
	return NULL;
}

const char *file_engine(const char *name)
{
	static const char *const engines[] = {"mysql", "mariadb", "sqlite", "sqlite3", "cockroach", "cockroachdb", "mssql",
					      "sqlserver", "oracle", "h2", "clickhouse", "spanner"};
	for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
		Text part = {dot + 1, strcspn(dot + 1, ".")};
		for (size_t i = 0; dot[1 + part.length] && i < LENGTH(engines); i++)
			if (text_is_nocase(part, engines[i]))
				return engines[i];
	}
	return NULL;
}

bool is_around(const Root *root, const char *name)
{
	enum { FOLDERS_AROUND = 5 };
	int levels = FOLDERS_AROUND;
	for (Folder *at = root->folder; at && levels--; at = at->parent)
		if (folder_entry(root->tree, at, name))
			return true;
	return false;
}

static int by_relative(const void *a, const void *b)
{
	return strcmp(((const File *)a)->relative, ((const File *)b)->relative);
}

void sort_files(Root *root)
{
	uint32_t ordered = 1;
	while (ordered < root->file_count && by_relative(&root->files[ordered - 1], &root->files[ordered]) <= 0)
		ordered++;
	if (ordered < root->file_count)
		qsort(root->files, root->file_count, sizeof *root->files, by_relative);
}

const File *find_file(const Root *root, const char *relative)
{
	const File wanted = {.relative = relative};
	return root->file_count ? bsearch(&wanted, root->files, root->file_count, sizeof wanted, by_relative) : NULL;
}

uint32_t count_sql(const Root *root)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += root->files[i].sql;
	return count;
}
