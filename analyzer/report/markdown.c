/* `--format markdown`: for comments on pull requests and for job summaries. A table, then each finding to unfold. */
#include <inttypes.h>

#include "report/markup.h"
#include "report/report.h"

/*
 * Bytes of SQL shown; of a page, of its table. A comment on GitHub has at most 65,536 characters, and no character is less than a
 * byte: https://github.com/orgs/community/discussions/27190
 */
enum { LONGEST_CLAUSE = 600, LONGEST_PAGE = 64000, LONGEST_TABLE = 40000 };

static void add_plain(Buf *out, const char *text)
{
	add_markdown(out, text, false);
}

static void add_place(Buf *out, const Finding *finding, bool html)
{
	Place place = finding_place(finding);
	add_markdown(out, place.path, html);
	if (place.line)
		buf_addf(out, ":%" PRIu32, place.line);
}

static void add_row(Buf *out, const Finding *finding)
{
	buf_addf(out, "| %s | ", severity_word(finding->severity));
	add_place(out, finding, false);
	buf_adds(out, " | ");
	add_plain(out, finding->message);
	buf_addf(out, " | `%s` |\n", rule_id(finding->rule));
}

static void add_paragraph(Buf *out, const char *opening, const char *text)
{
	buf_addf(out, "\n%s", opening);
	add_plain(out, text);
	buf_addc(out, '\n');
}

/* Its bytes are cut between characters. */
static void add_clause(Buf *out, Text clause)
{
	size_t length = clause.length < LONGEST_CLAUSE ? clause.length : LONGEST_CLAUSE;
	while (length < clause.length && length && ((unsigned char)clause.data[length] & 0xC0) == 0x80)
		length--;
	Buf shown = {0};
	buf_add(&shown, clause.data, length);
	buf_adds(&shown, length < clause.length ? " …" : "");
	add_fenced(out, "sql", (Text){shown.data, shown.length});
	buf_free(&shown);
}

static void add_details(Buf *out, const Finding *finding)
{
	buf_adds(out, "\n<details><summary>");
	add_place(out, finding, true);
	buf_adds(out, ": ");
	add_markdown(out, finding->message, true);
	buf_adds(out, "</summary>\n\n");
	Text clause = finding->whole_file ? (Text){0} : source_text(finding->source, finding->span);
	if (clause.length)
		add_clause(out, clause);
	const char *why = finding_why(finding), *instead = finding_instead(finding);
	if (why)
		add_paragraph(out, "", why);
	for (uint32_t i = 0; i < finding->because.count; i++)
		add_paragraph(out, "Not certain: ", finding->because.items[i]);
	array_each (const Related, related, &finding->related) {
		Buf line = {0};
		related_line(&line, related, true);
		add_paragraph(out, "See ", line.data);
		buf_free(&line);
	}
	if (finding->instead) {
		buf_adds(out, "\nInstead:\n\n");
		add_fenced(out, "sql", (Text){instead, strlen(instead)});
	} else if (instead) {
		add_paragraph(out, "Instead: ", instead);
	}
	buf_adds(out, "\n</details>\n");
}

/* Answers how many were added. */
static uint32_t add_while_it_fits(Buf *out, const Findings *findings, uint32_t count, size_t limit, void (*add)(Buf *, const Finding *))
{
	for (uint32_t i = 0; i < count; i++) {
		size_t before = out->length;
		add(out, findings->list.items[i]);
		if (out->length > limit) {
			out->length = before;
			out->data[before] = '\0';
			return i;
		}
	}
	return count;
}

static void add_left_out(Buf *out, const Findings *findings, uint32_t from)
{
	uint32_t count[SEVERITY_ERROR + 1] = {0};
	for (uint32_t i = from; i < findings->list.count; i++)
		count[findings->list.items[i]->severity]++;
	buf_addf(out, "\n**%u more** (%u error%s, %u warning%s, %u note%s): a comment takes no more.\n", findings->list.count - from,
		 count[SEVERITY_ERROR], count[SEVERITY_ERROR] == 1 ? "" : "s", count[SEVERITY_WARNING],
		 count[SEVERITY_WARNING] == 1 ? "" : "s", count[SEVERITY_NOTE], count[SEVERITY_NOTE] == 1 ? "" : "s");
}

static void render(Buf *out, const Run *run, const ReportOptions *options)
{
	buf_adds(out, "### ddlint: ");
	summary_line(out, &run->summary);
	Findings shown = {0};
	Arena arena = {0};
	/* What matters most comes first: it is what people read, and what there is room for. */
	for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--)
		for (uint32_t i = 0; i < run->findings.count; i++)
			if (!run->findings.items[i]->suppressed && (int)run->findings.items[i]->severity == severity)
				array_push(&arena, &shown.list, run->findings.items[i]);
	if (shown.list.count)
		buf_adds(out, "\n| severity | place | finding | rule |\n|---|---|---|---|\n");
	uint32_t rows = add_while_it_fits(out, &shown, shown.list.count, LONGEST_TABLE, add_row);
	if (rows < shown.list.count)
		add_left_out(out, &shown, rows);
	shown.list.count = rows;
	if (!options->quiet && !options->summary_only) {
		uint32_t detailed = add_while_it_fits(out, &shown, rows, LONGEST_PAGE, add_details);
		if (detailed < rows)
			buf_addf(out, "\nThe last %u of the table %s too long for a comment to be explained here.\n", rows - detailed,
				 rows - detailed == 1 ? "is" : "are");
	}
	arena_free(&arena);
}

const Reporter reporter_markdown = {.name = "markdown", .render = render};
