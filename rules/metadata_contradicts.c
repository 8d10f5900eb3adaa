/* What the head says of the migration is not what it does. */
#include "base/date.h"
#include "discover/pattern.h"
#include "judge/metadata.h"
#include "judge/rule.h"

static void check_phase(Context *context, const Metadata *metadata)
{
	const MetadataItem *declared = metadata_get(metadata, "phase");
	Phase computed = phase_of(migration_phases(context));

	if (!declared || computed == PHASE_UNKNOWN || computed == PHASE_NONE || same_nocase(declared->value, phase_word(computed)))
		return;
	report(context, declared->span, "it calls itself %s, and what it does is %s", declared->value, phase_word(computed));
}

static void check_id(Context *context, const Metadata *metadata)
{
	const MetadataItem *declared = metadata_get(metadata, "id");
	const Migration *migration = context->migration;

	if (!declared || !*migration->version)
		return;
	const char *whole = arena_print(context->arena, "%s_%s", migration->version, migration->name ? migration->name : "");
	if (!same(declared->value, migration->version) && !same(declared->value, whole) && !same(declared->value, migration->name))
		report(context, declared->span, "it calls itself %s, and its tool knows it as %s", declared->value, migration->version);
}

static void check_runtime(Context *context, const Metadata *metadata)
{
	const MetadataItem *declared = metadata_get(metadata, "runtime");
	const char *most = context->history->config ? context->history->config->metadata.max_runtime : NULL;
	double seconds = 0, limit = 0;

	if (!declared)
		return;
	if (!metadata_duration(declared->value, &seconds))
		report(context, declared->span, "the runtime \"%s\" is no duration with a unit, such as 5min", declared->value);
	else if (most && metadata_duration(most, &limit) && seconds > limit)
		report(context, declared->span, "it is expected to run %s, longer than the %s that the configuration allows", declared->value,
		       most);
}

/* A backup that is gone before the window in which somebody may want to go back ends. */
static void check_backup(Context *context, const Metadata *metadata)
{
	const MetadataItem *ttl = metadata_get(metadata, "ttl"), *backup = metadata_get(metadata, "backup");
	const Config *config = context->history->config;
	const MetadataItem *says = ttl ? ttl : backup;

	if (!says || !config || !config->deprecation.days)
		return;
	long days = metadata_days(says->value, date_in(judge_today(context)));
	if (days >= 0 && days < config->deprecation.days)
		report(context, says->span, "the backup is kept for %ld days, and the stability window is %d", days, config->deprecation.days);
}

static void check_patterns(Context *context, const Metadata *metadata)
{
	const Config *config = context->history->config;

	for (uint32_t i = 0; config && i < config->metadata.patterns.count; i++) {
		const char *key = metadata_name(context->arena, config->metadata.patterns.items[i].key);
		const MetadataItem *declared = metadata_get(metadata, key);
		if (declared && !pattern_matches(config->metadata.patterns.items[i].pattern, declared->value))
			report(context, declared->span, "%s is \"%s\", which is not of the form that the configuration asks for", key,
			       declared->value);
	}
}

MIGRATION_RULE(metadata_contradicts,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "the head says something else than the statements do",
	.why      = "Reviewers and schedules go by what the head says; where it is wrong, a migration is approved and run as something "
		    "that it is not.",
	.instead  = "Correct the comment, or split the migration so that it holds.",
	.manual   = "sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS",
	.since    = "0.1.0")
{
	Metadata metadata = {0};
	if (context->script->direction != DIRECTION_UP)
		return;
	metadata_read(context->arena, context->script, context->history->config, &metadata);
	check_phase(context, &metadata);
	check_id(context, &metadata);
	check_runtime(context, &metadata);
	check_backup(context, &metadata);
	check_patterns(context, &metadata);
}
