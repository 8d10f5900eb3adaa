/*
 * The floor: PostgreSQL's parser alone, over the bytes of the .sql files below the folders given. What ddlint does costs more than
 * this; `run.py` says how much more. A file whose bytes do not parse as a whole (psql commands, templates) is parsed up to its
 * first error, so the floor is a little too low.
 */
#define _GNU_SOURCE
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg_query.h"
#include "pg_query_internal.h"

static char *read_all(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	*length = (size_t)ftell(file);
	rewind(file);
	char *bytes = malloc(*length + 1);
	*length = fread(bytes, 1, *length, file);
	bytes[*length] = '\0';
	fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	size_t files = 0, bytes = 0, statements = 0, errors = 0;
	FTS *walk = argc > 1 ? fts_open(argv + 1, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	if (!walk)
		return 2;
	for (FTSENT *entry; (entry = fts_read(walk));) {
		size_t length = 0, name = strlen(entry->fts_name);
		if (entry->fts_info != FTS_F || name < 4 || strcmp(entry->fts_name + name - 4, ".sql") != 0)
			continue;
		char *text = read_all(entry->fts_path, &length);
		MemoryContext context = pg_query_enter_memory_context();
		PgQueryInternalParsetreeAndError parsed = pg_query_raw_parse(text ? text : "", PG_QUERY_PARSE_DEFAULT);
		statements += parsed.tree ? (size_t)parsed.tree->length : 0;
		errors += parsed.error != NULL;
		pg_query_exit_memory_context(context);
		if (parsed.error)
			pg_query_free_error(parsed.error);
		free(parsed.stderr_buffer);
		free(text);
		files++;
		bytes += length;
	}
	fts_close(walk);
	printf("%zu files, %zu bytes, %zu statements, %zu files with errors\n", files, bytes, statements, errors);
	return 0;
}
