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

/* Where the mark of a test begins, `-- expect: RULE` or `-- expect-file: RULE`; NULL: the line has none. */
static const char *find_mark(const char *line, size_t length, bool *of_line)
{
	static const char *const marks[] = {"-- expect:", "-- expect-file:"};
	for (size_t m = 0; m < LENGTH(marks); m++) {
		size_t width = strlen(marks[m]);
		for (size_t i = 0; i + width <= length; i++) {
			if (memcmp(line + i, marks[m], width) == 0) {
				*of_line = m == 0;
				return line + i;
			}
		}
	}
	return NULL;
}

Text example_text(Arena *arena, const char *sql, bool flagged)
{
	Buf text = {0};
	bool headed = false; /* behind a line that begins the next file of the example */
	for (const char *line = sql; *line;) {
		size_t length = strcspn(line, "\n");
		bool of_line = false;
		const char *mark = find_mark(line, length, &of_line);
		size_t kept = mark ? (size_t)(mark - line) : length;
		while (mark && kept && (line[kept - 1] == ' ' || line[kept - 1] == '\t'))
			kept--;
		/* A line that was nothing but a mark goes with it. */
		if (kept || (!mark && !headed)) {
			buf_add(&text, line, kept);
			buf_adds(&text, flagged && mark && of_line ? " -- flagged\n" : "\n");
		}
		headed = starts_with(line, "-- ddlint: file ");
		line += length + (line[length] == '\n');
	}
	const char *copy = arena_copy(arena, text.data ? text.data : "", text.length);
	Text whole = {copy, text.length};
	buf_free(&text);
	return whole;
}
