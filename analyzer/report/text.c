/* `--format text`: for people. The first line of a finding is also what editors and CI logs turn into a link. */
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "report/frame.h"
#include "report/terminal.h"

/* Below the frame, label and text in two columns: "     why      CREATE INDEX holds …". */
enum { LABEL_WIDTH = 9, TEXT_COLUMN = FRAME_GUTTER + LABEL_WIDTH };

typedef struct TextReport {
	Buf *out;
	const ReportOptions *options;
	Arena arena;      /* of the map */
	Map told;         /* explanations that stood above already: people read a report from the top */
	const char *history;
} TextReport;

static void add_label(TextReport *report, const char *label)
{
	buf_addf(report->out, "%*s", FRAME_GUTTER, "");
	color_begin(report->out, report->options->color, COLOR_DIM);
	buf_addf(report->out, "%-*s", LABEL_WIDTH, label);
	color_end(report->out, report->options->color);
}

/* True the first time that it is asked about a text. */
static bool untold(TextReport *report, const char *text)
{
	if (map_get(&report->told, text, strlen(text)))
		return false;
	map_set(&report->arena, &report->told, text, strlen(text), report);
	return true;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_length(const char *text)
{
	size_t length = 0;
	while (is_word_byte(text[length]))
		length++;
	return length;
}

static bool has_word(const char *text, const char *word, size_t length)
{
	for (const char *at = text; at && (at = strchr(at, *word)); at++)
		if ((at == text || !is_word_byte(at[-1])) && strncmp(at, word, length) == 0 && !is_word_byte(at[length]))
			return true;
	return false;
}

/*
 * The explanation with its finding's own words taken out: "every query on * waits". Two that are equal then say the same thing of
 * two tables, and the second one tells the reader nothing.
 */
static const char *without_names(TextReport *report, const Finding *finding, const char *why)
{
	Buf text = {0};
	buf_adds(&text, rule_id(finding->rule));
	for (const char *at = why; *at;) {
		size_t length = word_length(at);
		if (length && (has_word(finding->message, at, length) || has_word(finding->relation, at, length)))
			buf_addc(&text, '*');
		else
			buf_add(&text, at, length ? length : 1);
		at += length ? length : 1;
	}
	const char *copy = arena_copy(&report->arena, text.data, text.length);
	buf_free(&text);
	return copy;
}

static void add_prose(TextReport *report, const char *label, const char *text)
{
	add_label(report, label);
	add_wrapped(report->out, text, TEXT_COLUMN);
	buf_addc(report->out, '\n');
}

/* A recipe is pasted: its lines stay as they are, behind the first only their indentation is added. */
static void add_recipe(TextReport *report, const char *text)
{
	add_label(report, "instead");
	bool first = true;
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (!first && length)
			buf_addf(report->out, "%*s", TEXT_COLUMN, "");
		first = false;
		color_begin(report->out, report->options->color, COLOR_GOOD);
		add_safe(report->out, (Text){text, length});
		color_end(report->out, report->options->color);
		buf_addc(report->out, '\n');
		text += length + (text[length] == '\n');
	}
}

static void add_related(TextReport *report, const Related *related)
{
	add_label(report, "see");
	related_line(report->out, related, false);
	buf_addc(report->out, '\n');
}

static Color severity_color(Severity severity)
{
	return severity == SEVERITY_ERROR ? COLOR_ERROR : severity == SEVERITY_WARNING ? COLOR_WARNING : COLOR_NOTE;
}

static void render_body(TextReport *report, const Finding *finding)
{
	if (!finding->whole_file) {
		FrameStyle style = {.color = report->options->color, .mark = severity_color(finding->severity)};
		frame_render(report->out, finding->source, finding->span, style);
	}
	const char *why = finding_why(finding), *instead = finding_instead(finding);
	if (why && untold(report, without_names(report, finding, why)))
		add_prose(report, "why", why);
	for (uint32_t i = 0; i < finding->because.count; i++)
		add_prose(report, i ? "" : "unsure", finding->because.items[i]);
	array_each (const Related, related, &finding->related)
		add_related(report, related);
	if (instead && untold(report, instead)) {
		if (finding->instead)
			add_recipe(report, instead);
		else
			add_prose(report, "instead", instead);
	}
	buf_addc(report->out, '\n');
}

static void render_finding(TextReport *report, const Run *run, const Finding *finding)
{
	/* A loose file is a history of its own and needs no heading. */
	bool heading = run->summary.histories > 1 && !same(report->history, finding->history) &&
		       !same(finding->history, finding->source->path);
	if (heading && !report->options->quiet) {
		color_begin(report->out, report->options->color, COLOR_BOLD);
		buf_adds(report->out, "== ");
		add_safe_string(report->out, finding->history);
		color_end(report->out, report->options->color);
		buf_adds(report->out, "\n\n");
		report->history = finding->history;
	}
	finding_line(report->out, finding, report->options->color);
	if (!report->options->quiet)
		render_body(report, finding);
}

/* --- --summary: how often each rule spoke, most often first ---------------------------------------------------------------- */

typedef struct Tally {
	const Rule *rule;
	Severity severity;
	uint32_t count;
} Tally;

static int by_weight(const void *left, const void *right)
{
	const Tally *a = left, *b = right;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->rule->name, b->rule->name);
}

static void render_tallies(TextReport *report, const Run *run)
{
	ARRAY(Tally) tallies = {0};
	for (uint32_t i = 0; i < run->findings.count; i++) {
		const Finding *finding = run->findings.items[i];
		if (finding->suppressed)
			continue;
		Tally *tally = NULL;
		array_each (Tally, one, &tallies)
			if (one->rule == finding->rule && one->severity == finding->severity)
				tally = one;
		if (tally)
			tally->count++;
		else
			array_push(&report->arena, &tallies, (Tally){finding->rule, finding->severity, 1});
	}
	if (tallies.count)
		qsort(tallies.items, tallies.count, sizeof(Tally), by_weight);
	array_each (Tally, tally, &tallies) {
		buf_addf(report->out, "%6" PRIu32 "  ", tally->count);
		color_begin(report->out, report->options->color, severity_color(tally->severity));
		buf_addf(report->out, "%-7s", severity_word(tally->severity));
		color_end(report->out, report->options->color);
		buf_addf(report->out, "  %-32s  ", rule_id(tally->rule));
		add_safe_string(report->out, tally->rule->summary ? tally->rule->summary : "");
		buf_addc(report->out, '\n');
	}
	if (tallies.count)
		buf_addc(report->out, '\n');
}

static void render(Buf *out, const Run *run, const ReportOptions *options)
{
	TextReport report = {.out = out, .options = options};
	if (options->summary_only)
		render_tallies(&report, run);
	else
		for (uint32_t i = 0; i < run->findings.count; i++)
			if (!run->findings.items[i]->suppressed)
				render_finding(&report, run, run->findings.items[i]);
	if (!options->quiet) {
		color_begin(out, options->color, COLOR_BOLD);
		size_t start = out->length;
		summary_line(out, &run->summary);
		if (options->color && out->length > start) {
			out->length--; /* the colour ends before the line does */
			color_end(out, true);
			buf_addc(out, '\n');
		}
	}
	arena_free(&report.arena);
}

const Reporter reporter_text = {.name = "text", .render = render};
