#include "report/link.h"

/* https://www.rfc-editor.org/rfc/rfc3986#section-3.3: what may stand in a path as it is. */
static bool is_plain(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       (byte && strchr("-._~/!$&'()*+,;=:@", byte));
}

char *path_uri(Arena *arena, const char *path)
{
	Buf uri = {0};
	if (path[0] == '/')
		buf_adds(&uri, "file://");
	else if (memchr(path, ':', strcspn(path, "/")))
		buf_adds(&uri, "./"); /* RFC 3986, 4.2 */
	for (; *path; path++) {
		if (is_plain((unsigned char)*path))
			buf_addc(&uri, *path);
		else
			buf_addf(&uri, "%%%02X", (unsigned char)*path);
	}
	char *copy = arena_copy(arena, uri.data ? uri.data : "", uri.length);
	buf_free(&uri);
	return copy;
}

char *manual_link(Arena *arena, const char *page)
{
	if (starts_with(page, "https://"))
		return arena_string(arena, page);
	return arena_print(arena, "https://www.postgresql.org/docs/current/%s", page);
}

Text example_text(Arena *arena, const char *sql)
{
	char *copy = arena_string(arena, sql), *to = copy;
	for (const char *line = sql; *line;) {
		size_t length = strcspn(line, "\n");
		const char *mark = NULL;
		for (size_t i = 0; i + 10 <= length && !mark; i++)
			if (memcmp(line + i, "-- expect:", 10) == 0)
				mark = line + i;
		size_t kept = mark ? (size_t)(mark - line) : length;
		while (mark && kept && (line[kept - 1] == ' ' || line[kept - 1] == '\t'))
			kept--;
		/* A line that was nothing but a mark goes with it. */
		if (kept || !mark) {
			memmove(to, line, kept);
			to += kept;
			*to++ = '\n';
		}
		line += length + (line[length] == '\n');
	}
	return (Text){copy, (size_t)(to - copy)};
}
