#include "base/files.h"
#include "discover/config_keys.h"

enum {
	LARGEST_FILE = 1 << 20, /* bytes */
	LONGEST_CHAIN = 16,     /* files that extend each other */
	MOST_FILES = 64,        /* read for one configuration, the same one counted each time */
};

/* --- One layer ------------------------------------------------------------------------------------------------ */

static const Key *file_key(const char *name)
{
	const Key *key = config_section("")->keys;
	while (!same(key->name, name))
		key++;
	return key;
}

void read_layer(Reader *reader, const Node *map, Place place)
{
	if (map->kind == NODE_NULL)
		return;
	if (map->kind != NODE_MAP) {
		config_error(reader->arena, reader->errors, reader->path, map->line,
			     "expected a mapping of keys, such as \"postgres: 15-18\", not %s", node_kind_words(map));
		return;
	}
	const Node *extends = node_get(map, "extends"), *projects = node_get(map, "projects");
	if (extends)
		read_extends(reader, file_key("extends"), extends);
	read_own_rules(reader, map);

	const Config *config = reader->config;
	uint32_t rules = config->rules.count, overrides = config->overrides.count, enforced = config->enforced.count;
	read_section(reader, NULL, config_section(""), map, place, reader->config);
	check_enforced(reader, rules, overrides);
	for (uint32_t i = enforced; i < config->enforced.count; i++) {
		Enforced one = {config->enforced.items[i], reader->path};
		array_push(reader->arena, &reader->enforced, one);
	}
	if (projects && place == PLACE_FILE)
		read_projects(reader, file_key("projects"), projects);
}

/* --- Files and packs ------------------------------------------------------------------------------------------ */

const Pack *pack_by_name(const char *name)
{
	for (const Pack *pack = all_packs; pack->name; pack++)
		if (same(pack->name, name))
			return pack;
	return NULL;
}

/* A layer, with the reader's place in files kept for whoever reads on. */
static void read_tree(Reader *reader, const char *path, const Node *root, Place place)
{
	const char *outer_path = reader->path, *outer_folder = reader->folder;
	reader->path = path;
	reader->folder = path_parent(reader->arena, path);
	read_layer(reader, root, place);
	reader->path = outer_path;
	reader->folder = outer_folder;
}

static void read_text(Reader *reader, const char *path, const char *bytes, size_t length, Place place)
{
	if (length > LARGEST_FILE) {
		config_error(reader->arena, reader->errors, path, 0, "this file is larger than %d bytes", LARGEST_FILE);
		return;
	}
	const Node *root = yaml_read(reader->arena, path, bytes, length, reader->errors);
	if (root)
		read_tree(reader, path, root, place);
}

static void read_pack(Reader *reader, const Pack *pack)
{
	array_push(reader->arena, &reader->config->packs, pack->name);
	const char *path = arena_print(reader->arena, "pack %s", pack->name), *outer = reader->pack;
	reader->pack = pack->name;
	read_tree(reader, path, pack->tree, PLACE_EXTENDED);
	reader->pack = outer;
}

bool may_read(Reader *reader, const char *path, uint32_t line)
{
	if (reader->outside || !config_leads_out(reader->arena, reader->config, path) || ends_with(path, ".yml") || ends_with(path, ".yaml"))
		return true;
	config_error(reader->arena, reader->errors, reader->path ? reader->path : path, line,
		     "\"%s\" is outside of the repository and no .yml: it is not read", path);
	return false;
}

void quote_nothing(Reader *reader, const char *path, uint32_t from)
{
	if (!config_leads_out(reader->arena, reader->config, path))
		return;
	for (uint32_t i = from; i < reader->errors->count; i++)
		if (same(reader->errors->items[i].path, path))
			reader->errors->items[i].message = "this is a mistake; the file is outside of the repository and not quoted, use --config";
}

/* What stops the file from being read, or NULL. */
static const char *obstacle(const Reader *reader, const char *real)
{
	array_each(const char *, open, &reader->chain)
		if (same(*open, real))
			return "extends itself, directly or through others";
	if (reader->chain.count >= LONGEST_CHAIN)
		return "stands at the end of too long a chain of files that extend each other";
	if (++*reader->files_read > MOST_FILES)
		return "is one file too many: a configuration is made of 64 at most";
	return NULL;
}

