/*
 * The page's two drawings. Both are decoration for what stands beside them as text: they are hidden from readers that are read
 * to, and stretch to any width.
 */
#include <inttypes.h>

#include "audit/html.h"

static const char *const tone_classes[] = {
	[TONE_GOOD] = "good", [TONE_CARE] = "care", [TONE_BAD] = "bad", [TONE_OPEN] = "open"};

/* --- Timeline ------------------------------------------------------------------------------------------------------------------------- */

/* A long history breaks into rows as music does: each row has all lanes. */
enum { ROW_COLUMNS = 50, FEWEST_COLUMNS = 20, COLUMN = 10, LANE = 10, LANES = 4 };

/* The lanes of a phase, from the top; a mixed one stands in two. */
static unsigned lanes_of(Phase phase)
{
	switch (phase) {
	case PHASE_EXPAND:
		return 1u << 0;
	case PHASE_MIGRATE:
		return 1u << 1;
	case PHASE_CONTRACT:
		return 1u << 2;
	case PHASE_MIXED:
		return 1u << 0 | 1u << 2;
	default:
		return 1u << 3;
	}
}

static void add_tick(const Page *page, const AuditMigration *migration, uint32_t column, const char *id)
{
	Buf *out = page->out;
	const char *tone = tone_classes[risk_tone(migration->risk)];
	uint32_t x = column * COLUMN + 1;
	buf_addf(out, "<a href=\"#%s\" tabindex=\"-1\"><title>", id);
	add_html(out, migration->version);
	buf_addc(out, ' ');
	add_html(out, migration->name);
	buf_addf(out, ": %s, %s</title>", phase_word(migration->phase), risk_word(migration->risk));
	if (migration->phase == PHASE_MIXED)
		buf_addf(out, "<path class=\"%s\" d=\"M%" PRIu32 " 5V25\"/>", tone, x + COLUMN / 2 - 1);
	unsigned lanes = lanes_of(migration->phase);
	for (uint32_t lane = 0; lane < LANES; lane++)
		if (lanes >> lane & 1)
			buf_addf(out, "<rect class=\"%s\" x=\"%" PRIu32 "\" y=\"%" PRIu32 "\" width=\"%d\" height=\"%d\"/>", tone, x,
				 lane * LANE + 1, COLUMN - 2, LANE - 2);
	buf_adds(out, "</a>");
}

static void add_row(const Page *page, const AuditHistory *history, uint32_t number, uint32_t first, uint32_t count, uint32_t columns)
{
	Buf *out = page->out;
	buf_addf(out,
		 "<div class=\"row\"><ul class=\"lanes\"><li>expand</li><li>migrate</li><li>contract</li><li>other</li></ul>"
		 "<svg viewBox=\"0 0 %" PRIu32 " %d\" preserveAspectRatio=\"none\">",
		 columns * COLUMN, LANES * LANE);
	for (uint32_t lane = 1; lane < LANES; lane++)
		buf_addf(out, "<path class=\"rule\" d=\"M0 %" PRIu32 "H%" PRIu32 "\"/>", lane * LANE, columns * COLUMN);
	for (uint32_t i = 0; i < count; i++)
		add_tick(page, &history->migrations.items[first + i], i, anchor(page->arena, number, first + i + 1));
	buf_adds(out, "</svg><p class=\"ends\"><span>");
	add_html(out, history->migrations.items[first].version);
	if (count > 1) {
		/* The end of a row that is not full is nowhere near its right margin. */
		buf_adds(out, count == columns ? "</span><span>" : " – ");
		add_html(out, history->migrations.items[first + count - 1].version);
	}
	buf_adds(out, "</span></p></div>\n");
}

