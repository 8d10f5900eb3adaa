#include "report/report.h"

#include <inttypes.h>

#include "report/terminal.h"

const Reporter *reporter_by_name(const char *name)
{
	for (const Reporter *const *reporter = all_reporters; *reporter; reporter++)
		if (same((*reporter)->name, name))
			return *reporter;
	return NULL;
}

Category finding_category(const Finding *finding)
{
	array_each (Finding *, one, &finding->along)
		if ((*one)->rule->category == LOCKING)
			return LOCKING;
	return finding->rule->category;
}

const char *finding_why(const Finding *finding)
{
	return finding->detail ? finding->detail : finding->rule->why;
}

const char *finding_instead(const Finding *finding)
{
	return finding->instead ? finding->instead : finding->rule->instead;
}

void finding_places(Arena *arena, const Finding *finding, Places *places)
{
	array_each (const Related, related, &finding->related)
		if (related->source)
			array_push(arena, places, *related);
	if (finding->origin.source)
		array_push(arena, places, finding->origin);
	if (finding->direction == DIRECTION_DOWN && finding->flow.count) {
		Related up = finding->flow.items[0];
		up.message = "the migration that this rollback takes back";
		array_push(arena, places, up);
	}
}

void related_line(Buf *out, const Related *related, bool leaves)
{
	Position position = source_position(related->source, related->span.start);
	add_safe_string(out, related->source->path);
	buf_addf(out, ":%" PRIu32 ":%" PRIu32 ": ", position.line, position.column);
	add_safe_string(out, leaves && related->redacted ? related->redacted : related->message);
}

void finding_explanation(Buf *out, const Finding *finding)
{
	const char *why = finding_why(finding), *instead = finding_instead(finding);
	if (why)
		buf_addf(out, "\n%s\n", why);
	for (uint32_t i = 0; i < finding->because.count; i++)
		buf_addf(out, "\nNot certain: %s\n", finding->because.items[i]);
	array_each (const Related, related, &finding->related) {
		buf_adds(out, "\nSee ");
		related_line(out, related, true);
		buf_addc(out, '\n');
	}
	if (instead)
		buf_addf(out, "\nInstead:\n%s\n", instead);
}

Place finding_place(const Finding *finding)
{
	Place place = {.path = finding->source->path};
	if (finding->whole_file)
		return place;
	Position start = source_position(finding->source, finding->span.start);
	Position end = source_position(finding->source, finding->span.end);
	place.line = start.line;
	place.column = start.column;
	place.end_line = end.line;
	place.end_column = end.column;
	return place;
}

void finding_line(Buf *out, const Finding *finding, bool color)
{
	static const Color colors[] = {
		[SEVERITY_OFF] = COLOR_NOTE,
		[SEVERITY_NOTE] = COLOR_NOTE,
		[SEVERITY_WARNING] = COLOR_WARNING,
		[SEVERITY_ERROR] = COLOR_ERROR,
	};
	Place place = finding_place(finding);
	color_begin(out, color, COLOR_BOLD);
	add_safe_string(out, place.path);
	if (place.line)
		buf_addf(out, ":%" PRIu32 ":%" PRIu32, place.line, place.column);
	buf_adds(out, ": ");
	color_end(out, color);
	color_begin(out, color, colors[finding->severity]);
	buf_adds(out, severity_word(finding->severity));
	color_end(out, color);
	buf_adds(out, ": ");
	color_begin(out, color, COLOR_BOLD);
	add_safe_string(out, finding->message);
	color_end(out, color);
	color_begin(out, color, COLOR_DIM);
	buf_addf(out, " [%s]", rule_id(finding->rule));
	color_end(out, color);
	buf_addc(out, '\n');
}

void add_count(Buf *out, uint32_t count, const char *noun)
{
	buf_addf(out, "%" PRIu32 " %s%s", count, noun, count == 1 ? "" : "s");
}

void summary_line(Buf *out, const Summary *summary)
{
	const struct {
		uint32_t count;
		const char *noun;
	} parts[] = {{summary->errors, "error"}, {summary->warnings, "warning"}, {summary->notes, "note"}};
	bool any = false;
	for (size_t i = 0; i < LENGTH(parts); i++) {
		if (!parts[i].count)
			continue;
		if (any)
			buf_adds(out, ", ");
		add_count(out, parts[i].count, parts[i].noun);
		any = true;
	}
	buf_adds(out, any ? " in " : "no findings in ");
	add_count(out, summary->migrations, "migration");
	if (summary->histories > 1) {
		buf_addf(out, " of %" PRIu32 " histories", summary->histories);
	}
	buf_adds(out, " (");
	add_count(out, summary->statements, "statement");
	uint32_t blind = summary->opaque + summary->unparsed + summary->set_aside;
	if (blind)
		buf_addf(out, "; %" PRIu32 " not analysed", blind);
	if (summary->in_baseline)
		buf_addf(out, "; %" PRIu32 " in the baseline", summary->in_baseline);
	if (summary->suppressed)
		buf_addf(out, "; %" PRIu32 " suppressed", summary->suppressed);
	buf_adds(out, ")\n");
}
