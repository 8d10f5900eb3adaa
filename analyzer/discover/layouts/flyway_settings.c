#include "flyway.h"

static const char *const file_names[] = {"flyway.toml", "flyway.conf", "conf/flyway.toml", "conf/flyway.conf"};

static const char *look_for_settings(Tree *tree, Folder *folder)
{
	for (size_t i = 0; i < LENGTH(file_names); i++) {
		const char *slash = strchr(file_names[i], '/');
		Folder *inner = folder;
		if (slash && !folder_entry(tree, folder, "conf"))
			continue;
		if (slash)
			inner = tree_child(tree, folder, "conf");
		if (folder_entry(tree, inner, slash ? slash + 1 : file_names[i]))
			return file_names[i];
	}
	return NULL;
}

static const char *settings_in(Tree *tree, Folder *folder)
{
	if (!folder->marks.flyway_known) {
		folder->marks.flyway_known = true;
		folder->marks.flyway = look_for_settings(tree, folder);
	}
	return folder->marks.flyway;
}

Folder *flyway_home(Tree *tree, Folder *folder)
{
	enum { HIGHEST_CLIMB = 12 };
	int levels = HIGHEST_CLIMB;
	for (Folder *at = folder; at && levels--; at = at->parent)
		if (settings_in(tree, at))
			return at;
	return NULL;
}

static const char *or_else(const Settings *settings, const char *key, const char *fallback)
{
	const char *value = setting(settings, key);
	return value && *value ? value : fallback;
}

static const char *with_vendor(Arena *arena, const char *location)
{
	static const char vendor[] = "{vendor}";
	const char *place = strstr(location, vendor);
	if (!place)
		return location;
	return arena_print(arena, "%.*spostgresql%s", (int)(place - location), location, place + strlen(vendor));
}

static void read_placeholders(Arena *arena, const Settings *from, FlywaySettings *settings)
{
	static const char prefix[] = "flyway.placeholders.";
	array_each(const Setting, item, from)
		if (starts_with(item->key, prefix))
			array_push(arena, &settings->placeholders, (Placeholder){item->key + strlen(prefix), item->value});
	const char *schema = setting(from, "flyway.defaultSchema");
	SettingItems schemas = setting_items(arena, from, "flyway.schemas");
	if (!schema && schemas.count)
		schema = schemas.items[0];
	settings->schema = schema;
	if (schema)
		array_push(arena, &settings->placeholders, (Placeholder){"flyway:defaultSchema", schema});
}

/* https://documentation.red-gate.com/fd/flyway-init-sql-setting-277579014.html; flyway.toml has it in the environment. */
static const char *init_sql(Arena *arena, const Settings *from)
{
	const char *environment = or_else(from, "flyway.environment", "default");
	const char *own = setting(from, arena_print(arena, "environments.%s.initSql", environment));
	const char *sql = own ? own : setting(from, "flyway.initSql");
	return sql && *sql ? sql : NULL;
}

/* Where no locations are named, nobody knows what the folders of callbacks lie beside. */
static void read_locations(Arena *arena, const Settings *from, FlywaySettings *settings)
{
	SettingItems locations = setting_items(arena, from, "flyway.locations");
	array_each(const char *, item, &locations)
		array_push(arena, &settings->locations, with_vendor(arena, *item));
	SettingItems callbacks = setting_items(arena, from, "flyway.callbackLocations");
	for (uint32_t i = 0; i < callbacks.count && locations.count; i++) {
		const char *location = with_vendor(arena, callbacks.items[i]);
		array_push(arena, &settings->callbacks, location);
		array_push(arena, &settings->locations, location);
	}
}