/* The same in figures: phases down, risks across. */
static void add_table(Buf *out, const AuditHistory *history)
{
	static const Risk risks[] = {RISK_SAFE, RISK_CONTROLLED, RISK_HIGH, RISK_UNKNOWN};
	uint32_t counts[PHASE_UNKNOWN + 1][RISK_UNKNOWN + 1] = {0};
	array_each (const AuditMigration, migration, &history->migrations)
		counts[migration->phase][migration->risk]++;
	buf_adds(out, "<table class=\"phases\"><caption>Migrations by phase and risk</caption><thead><tr><td></td>");
	for (size_t r = 0; r < LENGTH(risks); r++)
		buf_addf(out, "<th scope=\"col\">%s</th>", risk_word(risks[r]));
	buf_adds(out, "</tr></thead><tbody>\n");
	static const Phase phases[] = {PHASE_EXPAND, PHASE_MIGRATE, PHASE_CONTRACT, PHASE_MIXED, PHASE_NONE, PHASE_UNKNOWN};
	for (size_t p = 0; p < LENGTH(phases); p++) {
		uint32_t sum = 0;
		for (size_t r = 0; r < LENGTH(risks); r++)
			sum += counts[phases[p]][risks[r]];
		if (!sum)
			continue;
		buf_addf(out, "<tr><th scope=\"row\">%s</th>", phase_word(phases[p]));
		for (size_t r = 0; r < LENGTH(risks); r++) {
			uint32_t count = counts[phases[p]][risks[r]];
			if (count)
				buf_addf(out, "<td>%" PRIu32 "</td>", count);
			else
				buf_adds(out, "<td class=\"soft\">–</td>");
		}
		buf_adds(out, "</tr>\n");
	}
	buf_adds(out, "</tbody></table>\n");
}

void html_timeline(const Page *page, const AuditHistory *history, uint32_t number)
{
	Buf *out = page->out;
	uint32_t count = history->migrations.count;
	if (!count)
		return;
	uint32_t columns = count < FEWEST_COLUMNS ? FEWEST_COLUMNS : count < ROW_COLUMNS ? count : ROW_COLUMNS;
	buf_adds(out, "<figure class=\"timeline\">\n<div aria-hidden=\"true\">\n");
	for (uint32_t first = 0; first < count; first += columns)
		add_row(page, history, number, first, count - first < columns ? count - first : columns, columns);
	buf_adds(out, "</div>\n<figcaption>In the order in which they run, by phase; the colour is the risk. A mixed migration stands in two "
		      "lanes.</figcaption>\n</figure>\n");
	add_table(out, history);
}

/* --- Locks ----------------------------------------------------------------------------------------------------------------------------- */

enum { ROW_HEIGHT = 12, MOST_RELATIONS = 30, MOST_NUMBERS = 24, MOST_BANDS = 100 };

/* A statement's width. The drawing is stretched, so the gaps are a share of the whole. */
enum { STEP = 1000, GAP = 3, WIDEST_GAP = STEP / 8 };

static uint32_t gap_of(const AuditMigration *migration)
{
	uint32_t gap = GAP * migration->statements.count;
	return gap < WIDEST_GAP ? gap : WIDEST_GAP;
}

static const char *lock_class(LockMode mode)
{
	return blocks_reads(mode) ? "all" : blocks_writes(mode) ? "writes" : "few";
}

/* The transactions behind the bars: bands with a gap where one ends. */
static void add_bands(Buf *out, const AuditMigration *migration)
{
	uint32_t count = migration->statements.count, gap = gap_of(migration);
	for (uint32_t i = 0, end; i < count; i = end) {
		uint32_t transaction = migration->statements.items[i].transaction;
		for (end = i + 1; transaction && end < count && migration->statements.items[end].transaction == transaction;)
			end++;
		buf_addf(out, "<rect class=\"band\" x=\"%" PRIu32 "\" width=\"%" PRIu32 "\" height=\"%d\"/>", i * STEP + gap,
			 (end - i) * STEP - 2 * gap, ROW_HEIGHT);
	}
}

