/* Sentences that the pages of an audit share. */
#include "audit/audit.h"

#include <inttypes.h>

#include "judge/rule.h"

AuditTone risk_tone(Risk risk)
{
	return risk == RISK_SAFE ? TONE_GOOD : risk == RISK_CONTROLLED ? TONE_CARE : risk == RISK_HIGH ? TONE_BAD : TONE_OPEN;
}

AuditTone rollback_tone(const AuditRollback *rollback)
{
	switch (rollback->verdict) {
	case ROLLBACK_REVERSES:
		return rollback->loses_data ? TONE_CARE : TONE_GOOD;
	case ROLLBACK_DATA_DEPENDENT:
	case ROLLBACK_CONTAINED:
	case ROLLBACK_MISSING:
	case ROLLBACK_EMPTY:
		return TONE_CARE;
	case ROLLBACK_INCOMPLETE:
	case ROLLBACK_FAILS:
		return TONE_BAD;
	case ROLLBACK_UNKNOWN:
		break;
	}
	return TONE_OPEN;
}

static const char *at_line(Arena *arena, uint32_t line)
{
	return line ? arena_print(arena, " at line %" PRIu32, line) : "";
}

static const char *code_words(Arena *arena, const char *sqlstate)
{
	return sqlstate ? arena_print(arena, ": %s (SQLSTATE %s)", sqlstate_words(sqlstate), sqlstate) : "";
}

const char *rollback_sentence(Arena *arena, const AuditRollback *rollback)
{
	const char *loses = rollback->loses_data ? " The schema comes back, the data of what was dropped does not." : "";
	uint32_t count = rollback->differences.count;
	switch (rollback->verdict) {
	case ROLLBACK_MISSING:
		return "There is no down script.";
	case ROLLBACK_CONTAINED:
		return "There is no way back, and the migration says so.";
	case ROLLBACK_EMPTY:
		return "The down script has no statement.";
	case ROLLBACK_REVERSES:
		return arena_print(arena, "Up, then down: the schema is as it was.%s", loses);
	case ROLLBACK_DATA_DEPENDENT:
		return arena_print(arena, "Up, then down: the schema is as it was, unless rows that came meanwhile stand against it%s.%s",
				   at_line(arena, rollback->line), loses);
	case ROLLBACK_INCOMPLETE:
		return arena_print(arena, "Up, then down: %" PRIu32 " object%s differ%s from before.%s", count, count == 1 ? "" : "s",
				   count == 1 ? "s" : "", loses);
	case ROLLBACK_FAILS:
		return arena_print(arena, "The down script fails%s%s.", at_line(arena, rollback->line), code_words(arena, rollback->sqlstate));
	case ROLLBACK_UNKNOWN:
		break;
	}
	return "What the down script leaves cannot be told.";
}

const char *repeat_sentence(Arena *arena, const AuditRepeat *repeat)
{
	switch (repeat->verdict) {
	case REPEAT_OK:
		return "A second run changes nothing.";
	case REPEAT_CHANGES:
		return arena_print(arena, "A second run succeeds and leaves something behind again%s%s%s.", at_line(arena, repeat->line),
				   repeat->change ? ": " : "", repeat->change ? repeat->change : "");
	case REPEAT_FAILS:
		return arena_print(arena, "A second run fails%s%s.", at_line(arena, repeat->line), code_words(arena, repeat->sqlstate));
	case REPEAT_UNKNOWN:
		break;
	}
	return "What a second run does cannot be told.";
}

const char *resume_sentence(Arena *arena, const AuditResume *resume)
{
	switch (resume->verdict) {
	case RESUME_OK:
		return "If it breaks off, it can be run again from its beginning.";
	case RESUME_STUCK:
		return arena_print(arena, "If it breaks off after statement %" PRIu32 ", the next run fails%s.", resume->after,
				   code_words(arena, resume->sqlstate));
	case RESUME_CHANGES:
		return arena_print(arena, "If it breaks off after statement %" PRIu32 ", the next run does some of it a second time.", resume->after);
	case RESUME_UNKNOWN:
		break;
	}
	return "Whether it can be run again after it breaks off cannot be told.";
}

const char *difference_sentence(Arena *arena, const AuditDifference *difference)
{
	if (difference->kind == DIFFERENCE_LEFT)
		return arena_print(arena, "%s is left behind", difference->subject);
	if (difference->kind == DIFFERENCE_MISSING)
		return arena_print(arena, "%s is missing", difference->subject);
	bool told = difference->before && difference->after && *difference->before && *difference->after;
	if (!told)
		return arena_print(arena, "%s is not as it was", difference->subject);
	return arena_print(arena, "%s was %s and is %s", difference->subject, difference->before, difference->after);
}

const char *hold_sentence(Arena *arena, const AuditHold *hold)
{
	const char *until = hold->to_commit ? ", until the transaction ends" : "";
	/* In the middle of a transaction it gave way to a stronger mode. */
	if (hold->from == hold->to)
		return arena_print(arena, "during statement %" PRIu32 "%s", hold->from, until);
	return arena_print(arena, "through statements %" PRIu32 " to %" PRIu32 "%s", hold->from, hold->to, until);
}

const char *coverage_sentence(Arena *arena, const AuditHistory *history)
{
	const struct {
		uint32_t count;
		const char *words;
	} parts[] = {{history->opaque, "run something that could not be read"},
		     {history->unparsed, "could not be parsed"},
		     {history->set_aside, "are no SQL for the server"}};
	uint32_t count = history->statements, seen = count - history->opaque - history->unparsed - history->set_aside;
	if (!count)
		return "There was no statement to analyse.";
	if (seen == count)
		return count == 1 ? "The one statement was analysed." : arena_print(arena, "All %" PRIu32 " statements were analysed.", count);
	const char *text = arena_print(arena, "%" PRIu32 " of %" PRIu32 " statements were analysed", seen, count);
	for (size_t i = 0; i < LENGTH(parts); i++)
		if (parts[i].count)
			text = arena_print(arena, "%s; %" PRIu32 " %s", text, parts[i].count, parts[i].words);
	return arena_join(arena, text, "", ".");
}

Text readable_sql(Text sql, size_t *left_out)
{
	enum { MOST_LINES = 40, MOST_BYTES = 4000 };
	size_t end = 0;
	for (uint32_t lines = 0; end < sql.length && end < MOST_BYTES && lines < MOST_LINES; end++)
		lines += sql.data[end] == '\n';
	while (end < sql.length && end && ((unsigned char)sql.data[end] & 0xC0) == 0x80)
		end--;
	*left_out = sql.length - end;
	while (*left_out && end && (sql.data[end - 1] == '\n' || sql.data[end - 1] == '\r'))
		end--;
	return (Text){sql.data, end};
}

uint32_t count_severity(const AuditMigration *migration, Severity severity)
{
	uint32_t count = 0;
	array_each (const Finding *const, finding, &migration->findings)
		count += !(*finding)->suppressed && (*finding)->migration && (*finding)->severity == severity;
	return count;
}

bool declares_anything(const AuditMigration *migration)
{
	return migration->metadata.count || migration->approvals.count || migration->suppressions.count || migration->declared ||
	       migration->rollback.verdict == ROLLBACK_CONTAINED;
}

bool needs_a_look(const AuditMigration *migration)
{
	AuditTone rollback = rollback_tone(&migration->rollback);
	return migration->risk == RISK_HIGH || migration->risk == RISK_UNKNOWN || rollback == TONE_BAD || rollback == TONE_OPEN ||
	       count_severity(migration, SEVERITY_ERROR);
}
