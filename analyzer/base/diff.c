#include "base/diff.h"

enum { CONTEXT = 3, MOST_STEPS = 4000 };

typedef ARRAY(Text) Lines;

/* One line of the result: kept, only before ('-') or only after ('+'). */
typedef struct Change {
	char sign;
	Text line;
} Change;
typedef ARRAY(Change) Changes;

/* Each with its line end: a last line without one differs from the same line with one. */
static void cut_lines(Arena *arena, Text text, Lines *lines)
{
	for (size_t at = 0; at < text.length;) {
		const char *end = memchr(text.data + at, '\n', text.length - at);
		size_t length = end ? (size_t)(end + 1 - text.data) - at : text.length - at;
		array_push(arena, lines, (Text){text.data + at, length});
		at += length;
	}
}

static bool same_line(Text a, Text b)
{
	return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

/*
 * E. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986: reach[d][k] is how far into `before` d steps
 * lead on the diagonal k. Answers the steps that are needed; MOST_STEPS when it gives up.
 */
static int find_reach(Arena *arena, const Lines *before, const Lines *after, int **reach)
{
	int n = (int)before->count, m = (int)after->count;
	for (int d = 0; d < MOST_STEPS; d++) {
		int *row = new_array(arena, int, 2 * (size_t)d + 3); /* row[k + d + 1] */
		const int *last = d ? reach[d - 1] : NULL;           /* last[k + d] */
		reach[d] = row;
		for (int k = -d; k <= d; k += 2) {
			int x = 0;
			if (d > 0)
				x = k == -d || (k != d && last[k - 1 + d] < last[k + 1 + d]) ? last[k + 1 + d] : last[k - 1 + d] + 1;
			int y = x - k;
			while (x < n && y < m && same_line(before->items[x], after->items[y]))
				x++, y++;
			row[k + d + 1] = x;
			if (x >= n && y >= m)
				return d;
		}
	}
	return MOST_STEPS;
}

/* The changes from the end back to the start. */
static void walk_back(Arena *arena, const Lines *before, const Lines *after, int **reach, int steps, Changes *backwards)
{
	int x = (int)before->count, y = (int)after->count;
	for (int d = steps; d > 0; d--) {
		const int *last = reach[d - 1];
		int k = x - y;
		bool down = k == -d || (k != d && last[k - 1 + d] < last[k + 1 + d]);
		int from_x = down ? last[k + 1 + d] : last[k - 1 + d];
		/* The lines kept behind the step, back to where the step ended. */
		int step_x = down ? from_x : from_x + 1;
		for (; x > step_x; x--, y--)
			array_push(arena, backwards, (Change){' ', before->items[x - 1]});
		if (down)
			array_push(arena, backwards, (Change){'+', after->items[--y]});
		else
			array_push(arena, backwards, (Change){'-', before->items[--x]});
	}
	for (; x > 0 && y > 0; x--, y--)
		array_push(arena, backwards, (Change){' ', before->items[x - 1]});
}

static void find_changes(Arena *arena, const Lines *before, const Lines *after, Changes *changes)
{
	int **reach = new_array(arena, int *, MOST_STEPS);
	int steps = find_reach(arena, before, after, reach);
	if (steps < MOST_STEPS) {
		Changes backwards = {0};
		walk_back(arena, before, after, reach, steps, &backwards);
		for (uint32_t i = backwards.count; i-- > 0;)
			array_push(arena, changes, backwards.items[i]);
		return;
	}
	/* Texts that have little in common. */
	array_each (Text, line, before)
		array_push(arena, changes, (Change){'-', *line});
	array_each (Text, line, after)
		array_push(arena, changes, (Change){'+', *line});
}

/* https://git-scm.com/docs/diff-format: names with unusual bytes are quoted as C does; a blank needs a tab behind the name. */
static void add_name(Buf *out, const char *mark, const char *side, const char *path)
{
	bool unusual = false;
	for (const char *c = path; *c; c++)
		unusual = unusual || (unsigned char)*c < ' ' || *c == '"' || *c == '\\' || *c == 0x7f;
	buf_addf(out, "%s %s%s/", mark, unusual ? "\"" : "", side);
	for (const char *c = *path == '/' ? path + 1 : path; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			buf_addf(out, "\\%03o", (unsigned char)*c);
		else
			buf_addf(out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	}
	buf_adds(out, unusual ? "\"\n" : strchr(path, ' ') ? "\t\n" : "\n");
}

static void add_range(Buf *out, char sign, uint32_t lines_before, uint32_t count)
{
	/* Of an empty range the line before it is named. */
	buf_addf(out, " %c%u", sign, count ? lines_before + 1 : lines_before);
	if (count != 1)
		buf_addf(out, ",%u", count);
}

static void add_hunk(Buf *out, const Changes *changes, uint32_t from, uint32_t to, uint32_t before, uint32_t after)
{
	uint32_t old_count = 0, new_count = 0;
	for (uint32_t i = from; i < to; i++) {
		old_count += changes->items[i].sign != '+';
		new_count += changes->items[i].sign != '-';
	}
	buf_adds(out, "@@");
	add_range(out, '-', before, old_count);
	add_range(out, '+', after, new_count);
	buf_adds(out, " @@\n");
	for (uint32_t i = from; i < to; i++) {
		Text line = changes->items[i].line;
		buf_addc(out, changes->items[i].sign);
		buf_add(out, line.data, line.length);
		if (!line.length || line.data[line.length - 1] != '\n')
			buf_adds(out, "\n\\ No newline at end of file\n");
	}
}

static uint32_t next_change(const Changes *changes, uint32_t from)
{
	while (from < changes->count && changes->items[from].sign == ' ')
		from++;
	return from;
}

void diff_write(Buf *out, const char *path, Text before, Text after)
{
	Arena arena = {0};
	Lines old_lines = {0}, new_lines = {0};
	Changes changes = {0};
	cut_lines(&arena, before, &old_lines);
	cut_lines(&arena, after, &new_lines);
	find_changes(&arena, &old_lines, &new_lines, &changes);
	uint32_t first = next_change(&changes, 0);
	if (first < changes.count) {
		add_name(out, "---", "a", path);
		add_name(out, "+++", "b", path);
	}
	uint32_t at = 0, old_line = 0, new_line = 0;
	while (first < changes.count) {
		uint32_t from = first > CONTEXT ? first - CONTEXT : 0, to = first;
		/* Changes whose surroundings touch share a hunk. */
		for (uint32_t next = first; next < changes.count && next <= to + 2 * CONTEXT; next = next_change(&changes, to))
			to = next + 1;
		uint32_t end = to + CONTEXT < changes.count ? to + CONTEXT : changes.count;
		for (; at < from; at++) {
			old_line += changes.items[at].sign != '+';
			new_line += changes.items[at].sign != '-';
		}
		add_hunk(out, &changes, from, end, old_line, new_line);
		first = next_change(&changes, to);
	}
	arena_free(&arena);
}
