#include "base/files.h"
#include "discover/config_keys.h"

/* --- Severities ----------------------------------------------------------------------------------------------- */

static const char *const severity_words[] = {
	[SEVERITY_OFF] = "off",
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

const char *severity_word(Severity severity)
{
	return severity == SEVERITY_UNSET ? "unset" : severity_words[severity];
}

bool severity_by_word(const char *word, Severity *severity)
{
	for (size_t i = 0; i < LENGTH(severity_words); i++) {
		if (same(word, severity_words[i])) {
			*severity = (Severity)i;
			return true;
		}
	}
	return false;
}

/* --- Defaults and questions ----------------------------------------------------------------------------------- */

Config *config_default(Arena *arena)
{
	Config *config = new(arena, Config);
	config->folder = ".";
	config->working = working_folder(arena);
	config->postgres_low = config->postgres_high = 15;
	config->fail_on = SEVERITY_UNSET;
	config->on_unknown = ON_UNKNOWN_WARN;
	config->heat.limits = (HeatLimits){.hot_percent = 1, .tiny_rows = 10000, .tiny_bytes = 8 << 20, .queries = 50, .stale_days = 60};
	return config;
}

static bool override_applies(const Override *override, const char *path)
{
	array_each(const char *, glob, &override->paths)
		if (glob_matches(*glob, path))
			return true;
	return false;
}

typedef struct Weight {
	bool on;  /* by its own default or by name */
	Severity severity;
} Weight;

static void weigh(Weight *weight, const RuleSettings *settings, const char *rule, const char *category)
{
	array_each(const RuleSetting, setting, settings) {
		if (setting->severity == SEVERITY_UNSET)
			continue;
		bool by_name = same(setting->rule, rule);
		if (by_name)
			weight->on = setting->severity != SEVERITY_OFF;
		if (by_name || same(setting->rule, "all") || same(setting->rule, category))
			weight->severity = setting->severity;
	}
}

Severity config_severity(const Config *config, const char *rule, const char *category, Severity fallback, const char *path)
{
	Weight weight = {fallback != SEVERITY_OFF, fallback};
	weigh(&weight, &config->rules, rule, category);
	array_each(const Override, override, &config->overrides)
		if (path && override_applies(override, path))
			weigh(&weight, &override->rules, rule, category);
	return weight.on ? weight.severity : SEVERITY_OFF;
}

static const char *settings_option(const RuleSettings *settings, const char *rule, const char *name)
{
	const char *value = NULL;
	array_each(const RuleSetting, setting, settings) {
		if (!same(setting->rule, rule))
			continue;
		array_each(const RuleOption, option, &setting->options)
			if (same(option->name, name))
				value = option->value;
	}
	return value;
}

const char *config_option(const Config *config, const char *rule, const char *option, const char *path)
{
	for (uint32_t i = path ? config->overrides.count : 0; i > 0; i--) {
		const Override *override = &config->overrides.items[i - 1];
		const char *value = settings_option(&override->rules, rule, option);
		if (value && override_applies(override, path))
			return value;
	}
	return settings_option(&config->rules, rule, option);
}

bool config_is_hot(const Config *config, const char *qualified_name)
{
	array_each(const Pattern *, pattern, &config->heat.tables)
		if (pattern_matches(*pattern, qualified_name))
			return true;
	return false;
}

bool config_excludes(const Config *config, const char *relative_path)
{
	array_each(const char *, glob, &config->exclude)
		if (glob_matches(*glob, relative_path))
			return true;
	return false;
}

void config_pending(Arena *arena, const Config *config, ConfigLines *lines)
{
	const struct {
		bool given;
		const char *key;
	} keys[] = {
		{config->runner.role, "runner.role"},
	};
	for (size_t i = 0; i < LENGTH(keys); i++) {
		if (!keys[i].given)
			continue;
		const char *line = arena_print(arena, "%s is checked, and does nothing in this version", keys[i].key);
		array_push(arena, lines, line);
	}
}

/* --- Where the file is ---------------------------------------------------------------------------------------- */

const char *config_find(Arena *arena, const char *path)
{
	const char *working = working_folder(arena);
	/* By the letters of the path: a linked folder belongs to where it is linked, as whoever names it sees it. */
	const char *folder = path_absolute(arena, working, path);
	if (path_kind(folder) != ENTRY_FOLDER)
		folder = path_parent(arena, folder);
	for (;; folder = path_parent(arena, folder)) {
		const char *file = path_join(arena, folder, CONFIG_NAME);
		if (path_kind(file) != ENTRY_NONE)
			return path_shown(working, file);
		if (path_kind(path_join(arena, folder, ".git")) != ENTRY_NONE || same(folder, "/"))
			return NULL;
	}
}

bool config_leads_out(Arena *arena, const Config *config, const char *path)
{
	const char *real = config->tree ? path_real(arena, path) : NULL;
	if (config->tree && !real) /* nothing is there; whoever reads it says so, if the place may be asked about */
		real = path_absolute(arena, config->working, path);
	return real && !path_below(config->tree, real);
}

const char *config_relative(Arena *arena, const Config *config, const char *path)
{
	const char *folder = path_absolute(arena, config->working, config->folder);
	const char *below = path_below(folder, path_absolute(arena, config->working, path));
	return below ? below : path;
}
