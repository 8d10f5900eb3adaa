/*
 * Any bytes as what an editor sends. The server reads them from a file and answers into /dev/null; it sees no folder but its own.
 */
#include "everything.h"

#include "lsp/server.h"

static Everything all;

/* Clients name folders: "/" would have us read the machine. Linked with --wrap=folder_list. */
bool __real_folder_list(Arena *arena, const char *path, Entries *entries, const char **error);
bool __wrap_folder_list(Arena *arena, const char *path, Entries *entries, const char **error);
bool __wrap_folder_list(Arena *arena, const char *path, Entries *entries, const char **error)
{
	if (path_below(all.folder, path))
		return __real_folder_list(arena, path, entries, error);
	*error = "permission denied";
	return false;
}

static void fill_folder(void)
{
	static const char users[] = "CREATE TABLE users (id int PRIMARY KEY, name text);\n";
	static const char index[] = "CREATE INDEX i ON users (name);\nALTER TABLE users DROP COLUMN name;\n";
	everything_start(&all);
	if (mkdir("db", 0777) != 0)
		broken("no folder", "db");
	put_file("db/1_users.up.sql", users, strlen(users));
	put_file("db/2_index.up.sql", index, strlen(index));
}

static void write_input(const uint8_t *bytes, size_t length)
{
	static const char word[] = EVERYTHING_FOLDER;
	Buf input = {0};
	buf_add(&input, bytes, length);
	for (char *found = input.data; (found = memmem(found, (size_t)(input.data + length - found), word, strlen(word)));)
		memcpy(found, all.folder, strlen(word));
	put_file("input", input.data, length);
	buf_free(&input);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (!all.book)
		fill_folder();
	if (chdir(all.folder) != 0)
		broken("no folder", all.folder);
	write_input(bytes, length);
	Server server = {.rpc = {.in = open("input", O_RDONLY | O_CLOEXEC), .out = open("/dev/null", O_WRONLY | O_CLOEXEC)}};
	server_run(&server);
	close(server.rpc.in);
	close(server.rpc.out);
	server_free(&server);
	return 0;
}
