/* Keys that the team's configuration makes due, and that the migration's head does not have. */
#include "judge/metadata.h"
#include "judge/rule.h"

/* Which migrations the key is due for. */
static const char *due_words(const Context *context, const char *when)
{
	static const char *const words[][2] = {
		{"all", "every migration"},
		{"expand", "one that expands"},
		{"migrate", "one that moves rows"},
		{"contract", "one that contracts"},
		{"mixed", "one that mixes phases"},
		{"destroys", "one that destroys"},
	};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (same(words[i][0], when))
			return words[i][1];
	return arena_print(context->arena, "one of %s risk", when);
}

MIGRATION_RULE(metadata_missing,
	.severity  = SEVERITY_OFF, .category = GOVERNANCE,
	.summary   = "the migration's head lacks what the team requires",
	.why       = "Whoever runs the migration, or has to take it back, needs to know what the configuration asks for: who answers for "
		     "it, what the plan is, where the backup is.",
	.instead   = "Comments above the first statement, such as `-- owner: team-billing`.",
	.manual    = "sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS",
	.since     = "0.1.0",
	.when_most = "lack metadata that the configuration requires")
{
	const Config *config = context->history->config;
	if (!config || context->script->direction != DIRECTION_UP || !context->script->statements.count)
		return;
	Metadata metadata = {0};
	Names missing = {0};
	const char *words = "", *lines = "";
	metadata_read(context->arena, context->script, config, &metadata);
	for (uint32_t i = 0; i < config->metadata.required.count; i++) {
		const char *when = config->metadata.required.items[i].when;
		if (!is_due(context, when))
			continue;
		array_each (const char *const, required, &config->metadata.required.items[i].keys) {
			const char *key = metadata_name(context->arena, *required);
			if (metadata_get(&metadata, key) || names_have(&missing, key))
				continue;
			words = arena_print(context->arena, "%s%s%s (due for %s)", words, missing.count ? ", " : "", key, due_words(context, when));
			lines = arena_print(context->arena, "%s-- %s: ...\n", lines, key);
			array_push(context->arena, &missing, key);
		}
	}
	if (!missing.count)
		return;
	Finding *finding = report_whole(context, "the head does not say: %s", words);
	instead(finding, context, "%s", lines);
}
