/* `ddlint rules --effects`: the effect table, as people read it. */
#include "commands/commands.h"
#include "effect/draft.h"

static const char *does_words(Does does)
{
	return does == ALWAYS ? "always" : does == SOMETIMES ? "sometimes" : "-";
}

static const char *versions(Arena *arena, const EffectRow *row)
{
	if (row->since && row->until)
		return arena_print(arena, "%d-%d", row->since, row->until);
	if (row->since)
		return arena_print(arena, "%d+", row->since);
	return row->until ? arena_print(arena, "to %d", row->until) : "all";
}

static const char *reach_words(Reach reach)
{
	switch (reach) {
	case NOTHING:
		return "-";
	case PARTITIONS:
		return "and partitions";
	case TREE:
		return "and children";
	default:
		return "";
	}
}

void render_effects(Arena *arena, Buf *out)
{
	buf_adds(out, "What each action does to a live database. \"sometimes\" depends on the details: ddlint facts tells for a statement.\n"
		      "in tx: \"never\" is refused inside a transaction block. Manual: https://www.postgresql.org/docs/current/\n\n");
	buf_addf(out, "%-28s %-7s %-38s %-10s %-10s %-10s %s\n", "action", "majors", "lock on its relation", "rewrites", "scans", "in tx",
		 "manual");
	for (uint32_t i = 0; i < effect_row_count; i++) {
		const EffectRow *row = &effect_rows[i];
		const char *reach = reach_words(row->reach);
		const char *lock = row->lock == LOCK_NONE ? "-" : arena_print(arena, "%s%s%s", lock_mode_words(row->lock), *reach && *reach != '-' ? " " : "",
									       *reach == '-' ? "" : reach);
		const char *forbidden = row->forbidden == ALWAYS ? "never" : row->forbidden == SOMETIMES ? "sometimes" : "yes";
		buf_addf(out, "%-28s %-7s %-38s %-10s %-10s %-10s %s\n", action_word(row->kind), versions(arena, row), lock, does_words(row->rewrites),
			 does_words(row->scans), forbidden, row->manual ? row->manual : "");
	}
}