/* Full height: everybody waits; the lower the bar, the fewer do. */
static void add_bar(Buf *out, const AuditHold *hold, uint32_t gap)
{
	int height = blocks_reads(hold->mode) ? 10 : blocks_writes(hold->mode) ? 7 : 4;
	buf_addf(out, "<rect class=\"%s\" x=\"%" PRIu32 "\" y=\"%d\" width=\"%" PRIu32 "\" height=\"%d\"/>", lock_class(hold->mode),
		 (hold->from - 1) * STEP + gap, ROW_HEIGHT - 1 - height, (hold->to - hold->from + 1) * STEP - 2 * gap, height);
	array_each (const struct AuditWork, work, &hold->work)
		buf_addf(out, "<rect class=\"work\" x=\"%" PRIu32 "\" y=\"%d\" width=\"%" PRIu32 "\" height=\"2\"/>",
			 (work->statement - 1) * STEP + 2 * gap, ROW_HEIGHT - 3, STEP - 4 * gap);
}

static void add_hold_text(const Page *page, const AuditHold *hold)
{
	Buf *out = page->out;
	buf_addf(out, "<li><b class=\"%s\">%s</b> %s. ", lock_class(hold->mode), lock_mode_words(hold->mode), hold_sentence(page->arena, hold));
	if (hold->mode <= LOCK_ROW_EXCLUSIVE)
		buf_adds(out, "Reads and writes go on.");
	else
		buf_addf(out, "Wait: %s.", lock_mode_victims(hold->mode));
	array_each (const struct AuditWork, work, &hold->work)
		buf_addf(out, " Statement %" PRIu32 " %s.", work->statement, work->rewrites ? "rewrites it meanwhile" : "reads all of it meanwhile");
	buf_adds(out, "</li>");
}

static bool is_first(const AuditMigration *migration, const AuditHold *hold)
{
	for (const AuditHold *one = migration->holds.items; one < hold; one++)
		if (same(one->relation, hold->relation))
			return false;
	return true;
}

static void add_relation(const Page *page, const AuditMigration *migration, const AuditHold *first)
{
	Buf *out = page->out;
	const AuditHold *end = migration->holds.items + migration->holds.count;
	buf_adds(out, "<li><code class=\"name\">");
	add_html(out, first->relation);
	buf_addf(out, "</code><svg viewBox=\"0 0 %" PRIu32 " %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
		 migration->statements.count * STEP, ROW_HEIGHT);
	if (migration->statements.count <= MOST_BANDS)
		add_bands(out, migration);
	for (const AuditHold *hold = first; hold < end; hold++)
		if (same(hold->relation, first->relation))
			add_bar(out, hold, gap_of(migration));
	buf_adds(out, "</svg><ul>");
	for (const AuditHold *hold = first; hold < end; hold++)
		if (same(hold->relation, first->relation))
			add_hold_text(page, hold);
	buf_adds(out, "</ul></li>\n");
}

void html_locks(const Page *page, const AuditMigration *migration)
{
	Buf *out = page->out;
	if (!migration->holds.count) {
		buf_adds(out, "<p>Nobody waits: it locks nothing that was there before.</p>\n");
		return;
	}
	uint32_t count = migration->statements.count, shown = 0, hidden = 0;
	buf_addf(out, "<div class=\"ruler\" aria-hidden=\"true\"><span>statement</span><p%s>", count <= MOST_NUMBERS ? "" : " class=\"ends\"");
	if (count <= MOST_NUMBERS)
		for (uint32_t i = 1; i <= count; i++)
			buf_addf(out, "<span>%" PRIu32 "</span>", i);
	else
		buf_addf(out, "<span>1</span><span>%" PRIu32 "</span>", count);
	buf_adds(out, "</p></div>\n<ol class=\"locks\">\n");
	array_each (const AuditHold, hold, &migration->holds) {
		if (!is_first(migration, hold))
			continue;
		if (shown < MOST_RELATIONS)
			add_relation(page, migration, hold);
		else
			hidden++;
		shown += shown < MOST_RELATIONS;
	}
	buf_adds(out, "</ol>\n");
	if (hidden)
		buf_addf(out, "<p class=\"cut\">… and %" PRIu32 " more relations: the JSON report has them all.</p>\n", hidden);
}
