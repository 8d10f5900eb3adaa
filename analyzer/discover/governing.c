#include "discover/discover.h"

static void report_errors(Discoverer *discoverer, const ConfigErrors *errors)
{
	for (uint32_t i = 0; i < errors->count; i++) {
		const ConfigError *error = &errors->items[i];
		const char *path = error->path ? path_shown(discoverer->tree.cwd, error->path) : NULL;
		Note note = {true, path, error->line, error->message};
		array_push(discoverer->arena, &discoverer->discovery->notes, note);
	}
}

static const Config *read_once(Discoverer *discoverer, const char *path, bool found)
{
	Configs *configs = &discoverer->configs;
	const Config *config = map_get(&configs->by_path, path, strlen(path));
	if (config)
		return config;
	ConfigErrors errors = {0};
	ConfigOptions names = configs->names;
	names.found = found;
	config = config_read(discoverer->arena, path, &names, &errors);
	report_errors(discoverer, &errors);
	if (config)
		add_remark(discoverer, path_shown(discoverer->tree.cwd, path), "this configuration is used");
	else
		config = configs->fallback;
	map_set(discoverer->arena, &configs->by_path, path, strlen(path), (void *)config);
	return config;
}

void configs_start(Discoverer *discoverer)
{
	Configs *configs = &discoverer->configs;
	const DiscoverOptions *options = discoverer->options;
	configs->fallback = config_default(discoverer->arena);
	if (options->config_options)
		configs->names = *options->config_options;
	if (options->pack_count) {
		configs->names.packs = options->packs;
		configs->names.pack_count = options->pack_count;
		ConfigErrors errors = {0};
		const Config *packs = config_read(discoverer->arena, NULL, &configs->names, &errors);
		report_errors(discoverer, &errors);
		if (packs)
			configs->fallback = packs;
	}
	if (same(options->config_path, "none"))
		configs->fixed = configs->fallback;
	else if (options->config_path)
		configs->fixed = read_once(discoverer, options->config_path, false);
}

/* A project's own settings hold below its path; the nearest one counts. */
static void enter_project(Discoverer *discoverer, Governed *result, const char *path)
{
	const Config *config = result->config;
	if (!config->folder)
		return;
	const char *base = path_absolute(discoverer->arena, discoverer->tree.cwd, config->folder);
	for (uint32_t i = 0; i < config->projects.count; i++) {
		const char *below = config->projects.items[i].path;
		const char *folder = path_absolute(discoverer->arena, base, below ? below : ".");
		discoverer->configs.project_known |= same(config->projects.items[i].name, discoverer->options->project);
		if (!path_below(folder, path) || (result->project_path && strlen(folder) < strlen(result->project_path)))
			continue;
		result->project = config->projects.items[i].name;
		result->project_path = folder;
		if (config->projects.items[i].config)
			result->config = config->projects.items[i].config;
	}
}

/* The nearest one from the folder upward that has it; what config_find does, of a tree that is known already. */
static const Config *nearest_config(Discoverer *discoverer, Folder *folder)
{
	const Config *fixed = discoverer->configs.fixed;
	for (const Folder *at = folder; at && !fixed; at = at->parent)
		if (folder_has(&discoverer->tree, at, CONFIG_NAME)) {
			const char *path = path_join(discoverer->arena, at->path, CONFIG_NAME);
			return read_once(discoverer, path_shown(discoverer->tree.cwd, path), true);
		}
	return fixed ? fixed : discoverer->configs.fallback;
}

Governed governed(Discoverer *discoverer, Folder *folder)
{
	if (!folder->governed) {
		folder->governed = new (discoverer->arena, Governed);
		folder->governed->config = nearest_config(discoverer, folder);
		enter_project(discoverer, folder->governed, folder->path);
	}
	return *folder->governed;
}

bool is_excluded(Discoverer *discoverer, Folder *folder, const char *path)
{
	const Config *config = governed(discoverer, folder).config;
	if (!config->exclude.count)
		return false;
	const char *base = path_absolute(discoverer->arena, discoverer->tree.cwd, config->folder ? config->folder : ".");
	const char *below = path_below(base, path);
	return below && config_excludes(config, below);
}