FlywaySettings flyway_settings(Tree *tree, Arena *arena, Folder *folder)
{
	FlywaySettings settings = {0};
	Settings from = {0};
	size_t length;
	const char *error;
	Folder *home = flyway_home(tree, folder);
	if (home) {
		settings.home = arena_string(arena, home->path);
		settings.path = path_join(arena, home->path, settings_in(tree, home));
	}
	const char *text = home ? tree_read(tree, arena, settings.path, &length, &error) : NULL;
	if (text)
		from = settings_read(arena, (Text){text, length});
	settings.versioned = or_else(&from, "flyway.sqlMigrationPrefix", "V");
	settings.undo = or_else(&from, "flyway.undoSqlMigrationPrefix", "U");
	settings.repeatable = or_else(&from, "flyway.repeatableSqlMigrationPrefix", "R");
	settings.baseline = or_else(&from, "flyway.baselineMigrationPrefix", "B");
	settings.separator = or_else(&from, "flyway.sqlMigrationSeparator", "__");
	settings.suffixes = setting_items(arena, &from, "flyway.sqlMigrationSuffixes");
	settings.alone = setting_is(&from, "flyway.executeInTransaction", "false");
	settings.mixed = setting_is(&from, "flyway.mixed", "true");
	settings.out_of_order = setting_is(&from, "flyway.outOfOrder", "true");
	settings.init = init_sql(arena, &from);
	read_locations(arena, &from, &settings);
	read_placeholders(arena, &from, &settings);
	return settings;
}

/* --- Locations ------------------------------------------------------------------------------------------------------------------- */

/* "filesystem:sql" is meant from the settings' folder, "classpath:db/migration" is anywhere below it. */
static const char *one_location(Arena *arena, const FlywaySettings *settings, const char *location, const char *folder)
{
	if (strchr(location, '*') || starts_with(location, "s3:") || starts_with(location, "gcs:"))
		return NULL;
	bool on_path = starts_with(location, "classpath:");
	const char *place = strchr(location, ':') ? strchr(location, ':') + 1 : location;
	if (!on_path) {
		const char *path = path_absolute(arena, settings->home, place);
		if (path_below(path, folder))
			return path;
	}
	if (starts_with(location, "filesystem:"))
		return NULL;
	const char *below = path_below(settings->home, folder);
	const char *plain = path_absolute(arena, "/", place);
	if (!below || !plain[1])
		return NULL;
	const char *slashed = arena_print(arena, "/%s/", below);
	const char *found = strstr(slashed, arena_print(arena, "%s/", plain));
	if (!found)
		return NULL;
	size_t length = (size_t)(found - slashed) + strlen(plain);
	return path_absolute(arena, settings->home, arena_copy(arena, slashed + 1, length - 1));
}

const char *flyway_location(Arena *arena, const FlywaySettings *settings, const char *folder)
{
	array_each(const char *const, location, &settings->locations) {
		const char *path = one_location(arena, settings, *location, folder);
		if (path)
			return path;
	}
	return NULL;
}

bool flyway_holds_callbacks(Arena *arena, const FlywaySettings *settings, const char *folder)
{
	uint32_t others = settings->locations.count - settings->callbacks.count;
	for (uint32_t i = 0; i < others; i++)
		if (one_location(arena, settings, settings->locations.items[i], folder))
			return false;
	array_each(const char *const, location, &settings->callbacks)
		if (one_location(arena, settings, *location, folder))
			return true;
	return false;
}

/* The folder that holds both. */
static const char *common(Arena *arena, const char *a, const char *b)
{
	while (!path_below(a, b))
		a = path_parent(arena, a);
	return a;
}

const char *flyway_root(Arena *arena, const FlywaySettings *settings, const char *folder)
{
	const char *own = NULL, *root = NULL, *first = NULL;
	array_each(const char *const, location, &settings->locations)
		if (!own && (own = one_location(arena, settings, *location, folder)))
			first = *location;
	if (!own)
		return NULL;
	root = own;
	/* Locations on the class path lie beside each other: what is before this one's name is before the others' too. */
	const char *name = strchr(first, ':') ? strchr(first, ':') + 1 : first;
	const char *plain = path_absolute(arena, "/", name);
	size_t before = ends_with(own, plain) ? strlen(own) - strlen(plain) : 0;
	const char *base = before ? arena_copy(arena, own, before) : settings->home;
	array_each(const char *const, location, &settings->locations) {
		const char *place = strchr(*location, ':') ? strchr(*location, ':') + 1 : *location;
		bool on_path = starts_with(*location, "classpath:");
		const char *path = path_absolute(arena, on_path ? base : settings->home, *place == '/' && on_path ? place + 1 : place);
		if (path_kind(path) == ENTRY_FOLDER && path_below(settings->home, path))
			root = common(arena, root, path);
	}
	return root;
}
