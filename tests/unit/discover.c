/* Discovery of folders made for each test. `build/tests/discover --dump PATH...` prints what is found instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "discover/layout.h"

static int dump(int count, char **paths)
{
	Arena arena = {0};
	Buf buf = {0};
	DiscoverOptions options = {.paths = (const char *const *)paths, .path_count = (uint32_t)count, .verbose = true,
				   .config_path = "none"};
	const Discovery *discovery = discover(&arena, &options);
	discovery_print(&buf, discovery);
	array_each(const Note, note, &discovery->notes)
		fprintf(stderr, "%s%s%s%s\n", note->failure ? "failure: " : "", note->path ? note->path : "", note->path ? ": " : "",
			note->message);
	if (buf.data)
		fputs(buf.data, stdout);
	array_each(History *, history, &discovery->histories)
		history_free(*history);
	buf_free(&buf);
	arena_free(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && same(argv[1], "--dump"))
		return dump(argc - 2, argv + 2);
	return 0;
}