/* line: of the entry that asks for the file; 0: nobody asks. */
static void read_file(Reader *reader, const char *path, uint32_t line, Place place)
{
	const char *asking = reader->path ? reader->path : path, *error = "no such file or folder";
	if (!may_read(reader, path, line))
		return;
	const char *real = path_real(reader->arena, path);
	size_t length = 0;
	const char *bytes = real ? file_read(reader->arena, path, &length, &error) : NULL;
	if (!bytes) {
		config_error(reader->arena, reader->errors, asking, line, "cannot read \"%s\": %s", path, error);
		return;
	}
	const char *why = obstacle(reader, real);
	if (why) {
		config_error(reader->arena, reader->errors, asking, line, "extends: \"%s\" %s", path, why);
		return;
	}
	array_push(reader->arena, &reader->chain, real);
	bool asked_from_outside = reader->outside;
	uint32_t errors = reader->errors->count;
	reader->outside = config_leads_out(reader->arena, reader->config, path);
	path = arena_string(reader->arena, path);
	read_text(reader, path, bytes, length, place);
	quote_nothing(reader, path, errors);
	reader->outside = asked_from_outside;
	reader->chain.count--;
}

static void no_such_pack(Reader *reader, const char *path, uint32_t line, const char *name)
{
	enum { MOST = 32 };
	const char *names[MOST] = {NULL};
	size_t count = 0;
	for (const Pack *pack = all_packs; pack->name && count < MOST; pack++)
		names[count++] = pack->name;
	const char *meant = nearest(name, names, count);
	Buf hint = {0};
	if (meant)
		buf_addf(&hint, "did you mean \"%s\"?", meant);
	else
		buf_adds(&hint, "known are ");
	for (size_t i = 0; i < count && !meant; i++)
		buf_addf(&hint, "%s%s", i ? ", " : "", names[i]);
	config_error(reader->arena, reader->errors, path, line, "there is no pack \"%s\"; %s (files end with .yml)",
		     name, hint.data);
	buf_free(&hint);
}

void read_extends(Reader *reader, const Key *key, const Node *node)
{
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		const char *name = value_text(reader, key, *item);
		const Pack *pack = name ? pack_by_name(name) : NULL;
		if (!name)
			continue;
		if (pack)
			read_pack(reader, pack);
		else if (strstr(name, "://"))
			key_error(reader, key, (*item)->line,
				  "\"%s\": only packs and files of this machine are read, never the network", name);
		else if (strchr(name, '/') || ends_with(name, ".yml") || ends_with(name, ".yaml"))
			read_file(reader, join_path(reader->arena, reader->folder, name), (*item)->line,
				  PLACE_EXTENDED);
		else
			no_such_pack(reader, reader->path, (*item)->line, name);
	}
}

/* --- The whole ------------------------------------------------------------------------------------------------ */

static bool is_before(const ConfigError *a, const ConfigError *b)
{
	return same(a->path, b->path) && a->line < b->line;
}

/* By line within each file; files stay in the order in which they came up. Lists are short. */
static void sort_errors(ConfigErrors *errors, uint32_t from)
{
	for (uint32_t i = from; i < errors->count; i++) {
		ConfigError error = errors->items[i];
		uint32_t place = i;
		while (place > from && is_before(&error, &errors->items[place - 1])) {
			errors->items[place] = errors->items[place - 1];
			place--;
		}
		errors->items[place] = error;
	}
}

static void read_asked_packs(Reader *reader)
{
	for (uint32_t i = 0; i < reader->options->pack_count; i++) {
		const Pack *pack = pack_by_name(reader->options->packs[i]);
		if (pack)
			read_pack(reader, pack);
		else
			no_such_pack(reader, "--pack", 0, reader->options->packs[i]);
	}
}

/* The folder with .git from the file upward, without links; NULL: there is none. */
static const char *repository_of(Arena *arena, const char *path)
{
	const char *folder = path_parent(arena, path_absolute(arena, working_folder(arena), path));
	while (path_kind(path_join(arena, folder, ".git")) == ENTRY_NONE) {
		if (same(folder, "/"))
			return NULL;
		folder = path_parent(arena, folder);
	}
	return path_real(arena, folder);
}

Config *config_read(Arena *arena, const char *path, const ConfigOptions *options, ConfigErrors *errors)
{
	static const ConfigOptions no_options;
	uint32_t errors_before = errors->count, files_read = 0;
	Reader reader = {
		.arena = arena,
		.errors = errors,
		.options = options ? options : &no_options,
		.config = config_default(arena),
		.folder = ".",
		.files_read = &files_read,
	};
	if (path) {
		reader.config->path = arena_string(arena, path);
		reader.config->folder = path_parent(arena, path);
		reader.config->tree = reader.options->found ? repository_of(arena, path) : NULL;
	}
	read_asked_packs(&reader);
	if (path)
		read_file(&reader, path, 0, PLACE_FILE);
	sort_errors(errors, errors_before);
	return errors->count == errors_before ? reader.config : NULL;
}
