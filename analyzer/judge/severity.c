/* Which rules are on, and what their findings weigh. */
#include "judge/inside.h"

static bool listed(const char *const *list, uint32_t count, const RuleEntry *entry, bool *by_id)
{
	for (uint32_t i = 0; i < count; i++) {
		bool id = same(list[i], entry->id);
		if (id || same(list[i], "all") || same(list[i], category_word(entry->rule->category))) {
			*by_id = id;
			return true;
		}
	}
	return false;
}

static Severity severity_for(const Config *config, const RuleChoice *choice, const RuleEntry *entry, const char *relative_path)
{
	bool by_id = false;
	/* Asked for by --max-risk, whatever else is. */
	if (choice->max_risk && same(entry->id, "risk-too-high"))
		return SEVERITY_ERROR;
	if (choice->select && !listed(choice->select, choice->select_count, entry, &by_id))
		return SEVERITY_OFF;
	Severity severity = entry->rule->severity;
	if (config)
		severity = config_severity(config, entry->id, category_word(entry->rule->category), severity, relative_path);
	if (severity == SEVERITY_OFF && by_id)
		severity = entry->wanted > SEVERITY_OFF ? entry->wanted : SEVERITY_WARNING;
	if (listed(choice->ignore, choice->ignore_count, entry, &by_id))
		return SEVERITY_OFF;
	return severity;
}

Severity rule_severity(Arena *arena, const Config *config, const RuleChoice *choice, const RuleEntry *entry, const char *path)
{
	return severity_for(config, choice, entry, config ? config_relative(arena, config, path) : path);
}

void judge_load_severities(Judge *judge, const Script *script)
{
	const Config *config = judge->history->config;
	bool same_for_all = judge->severities_for && (!config || !config->overrides.count);
	if (same_for_all || (script && judge->severities_for == script))
		return;
	judge->severities_for = script;
	const char *path = !script ? NULL : config ? config_relative(judge->arena, config, script->source->path) : script->source->path;
	for (uint32_t i = 0; i < judge->entry_count; i++)
		judge->severities[i] = severity_for(config, judge->choice, &judge->entries[i], path);
}

bool judge_is_on(const Judge *judge, const RuleEntry *entry)
{
	return entry && judge->severities[entry - judge->entries] != SEVERITY_OFF;
}
